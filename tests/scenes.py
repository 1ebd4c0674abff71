"""Histories for tests: a room is given by what happened in it, never put together by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

import msgspec

from forum.domain import records
from forum.domain.again import due, lost
from forum.domain.erasing import bearer, husks
from forum.domain.flow import CloseStep, ForumOpened, OpenStep, RevealStep, StepInserted
from forum.domain.keeping import Redacted, Struck
from forum.domain.kernel import (
    NOBODY,
    ActionId,
    Asked,
    Command,
    Fact,
    Lost,
    PersonId,
    Record,
    Rejection,
    RoundId,
    StepId,
    TabId,
    Was,
    Words,
)
from forum.domain.people import Join
from forum.domain.plan.words import MakeAction, MakeAxesFromThemes, Volunteer
from forum.domain.roles import Role, leads
from forum.domain.room import EMPTY, OutOfOrder, Seen, asked_for, decide, fold, refused, remarks
from forum.domain.settings import (
    BallotSettings,
    BoardSettings,
    PledgeSettings,
    Settings,
    SheetSettings,
    ShowSettings,
    SortSettings,
)
from forum.domain.space import FORUM_BYTES, Full
from forum.domain.state import State, Step, change
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.board import PostIdea
from forum.domain.steps.ideas import Placing
from forum.domain.steps.sort import GroupIdeas
from forum.domain.steps.sorting import placed_in
from forum.domain.terms import BALLOTS, left_of_ballots

START = 1_737_000_000_000  # 16 January 2025, 04:00 UTC
LEA, ANNE = PersonId("lea"), PersonId("anne")
FACILITATOR, SCREEN = PersonId("fac"), PersonId("wall")

ECLAIR: dict[str, Settings] = {
    "welcome": ShowSettings(),
    "ideas": BoardSettings(),
    "sort": SortSettings(of=(StepId("ideas"),)),
    "vote": BallotSettings(),
    "plan": SheetSettings(),
    "pledge": PledgeSettings(),
}


def theme_of(room: "Scene", idea: str, sort: str = "sort") -> str | None:
    """In which theme a card lies, in one sort."""
    step = room.state.step(StepId(sort))
    assert step is not None, f"expected a step of the agenda, got {sort}"
    return placed_in(step, room.state.ideas.by_id[idea]).theme


def placing(room: "Scene", idea: str, sort: str = "sort") -> Placing:
    """Where a card was put in one sort, and by whom."""
    step = room.state.step(StepId(sort))
    assert step is not None, f"expected a step of the agenda, got {sort}"
    return placed_in(step, room.state.ideas.by_id[idea])


@dataclass
class Scene:
    """A room and its journal, grown by facts and by asking. Time moves one second a fact."""

    state: State = EMPTY
    journal: list[tuple[int, str, Record]] = field(default_factory=list)
    touched: list[frozenset[str]] = field(default_factory=list)  # by each fact
    ahead: int = 0  # ms that went by besides
    _tabs: count = field(default_factory=lambda: count(1))

    @property
    def at(self) -> int:
        return START + self.ahead + 1000 * (len(self.journal) + 1)

    def happened(
        self, *facts: Fact, by: str = NOBODY, op: str = "", entered_by: str = NOBODY, again: bool = False,
        mark: str = "", lost: Lost | None = None, led: bool = False, salt: str = "salt",
    ) -> "Scene":  # fmt: skip
        """Let facts come true, through the bytes the journal keeps."""
        for fact in facts:
            record = Record(fact, PersonId(by), self.at, salt, PersonId(entered_by), again, mark, lost, led)
            kept = records.decode(records.encode(record))
            seq = len(self.journal) + 1
            self.journal.append((seq, op, kept))
            self.state = fold(self.state, seq, op, kept)
            self.touched.append(self.state.touched)
        return self

    def ask(
        self,
        command: Command,
        by: str = FACILITATOR,
        *,
        tab: str | None = None,
        op: int = 1,
        seen: int = 0,
        on_behalf: str = NOBODY,
        again: bool = False,
        mark: str = "",
        was: Was | None = None,
        elsewhere: bool = False,
        gen: int = 0,
        stands: bool | None = None,
        most: int = FORUM_BYTES,
    ) -> Rejection | Seen | OutOfOrder | tuple[Fact, ...]:
        """Ask, and let what comes of it happen; a refusal leaves its marker, as in the journal.

        again   it is believed that it had been there; ``was``: what it had been, else of no step in particular
        """
        asked = Asked(
            PersonId(by),
            self.at,
            TabId(tab or f"tab-{next(self._tabs):08}-aaaa"),
            op,
            seen,
            PersonId(on_behalf),
            again,
            mark=mark,
            was=was,
            elsewhere=elsewhere,
            gen=gen,
            stands=stands,
            most=most,
        )
        if again and was is None:
            seq = self.state.gone.losses[-1].after + 1 if self.state.gone.losses else 1
            asked = change(asked, was=Was(f"{asked.tab}:{op}", asked.by, 1, seq))
        verdict = decide(self.state, command, asked)
        if isinstance(verdict, Seen | OutOfOrder | Full):
            self._remarked(asked, verdict)
            return verdict
        what = asked_for(self.state, command)
        facts = (refused(verdict, what, asked),) if isinstance(verdict, Rejection) else verdict
        entered_by, was = by if on_behalf else NOBODY, lost(self.state, asked)
        marked, led = bearer(facts), leads(type(command).__name__)
        for n, fact in enumerate(facts):
            more = {"entered_by": entered_by, "again": was is not None, "mark": mark if n == marked else ""}
            more |= {"lost": was, "led": led}
            self.happened(fact, by=asked.who, op=f"{asked.tab}:{op}", **more)
        self._remarked(asked, verdict)
        return verdict

    def _remarked(self, asked: Asked, said: Rejection | Seen | OutOfOrder | tuple[Fact, ...]) -> None:
        """What the server says beside it comes true too."""
        tab, number, facts = remarks(self.state, asked, said)
        self.happened(*facts, op=f"{tab}:{number}")

    def taken_up(self) -> "Scene":
        """What waits is judged again where what it needs is there, as the server sees to."""
        while found := due(self.state):
            for command, asked in found:
                self.ask(
                    command, asked.by, tab=asked.tab, op=asked.op, on_behalf=asked.on_behalf, was=asked.was
                )
        return self

    def back_to(self, seq: int) -> "Scene":
        """The same room, whose store was put back to an older copy: it ends with fact ``seq``. Nothing tells of it."""
        older = Scene(ahead=self.ahead + 60_000, _tabs=self._tabs)
        older.journal, older.touched = self.journal[:seq], self.touched[:seq]
        older.state = older.replayed()
        return older

    def joined(self, *people: str, role: Role = Role.PARTICIPANT) -> "Scene":
        for person in people:
            self.ask(Join(role), person)
        return self

    def opened(self, step: str) -> "Scene":
        """Go to a step as the facilitator would, closing an open vote first."""
        now = self.state.now
        if now and now.kind == "ballot" and now.phase == "open":
            self.ask(CloseStep(now.id))
        assert not isinstance(self.ask(OpenStep(StepId(step))), Rejection)
        return self

    def closed(self, step: str) -> "Scene":
        assert not isinstance(self.ask(CloseStep(StepId(step))), Rejection)
        return self

    def revealed(self, step: str) -> "Scene":
        """Show the cards, or a result, however few the ballots."""
        assert not isinstance(self.ask(RevealStep(StepId(step), knowing=True)), Rejection)
        return self

    def with_ideas(self, number: int, by: str = LEA, step: str = "ideas") -> "Scene":
        """``number`` ideas named idea001 …, on an open board."""
        for _ in range(number):
            n = self.state.ideas.numbers + 1
            got = self.ask(PostIdea(f"idea{n:03}", f"Idea number {n}", StepId(step)), by)
            assert not isinstance(got, Rejection), got
        return self

    def with_theme(self, name: str, *ideas: int, title: str = "", by: str = LEA) -> "Scene":
        chosen = tuple(f"idea{n:03}" for n in ideas)
        got = self.ask(GroupIdeas(chosen, name, title or f"Theme {name}"), by)
        assert not isinstance(got, Rejection), got
        return self

    def voted(self, by: str, step: str = "vote", **points: int) -> "Scene":
        for option, given in points.items():
            got = self.ask(GiveMark(StepId(step), option, given), by)
            assert not isinstance(got, Rejection), got
        return self

    def with_plan(self, *titles: str) -> "Scene":
        """Axes of every theme, and actions act001 … under the first."""
        self.ask(MakeAxesFromThemes())
        for title in titles:
            axis = self.state.plan.axis_order[0]
            self.ask(MakeAction(f"act{len(self.state.plan.actions) + 1:03}", axis, title))
        return self

    def joined_by(self, *people: str, action: str = "act001") -> "Scene":
        """They take part in an action, so that they may correct it (P7)."""
        for person in people:
            self.ask(Volunteer(ActionId(action), "partner"), person)
        return self

    def erased(self, person: str, chosen: frozenset[str] | None = None) -> "Scene":
        """Strike a person's words out of the journal, and fold it anew as a live room does."""
        left = husks([(seq, record) for seq, _, record in self.journal], PersonId(person), chosen)
        return self._left(left, Redacted(PersonId(person)), person)

    def ballots_struck(self, *rounds: str) -> "Scene":
        """Strike what was given in these rounds, and fold the journal anew as a live room does."""
        of = {RoundId(name): self.state.rounds.by_id[RoundId(name)].step for name in rounds}
        left = left_of_ballots([(seq, record) for seq, _, record in self.journal], of)
        return self._left(left, Redacted(NOBODY, name=False, term=BALLOTS), NOBODY)

    def _left(self, left: dict[int, Record], fact: Redacted, by: str) -> "Scene":
        struck = tuple(
            Struck(seq, self.journal[seq - 1][1], "0" * 40, "0" * 16, records.encode(husk).decode())
            for seq, husk in sorted(left.items())
        )
        left = {seq: records.decode(records.encode(husk)) for seq, husk in left.items()}
        self.journal = [(seq, op, left.get(seq, record)) for seq, op, record in self.journal]
        self.state = self.replayed()
        named = msgspec.structs.replace(fact, struck=struck)
        return self.happened(named, by=by, op=f"redact-{len(self.journal)}:1")

    def replayed(self) -> State:
        """The state folded anew from the journal."""
        state = EMPTY
        for seq, op, record in self.journal:
            state = fold(state, seq, op, record)
        return state


