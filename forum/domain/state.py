"""The state of one forum: what the journal's facts add up to. Values only, never changed in place.

Every record that a page shows keeps ``rev``, the number of the last fact that changed it. ``State.touched``
names what the last fact changed, in the vocabulary of ``Touch``; the fragments of a page follow from it.
Large collections are persistent maps (``immutables.Map``), so that a fact costs the same in a room of ten
ideas and of five thousand, and a tentative state costs nothing to throw away.
"""

from typing import Literal, NamedTuple, TypeVar

import msgspec
from immutables import Map

from forum.domain.belonging.record import Belonging
from forum.domain.consents.record import Consent
from forum.domain.gone import Back, Held, Led, Loss, Untaken
from forum.domain.kernel import (
    NOBODY,
    ActionId,
    Asked,
    AxisId,
    CommitmentId,
    EntryMode,
    GroupId,
    IdeaId,
    Millis,
    PersonId,
    Rejection,
    RoundId,
    SessionId,
    SheetId,
    StepId,
    TabId,
    ThemeId,
    Words,
)
from forum.domain.roles import Role
from forum.domain.sessions.record import FIRST, Sessions
from forum.domain.settings import Settings, tag
from forum.domain.sheets.record import Sheets

T = TypeVar("T", bound=msgspec.Struct)

Phase = Literal["pending", "open", "frozen", "closed", "skipped"]
Source = Literal["phone", "desk", "secretary", "paper", "import"]


class Touch:
    """The vocabulary of ``State.touched``: what a fact changed, as keys that pages understand."""

    SCENE = "scene"  # the arrangement of every page: which step, which phase, revealed or not
    STEP = "step"  # the current step's words
    AGENDA = "agenda"
    SESSIONS = "sessions"  # which there are, when and where
    HERE = "here"  # who is noted as being there
    TIMER = "timer"
    PEOPLE = "people"
    LINKS = "links"  # which links there are, who made them and who came by them
    DONE = "done"  # how many have said they are done
    VOTED = "voted"  # how many have voted
    COUNT = "count"  # how many ideas the current board holds
    THEMES = "themes"  # which themes there are, their order and titles
    SHEETS = "sheets"  # which sheets there are
    PLAN = "plan"  # which axes there are, their order, and totals
    DEEDS = "deeds"  # what can be undone
    LOSS = "loss"  # what the store lost, and what came back
    SPACE = "space"  # how much of it is filled
    COPIES = "copies"  # tabs that were copied
    KEPT = "kept"  # until when the forum is kept

    @staticmethod
    def idea(idea: IdeaId) -> str:
        return f"idea:{idea}"

    @staticmethod
    def theme(theme: ThemeId) -> str:
        return f"theme:{theme}"

    @staticmethod
    def axis(axis: AxisId) -> str:
        return f"axis:{axis}"

    @staticmethod
    def action(action: ActionId) -> str:
        return f"action:{action}"

    @staticmethod
    def commitment(commitment: CommitmentId) -> str:
        return f"commitment:{commitment}"

    @staticmethod
    def mark(key: str) -> str:
        return f"mark:{key}"

    @staticmethod
    def sheet(sheet: SheetId) -> str:
        return f"sheet:{sheet}"

    @staticmethod
    def you(person: PersonId) -> str:
        return f"you:{person}"

    @staticmethod
    def group(person: PersonId) -> str:
        """In which group they are; their page is then another, as after a change of scene."""
        return f"group:{person}"


class Step(msgspec.Struct, frozen=True):
    """One step of the agenda, as planned and as it happened."""

    id: StepId
    settings: Settings
    title: Words
    instruction: Words = Words()
    hint: Words = Words()
    minutes: int = 5
    phones_down: bool = False
    anonymous: bool = True
    phase: Phase = "pending"
    revealed: bool = False
    opened_at: Millis = Millis(0)  # first opening; 0 = never
    closed_at: Millis = Millis(0)  # last freeze or close; 0 = none
    spent: int = 0  # milliseconds open in earlier openings
    resumed_at: Millis = Millis(0)  # start of the present opening; 0 = not open
    of: tuple[StepId, ...] | None = None  # what it takes since its first opening; None = no fact told of it
    session: SessionId = FIRST  # in which it is, or was, held

    @property
    def kind(self) -> str:
        """The kind's name: show, board, sort, ballot, sheet, pledge."""
        return tag(self.settings)

    @property
    def shows(self) -> bool:
        """Whether what people make in it may be seen by others than who made it (B2)."""
        return self.revealed or not self.settings.hides

    @property
    def own(self) -> StepId:
        """Whose things are made in it: its own, or "" where no fact tells what it took, as before there were any."""
        return StepId("") if self.of is None and self.opened_at else self.id


class Timer(msgspec.Struct, frozen=True):
    """A countdown by the server's clock; at its end it announces, it never cuts."""

    ends_at: Millis
    seconds: int


