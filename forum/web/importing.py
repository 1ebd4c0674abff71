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
from forum.domain.state import Step
from forum.domain.steps import boards
from forum.domain.steps.board import IdeaWithdrawn
from forum.imports import Book, Page, Unreadable, letter
from forum.imports.apart import book_of, ordered
from forum.imports.columns import Guess, Target
from forum.imports.kinds import KINDS, Here, Kind, likely
from forum.imports.plan_line import Told as Knows
from forum.imports.preview import Preview, tried
from forum.imports.provenance import since
from forum.imports.reading import SENTENCES
from forum.imports.wishes import Wish, said
from forum.live import Accepted, Busy, Verdict
from forum.opening import new_secret
from forum.web import asking, pages, verdicts, wire
from forum.web.acting import Numbered, act, called_in, form_tab, pause_ms, short_hash
from forum.web.asking import Fields, one, see_other, seen_of, ticket_of
from forum.web.guard import FILE_BYTES
from forum.web.handed_in import read_apart
from forum.web.identity import Surface, base_path
from forum.web.own import Opened, with_access
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
    page: str
    column: str
    found: str
    sentence: str


class Tick(NamedTuple):
    """What is ticked together, and what would come of it."""

    key: str
    line: int
    page: str
    ticked: bool
    says: list[str]


class Reading(NamedTuple):
    """How a file is read: as the page was told, or guessed."""

    book: Book
    kind: Kind
    guess: Guess
    step: Step | None

    @property
    def pages(self) -> tuple[Page, tuple[Page, ...]]:
        """The sheet that is read, and those beside it."""
        return self.book.parted(self.guess.page)


async def page(request: Request, *, surface: Surface) -> Response:
    """Where a file is handed in; or, with ``?file``, what would come of the last one."""
    here = await with_access(request, surface, LEADS)
    if "file" in request.query_params:
        return await _preview(request, here, {}, new_secret())
    return _blank(request, here, done=_done(request, here))


async def deed(request: Request, *, surface: Surface) -> Response:
    """A file is handed in; or read in another way; or what it says is imported, or taken back."""
    here = await with_access(request, surface, LEADS)
    if asking.media_type(request) == MULTIPART:
        return await _handed_in(request, here)
    fields = await asking.fields_of(request, MOST_TICKS)
    ticket = ticket_of(fields) or new_secret()
    match one(fields, "do"):
        case "import":
            return await _imported(request, here, fields, ticket)
        case "undo":
            return await _undone(request, here, fields, ticket)
        case _:
            return await _preview(request, here, fields, ticket)


# --- a file


async def _handed_in(request: Request, here: Opened) -> Response:
    service = service_of(request)
    async with request.form(max_files=1, max_fields=4, max_part_size=1024) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise HTTPException(400)
        body, name = await file.read(FILE_BYTES), (file.filename or "").replace("\\", "/").rpartition("/")[2]
    if not name:
        return _blank(request, here, 422, here.reader.say(NO_FILE))
    try:
        answer = await read_apart(ordered(body, name[-NAME_CHARS:]))
        await asyncio.to_thread(book_of, answer)
    except Unreadable as error:
        return _blank(request, here, 422, here.reader.say(SENTENCES[error.code], **error.params))
    await service.journal.uploads.keep(here.code, here.who.person, answer)
    return see_other(f"{_path(here)}?file")


async def _kept(request: Request, here: Opened) -> Book | None:
    answer = await service_of(request).journal.uploads.kept(here.code, here.who.person)
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


async def _reading(request: Request, here: Opened, fields: Fields) -> Reading | None:
    """None where no file is kept any more."""
    book = await _kept(request, here)
    if book is None:
        return None
    kind = KINDS.get(one(fields, "of"))
    if kind is None:
        kind = await asyncio.to_thread(likely, book)
    same = one(fields, "was-of") in ("", kind.key)
    guess = _guess(fields, book, kind.targets()) if same else None
    if guess is None:
        guess = await asyncio.to_thread(kind.guessed, book)
    steps = _boards(request, here)
    step = next((s for s in steps if s.id == one(fields, "step")), steps[0] if steps else None)
    return Reading(book, kind, guess, step)


async def _looked_at(
    request: Request, here: Opened, reading: Reading, ticket: str, keys: frozenset[str] | None = None
) -> Preview:
    service, state = service_of(request), here.state
    asked = Asked(here.who.person, Millis(service.clock()), TabId("import"), 1)

    def new_id(kind: str, line: int) -> str:
        return short_hash(service.seed, "import", here.code, ticket, kind, str(line))

    def settle(command: Command) -> Command | Rejection:
        return wire.settled(command, here.who.role)

    left = since(reading.book, here.code, here.shown.head.seq)
    called = called_in(here.shown.view)
    page, beside = reading.pages
    knows = Knows(here.reader, new_id, lambda name: tuple(called(name)), here.shown.view.name, left, beside)
    asks = Here(state, page, reading.guess, reading.step, asked, knows)
    work = tried(reading.kind.wishes(asks), trial(state, asked), settle, keys)
    return await service.turns.in_slices(work)


def _boards(request: Request, here: Opened) -> tuple[Step, ...]:
    now = Millis(service_of(request).clock())
    return boards.taking(here.state, Asked(here.who.person, now))


