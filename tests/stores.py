"""A Valkey of the operator's own, for tests in which the store itself loses what it had confirmed."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from forum.journal.valkey import find_server
from tests.servers import free_port

SECONDS = 20.0  # a bound for a start


class OwnStore:
    """A durable store on a port of this machine. ``keep`` a copy of its folder; ``put_back`` the copy later."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}"
        self._data, self._copy = folder / "store", folder / "copy"
        self._data.mkdir(parents=True)
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start, and wait until it answers."""
        settings = ["--appendonly", "yes", "--appendfsync", "always", "--save", "", "--logfile", "log"]
        place = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._data)]
        self._process = await asyncio.create_subprocess_exec(
            str(find_server()), *place, *settings, stdout=asyncio.subprocess.DEVNULL
        )
        async with asyncio.timeout(SECONDS):
            while not await self._answers():  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def kill(self) -> None:
        """kill -9."""
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def restart(self) -> None:
        """Die and come back with everything."""
        await self.kill()
        await self.start()

    def keep(self) -> None:
        """Copy the folder as it is on the disk now."""
        shutil.rmtree(self._copy, ignore_errors=True)
        shutil.copytree(self._data, self._copy)

    async def put_back(self) -> None:
        """Die, and come back as it was when the copy was made."""
        await self.kill()
        shutil.rmtree(self._data)
        shutil.copytree(self._copy, self._data)
        await self.start()

    async def _answers(self) -> bool:
        with suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(b"PING\r\n")
            said = await reader.readline()
            writer.close()
            return said == b"+PONG\r\n"
        return False


@asynccontextmanager
async def own_store(folder: Path) -> AsyncIterator[OwnStore]:
    """A store for as long as the block lasts."""
    store = OwnStore(folder)
    await store.start()
    try:
        yield store
    finally:
        await store.kill()
