"""A stack of paper ballots is entered at the desk by keyboard alone: code, Tab, marks, Enter, the next one."""

from pathlib import Path

import pytest
from playwright.async_api import Browser

from forum.domain.roles import Role
from forum.opening import agendas, open_forum
from tests.web.conftest import Room, a_place
from tests.web.test_papers import STEP, a_vote, codes


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])
async def test_a_stack_of_papers_is_entered_by_keyboard_alone(
    browser: Browser, tmp_path: Path, script: bool
) -> None:
    async with a_place(tmp_path) as place, place.visitor() as visitor:
        agenda = agendas()["forum-eclair"]
        opened = await open_forum(place.service.journal, agenda, title="Climat", lang="fr", clock=place.clock)
        room = Room(place, opened)
        await room.lead("OpenStep", step="ideas")
        await a_vote(visitor, room, "majority", choices=3)
        context = await browser.new_context(
            locale="fr-FR", java_script_enabled=script, viewport={"width": 1024, "height": 768}
        )
        name, _, value = (await room.cookie(Role.FACILITATOR)).partition("=")
        await context.add_cookies([{"name": name, "value": value, "url": place.base}])
        page = await context.new_page()
        await page.goto(f"{place.base}/f/{room.code}/desk/papers?step={STEP}")
        await page.fill("#papers", "4")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#paper")
        first, second, *_ = await codes(room)
        for code, marks in ((first, "753"), (second, "12")):
            await page.keyboard.type(code.lower())
            for mark in marks:
                await page.keyboard.press("Tab")
                await page.keyboard.type(mark)
            await page.keyboard.press("Enter")
            await page.wait_for_selector(f"#count:has-text('{code[:3]}\u00a0{code[3:]}')")
        ballots = (await room.state()).rounds.latest(STEP).ballots.values()

        assert sorted(tuple(sorted(ballot.marks.values())) for ballot in ballots) == [(1, 2), (3, 5, 7)]
        assert await page.locator("#paper:focus").count() == 1
