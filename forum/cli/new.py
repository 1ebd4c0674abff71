"""``forum new``: open a forum and print its links, once."""

import argparse
import asyncio
import time

from forum.cli.settings import add_address, settings_from
from forum.cli.terminal import Say, Terminal
from forum.domain.dates import parse_date, parse_year
from forum.domain.keeping import MOST_YEARS, last_day
from forum.domain.kernel import N_, Rejection
from forum.journal import StoreAddress, open_journal
from forum.language import zones
from forum.opening import Agenda, Opened, agendas, open_forum
from forum.settings import as_written
from forum.web.text import REFUSALS, checked
from forum.web.wire import FIELDS

ABOUT = N_("Open a forum and print its links.")
OPENS = {
    "join": N_("Participants"),
    "desk": N_("Desk, to lead"),
    "screen": N_("Screen, for the wall"),
    "staff": N_("Staff, for the exports"),
}


def arguments(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument("agenda", metavar="AGENDA", help=say("one of those that “forum agendas” lists"))
    parser.add_argument("--title", default="", help=say("title of the forum; default: the agenda’s"))
    parser.add_argument("--question", default="", help=say("question of the forum; default: the agenda’s"))
    parser.add_argument(
        "--horizon", metavar=say("YEAR"), default="", help=say("year that the forum looks to")
    )
    parser.add_argument(
        "--forum-lang", choices=("fr", "en"), help=say("language of the forum; default: --lang")
    )
    parser.add_argument(
        "--keep-until",
        metavar=say("DAY"),
        help=say(
            "last day, such as 2029-12-31; the forum is deleted after it (default: in FORUM_KEEP_DAYS days)"
        ),
    )
    parser.add_argument(
        "--zone",
        metavar=say("ZONE"),
        default=zones.own(),
        help=say("time zone of its hours, such as Indian/Reunion; default: the server’s"),
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
    title = _text(arguments.title, "EditForum.title", terminal)
    question = _text(arguments.question, "EditForum.question", terminal)
    horizon = parse_year(arguments.horizon)
    if horizon is None:
        terminal.refuse("{year} is not a year of four digits. Write it as 2030.", year=arguments.horizon)
    if not zones.known(arguments.zone):
        terminal.refuse(
            "There is no time zone {zone}. Write it as Europe/Paris or Indian/Reunion.", zone=arguments.zone
        )
    until = _last_day(arguments.keep_until, settings.keep_days, terminal)
    lang = arguments.forum_lang or terminal.lang
    opened = asyncio.run(
        _opened(
            settings.store,
            agenda,
            (title, question, horizon, arguments.zone),
            lang,
            (until, (settings.ballot_days, settings.words_days)),
        )
    )
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
    for opens in OPENS:
        print_link(terminal, opens, links[f"{opens}_url"])


def print_link(terminal: Terminal, opens: str, told: str) -> None:
    """One link, or what is said of it, behind whom it is for."""
    terminal.line(f"{terminal.say(OPENS[opens]):24} {told}")


def _last_day(said: str | None, days: int, terminal: Terminal) -> str:
    if said is None:
        return last_day(now(), days)
    day, limit = parse_date(said), last_day(now(), 365 * MOST_YEARS)
    if not day or not last_day(now(), 1) <= day <= limit:
        terminal.refuse(
            "{day} is not a day from tomorrow to {limit}. Write it as 2029-12-31.", day=said, limit=limit
        )
    return day


def _text(said: str, field: str, terminal: Terminal) -> str:
    text = checked(as_written(said), FIELDS[field])
    if isinstance(text, Rejection):
        terminal.refuse_text(text, REFUSALS)
    return text


async def _opened(
    address: StoreAddress,
    agenda: Agenda,
    about: tuple[str, str, int, str],
    lang: str,
    kept: tuple[str, tuple[int, int]],
) -> Opened:
    title, question, horizon, zone = about
    async with open_journal(address) as journal:
        return await open_forum(
            journal,
            agenda,
            title=title,
            question=question,
            horizon=horizon,
            zone=zone,
            lang=lang,
            keep_until=kept[0],
            days=kept[1],
            clock=now,
        )


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
