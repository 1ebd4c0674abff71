"""What validators found, what of it is excused, and the table page × validator."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

EXCEPTIONS: Final = Path(__file__).parent / "exceptions.toml"
MOST_PAGES: Final = 3  # named beside a finding
WELL: Final = "+"
NOT_ASKED: Final = "."


class Finding(NamedTuple):
    """One thing that one validator says of one page."""

    page: str
    by: str  # a column of the table
    rule: str
    what: str


class Excuse(NamedTuple):
    """A rule that is not held to, and why."""

    by: str
    rule: str
    why: str
    page: str = ""
    seldom: bool = False  # depends on what was written, or how long a page is: may cover nothing

    def covers(self, finding: Finding) -> bool:
        """``axe`` excuses in every engine."""
        if finding.by.partition(" ")[0] != self.by or not re.search(self.page, finding.page):
            return False
        return bool(re.search(self.rule, finding.what)) if self.by == "nu" else finding.rule == self.rule


def excuses(file: Path = EXCEPTIONS) -> list[Excuse]:
    return [Excuse(**one) for one in tomllib.loads(file.read_text()).get("left", ())]


def left(found: Iterable[Finding], excused: Sequence[Excuse]) -> list[Finding]:
    """What no excuse covers, and every excuse that covers nothing."""
    found = list(found)
    needed = {excuse for excuse in excused if any(excuse.covers(one) for one in found)}
    useless = [
        Finding("exceptions.toml", excuse.by, excuse.rule, "excuses nothing any more: take it out")
        for excuse in excused
        if excuse not in needed and not excuse.seldom
    ]
    return [one for one in found if not any(excuse.covers(one) for excuse in needed)] + useless


def table(asked: Mapping[str, Iterable[str]], found: Iterable[Finding]) -> str:
    """Pages downwards, validators across: + nothing left, a number of findings, or . where it was not asked.

    asked  by validator, in the order of the columns: the pages it was shown
    """
    columns = {by: set(pages) for by, pages in asked.items()}
    rows = list(dict.fromkeys(page for pages in asked.values() for page in pages))
    counts: dict[tuple[str, str], int] = {}
    for one in found:
        counts[one.page, one.by] = counts.get((one.page, one.by), 0) + 1
        columns.setdefault(one.by, set()).add(one.page)
        if one.page not in rows:
            rows.append(one.page)
    width = max(map(len, rows), default=0)
    lines = [" " * width + "  " + "  ".join(columns)]
    for page in rows:
        cells = [
            (str(counts.get((page, by), "")) or (WELL if page in pages else NOT_ASKED)).center(len(by))
            for by, pages in columns.items()
        ]
        lines.append(f"{page:{width}}  {'  '.join(cells)}".rstrip())
    return "\n".join(lines)


def told(found: Iterable[Finding]) -> str:
    """Each finding once, with the pages on which it is."""
    pages: dict[tuple[str, str, str], dict[str, None]] = {}
    for one in found:
        pages.setdefault((one.by, one.rule, one.what), {})[one.page] = None
    lines = []
    for (by, rule, what), where in pages.items():
        more = f" and {len(where) - MOST_PAGES} more" if len(where) > MOST_PAGES else ""
        lines.append(f"{by} · {rule} · {what}\n    on {', '.join(list(where)[:MOST_PAGES])}{more}")
    return "\n".join(lines)
