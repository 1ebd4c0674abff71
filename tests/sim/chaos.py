"""Sudden faults, one after another, of the kinds that a universe allows."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tests.sim.network import Connection
from tests.sim.server import Server
from tests.sim.tab import Browser, Tab

if TYPE_CHECKING:
    from tests.sim.world import World

JUMPS_MS: Final = (-24 * 3600 * 1000, -3_600_000, -5000, 5000, 3_600_000, 24 * 3600 * 1000)
MOST_LOST: Final = 6  # facts
DEEPLY_LOST: Final = 60


class Chaos:
    """What hits a universe."""

    def __init__(self, world: "World") -> None:
        self._world, self._rng = world, world.rng

    async def rage(self) -> None:
        """Until cancelled."""
        faults = {kind: fault for kind, fault in self._faults().items() if kind in self._world.plan.kinds}
        while faults:
            await asyncio.sleep(self._rng.expovariate(1 / self._world.plan.chaos))
            kind = self._rng.choice(list(faults))
            if faults[kind]():
                self._world.weather.fired[kind] += 1

    def _faults(self) -> dict[str, Callable[[], bool]]:
        return {
            "outage": self._outage, "rollback": self._rollback, "refusal": self._refusal,
            "deaf_bells": self._deaf_bells, "bells_cut": self._bells_cut, "crash": self._crash,
            "pause": self._pause, "drain": self._drain, "clock_jump": self._clock_jump, "cut": self._cut,
            "half_open": self._half_open, "slow_reader": self._slow_reader, "stuck_reader": self._stuck_reader,
            "sleep": self._sleep, "reload": self._reload, "bare_reload": self._bare_reload, "twin_tab": self._twin_tab,
            "copied": self._copied, "deep_rollback": self._deep_rollback,
            "unheard": self._unheard,
        }  # fmt: skip

    def _note(self, what: str) -> bool:
        self._world.note("chaos", what)
        return True

    def _later(self, least: float, most: float, what: Callable[[], object]) -> None:
        self._world.outside(self._rng.uniform(least, most), what)

    # --- the store

    def _outage(self) -> bool:
        weather = self._world.weather
        if weather.down:
            return False
        weather.down = True
        self._world.store.restart()
        self._later(0.2, 5.0, lambda: setattr(weather, "down", False))
        return self._note("the store dies and comes back with its data")

    def _rollback(self) -> bool:
        world = self._world
        count = world.oracle.losable(self._rng.randint(1, MOST_LOST))
        if count < 1:
            return False
        world.store.restart(lost={f"{{{world.code}}}:j".encode(): count})
        world.oracle.lost(count)
        return self._note(f"the store comes back without its last {count} facts")

    def _deep_rollback(self) -> bool:
        """An older copy is put back, across steps; half of those who are there sleep through it, desks first."""
        world = self._world
        count = world.oracle.losable(self._rng.randint(4, DEEPLY_LOST))
        if count < 1:
            return False
        awake = [tab for tab in world.tabs if tab.loaded and not tab.over and tab.machine.state == "runs"]
        awake.sort(key=lambda tab: tab.visitor.surface != "desk")
        for tab in awake[: len(awake) // 2]:
            tab.machine.pause()
            self._later(2.0, 25.0, tab.wake)
        world.store.restart(lost={f"{{{world.code}}}:j".encode(): count})
        world.oracle.lost(count)
        return self._note(f"the store is put back to a copy without its last {count} facts, while some sleep")

    def _refusal(self) -> bool:
        weather = self._world.weather
        words = weather.refuse()
        self._later(0.2, 5.0, lambda: setattr(weather, "refusing", ""))
        return self._note(f"the store takes no writes: {words}")

    def _deaf_bells(self) -> bool:
        lines = self._world.store.lines
        if not lines:
            return False
        line = self._rng.choice(lines)
        line.deaf = True
        return self._note("a subscription leads nowhere")

    def _bells_cut(self) -> bool:
        lines = self._world.store.lines
        if not lines:
            return False
        self._rng.choice(lines).cut()
        return self._note("a subscription is cut")

    # --- server processes

    def _a_server(self) -> Server | None:
        up = [server for server in self._world.servers if server.up]
        return self._rng.choice(up) if up else None

    def _crash(self) -> bool:
        server = self._a_server()
        if server:
            server.crash()
            self._note(f"{server.name} is killed")
        return server is not None

    def _pause(self) -> bool:
        server = self._a_server()
        if server:
            server.machine.pause()
            self._later(0.1, 8.0, server.machine.go_on)
            self._note(f"{server.name} stands still")
        return server is not None

    def _drain(self) -> bool:
        server = self._a_server()
        if server:
            server.machine.call(server.drain)
            self._note(f"{server.name} is deployed anew")
        return server is not None

    def _clock_jump(self) -> bool:
        server = self._a_server()
        if server:
            server.wall += self._rng.choice(JUMPS_MS)
            self._note(f"the clock of {server.name} jumps")
        return server is not None

    # --- the network of a phone

    def _a_connection(self) -> tuple[Tab, Connection] | None:
        alive = [(tab, c) for tab, c in self._world.connections if not c.over and not c.hollow]
        return self._rng.choice(alive) if alive else None

    def _cut(self) -> bool:
        found = self._a_connection()
        if found:
            found[1].cut()
            self._note(f"the connection of {found[0].name} is cut")
        return found is not None

    def _half_open(self) -> bool:
        found = self._a_connection()
        if found:
            found[1].hollow_out()
            self._note(f"the connection of {found[0].name} is half open")
        return found is not None

    def _slow_reader(self) -> bool:
        found = self._a_connection()
        if found:
            found[1].rate = self._rng.choice([500.0, 3000.0, 20_000.0])
            self._later(1.0, 20.0, found[1].flow)
            self._note(f"{found[0].name} reads slowly")
        return found is not None

    def _stuck_reader(self) -> bool:
        found = self._a_connection()
        if found:
            found[1].stuck = True
            self._later(1.0, 15.0, found[1].flow)
            self._note(f"{found[0].name} reads nothing")
        return found is not None

    def _unheard(self) -> bool:
        """The next message gets no answer, those behind it do; it is seen some time later that the way is no good."""
        found = self._a_connection()
        if found:
            found[1].swallows += 1
            found[1].doomed = True
            self._later(2.0, 8.0, found[1].cut)
            self._note(f"a message of {found[0].name} will be swallowed")
        return found is not None

    # --- phones

    def _a_tab(self) -> Tab | None:
        awake = [
            tab for tab in self._world.tabs if tab.loaded and not tab.over and tab.machine.state == "runs"
        ]
        return self._rng.choice(awake) if awake else None

    def _sleep(self) -> bool:
        tab = self._a_tab()
        if tab:
            tab.machine.pause()
            self._later(2.0, 20.0, tab.wake)
            if tab.link.socket and self._rng.random() < 0.5:
                tab.link.socket.connection.hollow_out()
            self._note(f"{tab.name} falls asleep")
        return tab is not None

    def _reload(self) -> bool:
        tab = self._a_tab()
        if tab:
            self._note(f"{tab.name} is reloaded")
            self._world.tabs[self._world.tabs.index(tab)] = tab.reload()
        return tab is not None

    def _bare_reload(self) -> bool:
        tab = self._a_tab()
        if tab:
            self._note(f"{tab.name} is reloaded, its storage wiped")
            self._world.tabs[self._world.tabs.index(tab)] = tab.reload(bare=True)
        return tab is not None

    def _twin_tab(self) -> bool:
        tab = self._a_tab()
        if tab is None or len(self._world.tabs) > 10:
            return False
        self._world.born += 1
        if self._rng.random() < 0.5:  # both start at once: neither has seen the other's heartbeat
            tab.browser.beats.pop(tab.outbox.cid, None)
        twin = Tab(self._world, f"{tab.visitor.person}.{self._world.born}", tab.browser, tab.outbox.cid)
        twin.copied = tab.copied  # its number may be on another device too
        self._world.tabs.append(twin)
        return self._note(f"{tab.name} is duplicated as {twin.name}")

    def _copied(self) -> bool:
        """A browser's storage is on two devices now: neither sees the other live."""
        tab = self._a_tab()
        if tab is None or tab.visitor.surface == "screen" or len(self._world.tabs) > 10:
            return False
        self._world.born += 1
        browser = Browser(tab.visitor, dict(tab.browser.shelf))
        copy = Tab(self._world, f"{tab.visitor.person}.{self._world.born}", browser, tab.outbox.cid)
        self._world.tabs.append(copy)
        tab.copied = copy.copied = True
        return self._note(f"the browser of {tab.name} is copied, and goes on as {copy.name}")
