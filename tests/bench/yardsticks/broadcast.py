"""A yardstick: every text of every phone to all phones, by ``websockets.broadcast``. ``broadcast.py PORT``."""

import sys

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve

BACKLOG = 4096

phones: set[ServerConnection] = set()


async def phone(connection: ServerConnection) -> None:
    """Relay what one phone says, for as long as it is there."""
    phones.add(connection)
    try:
        async for text in connection:
            broadcast(phones, text)
    finally:
        phones.discard(connection)


async def main(port: int) -> None:
    """Serve until ended."""
    async with serve(phone, "127.0.0.1", port, compression=None, backlog=BACKLOG) as server:
        await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
