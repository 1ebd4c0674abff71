"""The live socket: one connection of one tab, from the handshake to the close.

``guard`` has checked Host and Origin before. The person and the role come from the cookie, never from a
frame. This module reads frames, has ops judged in the order they came (at most eight under way), and
answers. The seat decides what the page is sent.

A close code tells the browser what to do next: see ``docs/protocol.md``. What cannot be read is answered.
The third such message in ten seconds ends the connection.
"""

import asyncio
import time
from collections import deque
from contextlib import suppress
from functools import partial
from typing import Final

import msgspec
from starlette.websockets import WebSocket

from forum.domain.kernel import Command, Rejection
from forum.fragments.surface import Audience, SurfaceName, View
from forum.journal import MovedAway, NoForum, Unavailable, is_code
from forum.language import LANGUAGES, Reader
from forum.live import Accepted, Away, OutOfOrder, Refused, Resume, Seat, Verdict, Wire, frames
from forum.web import acting, verdicts, wire
from forum.web.acting import Numbered
from forum.web.asking import NoSuchRoom, reader_of
from forum.web.finding import found
from forum.web.identity import Surface, Who, watches, whoever
from forum.web.limits import TooMany
from forum.web.misread import Malformed
from forum.web.outlasting import afterwards
from forum.web.sending import wire_of
from forum.web.service import Service, service_of

UNREADABLE: Final = 3
UNREADABLE_SECONDS: Final = 10.0
RETRY_RATE_MS: Final = 250
OF_THE_FORUM: Final = frozenset(
    {"person", "time"}
)  # in a refusal: said by the forum's names, and in its zone


class Closed(Exception):
    """This connection ends with a close code: of ``wire.CLOSES``, or of RFC 6455."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Hung(Exception):
    """The other side has gone."""


async def live(socket: WebSocket, *, surface: Surface, shows: SurfaceName | None = None) -> None:
    """The endpoint of every surface's ``/live``. ``shows``: what its page shows, where that is another surface."""
    await socket.accept()
    await afterwards(socket.scope, partial(_talk, socket, surface, shows))


async def _talk(socket: WebSocket, surface: Surface, shows: SurfaceName | None) -> None:
    async with wire_of(socket) as way:
        try:
            await _converse(socket, way, surface, shows)
        except Closed as closed:
            way.close(closed.code, wire.CLOSES.get(closed.code, ""))
        except MovedAway as moved:
            way.write(frames.moved(moved.forum, moved.address))
            way.close(4426, wire.CLOSES[4426])
        except (NoForum, NoSuchRoom):
            way.close(4404, wire.CLOSES[4404])
        except TooMany:
            way.close(4429, wire.CLOSES[4429])
        except Unavailable:
            way.close(4503, wire.CLOSES[4503])
        except Hung:
            return


async def _converse(socket: WebSocket, way: Wire, surface: Surface, shows: SurfaceName | None) -> None:
    service, code = service_of(socket), socket.path_params["code"]
    if service.draining():
        raise Closed(1012)
    who, lang, gen = await _admitted(socket, service, code, surface)
    with service.presence.one_more(code, who.person) as welcome, service.presence.held(code, who.cookie, way):
        if not welcome or service.limits.connection(who.person):
            raise Closed(4429)
        hello = await _hello(socket, service.hello_seconds)
        socket.scope["headers"].clear()  # 2 KB of each phone, and read for the last time
        audience = Audience(shows or surface, lang)  # type: ignore[arg-type]  # staff has no socket
        with service.presence.alone((code, who.person, hello.cid), way):
            await _speak(socket, service, code, Numbered(who, hello.cid, 0), way, audience, hello, gen)


async def _admitted(socket: WebSocket, service: Service, code: str, surface: Surface) -> tuple[Who, str, int]:
    """Who this is, in which language, and in which life of the store.

    No more: what stays with a connection must not be the forum as it stood when it came.
    """
    if not is_code(code):
        raise Closed(4404)
    who = await whoever(socket, service.journal, code, surface, service.clock)
    shown = await (service.hub.shown(code) if isinstance(who, Who) else found(socket, code))
    if not isinstance(who, Who) or not watches(shown.view.state, who):
        raise Closed(4401)
    service.limits.found(socket.scope["forum.address"], code)
    with suppress(NoForum, Unavailable):  # known now, a saved op can be sealed while the store is away
        await service.seeds.of(code)
    asked_lang = socket.query_params.get("lang", "")
    lang = asked_lang if asked_lang in LANGUAGES else reader_of(socket, shown.view.state).lang
    return who, lang, shown.head.gen


async def _speak(
    socket: WebSocket,
    service: Service,
    code: str,
    speaker: Numbered,
    way: Wire,
    audience: Audience,
    hello: wire.Hello,
    gen: int,
) -> None:
    """From the hello on."""
    resume = Resume(*msgspec.structs.astuple(hello.resume)) if hello.resume else None
    whole, renew = hello.v <= wire.WHOLE, audience.surface == "desk" and hello.v <= wire.UNPROVEN
    cut = hello.v > wire.ENDLESS
    seat = service.hub.seat(
        code, audience, speaker.who.person, way, resume, tab=hello.cid, whole=whole, renew=renew, cut=cut
    )
    async with seat as seated, asyncio.TaskGroup() as ops:
        reader = Reader(audience.lang)
        talk = Conversation(service, code, speaker, reader, way, seated, ops, gen)
        try:
            await talk.listen(socket)
        finally:
            talk.need_no_more()


