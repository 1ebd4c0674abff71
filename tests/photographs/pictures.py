"""Pictures as phones take them, and files that are none."""

import io
from typing import Any
from zlib import crc32

from PIL import Image

PLACE = "Zanzibar"  # what a phone writes beside the picture: it may never be kept


def a_photograph(width: int = 640, height: int = 480, kind: str = "JPEG", **said: Any) -> bytes:
    """A gradient: no two places of it are alike, so that one sees which side is up."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    out = io.BytesIO()
    image.save(out, kind, **said)
    return out.getvalue()


def a_telling_one() -> bytes:
    """From a phone held upright: turned, with place, time, device and a comment inside."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned
    exif[0x010F] = PLACE  # who made the camera
    exif[0x9286] = PLACE
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 24.0), 3: "E", 4: (2.0, 21.0, 3.0)})
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + PLACE.encode() + b"</x:xmpmeta>"
    return a_photograph(800, 600, exif=exif.tobytes(), comment=PLACE, xmp=xmp)


def a_bomb() -> bytes:
    """Some kilobytes that say to be 50,000 pixels on each side."""
    small = a_photograph(64, 64, "PNG")
    head = small[12:16] + (50_000).to_bytes(4, "big") * 2 + small[24:29]
    return small[:12] + head + crc32(head).to_bytes(4, "big") + small[33:]


NO_PICTURES: dict[str, bytes] = {
    "empty": b"",
    "text": b"<script>alert(1)</script>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>',
    "pdf": b"%PDF-1.7\n",
    "zip": b"PK\x03\x04" + b"\0" * 60,
    "heic": b"\0\0\0\x18ftypheic" + b"\0" * 40,
    "gif": b"GIF89a\x01\x00\x01\x00\x00\xff\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x00;",
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run\n",
    "cut off": a_photograph()[:900],
    "bomb": a_bomb(),
}
"""Row 72, and what else people choose by mistake."""
