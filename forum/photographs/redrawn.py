"""A photograph drawn anew: upright, no larger than a document needs, as JPEG, with nothing inside but the picture.

Reads JPEG, PNG and WebP, whatever their names say. What a file holds besides is not copied: the picture is painted on a new sheet.
Its colours are those of sRGB afterwards, where the file said how its own were meant.
"""

import io
from contextlib import suppress
from typing import Final

from PIL import Image, ImageCms, ImageOps

from forum.domain.photographs.part import LONGEST_SIDE, MOST_BYTES
from forum.photographs import MOST_PIXELS, Unreadable

FORMATS: Final = ("JPEG", "PNG", "WEBP")
SIDES: Final = (LONGEST_SIDE, 1600, 1200, 800)  # tried one after another, until it is small enough
QUALITIES: Final = (82, 74, 64)
HEIC: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
WHITE: Final = (255, 255, 255)


def redrawn(body: bytes) -> tuple[bytes, int, int]:
    """The JPEG, its width and its height. Unreadable; MemoryError."""
    if not body:
        raise Unreadable("empty_file")
    if body[4:8] == b"ftyp" and body[8:12] in HEIC:
        raise Unreadable("heic")
    Image.MAX_IMAGE_PIXELS = None  # we count ourselves, before anything is unpacked
    image = _opened(body)
    pixels = image.width * image.height
    if pixels > MOST_PIXELS:
        raise Unreadable("too_many_pixels", megapixels=round(pixels / 1e6), most=MOST_PIXELS // 10**6)
    try:
        return _jpeg(_painted(image))
    except (MemoryError, Unreadable):
        raise
    except Exception as error:  # a library that reads strangers' files raises whatever it finds
        raise Unreadable("cut_off") from error


def _opened(body: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(body), formats=FORMATS)
    except MemoryError:
        raise
    except Exception as error:
        raise Unreadable("no_photograph") from error


def _painted(image: Image.Image) -> Image.Image:
    """The picture alone on a new sheet, upright, in sRGB, no longer than the longest side."""
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is unpacked no larger than it is needed
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        sheet = Image.new("RGB", image.size, WHITE)
        sheet.paste(image, mask=image.getchannel("A"))
        return sheet
    if profile:
        image = _in_srgb(image, profile)
    sheet = Image.new("RGB", image.size, WHITE)
    sheet.paste(image.convert("RGB"))
    return sheet


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """With the colours that its file meant, where these can be made out."""
    with suppress(ImageCms.PyCMSError, OSError, ValueError):
        meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        found = ImageCms.profileToProfile(image, meant, ImageCms.createProfile("sRGB"), outputMode="RGB")
        return found or image
    return image


def _jpeg(sheet: Image.Image) -> tuple[bytes, int, int]:
    for side in SIDES:
        small = sheet.copy()
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        for quality in QUALITIES:
            out = io.BytesIO()
            small.save(out, "JPEG", quality=quality, optimize=True)
            if out.tell() <= MOST_BYTES:
                return out.getvalue(), *small.size
    raise Unreadable("took_too_long")
