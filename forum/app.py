"""The wiring: the long-lived things, the application, the server.

The only place that reads the environment's clock and chance for the others. ``serve`` ends well: it says it is no
longer ready, lets every socket know when to come back, finishes what is under way, and only then stops.
"""

import asyncio
import errno
import secrets
import signal
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from forum.demo.theatre import Theatre
from forum.domain import space
from forum.domain.kernel import N_
from forum.fragments.pages import Pages
from forum.health import Collector
from forum.journal import Durability, Journal, Unavailable, open_journal
from forum.keeping import Keeper, Ledger
from forum.live import Hub, Pace
from forum.log import configure_log
from forum.memory import give_back, look_for_waste_seldom
from forum.opening import Clock
from forum.places import static_dir
from forum.settings import BadSetting, Settings
from forum.web.addresses import Addresses
from forum.web.capacity import Capacity, OneByOne, most_sockets
from forum.web.doorway import Doorway
from forum.web.guard import Bodies, Guard
from forum.web.handlers import HANDLERS, LastResort
from forum.web.http import ForumHTTP
from forum.web.jobs import Jobs
from forum.web.leaving import watch
from forum.web.limits import Limits
from forum.web.making import Maker, made_apart
from forum.web.outlasting import Outlasting
from forum.web.permits import Permits
from forum.web.protocol import ForumProtocol
from forum.web.qr import site_of
from forum.web.routes import routes
from forum.web.seeds import Seeds
from forum.web.service import Service
from forum.web.static import Static
from forum.web.turns import Turns
from forum.web.wire import MAX_MESSAGE_BYTES

DRAIN_SECONDS: Final = 10
RESERVED_PORTS: Final = 1024  # below, a right is needed, as systems come
BACKLOG: Final = 4096  # connections the kernel holds for us: a hall that reconnects at once
SALT_BYTES: Final = 16
LOCAL_CALL_SECONDS: Final = 1.0
MANY_FILES: Final = 1_000_000  # where the system sets no limit


def create_app(
    settings: Settings, *, clock: Clock | None = None, pace: Pace | None = None, documents: Maker = made_apart
) -> Starlette:
    """The application; its journal and rooms live as long as its lifespan. ``clock``: ms since the epoch.

    While it lives, ``app.state.service`` is its ``Service``; ``await app.state.leave()`` sends everybody away.
    """
    addresses = Addresses(settings.port, settings.public_url, settings.hosts, listens_on=settings.host)
    wiring = Wiring(settings, addresses, Static(static_dir()), clock, pace, documents)
    return Starlette(
        routes=routes(wiring.static),
        lifespan=wiring.lifespan,
        middleware=[
            Middleware(OneByOne),
            Middleware(Guard, addresses=addresses, proxies=settings.proxies),
            Middleware(Capacity, most=most_sockets(_open_files())),
            Middleware(LastResort),
            Middleware(Outlasting),
            # Not as Starlette's own setting, which would answer before the guard, without its headers.
            Middleware(Bodies),
            # A page carries no secret that its packed size could betray: cookies never stand in one.
            Middleware(GZipMiddleware, minimum_size=1024, compresslevel=5),
        ],
        exception_handlers=HANDLERS,
    )


