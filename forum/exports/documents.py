"""Documents, one by one: how each of those that ``language.documents`` offers is written.

What writes a document is imported when one is made: the server has them made in a process of their own and shall not carry
what only that takes.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from forum.domain.keeping import ERASED
from forum.domain.kernel import PersonId
from forum.domain.plan.rows import Whole
from forum.domain.plan.whole import whole
from forum.domain.state import State
from forum.domain.steps.commitments import Readers
from forum.exports import archive, audience, lines, markdown, tables
from forum.exports.book import Book
from forum.exports.books import plan, report
from forum.exports.naming import FileName, named
from forum.exports.tables import Flavour
from forum.exports.told import Archive
from forum.language import Reader, documents
from forum.language.documents import FILES, Topic

FLAVOURS: tuple[Flavour, ...] = ("standard", "fr-excel")


class Asked(NamedTuple):
    """What a document is made of."""

    told: Archive  # with "erased" where words were, as the plan is
    whole: Whole
    reader: Reader
    flavour: Flavour
    name: str  # of its topic
    kept: Archive  # told as it is kept


Written = Callable[[Asked], bytes]


def _markdown(asked: Asked) -> bytes:
    return markdown.write(asked.told, asked.reader)


def _json(asked: Asked) -> bytes:
    return archive.write(asked.kept)


def _table(asked: Asked) -> bytes:
    return tables.write(tables.table(asked.name)(asked.told, asked.reader), asked.flavour)


def _workbook(asked: Asked) -> bytes:
    from forum.exports import workbook  # noqa: PLC0415 (see above)

    return workbook.write(asked.told, asked.whole, asked.reader)


def _composed(compose: str) -> dict[str, Written]:
    """A document of blocks, for word processors and on paper."""

    def word_(asked: Asked) -> bytes:
        from forum.exports import word  # noqa: PLC0415 (see above)

        return word.write(BOOKS[compose](asked.told, asked.whole, asked.reader))

    def paper_(asked: Asked) -> bytes:
        from forum.exports import paper  # noqa: PLC0415 (see above)

        return paper.write(BOOKS[compose](asked.told, asked.whole, asked.reader))

    return {f"{compose}.docx": word_, f"{compose}.pdf": paper_}


BOOKS: Final[dict[str, Callable[[Archive, Whole, Reader], Book]]] = {
    "plan": plan.plan,
    "action-sheets": plan.actions,
    "decisions": report.decisions,
    "report": report.report,
}
"""How those are composed that people read, by the names of their topics."""

WRITTEN: Final[dict[str, Written]] = {
    "plan.md": _markdown,
    "workbook.xlsx": _workbook,
    "forum.json": _json,
    **{kind: written for name in BOOKS for kind, written in _composed(name).items()},
}
"""By the name in addresses; what is not here is a table of its own."""


def kinds() -> tuple[str, ...]:
    """Every document there is, by its name in addresses."""
    return tuple(documents.kinds())


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
    topic, form = documents.kinds()[kind]
    kept = archive.archive(state, names, chain, readers)
    known, erased = audience.told_apart(state, names), reader.say(ERASED)
    plan_ = lines.readable(whole(state, lambda person: known.get(person, ""), readers), erased)
    asked = Asked(archive.readable(kept, erased), plan_, reader, flavour, topic.name, kept)
    body = WRITTEN.get(kind, _table)(asked)
    return Export(body, form.media_type, _file_name(state, topic, form.suffix, readers))


def _file_name(state: State, topic: Topic, suffix: str, readers: Readers) -> FileName:
    """What a document of this moment is called, in the room's language."""
    room = Reader(state.lang)
    what = " ".join(room.say(word) for word in (topic.file, FILES[readers]) if word)
    return named(state.title, f"-{state.seq}.{suffix}", otherwise=f"forum-{state.code}", what=what)
