"""Importing a table at the desk: hand in a file, look at what would come of it, correct how it is read, confirm, take it back.

Plain pages, with a script or without. What goes through a whole table at once goes beside the loop, in a thread: its bounds are
those of the table. The file itself is read in a process apart and not kept; what it says is kept beside the
journal for an hour, for whoever handed it in. Nothing is changed before somebody confirms what the page showed.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from forum.domain.imported import ImportTable
from forum.domain.kernel import N_, Asked, Command, Millis, Rejection, TabId
from forum.domain.roles import LEADS
from forum.domain.room import trial
from forum.domain.state import State, Step
from forum.domain.steps import boards
from forum.domain.steps.board import IdeaWithdrawn
from forum.imports import Book, Page, Unreadable, cards, letter
from forum.imports.apart import book_of, ordered
from forum.imports.columns import Guess, Target
from forum.imports.kinds import KINDS, Here, Kind, likely
from forum.imports.plan import Told as Knows
from forum.imports.preview import Preview, tried
from forum.imports.provenance import since
from forum.imports.reading import SENTENCES
from forum.imports.wishes import Wish
from forum.language import Reader
from forum.live import Accepted, Busy, Shown, Verdict
from forum.opening import new_secret
from forum.web import asking, pages, verdicts, wire
from forum.web.acting import Numbered, act, called_in, form_tab, pause_ms, short_hash
from forum.web.asking import Fields, one, see_other, seen_of, ticket_of
from forum.web.entering import NotIn
from forum.web.guard import FILE_BYTES
from forum.web.handed_in import read_apart
from forum.web.identity import Surface, Who, base_path, stands
from forum.web.own import opened
from forum.web.receipts import MULTIPART
from forum.web.service import service_of

MOST_TICKS: Final = 4_000
SHOWN: Final = 3  # lines of each column, beside what it may hold
NAME_CHARS: Final = 80  # of a file
GONE: Final = N_("What you had chosen is no longer kept. Choose the file again.")
NO_FILE: Final = N_("Choose a file first.")


class Problem(NamedTuple):
    """A problem as the page says it, with every line that has it."""

    lines: tuple[int, ...]
    column: str
    found: str
    sentence: str


class Tick(NamedTuple):
    """What is ticked together, and what would come of it."""

    key: str
    line: int
    ticked: bool
    says: list[str]


class Reading(NamedTuple):
    """How a file is read: as the page was told, or guessed."""

    book: Book
    kind: Kind
    guess: Guess
    step: Step | None


class Desk(NamedTuple):
    """Who imports, and where."""

    request: Request
    code: str
    who: Who
    shown: Shown
    reader: Reader

    @property
    def state(self) -> State:
        return self.shown.view.state

    @property
    def path(self) -> str:
        return f"{base_path(self.code, 'desk')}/import"


async def page(request: Request, *, surface: Surface) -> Response:
    """Where a file is handed in; or, with ``?file``, what would come of the last one."""
    desk = await _leading(request, surface)
    if "file" in request.query_params:
        return await _preview(desk, {}, new_secret())
    return _blank(desk, done=_done(desk))


async def deed(request: Request, *, surface: Surface) -> Response:
    """A file is handed in; or read in another way; or what it says is imported, or taken back."""
    desk = await _leading(request, surface)
    if asking.media_type(request) == MULTIPART:
        return await _handed_in(desk)
    fields = await asking.fields_of(request, MOST_TICKS)
    ticket = ticket_of(fields) or new_secret()
    match one(fields, "do"):
        case "import":
            return await _imported(desk, fields, ticket)
        case "undo":
            return await _undone(desk, fields, ticket)
        case _:
            return await _preview(desk, fields, ticket)


# --- who asks


async def _leading(request: Request, surface: Surface) -> Desk:
    code, who, shown, reader = await opened(request, surface)
    if who.role not in LEADS or not stands(shown.view.state, who):
        raise NotIn("access_ended", base_path(code, surface))
    return Desk(request, code, who, shown, reader)


# --- a file


async def _handed_in(desk: Desk) -> Response:
    service = service_of(desk.request)
    async with desk.request.form(max_files=1, max_fields=4, max_part_size=1024) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise HTTPException(400)
        body, name = await file.read(FILE_BYTES), (file.filename or "").replace("\\", "/").rpartition("/")[2]
    if not name:
        return _blank(desk, 422, desk.reader.say(NO_FILE))
    try:
        answer = await read_apart(ordered(body, name[-NAME_CHARS:]))
        await asyncio.to_thread(book_of, answer)
    except Unreadable as error:
        return _blank(desk, 422, desk.reader.say(SENTENCES[error.code], **error.params))
    await service.journal.uploads.keep(desk.code, desk.who.person, answer)
    return see_other(f"{desk.path}?file")


async def _kept(desk: Desk) -> Book | None:
    answer = await service_of(desk.request).journal.uploads.kept(desk.code, desk.who.person)
    return await asyncio.to_thread(book_of, answer) if answer else None


# --- what would come of it


def _guess(fields: Fields, book: Book, targets: tuple[Target, ...]) -> Guess | None:
    """How somebody says that it is read; None where they have not said, or it is of another file."""
    page, heading = _number(one(fields, "page")), _number(one(fields, "heading"))
    if not one(fields, "page") or page >= len(book.pages):
        return None
    known = {target.key for target in targets}
    said = {column: one(fields, f"column-{column}") for column in range(book.pages[page].width)}
    return Guess(page, heading, {column: key for column, key in said.items() if key in known})


async def _reading(desk: Desk, fields: Fields) -> Reading | None:
    """None where no file is kept any more."""
    book = await _kept(desk)
    if book is None:
        return None
    kind = KINDS.get(one(fields, "of"))
    if kind is None:
        kind = await asyncio.to_thread(likely, book)
    same = one(fields, "was-of") in ("", kind.key)
    guess = _guess(fields, book, kind.targets()) if same else None
    if guess is None:
        guess = await asyncio.to_thread(kind.guessed, book)
    steps = _boards(desk)
    step = next((s for s in steps if s.id == one(fields, "step")), steps[0] if steps else None)
    return Reading(book, kind, guess, step)


async def _looked_at(
    desk: Desk, reading: Reading, ticket: str, keys: frozenset[str] | None = None
) -> Preview:
    service, state = service_of(desk.request), desk.state
    asked = Asked(desk.who.person, Millis(service.clock()), TabId("import"), 1)

    def new_id(kind: str, line: int) -> str:
        return short_hash(service.seed, "import", desk.code, ticket, kind, str(line))

    def settle(command: Command) -> Command | Rejection:
        return wire.settled(command, desk.who.role)

    left = since(reading.book, desk.code, desk.shown.head.seq)
    called = called_in(desk.shown)
    knows = Knows(desk.reader, new_id, lambda name: tuple(called(name)), desk.shown.view.name, left)
    here = Here(state, reading.book.pages[reading.guess.page], reading.guess, reading.step, asked, knows)
    work = tried(reading.kind.wishes(here), trial(state, asked), settle, keys)
    return await service.turns.in_slices(work)


def _boards(desk: Desk) -> tuple[Step, ...]:
    now = Millis(service_of(desk.request).clock())
    return boards.taking(desk.state, Asked(desk.who.person, now))


async def _preview(desk: Desk, fields: Fields, ticket: str, status: int = 200, flash: str = "") -> Response:
    reading = await _reading(desk, fields)
    if reading is None:
        return _blank(desk, 422, desk.reader.say(GONE))
    preview = await _looked_at(desk, reading, ticket)
    page = reading.book.pages[reading.guess.page]
    return _drawn(
        desk,
        status,
        flash,
        book=reading.book,
        kind=reading.kind,
        kinds=tuple(KINDS.values()),
        guess=reading.guess,
        steps=_boards(desk),
        step=reading.step,
        pages=[(number, page.name) for number, page in enumerate(reading.book.pages)],
        columns=await asyncio.to_thread(_columns, page, reading.guess),
        targets=[(one.key, desk.reader.say(one.label)) for one in reading.kind.targets()],
        ticks=_ticks(desk, preview),
        problems=_problems(desk, preview),
        ticket=ticket,
        most=cards.MOST_CARDS,
    )


def _ticks(desk: Desk, preview: Preview) -> list[Tick]:
    def said(wish: Wish) -> str:
        return _say(desk, wish.does, wish.params) if wish.does else wish.found

    return [
        Tick(group[0].key, group[0].line, group[0].ticked, [said(wish) for wish in group])
        for group in preview.groups
    ]


def _say(desk: Desk, sentence: str, params: Mapping[str, object]) -> str:
    """A sentence about a table; the field that it names, in the reader's words."""
    words = {name: desk.reader.say(str(p)) if name == "label" else p for name, p in params.items()}
    return desk.reader.say(sentence, **words)


