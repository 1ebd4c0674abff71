"""``make fuzz MINUTES=10``: go on from the corpus, guided by which steps of our code an input takes.

What takes a step that nothing before took is kept in the corpus. What makes a target fail is printed, kept too, and
ends the run: mend the code, and the replay in ``make test`` holds it to that. The engine is ours because nothing that
is installed with the tests guides itself by coverage; it is no more than a loop.
"""

import argparse
import os
import random
import sys
import time
import traceback
from collections.abc import Iterator
from types import FrameType
from typing import Any, Final

from tests.attack.fuzz import corpus
from tests.attack.fuzz.targets import TARGETS, Target

OURS: Final = f"{os.sep}forum{os.sep}"
LONGEST: Final = 4096  # bytes; longer ones are the catalogue's business
WORDS: Final = (
    b'{"t":"op","n":1,"k":"', b'"b":{', b'"fr":"', b'"kind":"ballot"', b"\xe2\x80\x8d", b"\xf0\x9f\x91\xa9", b"\xcc\x81",
    b"\xe2\x80\xae", b"\\u0000", b"\\ud800", b"[[[[", b"}}", b"null", b"true", b"-1", b"1e999", b"9007199254740992",
    b"=", b"&", b"%00", b"%0d%0a", b".", b"\n", b"\x00", b"\xff",
)  # fmt: skip

Step = tuple[str, int, int]


class Steps:
    """Which steps, from line to line of our own code, one call takes."""

    def __init__(self) -> None:
        self.taken: set[Step] = set()

    def of(self, target: Target, data: bytes) -> frozenset[Step]:
        """The steps of a call. Raises what the target raises."""
        self.taken = set()
        sys.settrace(self._entered)
        try:
            target(data)
        finally:
            sys.settrace(None)
        return frozenset(self.taken)

    def _entered(self, frame: FrameType, event: str, _argument: Any) -> Any:
        name = frame.f_code.co_filename
        if OURS not in name:
            return None
        last = frame.f_lineno

        def line(frame: FrameType, event: str, _argument: Any) -> Any:
            nonlocal last
            if event == "line":
                self.taken.add((name, last, frame.f_lineno))
                last = frame.f_lineno
            return line

        return line


def mutated(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """A neighbour of ``data``: a few small changes, or half of another input."""
    made = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 8))):
        at = rng.randrange(len(made) + 1)
        match rng.randrange(7):
            case 0:
                made[at:at] = rng.choice(WORDS)
            case 1:
                made[at:at] = rng.randbytes(rng.choice((1, 2, 8)))
            case 2:
                del made[at : at + rng.choice((1, 2, 8, 40))]
            case 3 if at < len(made):
                made[at] = rng.randrange(256)
            case 4 if at < len(made):
                made[at] ^= 1 << rng.randrange(8)
            case 5:
                made[at:at] = made[at : at + rng.choice((4, 40))]
            case _:
                made[at:] = other[rng.randrange(len(other) + 1) :]
    return bytes(made[:LONGEST])


def inputs(rng: random.Random, pool: list[bytes]) -> Iterator[bytes]:
    """The corpus itself, then neighbours of it for ever."""
    yield from list(pool)
    while True:
        yield mutated(rng, rng.choice(pool), rng.choice(pool))


def fuzzed(name: str, seconds: float, rng: random.Random) -> tuple[int, int, bytes | None]:
    """Fuzz one target for so long: how many tries, how many steps are known, and the input that made it fail."""
    kept = corpus.kept(name)
    target, pool, steps = TARGETS[name], kept or [b""], Steps()
    known: set[Step] = set()
    until, tries, failing = time.monotonic() + seconds, 0, None
    chosen: list[bytes] = []
    for data in inputs(rng, pool):
        if time.monotonic() > until and tries >= len(pool):
            break
        tries += 1
        try:
            new = steps.of(target, data) - known
        except Exception:  # noqa: BLE001  whatever it is, it is what we look for
            traceback.print_exc()
            failing = data
            chosen.append(data)
            break
        known |= new
        if new and tries > len(kept):
            chosen.append(data)
            pool.append(data)
    corpus.keep(name, [*kept, *chosen])
    return tries, len(known), failing


def main() -> int:
    """Fuzz every target in turn; 1 when something failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.attack.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0, help="for all targets together")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}; default: all")
    asked = parser.parse_args()
    chosen = asked.targets or list(TARGETS)
    print(f"seed {asked.seed}")
    for name in chosen:
        rng = random.Random(f"{asked.seed} {name}")
        tries, steps, failing = fuzzed(name, 60 * asked.minutes / len(chosen), rng)
        print(f"{name:10} {tries:8,} tries, {steps:5,} steps, {len(corpus.kept(name)):4} kept")
        if failing is not None:
            print(f"failed, and kept: {failing!r}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
