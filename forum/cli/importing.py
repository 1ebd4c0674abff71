"""``forum import``: what a table would do in a forum, line by line; with ``--confirm`` it is done, beside a running server too."""

import argparse
import asyncio
import secrets
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from forum.cli.export import called_there, folded
from forum.cli.new import now
from forum.cli.settings import settings_from, there
from forum.cli.terminal import Say, Terminal
from forum.domain import records
from forum.domain.imported import ImportTable
from forum.domain.kernel import N_, Asked, Command, Millis, PersonId, Record, Rejection, TabId
from forum.domain.roles import LEADS, Role
from forum.domain.room import OutOfOrder, Seen, decide, trial
from forum.domain.space import Full
from forum.domain.state import State
from forum.domain.steps import boards
from forum.fragments.surface import View
from forum.imports import Book, Unreadable, letter
from forum.imports.apart import book_of, ordered
from forum.imports.kinds import KINDS, Here, likely
from forum.imports.plan_line import Told
from forum.imports.preview import Preview, tried
from forum.imports.provenance import since
from forum.imports.reading import SENTENCES
from forum.imports.wishes import Problem, Wish, said
from forum.journal import Conflict, Head, Journal, StoreAddress, open_journal
from forum.language import Reader
from forum.slices import at_once
from forum.web import verdicts, wire
from forum.web.acting import called_in
from forum.web.handed_in import read_apart

ABOUT = N_("Show what a table would do in a forum: cards, or the plan; with --confirm do it.")
TRIES = 20  # against a room that goes on writing meanwhile
SALT_BYTES = 16
FOUND_CHARS = 60


