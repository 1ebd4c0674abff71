"""What is fuzzed: each target takes any bytes, and fails only when something of ours does not keep its word.

Pure, so that any engine can drive them: the replay in ``make test``, ``make fuzz``, or a fuzzer from outside.
"""

import asyncio
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import parse_qs

import msgspec

from forum.domain import records, spelling
from forum.domain.kernel import Command, Record, Rejection
from forum.domain.limits import LARGEST, Text
from forum.domain.roles import Role
from forum.domain.room import COMMANDS, FACTS
from forum.exports import NotAnArchive, archive, read
from forum.journal import Entry, recompute
from forum.journal.contract import linked
from forum.language import Reader, best_language
from forum.live.reading import continued
from forum.opening import BadAgenda, read_agenda
from forum.web import pasted, text, verdicts, wire
from forum.web.addresses import Addresses
from forum.web.misread import Malformed
from tests.attack.fuzz.moves import Bytes, asked_of, invariants_hold, page_is_drawn
from tests.histories import PEOPLE
from tests.scenes import ECLAIR, FACILITATOR, Scene, a_room

Target = Callable[[bytes], None]

ROLES: Final = tuple(Role)
READERS: Final = (Reader("fr"), Reader("en"))
SIGNS: Final = frozenset({"Cc", "Cs", "Co", "Cn"})
ADDRESSES: Final = Addresses(8000, "https://forum.example", listens_on="127.0.0.1")


def frame(data: bytes) -> None:
    """One text frame of a socket, and the command in it."""
    message = data.decode("utf-8", "replace")
    said = wire.frame(message)
    version = wire.spoken_version(message)
    assert version is None or type(version) is int
    if isinstance(said, Malformed):
        assert_sayable(Rejection(wire.RULE, said.code, {"field": said.field or "?"}))
    if isinstance(said, wire.Op):
        assert 1 <= said.n <= LARGEST
        for role in (Role.PARTICIPANT, Role.FACILITATOR):
            assert_clean(wire.command(said.k, said.b, role))


def posted(data: bytes) -> None:
    """The body of an op that comes by HTTP."""
    said = wire.posted(data)
    if isinstance(said, Malformed):
        assert_sayable(Rejection(wire.RULE, said.code, {"field": said.field or "?"}))
    else:
        for kind in COMMANDS:
            assert_clean(wire.command(kind, said.b, Role.FACILITATOR))


def body(data: bytes) -> None:
    """A command's body; the first byte chooses the command."""
    kinds = (*wire.ASKABLE, "Join", "")
    kind = kinds[data[0] % len(kinds)] if data else ""
    assert_clean(wire.command(kind, data[1:], ROLES[len(data) % len(ROLES)]))


def form(data: bytes) -> None:
    """A plain form; its first line is the command's name."""
    kind, _, rest = data.decode("latin-1").partition("\n")  # as Starlette decodes a form
    fields = parse_qs(rest, keep_blank_values=True, errors="replace", max_num_fields=2000)
    assert_clean(wire.form_command(kind, fields, "made0001", Role.FACILITATOR))


def written(data: bytes) -> None:
    """What a person writes, as a text of several lines and of one, and as a name."""
    raw = data.decode("utf-8", "replace")
    for lines in (True, False):
        cleaned = text.clean(raw, lines=lines)
        assert_text(cleaned, lines)
        assert text.clean(cleaned, lines=lines) == cleaned, "cleaning what is clean changes nothing"
        checked = text.checked(raw, Text(140, lines=lines))
        if isinstance(checked, Rejection):
            assert_sayable(checked)
        else:
            assert text.graphemes(checked) <= 140
            assert len(checked.encode()) <= text.TEXT_BYTES
    named = text.name(raw)
    assert isinstance(named, Rejection) or spelling.same(named, named)


def address(data: bytes) -> None:
    """Codes, names of hosts and languages, as anybody may send them."""
    raw = data.decode("latin-1")
    code = pasted.code(raw)
    assert code is None or (code.isascii() and len(code) == 6)
    assert pasted.code(code or "") == code
    if ADDRESSES.known(raw):
        assert not set(raw) & set(" /\\@#?\r\n\0"), raw
    assert best_language(raw, "fr") in ("fr", "en")


def record(data: bytes) -> None:
    """The bytes of one journal entry, then its fact on a forum that is under way."""
    try:
        found = records.decode(data)
    except records.UnknownFact:
        return
    again = records.decode(records.encode(found))
    assert msgspec.structs.replace(again, size=found.size) == found  # written without what need not be there
    _folded(found)


