"""Many universes over the cores; what failed made smaller; planted mistakes searched for."""

import gc
import logging
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.sim.mutants import MUTANTS, planted
from tests.sim.plan import Plan, plan_of
from tests.sim.world import Ended, live

REGRESSIONS: Final = Path(__file__).with_name("regressions.txt")
SEARCHED: Final = 200  # seeds within which a planted mistake must be found

SIMPLER: Final[tuple[tuple[str, Any], ...]] = (
    ("together", False), ("screen", False), ("desks", 1), ("twins", 0), ("people", 2), ("servers", 1), ("servers", 2), ("shuffle", 0.0),
)  # fmt: skip


class Case(NamedTuple):
    """A universe to run: its seed, what is different from the seed's plan, and which mistake is planted."""

    seed: str
    changes: tuple[tuple[str, Any], ...] = ()
    mutant: int = -1

    @property
    def plan(self) -> Plan:
        return plan_of(self.seed).without(**dict(self.changes))

    def __str__(self) -> str:
        return " ".join([self.seed, *(f"{name}={_text(value)}" for name, value in self.changes)])


def read_case(text: str) -> Case:
    """What ``str(case)`` wrote: a seed, then field=value."""
    seed, *changes = text.split()
    model = plan_of(seed)
    pairs = (change.split("=", 1) for change in changes)
    return Case(seed, tuple((name, _value(getattr(model, name), text)) for name, text in pairs))


def regressions() -> list[Case]:
    """Universes in which something was once wrong."""
    lines = (line.partition("#")[0].strip() for line in REGRESSIONS.read_text().splitlines())
    return [read_case(line) for line in lines if line]


def universe(case: Case) -> Ended:
    """Run one, alone in this process meanwhile."""
    with planted(MUTANTS[case.mutant]) if case.mutant >= 0 else nullcontext():
        ended = live(case.plan)
    gc.collect()
    return ended._replace(trace=ended.trace[-60:] if ended.problems else [])


def prepare() -> None:
    """A process that runs universes collects its garbage between them only, or chance would come from outside."""
    logging.disable(logging.CRITICAL)
    sys.unraisablehook = lambda _: None  # what a dead universe's coroutines say on their way out
    gc.freeze()
    gc.disable()


def across_the_cores(cases: Iterable[Case], jobs: int = 0) -> Iterator[tuple[Case, Ended]]:
    """Run universes side by side; results in order."""
    listed = list(cases)
    with ProcessPoolExecutor(jobs or os.cpu_count(), get_context("spawn"), prepare) as pool:
        yield from zip(
            listed, pool.map(universe, listed, chunksize=max(1, min(8, len(listed) // 32))), strict=True
        )


def smaller(case: Case, ended: Ended, seconds: float) -> Case:
    """Take away, one after another, what the failure does not need; at most for so long."""
    until, wanted = time.monotonic() + seconds, ended.problems[0].invariant
    for change in _simplifications(case):
        if time.monotonic() > until:
            break
        changes = dict(case.changes) | dict([change(case.plan)])
        tried = Case(case.seed, tuple(changes.items()), case.mutant)
        if tried.plan != case.plan and any(p.invariant == wanted for p in universe(tried).problems):
            case = tried
    return case


def _simplifications(case: Case) -> Iterator[Any]:
    for kind in case.plan.kinds:
        yield lambda plan, kind=kind: ("kinds", tuple(k for k in plan.kinds if k != kind))
    for name, value in SIMPLER:
        yield lambda _plan, name=name, value=value: (name, value)
    for _ in range(4):
        yield lambda plan: ("seconds", round(plan.seconds / 2, 2))


class Found(NamedTuple):
    name: str
    seed: int  # -1: it survived
    what: str


def hunt(which: int, seeds: int) -> Found:
    """Look for one planted mistake: first where it was found before, then from 0 on."""
    mutant = MUTANTS[which]
    changes = mutant.changes
    for seed in (mutant.hint, *(s for s in range(seeds) if s != mutant.hint)):
        problems = universe(Case(str(seed), changes, which)).problems
        if problems and not universe(Case(str(seed), changes)).problems:  # it is this that was found
            return Found(mutant.name, seed, f"{problems[0].invariant}: {problems[0].what}")
    return Found(mutant.name, -1, "")


def shared(share: int, of: int) -> list[int]:
    """One share of the planted mistakes, by their places in the table."""
    return [which for which in range(len(MUTANTS)) if which % of == share]


def hunts(which: Sequence[int], seeds: int, jobs: int = 0) -> Iterator[Found]:
    """Look for planted mistakes, over the cores."""
    with ProcessPoolExecutor(jobs or os.cpu_count(), get_context("spawn"), prepare) as pool:
        yield from pool.map(hunt, which, [seeds] * len(which))


def together(fired: Iterable[Counter[str]]) -> Counter[str]:
    return sum(fired, Counter())


def _text(value: Any) -> str:
    if isinstance(value, tuple | frozenset):
        return ",".join(value if isinstance(value, tuple) else sorted(value)) or "-"
    return str(value)


def _value(model: Any, text: str) -> Any:
    if isinstance(model, tuple | frozenset):
        return type(model)(() if text == "-" else text.split(","))
    return text == "True" if isinstance(model, bool) else type(model)(text)