class Conversation:
    """What one connection says after its hello, and what it is answered."""

    def __init__(
        self,
        service: Service,
        code: str,
        speaker: Numbered,
        reader: Reader,
        way: Wire,
        seat: Seat,
        ops: asyncio.TaskGroup,
        gen: int,
    ) -> None:
        self._service, self._code, self._speaker = service, code, speaker
        self._reader, self._way, self._seat, self._ops = reader, way, seat, ops
        self._gen = gen  # the store's life, as last heard
        self._frames = service.limits.frames()
        self._unreadable: deque[float] | None = None  # most pages never need one, and it is 600 bytes
        self._under_way = 0
        self._needs: tuple[int, asyncio.TimerHandle] | None = None  # since when, asked for too often: later
        self._over = False

    async def listen(self, socket: WebSocket) -> None:
        """Hear messages until one side ends. Ops already taken are still judged."""
        while not self._over:
            try:
                self._hear(await _text(socket))
            except Hung:
                return
            except Closed as closed:
                self._end(closed.code)

    def _hear(self, message: str) -> None:
        if self._frames.take(""):
            raise Closed(4429)
        match wire.frame(message):
            case Malformed() as wrong:
                self._misread(wrong)
            case wire.Hello():
                raise Closed(4400)
            case wire.Op() as op:
                self._op(op)
            case wire.Need(s=since):
                self._need(since)
            case wire.Beat():
                return  # how far a page is; the seat knows what it was given

    def need_no_more(self) -> None:
        """Forget what was still to be given."""
        if self._needs:
            self._needs[1].cancel()
            self._needs = None

    def _need(self, since: int) -> None:
        """Give what is missing since then; who asks again and again waits, and is given it once."""
        if self._needs:
            self._needs = since, self._needs[1]
            return
        wait = self._service.limits.need(self._speaker.who.person)
        if wait:
            self._needs = since, asyncio.get_running_loop().call_later(wait, self._need_again)
        else:
            self._service.hub.need(self._code, self._seat, since)

    def _need_again(self) -> None:
        if self._needs:
            since, self._needs = self._needs[0], None
            self._need(since)

    def _op(self, said: wire.Op) -> None:
        op = self._speaker._replace(
            n=said.n,
            seen=said.seen,
            on_behalf=said.for_,
            again=said.again,
            gen=said.g,
            chain=said.c,
            proof=said.proof,
        )
        full = self._under_way >= acting.UNDER_WAY
        wait = RETRY_RATE_MS if full else acting.pause_ms(self._service, self._code, op)
        if wait:
            self._answer(verdicts.slow(self._reader, op.n, self._gen, "rate", wait))
            return
        self._under_way += 1
        op = acting.marked(self._service, op, said.k, said.b)
        self._ops.create_task(self._judged(wire.command(said.k, said.b, op.who.role), op))

    async def _judged(self, what: Command | Rejection, op: Numbered) -> None:
        reader, name = self._reader, _nobody
        try:
            verdict = await acting.act(self._service, self._code, what, op)
            view = await self._known(verdict)
            if view:
                reader, name = reader._replace(zone=view.state.zone), view.name
        except (NoForum, MovedAway, Unavailable):  # whoever is led on keeps the op, and sends it there
            verdict = Away()
        finally:
            self._under_way -= 1
        proof = await acting.proof(self._service, self._code, what, op, verdict)
        self._answer(verdicts.frame(reader, verdict, op.n, self._gen, name, proof))

    async def _known(self, verdict: Verdict) -> View | None:
        """Note the store's life; and give what a sentence needs of the forum, where it needs something."""
        if isinstance(verdict, Accepted | Refused):
            self._gen = verdict.head.gen
        if isinstance(verdict, OutOfOrder) or (
            isinstance(verdict, Refused) and not OF_THE_FORUM.isdisjoint(verdict.rejection.params)
        ):
            shown = await self._service.hub.shown(self._code)
            self._gen = shown.head.gen
            return shown.view
        return None

    def _misread(self, wrong: Malformed) -> None:
        now = time.monotonic()
        self._unreadable = self._unreadable or deque(maxlen=UNREADABLE)
        self._unreadable.append(now)
        self._answer(verdicts.unread(self._reader, wrong, self._gen))
        if len(self._unreadable) == UNREADABLE and now - self._unreadable[0] < UNREADABLE_SECONDS:
            raise Closed(4400)

    def _answer(self, text: bytes) -> None:
        self._way.write(frames.text_frame(text))

    def _end(self, code: int) -> None:
        self._way.close(code, wire.CLOSES.get(code, ""))
        self._over = True


def _nobody(person: str) -> str:
    return ""


async def _hello(socket: WebSocket, seconds: float) -> wire.Hello:
    try:
        async with asyncio.timeout(seconds):
            message = await _text(socket)
    except TimeoutError:
        raise Closed(4408) from None
    said = wire.frame(message)
    version = wire.spoken_version(message)
    if version is not None and version not in wire.VERSIONS:
        raise Closed(4426)
    if isinstance(said, Malformed) and said == Malformed("missing_field", "v"):
        raise Closed(4426)
    if not isinstance(said, wire.Hello):
        raise Closed(4400)
    return said


async def _text(socket: WebSocket) -> str:
    """The next text frame. Raises Hung; Closed for a binary or an oversized one."""
    message = await socket.receive()
    if message["type"] != "websocket.receive":
        raise Hung
    text: str | None = message.get("text")
    if text is None:
        raise Closed(1003)
    if len(text) > wire.MAX_MESSAGE_BYTES:  # another server than ours may have another limit
        raise Closed(1009)
    return text
