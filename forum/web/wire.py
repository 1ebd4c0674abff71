"""What browsers may say: one text becomes one checked value, or a description of what is wrong with it. Pure.

Hides JSON, limits and the fields of commands. It never believes a client about who it is, which role it has,
or how long its text is. It never passes on a command that only the server may give (``room.FROM_SERVER``).

A frame that cannot be read is ``Malformed``. It is answered, under its number if that can be made out, and
counts towards closing the socket. Nothing of it is recorded: its tab fills the hole with a skip. If the
number of an op is readable but its body is not, the op is a ``Rejection`` (rule W1). It goes to the room as
already judged, so that its number is used and nothing behind it waits for ever.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

from forum.domain.kernel import N_, Command, Rejection, Words
from forum.domain.limits import (
    LARGEST,
    PLAIN,
    SOMETHING,
    Key,
    Limit,
    NewId,
    Range,
    Text,
    Values,
    Zone,
    limits,
    new_id,
    texts,
)
from forum.domain.roles import ENTERS_FOR_OTHERS, Role
from forum.domain.room import COMMANDS, FROM_SERVER
from forum.domain.sessions.words import PlanSession
from forum.domain.steps.board import EditIdea, PostIdea
from forum.language import zones
from forum.live import frames
from forum.opening import agendas, steps_again
from forum.web import chosen, pasted, sheets, text
from forum.web.misread import Malformed, misread, number_of
from forum.web.text import graphemes

VERSIONS: Final = frozenset(
    range(1, frames.VERSION + 1)
)  # pages that were open before the server was renewed
WHOLE: Final = 1  # the last version that takes what is personal only as a whole
UNPROVEN: Final = 2  # the last version that does not say where it stood, nor proves what it offers again
ENDLESS: Final = 3  # the last version that takes long lists only as a whole
MAX_MESSAGE_BYTES: Final = 32 * 1024
LANGUAGES: Final = ("fr", "en")
CID: Final = r"^[A-Za-z0-9_-]{16,40}\Z"
NEW_ID: Final = re.compile(r"[a-z0-9]{6,32}")
ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
KEY: Final = re.compile(r"[A-Za-z0-9._-]{1,64}(?:[/|][A-Za-z0-9._-]{1,64})?")

RULE: Final = "W1"
RULES: Final = {
    "W1": N_("What cannot be read changes nothing; the answer says what was wrong with it."),
} | text.RULES
REFUSALS: Final = {
    "bad_json": N_("This message could not be read. Reload the page, then try again."),
    "bad_shape": N_("This message is not of a known form. Reload the page, then try again."),
    "bad_type": N_("The field {field} is not of the right kind. Reload the page, then try again."),
    "bad_number": N_("The number in {field} is out of range. Correct it, then try again."),
    "bad_id": N_("The field {field} names nothing that can exist. Reload the page, then try again."),
    "bad_n": N_("This contribution has no valid number. Reload the page, then try again."),
    "bad_choice": N_("The value of {field} is not one of those possible. Choose one of them."),
    "unknown_field": N_("This message holds a field that does not exist. Reload the page, then try again."),
    "missing_field": N_("The field {field} is missing. Fill it in, then try again."),
    "unknown_command": N_("This page asks for something that does not exist. Reload it, then try again."),
    "rate": N_("That was very fast. Your contribution is kept and sent again in a moment."),
    "busy": N_("Very many contributions are arriving. Yours is kept and sent again in a moment."),
    "unavailable": N_("We cannot save right now. Your text is kept here; try again in a moment."),
    "no_such_room": N_("No forum has this code. Look at the screen again, or ask the facilitator."),
    "access_ended": N_(
        "This access has ended or was taken back. Open your link again, or ask the facilitator."
    ),
    "not_joined": N_("You are not in this forum yet. Join it first."),
} | (text.REFUSALS | pasted.REFUSALS)
"""Codes and sentences of the doors; where a code is also the domain's, this sentence is the one said."""

CLOSES: Final[dict[int, str]] = {
    4400: "bad message",
    4401: "not joined",
    4403: "not allowed",
    4404: "no such forum",
    4408: "no hello",
    4409: "replaced by a newer connection",
    4410: "forum closed",
    4413: "too large",
    4426: "reload the page",
    4429: "too fast",
    4431: "too slow",
    4503: "store unavailable",
}
"""Close codes of ours and their reasons; ``docs/protocol.md`` says what a browser does at each."""

ENDED: Final = frozenset({4401, 4403, 4404, 4410})
"""Close codes after which the same page has nothing to come back for."""

Count = Annotated[int, Meta(ge=0, le=LARGEST)]
Number = Annotated[int, Meta(ge=1, le=LARGEST)]
Cid = Annotated[str, Meta(pattern=CID)]
Chain = Annotated[str, Meta(pattern=r"^[0-9a-f]{0,64}\Z")]
Proof = Annotated[str, Meta(max_length=512, pattern=r"^[A-Za-z0-9._:-]*\Z")]
Order = Annotated[str, Meta(pattern=r"^[0-9]{0,20}\Z")]  # of a card in its list
PersonRef = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{0,64}\Z")]