class Person(msgspec.Struct, frozen=True):
    """A participation: one person in this forum. The name lives beside the journal."""

    id: PersonId
    role: Role
    joined_at: Millis
    rev: int
    key: str = ""  # digest prefix of the capability that let this person in; "" = the room code
    assisted: bool = False  # without a phone: others enter for them
    state: Literal["waiting", "in", "out"] = "in"
    done: tuple[StepId, ...] = ()  # steps this person is done with
    number: int = 0  # order of arrival among the people with a voice, from 1


class Link(msgspec.Struct, frozen=True):
    """A link that lets somebody lead, show or export. Its secret is kept nowhere."""

    key: str  # digest prefix of its secret
    role: Role
    at: Millis = Millis(0)  # when it was made; 0 = no fact told of it
    by: PersonId = NOBODY  # who made it; NOBODY = the server
    made: str = ""  # where: as ``LinkMade`` says; "" = no fact told of it
    parent: str = ""  # key by which who made it had come; "" = none
    people: tuple[PersonId, ...] = ()  # who came by it, removed ones too


class Removal(msgspec.Struct, frozen=True):
    """People who were removed in one gesture, and were not let in again together."""

    seq: int  # its first fact
    last: int  # its last fact
    at: Millis
    by: PersonId
    parts: tuple[tuple[tuple[PersonId, ...], bool], ...]  # people, and whether they were waiting

    @property
    def people(self) -> list[PersonId]:
        return [person for people, _ in self.parts for person in people]

    @property
    def count(self) -> int:
        return sum(len(people) for people, _ in self.parts)


class Placing(msgspec.Struct, frozen=True):
    """Where a card lies in one sort, and who put it there."""

    theme: ThemeId | None
    rev: int  # fact that moved it last
    by: PersonId = NOBODY
    was: int = 0  # where that came again: its number in the history that was lost


class Idea(msgspec.Struct, frozen=True):
    """A card: one idea of one person."""

    id: IdeaId
    step: StepId
    author: PersonId
    text: str
    at: Millis
    number: int  # in the forum, from 1; never reused
    rev: int
    source: Source = "phone"
    column: str = ""
    state: Literal["active", "hidden", "withdrawn"] = "active"
    reason: str = ""  # why it is hidden
    placed: Map[StepId, Placing] = Map()  # by sort, as ``Theme.sort`` names it
    entered_by: PersonId = NOBODY
    worded: int = 0  # fact that gave it its present words
    worded_was: int = 0  # where that came again: its number in the history that was lost
    settled: int = 0  # fact that last hid, restored or withdrew it; 0 = none
    lang: str = ""  # in which it is written, "fr" or "en"; "": nobody has said
    group: GroupId = GroupId("")  # of people, for which it speaks; "": for who wrote it
    stands_for: tuple[IdeaId, ...] = ()  # the cards that it sums up, as a pair's card does; they stay


class Theme(msgspec.Struct, frozen=True):
    """A group of cards with a title. ``number`` picks its mark and hue and never changes."""

    id: ThemeId
    step: StepId
    title: str
    number: int
    rev: int
    title_rev: int
    by: PersonId
    sort: StepId = StepId("")  # whose it is; "": of all sorts of which no fact tells what they took
    title_was: int = 0  # where its title came again: its number in the history that was lost
    ideas: tuple[IdeaId, ...] = ()  # in the order they came
    removed: bool = False


class Ballot(msgspec.Struct, frozen=True):
    """What one person gave: key → mark, without zeros. Empty = a blank ballot."""

    marks: Map[str, int]
    at: Millis
    entered_by: PersonId = NOBODY
    number: int = 0  # fact that made it what it is
    anew: Map[str, int] = Map()  # after a loss: key → fact that gave it a mark, and did not only come again
    seal: str = ""  # stands for it, and tells nothing of it: made with its last fact's salt


class Line(msgspec.Struct, frozen=True):
    """One option's result."""

    option: str
    rank: int  # 1, 2, 2, 4: equals share a rank
    tied: bool
    numbers: dict[str, int]  # what its method tells of it, the most important first

    @property
    def score(self) -> int:
        """The number that a bar shows."""
        return next(iter(self.numbers.values()))


class Result(msgspec.Struct, frozen=True):
    """The outcome of a closed round: lines from first to last, ties in the order of the ballot."""

    lines: tuple[Line, ...]
    voters: int
    blank: int
    assisted: int  # ballots entered for people without a phone
    sums: dict[str, int]  # what the ballots add up to, as their method tells it


class Counted(msgspec.Struct, frozen=True):
    """What was recorded when a round was revealed: it reads so for ever."""

    version: int  # of the method that counted
    result: Result
    ballots: str  # stands for all ballots that were counted


