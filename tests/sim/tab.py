"""A browser's tab: the twin of ``static/js/live.js``, around the outbox and the mirror of ``twin`` and its ``link``.

A machine of its own: it can sleep (timers stand still, the socket looks open), be reloaded, or be duplicated.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

from forum.domain.kernel import Command, PersonId
from forum.domain.roles import Role
from tests.sim.link import Link
from tests.sim.loop import Machine
from tests.sim.twin import Frame, Mirror, Op, Outbox, Surroundings

if TYPE_CHECKING:
    from tests.sim.server import Server
    from tests.sim.world import World

WIDTH: Final = 8
UNPROVEN: Final = 2  # the last version that does not say where it stood
ENDLESS: Final = 3  # the last version that takes long lists only as a whole
WINDOWED: Final = 0.6  # of the pages of that version are of today's instead
BEAT_MS: Final = 5000
DEAD_TAB_MS: Final = 75_000
LOAD_AGAIN_MS: Final = 3000  # a person who sees nothing presses reload


@dataclass
class Visitor:
    """A person with a cookie, on one surface."""

    person: PersonId
    role: Role
    surface: Literal["phone", "desk", "screen"]
    cookie: str


class Shelf(dict[str, str]):
    """localStorage, which tells of every write."""

    def __init__(self, kept: dict[str, str], wrote: Callable[[str, str], None]) -> None:
        super().__init__(kept)
        self._wrote = wrote

    def __setitem__(self, key: str, text: str) -> None:
        super().__setitem__(key, text)
        self._wrote(key, text)


@dataclass
class Browser:
    """What tabs of one device share: its storage."""

    visitor: Visitor
    shelf: dict[str, str] = field(default_factory=dict)
    tabs: list["Tab"] = field(default_factory=list)
    beats: dict[str, tuple["Tab", float]] = field(
        default_factory=dict
    )  # cid → who beat under it last, and when

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.shelf, self._wrote)

    def _wrote(self, key: str, text: str) -> None:
        """C2: what the page that lives under a number has not been answered lies on the shelf, whoever writes there."""
        cid = key.rpartition("/")[2]
        tab, at = self.beats.get(cid, (None, 0.0))
        if tab is None or not tab.loaded or tab.outbox.cid != cid or tab.now() - at >= DEAD_TAB_MS:
            return
        there = {op.get("text") for op in json.loads(text)["ops"]}
        gone = [op for op in tab.outbox.ops if op.get("text") not in there]
        if gone:
            tab.world.oracle.fail("C2", f"{gone[0]['k']} {cid}:{gone[0]['n']} of {tab.name} is written over")

    def beat(self, tab: "Tab") -> None:
        """A tab shows that it lives; others under its number see that."""
        cid = tab.outbox.cid
        self.beats[cid] = tab, tab.now()
        for other in self.tabs:
            if other is not tab and other.loaded and other.outbox.cid == cid:
                other.machine.call(other.taken, cid)

    def rest(self, tab: "Tab") -> None:
        """A tab goes."""
        if self.beats.get(tab.outbox.cid, (None, 0))[0] is tab:
            del self.beats[tab.outbox.cid]

    def lives(self, cid: str, now: float, but: "Tab | None" = None) -> bool:
        """Whether another page than ``but`` lives under a number."""
        tab, at = self.beats.get(cid, (but, 0.0))
        return tab is not but and now - at < DEAD_TAB_MS


class Tab:
    """One page of a browser, from its load until it is reloaded."""

    def __init__(self, world: "World", name: str, browser: Browser, cid: str = "") -> None:
        """``cid``: what sessionStorage holds."""
        self.world, self.name, self.browser, self.visitor = world, name, browser, browser.visitor
        self.machine = Machine(name)
        self.prefix = f"forum/{world.code}/{self.visitor.surface}/"
        self.cid = cid
        # Of the protocol: the first two were open before the server was renewed. Desks of those load anew at a loss.
        self.version = 3 if self.visitor.surface == "desk" else world.rng.choice((1, 2, 3, 3, 3, 3))
        if self.version == ENDLESS and world.versions.random() < WINDOWED:
            self.version += 1
        self.over = 0  # terminal close code
        self._held: set[int] = set()  # ops for which the server had no room; they are asked again
        self.copied = False  # on another device too: it may find that out at any time
        self.loaded = False
        self.fresh = False
        self.welcomes = 0
        self.mirror: Mirror
        self.outbox: Outbox
        self.link: Link
        self._around = Surroundings(self.now, world.rng.random, self.later, browser.shelf)
        browser.tabs.append(self)
        self.machine.call(self._load)

    def now(self) -> float:
        return self.world.loop.time() * 1000 + 1e12

    def later(self, ms: float, what: Callable[[], None]) -> None:
        self.machine.call(what, after=max(ms, 0.001) / 1000)

    # --- what a person does

    def press(self, command: Command) -> None:
        """Ask for something; the op is on the shelf from now on."""
        if not self.loaded or self.over:
            return
        asked = self.world.oracle.asked(self, command)
        at = self.mirror.at
        rest = {"seen": at["s"], "g": at["g"], "c": at["c"], "text": asked}
        if self.outbox.add(type(command).__name__, msgspec.to_builtins(command), rest) is None:
            self.world.oracle.never(asked)

    def reload(self, *, bare: bool = False) -> "Tab":
        """The page goes and comes again; ``bare``: its storage was wiped."""
        self.leave()
        if bare:
            self.world.oracle.wiped(self.visitor.person)  # all tabs of a browser have one storage
            self.browser.shelf.clear()
            self.browser.beats.clear()
        cid = "" if bare else self.outbox.cid if self.loaded else self.cid
        tab = Tab(self.world, self.name, self.browser, cid)
        tab.copied = self.copied
        return tab

    def leave(self) -> None:
        self.machine.die()
        self.browser.tabs.remove(self)
        if self.loaded:
            self.browser.rest(self)
            if self.link.socket:
                self.link.socket.connection.leave()

    @property
    def cut(self) -> bool:
        """Whether it holds of a long list the end."""
        return self.version > ENDLESS

    @property
    def tells(self) -> bool:
        """Whether what it sends says in which history it stood."""
        return self.version > UNPROVEN

    @property
    def held(self) -> bool:
        """There is no room for what comes first."""
        return self.loaded and bool(self.outbox.ops) and self.outbox.ops[0]["n"] in self._held

    @property
    def settled(self) -> bool:
        """Everything asked was answered."""
        return self.loaded and not self.outbox.ops

    # --- the page's load

    def _load(self) -> None:
        server = self.world.some_server()
        if server:
            lag = self.world.weather.lag
            self.world.outside(lag(), lambda: self._get(server))
        self.later(LOAD_AGAIN_MS, self._load_again)

    def _get(self, server: "Server") -> None:
        if server.up:
            machine = self.machine
            server.page(
                self.visitor,
                lambda page: machine.call(self._came, page, after=self.world.weather.lag()),
                cut=self.cut,
            )

    def _load_again(self) -> None:
        if not self.loaded and not self.over:
            self._load()

    def _came(self, page: dict[str, Any] | None) -> None:
        if self.loaded or self.over:
            return
        if page is None:
            self._ended(4401)
            return
        head = page["at"]
        self.mirror = Mirror(
            {"g": head.gen, "s": head.seq, "c": head.chain}, self.later, self._need, self._again
        )
        self.mirror.replace(page["page"], page["begins"])
        self.world.onlooker.given(self)
        self.mirror.mine = {key: (place, order, html) for key, place, order, html in page["mine"]}
        held, kept = self.cid, self.browser.shelf.get(self.prefix + self.cid)
        if not (held and kept) or self.browser.lives(held, self.now()):
            self.cid = self.world.new_cid()
        self.outbox = Outbox(
            self._around,
            self.prefix,
            self.cid,
            self.visitor.person,
            self._settled,
            self._fresh_cid,
            self._shared,
        )
        self.loaded = True
        self._beat()
        self.link = Link(self)

    def wake(self) -> None:
        """It is looked at again: what was to happen meanwhile happens now, first of all its heartbeat."""
        if self.machine.state == "stands":
            self.machine.go_on()
            if self.loaded:
                self.machine.call(self.browser.beat, self)

    def _beat(self) -> None:
        self.browser.beat(self)
        self.later(BEAT_MS, self._beat)

    def taken(self, cid: str) -> None:
        """Another page shows itself under our number."""
        if cid == self.outbox.cid:
            self._fresh_cid()

    # --- live.js

    def hello(self) -> Frame:
        return {
            "t": "hello",
            "v": self.version,
            "cid": self.outbox.cid,
            "resume": dict(self.mirror.at),
            "n": self.outbox.n,
        }

    def frame(self, frame: Frame) -> None:
        if frame["t"] in ("ack", "nack"):
            self._verdict(frame)
            return
        if frame["t"] == "welcome":
            self._welcome(frame)
        else:
            before = self.mirror.at["s"]
            if frame["t"] == "chg" and frame["g"] == self.mirror.at["g"] and frame["from"] > before:
                self.world.onlooker.ahead(self, frame)
            self.mirror.receive(frame if self.cut else {**frame, "begins": {}})
            if frame["t"] == "full" and frame["part"] == frame["parts"]:
                self.world.onlooker.given(self)
            if frame["t"] in ("chg", "full") and self.mirror.at["s"] != before:
                self.world.onlooker.reached(self, frame)
        self.outbox.top = self.mirror.at["s"]
        if frame["t"] == "hb":
            self.link.send({"t": "hb", "s": self.mirror.at["s"]})

    def _welcome(self, frame: Frame) -> None:
        self.welcomes += 1
        self.world.note(
            self.name, f"welcomed in life {frame['g']} at {frame['top']}, {frame['mode']}, {frame['last_n']}"
        )
        self.mirror.receive(frame)
        cid = self.outbox.cid
        self.outbox.known(frame["last_n"], frame["g"])
        if cid == self.outbox.cid:
            self.outbox.through((WIDTH, self._send))

    def _send(self, op: Op) -> None:
        self.world.oracle.sent(self, op)
        told = {name: op[name] for name in ("again", "proof", "g", "c") if op.get(name)}
        if not self.tells:
            told = {name: True for name in told if name == "again"}
        self.link.send({"t": "op", "n": op["n"], "k": op["k"], "b": op["b"], "seen": op["seen"], **told})

    def _verdict(self, frame: Frame) -> None:
        (self._held.add if frame.get("code") == "full" else self._held.discard)(frame["n"])
        elsewhere = frame.get("g") is not None and frame["g"] != self.mirror.at["g"]
        if elsewhere and not frame.get("retry"):
            self._again()
        else:
            self.outbox.verdict(frame)

    def _settled(self, op: Op, verdict: Frame) -> None:
        self.world.oracle.settled(self, op, verdict)

    def down(self) -> None:
        self.outbox.through(None)

    def _again(self) -> None:
        self.link.renew()

    def _need(self, since: int) -> None:
        self.link.send({"t": "need", "s": since})

    def _fresh_cid(self) -> None:
        self.down()
        shared = self._shared()
        self.world.oracle.forgot(self)
        self.outbox.renumber(self.world.new_cid(), shared)
        self.link.anew()

    def _shared(self) -> bool:
        return self.browser.lives(self.outbox.cid, self.now(), but=self)

    def replaced(self) -> None:
        self._fresh_cid()

    def _ended(self, code: int) -> None:
        """The page says why; a reload shows the join page."""
        self.over = code
        self.world.oracle.turned_away(self, code)

    def ended(self, code: int) -> None:
        self.outbox.through(None)
        self._ended(code)
