"""One person, three phones and a desk: a personal code brings everything, a code of the desk the voice only (J9, J11)."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.people import PHONE, Facilitator, Participant, arrive
from tests.browser.test_access import axe_finds_nothing, sideways
from tests.browser.test_leaving import CALM, DRAFT, SECRET, board
from tests.further import further

HERE_ALREADY = re.compile("J’étais déjà là")
UNSCRIPTED = {**CALM, "java_script_enabled": False}


async def enters(phone: Participant, address: str, code: str) -> None:
    """Come in by a code, as the way in offers it."""
    await phone.page.goto(address)
    await phone.page.get_by_text(HERE_ALREADY).click()
    await phone.page.locator("#secret").fill(code)
    await phone.page.get_by_role("button", name="Revenir").click()


async def code_of_the_desk(desk: Facilitator, name: str) -> str:
    await desk.page.locator("details.who", has_text="Qui est là").locator("summary").click()
    await desk.page.get_by_role("link", name=f"Un autre téléphone {name}").click()
    await axe_finds_nothing(desk.page)
    await desk.page.get_by_role("button", name="Faire un code").click()
    code = await desk.page.locator("#desk-code").inner_text()
    await axe_finds_nothing(desk.page)
    assert await sideways(desk.page) == 0
    return code


@pytest.mark.parametrize("scripted", [True, *further(False)])
async def test_one_person_goes_from_phone_to_phone(browser, server, scripted):
    address, desk, _ = await board(browser, server)
    way = CALM if scripted else UNSCRIPTED
    first = await (await arrive(browser, Participant, PHONE, **CALM)).join(address, "Léa")
    await first.write(SECRET)
    await expect(first.page.locator(".idea.mine:not([data-pending])", has_text=SECRET)).to_have_count(1)
    await first.page.locator("textarea[name=text]").first.fill(DRAFT)
    reading = await first.context.new_page()
    await reading.goto(f"{address}/data")
    mine = await reading.locator("#own-code").input_value()

    second, third = [await arrive(browser, Participant, PHONE, **way) for _ in range(2)]
    await enters(second, address, mine)
    await second.sees(SECRET)

    code = await code_of_the_desk(desk, "Léa")
    await third.page.goto(address)
    await third.page.get_by_text(HERE_ALREADY).click()
    if scripted:
        await axe_finds_nothing(third.page)
    wide = await sideways(third.page)
    await enters(third, address, code)
    await expect(third.page.locator("#who")).to_contain_text("Léa")
    content = await third.page.content()
    await expect(first.page.get_by_text("Vous continuez sur un autre téléphone")).to_be_visible()
    await axe_finds_nothing(first.page)
    still = str(await first.page.evaluate("() => ({...localStorage, ...sessionStorage})"))
    await third.write("Une idée du nouveau téléphone")
    await third.sees("Une idée du nouveau téléphone")

    await first.page.goto(f"{address}/mine")
    await first.page.locator("#secret").fill(mine)
    await first.page.get_by_role("button", name="Revenir").click()
    await first.sees(SECRET)
    if not scripted:
        await third.page.reload()
    await expect(third.page.get_by_text("parle de nouveau pour vous")).to_be_visible()

    assert SECRET not in content
    assert DRAFT in still, "what was not sent stays on its phone"
    assert wide == 0
    assert first.faults == second.faults == third.faults == desk.faults == []
