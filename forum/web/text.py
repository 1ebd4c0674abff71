"""What a person may write. It is cleaned on entry, so that no page, log or export stumbles over it later.

Hides Unicode. Removes what cannot be seen or would reorder other people's words. Keeps everything people
write with (emoji families, flags, Arabic, decomposed Vietnamese), and counts characters as a reader does.
Knows no command, and never looks at meaning. Uses only ``regex`` patterns without backtracking: linear in
the text.
"""

import re
import unicodedata
from typing import Final

import regex

from forum.domain.kernel import N_, Rejection
from forum.domain.limits import ADDRESS, NAME, Text
from forum.domain.spelling import plain

RULE: Final = "W2"
RULES: Final = {
    "W2": N_(
        "Texts keep every letter and sign of every language; only invisible control characters are taken out."
    ),
}
REFUSALS: Final = {
    "empty": N_("Please write something first."),
    "too_long": N_(
        "This text has {count} characters, {over} more than the {limit} allowed. Shorten it, then send "
        "it again."
    ),
    "bad_text": N_("This text has characters that take too much room. Write it again with fewer of them."),
    "one_address": N_("This holds more than one address. Leave one only, then send it again."),
    "bad_address": N_(
        "This is no whole address: it looks like camille@example.org. Correct it, then send it again; nothing is lost."
    ),
    "name_reserved": N_("This name could be mistaken for somebody official. Choose another one."),
}

TEXT_BYTES: Final = 4096  # UTF-8; a fact's body stays far below what the journal takes
BYTES_A_CHARACTER: Final = 4  # of a long text: no alphabet needs more, nor a text that has some emoji
MOST_COUNTED: Final = 16 * 1024  # code points
RAW_CHARS: Final = 64 * 1024  # nothing longer reaches a door at all
MARKS_PER_BASE: Final = 8  # the most any living language stacks is four
NEWLINES: Final = 10
RESERVED: Final = frozenset(
    {"admin", "administrateur", "administratrice", "administrator", "animateur", "animatrice", "facilitateur",
     "facilitator", "facilitatrice", "forum", "moderateur", "moderator", "moderatrice", "system", "systeme"}
)  # fmt: skip


_NEWLINE = regex.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_UNSEEN = regex.compile(
    r"[[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Noncharacter_Code_Point}]--[\n\u200c\u200d]]", regex.V1
)
# Joiners mean something inside an emoji and in the scripts that join letters; nowhere else.
_PICTURE = r"\p{Extended_Pictographic}"
_JOINING = r"[\p{Arabic}\p{Syriac}\p{Mongolian}\p{Devanagari}\p{Bengali}\p{Gujarati}\p{Gurmukhi}\p{Kannada}\p{Malayalam}\p{Oriya}\p{Sinhala}\p{Tamil}\p{Telugu}\p{Khmer}\p{Myanmar}]"
_STRAY_JOINER = regex.compile(
    rf"\u200d(?<!(?:{_PICTURE}|[\ufe0f\U0001f3fb-\U0001f3ff])\u200d(?={_PICTURE}))"
    rf"(?<!{_JOINING}\p{{M}}?\u200d)|\u200c(?<!{_JOINING}\p{{M}}?\u200c)"
)
_HEAP = regex.compile(rf"(\p{{M}}{{{MARKS_PER_BASE}}})\p{{M}}++")
_BLANK = regex.compile(r"[\s\p{M}\p{Default_Ignorable_Code_Point}\u2800]*+")
_PLAIN = re.compile(r"[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u20ac]*")
"""Nothing in here is unseen, combines, joins, or has another form: what most people write, and cheap to know."""
_ADDRESS = re.compile(
    r"[^\s@,;:<>()\[\]\"\\\\]{1,64}@[^\s@,;:<>()\[\]\"\\\\.]+(?:\.[^\s@,;:<>()\[\]\"\\\\.]+)+"
)
_BLANK_LINES = regex.compile(r"\n{3,}+")
_FLAG = regex.compile(r"[\U0001f1e6-\U0001f1ff]{2}")


def graphemes(text: str) -> int:
    """Count characters as a reader does: a flag, a family, an accented letter are one each. Linear in the text."""
    if _PLAIN.fullmatch(text):
        return len(text)
    # Of a row of flags ``\X`` looks back to the first for each one: the square of their number.
    return len(regex.findall(r"\X", _FLAG.sub("x", text)))


def clean(raw: str, *, lines: bool = False) -> str:
    """The text without what nobody can see: NFC, no controls, at most 10 line breaks; "" when nothing is left.

    lines   False: line breaks become spaces
    """
    if _PLAIN.fullmatch(raw, 0, RAW_CHARS):
        return raw[:RAW_CHARS].strip()
    text = _NEWLINE.sub("\n", raw[:RAW_CHARS]).replace("\t", " ")
    text = _STRAY_JOINER.sub("", _UNSEEN.sub("", text))
    # Marks before NFC: reordering thousands of them costs the square of their number.
    text = unicodedata.normalize("NFC", _HEAP.sub(r"\1", text))
    text = _folded(text) if lines else text.replace("\n", " ")
    text = text.strip()
    return "" if _BLANK.fullmatch(text) else text


def checked(raw: str, limit: Text) -> str | Rejection:
    """Clean a text and hold it to its limits: ``empty``, ``too_long`` {count, limit} or ``bad_text``."""
    text = clean(raw, lines=limit.lines)
    if not text and limit.needed:
        return Rejection(RULE, "empty")
    count = graphemes(text) if len(text) <= MOST_COUNTED else len(text)
    if count > limit.most:
        return Rejection(RULE, "too_long", {"count": count, "limit": limit.most})
    if len(text.encode()) > max(TEXT_BYTES, BYTES_A_CHARACTER * limit.most):
        return Rejection(RULE, "bad_text")
    return text


def name(raw: str) -> str | Rejection:
    """A person's name; "" is no name. ``name_reserved`` for words that only a role badge may say."""
    text = checked(raw, NAME)
    if isinstance(text, str) and plain(text) in RESERVED:
        return Rejection(RULE, "name_reserved")
    return text


def address(raw: str) -> str | Rejection:
    """An address to which mail can go; "" is none. What people paste around one (``mailto:``, ``<…>``) is left out."""
    text = checked(raw, ADDRESS)
    if isinstance(text, Rejection) or not text:
        return text
    bare = text.removeprefix("mailto:").strip("<> ")
    if bare.count("@") > 1:
        return Rejection(RULE, "one_address")
    return bare if _ADDRESS.fullmatch(bare) else Rejection(RULE, "bad_address")


def _folded(text: str) -> str:
    trimmed = "\n".join(line.rstrip() for line in text.split("\n"))
    *kept, last = _BLANK_LINES.sub("\n\n", trimmed).split("\n", NEWLINES)
    return "\n".join((*kept, last.replace("\n", " ")))
