"""An archive that links nobody's contributions: every card, ballot and commitment has a pseudonym of its own.

Three things link what somebody gave to a forum: their pseudonym, the tab they sent it from and, for a reader
who has the names, their name. Here each thing has a new pseudonym: each card, each ballot of a round, each
reason, each remark, each answer to whether one objects, each commitment. So do being in the room, being done with a step, and
sorting. Photographs, on which people may be seen, salts and tabs are left out, and so is whose words were struck, and the
words of a reason that does not stand: why it went, the ballot says whose it was. Every fact keeps its number and its moment,
so the count of every vote is the same. Pure but for chance.

``Kept.origin`` says what is lost: these are not the bytes that the forum's chain covers. What the organisers
already know remains: a person who saw somebody write at a certain moment, or has their receipt with its
numbers, finds these facts.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec

from forum.domain import methods
from forum.journal import Entry
from forum.journal.contract import linked
from forum.keeping.archive import Kept

TAB: Final = "unlinked"
CARD: Final = frozenset({"IdeaPosted", "IdeaEdited", "IdeaWithdrawn"})
BALLOT: Final = frozenset({
    "MarkGiven", "PointsAllocated", "BlankCast", "BallotReplaced", "BallotRestored",
})  # fmt: skip
COMMITMENT: Final = frozenset({"Pledged", "ReadersChosen", "PledgeWithdrawn"})
OFFER: Final = frozenset({"PilotChosen", "Volunteered", "SteppedBack"})
SHEET: Final = frozenset({"SheetMade", "SheetEdited", "SheetRemoved", "SheetRestored"})
REASON: Final = frozenset({"ReasonGiven", "ReasonTakenBack"})
REMARK: Final = frozenset({"Remarked", "RemarkTakenBack", "ObjectionJudged"})
DONE: Final = frozenset({"DoneSaid", "DoneTakenBack"})
PRESENCE: Final = frozenset({
    "PersonJoined", "PersonNamed", "PersonApproved", "PersonRemoved", "PeopleRemoved", "PeopleReadmitted",
    "ErasureAsked", "Redacted", "VoiceHanded", "VoiceReturned",
})  # fmt: skip
HANDED: Final[Mapping[str, tuple[str, ...]]] = {
    "VoiceHanded": ("to",), "VoiceReturned": ("of",), "BallotRestored": ("of",),
}  # fmt: skip
JOINS: Final[Mapping[str, tuple[str, Any]]] = {
    "ErasureAsked": ("chosen", []), "Redacted": ("struck", []), "TabCopied": ("tab", TAB),
}  # fmt: skip
"""Fields that name several things of one person, or their tab, and what stands there instead."""


def unlinked(kept: Kept, new_pseudonym: Callable[[], str]) -> Kept:
    """The same forum without authors, names and links. 20 µs a fact."""
    bodies = [msgspec.json.decode(entry.body) for entry in kept.entries]
    people = {name for body in bodies for name in _people(body)}
    names: dict[tuple[str, ...], str] = {}
    lost: dict[str, str] = {}  # op of a history that was lost → what stands for it
    proven = {body["o"][2] for body in bodies if "o" in body}
    again = _numbers(kept, proven)
    carried: dict[str, str] = {}  # round → the first one whose ballots go on in it
    gone = _gone_reasons(bodies)
    said_in: dict[
        str, tuple[str, ...]
    ] = {}  # what was said to a proposal → within what its author keeps a pseudonym
    entries: list[Entry] = []
    chain, number, before = "", 0, ""
    for entry, body in zip(kept.entries, bodies, strict=True):
        fact = body["f"]
        if fact["k"] == "RoundOpened" and fact.get("carried"):
            carried[fact["round"]] = carried.get(fact["carried"], fact["carried"])
        number += entry.op != before
        before = entry.op
        if fact["k"] in REASON and fact["id"] in gone:
            name = names.setdefault(("gone", fact["id"]), new_pseudonym())
            body["f"] = fact = {
                "k": "ReasonTakenBack",
                "round": fact["round"],
                "key": fact["key"],
                "id": name,
            }
        scope = _scope(fact, carried) or _of_proposal(fact, said_in) or ("op", str(number))

        def other(person: str, scope: tuple[str, ...] = scope) -> str:
            key = (*scope, person)
            if key not in names:
                names[key] = new_pseudonym()
            return names[key]

        said = _apart_from_tabs(_said(body, people, other), lost, again)
        op = f"{TAB}:{number}"
        text = msgspec.json.encode(said)
        chain = linked(chain, entry.seq, op, text)
        entries.append(Entry(entry.seq, op, text, chain))
    return kept._replace(entries=entries, names=None, keys=None, origin=kept.chain, photographs={})


def _people(body: dict[str, Any]) -> set[str]:
    """The people that a fact names in its envelope or by its nature; every fact of theirs is covered by one of these."""
    fact = body["f"]
    claimed = fact["was"]["by"] if fact["k"] == "Waits" else ""  # perhaps of an access that was lost with it
    named = (body.get("w"), body.get("e"), fact.get("person"), fact.get("author"), claimed, *_handed(fact))
    return {str(name) for name in named if name}


def _handed(fact: dict[str, Any]) -> tuple[str, ...]:
    """The other one of two who had one voice: they may have given nothing else."""
    return tuple(str(fact[name]) for name in HANDED.get(fact["k"], ()))


def _scope(fact: dict[str, Any], carried: Mapping[str, str]) -> tuple[str, ...]:
    """Within what one person keeps one pseudonym; () for a gesture by itself."""
    kind = fact["k"]
    if kind in CARD:
        return "card", fact["idea"]
    if kind in BALLOT:
        return "ballot", carried.get(fact["round"], fact["round"])
    if kind in REASON:
        return "reason", fact["id"]
    if kind in COMMITMENT:
        return "commitment", fact["id"]
    if kind in OFFER:
        return "action", fact["action"]
    if kind in SHEET:
        return "sheet", fact["sheet"]
    if kind in DONE:
        return "done", fact["step"]
    return ("presence",) if kind in PRESENCE else ()


def _of_proposal(fact: dict[str, Any], said_in: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The same for what is said to a proposal: each alone, but for one's answers to one question, the last of which counts."""
    if fact["k"] == "NoObjectionSaid":
        return "answer", fact["step"], str(fact["round"])
    if fact["k"] == "Remarked":
        alone = ("remark", fact["id"])
        round_ = fact.get("round", 0)
        said_in[fact["id"]] = ("answer", fact["step"], str(round_)) if round_ else alone
        return said_in[fact["id"]]
    return said_in.get(fact["remark"], ()) if fact["k"] in REMARK else ()


