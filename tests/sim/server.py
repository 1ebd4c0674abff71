"""A server process of a universe: the real journal, hub, rooms, pages and socket endpoint, on one machine."""

import asyncio
from collections.abc import Callable
from dataclasses import MISSING, fields
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from starlette.websockets import WebSocket

from forum.fragments.pages import Pages
from forum.fragments.surface import Audience, Site
from forum.journal import Journal, NoForum, Unavailable
from forum.journal.bells import ringing
from forum.journal.calls import Pace as StorePace
from forum.journal.contract import KEEP_BELL
from forum.journal.library import Library
from forum.keeping import Keeper, Ledger
from forum.keeping.ledger import Line
from forum.live import Hub
from forum.web import socket as endpoint
from forum.web.limits import Limits
from forum.web.service import Service
from tests.sim.loop import Machine
from tests.sim.network import Connection
from tests.sim.store import SimServers
from tests.sim.toys import toys

if TYPE_CHECKING:
    from tests.sim.tab import Visitor
    from tests.sim.world import World

PATIENCE: Final = StorePace()
SECRET: Final = b"one secret for every process ..."
AGAIN_SECONDS: Final = 0.5  # a supervisor's pause before it starts a process again
with toys():  # where templates lie is read once
    PAGES: Final = Pages(
        static=lambda path: f"/static/{path}"
    )  # one for all universes: templates are slow to load


class OneSeed:
    """Of every forum the server's own, as of those that were opened before they had theirs: no call to the store tells it."""

    async def of(self, code: str) -> bytes:
        return SECRET


class NoDisk(Ledger):
    """A ledger on a machine without a disk: what it would hold is no part of a universe."""

    def note(self, *lines: Line) -> None:
        """Forget them."""


