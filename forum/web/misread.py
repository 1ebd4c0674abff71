"""What is wrong with a message that cannot be read: our code, the field, and the number of the op it was to be. Pure.

Hides msgspec's sentences. Names in an answer are ours, never the client's.
"""

import json
import re
from typing import Final, NamedTuple

import msgspec

from forum.domain.limits import LARGEST


class Malformed(NamedTuple):
    """A message that is none of ours: what to answer. Nothing in it counts."""

    code: str
    field: str = ""
    n: int = 0  # of the op it was to be, where that can be read: its tab waits for an answer to it


def number_of(message: str | bytes) -> int:
    """The number of an op that cannot be read as a whole: what its tab has under way; 0 when there is none to see."""
    try:
        said = json.loads(message)  # less strict than our reader: half characters, NaN
    except (RecursionError, ValueError):
        begins = _BEGINS.match(message if isinstance(message, str) else message.decode(errors="replace"))
        return int(begins[1]) if begins and int(begins[1]) <= LARGEST else 0
    is_op = isinstance(said, dict) and said.get("t", "op") == "op"
    n = said.get("n") if is_op else 0
    return n if type(n) is int and 1 <= n <= LARGEST else 0


_BEGINS = re.compile(r'\{"(?:t":"op|cid":"[\w-]{1,40})","n":([1-9][0-9]{0,15}),')  # as our script writes them
_AT = re.compile(r" - at `\$\.?([^`]{0,80})`$")
_MISSING = re.compile(r"missing required field `([^`]{1,40})`")
_PLAIN_NAME = re.compile(r"[A-Za-z_]{1,30}(?:[.\[][A-Za-z0-9_.\[\]]{0,30})?")
_BY_MESSAGE: Final[tuple[tuple[str, str], ...]] = (
    ("Object contains unknown field", "unknown_field"),
    ("Invalid enum value", "bad_choice"),
    ("Invalid value", "bad_choice"),
    ("Number out of range", "bad_number"),
    ("Expected `int` <=", "bad_number"),
    ("Expected `int` >=", "bad_number"),
    ("Expected `str` matching", "bad_id"),
    ("Expected `str` of length", "bad_id"),
)


def misread(error: msgspec.ValidationError) -> Malformed:
    """Sort msgspec's sentences into our codes. Names in the answer are ours, never the client's."""
    message = str(error)
    at = _AT.search(message)
    field = at[1] if at and _PLAIN_NAME.fullmatch(at[1]) else ""
    missing = _MISSING.search(message)
    if missing:
        return Malformed("bad_n", "n") if missing[1] == "n" else Malformed("missing_field", missing[1])
    if field == "n":
        return Malformed("bad_n", "n")
    code = next((code for start, code in _BY_MESSAGE if message.startswith(start)), None)
    if code is None:
        code = "bad_type" if field else "bad_shape"
    if code == "bad_choice" and field == "t":
        code = "bad_shape"
    return Malformed(code, "" if code == "unknown_field" else field)
