"""``make bench``: Forum beside its yardsticks, on this machine, now. Prints one table; the figures are no test.

    python -m tests.bench [--quick] [--only T3,T8] [--rounds N] [--seed N] [--json FILE]

Exit code 1 when something could not be measured; a missed target is a figure, not a failure.
"""

import argparse
import sys
import time
from pathlib import Path

import msgspec

from tests.bench import machine
from tests.bench.crowd import compiled
from tests.bench.measures import SECTIONS, Plan
from tests.bench.subject import subject
from tests.bench.table import Row, say, text
from tests.bench.yardsticks import ALL as YARDSTICKS

RUN_SECONDS, QUICK_SECONDS = 6.0, 3.0
ROUNDS, QUICK_ROUNDS = 2, 1
LIMIT_SECONDS, QUICK_LIMIT_SECONDS = 300, 75  # no section is begun later; one takes 10 to 60 s
LEFT_OUT_WHEN_QUICK = frozenset({"T5", "T6", "T9", "T11"})


def main() -> int:
    """Measure what was asked for, and print it."""
    asked = _arguments()
    began = time.monotonic()
    machine.allow_files()
    try:
        crowd = compiled()
        facts = machine.facts() | {"store": _store(), "seed": str(asked.seed)}
    except machine.Missing as why:
        say(str(why))
        return 1
    plan = Plan(
        crowd=crowd,
        seconds=QUICK_SECONDS if asked.quick else RUN_SECONDS,
        rounds=asked.rounds or (QUICK_ROUNDS if asked.quick else ROUNDS),
        seed=asked.seed,
        quick=asked.quick,
        until=began + (QUICK_LIMIT_SECONDS if asked.quick else LIMIT_SECONDS),
    )
    rows, failed = _measured(plan, asked.only)
    facts["load after"], facts["took"] = f"{machine.load():.1f}", f"{time.monotonic() - began:.0f} s"
    print("\n".join(f"{name:12} {fact}" for name, fact in facts.items()), end="\n\n")
    print(text(rows, list(YARDSTICKS)))
    if asked.json:
        asked.json.write_bytes(
            msgspec.json.format(msgspec.json.encode({"machine": facts, "rows": rows, "runs": crowd.log}))
        )
    return 1 if failed else 0


def _measured(plan: Plan, only: frozenset[str]) -> tuple[list[Row], bool]:
    rows: list[Row] = []
    failed = False
    for names, measure in SECTIONS:
        ids = frozenset(names.split())
        if (only and not only & ids) or (plan.quick and not only and ids <= LEFT_OUT_WHEN_QUICK):
            continue
        if time.monotonic() > plan.until:
            late = f"No time was left on this machine. Measure it by itself: make bench ARGS='--only {','.join(sorted(ids))}'."
            rows.append(Row(id=names.split()[0], what="left out", forum="-", verdict="not judged", why=late))
            continue
        say(f"{names} …")
        try:
            rows += measure(plan)
        except machine.Missing as why:
            failed = True
            rows.append(
                Row(
                    id=names.split()[0],
                    what="could not be measured",
                    forum="-",
                    verdict="not judged",
                    why=str(why),
                )
            )
    order = {f"T{n}": n for n in range(1, 21)}
    return [
        row for _, row in sorted(enumerate(rows), key=lambda r: (_place(rows, r[0], order), r[0]))
    ], failed


def _place(rows: list[Row], at: int, order: dict[str, int]) -> int:
    """A line without a number belongs to the one above it."""
    while rows[at].id not in order:
        at -= 1
    return order[rows[at].id]


def _store() -> str:
    with subject(people=1) as there:
        return there.store


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure Forum beside its yardsticks.")
    parser.add_argument("--quick", action="store_true", help="one round, shorter runs, fewer figures: 90 s")
    parser.add_argument("--only", type=_listed, default=frozenset(), metavar="T1,T2", help="only these")
    parser.add_argument("--rounds", type=int, help=f"how often T1 is measured in turn ({ROUNDS})")
    parser.add_argument("--seed", type=int, default=1, help="of the histories that boards begin with (1)")
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="write the figures and every run there as well"
    )
    return parser.parse_args()


def _listed(words: str) -> frozenset[str]:
    return frozenset(word.strip().upper() for word in words.split(","))


if __name__ == "__main__":
    sys.exit(main())