def fact(data: bytes) -> None:
    """A fact of the right types, with ids that exist or do not, on a forum that is under way."""
    source = Bytes(data)
    kind = source.one_of(FACTS)
    try:
        made = msgspec.convert(source.fields(kind, _ROOM.state), kind)
    except msgspec.ValidationError:
        return
    _folded(Record(made, source.one_of([*PEOPLE, FACILITATOR, "nobody"]), source.number(2**48)))  # type: ignore[arg-type]


def agenda(data: bytes) -> None:
    """The file of an agenda."""
    try:
        found = read_agenda("fuzzed.json", data)
    except BadAgenda:
        return
    assert msgspec.json.decode(msgspec.json.encode(found), type=type(found)) == found


def imported(data: bytes) -> None:
    """An export that is read again."""
    try:
        found = read(data)
    except NotAnArchive:
        return
    assert read(archive.write(found)) == found


def play(data: bytes) -> None:
    """Commands of the right types by anybody, in any order: no surprise, and the invariants hold after each."""
    source = Bytes(data)
    room = Scene(_ROOM.state, list(_ROOM.journal), list(_ROOM.touched))
    for _ in range(60):
        if not source.left:
            break
        command, by, on_behalf = asked_of(source, room.state)
        if isinstance(command, Command):
            room.ask(command, by, seen=source.number(room.state.seq + 2), on_behalf=on_behalf)
            invariants_hold(room.state)
    assert room.replayed() == room.state, "the journal says what the state says"
    page_is_drawn(room)


TARGETS: Final[Mapping[str, Target]] = {
    target.__name__: target
    for target in (frame, posted, body, form, written, address, record, fact, agenda, imported, play)
}


# --- what must hold


def assert_clean(command: Command | Rejection) -> None:
    """A command from outside holds clean texts and plain ids only, and fits a journal entry."""
    if isinstance(command, Rejection):
        assert_sayable(command)
        return
    kind = type(command).__name__
    for name in command.__struct_fields__:
        field = wire.FIELDS.get(f"{kind}.{name}")
        for value in _strings(getattr(command, name)):
            assert_text(value, lines=field.lines if field else True)
            assert field or " " in value or wire.ID.fullmatch(value) or value == "" or len(value) <= 120
    assert len(msgspec.json.encode(command)) < 256 * 1024


def assert_sayable(refused: Rejection) -> None:
    """A refusal has a sentence in both languages that repeats nothing but bounds and our own words."""
    for reader in READERS:
        said = verdicts.sentence(reader, refused.code, refused.params, lambda _: "")
        assert said
        assert said.isprintable() or "\n" not in said
        assert len(said) < 400
    assert refused.code in verdicts.SENTENCES


def assert_text(value: str, lines: bool) -> None:
    """Nothing in it that cannot be seen or encoded, or that breaks the line."""
    value.encode()
    assert unicodedata.normalize("NFC", value) == value
    assert value == value.strip()
    assert value.count("\n") <= (text.NEWLINES if lines else 0)
    assert not {unicodedata.category(sign) for sign in value.replace("\n", "")} & (SIGNS - {"Cn"}), repr(
        value
    )
    assert not set(value) & set("\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


# --- inside


def _strings(value: object) -> list[str]:
    match value:
        case str():
            return [value]
        case tuple() | list():
            return [inner for item in value for inner in _strings(item)]
        case msgspec.Struct():
            return [inner for f in value.__struct_fields__ for inner in _strings(getattr(value, f))]
        case _:
            return []


def _folded(found: Record) -> None:
    """A fact that fits makes a state whose pages can be drawn; one that does not is told apart, and no surprise."""
    body = records.encode(found)
    before = _ROOM.state
    chain = linked("", before.seq + 1, "tab-fuzz:1", body)
    entry = Entry(before.seq + 1, "tab-fuzz:1", body, chain)
    recompute([entry], "")
    history = asyncio.run(continued(before, "", [entry]))
    assert history.problem or history.state.seq == before.seq + 1
    assert not history.problem or history.state is before


def _under_way() -> Scene:
    """A forum in the middle of its vote, with a plan begun: every kind of thing exists once."""
    room = a_room(ECLAIR, PEOPLE).opened("ideas").with_ideas(4, by=PEOPLE[0])
    room.revealed("ideas").opened("sort").with_theme("theme1", 1, 2, by=PEOPLE[1]).with_theme(
        "theme2", 3, by=PEOPLE[1]
    )
    room.opened("vote").voted(PEOPLE[2], theme1=1).closed("vote").revealed("vote")
    return room.opened("plan").with_plan("Ouvrir", "Partager").opened("vote")


_ROOM: Final = _under_way()
