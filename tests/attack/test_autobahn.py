"""Autobahn's cases for WebSocket servers, run against our own protocol, and the refusals of the live socket beside them.

The application under test only echoes; what it runs under is what ``forum serve`` uses, but for the size of a message:
the cases send up to 64 KiB. Speed (9.*) is measured elsewhere; of compression (12.*, 13.*) some
are tried where the server agrees to it.
"""

from typing import Any, Final

import kosoku
import pytest
from websockets.asyncio.client import connect

from forum.web.protocol import ForumProtocol
from tests.attack.serving import serving
from tests.web.conftest import Room, Visitor

KNOWN: Final = {
    "7.1.5"
}  # a message begun before the close and ended after it: websockets drops it, as it documents
COMPRESSED: Final = [
    "12.1.1",
    "12.1.3",
    "12.4.2",
    "13.1.1",
    "13.3.2",
]  # a thousand messages each; 216 alike take minutes
LARGEST_CASE: Final = 16 * 1024**2


class Roomy(ForumProtocol):
    """Our protocol, for messages as large as the cases send."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn.max_message_size = LARGEST_CASE


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Send every message back as it came."""
    assert (await receive())["type"] == "websocket.connect"
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": message.get("text"), "bytes": message.get("bytes")})


async def compresses(port: int) -> bool:
    """Whether this server agrees to compression."""
    async with connect(f"ws://127.0.0.1:{port}", compression="deflate") as ws:
        return bool(ws.protocol.extensions)


async def failures(port: int, **chosen: list[str]) -> list[Any]:
    """The cases that do not pass."""
    try:
        await kosoku.run_fuzzingclient(f"ws://127.0.0.1:{port}", concurrency=8, **chosen)
    except kosoku.FailureError as told:
        return [case for case in told.results if not case.passed]
    return []


# The cases of compression open their test data without closing it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
@pytest.mark.timeout(180)
async def test_autobahns_cases_pass() -> None:
    async with serving(echo, ws=Roomy) as port:
        failed = await failures(port, exclude_cases=["9.*", "12.*", "13.*"])
        if await compresses(port):
            failed += await failures(port, cases=COMPRESSED)

    assert {
        case.case_id: (case.behavior.value, case.result) for case in failed if case.case_id not in KNOWN
    } == {}


async def test_the_live_socket_itself_refuses_what_the_cases_say_must_be_refused(
    visitor: Visitor, board: Room
) -> None:
    """Its own application ends every case early, since nobody says hello; never otherwise than by a close of its own."""
    address = f"ws://localhost:{board.place.settings.port}{board.base()}/live"
    with pytest.raises(kosoku.FailureError) as told:
        await kosoku.run_fuzzingclient(address, cases=["1.1.1", "2.10", "3.*", "4.1.*", "5.1", "7.9.*"])

    assert (await visitor.get("/healthz")).status_code == 200, "whatever was sent, the server goes on"
    assert {result.behavior.value for result in told.value.results} <= {"FAILED", "ERROR", "OK", "NON-STRICT"}
