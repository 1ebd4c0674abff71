"""The doorbell: it rings, it comes back after every fault, and it never claims to be well when it is not."""

import asyncio
import signal
import time
from pathlib import Path

import pytest

from forum.journal import Head, Journal, StoreAddress, Unavailable, open_journal
from tests.faults.proxy import proxied
from tests.journal.conftest import (
    HURRY,
    External,
    Listener,
    a_code,
    eventually,
    external_store,
    kill_store,
)

FIRST = [("desk:1", b"opened")]


async def test_a_watched_forum_rings_with_its_new_head(
    journal: Journal, listener: Listener, code: str
) -> None:
    journal.bells.listen(listener.on_bell, listener.on_reset)
    head = await journal.create(code, FIRST, {})
    await journal.bells.watch(code)

    one = await journal.append(code, head, [("a:1", b"x")])
    two = await journal.append(code, one, [("a:2", b"x"), ("a:3", b"x")])

    await listener.until(lambda: len(listener.bells) == 2)
    assert listener.bells == [(code, one), (code, two)]
    assert listener.resets == 0
    assert journal.bells.healthy


async def test_what_is_not_watched_does_not_ring(journal: Journal, listener: Listener, code: str) -> None:
    other = a_code()
    heads = {each: await journal.create(each, FIRST, {}) for each in (code, other)}
    journal.bells.listen(listener.on_bell, listener.on_reset)
    await journal.bells.watch(other)
    await journal.bells.watch(code)
    journal.bells.unwatch(other)
    await journal.bells.watch(code)  # a round trip behind the unsubscription

    await journal.append(other, heads[other], [("a:1", b"x")])
    head = await journal.append(code, heads[code], [("a:1", b"x")])

    await listener.until(lambda: bool(listener.bells))
    assert listener.bells == [(code, head)]


async def test_a_refused_or_empty_batch_rings_no_bell(
    journal: Journal, listener: Listener, code: str
) -> None:
    head = await journal.create(code, FIRST, {})
    journal.bells.listen(listener.on_bell, listener.on_reset)
    await journal.bells.watch(code)

    await journal.append(code, head, [])
    with pytest.raises(Exception, match=str(head)):
        await journal.append(code, Head(1, 0, ""), [("a:1", b"x")])
    last = await journal.append(code, head, [("a:2", b"x")])

    await listener.until(lambda: bool(listener.bells))
    assert listener.bells == [(code, last)]


async def test_watching_and_forgetting_in_any_order_ends_as_asked(
    journal: Journal, listener: Listener, code: str
) -> None:
    head = await journal.create(code, FIRST, {})
    journal.bells.listen(listener.on_bell, listener.on_reset)
    for _ in range(20):
        watching = asyncio.create_task(journal.bells.watch(code))
        await asyncio.sleep(0)
        journal.bells.unwatch(code)
        await asyncio.gather(watching, journal.bells.watch(code))

    head = await journal.append(code, head, [("a:1", b"x")])

    await listener.until(lambda: bool(listener.bells))
    assert listener.bells == [(code, head)]


async def test_hundreds_of_forums_are_watched_at_once(journal: Journal, listener: Listener) -> None:
    codes = [a_code() for _ in range(700)]
    journal.bells.listen(listener.on_bell, listener.on_reset)
    await asyncio.gather(*(journal.bells.watch(each) for each in codes))
    heads = [await journal.create(each, FIRST, {}) for each in codes]

    await listener.until(lambda: len(listener.bells) == len(codes))
    assert listener.bells == list(zip(codes, heads, strict=True))
    for each in codes:
        journal.bells.unwatch(each)


