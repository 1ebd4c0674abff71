"""A receipt that is handed in to be checked: its marks are read, as a file or pasted, whatever stands around them. Pure."""

import re
from collections.abc import Iterable
from typing import Final

import msgspec

from forum.audit.claims import JOURNAL, SEAL_LENGTH, Claim
from forum.audit.contributions import CONTRIBUTIONS
from forum.audit.receipt import MOST_LINES
from forum.domain.kernel import PersonId

_MARK: Final = re.compile(
    r"^[ \t>|]*forum1:([A-Z0-9]{6}):([A-Za-z0-9._-]{1,64})"
    rf":({'|'.join((*CONTRIBUTIONS, JOURNAL))}):([A-Za-z0-9._-]{{1,64}}):([1-9][0-9]{{0,14}})"
    rf":([0-9a-f]{{16}}):([A-Za-z0-9_-]{{{SEAL_LENGTH}}})[ \t]*\r?$",
    re.MULTILINE,
)

_BEGUN: Final = re.compile(r"^[ \t>|]*forum1:", re.MULTILINE)


class NotAReceipt(ValueError):
    """What was handed in is no receipt; ``code`` is one of ``empty``, ``no_mark``, ``too_many``, ``mixed``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Marked(msgspec.Struct):
    mark: str


class _Marks(msgspec.Struct):
    """What is read of a receipt's JSON: its marks; the rest is notes."""

    mark: str = ""
    lines: list[_Marked] = []


_JSON: Final = msgspec.json.Decoder(_Marks)


def read(text: str) -> tuple[Claim, ...]:
    """The marks of a receipt, as a file or pasted, text or JSON, in their order and each once. Linear in the text.

    Whatever stands around the marks is passed over. Raises NotAReceipt when there is none, when there are more than
    a receipt can hold, when one is cut or altered, or when they are of several people or forums.
    """
    if not text.strip():
        raise NotAReceipt("empty")
    marks = _marks(text)
    whole = list(_claims(marks))
    claims = tuple(dict.fromkeys(whole))
    if not claims:
        raise NotAReceipt("no_mark")
    if len(_BEGUN.findall(marks)) > len(whole):
        raise NotAReceipt("cut")
    if len(claims) > MOST_LINES + 1:
        raise NotAReceipt("too_many")
    if len({(c.forum, c.person) for c in claims}) > 1:
        raise NotAReceipt("mixed")
    return claims


def _marks(text: str) -> str:
    if not text.lstrip("\ufeff \t\r\n").startswith("{"):
        return text
    try:
        found = _JSON.decode(text.lstrip("\ufeff"))
    except (msgspec.MsgspecError, RecursionError, UnicodeEncodeError):
        raise NotAReceipt("no_mark") from None
    return "\n".join([*(line.mark for line in found.lines), found.mark])


def _claims(text: str) -> Iterable[Claim]:
    for found in _MARK.finditer(text):
        forum, person, kind, name, number, chain, seal = found.groups()
        yield Claim(forum, PersonId(person), kind, name, int(number), chain, seal)
