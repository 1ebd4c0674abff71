"""Documents, one by one: how each of those that ``language.documents`` offers is written.

What writes a document is imported when one is made: the server has them made in a process of their own and shall not carry
what only that takes.
"""

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Final, Literal, NamedTuple

import msgspec

from forum.domain import spelling
from forum.domain.keeping import ERASED
from forum.domain.kernel import PersonId
from forum.domain.kin import holder
from forum.domain.photographs.record import shown
from forum.domain.plan.rows import Whole
from forum.domain.plan.whole import whole
from forum.domain.roles import VOICE
from forum.domain.sheets import SCHEMAS
from forum.domain.state import State
from forum.domain.steps.commitments import Readers
from forum.exports import archive, audience, days, lines, markdown, plain, plan_table, tables
from forum.exports.book import Book
from forum.exports.books import actions, decks, plan, report
from forum.exports.books.decks import Composed, Entry
from forum.exports.naming import FileName, named
from forum.exports.tables import Flavour
from forum.exports.told import Archive, ForumOut
from forum.language import Reader, documents
from forum.language.documents import FILES, Form, Topic

FLAVOURS: tuple[Flavour, ...] = ("standard", "fr-excel")

HowFar = Callable[[int, int], None]
"""Is told, while a document is made of several, how many of how many are."""


def untold(done: int, of: int) -> None:
    """Nobody wants to know."""


NO_ENTRY: Final = Entry()


class Asked(NamedTuple):
    """What a document is made of."""

    told: Archive  # with "erased" where words were, as the plan is
    whole: Whole
    reader: Reader
    flavour: Flavour
    name: str  # of its topic
    kept: Archive  # told as it is kept
    present: tuple[str, ...]  # first names of those who are in and gave one
    entry: Entry
    far: HowFar
    pictures: Mapping[str, bytes]  # of photographs, by their names in ``told``


Written = Callable[[Asked], bytes]


def _markdown(asked: Asked) -> bytes:
    return markdown.write(asked.told, asked.whole, asked.reader)


def _text(asked: Asked) -> bytes:
    return plain.write(plan.in_text(asked.told, asked.whole, asked.reader))


def _json(asked: Asked) -> bytes:
    return archive.write(asked.kept)


def _table(asked: Asked) -> bytes:
    return tables.write(tables.table(asked.name)(asked.told, asked.reader), asked.flavour)


def _plan_table(asked: Asked) -> bytes:
    return tables.write(plan_table.rows(asked.told, asked.whole, asked.reader), asked.flavour)


def _workbook(asked: Asked) -> bytes:
    from forum.exports import workbook  # noqa: PLC0415 (see above)

    return workbook.write(asked.told, asked.whole, asked.reader)


def _territoires(asked: Asked) -> bytes:
    from forum.exports import territoires, workbook  # noqa: PLC0415 (see above)

    return workbook.write(asked.told, asked.whole, asked.reader, territoires.pages)


def _composed(compose: str) -> dict[str, Written]:
    """A document of blocks, for word processors and on paper."""

    def composed(asked: Asked) -> Book:
        found = BOOKS[compose](asked.told, asked.whole, asked.reader)
        return found._replace(pictures=asked.pictures)

    def word_(asked: Asked) -> bytes:
        from forum.exports import word  # noqa: PLC0415 (see above)

        return word.write(composed(asked))

    def paper_(asked: Asked) -> bytes:
        from forum.exports import paper  # noqa: PLC0415 (see above)

        return paper.write(composed(asked))

    return {f"{compose}.docx": word_, f"{compose}.pdf": paper_}


BOOKS: Final[dict[str, Callable[[Archive, Whole, Reader], Book]]] = {
    "plan": plan.plan,
    "action-sheets": actions.actions,
    "decisions": report.decisions,
    "report": report.report,
    "sign-in": report.sign_in,
}
"""How those are composed that people read, by the names of their topics."""


def _cards(compose: Composed) -> Written:
    def draw(asked: Asked) -> bytes:
        from forum.exports import paper  # noqa: PLC0415 (see above)

        return paper.cards(compose(asked.told, asked.present, asked.entry, asked.reader))

    return draw


def _picture(form: Literal["svg", "png"]) -> Written:
    def draw(asked: Asked) -> bytes:
        from forum.exports import paper  # noqa: PLC0415 (see above)

        return paper.draw(report.results(asked.told, asked.whole, asked.reader), form)

    return draw


def _days(asked: Asked) -> bytes:
    return days.write(asked.told, asked.whole, asked.reader)


