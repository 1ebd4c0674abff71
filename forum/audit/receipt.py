"""A receipt: what one person is told of their own contributions, to keep, and to check later.

Each line names a contribution, the number of its fact and the chain at that number, and ends in a *mark*:

    forum1:ABC234:PERSON:card:IDEA:412:CHAIN:SEAL

The seal is an HMAC over the rest of the mark, with a secret of the server. This has four consequences:

- Nobody can make up a line. A claim that the forum lost a vote is either sealed, and then serious, or not
  ours.
- A person without a sealed line learns nothing from a check. It does not look at kind, id and person of an
  unsealed line, and gives the same answer whatever the journal holds.
- **The words and points on a receipt are personal notes, outside the seal.** A check never compares them,
  and a file with other points checks just as well. So a receipt proves to others that somebody voted, never
  how; a person under pressure can show any vote. For the same reason a file leaves the points out unless
  asked.
- Only the voter is told, by their cookie, that a vote was changed afterwards (``check``). A receipt handed
  over under pressure does not tell whether its owner changed their mind.

A person who holds the whole journal knows more than a receipt says, with or without it (SECURITY.md). A
receipt never holds anything of another person.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple

import msgspec

from forum.domain import again, methods
from forum.domain.kernel import Millis, PersonId, RoundId, SheetId, StepId
from forum.domain.room import REFUSALS
from forum.domain.sheets import SCHEMAS, UNKNOWN
from forum.domain.state import Round, State
from forum.domain.steps.pledge import live_commitments
from forum.language import Reader
from forum.language.tellings import TELLINGS

SCHEMA: Final = "forum/receipt/1"
MOST_LINES: Final = 150  # of one receipt, the newest: a file of about 45 KB
SECRET_BYTES: Final = 32
NOT_KEPT: Final = "result_not_kept"
SEAL_LENGTH: Final = 20  # of URL-safe base64: 120 bits

Kind = Literal["card", "ballot", "commitment", "sheet", "journal"]
Seal = Callable[[str], str]
"""From a mark without its seal to the seal."""


class Claim(NamedTuple):
    """One mark, as a receipt carries it."""

    forum: str
    person: PersonId
    kind: Kind
    id: str  # of the card, the round, the commitment or the sheet; "-" for the journal itself
    number: int
    chain: str
    seal: str = ""

    def __str__(self) -> str:
        return f"{self.unsealed}:{self.seal}"

    @property
    def unsealed(self) -> str:
        """What the seal is made over."""
        return f"forum1:{self.forum}:{self.person}:{self.kind}:{self.id}:{self.number}:{self.chain}"

    def sealed(self, seal: Seal) -> "Claim":
        return self._replace(seal=seal(self.unsealed))

    def is_sealed(self, seal: Seal) -> bool:
        return hmac.compare_digest(self.seal, seal(self.unsealed))


def sealing(secret: bytes) -> Seal:
    """The seals of a server, from its secret. ValueError for one that could be guessed."""
    if len(secret) < SECRET_BYTES:
        raise ValueError(f"expected a secret of {SECRET_BYTES} bytes, got {len(secret)}")

    def seal(mark: str) -> str:
        made = hmac.digest(secret, f"receipt\n{mark}".encode(), "sha256")
        return urlsafe_b64encode(made).decode()[:SEAL_LENGTH]

    return seal


class Line(msgspec.Struct, frozen=True):
    """One contribution, with the notes of its author."""

    kind: Kind
    number: int
    at: Millis
    mark: str  # a ``Claim`` as text
    words: str = ""  # the card, the commitment or the name of the vote
    round: int = 0  # of a vote
    points: dict[str, int] = {}  # choice → mark; empty for a blank ballot, and where they are left out
    told: bool = True  # whether ``points`` are told at all
    yours: str = ""  # of a sheet: what it is, as a message id
    hidden: str | None = None  # why the facilitator hid the card; None: it is not hidden
    method: str = "dots"  # of a vote


class Untaken(msgspec.Struct, frozen=True):
    """A contribution that was saved, lost by the store, and could not be taken again: no line, since nothing counts."""

    words: str
    code: str  # of the refusal
    params: dict[str, Any] = {}


class Receipt(msgspec.Struct, frozen=True):
    """What one person takes home."""

    schema: str
    forum: str
    title: str
    person: PersonId
    at: Millis
    number: int  # where the journal stood
    chain: str
    mark: str  # of that
    lines: tuple[Line, ...]  # oldest first
    left_out: int = 0  # older lines than a receipt holds
    untaken: tuple[Untaken, ...] = ()


def claims_of(state: State, person: PersonId) -> list[Claim]:
    """What stands of this person, by fact number; chains and seals are still empty. Cost: their contributions."""

    def claim(kind: Kind, name: str, number: int) -> Claim:
        return Claim(state.code, person, kind, name, number, "")

    cards = (state.ideas[i] for i in state.by_author.get(person, ()))
    found = [claim("card", i.id, i.worded) for i in cards if i.state != "withdrawn"]
    found += [claim("ballot", r.id, r.ballots[person].number) for r in voted_rounds(state, person)]
    found += [claim("commitment", c.id, c.made) for c in live_commitments(state) if c.person == person]
    found += [
        claim("sheet", s.id, s.own) for s in state.sheets.by_id.values() if s.by == person and not s.removed
    ]
    return sorted((c for c in found if c.number), key=lambda c: c.number)


def voted_rounds(state: State, person: PersonId) -> Iterator[Round]:
    """The rounds in which this person's ballot counts, or will: not those that went on in a later one."""
    for step in state.steps:
        for name in state.step_rounds.get(step.id, ()):
            round_ = state.rounds[name]
            if person in round_.ballots and counting(state, round_) is round_:
                yield round_


