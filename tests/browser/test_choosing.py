"""What a step is like is chosen at the desk, with and without script: both forms say the same."""

import pytest
from playwright.async_api import Browser, expect

from forum.domain import records
from forum.domain.flow import StepEdited, StepInserted
from forum.domain.roles import Role
from forum.domain.settings import BallotSettings, BoardSettings
from forum.journal import StoreAddress, open_journal
from forum.opening import agendas, make_tickets, open_forum
from tests.browser.people import unfold
from tests.further import further
from tests.servers import ServerProcess

CLOCK = lambda: 1_800_000_000_000  # noqa: E731


async def said_in(server: ServerProcess, code: str, kind: type) -> list:
    async with open_journal(StoreAddress(None, server.data)) as journal:
        return [
            fact
            for entry in await journal.read(code)
            if isinstance(fact := records.decode(entry.body).fact, kind)
        ]


@pytest.mark.parametrize("scripted", [True, *further(False)])
async def test_a_step_is_inserted_and_changed_with_what_was_chosen(
    browser: Browser, server: ServerProcess, scripted: bool
) -> None:
    async with open_journal(StoreAddress(None, server.data)) as journal:
        code = (await open_forum(journal, agendas()["forum-eclair"], lang="en", clock=CLOCK)).code
        [lead] = await make_tickets(journal, code, 1, clock=CLOCK, role=Role.FACILITATOR)
    context = await browser.new_context(locale="en-GB", java_script_enabled=scripted)
    await context.add_cookies([{"name": f"forum_{code}_desk", "value": lead.secret, "url": server.address}])
    desk = await context.new_page()
    await desk.goto(f"{server.address}/f/{code}/desk")

    await unfold(desk)
    new = desk.locator("form[action$='/InsertStep']").first
    await new.locator("xpath=ancestor::details[1]/summary").click()
    await new.locator("[name='settings.kind']").select_option("board")
    await new.locator("details", has_text="For this kind: Cards").locator("summary").click()
    await new.get_by_label("Who sees the cards").select_option("all")
    await new.get_by_label("Longest card, in characters").fill("200")
    await new.locator("[name='title.en']").fill("One more board")
    await new.locator("button").last.click()
    line = desk.locator(".layer .step-title", has_text="One more board")
    await expect(line).to_have_count(1)

    vote = desk.locator(".step", has=desk.locator("[name='chosen.ballot.dots_points']")).first
    await unfold(desk)
    await vote.locator(".step-edit > summary").click()
    await vote.locator("[name='chosen.ballot.over']").select_option("ideas")
    await vote.locator("[name='chosen.ballot.dots_points']").fill("7")
    await vote.get_by_role("button", name="Save").click()
    await expect(desk.locator("[name='chosen.ballot.dots_points'][value='7']")).to_have_count(1)

    [*_, inserted] = await said_in(server, code, StepInserted)
    [edited] = await said_in(server, code, StepEdited)
    assert inserted.step.settings == BoardSettings("all", 200)
    assert edited.settings == BallotSettings(over="ideas", own={"dots_points": 7})
