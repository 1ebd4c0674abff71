"""Before a vote, at the desk: choices that say nearly the same, and whether there are too many. It warns, and stops nothing. Pure."""

from typing import Final

from forum.domain import methods
from forum.domain.alike import alike
from forum.domain.choosing_how import MANY
from forum.domain.methods import MOST_CHOICES
from forum.domain.state import Step
from forum.domain.steps import voting
from forum.domain.things import touched
from forum.domain.touch import Touch
from forum.fragments import desk_lead
from forum.fragments.surface import Affects, Slot, View

AFFECTS: Final[Affects] = {kind: lambda _: ("alike",) for kind in (*touched(), Touch.PLAN, Touch.SHEETS)}
"""Whatever may change what can be voted on, or its words."""
NAMED: Final = 4  # pairs that are named; how many more there are is said


def slot(view: View, now: Step | None, name: str) -> Slot | None:
    """What speaks against opening the vote that comes next as it is; None where nothing does."""
    state, vote = view.state, desk_lead.next_step(view.state)
    if now is None or vote is None or not vote.settings.counted or vote.opened_at:
        return None
    offered = voting.options(state, vote)
    told = [words for option in offered if (words := voting.option_words(state, vote, option))]
    pairs = [(told[one], told[other]) for one, other in alike(tuple(told))]
    most = min(MOST_CHOICES, methods.of(voting.settings_of(vote).method).most)
    if not pairs and len(offered) <= min(MANY, most):
        return None
    args = {"pairs": pairs, "named": NAMED, "number": len(offered), "many": MANY, "most": most}
    return Slot("lead-place", "21", "desk/alike.html", args)
