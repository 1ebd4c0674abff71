"""What a kind of step shows on a surface, as a value.

The surface first asks the face of the current kind. Then it draws what stands on every page.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple, Protocol

from forum.domain.kernel import PersonId
from forum.domain.person import Person
from forum.domain.state import State, Step
from forum.fragments.surface import Affects, Slot, View, Window

Draw = Callable[[View, Step, str], Slot | None]
"""A fragment of the current step by the rest of its key: where and how it stands, or None."""
DrawMine = Callable[[View, Step, Person, str], Slot | None]
"""The same of what only one person sees."""
Group = Callable[[State, Step, Person], str]
"""In which group of the step a person is, "" in none: pages are drawn for each group (``View.group``), and nobody is sent
another's. It may change only with the scene, or by a fact that touches them so (``Touch.group``)."""


def no_keys(view: View, step: Step) -> Iterator[str]:
    return iter(())


def no_keys_of_mine(view: View, step: Step, me: Person) -> Iterator[str]:
    return iter(())


def no_group(state: State, step: Step, person: Person) -> str:
    return ""


def no_things(view: View, step: Step) -> int:
    return 0


def one_page(view: View, step: Step) -> int:
    return 1


class PhoneFace(NamedTuple):
    """On a participant's phone."""

    keys: Callable[[View, Step], Iterator[str]] = (
        no_keys  # besides "act" and "count"; parents before children
    )
    slots: Mapping[str, Draw] = {}  # by the first word of a key
    affects: Affects = {}
    my_keys: Callable[[View, Step, Person], Iterator[str]] = no_keys_of_mine
    my_slots: Mapping[str, DrawMine] = {}  # by the word after "my-"
    my_affects: Affects = {}
    windows: Mapping[str, Window] = {}  # by the place of a list that may be long
    words: Callable[[State, Step], str] = lambda state, step: (
        "phone/words.html"
    )  # the template of what is asked
    hints: Callable[[Step], bool] = lambda step: False  # its own fragments say the step's hint
    asks: Callable[[State, Step], bool] = lambda state, step: True
    """Whether there is something now that one can be done with. May change with the scene, with the plan, and with
    what its own face's ``affects`` name with the bar."""
    group: Group = no_group


class ScreenFace(NamedTuple):
    """On the wall."""

    keys: Callable[[View, Step], Iterator[str]] = no_keys
    slots: Mapping[str, Draw] = {}
    affects: Affects = {}
    things: Callable[[View, Step], int] = no_things
    """How many there are of what it lays out, as it says them: more than a few may take several pages."""
    tally: Callable[[View, Step], tuple[str, Mapping[str, Any]] | None] | None = (
        None  # template, what it counts; None: nothing at this moment
    )
    crowd: Callable[[View, Step], Slot | None] = lambda view, step: (
        None
    )  # how many people there are, where the stage has a place of its own for it
    code_large: bool = False  # while it is open, latecomers are still wanted
    group: Group = no_group


class DeskFace(NamedTuple):
    """On the facilitator's desk."""

    keys: Callable[[View, Step], Iterator[str]] = no_keys
    slots: Mapping[str, Draw] = {}
    affects: Affects = {}
    parts: Callable[[View, Step], int] = one_page  # in which the desk lists very many cards
    counts: Callable[[View, Step], dict[str, Any]] = lambda view, step: {}
    counted_in: str = "desk/counts-show.html"  # the template that shows them
    enters: bool = False  # the desk can enter something for people without a phone
    awaits: Callable[[State, Step], str] = lambda state, step: ""
    """What the room is waited for while the step is open, as a message id; "" once something of it is there."""
    works: bool = False  # one works in its stage: what is said above it is small
    wide: bool = False  # its stage takes all the width
    says_done: bool = True  # people say that they are done with it, so that those who have not are named
    waits_for: Callable[[View, Step, Person], bool] = lambda view, step, person: step.id not in person.done
    """Whether somebody for whom the desk enters has not been entered for yet."""
    gave: Callable[[View, Step, Person], int] = lambda view, step, person: 0
    """How many things of theirs there are in the step, where that may be said."""
    gave_in: str = ""  # the template that says how many
    group: Group = no_group


class Face(Protocol):
    """What the faces of all surfaces have."""

    @property
    def group(self) -> Group: ...


def group_in(faces: Mapping[str, Face], state: State, person: PersonId) -> str:
    """In which group of the current step somebody is on a surface; "" in none."""
    now, me = state.now, state.people.by_id.get(person)
    return faces[now.kind].group(state, now, me) if now and me else ""


PARENTS_FIRST: Final = ("theme", "idea", "axis", "action", "commitment", "sheet")
"""Words of ``Touch`` whose fragments stand in each other, in the order in which they are put."""


def merged(*affects: Affects) -> Affects:
    """What a touch changes on a surface, by everything that may stand on it; each key once."""
    words = dict.fromkeys(word for one in affects for word in one)
    ordered = [*(w for w in words if w not in PARENTS_FIRST), *(w for w in PARENTS_FIRST if w in words)]
    return {word: _all_of([one[word] for one in affects if word in one]) for word in ordered}


def _all_of(named: list[Callable[[str], Iterable[str]]]) -> Callable[[str], Iterable[str]]:
    if len(named) == 1:
        return named[0]
    return lambda name: dict.fromkeys(key for names in named for key in names(name))
