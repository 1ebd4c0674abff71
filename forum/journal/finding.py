"""Finding out who takes writes: always one server, the primary that Sentinels name, or a Cluster's owners of slots.

A finder is asked again after every fault and every few seconds. It believes the answer with the most recent
configuration (the highest epoch), because a server that was cut off answers with an old one.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from contextlib import aclosing, asynccontextmanager
from typing import Final, Protocol, TypeVar

from redis.exceptions import ResponseError

from forum.journal.calls import Calls, Pace, Reply, refusal
from forum.journal.contract import Unavailable
from forum.journal.layout import Layout, StoreUrl, node_of, parse_slots
from forum.journal.problems import StoreProblem

LOOK_CALL_SECONDS: Final = 1.0  # for one server's answer: another may know
PATIENCE_SECONDS: Final = 0.2  # before another is asked as well

T = TypeVar("T")


class Finder(Protocol):
    @property
    def kind(self) -> str:
        """What sort of store it is: "single", "sentinel" or "cluster"."""

    async def find(self, known: Layout | None) -> Layout:
        """Say who keeps what now; Unavailable when nobody who knows answers."""

    async def aclose(self) -> None: ...


class Lone:
    """One server, always the same."""

    kind = "single"

    def __init__(self, node: str) -> None:
        self._layout = Layout((node,))

    async def find(self, known: Layout | None) -> Layout:
        return self._layout

    async def aclose(self) -> None: ...


class Sentinels:
    """The primary behind a name, as the Sentinels know it."""

    kind = "sentinel"

    def __init__(self, url: StoreUrl, pace: Pace, calls: Callable[[str], Calls]) -> None:
        self._master = url.master
        self._sentinels = [Calls(url.sentinel_at(node), pace) for node in url.nodes]
        self._calls = calls

    async def find(self, known: Layout | None) -> Layout:
        found = max(await self._answers(), key=lambda layout: layout.epoch)
        (primary,) = found.primaries
        # In mid-failover they may still name a server that is one no more.
        if (await info(self._calls(primary), "replication", by=soon())).get("role") != "master":
            raise Unavailable("readonly", f"{primary} is no primary")
        return found

    async def _answers(self) -> list[Layout]:
        """What the Sentinels say, without those that take long when others do not; at least one, or Unavailable."""
        asking = {asyncio.create_task(self._ask(sentinel)) for sentinel in self._sentinels}
        problem, layouts = Unavailable("away", "no Sentinel answers"), list[Layout]()
        async with _let_go(asking):
            while asking and not layouts:
                done, asking = await asyncio.wait(asking, timeout=PATIENCE_SECONDS)
                for task in done:
                    try:
                        layouts.append(task.result())
                    except Unavailable as error:
                        problem = error
        if not layouts:
            raise problem
        return layouts

    async def _ask(self, sentinel: Calls) -> Layout:
        questions = [
            ("SENTINEL", word, self._master) for word in ("MASTER", "GET-MASTER-ADDR-BY-NAME", "REPLICAS")
        ]
        replies = await sentinel.many(questions, soon())
        master, address, replicas = map(_said, replies)
        if address is None:
            raise Unavailable("refused", "No such master with that name")
        try:
            return Layout(
                (node_of(address[0].decode(), int(address[1])),),
                replicas=tuple(sorted(_replica(replica) for replica in replicas)),
                epoch=int(_fields(master)["config-epoch"]),
            )
        except (ValueError, TypeError, LookupError) as error:
            raise Unavailable("refused", f"expected what Sentinels say, got {replies}") from error

    async def aclose(self) -> None:
        for sentinel in self._sentinels:
            await sentinel.aclose()


class Cluster:
    """A Cluster, of which any node may be asked."""

    kind = "cluster"

    def __init__(self, doors: Iterable[str], calls: Callable[[str], Calls]) -> None:
        self._doors = tuple(doors)
        self._calls = calls

    async def find(self, known: Layout | None) -> Layout:
        epoch = known.epoch if known else 0
        best: tuple[bool, Layout] | None = None
        problem = Unavailable("away", "no node of the Cluster answers")
        async with aclosing(self._answers(known)) as answers:
            async for answer in answers:
                if isinstance(answer, Unavailable):
                    problem = answer
                    continue
                fine, layout = answer
                if fine and layout.epoch >= epoch:
                    return layout
                if best is None or (fine, layout.epoch) > (best[0], best[1].epoch):
                    best = answer
        if best is None or not (best[0] or best[1].epoch >= epoch):
            raise problem
        return best[1]

    async def _answers(self, known: Layout | None) -> AsyncGenerator[tuple[bool, Layout] | Unavailable, None]:
        """Ask one node, and another as well when it fails or takes long, until all were asked."""
        asking = set[asyncio.Task[tuple[bool, Layout]]]()
        nodes = iter(self._candidates(known))
        async with _let_go(asking):
            while (node := next(nodes, "")) or asking:
                if node:
                    asking.add(asyncio.create_task(self._ask(node)))
                patience = PATIENCE_SECONDS if node else None
                done, _ = await asyncio.wait(asking, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    asking.discard(task)
                    try:
                        yield task.result()
                    except Unavailable as error:
                        yield error

    def _candidates(self, known: Layout | None) -> list[str]:
        """In another order each time, so that a server that was cut off is not asked for ever."""
        nodes = sorted(known.nodes) if known else []
        random.shuffle(nodes)
        return [*nodes, *(door for door in self._doors if door not in nodes)]

    async def _ask(self, node: str) -> tuple[bool, Layout]:
        """Whether a node takes the Cluster to be well, and its view of it."""
        replies = await self._calls(node).many([("CLUSTER", "INFO"), ("CLUSTER", "SLOTS")], soon())
        said = _pairs(_said(replies[0]))
        try:
            layout = parse_slots(_said(replies[1]), node, int(said.get("cluster_current_epoch", "0")))
        except (ValueError, TypeError, AttributeError) as error:
            raise Unavailable("refused", f"{node} does not know who keeps what: {error}") from error
        return said.get("cluster_state") == "ok", layout

    async def aclose(self) -> None: ...


@asynccontextmanager
async def _let_go(asking: set[asyncio.Task[T]]) -> AsyncIterator[None]:
    """Ask no more of who has not answered when the block ends."""
    try:
        yield
    finally:
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)


async def finder_for(url: StoreUrl, pace: Pace, calls: Callable[[str], Calls], shown: str) -> Finder:
    """Ask the address what it leads to. StoreProblem, Unavailable. One round trip to the first that answers."""
    if url.master:
        return Sentinels(url, pace, calls)
    problem = Unavailable("away")
    for node in url.nodes:
        try:
            facts = await info(calls(node), "cluster")
        except Unavailable as error:
            problem = error
            continue
        if facts.get("cluster_enabled") == "1":
            return Cluster(url.nodes, calls)
        if len(url.nodes) > 1:
            raise StoreProblem("no_cluster", url=shown)
        return Lone(node)
    raise problem


async def info(calls: Calls, *sections: str, by: float | None = None) -> dict[str, str]:
    """What a server says of itself, by name. One round trip. ``by``: a deadline, of the event loop's time."""
    (reply,) = await calls.many([("INFO", *sections)], by)
    return _pairs(_said(reply))


def _pairs(text: bytes) -> dict[str, str]:
    lines = text.decode("utf-8", "replace").splitlines()
    return dict(line.split(":", 1) for line in lines if ":" in line)


def _fields(flat: Reply) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in zip(flat[::2], flat[1::2], strict=True)}


def _replica(flat: Reply) -> str:
    fields = _fields(flat)
    return node_of(fields["ip"], int(fields["port"]))


def _said(reply: Reply) -> Reply:
    if not isinstance(reply, ResponseError):
        return reply
    error = refusal(reply)
    raise error if isinstance(error, Unavailable) else Unavailable("refused", str(error))


def soon() -> float:
    """The deadline of a question that somebody else may answer too."""
    return asyncio.get_running_loop().time() + LOOK_CALL_SECONDS
