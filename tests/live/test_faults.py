"""Live rooms when things go wrong: other processes, what a person may no longer see, and mistakes of our own."""

import asyncio
import random

import pytest

from forum.domain import room
from forum.domain.kernel import Rejection
from forum.domain.links import RevokeKey
from forum.domain.people import ApprovePerson, Join, SetEntry
from forum.domain.roles import Role
from forum.domain.steps.board import PostIdea
from forum.journal import NoForum
from forum.live import Accepted, Away, Hub, Pace, Refused, Resume
from forum.live.batch import BODY_BYTES
from tests import histories
from tests.live.conftest import DESK, PAGES, PHONE, SECONDS, SEED, TAB, seated, until
from tests.live.test_rooms import ANNE, FAC, LEA, folded, opened, own_of, pages_of, post
from tests.scenes import Scene


async def test_every_op_of_a_batch_is_told_the_chain_at_its_own_number(house):
    hub = await house.hub()
    code = await opened(house, hub)
    verdicts = await asyncio.gather(*(house.ask(hub, code, post(n), LEA) for n in range(40)))
    chains = {entry.seq: entry.chain for entry in await house.journal.read(code)}

    assert [v.head.chain for v in verdicts] == [chains[v.head.seq] for v in verdicts]


async def test_a_page_may_stand_at_any_number_another_process_showed(house):
    one, other = await house.hub(), await house.hub()
    code = await opened(house, one)
    await asyncio.gather(*(house.ask(one, code, post(n), LEA) for n in range(20)))
    entries = await house.journal.read(code)
    head = await house.journal.head(code)
    for entry in entries[-15:]:
        async with seated(other, code, PHONE, ANNE, Resume(head.gen, entry.seq, entry.chain)) as phone:
            assert phone.heard[0]["mode"] in ("changes", "current"), entry.seq


async def test_a_body_larger_than_the_journal_takes_is_refused_and_its_number_used(house):
    hub = await house.hub()
    code = await opened(house, hub)
    first = await house.ask(hub, code, Rejection("W1", "too_long", {"text": "x" * 9000}), LEA, TAB, 1)
    second = await house.ask(hub, code, post(1), LEA, TAB, 2)

    assert isinstance(first, Refused)
    assert isinstance(second, Accepted)
    assert all(len(e.body) <= BODY_BYTES for e in await house.journal.read(code))


async def test_a_command_that_breaks_a_judge_ends_neither_the_others_nor_the_forum(house, monkeypatch):
    def broken(state, command, asked):
        if command.text == "poison":
            raise ZeroDivisionError
        return real(state, command, asked)

    real = room.JUDGES[PostIdea]
    monkeypatch.setitem(room.JUDGES, PostIdea, broken)
    hub = await house.hub()
    code = await opened(house, hub)

    async def insistent(text, n, by, tab):
        while True:
            verdict = await house.ask(hub, code, PostIdea(f"idea{n:04}", text, "ideas"), by, tab)
            if not isinstance(verdict, Away):
                return verdict

    async with asyncio.timeout(SECONDS):
        poisoned, *others = await asyncio.gather(
            insistent("poison", 1, LEA, TAB),
            *(insistent("fine", n, ANNE, f"tab-of-anne-{n:04}") for n in range(2, 12)),
        )

    assert isinstance(poisoned, Refused)
    assert all(isinstance(v, Accepted) for v in others)


async def test_nobody_waits_for_ever_when_the_process_ends(house):
    hub = await house.hub()
    code = await opened(house, hub)
    asks = [asyncio.create_task(house.ask(hub, code, post(n), LEA)) for n in range(100)]
    await asyncio.sleep(0)
    await hub.__aexit__(None, None, None)
    async with asyncio.timeout(5):
        verdicts = await asyncio.gather(*asks)

    told = [v.head.seq for v in verdicts if isinstance(v, Accepted)]
    assert {type(v) for v in verdicts} <= {Accepted, Away}
    assert set(told) <= {e.seq for e in await house.journal.read(code)}


async def test_names_are_on_every_page_as_soon_as_the_person_is(house):
    hub = await house.hub()
    code = await opened(house, hub)
    async with seated(hub, code, DESK, FAC) as desk:

        async def arrives(n):
            await house.journal.set_name(code, f"new{n:03}", f"Prénom{n:03}")
            await house.ask(hub, code, Join(), f"new{n:03}")
            view = (await hub.shown(code)).view
            assert view.name(f"new{n:03}") == f"Prénom{n:03}"

        await asyncio.gather(*(arrives(n) for n in range(40)))
        await hub.settled(code)

        assert desk.page == pages_of((await hub.shown(code)).view, DESK)