def counting(state: State, round_: Round) -> Round:
    """The round in which a round's ballots count: itself, or, when it was reopened before a reveal, the next ones."""
    if round_.revealed_at:
        return round_
    later = state.step_rounds.get(round_.step, ())
    after = (state.rounds[r] for r in later[later.index(round_.id) + 1 :])
    for other in after:
        if other.revealed_at:
            return other
        round_ = other
    return round_


def receipt(
    state: State,
    person: PersonId,
    chains: Mapping[int, str],
    moments: Mapping[int, int],
    seal: Seal,
    option: Callable[[StepId, str], str],
    *,
    chain: str,
    at: int,
    lang: str,
    points: bool,
) -> Receipt:
    """Tell a person what stands of theirs.

    chains, moments  the chain at, and the time of, each number that ``claims_of`` names; without one there is no line
    option           a choice's words, by step and id
    chain            the journal's now, at ``state.seq``
    points           whether to write down what was given; a choice of theirs, each time
    """
    claims = claims_of(state, person)
    kept = [c._replace(chain=chains[c.number]) for c in claims[-MOST_LINES:] if c.number in chains]
    lines = tuple(_line(state, c.sealed(seal), moments.get(c.number, 0), option, lang, points) for c in kept)
    whole = Claim(state.code, person, "journal", "-", state.seq, chain).sealed(seal)
    left_out = max(0, len(claims) - MOST_LINES)
    untaken = tuple(
        Untaken(again.words_of(one.kind, one.body)[1], one.refused.code, one.refused.params)
        for one in state.untaken.get(person, ())
    )
    return Receipt(
        SCHEMA,
        state.code,
        state.title,
        person,
        Millis(at),
        state.seq,
        chain,
        str(whole),
        lines,
        left_out,
        untaken,
    )


def _line(
    state: State, claim: Claim, at: int, option: Callable[[StepId, str], str], lang: str, points: bool
) -> Line:
    mark, when = str(claim), Millis(at)
    if claim.kind == "card":
        idea = state.ideas[claim.id]  # type: ignore[index]
        reason = idea.reason if idea.state == "hidden" else None
        return Line("card", claim.number, when, mark, idea.text, hidden=reason)
    if claim.kind == "commitment":
        return Line("commitment", claim.number, when, mark, state.commitments[claim.id].text)  # type: ignore[index]
    if claim.kind == "sheet":
        return Line("sheet", claim.number, when, mark, sheet_words(state, claim), yours=yours(state, claim))
    round_ = state.rounds[claim.id]  # type: ignore[index]
    step = state.step(round_.step)
    title = step.title.get(lang) if step else ""
    given = round_.ballots[claim.person].marks
    keys = methods.of(round_.method).keys(round_) if points else ()
    told = {option(round_.step, key) or key: given[key] for key in keys if key in given}
    return Line("ballot", claim.number, when, mark, title, round_.number, told, points, method=round_.method)


