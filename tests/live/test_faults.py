"""Live rooms when things go wrong: the store, other processes, slow networks, and mistakes of our own.

The seed of what is drawn by chance is SEED.
"""

import asyncio
import itertools
import json
import os
import random
import signal
from collections.abc import Callable
from contextlib import suppress

import pytest

from forum.domain import records, room
from forum.domain.flow import OpenStep, RevealStep
from forum.domain.kernel import PersonId, Rejection
from forum.domain.links import RevokeKey
from forum.domain.people import ApprovePerson, Join, SetEntry
from forum.domain.roles import Role
from forum.domain.steps.board import PostIdea
from forum.domain.steps.sort import GroupIdeas
from forum.journal import NoForum, Unavailable
from forum.live import Accepted, Away, Hub, OutOfOrder, Pace, Refused, Resume
from forum.live.batch import BODY_BYTES
from forum.live.frames import PART_BYTES
from tests import histories
from tests.live.conftest import DESK, PAGES, PHONE, Browser, seated
from tests.live.test_rooms import ANNE, FAC, LEA, folded, opened, own_of, pages_of, post
from tests.scenes import Scene

SEED = 20250131
SECONDS = 20.0
TAB = "tab-of-lea-0001"


async def kill_store(journal) -> None:
    """Kill -9 the store; its supervisor starts it again."""
    while True:
        with suppress(Unavailable):
            info = await journal._calls.one("INFO", "server")
            os.kill(int(info.split(b"process_id:")[1].split()[0]), signal.SIGKILL)
            return


async def entries_when_back(house, code):
    """The journal, once the store answers; the last kill may be a moment ago."""
    async with asyncio.timeout(SECONDS):
        while True:
            with suppress(Unavailable):
                return await house.journal.read(code)


async def until(met: Callable[[], bool]) -> None:
    """Wait for what no event tells, giving all others their turns; at most SECONDS."""
    async with asyncio.timeout(SECONDS):
        while not met():  # noqa: ASYNC110
            await asyncio.sleep(0.001)


class Loaded(Browser):
    """A browser behind a network that takes what the test lets through; ``taken`` is called before each look."""

    takes = 0  # bytes at every look at the backlog
    most = 0
    sizes = ()
    aborted = False

    def abort(self) -> None:
        self.aborted = True

    def write(self, frame: bytes) -> None:
        self.waiting += len(frame)
        self.most = max(self.most, self.waiting)
        self.sizes = (*self.sizes, len(frame))
        text = json.loads(frame[{126: 4, 127: 10}.get(frame[1], 2) :])
        if text["t"] != "chg" or text["to"] > self.at:
            super().write(frame)

    packs = False

    @property
    def backlog(self) -> int:
        self.waiting = max(0, self.waiting - self.takes)
        return self.waiting

    @property
    def kinds(self) -> list[str]:
        return [frame["t"] for frame in self.heard]


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


async def test_a_page_of_a_megabyte_reaches_a_slow_phone_part_by_part(house):
    hub = await house.hub()
    code = await opened(house, hub)
    await house.ask(hub, code, RevealStep("ideas"), FAC)
    text = "Une idée écrite avec soin, un peu longue, pour que la page soit grande. " * 2
    for start in range(0, 2000, 50):
        await asyncio.gather(
            *(house.ask(hub, code, post(n, text[:140]), FAC) for n in range(start, start + 50))
        )
    wire = Loaded()
    wire.takes = 20_000
    async with hub.seat(code, PHONE, PersonId(LEA), wire, None):
        await until(lambda: "you" in wire.kinds)

        assert wire.page == pages_of((await hub.shown(code)).view, PHONE)
    assert not wire.aborted
    assert sum(wire.sizes) > 512 * 1024
    assert wire.most < 2 * PART_BYTES
    assert max(wire.sizes) <= 65_536


async def test_a_change_of_scene_during_a_page_under_way_ends_in_the_newer_page(house):
    hub = await house.hub()
    code = await opened(house, hub)
    await house.ask(hub, code, RevealStep("ideas"), FAC)
    for n in range(300):
        await house.ask(hub, code, post(n, f"Une idée de plus, la numéro {n}"), FAC)
    wire = Loaded()
    async with hub.seat(code, PHONE, PersonId(LEA), wire, None):
        await until(lambda: "full" in wire.kinds)
        assert wire.kinds == ["welcome", "full"], "the rest of the page waits for the network"
        await house.ask(hub, code, OpenStep("sort"), FAC)
        await house.ask(hub, code, GroupIdeas(("idea0001", "idea0002"), "themea", "Un thème"), FAC)
        wire.takes = 30_000
        head = (await hub.shown(code)).head
        await until(lambda: wire.at == head.seq and "you" in wire.kinds)

        assert wire.page == pages_of((await hub.shown(code)).view, PHONE)


