"""``forum export``: a forum's documents, as they stand in the journal now."""

import argparse
import asyncio
from pathlib import Path
from typing import NamedTuple

from forum.cli.settings import add_address, settings_from, there
from forum.cli.terminal import Say, Terminal
from forum.domain import records
from forum.domain.homonyms import Called, called
from forum.domain.kernel import N_, PersonId
from forum.domain.photographs.record import shown
from forum.domain.room import EMPTY, fold
from forum.domain.state import State
from forum.domain.steps.commitments import OUTSIDE, Readers
from forum.exports import FLAVOURS, NO_ENTRY, Entry, Export, Flavour, kinds, pictured, render
from forum.journal import Journal, StoreAddress, open_journal
from forum.language import Reader
from forum.web.qr import qr_svg

ABOUT = N_("Write a forum's documents to a file.")
FORMATS = {"md": "plan.md", "csv": "plan.csv", "json": "forum.json"}
TABLES = tuple(kind.removesuffix(".csv") for kind in kinds() if kind.endswith(".csv"))
EVERYBODY = OUTSIDE[-1]
STANDARD_OUTPUT = Path("-")


def arguments(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument("code", metavar="CODE", help=say("code of the forum"))
    parser.add_argument(
        "document",
        nargs="?",
        choices=kinds(),
        metavar=say("DOCUMENT"),
        help=say("which document: {names}", names=", ".join(kinds())),
    )
    parser.add_argument("--format", choices=tuple(FORMATS), default="md")
    parser.add_argument("--table", choices=TABLES, default="plan", help=say("which table, for csv"))
    parser.add_argument(
        "--flavour", choices=FLAVOURS, default="standard", help=say("fr-excel: for a French Excel")
    )
    parser.add_argument(
        "--for",
        dest="readers",
        choices=OUTSIDE[::-1],
        default=EVERYBODY,
        help=say("for whom it is: at commitments stand the names of those who agreed that these read them"),
    )
    add_address(parser, say)
    parser.add_argument(
        "-o", "--output", type=Path, metavar=say("FILE"), help=say("default: standard output")
    )


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    code = terminal.code(arguments.code)
    settings, lang = settings_from(arguments), arguments.lang
    store, join_url = there(settings), f"{settings.address}/f/{code}"
    entry = Entry(join_url, join_url.partition("://")[2], qr_svg(join_url))
    made = asyncio.run(_made(store, code, Wanted.of(arguments), lang, terminal, entry))
    if arguments.output and arguments.output != STANDARD_OUTPUT:
        with terminal.writing(arguments.output):
            arguments.output.write_bytes(made.body)
    else:
        terminal.document(made.body)
    return 0


class Wanted(NamedTuple):
    """Which document, and for whom."""

    kind: str
    flavour: Flavour = "standard"
    readers: Readers = EVERYBODY

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> "Wanted":
        """What was typed: a document by its name, else by its form."""
        by_form = f"{arguments.table}.csv" if arguments.format == "csv" else FORMATS[arguments.format]
        return cls(arguments.document or by_form, arguments.flavour, arguments.readers)


async def _made(
    address: StoreAddress, code: str, wanted: Wanted, lang: str | None, terminal: Terminal, entry: Entry
) -> Export:
    async with open_journal(address) as journal:
        if await journal.head(code) is None:
            terminal.refuse("There is no forum {code} here. Check the code and the data folder.", code=code)
        return await exported(journal, code, wanted, lang, entry)


async def exported(
    journal: Journal, code: str, wanted: Wanted, lang: str | None, entry: Entry = NO_ENTRY
) -> Export:
    """One document of a forum, from its journal, in its own language or in ``lang``; ``entry``: where people come in. Cost: the whole journal is read and folded."""
    state, chain = await folded(journal, code)
    names = (await called_there(journal, code, state)).names
    ids = [one.id for one in shown(state.photographs)] if pictured(wanted.kind) else []
    pictures = await journal.photographs.of(code, ids)
    reader = Reader(lang or state.lang, state.zone)
    return render(state, names, chain, wanted.kind, reader, *wanted[1:], entry=entry, photographs=pictures)


async def called_there(journal: Journal, code: str, state: State) -> Called:
    """What people are called in a forum, as its pages show it (J12). Unavailable."""
    beside = await journal.names(code)
    return called(state, {PersonId(who): name for who, name in beside.items() if who in state.people.by_id})


async def folded(journal: Journal, code: str) -> tuple[State, str]:
    """A forum's state and the chain there. NoForum, Damaged, Unavailable. Cost: the whole journal is read and folded."""
    state, chain = EMPTY, ""
    for entry in await journal.read(code):
        state, chain = fold(state, entry.seq, entry.op, records.decode(entry.body)), entry.chain
    return state, chain
