"""No row of the catalogue is missing: each is shown by a table over every door, by a test that names it, or is absent."""

import inspect
import re
from pathlib import Path

from tests.attack import test_codes, test_messages, test_points, test_requests, test_texts
from tests.attack.catalogue import ROWS

TESTS = Path(__file__).parents[1]
OVER_EVERY_DOOR = (test_messages, test_codes, test_texts, test_points, test_requests)
TABLES = (
    test_messages.MESSAGES,
    test_messages.FRAMES,
    test_codes.CODES,
    test_texts.TEXTS,
    test_points.POINTS,
)


def test_every_row_of_the_catalogue_is_shown_or_said_to_be_absent() -> None:
    there = set(re.findall(r"def (test_\w+)", "".join(f.read_text() for f in TESTS.rglob("test_*.py"))))
    in_tables = {row for table in TABLES for row, *_ in table}
    in_words = {
        int(n)
        for file in OVER_EVERY_DOOR
        for name in inspect.getsource(file).split('"""Row')[1:]
        for n in re.findall(r"\d+", name.split('"""')[0].split(";")[0].split(":")[0])
    }
    others = {11, 28, 34}  # of these files: keys said twice, codes as written, secrets in addresses

    assert sorted(ROWS) == list(range(1, len(ROWS) + 1))
    assert [n for n, row in ROWS.items() if not (row.doors or row.tests or row.absent)] == []
    assert [(n, name) for n, row in ROWS.items() for name in row.tests if name not in there] == []
    assert {n for n, row in ROWS.items() if row.doors} - in_tables - in_words - others == set()
