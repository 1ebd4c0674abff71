"""The state of one forum: what the journal's facts add up to. Values only, never changed in place.

It holds what is the forum's own, and a *slice* for each part of the rules. A slice is described in the module of its
part, beside the records that it holds. Every record that a page shows keeps ``rev``, the number of the last fact that
changed it. ``State.touched`` names what the last fact changed, in the vocabulary of ``Touch``; the fragments of a page
follow from it. Large collections are persistent maps (``immutables.Map``), so that a fact costs the same in a room of
ten ideas and of five thousand, and a tentative state costs nothing to throw away.
"""

from typing import Literal

import msgspec
from immutables import Map

from forum.domain.belonging.record import Belonging
from forum.domain.consents.record import Consent
from forum.domain.deeds import Deed
from forum.domain.gone import Gone
from forum.domain.heard import Heard
from forum.domain.kept import Keeping
from forum.domain.kernel import (
    Asked,
    EntryMode,
    Millis,
    PersonId,
    SessionId,
    StepId,
    Words,
)
from forum.domain.link import Links
from forum.domain.person import People
from forum.domain.photographs.record import Photographs
from forum.domain.plan.record import Plan
from forum.domain.sessions.record import FIRST, Sessions
from forum.domain.settings import Settings, tag
from forum.domain.sheets.record import Sheets
from forum.domain.since import Since
from forum.domain.spent import Space
from forum.domain.steps.commitments import Commitments
from forum.domain.steps.ideas import Ideas
from forum.domain.steps.rounds import Rounds
from forum.domain.steps.themes import Themes
from forum.domain.tabs import Tabs

Phase = Literal["pending", "open", "frozen", "closed", "skipped"]


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
        """The kind's name: show, board, sort, ballot, sheet, pledge, proposal."""
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


class Shelf(msgspec.Struct, frozen=True):
    """What one kind of step keeps of its own in the state; only its module looks into it, and says its fields."""


class State(msgspec.Struct, frozen=True):
    """One forum after fact ``seq``."""

    code: str = ""
    title: str = ""
    question: str = ""
    horizon: int = 0  # the year that it looks to; 0: nobody has said
    zone: str = ""  # whose hours its pages say, by its IANA name; "": the server's own
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
    people: People = People()
    belonging: Belonging = Belonging()  # categories, and where people come from
    consents: Map[PersonId, tuple[Consent, ...]] = Map()  # one a purpose, withdrawn ones too
    links: Links = Links()
    ideas: Ideas = Ideas()
    themes: Themes = Themes()
    rounds: Rounds = Rounds()
    plan: Plan = Plan()
    commitments: Commitments = Commitments()
    sheets: Sheets = Sheets()
    photographs: Photographs = Photographs()
    shelves: Map[str, Shelf] = Map()  # by the name of a kind of step that has one (``Kind.shelf``)
    tabs: Tabs = Tabs()
    space: Space = Space()
    deeds: tuple[Deed, ...] = ()
    heard: tuple[Heard, ...] = ()  # what was said aloud last
    gone: Gone = Gone()
    keeping: Keeping = Keeping()
    since: Since = Since()
    touched: frozenset[str] = frozenset()
    scene: int = 0  # number of the last fact that touched the scene

    def step(self, step: StepId | None) -> Step | None:
        """The step with this id; cost grows with the length of the agenda, not of the forum."""
        return next((s for s in self.steps if s.id == step), None)

    @property
    def now(self) -> Step | None:
        """The current step."""
        return self.step(self.current)

    def leading(self, step: Step) -> str:
        """The forum's question where people answer it in a step: its headline there; "" for none."""
        return self.question if step.settings.led else ""


def takes(state: State, step: Step, asked: Asked) -> bool:
    """Say whether a step takes this contribution: it is open, or was when it was saved, before the store lost it."""
    return (state.current == step.id and step.phase == "open") or (
        asked.was is not None and asked.was.step == step.id
    )


def since_loss(state: State, seq: int) -> bool:
    """Say whether fact ``seq`` came after the store lost its tail, as far as the journal tells of that."""
    return bool(state.gone.losses) and seq > state.gone.losses[-1].after


change = msgspec.structs.replace
"""The same record with some fields different: ``change(record, field=…)``. Called several times a fact, so no wrapper."""
