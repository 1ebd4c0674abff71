"""What is happening now, at the desk: what the room works on, the one button that leads on, the time. Pure.

The button stands by itself, since more changes it than changes the words around it: the first card, the first axis.
"""

from collections.abc import Iterator
from typing import Any, Final

from forum.domain import again, attendance, inputs
from forum.domain.consents.part import standing
from forum.domain.plan.numbers import all_coded
from forum.domain.plan.reading import live_axes
from forum.domain.sessions import reading
from forum.domain.state import State, Step
from forum.domain.steps import board, sorting, voting
from forum.domain.steps.commitments import OUTSIDE
from forum.domain.steps.pledge import how_named
from forum.domain.steps.sort import room_for
from forum.fragments import desk_lead, programme
from forum.fragments.kinds import planning
from forum.fragments.surface import Slot, View
from forum.language.documents import kinds

MINUTE_MS: Final = 60_000
TIMES: Final = tuple(
    60 * n for n in (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 45, 60, 90, 120)
)  # seconds


def now(view: View, step: Step | None, name: str) -> Slot:
    """What the room works on."""
    state = view.state
    here = reading.steps_of(state, step.session) if step else ()
    args = {
        "step": step,
        "number": here.index(step) + 1 if step else 0,
        "all": len(here),
        "rests": reading.rests(state),
        "coming": next(iter(reading.coming(state)), None),
        "goes_on": reading.goes_on(state),
        "several": reading.several(state),
        "shown": step is not None and board.shows(step),
        "of": inputs.told(state, inputs.named(state, step))
        if step and inputs.is_one_of_many(state, step)
        else (),
        "few": _few(state, step),
        "all_in": _all_in(view, step),
        "round": state.rounds.latest(step.id) if step else None,
    }
    return Slot("centre", "10", "desk/now.html", args)


def _few(state: State, step: Step | None) -> voting.Few | None:
    return voting.few(state, step) if step and step.phase == "closed" and not step.revealed else None


def _all_in(view: View, step: Step | None) -> bool:
    """Whether as many have voted as are present, so that nobody is left for whom a vote would be reopened."""
    held = _few(view.state, step)
    return held is not None and 0 < attendance.here(view.state, view.absent) <= held.ballots


def lead(view: View, step: Step | None, name: str) -> Slot:
    """The one button of this moment, or why there is none; and what else one may do."""
    state = view.state
    main, few = desk_lead.main_gesture(state), _few(view.state, step)
    args = {
        "step": step,
        "main": main,
        "few": few,
        "risky": few is not None and main is not None and main.word == "result" and not _all_in(view, step),
        "lacking": desk_lead.lacking(state),
        "quiet": desk_lead.quiet_gestures(state),
        "waits": desk_lead.awaited(state),
        "aside": desk_lead.gesture_aside(state),
        "out": again.votes_out(state, step.id) if step else 0,
        "several": reading.several(state),
        "lacks": planning.lacking_of(state, state.sessions.live),
        **_to_name(state, step),
        "rests": reading.rests(state),
        "coming": next(iter(reading.coming(state)), None),
        "over": reading.last_held(state),
    }
    ends = step is not None and step.settings.closes and main is not None and main.word == "finish"
    return Slot("end-place" if ends else "lead-place", "", "desk/lead.html", args)


def _to_name(state: State, step: Step | None) -> dict[str, Any]:
    """The actions that lack something, where the room works on them: all, those without a pilot, those of them whom
    somebody waits for, and how many do. Cost: the plan.
    """
    unready = _unready(state, step)
    unpiloted = [one for one in unready if not one.action.pilot]
    offered = [one for one in unpiloted if one.action.offers]
    offering = {offer.person for one in offered for offer in one.action.offers}
    return {"unpiloted": unpiloted, "offered": offered, "offering": len(offering), "unready": unready}


def _works_on_plan(step: Step | None) -> bool:
    return step is not None and (step.settings.plans or step.settings.on_plan)


def _unready(state: State, step: Step | None) -> list[planning.Lacking]:
    return planning.lacking(state) if _works_on_plan(step) else []


