"""A second opinion: what cards and votes must be answered, told in a few lines that share nothing with the rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from forum.domain.arrivals import PeopleReadmitted, PeopleRemoved
from forum.domain.flow import (
    StepClosed,
    StepEdited,
    StepFrozen,
    StepInserted,
    StepOpened,
    StepReopened,
    StepRevealed,
    StepSkipped,
)
from forum.domain.keeping import ErasureAsked
from forum.domain.kernel import Command, Fact, Record
from forum.domain.led import DoAgain
from forum.domain.links import KeyRevoked, LinkMade
from forum.domain.loss import Skipped
from forum.domain.people import PersonApproved, PersonJoined, PersonRemoved
from forum.domain.records import encode
from forum.domain.sessions.record import FIRST
from forum.domain.sessions.words import SessionBegun, SessionEnded, SessionReopened, SessionTakenBack
from forum.domain.sheets.words import SheetMade
from forum.domain.steps.ballot import BlankCast, GiveMark, MarkGiven, RoundCounted, RoundOpened
from forum.domain.steps.board import IdeaEdited, IdeaPosted, PostIdea
from forum.domain.steps.pledge import Pledged
from forum.domain.steps.replacing import BallotReplaced, BallotRestored
from forum.domain.steps.sort_facts import ThemeMade
from forum.domain.undo import Undo
from forum.domain.voices import VoiceHanded, VoiceReturned
from tests.methods.known import KNOWN, Known, ranks
from tests.scenes import FACILITATOR
from tests.sim.sheets import Sheets, Writes

FEW: Final = 5  # ballots
DAY_MS: Final = 24 * 3600 * 1000
WRITTEN: Final = (IdeaPosted, IdeaEdited, ThemeMade, Pledged, SheetMade)
"""Facts that are writing however they came about: an edit of the forum may be an undo, which goes on where it is full."""


@dataclass
class Round:
    step: str
    options: tuple[str, ...]
    method: str
    terms: Mapping[str, int]  # what holds in it
    given: dict[str, dict[str, int]] = field(default_factory=dict)  # person → key → mark, without marks of 0
    aside: dict[str, dict[str, int]] = field(default_factory=dict)  # that another phone of one voice replaced
    closed: bool = False
    revealed: bool = False
    began: int = 0  # fact that opened it, or the one whose ballots go on in it

    def instead(self, gone: str, back: str = "") -> None:
        if gone in self.given:
            self.aside[gone] = self.given.pop(gone)
        if back in self.aside:
            self.given[back] = self.aside.pop(back)

    @property
    def known(self) -> Known:
        return KNOWN[self.method]

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self.known.keys(self.options))

    def would_be(self, person: str, key: str, mark: int) -> dict[str, int]:
        """Somebody's ballot with a mark more, or less."""
        rest = {k: m for k, m in self.given.get(person, {}).items() if k != key}
        return {**rest, key: mark} if mark else rest

    def may_take(self, person: str, key: str, mark: int) -> bool:
        return self.known.may_be(self.terms, self.would_be(person, key, mark))


