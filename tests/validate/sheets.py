"""Pages that were collected, on disk for those who read files and at an address for those who look with an engine."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from forum.places import static_dir
from forum.web.static import Static

SCRIPTS: Final = re.compile(r"<script\b[^>]*>.*?</script>", re.DOTALL)
NOSCRIPT: Final = re.compile(r"</?noscript>")


@dataclass
class Sheets:
    """By number: the name of a page, and its markup."""

    folder: Path
    address: str = ""
    names: list[str] = field(default_factory=list)
    _known: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, html: str) -> None:
        """Keep a page. The same markup under the same name is kept once."""
        if name in self._known and self.file(self._known[name]).read_text() == html:
            return
        self._known[name] = len(self.names)
        self.names.append(name)
        self.file(self._known[name]).write_text(html)

    def file(self, number: int) -> Path:
        return self.folder / f"page{number:03}.html"

    def files(self) -> dict[Path, str]:
        return {self.file(number): name for number, name in enumerate(self.names)}

    def without_scripts(self, number: int) -> str:
        """The page as it is where no script runs."""
        return NOSCRIPT.sub("", SCRIPTS.sub("", self.file(number).read_text()))


@asynccontextmanager
async def shown(folder: Path) -> AsyncIterator[Sheets]:
    """Sheets, each without its scripts at ``/<number>`` with the style sheets of the house."""
    sheets = Sheets(folder)

    async def sheet(request: Request) -> Response:
        return HTMLResponse(sheets.without_scripts(request.path_params["number"]))

    static = Static(static_dir())
    app = Starlette(
        routes=[
            Route("/{number:int}", sheet),
            Route("/static/{version}/{path:path}", static, methods=["GET"]),
        ]
    )
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    listening = config.bind_socket()
    sheets.address = f"http://localhost:{listening.getsockname()[1]}"
    serving = asyncio.create_task(server._serve([listening]))
    try:
        yield sheets
    finally:
        server.should_exit = True
        await serving
