"""A document on paper (PDF/UA-1): set by typst, with its fonts in it, so that it reads alike everywhere and aloud.

What it says goes to typst as data, never as source. It may read the template and its fonts and nothing else. Pure: the same
book is the same bytes.
"""

from base64 import b64encode
from datetime import datetime
from importlib.resources import as_file, files
from typing import Any, Final, Literal

import msgspec
import regex
import typst

from forum.exports.ballots import Sheaf
from forum.exports.book import Block, Book, Picture
from forum.exports.deck import Deck

PICTURE_PPI: Final = 144.0
PICTURE_WIDTH_CM, PICTURE_HEIGHT_CM = 17.0, 10.0  # of a photograph at most: two stand on a page
REMEMBERED: Final = 11  # settings, by typst
_WIDE: Final = {
    wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)
}  # of which no font here has the wide form
_BARRED: Final = regex.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def write(book: Book) -> bytes:
    """The whole document."""
    return _written("book", _told(book), book.at)


def cards(deck: Deck) -> bytes:
    """All cards, on pages to be cut or folded."""
    return _written("deck", msgspec.json.encode(_plain(deck)), deck.at)


def ballots(sheaf: Sheaf) -> bytes:
    """All paper ballots of one printing, as many on a sheet as fit."""
    return _written("ballots", msgspec.json.encode(_plain(sheaf)), sheaf.at)


def _written(template: str, told: bytes, iso: str) -> bytes:
    at = datetime.fromisoformat(iso)
    try:
        return _set(template, told, at, "ua-1")
    except (
        typst.TypstError
    ):  # a writing that no font here has: the standard knows no boxes in place of letters
        return _set(template, told, at, None)


def draw(book: Book, form: Literal["svg", "png"]) -> bytes:
    """A picture of it, of one page."""
    return _set("book", _told(book), datetime.fromisoformat(book.at), None, form)


def forget() -> None:
    """Let go of what typst remembers of documents before: some 400 MB of a plan of 500 actions.

    It forgets what the last ten settings did not use, and cannot be asked to otherwise.
    """
    for _ in range(REMEMBERED):
        typst.compile(
            b"",
            font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False),
            format="svg",
        )


def _set(
    template: str,
    told: bytes,
    at: datetime,
    standard: Literal["ua-1"] | None,
    form: Literal["pdf", "svg", "png"] = "pdf",
) -> bytes:
    own = files("forum.exports")
    with as_file(own / "typst") as sources, as_file(own / "fonts") as fonts:
        return typst.compile(
            str(sources / f"{template}.typ"),
            root=str(sources),
            font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(fonts)]),
            format=form,
            ppi=PICTURE_PPI,
            sys_inputs={"book": told.decode()},
            pdf_standards=standard,
            timestamp=round(at.timestamp()),
        )


def _told(book: Book) -> bytes:
    blocks = [{"block": type(one).__name__} | _plain(one) | _drawn(one, book) for one in book.blocks]
    about = [_plain(fact) for fact in book.about]
    return msgspec.json.encode(
        _plain(book._replace(pictures={}, blocks=())) | {"blocks": blocks, "about": about}
    )


def _drawn(one: Block, book: Book) -> dict[str, Any]:
    """A picture as text, which is all that typst is given: its bytes in a drawing of nothing else; and how wide it stands."""
    if not isinstance(one, Picture):
        return {}
    body, size = b64encode(book.pictures[one.name]).decode(), f'width="{one.width}" height="{one.height}"'
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {size}>'
        f'<image {size} xlink:href="data:image/jpeg;base64,{body}"/></svg>'
    )
    return {"drawing": drawing, "across": one.size(PICTURE_WIDTH_CM, PICTURE_HEIGHT_CM)[0]}


def _plain(value: Any) -> Any:
    """Blocks by their fields' names: as arrays, which tuples are, the template could not read them."""
    if hasattr(value, "_asdict"):
        return {name: _plain(held) for name, held in value._asdict().items()}
    if isinstance(value, str):
        return _BARRED.sub("", value).translate(_WIDE)
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
