"""``forum agendas``: the run-of-shows that a forum can begin with."""

import argparse

from forum.cli.terminal import Say, Terminal
from forum.domain.kernel import N_
from forum.opening import agendas

ABOUT = N_("List the agendas that a forum can begin with.")


def arguments(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument("--json", action="store_true", help=say("print JSON"))


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    known = agendas().values()
    if arguments.json:
        terminal.json(
            [
                {"id": a.id, "title": a.title.get(terminal.lang), "minutes": a.minutes, "steps": len(a.steps)}
                for a in known
            ]
        )
        return 0
    for agenda in known:
        length = terminal.reader.duration(60 * agenda.minutes)
        terminal.line(f"{agenda.id:20} {length:>8}  {agenda.title.get(terminal.lang)}")
        terminal.line(f"{'':30} {agenda.summary.get(terminal.lang)}")
    return 0
