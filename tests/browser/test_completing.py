"""What the desk says an action lacks can be given there, in every step: the link leads to the field, its title in view."""

from playwright.async_api import Browser, expect

from forum.opening import agendas, steps
from tests.browser.test_docks import Hall, hall

__all__ = ["hall"]

CLOSING = next(step.id for step in steps(agendas()["forum-eclair"]) if step.settings.closes)
TITLE_IN_VIEW = """() => {
  const [title, field] = [document.getElementById("said-action0004"), document.activeElement].map((el) => el.getBoundingClientRect());
  return title.top >= 0 && field.bottom <= innerHeight && field.top >= title.top;
}"""


async def test_what_an_action_lacks_is_given_at_the_closing_and_after_the_end(
    browser: Browser, hall: Hall
) -> None:
    await hall.does("MakeAxis", axis="axis0001", title="Un axe de plus")
    for n in range(6):
        await hall.does("MakeAction", action=f"action{n:04}", axis="axis0001", title=f"Une action no {n}")
        if n != 4:
            await hall.does("EditAction", action=f"action{n:04}", due="2027-03-01", first_step="On appelle")
    await hall.does("OpenStep", step=CLOSING)
    desk = await hall.page(browser, "desk", (1440, 900))

    for value, given in (("Camille", "#pilot-action0004"), ("On écrit", "#f-action0004")):
        await desk.locator(".tonight .incomplete a[href$=action0004]").click()
        await expect(desk.locator(":focus")).to_be_visible()
        assert await desk.evaluate(TITLE_IN_VIEW)
        field = desk.locator(given)
        await field.fill(value)
        await desk.locator("form", has=field).locator("button:not([hidden])").first.click()
        await expect(desk.locator("#action-action0004 .action-facts")).to_contain_text(value)

    await desk.locator(".tonight .incomplete a").first.click()
    await desk.locator("form[data-op=EndSession] input[name=reason]").first.fill("Le bus n’attend pas")
    await desk.locator("#ends-now").click()
    await desk.locator("dialog[open] button", has_text="Oui").click()
    await expect(desk.locator("#now form[data-op=ReopenSession]")).to_be_visible()
    await desk.locator("#change-action0004").click()
    await desk.locator("#d-action0004").fill("2027-04-01")
    await desk.locator("#save-action0004").click()
    await expect(desk.locator("#action-action0004 .gap")).to_have_count(0)
