"""``forum permit``: print a link by which somebody may open forums from the home page, until its day."""

import argparse
import asyncio

from forum.cli.new import now
from forum.cli.settings import add_address, settings_from
from forum.cli.terminal import Say, Terminal
from forum.domain.keeping import last_day
from forum.domain.kernel import N_
from forum.journal import StoreAddress, open_journal
from forum.opening import DAY_MS, opening_link

ABOUT = N_("Print a link by which somebody may open forums from the home page (FORUM_OPENING).")
USUAL_DAYS, MOST_DAYS = 7, 365


def arguments(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument(
        "--days",
        type=int,
        default=USUAL_DAYS,
        help=say("how long it can be used, 1 to 365 days (default: 7)"),
    )
    add_address(parser, say)
    parser.add_argument("--json", action="store_true", help=say("print JSON"))


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    if not 1 <= arguments.days <= MOST_DAYS:
        terminal.refuse("{days} is no number of days from 1 to {most}.", days=arguments.days, most=MOST_DAYS)
    settings, until = settings_from(arguments), now() + arguments.days * DAY_MS
    link = f"{settings.address}/#{opening_link(asyncio.run(_seed(settings.store)), until)}"
    if arguments.json:
        terminal.json({"url": link, "until": last_day(until, 0)})
        return 0
    terminal.line(link)
    terminal.line(
        terminal.say(
            "Whoever has it may open forums until {day}; it cannot be taken back alone.",
            day=terminal.reader.day(until),
        )
    )
    if settings.opening.way == "open":
        terminal.line(terminal.say("Everybody may open forums here: FORUM_OPENING is not set."))
    elif settings.opening.way == "closed":
        terminal.line(terminal.say("It opens nothing while FORUM_OPENING is closed: set it to link."))
    return 0


async def _seed(address: StoreAddress) -> bytes:
    async with open_journal(address) as journal:
        return await journal.secret("web")
