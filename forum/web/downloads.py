"""What leaves as a file: the one place that says so to a browser, and how the file is called (RFC 6266)."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from forum.exports import FLAVOURS, FileName, Flavour


def download(body: bytes, media_type: str, name: FileName) -> Response:
    """A file to keep. The plain name comes first, for whoever does not read the other (RFC 8187)."""
    disposition = f"attachment; filename=\"{name.plain}\"; filename*=UTF-8''{quote(name.full, safe='')}"
    return Response(body, media_type=media_type, headers={"content-disposition": disposition})


def flavour_of(request: Request) -> Flavour | None:
    """How a table is wanted; None for what is no way."""
    wanted = request.query_params.get("flavour", FLAVOURS[0])
    return next((one for one in FLAVOURS if one == wanted), None)
