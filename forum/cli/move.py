"""``forum move``: let a forum go on at another address; what is here takes nothing more, and leads there."""

import argparse
import asyncio
from urllib.parse import urlsplit

from forum.cli.archive import add_out, write_out
from forum.cli.new import now
from forum.cli.settings import settings_from, there
from forum.cli.terminal import Say, Terminal
from forum.domain.kernel import N_
from forum.journal import NoForum, StoreAddress, is_address, open_journal
from forum.keeping import LEFT_DAYS, Kept, move, move_back
from forum.web.seeds import kept_as, seed_of

ABOUT = N_("Let a forum go on at another address: everything in one file, and what is here leads there.")
PLAIN = N_(
    "{address} is plain http, and people are here by https: no page leads there by itself, and whoever presses the button "
    "shows the network who they are. Give an address with https, or, where nobody else is on the network: --yes"
)
TWO_HISTORIES = N_(
    "{code} goes on at {address}. If it was opened there, and you let it go on here too, there are two histories from then "
    "on, and nothing joins them again. To bring it back with all that was added there: forum move there, and forum unpack "
    "here. If it was never opened there, or all of that shall be lost: --back --yes"
)


def arguments(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument("code", metavar="CODE", help=say("code of the forum"))
    parser.add_argument(
        "--to", metavar="URL", help=say("where it goes on, such as https://forum.example.org")
    )
    add_out(parser, say)
    parser.add_argument(
        "--back", action="store_true", help=say("let it go on here again, as it stands here; with --yes")
    )
    parser.add_argument("--yes", action="store_true", help=say("yes, although it may have gone on elsewhere"))


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    code, settings = terminal.code(arguments.code), settings_from(arguments)
    store = there(settings)
    try:
        if arguments.back:
            return _back(code, store, arguments, terminal)
        return _moved(
            code, store, arguments, terminal, plainer=(settings.public_url or "").startswith("https:")
        )
    except NoForum:
        terminal.refuse("There is no forum {code} here. Check the code and the data folder.", code=code)


# --- inside


def _moved(
    code: str, store: StoreAddress, arguments: argparse.Namespace, terminal: Terminal, *, plainer: bool
) -> int:
    """``plainer``: whether an address of plain http is less safe than the one here."""
    address = _address(arguments.to or "")
    if not address:
        terminal.refuse(
            "Say where the forum goes on, by an address without a path: --to https://forum.example.org"
        )
    if plainer and address.startswith("http:") and not arguments.yes:
        terminal.refuse(PLAIN, address=address)
    kept = asyncio.run(_gathered(store, code, address))
    file = write_out(kept, arguments.out, terminal, kept.chain)
    say = terminal.say
    terminal.line(
        say(
            "Nothing is added to {code} here any more. Whoever comes here is led to {address}, as soon as it is open there.",
            code=code,
            address=address,
        )
    )
    terminal.line(say("Now carry the file there, and open it: forum unpack {file}", file=file.name))
    terminal.line(
        say(
            "It holds names, and what makes links, codes and receipts work: keep it as you keep the data folder, and delete it "
            "once the forum is open there."
        )
    )
    terminal.line(
        say(
            "Leave this server running for as long as people come by its address. What is left of the forum here is deleted "
            "after {days} days, all but the address; at once: forum purge {code} --yes",
            days=LEFT_DAYS,
            code=code,
        )
    )
    return 0


def _back(code: str, store: StoreAddress, arguments: argparse.Namespace, terminal: Terminal) -> int:
    address = asyncio.run(_brought_back(store, code, yes=arguments.yes))
    if not address:
        terminal.refuse("{code} did not move away from here. Nothing was changed.", code=code)
    if not arguments.yes:
        terminal.refuse(TWO_HISTORIES, code=code, address=address)
    terminal.line(terminal.say("{code} goes on here again, as it stands here.", code=code))
    return 0


def _address(written: str) -> str:
    """Scheme, host and port of an address; "" for what is none, or says more."""
    try:
        parts = urlsplit(written.strip())
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    host = parts.hostname or ""
    said = f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"
    more = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    return said if is_address(said) and not more else ""


async def _gathered(store: StoreAddress, code: str, address: str) -> Kept:
    async with open_journal(store) as journal:
        kept = await move(journal, code, address, now())
        seed = await seed_of(journal, code, await journal.secret("web"))
        return kept._replace(keys={**(kept.keys or {}), **kept_as(seed)})


async def _brought_back(store: StoreAddress, code: str, *, yes: bool) -> str:
    """Where the forum had moved to; "" when it did not. Done only with ``yes``."""
    async with open_journal(store) as journal:
        if await journal.head(code) is None:
            raise NoForum(code)
        moved = await journal.moved(code)
        if moved and yes:
            await move_back(journal, code)
        return moved.address if moved else ""
