"""`make documents`: every document of a finished forum, in both languages, with a picture of each page, to be looked at.

They are written to build/documents. The tests that open and compare them run first, with whole programs where these are here:
LibreOffice, pdftotext, a browser; and a plan that LibreOffice changed comes back.
"""

import os
import subprocess
import sys
from pathlib import Path

import pypdfium2

from forum.exports import kinds, render
from forum.language import Reader
from tests.exports.test_books import in_depth
from tests.exports.test_exports import NAMES

PLACE = Path("build/documents")
SCALE = 1.0  # 72 dots an inch


def main() -> int:
    """Run the tests, write the documents; how the tests ended."""
    words = [sys.executable, "-m", "pytest", "-q", "-rs", "tests/exports", "tests/imports"]
    ended = subprocess.run(words, check=False, env=os.environ | {"FORUM_DOCUMENTS": "1"}).returncode
    room = in_depth()
    for lang in ("fr", "en"):
        place = PLACE / lang
        place.mkdir(parents=True, exist_ok=True)
        for kind in kinds():
            body = render(room.state, NAMES, "c0ffee", kind, Reader(lang, "Europe/Paris")).body
            (place / kind).write_bytes(body)
            if kind.endswith(".pdf"):
                _draw(place / kind)
    print(PLACE)
    return ended


def _draw(file: Path) -> None:
    with pypdfium2.PdfDocument(file) as document:
        for number, page in enumerate(document, 1):
            page.render(scale=SCALE).to_pil().save(file.with_name(f"{file.stem}-{number}.png"))


if __name__ == "__main__":
    sys.exit(main())
