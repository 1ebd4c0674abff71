"""What a text is that is no table with separators, by its marks: ballots of another tool, data for programs, tables of Markdown."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

LOOKED_AT: Final = 4_000  # characters, for the marks of a format
BALLOTS: Final = re.compile(
    r"^META\r?\n\s*key[;,]value"  # participatory budgets (Pabulib)
    r"|^# FILE NAME: .+\.(?:to[ic]|so[ic]|cat)\s*$"  # PrefLib
    r"|^#/[A-Z][\w ]*:"  # Condorcet's election format
    r"|^V: [\d-]+\s",  # tally sheets of Debian
    re.MULTILINE,
)
DATA: Final = re.compile(r'\s*(?:[{<]|\[\s*[\[{"])')
RULE: Final = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)+\|?\s*")
CELL: Final = re.compile(r"(?<!\\)\|")
LEAST_COLUMNS: Final = 3  # of a table in a text: one of two is a list of what is said of one thing


class Table(NamedTuple):
    """One table in a text."""

    title: str  # what the heading above it says; "": there is none
    rows: dict[int, list[str]]  # by the number of the line


def is_ballots(text: str) -> bool:
    """Whether these are ballots that another tool wrote down."""
    return bool(BALLOTS.search(text[:LOOKED_AT]))


def is_data(text: str) -> bool:
    """Whether it is JSON, XML or a page: for programs."""
    return bool(DATA.match(text))


def tables(text: str) -> Iterator[Table]:
    """The tables of Markdown in a text."""
    lines, title = text.splitlines(), ""
    for n, line in enumerate(lines):
        title = line.lstrip("#").strip() if line.startswith("#") else title
        if n and RULE.fullmatch(line) and "|" in lines[n - 1]:
            rows = dict(_rows(lines, n))
            if len(rows[n]) >= LEAST_COLUMNS:
                yield Table(title, rows)


def _rows(lines: list[str], rule: int) -> Iterator[tuple[int, list[str]]]:
    """The line of names above the rule, and those below for as long as they are of the table."""
    yield rule, _cells(lines[rule - 1])
    for n in range(rule + 1, len(lines)):
        if "|" not in lines[n]:
            return
        yield n + 1, _cells(lines[n])


def _cells(line: str) -> list[str]:
    said = line.strip().removeprefix("|")
    said = said[:-1] if said.endswith("|") and not said.endswith("\\|") else said
    return [cell.replace("\\|", "|").strip(" *`\t\u00a0") for cell in CELL.split(said)]
