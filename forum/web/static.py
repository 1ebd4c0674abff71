"""The files that browsers keep for ever: their address holds the hash of them all, so a new version is a new address."""

import hashlib
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

FOR_EVER: Final = "public, max-age=31536000, immutable"
HASH_DIGITS: Final = 16


class Static:
    """ASGI application below ``/static``; serves ``/<hash>/<path>``."""

    def __init__(self, folder: Path) -> None:
        """Reads every file once, to know their hash: some milliseconds."""
        self._files = StaticFiles(directory=folder)
        self._hash: Final = tree_hash(folder)

    def address(self, path: str) -> str:
        """The address of a file below the folder."""
        return f"/static/{self._hash}/{path}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        version: str = scope["path_params"]["version"]
        path: str = scope["path_params"]["path"]
        # An older page still open after an update asks by the old hash: it gets today's file, but not for ever.
        response: Response = await self._files.get_response(path, scope)
        if response.status_code >= 400:
            raise HTTPException(404)
        response.headers["cache-control"] = FOR_EVER if version == self._hash else "no-cache"
        await response(scope, receive, send)


def tree_hash(folder: Path) -> str:
    """A hash of every file's path and content."""
    seen = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        seen.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return seen.hexdigest()[:HASH_DIGITS]
