"""uvicorn's WebSocket protocol with one thing more: a way to write frames that are built already.

``scope["extensions"]["forum.wire"]`` is the connection as a seat needs it (``forum.live.Wire``). Writing a finished
frame to the transport beside the sans-I/O state machine is safe: a server's frames are not masked, nothing is
compressed, and every frame, ours and its own, is handed over whole. The handshake, pings and the closing handshake
stay with uvicorn. Written against uvicorn 0.54.
"""

from typing import Any, Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

EXTENSION: Final = "forum.wire"
HIGH_WATER_BYTES: Final = 128 * 1024


class RawWire:
    """One connection: frames in, no copy, no task, a backlog that is true to the byte."""

    __slots__ = ("_protocol",)

    def __init__(self, protocol: WebSocketsSansIOProtocol) -> None:
        self._protocol = protocol

    def write(self, frame: bytes) -> None:
        """Hand over a whole frame; dropped when the connection is closing."""
        protocol = self._protocol
        if not protocol.close_sent and not protocol.disconnected:
            protocol.transport.write(frame)

    @property
    def backlog(self) -> int:
        """Bytes that the network has not taken yet."""
        return self._protocol.transport.get_write_buffer_size()

    def abort(self) -> None:
        """Cut the connection: the peer sees a reset."""
        self._protocol.transport.abort()

    def close(self, code: int, reason: str = "") -> None:
        """Begin the closing handshake; the endpoint is told that the connection is over."""
        protocol = self._protocol
        if protocol.close_sent or protocol.disconnected or protocol.transport.is_closing():
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

    def connection_made(self, transport: Any) -> None:
        """Note the transport; allow a page's worth of bytes to wait before ASGI's own sends do."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=HIGH_WATER_BYTES)

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
        self.scope["extensions"][EXTENSION] = RawWire(self)  # type: ignore[assignment]
        await super().run_asgi()
