"""What downloads are called: in the words of their title, and in ASCII for programs that can read nothing else.

Pure. A name holds letters, digits, hyphens and full stops only, so no system, shell or header reads more
into it.
"""

import unicodedata
from typing import Final, NamedTuple

import regex

STEM_CHARS: Final = 40
STEM_BYTES: Final = 120  # UTF-8; a whole name stays far below the 255 of file systems
_OTHER: Final = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
_UNSEEN: Final = regex.compile(r"[\p{Cf}\p{Default_Ignorable_Code_Point}]+")
_APART: Final = str.maketrans(
    {
        "ß": "ss", "ẞ": "SS", "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D",
        "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ł": "l", "Ł": "L", "ħ": "h", "Ħ": "H", "ı": "i", "ŋ": "ng",
        "Ŋ": "NG", "ŧ": "t", "Ŧ": "T", "ƒ": "f", "ə": "e", "Ə": "E", "’": "'", "‘": "'", "–": "-", "—": "-",
        "“": '"', "”": '"', "«": '"', "»": '"', "…": "...", "€": "EUR",
    }
)  # fmt: skip
"""What no decomposition knows: letters of Latin alphabets and signs of print."""


def folded(text: str) -> str:
    """The text in ASCII, as somebody without accents would write it; what has no such writing is left out.

    "Idées été" → "Idees ete", "œuvre" → "oeuvre", "Straße" → "Strasse", "日本" → "".
    """
    apart = unicodedata.normalize("NFKD", text.translate(_APART)).translate(_APART)
    return " ".join(apart.encode("ascii", "ignore").decode().split())


class FileName(NamedTuple):
    """One name in two writings."""

    full: str
    plain: str  # ASCII


def named(title: str, rest: str, *, otherwise: str, what: str = "") -> FileName:
    """A file's name: its title, what it is, then what tells it from others (``-12.md``, ASCII).

    what        in words of ours, of any language; "" for nothing
    otherwise   ASCII; stands for a title of which nothing is left
    """
    return FileName(
        f"{_stem(title) or otherwise}{_apart(what)}{rest}",
        f"{_stem(folded(title))[:STEM_CHARS].strip('-') or otherwise}{_apart(folded(what))}{rest}",
    )


def _apart(what: str) -> str:
    return f"-{_stem(what).lower()}" if what else ""


def _stem(title: str) -> str:
    words = _OTHER.sub("-", unicodedata.normalize("NFC", _UNSEEN.sub("", title))).strip("-")
    kept = ""
    for sign in regex.findall(r"\X", words)[:STEM_CHARS]:
        if len((kept + sign).encode()) > STEM_BYTES:
            break
        kept += sign
    return kept.strip("-")
