"""A forum moves in the middle of a day, from one server to another: everybody is led on, nothing is lost or doubled."""

import json
from pathlib import Path

import pytest
from playwright.async_api import expect

from forum.cli.export import folded
from forum.journal import StoreAddress, open_journal
from tests.browser.people import PHONE, Participant, arrive
from tests.browser.test_access import axe_finds_nothing, sideways
from tests.browser.test_leaving import CALM, board
from tests.browsers.engines import engine, page_in
from tests.browsers.hall import hall
from tests.browsers.pages import until
from tests.browsers.phone import Phone
from tests.cli.test_commands import typed
from tests.further import further
from tests.servers import ServerProcess, serving

SAVED, WAITED, DRAFT, AFTER = "Avant", "Écrit sans réseau, 🎻 « à temps »", "Pas encore envoyé", "Après"


async def forum(data: Path, *words: str) -> str:
    """What a command says that succeeds."""
    code, said, problem = await typed(data, *words)
    assert code == 0, problem
    return said


async def cards(server: ServerProcess, code: str) -> list[str]:
    async with open_journal(StoreAddress(None, server.data)) as journal:
        state, _ = await folded(journal, code)
    return sorted(idea.text for idea in state.ideas.by_id.values())


async def test_a_forum_moves_in_the_middle_of_a_day_and_everybody_is_led_on(browser, server, tmp_path):
    address, desk, _ = await board(browser, server)
    code, file = address[-6:], tmp_path / "forum.gz"
    lea = await arrive(browser, Participant, PHONE, **CALM)
    omar = await arrive(browser, Participant, PHONE, **{**CALM, "bypass_csp": False})
    await lea.join(address, "Léa")
    await omar.join(address, "Omar")
    await lea.write(SAVED)
    await expect(lea.page.locator(".idea.mine:not([data-pending])", has_text=SAVED)).to_have_count(1)
    receipt = tmp_path / "receipt.txt"
    answer = await lea.context.request.get(f"{address}/receipt/file")
    receipt.write_bytes(await answer.body())
    aside = await lea.context.new_page()
    await aside.goto(f"{address}/data")
    own = (await aside.locator("#own-code").input_value()).replace(" ", "")
    await aside.close()
    await lea.page.locator("textarea[name=text]").first.fill(DRAFT)
    await omar.context.set_offline(True)
    await omar.write(WAITED)

    async with serving(tmp_path / "there") as other:
        there = f"http://localhost:{other.port}"
        await forum(server.data, "move", code, "--to", there, "--out", str(file))
        await lea.sees("Ce forum a déménagé")
        await axe_finds_nothing(lea.page)
        assert await sideways(lea.page) == 0
        await forum(other.data, "unpack", str(file))
        await omar.context.set_offline(False)

        for one, surface in ((lea, ""), (omar, ""), (desk, "/desk")):
            await one.page.wait_for_url(f"{there}/f/{code}{surface}")
            await one.is_live()
        await expect(lea.page.locator(".idea.mine", has_text=SAVED)).to_have_count(1)
        await expect(lea.page.locator("textarea[name=text]").first).to_have_value(DRAFT)
        await expect(omar.page.locator(".idea.mine:not([data-pending])", has_text=WAITED)).to_have_count(1)
        await omar.page.goto(address)  # as by the printed square
        await omar.page.wait_for_url(f"{there}/f/{code}")
        await omar.is_live()
        await omar.write(AFTER)
        await expect(omar.page.locator(".idea.mine:not([data-pending])", has_text=AFTER)).to_have_count(1)
        new = await arrive(browser, Participant, PHONE, **CALM)
        await new.page.goto(f"{address}/mine#{own}")
        await new.page.get_by_role("button", name="Revenir").click()
        await expect(new.page.locator(".idea.mine", has_text=SAVED)).to_have_count(1)

        assert await cards(other, code) == sorted([SAVED, WAITED, AFTER])
        assert await cards(server, code) == [SAVED]
        said = json.loads(await forum(other.data, "verify", code, "--receipt", str(receipt), "--json"))
        assert said["held"]
        assert {one["answer"] for one in said["receipt"]} == {"counted"}
    assert lea.faults == omar.faults == desk.faults == new.faults == []


LEFT = """const [code, count, words] = given;
const prefix = `forum/${code}/phone/`;
const person = localStorage.getItem(`${prefix}here/person`);
const ops = Array.from({ length: count }, (_, i) => ({ n: i + 1, k: "PostIdea", seen: 0, text: words.repeat(20),
  b: { id: `lefthere${i}`, step: "ideas", text: `${i} ${words}` } }));
localStorage.setItem(`${prefix}a-tab-that-has-died`, JSON.stringify({ person, n: count, sent: 0, ops, kept: [] }));
return person;"""
MANY, LONG = 60, "Été à l’école 👩‍👩‍👧 " * 6  # with what was typed some 150,000 letters


@pytest.mark.parametrize("name", further("Chromium", "Firefox ESR", "WebKitGTK"))
async def test_all_that_a_phone_may_keep_goes_along_in_every_engine(name: str, tmp_path: Path) -> None:
    async with hall(tmp_path) as room, page_in(engine(name)) as page, serving(tmp_path / "there") as other:
        await room.step("ideas")
        phone, file = Phone(page, room.server.address), tmp_path / "forum.gz"
        await phone.join_by_code(room.code, "Léa")
        await phone.is_live()
        await page.run(LEFT, room.code, MANY, LONG)
        there = f"http://localhost:{other.port}"
        await forum(room.server.data, "move", room.code, "--to", there, "--out", str(file))
        await forum(other.data, "unpack", str(file))
        await until(page, "return location.origin === given[0] && document.querySelectorAll('.idea').length >= given[1]",
                    there, MANY, what="not all of it arrived", seconds=60)  # fmt: skip

        assert await cards(other, room.code) == sorted(f"{n} {LONG}".strip() for n in range(MANY))
        assert page.faults == []
