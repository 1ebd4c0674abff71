"""Cards as the state holds them: the slice of ``State`` that is the board's. A sort says where they lie."""

from typing import Literal

import msgspec
from immutables import Map

from forum.domain.kernel import NOBODY, GroupId, IdeaId, Millis, PersonId, StepId, ThemeId

Source = Literal["phone", "desk", "secretary", "paper", "import"]


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


class Ideas(msgspec.Struct, frozen=True):
    """Every card of a forum, hidden and withdrawn ones too."""

    by_id: Map[IdeaId, Idea] = Map()
    order: Map[StepId, Map[int, IdeaId]] = Map()  # by their numbers, on each board
    numbers: int = 0  # the number of the last
    active: Map[StepId, int] = Map()  # how many of a board are neither hidden nor withdrawn
    by_author: Map[PersonId, tuple[IdeaId, ...]] = Map()


def as_it_came(idea: Idea) -> bool:
    """Whether nobody has hidden a card, or put it into a theme."""
    return idea.state == "active" and not any(placing.theme for placing in idea.placed.values())
