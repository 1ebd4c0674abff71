"""Which server keeps what: the address of a store, hash slots, and who owns which slot. Pure: no I/O.

A *node* is "host:port", or the address of a socket; a *primary* takes writes, a *replica* follows one.
"""

from binascii import crc_hqx
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Final, NamedTuple, TypeAlias
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

SLOTS: Final = 16384  # of a Cluster
STORE_PORT: Final = 6379
SENTINEL_PORT: Final = 26379
SENTINEL: Final = "+sentinel"
SCHEMES: Final = ("redis", "rediss", "unix", "redis+sentinel", "rediss+sentinel")

Word: TypeAlias = str | bytes | int
Command: TypeAlias = Sequence[Word]

# What concerns a server and no key. Every other command of ours names its key first.
KEYLESS: Final = frozenset({
    "ASKING", "BGREWRITEAOF", "BGSAVE", "CLUSTER", "CONFIG", "EXEC", "FUNCTION", "INFO", "LASTSAVE", "MULTI",
    "PING", "ROLE", "WAIT", "WAITAOF",
})  # fmt: skip
KEY_PLACES: Final = {"FCALL": 3, "FCALL_RO": 3, "EVAL": 3, "XINFO": 2, "XGROUP": 2, "OBJECT": 2, "MEMORY": 2}


class StoreUrl(NamedTuple):
    """A store's address, taken apart."""

    nodes: tuple[str, ...]  # where to ask; of Sentinels when ``master`` is set
    parts: SplitResult  # as redis-py takes it, but for the node
    master: str = ""  # the name by which Sentinels know the primary; "" without Sentinel
    sentinel_login: str = ""  # user:password

    def at(self, node: str) -> str:
        """The address of one server of this store."""
        if self.parts.scheme == "unix":
            return self.nodes[0]
        user, at, _ = self.parts.netloc.rpartition("@")
        return self.parts._replace(netloc=f"{user}{at}{node}").geturl()

    def sentinel_at(self, node: str) -> str:
        """The address of one Sentinel, which has a password of its own, or none."""
        given = parse_qsl(self.parts.query)
        query = urlencode([(name, value) for name, value in given if name.startswith("ssl_")])
        login = f"{self.sentinel_login}@" if self.sentinel_login else ""
        return self.parts._replace(netloc=login + node, query=query).geturl()


def parse_url(url: str) -> StoreUrl:
    """Take an address apart; ValueError when it is none.

    redis://[user:password@]host[:port][,host[:port]…][/db][?option=…], rediss://…, unix:///path, or
    redis+sentinel://[user:password@]host[:port][,…]/master[?db=…&sentinel_password=…].
    """
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES:
        raise ValueError(f"expected one of {', '.join(SCHEMES)}, got {parts.scheme!r}")
    if parts.scheme == "unix":
        return StoreUrl((url,), parts)
    sentinel = parts.scheme.endswith(SENTINEL)
    hosts = parts.netloc.rpartition("@")[2].split(",")
    nodes = tuple(_node(host, SENTINEL_PORT if sentinel else STORE_PORT) for host in hosts)
    if not sentinel:
        return StoreUrl(nodes, parts)
    master = unquote(parts.path.strip("/"))
    if not master or "/" in master:
        raise ValueError("expected the name of the primary behind the Sentinels, as in …:26379/mymaster")
    options = dict(parse_qsl(parts.query))
    login = [quote(options.pop(f"sentinel_{word}", ""), safe="") for word in ("username", "password")]
    plain = parts._replace(scheme=parts.scheme.removesuffix(SENTINEL), path="", query=urlencode(options))
    return StoreUrl(nodes, plain, master, ":".join(login) if any(login) else "")


def without_password(url: str) -> str:
    """The address as it may be shown."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "…"
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()


def node_of(host: str, port: int) -> str:
    """A node's name, as it stands in addresses."""
    return f"[{host}]:{port}" if ":" in host and not host.startswith("[") else f"{host}:{port}"


def host_of(node: str) -> str:
    """The host of a node, bare."""
    return node.rpartition(":")[0].strip("[]")


def _node(host: str, port: int) -> str:
    parts = urlsplit(f"//{host}")
    if not parts.hostname:
        raise ValueError(f"expected a host, got {host!r}")
    return node_of(parts.hostname, parts.port or port)


# --- slots


def slot_of(key: Word) -> int:
    """The slot of a key or a sharded channel: the CRC-16 of its hash tag, when it has one."""
    name = key if isinstance(key, bytes) else str(key).encode()
    start = name.find(b"{") + 1
    end = name.find(b"}", start)
    return crc_hqx(name[start:end] if start and end > start else name, 0) % SLOTS


def key_of(command: Command) -> Word | None:
    """The key that decides where a command goes; None when it concerns no key."""
    name = str(command[0])
    return None if name in KEYLESS else command[KEY_PLACES.get(name, 1)]


@dataclass(frozen=True, slots=True)
class Layout:
    """Who keeps what, as far as we know. Replaced as a whole."""

    primaries: tuple[str, ...]
    owners: tuple[str, ...] = ()  # node by slot, "" for nobody; empty when one primary owns everything
    replicas: tuple[str, ...] = ()
    epoch: int = 0  # a layout of a lower epoch is older

    @property
    def nodes(self) -> frozenset[str]:
        return frozenset((*self.primaries, *self.replicas))

    def owner(self, key: Word | None) -> str:
        """The node that keeps a key; "" when nobody does. Any primary will do for no key."""
        return self.owners[slot_of(key)] if self.owners and key is not None else self.primaries[0]

    def moved(self, slot: int, node: str) -> "Layout":
        """As this, but ``slot`` is kept by ``node``. 50 µs."""
        if not self.owners or self.owners[slot] == node:
            return self
        owners = (*self.owners[:slot], node, *self.owners[slot + 1 :])
        return replace(self, owners=owners, primaries=tuple(dict.fromkeys((*self.primaries, node))))

    def tag_on(self, node: str, word: str) -> str:
        """A hash tag that begins with ``word`` and whose keys ``node`` keeps; "" when it keeps nothing."""
        if not self.owners:
            return word
        if node not in self.owners:
            return ""
        tags = (f"{word}{n or ''}" for n in count())
        return next(tag for tag in tags if self.owners[slot_of(tag)] == node)


def parse_slots(reply: Iterable[Any], asked: str, epoch: int) -> Layout:
    """Read what CLUSTER SLOTS said; ValueError or TypeError when it is not that.

    asked  the node that said it: stands for itself where it does not know its own name
    """
    owners, replicas = [""] * SLOTS, list[str]()
    for first, last, *nodes in reply:
        primary, *others = [
            node_of(host.decode() if host else host_of(asked), port) for host, port, *_ in nodes
        ]
        owners[first : last + 1] = [primary] * (last + 1 - first)
        replicas += others
    primaries = tuple(sorted(set(owners) - {""}))
    if not primaries or len(owners) != SLOTS:
        raise ValueError("expected slots that somebody owns")
    return Layout(primaries, tuple(owners), tuple(sorted(set(replicas))), epoch)
