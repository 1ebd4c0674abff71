"""Rows and tests hold each other: no row without a test, no fault's test without a row."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.__main__ import LATE, UNWELL
from tests.faults.matrix import HERE, ROWS

ROOT = Path(__file__).parents[2]
MATRIX = range(1, 74)
NO_ROWS = {"test_matrix.py"}


def names_in(file: Path) -> set[str]:
    return set(re.findall(r"^(?:async )?def (test_\w+)", file.read_text(), re.MULTILINE))


def test_every_row_of_the_matrix_is_there_once_and_says_what_it_expects():
    assert [row.number for row in ROWS] == list(MATRIX)
    assert [row.number for row in ROWS if not (row.fault and row.expected.endswith((".", ")")))] == []


def test_every_row_is_shown_by_a_test_that_exists():
    named = [(row.number, name.partition("[")[0].split("::")) for row in ROWS for name in row.shown_by]
    missing = [(number, test) for number, (file, test) in named if test not in names_in(ROOT / file)]

    assert missing == []
    assert [row.number for row in ROWS if not row.shown_by] == []


def test_every_test_of_a_fault_has_a_row():
    files = [file for file in sorted((ROOT / HERE).glob("test_*.py")) if file.name not in NO_ROWS]
    there = {f"{HERE}/{file.name}::{test}" for file in files for test in names_in(file)}

    assert there
    assert there - {name.partition("[")[0] for row in ROWS for name in row.shown_by} == set()


FAILS_ONCE = """
from pathlib import Path

MARK = Path(__file__).with_suffix(".mark")

def test_it(record_property):
    record_property("lost", {lost})
    there = MARK.exists()
    MARK.touch()
    assert there
"""
ONE_ROW = """
import sys
from tests.faults import __main__ as faults
from tests.faults.matrix import Row

faults.ROWS = (Row(1, "A fault", "It passes.", ("test_once.py::test_it",)),)
sys.exit(faults.main([]))
"""


@pytest.mark.parametrize(("lost", "verdict"), [(0, LATE), (1, UNWELL)])
def test_a_row_has_one_second_try_but_none_where_something_was_lost(
    tmp_path: Path, lost: int, verdict: str
) -> None:
    (tmp_path / "test_once.py").write_text(FAILS_ONCE.format(lost=lost))

    said = subprocess.run(
        [sys.executable, "-c", ONE_ROW],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert f"1 {verdict} (" in said.stdout.splitlines()[-1], said.stdout + said.stderr
    assert said.returncode == (verdict == UNWELL)
