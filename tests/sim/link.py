"""A page's connection: the twin of ``static/js/socket.js``."""

import json
from typing import TYPE_CHECKING, Final

from tests.sim.network import Connection
from tests.sim.twin import Frame

if TYPE_CHECKING:
    from tests.sim.tab import Tab

CONNECT_MS: Final = 8000
STALE_MS: Final = 15_000
DEAD_MS: Final = 25_000
WATCH_MS: Final = 1000
JUMP_MS: Final = 5000
WAKE_JITTER_MS: Final = 750
BACK_OFF_MS: Final = 500
BACK_OFF_MOST_MS: Final = 8000
STEADY_MS: Final = 5000
REPLACED: Final = 4409
TOO_FAST: Final = 4429
TERMINAL: Final = frozenset({4401, 4403, 4404, 4410, 4426})


class Socket:
    """One WebSocket as JavaScript holds it; abandoned, it says nothing more."""

    def __init__(self, link: "Link") -> None:
        self._link: Link | None = link
        self.connection: Connection = link.tab.world.connect(link.tab, self)

    def abandon(self) -> None:
        self._link = None
        self.connection.leave()

    def opened(self) -> None:
        if self._link:
            self.connection.say(json.dumps(self._link.tab.hello()))

    def heard(self, text: str) -> None:
        if self._link:
            self._link.take(json.loads(text))

    def closed(self, code: int) -> None:
        if self._link:
            self._link.closed(code)


class Link:
    """socket.js."""

    def __init__(self, tab: "Tab") -> None:
        self.tab = tab
        self.socket: Socket | None = None
        self._welcomed = 0.0
        self._heard = self._watched = tab.now()
        self._fails = 0
        self._after = -1.0
        self._next = self._limit = 0  # the timers that count
        self._watch_on()
        self._dial()

    def send(self, frame: Frame) -> bool:
        if not self._welcomed or not self.socket:
            return False
        self.socket.connection.say(json.dumps(frame))
        return True

    def renew(self) -> None:
        self.tab.world.note(self.tab.name, "opens a new connection")
        self._dial_in(self.tab.world.rng.random() * WAKE_JITTER_MS)

    def anew(self) -> None:
        self._drop()
        self.renew()

    def _dial_in(self, ms: float) -> None:
        if self.tab.over:
            return
        self._next += 1
        which = self._next
        self.tab.later(ms, lambda: self._dial() if which == self._next else None)

    def _dial(self) -> None:
        self._drop()
        if self.tab.over:
            return
        self._limit += 1
        which = self._limit
        self.tab.later(CONNECT_MS, lambda: self.closed(0) if which == self._limit else None)
        self.socket = Socket(self)

    def take(self, frame: Frame) -> None:
        self._heard = self.tab.now()
        if frame["t"] == "bye":
            self._after = frame.get("after_ms", -1)
        if frame["t"] == "welcome":
            self._limit += 1
            self._welcomed = self.tab.now()
        self.tab.frame(frame)

    def closed(self, code: int) -> None:
        lived = self.tab.now() - self._welcomed if self._welcomed else -1
        self.tab.world.note(self.tab.name, f"closed {code}")
        if not self._drop():
            return
        self.tab.down()
        if code in TERMINAL:
            self._next += 1
            self.tab.ended(code)
            return
        if code == REPLACED:
            self.tab.replaced()
        if lived > STEADY_MS:
            self._fails = 0
        self._fails += 1
        most = min(BACK_OFF_MOST_MS, BACK_OFF_MS * 2 ** (self._fails - 1 + (3 if code == TOO_FAST else 0)))
        self._dial_in(self._after if self._after >= 0 else self.tab.world.rng.random() * most)
        self._after = -1

    def _drop(self) -> bool:
        self._limit += 1
        socket, self.socket, self._welcomed = self.socket, None, 0.0
        if socket:
            socket.abandon()
        return socket is not None

    def _watch_on(self) -> None:
        self.tab.later(WATCH_MS, self._watch)

    def _watch(self) -> None:
        now = self.tab.now()
        jumped = now - self._watched > JUMP_MS + WATCH_MS
        quiet = now - self._heard
        self._watched = now
        if self.tab.over:
            return
        if jumped:
            self.renew()
        elif self._welcomed and quiet > DEAD_MS:
            self.closed(0)
        self.tab.fresh = self._welcomed > 0 and quiet < STALE_MS
        self._watch_on()
