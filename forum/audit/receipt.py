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

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import msgspec

from forum.audit.claims import JOURNAL, Claim, Seal
from forum.audit.contributions import CONTRIBUTIONS, Notes
from forum.domain import again, methods
from forum.domain.kernel import N_, Millis, PersonId, StepId
from forum.domain.room import REFUSALS
from forum.domain.state import State
from forum.language import Reader
from forum.language.tellings import TELLINGS

SCHEMA: Final = "forum/receipt/1"
MOST_LINES: Final = 150  # of one receipt, the newest: a file of about 45 KB
NOT_KEPT: Final = "result_not_kept"
STRUCK: Final = N_(
    "The ballots of this vote were struck after their time. The result stays; what you gave is kept nowhere any more."
)


class Line(msgspec.Struct, frozen=True):
    """One contribution, with the notes of its author."""

    kind: str  # as ``contributions`` knows it
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
    struck: bool = False  # of a vote: its ballots' time was over, and nobody knows ``points`` any more


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
    found = [
        Claim(state.code, person, word, name, number, "")
        for word, kind in CONTRIBUTIONS.items()
        for name, number in kind.of(state, person)
        if number
    ]
    return sorted(found, key=lambda c: c.number)


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
    whole = Claim(state.code, person, JOURNAL, "-", state.seq, chain).sealed(seal)
    left_out = max(0, len(claims) - MOST_LINES)
    untaken = tuple(
        Untaken(again.words_of(one.body), one.refused.code, one.refused.params)
        for one in state.gone.untaken.get(person, ())
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
    notes = CONTRIBUTIONS[claim.kind].notes(state, claim, lang)
    marks = notes.marks.items() if points else ()
    given = {
        choice_words(notes, key, lambda name: option(notes.step, name), Reader(lang)): mark
        for key, mark in marks
    }
    told = points or not notes.round
    return Line(
        claim.kind, claim.number, Millis(at), str(claim), notes.words, notes.round, given, told, notes.yours, notes.hidden,
        notes.method, notes.struck,
    )  # fmt: skip


def choice_words(notes: Notes, key: str, words: Callable[[str], str], reader: Reader) -> str:
    """What somebody gave a mark to, in the words of its method; an option that must not be read stays its id."""
    about = methods.of(notes.method).about(key)
    return TELLINGS[notes.method].choice(
        reader.of_vote(notes.worded), key, tuple(words(name) or name for name in about)
    )


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
    yield say("Times are local to {place}.", place=reader.place)
    yield ""
    yield say("This receipt is for you. Nobody may ask you for it, and it cannot prove how you voted.")
    yield say("To check it, on any device: {address}", address=address)
    for line in told.lines:
        yield ""
        yield say(
            "No. {number}, {time} – {what}",
            number=line.number,
            time=reader.clock(line.at) if line.at else "–",
            what=heading(line, reader),
        )
        yield from (f"  {note}" for note in _notes(line, reader))
        yield line.mark
    yield ""
    if told.left_out:
        yield reader.say_many("{n} older line is left out.", "{n} older lines are left out.", told.left_out)
    for lost in told.untaken:
        yield say(
            "Saved once, lost by the store, and not accepted again: {words}", words=_flat(lost.words) or "–"
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


def heading(line: Line, reader: Reader) -> str:
    """What a line is about."""
    return CONTRIBUTIONS[line.kind].heading(reader, Notes(line.words, yours=line.yours, round=line.round))


def _notes(line: Line, reader: Reader) -> Iterator[str]:
    if not line.round:
        yield _flat(line.words)
        if line.hidden is not None:
            yield reader.say("Hidden by the facilitator: {reason}", reason=_flat(line.hidden))
    elif line.struck:
        yield reader.say(STRUCK)
    elif line.told and not line.points:
        yield reader.say(TELLINGS[line.method].unmarked)
    for choice, mark in line.points.items():
        yield TELLINGS[line.method].marked(reader, mark, _flat(choice))


def _flat(text: str) -> str:
    """On one line, so that nobody's words can look like a mark, which stands alone on its own."""
    return " ".join(text.split())