async def test_somebody_elses_message_is_no_bell(
    external: External, listener: Listener, code: str, tmp_path: Path
) -> None:
    async with open_journal(
        StoreAddress(external.url, tmp_path), listener.on_bell, listener.on_reset
    ) as journal:
        await journal.bells.watch(code)
        async with external.client() as client:
            for message in ("", "hello", "1 2", "1 x y", "1 2 3 4", b"\xff 1 2"):
                await client.publish(f"{{{code}}}:bell", message)
        head = await journal.create(code, FIRST, {})

        await listener.until(lambda: bool(listener.bells))
        assert listener.bells == [(code, head)]
        assert journal.bells.healthy


async def test_after_a_hang_up_everything_is_watched_again_before_the_reset(
    external: External, listener: Listener, tmp_path: Path
) -> None:
    codes = [a_code() for _ in range(3)]
    async with (
        proxied(external.url) as (url, proxy),
        open_journal(StoreAddress(url, tmp_path), listener.on_bell, listener.on_reset, HURRY) as journal,
    ):
        heads = {each: await journal.create(each, FIRST, {}) for each in codes}
        for each in codes:
            await journal.bells.watch(each)
        for times in range(1, 4):
            proxy.hang_up()
            await listener.until(lambda times=times: listener.resets == times)
            assert journal.bells.healthy

        listener.bells.clear()
        async with open_journal(StoreAddress(external.url, tmp_path)) as elsewhere:
            for each in codes:
                heads[each] = await elsewhere.append(each, heads[each], [("a:1", b"x")])
        await listener.until(lambda: len(listener.bells) == len(codes))

    assert listener.bells == list(heads.items())


async def test_a_black_hole_is_noticed_and_left(
    external: External, listener: Listener, code: str, tmp_path: Path
) -> None:
    async with (
        proxied(external.url) as (url, proxy),
        open_journal(StoreAddress(url, tmp_path), listener.on_bell, listener.on_reset, HURRY) as journal,
    ):
        await journal.bells.watch(code)
        heard = journal.bells.last_heard
        proxy.hold()
        await eventually(lambda: not journal.bells.healthy)
        assert listener.resets == 0

        with pytest.raises(Unavailable):
            await journal.bells.watch(a_code())

        proxy.heal()
        await listener.until(lambda: listener.resets == 1)
        assert journal.bells.healthy
        assert journal.bells.last_heard > heard
        head = await journal.create(code, FIRST, {})
        await listener.until(lambda: bool(listener.bells))

    assert listener.bells == [(code, head)]


async def test_a_quiet_doorbell_stays_well(external: External, listener: Listener, tmp_path: Path) -> None:
    async with open_journal(
        StoreAddress(external.url, tmp_path), listener.on_bell, listener.on_reset, HURRY
    ) as journal:
        begin = journal.bells.last_heard
        await eventually(lambda: journal.bells.last_heard > begin + 2 * HURRY.silence_seconds)

        assert journal.bells.healthy
        assert listener.resets == 0


async def test_our_own_sleep_is_not_taken_for_a_dead_store(
    external: External, listener: Listener, tmp_path: Path
) -> None:
    async with open_journal(
        StoreAddress(external.url, tmp_path), listener.on_bell, listener.on_reset, HURRY
    ) as journal:
        begin = journal.bells.last_heard
        await eventually(lambda: journal.bells.last_heard > begin)
        time.sleep(2 * HURRY.silence_seconds)  # noqa: ASYNC251  the whole process stands still
        woken = journal.bells.last_heard
        await eventually(lambda: journal.bells.last_heard > woken)

        assert journal.bells.healthy
        assert listener.resets == 0


async def test_a_watch_during_an_outage_waits_for_the_store_and_holds(
    external: External, listener: Listener, code: str, tmp_path: Path
) -> None:
    async with (
        proxied(external.url) as (url, proxy),
        open_journal(StoreAddress(url, tmp_path), listener.on_bell, listener.on_reset, HURRY) as journal,
    ):
        proxy.hold()
        proxy.hang_up()
        watching = asyncio.create_task(journal.bells.watch(code))
        await eventually(lambda: not journal.bells.healthy)
        proxy.heal()
        await watching

        head = await journal.create(code, FIRST, {})
        await listener.until(lambda: bool(listener.bells))

    assert listener.bells == [(code, head)]


