"""``forum purge``: delete the forums whose last day has passed, as the running server does by itself; or one at once."""

import argparse
import asyncio
from collections.abc import Sequence

from forum.cli.erase import DISK
from forum.cli.new import now
from forum.cli.settings import settings_from, there
from forum.cli.terminal import Say, Terminal
from forum.domain.kernel import N_
from forum.journal import Conflict, Journal, NoForum, open_journal
from forum.keeping import Due, Keeper, Ledger
from forum.settings import Settings

ABOUT = N_("Delete the forums whose last day has passed, or one forum at once.")


def arguments(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument(
        "code", nargs="?", metavar="CODE", help=say("this forum, whatever its last day; with --yes")
    )
    parser.add_argument("--dry-run", action="store_true", help=say("only say what would be deleted"))
    parser.add_argument("--yes", action="store_true", help=say("yes, delete that forum for good"))


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    code = terminal.code(arguments.code) if arguments.code else ""
    if code and not (arguments.yes or arguments.dry_run):
        terminal.refuse(
            "This deletes {code} for good, with names, cards, votes and plan. If so: --yes", code=code
        )
    try:
        found, disk = asyncio.run(_purged(settings_from(arguments), code, dry=arguments.dry_run))
    except NoForum:
        terminal.refuse("There is no forum {code} here. Check the code and the data folder.", code=code)
    for due in found:
        day = terminal.reader.day(due.keep_until) if due.keep_until else "–"
        terminal.line(terminal.say("{code}, kept until {day}", code=due.code, day=day))
    reader = terminal.reader
    if arguments.dry_run:
        terminal.line(
            reader.say_many("{n} forum would be deleted.", "{n} forums would be deleted.", len(found))
        )
        return 0
    terminal.line(reader.say_many("{n} forum was deleted.", "{n} forums were deleted.", len(found)))
    if found:
        terminal.line(terminal.say(DISK[disk]))
    return 0


async def _purged(settings: Settings, code: str, *, dry: bool) -> tuple[Sequence[Due], str]:
    async with open_journal(there(settings)) as journal:
        keeper = Keeper(journal, Ledger(settings.data), now)
        found = [await _one(journal, code)] if code else await keeper.due()
        if dry:
            return found, ""
        gone = [due for due in found if await _deleted(keeper, due)]
        return gone, await journal.keeping.rewrite() or "done"


async def _one(journal: Journal, code: str) -> Due:
    head = await journal.head(code)
    if head is None:
        raise NoForum(code)
    return Due(code, head, "")


async def _deleted(keeper: Keeper, due: Due) -> bool:
    try:
        await keeper.purge(due.code, due.head, due.keep_until)
    except Conflict:  # somebody did something there: perhaps put it off
        return False
    return True
