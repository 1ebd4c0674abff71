"""What every endpoint holds: the few long-lived things of one process, wired in ``forum.app``."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Protocol, cast

from starlette.requests import HTTPConnection

from forum.domain.kept import BALLOT_DAYS, WORDS_DAYS
from forum.fragments.pages import Pages
from forum.fragments.surface import Site
from forum.health import Readings
from forum.journal import Journal
from forum.keeping import Keeper
from forum.live import Hub, Wire
from forum.opening import KEEP_DAYS, Clock, Key, Opened, digest
from forum.web.addresses import Addresses
from forum.web.doorway import Doorway
from forum.web.jobs import Jobs
from forum.web.limits import Limits
from forum.web.permits import Permits
from forum.web.seeds import Seeds
from forum.web.turns import Turns

HELLO_SECONDS: Final = 5.0  # a socket that does not say who it is for longer is let go
DOOR_SECONDS: Final = 4.0  # a page that loads for longer is reloaded
MOST_AT_THE_DOOR: Final = 300  # requests that wait for a turn
MOST_POLLING: Final = 10_000  # tabs
MOST_ACQUAINTANCES: Final = 20_000  # cookies
MOST_CONNECTED: Final = (
    16  # sockets and polls of one person at a time: a few tabs, and those that died unseen
)


class Demo(Protocol):
    """Opens a forum and lets simulated participants play it, in the background; returns when it is open."""

    def __call__(self, lang: str, zone: str) -> Awaitable[Opened]: ...


Tab = tuple[str, str, str]
"""Forum, person, tab id."""


class Presence:
    """What this process remembers of tabs: the connection that speaks for each, what each poll was given."""

    def __init__(self) -> None:
        self._newest: dict[Tab, Wire] = {}
        self._connected: dict[tuple[str, str], int] = {}
        self._at_the_door = 0
        self._by_cookie: dict[tuple[str, str], set[Wire]] = {}
        self.own: dict[Tab, tuple[int, int]] = {}  # hashes of the personal frames it was given last

    def heard(self, tab: Tab, own: tuple[int, int]) -> None:
        """Note what a poll was given; the oldest notes go, and cost their tab one poll that returns at once."""
        self.own.pop(tab, None)
        self.own[tab] = own
        if len(self.own) > MOST_POLLING:
            del self.own[next(iter(self.own))]

    @contextmanager
    def one_more(self, code: str, person: str) -> Iterator[bool]:
        """Count a connection of a person for as long as the block lasts; False when they have too many already."""
        key = (code, person)
        before = self._connected.get(key, 0)
        if before >= MOST_CONNECTED:
            yield False
            return
        self._connected[key] = before + 1
        try:
            yield True
        finally:
            self._connected[key] -= 1
            if not self._connected[key]:
                del self._connected[key]

    @contextmanager
    def at_the_door(self) -> Iterator[bool]:
        """Count a request that waits for its turn, for as long as the block lasts; False when too many do."""
        room = self._at_the_door < MOST_AT_THE_DOOR
        self._at_the_door += room
        try:
            yield room
        finally:
            self._at_the_door -= room

    @contextmanager
    def alone(self, tab: Tab, wire: Wire) -> Iterator[None]:
        """Speak for a tab for as long as the block lasts; an older connection is closed."""
        older = self._newest.pop(tab, None)
        self._newest[tab] = wire
        if older is not None:
            older.close(4409, "replaced by a newer connection")
        try:
            yield
        finally:
            if self._newest.get(tab) is wire:
                del self._newest[tab]

    @contextmanager
    def held(self, code: str, cookie: str, wire: Wire) -> Iterator[None]:
        """Know a connection by the cookie it came with, for as long as the block lasts."""
        wires = self._by_cookie.setdefault((code, cookie), set())
        wires.add(wire)
        try:
            yield
        finally:
            wires.discard(wire)
            if not wires and self._by_cookie.get((code, cookie)) is wires:
                del self._by_cookie[code, cookie]

    def end(self, code: str, cookie: str, reason: str) -> None:
        """Close every connection that came with a cookie: its access has ended."""
        for wire in tuple(self._by_cookie.get((code, cookie), ())):
            wire.close(4401, reason)

    def cookies(self) -> dict[str, list[str]]:
        """The cookies that connections came with, by forum."""
        found: dict[str, list[str]] = {}
        for code, cookie in self._by_cookie:
            found.setdefault(code, []).append(cookie)
        return found


class Acquaintances:
    """The cookies shown to this process lately. Read only when the store has lost a forum that we still hold, or
    does not answer."""

    def __init__(self) -> None:
        self._keys: dict[tuple[str, str], Key] = {}

    def note(self, code: str, secret: str, key: Key) -> None:
        """Remember what a cookie opened; the oldest is forgotten."""
        self._keys.pop((code, digest(secret)), None)
        self._keys[code, digest(secret)] = key
        if len(self._keys) > MOST_ACQUAINTANCES:
            del self._keys[next(iter(self._keys))]

    def forget(self, code: str, cookie: str) -> None:
        """Know a cookie no more, by its digest."""
        self._keys.pop((code, cookie), None)

    def of(self, code: str, secret: str) -> Key | None:
        return self._keys.get((code, digest(secret)))


@dataclass(frozen=True, slots=True)
class Service:
    """One process's parts. Endpoints read it; nobody changes it."""

    journal: Journal
    hub: Hub
    pages: Pages
    addresses: Addresses
    limits: Limits
    clock: Clock
    seed: bytes  # the server's own secret, the same for every process on one store
    seeds: Seeds  # each forum's, for what must stay valid wherever it moves
    site: Callable[[str], Site]  # where a forum is reached, by its code
    draining: Callable[[], bool]  # true when this process is about to end
    demo: Demo
    keeper: Keeper
    jobs: Jobs
    health: Callable[[], Awaitable[Readings]]
    turns: Turns
    doorway: Doorway
    permits: Permits
    presence: Presence = field(default_factory=Presence)
    contact: str = ""  # whom to ask about data, as the operator says it
    keep_days: int = KEEP_DAYS  # how long a new forum is kept unless it says otherwise
    days: tuple[int, int] = (BALLOT_DAYS, WORDS_DAYS)  # for which a new forum keeps ballots, and words
    keep_most_days: int = 0  # how long one opened from the home page may be kept; 0: as long as any
    acquaintances: Acquaintances = field(default_factory=Acquaintances)
    hello_seconds: float = HELLO_SECONDS
    door_seconds: float = DOOR_SECONDS


def service_of(connection: HTTPConnection) -> Service:
    """The service an endpoint belongs to."""
    return cast(Service, connection.app.state.service)
