"""The votes of a forum, counted a second time from the journal's bytes, in another way than ``forum.domain`` counts
them.

It is plain on purpose, and a second copy of the rules V1 to V4 on purpose. It shares no line with the first
count, so a mistake there cannot hide here. It reads JSON, keeps dictionaries, and knows nothing of States or
folds.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from forum.audit.cuts import Cut
from forum.audit.tallies import TALLIES, Count
from forum.audit.tallies import Fault as MarkFault

PAPER = "paper:"  # and a code: a ballot that no voice gave
VOICES = {"participant", "secretary", "jury"}

Fault = Literal[MarkFault, "after_close", "no_option", "no_voter", "no_round", "no_method", "no_paper"]


class Broken(NamedTuple):
    """A vote in the journal that no rule allows."""

    number: int
    fault: Fault


@dataclass
class Poll:
    """One round: who gave which mark to what."""

    step: str
    options: list[str]
    method: str
    version: int
    terms: dict[str, int]
    opened: int  # fact
    seed: int = 0
    open: bool = True
    revealed: bool = False
    given: dict[str, dict[str, int]] = field(default_factory=dict)  # person → key → mark, without zeros
    seals: dict[str, str] = field(default_factory=dict)  # person → what stands for their ballot
    entered: set[str] = field(default_factory=set)  # people for whom the desk entered last
    aside: dict[str, tuple[dict[str, int], str, bool]] = field(
        default_factory=dict
    )  # ballots that count no more
    recorded: dict[str, Any] | None = None  # what the reveal says it counted
    counted: int = 0  # fact that says so
    struck: list[int] = field(default_factory=list)  # facts of which only is left that somebody voted
    shown_at: int = 0  # when it was revealed, in ms
    counted_at: int = 0  # when its result was recorded
    papers: int = 0  # ballots on paper that were printed for it
    late: set[str] = field(default_factory=set)  # of paper, entered after the close
    cuts: list[Cut] = field(default_factory=list)  # made in its result

    @property
    def known(self) -> bool:
        """Whether this version can count it."""
        return (self.method, self.version) in TALLIES

    def count(self, given: dict[str, dict[str, int]] | None = None) -> Count:
        """What comes of all ballots, or of these. What is drawn by lot is drawn by the round's seed."""
        return TALLIES[self.method, self.version].counted(
            self.options, {**self.terms, "seed": self.seed}, self.given if given is None else given
        )

    def faults(self, given: dict[str, dict[str, int]]) -> dict[str, MarkFault]:
        """What is wrong with these ballots, by voter."""
        if not self.known:
            return {}
        alone = TALLIES[self.method, self.version].faults
        return alone(self.terms, given) if alone else self.count(given).faults

    def has(self, key: str) -> bool:
        """Whether marks are given under this key; of a method that this version cannot count nothing is claimed."""
        return not self.known or key in TALLIES[self.method, self.version].keys(self.options)

    def instead(self, gone: str, back: str = "") -> None:
        """One ballot counts no more, and another one, if it was put aside, again: their voice went over (V14)."""
        if gone in self.given:
            self.aside[gone] = self.given.pop(gone), self.seals.pop(gone), gone in self.entered
            self.entered.discard(gone)
        if back in self.aside:
            self.given[back], self.seals[back], entered = self.aside.pop(back)
            self.entered |= {back} if entered else set()

    @property
    def on_paper(self) -> int:
        """How many of the ballots were entered from paper."""
        return sum(1 for voter in self.given if voter.startswith(PAPER))

    def told_apart(self) -> tuple[int, int]:
        """How many are of paper, and how many of these were entered late."""
        return self.on_paper, len(self.late)

    def from_paper(self, paper: str, marks: dict[str, int], salt: str) -> bool:
        """A ballot is entered by the code of its paper; whether there can be one that was not entered yet."""
        free = paper not in self.given and self.on_paper < self.papers
        self.given[paper] = {key: mark for key, mark in marks.items() if mark}
        self.seal(paper, salt)
        if not self.open:
            self.late.add(paper)
        return free

    def paper_back(self, paper: str) -> None:
        """What was entered from a paper counts no more."""
        self.given.pop(paper, None)
        self.seals.pop(paper, None)
        self.late.discard(paper)

    def seal(self, who: str, salt: str) -> None:
        """Note what stands for somebody's ballot, by the salt of its last fact."""
        marks = " ".join(f"{key}={mark}" for key, mark in sorted(self.given[who].items()))
        self.seals[who] = hashlib.sha256(f"{salt} {who} {marks}".encode()).hexdigest()[:32]

    @property
    def blank(self) -> int:
        second = TALLIES.get((self.method, self.version))
        return sum(1 for ballot in self.given.values() if (second.blank(ballot) if second else not ballot))

    @property
    def checksum(self) -> str:
        """What stands for all ballots."""
        return hashlib.sha256("\n".join(sorted(self.seals.values())).encode()).hexdigest()[:32]


