"""uvicorn's WebSocket protocol with one thing more: a way to write frames that are built already.

``scope["extensions"]["forum.wire"]`` is the connection as a seat needs it (``forum.live.Wire``). Writing a finished
frame to the transport beside the sans-I/O state machine is safe: a server's frames are not masked, compression takes
nothing over from one to the next, the state machine never splits a message over frames, and every frame, ours and its
own, is handed over whole. The handshake, pings and the closing handshake stay with uvicorn; after a close frame
nothing of ours is written. Messages come in through ASGI's ``receive``, one at a time. Written against uvicorn 0.54.

Compression (RFC 7692) is agreed to only in the form that keeps nothing between two messages, so that a frame compressed
once goes to everybody, and a connection costs no memory for it. Not with Apple's browsers, which offer it and then fail.
"""

import logging
import socket
import struct
import zlib
from typing import Any, Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.extensions.permessage_deflate import PerMessageDeflate, ServerPerMessageDeflateFactory
from websockets.http11 import Request
from websockets.server import ServerProtocol

from forum.web.waiting import Gate, Messages

EXTENSION: Final = "forum.wire"
MESSAGE_BYTES: Final = 32 * 1024  # of one message from a browser, over all its fragments
HIGH_WATER_BYTES: Final = 128 * 1024
UNSENT_BYTES: Final = (
    64 * 1024
)  # that the kernel may hold for a peer; else a stuck phone costs megabytes unseen
FRAGMENTS: Final = 1024  # of one message: empty ones cost the sender six bytes and weigh nothing
MOST_UNHEARD: Final = 4  # messages of one peer, before nothing more of it is read
CONTROLS: Final = 100  # pings and pongs of ten seconds: browsers send none by themselves
CONTROLS_SECONDS: Final = 10.0
TOO_FAST: Final = 4429
PONG_BYTES: Final = 64 * 1024  # a peer that asks for pongs and does not read them is cut above this
ALONE: Final = ServerPerMessageDeflateFactory(
    server_no_context_takeover=True,
    client_no_context_takeover=True,
    client_max_window_bits=10,  # a browser's own messages are short; inflating one takes 10 KB, for that moment
)
"""Each message by itself, in both directions. The bound on a message holds for what is inflated."""
RESET: Final = struct.pack("ii", 1, 0)  # SO_LINGER: drop what is unsent, tell the peer at once


class RawWire:
    """One connection: frames in, no copy, no task, a backlog that is true to the byte."""

    __slots__ = ("_protocol", "packs")

    def __init__(self, protocol: "ForumProtocol") -> None:
        self._protocol = protocol
        # A frame is compressed once for all, so with the largest window: who asked for a smaller one gets it plain.
        self.packs: Final = any(
            isinstance(agreed, PerMessageDeflate) and agreed.local_max_window_bits == zlib.MAX_WBITS
            for agreed in protocol.conn.extensions
        )

    def write(self, frame: bytes) -> None:
        """Hand over a whole frame; dropped when the connection is closing."""
        protocol = self._protocol
        transport = protocol.transport
        if not protocol.close_sent and not transport.is_closing():
            transport.write(frame)

    @property
    def backlog(self) -> int:
        """Bytes that the network has not taken yet."""
        return self._protocol.transport.get_write_buffer_size()

    def abort(self) -> None:
        """Cut the connection: the peer sees a reset, and the kernel keeps nothing for it."""
        self._protocol.cut()

    def close(self, code: int, reason: str = "") -> None:
        """Begin the closing handshake; the endpoint is told that the connection is over."""
        protocol = self._protocol
        if protocol.close_sent or protocol.transport.is_closing() or not protocol.handshake_complete:
            return
        protocol.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        protocol.conn.send_close(code, reason)
        protocol.transport.write(b"".join(protocol.conn.data_to_send()))
        protocol.close_sent = True
        if protocol.read_paused:
            protocol.read_paused = False
            protocol.transport.resume_reading()
        protocol.close_timer = protocol.loop.call_later(protocol.close_timeout, protocol.transport.close)