def _all(asked: Asked) -> bytes:
    """Every other document in one container, without a clock in it."""
    from forum.exports import paper  # noqa: PLC0415 (see above)

    out = io.BytesIO()
    others = [
        (kind, topic, form)
        for kind, (topic, form) in documents.kinds().items()
        if form != documents.ZIP and not topic.worn and _has(asked, topic)
    ]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as files:
        for done, (kind, topic, form) in enumerate(others):
            asked.far(done, len(others))
            name = file_name(asked.kept.forum, topic, form, asked.kept.forum.readers).full  # type: ignore[arg-type]
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            files.writestr(entry, _written(kind, form, asked._replace(name=topic.name)))
            if form in SET:
                paper.forget()
        for name, body in asked.pictures.items():
            files.writestr(zipfile.ZipInfo(f"{PHOTOGRAPHS}/{name}", EPOCH), body)
    return out.getvalue()


def _has(asked: Asked, topic: Topic) -> bool:
    """Whether there is anything in it: of sheets that nobody wrote no table is made."""
    return topic.name not in SCHEMAS or any(sheet.schema == topic.name for sheet in asked.told.sheets)


SET: Final = (documents.PDF, documents.SVG, documents.PNG)
"""What typst makes."""

PHOTOGRAPHS: Final = "photos"  # the folder of their files

OBEYED: Final = bytes({*range(32), 127} - {*b"\t\n\r"})
"""Signs that say nothing and make a terminal or a reader do something."""

EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the first moment that the container knows

WRITTEN: Final[dict[str, Written]] = {
    "plan.txt": _text,
    "plan.md": _markdown,
    "plan.csv": _plan_table,
    "workbook.xlsx": _workbook,
    "territoires.xlsx": _territoires,
    "forum.json": _json,
    "calendar.ics": _days,
    "votes.svg": _picture("svg"),
    "votes.png": _picture("png"),
    "documents.zip": _all,
    "badges.pdf": _cards(decks.badges),
    "table-cards.pdf": _cards(decks.tables),
    "commitment-cards.pdf": _cards(decks.commitments),
    **{kind: written for name in BOOKS for kind, written in _composed(name).items()},
}
"""By the name in addresses; what is not here is a table of its own."""


def kinds() -> tuple[str, ...]:
    """Every document there is, by its name in addresses."""
    return tuple(documents.kinds())


def pictured(kind: str) -> bool:
    """Whether a document of ``kinds()`` shows photographs."""
    return documents.kinds()[kind][0].pictures


def _written(kind: str, form: Form, asked: Asked) -> bytes:
    """Its bytes; a text without what a terminal obeys, which older journals may hold."""
    body = WRITTEN.get(kind, _table)(asked)
    return body.translate(None, OBEYED) if form.media_type.startswith("text/") else body


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
    far: HowFar = untold,
    entry: Entry = NO_ENTRY,
    photographs: Mapping[str, bytes] | None = None,
) -> Export:
    """Make one of ``kinds()``. Pure but for ``far``. Raises KeyError for another kind.

    chain   hash of the history up to ``state.seq``, printed in the document
    reader  language and time zone of who reads it
    readers for whom it is
    entry   where people come in, for what leads there
    photographs  their pictures, by their ids: of ``pictured`` documents those that are kept
    far     is told how far it is, where it is made of several
    """
    topic, form = documents.kinds()[kind]
    kept = archive.archive(state, names, chain, readers)
    known, erased = audience.told_apart(state, names), reader.say(ERASED)
    plan_ = lines.readable(whole(state, lambda person: known.get(person, ""), readers), erased)
    pictures = {
        told.name: photographs[one.id]
        for one, told in zip(shown(state.photographs), kept.photographs, strict=True)
        if photographs and one.id in photographs
    }
    there = tuple(one for one in kept.photographs if one.name in pictures)
    asked = Asked(
        msgspec.structs.replace(archive.readable(kept, erased), photographs=there),
        plan_,
        reader,
        flavour,
        topic.name,
        kept,
        present(state, known),
        entry,
        far,
        pictures,
    )
    body = _written(kind, form, asked)
    return Export(body, form.media_type, file_name(kept.forum, topic, form, readers))


def present(state: State, known: Mapping[PersonId, str]) -> tuple[str, ...]:
    """The first names of those who are in, as a list of names is put in order; one for each voice."""
    here = (p.id for p in state.people.by_id.values() if p.state == "in" and p.role in VOICE)
    names = (known.get(person, "") for person in here if holder(state, person) == person)
    return tuple(sorted(filter(None, names), key=spelling.order))


def file_name(forum: ForumOut, topic: Topic, form: Form, readers: Readers) -> FileName:
    """What a document of this moment is called, in the room's language."""
    room = Reader(forum.lang)
    what = " ".join(room.say(word) for word in (topic.file, FILES[readers]) if word)
    return named(forum.title, f"-{forum.seq}.{form.suffix}", otherwise=f"forum-{forum.code}", what=what)
