"""``make mutants``: plant mistakes in the rules, and see that their tests notice them."""

import argparse
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.mutants import excuses
from tests.mutants.planting import Mistake, every
from tests.mutants.trying import TESTS, WORK, Tried, prepared, tried

WANTED: Final = 95  # of a hundred
TOLD_EACH: Final = 25  # tried: how far it is


def main(words: list[str]) -> int:
    """1 when fewer than 95 of 100 are noticed."""
    parser = argparse.ArgumentParser(prog="make mutants")
    parser.add_argument("--seed", type=int, default=None, help="which mistakes are drawn; else any")
    parser.add_argument("--count", type=int, default=100, help="how many; 0: all")
    parser.add_argument("--only", default="", help="in files that this names")
    parser.add_argument("--tests", default=TESTS, help="which tests are to notice them")
    parser.add_argument("--work", type=Path, default=WORK, help="the folder in which they are planted")
    asked = parser.parse_args(words)
    seed = random.SystemRandom().randrange(1_000_000) if asked.seed is None else asked.seed
    all_of_them = every(asked.only)
    chosen = drawn(all_of_them, seed, asked.count)
    known = excuses.read()
    print(f"{len(chosen)} of {len(all_of_them)} mistakes in the rules, drawn with seed {seed}.", flush=True)
    for excuse in [] if asked.only else known.stale(all_of_them):
        print(f"No such mistake any more, take it out of {excuses.KEPT.name}: {excuse}")
    began, came = time.monotonic(), prepared(asked.work, asked.tests)
    print(f"The tests of the rules pass on a copy of them ({time.monotonic() - began:.0f} s).", flush=True)
    found = []
    for one in tried(chosen, came, asked.work):
        found.append(one)
        if len(found) % TOLD_EACH == 0:
            print(f"{len(found)} tried, {time.monotonic() - began:.0f} s.", flush=True)
        if not one.noticed and not known.why(one.mistake):
            print(f"\nNo test notices:\n{one.mistake}", flush=True)
    return _told(found, known, time.monotonic() - began)


def drawn(mistakes: Sequence[Mistake], seed: int, count: int) -> list[Mistake]:
    """So many of them, the same for the same seed and the same rules, that Python can read; 0: all."""
    shuffled = random.Random(seed).sample(mistakes, len(mistakes))
    chosen: list[Mistake] = []
    for mistake in shuffled:
        if count and len(chosen) == count:
            break
        if mistake.parses:
            chosen.append(mistake)
    return chosen


def _told(found: list[Tried], known: excuses.Excuses, seconds: float) -> int:
    noticed = sum(one.noticed for one in found)
    excused = [(one.mistake, why) for one in found if not one.noticed and (why := known.why(one.mistake))]
    for mistake, why in excused:
        print(f"\nChanges nothing: {why}\n{mistake}")
    for one in found:
        if one.noticed and known.why(one.mistake):
            print(f"\nA test notices it after all, take it out of {excuses.KEPT.name}:\n{one.mistake}")
    left = len(found) - noticed - len(excused)
    print(
        f"\nOf {len(found)} mistakes {noticed} are noticed, {len(excused)} change nothing for a reason that is told,"
        f" {left} are noticed by no test; {seconds:.0f} s."
    )
    return 0 if noticed * 100 >= WANTED * len(found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
