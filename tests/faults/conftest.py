"""What every fault's test is given: a way to say what was seen, and a bound for those that ``make test`` leaves out."""

import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.hall import SEED
from tests.faults.history import Judgement
from tests.faults.matrix import ROWS, Row

TABLE = "faults-table"  # the plugin of ``make faults``, which runs the slow rows too
HERE = "tests/faults/"


def pytest_report_header() -> str:
    return f"faults: seed {SEED}"


def row_of(nodeid: str) -> Row | None:
    """The row that a test shows."""
    return next((row for row in ROWS if row.is_shown_by(nodeid)), None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    everything = config.pluginmanager.has_plugin(TABLE)
    for item in items:
        row = row_of(item.nodeid) if item.nodeid.startswith(HERE) else None
        if row and sys.platform != "linux":
            item.add_marker(pytest.mark.skip(reason="faults are made by means of Linux: /proc, prlimit"))
        elif row and row.seconds and not everything:
            item.add_marker(pytest.mark.skip(reason=f"takes {row.seconds} s: make faults ROWS={row.number}"))


class Seen:
    """What a row showed, in words and in numbers."""

    def __init__(self, record: Callable[[str, Any], None]) -> None:
        self._record = record

    def judged(self, judgement: Judgement, words: str = "") -> None:
        """Note a judgement, and hold the row to it: nothing lost, nothing doubled, nothing else wrong."""
        self._record("acknowledged", judgement.acknowledged)
        self._record("lost", len(judgement.lost))
        self._record("doubled", len(judgement.doubled))
        self._record("again", judgement.again)
        self._record("seen", ", ".join(filter(None, [str(judgement), words])))

        assert judgement.kept, judgement


@pytest.fixture
def seen(record_property: Callable[[str, Any], None]) -> Seen:
    return Seen(record_property)
