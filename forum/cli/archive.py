"""``forum archive``: one forum as a file that another instance can open and anybody can check."""

import argparse
import asyncio
import secrets
from pathlib import Path

from forum.cli.settings import settings_from, there
from forum.cli.terminal import Say, Terminal, private
from forum.domain.kernel import N_
from forum.journal import NoForum, StoreAddress, open_journal
from forum.keeping import Kept, gather, unlinked, write

ABOUT = N_("Write a forum to one file, which another instance can open.")

APART = N_(
    "Nothing in it joins one person’s cards, votes and commitments. It cannot be opened as a forum, and “forum verify” can "
    "count its votes again, but not prove that its facts are those of the forum: for that, keep the whole archive too."
)
STILL_JOINED = N_(
    "It holds no names, but a number still joins what one person wrote, voted and promised: who knows one of them knows all. "
    "Keep it where only you can read it; --without-authors writes one that joins nothing."
)


def arguments(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument("code", metavar="CODE", help=say("code of the forum"))
    add_out(parser, say)
    parser.add_argument("--without-names", action="store_true", help=say("leave people’s names out"))
    parser.add_argument(
        "--without-authors",
        action="store_true",
        help=say("leave out the names and what joins one person’s cards, votes and commitments"),
    )
    parser.add_argument(
        "--with-keys",
        action="store_true",
        help=say("put in what makes the links that were given out work there too (no secret is in it)"),
    )


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    code = terminal.code(arguments.code)
    apart, keys = arguments.without_authors, arguments.with_keys
    if apart and keys:
        terminal.refuse("Links belong to people: --with-keys and --without-authors do not go together.")
    names = not (arguments.without_names or apart)
    try:
        kept = asyncio.run(_gathered(there(settings_from(arguments)), code, names, keys))
    except NoForum:
        terminal.refuse("There is no forum {code} here. Check the code and the data folder.", code=code)
    chain = kept.chain
    if apart:
        kept = unlinked(kept, lambda: f"u{secrets.token_hex(9)}")
    write_out(kept, arguments.out, terminal, chain)
    if apart:
        terminal.line(terminal.say(APART))
    elif not names:
        terminal.line(terminal.say(STILL_JOINED))
    if kept.names:
        terminal.line(terminal.say("It holds people’s names: keep it where only you can read it."))
    return 0


def add_out(parser: argparse.ArgumentParser, say: Say) -> None:
    """Where the file is written."""
    parser.add_argument(
        "-o", "--out", type=Path, metavar=say("FILE"), help=say("default: CODE-NUMBER.forum.gz, here")
    )


def write_out(kept: Kept, out: Path | None, terminal: Terminal, chain: str) -> Path:
    """Write a forum where ``add_out`` says, and tell what the file holds; ``chain``: of the forum as it was gathered."""
    file = out or Path(f"{kept.code}-{kept.seq}.forum.gz")
    with terminal.writing(file), private(file) as body:
        write(kept, body)
    terminal.line(
        terminal.reader.say_many(
            "{file}: {n} fact, chain {chain}",
            "{file}: {n} facts, chain {chain}",
            kept.seq,
            file=file,
            chain=chain,
        )
    )
    return file


async def _gathered(address: StoreAddress, code: str, names: bool, keys: bool) -> Kept:
    async with open_journal(address) as journal:
        return await gather(journal, code, names=names, keys=keys)
