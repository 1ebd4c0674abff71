"""The files that browsers keep for ever: their address holds the hash of them all, so a new version is a new address.

Some 600 KB in all, so they are kept in memory, texts compressed once at the start: a hall that opens the page in the
same minute costs no disk and no compression.
"""

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Final, NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from forum.web import bare
from forum.web.joined import joined

FOR_EVER: Final = "public, max-age=31536000, immutable"
HASH_DIGITS: Final = 16
TYPES: Final = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".webp": "image/webp",
}
COMPRESSED: Final = frozenset({".js", ".css", ".svg"})
OURS: Final = {"js": bare.script, "css": bare.sheet}
"""Folders of ours, and how what only readers need is left out. What others wrote is served as it is."""


class Kept(NamedTuple):
    """One file."""

    media_type: str
    body: bytes
    packed: bytes | None  # gzip, where that is smaller


class Static:
    """ASGI application below ``/static``; serves ``/<hash>/<path>``."""

    def __init__(self, folder: Path) -> None:
        """Reads, joins and packs every file once: some 50 milliseconds."""
        bodies = _bodies(folder)
        self._files: Final = {path: _packed(path, body) for path, body in bodies.items()}
        self._hash: Final = _hash_of(bodies)

    def address(self, path: str) -> str:
        """The address of a file below the folder."""
        return address(self._hash, path)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        version: str = scope["path_params"]["version"]
        kept = self._files.get(scope["path_params"]["path"])
        if kept is None:
            raise HTTPException(404)
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405)
        # An older page still open after an update asks by the old hash: it gets today's file, but not for ever.
        headers = {
            "cache-control": FOR_EVER if version == self._hash else "no-cache",
            "vary": "accept-encoding",
        }
        body = kept.body
        if kept.packed and "gzip" in Request(scope).headers.get("accept-encoding", ""):
            body = kept.packed
            headers["content-encoding"] = "gzip"
        headers["content-length"] = str(len(body))
        sent = b"" if scope["method"] == "HEAD" else body
        await Response(sent, headers=headers, media_type=kept.media_type)(scope, receive, send)


def address(version: str, path: str) -> str:
    """The address of a file in the version with this hash."""
    return f"/static/{version}/{path}"


def version_of(folder: Path) -> str:
    """A hash of everything that is served from a folder, byte for byte as it is served."""
    return _hash_of(_bodies(folder))


def _hash_of(bodies: Mapping[str, bytes]) -> str:
    seen = hashlib.sha256()
    for path, body in sorted(bodies.items()):
        seen.update(path.encode() + b"\0" + hashlib.sha256(body).digest())
    return seen.hexdigest()[:HASH_DIGITS]


def _bodies(folder: Path) -> dict[str, bytes]:
    """What is served, by its path: every file, and what is joined of them."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    return {path: _served(path, body) for path, body in files.items()} | dict(joined(files.__getitem__))


def _served(path: str, body: bytes) -> bytes:
    laid_bare = OURS.get(path.partition("/")[0])
    return laid_bare(body.decode()).encode() if laid_bare else body


def _packed(name: str, body: bytes) -> Kept:
    path = PurePath(name)
    packed = gzip.compress(body, 9, mtime=0) if path.suffix in COMPRESSED else None
    media_type = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Kept(media_type, body, packed if packed and len(packed) < len(body) else None)
