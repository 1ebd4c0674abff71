"""Undoing gestures: which can be undone, by whom, and what an undo makes true.

Nothing is erased: an undo appends the opposite facts and ``DeedUndone``. It is refused if somebody has built
on the gesture in the meantime.
"""

from collections.abc import Callable, Mapping

from forum.domain.aloud import DEED
from forum.domain.deeds import Deed
from forum.domain.kernel import (
    N_,
    Aloud,
    Asked,
    Command,
    Fact,
    Facts,
    Gesture,
    Part,
    PersonId,
    Record,
    Rejection,
    Saw,
)
from forum.domain.limits import Number
from forum.domain.roles import LEADS
from forum.domain.state import State, change
from forum.domain.touch import Touch

RULES = {
    "U1": N_(
        "The latest changes on the board, in the plan and to the sessions, removals of people, and "
        "changes to what the forum is about can be undone; each is shown with who made "
        "it."
    ),
    "U2": N_("People undo their own changes; the facilitator can undo anybody’s."),
    "U3": N_("What others have built on meanwhile is not undone over their heads."),
}
REFUSALS = {
    "no_deed": N_("This can no longer be undone. Correct it by hand."),
    "not_your_deed": N_("Only the person who did this, or the facilitator, can undo it."),
    "built_on": N_("Others have changed this since. Undo their change first, or correct it by hand."),
}
KEPT_DEEDS = 20


class Undo(Command, frozen=True):
    """Take back the gesture whose last fact is ``deed``."""

    deed: Number


class DeedUndone(Fact, frozen=True):
    deed: int


Apply = Callable[[State, Fact, Record], State]


def judge(
    state: State,
    command: Undo,
    asked: Asked,
    apply: Apply,
    gestures: Mapping[type[Fact], Gesture],
) -> Facts | Rejection:
    """Judge an undo: each opposite fact must fit the state that the ones before it leave."""
    deed = next((d for d in state.deeds if d.seq == command.deed), None)
    if deed is None or deed.undone:
        return Rejection("U1", "no_deed")
    if deed.by != asked.who and state.people.by_id[asked.by].role not in LEADS:
        return Rejection("U2", "not_your_deed")
    trial = state
    for fact in deed.inverse:
        assert isinstance(fact, Fact), f"expected a fact, got {type(fact).__name__}"
        gesture = gestures.get(type(fact))
        if gesture and not gesture.fits(trial, fact):
            return Rejection("U3", "built_on")
        trial = apply(trial, fact, Record(fact, asked.who, asked.at))
    return (*deed.inverse, DeedUndone(deed.seq))  # type: ignore[arg-type]


def remember(
    before: State,
    after: State,
    fact: Fact,
    record: Record,
    op: str,
    gestures: Mapping[type[Fact], Gesture],
) -> State:
    """Note a gesture that can be undone; facts of one op are one gesture, taken back in reverse."""
    gesture = gestures.get(type(fact))
    if gesture is None or gesture.back is None:
        return after
    way_back = gesture.back(before, fact)
    if way_back is None:
        return after
    about, back = way_back
    named = gesture.named(before, fact)
    deeds = after.deeds
    if deeds and deeds[-1].op == op:
        last = deeds[-1]
        longer = change(last, seq=after.seq, inverse=(*back, *last.inverse))
        if not gesture.besides:
            what = type(fact).__name__
            again = gesture.several if last.what == what else ""
            longer = change(longer, what=what, about=about, named=again or named)
        deeds = (*deeds[:-1], longer)
    else:
        by = PersonId(record.entered_by or record.by)
        deed = Deed(after.seq, op, by, record.at, type(fact).__name__, about, back, named=named)
        deeds = (*deeds, deed)[-KEPT_DEEDS:]
    return change(after, deeds=deeds, touched=after.touched | {Touch.DEEDS})


def is_latest(state: State, fact: Fact, about: Callable[[Fact], object] = lambda _: None) -> bool:
    """Say whether no later gesture changed the one thing that this fact puts back whole (U3).

    about   which one, where there are many
    """
    later = (f for deed in reversed(state.deeds) if not deed.undone for f in deed.inverse)
    same = (f for f in later if isinstance(f, type(fact)) and about(f) == about(fact))
    return next((f == fact for f in same), True)


def _undone(state: State, fact: DeedUndone, record: Record) -> State:
    op = next((d.op for d in state.deeds if d.seq == state.seq - 1), None)
    kept = tuple(
        change(d, undone=True) if d.seq == fact.deed else d for d in state.deeds if d.op != op or op is None
    )
    return change(state, deeds=kept, touched=frozenset({Touch.DEEDS}))


def _listed(state: State, command: Undo, asked: Asked) -> int:
    """The gesture itself: who had not yet seen it meant another one of the list."""
    return command.deed if any(deed.seq == command.deed for deed in state.deeds) else 0


def _what(state: State, fact: DeedUndone) -> str:
    deed = next((d for d in state.deeds if d.seq == fact.deed), None)
    return (deed.named or deed.what) if deed else ""


UNDONE = Aloud(lambda state, fact: N_("Undone: {what}."), lambda state, fact: False, topic=DEED, what=_what)


PART = Part(
    judges={},
    folds={DeedUndone: _undone},
    rules=RULES,
    refusals=REFUSALS,
    sees={Undo: Saw(_listed, N_("The list of changes"), strict=True)},
    aloud={DeedUndone: UNDONE},
)