async def test_whoever_came_by_a_link_taken_back_loses_their_seat_on_every_process(house):
    one, other = await house.hub(), await house.hub()
    code = await opened(house, one)
    await house.ask(one, code, Join(key="abcdef0123456789"), "late01")
    async with (
        seated(one, code, PHONE, "late01") as near,
        seated(other, code, PHONE, "late01") as far,
        seated(other, code, PHONE, ANNE) as anne,
    ):
        await house.ask(one, code, RevokeKey("abcdef0123456789"), FAC)
        for hub in (one, other):
            await hub.settled(code)

        assert (near.closed, far.closed, anne.closed) == (4401, 4401, 0)


async def test_who_waits_to_be_let_in_is_given_nothing_of_the_room(house):
    hub = await house.hub()
    code = await opened(house, hub)
    await house.ask(hub, code, SetEntry("approval"), FAC)
    await house.ask(hub, code, Join(), "late01")
    async with seated(hub, code, PHONE, "late01") as phone:
        assert (phone.closed, phone.heard) == (4401, [])
    await house.ask(hub, code, ApprovePerson("late01"), FAC)
    async with seated(hub, code, PHONE, "late01") as phone:
        assert phone.closed == 0
        assert phone.page


async def test_a_bell_that_is_lost_delays_news_by_one_check_at_most(house):
    other, pace = await house.hub(), Pace(check_seconds=0.05)
    async with Hub(house.journal, PAGES, clock=house.clock, new_salt=lambda: "salt", pace=pace) as hub:
        code = await opened(house, other)
        async with seated(hub, code, PHONE, ANNE) as phone:
            house.journal.bells.listen(lambda *_: None, lambda: None)
            verdict = await house.ask(other, code, post(1), LEA)
            await until(lambda: phone.at == verdict.head.seq)


async def test_an_op_that_came_by_another_process_is_not_called_out_of_order(house):
    one, other = await house.hub(), await house.hub()
    code = await opened(house, one)
    await other.shown(code)
    for n in range(1, 21):
        hub = (one, other)[n % 2]
        verdict = await house.ask(hub, code, post(n), LEA, TAB, n)
        assert isinstance(verdict, Accepted), (n, verdict)


async def test_no_forum_is_no_forum(house):
    hub = await house.hub()
    with pytest.raises(NoForum):
        await hub.shown("ABC234")
    with pytest.raises(NoForum):
        await house.ask(hub, "ABC234", post(1), LEA)


async def test_a_storm_of_conflicts_loses_and_doubles_nothing(house):
    hubs = [await house.hub() for _ in range(3)]
    code = await opened(house, hubs[0])
    verdicts = await asyncio.gather(
        *(house.ask(hubs[n % 3], code, post(n), (LEA, ANNE)[n % 2]) for n in range(240))
    )
    state = await folded(house, code)

    assert all(isinstance(v, Accepted) for v in verdicts)
    assert len({v.head.seq for v in verdicts}) == 240
    assert len(state.ideas.by_id) == 240


async def test_pages_drawn_from_changes_equal_pages_drawn_whole_on_any_history(house):
    rng = random.Random(SEED)
    one, other = await house.hub(), await house.hub()
    code = await opened(house, one, "welcome")
    for p in histories.PEOPLE:
        await house.ask(one, code, Join(), p)
    await house.ask(one, code, Join(Role.FACILITATOR), "fac")
    async with (
        seated(one, code, PHONE, ANNE) as a,
        seated(other, code, PHONE, LEA) as b,
        seated(other, code, DESK, FAC) as d,
    ):
        for n in range(150):
            scene = Scene(state=(await one.shown(code)).view.state)
            scene.journal = [None] * (1000 + n)
            asks = [] if n % 12 == 0 else [histories.a_command(rng, scene)]
            if not asks:
                scene.ask = lambda command, by=FAC, asks=asks, **_: asks.append((command, by))
                histories._next_step(scene)
            for command, by in asks:
                await house.ask(rng.choice([one, other]), code, command, by)
            if rng.random() < 0.3:
                for hub in (one, other):
                    await hub.settled(code)
                view = (await one.shown(code)).view
                assert a.page == pages_of(view, PHONE)
                assert b.page == a.page
                assert d.page == pages_of(view, DESK)
                assert a.mine == own_of(view, ANNE)
                assert b.mine == own_of(view, LEA)