def a_room(steps: dict[str, Settings] | None = None, people: Sequence[str] = (LEA, ANNE)) -> Scene:
    """A forum with its agenda, a facilitator, a screen and some people; nothing is open yet."""
    scene = Scene().happened(ForumOpened("ABC234", "Vision 2025", "fr", "Où serons-nous ?", "forum-eclair"))
    for name, settings in (steps or ECLAIR).items():
        title = Words(f"Étape {name}", f"Step {name}")
        scene.happened(StepInserted(Step(StepId(name), settings, title, Words("Consigne", "Instruction"))))
    scene.joined(FACILITATOR, role=Role.FACILITATOR).joined(SCREEN, role=Role.SCREEN)
    return scene.joined(*people)


def a_vote(options: int = 4, **settings: object) -> Scene:
    """A room whose ideas were sorted into ``options`` themes t1, t2 …, voting on them now."""
    steps = {**ECLAIR, "vote": replace_settings(BallotSettings(), **settings)}
    scene = a_room(steps).opened("ideas").with_ideas(options).revealed("ideas").opened("sort")
    for n in range(1, options + 1):
        scene.with_theme(f"theme{n}", n)
    return scene.opened("vote")


def replace_settings(settings: BallotSettings, **fields: object) -> BallotSettings:
    return msgspec.structs.replace(settings, **fields)
