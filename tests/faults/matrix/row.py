"""What a row of the matrix is."""

from typing import Final, NamedTuple

HERE: Final = "tests/faults"


class Row(NamedTuple):
    """One fault."""

    number: int
    fault: str
    expected: str
    shown_by: tuple[str, ...]  # tests, as pytest names them; without parameters: with all of them
    seconds: int = 0  # what it takes, when that is too long for ``make test``

    def is_shown_by(self, nodeid: str) -> bool:
        return any(nodeid == name or nodeid.startswith(f"{name}[") for name in self.shown_by)


def here(file: str, *tests: str) -> tuple[str, ...]:
    """Tests of a file of this folder."""
    return tuple(f"{HERE}/test_{file}.py::test_{test}" for test in tests)
