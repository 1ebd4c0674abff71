"""``forum backup``: everything in one file, beside a running server as well as alone."""

import argparse
import asyncio
import time
from pathlib import Path

from forum.cli.new import now
from forum.cli.settings import settings_from, there
from forum.cli.terminal import EXIT_REFUSED, Say, Terminal, private
from forum.domain.kernel import N_
from forum.journal import StoreAddress, open_journal
from forum.keeping import SUFFIX, Ledger, back_up, rotate

ABOUT = N_("Back up all forums, their names and links, beside a running server.")
MOST_KEPT = 10_000


def arguments(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument(
        "-o",
        "--out",
        type=Path,
        default=Path("backups"),
        metavar=say("FOLDER"),
        help=say("folder, or a file that ends in .tar (default: backups)"),
    )
    parser.add_argument(
        "--keep", type=int, metavar="N", help=say("delete all but the N newest backups of the folder")
    )


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    if arguments.keep is not None and not 1 <= arguments.keep <= MOST_KEPT:
        terminal.refuse("Keep between 1 and {most} backups.", most=MOST_KEPT)
    settings, out = settings_from(arguments), arguments.out
    store = there(settings)
    file = out if out.suffix == ".tar" else out / f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}{SUFFIX}"
    with terminal.writing(file):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        left_out = asyncio.run(_written(store, Ledger(settings.data), file, terminal))
        old = rotate(file.parent, arguments.keep) if arguments.keep is not None else []
    if old:
        terminal.line(
            terminal.reader.say_many(
                "{n} older backup was deleted.", "{n} older backups were deleted.", len(old)
            )
        )
    if left_out:
        terminal.problem(
            terminal.say("Left out, because their journal is damaged: {codes}", codes=", ".join(left_out))
        )
    return EXIT_REFUSED if left_out else 0


async def _written(store: StoreAddress, ledger: Ledger, file: Path, terminal: Terminal) -> tuple[str, ...]:
    async with open_journal(store) as journal:
        with private(file) as out:
            head = await back_up(journal, ledger, out, now())
    terminal.line(
        terminal.reader.say_many("{file}: {n} forum", "{file}: {n} forums", len(head.forums), file=file)
    )
    terminal.line(
        terminal.say("It holds names, and what makes links work: keep it where only you can read it.")
    )
    return head.left_out
