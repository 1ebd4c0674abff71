"""Live rooms whose store is killed, damaged, emptied or put back to an older copy."""

import asyncio
import itertools
import os
import random
import signal
from contextlib import suppress

from forum.domain import records
from forum.domain.flow import RevealStep
from forum.journal import Unavailable
from forum.live import Accepted, Away, Hub, OutOfOrder, Pace, Resume
from tests.live.conftest import PAGES, PHONE, SECONDS, SEED, TAB, seated, until
from tests.live.test_rooms import ANNE, FAC, LEA, opened, pages_of, post


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
