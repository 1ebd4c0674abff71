"""What leaves as a file: the one place that says so to a browser, and how the file is called (RFC 6266)."""

from urllib.parse import quote

from starlette.responses import Response

from forum.exports import FileName


def download(body: bytes, media_type: str, name: FileName) -> Response:
    """A file to keep. The plain name comes first, for whoever does not read the other (RFC 8187)."""
    disposition = f"attachment; filename=\"{name.plain}\"; filename*=UTF-8''{quote(name.full, safe='')}"
    return Response(body, media_type=media_type, headers={"content-disposition": disposition})
