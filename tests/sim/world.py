"""A universe: one forum on a simulated store, some server processes, some browsers, a facilitator, a crowd, and chaos.

Three parts, judged apart: in the *storm* what is told must be true (safety); then every fault ends, and within thirty
seconds everything asked is answered and every page shows the same (convergence); then, in the *quiet tail*, nobody may
have to reconnect, and every page must follow every fact in time, with bells and without (freshness).
"""

import asyncio
import hashlib
import random
from collections import Counter, deque
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import msgspec

from forum.domain import methods, records
from forum.domain.arrivals import FEW, RemovePeople
from forum.domain.flow import CloseStep, OpenStep, RevealStep
from forum.domain.kernel import Asked, Command, Millis, PersonId, TabId
from forum.domain.kin import holder
from forum.domain.led import DoAgain, LeaveLed
from forum.domain.links import MakeLink, RevokeKey
from forum.domain.people import Join, RemovePerson
from forum.domain.roles import Role
from forum.domain.sessions.reading import last_held, rests
from forum.domain.sessions.words import BeginSession, ReopenSession
from forum.domain.state import State
from forum.domain.steps.ballot import GiveMark
from forum.domain.voices import HandVoice, ReclaimVoice
from forum.live import Pace
from forum.opening import Key, digest
from forum.web.identity import cookie_name
from tests import doings, histories
from tests.methods.known import KNOWN
from tests.scenes import FACILITATOR, SCREEN, START
from tests.sim.account import account
from tests.sim.chaos import Chaos
from tests.sim.loop import Machine, SimLoop
from tests.sim.network import BACKLOG_MOST, Connection, Ear
from tests.sim.onlooker import Onlooker
from tests.sim.oracle import Oracle, Problem
from tests.sim.plan import RESIDENTS, Crowd, Plan, beginning
from tests.sim.quiet import converge, tail
from tests.sim.server import Server
from tests.sim.store import OUTSIDE, StoreServer
from tests.sim.surroundings import surroundings
from tests.sim.tab import Browser, Tab, Visitor
from tests.sim.toys import toys
from tests.sim.valkey import Valkey
from tests.sim.voices import Handing
from tests.sim.weather import Weather

CODE: Final = "ABC234"
STRANGERS: Final = FEW + 2
TRACE_LINES: Final = 4000
DAY_MS: Final = 24 * 3600 * 1000


class Ended(NamedTuple):
    """What came of a universe."""

    seed: str
    problems: list[Problem]
    hash: str  # of the journal and of every verdict
    fired: Counter[str]
    facts: int
    seconds: float  # of virtual time
    trace: list[str]


def live(plan: Plan) -> Ended:
    """Let a universe happen."""
    rng = random.Random(f"universe {plan.seed}")
    loop = SimLoop(rng, plan.shuffle)
    with toys(), surroundings(rng, plan) as loud:
        world = World(loop, rng, plan, loud)
        try:
            loop.run_until_complete(world.happen())
        except Exception as error:  # noqa: BLE001  whatever breaks the loop is what we look for
            world.oracle.fail("loop", f"{type(error).__name__}: {error}")
        ended = world.ended()
        loop.end()
    return ended


DEAF: Final = Pace(listen_seconds=1e9)  # who is present is no fact, and no part of what is judged here