async def test_a_phone_that_takes_nothing_is_cut_and_a_slow_one_that_takes_a_little_is_not(house):
    pace = Pace(tick_ms=5, stuck_seconds=0.3, beat_seconds=0.05)
    async with Hub(house.journal, PAGES, clock=house.clock, new_salt=lambda: "salt", pace=pace) as hub:
        code = await opened(house, hub)
        dead, slow = Loaded(), Loaded()
        async with (
            hub.seat(code, PHONE, PersonId(LEA), dead, None),
            hub.seat(code, PHONE, PersonId(ANNE), slow, None),
        ):
            slow.takes = 1
            dead.waiting = slow.waiting = 400_000
            await until(lambda: dead.aborted)

            assert not slow.aborted


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


async def test_a_damaged_journal_can_be_read_as_far_as_it_goes_and_takes_nothing(house):
    hub = await house.hub()
    code = await opened(house, hub)
    await house.ask(hub, code, post(1), LEA)
    good = await house.journal.head(code)
    await house.journal.append(code, good, [("future:1", b'{"t":1,"f":{"k":"FromTheFuture"}}')])
    async with seated(hub, code, PHONE, ANNE) as phone:
        shown = await hub.shown(code)
        verdict = await house.ask(hub, code, post(2), LEA)

        assert shown.head.seq == good.seq
        assert phone.page
        assert isinstance(verdict, Away)
    fresh = await house.hub()
    assert (await fresh.shown(code)).head.seq == good.seq
    assert isinstance(await house.ask(fresh, code, post(3), LEA), Away)


async def test_a_forum_that_the_store_has_lost_is_kept_readable_and_goes_on_when_it_is_back(house):
    hub = await house.hub()
    code = await opened(house, hub)
    await house.ask(hub, code, post(1), LEA)
    keys = [f"{{{code}}}:{kind}" for kind in "mj"]
    kept = [await house.journal._calls.one("DUMP", key) for key in keys]
    async with seated(hub, code, PHONE, ANNE) as phone:
        await house.journal._calls.one("DEL", *keys)
        lost = await house.ask(hub, code, post(2), LEA)
        shown = await hub.shown(code)

        assert isinstance(lost, Away)
        assert hub.orphaned(code)
        assert shown.frozen
        assert not phone.closed
        assert await house.journal.head(code) is None, "nothing makes a forum again by itself"
        for key, value in zip(keys, kept, strict=True):
            await house.journal._calls.one("RESTORE", key, 0, value)
        await until(lambda: not hub.orphaned(code))
        assert isinstance(await house.ask(hub, code, post(3), LEA), Accepted)


async def test_the_bell_of_a_deleted_forum_sends_everybody_away_before_any_check(house):
    other, pace = await house.hub(), Pace(check_seconds=600)
    async with Hub(house.journal, PAGES, clock=house.clock, new_salt=lambda: "salt", pace=pace) as hub:
        code = await opened(house, other)
        async with seated(hub, code, PHONE, ANNE) as phone:
            await hub.settled(code)
            await house.journal.keeping.purge(code, await house.journal.head(code))
            await until(lambda: phone.closed == 4404)


async def test_while_nobody_can_say_whether_a_forum_was_deleted_on_purpose_it_is_kept(house):
    hub = await house.hub()
    code = await opened(house, hub)
    await house.ask(hub, code, post(1), LEA)
    async with seated(hub, code, PHONE, ANNE) as phone:
        await house.journal._calls.one("ACL", "SETUSER", "default", "-sismember")
        await house.journal._calls.one("DEL", *(f"{{{code}}}:{kind}" for kind in "mj"))

        lost = await house.ask(hub, code, post(2), LEA)
        await house.journal._calls.one("ACL", "SETUSER", "default", "+sismember")
        await until(lambda: hub.orphaned(code))

        assert isinstance(lost, Away)
        assert not phone.closed


