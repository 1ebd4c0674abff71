"""Markdown, piece by piece: texts that stay texts, headings, rows of tables, each readable in a plain editor."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

_ACTIVE: Final = re.compile(r"[\\`*_\[\]<>|]|&(?=#|[A-Za-z0-9]+;)")
_ADDRESS: Final = re.compile(
    r"\b([A-Za-z][A-Za-z0-9+.-]{0,30}|www)(://|\.)(?<=://|ww\.)"
)  # readers link them by themselves
_OPENING: Final = re.compile(
    r"^(?=[#+=~-])|(?<=^)(?P<number>[0-9]{1,9})(?=[.)](?: |$))"
)  # of a heading, a rule, a list


def inline(text: str) -> str:
    """A text that stays text: it breaks no line, table or heading, and becomes no markup, entity or link."""
    flat = _ACTIVE.sub(r"\\\g<0>", " ".join(text.split()))
    return _OPENING.sub(r"\g<number>\\", _ADDRESS.sub(r"\1\\\2", flat))


def heading(level: int, label: str, title: str = "") -> str:
    """A heading: a label of ours, and a title that somebody wrote."""
    return f"{'#' * level} {label}" + (f" – {inline(title)}" if title else "")


def row(*cells: str) -> str:
    """A row of a table, of cells that are markup already."""
    return "| " + " | ".join(cells) + " |"


def pairs(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    """A table of two columns, of what is filled: a label, and what somebody wrote. No line where nothing is."""
    filled = [(label, text) for label, text in rows if text]
    if filled:
        yield "| | |"
        yield "|---|---|"
        yield from (f"| {label} | {inline(text)} |" for label, text in filled)
    yield ""
