"""The sheet of an action, changed by two at once, one of them without a network for a while: nothing typed is lost unseen (H5)."""

from playwright.async_api import Browser, expect

from forum.demo.client import Client
from tests.browser.test_docks import Hall, hall

__all__ = ["hall"]

PHONE, DESK = (360, 740), (1440, 900)
ACTION = "action0001"
PAGE = f"/action/{ACTION}"
PART = "#part-1"
NOTE, PROGRESS = f"{PART} [name='fields.note']", f"{PART} [name='fields.progress']"
SAVE = f"{PART} form button"


async def test_H5_what_was_typed_without_a_network_is_in_the_form_afterwards_and_both_versions_are_shown(
    browser: Browser, hall: Hall
) -> None:
    await hall.on("actions")
    async with Client(hall.address, hall.cookie) as lea:
        said = await lea.do("MakeAction", action=ACTION, axis=(await axis_of(hall)), title="Tenir un guichet")
        assert said.accepted, said.say
    await hall.does("EditSheet", sheet="plan", schema="ambition", fields={"depth": "whole"})
    phone, desk = await hall.page(browser, "phone", PHONE), await hall.page(browser, "desk", DESK)
    await phone.goto(f"{hall.address}{PAGE}")
    await desk.goto(f"{hall.address}/desk{PAGE}")

    await phone.context.set_offline(True)
    await phone.click(f"{PART} summary")
    await phone.fill(NOTE, "Le bail attend")
    await phone.click(SAVE)
    await expect(phone.locator(f"{PART} [data-say]")).to_contain_text("rien n’a été enregistré")
    await expect(phone.locator(NOTE)).to_have_value("Le bail attend")
    await desk.click(f"{PART} summary")
    await desk.fill(NOTE, "Le bail est signé")
    await desk.fill(PROGRESS, "40")
    await desk.click(SAVE)
    await expect(desk.locator(".flash.done")).to_be_visible()

    await phone.context.set_offline(False)
    await phone.click(SAVE)
    await expect(phone.locator(f"{PART} .warn")).to_contain_text("Le bail est signé")
    await expect(phone.locator(NOTE)).to_have_value("Le bail attend")
    await expect(phone.locator(PROGRESS)).to_have_value("40")  # which only the desk changed
    await phone.click(SAVE)  # having read it
    await expect(phone.locator(".flash.done")).to_be_visible()
    await desk.reload()

    await expect(desk.locator(PART)).to_contain_text("Le bail attend")
    await expect(desk.locator(PART)).to_contain_text("40")


async def test_what_was_sent_into_a_dead_network_is_there_when_one_comes_back_to_the_page(
    browser: Browser, hall: Hall
) -> None:
    await hall.on("actions")
    await hall.does("MakeAction", action=ACTION, axis=(await axis_of(hall)), title="Tenir un guichet")
    desk = await hall.page(browser, "desk", DESK)
    await desk.goto(f"{hall.address}/desk{PAGE}")
    await desk.click("#core summary")
    await desk.fill("#f", "Appeler la mairie")
    await desk.route(
        f"**{PAGE}", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    await desk.click("#core form button")
    await desk.wait_for_url("chrome-error://**")
    await desk.goto(f"{hall.address}/desk{PAGE}")

    await expect(desk.locator("#f")).to_have_value("Appeler la mairie")
    await expect(desk.locator("#f")).to_be_visible()


async def axis_of(hall: Hall) -> str:
    await hall.does("MakeAxis", axis="axis0001", title="Un axe de plus")
    return "axis0001"
