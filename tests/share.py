"""``make share``: a part of what takes too long for ``make test``: the faults, the simulation with
its planted mistakes, the browsers, hurried hands, further cases.

Which share follows from the number of the commit, so that twenty commits in a row have tried everything; a number after
the name chooses one. All parts run, also when one is not well; exit code 1 when one was not. An engine that this
machine cannot have is told with its cure, and counts as not tried: what is not here says nothing about a change.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from tests.browsers.__main__ import NOT_HERE
from tests.browsers.engines import ENGINES, Engine
from tests.faults.matrix import ROWS
from tests.further import SHARES, WANTED

ROOT: Final = Path(__file__).parents[1]
SEEDS: Final = 2400  # universes, all shares together
GESTURES: Final = 40  # of hurried hands
QUICK_SECONDS: Final = 6  # of a row that says nothing of its time
ENGINE_SECONDS: Final = 10
FETCHED_SECONDS: Final = 60  # of an engine that may have to be fetched first
MEANT_SECONDS: Final = 200  # all parts, on two cores

T = TypeVar("T")


class Chosen(NamedTuple):
    """Which share, and what decided it."""

    share: int
    why: str


def chosen(asked: str = "", root: Path = ROOT) -> Chosen:
    """The share that was asked for, else the one of the commit that lies in ``root``. ValueError."""
    if asked:
        if not asked.isdecimal() or int(asked) >= SHARES:
            raise ValueError(f"There is no share {asked}; they are numbered 0 to {SHARES - 1}.")
        return Chosen(int(asked), "it was asked for")
    top, commit = _git(root, "rev-parse", "--show-toplevel"), _git(root, "rev-parse", "HEAD")
    if not commit or not top or not Path(top).samefile(root):
        return Chosen(0, "git knows no commit of this folder: without one it is always this; SHARE=n chooses")
    if _git(root, "rev-parse", "--is-shallow-repository") != "false":
        why = f"by the name of commit {commit[:10]}, since a shallow clone does not know its number"
        return Chosen(int(commit, 16) % SHARES, why)
    number = _git(root, "rev-list", "--count", "HEAD")
    return Chosen(int(number) % SHARES, f"by the number of the commit, {number}")


def rows(share: int) -> list[int]:
    """Rows of the fault matrix, shared out by the time they take."""
    shares = _shared_out({row.number: row.seconds or QUICK_SECONDS for row in ROWS})
    return sorted(shares[share])


def seeds(share: int) -> range:
    """Seeds of universes."""
    each = SEEDS // SHARES
    return range(share * each, (share + 1) * each)


def engines(share: int) -> list[str]:
    """Names of engines; at most one of them has to be fetched, so that a bare machine manages in time."""
    return _shared_out({engine.name: _weight(engine) for engine in ENGINES})[share]


def main(argv: list[str]) -> int:
    """Run one share; see the module."""
    try:
        share, why = chosen("".join(argv))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    own, some, here = seeds(share), rows(share), engines(share)
    listed = ", ".join(map(str, some))
    print(f"Share {share} of 0 to {SHARES - 1} ({why}):")
    print(
        f"    seeds {own.start} to {own.stop - 1}; {' and '.join(here) or 'no engine'}; rows {listed}",
        flush=True,
    )
    parts = {
        "simulation": ("tests.sim", "--start", str(own.start), "--seeds", str(len(own)), "--every-fault"),
        "mistakes": ("tests.sim", "--mutants", "--share", str(share)),
        **({"browsers": ("tests.browsers", *here)} if here else {}),
        "faults": ("tests.faults", ",".join(map(str, some))),
        "hands": ("tests.hands", "--seed", str(share), "--gestures", str(GESTURES)),
        "further": ("tests.again", "-n", "2", "-q", "-m", "further", "tests/browser"),
    }
    around = os.environ | {WANTED: str(share)}
    began, said, well = time.monotonic(), [], True
    for name, words in parts.items():
        print(f"\n--- {name}", flush=True)
        started = time.monotonic()
        code = subprocess.run([sys.executable, "-m", *words], check=False, cwd=ROOT, env=around).returncode
        not_here = name == "browsers" and code == NOT_HERE
        well = well and (not code or not_here)
        word = "well, but for what is not here" if not_here else "NOT WELL" if code else "well"
        said.append(f"{name} {word} ({time.monotonic() - started:.0f} s)")
    took = time.monotonic() - began
    print(f"\nShare {share}: {', '.join(said)}; {took:.0f} s of the {MEANT_SECONDS} it is meant to take.")
    if not well:
        print(f"Again: make share SHARE={share}")
    return 0 if well else 1


# --- inside


def _shared_out(seconds: Mapping[T, int]) -> list[list[T]]:
    """Shares of nearly the same time, the same each time: the longest first, each to who has least."""
    shares: list[list[T]] = [[] for _ in range(SHARES)]
    for one in sorted(seconds, key=lambda one: -seconds[one]):
        min(shares, key=lambda share: sum(seconds[other] for other in share)).append(one)
    return shares


def _weight(engine: Engine) -> int:
    return FETCHED_SECONDS if engine.version else ENGINE_SECONDS


def _git(root: Path, *words: str) -> str:
    """What git says of a folder; "" when it knows nothing, or is not here."""
    try:
        said = subprocess.run(["git", "-C", str(root), *words], check=False, capture_output=True, text=True)
    except OSError:
        return ""
    return said.stdout.strip() if said.returncode == 0 else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