class Wiring:
    """What is there before a journal is open, and how that which lives with the application is made of it."""

    def __init__(
        self,
        settings: Settings,
        addresses: Addresses,
        static: Static,
        clock: Clock | None,
        pace: Pace | None,
        documents: Maker,
    ) -> None:
        self._settings, self._addresses, self._pace, self._documents = settings, addresses, pace, documents
        self._now, self._is_real = clock or _now, clock is None
        self.static, self._site = static, site_of(addresses)
        self._leaving = asyncio.Event()

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        """Open the journal and its rooms; look after both, and play demos, until the application ends."""
        pages = Pages(static=self.static.address, clock=self._now)
        async with (
            open_journal(self._settings.store) as journal,
            self._hub(journal, pages, self._settings.most_bytes or await _fitting(journal)) as hub,
            asyncio.TaskGroup() as stage,
        ):
            demo = Theatre(journal, f"http://127.0.0.1:{self._settings.port}", self._now, stage)
            keeper = Keeper(journal, Ledger(self._settings.data), self._now, hub.erasing)
            keeping = stage.create_task(keeper.run(), name="keeper")
            service = self._service(journal, hub, pages, demo, keeper, await journal.secret("web"))
            looking = stage.create_task(watch(service), name="accesses")

            async def leave() -> None:
                self._leaving.set()
                demo.stop()
                service.turns.end()
                await service.jobs.end()
                await hub.close()

            app.state.service, app.state.leave = service, leave
            try:
                yield
            finally:
                demo.stop()
                keeping.cancel()
                looking.cancel()

    def _hub(self, journal: Journal, pages: Pages, most: int) -> Hub:
        return Hub(
            journal,
            pages,
            clock=self._now,
            new_salt=_new_salt,
            site=self._site,
            give_back=give_back,
            most=most,
            pace=self._pace,
        )

    def _service(
        self, journal: Journal, hub: Hub, pages: Pages, demo: Theatre, keeper: Keeper, seed: bytes
    ) -> Service:
        def seconds() -> float:
            return self._now() / 1000

        return Service(
            journal=journal,
            hub=hub,
            pages=pages,
            addresses=self._addresses,
            limits=Limits(seconds),
            clock=self._now,
            seed=seed,
            seeds=Seeds(journal, seed),
            site=self._site,
            draining=self._leaving.is_set,
            demo=demo,
            keeper=keeper,
            jobs=Jobs(self._settings.data, self._documents),
            contact=self._settings.contact,
            keep_days=self._settings.keep_days,
            days=(self._settings.ballot_days, self._settings.words_days),
            keep_most_days=self._settings.keep_most_days,
            health=Collector(journal, hub),
            turns=Turns(lambda: hub.vitals.writing, time.monotonic if self._is_real else seconds),
            doorway=Doorway(seconds),
            permits=Permits(self._settings.opening, seed, self._now),
        )


class Server(uvicorn.Server):
    """Uvicorn's server; it lets everybody know when to come back before it closes their connections."""

    def __init__(self, config: uvicorn.Config, leave: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self._leave = leave

    async def run_on(self, ear: socket.socket) -> None:
        """Serve on a socket until ``should_exit``; signals are the caller's business."""
        await self._serve([ear])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._leave()
        await super().shutdown(sockets)


@asynccontextmanager
async def listening(
    settings: Settings,
    *,
    clock: Clock | None = None,
    ear: socket.socket | None = None,
    pace: Pace | None = None,
    documents: Maker = made_apart,
) -> AsyncIterator[tuple[Starlette, Server, Settings]]:
    """A server for as long as the block lasts, with the port it really has. Raises BadSetting, StoreProblem.

    ear  what to listen on, when somebody else opened it; closed at the end
    """
    configure_log()
    with ear or bound(settings) as ear:
        settings = msgspec.structs.replace(settings, port=ear.getsockname()[1])
        app = create_app(settings, clock=clock, pace=pace, documents=documents)
        # Entered here instead of by the server, so that its errors reach whoever started it.
        async with app.router.lifespan_context(app):
            server = Server(_config(settings, app), app.state.leave)
            task = asyncio.create_task(server.run_on(ear), name="server")
            try:
                yield app, server, settings
            finally:
                server.should_exit = True
                await task


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[None]:
    """A server for as long as the block lasts: the one that answers at the port already, else one of our own."""
    if await _answers(settings.port):
        yield
        return
    async with listening(settings):
        yield


def serve(settings: Settings, on_ready: Callable[[Durability], None] = lambda found: None) -> int:
    """Serve until told to stop; ``on_ready`` is told what the store promises. Raises BadSetting, StoreProblem."""
    return run_serving(_served(settings, on_ready))


def run_serving(main: Coroutine[Any, Any, int]) -> int:
    """Run the main task of a server process, on the fastest loop there is and with all the sockets it may have."""
    _allow_many_connections()
    look_for_waste_seldom()
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(main)


def asked_to_stop() -> asyncio.Event:
    """What Ctrl-C and SIGTERM set, instead of ending the process."""
    asked = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, asked.set)
    return asked


