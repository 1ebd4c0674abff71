"""Further cases of what one case shows already: ``make test`` tries the first, ``make further`` all, a share those of its number.

A test marks them in its list of cases: ``@parametrize("step", ["ideas", *further("sort", "pledges")])``.
"""

import os
from collections.abc import Iterable, Sequence
from typing import Final

import pytest

WANTED: Final = "FORUM_FURTHER"  # the environment's word: "all", the number of a share, or nothing
ALL: Final = "all"
SHARES: Final = 20


def further(*values: object) -> list[object]:
    """These cases, marked as further ones; a tuple is one case of several values."""
    return [
        pytest.param(*(value if isinstance(value, tuple) else (value,)), marks=pytest.mark.further)
        for value in values
    ]


def left_out(further_ids: Iterable[str], wanted: str) -> set[str]:
    """Which of the further cases are not tried when so much is wanted."""
    ids: Sequence[str] = sorted(further_ids)
    if wanted == ALL:
        return set()
    return {one for at, one in enumerate(ids) if wanted != str(at % SHARES)}


def leave_out(items: Sequence[pytest.Item]) -> None:
    """Skip the further cases that nobody wants now."""
    marked = {item.nodeid: item for item in items if item.get_closest_marker("further")}
    for one in left_out(marked, os.environ.get(WANTED, "")):
        marked[one].add_marker(pytest.mark.skip(reason="a further case: make further"))
