"""Documents being made: in a line for each forum, one after another, while their people are told how far they are.

Theory of operation. A job is one document of one moment of a forum, under a key that follows from what it is made of; whoever asks
for the same one while it is there shares it. Jobs lie as small files in a folder that every process of this machine sees, so that any
of them can answer whoever asks:

    00000012.job        what is to be made; the process that makes it touches it: old, it is nobody's
    00000012.far        begun; how many documents of how many are done
    00000012.by.PERSON  somebody wants it; without any it ends, with the process that makes it
    KEY.made            the document, or that it took too much; for minutes

The number gives the order within a forum. A job begins when none of its forum is under way and none before it waits, and when few
are under way on this machine. Forums take turns: one that has many in the line holds up nobody who wants their first. What was made before something was erased is not given any more: its *fence* says so. Nothing here says who may
ask for what, nor what is in a document.
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Final, Literal, NamedTuple

import msgspec
import structlog

from forum.exports import Made
from forum.exports.documents import untold
from forum.web.limits import TooMany
from forum.web.making import Maker
from forum.web.turns import Crowded

FOLDER: Final = "documents"
AT_ONCE: Final = 2  # on this machine; of one forum one
MOST_OF_ONE: Final = 3  # that a person wants, unfinished
MOST_OF_FORUM: Final = 8
MOST: Final = 24
MOST_FIRST: Final = 40  # while the forum that asks has none in the line
KEPT_SECONDS: Final = 180.0
KEPT_BYTES: Final = 256 * 1024**2  # of all that was made; the oldest goes first
LOOK_SECONDS: Final = 0.4  # between two looks at the line
FORSAKEN_SECONDS: Final = 15.0  # since its process touched it: that is no more
ROOM_SECONDS: Final = 10.0  # until there may be room again

log = structlog.get_logger()


class Job(msgspec.Struct, frozen=True):
    """What is to be made, and of which moment."""

    key: str
    forum: str
    kind: str
    query: str  # of the address under which it is asked for
    seq: int  # of the journal
    fence: str  # what was erased until then
    turn: int = 0  # among all forums: one after that of its forum's last one


class Waits(NamedTuple):
    """Not begun."""

    before: int  # documents of its forum; 0: others' are under way


class Begun(NamedTuple):
    """Being made."""

    done: int
    of: int  # 0: it is one document


Standing = Waits | Begun | Literal["ready", "too much"]


class Found(NamedTuple):
    """A job as it stands."""

    job: Job
    standing: Standing


class _Kept(msgspec.Struct, frozen=True):
    """The first line of what is kept; the document follows."""

    job: Job
    ready: bool


class Jobs:
    """Of one process, over the folder that all of them share. Looking at it takes some microseconds a job."""

    def __init__(self, data: Path, maker: Maker) -> None:
        """``data``: the folder of all that is kept; one of ours is made in it when it is needed."""
        self._folder, self._maker = data / FOLDER, maker
        self._own: dict[str, asyncio.Task[None]] = {}
        self._mine: set[str] = set()  # what this process made and may still be there
        self._sweep()  # what a process left behind that was killed; now, and when the rest of it is old
        asyncio.get_running_loop().call_later(KEPT_SECONDS + 1, self._sweep)

    async def make(self, order: bytes) -> Made:
        """A document at once, past the line: where nothing can be kept. Crowded."""
        return await self._maker(order, untold)

    def ask(self, job: Job, person: str, order: Callable[[], Awaitable[bytes]]) -> None:
        """Have a document made unless it is there or under way; ``order`` is called when its turn has come.

        TooMany, when this person wants many already; Crowded, when the line is full; OSError, when nothing can be kept here.
        """
        self._sweep()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = self._kept(job.key)
        if kept and kept.ready:
            return
        self._file(job.key, "made").unlink(missing_ok=True)  # that it took too much: now it may not
        line = self._line()
        number = next((number for number, other in line.items() if other.key == job.key), 0)
        if not number:
            self._refuse(line, job.forum, person)
            job = msgspec.structs.replace(job, turn=_turn(line, job.forum))
            number = self._note(job, max(line, default=0) + 1)
            task = asyncio.create_task(self._work(number, job, order), name=f"document {number}")
            self._own[job.key] = task
            task.add_done_callback(partial(self._over, job.key))
        self._by(number, person).touch()

    async def settled(self, key: str, seconds: float) -> None:
        """Wait until a document is there, or is not going to be; for so long at most. What went wrong here is raised."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                if own := self._own.get(key):
                    await asyncio.wait({own})
                    if not own.cancelled():
                        own.result()
                while any(job.key == key for job in self._line().values()):  # noqa: ASYNC110  files tell nobody
                    await asyncio.sleep(LOOK_SECONDS)

    def find(self, forum: str, key: str, fence: str) -> Found | None:
        """How a job of a forum stands; None when there is none, or something was erased since."""
        self._sweep()
        line = self._line()
        for number, job in line.items():
            if job.key == key:
                return Found(job, self._standing(number, line)) if _fits(job, forum, fence) else None
        kept = self._kept(key)
        if kept is None or not _fits(kept.job, forum, fence):
            return None
        return Found(kept.job, "ready" if kept.ready else "too much")

    async def take(self, key: str) -> Made | None:
        """A document that was found ready; None when it went at that moment."""
        try:
            kept = await asyncio.to_thread(self._file(key, "made").read_bytes)
            return _MADE.decode(kept.partition(b"\n")[2])
        except (OSError, msgspec.MsgspecError):
            return None

    def stop(self, forum: str, key: str, person: str) -> None:
        """Somebody does not want it any more. If nobody else does, it is not made: its process notices in a moment."""
        for number, job in self._line().items():
            if job.key == key and job.forum == forum:
                self._by(number, person).unlink(missing_ok=True)

    async def end(self) -> None:
        """Stop what this process makes, and keep nothing that it made, since it ends."""
        for task in (own := list(self._own.values())):
            task.cancel()
        await asyncio.gather(*own, return_exceptions=True)
        for key in self._mine:
            self._file(key, "made").unlink(missing_ok=True)

    # --- the work

    async def _work(self, number: int, job: Job, order: Callable[[], Awaitable[bytes]]) -> None:
        making = asyncio.create_task(self._make(number, job, order), name=f"making {number}")
        try:
            while not making.done() and any(self._folder.glob(f"{number:08}.by.*")):
                os.utime(self._file(number, "job"))
                await asyncio.wait({making}, timeout=LOOK_SECONDS)
            if making.done():
                making.result()
        except FileNotFoundError:
            log.warning("document_forsaken")  # by others, for whom this machine had stood still
        finally:
            making.cancel()
            await asyncio.gather(making, return_exceptions=True)
            self._forget(number)

    async def _make(self, number: int, job: Job, order: Callable[[], Awaitable[bytes]]) -> None:
        while not self._may_begin(number):  # noqa: ASYNC110  files tell nobody
            await asyncio.sleep(LOOK_SECONDS)
        self._say(number, 0, 0)
        if self._kept(job.key):
            return  # another process has made it

        def far(done: int, of: int) -> None:
            with suppress(OSError):  # the document is worth more than knowing how far it is
                self._say(number, done, of)

        try:
            made = await self._maker(await order(), far)
        except Crowded:
            made = None
        self._mine.add(job.key)
        await asyncio.to_thread(self._keep, job, made)

    def _over(self, key: str, task: asyncio.Task[None]) -> None:
        if self._own.get(key) is task:
            del self._own[key]
        asyncio.get_running_loop().call_later(KEPT_SECONDS + 1, self._sweep)
        if not task.cancelled() and (error := task.exception()):
            log.error("document_not_made", why=type(error).__name__)

    # --- the line

    def _line(self) -> dict[int, Job]:
        """What is not over, by number, in their order."""
        found = {}
        for file in sorted(self._folder.glob("*.job")):
            with suppress(OSError, msgspec.MsgspecError):
                found[int(file.stem)] = _JOB.decode(file.read_bytes())
        return found

    def _may_begin(self, number: int) -> bool:
        line = self._line()
        begun = [n for n in line if self._begun(n)]
        busy = {line[n].forum for n in begun}
        first: dict[str, int] = {}
        for n, job in line.items():
            if job.forum not in busy:
                first.setdefault(job.forum, n)
        turns = sorted(first.values(), key=lambda n: (line[n].turn, n))
        return number in turns[: max(0, AT_ONCE - len(begun))]

    def _standing(self, number: int, line: dict[int, Job]) -> Standing:
        if not self._begun(number):
            return Waits(sum(n < number and job.forum == line[number].forum for n, job in line.items()))
        with suppress(OSError, ValueError):
            done, of = self._file(number, "far").read_text("ascii").split()
            return Begun(int(done), int(of))
        return Begun(0, 0)

    def _refuse(self, line: dict[int, Job], forum: str, person: str) -> None:
        if sum(self._by(number, person).exists() for number in line) >= MOST_OF_ONE:
            raise TooMany(ROOM_SECONDS)
        own = sum(job.forum == forum for job in line.values())
        if own >= MOST_OF_FORUM or len(line) >= (MOST if own else MOST_FIRST):
            raise Crowded(ROOM_SECONDS)

    def _note(self, job: Job, number: int) -> int:
        """Put a job into the line, whole or not at all, under the next number that is free."""
        draft = self._folder / f"draft.{os.getpid()}"
        draft.write_bytes(msgspec.json.encode(job))
        try:
            while True:
                with suppress(FileExistsError):
                    os.link(draft, self._file(number, "job"))
                    return number
                number += 1
        finally:
            draft.unlink()

    def _say(self, number: int, done: int, of: int) -> None:
        self._write(self._file(number, "far"), f"{done} {of}".encode())

    def _begun(self, number: int) -> bool:
        return self._file(number, "far").exists()

    # --- files

    def _file(self, name: int | str, kind: str) -> Path:
        return self._folder / (f"{name:08}.{kind}" if isinstance(name, int) else f"{name}.{kind}")

    def _by(self, number: int, person: str) -> Path:
        return self._file(number, f"by.{blake2b(person.encode(), digest_size=8).hexdigest()}")

    def _write(self, file: Path, *parts: bytes) -> None:
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        with draft.open("wb") as out:
            out.writelines(parts)
        draft.replace(file)

    def _kept(self, key: str) -> _Kept | None:
        with suppress(OSError, msgspec.MsgspecError), self._file(key, "made").open("rb") as file:
            return _KEPT.decode(file.readline())
        return None

    def _keep(self, job: Job, made: Made | None) -> None:
        document = msgspec.msgpack.encode(made)
        room = KEPT_BYTES - len(document)
        for size, file in sorted(self._others(), key=lambda one: -one[1].stat().st_mtime):
            room -= size
            if room < 0:
                file.unlink(missing_ok=True)
        head = msgspec.json.encode(_Kept(job, ready=made is not None))
        self._write(self._file(job.key, "made"), head, b"\n", document)

    def _others(self) -> Iterator[tuple[int, Path]]:
        for file in self._folder.glob("*.made"):
            with suppress(OSError):
                yield file.stat().st_size, file

    def _forget(self, number: int) -> None:
        for file in self._folder.glob(f"{number:08}.*"):
            file.unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Remove what is older than it may be: jobs of processes that are no more, and what was kept for its minutes."""
        now, live = time.time(), {file.stem for file in self._folder.glob("*.job")}
        for file in self._folder.glob("*"):
            with suppress(OSError):
                age = now - file.stat().st_mtime
                if file.suffix == ".job" and age > FORSAKEN_SECONDS:
                    self._forget(int(file.stem))
                elif age > KEPT_SECONDS and file.name.partition(".")[0] not in live:
                    file.unlink(missing_ok=True)
                    self._mine.discard(file.stem)


def _fits(job: Job, forum: str, fence: str) -> bool:
    return (job.forum, job.fence) == (forum, fence)


def _turn(line: dict[int, Job], forum: str) -> int:
    return max(
        min((job.turn for job in line.values()), default=0),
        *(job.turn + 1 for job in line.values() if job.forum == forum),
        0,
    )


_JOB: Final = msgspec.json.Decoder(Job)
_KEPT: Final = msgspec.json.Decoder(_Kept)
_MADE: Final = msgspec.msgpack.Decoder(Made)