def _columns(page: Page, guess: Guess) -> list[dict[str, Any]]:
    """Each column that says something: its letter, what it is called, what stands in it, what it is taken for."""
    rows = [row for row in page.rows if row.number > guess.heading]
    heading = next((row for row in page.rows if row.number == guess.heading), None)
    found = []
    for column in range(page.width):
        said = [row.at(column) for row in rows if row.at(column)][:SHOWN]
        if said or column in guess.targets:
            called = heading.at(column) if heading else ""
            found.append(
                {
                    "number": column,
                    "letter": letter(column),
                    "called": called,
                    "said": said,
                    "key": guess.targets.get(column, ""),
                }
            )
    return found


def _problems(desk: Desk, preview: Preview) -> list[Problem]:
    """Every problem in words, in the order of the lines; the same words about the same cell are said once."""
    name, told = desk.shown.view.name, list[tuple[int, str, str, str]]()
    told += [(p.line, p.column, p.found, _say(desk, p.why, p.params)) for p in preview.problems]
    told += [
        (wish.line, wish.column, wish.found, verdicts.sentence(desk.reader, no.code, no.params, name))
        for wish, no in preview.refused
    ]
    lines: dict[tuple[str, str, str], list[int]] = {}
    for line, *said in sorted(told, key=lambda one: (one[0], len(one[1]), one[1])):
        lines.setdefault((said[0], said[1], said[2]), []).append(line)
    return [Problem(tuple(dict.fromkeys(at)), *said) for said, at in lines.items()]


