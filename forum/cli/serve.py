"""``forum serve``: the server, with the addresses that people need on the terminal."""

import argparse

from forum.app import serve
from forum.cli.settings import ALONE, settings_from
from forum.cli.terminal import Say, Terminal
from forum.domain.kernel import N_
from forum.health import CURES
from forum.journal import Durability, without_password
from forum.settings import Settings
from forum.web.addresses import Addresses
from forum.workers import serve_by_workers

ABOUT = N_("Start the server, and the store if none is given.")


def arguments(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument("--host", help=say("address to listen on (FORUM_HOST, default 0.0.0.0)"))
    parser.add_argument("--port", type=int, help=say("port to listen on (FORUM_PORT or PORT, default 8000)"))
    parser.add_argument(
        "--public-url", help=say("address people use, when it is another one (FORUM_PUBLIC_URL)")
    )
    parser.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help=say("server processes, for more than one core (FORUM_WORKERS, default 1)"),
    )


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    settings = settings_from(arguments)
    begin = serve if settings.workers == 1 else serve_by_workers
    return begin(settings, on_ready=lambda found: _tell(settings, terminal, found))


def _tell(settings: Settings, terminal: Terminal, found: Durability) -> None:
    addresses = Addresses(settings.port, settings.public_url, listens_on=settings.host)
    say = terminal.say
    terminal.line(say("On this machine:  {address}", address=f"http://localhost:{settings.port}"))
    if addresses.public_url or addresses.lan:
        terminal.line(say("For the phones:   {address}", address=addresses.base))
        terminal.qr(addresses.base)
    elif not addresses.for_others:
        terminal.line(say(ALONE, host=settings.host))
    else:
        terminal.line(say("No network that phones could share. Join the venue’s Wi-Fi or open a hotspot."))
    terminal.line(say("The data:         {folder}", folder=_place(settings)))
    terminal.line(say("The store:        {durability}", durability=found))
    for problem in found.problems:
        terminal.line(f"! {say(CURES[problem.code], detail=problem.detail)}")
    if settings.workers > 1:
        terminal.line(say("Server processes: {count}", count=settings.workers))
    if found.promise == "memory only":
        terminal.line(say("Stop with Ctrl-C. What is saved is gone when the store stops."))
    else:
        terminal.line(say("Stop with Ctrl-C. Everything saved stays saved."))


def _place(settings: Settings) -> str:
    return without_password(settings.redis) if settings.redis else str(settings.data.resolve())
