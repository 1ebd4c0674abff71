"""After the storm: every fault ends and all pages agree again; then a quiet tail, in which nobody may fall behind."""

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.sim.world import World

CONVERGE_SECONDS: Final = 30.0
HEALTHY_SECONDS: Final = 1.0  # I10
WITHOUT_BELLS_SECONDS: Final = 3.0  # I10
TAIL_ASKS: Final = 5
SETTLE_SECONDS: Final = 6.0  # what was on its way slowly has come


async def converge(world: "World") -> None:
    """I11: every fault has ended."""
    world.note("world", "every fault ends")
    world.weather.heal()
    for server in world.servers:
        server.machine.go_on()
    for tab in world.tabs:
        tab.wake()
    for _, connection in world.connections:
        connection.heal()
    until = world.loop.time() + CONVERGE_SECONDS
    while not _same(world) and world.loop.time() < until and not world.failed.is_set():  # noqa: ASYNC110
        await asyncio.sleep(0.25)
    if not _same(world):
        world.oracle.fail("I11", "; ".join(_behind(world)) or "who knows")


def _behind(world: "World") -> Iterator[str]:
    head, kept = world.oracle.folds[-1], world.valkey.hashes[f"{{{world.code}}}:m".encode()]
    if kept[b"rid"] != world.valkey.life:
        yield "nobody has noticed the store's new life"
    for tab in world.tabs:
        person = world.oracle.state.people.by_id.get(tab.visitor.person)
        if tab.over:
            continue
        if person is None or person.state != "in":
            yield f"{tab.name} still watches, {person.state if person else 'who never came'}"
        elif not tab.loaded:
            yield f"{tab.name} has no page"
        elif tab.outbox.ops and not (tab.held or world.oracle.model.is_full(tab.visitor.person)):
            yield f"{tab.name} still sends {tab.outbox.ops[0]['k']} {tab.outbox.ops[0]['n']}"
        elif tab.mirror.at != {"g": int(kept[b"gen"]), "s": world.oracle.seq, "c": head.chain}:
            yield f"{tab.name} is at {tab.mirror.at} of {world.oracle.seq} in life {kept[b'gen'].decode()}"
        elif not tab.link.socket or not tab.link._welcomed or tab.link.socket.connection.hollow:
            yield f"{tab.name} is not connected"
    if world.oracle.state.keeping.erasures:
        yield f"not erased yet: {[erasure.person for erasure in world.oracle.state.keeping.erasures]}"
    if any(line.deaf for line in world.store.lines):
        yield "a subscription still leads nowhere"


def _same(world: "World") -> bool:
    return not any(True for _ in _behind(world))


async def tail(world: "World") -> None:
    """I10: nothing goes wrong but, in the second half, that every bell is lost."""
    await world.wait(SETTLE_SECONDS)
    _look(world)
    welcomes = {tab.name: tab.welcomes for tab in world.tabs if not tab.over}
    for bound in (HEALTHY_SECONDS, WITHOUT_BELLS_SECONDS):
        world.weather.lose_bells = bound == WITHOUT_BELLS_SECONDS
        for _ in range(TAIL_ASKS):
            before = world.oracle.seq
            world.ask_something()
            await world.wait(0.3)
            seq = world.oracle.seq
            await world.wait(bound)
            late = [t.name for t in world.tabs if not t.over and t.loaded and t.mirror.at["s"] < seq]
            if late:
                world.oracle.fail("I10", f"{late} do not show fact {seq} after {bound} s (from {before})")
            if world.failed.is_set():
                return
    again = [
        t.name
        for t in world.tabs
        if not t.over and not t.copied and welcomes.get(t.name, t.welcomes) != t.welcomes
    ]
    if again:
        world.oracle.fail("tail", f"{again} had to connect again, though all was well")
    seq = -1
    while seq != world.oracle.seq and not world.failed.is_set():  # what had waited for room may come only now
        seq = world.oracle.seq
        await world.wait(WITHOUT_BELLS_SECONDS)
    _look(world)


def _look(world: "World") -> None:
    for tab in world.tabs:
        if tab.loaded and not tab.over:
            world.onlooker.look(tab, own=True)