# --- doing it


async def _imported(desk: Desk, fields: Fields, ticket: str) -> Response:
    service, reading = service_of(desk.request), await _reading(desk, fields)
    if reading is None:
        return _blank(desk, 422, desk.reader.say(GONE))
    keys = frozenset(fields.get("key", ()))
    preview = await _looked_at(desk, reading, ticket, keys)
    what = ImportTable(reading.kind.key, len(keys), preview.commands)
    words = ("import", *sorted(keys), *(f"{name}={one(fields, name)}" for name in sorted(fields)))
    op = Numbered(desk.who, form_tab(service.seed, ticket, *words), 1, seen_of(fields))
    verdict: Verdict = Busy() if pause_ms(service, desk.code, op) else await act(service, desk.code, what, op)
    if isinstance(verdict, Accepted):
        await service.journal.uploads.forget(desk.code, desk.who.person)
        return see_other(f"{desk.path}?done={verdict.head.seq}")
    flash = verdicts.said(desk.reader, verdict, desk.shown.view.name)
    return await _preview(desk, fields, ticket, verdicts.status(verdict), flash)


def _done(desk: Desk) -> int:
    """The gesture that the address names, where it stands and can be taken back; 0 for none."""
    done = _number(desk.request.query_params.get("done", ""))
    return (
        done
        if any(d.seq == done and d.by == desk.who.person and not d.undone for d in desk.state.deeds)
        else 0
    )


async def _undone(desk: Desk, fields: Fields, ticket: str) -> Response:
    service, deed = service_of(desk.request), one(fields, "deed")
    what = wire.form_command("Undo", {"deed": [deed]}, "", desk.who.role)
    op = Numbered(desk.who, form_tab(service.seed, ticket, "undo", deed), 1, seen_of(fields))
    verdict: Verdict = Busy() if pause_ms(service, desk.code, op) else await act(service, desk.code, what, op)
    if isinstance(verdict, Accepted):
        return see_other(f"{desk.path}?undone")
    flash = verdicts.said(desk.reader, verdict, desk.shown.view.name)
    return _blank(desk, verdicts.status(verdict), flash, done=_number(deed))


# --- pages


def _blank(desk: Desk, status: int = 200, flash: str = "", done: int = 0) -> Response:
    imported = next((deed for deed in desk.state.deeds if deed.seq == done), None)
    return _drawn(
        desk,
        status,
        flash,
        steps=_boards(desk),
        done=done,
        came=len(imported.inverse) if imported else 0,
        cards=sum(isinstance(fact, IdeaWithdrawn) for fact in imported.inverse) if imported else 0,
        undone="undone" in desk.request.query_params and not flash,
        ticket=new_secret(),
    )


def _drawn(desk: Desk, status: int, flash: str, **args: Any) -> Response:
    given: Mapping[str, Any] = {
        "code": desk.code,
        "title": desk.state.title,
        "base": base_path(desk.code, "desk"),
        "back": desk.path,
        "seen": desk.shown.head.seq,
        "book": None,
        "done": 0,
        "cards": 0,
        "came": 0,
        "undone": False,
    }
    return pages.plain(desk.request, "import.html", desk.reader, status, flash=flash, **{**given, **args})


def _number(said: str) -> int:
    """What somebody sent as a number; 0 for anything else."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= 15 else 0