def _gone_reasons(bodies: Iterable[dict[str, Any]]) -> set[str]:
    """The ids of reasons that stand no more: taken back, their mark no longer against, or their ballot replaced by another."""
    first: dict[str, str] = {}
    against: dict[str, Callable[[int], bool] | None] = {}
    standing: dict[tuple[str, str], dict[str, str]] = {}  # whose, in which round → key → id
    gone, aside = set[str](), set[tuple[str, str]]()
    for body in bodies:
        fact = body["f"]
        kind, round_ = fact["k"], first.get(fact.get("round", ""), "")
        theirs = standing.setdefault((round_, body.get("w", "")), {})
        match kind:
            case "RoundOpened":
                first[fact["round"]] = first.get(fact.get("carried") or "", fact["round"])
                against[first[fact["round"]]] = methods.of(fact.get("method", "dots")).against
            case "ReasonGiven":
                theirs[fact["key"]] = fact["id"]
            case "ReasonTakenBack":
                gone.add(fact["id"])
            case "MarkGiven" if fact["key"] in theirs:
                is_against = against.get(round_)
                if not (is_against and is_against(fact["mark"])):
                    gone.add(theirs.pop(fact["key"]))
            case "BallotReplaced":
                aside.add((round_, fact["person"]))
            case "BallotRestored":
                aside.add((round_, fact["of"]))
                aside.discard((round_, fact["person"]))
            case _:
                pass
    return gone.union(*(standing.get(whose, {}).values() for whose in aside))


def _said(body: dict[str, Any], people: set[str], other: Callable[[str], str]) -> dict[str, Any]:
    """A fact's body without its salt and its op's mark, its people called otherwise wherever they stand."""
    fact = dict(body["f"])
    if fact["k"] in JOINS:
        field, nothing = JOINS[fact["k"]]
        fact[field] = nothing
    said = {name: value for name, value in body.items() if name not in "sm"} | {"f": fact}
    renamed: dict[str, Any] = _renamed(said, people, other)
    return renamed


def _numbers(kept: Kept, proven: set[str]) -> dict[str, str]:
    """What stands for each op of the journal, but for those that something says to be its return from a loss."""
    ops = dict.fromkeys(entry.op for entry in kept.entries)
    return {op: f"{TAB}:{number}" for number, op in enumerate(ops, 1) if op not in proven}


def _apart_from_tabs(body: dict[str, Any], lost: dict[str, str], again: Mapping[str, str]) -> dict[str, Any]:
    """A body that says of what came again which op it had been, as the fold needs it, but not of which tab."""
    said, fact = dict(body), dict(body["f"])

    def other(op: str) -> str:
        return lost.setdefault(op, f"{TAB}-lost-{len(lost) + 1}:1")

    if "o" in said:
        gen, seq, op, *place = said["o"]
        said["o"] = [gen, seq, other(op), *place[:3]]  # not whose access it had been
    if fact["k"] == "Waits":
        fact["was"] = fact["was"] | {"op": other(fact["was"]["op"])}
    if fact["k"] == "TailLost" and fact.get("which"):
        fact["which"] = {again.get(op) or other(op): round_ for op, round_ in fact["which"].items()}
    return said | {"f": fact}


def _renamed(value: Any, people: set[str], other: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return other(value) if value in people else value
    if isinstance(value, list):
        return [_renamed(one, people, other) for one in value]
    if isinstance(value, dict):
        return {_renamed(name, people, other): _renamed(one, people, other) for name, one in value.items()}
    return value
