"""Real stores of several servers for tests: a Cluster, and a primary with a replica under Sentinels.

Made of the shipped server alone, by the commands that an operator's tools send.
"""

import asyncio
import secrets
import signal
import socket
import subprocess
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from forum.journal.layout import slot_of
from forum.journal.valkey import find_server

SECONDS = 30.0  # a bound for what must happen
LOOK_SECONDS = 0.02
NODE_TIMEOUT_MS = 1000
QUIET_PORTS = range(12_000, 32_000)
SENTINEL_DOWN_MS, SENTINEL_FAILOVER_MS = 800, 3000
MASTER = "hall"
PASSWORD, SENTINEL_PASSWORD = "p@ss:w/rd", "s?cret"
DURABLE = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]


_chosen: set[int] = set()


def quiet_port() -> int:
    """A free port below those from which connections leave, chosen for nobody else here: many tests run beside us."""
    while True:
        port = secrets.choice(QUIET_PORTS)
        if port in _chosen:
            continue
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            _chosen.add(port)
            return port


class Node:
    """One server on a port of this machine; ``start`` again after ``kill``."""

    def __init__(self, folder: Path, *settings: str, config: Path | None = None, password: str = "") -> None:
        self.port = quiet_port()
        self.folder = folder / str(self.port)
        self.folder.mkdir(parents=True)
        self.name = f"127.0.0.1:{self.port}"
        self.url = f"redis://{self.name}"
        self.id = ""  # in a Cluster
        self._settings = [
            *settings,
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--dir",
            str(self.folder),
        ]
        self._first = [str(config)] if config else []
        self._process: subprocess.Popen[bytes] | None = None
        self._client = Redis.from_url(
            self.url, password=password or None, decode_responses=True, single_connection_client=True
        )

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            command = [str(find_server()), *self._first, *self._settings]
            self._process = subprocess.Popen(command, stdout=log, stderr=log)

    async def ready(self) -> None:
        """Wait until it answers."""

        async def answers() -> bool:
            with suppress(RedisError, OSError):
                return bool(await self._client.ping())
            return False

        await until(answers)

    async def call(self, *words: object) -> Any:
        return await self._client.execute_command(*words)  # type: ignore[no-untyped-call]

    async def info(self, section: str) -> dict[str, Any]:
        found: dict[str, Any] = await self._client.info(section)
        return found

    def pause(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    async def kill(self) -> None:
        """kill -9: nothing is passed on any more."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self._process.kill()
            await asyncio.to_thread(self._process.wait)
            self._process = None

    async def aclose(self) -> None:
        await self.kill()
        await self._client.aclose()


async def until(holds: Callable[[], Coroutine[Any, Any, bool]]) -> None:
    """Wait for what no event tells; at most SECONDS."""
    async with asyncio.timeout(SECONDS):
        while not await holds():  # noqa: ASYNC110
            await asyncio.sleep(LOOK_SECONDS)


@asynccontextmanager
async def nodes(count: int, folder: Path, *settings: str, password: str = "") -> AsyncIterator[list[Node]]:
    """Servers that know nothing of each other."""
    async with AsyncExitStack() as stack:
        made = [Node(folder, *settings, password=password) for _ in range(count)]
        for node in made:
            stack.push_async_callback(node.aclose)
            node.start()
        await asyncio.gather(*(node.ready() for node in made))
        yield made


class Cluster:
    """Primaries, each with as many replicas."""

    def __init__(self, made: list[Node]) -> None:
        self.nodes = made
        self.by_id: dict[str, Node] = {}

    @property
    def url(self) -> str:
        return "redis://" + ",".join(node.name for node in self.nodes[:2])

    async def form(self, primaries: int) -> None:
        """Let them meet, share the slots out, and follow each other."""
        for n, node in enumerate(self.nodes):
            node.id = await node.call("CLUSTER", "MYID")
            self.by_id[node.id] = node
            await node.call("CLUSTER", "SET-CONFIG-EPOCH", n + 1)
        for n, node in enumerate(self.nodes[:primaries]):
            await node.call(
                "CLUSTER", "ADDSLOTSRANGE", 16384 * n // primaries, 16384 * (n + 1) // primaries - 1
            )
        for node in self.nodes:
            for other in self.nodes:
                if other is not node:
                    bus = (await other.call("CONFIG", "GET", "cluster-port"))["cluster-port"]
                    await node.call("CLUSTER", "MEET", "127.0.0.1", other.port, bus)
        for n, node in enumerate(self.nodes[primaries:]):
            await until(lambda node=node, n=n: self._follows(node, self.nodes[n % primaries]))
        await until(self.well)

    async def well(self) -> bool:
        """Every node that lives knows all, takes the Cluster to be well, and replicas are up to date."""
        for node in self.nodes:
            with suppress(RedisError, OSError):
                said = dict(line.split(":") for line in (await node.call("CLUSTER", "INFO")).split())
                replication = await node.info("replication")
                if said["cluster_state"] != "ok" or int(said["cluster_known_nodes"]) != len(self.nodes):
                    return False
                if replication["role"] == "slave" and replication["master_link_status"] != "up":
                    return False
                alone = replication["role"] == "master" and not replication["connected_slaves"]
                if alone and int(said["cluster_size"]) * 2 <= len(self.nodes):
                    return False
        return True

    async def owner(self, code: str) -> Node:
        """The primary that keeps a forum, as the majority has it."""
        slot, said = slot_of(f"{{{code}}}:m"), dict[str, int]()
        for node in self.nodes:
            with suppress(RedisError, OSError):
                for first, last, primary, *_ in await node.call("CLUSTER", "SLOTS"):
                    if first <= slot <= last:
                        name = primary[2]
                        said[name] = said.get(name, 0) + 1
        return self.by_id[max(said, key=lambda name: said[name])]

    async def primaries(self) -> list[Node]:
        """The primaries that live."""
        found = []
        for node in self.nodes:
            with suppress(RedisError, OSError):
                if (await node.info("replication"))["role"] == "master":
                    found.append(node)
        return found

    async def replica(self, primary: Node) -> Node:
        """A replica of a primary."""
        for node in self.nodes:
            with suppress(RedisError, OSError):
                if (await node.info("replication")).get("master_port") == primary.port:
                    return node
        raise LookupError(primary.name)

    async def migrate(self, code: str, *, slowly: float = 0.0) -> Node:
        """Move a forum's slot to another primary, key by key, as operators' tools do; return the new owner.

        slowly  seconds to wait between two keys, while they lie on two servers
        """
        slot = slot_of(f"{{{code}}}:m")
        source = await self.owner(code)
        target = next(node for node in await self.primaries() if node is not source)
        await target.call("CLUSTER", "SETSLOT", slot, "IMPORTING", source.id)
        await source.call("CLUSTER", "SETSLOT", slot, "MIGRATING", target.id)
        while keys := await source.call("CLUSTER", "GETKEYSINSLOT", slot, 1):
            await source.call("MIGRATE", "127.0.0.1", target.port, "", 0, 5000, "KEYS", *keys)
            await asyncio.sleep(slowly)
        for node in (target, source):
            await node.call("CLUSTER", "SETSLOT", slot, "NODE", target.id)
        return target

    async def migrate_whole(self, code: str) -> Node | None:
        """Move a forum's slot at one stroke; None where the server does not know how."""
        slot = slot_of(f"{{{code}}}:m")
        source = await self.owner(code)
        target = next(node for node in await self.primaries() if node is not source)
        try:
            await source.call("CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", slot, slot, "NODE", target.id)
        except ResponseError:
            return None

        async def moved() -> bool:
            return await self.owner(code) is target

        await until(moved)
        return target

    async def _follows(self, node: Node, primary: Node) -> bool:
        with suppress(ResponseError):  # it has not heard of it yet
            await node.call("CLUSTER", "REPLICATE", primary.id)
            return True
        return False


@asynccontextmanager
async def cluster(
    folder: Path, primaries: int = 3, replicas: int = 1, *settings: str
) -> AsyncIterator[Cluster]:
    """A Cluster for as long as the block lasts; ``replicas`` for each primary."""
    words = ["--cluster-enabled", "yes", "--cluster-node-timeout", str(NODE_TIMEOUT_MS), *DURABLE, *settings]
    words += ["--cluster-replica-validity-factor", "0", "--repl-diskless-sync-delay", "0"]
    async with AsyncExitStack() as stack:
        made = [
            Node(folder, *words, "--cluster-port", str(quiet_port()))
            for _ in range(primaries * (1 + replicas))
        ]
        for node in made:
            stack.push_async_callback(node.aclose)
            node.start()
        await asyncio.gather(*(node.ready() for node in made))
        formed = Cluster(made)
        await formed.form(primaries)
        yield formed


class Watched:
    """A primary, its replicas and their Sentinels, all with passwords."""

    def __init__(self, servers: list[Node], sentinels: list[Node]) -> None:
        self.servers, self.sentinels = servers, sentinels

    @property
    def url(self) -> str:
        return self.url_of(MASTER)

    def url_of(self, master: str) -> str:
        """The address of a primary by its name."""
        names = ",".join(sentinel.name for sentinel in self.sentinels)
        login, word = quote(PASSWORD, safe=""), quote(SENTINEL_PASSWORD, safe="")
        return f"redis+sentinel://:{login}@{names}/{master}?sentinel_password={word}"

    async def primary(self) -> Node:
        """The primary, as the last Sentinel has it."""
        _, port = await self.sentinels[-1].call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER)
        return next(node for node in self.servers if node.port == int(port))

    async def well(self) -> bool:
        """The Sentinels agree, and the replica is up to date."""
        primary = await self.primary()
        for sentinel in self.sentinels:
            with suppress(RedisError, OSError):
                said = await sentinel.call("SENTINEL", "MASTER", MASTER)
                if (
                    int(said["num-slaves"]) != 1
                    or int(said["num-other-sentinels"]) != len(self.sentinels) - 1
                ):
                    return False
                if int(said["port"]) != primary.port:
                    return False
        with suppress(RedisError, OSError):  # a server whose role changes hangs up on everybody
            return bool((await primary.info("replication"))["connected_slaves"])
        return False


