"""What was kept of a vote, on every surface, and the desk's way to keep it (V65). Nothing of it before the reveal."""

from forum.domain.state import Step
from forum.domain.steps import cut, voting
from forum.fragments.kinds import ballot_choices as choices
from forum.fragments.surface import Slot, View


def at_desk(view: View, step: Step, name: str) -> Slot | None:
    """How many of the first choices are kept, and, where the limit falls inside a tie, what becomes of the tied."""
    state, round_ = view.state, view.state.rounds.latest(step.id)
    result = voting.result(round_)
    if round_ is None or result is None or len(result.lines) < 2:
        return None
    found, places = cut.settled(state, round_), cut.places_in(state, step.id)
    if found is None and not places and not cut.parts_any(result):
        return None
    kept = round_.kept
    args = {
        "step": step.id,
        "round": round_.id,
        "cut": found,
        "texts": {line.option: choices.option(state, step, line.option)[1] for line in result.lines},
        "number": places or (kept.number if kept else cut.usual(len(result.lines))),
        "fixed": places > 0,
        "choices": len(result.lines),
        "used": cut.used(state, round_),
    }
    return Slot("centre", "505", "desk/cut.html", args)
