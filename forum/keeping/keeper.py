"""The keeper looks after the life of every forum's data, while a server runs and on demand from the command line.

It carries out erasures, strikes what has had its time, tells the desk that a forum's last day is near, deletes a forum
whose last day has passed, and what is left here of one that moved away, and then has the store write its files anew.
Everything may be done twice, or by two processes at once. It logs by codes and numbers, never a name or a text.

One *pass* at a time carries out the erasures of one forum, in one process at a time. People who ask while a
pass is under way join the next one, which does everything that was asked for until it begins. So a crowd
costs as many passes as there is time for, not one for each person. What fails is tried again by itself,
later each time.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Final

import structlog

from forum.domain import records
from forum.domain.keeping import EndIsNear, due_notice, is_over
from forum.domain.kernel import NOBODY, Millis, PersonId, Record
from forum.journal import (
    Conflict,
    Damaged,
    Head,
    Journal,
    Move,
    MovedAway,
    NoForum,
    Rewritten,
    Unavailable,
)
from forum.keeping.ending import end_terms
from forum.keeping.erasure import Anew, Erased, carry_out
from forum.keeping.ledger import Ledger, Line
from forum.keeping.life import Due, Life, continues, lived
from forum.keeping.passes import Passes
from forum.keeping.patience import Patience
from forum.keeping.pictures import let_go

DAY_MS: Final = 24 * 3600 * 1000
LEFT_DAYS: Final = 30  # what a forum leaves here that moved away: long enough to see that all of it arrived
SWEEP_SECONDS: Final = 3600
TURN_SECONDS: Final = 3500  # shorter, so that the next round finds a turn free
BETWEEN_SECONDS: Final = 0.02  # between two forums of a sweep: nobody's tap waits for it
WATCH_SECONDS: Final = 10  # between two looks whether an erasure waits that nobody carries out
GATHER_SECONDS: Final = 5  # several erasures that come together are one rewrite
REWRITE_TURN_SECONDS: Final = 660  # longer than a rewrite may take
REWRITE_REST_SECONDS: Final = 60  # between two rewrites, in which the store's disk is busy
PASS_TURN_SECONDS: Final = 20  # a process that dies in a pass holds the others up so long at most
PASS_REST: Final = (
    2.0  # after a pass that struck words, so many times as long as it took: rooms fold anew meanwhile
)
PASS_REST_MOST_SECONDS: Final = 5.0
LOOK_SECONDS: Final = 0.05  # between two looks whether another process is done; doubles
LOOK_MOST_SECONDS: Final = 0.5
PLANS: Final = 10  # of one pass, each overtaken by another process
AGAIN_SECONDS: Final = 60  # after something that failed; doubles
AGAIN_MOST_SECONDS: Final = 3600
PASS_AGAIN_SECONDS: Final = 2  # after an erasure that failed; doubles
PASS_AGAIN_MOST_SECONDS: Final = 600

log = structlog.get_logger()


class Keeper:
    """One per process. ``run`` it as a task; the rest may be called at any time."""

    def __init__(
        self,
        journal: Journal,
        ledger: Ledger,
        clock: Callable[[], int],
        waiting: Callable[[], Iterable[str]] = lambda: (),
    ) -> None:
        """``waiting``: the forums that live here in which an erasure is to be carried out: its process may be no more."""
        self._journal, self._ledger, self._clock, self._waiting = journal, ledger, clock, waiting
        self._lives: dict[str, Life] = {}
        self._ended: dict[str, str] = {}  # forum → what may have had its time, and was looked for
        self._wake = asyncio.Event()
        self._passes: dict[str, Passes] = {}
        self._unfinished: dict[str, Patience] = {}  # forums whose last pass failed
        self._sweeping = Patience(AGAIN_SECONDS, AGAIN_MOST_SECONDS)
        self._rewriting = Patience(AGAIN_SECONDS, AGAIN_MOST_SECONDS)
        self._owes = False  # something may be to rewrite

    async def run(self) -> None:
        """Sweep every hour, when no other process does; rewrite whenever something was struck. Until cancelled."""
        try:
            while True:
                await self._round()
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(self._pause(), WATCH_SECONDS)):
                        await self._wake.wait()
                await asyncio.sleep(GATHER_SECONDS)
                self._wake.clear()
        finally:
            for passes in self._passes.values():
                passes.cancel()

    async def erase(self, code: str) -> int:
        """Carry out what was asked to be erased in a forum; return of how many people. The disk follows in the background.

        Whoever asks while this is being done waits for the next pass, which does what all asked for until it begins.
        NoForum, Damaged, Unavailable: then the request stands, and is tried again by itself.
        """
        passes = self._passes.setdefault(code, Passes())
        try:
            return await passes.join(lambda: self._pass(code))
        finally:
            if passes.idle and self._passes.get(code) is passes:
                del self._passes[code]

    async def erase_soon(self, code: str, seconds: float) -> bool:
        """As ``erase``, but wait for so long at most; say whether it is done. It goes on by itself in any case."""
        try:
            async with asyncio.timeout(seconds):
                await self.erase(code)
        except TimeoutError:
            return False
        except (NoForum, MovedAway, Damaged, Unavailable) as error:
            log.warning("erasure_waits", forum=code, why=str(error))
            return False
        return True

    async def note_address_taken_back(self, code: str, person: PersonId) -> None:
        """Have the ledger know that somebody's address is to go, so that no backup of before brings it back (E4)."""
        created = int((await self._journal.meta(code)).get("created", "0"))
        line = Line(code, created, self._clock(), person, name=False, address=True)
        try:
            await asyncio.to_thread(self._ledger.note, line)
        except OSError as error:  # a disk that is full must not keep the address where it is
            log.exception("erasure_not_in_ledger", forum=code, why=error.strerror or type(error).__name__)

    async def let_go(self, code: str) -> int:
        """Let go of pictures that were erased; return how many. NoForum, Damaged, Unavailable: the next sweep does."""
        gone = await let_go(self._journal, self._ledger, code, (await self._life(code))[1], self._clock())
        self._owes |= bool(gone)
        return gone

    async def traces(self) -> Rewritten | None:
        """Why what was erased is still on the store's disk; None when nothing is known of trouble, or nobody can say."""
        try:
            return await self._journal.keeping.traces()
        except Unavailable:
            return None

    async def sweep(self) -> None:
        """Look after every forum once. Unavailable."""
        for record in await self._journal.forums():
            try:
                await self._look_after(record.code)
            except (NoForum, MovedAway, Conflict):  # it went, or goes on: the next sweep sees
                continue
            except Damaged as error:
                log.warning("keeper_forum_damaged", forum=record.code, why=str(error))
            await asyncio.sleep(BETWEEN_SECONDS)

    async def due(self) -> list[Due]:
        """The forums whose last day has passed, and what those left here that moved away long ago. Unavailable."""
        found = []
        for record in await self._journal.forums():
            try:
                head, life = await self._life(record.code)
            except (NoForum, Damaged):
                continue
            moved = await self._journal.moved(record.code)
            if self._is_left(moved) if moved else self._is_over(life):
                found.append(Due(record.code, head, life.keep_until))
        return found

    async def purge(self, code: str, head: Head, keep_until: str = "") -> None:
        """Delete a forum that stands at ``head`` whole, and write it down. NoForum, Conflict, Unavailable."""
        created = int((await self._journal.meta(code)).get("created", "0"))
        moved = await self._journal.moved(code)
        if moved:
            await self._journal.keeping.lead_on(code, moved.address)
        await self._journal.keeping.purge(code, await self._present(code, head))
        self._lives.pop(code, None)
        self._ended.pop(code, None)
        await asyncio.to_thread(self._ledger.note, Line(code, created, self._clock(), purged=True))
        log.info("forum_deleted", forum=code, kept_until=keep_until, facts=head.seq, created=created)
        self._owes = True
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
            case "away":
                log.warning(
                    "store_rewrite_incomplete",
                    cure="start the server of the store that is away, or remove it",
                )
        return done not in ("failed", "away")

    # --- inside

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _pause(self) -> float:
        """How long nothing is to be done, if nobody asks for anything."""
        others = [patience.due for patience in self._unfinished.values()]
        due = min([self._sweeping.due, *others, *([self._rewriting.due] if self._owes else [])])
        return max(0.0, due - self._now())

    async def _round(self) -> None:
        """Do what is to be done now; what fails is due again later each time."""
        if self._sweeping.is_due(self._now()):
            await self._try(self._swept, self._sweeping, SWEEP_SECONDS)
        for code in dict.fromkeys([*self._unfinished, *self._waiting()]):
            if code not in self._unfinished or self._unfinished[code].is_due(self._now()):
                await self._carried_on(code)
        if self._owes and self._rewriting.is_due(self._now()):
            await self._try(self._rewritten, self._rewriting, REWRITE_REST_SECONDS)

    async def _swept(self) -> bool:
        if await self._journal.keeping.turn("sweep", TURN_SECONDS):
            await self.sweep()
        self._owes = True  # perhaps of a process that is no more
        return True

    async def _rewritten(self) -> bool:
        """As ``rewrite``, but one process of all; the others look again after a rest."""
        if not await self._journal.keeping.turn("rewrite", REWRITE_TURN_SECONDS):
            return True
        try:
            self._owes = False  # what is struck meanwhile is for the next time
            done = await self.rewrite()
        except BaseException:  # cancelled too: what was struck still lies in the store's files
            self._owes = True
            raise
        finally:
            await self._give_back("rewrite")
        self._owes |= not done
        return done

    async def _carried_on(self, code: str) -> None:
        """Try an erasure again that could not be carried out."""
        try:
            await self.erase(code)
        except (NoForum, MovedAway):  # where it goes on it is carried out
            self._unfinished.pop(code, None)
        except (Damaged, Unavailable) as error:
            log.warning("erasure_still_waits", forum=code, why=str(error))

    async def _pass(self, code: str) -> int:
        """Carry out what was asked for in a forum until now, where no other process does."""
        try:
            done = await self._passed(code)
        except (Damaged, Unavailable):
            patience = self._unfinished.setdefault(
                code, Patience(PASS_AGAIN_SECONDS, PASS_AGAIN_MOST_SECONDS)
            )
            patience.failed(self._now())
            self._wake.set()
            raise
        self._unfinished.pop(code, None)
        return done

    async def _passed(self, code: str) -> int:
        turn, began = f"erase-{code.lower()}", self._now()
        if not await self._turn_comes(turn, code):
            return 0
        got = self._now()
        try:
            erased = await self._planned_and_done(code)
        finally:
            if self._now() - got < PASS_TURN_SECONDS / 2:  # else it may be another's by now
                await self._give_back(turn)
        if erased.people:
            log.info("erasures_carried_out", forum=code, erasures=erased.people, entries=erased.entries)
            self._owes = True
            self._wake.set()
        if erased.unnoted:
            log.error("erasure_not_in_ledger", forum=code, why=erased.unnoted)
        if erased.entries and code in self._passes:
            self._passes[code].rest(min(PASS_REST_MOST_SECONDS, PASS_REST * (self._now() - began)))
        return erased.people

    async def _planned_and_done(self, code: str) -> Erased:
        for _ in range(PLANS):
            head, life = await self._life(code)
            if not life.asked:
                return Erased()
            try:
                return await carry_out(self._journal, code, head, life.asked, self._clock(), self._ledger)
            except Anew:
                continue
        raise Unavailable("busy", f"the erasures of {code} are overtaken again and again")

    async def _turn_comes(self, turn: str, code: str) -> bool:
        """Wait until it is this process's turn; False when nothing is left to do, as when another one did it."""
        pause = LOOK_SECONDS
        while True:
            _, life = await self._life(code)
            if not life.asked:
                return False
            if await self._journal.keeping.turn(turn, PASS_TURN_SECONDS):
                return True
            await asyncio.sleep(pause)
            pause = min(2 * pause, LOOK_MOST_SECONDS)

    async def _give_back(self, turn: str) -> None:
        with suppress(Unavailable):  # it ends by itself
            await self._journal.keeping.turn_over(turn)

    async def _try(self, what: Callable[[], Awaitable[bool]], patience: Patience, rest: float) -> None:
        try:
            done = await what()
        except Unavailable as error:
            log.warning("keeper_store_away", reason=error.reason)
            done = False
        except Exception:
            # A bug of ours in looking after old forums must not end those that are being held.
            log.exception("keeper_failed")
            done = False
        if done:
            patience.done(self._now(), rest)
        else:
            patience.failed(self._now())

    async def _look_after(self, code: str) -> None:
        moved = await self._journal.moved(code)
        head, life = await self._life(code)
        await self.let_go(code)
        if moved:
            if self._is_left(moved):
                await self.purge(code, head)
        elif life.asked:
            await self.erase(code)
        elif self._is_over(life):
            await self.purge(code, head, life.keep_until)
        elif life.ended(self._clock()) != self._ended.get(code, ""):
            await self._end_terms(code)
        elif life.keep_until and (days := due_notice(life.keep_until, life.told, self._clock())):
            await self._tell(code, head, life, days)

    async def _end_terms(self, code: str) -> None:
        done = await end_terms(self._journal, code, self._clock(), self._ledger)
        self._ended[code] = (await self._life(code))[1].ended(self._clock())
        if done.entries or done.people:
            log.info("terms_ended", forum=code, entries=done.entries, names=done.people)
            self._owes = True
            self._wake.set()
        if done.unnoted:
            log.error("erasure_not_in_ledger", forum=code, why=done.unnoted)

    def _is_left(self, moved: Move) -> bool:
        """Say whether a copy has lain here long enough since its forum moved away."""
        return self._clock() - moved.at > LEFT_DAYS * DAY_MS

    def _is_over(self, life: Life) -> bool:
        return bool(life.keep_until) and is_over(life.keep_until, self._clock())

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
        except MovedAway:  # it takes nothing any more; asked, it knows its present life all the same
            return await self._journal.head(code) or head

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
        if life.seq and not continues(life, entries):  # the store lost its tail, and went on
            life, entries = Life(), await self._journal.read(code)
        return lived(life, entries)
