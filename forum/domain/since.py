"""What a forum's state keeps of when it last became what it is, where no record keeps that itself. Values only.

``saw`` notes it from what each fact changed, and tells the rule.
"""

import msgspec
from immutables import Map

from forum.domain.kernel import SessionId, StepId


class Turns(msgspec.Struct, frozen=True):
    """Of one step, the last fact by which each came about; 0: none."""

    opened: int = 0  # it became the current one
    turned: int = 0  # its phase, or whether it is revealed
    edited: int = 0  # its words and settings, or its being there


class Since(msgspec.Struct, frozen=True):
    """The last fact by which each came about; 0: none."""

    moved: int = 0  # which step is current, or which session goes on
    session: int = 0  # which session goes on
    order: int = 0  # which steps there are, and in which order
    axes: int = 0  # which axes there are, and in which order
    timer: int = 0
    aim: int = 0  # title, question, year and time zone
    kept: int = 0  # until when the forum, its ballots and words are kept
    categories: int = 0
    steps: Map[StepId, Turns] = Map()
    sessions: Map[SessionId, int] = Map()  # what is planned of each, and whether it goes on

    def step(self, step: StepId | None) -> Turns:
        """Of one step; all 0 where there is none."""
        return self.steps.get(step, NEVER) if step else NEVER


NEVER = Turns()
