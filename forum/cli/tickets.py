"""``forum tickets``: participations made ahead, one QR each to print."""

import argparse
import asyncio
from pathlib import Path

import segno

from forum.cli.new import now
from forum.cli.settings import add_address, settings_from, there
from forum.cli.terminal import Say, Terminal
from forum.domain.kernel import N_
from forum.journal import NoForum, StoreAddress, open_journal
from forum.opening import MOST_TICKETS, Ticket, make_tickets
from forum.web.identity import cookie_name

ABOUT = N_("Make participations ahead, one QR each to print.")


def arguments(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument("code", metavar="CODE", help=say("code of the forum"))
    parser.add_argument("--count", type=int, required=True, metavar="N", help=say("how many"))
    add_address(parser, say)
    parser.add_argument("--json", action="store_true", help=say("print JSON: url and cookie of each"))
    parser.add_argument("--svg", type=Path, metavar=say("FOLDER"), help=say("write one QR a file, as SVG"))


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    code = terminal.code(arguments.code)
    if not 1 <= arguments.count <= MOST_TICKETS:
        terminal.refuse("Between 1 and {most} tickets can be made at a time.", most=MOST_TICKETS)
    settings = settings_from(arguments)
    store = there(settings)
    if arguments.svg:  # before there are tickets, which are shown once
        with terminal.writing(arguments.svg):
            arguments.svg.mkdir(parents=True, exist_ok=True)
    try:
        made = asyncio.run(_made(store, code, arguments.count))
    except NoForum:
        terminal.refuse("There is no forum {code} here. Check the code and the data folder.", code=code)
    told = [_told(settings.address, code, ticket) for ticket in made]
    if arguments.svg:
        with terminal.writing(arguments.svg):
            _drawn(arguments.svg, [t["url"] for t in told])
        terminal.line(
            terminal.reader.say_many(
                "{n} QR in {folder}", "{n} QRs in {folder}", len(told), folder=arguments.svg
            )
        )
    elif arguments.json:
        terminal.json(told)
    else:
        for number, ticket in enumerate(told, 1):
            terminal.line(terminal.say("Ticket {number}: {url}", number=number, url=ticket["url"]))
            terminal.qr(ticket["url"])
    return 0


async def _made(address: StoreAddress, code: str, count: int) -> list[Ticket]:
    async with open_journal(address) as journal:
        return await make_tickets(journal, code, count, clock=now)


def _told(address: str, code: str, ticket: Ticket) -> dict[str, str]:
    name = cookie_name(code, "phone", https=address.startswith("https:"))
    return {"url": f"{address}/f/{code}/ticket#{ticket.secret}", "cookie": f"{name}={ticket.secret}"}


def _drawn(folder: Path, urls: list[str]) -> None:
    for number, url in enumerate(urls, 1):
        segno.make(url, error="m").save(str(folder / f"ticket-{number:04}.svg"), scale=8, border=4)