async def test_a_watch_that_was_given_up_is_not_kept(
    external: External, listener: Listener, code: str, tmp_path: Path
) -> None:
    async with open_journal(
        StoreAddress(external.url, tmp_path), listener.on_bell, listener.on_reset, HURRY
    ) as journal:
        watching = asyncio.create_task(journal.bells.watch(code))
        await asyncio.sleep(0)
        watching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await watching
        other = a_code()
        await journal.bells.watch(other)

        await journal.create(code, FIRST, {})
        head = await journal.create(other, FIRST, {})
        await listener.until(lambda: bool(listener.bells))

    assert listener.bells == [(other, head)]


async def test_a_watch_given_up_does_not_undo_a_later_one(
    journal: Journal, listener: Listener, code: str
) -> None:
    head = await journal.create(code, FIRST, {})
    journal.bells.listen(listener.on_bell, listener.on_reset)
    earlier = asyncio.create_task(journal.bells.watch(code))
    await asyncio.sleep(0)
    later = asyncio.create_task(journal.bells.watch(code))
    earlier.cancel()  # takes effect when the later one has asked already
    await asyncio.gather(earlier, later, return_exceptions=True)

    head = await journal.append(code, head, [("a:1", b"x")])

    await listener.until(lambda: bool(listener.bells))
    assert earlier.cancelled()
    assert listener.bells == [(code, head)]


async def test_the_doorbell_comes_back_after_the_store_was_killed_and_started_again(
    listener: Listener, code: str, tmp_path: Path
) -> None:
    async with open_journal(
        StoreAddress(None, tmp_path), listener.on_bell, listener.on_reset, HURRY
    ) as journal:
        before = await journal.create(code, FIRST, {})
        await journal.bells.watch(code)
        await kill_store(journal)
        await listener.until(lambda: listener.resets == 1)

        assert await journal.head(code) == before  # nobody appended: the new life is not known yet
        with pytest.raises(Exception, match=r"^2 1 ") as conflict:
            await journal.append(code, before, [("a:1", b"x")])
        head = await journal.append(code, conflict.value.head, [("a:1", b"x")])  # type: ignore[attr-defined]
        await listener.until(lambda: bool(listener.bells))

    assert listener.bells == [(code, head)]
    assert head[:2] == (2, 2)


async def test_the_doorbell_survives_a_store_that_stays_away_for_a_while(
    listener: Listener, code: str, tmp_path: Path
) -> None:
    async with (
        external_store(tmp_path) as store,
        proxied(store.url) as (url, proxy),
        open_journal(StoreAddress(url, tmp_path), listener.on_bell, listener.on_reset, HURRY) as journal,
    ):
        await journal.bells.watch(code)
        store.process.send_signal(signal.SIGSTOP)
        await eventually(lambda: not journal.bells.healthy)
        proxy.hang_up()
        with pytest.raises(Unavailable):
            await journal.ping()
        store.process.send_signal(signal.SIGCONT)
        await listener.until(lambda: listener.resets > 0)
        head = await journal.create(code, FIRST, {})
        await listener.until(lambda: bool(listener.bells))

    assert listener.bells == [(code, head)]


async def test_a_callback_that_fails_is_told_and_the_doorbell_is_not_well(
    external: External, code: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(forum: str, head: Head) -> None:
        raise ZeroDivisionError

    with pytest.raises(ExceptionGroup) as raised:  # noqa: PT012
        async with open_journal(StoreAddress(external.url, tmp_path), broken, lambda: None) as journal:
            await journal.bells.watch(code)
            await journal.create(code, FIRST, {})
            await eventually(lambda: not journal.bells.healthy)

    assert raised.group_contains(ZeroDivisionError)
    assert "the doorbell stopped" in caplog.text
