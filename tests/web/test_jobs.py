"""Documents that take a while: in a line, shared, stopped, and over in minutes."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from forum.domain.roles import Role
from forum.exports import HowFar, Made
from forum.exports.naming import FileName
from forum.opening import agendas, open_forum
from forum.web import jobs
from forum.web.jobs import Begun, Job, Jobs, Waits
from forum.web.limits import TooMany
from forum.web.making import made_here
from forum.web.turns import Crowded
from tests.web.conftest import Room, Visitor, a_place

SECONDS = 10.0
PAGE = {"accept": "text/html"}


class Hands:
    """Makes documents when it is told to."""

    def __init__(self) -> None:
        self.under_way: list[bytes] = []
        self.ended: list[bytes] = []
        self.far: HowFar = lambda done, of: None
        self._may = asyncio.Event()

    async def make(self, order: bytes, far: HowFar) -> Made:
        self.under_way.append(order)
        self.far = far
        try:
            await self._may.wait()
            return Made(order, "text/plain", FileName("plan.md", "plan.md"), packed=False)
        finally:
            self.under_way.remove(order)
            self.ended.append(order)

    def let_go(self) -> None:
        self._may.set()


def a_job(key: str, forum: str = "AAAAAA", fence: str = "") -> Job:
    return Job(key, forum, "plan.md", "", 7, fence)


def asks(them: Jobs, key: str, person: str = "lea", forum: str = "AAAAAA") -> None:
    async def order() -> bytes:
        return key.encode()

    them.ask(a_job(key, forum), person, order)


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(SECONDS):
        while not true():  # noqa: ASYNC110  files tell nobody
            await asyncio.sleep(0.01)


def standing(them: Jobs, key: str) -> object:
    found = them.find("AAAAAA", key, "")
    return found.standing if found else None


@asynccontextmanager
async def hands_and_jobs(folder: Path) -> AsyncIterator[tuple[Hands, Jobs]]:
    hands = Hands()
    them = Jobs(folder, hands.make)
    try:
        yield hands, them
    finally:
        await them.end()


async def test_of_one_forum_one_is_made_at_a_time_and_who_waits_knows_their_place(tmp_path: Path) -> None:
    async with hands_and_jobs(tmp_path) as (hands, them):
        asks(them, "first")
        await until(lambda: hands.under_way)
        asks(them, "second")
        asks(them, "third", "max")
        hands.far(3, 14)

        assert standing(them, "first") == Begun(3, 14)
        assert standing(them, "second") == Waits(1)
        assert standing(them, "third") == Waits(2)
        assert hands.under_way == [b"first"]

        hands.let_go()
        await them.settled("third", SECONDS)
        assert [standing(them, key) for key in ("first", "second", "third")] == ["ready"] * 3
        assert hands.ended == [b"first", b"second", b"third"]
        made = await them.take("third")
        assert made
        assert made.body == b"third"


async def test_two_forums_do_not_wait_for_each_other_and_a_third_does(tmp_path: Path) -> None:
    async with hands_and_jobs(tmp_path) as (hands, them):
        for n, forum in enumerate(("AAAAAA", "BBBBBB", "CCCCCC")):
            asks(them, f"of {n}", forum=forum, person=str(n))
        await until(lambda: len(hands.under_way) == 2)

        found = them.find("CCCCCC", "of 2", "")
        assert found
        assert found.standing == Waits(0)
        assert them.find("AAAAAA", "of 2", "") is None, "another forum's is nobody's here"


async def test_who_asks_for_the_same_shares_it_in_another_process_too(tmp_path: Path) -> None:
    async with hands_and_jobs(tmp_path) as (hands, them), hands_and_jobs(tmp_path) as (others, there):
        asks(them, "same")
        await until(lambda: hands.under_way)
        asks(there, "same", "max")
        hands.far(1, 2)
        seen = standing(there, "same")
        hands.let_go()
        await there.settled("same", SECONDS)

        assert seen == Begun(1, 2)
        assert not others.ended
        made = await there.take("same")
        assert made
        assert made.body == b"same"


async def test_it_is_stopped_when_nobody_wants_it_any_more_by_any_process_and_not_before(
    tmp_path: Path,
) -> None:
    async with hands_and_jobs(tmp_path) as (hands, them), hands_and_jobs(tmp_path) as (_, there):
        asks(them, "same", "lea")
        asks(them, "same", "max")
        await until(lambda: hands.under_way)
        there.stop("AAAAAA", "same", "lea")
        there.stop("BBBBBB", "same", "max")  # of another forum
        await them.settled("same", 2 * jobs.LOOK_SECONDS)
        assert hands.under_way

        there.stop("AAAAAA", "same", "max")
        await until(lambda: hands.ended)
        await them.settled("same", SECONDS)
        assert standing(them, "same") is None
        assert list((tmp_path / jobs.FOLDER).iterdir()) == []


async def test_the_line_is_bounded_for_a_person_a_forum_and_the_machine(tmp_path: Path) -> None:
    async with hands_and_jobs(tmp_path) as (_, them):
        for n in range(jobs.MOST_OF_ONE):
            asks(them, f"lea {n}")
        with pytest.raises(TooMany):
            asks(them, "one more")
        asks(them, "lea 0")  # that is under way already

        for n in range(jobs.MOST_OF_FORUM - jobs.MOST_OF_ONE):
            asks(them, f"others {n}", f"person {n}")
        with pytest.raises(Crowded):
            asks(them, "too many of the forum", "max")

        for n in range(jobs.MOST - jobs.MOST_OF_FORUM):
            asks(them, f"elsewhere {n}", f"person {n}", f"FORUM{n // 4}")
        with pytest.raises(Crowded):
            asks(them, "too many of all", "max", "FORUM0")
        for n in range(jobs.MOST_FIRST - jobs.MOST):
            asks(them, f"first {n}", "max" if n < 2 else f"person {n}", f"FIRST{n}")
        with pytest.raises(Crowded):
            asks(them, "too many first ones", "max", "ZZZZZZ")


async def test_a_server_that_ends_stops_what_it_makes_and_keeps_nothing(tmp_path: Path) -> None:
    async with hands_and_jobs(tmp_path) as (hands, them):
        hands.let_go()
        asks(them, "made")
        await them.settled("made", SECONDS)
        hands._may.clear()
        asks(them, "under way")
        await until(lambda: hands.under_way)
    assert hands.ended == [b"made", b"under way"]
    assert list((tmp_path / jobs.FOLDER).iterdir()) == []


async def test_what_a_process_left_that_is_no_more_and_what_is_old_is_removed(tmp_path: Path) -> None:
    async with hands_and_jobs(tmp_path) as (hands, them), hands_and_jobs(tmp_path) as (_, there):
        hands.let_go()
        asks(them, "made")
        await them.settled("made", SECONDS)
        old = (tmp_path / jobs.FOLDER / "made.made").stat().st_mtime - jobs.KEPT_SECONDS - 1
        os.utime(tmp_path / jobs.FOLDER / "made.made", (old, old))
        (tmp_path / jobs.FOLDER / "00000007.job").write_bytes(b'{"key":"k"')
        os.utime(tmp_path / jobs.FOLDER / "00000007.job", (old, old))

        assert standing(there, "made") is None
        assert list((tmp_path / jobs.FOLDER).iterdir()) == []


async def test_what_was_made_before_something_was_erased_is_given_to_nobody(tmp_path: Path) -> None:
    async with hands_and_jobs(tmp_path) as (hands, them):
        hands.let_go()
        asks(them, "made")
        await them.settled("made", SECONDS)

        assert them.find("AAAAAA", "made", "") is not None
        assert them.find("AAAAAA", "made", "erased since") is None


async def test_what_is_kept_is_bounded_and_the_oldest_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "KEPT_BYTES", 300)
    async with hands_and_jobs(tmp_path) as (hands, them):
        hands.let_go()
        for n in range(4):
            asks(them, f"{n}" * 64)
            await them.settled(f"{n}" * 64, SECONDS)
            os.utime(tmp_path / jobs.FOLDER / f"{str(n) * 64}.made", (n + 2e9, n + 2e9))

        assert standing(them, "0" * 64) is None
        assert standing(them, "3" * 64) == "ready"


# --- a server


async def test_a_document_that_takes_a_while_is_told_of_on_a_page_that_leads_to_it_and_can_be_stopped(
    tmp_path: Path,
) -> None:
    may = asyncio.Event()

    async def slow(order: bytes, far: HowFar) -> Made:
        far(4, 30)
        await may.wait()
        return await made_here(order, far)

    async with a_place(tmp_path, documents=slow) as place, place.visitor() as desk:
        agenda = agendas()["forum-eclair"]
        room = Room(place, await open_forum(place.service.journal, agenda, clock=place.clock))
        desk.http.cookies.set(
            f"forum_{room.code}_desk", (await room.cookie(Role.FACILITATOR)).partition("=")[2]
        )
        told = await desk.get(f"{room.base('desk')}/export/documents.zip", headers=PAGE)
        assert told.status_code == 303
        page = await desk.get(where := told.headers["location"])
        other = await desk.get(f"{room.base('desk')}/export/plan.md?readers=members", headers=PAGE)
        waits = await desk.get(other.headers["location"])
        stopped = await desk.post(other.headers["location"])
        same = await desk.get(f"{room.base('desk')}/export/documents.zip", headers=PAGE)

        assert page.status_code == 202
        assert "4 of 30 documents are made." in page.text or "4 documents sur 30" in page.text
        assert '<meta http-equiv="refresh" content="3">' in page.text
        assert "comes first" in waits.text or "passe avant" in waits.text
        assert stopped.headers["location"] == f"{room.base('desk')}/documents"
        assert same.headers["location"] == where

        may.set()
        async with asyncio.timeout(SECONDS):
            while (ready := await desk.get(where)).status_code == 202:
                pass  # it says so when it is so
        document = await desk.get(where.replace("/making/", "/made/"))
        assert 'data-making="over"' in (await desk.get(other.headers["location"])).text
        assert (
            f'<meta http-equiv="refresh" content="0;url={where.replace("/making/", "/made/")}">' in ready.text
        )
        assert document.headers["content-type"] == "application/zip"
        assert document.content.startswith(b"PK")

        async with place.visitor() as phone:
            cookie = {"cookie": await room.cookie()}
            for path in (where, where.replace("/making/", "/made/")):
                assert (await phone.get(path, headers=cookie)).status_code == 401


async def test_who_asks_for_no_page_waits_for_the_document(visitor: Visitor, board: Room) -> None:
    headers = {"cookie": await board.cookie(Role.STAFF)}
    answer = await visitor.get(f"{board.base('staff')}/export/plan.md", headers=headers)

    assert answer.status_code == 200
    assert answer.content.startswith(b"# ")
    assert answer.headers["vary"] == "accept-encoding"


async def test_a_forum_with_many_documents_in_line_holds_up_nobodys_first(tmp_path: Path) -> None:
    async with hands_and_jobs(tmp_path) as (hands, them):
        for forum in ("AAAAAA", "BBBBBB"):
            for n in range(3):
                asks(them, f"{forum} {n}", f"of {forum}", forum)
        await until(lambda: len(hands.under_way) == 2)
        asks(them, "first", "max", "CCCCCC")
        hands.let_go()
        for forum in ("AAAAAA", "BBBBBB"):
            await them.settled(f"{forum} 2", SECONDS)

        assert set(hands.ended[:2]) == {b"AAAAAA 0", b"BBBBBB 0"}
        assert b"first" in hands.ended[2:4]


@pytest.mark.parametrize("key", ["a%00b", "00000001.job", "..%00", "x" * 1000, "%F0%9F%98%80"])
async def test_what_is_no_key_names_no_document_and_no_file(board: Room, visitor: Visitor, key: str) -> None:
    desk = {"cookie": await board.cookie(Role.FACILITATOR)}
    base = board.base("desk")
    making, made = [await visitor.get(f"{base}/{way}/{key}", headers=desk) for way in ("making", "made")]
    stopped = await visitor.post(f"{base}/making/{key}", {}, headers=desk)

    assert (making.status_code, made.status_code, stopped.status_code) == (200, 303, 303)
    assert 'data-making="over"' in making.text
