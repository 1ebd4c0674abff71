"""An application on a port of its own, under our protocols."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from forum.web.http import ForumHTTP
from forum.web.protocol import ForumProtocol


@asynccontextmanager
async def serving(app: Any, http: type[ForumHTTP] = ForumHTTP, **more: Any) -> AsyncIterator[int]:
    """Serve ``app`` on loopback for as long as the block lasts; gives the port."""
    with socket.socket() as ear:
        ear.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            app, http=http, ws=ForumProtocol, lifespan="off", log_config=None, access_log=False, server_header=False,
            proxy_headers=False, **more,
        )  # fmt: skip
        server = uvicorn.Server(config)
        task = asyncio.create_task(server._serve([ear]))
        try:
            yield ear.getsockname()[1]
        finally:
            server.should_exit = True
            await task
