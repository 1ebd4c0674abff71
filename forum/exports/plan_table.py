"""The plan as a table: what a short plan says of each action; then, where it goes deeper, every column that says something."""

from collections.abc import Iterable

from forum.domain.plan.rows import Whole
from forum.exports import pages, tables
from forum.exports.lines import is_deep
from forum.exports.tables import Row
from forum.exports.told import Archive
from forum.language import Reader


def rows(told: Archive, whole: Whole, reader: Reader) -> Iterable[Row]:
    """The headings, and a row for each action. The columns of a short plan keep their places."""
    headings, *actions = tables.plan(told, reader)
    columns = [(str(heading), [row[n] for row in actions]) for n, heading in enumerate(headings)]
    if is_deep(whole):
        deep = {pages.heading(c, reader): cells for c, cells in pages.columns(told, whole, reader)}
        columns = [(heading, deep.pop(heading, cells)) for heading, cells in columns]
        columns += [
            (heading, cells) for heading, cells in deep.items() if any(c not in ("", None) for c in cells)
        ]
    yield [heading for heading, _ in columns]
    yield from (list(row) for row in zip(*(cells for _, cells in columns), strict=True))
