"""Photographs of walls and paper: the rules, the commands, the facts.

A fact names a photograph and says its caption, its size and its digest. It never holds the picture. So a picture that is
erased is gone, and the chain still proves that it was there.
"""

from typing import Annotated, Any, Final

from forum.domain import saw
from forum.domain.keeping import ErasureAsked
from forum.domain.kernel import (
    N_,
    Asked,
    Command,
    Fact,
    Facts,
    Gesture,
    Holds,
    Part,
    PhotographId,
    Quiet,
    Record,
    Rejection,
    Saw,
    StepId,
)
from forum.domain.limits import New, Range, Text
from forum.domain.photographs.record import Photograph
from forum.domain.roles import KEEPS_PLAN
from forum.domain.state import State, change

MOST: Final = 40  # of a forum, those removed and not erased too
MOST_BYTES: Final = 400 * 1024  # of one
LONGEST_SIDE: Final = 2000  # pixels: what stands on a wall can be read
CAPTION: Final = Text(200)

RULES = {
    "X1": N_(
        "Photographs of walls and paper come from the desk and the staff. Each is drawn anew before it is kept: without the "
        "place, the time and the device that a phone writes into it, and no larger than a document needs."
    ),
    "X2": N_(
        "A photograph that was removed stands in no document, and can be put back; one that was erased is gone for good, with "
        "its caption, and only its number and its digest are left."
    ),
}
REFUSALS = {
    "no_photograph": N_("This photograph is not there any more. Reload the page to see those that are."),
    "photographs_full": N_(
        "A forum keeps {most} photographs at most, and there are as many. Erase one that is not needed, then add this one."
    ),
    "photograph_size": N_("This photograph was not made smaller as it should be. Choose it once more."),
}
Caption = Annotated[str, CAPTION]


class AddPhotograph(Command, frozen=True):
    """Take in a photograph whose picture is kept already."""

    photograph: New[PhotographId]
    digest: str
    width: Annotated[int, Range(1, LONGEST_SIDE)]
    height: Annotated[int, Range(1, LONGEST_SIDE)]
    size: Annotated[int, Range(1, MOST_BYTES)]
    caption: Caption = ""
    step: StepId = StepId("")


class CaptionPhotograph(Command, frozen=True):
    """Say what a photograph shows, and in which step that was made."""

    photograph: PhotographId
    caption: Caption = ""
    step: StepId = StepId("")


class RemovePhotograph(Command, frozen=True):
    """Show it in no document any more. It is kept."""

    photograph: PhotographId


class RestorePhotograph(Command, frozen=True):
    """Show it again."""

    photograph: PhotographId


class ErasePhotograph(Command, frozen=True):
    """Let go of the picture and its caption, for good."""

    photograph: PhotographId


class PhotographAdded(Fact, frozen=True):
    photograph: PhotographId
    digest: str  # SHA-256 of the JPEG, hex
    width: int
    height: int
    size: int  # bytes
    caption: str = ""
    step: StepId = StepId("")  # whose outcome it shows; "" = not said


class PhotographCaptioned(Fact, frozen=True):
    photograph: PhotographId
    caption: str = ""
    step: StepId = StepId("")


class PhotographRemoved(Fact, frozen=True):
    photograph: PhotographId


class PhotographRestored(Fact, frozen=True):
    photograph: PhotographId


class PhotographErased(Fact, frozen=True):
    """The picture and its caption are gone, for good."""

    photograph: PhotographId


def add_photograph(state: State, command: AddPhotograph, asked: Asked) -> Facts | Rejection:
    if state.people.by_id[asked.by].role not in KEEPS_PLAN:
        return Rejection("J3", "forbidden")
    known = state.photographs.by_id
    if command.photograph in known:
        return Rejection("X1", "already_so")
    if sum(one.stands != "erased" for one in known.values()) >= MOST:
        return Rejection("X1", "photographs_full", {"most": MOST})
    if command.size > MOST_BYTES or max(command.width, command.height) > LONGEST_SIDE:
        return Rejection("X1", "photograph_size")
    if command.step and state.step(command.step) is None:
        return Rejection("F1", "no_step")
    return (PhotographAdded(**{name: getattr(command, name) for name in command.__struct_fields__}),)


def caption_photograph(state: State, command: CaptionPhotograph, asked: Asked) -> Facts | Rejection:
    known = _there(state, command.photograph)
    if known is None:
        return Rejection("X2", "no_photograph")
    if command.step and state.step(command.step) is None:
        return Rejection("F1", "no_step")
    if (known.caption, known.step) == (command.caption, command.step):
        return Rejection("X1", "already_so")
    return (PhotographCaptioned(command.photograph, command.caption, command.step),)


def remove_photograph(state: State, command: RemovePhotograph, asked: Asked) -> Facts | Rejection:
    known = _there(state, command.photograph)
    if known is None:
        return Rejection("X2", "no_photograph")
    if known.stands == "removed":
        return Rejection("X2", "already_so")
    return (PhotographRemoved(command.photograph),)


