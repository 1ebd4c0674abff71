"""A vote whose count takes long: counted in a process of its own once it is closed, and awaited by its reveal alone."""

import asyncio

import pytest

from forum.domain.flow import CloseStep, EditForum, InsertStep, OpenStep, RevealStep
from forum.domain.kernel import StepId, Words
from forum.domain.methods import METHODS
from forum.domain.roles import Role
from forum.domain.settings import BallotSettings
from forum.domain.steps import ahead
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.board import PostIdea
from forum.domain.steps.sent import answered, ordered, read
from forum.domain.steps.voting import counted, result
from forum.live import Accepted
from tests.live.conftest import until

LEA, ANNE, FAC = "lea", "anne", "fac"
VOTE = StepId("money001")
SHARED = BallotSettings(over="ideas", method="shares", own={"shares_sum": 5, "shares_each": 2})


@pytest.fixture(autouse=True)
def _slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every count by this method takes long, however few vote."""
    monkeypatch.setitem(METHODS, "shares", METHODS["shares"]._replace(slow=lambda round_: True))


async def voting(house, hub) -> str:
    """Two people have approved two cards of three each."""
    code = await house.forum()
    await house.joined(hub, code, FAC, role=Role.FACILITATOR)
    await house.joined(hub, code, LEA, ANNE)
    asks = [
        (OpenStep("ideas"), FAC), *((PostIdea(f"idea{n:04}", f"Idée {n}", "ideas"), LEA) for n in range(3)),
        (RevealStep("ideas"), FAC), (InsertStep(VOTE, SHARED, Words("Quoi ?")), FAC), (OpenStep(VOTE), FAC),
        (GiveMark(VOTE, "idea0000", 1), LEA), (GiveMark(VOTE, "idea0001", 1), LEA), (GiveMark(VOTE, "idea0001", 1), ANNE),
    ]  # fmt: skip
    for command, by in asks:
        verdict = await house.ask(hub, code, command, by)
        assert isinstance(verdict, Accepted), (command, verdict)
    return code


async def latest(hub, code):
    return (await hub.shown(code)).view.state.rounds.latest(VOTE)


async def test_between_close_and_reveal_no_commit_asks_anew_for_what_is_counted(house, monkeypatch):
    hub = await house.hub()
    code = await voting(house, hub)
    await house.ask(hub, code, CloseStep(VOTE), FAC)
    closed = await latest(hub, code)
    await until(lambda: ahead.known(closed) is not None)
    asked = []
    was = ahead.unknown
    monkeypatch.setattr(ahead, "unknown", lambda round_: asked.append(round_) or was(round_))
    for n in range(4):
        await house.ask(hub, code, EditForum(title=f"Vision {n}"), FAC)
    once = len(asked)
    await house.ask(hub, code, OpenStep(VOTE), FAC)
    await house.ask(hub, code, CloseStep(VOTE), FAC)
    again = await latest(hub, code)
    await until(lambda: ahead.known(again) is not None)

    assert once <= 1
    assert again is not closed
    assert again in asked, "another round is another one"


async def test_the_count_begins_at_the_close_and_the_reveal_records_it(house):
    hub = await house.hub()
    code = await voting(house, hub)
    await house.ask(hub, code, CloseStep(VOTE), FAC)
    closed = await latest(hub, code)
    await until(lambda: ahead.known(closed) is not None)
    verdict = await house.ask(hub, code, RevealStep(VOTE, knowing=True), FAC)
    shown = await latest(hub, code)

    assert isinstance(verdict, Accepted)
    assert result(shown) == ahead.known(closed) == counted(closed)
    assert result(closed) is None


async def test_a_reveal_at_once_waits_for_the_count_and_reading_goes_on_meanwhile(house):
    hub = await house.hub()
    code = await voting(house, hub)
    await house.ask(hub, code, CloseStep(VOTE), FAC)
    asking = asyncio.ensure_future(house.ask(hub, code, RevealStep(VOTE, knowing=True), FAC))
    read_meanwhile = await latest(hub, code)
    verdict = await asking

    assert not read_meanwhile.revealed_at
    assert isinstance(verdict, Accepted)
    assert ahead.known(read_meanwhile) is not None, "it was counted apart, not while the reveal was judged"
    assert (await latest(hub, code)).revealed_at


async def test_a_ballot_that_changes_the_round_is_counted_anew(house):
    hub = await house.hub()
    code = await voting(house, hub)
    await house.ask(hub, code, CloseStep(VOTE), FAC)
    before = await latest(hub, code)
    await until(lambda: ahead.known(before) is not None)
    for command, by in ((OpenStep(VOTE), FAC), (GiveMark(VOTE, "idea0002", 1), ANNE), (CloseStep(VOTE), FAC)):
        assert isinstance(await house.ask(hub, code, command, by), Accepted)
    await house.ask(hub, code, RevealStep(VOTE, knowing=True), FAC)
    shown = await latest(hub, code)

    assert result(shown) == counted(shown) != ahead.known(before)


async def test_where_no_process_can_be_started_the_reveal_counts_by_itself(house, monkeypatch):
    monkeypatch.setattr("forum.live.counting.PROGRAM", ("/nowhere/python",))
    hub = await house.hub()
    code = await voting(house, hub)
    await house.ask(hub, code, CloseStep(VOTE), FAC)
    verdict = await house.ask(hub, code, RevealStep(VOTE, knowing=True), FAC)

    assert isinstance(verdict, Accepted)
    assert result(await latest(hub, code)) == counted(await latest(hub, code))


async def test_what_is_sent_to_the_process_comes_back_as_it_would_be_counted_here(house):
    hub = await house.hub()
    round_ = await latest(hub, await voting(house, hub))

    assert read(answered(ordered(round_))) == counted(round_)