@dataclass
class Model:
    """The room as far as cards and votes go."""

    kinds: dict[str, str] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    least: dict[str, int] = field(default_factory=dict)  # ballots that a vote promised to wait for
    most: int = 0  # bytes that the forum may take
    share: int = 16  # of it, so large a part is one person's for a day
    used: int = 0
    spent: dict[str, tuple[int, int]] = field(
        default_factory=dict
    )  # person → bytes not drained yet, as of when
    open: str = ""  # the step that takes contributions
    current: str = ""
    session_of: dict[str, str] = field(default_factory=dict)  # step → session
    session: str = FIRST  # that is going on; "": the forum rests
    left: dict[str, str] = field(default_factory=dict)  # session → the step it was in when it ended
    cards: dict[str, str] = field(default_factory=dict)  # id → author
    rounds: dict[str, Round] = field(default_factory=dict)  # latest of each step
    by_id: dict[str, Round] = field(default_factory=dict)
    voices: set[str] = field(default_factory=set)  # who writes and votes, wherever they are
    inside: set[str] = field(default_factory=set)  # of these, who is in
    handed: set[str] = field(default_factory=set)  # of these, whose voice is with another phone
    took: dict[str, str] = field(default_factory=dict)  # another phone → who had its voice before
    came_by: dict[str, str] = field(default_factory=dict)  # person → link
    maker: dict[str, str] = field(default_factory=dict)  # link → who made it
    revoked: set[str] = field(default_factory=set)
    sheets: Sheets = field(default_factory=Sheets)

    def made_with(self, link: str) -> set[str]:
        """Links that still open something, made by who came by this one, and so on down."""
        found, ways = set(), {link}
        while ways:
            people = {person for person, way in self.came_by.items() if way in ways}
            ways = {made for made, by in self.maker.items() if by in people} - found
            found |= ways
        return found - self.revoked

    def judge(self, command: Command, by: str, seen: int | None) -> bool | None:
        """Whether it must be accepted; None: no opinion. ``seen``: the fact at which the page stood; None: nobody knows."""
        if by in self.handed:
            return False
        if isinstance(command, Writes):
            return self.sheets.judge(command, by, self.open, seen)
        if isinstance(command, PostIdea):
            fits = self.kinds.get(command.step) == "board" and len(command.text) <= self.longest[command.step]
            return fits and self.open == command.step and command.id not in self.cards
        if isinstance(command, GiveMark):
            round_ = None if by == FACILITATOR else self.rounds.get(command.step)
            if round_ is None or self.open != command.step or round_.closed:
                return False
            if command.key not in round_.keys or not round_.may_take(by, command.key, command.mark):
                return False
            if round_.known.handed:
                return None  # what is put to whom, no model tells
            return None if seen is None else not 0 < seen < round_.began  # given in the round before (O14)
        return None

    def takes(self, record: Record, *, begins: bool, erases: bool = False) -> str:
        """Let a fact take its room; what is wrong with that, or "".

        begins   it is the first of its op
        erases   an erasure was asked: whatever is answered, there is room for longer
        """
        person, size = record.entered_by or record.by, len(encode(record)) + 100
        level, at = self.spent.get(person, (0, 0))
        level = max(0, level - max(0, record.at - at) * 4 * 2**20 // DAY_MS)
        own = self._own
        judged = begins and person and not record.lost
        wrong = self._overfull(record, level, own, erases) if judged else ""
        self.used += size
        self.spent[person] = (level + size, max(record.at, at))
        return wrong

    @property
    def _own(self) -> int:
        return min(4 * 2**20, self.most // self.share)

    def is_full(self, person: str) -> bool:
        """Whether what they ask may have to wait for room."""
        return self.used >= self.most or self.spent.get(person, (0, 0))[0] >= self._own

    def _overfull(self, record: Record, level: int, own: int, erases: bool) -> str:
        fact, told = record.fact, getattr(record.fact, "code", "")
        if told == "forum_full" and self.used < self.most:
            return f"S2 {record.by} was told that the forum is full, at {self.used} of {self.most}"
        if told == "person_full" and level < own:
            return f"S1 {record.by} was told to have written all, at {level} of {own}"
        if isinstance(fact, WRITTEN) and self.used >= self.most:
            return f"S2 {type(fact).__name__} is written at {self.used} of {self.most} bytes"
        if isinstance(fact, WRITTEN) and level >= own:
            return f"S1 {record.by} writes {type(fact).__name__}, who has written {level} of {own} bytes"
        later = erases or isinstance(fact, ErasureAsked | Skipped)
        bound = (record.entered_by or record.by) in self.voices and not later
        if bound and (self.used >= self.most * 5 / 4 or level >= own * 5 / 4):
            return (
                f"S2 {type(fact).__name__} of {record.by} is recorded, where there is no room for any answer"
            )
        return ""

    def judge_again(self, command: Command, by: str, accepted: bool, code: str) -> str:
        """What is wrong with the verdict on something that was saved, lost by the store, and proven; or ""."""
        if isinstance(command, PostIdea) and command.step in self.kinds and not accepted:
            return f"a card that had been saved was refused ({code})"
        if isinstance(command, GiveMark) and not accepted:
            rounds = [r for r in self.by_id.values() if r.step == command.step]
            true = {
                "vote_shown": any(r.revealed for r in rounds),
                "choices_changed": bool(rounds),
            }
            full = not all(
                r.may_take(by, command.key, command.mark) for r in rounds
            )  # by what was given since
            if not true.get(code, code == "removed" or full):
                return f"a vote that had been saved was refused, untruly: {code}"
        return self.sheets.judge_again(command, accepted, code)

    def happens(self, record: Record, asked: Command | None = None, seen: int | None = None) -> str:
        """Let a fact be so; what is wrong with it, or "".

        asked   what came of this, where that is known; ``seen``: the fact at which its page stood
        """
        fact, by, again = (
            record.fact,
            record.by,
            record.lost is not None,
        )  # had been saved, and lost by the store
        self._people(fact, by)
        later, here = again or isinstance(asked, Undo | DoAgain), self.open
        written = self.sheets.happens(fact, by, open_step=here, later=later, asked=asked, seen=seen)
        wrong = self._sessions(fact) or self._voting(fact, by, again) or written
        if wrong:
            return wrong
        match fact:
            case StepInserted(step=step):
                self.kinds[step.id] = step.kind
                self.longest[step.id] = getattr(step.settings, "max_chars", 0)
                self.least[step.id] = getattr(step.settings, "least", 0)
            case StepEdited(step=step, least=int(least)):
                self.least[step] = least
            case StepOpened(step=step) | StepReopened(step=step):
                if isinstance(fact, StepOpened) or self.current == step:
                    self.open = step
                self.current = step if isinstance(fact, StepOpened) else self.current
            case IdeaPosted(idea=idea, step=step):
                self.cards[idea] = by
                return (
                    ""
                    if self.open == step or again
                    else f"I8 a card on {step}, while {self.open or 'nothing'} is open"
                )
            case StepFrozen(step=step) | StepClosed(step=step) | StepSkipped(step=step):
                self.open = "" if self.open == step else self.open
                if isinstance(fact, StepClosed) and step in self.rounds:
                    self.rounds[step].closed = True
        return ""

    def _sessions(self, fact: Fact) -> str:
        """At most one session goes on, and only its steps are opened (D1, D2)."""
        match fact:
            case StepInserted(step=step):
                self.session_of[step.id] = step.session
            case StepOpened(step=step) | StepReopened(step=step) if self.session_of[step] != self.session:
                return (
                    f"D1 {step} of {self.session_of[step]} is open, while {self.session or 'nothing'} goes on"
                )
            case SessionBegun(session=session) | SessionReopened(session=session):
                if self.session:
                    return f"D1 {session} goes on beside {self.session}"
                self.session, self.current = session, self.left.pop(session, "")
            case SessionTakenBack():
                self.session = self.current = ""
            case SessionEnded(session=session):
                if self.open:
                    return f"D2 {session} is over, and {self.open} still takes contributions"
                self.left[session] = self.current
                self.session = self.current = ""
        return ""

    def _people(self, fact: Fact, by: str) -> None:
        match fact:
            case PersonJoined(person=person, role=role, key=key, state=state):
                self.voices |= {person} if role in ("participant", "secretary", "jury") else set()
                self.inside |= {person} & self.voices if state == "in" else set()
                self.came_by |= {person: key} if key else {}
            case PersonApproved(person=person):
                self.inside |= {person} & self.voices
            case PersonRemoved(person=person):
                self.inside.discard(person)
            case PeopleRemoved(people=people):
                self.inside.difference_update(people)
            case PeopleReadmitted(people=people, waiting=False):
                self.inside |= self.voices.intersection(people) - self.handed
            case VoiceHanded(person=person, to=to):
                self.took[to] = person
                self._goes_over(person, to)
            case VoiceReturned(person=person, of=of):
                self._goes_over(of, person)
            case LinkMade(key=key):
                self.maker[key] = by
            case KeyRevoked(key=key):
                self.revoked.add(key)

    def ballots_of_one_voice(self) -> str:
        """V14: what two of one voice have given in one round; or ""."""
        for name, round_ in self.by_id.items() if self.took else ():
            roots = [self._root(person) for person in round_.given]
            if len({*roots}) < len(roots):
                return f"in {name} one voice has several ballots, of {sorted(round_.given)}"
        return ""

    def _root(self, person: str) -> str:
        """Whose own a voice was."""
        while person in self.took:
            person = self.took[person]
        return person

    def _goes_over(self, before: str, to: str) -> None:
        """One of the two is in, and one speaks by the link of the other."""
        self.voices.add(to)
        self.inside = self.inside - {before} | {to}
        self.handed = self.handed - {to} | {before}
        self.came_by |= {to: self.came_by[before]} if before in self.came_by else {}

    def _voting(self, fact: Fact, by: str, again: bool) -> str:
        match fact:
            case RoundOpened():
                return self._round(fact)
            case MarkGiven() | BlankCast():
                return self._vote(fact, by, again)
            case RoundCounted():
                return self._count(fact)
            case BallotReplaced(round=round_, person=person):
                self.by_id[round_].instead(person)
            case BallotRestored(round=round_, person=person, of=of):
                self.by_id[round_].instead(of, person)
            case StepRevealed(step=step) if step in self.rounds:
                return self._reveal(fact)
        return ""

    def _round(self, fact: RoundOpened) -> str:
        round_ = Round(fact.step, fact.options, fact.method, fact.parameters, began=self.sheets.seq)
        if fact.carried:
            round_.given = {p: dict(given) for p, given in self.by_id[fact.carried].given.items()}
            round_.aside = {p: dict(given) for p, given in self.by_id[fact.carried].aside.items()}
            round_.began = self.by_id[fact.carried].began
        self.rounds[fact.step] = self.by_id[fact.round] = round_
        return ""

    def _reveal(self, fact: StepRevealed) -> str:
        round_ = self.rounds[fact.step]
        round_.revealed = True
        ballots, promised = len(round_.given), self.least[fact.step]
        if ballots < promised:
            return f"V11 {ballots} ballots of {fact.step} are revealed, which promised to wait for {promised}"
        if 0 < ballots < FEW and not fact.knowing:
            return f"V10 {ballots} ballots of {fact.step} are revealed, and nobody was told that they are few"
        return ""

    def _vote(self, fact: MarkGiven | BlankCast, by: str, again: bool) -> str:
        round_ = self.by_id[fact.round]
        if round_.revealed if again else round_.closed or self.open != round_.step:
            return f"I8 a vote in {fact.round} after its close"
        given = round_.would_be(by, fact.key, fact.mark) if isinstance(fact, MarkGiven) else {}
        round_.given[by] = given
        if not round_.known.may_be(round_.terms, given):
            return f"I6 {by} has given {given}, where {dict(round_.terms)} holds"
        return ""

    def _count(self, fact: RoundCounted) -> str:
        """What a reveal shows is what comes of the ballots (V12)."""
        round_, told = self.by_id[fact.round], fact.result
        ballots = list(round_.given.values())
        scores = round_.known.scores(round_.options, ballots)
        wanted = {option: (place, scores[option][0]) for option, place in ranks(scores).items()}
        shown = {line.option: (line.rank, line.score) for line in told.lines}
        blank = sum(round_.known.blank(ballot) for ballot in ballots)
        if (shown, told.voters, told.blank) != (wanted, len(ballots), blank):
            seen = f"{shown} of {told.voters} voters, {told.blank} blank"
            return (
                f"V12 {fact.round} shows {seen}, and should {wanted} of {len(ballots)} voters, {blank} blank"
            )
        return ""
