"""A city-wide forum before anybody builds one: 100,000 phones, simulated from what one machine measured.

    python -m tests.bench.city [--phones 100000] [--seed 1]

Two parts. *Measured*: several writers on one journal of a real store, the place where a city meets. *Simulated*:
so many server processes, each with its share of the phones, one core each; every append compares the head, whoever
comes second reads on and judges again. Virtual time, so it runs anywhere; the costs it is made of are those below.
"""

import argparse
import asyncio
import heapq
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from forum.journal import CODE_LETTERS, Conflict, StoreAddress, open_journal

# What `make bench` measured on two cores (README): each is the whole application's, not its pipe's.
JUDGE_S = 60e-6  # a command between reading the head and the append: decide, fold, encode
REST_S = 120e-6  # and the rest of it: frame, what is its author's drawn, answer (T10, less the above)
FOLD_S = 18e-6  # somebody else's fact, read from the journal (T9)
DRAW_S = 250e-6  # what changed, for one audience, once a tick
SEAT_S = 13e-6  # one frame to one phone (T3: 10,000 phones, 15 ideas a frame, 0.91 µs a delivery)
SLICE_S = 4e-3  # of writing to phones, before commands get a turn
IDEA_BYTES, COUNT_BYTES = 411, 400  # to each phone: an idea shown to all (T1); a count, once a tick
APPEND_S, APPEND_FACT_S = 350e-6, 12e-6  # the store: a batch with its fsync, and a fact more
TRIP_S = 300e-6  # to a store on another machine of the same hall, and back
MOST_COMMANDS = 64
TICK_S = 0.25  # the widest window phones are given
MEASURE_SECONDS = 2.0


@dataclass
class Process:
    """One server process: one core, one inbox, where it is in the journal."""

    at: int = 0
    judged_at: float = 0.0  # when what was begun for commands is done
    shown_at: float = 0.0  # when the tick under way is written to everybody
    inbox: list[float] = field(default_factory=list)  # when each command came
    busy_s: float = 0.0
    appending: bool = False

    def judge(self, now: float, seconds: float, rng: random.Random) -> float:
        """Spend core time on commands, after the slice that is being written; when it is done."""
        wait = rng.uniform(0, SLICE_S) if now < self.shown_at else 0.0
        self.judged_at = max(now + wait, self.judged_at) + seconds
        self.shown_at += seconds if now < self.shown_at else 0.0
        self.busy_s += seconds
        return self.judged_at

    def show(self, now: float, seconds: float) -> float:
        """Spend core time on a tick, slice by slice; when everybody has been written to."""
        self.shown_at = max(now, self.shown_at) + seconds
        self.busy_s += seconds
        return self.shown_at


@dataclass
class City:
    """Everything that happens, in order of virtual time."""

    phones: int
    processes: int
    a_second: float
    seconds: float
    rng: random.Random
    one_judges: bool  # whether every command is handed to the first process, which alone appends
    head: int = 0
    store_free_at: float = 0.0
    appends: int = 0
    conflicts: int = 0
    saved: list[float] = field(default_factory=list)  # seconds from thumb to ✓
    ages: list[float] = field(default_factory=list)  # seconds from a tick's begin to its last phone

    def run(self) -> "City":
        self.all = [Process() for _ in range(self.processes)]
        self.events: list[tuple[float, int, str, int]] = []
        self.n = 0
        for came in self._arrivals():
            if self.one_judges:
                self._at(came + TRIP_S, "command", 0)
            else:
                self._at(came, "command", self.rng.randrange(self.processes))
        for n in range(self.processes):
            self._at(self.rng.uniform(0, TICK_S), "tick", n)
        while self.events:
            now, _, what, who = heapq.heappop(self.events)
            if now > self.seconds * 4:
                break
            getattr(self, f"_{what}")(now, self.all[who], who)
        return self

    def _arrivals(self) -> Iterator[float]:
        now = 0.0
        while (now := now + self.rng.expovariate(self.a_second)) < self.seconds:
            yield now

    def _at(self, when: float, what: str, who: int) -> None:
        self.n += 1
        heapq.heappush(self.events, (when, self.n, what, who))

    def _command(self, now: float, one: Process, who: int) -> None:
        one.inbox.append(now)
        if not one.appending:
            self._judge(now, one, who)

    def _judge(self, now: float, one: Process, who: int) -> None:
        one.appending = True
        taken = min(MOST_COMMANDS, len(one.inbox))
        done = one.judge(now, (self.head - one.at) * FOLD_S + taken * JUDGE_S, self.rng)
        one.at = self.head
        self._at(done + TRIP_S / 2, "append", who)

    def _append(self, now: float, one: Process, who: int) -> None:
        taken = min(MOST_COMMANDS, len(one.inbox))
        if one.at != self.head:  # another process was first: read on, judge again
            self.conflicts += 1
            self._at(now + TRIP_S, "judge", who)
            return
        self.store_free_at = max(now, self.store_free_at) + APPEND_S + taken * APPEND_FACT_S
        self.head = one.at = self.head + taken
        self.appends += 1
        answered = self.store_free_at + TRIP_S / 2
        self.saved += [answered - came for came in one.inbox[:taken]]
        del one.inbox[:taken]
        self._rest(now, one, taken)
        self._at(answered, "answered", who)

    def _rest(self, now: float, one: Process, taken: int) -> None:
        """What a command costs beside its judgement: where its phone is."""
        for process in self.all if self.one_judges else [one]:
            process.show(now, taken * REST_S / (len(self.all) if self.one_judges else 1))

    def _answered(self, now: float, one: Process, who: int) -> None:
        one.appending = False
        if one.inbox:
            self._judge(now, one, who)

    def _tick(self, now: float, one: Process, who: int) -> None:
        news = 0 if one.appending else self.head - one.at
        one.at += news
        done = one.show(now, news * FOLD_S + DRAW_S + self.phones / self.processes * SEAT_S)
        self.ages.append(done - now)
        if now < self.seconds:
            self._at(max(done, now + TICK_S), "tick", who)


