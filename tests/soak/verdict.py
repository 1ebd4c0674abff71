"""What a soak's samples say: four windows of the same length, the second held against the last. Pure.

Each window holds whole cycles, so that like is compared with like: as many arrivals, votes and rests in one as in the
other. Of two hours these are minutes 30 to 60 and the last 30; of less, as much less.
"""

from collections.abc import Sequence
from statistics import fmean, median_low, mode
from typing import Any, NamedTuple

from tests.soak.samples import KB, Sample

WINDOWS = 4
MOST_MEMORY = 1.05
MOST_FILE = 1.2
REST = "rest"
UNKNOWN = -1  # no sample was taken in this state


class Window(NamedTuple):
    """A quarter of a soak. Memory in MB."""

    name: str
    samples: int
    memory: float  # resident, of the server, on average
    peak: float
    resting: float  # when no forum lives in it
    unshared: float  # proportional share, on average
    store: float
    resting_descriptors: int
    seated_descriptors: int  # beyond one for each browser; pages under way among them, so only told
    tasks: int  # at rest


class Judgement(NamedTuple):
    """One promise, and whether it was kept."""

    what: str
    kept: bool
    said: str


def windows(samples: Sequence[Sample], seconds: float) -> list[Window]:
    """The quarters of a soak that lasted so long."""
    each = seconds / WINDOWS
    cut = [[s for s in samples if n * each <= s.at < (n + 1) * each] for n in range(WINDOWS)]
    return [
        _window(f"{_minutes(n * each)} to {_minutes((n + 1) * each)}", part) for n, part in enumerate(cut)
    ]


def judged(found: Sequence[Window], file: int, fresh: int) -> list[Judgement]:
    """Hold the promises against what was found; ``file`` after its rewrite and ``fresh``: bytes."""
    before, last = found[1], found[-1]
    memory, ratio = last.memory / before.memory, file / fresh
    return [
        Judgement(
            "resident memory",
            memory <= MOST_MEMORY,
            f"{last.memory:.1f} MB, {memory:.3f} times {before.memory:.1f} MB (at most {MOST_MEMORY});"
            f" peak {last.peak:.0f} MB, share {last.unshared:.0f} MB",
        ),
        Judgement(
            "descriptors at rest",
            last.resting_descriptors == before.resting_descriptors != UNKNOWN,
            f"{last.resting_descriptors}, and {before.resting_descriptors} before; beyond those of browsers, when they are there:"
            f" {last.seated_descriptors}",
        ),
        Judgement(
            "the store's file",
            ratio <= MOST_FILE,
            f"{file / 1e6:.2f} MB after its rewrite, {ratio:.3f} times a fresh copy (at most {MOST_FILE})",
        ),
    ]


def table(found: Sequence[Window]) -> str:
    """The windows, one line each."""
    titles = (
        "minutes",
        "samples",
        "RSS MB",
        "peak",
        "at rest",
        "PSS MB",
        "store MB",
        "fds at rest",
        "beyond seats",
        "tasks",
    )
    rows: list[Sequence[Any]] = [titles]
    rows += [[f"{cell:.1f}" if isinstance(cell, float) else cell for cell in window] for window in found]
    return "\n".join("  ".join(f"{cell!s:>12}" for cell in row) for row in rows)


def _window(name: str, samples: Sequence[Sample]) -> Window:
    if not samples:
        raise ValueError(f"no sample was taken in the minutes {name}")
    # A moment in which a page was just being fetched, or the metrics were late, is no state of load.
    resting = [s for s in samples if s.phase == REST and s.rooms == 0]
    seated = [s for s in samples if s.phase != REST and s.connected > 0]
    return Window(
        name=name,
        samples=len(samples),
        memory=fmean(s.server.rss for s in samples) / KB,
        peak=max(s.server.rss for s in samples) / KB,
        resting=fmean([s.server.rss for s in resting] or [0]) / KB,
        unshared=fmean(s.server.pss for s in samples) / KB,
        store=fmean(s.store.rss for s in samples) / KB,
        resting_descriptors=mode([s.server.descriptors for s in resting] or [UNKNOWN]),
        seated_descriptors=median_low([s.server.descriptors - s.connected for s in seated] or [UNKNOWN]),
        tasks=mode([s.tasks for s in resting] or [UNKNOWN]),
    )


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f}"