class ForumProtocol(WebSocketsSansIOProtocol):
    """Give it to uvicorn as ``ws=``."""

    _controls = 0
    _controls_since = 0.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _unbind(self.conn)
        # Whatever the settings say: a frame that depends on those before it costs 50 KB a phone, and cannot be shared.
        self.conn = ServerProtocol(
            extensions=[ALONE], max_size=MESSAGE_BYTES, logger=logging.getLogger("uvicorn.error")
        )
        self.queue: Any = Messages()
        self.writable: Any = Gate()

    def connection_made(self, transport: Any) -> None:
        """Note the transport; allow a page's worth of bytes to wait before ASGI's own sends do."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=HIGH_WATER_BYTES)
        found, option = transport.get_extra_info("socket"), getattr(socket, "TCP_NOTSENT_LOWAT", None)
        if found is not None and option is not None and found.family in (socket.AF_INET, socket.AF_INET6):
            found.setsockopt(socket.IPPROTO_TCP, option, UNSENT_BYTES)

    def handle_connect(self, event: Request) -> None:
        """Answer the handshake; agree to no compression with those who cannot keep what they agree to."""
        if fails_to_inflate(event.headers.get("User-Agent") or ""):
            self.conn.available_extensions = None
        super().handle_connect(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let the wire go: it and the scope hold each other, and so do the state machine and its parser.

        12 KB for each connection that ended, until the collector of cycles looks; and it rests (``forum.memory``).
        """
        super().connection_lost(exc)
        _unbind(self.conn)
        if hasattr(self, "scope"):
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions.pop(EXTENSION, None)

    def handle_cont(self, event: Any) -> None:
        """One more piece of a message; not without end."""
        if len(self.frames) >= FRAGMENTS:
            self.conn.fail(1009, "too many fragments")
            self.handle_parser_exception()
        else:
            super().handle_cont(event)

    def send_receive_event_to_app(self) -> None:
        """A message is complete; one that is no text ends the connection, without a page of log as uvicorn has it.

        Reading goes on while few wait to be heard: to stop after each, and begin again, costs as much as the message.
        """
        data = self.frames[0] if len(self.frames) == 1 else b"".join(self.frames)
        self.frames = []
        if self.close_sent:
            return
        if self.curr_msg_data_type == "text":
            try:
                self.queue.put_nowait({"type": "websocket.receive", "text": data.decode()})
            except UnicodeDecodeError:
                self.conn.fail(1007, "not UTF-8")
                self.handle_parser_exception()
                return
        else:
            self.queue.put_nowait({"type": "websocket.receive", "bytes": data})
        if len(self.queue) >= MOST_UNHEARD and not self.read_paused:
            self.read_paused = True
            self.transport.pause_reading()

    def handle_pong(self, event: Any) -> None:
        """As usual, but not without end."""
        if not self._too_many_controls():
            super().handle_pong(event)

    def handle_ping(self) -> None:
        """Answer, unless there are too many, or the peer does not read the answers."""
        if self._too_many_controls():
            return
        if self.transport.get_write_buffer_size() > PONG_BYTES:
            self.cut()
        else:
            super().handle_ping()

    def _too_many_controls(self) -> bool:
        now = self.loop.time()
        if now - self._controls_since > CONTROLS_SECONDS:
            self._controls, self._controls_since = 0, now
        self._controls += 1
        if self._controls > CONTROLS:
            RawWire(self).close(TOO_FAST, "too fast")
        return self._controls > CONTROLS

    def cut(self) -> None:
        """Reset the connection."""
        if self.transport.is_closing():
            return
        found = self.transport.get_extra_info("socket")
        if found is not None:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.transport.abort()

    async def send(self, message: Any) -> None:
        """Take a message of the application; after the handshake, let go of what only it needed.

        3 KB a phone: uvicorn and websockets keep both sets of headers for as long as the connection lives.
        """
        await super().send(message)
        if message["type"] == "websocket.accept":
            self.request.headers.clear()
            self.response.headers.clear()

    async def run_asgi(self) -> None:
        """Run the application with the raw wire in its scope."""
        extensions: dict[str, Any] = self.scope["extensions"]
        extensions[EXTENSION] = RawWire(self)
        await super().run_asgi()


def _unbind(conn: ServerProtocol) -> None:
    """End the parser of a state machine that is given nothing any more: a generator holds what it is a method of."""
    conn.parser.close()


def fails_to_inflate(browser: str) -> bool:
    """Whether this is Apple's network stack: Safari, and every browser on iOS.

    Since iOS 15 it agrees to compression and then hands pages a text cut short, or ends the connection; a page cannot
    decline (gorilla/websocket issue 731, among others). All other browsers on WebKit name Chrome or Chromium.
    """
    return "AppleWebKit/" in browser and "Chrome/" not in browser and "Chromium/" not in browser
