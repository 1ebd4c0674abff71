"""What a person meant when they typed or pasted a code, an address or a secret, whatever mails and keyboards made of
it.

Hides Unicode. Everything written by hand passes through here. What cannot be understood is left to the
caller to refuse. Linear, and bounded before anything else is done.
"""

import unicodedata
from typing import Final
from urllib.parse import quote, unquote

import regex
from regex import Match

from forum.domain.kernel import N_
from forum.journal import CODE_LENGTH, CODE_LETTERS, is_code

MOST_CHARS: Final = (
    4096  # an address with its secret, wrapped by a mail and with invisible signs between its letters
)
PERSONAL_SIGNS: Final = 16  # of a person's own code
WORKPLACES: Final = ("/desk", "/screen", "/staff", "/ticket", "/mine")
PAGES: Final = ("/help", "/check")  # of no forum, which somebody may type
REFUSALS: Final = {
    "bad_code": N_("A code has six letters or digits. Look at the screen again, or ask the facilitator."),
    "misread_code": N_(
        "Codes never contain I, L, O, 0 or 1: what looks like one is another character. Look at the "
        "screen again."
    ),
    "own_code": N_(
        "This is a personal code. Type the code of the room first: six letters or digits, on its screen. "
        "Then choose “I was here before”."
    ),
    "cut_link": N_(
        "This link is incomplete: it does not contain a whole code of six letters or digits. Ask for the "
        "link again, or type the code that is on the screen."
    ),
}
_UNSEEN: Final = r"\s\p{Z}\p{Cf}\p{Default_Ignorable_Code_Point}"
_DASHES: Final = r"\p{Dash}\u2043"
_GAPS: Final = regex.compile(rf"[{_UNSEEN}{_DASHES}\p{{P}}<>]+")
_NOTHING: Final = regex.compile(rf"[{_UNSEEN}]+")
_DASH: Final = regex.compile(rf"[{_DASHES}]")
_ADDRESS: Final = regex.compile(
    r"(?:^|/)[fF]/(?P<code>[^/?#]{1,400})(?P<path>/\w+)?[^#]*(?:#(?P<secret>.*))?"
)
_SHORT: Final = regex.compile(
    r"[<(\[\"'«]?(?:\w{1,10}://[^/?#]{1,400}|(?=[^/?#]*[.:])[^/?#]{1,400})?/"
    r"(?P<code>[^/?#]{1,400})(?i:(?P<path>" + "|".join(WORKPLACES) + r"))?/?[>)\]\"'».,;:!*]{0,3}(?:[?#].*)?"
)
"""A server's address with nothing behind it but a code, as the wall seems to say it, or a surface of its forum."""
_CUT: Final = regex.compile(r"(?=[^/]*/)(?:\w{1,10}://)?[^/?#]{0,400}(?:/[fF]?/?)?(?:[?#].*)?")
"""The address of a server alone, or what is left of a forum's."""
_TAIL: Final = regex.compile(rf"(?r)[{_UNSEEN}\p{{P}}<>]+\Z")
_FILE: Final = regex.compile(r"(?:^|/)\.|\.\p{L}\w{1,7}\Z")
_QUERY: Final = regex.compile(r"[?&]code=(?P<code>[^&#]{1,400})")
_SECRET: Final = regex.compile(r"[A-Za-z0-9_-]{16,64}")
_PERSONAL: Final = regex.compile(rf"[{CODE_LETTERS}]{{{PERSONAL_SIGNS}}}")
_OF_DESK: Final = regex.compile(rf"[{CODE_LETTERS}]{{8,10}}")
_BOTH: Final = regex.compile(
    rf"(?P<room>[{CODE_LETTERS}]{{{CODE_LENGTH}}})(?P<own>[{CODE_LETTERS}]{{{PERSONAL_SIGNS}}})"
)
"""The room's code and behind it one's own, as somebody notes both."""
_ALIKE: Final = str.maketrans(
    "АВСЕНКМРТХУЅЈԚԜΑΒΕΖΗΚΜΝΡΤΧΥU",  # Cyrillic, Greek
    "ABCEHKMPTXYSJQWABEZHKMNPTXYV",  # no code has a U, since it is read as V
)
NEVER: Final = frozenset("ILO01")
"""Signs of no code, which may each be misread from several: they cannot be put right, only named."""


def code(written: str) -> str | None:
    """The room's code that somebody meant; None: it cannot be one."""
    words = _words(written)
    found = "".join(words)
    if is_code(found):
        return found
    half = len(found) // 2
    if found[:half] == found[half:] and is_code(found[:half]):  # copied with its label, or twice
        return found[:half]
    among = _among(words)
    return among.pop() if len(among) == 1 else None


def misread(written: str) -> bool:
    """Whether this would be a code, but for signs that no code holds."""
    found = _signs(written).removeprefix("CODE")
    return len(found) == CODE_LENGTH and found.isascii() and found.isalnum() and not NEVER.isdisjoint(found)


def why_not(written: str) -> str:
    """Why what was written leads to no forum: a name in REFUSALS."""
    if len(written) > MOST_CHARS:
        return "bad_code"
    whole = _NOTHING.sub("", written)
    asked = _asked(whole)
    meant = unquote(asked["code"]) if asked else written
    if misread(meant):
        return "misread_code"
    if own_code(meant):
        return "own_code"
    signs = _signs(meant)
    short = asked is not None and len(signs) < CODE_LENGTH and set(signs) <= set(CODE_LETTERS)
    return "cut_link" if short or _CUT.fullmatch(whole) else "bad_code"


