"""Every claim about a journal, as findings: proved, or broken at fact N.

Three ways that share nothing check each other: numbers and chain, by a link function written here again; the
rules' fold (``forum.domain``); and the recount from bytes (``recount``). One pass each, some 25 µs a fact in
all.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from forum.audit import cuts
from forum.audit.attested import Struck, attested, ended_by
from forum.audit.evidence import Evidence, Raw, filled
from forum.audit.recount import Poll, Recount
from forum.audit.second import Count
from forum.domain import erasing, records
from forum.domain.again import NotTaken, Waits
from forum.domain.keeping import Redacted
from forum.domain.kernel import N_, Asked, Record, Rejection, RoundId
from forum.domain.people import standing
from forum.domain.room import EMPTY, Refused, fold
from forum.domain.state import State
from forum.domain.steps.rounds import Round
from forum.domain.steps.voting import result
from forum.domain.terms import BallotStruck

MOST_SHOWN: Final = 20  # broken facts of one kind

HELD: Final = {
    "whole": N_("Facts 1 to {last} are there, without a hole"),
    "chain": N_("Every fact is the one that was written: the chain is unbroken up to {chain}"),
    "ops": N_("Every contribution is there once, in its order"),
    "explained": N_("Every fact can be read and follows from those before it"),
    "voters": N_("Only people of this room voted, each with one ballot a round"),
    "budget": N_("Nobody gave more than they had, in any round"),
    "close": N_("No vote came after the close"),
    "tally": N_("{title}, round {round}: counted twice, both counts agree. {sums}"),
    "recorded": N_("{title}, round {round}: result and ballots are those that the reveal recorded"),
    "kept": N_("{title}, round {round}: what was kept follows from the result, and each lot from its seed"),
    "unrevealed": N_("{title}, round {round}: {ballots} ballots; not revealed, so not told here"),
    "struck": N_("Words erased at somebody’s request: {count} {facts}"),
    "in_time": N_(
        "Ballots, and words with no part in the plan, struck when their time was over: {count} {facts}"
    ),
    "attested": N_(
        "{title}, round {round}: attested, and no longer recountable. Its ballots were struck after their time; fact {number}, "
        "which stood before, records the result of {people} ballots and their checksum {checksum}"
    ),
    "attested_late": N_(
        "{title}, round {round}: attested, and no longer recountable. Its ballots were struck after their time; its reveal, by an "
        "earlier version, recorded no result, so fact {number} recorded it just before: {people} ballots, checksum {checksum}"
    ),
    "left_empty": N_(
        "Numbers that the phone of somebody who was out left empty after a loss, and that earlier versions did not note: "
        "{count} {facts}"
    ),
    "lost": N_("Losses of the store that the journal tells of, with the numbers lost then: {count} {facts}"),
    "anchor": N_("The chain at fact {number} is {expected}, as expected"),
    "unlinked": N_(
        "This archive was written without authors. It does not prove that its facts are those that were written, nor that only "
        "people of the room voted. It says it comes from the history that ends at no. {number} with chain {chain}: compare these "
        "with receipts and exports"
    ),
}
BROKEN: Final = {
    "whole": N_("Fact {number} is not where it should be: {found}"),
    "short": N_("The journal ends at {found}, its head says {number}"),
    "chain": N_(
        "Fact {number} is not the one that was written: its content or what stands before it was altered"
    ),
    "head": N_("The chain at fact {number} is {found}, the head says {expected}"),
    "ops": N_("Fact {number} repeats or passes over a contribution: {found}"),
    "explained": N_("Fact {number} cannot be explained: {found}"),
    "no_voter": N_("Fact {number} is a vote of somebody who may not vote"),
    "no_option": N_("Fact {number} is a vote for something that is not on the ballot"),
    "no_round": N_("Fact {number} is a vote in a round that was never opened"),
    "over_budget": N_("Fact {number} gives more points than this person has"),
    "over_cap": N_("Fact {number} gives more points to one choice than is allowed"),
    "bad_mark": N_("Fact {number} gives a choice what its vote does not know"),
    "no_method": N_("Fact {number} opens a vote by a method that this version cannot count"),
    "after_close": N_("Fact {number} is a vote after the close"),
    "no_paper": N_("Fact {number} enters a paper ballot that was not printed, or that counts already"),
    "recorded": N_(
        "{title}, round {round}: what the reveal recorded at fact {number} is not what comes of the ballots: {found}"
    ),
    "tally": N_("{title}, round {round}: the two counts differ: {found}"),
    "kept": N_("{title}, round {round}: what fact {number} keeps does not follow from the result: {found}"),
    "anchor": N_("The chain at fact {number} is {found}, expected {expected}"),
    "struck": N_("Fact {number} was struck though it holds nobody’s words: {found}"),
    "unattested": N_(
        "{title}, round {round}: ballots were struck, from fact {number} on, though nothing recorded their result"
    ),
    "misattested": N_("{title}, round {round}: fact {number} records {found} ballots, but {people} voted"),
    "early": N_(
        "{title}, round {round}: fact {number} was a ballot, and was struck before its time was over"
    ),
}
OF_FAULT: Final = {
    "no_voter": "voters", "no_option": "voters", "no_round": "voters", "no_paper": "voters",
    "over_budget": "budget", "over_cap": "budget", "bad_mark": "budget", "no_method": "tally", "after_close": "close",
}  # fmt: skip


LEFT_OF_A_BALLOT: Final = b'"k":"BallotStruck"'
OUT: Final = Rejection("J3", "removed")
NOT_WITHOUT_AUTHORS: Final = frozenset({"chain", "ops", "voters"})
"""What an archive without authors cannot show: its facts were written anew, and each vote is somebody of its own."""


class Finding(NamedTuple):
    """One thing that was looked at. ``says`` names a sentence of ``HELD`` or ``BROKEN``, filled by ``params``."""

    check: str
    held: bool
    says: str
    number: int = 0  # the fact at which it broke
    params: dict[str, Any] = {}

    @property
    def sentence(self) -> str:
        return (HELD if self.held else BROKEN)[self.says]


class Verification(NamedTuple):
    """All findings, and the state that the journal adds up to, as far as it could be explained."""

    findings: tuple[Finding, ...]
    state: State
    chains: dict[int, str]  # number → chain, as the journal has it
    moments: dict[int, int]  # number → ms since the epoch

    @property
    def held(self) -> bool:
        return all(f.held for f in self.findings)


def verify(evidence: Evidence) -> Verification:
    """Look at everything; nothing that is found stops the rest from being looked at."""
    evidence = evidence._replace(entries=filled(evidence.entries))
    chains: dict[int, str] = {}
    whole = list(_whole(evidence))
    chain = list(_chain(evidence, chains))
    explained = list[Finding]()
    moments: dict[int, int] = {}
    out: set[int] = set()
    state = _folded(evidence.entries, explained, moments, out)
    ops = list(_ops(evidence.entries))
    left_empty = [f.number for f in ops if f.number in out and f.params["ahead"]]
    ended = ended_by(evidence.entries)
    votes = list(_votes(evidence.entries, state, ended))
    struck = [e.number for e in evidence.entries if e.digest]
    wordless = list(_wordless(evidence.entries, ended))
    last_chain = evidence.entries[-1].chain if evidence.entries else ""
    parts: dict[str, tuple[list[Finding], dict[str, Any]]] = {
        "whole": (whole, {"last": len(evidence.entries)}),
        "chain": (chain, {"chain": last_chain}),
        "ops": ([f for f in ops if f.number not in left_empty], {}),
        "explained": (explained, {}),
        "voters": ([f for f in votes if f.check == "voters"], {}),
        "budget": ([f for f in votes if f.check == "budget"], {}),
        "close": ([f for f in votes if f.check == "close"], {}),
    }
    findings = [
        f
        for check, (broken, told) in parts.items()
        for f in broken[:MOST_SHOWN] or [Finding(check, True, check, 0, told)]
    ]
    by_bytes = () if evidence.origin else ("recorded", "kept")
    findings += [f for f in votes if f.check == "tally" or f.check in by_bytes]
    if evidence.origin:
        told = {"number": evidence.number, "chain": evidence.origin}
        findings = [f for f in findings if f.check not in NOT_WITHOUT_AUTHORS]
        findings.append(Finding("unlinked", True, "unlinked", 0, told))
        return Verification(tuple(findings), state, {evidence.number: evidence.origin}, moments)
    findings += wordless[:MOST_SHOWN]
    if not wordless:
        struck = [number for number in struck if number not in ended]
        findings.append(Finding("struck", True, "struck", 0, {"count": len(struck), "facts": struck}))
        if ended:
            told = {"count": len(ended), "facts": sorted(ended)}
            findings.append(Finding("in_time", True, "in_time", 0, told))
    if left_empty:
        told = {"count": len(left_empty), "facts": left_empty}
        findings.append(Finding("left_empty", True, "left_empty", 0, told))
    lost = [f"{loss.after + 1}–{loss.upto}" for loss in state.gone.losses]
    if lost:
        findings.append(Finding("lost", True, "lost", 0, {"count": len(lost), "facts": lost}))
    return Verification(tuple(findings), state, chains, moments)


def _broken(check: str, number: int, says: str = "", **params: object) -> Finding:
    return Finding(check, False, says or check, number, {"number": number, **params})


def _whole(evidence: Evidence) -> Iterator[Finding]:
    expected = 1
    for entry in evidence.entries:
        if entry.number != expected:
            yield _broken("whole", expected, found=entry.number or "?")
        expected = max(expected, entry.number) + 1
    if expected - 1 != evidence.number:
        yield _broken("whole", evidence.number, "short", found=expected - 1)


def _chain(evidence: Evidence, chains: dict[int, str]) -> Iterator[Finding]:
    before = ""
    for entry in evidence.entries:
        body = entry.digest or hashlib.sha1(entry.body, usedforsecurity=False).hexdigest()
        link = f"{before}\n{entry.number}\n{entry.op}\n{body}".encode()
        chain = hashlib.sha1(link, usedforsecurity=False).hexdigest()[:16]
        if chain != entry.chain:
            yield _broken("chain", entry.number)
        chains[entry.number] = before = (
            entry.chain
        )  # as written: so that each break is named, not all that follow
    if before != evidence.chain:
        yield _broken("chain", evidence.number, "head", found=before or "–", expected=evidence.chain or "–")


def _ops(entries: Sequence[Raw]) -> Iterator[Finding]:
    last: dict[str, int] = {}
    before = ""
    for entry in entries:
        tab, _, number = entry.op.rpartition(":")
        if entry.op != before and tab:
            expected = last.get(tab, 0) + 1
            if number != str(expected) and _skipped_from(entry) != expected:
                ahead = number.isdecimal() and int(number) > expected
                yield _broken("ops", entry.number, found=entry.op, ahead=ahead)
            last[tab] = int(number) if number.isdecimal() else expected
        before = entry.op


def _wordless(entries: Iterable[Raw], ended: Mapping[int, Struck]) -> Iterator[Finding]:
    """Struck facts of a kind that holds no words, and none that a mark stood for: erasing is no way to lose a vote, and what
    is left of one stands nowhere else (K5)."""
    for entry in entries:
        if not entry.digest:
            if LEFT_OF_A_BALLOT in entry.body:
                yield _broken("struck", entry.number, found=BallotStruck.__name__)
            continue
        try:
            fact = records.decode(entry.body).fact
            kind = type(fact)
        except records.UnknownFact as error:
            yield _broken("struck", entry.number, found=str(error))
            continue
        redaction = (
            isinstance(fact, Redacted) and not fact.struck
        )  # it held what was left of an entry, with words of another
        of_a_vote = entry.number in ended and isinstance(fact, BallotStruck | Waits | NotTaken)
        aside = of_a_vote or (isinstance(fact, erasing.PUT_ASIDE) and erasing.had_words(fact))
        if kind not in erasing.HOLDS and kind not in erasing.MARKED and not aside and not redaction:
            yield _broken("struck", entry.number, found=kind.__name__)


def _skipped_from(entry: Raw) -> int:
    """The first of the numbers that an op says nothing fills any more, after the store had lost them; else 0."""
    if b'"Skipped"' not in entry.body:
        return 0
    try:
        fact = msgspec.json.decode(entry.body)["f"]
        return int(fact["first"]) if fact["k"] == "Skipped" else 0
    except (msgspec.MsgspecError, LookupError, TypeError, ValueError):
        return 0


def _folded(entries: Sequence[Raw], broken: list[Finding], moments: dict[int, int], out: set[int]) -> State:
    """The state that the rules' own fold reaches; it stops at what it cannot explain. Notes when each fact was, and which
    of them refused somebody who was out, after a loss.
    """
    state = EMPTY
    for entry in entries:
        if not entry.body:
            continue
        try:
            record = records.decode(entry.body)
            if _refused_outside(state, record):
                out.add(entry.number)
            state = fold(state, entry.number, entry.op, record)
        except (LookupError, ValueError, TypeError, AttributeError, AssertionError) as error:
            broken.append(_broken("explained", entry.number, found=type(error).__name__))
            break
        moments[entry.number] = record.at
    return state


def _refused_outside(state: State, record: Record) -> bool:
    """Whether this refuses somebody who was out as such, once the store had lost something. Only so could a version before
    0.2.0 leave numbers empty: it refused the ``Skip`` by which such a phone says that nothing fills them any more.
    """
    fact, by = record.fact, record.entered_by or record.by
    if not (isinstance(fact, Refused) and state.gone.losses and by in state.people.by_id):
        return False
    return standing(state, Asked(by, record.at)) == Rejection(fact.rule, fact.code) == OUT


def _votes(entries: Iterable[Raw], state: State, ended: Mapping[int, Struck]) -> Iterator[Finding]:
    recount = Recount()
    for entry in entries:
        if not entry.body:
            continue
        try:
            recount.feed([(entry.number, entry.body)])
        except (LookupError, ValueError, TypeError, AttributeError):
            break  # said by ``_folded``, which reads the same bytes
    for number, fault in recount.broken:
        yield _broken(OF_FAULT[fault], number, fault)
    for name, poll in recount.polls.items():
        if poll.known:
            yield from _round(name, poll, state, ended)


def _round(name: str, poll: Poll, state: State, ended: Mapping[int, Struck]) -> Iterator[Finding]:
    """One round, as the rules counted it, and as its reveal recorded it, against the recount."""
    round_ = state.rounds.by_id.get(RoundId(name))
    step = state.step(round_.step) if round_ else None
    told: dict[str, Any] = {
        "title": step.title if step else name, "round": round_.number if round_ else "?", "id": name,
    }  # fmt: skip
    if round_ is None:
        yield Finding("tally", False, "tally", poll.opened, {**told, "found": "–", "number": poll.opened})
        return
    if poll.struck and poll.revealed:
        found = attested(poll, ended)
        params = {**told, "number": found.number, **found.params}
        yield Finding("tally", found.held, found.says, found.number, params)
        if poll.recorded:
            ranks = {line["option"]: line["rank"] for line in poll.recorded["result"]["lines"]}
            yield from _kept(poll, ranks, poll.recorded["ballots"], told)
        return
    again = poll.count()
    yield _tally(poll, again, round_, told)
    if poll.recorded:
        differs = ", ".join(_misrecorded(poll, again, poll.recorded))
        params = {**told, "number": poll.counted, "found": differs}
        yield Finding("recorded", not differs, "recorded", poll.counted if differs else 0, params)
    yield from _kept(poll, again.ranks, poll.recorded["ballots"] if poll.recorded else poll.checksum, told)


def _kept(poll: Poll, ranks: Mapping[str, int], ballots: str, told: dict[str, Any]) -> Iterator[Finding]:
    """The cuts that were made in a result: each against the ranks, its lot against the seed."""
    wrong = [
        (c.number, found)
        for c in poll.cuts
        if (found := ", ".join(cuts.faults(c, ranks, poll.seed, ballots)))
    ]
    for number, found in wrong[:MOST_SHOWN]:
        yield Finding("kept", False, "kept", number, {**told, "number": number, "found": found})
    if poll.cuts and not wrong:
        yield Finding("kept", True, "kept", 0, told)


def _misrecorded(poll: Poll, counted: Count, said: dict[str, Any]) -> Iterator[str]:
    """What of the record does not come of the ballots."""
    kept = said["result"]
    lines = {line["option"]: (line["rank"], line["numbers"]) for line in kept["lines"]}
    if lines != {o: (rank, counted.numbers[o]) for o, rank in counted.ranks.items()}:
        yield "result"
    sums = (kept["voters"], kept["blank"], kept["assisted"], kept["sums"])
    papers = (kept.get("papers", 0), kept.get("late", 0))
    if sums != (len(poll.given), poll.blank, len(poll.entered), counted.sums) or papers != poll.told_apart():
        yield "sums"
    if said["ballots"] != poll.checksum:
        yield "ballots"
    if (said["method"], said["version"]) != (poll.method, poll.version):
        yield "method"


def _tally(poll: Poll, again: Count, round_: Round, told: dict[str, Any]) -> Finding:
    marks: dict[str, dict[str, int]] = {person: dict(b.marks) for person, b in round_.ballots.items()}
    differ = sorted(p for p in marks.keys() | poll.given.keys() if marks.get(p) != poll.given.get(p))
    try:
        counted = result(msgspec.structs.replace(round_, counted=None))
    except LookupError:  # a vote for something that is not on the ballot, which is a finding of its own
        counted = None
        differ.append("tally")
    if counted and {line.option: (line.rank, line.numbers) for line in counted.lines} != {
        option: (rank, again.numbers[option]) for option, rank in again.ranks.items()
    }:
        differ.append("tally")
    if counted and (counted.sums, counted.blank, counted.assisted, (counted.papers, counted.late)) != (
        again.sums, poll.blank, len(poll.entered), poll.told_apart(),
    ):  # fmt: skip
        differ.append("sums")
    if differ:
        number = max((b.number for p, b in round_.ballots.items() if p in differ), default=poll.opened)
        return Finding("tally", False, "tally", number, {**told, "found": len(differ), "number": number})
    people = len(poll.given)
    if not poll.revealed:
        return Finding("tally", True, "unrevealed", 0, {**told, "ballots": people})
    sums = {"people": people, **again.sums, "blank": poll.blank, "entered": len(poll.entered)}
    papers, late = poll.told_apart()
    sums |= {"papers": papers, "late": late} if papers else {}
    return Finding("tally", True, "tally", 0, {**told, "method": poll.method, "sums": sums})
