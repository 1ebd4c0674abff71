"""``make soak``: forum after forum on one real server for hours, and a verdict on what grew.

    python -m tests.soak [--minutes 120] [--people 120] [--seed N] [--out FILE]

One ``forum serve`` with its own store, in a folder of its own. Forums come one after another, each with its people, a
desk and a wall; between two of them everybody is gone for long enough that the server lets the room go. A forum is
deleted when ``KEPT`` newer ones are over, so that a server that forgets nothing it should forget holds the same at the
end as after half an hour. Samples go to the file as JSON lines, the table and the verdict to the terminal.

Exit code 1 when a promise was not kept, 2 when it could not be measured.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import redis.asyncio

from forum.journal import embedded_store
from tests.bench import machine
from tests.faults.hall import socket_of
from tests.servers import ServerProcess
from tests.soak.day import Day, asker
from tests.soak.samples import Sample, Watch, append_only_bytes
from tests.soak.verdict import REST, WINDOWS, judged, table, windows

CYCLE_SECONDS = 450.0  # of one forum and the rest after it, about: a whole number of them makes a window
REST_SECONDS = 115.0  # a poll outlives its phone by 20 s, and a room whoever was last there by a minute
LEAST_DAY_SECONDS = 45.0
SAMPLE_SECONDS = 15.0
KEPT = 4  # forums; older ones are deleted, as after the day on which they end


@dataclass
class Soak:
    """One run."""

    server: ServerProcess
    people: int
    seconds: float
    rng: random.Random
    out: Path
    samples: list[Sample] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    cycle: int = 0
    phase: str = REST
    codes: list[str] = field(default_factory=list)

    async def run(self) -> None:
        """Live one forum after another, and watch."""
        began = time.monotonic()
        watching = asyncio.create_task(self._watch(began))
        try:
            cycles = WINDOWS * max(1, round(self.seconds / WINDOWS / CYCLE_SECONDS))
            each = self.seconds / cycles
            for n in range(cycles):
                self.cycle = n
                await self._forum(each - REST_SECONDS, n)
                await _until(began + (n + 1) * each)
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def _forum(self, seconds: float, n: int) -> None:
        self.phase = "forum"
        async with asker() as http:
            day = Day(self.server.address, self.people, seconds, random.Random(self.rng.random()), http)
            try:
                self.codes.append(await day.live())
            except Exception as error:  # noqa: BLE001  the next day comes all the same; this is told at the end
                self.wrong[repr(error)[:200]] += 1
            self.done += day.done
            self.wrong += day.wrong
        self.phase = REST
        while len(self.codes) > KEPT:
            await command("purge", self.codes.pop(0), "--yes", "--data", str(self.server.data))
        last = self.samples[-1] if self.samples else None
        memory = f"{last.server.rss / 1024:.0f} MB, {last.server.descriptors} descriptors" if last else "?"
        say(
            f"forum {n + 1} is over: {memory}; {told(day.done)}{'; wrong: ' + told(day.wrong) if day.wrong else ''}"
        )

    async def _watch(self, began: float) -> None:
        watch = Watch(self.server.pid, self.server.store_pid(), self.server.data, self.server.address)
        with self.out.open("wb") as out:
            async with asker() as http:
                while True:
                    sample = await watch.look(time.monotonic() - began, self.cycle, self.phase, http)
                    self.samples.append(sample)
                    out.write(msgspec.json.encode(sample) + b"\n")
                    out.flush()
                    await _until(began + len(self.samples) * SAMPLE_SECONDS)


async def _until(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - time.monotonic()))


async def command(*words: str) -> None:
    """Run a command of ``forum``; what it says against it ends the soak."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "forum", *words),
        env=os.environ | {"LANG": "C", "FORUM_REDIS_URL": ""},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, errors = await process.communicate()
    if process.returncode:
        raise machine.Missing(f"forum {words[0]} ended with {process.returncode}: {errors.decode().strip()}")


