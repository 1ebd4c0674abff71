"""``forum new``: open a forum and print its links, once."""

import argparse
import asyncio
import time

from forum.cli.settings import add_address, settings_from
from forum.cli.terminal import Say, Terminal
from forum.domain.kernel import N_, Rejection
from forum.journal import StoreAddress, open_journal
from forum.opening import Agenda, Opened, agendas, open_forum
from forum.web.text import REFUSALS, checked
from forum.web.wire import FIELDS

ABOUT = N_("Open a forum and print its links.")


def arguments(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument("agenda", metavar="AGENDA", help=say("one of those that “forum agendas” lists"))
    parser.add_argument("--title", default="", help=say("title of the forum; default: the agenda’s"))
    parser.add_argument(
        "--forum-lang", choices=("fr", "en"), help=say("language of the forum; default: --lang")
    )
    add_address(parser, say)
    parser.add_argument("--json", action="store_true", help=say("print JSON"))


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    agenda = agendas().get(arguments.agenda)
    if agenda is None:
        terminal.refuse(
            "There is no agenda {name}. Choose one of: {known}.",
            name=arguments.agenda,
            known=", ".join(agendas()),
        )
    settings = settings_from(arguments)
    title = checked(arguments.title, FIELDS["EditForum.title"])
    if isinstance(title, Rejection):
        terminal.refuse(REFUSALS[title.code], **title.params)
    opened = asyncio.run(_opened(settings.store, agenda, title, arguments.forum_lang or terminal.lang))
    links = links_of(settings.address, opened)
    if arguments.json:
        terminal.json(links)
        return 0
    terminal.line(
        terminal.say("Forum {code} is ready. These links are shown only now; keep them.", code=opened.code)
    )
    print_links(terminal, links)
    return 0


def print_links(terminal: Terminal, links: dict[str, str]) -> None:
    """A forum's links, one a line, each with whom it is for."""
    for label, name in (
        (terminal.say("Participants"), "join_url"),
        (terminal.say("Desk, to lead"), "desk_url"),
        (terminal.say("Screen, for the wall"), "screen_url"),
        (terminal.say("Staff, for the exports"), "staff_url"),
    ):
        terminal.line(f"{label:24} {links[name]}")


async def _opened(address: StoreAddress, agenda: Agenda, title: str, lang: str) -> Opened:
    async with open_journal(address) as journal:
        return await open_forum(journal, agenda, title=title, lang=lang, clock=now)


def now() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def links_of(address: str, opened: Opened) -> dict[str, str]:
    """A forum's links below the server's ``address``; what they carry after # never reaches a log."""
    forum = f"{address}/f/{opened.code}"
    return {
        "code": opened.code,
        "join_url": forum,
        "desk_url": f"{forum}/desk#{opened.desk}",
        "screen_url": f"{forum}/screen#{opened.screen}",
        "staff_url": f"{forum}/staff#{opened.staff}",
    }
