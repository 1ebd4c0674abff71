"""An application on a port of its own, under our protocols."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from forum.web.http import ForumHTTP
from forum.web.protocol import MESSAGE_BYTES, ForumProtocol


@asynccontextmanager
async def serving(
    app: Any, http: type[ForumHTTP] = ForumHTTP, ws: type[ForumProtocol] = ForumProtocol
) -> AsyncIterator[int]:
    """Serve ``app`` on loopback for as long as the block lasts; gives the port."""
    with socket.socket() as ear:
        ear.bind(("127.0.0.1", 0))
        ear.listen()  # whoever comes before the server runs waits in the queue
        config = uvicorn.Config(
            app, http=http, ws=ws, lifespan="off", log_config=None, access_log=False, server_header=False,
            proxy_headers=False, ws_max_size=MESSAGE_BYTES, ws_per_message_deflate=False,
        )  # fmt: skip
        server = uvicorn.Server(config)
        task = asyncio.create_task(server._serve([ear]))
        try:
            yield ear.getsockname()[1]
        finally:
            server.should_exit = True
            await task