class Server:
    """One process, started again by its supervisor whenever it ended."""

    def __init__(self, world: "World", name: str) -> None:
        self.world, self.name = world, name
        self.machine = Machine(name)
        self.service: Service | None = None
        self.wall = 0  # ms by which its clock is wrong
        self._connections: dict[Connection, asyncio.Task[Any]] = {}
        self._leaving = asyncio.Event()
        self._lives = 0

    @property
    def up(self) -> bool:
        return self.service is not None and self.machine.state == "runs"

    def start(self) -> None:
        self._lives += 1
        self.machine = Machine(f"{self.name}.{self._lives}")
        self._leaving = asyncio.Event()
        self.machine.start(self._live()).add_done_callback(self._over)

    def crash(self) -> None:
        """kill -9: nothing of it runs again; the kernel closes its sockets."""
        self.machine.die()
        self._ended()

    def drain(self) -> None:
        """SIGTERM: everybody is sent away, then it ends."""
        self._leaving.set()

    def serve(self, connection: Connection, visitor: "Visitor") -> None:
        """Take a WebSocket; its machine is this one."""
        scope = {
            "type": "websocket",
            "path": "/live",
            "query_string": b"lang=fr",
            "headers": [(b"cookie", visitor.cookie.encode())],
            "path_params": {"code": self.world.code},
            "app": SimpleNamespace(state=SimpleNamespace(service=self.service)),
            "extensions": {"forum.wire": connection},
            "forum.https": False,
            "forum.address": "192.0.2.1",
        }
        socket = WebSocket(scope, connection.receive, connection.send)
        talk = self._connections[connection] = self.machine.start(self._converse(socket, connection, visitor))
        talk.add_done_callback(self._over)

    def page(self, visitor: "Visitor", answer: Callable[[dict[str, Any] | None], None], *, cut: bool) -> None:
        """GET the page: where it stands and what it shows; None for the join page. May never be answered.

        cut  it comes from a server of today, with the end of long lists; else it was there before
        """
        self.machine.start(self._page(visitor, answer, cut=cut)).add_done_callback(self._over)

    def submit(self, what: Any, asked: Any, name: str = "", named: str = "") -> None:
        """Ask something that no socket asks: entering. ``named``: whose the name is, where it is not the asker's."""
        self.machine.start(self._submit(what, asked, name, named or asked.by)).add_done_callback(self._over)

    async def _live(self) -> None:
        world = self.world
        servers = SimServers(world.store, PATIENCE)
        tending = asyncio.create_task(servers.tend())
        try:
            async with ringing(servers, PATIENCE) as bells:
                async with bells.hearing(
                    KEEP_BELL
                ):  # as every process proves that it hears, before it serves
                    journal = Journal(servers, Library(servers, PATIENCE), bells, None)
                async with Hub(
                    journal,
                    PAGES,
                    clock=self._clock,
                    new_salt=world.salt,
                    pace=world.pace,
                    most=world.plan.most,
                ) as hub:
                    self.service = self._wired(journal, hub)
                    keeping = asyncio.create_task(self.service.keeper.run())
                    await self._leaving.wait()
                    await hub.close()
                    keeping.cancel()
                    for task in self._connections.values():
                        task.cancel()
        except Unavailable:
            tending.cancel()
            world.note(self.name, "cannot start: no store")
        self._ended()

    def _over(self, living: asyncio.Task[None]) -> None:
        error = None if living.cancelled() else living.exception()
        if error:
            self.world.loop.broken.append(error)

    def _ended(self) -> None:
        self.service = None
        for connection in list(self._connections):
            connection.cut()
        self._connections.clear()
        for line in list(self.world.store.lines):
            if line.owner is self.machine:
                line._gone()
        asyncio.get_running_loop().call_later(AGAIN_SECONDS, self.start, context=self.world.machine.context)

    def _wired(self, journal: Journal, hub: Hub) -> Service:
        needed = {
            part.name: None for part in fields(Service) if part.default_factory is MISSING is part.default
        }
        known = {
            "journal": journal, "hub": hub, "pages": PAGES, "limits": Limits(lambda: self._clock() / 1000),
            "clock": self._clock,
            "keeper": Keeper(journal, NoDisk(Path("nowhere")), self._clock, hub.erasing), "site": lambda _code: Site(), "draining": self._leaving.is_set,
            "seed": SECRET, "seeds": OneSeed(),
        }  # fmt: skip
        return Service(**needed | known)  # type: ignore[arg-type]  # a socket asks for nothing else

    def _clock(self) -> int:
        return self.world.wall_ms() + self.wall

    async def _converse(self, socket: WebSocket, connection: Connection, visitor: "Visitor") -> None:
        try:
            await endpoint.live(socket, surface=visitor.surface)
        finally:
            self._connections.pop(connection, None)

    async def _page(
        self, visitor: "Visitor", answer: Callable[[dict[str, Any] | None], None], *, cut: bool
    ) -> None:
        assert self.service is not None
        try:
            shown = await self.service.hub.shown(self.world.code)
        except (NoForum, Unavailable):
            return
        person = shown.view.state.people.by_id.get(visitor.person)
        if person is None or person.state != "in" or person.key in shown.view.state.links.revoked:
            answer(None)
            return
        audience = PAGES.grouped(shown.view, Audience(visitor.surface, "fr"), visitor.person)
        backdrop, mine = PAGES.backdrop(shown.view, audience), PAGES.you(shown.view, audience, visitor.person)
        puts, begins = (backdrop.near, backdrop.begins) if cut else (backdrop.bare, {})
        answer({"at": shown.head, "page": puts, "begins": begins, "mine": mine})

    async def _submit(self, what: Any, asked: Any, name: str, named: str) -> None:
        assert self.service is not None
        try:
            if name:
                await self.service.journal.set_name(self.world.code, named, name)
            await self.service.hub.submit(self.world.code, what, asked)
        except (NoForum, Unavailable):
            self.world.note(self.name, f"{asked.by} could not enter")
