"""Words are struck in a living room: what goes on meanwhile, what waits, and what nobody is shown any more."""

import asyncio

import pytest

from forum.domain.flow import OpenStep, RevealStep
from forum.domain.keeping import ErasePerson
from forum.domain.roles import Role
from forum.domain.steps.board import HideIdea, PostIdea
from forum.keeping import Keeper, Ledger
from forum.live import Accepted, renewing
from tests.live.conftest import DESK, PHONE, House, seated

SECRET = "Mon voisin Barnabé"


class Gate:
    """Folding anew waits here, as in a very long journal."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.waiting, self.open, fold = asyncio.Event(), asyncio.Event(), renewing.continued

        async def held(*arguments):
            self.waiting.set()
            await self.open.wait()
            return await fold(*arguments)

        monkeypatch.setattr(renewing, "continued", held)


async def a_board(house: House):
    hub, code = await house.hub(), await house.forum()
    await house.joined(hub, code, "lea", "anne")
    await house.joined(hub, code, "fac", role=Role.FACILITATOR)
    for command, by in (
        (OpenStep("ideas"), "fac"),
        (PostIdea("idea0001", SECRET, "ideas"), "lea"),
        (PostIdea("idea0002", "Un café", "ideas"), "anne"),
        (RevealStep("ideas"), "fac"),
    ):
        said = await house.ask(hub, code, command, by)
        assert isinstance(said, Accepted), said
    return hub, code, Keeper(house.journal, Ledger(house.address.data), house.clock)


async def test_a_name_that_goes_sends_no_page_again(house: House):
    hub, code, keeper = await a_board(house)
    await house.journal.set_name(code, "lea", "Léa")
    async with seated(hub, code, DESK, "fac") as desk, seated(hub, code, PHONE, "anne") as phone:
        first = [frame["t"] for frame in (*desk.heard, *phone.heard)].count("full")
        await house.ask(hub, code, ErasePerson(), "lea")
        await keeper.erase(code)
        await hub.settled(code)

        assert [frame["t"] for frame in (*desk.heard, *phone.heard)].count("full") == first
        assert not any("Léa" in html for _, _, html in desk.page.values())
        assert (await hub.shown(code)).view.names == {}


async def test_while_the_journal_is_folded_anew_others_are_acknowledged_and_nothing_struck_is_said_again(
    house: House, monkeypatch
):
    hub, code, keeper = await a_board(house)
    gate = Gate(monkeypatch)
    async with seated(hub, code, DESK, "fac") as desk:
        await house.ask(hub, code, ErasePerson(texts="all"), "lea")
        await keeper.erase(code)
        await gate.waiting.wait()
        written = await house.ask(hub, code, PostIdea("idea0003", "Une halle", "ideas"), "anne")
        hiding = asyncio.create_task(house.ask(hub, code, HideIdea("idea0001", "hors sujet"), "fac"))
        behind = asyncio.create_task(
            house.ask(hub, code, PostIdea("idea0004", "Un banc", "ideas"), "fac", tab="desk-second-tab-1")
        )
        for _ in range(20):
            await asyncio.sleep(0)
        waited = not hiding.done() and not behind.done()
        gate.open.set()
        said = [await hiding, await behind]
        await hub.settled(code)
        state = (await hub.shown(code)).view.state

        assert isinstance(written, Accepted)
        assert waited
        assert all(isinstance(one, Accepted) for one in said)
        assert [state.ideas.by_id[i].text for i in ("idea0001", "idea0003")] == ["", "Une halle"]
        assert not any("Barnab" in html for _, _, html in desk.page.values())
        assert all("Barnab" not in str(deed) for deed in state.deeds)


async def test_who_asks_for_a_page_meanwhile_waits_for_one_without_the_words(house: House, monkeypatch):
    hub, code, keeper = await a_board(house)
    await hub.settled(code)
    gate = Gate(monkeypatch)
    await house.ask(hub, code, ErasePerson(texts="all"), "lea")
    await keeper.erase(code)
    looking = asyncio.create_task(hub.shown(code))
    await gate.waiting.wait()
    early = looking.done()
    gate.open.set()

    assert not early
    assert (await looking).view.state.ideas.by_id["idea0001"].text == ""


async def test_words_struck_again_meanwhile_are_folded_anew_once_more(house: House, monkeypatch):
    hub, code, keeper = await a_board(house)
    gate = Gate(monkeypatch)
    for person in ("lea", "anne"):
        await house.ask(hub, code, ErasePerson(texts="all"), person)
        await keeper.erase(code)
        await gate.waiting.wait()
        gate.waiting.clear()
    gate.open.set()
    await hub.settled(code)
    state = (await hub.shown(code)).view.state

    assert [state.ideas.by_id[i].text for i in ("idea0001", "idea0002")] == ["", ""]
    assert state.keeping.erasures == ()