class Round(msgspec.Struct, frozen=True):
    """One voting round: a frozen list of options and one ballot a person. Never edited once closed."""

    id: RoundId
    step: StepId
    number: int  # 1, 2 … within the step
    options: tuple[str, ...]  # ids of themes, ideas or actions
    parameters: dict[str, int]  # of its method; never changed
    opened_at: Millis
    closed_at: Millis = Millis(0)
    revealed_at: Millis = Millis(0)
    ballots: Map[PersonId, Ballot] = Map()
    choices: str = ""  # stands for what is voted on: the options with their words, the parameters (V7)
    method: str = "dots"
    version: int = 1  # of the method
    electorate: str = "present"  # who votes: everybody with a voice
    seed: int = 0  # for what is drawn by lot
    counted: Counted | None = None


class Axis(msgspec.Struct, frozen=True):
    """An axis of the plan. Its number is its place in ``State.axis_order``."""

    id: AxisId
    title: str
    rev: int
    themes: tuple[ThemeId, ...] = ()  # where it comes from
    removed: bool = False


class Offer(msgspec.Struct, frozen=True):
    """Somebody proposes themself for an action."""

    person: PersonId
    as_: Literal["pilot", "partner"]


class Action(msgspec.Struct, frozen=True):
    """One action of the plan."""

    id: ActionId
    axis: AxisId
    title: str
    at: Millis
    by: PersonId
    rev: int
    step: StepId = StepId("")  # in which it was made; "": between steps, or no fact tells
    description: str = ""
    pilot: PersonId = NOBODY
    partners: tuple[PersonId, ...] = ()
    offers: tuple[Offer, ...] = ()  # pilots who propose themselves, not yet chosen
    first_step: str = ""
    first_step_due: str = ""  # ISO date
    due: str = ""  # ISO date
    budget: str = ""  # one line, free
    ideas: tuple[IdeaId, ...] = ()  # where it comes from
    themes: tuple[ThemeId, ...] = ()
    removed: bool = False


class Commitment(msgspec.Struct, frozen=True):
    """A first step promised in public, with a date."""

    id: CommitmentId
    person: PersonId
    text: str
    due: str  # ISO date
    at: Millis
    rev: int
    action: ActionId | None = None
    withdrawn: bool = False
    made: int = 0  # fact by which it was promised
    step: StepId = StepId("")  # in which it was made; "": no fact tells


class Answer(NamedTuple):
    """What an op was answered."""

    op: int
    seq: int  # of its last fact
    refused: Rejection | None
    mark: str  # what stands for its content; "": nobody knows it any more
    done: bool = True  # it neither fills a hole nor waits


class Spent(NamedTuple):
    """What a person has written of late; it drains away."""

    size: int  # bytes
    at: Millis


class Filled(NamedTuple):
    """What the desk was told last of somebody's space."""

    share: int  # percent
    most: int  # bytes that there were
    at: Millis


class Tab(msgspec.Struct, frozen=True):
    """The op numbers of one browser tab: what it asked last and what it was answered."""

    owner: PersonId
    last: int
    results: tuple[Answer, ...] = ()
    copied: bool = False  # its numbers came with other content too


class Deed(msgspec.Struct, frozen=True):
    """One gesture that can be undone: the facts that would take it back."""

    seq: int  # its last fact
    op: str  # "tab:op" of the gesture; its facts belong together
    by: PersonId
    at: Millis
    what: str  # the name of its fact, as in ``room.UNDOABLE``
    about: str  # the title or text it was about
    inverse: tuple[object, ...]  # facts, in the order to apply
    named: str = ""  # what was done, where that is said better than by ``what``
    undone: bool = False


class Erasure(msgspec.Struct, frozen=True):
    """A person's data that were asked to be erased, and are not yet."""

    seq: int  # fact by which it was asked
    person: PersonId
    texts: Literal["none", "chosen", "all"] = "none"
    chosen: tuple[str, ...] = ()
    at: Millis = Millis(0)
    name: bool = True  # the name too


class Shelf(msgspec.Struct, frozen=True):
    """What one kind of step keeps of its own in the state; only its module looks into it, and says its fields."""