class Recount:
    """Feed it every body in turn; then ``polls`` is the count and ``broken`` what should not be there."""

    def __init__(self) -> None:
        self.polls: dict[str, Poll] = {}
        self.broken: list[Broken] = []
        self._people: dict[str, dict[str, Any]] = {}
        self._revoked: set[str] = set()

    def feed(self, bodies: Iterable[tuple[int, bytes]]) -> "Recount":
        """Count these facts, given with their numbers. Raises ValueError at a body that is no JSON object."""
        for number, body in bodies:
            said = json.loads(body)
            if not isinstance(said, dict) or not isinstance(said.get("f"), dict):
                raise ValueError(f"fact {number} says nothing")  # noqa: TRY004  a value of JSON, no mistake of ours
            self._fact(number, said["f"], said)
        return self

    def _fact(self, number: int, fact: dict[str, Any], said: dict[str, Any]) -> None:
        self._who(fact)
        match fact.get("k"):
            case "RoundOpened":
                self._open(number, fact)
            case "StepClosed" | "StepFrozen" | "StepSkipped":
                for poll in self._of(fact["step"]):
                    poll.open = False
            case "StepRevealed":
                for poll in self._of(fact["step"])[-1:]:
                    poll.revealed, poll.shown_at = True, said.get("t", 0)
            case "PapersPrinted" | "PaperEntered" | "PaperTakenBack":
                self._on_paper(number, fact, said)
            case "MarkGiven" | "PointsAllocated" | "BlankCast" | "BallotStruck":
                self._vote(number, fact, said)
            case "RoundCounted":
                poll = self.polls[fact["round"]]
                poll.recorded, poll.counted, poll.counted_at = fact, number, said.get("t", 0)
            case "ChoicesKept":
                self.polls[fact["round"]].cuts.append(Cut(number, fact))
            case "BallotReplaced":
                self.polls[fact["round"]].instead(fact["person"])
            case "BallotRestored":
                self.polls[fact["round"]].instead(fact["of"], fact["person"])

    def _who(self, fact: dict[str, Any]) -> None:
        match fact.get("k"):
            case "PersonJoined":
                self._people[fact["person"]] = {"state": "in", "key": "", **fact}
            case "PersonApproved":
                self._people[fact["person"]]["state"] = "in"
            case "PersonRemoved":
                self._people[fact["person"]]["state"] = "out"
            case "PeopleRemoved" | "PeopleReadmitted":
                self._together(fact)
            case "VoiceHanded":
                self._goes_over(fact["person"], fact["to"])
            case "VoiceReturned":
                self._goes_over(fact["of"], fact["person"])
            case "KeyRevoked":
                self._revoked.add(fact["key"])

    def _goes_over(self, before: str, to: str) -> None:
        """Another phone speaks with somebody's voice, and the one before no more."""
        known = self._people[before]
        self._people[to] = {**known, "state": "in"}
        known["state"] = "handed"

    def _together(self, fact: dict[str, Any]) -> None:
        """People who arrived together lose their access, or are let in again."""
        again = fact["k"] == "PeopleReadmitted"
        for person in fact["people"]:
            known = self._people[person]
            if known["state"] == "handed":
                continue
            if (known["state"] == "out") == again:
                known["state"] = ("waiting" if fact.get("waiting") else "in") if again else "out"

    def _of(self, step: str) -> list[Poll]:
        return [poll for poll in self.polls.values() if poll.step == step]

    def _open(self, number: int, fact: dict[str, Any]) -> None:
        for earlier in self._of(fact["step"]):
            earlier.open = False
        old = {"points": fact.get("points", 0), "cap": fact.get("cap", 0)}
        terms = fact.get("parameters") or (old if old["points"] else {})
        method, version = fact.get("method", "dots"), fact.get("version", 1)
        poll = Poll(fact["step"], list(fact["options"]), method, version, terms, number, fact.get("seed", 0))
        if not poll.known:
            self.broken.append(Broken(number, "no_method"))
        if fact.get("carried"):
            before = self.polls[fact["carried"]]
            poll.given = {person: dict(ballot) for person, ballot in before.given.items()}
            poll.seals, poll.entered = dict(before.seals), set(before.entered)
            poll.aside, poll.struck = dict(before.aside), list(before.struck)
            poll.papers, poll.late = before.papers, set(before.late)
        self.polls[fact["round"]] = poll

    def _vote(self, number: int, fact: dict[str, Any], said: dict[str, Any]) -> None:
        who, entered_by = said.get("w", ""), said.get("e", "")
        poll = self.polls.get(fact["round"])
        if poll is None:
            self.broken.append(Broken(number, "no_round"))
            return
        if fact.get("paper"):  # what is left of a ballot on paper
            poll.struck.append(number)
            poll.from_paper(PAPER + fact["paper"], {}, "")
            return
        # What was given in time, and lost by the store, may come again after the close; never after the result (O11).
        if not poll.open and (poll.revealed or not said.get("a", False)):
            self.broken.append(Broken(number, "after_close"))
        if not self._votes(who):
            self.broken.append(Broken(number, "no_voter"))
        ballot = poll.given.setdefault(who, {})
        poll.entered.discard(who)
        if entered_by:
            poll.entered.add(who)
        if fact["k"] == "BallotStruck":
            poll.struck.append(number)
        elif fact["k"] == "BlankCast":
            ballot.clear()
        else:
            self._mark(number, poll, who, fact)
        poll.seal(who, said.get("s", ""))

    def _on_paper(self, number: int, fact: dict[str, Any], said: dict[str, Any]) -> None:
        match fact["k"]:
            case "PapersPrinted":
                self.polls[fact["round"]].papers += fact["papers"]
            case "PaperTakenBack":
                self.polls[fact["round"]].paper_back(PAPER + fact["paper"])
            case _:
                self._paper(number, fact, said)

    def _paper(self, number: int, fact: dict[str, Any], said: dict[str, Any]) -> None:
        """A ballot that the desk entered from paper: while its round is open, or after the close and before the result."""
        poll, paper = self.polls.get(fact["round"]), PAPER + fact["paper"]
        if poll is None:
            self.broken.append(Broken(number, "no_round"))
            return
        if not poll.open and poll.revealed:
            self.broken.append(Broken(number, "after_close"))
        if not poll.from_paper(paper, fact.get("marks", {}), said.get("s", "")):
            self.broken.append(Broken(number, "no_paper"))
        if not all(poll.has(key) for key in poll.given[paper]):
            self.broken.append(Broken(number, "no_option"))
            return
        self.broken.extend(
            Broken(number, fault) for fault in poll.faults({paper: poll.given[paper]}).values()
        )

    def _mark(self, number: int, poll: Poll, who: str, fact: dict[str, Any]) -> None:
        old = fact["k"] == "PointsAllocated"
        key, mark = (fact["option"], fact["points"]) if old else (fact["key"], fact["mark"])
        ballot = poll.given[who]
        if mark:
            ballot[key] = mark
        else:
            ballot.pop(key, None)
        if not poll.has(key):
            self.broken.append(Broken(number, "no_option"))
        wrong = poll.faults({who: ballot})
        self.broken.extend(Broken(number, fault) for fault in wrong.values())

    def _votes(self, who: str) -> bool:
        person = self._people.get(who, {})
        return (
            person.get("role") in VOICES
            and person.get("state") == "in"
            and (not person["key"] or person["key"] not in self._revoked)
        )
