"""``forum erase``: erase a person's name, and their words if they asked for it."""

import argparse
import asyncio
import re

from forum.cli.new import now
from forum.cli.settings import settings_from, there
from forum.cli.terminal import Say, Terminal
from forum.domain import beside, records
from forum.domain.keeping import Texts
from forum.domain.kernel import N_
from forum.domain.people import PersonJoined
from forum.journal import Journal, NoForum, open_journal
from forum.keeping import Keeper, Ledger
from forum.keeping.erasure import ask
from forum.settings import Settings, as_written

WORD = re.compile(r"[A-Za-z0-9._-]{1,64}")
ABOUT = N_("Erase a person’s name, and their words if they asked for it; beside a running server too.")


def arguments(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument("code", metavar="CODE", help=say("code of the forum"))
    parser.add_argument(
        "person",
        metavar=say("PERSON"),
        help=say("the name as it is shown, or the person’s id as on their receipt"),
    )
    parser.add_argument(
        "--texts", choices=("none", "all"), default="none", help=say("all: every word of theirs too (none)")
    )
    parser.add_argument(
        "--keep-name",
        action="store_true",
        help=say(
            "with --texts all: the name stays, so that nobody who watches can tell by it whose words go"
        ),
    )


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    code = terminal.code(arguments.code)
    if arguments.keep_name and arguments.texts == "none":
        terminal.refuse(
            "With --keep-name and no --texts all nothing would be erased. Choose one or the other."
        )
    try:
        people, disk = asyncio.run(
            _erased(
                settings_from(arguments),
                code,
                as_written(arguments.person),
                arguments.texts,
                name=not arguments.keep_name,
            )
        )
    except NoForum:
        terminal.refuse("There is no forum {code} here. Check the code and the data folder.", code=code)
    if not people:
        terminal.refuse(
            "Nobody in {code} is called {name}. Nothing was erased. The desk’s page “Data” shows the names.",
            code=code,
            name=as_written(arguments.person),
        )
    if len(people) > 1:
        terminal.refuse(
            "{n} people in {code} are called {name}. Nothing was erased. Give the id of one: {ids}",
            n=len(people),
            code=code,
            name=as_written(arguments.person),
            ids=", ".join(people),
        )
    terminal.line(terminal.say("Erased. It is gone from every page."))
    terminal.line(terminal.say(DISK[disk]))
    return 0


DISK = {
    "done": N_("It is gone from the store’s files, too."),
    "denied": N_(
        "The store does not let Forum rewrite its files: run BGREWRITEAOF and BGSAVE there yourself."
    ),
    "failed": N_(
        "The store could not rewrite its files: look at its log and its free disk, then run this again."
    ),
    "away": N_(
        "A server of the store, perhaps a copy, cannot be reached: in its files it still is. A running server tries again by "
        "itself; start that one, or remove it."
    ),
}


async def _erased(
    settings: Settings, code: str, who: str, texts: Texts, *, name: bool
) -> tuple[list[str], str]:
    async with open_journal(there(settings)) as journal:
        if await journal.head(code) is None:
            raise NoForum(code)
        people = await _called(journal, code, who)
        if len(people) != 1:
            return people, ""
        await ask(journal, code, people[0], texts, now(), name=name)
        await Keeper(journal, Ledger(settings.data), now).erase(code)
        return people, await journal.keeping.rewrite() or "done"


async def _called(journal: Journal, code: str, who: str) -> list[str]:
    """Whom a name or an id means: also somebody who gave no name, by the id that stands on their receipt."""
    names = await journal.names(code)
    if who in names or (WORD.fullmatch(who) and who in await _people(journal, code)):
        return [who]
    people = {p: name for p, name in names.items() if beside.is_name(p)}
    return sorted(p for p, name in people.items() if name.casefold() == who.casefold())


async def _people(journal: Journal, code: str) -> set[str]:
    found = set()
    for entry in await journal.read(code):
        if b'"PersonJoined"' in entry.body and isinstance(
            joined := records.decode(entry.body).fact, PersonJoined
        ):
            found.add(str(joined.person))
    return found
