"""The keeper: looks after the life of every forum's data while a server runs, and at the command line's word.

It carries out erasures that were asked for, tells the desk that a forum's last day is near, deletes a forum whose last
day has passed, and has the store write its files anew after either. Everything it does may be done twice, or by two
processes at once. It logs what it did by codes and numbers, never a name or a text.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import structlog

from forum.domain import records
from forum.domain.flow import ForumOpened
from forum.domain.keeping import EndIsNear, ErasureAsked, KeepUntilSet, Redacted, days_left, due_notice
from forum.domain.kernel import NOBODY, Fact, Millis, Record
from forum.journal import Conflict, Damaged, Entry, Head, Journal, NoForum, Unavailable, recompute
from forum.keeping.erasure import carry_out
from forum.keeping.ledger import Ledger, Line

SWEEP_SECONDS: Final = 3600
TURN_SECONDS: Final = 3500  # shorter, so that the next round finds a turn free
BETWEEN_SECONDS: Final = 0.02  # between two forums of a sweep: nobody's tap waits for it
GATHER_SECONDS: Final = 5  # several erasures that come together are one rewrite
AGAIN_SECONDS: Final = 60  # after something that failed
CONCERNS: Final = (ForumOpened, KeepUntilSet, EndIsNear, ErasureAsked, Redacted)
MARKS: Final = tuple(f'"{fact.__name__}"'.encode() for fact in CONCERNS)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Life:
    """What of a forum's facts concerns its keeper, up to fact ``seq``."""

    seq: int = 0
    chain: str = ""  # there: another history is another life
    keep_until: str = ""  # ISO date; "" = nobody has said
    told: int = 0  # days before, as the desk was told last
    asked: frozenset[str] = frozenset()  # people whose erasure is pending


@dataclass(frozen=True, slots=True)
class Due:
    """A forum whose last day has passed."""

    code: str
    head: Head
    keep_until: str


