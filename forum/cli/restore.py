"""``forum restore``: bring back what a backup holds, into this instance."""

import argparse
import asyncio
from pathlib import Path

from forum.cli.new import now
from forum.cli.settings import settings_from
from forum.cli.terminal import Say, Terminal
from forum.cli.unpack import refuse_archive
from forum.domain.kernel import N_
from forum.journal import open_journal
from forum.keeping import BadArchive, Ledger, Restored, restore
from forum.settings import Settings

ABOUT = N_("Bring back the forums of a backup; what was erased since is erased again.")


def arguments(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument("file", type=Path, metavar=say("FILE"), help=say("what “forum backup” wrote"))
    parser.add_argument(
        "--overwrite", action="store_true", help=say("replace forums that are here by those of the backup")
    )
    parser.add_argument(
        "--erasures",
        type=Path,
        metavar=say("FILE"),
        help=say("a newer erasures.jsonl than the one in the data folder"),
    )
    parser.add_argument(
        "--despite-unreadable",
        action="store_true",
        help=say("go on although lines of a ledger of erasures cannot be read"),
    )
    parser.add_argument(
        "--new-secret",
        action="store_true",
        help=say("do not bring back the server’s secret: receipts given out before can no longer be checked"),
    )


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    settings = settings_from(arguments)
    ledger = Ledger(settings.data)
    try:
        done = asyncio.run(_restored(settings, ledger, arguments))
    except OSError as error:
        terminal.refuse(
            "{file} cannot be read ({detail}). Check the path.", file=arguments.file, detail=error.strerror
        )
    except BadArchive as bad:
        refuse_archive(arguments.file, bad, terminal)
    _tell(done, ledger, terminal)
    return 0


async def _restored(settings: Settings, ledger: Ledger, arguments: argparse.Namespace) -> Restored:
    newer = arguments.erasures.read_bytes() if arguments.erasures else b""
    with arguments.file.open("rb") as file:
        async with open_journal(settings.store) as journal:
            done = await restore(
                journal,
                ledger,
                file,
                now(),
                overwrite=arguments.overwrite,
                new_secret=arguments.new_secret,
                newer=newer,
                despite_unreadable=arguments.despite_unreadable,
            )
            await journal.keeping.rewrite()
            return done


def _tell(done: Restored, ledger: Ledger, terminal: Terminal) -> None:
    say, reader = terminal.say, terminal.reader
    day = reader.day(done.at)
    terminal.line(
        reader.say_many(
            "{n} forum is as it was on {day}, {time}.",
            "{n} forums are as they were on {day}, {time}.",
            len(done.opened),
            day=day,
            time=reader.clock(done.at),
        )
    )
    if done.there:
        terminal.line(
            say(
                "Left as they are, because they are here: {codes}. To replace them: --overwrite",
                codes=", ".join(done.there),
            )
        )
    if done.ended:
        terminal.line(say("Deleted since, and not brought back: {codes}", codes=", ".join(done.ended)))
    if done.erased:
        terminal.line(
            reader.say_many("{n} erasure was made again.", "{n} erasures were made again.", done.erased)
        )
    for line in done.unreadable:
        terminal.line(
            say(
                "Line {line} of a ledger could not be read (forum: {code}). If somebody had asked for an erasure, ask "
                "for it again: forum erase",
                line=line.number,
                code=line.code or "?",
            )
        )
    if not done.knows:
        terminal.line(
            say(
                "No erasure is known here that was made after the backup. If there were any, run this again "
                "with --erasures and the erasures.jsonl of the data folder that was lost ({file} is the one here).",
                file=ledger.path,
            )
        )