@asynccontextmanager
async def watched(folder: Path, sentinels: int = 3) -> AsyncIterator[Watched]:
    """One primary, one replica and Sentinels for as long as the block lasts."""
    login = ["--requirepass", PASSWORD, "--masterauth", PASSWORD]
    async with AsyncExitStack() as stack:
        primary, replica = await stack.enter_async_context(
            nodes(2, folder, *DURABLE, "--repl-diskless-sync-delay", "0", *login, password=PASSWORD)
        )
        await replica.call("REPLICAOF", "127.0.0.1", primary.port)
        watchers = []
        for n in range(sentinels):
            config = folder / f"sentinel-{n}.conf"
            config.write_text(
                f"sentinel monitor {MASTER} 127.0.0.1 {primary.port} {sentinels // 2 + 1}\n"
                f'sentinel auth-pass {MASTER} "{PASSWORD}"\n'
                f"sentinel down-after-milliseconds {MASTER} {SENTINEL_DOWN_MS}\n"
                f"sentinel failover-timeout {MASTER} {SENTINEL_FAILOVER_MS}\n"
                f'requirepass "{SENTINEL_PASSWORD}"\n'
            )
            watcher = Node(folder, "--sentinel", config=config, password=SENTINEL_PASSWORD)
            stack.push_async_callback(watcher.aclose)
            watcher.start()
            watchers.append(watcher)
        await asyncio.gather(*(watcher.ready() for watcher in watchers))
        formed = Watched([primary, replica], watchers)
        await until(formed.well)
        yield formed
