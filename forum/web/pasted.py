"""What somebody meant who typed or pasted a code, an address or a secret, whatever mails and keyboards made of it.

Hides Unicode. Everything that was written by hand comes by here; what it cannot be turned into is left to the
caller to refuse. Linear, and bounded before anything else is done.
"""

import unicodedata
from typing import Final
from urllib.parse import unquote

import regex

from forum.journal import CODE_LENGTH, CODE_LETTERS, is_code

MOST_CHARS: Final = (
    4096  # an address with its secret, wrapped by a mail and with invisible signs between its letters
)
PERSONAL_SIGNS: Final = 16  # of a person's own code
WORKPLACES: Final = ("/desk", "/screen", "/staff", "/ticket", "/mine")
_UNSEEN: Final = r"\s\p{Z}\p{Cf}\p{Default_Ignorable_Code_Point}"
_DASHES: Final = r"\p{Dash}\u2043"
_GAPS: Final = regex.compile(rf"[{_UNSEEN}{_DASHES}\p{{Pi}}\p{{Pf}}_.·•,;:<>\"']+")
_NOTHING: Final = regex.compile(rf"[{_UNSEEN}]+")
_DASH: Final = regex.compile(rf"[{_DASHES}]")
_ADDRESS: Final = regex.compile(r"/[fF]/(?P<code>[^/?#]{1,400})(?P<path>/\w+)?[^#]*(?:#(?P<secret>.*))?")
_SHORT: Final = regex.compile(
    r"[<(\[\"'«]?(?:\w{1,10}://[^/?#]{1,400}|(?=[^/?#]*[.:])[^/?#]{1,400})?/"
    r"(?P<code>[^/?#]{1,400})/?[>)\]\"'»]?(?:[?#].*)?"
)
"""A server's address with nothing behind it but a code, as the wall seems to say it."""
_QUERY: Final = regex.compile(r"[?&]code=(?P<code>[^&#]{1,400})")
_SECRET: Final = regex.compile(r"[A-Za-z0-9_-]{16,64}")
_PERSONAL: Final = regex.compile(rf"[{CODE_LETTERS}]{{{PERSONAL_SIGNS}}}")
_ALIKE: Final = str.maketrans(
    "АВСЕНКМРТХУЅЈԚԜΑΒΕΖΗΚΜΝΡΤΧΥU",  # Cyrillic, Greek
    "ABCEHKMPTXYSJQWABEZHKMNPTXYV",  # no code has a U, since it is read as V
)
NEVER: Final = frozenset("ILO01")
"""Signs of no code, which may each be misread from several: they cannot be put right, only named."""


def code(written: str) -> str | None:
    """The room's code that somebody meant; None: it cannot be one."""
    found = _signs(written)
    return found if is_code(found) else None


def misread(written: str) -> bool:
    """Whether this would be a code, but for signs that no code holds."""
    found = _signs(written)
    return len(found) == CODE_LENGTH and found.isascii() and found.isalnum() and not NEVER.isdisjoint(found)


def place(written: str) -> str | None:
    """The path on this server that a code or a whole address means, behind a # the secret it came with; None: none.

    Only a surface's way in is kept of an address: whatever else it says leads to the phone's page.
    """
    if len(written) > MOST_CHARS:
        return None
    whole = _NOTHING.sub("", written)
    found = _ADDRESS.search(whole)
    if found is None:
        asked = _QUERY.search(whole) or _SHORT.fullmatch(whole)
        room = code(unquote(asked["code"]) if asked else written)
        return f"/f/{room}" if room else None
    room = code(unquote(found["code"]))
    if room is None:
        return None
    path = (found["path"] or "").lower()
    path = path if path in WORKPLACES else ""
    held = secret(found["secret"] or "")
    return f"/f/{room}{path}#{held}" if path and _SECRET.fullmatch(held) else f"/f/{room}{path}"


def astray(path: str) -> str | None:
    """Where a path leads that is none of ours: ``/ABC234``, ``/F/abc234``, an address typed behind the address; None: nowhere."""
    return None if path.startswith("/f/") else place(path) or place(path[1:])


def personal(written: str) -> str:
    """The signs of a person's own code, given alone or in a whole address; "" when it cannot be one."""
    signs = _signs(written[:MOST_CHARS].rpartition("#")[2], PERSONAL_SIGNS)
    return signs if _PERSONAL.fullmatch(signs) else ""


def secret(written: str) -> str:
    """A secret as it was given, out of a whole link or alone."""
    seen = _NOTHING.sub("", unicodedata.normalize("NFKC", written[:MOST_CHARS]))
    held: str = _DASH.sub("-", seen.rpartition("#")[2])
    return held.strip("<>")


def _signs(written: str, length: int = CODE_LENGTH) -> str:
    """What is left of a code when everything is taken away that is none of its signs: capitals and figures."""
    if len(written) > MOST_CHARS:
        return ""
    bare = _GAPS.sub("", unicodedata.normalize("NFKC", _GAPS.sub("", written)))
    return "".join(map(_capital, bare)).translate(_ALIKE) if len(bare) <= 4 * length else ""


def _capital(sign: str) -> str:
    figure = unicodedata.decimal(sign, None)
    large = sign.upper()
    return str(figure) if figure is not None else large if len(large) == 1 else sign
