"""The store is away, or a copy of it is silent: what is read goes on, and everybody is told what is so."""

import asyncio
import time
from contextlib import suppress
from pathlib import Path

import pytest

from forum.demo.client import Client
from tests.faults.conftest import Seen
from tests.faults.hall import Answer, Hall, a_hall, busy, get, within
from tests.faults.store import a_store

TOLD_SECONDS = (
    8.0  # from the fault to the desk: a check every 2 s, 3 s of patience with a store that only stands still
)
READ_SECONDS = 2.0  # a page, once it is known
EXPORT = "/desk/export/ideas.csv"


async def until_unsaved(client: Client, unsaved: bool) -> float:
    """Wait until a heartbeat says that nothing new is being saved, or that it is; how long it took."""
    began, told = time.monotonic(), asyncio.get_running_loop().create_future()

    def hear(frame: dict) -> None:
        if frame["t"] == "hb" and bool(frame.get("unsaved")) is unsaved and not told.done():
            told.set_result(None)

    client.on_frame = hear
    await within(told, TOLD_SECONDS * busy())
    client.on_frame = None
    return time.monotonic() - began


async def read_everything(hall: Hall) -> tuple[dict[str, Answer], float]:
    """What a participant and a desk read of a forum; and how long the slowest took."""
    found, slowest = {}, 0.0
    asked = {"": hall.cookies[0], "/receipt": hall.cookies[0], "/data": hall.cookies[0],
             "/desk": hall.desk_cookie, EXPORT: hall.desk_cookie, "/desk/health": hall.desk_cookie}  # fmt: skip
    for path, cookie in asked.items():
        began = time.monotonic()
        found[path] = await within(get(hall.at(0), path, cookie=cookie, seconds=30))
        slowest = max(slowest, time.monotonic() - began)
    return found, slowest


@pytest.mark.parametrize("fault", ["killed", "stopped"])
async def test_while_the_store_is_away_everything_is_read_and_the_desk_is_told(
    tmp_path: Path, seen: Seen, fault: str
) -> None:
    async with a_store(tmp_path / "store") as store, a_hall(tmp_path, store=store) as hall:
        desk = await hall.desk()
        async with hall.writing() as writing:
            await writing.more()
        before, _ = await read_everything(hall)
        head = (await hall.entries())[1]
        (store.kill if fault == "killed" else store.stop)()
        told = await until_unsaved(desk, unsaved=True)
        waiting = asyncio.create_task(hall.post(hall.phones[0]))
        pages, slowest = await read_everything(hall)
        if fault == "stopped":
            await asyncio.sleep(30)  # the fault itself
            pages, slowest = await read_everything(hall)
        if fault == "killed":
            await store.start()
        else:
            store.go_on()
        back = await until_unsaved(desk, unsaved=False)
        assert (await within(waiting)).accepted, "what was sent meanwhile left by itself"
        after, _ = await read_everything(hall)
        seen.judged(
            await hall.judgement(),
            f"desk told after {told:.1f} s, pages within {slowest:.2f} s, told of its return after {back:.1f} s",
        )

    assert {path: answer.status for path, answer in pages.items()} == dict.fromkeys(before, 200)
    assert pages[EXPORT].body == before[EXPORT].body, "the same state, the same bytes"
    for path in ("", "/desk"):
        assert "Rien de nouveau n’est enregistré en ce moment." in visible(pages[path])
        assert f"jusqu’au n°\u00a0{head.seq}" in visible(pages[path])
        assert "Rien de nouveau n’est enregistré en ce moment." not in visible(after[path])
    assert "Rien ne peut être enregistré" in pages["/desk/health"].body.decode()
    assert slowest < READ_SECONDS * busy()


def visible(answer: Answer) -> str:
    """A page without the note that only a script would show."""
    text = answer.body.decode()
    start = text.find('id="unsaved"')
    end = text.find("</p>", start)
    hidden = "hidden" in text[start : text.find(">", start)]
    return text[:start] + text[end:] if hidden else text


async def test_a_replica_that_stands_still_is_named_and_is_no_slow_disk(tmp_path: Path, seen: Seen) -> None:
    async with (
        a_store(tmp_path / "a") as store,
        a_store(tmp_path / "b") as replica,
    ):
        await replica.say("REPLICAOF", "127.0.0.1", store.port)
        await replica.in_sync()
        async with a_hall(tmp_path, store=store) as hall:
            async with hall.writing() as writing:
                await writing.more()
                replica.stop()
                stood = time.monotonic()
                said = await until_health_says(hall, "Une copie du stockage")
                told = time.monotonic() - stood
                await writing.more()
            replica.go_on()
            seen.judged(
                await hall.judgement(), f"named after {told:.1f} s, longest pause {hall.last_gap:.1f} s"
            )

    assert "aucun disque n’est lent" in said
    assert "Enregistrer est lent" not in said
    assert "L’enregistrement est lent" not in said


async def until_health_says(hall: Hall, words: str) -> str:
    async with asyncio.timeout(20 * busy()):
        while True:
            with suppress(OSError, TimeoutError):
                page = (await get(hall.at(0), "/desk/health", cookie=hall.desk_cookie)).body.decode()
                if words in page:
                    return page
            await asyncio.sleep(0.2)