class State(msgspec.Struct, frozen=True):
    """One forum after fact ``seq``."""

    code: str = ""
    title: str = ""
    question: str = ""
    horizon: int = 0  # the year that it looks to; 0: nobody has said
    lang: Literal["fr", "en"] = "fr"
    agenda: str = ""
    opened_at: Millis = Millis(0)
    seq: int = 0
    at: Millis = Millis(0)  # when fact ``seq`` happened
    sessions: Sessions = Sessions()
    steps: tuple[Step, ...] = ()  # of all sessions, in the order in which these are held
    current: StepId | None = None
    timer: Timer | None = None
    page: int = 0  # which page of a long board the screen shows, from 0
    entry: EntryMode = "open"
    people: Map[PersonId, Person] = Map()
    voices: int = 0  # people with a voice who are in
    waiting: int = 0  # people with a voice who wait to be let in
    arrivals: int = 0  # of people with a voice, ever
    removals: tuple[Removal, ...] = ()  # the latest
    belonging: Belonging = Belonging()  # categories, and where people come from
    consents: Map[PersonId, tuple[Consent, ...]] = Map()  # one a purpose, withdrawn ones too
    links: Map[str, Link] = Map()  # by key
    revoked: frozenset[str] = frozenset()  # digest prefixes of capabilities taken back
    revoked_below: frozenset[str] = (
        frozenset()
    )  # of these: with all made with them, also what is told of later
    done: Map[StepId, int] = Map()  # how many people are done with a step
    ideas: Map[IdeaId, Idea] = Map()
    idea_order: Map[StepId, Map[int, IdeaId]] = Map()  # step → number → idea
    idea_numbers: int = 0
    idea_counts: Map[StepId, int] = Map()  # active ones
    by_author: Map[PersonId, tuple[IdeaId, ...]] = Map()
    themes: Map[ThemeId, Theme] = Map()
    theme_order: tuple[ThemeId, ...] = ()
    theme_numbers: int = 0
    rounds: Map[RoundId, Round] = Map()
    step_rounds: Map[StepId, tuple[RoundId, ...]] = Map()
    axes: Map[AxisId, Axis] = Map()
    axis_order: tuple[AxisId, ...] = ()
    actions: Map[ActionId, Action] = Map()
    action_order: Map[AxisId, tuple[ActionId, ...]] = Map()
    commitments: Map[CommitmentId, Commitment] = Map()
    commitment_order: tuple[CommitmentId, ...] = ()
    sheets: Sheets = Sheets()
    shelves: Map[str, Shelf] = Map()  # by the name of a kind of step that has one (``Kind.shelf``)
    tabs: Map[TabId, Tab] = Map()
    copies: tuple[
        PersonId, ...
    ] = ()  # whose tabs were copied, one for each: their numbers came with other content too
    used: int = 0  # bytes of all facts
    spent: Map[PersonId, Spent] = Map()
    filled: Map[PersonId, Filled] = Map()  # NOBODY: the forum
    deeds: tuple[Deed, ...] = ()
    losses: tuple[Loss, ...] = ()
    came_back: tuple[int, int] = (0, 0)  # accepted, refused: before it was told that they were lost
    redeemed: Map[str, Back] = Map()  # lost ops that came again, and are answered
    heirs: Map[PersonId, PersonId] = Map()  # an access that was lost → who came in again for it (O13)
    held: Map[str, Held] = Map()  # lost op → what waits for what it needs
    waits_of: Map[PersonId, tuple[str, ...]] = Map()  # who gave it → lost ops
    untaken: Map[PersonId, tuple[Untaken, ...]] = Map()
    led: tuple[Led, ...] = ()  # what the desk is still asked about, in the order in which it came
    keep_until: str = ""  # ISO date after which the forum is deleted; "": nobody has said
    keep_most: str = ""  # ISO date beyond which it may not be kept; "": only what holds for all
    end_told: int = 0  # days before that day, as the desk was told last; 0: not yet
    erasures: tuple[Erasure, ...] = ()  # asked for, not carried out yet
    erased_at: Map[PersonId, Millis] = (
        Map()
    )  # when something of a person's was erased last; for themself only
    unnamed_at: Map[PersonId, Millis] = Map()  # when a person's name was
    struck: Map[int, tuple[str, Millis]] = (
        Map()
    )  # number of a struck fact → the chain there, and when it happened
    touched: frozenset[str] = frozenset()
    scene: int = 0  # number of the last fact that touched the scene

    def step(self, step: StepId | None) -> Step | None:
        """The step with this id; cost grows with the length of the agenda, not of the forum."""
        return next((s for s in self.steps if s.id == step), None)

    @property
    def now(self) -> Step | None:
        """The current step."""
        return self.step(self.current)

    def round_of(self, step: StepId) -> Round | None:
        """The latest voting round of a step."""
        ids = self.step_rounds.get(step, ())
        return self.rounds[ids[-1]] if ids else None


def takes(state: State, step: Step, asked: Asked) -> bool:
    """Say whether a step takes this contribution: it is open, or was when it was saved, before the store lost it."""
    return (state.current == step.id and step.phase == "open") or (
        asked.was is not None and asked.was.step == step.id
    )


def since_loss(state: State, seq: int) -> bool:
    """Say whether fact ``seq`` came after the store lost its tail, as far as the journal tells of that."""
    return bool(state.losses) and seq > state.losses[-1].after


def change(record: T, **fields: object) -> T:
    """The same record with some fields different."""
    return msgspec.structs.replace(record, **fields)
