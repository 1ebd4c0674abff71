"""A load on a server's pages, from a process of its own, so that it does not slow down who measures beside it.

    python -m tests.bench.pressure WHAT PORT PATH SECONDS COOKIES

``COOKIES``: a file with one cookie a line. WHAT is one of

- ``pages``    every cookie loads PATH once, all at the same moment
- ``loads``    the first cookie loads PATH 64 times at the same moment, again as soon as all are answered
- ``exports``  the first cookie asks for 20 documents below PATH at the same moment, again as soon as all are answered
- ``archive``  the first cookie asks for PATH, again as soon as it is answered
- ``needs``    the first cookie opens 8 sockets at PATH, and asks on each for the whole page again and again

Prints a line of JSON when it begins, and one with what it saw when it ends.
"""

import asyncio
import sys
import time
from collections import Counter
from pathlib import Path

import msgspec
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

LOADS, EXPORTS, SOCKETS = 64, 20, 8
NEED_SECONDS = 0.02  # as fast as one socket may speak
DOCUMENTS = ("forum.json", "ideas.csv", "plan.md")
PATIENCE_SECONDS = 60.0


class Pressed(msgspec.Struct):
    """What came of it."""

    statuses: dict[str, int]
    slowest_s: float
    bytes: int


class Pressure:
    """One load under way."""

    def __init__(self, port: int, path: str, seconds: float, cookies: list[str]) -> None:
        self.port, self.path, self.cookies = port, path, cookies
        self.until = time.monotonic() + seconds
        self.statuses: Counter[str] = Counter()
        self.slowest, self.bytes = 0.0, 0

    async def pages(self) -> None:
        await asyncio.gather(*(self._get(self.path, cookie) for cookie in self.cookies))

    async def loads(self) -> None:
        while time.monotonic() < self.until:
            await asyncio.gather(*(self._get(self.path, self.cookies[0]) for _ in range(LOADS)))

    async def exports(self) -> None:
        while time.monotonic() < self.until:
            paths = (f"{self.path}/{DOCUMENTS[n % len(DOCUMENTS)]}" for n in range(EXPORTS))
            await asyncio.gather(*(self._get(path, self.cookies[0]) for path in paths))

    async def archive(self) -> None:
        while time.monotonic() < self.until:
            await self._get(self.path, self.cookies[0])

    async def needs(self) -> None:
        await asyncio.gather(*(self._need(n) for n in range(SOCKETS)))

    async def _get(self, path: str, cookie: str) -> None:
        began = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept-Encoding: gzip\r\n"
                writer.write(f"{head}Cookie: {cookie}\r\nConnection: close\r\n\r\n".encode())
                answer = await reader.read()
                writer.close()
        except (OSError, TimeoutError):
            self.statuses["none"] += 1
            return
        self.statuses[answer[9:12].decode()] += 1
        self.bytes += len(answer)
        self.slowest = max(self.slowest, time.monotonic() - began)

    async def _need(self, number: int) -> None:
        url, origin = f"ws://127.0.0.1:{self.port}{self.path}", f"http://127.0.0.1:{self.port}"
        while time.monotonic() < self.until:
            try:
                async with connect(
                    url,
                    origin=origin,  # type: ignore[arg-type]
                    additional_headers={"Cookie": self.cookies[0]},
                    compression=None,
                    max_size=None,
                ) as socket:
                    await socket.send(
                        f'{{"t":"hello","v":2,"cid":"greedy-{number:04}-aaaaaaaaaaaaaaaaaaaa","resume":null,"n":0}}'
                    )
                    hearing = asyncio.create_task(self._hear(socket))
                    while time.monotonic() < self.until and not hearing.done():
                        await socket.send('{"t":"need","s":0}')
                        self.statuses["need"] += 1
                        await asyncio.sleep(NEED_SECONDS)
                    hearing.cancel()
            except (ConnectionClosed, OSError, TimeoutError):
                self.statuses["closed"] += 1
                await asyncio.sleep(0.1)

    async def _hear(self, socket: object) -> None:
        async for text in socket:  # type: ignore[attr-defined]
            self.bytes += len(text)


async def main(what: str, port: str, path: str, seconds: str, cookies: str) -> None:
    """Press, and say what came of it."""
    pressure = Pressure(int(port), path, float(seconds), Path(cookies).read_text().split("\n"))
    print("{}", flush=True)
    await getattr(pressure, what)()
    print(msgspec.json.encode(Pressed(dict(pressure.statuses), pressure.slowest, pressure.bytes)).decode())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