def line(phones: int, processes: int, a_second: float, seed: int, *, one_judges: bool) -> str:
    seconds = 20.0
    city = City(phones, processes, a_second, seconds, random.Random(seed), one_judges).run()
    saved = sorted(city.saved) or [0.0]
    busy = max(one.busy_s for one in city.all) / seconds
    shown = TICK_S + max(city.ages)
    return (
        f"{'one' if one_judges else 'all':>6} {processes:9} {a_second:8,.0f} {busy:8.0%} {median(saved) * 1000:8.0f} {saved[int(len(saved) * 0.99)] * 1000:8.0f}"
        f" {shown * 1000:9.0f} {city.conflicts / max(1, city.appends):10.2f}"
        f" {phones * a_second * IDEA_BYTES * 8 / 1e9:10.1f} {phones / TICK_S * COUNT_BYTES * 8 / 1e9:10.2f}"
    )


async def contended(writers: int) -> tuple[float, float]:
    """Appends a second into one journal by so many writers at once, and conflicts an append; a real store."""
    code = "".join(random.choice(CODE_LETTERS) for _ in range(6))
    done = conflicts = 0
    with tempfile.TemporaryDirectory() as folder:
        async with open_journal(StoreAddress(None, Path(folder))) as journal:
            head = await journal.create(code, [("city:1", b"{}")], {})
            until = time.monotonic() + MEASURE_SECONDS

            async def write(n: int) -> None:
                nonlocal done, conflicts
                at, op = head, 0
                while time.monotonic() < until:
                    op += 1
                    try:
                        at = await journal.append(code, at, [(f"w{n}:{op}", b'{"idea":"one"}')])
                        done += 1
                    except Conflict as conflict:
                        at, conflicts = conflict.head, conflicts + 1

            await asyncio.gather(*(write(n) for n in range(writers)))
    return done / MEASURE_SECONDS, conflicts / done


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.city", description="What a city-wide forum takes."
    )
    parser.add_argument("--phones", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    print("Measured: writers on one journal, each append one fact, fsync always\n")
    print(f"{'writers':>9} {'appends/s':>11} {'conflicts an append':>21}")
    for writers in (1, 2, 4, 8, 16):
        rate, conflicts = asyncio.run(contended(writers))
        print(f"{writers:9} {rate:11,.0f} {conflicts:21.2f}")
    print(f"\nSimulated: {asked.phones:,} phones, one core a process, a tick of {TICK_S * 1000:.0f} ms\n")
    print("       proces-           busiest    ✓ p50    ✓ p99  on every  conflicts     Gbit/s     Gbit/s")
    print("judge      ses    ops/s     core       ms       ms  phone ms  an append      shown     hidden")
    for one_judges in (False, True):
        for processes in (8, 12, 16, 24):
            for a_second in (100, 1000, 4000):
                print(line(asked.phones, processes, a_second, asked.seed, one_judges=one_judges))


if __name__ == "__main__":
    main()