class Resume(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a page stands in the journal."""

    g: Count
    s: Count
    c: Chain


class Hello(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="hello", tag_field="t"):
    """The first frame, and only the first."""

    v: int
    cid: Cid
    n: Count = 0  # last op number this tab has used
    resume: Resume | None = None


class Op(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="op", tag_field="t"):
    """One numbered command; its body is read when the command is known."""

    n: Number
    k: Annotated[str, Meta(max_length=40)]
    b: msgspec.Raw
    seen: Count = 0
    for_: PersonRef = msgspec.field(name="for", default="")
    again: bool = False  # it was saved once, and the store has lost it
    g: Count = 0  # where the page stood: the store's life
    c: Chain = ""  # and the chain at ``seen``
    proof: Proof = ""  # what its acknowledgement carried


class Need(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="need", tag_field="t"):
    """Send what changed since ``s``."""

    s: Count


class Beat(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="hb", tag_field="t"):
    """The browser's heartbeat: how far it is."""

    s: Count


class Posted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An op that came by HTTP; the address says which command."""

    cid: Cid
    n: Number
    b: msgspec.Raw
    seen: Count = 0
    for_: PersonRef = msgspec.field(name="for", default="")
    again: bool = False
    g: Count = 0
    c: Chain = ""
    proof: Proof = ""


Said = Hello | Op | Need | Beat
_FRAME = msgspec.json.Decoder(Said)
_POSTED = msgspec.json.Decoder(Posted)
_VERSION = msgspec.json.Decoder(dict[str, msgspec.Raw])

FIELDS: Final[dict[str, Text]] = {
    f"{kind}.{name}": limit for kind, command in COMMANDS.items() for name, limit in texts(command).items()
}
"""Free text, by command and field. Every other string of a command is an id or one of a few words."""

NEW_IDS: Final = {kind: name for kind, command in COMMANDS.items() if (name := new_id(command))}
"""The field by which a command's creator names the new thing."""

LISTS: Final = frozenset(
    f"{kind}.{name}"
    for kind, command in COMMANDS.items()
    for name, hint in get_type_hints(command).items()
    if any(get_origin(part) is tuple for part in (hint, *get_args(hint)))
) | {"InsertStep.settings.of"}
_MAY_SAY_NOTHING: Final = frozenset(
    f"{kind}.{name}"
    for kind, command in COMMANDS.items()
    for name, hint in get_type_hints(command).items()
    if type(None) in get_args(hint)
)
"""Fields of commands that are lists, and fields that may be null."""

ASKABLE: Final = {kind: command for kind, command in COMMANDS.items() if kind not in FROM_SERVER}
_BODIES = {kind: msgspec.json.Decoder(command) for kind, command in ASKABLE.items()}


def frame(message: str) -> Said | Malformed:
    """Read one text frame."""
    try:
        said: Said = _FRAME.decode(message)
    except msgspec.ValidationError as error:
        return misread(error)._replace(n=number_of(message))
    except (msgspec.DecodeError, RecursionError, ValueError):
        return Malformed("bad_json", n=number_of(message))
    return said


def spoken_version(message: str) -> int | None:
    """The version a hello speaks, when it can be read; None when there is none.

    Asked before ``frame``, so that a page of another version is told to reload instead of "bad message".
    """
    try:
        said = _VERSION.decode(message)
        if "v" not in said or msgspec.json.decode(said.get("t", b"null")) != "hello":
            return None
        return msgspec.json.decode(said["v"], type=int)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return None


def posted(body: bytes) -> Posted | Malformed:
    """Read the JSON body of an op that came by HTTP."""
    try:
        return _POSTED.decode(body)
    except msgspec.ValidationError as error:
        return misread(error)._replace(n=number_of(body))
    except (msgspec.DecodeError, RecursionError, ValueError):
        return Malformed("bad_json", n=number_of(body))


def command(kind: str, body: bytes | msgspec.Raw, role: Role) -> Command | Rejection:
    """The command that an op's body says, its texts clean and measured; or what is wrong with it."""
    decoder = _BODIES.get(kind)
    if decoder is None:
        return Rejection(RULE, "unknown_command")
    try:
        read: Command = decoder.decode(body)
    except msgspec.ValidationError as error:
        return _as_rejection(misread(error))
    except (msgspec.DecodeError, RecursionError, ValueError):
        return Rejection(RULE, "bad_json")
    return settled(read, role)


def form_command(kind: str, fields: Mapping[str, list[str]], made: str, role: Role) -> Command | Rejection:
    """The command that a plain form says.

    fields  every value by name; dots lead into records (``title.fr``)
    made    the id of the new thing, used where the form does not name one
    """
    wanted = ASKABLE.get(kind)
    if wanted is None:
        return Rejection(RULE, "unknown_command")
    body = _nested(kind, fields)
    new = NEW_IDS.get(kind)
    if new and not body.get(new):
        body[new] = made
    try:
        read = msgspec.convert(body, wanted, strict=False)
    except msgspec.ValidationError as error:
        return _as_rejection(misread(error))
    return settled(read, role)


def canonical(body: bytes | msgspec.Raw) -> bytes:
    """An op's body, the same however its JSON is written."""
    try:
        return msgspec.json.encode(msgspec.json.decode(body), order="sorted")
    except (msgspec.MsgspecError, RecursionError, ValueError, OverflowError):
        return bytes(body)


# --- inside


def _nested(kind: str, fields: Mapping[str, list[str]]) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for name, values in fields.items():
        inner, *path = name.split(".")[:4]
        field = f"{kind}.{inner}"
        value: Any = values if field in LISTS or f"{kind}.{name}" in LISTS else values[-1]
        if field in sheets.SAYS and len(values) > 1:
            value = [one for one in values if one]
        if value == "on":  # a ticked box that has no value of its own
            value = "true"
        if value == "" and field in _MAY_SAY_NOTHING and field not in FIELDS:
            value = None
        place = body
        for step in path:
            deeper = place.setdefault(inner, {})
            place, inner = (
                (deeper, step) if isinstance(deeper, dict) else (body, name)
            )  # so: an unknown field
        place[inner] = value
    return body


def settled(read: Command, role: Role) -> Command | Rejection:
    """The command with clean texts, counted lengths and an honest source; ids and numbers held to bounds."""
    said = limits(type(read))
    changed: dict[str, Any] = {}
    for name in read.__struct_fields__:
        value, limit = getattr(read, name), said.get(name)
        if isinstance(limit, Text | Values):
            value = _text(value, limit) if isinstance(limit, Text) else chosen.clean(name, value, limit)
            if isinstance(value, Rejection):
                return value
            changed[name] = value
            continue
        if f"{type(read).__name__}.{name}" in sheets.SAYS:
            continue
        wrong = _out_of_bounds(value, limit)
        if wrong:
            return Rejection(RULE, wrong, {"field": name})
    if isinstance(read, PostIdea | EditIdea):
        changed["length"] = graphemes(changed["text"])
    if isinstance(read, PostIdea) and (read.lang or read.stands_for):
        return Rejection(
            RULE, "unknown_field"
        )  # no surface says these yet, and what none says nobody else may
    if isinstance(read, PostIdea) and role not in ENTERS_FOR_OTHERS:
        changed["source"] = "phone"
    if isinstance(read, PlanSession):
        return _with_agenda(msgspec.structs.replace(read, **changed))
    return sheets.settled(msgspec.structs.replace(read, **changed), RULE)


def _with_agenda(read: PlanSession) -> PlanSession | Rejection:
    """The session with the steps of the agenda that it names: what they are, the server knows, and no client says."""
    agenda = agendas().get(read.agenda)
    if read.steps or (agenda is None and read.agenda):
        return Rejection(RULE, "bad_choice", {"field": "steps" if read.steps else "agenda"})
    if agenda is None:
        return read
    title = read.title if read.title.fr or read.title.en else agenda.title
    return msgspec.structs.replace(read, steps=steps_again(agenda, read.session), title=title)


def _text(value: str | Words | None, limit: Text) -> str | Words | Rejection | None:
    if value is None:
        return None
    if isinstance(value, str):
        return text.checked(value, limit)
    both = [text.checked(words, limit) for words in (value.fr, value.en)]
    refused = next((words for words in both if isinstance(words, Rejection)), None)
    return refused or Words(*(words for words in both if isinstance(words, str)))


def _out_of_bounds(value: object, limit: Limit | None = None) -> str | None:
    """Why a value that is no free text cannot be taken; looks into lists and records."""
    match value:
        case bool() | None:
            return None
        case int():
            bound = limit if isinstance(limit, Range) and not limit.judged else PLAIN
            return None if bound.holds(value) else "bad_number"
        case str() if isinstance(limit, NewId):
            return None if NEW_ID.fullmatch(value) else "bad_id"
        case str() if isinstance(limit, Key):
            return None if KEY.fullmatch(value) else "bad_id"
        case str() if isinstance(limit, Zone):
            return None if zones.known(value) else "bad_choice"
        case str():
            return None if not value or ID.fullmatch(value) else "bad_id"
        case Words():
            refused = _text(value, limit if isinstance(limit, Text) else SOMETHING)
            return refused.code if isinstance(refused, Rejection) else None
        case tuple():
            return next((why for v in value if (why := _out_of_bounds(v) or _void(v))), None)
        case dict():
            parts = (part for pair in value.items() for part in pair)
            return next((why for part in parts if (why := _out_of_bounds(part))), None)
        case msgspec.Struct():
            inside = limits(type(value))
            fields = value.__struct_fields__
            return next(
                (why for f in fields if (why := _out_of_bounds(getattr(value, f), inside.get(f)))), None
            )
        case _:
            return "bad_type"


def _void(value: object) -> str | None:
    return "bad_id" if value == "" else None


def _as_rejection(wrong: Malformed) -> Rejection:
    return Rejection(
        RULE, wrong.code, {"field": wrong.field or "?"} if "{field}" in REFUSALS[wrong.code] else {}
    )