async def _preview(
    request: Request, here: Opened, fields: Fields, ticket: str, status: int = 200, flash: str = ""
) -> Response:
    reading = await _reading(request, here, fields)
    if reading is None:
        return _blank(request, here, 422, here.reader.say(GONE))
    preview = await _looked_at(request, here, reading, ticket)
    page = reading.book.pages[reading.guess.page]
    return _drawn(
        request,
        here,
        status,
        flash,
        book=reading.book,
        kind=reading.kind,
        kinds=tuple(KINDS.values()),
        guess=reading.guess,
        steps=_boards(request, here),
        step=reading.step,
        pages=[(number, page.name) for number, page in enumerate(reading.book.pages)],
        columns=await asyncio.to_thread(_columns, page, reading.guess),
        targets=[(one.key, here.reader.say(one.label)) for one in reading.kind.targets()],
        ticks=_ticks(here, preview),
        problems=_problems(here, preview),
        ticket=ticket,
    )


def _ticks(here: Opened, preview: Preview) -> list[Tick]:
    def does(wish: Wish) -> str:
        return said(here.reader, wish.does, wish.params) if wish.does else wish.found

    return [
        Tick(group[0].key, group[0].line, group[0].page, group[0].ticked, [does(wish) for wish in group])
        for group in preview.groups
    ]


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


def _problems(here: Opened, preview: Preview) -> list[Problem]:
    """Every problem in words, in the order of the lines; the same words about the same cell are said once."""
    name, told = here.shown.view.name, list[tuple[int, str, str, str, str]]()
    told += [
        (p.line, p.page, p.column, p.found, said(here.reader, p.why, p.params)) for p in preview.problems
    ]
    told += [
        (
            wish.line,
            wish.page,
            wish.column,
            wish.found,
            verdicts.sentence(here.reader, no.code, no.params, name),
        )
        for wish, no in preview.refused
    ]
    lines: dict[tuple[str, str, str, str], list[int]] = {}
    for line, *words in sorted(told, key=lambda one: (one[1], one[0], len(one[2]), one[2])):
        lines.setdefault((words[0], words[1], words[2], words[3]), []).append(line)
    return [Problem(tuple(dict.fromkeys(at)), *words) for words, at in lines.items()]


# --- doing it


async def _imported(request: Request, here: Opened, fields: Fields, ticket: str) -> Response:
    service, reading = service_of(request), await _reading(request, here, fields)
    if reading is None:
        return _blank(request, here, 422, here.reader.say(GONE))
    keys = frozenset(fields.get("key", ()))
    preview = await _looked_at(request, here, reading, ticket, keys)
    what = ImportTable(reading.kind.key, preview.lines, preview.commands)
    words = ("import", *sorted(keys), *(f"{name}={one(fields, name)}" for name in sorted(fields)))
    op = Numbered(here.who, form_tab(service.seed, ticket, *words), 1, seen_of(fields))
    verdict: Verdict = Busy() if pause_ms(service, here.code, op) else await act(service, here.code, what, op)
    if isinstance(verdict, Accepted):
        await service.journal.uploads.forget(here.code, here.who.person)
        return see_other(f"{_path(here)}?done={verdict.head.seq}")
    flash = verdicts.said(here.reader, verdict, here.shown.view.name)
    return await _preview(request, here, fields, ticket, verdicts.status(verdict), flash)


def _done(request: Request, here: Opened) -> int:
    """The gesture that the address names, where it stands and can be taken back; 0 for none."""
    done = _number(request.query_params.get("done", ""))
    return (
        done
        if any(d.seq == done and d.by == here.who.person and not d.undone for d in here.state.deeds)
        else 0
    )


async def _undone(request: Request, here: Opened, fields: Fields, ticket: str) -> Response:
    service, deed = service_of(request), one(fields, "deed")
    what = wire.form_command("Undo", {"deed": [deed]}, "", here.who.role)
    op = Numbered(here.who, form_tab(service.seed, ticket, "undo", deed), 1, seen_of(fields))
    verdict: Verdict = Busy() if pause_ms(service, here.code, op) else await act(service, here.code, what, op)
    if isinstance(verdict, Accepted):
        return see_other(f"{_path(here)}?undone")
    flash = verdicts.said(here.reader, verdict, here.shown.view.name)
    return _blank(request, here, verdicts.status(verdict), flash, done=_number(deed))


# --- pages


def _path(here: Opened) -> str:
    return f"{base_path(here.code, 'desk')}/import"


def _blank(request: Request, here: Opened, status: int = 200, flash: str = "", done: int = 0) -> Response:
    imported = next((deed for deed in here.state.deeds if deed.seq == done), None)
    return _drawn(
        request,
        here,
        status,
        flash,
        steps=_boards(request, here),
        done=done,
        came=len(imported.inverse) if imported else 0,
        cards=sum(isinstance(fact, IdeaWithdrawn) for fact in imported.inverse) if imported else 0,
        undone="undone" in request.query_params and not flash,
        ticket=new_secret(),
    )


def _drawn(request: Request, here: Opened, status: int, flash: str, **args: Any) -> Response:
    given: Mapping[str, Any] = {
        "code": here.code,
        "title": here.state.title,
        "base": base_path(here.code, "desk"),
        "back": _path(here),
        "seen": here.shown.head.seq,
        "book": None,
        "done": 0,
        "cards": 0,
        "came": 0,
        "undone": False,
    }
    return pages.plain(request, "import.html", here.reader, status, flash=flash, **{**given, **args})


def _number(said: str) -> int:
    """What somebody sent as a number; 0 for anything else."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= 15 else 0
