"""``forum doctor``: what store, what durability, what addresses phones can reach, what is wrong and its cure."""

import argparse
import asyncio
import shutil
import socket

from forum.app import bound
from forum.cli.settings import ALONE, has_store, settings_from
from forum.cli.terminal import EXIT_REFUSED, Say, Terminal
from forum.domain.kernel import N_
from forum.domain.space import MB, fitting
from forum.health import CURES
from forum.health.findings import MEMORY_LOW
from forum.journal import Condition, Durability, StoreAddress, open_journal
from forum.settings import BadSetting, Settings
from forum.web.addresses import Addresses

ABOUT = N_("Say what store is used, what it promises, which addresses phones can reach, and what is wrong.")
LEAST_FREE_BYTES = 500 * 2**20
PROMISES = {
    "durable": N_("“Saved” means on disk."),
    "may lose a second": N_("“Saved” may lose the last second in a power cut."),
    "memory only": N_("“Saved” is lost when the store stops."),
}


OPENINGS = {
    "open": N_("Opening forums from the home page: everybody who reaches it (FORUM_OPENING)."),
    "link": N_("Opening forums from the home page: whoever has a link from “forum permit”."),
    "passphrase": N_(
        "Opening forums from the home page: whoever has the passphrase, or a link from “forum permit”."
    ),
    "closed": N_("Opening forums from the home page: nobody; “forum new” opens them."),
}


def arguments(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument("--host", help=say("address the server listens on (FORUM_HOST, default 0.0.0.0)"))
    parser.add_argument("--port", type=int, help=say("port the server will use"))


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    settings = settings_from(arguments)
    say = terminal.say
    new = settings.redis is None and not has_store(settings)
    found, ping, state, moved = asyncio.run(_examined(settings.store))
    where = say("embedded, in {folder}", folder=settings.store.data) if found.embedded else say("external")
    terminal.line(
        say("Store: {server} {version}, {where}", server=found.server, version=found.version, where=where)
    )
    if new:
        terminal.line(say("This data folder is new: no forum is in it. Is it the one you mean?"))
    for line in _servers(found, say):
        terminal.line(line)
    terminal.line(say(PROMISES[found.promise]) + " " + _speed(found, ping, terminal))
    if settings.workers > 1:
        terminal.line(say("Server processes: {count}", count=settings.workers))
    terminal.line(say(OPENINGS[settings.opening.way]))
    if settings.keep_most_days:
        terminal.line(say("They are kept for {days} days at most.", days=settings.keep_most_days))
    addresses = Addresses(settings.port, settings.public_url, listens_on=settings.host)
    for address in _reached(addresses):
        terminal.line(say("Phones reach: {address}", address=address))
    for line in moved:
        terminal.line(say("Moved away, and taking nothing here any more: {forum}", forum=line))
    problems = [say(CURES[p.code], detail=p.detail) for p in found.problems]
    if settings.opening.shared:
        problems.append(say("Others on this machine may read the passphrase. Give its file the mode 600."))
    terminal.line(
        say("One forum takes at most {size} MB (FORUM_MOST_MB).", size=_most(settings, state) // MB)
    )
    if state.memory_max_bytes and state.memory_bytes > MEMORY_LOW * state.memory_max_bytes:
        percent = round(100 * state.memory_bytes / state.memory_max_bytes)
        problems.append(
            say("The store’s memory is nearly full: {percent} %.", percent=percent)
            + " "
            + say(
                "Whoever runs the store must give it more memory, or remove old forums: full, it takes nothing more."
            )
        )
    problems += _unreached(settings, addresses, say)
    if found.embedded and shutil.disk_usage(settings.store.data).free < LEAST_FREE_BYTES:
        problems.append(say("The disk has less than 500 MB free. Free some space before the forum."))
    problems += _port(settings, terminal)
    for problem in problems:
        terminal.line(f"! {problem}")
    if not problems:
        terminal.line(say("Nothing is wrong."))
    return EXIT_REFUSED if problems else 0


def _reached(addresses: Addresses) -> list[str]:
    """Where phones find the server, the address that people use before those of the network."""
    public = [addresses.public_url] if addresses.public_url else []
    return [*public, *(f"http://{found}:{addresses.port}" for found in addresses.lan)]


def _unreached(settings: Settings, addresses: Addresses, say: Say) -> list[str]:
    if _reached(addresses):
        return []
    if not addresses.for_others:
        return [say(ALONE, host=settings.host)]
    return [say("No network that phones could share. Join the venue’s Wi-Fi or open a hotspot.")]


async def _examined(address: StoreAddress) -> tuple[Durability, float, Condition, list[str]]:
    async with open_journal(address) as journal:
        moved = [
            f"{record.code}: {to.address}"
            for record in await journal.forums()
            if (to := await journal.moved(record.code))
        ]
        return await journal.durability(), await journal.ping(), await journal.condition(), moved


def _most(settings: Settings, state: Condition) -> int:
    return settings.most_bytes or fitting(state.memory_max_bytes)


def _servers(found: Durability, say: Say) -> list[str]:
    """What there is to know of a store of several servers."""
    counts = {"primaries": found.primaries, "replicas": found.replicas}
    lines = []
    if found.kind == "cluster":
        lines.append(say("A Cluster. Servers that take writes: {primaries}; replicas: {replicas}.", **counts))
    elif found.kind == "sentinel":
        lines.append(say("Sentinels watch over it. Replicas: {replicas}.", **counts))
    elif found.replicas:
        lines.append(say("It has replicas: {replicas}. Nobody puts one in its place.", **counts))
    if found.kind == "cluster" and not found.replicas:
        lines.append(say("A server that stops takes its forums along. Give each a replica."))
    if found.replicas and found.confirming:
        lines.append(
            say(
                "“Saved” waits until a replica has it too, half a second at most. "
                "A failover may still lose the last moment; phones then offer it again."
            )
        )
    elif found.replicas:
        lines.append(
            say(
                "“Saved” does not wait for all replicas: a failover may lose the last moment (FORUM_REPLICAS)."
            )
        )
    return lines


def _speed(found: Durability, ping: float, terminal: Terminal) -> str:
    say, number = terminal.say, terminal.reader.number
    disk = (
        say("The disk confirms in {ms} ms. ", ms=number(round(found.fsync_ms, 1)))
        if found.fsync_ms is not None
        else ""
    )
    return disk + say("The store answers in {ms} ms.", ms=number(round(ping, 1)))


def _port(settings: Settings, terminal: Terminal) -> list[str]:
    """What is wrong with the port; that something uses it is only told, since it may be our server."""
    say = terminal.say
    if _taken(settings.port):
        terminal.line(
            say(
                "Port {port} is in use: a server is running, or choose another with --port.",
                port=settings.port,
            )
        )
        return []
    try:
        bound(settings).close()
    except BadSetting as barred:
        return [say(barred.message, **barred.params)]
    return []


def _taken(port: int) -> bool:
    with socket.socket() as trial:
        trial.settimeout(0.5)
        return trial.connect_ex(("127.0.0.1", port)) == 0
