"""What a terminal can show: every character as it is, or the nearest one that the terminal has. A closed pipe is no
error.

Hides encodings and pipes. Some terminals know only ASCII or Latin-1 (``LC_ALL=C``, a serial line, an old
server). There, other characters are replaced: ’ by ', é by e. If the reader stops early (``| head -1``), the
command still finishes its work; the rest of its output is dropped.
"""

import codecs
import errno
import io
import os
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, TextIO

PLAINLY: Final = "forum.plainly"
GIVES_UP: Final = (
    "strict",
    "surrogateescape",
    "backslashreplace",
)  # what a stream does unless somebody chose otherwise
BLOCKS: Final = "█▀▄"  # what a QR is drawn of
NEAREST: Final = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′", "'"), **dict.fromkeys("“”„«»″", '"'), **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("·•", "*"), "×": "x", "→": "->", "←": "<-", "≤": "<=", "≥": ">=", "≠": "!=", "⁄": "/", "✓": "ok",
        "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "€": "EUR",
        "©": "(c)", "®": "(R)", "\ufeff": "", "\u200b": "", "\u00ad": "",
    }
)  # fmt: skip
UNKNOWN: Final = "?"


def prepare() -> None:
    """See that nothing printed from now on can fail for its letters."""
    codecs.register_error(PLAINLY, _one_plainly)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors in GIVES_UP:
            stream.reconfigure(errors=PLAINLY)


def finish() -> None:
    """Give out what is still held back, before the interpreter would, which complains of a reader that has gone."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError), heard(stream):
            stream.flush()


def plainly(text: str) -> str:
    """A text in ASCII, by the nearest signs."""
    near = unicodedata.normalize("NFKD", text.translate(NEAREST)).translate(NEAREST)
    return "".join(c if c.isascii() else UNKNOWN for c in near if not unicodedata.combining(c))


def shows(stream: TextIO, text: str) -> bool:
    """Whether a terminal has these signs."""
    try:
        text.encode(stream.encoding or "ascii")
    except (UnicodeError, LookupError):
        return False
    return True


def is_unicode(stream: TextIO) -> bool:
    """Whether a terminal has every sign there is."""
    try:
        return codecs.lookup(stream.encoding or "ascii").name.startswith("utf")
    except LookupError:
        return False


@contextmanager
def heard(stream: TextIO | Any) -> Iterator[None]:
    """Write something out; when nobody reads it any more, this and the rest goes nowhere. OSError for any other reason."""
    try:
        yield
    except OSError as error:
        _to_nobody(stream)
        if not isinstance(error, BrokenPipeError) and error.errno != errno.EPIPE:
            raise


# --- inside


def _one_plainly(error: UnicodeError) -> tuple[str | bytes, int]:
    """What stands for the first sign that could not be encoded."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    sign = error.object[error.start]
    if "\udc80" <= sign <= "\udcff":  # of a file's name: the byte itself
        return bytes([ord(sign) - 0xDC00]), error.start + 1
    return plainly(sign), error.start + 1


def _to_nobody(stream: TextIO | Any) -> None:
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, stream.fileno())
        finally:
            os.close(nowhere)
