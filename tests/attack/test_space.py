"""Whoever writes for hours fills neither their forum nor the store: a person, a crowd, and a forum beside them."""

import time
from contextlib import AsyncExitStack
from pathlib import Path

from forum.demo.client import Client
from forum.domain import records
from forum.domain.roles import Role
from forum.domain.room import Refused
from forum.domain.space import MB, PERSON_SHARE, SpaceFilled
from forum.journal import StoreAddress, open_journal
from forum.opening import agendas, make_tickets, open_forum
from tests.attack.test_budget import folded
from tests.servers import serving

LONG = "é" * 1900
PEOPLE = 24


def clock() -> int:
    return time.time_ns() // 1_000_000


async def rewritten(client: Client, action: str) -> str:
    """Who joined an action puts one long text in the place of another until they are refused; with which code."""
    assert (await client.do("Volunteer", action=action, as_="partner")).accepted
    for n in range(500):
        said = await client.do("EditAction", action=action, description=f"{n} {LONG}")
        if not said.accepted:
            return said.code
    return ""


async def test_who_rewrites_long_texts_for_hours_fills_their_own_space_then_the_forum_and_never_another(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    async with AsyncExitStack() as stack:
        journal = await stack.enter_async_context(open_journal(StoreAddress(None, data)))
        forums = [await open_forum(journal, agendas()["forum-eclair"], clock=clock) for _ in range(2)]
        server = await stack.enter_async_context(
            serving(data, FORUM_PUBLIC_URL="http://forum.test", FORUM_MOST_MB="1")
        )
        code, other = (forum.code for forum in forums)

        async def here(forum: str, secret: str, surface: str = "") -> Client:
            cookie = f"forum_{forum}{'_' + surface if surface else ''}={secret}"
            return await stack.enter_async_context(Client(f"{server.address}/f/{forum}/{surface}", cookie))

        [lead] = await make_tickets(journal, code, 1, clock=clock, role=Role.FACILITATOR)
        desk = await here(code, lead.secret, "desk")
        crowd = [await here(code, t.secret) for t in await make_tickets(journal, code, PEOPLE, clock=clock)]
        for kind, body in (
            ("MakeAxis", {"axis": "axis0001", "title": "Axe"}),
            *(
                ("MakeAction", {"action": f"action{n:02}", "axis": "axis0001", "title": f"Action {n}"})
                for n in range(PEOPLE)
            ),
        ):
            assert (await desk.do(kind, **body)).accepted
        assert (await desk.do("OpenStep", step="actions")).accepted
        first = await rewritten(crowd[0], "action00")
        facts = await journal.read(code)
        assert (await crowd[1].do("Volunteer", action="action01", as_="partner")).accepted
        undisturbed = await crowd[1].do("EditAction", action="action01", title="Titre")
        codes = [await rewritten(person, f"action{n:02}") for n, person in enumerate(crowd) if n]
        before = (await journal.head(code)).seq  # type: ignore[union-attr]
        leads = [
            await desk.do("CloseStep", step="actions"),
            await desk.do("RemovePerson", person=crowd_id(facts)),
        ]
        [elsewhere] = await make_tickets(journal, other, 1, clock=clock, role=Role.FACILITATOR)
        neighbour = await here(other, elsewhere.secret, "desk")
        free = await neighbour.do("MakeAxis", axis="axis0001", title="Ailleurs")
        told = [
            (fact.share, bool(fact.person))
            for entry in await journal.read(code)
            if isinstance(fact := records.decode(entry.body).fact, SpaceFilled)
        ]
        _, state = await folded(journal, code)

    own = sum(len(e.body) + 100 for e in facts if records.decode(e.body).by == who_wrote(facts))
    assert first == "person_full"
    assert own < 1.3 * MB / PERSON_SHARE
    assert undisturbed.accepted
    assert codes[0] == "person_full"
    assert codes[-1] == "forum_full"
    assert state.space.used < 1.1 * MB
    assert all(verdict.accepted for verdict in leads), "who leads goes on"
    assert before < state.seq
    assert free.accepted, "another forum is not touched"
    assert {(80, True), (100, True), (80, False), (100, False)} <= set(told)
    assert told.index((80, False)) < told.index((100, False))


def who_wrote(facts: list) -> str:  # type: ignore[type-arg]
    return next(r.by for e in facts if isinstance((r := records.decode(e.body)).fact, Refused))


def crowd_id(facts: list) -> str:  # type: ignore[type-arg]
    return who_wrote(facts)
