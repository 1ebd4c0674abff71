"""The ``forum`` command. Each subcommand is one module; all work beside a running server as well as alone.

Exit codes: 0 done, 1 refused or something is wrong, 2 wrong usage, 78 the machine or the settings do not allow it.
Words are those of the terminal's language (``LANG``), or of ``--lang``.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from itertools import pairwise
from types import ModuleType

from forum.cli import (
    agendas,
    archive,
    backup,
    demo,
    doctor,
    erase,
    export,
    importing,
    links,
    move,
    new,
    permit,
    printing,
    purge,
    restore,
    serve,
    tickets,
    unpack,
    verify,
)
from forum.cli.terminal import EXIT_CONFIGURATION, EXIT_REFUSED, Say, Terminal
from forum.journal import MovedAway, StoreProblem
from forum.language import best_language
from forum.log import configure_log
from forum.settings import BadSetting

COMMANDS: dict[str, ModuleType] = {
    "serve": serve,
    "agendas": agendas,
    "new": new,
    "links": links,
    "permit": permit,
    "tickets": tickets,
    "demo": demo,
    "export": export,
    "import": importing,
    "archive": archive,
    "unpack": unpack,
    "move": move,
    "backup": backup,
    "restore": restore,
    "erase": erase,
    "purge": purge,
    "verify": verify,
    "doctor": doctor,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the entry point of the console script."""
    printing.prepare()
    try:
        return _run(sys.argv[1:] if argv is None else list(argv))
    finally:
        printing.finish()


def _run(words: Sequence[str]) -> int:
    terminal = Terminal(_language(words))
    arguments = _parser(terminal).parse_args(words)
    configure_log()
    try:
        code: int = COMMANDS[arguments.command].run(arguments, terminal)
    except (StoreProblem, BadSetting) as problem:
        terminal.problem(terminal.say(problem.message, **problem.params))
        return EXIT_CONFIGURATION
    except MovedAway as moved:
        terminal.problem(
            terminal.say(
                "{code} goes on at {address}, and nothing is added to it here any more. Do this there.",
                code=moved.forum,
                address=moved.address,
            )
        )
        return EXIT_REFUSED
    except KeyboardInterrupt:
        return 130
    if terminal.unprinted is not None:
        detail = terminal.unprinted.strerror
        terminal.problem(
            terminal.say(
                "Not all of it could be printed ({detail}). Make room, or write it elsewhere.", detail=detail
            )
        )
        return code or EXIT_REFUSED
    return code


def _language(words: Sequence[str]) -> str:
    """The language to speak, known before the arguments are, since they are explained in it."""
    for word, following in pairwise([*words, ""]):
        if word == "--lang" or word.startswith("--lang="):
            return best_language(word.partition("=")[2] or following, "en")
    environment = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or "en"
    return best_language(environment, "en")


def _parser(terminal: Terminal) -> argparse.ArgumentParser:
    say = terminal.say
    parser = argparse.ArgumentParser(
        prog="forum", description=say("A live instrument for participatory forums.")
    )
    parser.add_argument(
        "--version", action="version", version=version("forum"), help=say("print the version")
    )
    _everywhere(parser, say)
    commands = parser.add_subparsers(dest="command", required=True, metavar=say("COMMAND"))
    for name, module in COMMANDS.items():
        sub = commands.add_parser(name, help=say(module.ABOUT), description=say(module.ABOUT))
        _everywhere(sub, say, default=argparse.SUPPRESS)
        module.arguments(sub, say)
    return parser


def _everywhere(parser: argparse.ArgumentParser, say: Say, default: str | None = None) -> None:
    """What may be said before the command as well as after it; after it wins."""
    parser.add_argument(
        "--lang", choices=("fr", "en"), default=default, help=say("language of the words printed")
    )
    parser.add_argument(
        "--data",
        metavar=say("FOLDER"),
        default=default,
        help=say("folder of the embedded store (FORUM_DATA)"),
    )
    parser.add_argument(
        "--redis",
        metavar="URL",
        default=default,
        help=say("address of an external store (FORUM_REDIS_URL)"),
    )