# --- inside


async def _served(settings: Settings, on_ready: Callable[[Durability], None]) -> int:
    asked_to_end = asked_to_stop()
    async with listening(settings) as (app, _, _):
        on_ready(await app.state.service.journal.durability())
        await asked_to_end.wait()
    return 0


def _config(settings: Settings, app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=ForumHTTP,
        ws=ForumProtocol,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_per_message_deflate=False,  # 50 KB a phone, and a way to guess secrets by sizes
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the guard reads them, and only from proxies it was told of
        backlog=BACKLOG,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )


def bound(settings: Settings, *, beside: bool = False) -> socket.socket:
    """A socket to listen on; ``beside`` others of ours on the same port. Raises BadSetting."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        ear = socket.socket(family, kind, proto)
        try:
            ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if beside:
                ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            ear.bind(address)
        except OSError:
            ear.close()
            raise
    except OSError as error:
        raise BadSetting(
            _why_not(error, settings.port),
            host=settings.host,
            port=settings.port,
            detail=error.strerror or error,
        ) from error
    return ear


def _why_not(error: OSError, port: int) -> str:
    """Why a socket could not be opened there, with the cure."""
    if isinstance(error, socket.gaierror):
        return N_(
            "{host} is no name or address that this machine knows ({detail}). Correct --host; 0.0.0.0 listens on all of them."
        )
    match error.errno:
        case errno.EACCES | errno.EPERM if port < RESERVED_PORTS:
            return N_(
                "Port {port} takes a right that this user does not have: ports below 1024 are reserved. Choose one above, such as "
                "--port 8000, and put a proxy before it (docs/operations.md). Or give the right: AmbientCapabilities=CAP_NET_BIND_SERVICE "
                "in a systemd unit."
            )
        case errno.EACCES | errno.EPERM:
            return N_(
                "This system does not let this user open port {port} ({detail}). Choose another with --port, or allow this one in "
                "its rules (SELinux, a sandbox)."
            )
        case errno.EADDRINUSE:
            return N_(
                "Port {port} is in use on {host}: perhaps a server runs already. Stop what uses it, or choose another: --port 9000"
            )
        case errno.EADDRNOTAVAIL:
            return N_(
                "{host} is not an address of this machine. Correct --host: 0.0.0.0 listens on all of its addresses, 127.0.0.1 on "
                "this machine only."
            )
        case _:
            return N_("Cannot listen on {host}, port {port} ({detail}). Choose another: --host, --port")


async def _answers(port: int) -> bool:
    """Whether a server of ours answers at this port of this machine."""
    try:
        async with asyncio.timeout(LOCAL_CALL_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            answer = await reader.read()
            writer.close()
            await writer.wait_closed()
    except (OSError, TimeoutError):
        return False
    return answer.startswith(b"HTTP/1.1 200") and answer.endswith(b"ok\n")


def _allow_many_connections() -> None:
    """Take as many open files as the system allows us: a socket each, and the usual 1,024 is a small hall."""
    try:
        import resource  # noqa: PLC0415  not on Windows
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # some systems say "infinity" and mean less
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _open_files() -> int:
    """How many files and sockets this process may have open."""
    try:
        import resource  # noqa: PLC0415  not on Windows
    except ImportError:
        return MANY_FILES
    now, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MANY_FILES if now == resource.RLIM_INFINITY else now


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop  # noqa: PLC0415  not everywhere
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


def _new_salt() -> str:
    return secrets.token_urlsafe(SALT_BYTES)


def _now() -> int:
    return time.time_ns() // 1_000_000


async def _fitting(journal: Journal) -> int:
    """How much one forum may take in this store."""
    try:
        return space.fitting((await journal.condition()).memory_max_bytes)
    except Unavailable:
        return space.FORUM_BYTES