def typed(path: str) -> str | None:
    """What may have been meant for a code in a path that leads nowhere: "" in a cut link; None: nobody typed this."""
    _, first, *rest = path.split("/")
    if not first or _FILE.search(path):
        return None
    if first in ("f", "F"):
        return rest[0] if rest else ""
    return first if not rest or (rest == [""] and len(_signs(first)) <= CODE_LENGTH) else None


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
        both = (
            None
            if asked or "://" in whole
            else _BOTH.fullmatch(_signs(written, CODE_LENGTH + PERSONAL_SIGNS))
        )
        if both:
            return f"/f/{both['room']}/mine#{both['own']}"
        room = code(unquote(asked["code"])) if asked else None if "://" in whole else code(written)
        held = asked.groupdict().get("path") or "" if asked else ""
        return f"/f/{room}{held.lower()}" if room else None
    room = code(unquote(found["code"]))
    if room is None:
        return None
    path = (found["path"] or "").lower()
    path = path if path in WORKPLACES else ""
    held = secret(found["secret"] or "")
    return f"/f/{room}{path}#{held}" if path and _SECRET.fullmatch(held) else f"/f/{room}{path}"


def astray(path: str) -> str | None:
    """Where a path leads that is none of ours; None: nowhere. It may name a forum that there is not.

    ``/ABC234``, ``/F/abc234``, ``/ABC234/desk``, ``/f/ABC234/Desk``, ``/HELP``, an address typed behind the address.
    """
    if _FILE.search(path):
        return None
    tidy = _TAIL.sub("", path.lower())
    if tidy in PAGES:
        return tidy if tidy != path else None
    if path.startswith("/f/"):
        _, _, written, *rest = path.split("/", 3)
        room, below = code(written), _TAIL.sub("", "".join(rest).lower())
        return f"/f/{room}/{quote(below)}" if room and below and [below] != rest else None
    whole = (path, path[1:])  # no code is read across the name of a folder and that of a file
    led = (place(way) for way in whole if "/" not in way or _asked(_NOTHING.sub("", way)))
    return next((way for way in led if way), None)


def personal(written: str) -> str:
    """The signs of a person's own code, given alone or in a whole address; "" when it cannot be one."""
    signs = _signs(written[:MOST_CHARS].rpartition("#")[2], CODE_LENGTH + PERSONAL_SIGNS)
    both = _BOTH.fullmatch(signs)
    signs = both["own"] if both else signs
    return signs if _PERSONAL.fullmatch(signs) else ""


def desk_code(written: str) -> str:
    """The signs of a code of the desk, given alone or in a whole address; "" when it cannot be one."""
    signs = _signs(written[:MOST_CHARS].rpartition("#")[2], CODE_LENGTH + PERSONAL_SIGNS)
    return signs if _OF_DESK.fullmatch(signs) else ""


def own_code(written: str) -> str:
    """The signs of a person's own code in a field that asks for something else; "" for words: no figure, no groups of four."""
    signs = personal(written)
    parted = [len(word) for word in _words(written, PERSONAL_SIGNS)] == [4] * 4
    return signs if parted or any(sign.isdigit() for sign in signs) else ""


def secret(written: str) -> str:
    """A secret as it was given, out of a whole link or alone."""
    seen = _NOTHING.sub("", unicodedata.normalize("NFKC", written[:MOST_CHARS]))
    held: str = _DASH.sub("-", seen.rpartition("#")[2])
    return held.strip("<>")


def _asked(whole: str) -> Match[str] | None:
    """Where an address without gaps names a code; None: it is no address, or names none."""
    return _ADDRESS.search(whole) or _QUERY.search(whole) or _SHORT.fullmatch(whole)


def _signs(written: str, length: int = CODE_LENGTH) -> str:
    """What is left of a code when everything is taken away that is none of its signs: capitals and figures."""
    return "".join(_words(written, length))


def _words(written: str, length: int = CODE_LENGTH) -> list[str]:
    """The capitals and figures of a code, as its gaps part them; none when they are too many for a code with its label."""
    if len(written) > MOST_CHARS:
        return []
    parted = _GAPS.sub(" ", written)
    if (
        len(parted) - parted.count(" ") > 4 * length
    ):  # before it is put into its plain form, which may be longer
        return []
    words = _GAPS.sub(" ", unicodedata.normalize("NFKC", parted)).split()
    if sum(map(len, words)) > 4 * length:
        return []
    return ["".join(map(_capital, word)).translate(_ALIKE) for word in words]


def _among(words: list[str]) -> set[str]:
    """The codes that stand among other words: ``Room code: ABC 234``."""
    ends = [(start, end) for start in range(len(words)) for end in range(start + 1, len(words) + 1)]
    return {
        found
        for start, end in ends
        if end - start <= CODE_LENGTH and is_code(found := "".join(words[start:end]))
    }


def _capital(sign: str) -> str:
    figure = unicodedata.decimal(sign, None)
    large = sign.upper()
    return str(figure) if figure is not None else large if len(large) == 1 else sign