class Keeper:
    """One per process. ``run`` it as a task; the rest may be called at any time."""

    def __init__(self, journal: Journal, ledger: Ledger, clock: Callable[[], int]) -> None:
        self._journal, self._ledger, self._clock = journal, ledger, clock
        self._lives: dict[str, Life] = {}
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Sweep every hour, when no other process does; rewrite whenever something was struck. Until cancelled."""
        while True:
            done = await self._round()
            with suppress(TimeoutError):
                async with asyncio.timeout(SWEEP_SECONDS if done else AGAIN_SECONDS):
                    await self._wake.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self._wake.clear()

    async def erase(self, code: str) -> int:
        """Carry out what was asked to be erased in a forum; return how much. The disk follows in the background.

        NoForum, Damaged, Unavailable: then the request stands, and the next sweep finds it.
        """
        done = await carry_out(self._journal, code, self._clock(), self._ledger)
        if done:
            log.info("erasures_carried_out", forum=code, erasures=done)
            self._wake.set()
        return done

    async def sweep(self) -> None:
        """Look after every forum once. Unavailable."""
        for record in await self._journal.forums():
            try:
                await self._look_after(record.code)
            except (NoForum, Conflict):  # it went, or goes on: the next sweep sees
                continue
            except Damaged as error:
                log.warning("keeper_forum_damaged", forum=record.code, why=str(error))
            await asyncio.sleep(BETWEEN_SECONDS)

    async def due(self) -> list[Due]:
        """The forums whose last day has passed. Unavailable."""
        found = []
        for record in await self._journal.forums():
            try:
                head, life = await self._life(record.code)
            except (NoForum, Damaged):
                continue
            if self._is_over(life):
                found.append(Due(record.code, head, life.keep_until))
        return found

    async def purge(self, code: str, head: Head, keep_until: str = "") -> None:
        """Delete a forum that stands at ``head`` whole, and write it down. NoForum, Conflict, Unavailable."""
        created = int((await self._journal.meta(code)).get("created", "0"))
        await self._journal.keeping.purge(code, await self._present(code, head))
        self._lives.pop(code, None)
        await asyncio.to_thread(self._ledger.note, Line(code, created, self._clock(), purged=True))
        log.info("forum_deleted", forum=code, kept_until=keep_until, facts=head.seq, created=created)
        self._wake.set()

    async def rewrite(self) -> bool:
        """Let what was struck or deleted leave the store's disk too; False when that is still to do. Unavailable."""
        done = await self._journal.keeping.rewrite()
        match done:
            case "done":
                log.info("store_rewritten")
            case "denied":
                log.warning("store_not_rewritten", cure="run BGREWRITEAOF and BGSAVE on the store")
            case "failed":
                log.error("store_rewrite_failed", cure="look at the store's log and its free disk")
        return done != "failed"

    # --- inside

    async def _round(self) -> bool:
        """Do what is to be done now; False when some of it is to be tried again soon."""
        try:
            if await self._journal.keeping.turn("sweep", TURN_SECONDS):
                await self.sweep()
            return await self.rewrite()
        except Unavailable as error:
            log.warning("keeper_store_away", reason=error.reason)
        except Exception:
            # A bug of ours in looking after old forums must not end those that are being held.
            log.exception("keeper_failed")
        return False

    async def _look_after(self, code: str) -> None:
        head, life = await self._life(code)
        if life.asked:
            await self.erase(code)
        elif self._is_over(life):
            await self.purge(code, head, life.keep_until)
        elif life.keep_until and (days := due_notice(life.keep_until, life.told, self._clock())):
            await self._tell(code, head, life, days)

    def _is_over(self, life: Life) -> bool:
        return bool(life.keep_until) and days_left(life.keep_until, self._clock()) < 0

    async def _tell(self, code: str, head: Head, life: Life, days: int) -> None:
        record = Record(EndIsNear(days), NOBODY, Millis(self._clock()))
        head = await self._present(code, head)
        # An op of its own each time: a day that is put off and put back is told of twice.
        await self._journal.append(code, head, [(f"keeper-{secrets.token_hex(8)}:1", records.encode(record))])
        log.info("end_is_near", forum=code, kept_until=life.keep_until, days=days)

    async def _present(self, code: str, head: Head) -> Head:
        """The same head in the store's present life, which a restart has changed. Conflict when the journal went on."""
        try:
            return await self._journal.append(code, head, [])
        except Conflict as conflict:
            if conflict.head[1:] != head[1:]:
                raise
            return conflict.head

    async def _life(self, code: str) -> tuple[Head, Life]:
        """Where a forum stands, and its life up to there. Only what is new since the last look is read."""
        head = await self._journal.head(code)
        if head is None:
            raise NoForum(code)
        life = self._lives.get(code, Life())
        if (life.seq, life.chain) != head[1:]:
            life = await self._lived_on(code, life if life.seq < head.seq else Life())
            self._lives[code] = life
        return Head(head.gen, life.seq, life.chain), life

    async def _lived_on(self, code: str, life: Life) -> Life:
        entries = await self._journal.read(code, life.seq)
        if life.seq and not _continues(life, entries):  # the store lost its tail, and went on
            life, entries = Life(), await self._journal.read(code)
        return lived(life, entries)


def lived(life: Life, entries: Iterable[Entry]) -> Life:
    """A life with more facts in it; those that do not concern it are not decoded. Pure."""
    seq, chain = life.seq, life.chain
    until, told, asked = life.keep_until, life.told, life.asked
    for entry in entries:
        seq, chain = entry.seq, entry.chain
        match _concern(entry):
            case ForumOpened(keep_until=until):
                pass
            case KeepUntilSet(until=until):
                told = 0
            case EndIsNear(days=told):
                pass
            case ErasureAsked(person=person):
                asked |= {person}
            case Redacted(person=person, more=False):
                asked -= {person}
            case _:
                pass
    return Life(seq, chain, until, told, asked)


def _continues(life: Life, entries: Iterable[Entry]) -> bool:
    try:
        recompute(entries, life.chain)
    except Damaged:
        return False
    return True


def _concern(entry: Entry) -> Fact | None:
    if not any(mark in entry.body for mark in MARKS):
        return None
    try:
        fact = records.decode(entry.body).fact
    except records.UnknownFact:  # a newer version's: not ours to keep
        return None
    return fact if isinstance(fact, CONCERNS) else None
