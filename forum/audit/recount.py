"""The votes of a forum, counted a second time: from the journal's bytes, by another way than ``forum.domain``'s.

Deliberately plain, and deliberately a second copy of the rules V1 to V4: it shares no line with what counted the votes
first, so that a mistake there cannot hide here. Reads JSON, keeps dictionaries, knows nothing of States or folds.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

VOICES = {"participant", "secretary", "jury"}

Fault = Literal["after_close", "over_budget", "over_cap", "no_option", "no_voter", "no_round"]


class Broken(NamedTuple):
    """A vote in the journal that no rule allows."""

    number: int
    fault: Fault


@dataclass
class Poll:
    """One round: who gave what to which option."""

    step: str
    options: list[str]
    points: int
    cap: int
    opened: int  # fact
    open: bool = True
    revealed: bool = False
    given: dict[str, dict[str, int]] = field(default_factory=dict)  # person → option → points
    entered: set[str] = field(default_factory=set)  # people for whom the desk entered last

    def tally(self) -> dict[str, tuple[int, int]]:
        """Option → points, supporters."""
        return {
            option: (
                sum(ballot.get(option, 0) for ballot in self.given.values()),
                sum(1 for ballot in self.given.values() if ballot.get(option, 0)),
            )
            for option in self.options
        }

    @property
    def spent(self) -> int:
        return sum(points for ballot in self.given.values() for points in ballot.values())

    @property
    def blank(self) -> int:
        return sum(1 for ballot in self.given.values() if not any(ballot.values()))


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
            self._fact(number, said["f"], said.get("w", ""), said.get("e", ""), said.get("a", False))
        return self

    def _fact(self, number: int, fact: dict[str, Any], who: str, entered_by: str, again: bool) -> None:
        match fact.get("k"):
            case "PersonJoined":
                self._people[fact["person"]] = {"state": "in", "key": "", **fact}
            case "PersonApproved":
                self._people[fact["person"]]["state"] = "in"
            case "PersonRemoved":
                self._people[fact["person"]]["state"] = "out"
            case "PeopleRemoved" | "PeopleReadmitted":
                self._together(fact)
            case "KeyRevoked":
                self._revoked.add(fact["key"])
            case "RoundOpened":
                self._open(number, fact)
            case "StepClosed" | "StepFrozen" | "StepSkipped":
                for poll in self._of(fact["step"]):
                    poll.open = False
            case "StepRevealed":
                for poll in self._of(fact["step"])[-1:]:
                    poll.revealed = True
            case "PointsAllocated" | "BlankCast":
                self._vote(number, fact, who, entered_by, again)

    def _together(self, fact: dict[str, Any]) -> None:
        """People who arrived together lose their access, or are let in again."""
        again = fact["k"] == "PeopleReadmitted"
        for person in fact["people"]:
            known = self._people[person]
            if (known["state"] == "out") == again:
                known["state"] = ("waiting" if fact.get("waiting") else "in") if again else "out"

    def _of(self, step: str) -> list[Poll]:
        return [poll for poll in self.polls.values() if poll.step == step]

    def _open(self, number: int, fact: dict[str, Any]) -> None:
        for earlier in self._of(fact["step"]):
            earlier.open = False
        poll = Poll(fact["step"], list(fact["options"]), fact["points"], fact["cap"], number)
        if fact.get("carried"):
            before = self.polls[fact["carried"]]
            poll.given = {person: dict(ballot) for person, ballot in before.given.items()}
            poll.entered = set(before.entered)
        self.polls[fact["round"]] = poll

    def _vote(self, number: int, fact: dict[str, Any], who: str, entered_by: str, again: bool) -> None:
        poll = self.polls.get(fact["round"])
        if poll is None:
            self.broken.append(Broken(number, "no_round"))
            return
        # What was given in time, and lost by the store, may come again after the close; never after the result (O11).
        if not poll.open and (poll.revealed or not again):
            self.broken.append(Broken(number, "after_close"))
        if not self._votes(who):
            self.broken.append(Broken(number, "no_voter"))
        ballot = poll.given.setdefault(who, {})
        poll.entered.discard(who)
        if entered_by:
            poll.entered.add(who)
        if fact["k"] == "BlankCast":
            ballot.clear()
            return
        option, points = fact["option"], fact["points"]
        if option not in poll.options:
            self.broken.append(Broken(number, "no_option"))
        if not 0 <= points <= poll.cap:
            self.broken.append(Broken(number, "over_cap"))
        ballot[option] = points
        if sum(ballot.values()) > poll.points:
            self.broken.append(Broken(number, "over_budget"))

    def _votes(self, who: str) -> bool:
        person = self._people.get(who, {})
        return (
            person.get("role") in VOICES
            and person.get("state") == "in"
            and (not person["key"] or person["key"] not in self._revoked)
        )
