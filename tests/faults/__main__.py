"""``make faults``: run the matrix, and print for each row what was expected, what was seen, and whether they agree.

    python -m tests.faults [ROWS]      ROWS: numbers with commas; none: all of them

A row that is not as expected is run once more, alone; not so where something was lost or doubled, which is never bad
luck. Exit code 1 when a row is not as expected then, or more rows than ``again`` allows needed that. Everything pytest
says goes to ``build/faults.log``.
"""

import contextlib
import os
import sys
import textwrap
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.again import SECOND_TRIES
from tests.faults.conftest import TABLE
from tests.faults.matrix import ROWS, Row

LOG = Path("build") / "faults.log"
WIDTH = 110
WELL, LATE, UNWELL, UNSEEN = "as expected", "as expected the second time", "NOT AS EXPECTED", "not shown"


@dataclass
class Shown:
    """What the tests of one row did so far."""

    passed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    second: bool = False  # it is run once more

    @property
    def bad_luck(self) -> bool:
        """Whether it may be as expected when it is run once more."""
        return bool(self.failed) and not (self.counted["lost"] or self.counted["doubled"])


class Table:
    """A plugin of pytest that prints a row when its last test is done."""

    def __init__(self, rows: list[Row], out: Any) -> None:
        self.rows, self._out = rows, out
        self.shown = {row.number: Shown() for row in rows}
        self._left: dict[int, set[str]] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._left = {
            row.number: {item.nodeid for item in session.items if row.is_shown_by(item.nodeid)}
            for row in self.rows
        }

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for row in self.rows:
            if report.nodeid in self._left.get(row.number, ()):
                self._note(row, report)

    def _note(self, row: Row, report: pytest.TestReport) -> None:
        shown = self.shown[row.number]
        shown.seconds += report.duration
        if report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            why = crash.message if crash else str(report.longrepr).strip().splitlines()[-1]
            shown.failed.append(f"{report.nodeid.partition('::')[2]}: {why.partition(chr(10))[0]}")
        elif report.skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            shown.skipped.append(reason.removeprefix("Skipped: "))
        elif report.when == "call":
            shown.passed.append(report.nodeid)
        if report.when == "teardown":
            for name, value in report.user_properties:
                if name == "seen":
                    shown.seen.append(str(value))
                else:
                    shown.counted[name] += int(value)
            self._left[row.number].discard(report.nodeid)
            if not self._left[row.number]:
                self.tell(row)

    def tell(self, row: Row) -> None:
        """Print one row."""
        shown = self.shown[row.number]
        seen = list(shown.seen)
        elsewhere = len(shown.passed) - len(shown.seen)
        if elsewhere > 0:
            seen.append(
                f"{elsewhere} test{'s' * (elsewhere > 1)} of the repository hold{'s' * (elsewhere == 1)}"
            )
        seen += shown.failed + [f"not shown here: {reason}" for reason in shown.skipped]
        lines = [
            *_wrapped(f"{row.number:3}  ", row.fault),
            *_wrapped("     expected  ", row.expected),
            *_wrapped("     seen      ", "; ".join(seen) or "nothing: no test ran"),
            f"     verdict   {self.verdict(row)}  ({shown.seconds:.0f} s)",
        ]
        print("\n".join(lines), end="\n\n", file=self._out, flush=True)

    def verdict(self, row: Row) -> str:
        shown = self.shown[row.number]
        if shown.failed or not (shown.passed or shown.skipped):
            return UNWELL
        if not shown.passed:
            return UNSEEN
        return LATE if shown.second else WELL

    def try_again(self) -> list[Row]:
        """Forget what may have been bad luck; return its rows, which are to be run once more."""
        rows = [row for row in self.rows if self.shown[row.number].bad_luck]
        for row in rows:
            self.shown[row.number] = Shown(second=True)
        return rows


def main(argv: list[str]) -> int:
    """Run the rows asked for; see the module."""
    asked = {int(number) for number in ",".join(argv).split(",") if number.strip()}
    unknown = asked - {row.number for row in ROWS}
    if unknown:
        print(f"There is no row {min(unknown)}; they are numbered 1 to {ROWS[-1].number}.", file=sys.stderr)
        return 2
    rows = [row for row in ROWS if row.number in asked or not asked]
    started = time.monotonic()
    with _into_the_log() as out:
        table = Table(rows, out)
        _run(rows, table)
        if again := table.try_again():
            _run(again, table)
        counted = sum((table.shown[row.number].counted for row in rows), Counter[str]())
        verdicts = Counter(table.verdict(row) for row in rows)
        others = ", ".join(f"{n} {verdict}" for verdict, n in sorted(verdicts.items()) if verdict != WELL)
        print(
            f"{counted['acknowledged']} acknowledged, {counted['lost']} lost, {counted['doubled']} doubled, "
            f"{counted['again']} lost by a store and offered again by the phones; "
            f"{verdicts[WELL]} of {len(rows)} rows as expected{', ' + others if others else ''} "
            f"({time.monotonic() - started:.0f} s; what pytest said: {LOG})",
            file=out,
            flush=True,
        )
    return 1 if verdicts[UNWELL] or verdicts[LATE] > SECOND_TRIES else 0


def _run(rows: list[Row], table: Table) -> None:
    """Run the tests of rows, one after another: a row measures, and must not be disturbed by its neighbours."""
    names = dict.fromkeys(name for row in rows for name in row.shown_by)
    pytest.main([*names, "-p", "no:cacheprovider", "-o", "console_output_style=classic"], [_Named(table)])


class _Named:
    """Registers the table under its name, which lets the slow rows run."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def pytest_configure(self, config: pytest.Config) -> None:
        config.pluginmanager.register(self._table, TABLE)


@contextlib.contextmanager
def _into_the_log() -> Iterator[Any]:
    """Send what is written to standard output and error into the log; yield the way to the terminal."""
    LOG.parent.mkdir(exist_ok=True)
    sys.stdout.flush()
    kept = [os.dup(1), os.dup(2)]
    with LOG.open("wb") as log, os.fdopen(os.dup(kept[0]), "w", encoding="utf-8") as out:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        try:
            yield out
        finally:
            sys.stdout.flush()
            for number, fd in enumerate(kept, 1):
                os.dup2(fd, number)
                os.close(fd)


def _wrapped(label: str, words: str) -> list[str]:
    indent = " " * len(label)
    return textwrap.wrap(words, WIDTH, initial_indent=label, subsequent_indent=indent) or [label]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