def arguments(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument("code", metavar="CODE", help=say("code of the forum"))
    parser.add_argument("file", type=Path, metavar=say("FILE"), help=say("the table: XLSX, ODS or CSV"))
    parser.add_argument(
        "--of", choices=tuple(KINDS), help=say("what the table has, where that is not guessed right")
    )
    parser.add_argument("--confirm", action="store_true", help=say("do what is shown"))


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    code = terminal.code(arguments.code)
    book = _read(arguments.file, terminal)
    store = there(settings_from(arguments))
    asyncio.run(_imported(store, code, book, arguments, terminal))
    return 0


class Looked(NamedTuple):
    """What would come of the table, in a forum as it stands."""

    head: Head
    state: State
    who: PersonId
    kind: str
    preview: Preview
    reader: Reader


def _read(file: Path, terminal: Terminal) -> Book:
    try:
        return book_of(asyncio.run(read_apart(ordered(file.read_bytes(), file.name))))
    except OSError as error:
        terminal.refuse("{file} cannot be read ({detail}). Check the path.", file=file, detail=error.strerror)
    except Unreadable as error:
        terminal.refuse(SENTENCES[error.code], **{name: _shown(str(p)) for name, p in error.params.items()})


async def _imported(
    address: StoreAddress, code: str, book: Book, arguments: argparse.Namespace, terminal: Terminal
) -> None:
    async with open_journal(address) as journal:
        ticket = secrets.token_hex(8)
        looked = await _looked_at(journal, code, book, arguments.of, ticket, terminal)
        _say(looked, terminal)
        for _ in range(TRIES if arguments.confirm else 0):
            try:
                seq = await _done(journal, code, looked, ticket, terminal)
            except Conflict:
                looked = await _looked_at(journal, code, book, arguments.of, ticket, terminal)
                continue
            terminal.line(
                terminal.say("Imported, entry {seq} of the journal. The desk can undo it.", seq=seq)
            )
            return
    if not looked.preview.wishes:
        terminal.line(terminal.say("Nothing would change."))
    elif not all(wish.ticked for wish in looked.preview.wishes):
        terminal.line(terminal.say("Lines marked “?” are not done here. Tick them at the desk to do them."))
    if not arguments.confirm and looked.preview.commands:
        terminal.line(terminal.say("Nothing has been changed yet. Add --confirm to do this."))


async def _looked_at(
    journal: Journal, code: str, book: Book, of: str | None, ticket: str, terminal: Terminal
) -> Looked:
    head = await journal.head(code)
    if head is None:
        terminal.refuse("There is no forum {code} here. Check the code and the data folder.", code=code)
    state, chain = await folded(journal, code)
    names = await called_there(journal, code, state)
    view = View(state, names.names, given=names.given)
    fitting = called_in(view)
    leading = [p.id for p in state.people.by_id.values() if p.role in LEADS and p.state == "in"]
    if not leading:
        terminal.refuse(
            "Nobody has led {code} yet, so nobody can import. Open the desk once, then run this again.",
            code=code,
        )
    kind = KINDS[of] if of else likely(book)
    guess = kind.guessed(book)
    asked = _asked(leading[0], ticket)
    step = next(iter(boards.taking(state, asked)), None)
    if kind.needs_step and step is None:
        terminal.refuse(
            "Cards come in while a step is open in which cards are written. Open one at the desk, then run this again. "
            "If the table is a plan, add --of plan."
        )
    labels = {target.key: terminal.say(target.label) for target in kind.targets()}
    if kind.needs not in guess.targets.values():
        terminal.refuse(
            "No column is called “{name}”. Write that above the one that it is, then run this again.",
            name=labels[kind.needs],
        )

    def settle(command: Command) -> Command | Rejection:
        return wire.settled(command, Role.FACILITATOR)

    page, beside = book.parted(guess.page)
    told = Told(
        Reader(terminal.lang, state.zone),
        lambda what, line: _new_id(ticket, what, line),
        lambda name: tuple(fitting(name)),
        view.name,
        since(book, code, state.seq),
        beside,
    )
    here = Here(state, page, guess, step, asked, told)
    preview = at_once(tried(kind.wishes(here), trial(state, asked), settle))
    shown = ", ".join(
        f"{letter(column)} = {labels[key]}" for column, key in sorted(guess.targets.items()) if key in labels
    )
    terminal.line(_shown(f"{page.name} · {shown}"))
    return Looked(Head(head.gen, state.seq, chain), state, leading[0], kind.key, preview, told.reader)


def _asked(who: PersonId, ticket: str, seen: int = 0) -> Asked:
    return Asked(who, Millis(now()), TabId(f"import-{ticket}"), 1, seen)


def _new_id(ticket: str, what: str, line: int) -> str:
    return sha256(f"{ticket} {what} {line}".encode()).hexdigest()[:24]


def _say(looked: Looked, terminal: Terminal) -> None:
    """Every wish and every problem, a line each."""

    for wish in looked.preview.wishes:
        does = said(looked.reader, wish.does, wish.params) if wish.does else wish.found
        terminal.line(
            f"{'+' if wish.ticked else '?'} {wish.line or '':>4}  {_shown(_in(wish))}{_shown(does)}"
        )
    for one in looked.preview.problems:
        why = _shown(said(looked.reader, one.why, one.params))
        _say_problem(one, why, terminal)
    for wish, no in looked.preview.refused:
        why = _shown(verdicts.sentence(looked.reader, no.code, no.params, str))
        _say_problem(wish, why, terminal)


def _say_problem(at: Wish | Problem, why: str, terminal: Terminal) -> None:
    """Where it stands, what stood there, and why it does not come in."""
    found = _shown(at.found)
    short = found if len(found) <= FOUND_CHARS else f"{found[:FOUND_CHARS]}…"
    quoted = terminal.say("“{words}”: {why}", words=short, why=why) if short else why
    terminal.line(f"! {at.line or '':>4} {at.column:>2}  {_shown(_in(at))}{quoted}")


def _in(at: Wish | Problem) -> str:
    """The sheet in which it stands, where that is another than the one that is read."""
    return f"[{at.page}] " if at.page else ""


def _shown(text: str) -> str:
    """In one line; what a terminal would obey rather than show, as an escape."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in " ".join(text.split()))


async def _done(journal: Journal, code: str, looked: Looked, ticket: str, terminal: Terminal) -> int:
    """Append what comes of it; the last fact's number. Conflict, when somebody was first."""
    asked = _asked(looked.who, ticket, looked.state.seq)
    command = ImportTable(looked.kind, looked.preview.lines, looked.preview.commands)
    facts = decide(looked.state, command, asked)
    if isinstance(facts, Rejection):
        terminal.refuse_text(facts, verdicts.SENTENCES)
    assert not isinstance(facts, Seen | OutOfOrder | Full), f"expected facts, got {facts}"
    op, salts = f"{asked.tab}:{asked.op}", (secrets.token_hex(SALT_BYTES) for _ in facts)
    batch = [
        (op, records.encode(Record(fact, asked.by, asked.at, salt)))
        for fact, salt in zip(facts, salts, strict=True)
    ]
    return (await journal.append(code, looked.head, batch)).seq
