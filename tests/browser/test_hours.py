"""A forum opened in Paris and read elsewhere: everybody reads its hours, and who is elsewhere is told whose they are."""

from typing import Any

from playwright.async_api import Browser, expect

from tests.browser.people import DESK, PHONE, Facilitator, Participant, arrive, open_forum

PARIS: dict[str, Any] = {"locale": "fr-FR", "timezone_id": "Europe/Paris"}
MONTREAL: dict[str, Any] = {"locale": "fr-CA", "timezone_id": "America/Toronto"}


async def test_a_forum_opened_in_paris_says_its_hours_and_tells_a_phone_in_montreal_whose_they_are(
    browser: Browser, server
) -> None:
    links = await open_forum(
        browser, server.address, "forum-eclair", "Vision 2025", "fr", timezone_id="Europe/Paris"
    )
    desk = await arrive(browser, Facilitator, DESK, **PARIS)
    here, away = [await arrive(browser, Participant, PHONE, **clock) for clock in (PARIS, MONTREAL)]
    plain = await arrive(browser, Participant, PHONE, **PARIS, java_script_enabled=False)
    try:
        await desk.enter(links.desk, "Anne")
        for phone, name in ((here, "Léa"), (away, "Anne"), (plain, "Zoé")):
            await phone.join(links.join, name)
        for phone in (here, away):
            await phone.is_live()

        await expect(desk.page.locator(".kept")).to_contain_text("Heure locale : Paris.")
        await expect(away.page.locator("[data-zone]")).to_have_text("Heure locale : Paris.")
        await expect(away.page.locator("[data-zone]")).to_be_visible()
        await expect(plain.page.locator("[data-zone]")).to_be_visible()
        await expect(here.page.locator("[data-zone]")).to_be_hidden()

        await desk.page.goto(f"{links.desk.partition('#')[0]}/data")
        await desk.page.select_option("#zone", "Indian/Reunion")
        await desk.page.locator("form[action$='/data/zone'] button").click()
        await desk.sees("Le nouveau fuseau horaire est enregistré.")
        for phone in (here, away):
            await expect(phone.page.locator("[data-zone]")).to_have_text("Heure locale : La Réunion.")
            await expect(phone.page.locator("[data-zone]")).to_be_visible()
    finally:
        for somebody in (desk, here, away, plain):
            assert somebody.faults == []
            await somebody.context.close()
