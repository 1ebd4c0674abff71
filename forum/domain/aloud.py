"""What is said aloud of a fact: which change of the room, to whom, and in place of which one before it.

Only sentences of ours and numbers are kept; who draws the page fills in titles, as they are called by then. What somebody
did on their own phone is said there by the page itself.
"""

from collections.abc import Mapping
from typing import Final

from forum.domain.heard import Heard
from forum.domain.kernel import Aloud, Fact, Gesture, PersonId, Quiet, Record, StepId
from forum.domain.roles import LEADS
from forum.domain.state import State, change
from forum.domain.touch import Touch

STEP: Final = "step"
"""What the room does now: said in place of everything before it."""
DEED: Final = "deed"
KEPT: Final = 3  # for the room, and for the desk alone


def noted(
    before: State,
    after: State,
    fact: Fact,
    record: Record,
    aloud: Mapping[type[Fact], Aloud | Quiet],
    gestures: Mapping[type[Fact], Gesture],
) -> State:
    """Note what is to be said of a fact. Cost: that of a look into two tables, for nearly all."""
    kind = type(fact)
    told = aloud.get(kind)
    heard = _told(before, fact, told) if isinstance(told, Aloud) else None
    if told is None and (gesture := gestures.get(kind)):
        heard = _done(before, fact, record, gesture)
    if heard is None:
        return after
    heard = change(heard, seq=after.seq, by=PersonId(record.entered_by or record.by))
    touch = Touch.HEARD if heard.room else Touch.HEARD_AT_DESK
    return change(after, heard=_kept(before.heard, heard), touched=after.touched | {touch})


def _kept(before: tuple[Heard, ...], new: Heard) -> tuple[Heard, ...]:
    """With one more, in place of what it replaces; what is the desk's alone replaces nothing that the room is told."""
    if new.topic == STEP:
        return (new,)
    alike = [one for one in before if one.room == new.room]
    gone = [one for one in alike if one.topic == new.topic] or alike[: max(0, len(alike) - KEPT + 1)]
    return (*(one for one in before if one not in gone), new)


def _told(before: State, fact: Fact, told: Aloud) -> Heard | None:
    say = told.say(before, fact)
    if not say:
        return None
    step = getattr(fact, "step", None)
    return Heard(
        0,
        PersonId(""),
        told.topic or type(fact).__name__,
        say,
        StepId(step) if isinstance(step, str) else StepId(""),
        told.number(fact),
        told.what(before, fact),
        told.room(before, fact),
    )


def _done(before: State, fact: Fact, record: Record, gesture: Gesture) -> Heard | None:
    """A gesture of somebody who leads."""
    who = before.people.by_id.get(record.entered_by or record.by)
    if not gesture.what or who is None or who.role not in LEADS:
        return None
    return Heard(0, PersonId(""), DEED, gesture.named(before, fact) or gesture.what, room=False, deed=True)