def owes(view: View, step: Step) -> bool:
    """Whether something still lacks that the desk names beside the way on: nobody is told then that they can go on."""
    return bool(desk_lead.lacking(view.state) or _unready(view.state, step) or unvoted(view, step, ""))


def unvoted(view: View, step: Step | None, name: str) -> Slot | None:
    """What the next vote over themes will leave out, and the gesture by which it does not (G6)."""
    state, vote = view.state, desk_lead.next_vote(view.state)
    if vote is None or vote.opened_at:
        return None
    alone = sorting.left_out(state, vote)
    left = [
        (sort, len(cards), room_for(state, sort, len(cards)))
        for s, cards in alone.items()
        if (sort := state.step(s))
    ]
    begun = [one for one in left if sorting.live_themes(state, one[0])]
    return Slot("lead-place", "20", "desk/unvoted.html", {"left": begun}) if begun else None


def timer(view: View, step: Step | None, name: str) -> Slot | None:
    """The countdown; before there is one, until when the step is planned. None where no time is left to run."""
    if step is None or (step.phase != "open" and not view.state.timer):
        return None
    args = {
        "timer": view.state.timer,
        "planned": step.minutes * 60,
        "planned_end": step.resumed_at + step.minutes * MINUTE_MS,
        "times": TIMES,
    }
    return Slot("centre", "20", "desk/timer.html", args)


def to_say(view: View, step: Step | None, name: str) -> Slot | None:
    """What is said aloud at the beginning: the question, what people will be asked for, when it ends."""
    state = view.state
    if step is None or not programme.opens_the_day(state, step):
        return None
    args = {
        "stops": [stop.step for stop in programme.line(state)],
        "ends_at": reading.ends(state),
        "several": reading.several(state),
    }
    return Slot("centre", "31", "desk/to-say.html", args)


def _takes_leave(state: State, step: Step | None) -> bool:
    over = reading.rests(state) and reading.last_held(state) is not None
    return over or (step is not None and step.settings.closes)


def _stands_beside(state: State, step: Step | None) -> bool:
    """Whether the plan stands beside what the room works on: what it lacks can be given in every step."""
    if _works_on_plan(step):
        return False
    return bool(live_axes(state)) if _takes_leave(state, step) else any(planning.all_actions(state))


def plan_keys(view: View) -> Iterator[str]:
    """The keys of the plan where it stands beside what the room works on. Cost: the plan."""
    if _stands_beside(view.state, view.state.now):
        yield from ("decided", "names")
        yield from (f"action-{action.id}" for action in planning.all_actions(view.state))


def decided(view: View, step: Step | None, name: str) -> Slot | None:
    """The plan beside what the room works on, to complete; unfolded at the closing and after it, where it is read once
    more in the room."""
    if not _stands_beside(view.state, step):
        return None
    leaves = _takes_leave(view.state, step)
    args = {"axes": live_axes(view.state), "folds": not leaves}
    return Slot("centre", "47" if leaves else "90", "desk/decided.html", args)


def _beside(draw: planning.Beside) -> planning.Beside:
    def drawn(view: View, step: Step | None, name: str) -> Slot | None:
        return draw(view, step, name) if _stands_beside(view.state, step) else None

    return drawn


PLAN: Final = {word: _beside(draw) for word, draw in planning.BESIDE.items()}
"""What stands in the plan beside what the room works on, by the first word of a key."""


def tonight(view: View, step: Step | None, name: str) -> Slot | None:
    """At the closing and after it: when the room meets again, and what is left to do."""
    state = view.state
    if not _takes_leave(state, step):
        return None
    args = {
        "coming": next(iter(reading.coming(state)), None),
        "rests": reading.rests(state),
        "decided": len(all_coded(state)),
        "lacking": planning.lacking(state),
        "until": state.keeping.until,
        "topic": kinds()["plan.pdf"][0],
        "with_name": {readers: how_named(state, readers) for readers in OUTSIDE},
        "addressed": sum(standing(state, person, "reminders") is not None for person in state.consents),
    }
    return Slot("centre", "45", "desk/tonight.html", args)
