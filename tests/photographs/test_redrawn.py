"""Photographs drawn anew: upright, bounded, with nothing inside but the picture; what is none is refused with a sentence."""

import io
import random
from contextlib import suppress

import msgspec
import pytest
from PIL import Image

from forum.domain.photographs.part import LONGEST_SIDE, MOST_BYTES
from forum.photographs import SENTENCES, Unreadable
from forum.photographs.apart import redrawn_of
from forum.photographs.redrawn import redrawn
from forum.web.handed_in import PHOTOGRAPHS, answered_apart
from tests.photographs.pictures import NO_PICTURES, PLACE, a_photograph, a_telling_one


def opened(jpeg: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(jpeg), formats=("JPEG",))
    image.load()
    return image


def test_X1_nothing_is_left_of_what_the_phone_wrote_and_the_picture_stands_upright() -> None:
    jpeg, width, height = redrawn(a_telling_one())
    image = opened(jpeg)

    assert PLACE.encode() in a_telling_one()
    assert PLACE.encode() not in jpeg
    assert (b"Exif" in jpeg, b"ICC_PROFILE" in jpeg, b"http" in jpeg) == (False, False, False)
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert (width, height) == image.size == (600, 800)
    top, bottom = (image.convert("L").getpixel((300, y)) for y in (400, 401))
    left, right = (image.convert("L").getpixel((x, 400)) for x in (20, 580))
    assert abs(top - bottom) < 10 < abs(left - right), "what was above is now at the side"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_X1_a_photograph_is_made_as_small_as_a_document_needs(kind: str) -> None:
    jpeg, width, height = redrawn(a_photograph(3000, 1500, kind))

    assert (width, height) == (LONGEST_SIDE, LONGEST_SIDE // 2)
    assert len(jpeg) <= MOST_BYTES


def test_a_picture_that_cannot_be_pressed_together_becomes_smaller_still() -> None:
    noise = Image.frombytes("RGB", (2400, 1800), random.Random(7).randbytes(2400 * 1800 * 3))
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=95)
    jpeg, width, _ = redrawn(out.getvalue())

    assert len(jpeg) <= MOST_BYTES
    assert width < LONGEST_SIDE


def test_what_is_transparent_stands_on_white_and_a_picture_in_other_colours_is_read() -> None:
    clear = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(clear, "PNG")
    print_ = io.BytesIO()
    Image.new("CMYK", (40, 40), (0, 255, 255, 0)).save(print_, "JPEG")

    assert opened(redrawn(clear.getvalue())[0]).getpixel((20, 20)) == (255, 255, 255)
    red, green, _ = opened(redrawn(print_.getvalue())[0]).getpixel((20, 20))
    assert red > 200 > 100 > green


@pytest.mark.parametrize("name", NO_PICTURES)
def test_what_is_no_photograph_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        redrawn(NO_PICTURES[name])

    assert refused.value.code in SENTENCES
    assert SENTENCES[refused.value.code].format(**refused.value.params)


def test_pictures_that_were_damaged_anywhere_are_drawn_or_refused_and_nothing_else() -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    rng = random.Random(seed)
    whole = [a_photograph(120, 90, kind) for kind in ("JPEG", "PNG", "WEBP")] + [a_telling_one()]
    for _ in range(60):
        body = bytearray(rng.choice(whole))
        for _ in range(rng.randint(1, 12)):
            body[rng.randrange(len(body))] = rng.randrange(256)
        with suppress(Unreadable):
            assert opened(redrawn(bytes(body[: rng.randint(1, len(body))]))[0]).mode == "RGB"


async def test_a_file_is_opened_in_a_process_apart_which_says_why_it_refuses() -> None:
    answer = await answered_apart(PHOTOGRAPHS, a_photograph())
    refused = await answered_apart(PHOTOGRAPHS, NO_PICTURES["heic"])

    assert opened(redrawn_of(answer).jpeg).size == (640, 480)
    with pytest.raises(Unreadable, match="heic"):
        redrawn_of(refused)
    with pytest.raises(msgspec.MsgspecError):
        redrawn_of(b"")