def restore_photograph(state: State, command: RestorePhotograph, asked: Asked) -> Facts | Rejection:
    known = _there(state, command.photograph)
    if known is None:
        return Rejection("X2", "no_photograph")
    if known.stands == "shown":
        return Rejection("X2", "already_so")
    return (PhotographRestored(command.photograph),)


def erase_photograph(state: State, command: ErasePhotograph, asked: Asked) -> Facts | Rejection:
    """The picture goes with the fact; every caption that it had is struck, as a person's words are (K2)."""
    known = _there(state, command.photograph)
    if known is None:
        return Rejection("X2", "no_photograph")
    captions = (
        ErasureAsked(person, "chosen", (command.photograph,), name=False)
        for person in known.by
        if person in state.people.by_id
    )
    return (PhotographErased(command.photograph), *captions)


def _there(state: State, photograph: PhotographId) -> Photograph | None:
    known = state.photographs.by_id.get(photograph)
    return None if known is None or known.stands == "erased" else known


def _added(state: State, fact: PhotographAdded, record: Record) -> State:
    by = (record.by,) if fact.caption else ()
    one = Photograph(
        fact.photograph, fact.caption, fact.step, fact.width, fact.height, fact.size, fact.digest, record.at, state.seq, state.seq, by,
    )  # fmt: skip
    return _put(state, one)


def _captioned(state: State, fact: PhotographCaptioned, record: Record) -> State:
    known = state.photographs.by_id[fact.photograph]
    by = known.by if record.by in known.by or not fact.caption else (*known.by, record.by)
    return _put(state, change(known, caption=fact.caption, step=fact.step, by=by))


def _removed(state: State, fact: PhotographRemoved, record: Record) -> State:
    return _put(state, change(state.photographs.by_id[fact.photograph], stands="removed"))


def _restored(state: State, fact: PhotographRestored, record: Record) -> State:
    return _put(state, change(state.photographs.by_id[fact.photograph], stands="shown"))


def _erased(state: State, fact: PhotographErased, record: Record) -> State:
    return _put(state, change(state.photographs.by_id[fact.photograph], stands="erased", caption="", by=()))


def _put(state: State, one: Photograph) -> State:
    by_id = state.photographs.by_id.set(one.id, change(one, rev=state.seq))
    return change(state, photographs=change(state.photographs, by_id=by_id), touched=frozenset())


def _back_to_caption(state: State, fact: PhotographCaptioned) -> tuple[str, Facts]:
    known = state.photographs.by_id[fact.photograph]
    return "", (PhotographCaptioned(known.id, known.caption, known.step),)


def _stands(state: State, fact: Any) -> bool:
    """Whether it is there to be changed: one that was erased never comes back."""
    return _there(state, fact.photograph) is not None


def _about(state: State, command: Any, asked: Asked) -> int:
    known = state.photographs.by_id.get(command.photograph)
    return known.rev if known else 0


_SAW = Saw(_about, N_("What stood here of this photograph"))

PART = Part(
    judges={
        AddPhotograph: add_photograph,
        CaptionPhotograph: caption_photograph,
        RemovePhotograph: remove_photograph,
        RestorePhotograph: restore_photograph,
        ErasePhotograph: erase_photograph,
    },
    folds={
        PhotographAdded: _added,
        PhotographCaptioned: _captioned,
        PhotographRemoved: _removed,
        PhotographRestored: _restored,
        PhotographErased: _erased,
    },
    rules=RULES,
    refusals=REFUSALS,
    gestures={
        PhotographAdded: Gesture(
            N_("added a photograph"),
            lambda state, fact: ("", (PhotographRemoved(fact.photograph),)),
            several=N_("added photographs"),
        ),
        PhotographCaptioned: Gesture(N_("changed the caption of a photograph"), _back_to_caption, _stands),
        PhotographRemoved: Gesture(
            N_("removed a photograph"),
            lambda state, fact: ("", (PhotographRestored(fact.photograph),)),
            _stands,
        ),
        PhotographRestored: Gesture(
            N_("put a photograph back"),
            lambda state, fact: ("", (PhotographRemoved(fact.photograph),)),
            _stands,
        ),
    },
    words={
        PhotographAdded: Holds(lambda fact: fact.photograph, ("caption",), own=True),
        PhotographCaptioned: Holds(lambda fact: fact.photograph, ("caption",), own=True),
    },
    plain=frozenset({AddPhotograph, RemovePhotograph, RestorePhotograph, ErasePhotograph, CaptionPhotograph}),
    sees={
        AddPhotograph: saw.ANEW,
        **dict.fromkeys((CaptionPhotograph, RemovePhotograph, RestorePhotograph, ErasePhotograph), _SAW),
    },
    aloud={PhotographErased: Quiet("whoever erased it is told, and a photograph is on no page of the room")},
)