class World:
    """Everything there is."""

    def __init__(self, loop: SimLoop, rng: random.Random, plan: Plan, loud: list[str]) -> None:
        self.loop, self.rng, self.plan, self.code, self.pace = loop, rng, plan, CODE, DEAF
        self._loud = loud
        self.machine = OUTSIDE
        self.trace: deque[str] = deque(maxlen=TRACE_LINES)
        self.failed = asyncio.Event()
        self.versions = random.Random(f"window {plan.seed}")  # of the protocol, beside the rest of chance
        self.weather = Weather(rng, plan.kinds)
        self.valkey = Valkey()
        self.store = StoreServer(self.valkey, self.weather)
        self.oracle = Oracle(self)
        self.onlooker = Onlooker(self, self.oracle)
        self.valkey.appended = self.oracle.appended
        self.servers = [Server(self, f"server{n}") for n in range(plan.servers)]
        self.tabs: list[Tab] = []
        self.connections: list[tuple[Tab, Connection]] = []
        self.residents, self.handing = frozenset(RESIDENTS), Handing(self)
        self.born = 0
        self.first = 0  # facts before the doors opened: no rollback goes behind them
        self._asked = 0
        self._verdicts = hashlib.sha256()

    # --- what parts of it need

    def note(self, who: str, what: str) -> None:
        self.trace.append(f"{self.loop.time():9.3f} {who}: {what}")
        self._verdicts.update(self.trace[-1].encode())

    def salt(self) -> str:
        return f"{self.rng.getrandbits(64):016x}"

    def new_cid(self) -> str:
        return f"{self.rng.getrandbits(128):032x}"

    def wall_ms(self) -> int:
        return START + DAY_MS + round(self.loop.time() * 1000)

    def outside(self, after: float, what: Callable[[], object]) -> None:
        OUTSIDE.call(what, after=after)

    def names(self) -> dict[str, str]:
        """The names beside the journal, as they are."""
        kept = self.valkey.hashes.get(f"{{{CODE}}}:p".encode(), {})
        return {person.decode(): name.decode() for person, name in kept.items()}

    def some_server(self) -> Server | None:
        up = [server for server in self.servers if server.service]
        return self.rng.choice(up) if up else None

    def connect(self, tab: Tab, ear: Ear) -> Connection:
        """A browser opens a WebSocket; which process takes it is chance."""
        server = self.some_server()
        connection = Connection(self.weather, tab.machine, ear, server.machine if server else OUTSIDE)
        self.connections = [(t, c) for t, c in self.connections if not c.over]
        self.connections.append((tab, connection))
        if server and server.service:
            connection.begin()
            self.outside(self.weather.lag(), lambda: self._reach(server, server.machine, connection, tab))
        else:
            self.outside(self.weather.lag(), connection.cut)
        return connection

    def _reach(self, server: Server, machine: Machine, connection: Connection, tab: Tab) -> None:
        if server.service and server.machine is machine:
            server.serve(connection, tab.visitor)
        else:
            connection.cut()

    # --- what happens

    async def happen(self) -> None:
        await asyncio.get_running_loop().create_task(self._all(), context=OUTSIDE.context)

    async def _all(self) -> None:
        self._open()
        for server in self.servers:
            server.start()
        await asyncio.sleep(0.2)
        self._come()
        parts = [
            self._crowd(),
            self._lead(),
            Chaos(self).rage(),
            *([self.handing.go_on()] if self.plan.handing else []),
        ]
        storm = [asyncio.create_task(part) for part in parts]
        await self.wait(self.plan.seconds)
        for part in storm:
            part.cancel()
        if not self.failed.is_set():
            await converge(self)
        if not self.failed.is_set():
            await tail(self)
        if not self.failed.is_set():
            self._close()

    async def wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.failed.wait()
        except TimeoutError:
            return

    def _open(self) -> None:
        scene = beginning(self.plan)
        facts = [
            word for _, op, record in scene.journal for word in (op or "opening:1", records.encode(record))
        ]
        head, journal = f"{{{CODE}}}:m", f"{{{CODE}}}:j"
        for person in self.residents:
            self.valkey.execute(("HSET", f"{{{CODE}}}:p", person, f"Prénom {person}"))
        self.first = len(scene.journal)
        self.valkey.execute(("FCALL", "forum_create", 2, head, journal, f"{{{CODE}}}:bell", 0, *facts))

    def _come(self) -> None:
        people = histories.PEOPLE[: self.plan.people]
        for person in (*people, *people[:1] * self.plan.twins):
            self.arrive(person, Role.PARTICIPANT)
        for _ in range(self.plan.desks):
            self.arrive(FACILITATOR, Role.FACILITATOR)
        if self.plan.screen:
            self.arrive(SCREEN, Role.SCREEN)

    def arrive(self, person: str, role: Role) -> None:
        """Somebody opens their page."""
        surface: Any = {Role.FACILITATOR: "desk", Role.SCREEN: "screen"}.get(role, "phone")
        secret = self.new_cid()
        far = START + 60 * DAY_MS
        key = Key("cookie", role, START, far, "", person)
        self.valkey.execute(("HSET", f"{{{CODE}}}:k", digest(secret), msgspec.json.encode(key)))
        visitor = Visitor(
            PersonId(person), role, surface, f"{cookie_name(CODE, surface, https=False)}={secret}"
        )
        self.born += 1
        self.tabs.append(Tab(self, f"{person}.{self.born}", Browser(visitor)))

    # --- the storm

    async def _crowd(self) -> None:
        while True:
            await asyncio.sleep(self.rng.expovariate(1 / self.plan.pause))
            if self.plan.together and self.rng.random() < 0.3:
                self._vote_together()
            else:
                self.ask_something()

    def ask_something(self) -> None:
        """Somebody asks one thing, plausible or not."""
        self._asked += 1
        crowd = Crowd(self.oracle.state, range(10_000 + self._asked))
        command, by = histories.a_command(self.rng, crowd)  # type: ignore[arg-type]
        if isinstance(command, Join):
            self._enter(by, command)
            return
        if isinstance(command, MakeLink):
            self._make_link(by, command)
            return
        if self.plan.handing:
            if isinstance(command, HandVoice | ReclaimVoice):
                self.entering = asyncio.create_task(self.handing.by_server(command, by))
                return
            by = holder(self.oracle.state, PersonId(by))
        if type(command).__name__ in self.plan.off:
            return
        tabs = [tab for tab in self.tabs if tab.visitor.person == by]
        if tabs:
            tab = self.rng.choice(tabs)
            if isinstance(command, RemovePeople):
                self._remove(tab, command)
                return
            for _ in range(2 if self.weather_now("double_tap", 0.2) else 1):
                tab.machine.call(tab.press, command)

    def weather_now(self, kind: str, share: float) -> bool:
        """A fault of which asking decides."""
        if kind not in self.plan.kinds or self.weather.healed or self.rng.random() >= share:
            return False
        self.weather.fired[kind] += 1
        return True

    def _vote_together(self) -> None:
        """All phones of a person give points in the same instant."""
        step = self.oracle.state.now
        round_ = self.oracle.state.rounds.latest(step.id) if step else None
        if not step or not round_:
            return
        person = self.rng.choice(histories.PEOPLE[: self.plan.people])
        for tab in self.tabs:
            if tab.visitor.person == person:
                keys = sorted(methods.of(round_.method).keys(round_))
                mark = KNOWN[round_.method].draw(self.rng, round_.parameters)
                command = GiveMark(step.id, self.rng.choice(keys), mark)
                tab.machine.call(tab.press, command)

    def _enter(self, person: str, join: Join) -> None:
        """Somebody comes late, under the code or by a link."""
        server = self.some_server()
        if not server or not server.up or len(self.tabs) > 10:
            return
        asked = Asked(PersonId(person), Millis(self.wall_ms()), TabId(f"join-{person}"), 1)
        server.submit(join, asked, f"Prénom {person}")
        self.arrive(person, join.role)

    def _make_link(self, person: str, command: MakeLink) -> None:
        """Who leads makes a link; its secret is of no matter here."""
        server = self.some_server()
        if server and server.up:
            asked = Asked(PersonId(person), Millis(self.wall_ms()), TabId(f"link-{command.key}"), 1)
            server.submit(command, asked)

    async def _co_facilitator(self, desk: Tab) -> None:
        """Somebody leads too, by a link of the desk's, makes a link, and is taken back with it or without."""
        self._asked += 1
        key, guest = f"key{self._asked}", f"lead{self._asked}"
        self._make_link(FACILITATOR, MakeLink(key, Role.FACILITATOR))
        await asyncio.sleep(0.5)
        self._enter(guest, Join(Role.FACILITATOR, key))
        await asyncio.sleep(0.5)
        self._make_link(guest, MakeLink(f"{key}x", Role.SCREEN))
        await asyncio.sleep(0.5)
        desk.machine.call(desk.press, RevokeKey(key, with_made=self.rng.random() < 0.7))

    def _strangers(self) -> None:
        """A dozen who open no page come in under the code."""
        server = self.some_server()
        for n in range(STRANGERS) if server and server.up else ():
            person = f"newcomer{self._asked}x{n}"
            asked = Asked(PersonId(person), Millis(self.wall_ms()), TabId(f"join-{person}"), 1)
            server.submit(Join(Role.PARTICIPANT), asked)

    def _remove(self, desk: Tab, command: RemovePeople) -> None:
        """The desk presses on the server's own page of arrivals, which asks for it."""
        server = self.some_server()
        if server and server.up:
            tab = TabId(f"arrivals-{self._asked}x{self.oracle.seq}")
            server.submit(command, Asked(desk.visitor.person, Millis(self.wall_ms()), tab, 1))

    async def _lead(self) -> None:
        """The facilitator goes through the agenda, and back to its beginning."""
        while True:
            await asyncio.sleep(self.rng.uniform(2, 9))
            desks = [tab for tab in self.tabs if tab.visitor.person == FACILITATOR]
            if not desks:
                continue
            desk, state = (
                desks[self.rng.randrange(len(desks))] if len(desks) > 1 else desks[0],
                self.oracle.state,
            )
            if (
                state.gone.led and self.rng.random() < 0.7
            ):  # reads what had been done, and presses for it, or not
                led = state.gone.led[0].seq
                again = self.rng.random() < 0.8
                desk.machine.call(desk.press, DoAgain(led) if again else LeaveLed(led))
                continue
            late = [t.visitor.person for t in self.tabs if t.visitor.person not in self.residents]
            if late and self.rng.random() < 0.3:
                desk.machine.call(desk.press, RemovePerson(self.rng.choice(late)))
            strange = tuple(p for p in sorted(state.people.by_id) if p.startswith("new"))
            if len(strange) < STRANGERS and self.rng.random() < (0.5 if late else 0.1):
                self._strangers()
            elif len(strange) >= STRANGERS and self.rng.random() < 0.8:
                self._remove(desk, RemovePeople(strange, given=self.rng.random() < 0.3))
            if self.rng.random() < 0.2:
                await self._co_facilitator(desk)
            if self.plan.sessions:
                self._hold(desk, state)
            steps, now = [step.id for step in state.steps if step.session == state.sessions.live], state.now
            script: list[Command] = []
            if now and now.kind in ("board", "ballot"):
                script = [CloseStep(now.id), RevealStep(now.id), RevealStep(now.id, knowing=True)]
                script = script[
                    : 2 + (self.oracle.seq % 3 > 0)
                ]  # now and then it does not see why it was refused
            at = steps.index(now.id) + 1 if now and now.id in steps else 0
            for command in (*script, *([OpenStep(steps[at % len(steps)])] if steps else ())):
                desk.machine.call(desk.press, command)
                await asyncio.sleep(self.rng.choice([0.0, 0.3]))

    def _hold(self, desk: Tab, state: State) -> None:
        """Sessions end, rest and go on; mostly a forum goes on soon. By a chance of its own."""
        rng, over = random.Random(f"held {self.plan.seed} {self.oracle.seq}"), last_held(state)
        if over and rests(state) and rng.random() < 0.5:
            desk.machine.call(desk.press, ReopenSession(over.id))
        elif rng.random() < 0.6:
            soon = BeginSession(state.sessions.all[-1].id)  # also while another goes on: it has to be refused
            other = doings.a_session(rng, Crowd(state, range(self.oracle.seq)))
            desk.machine.call(desk.press, rng.choice([soon, other]))

    # --- afterwards

    def _close(self) -> None:
        account(self.oracle, self.tabs)
        for tab, connection in self.connections:
            if connection.most > BACKLOG_MOST:
                self.oracle.fail("I12", f"{connection.most} bytes waited for {tab.name}")

    def ended(self) -> Ended:
        for broken in self.loop.broken:
            self.oracle.fail("error", f"{type(broken).__name__}: {broken}")
        for loud in self._loud:
            self.oracle.fail("error", loud)
        self._verdicts.update(self.oracle.folds[-1].chain.encode())
        self.weather.fired["conflict"] = self.valkey.conflicts
        return Ended(
            self.plan.seed, self.oracle.problems, self._verdicts.hexdigest()[:16], self.weather.fired,
            self.oracle.seq, self.loop.time(), list(self.trace),
        )  # fmt: skip