async def test_no_forum_is_no_forum(house):
    hub = await house.hub()
    with pytest.raises(NoForum):
        await hub.shown("ABC234")
    with pytest.raises(NoForum):
        await house.ask(hub, "ABC234", post(1), LEA)


async def test_a_store_killed_while_people_post_keeps_every_acknowledged_op_once(house):
    rng = random.Random(SEED)
    hub = await house.hub()
    code = await opened(house, hub)
    told: dict[str, int] = {}
    numbers = itertools.count(1)

    async def poster(k: int) -> None:
        for op in range(1, 26):
            n = next(numbers)
            while True:
                verdict = await house.ask(hub, code, post(n), LEA, f"tab-poster-{k:04}", op)
                if isinstance(verdict, Accepted):
                    told[f"idea{n:04}"] = verdict.head.seq
                    break
                assert isinstance(verdict, Away | OutOfOrder), verdict

    async def killer() -> None:
        for least in sorted(rng.sample(range(20, 180), 2)):
            await until(lambda least=least: len(told) >= least)
            await kill_store(house.journal)

    async with asyncio.timeout(60), seated(hub, code, PHONE, ANNE), asyncio.TaskGroup() as group:
        group.create_task(killer())
        for k in range(8):
            group.create_task(poster(k))
    posted = [records.decode(entry.body).fact for entry in await entries_when_back(house, code)]
    ideas = [f.idea for f in posted if hasattr(f, "idea")]
    by_seq = {f.idea: n for n, f in enumerate(posted, 1) if hasattr(f, "idea")}

    assert len(ideas) == len(set(ideas)) == 200
    assert {idea: by_seq[idea] for idea in told} == told


async def test_a_page_resumes_after_the_store_came_back_and_a_lost_tail_gives_everything(house):
    hub = await house.hub()
    code = await opened(house, hub)
    async with seated(hub, code, PHONE, LEA) as before:
        pass
    gen = (await house.journal.head(code)).gen
    await kill_store(house.journal)
    async with asyncio.timeout(SECONDS):
        while isinstance(await house.ask(hub, code, post(1), LEA, TAB), Away):
            pass
    async with seated(hub, code, PHONE, LEA, Resume(gen, before.at, before.chain)) as after:
        assert after.heard[0]["mode"] == "changes"
        assert after.heard[0]["g"] > gen


async def test_a_history_that_was_replaced_is_shown_anew_to_everybody(house):
    hub = await house.hub()
    code = await opened(house, hub)
    await house.ask(hub, code, RevealStep("ideas"), FAC)
    kept = await house.journal.read(code)
    async with seated(hub, code, PHONE, LEA) as phone:
        await house.ask(hub, code, post(1, "Perdue avec le disque"), LEA)
        await hub.settled(code)
        assert "Perdue" in str(phone.page)
        calls = house.journal._calls  # the store is put back to an older copy, by hand
        last, stream = kept[-1], f"{{{code}}}:j"
        await calls.many(
            [
                ("MULTI",),
                ("DEL", stream),
                *(("XADD", stream, f"{e.seq}-0", "o", e.op, "b", e.body, "c", e.chain) for e in kept),
                ("HSET", f"{{{code}}}:m", "seq", last.seq, "chain", last.chain, "rid", "f" * 40),
                ("EXEC",),
            ]
        )
        await hub.settled(code)
        verdict = await house.ask(hub, code, post(2, "Après la remise"), ANNE)
        await hub.settled(code)

        assert isinstance(verdict, Accepted)
        assert verdict.head.seq == last.seq + 2, "one fact says what was lost"
        assert "Perdue" not in str(phone.page)
        assert phone.page == pages_of((await hub.shown(code)).view, PHONE)


async def test_a_storm_of_conflicts_loses_and_doubles_nothing(house):
    hubs = [await house.hub() for _ in range(3)]
    code = await opened(house, hubs[0])
    verdicts = await asyncio.gather(
        *(house.ask(hubs[n % 3], code, post(n), (LEA, ANNE)[n % 2]) for n in range(240))
    )
    state = await folded(house, code)

    assert all(isinstance(v, Accepted) for v in verdicts)
    assert len({v.head.seq for v in verdicts}) == 240
    assert len(state.ideas) == 240


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
            asks = [] if n % 12 == 0 else [histories._command(rng, scene)]
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
