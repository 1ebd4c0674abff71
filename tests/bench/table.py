"""What a benchmark prints: a row a figure, Forum beside its yardsticks, the target, and whether it is met."""

import sys
from collections.abc import Sequence
from typing import Literal

import msgspec

Verdict = Literal["met", "missed", "not judged", ""]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table."""

    id: str  # T1 … T12, as the targets are numbered
    what: str
    forum: str
    beside: dict[str, str] = {}
    target: str = ""
    verdict: Verdict = ""
    why: str = ""  # what to know about the figure, or why there is none


def judged(met: bool | None) -> Verdict:
    """The verdict of a comparison; None when there is nothing to compare with."""
    return "not judged" if met is None else "met" if met else "missed"


def text(rows: Sequence[Row], yardsticks: Sequence[str]) -> str:
    """The table, as wide as it must be, with its notes below."""
    head = ["", "what", "Forum", *yardsticks, "target", ""]
    notes = list(dict.fromkeys(row.why for row in rows if row.why))
    lines = [head]
    for row in rows:
        mark = f" [{notes.index(row.why) + 1}]" if row.why else ""
        beside = [row.beside.get(name, "") for name in yardsticks]
        lines.append([row.id, row.what, row.forum, *beside, row.target, row.verdict + mark])
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    rule = "  ".join("-" * width for width in widths)
    printed = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    return "\n".join([printed[0], rule, *printed[1:], *(f"[{n}] {note}" for n, note in enumerate(notes, 1))])


def say(words: str) -> None:
    """Tell whoever waits what is going on, apart from the result."""
    print(words, file=sys.stderr, flush=True)
