"""``forum unpack``: open in this instance a forum that was archived in another."""

import argparse
import asyncio
from pathlib import Path
from typing import NoReturn

from forum.cli.new import links_of, now, print_links
from forum.cli.settings import add_address, settings_from
from forum.cli.terminal import Say, Terminal
from forum.domain.kernel import N_
from forum.journal import StoreAddress, Taken, open_journal
from forum.keeping import BadArchive, Kept, open_again, read
from forum.opening import Opened, make_links

ABOUT = N_("Open a forum from a file that “forum archive” wrote.")


def arguments(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument("file", type=Path, metavar=say("FILE"), help=say("what “forum archive” wrote"))
    add_address(parser, say)
    parser.add_argument("--json", action="store_true", help=say("print JSON"))


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    settings = settings_from(arguments)
    try:
        kept = read_file(arguments.file, terminal)
    except BadArchive as bad:
        refuse_archive(arguments.file, bad, terminal)
    try:
        opened = asyncio.run(_opened(settings.store, kept))
    except BadArchive as bad:
        refuse_archive(arguments.file, bad, terminal)
    except Taken:
        terminal.refuse(
            "There is a forum {code} here already. Nothing was changed. Open the file in another instance.",
            code=kept.code,
        )
    links = links_of(settings.address, opened) if opened else {"code": kept.code}
    if arguments.json:
        terminal.json(links)
        return 0
    terminal.line(
        terminal.reader.say_many(
            "Forum {code} is open here: {n} fact, chain {chain}",
            "Forum {code} is open here: {n} facts, chain {chain}",
            kept.seq,
            code=kept.code,
            chain=kept.chain,
        )
    )
    if opened:
        terminal.line(
            terminal.say("The links given out elsewhere do not work here. These do, and are shown only now:")
        )
        print_links(terminal, links)
    else:
        terminal.line(
            terminal.say("The links that were given out work here too, behind this server’s address.")
        )
    return 0


def refuse_archive(path: Path, bad: BadArchive, terminal: Terminal) -> NoReturn:
    """Give up on a file that is not what it should be."""
    terminal.refuse("{file}: {problem}", file=path, problem=terminal.say(bad.message, **bad.params))


def read_file(path: Path, terminal: Terminal) -> Kept:
    """The archive in a file. BadArchive; gives up when the file cannot be read."""
    try:
        with path.open("rb") as file:
            return read(file)
    except OSError as error:
        terminal.refuse("{file} cannot be read ({detail}). Check the path.", file=path, detail=error.strerror)


async def _opened(address: StoreAddress, kept: Kept) -> Opened | None:
    """Open it; with links of its own when it brings none."""
    async with open_journal(address) as journal:
        await open_again(journal, kept)
        return None if kept.keys else await make_links(journal, kept.code, now)