async def rewritten_bytes(data: Path, socket: str) -> int:
    """What the store's file takes after it was written anew."""
    store = redis.asyncio.Redis(unix_socket_path=socket)
    try:
        await _quiet(store)
        await store.bgrewriteaof()
        await _quiet(store)
    finally:
        await store.aclose()
    return append_only_bytes(data)


async def _quiet(store: redis.asyncio.Redis) -> None:
    """Wait until the store writes no file in the background."""
    flags = ("aof_rewrite_in_progress", "aof_rewrite_scheduled", "rdb_bgsave_in_progress")
    while any(map((await store.info("persistence")).get, flags)):  # noqa: ASYNC110
        await asyncio.sleep(0.1)


async def files(server: ServerProcess, folder: Path) -> tuple[int, int]:
    """The store's file after its rewrite, and that of a fresh store that was given all its forums."""
    file = await rewritten_bytes(server.data, socket_of(server.data))
    await command("backup", "--data", str(server.data), "--out", str(folder / "backups"))
    [backup] = (folder / "backups").glob("*.forum-backup.tar")
    fresh = folder / "fresh"
    await command("restore", str(backup), "--data", str(fresh))
    async with embedded_store(fresh):
        return file, await rewritten_bytes(fresh, socket_of(fresh))


async def soak(asked: argparse.Namespace) -> int:
    """Run, then print the table and the verdict; the exit code."""
    with tempfile.TemporaryDirectory(prefix="forum-soak-") as made:
        folder = Path(made)
        server = ServerProcess(folder / "data", FORUM_REDIS_URL="", FORUM_PUBLIC_URL="")
        await server.start()
        try:
            run = Soak(server, asked.people, 60 * asked.minutes, random.Random(asked.seed), asked.out)
            await run.run()
            file, fresh = await files(server, folder)
        finally:
            await server.stop()
        return _told(run, file, fresh)


def _told(run: Soak, file: int, fresh: int) -> int:
    found = windows(run.samples, run.seconds)
    verdict = judged(found, file, fresh)
    first, last = run.samples[0], run.samples[-1]
    shares = {
        name: (getattr(last, name).cpu_s - getattr(first, name).cpu_s) / (last.at - first.at)
        for name in ("server", "store")
    }
    lines = run.server.log.read_text().splitlines()
    errors = [line for line in lines if '"level": "error"' in line or "Traceback" in line]
    print(f"\n{table(found)}\n")
    print(f"done       {told(run.done)}")
    print(f"wrong      {told(run.wrong) or 'nothing'}")
    print(f"log        {len(errors)} errors{': ' + errors[0][:200] if errors else ''}")
    print(f"processor  {', '.join(f'{name} {share:.1%}' for name, share in shares.items())} of one core")
    print(f"samples    {run.out}\n")
    for one in verdict:
        print(f"{'kept' if one.kept else 'NOT KEPT':9} {one.what}: {one.said}")
    return 0 if all(one.kept for one in verdict) else 1


def told(counted: Counter[str]) -> str:
    return ", ".join(f"{n} {name}" for name, n in counted.items())


def say(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {words}", flush=True)


def main() -> int:
    asked = _arguments()
    each = 60 * asked.minutes / WINDOWS
    if each / max(1, round(each / CYCLE_SECONDS)) < REST_SECONDS + LEAST_DAY_SECONDS:
        least = WINDOWS * (REST_SECONDS + LEAST_DAY_SECONDS) / 60
        print(
            f"A soak takes {least:.0f} minutes at least: a forum and a rest in each quarter.", file=sys.stderr
        )
        return 2
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    machine.allow_files()
    facts = machine.facts() | {"seed": str(asked.seed), "people": str(asked.people)}
    print("\n".join(f"{name:12} {fact}" for name, fact in facts.items()), flush=True)
    with suppress(KeyboardInterrupt):
        return asyncio.run(soak(asked))
    return 2


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make soak", description="Hours of forums on one server.")
    parser.add_argument("--minutes", type=float, default=120.0, help="how long (120)")
    parser.add_argument("--people", type=int, default=120, help="phones (120)")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30), help="of all chance (another)")
    parser.add_argument("--out", type=Path, default=Path("build/soak.jsonl"), help="where samples go")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
