"""``forum demo``: open a forum and let fictional people play it, to be watched on screen, desk and phone."""

import argparse
import asyncio

from forum.app import running
from forum.cli.new import links_of, now, print_link
from forum.cli.settings import settings_from
from forum.cli.terminal import Say, Terminal
from forum.demo.play import Stage, play
from forum.demo.stage import AGENDA, prepare
from forum.domain.kernel import N_
from forum.journal import open_journal
from forum.language import zones
from forum.opening import agendas
from forum.settings import Settings

ABOUT = N_("Open a forum about a vision for 2025 and let fictional people play it.")


def arguments(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument("--people", type=int, default=40, metavar="N", help=say("how many take part (40)"))
    parser.add_argument(
        "--seed", type=int, default=1, metavar="S", help=say("the same seed plays the same forum (1)")
    )
    parser.add_argument(
        "--pace", type=float, default=1.0, help=say("0: as fast as possible; 1: to be watched (1)")
    )
    parser.add_argument("--until", default="", metavar="STEP", help=say("stop after the step with this id"))
    parser.add_argument("--port", type=int, help=say("port of the server; one is started if none answers"))


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    if not 1 <= arguments.people <= 2000:
        terminal.refuse("A demo has between 1 and 2000 people.")
    steps = [step.id for step in agendas()[AGENDA].steps]
    if arguments.until and arguments.until not in steps:
        terminal.refuse(
            "The demo has no step {step}. Choose one of: {known}.",
            step=arguments.until,
            known=", ".join(steps),
        )
    settings = settings_from(arguments)
    stage = asyncio.run(_played(settings, arguments, terminal))
    terminal.line(
        terminal.say(
            "Done: {accepted} contributions accepted, {refused} refused.",
            accepted=terminal.reader.number(stage.accepted),
            refused=terminal.reader.number(stage.refused),
        )
    )
    return 0


async def _played(settings: Settings, arguments: argparse.Namespace, terminal: Terminal) -> Stage:
    async with running(settings), open_journal(settings.store) as journal:
        local = f"http://127.0.0.1:{settings.port}"
        scene = await prepare(
            journal,
            local,
            people=arguments.people,
            seed=arguments.seed,
            lang=terminal.lang,
            zone=zones.own(),
            clock=now,
        )
        links = links_of(local, scene.opened)
        for opens in ("screen", "desk", "join"):
            print_link(terminal, opens, links[f"{opens}_url"])
        return await play(
            scene.cast, lang=terminal.lang, seed=arguments.seed, pace=arguments.pace, until=arguments.until
        )
