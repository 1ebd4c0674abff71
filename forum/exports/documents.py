"""Documents, one by one: which there are, and what each is made of."""

from collections.abc import Mapping
from typing import NamedTuple

from forum.domain.keeping import ERASED
from forum.domain.kernel import PersonId
from forum.domain.sheets import SCHEMAS
from forum.domain.state import State
from forum.domain.steps.commitments import Readers
from forum.exports import archive, markdown, tables
from forum.exports.naming import FileName, named
from forum.exports.tables import Flavour
from forum.language import Reader

ALWAYS = ("plan.md", "plan.csv", "ideas.csv", "votes.csv", "commitments.csv", "forum.json")
FLAVOURS: tuple[Flavour, ...] = ("standard", "fr-excel")


def kinds() -> tuple[str, ...]:
    """Every document there is: those that every forum has, and a table of each schema's sheets."""
    return (*ALWAYS, *(f"{name}.csv" for name in SCHEMAS))


class Export(NamedTuple):
    """One document."""

    body: bytes
    media_type: str
    name: FileName


def render(
    state: State,
    names: Mapping[PersonId, str],
    chain: str,
    kind: str,
    reader: Reader,
    flavour: Flavour = "standard",
    readers: Readers = "everybody",
) -> Export:
    """Make one of ``kinds()``. Pure. Raises KeyError for another kind.

    chain   hash of the history up to ``state.seq``, printed in the document
    reader  language and time zone of who reads it
    readers for whom it is
    """
    told = archive.archive(state, names, chain, readers)
    stem, _, suffix = kind.partition(".")
    kept = "" if readers == "everybody" else f"-{readers}"
    name = named(state.title, f"-{stem}{kept}-{state.seq}.{suffix}", otherwise=f"forum-{state.code}")
    if suffix != "json":
        told = archive.readable(told, reader.say(ERASED))
    if suffix == "md":
        return Export(markdown.write(told, reader), "text/markdown; charset=utf-8", name)
    if suffix == "json":
        return Export(archive.write(told), "application/json", name)
    body = tables.write(tables.table(stem)(told, reader), flavour)
    return Export(body, "text/csv; charset=utf-8", name)
