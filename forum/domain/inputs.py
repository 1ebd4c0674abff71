"""What a step takes from others: the steps whose things it is about.

The person who leads chooses these steps; otherwise they are proposed. The first opening fixes them by a
fact, so a board that is inserted later does not change a sort that has begun. Older journals have no such
fact. They fold as before: a step that was opened then takes from every earlier step that has what it is
about.
"""

from collections.abc import Collection, Iterable
from itertools import takewhile
from typing import NamedTuple

from forum.domain.kernel import N_, Part, Rejection, StepId
from forum.domain.sessions.record import Session
from forum.domain.state import State, Step

RULES = {
    "F8": N_(
        "What a step works on is shown, and fixed when it first opens; later a sort may take in more cards, and a vote "
        "takes another list only in a new round."
    ),
}
REFUSALS = {
    "bad_input": N_("This step cannot work on that one. Choose among those that are offered."),
    "input_hidden": N_("These cards are still hidden. Reveal them first, then take them in."),
    "input_used": N_("Some of it is in use here already. Take it out first."),
}


def choices(state: State, step: Step) -> tuple[Step, ...]:
    """The steps that a step could take from, in the order of the agenda: those before it that give what it is about."""
    before = takewhile(lambda other: other.id != step.id, state.steps)
    return tuple(s for s in before if fits(step, s))


def fits(step: Step, other: Step) -> bool:
    """Say whether a step could take from another one."""
    thing = step.settings.takes
    if step.settings.from_kept and not other.settings.counted:
        return False
    votes = step.settings.from_votes or step.settings.from_kept
    given = other.settings.gives if votes else other.settings.makes
    return bool(thing) and given == thing and other.id != step.id and other.phase != "skipped"


def refused(
    state: State, step: Step, of: tuple[StepId, ...], kept: frozenset[StepId] = frozenset()
) -> Rejection | None:
    """Why a step may not work on these; ``kept``: those that it cannot leave out any more."""
    chosen = [state.step(i) for i in of]
    if any(other is None or not fits(step, other) for other in chosen) or (step.opened_at and not of):
        return Rejection("F8", "bad_input")
    if kept - set(of):
        return Rejection("F8", "input_used")
    hidden = any(other and not other.shows for other in chosen)
    return Rejection("F8", "input_hidden") if hidden and step.opened_at else None


def inputs(state: State, step: Step) -> tuple[StepId, ...]:
    """The steps whose things this one is about: as fixed at its opening, as chosen, or as proposed.

    Cost: what is fixed, nothing; what is proposed, the agenda's square.
    """
    told = _told(state, step)
    return every(state)[step.id] if told is None else told


def every(state: State) -> dict[StepId, tuple[StepId, ...]]:
    """What each step of the agenda is about. Cost: the agenda's square."""
    found: dict[StepId, tuple[StepId, ...]] = {}
    used: dict[str, set[StepId]] = {}  # by kind: what steps so far take
    for step in state.steps:
        taken = used.setdefault(step.kind, set())
        told = _told(state, step)
        found[step.id] = _proposed(state, step, taken) if told is None else told
        if step.phase != "skipped":
            taken.update(found[step.id])
    return found


def _told(state: State, step: Step) -> tuple[StepId, ...] | None:
    """What a step is about, where that is fixed or chosen; None: it is proposed."""
    if step.of is not None:
        return step.of
    chosen: tuple[StepId, ...] = getattr(step.settings, "of", ())
    there = tuple(i for i in chosen if state.step(i))
    return there or (tuple(s.id for s in choices(state, step)) if step.opened_at else None)


def _proposed(state: State, step: Step, used: Collection[StepId]) -> tuple[StepId, ...]:
    """What a step takes as long as nobody chooses: all of its session, the last, or what no earlier step of its kind takes.

    All of any session, where its own has nothing before it.
    """
    could = choices(state, step)
    possible = tuple(s.id for s in could)
    match step.settings.gathers:
        case "last":
            return possible[-1:]
        case "fresh":
            return tuple(i for i in possible if i not in used) or possible
    return tuple(s.id for s in could if s.session == step.session) or possible


def in_order(state: State, of: tuple[StepId, ...]) -> tuple[StepId, ...]:
    """These steps, each once, in the order of the agenda; what it does not know stands last."""
    known = tuple(s.id for s in state.steps if s.id in of)
    return (*known, *(i for i in dict.fromkeys(of) if i not in known))


def named(state: State, step: Step) -> tuple[Step, ...]:
    """The steps that this one is about, in the order of the agenda; none that has gone from it."""
    of = inputs(state, step)
    return tuple(s for s in state.steps if s.id in of)


class Input(NamedTuple):
    """A step that another is about, as people are told of it."""

    step: Step
    session: Session | None  # in which it is, where a step of another session is called the same


def told(state: State, steps: Iterable[Step]) -> tuple[Input, ...]:
    """These steps so that nobody takes one for another. Cost: sessions, and the agenda for each."""
    sessions = {session.id: session for session in state.sessions.all}

    def alike(step: Step) -> bool:
        return any(o.title == step.title and o.session != step.session for o in state.steps)

    return tuple(Input(s, sessions.get(s.session) if alike(s) else None) for s in steps)


def is_one_of_many(state: State, step: Step) -> bool:
    """Say whether there are others that this step might be about, so that people have to be told."""
    return sum(fits(step, other) for other in state.steps) > 1


def hidden(state: State, step: Step) -> tuple[StepId, ...]:
    """Of what a step works on, what is not revealed yet and holds something: to work on it is to show it (B2)."""
    from_ = (other for i in inputs(state, step) if (other := state.step(i)))
    return tuple(s.id for s in from_ if not s.shows and state.ideas.active.get(s.id, 0))


PART = Part(judges={}, folds={}, rules=RULES, refusals=REFUSALS)