def yours(state: State, claim: Claim) -> str:
    """What a sheet of one's own is called, as a message id; "" for what is none."""
    sheet = state.sheets.by_id.get(SheetId(claim.id)) if claim.kind == "sheet" else None
    return SCHEMAS.get(sheet.schema, UNKNOWN).yours if sheet else ""


def sheet_words(state: State, claim: Claim) -> str:
    """What a sheet says, as far as it stands in the words of who wrote it first."""
    sheet = state.sheets.by_id[SheetId(claim.id)]
    words = SCHEMAS.get(sheet.schema, UNKNOWN).words_in(sheet.fields)
    return " – ".join(text for name, text in words.items() if text and sheet.wrote[name].by == claim.person)


def as_json(told: Receipt) -> bytes:
    """A receipt for machines: UTF-8, indented."""
    return msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n"


def as_text(told: Receipt, reader: Reader, address: str) -> str:
    """A receipt for people: plain text, to print or to paste anywhere. ``address``: where it can be checked."""
    return "\n".join(_text(told, reader, address)) + "\n"


def _text(told: Receipt, reader: Reader, address: str) -> Iterator[str]:
    say = reader.say
    yield say("My receipt – {title}", title=_flat(told.title))
    yield say(
        "Forum {code}, {day}, {time}", code=told.forum, day=reader.day(told.at), time=reader.clock(told.at)
    )
    yield ""
    yield say("This receipt is for you. Nobody may ask you for it, and it cannot prove how you voted.")
    yield say("To check it, on any device: {address}", address=address)
    for line in told.lines:
        yield ""
        yield say(
            "No. {number}, {time} – {what}",
            number=line.number,
            time=reader.clock(line.at) if line.at else "–",
            what=heading(line.kind, reader, title=line.words, round_=line.round, sheet=line.yours),
        )
        yield from (f"  {note}" for note in _notes(line, reader))
        yield line.mark
    yield ""
    if told.left_out:
        yield reader.say_many("{n} older line is left out.", "{n} older lines are left out.", told.left_out)
    for lost in told.untaken:
        yield say(
            "Saved once, lost by the store, and not taken again: {words}", words=_flat(lost.words) or "–"
        )
        yield f"  {_why(lost, reader)}"
        yield ""
    yield say("The journal stood at no. {number}, chain {chain}.", number=told.number, chain=told.chain)
    yield told.mark


def _why(lost: Untaken, reader: Reader) -> str:
    """The reason, as its author was told it; of a refusal that another version wrote, only that it was. Names nobody."""
    try:
        return reader.refusal(lost.code, lost.params, REFUSALS, lambda _: "–")
    except (KeyError, ValueError, IndexError):
        return reader.say(REFUSALS[NOT_KEPT])


def heading(kind: Kind, reader: Reader, *, title: str = "–", round_: int = 0, sheet: str = "") -> str:
    """What a line is about; ``title`` and ``round_`` are a vote's, ``sheet`` says whose and what a sheet is."""
    match kind:
        case "card":
            return reader.say("Your card")
        case "commitment":
            return reader.say("Your commitment")
        case "sheet":
            return reader.say(sheet or UNKNOWN.yours)
        case "journal":
            return reader.say("The journal")
    return reader.say("Your vote, {title}, round {number}", title=_flat(title), number=round_ or "–")


def heading_of(claim: Claim, state: State, reader: Reader) -> str:
    """What a mark is about."""
    round_ = state.rounds.get(RoundId(claim.id)) if claim.kind == "ballot" else None
    step = state.step(round_.step) if round_ else None
    if round_ is None or step is None:
        return heading(claim.kind, reader, sheet=yours(state, claim))
    return heading(claim.kind, reader, title=step.title.get(reader.lang), round_=round_.number)


def _notes(line: Line, reader: Reader) -> Iterator[str]:
    if line.kind != "ballot":
        yield _flat(line.words)
        if line.hidden is not None:
            yield reader.say("Hidden by the facilitator: {reason}", reason=_flat(line.hidden))
    elif line.told and not line.points:
        yield reader.say("A blank ballot.")
    for choice, mark in line.points.items():
        yield TELLINGS[line.method].marked(reader, mark, _flat(choice))


def _flat(text: str) -> str:
    """On one line, so that nobody's words can look like a mark, which stands alone on its own."""
    return " ".join(text.split())
