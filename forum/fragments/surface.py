"""What a surface is made of: its fragments, where they stand, and what changes them.

A surface is one module (``phone``, ``screen``, ``desk``) with the face of ``Surface``. It decides what its
audience may see; whatever it does not name is never sent. It renders nothing: ``pages`` does, from templates.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple, Protocol

from markupsafe import Markup

from forum.domain import spelling
from forum.domain.attendance import NOBODY_ABSENT, Absent
from forum.domain.kernel import PersonId, Words
from forum.domain.kin import holder
from forum.domain.people import present
from forum.domain.person import Person
from forum.domain.state import State

SurfaceName = Literal["phone", "screen", "desk"]


class Audience(NamedTuple):
    """What makes two people see the same thing."""

    surface: SurfaceName
    lang: str  # "fr" or "en"
    group: str = ""  # people at work together, a table or a team; "" = who is in none


class Site(NamedTuple):
    """Where this forum is reached, and what the server has ready for it; the same for everybody in it."""

    join_url: str = ""  # what the QR says
    short_url: str = ""  # what a person types: host and path, without the scheme
    qr: Markup = Markup()  # the QR as SVG; empty, so nothing of anybody's
    agendas: tuple[tuple[str, Words], ...] = ()  # from which a session can be planned: ids and titles


class View(NamedTuple):
    """What pages are drawn from: the state, the names beside it, the addresses; and for whom."""

    state: State
    names: Mapping[PersonId, str]  # as others are shown them: those of one name are numbered (J12)
    site: Site = Site()
    group: str = ""  # for whom it is drawn, as ``Audience`` says
    absent: Absent = (
        NOBODY_ABSENT  # who is not heard from, beside the state too; a change of it is ``Touch.NEAR``
    )

    given: Mapping[PersonId, str] | None = (
        None  # the names as they were given; None: as others are shown them
    )

    def for_group(self, group: str) -> "View":
        """The same, to draw for another group from."""
        return self if self.group == group else self._replace(group=group)

    @property
    def helped(self) -> list[Person]:
        """The people without a phone, for whom the desk enters, by name. Cost: the people."""
        return self.in_order(person for person in present(self.state) if person.assisted)

    def in_order(self, people: Iterable[Person]) -> list[Person]:
        """Those with a name by it, then the others as they came."""
        return spelling.in_order(people, lambda person: self.name(person.id))

    def name(self, person: str) -> str:
        """A person's name, or "" if they gave none or were erased; of a voice that was handed on, its holder's (J9)."""
        return self.names.get(holder(self.state, PersonId(person)), "")

    def own_name(self, person: str) -> str:
        """A name as its own person gave it, for them alone to see."""
        return self.own_names.get(holder(self.state, PersonId(person)), "")

    @property
    def own_names(self) -> Mapping[PersonId, str]:
        """The names as they were given, to compare with."""
        return self.names if self.given is None else self.given


class Slot(NamedTuple):
    """One fragment: the container it stands in, its place there, and what draws it."""

    place: str  # DOM id of a container, an element with ``data-slots``; "root" is the outermost
    order: str  # compared as text within the container
    template: str
    args: dict[str, Any] = {}  # never changed
    prints: tuple[str, ...] = ()  # args, texts or numbers, that the template only prints: see ``shapes``


class Put(NamedTuple):
    """A drawn fragment, as it travels."""

    key: str  # DOM id
    place: str
    order: str
    html: str


class Window(NamedTuple):
    """Of a list that may be long: a page holds its end at first, and is given what comes before when it asks."""

    most: int  # fragments, the last ones in their order
    template: str  # what stands before them and leads to the others; no fragment


class Changes(NamedTuple):
    """What turns an older page into a newer one."""

    puts: tuple[Put, ...] = ()
    gone: tuple[str, ...] = ()


Affects = Mapping[str, Callable[[str], Iterable[str]]]
"""From a touch's word (before the colon) to the keys that its id (after the colon) may change.

The mapping's order is the order in which fragments are put: parents before children.
"""


class Surface(Protocol):
    """The face of a surface's module."""

    AFFECTS: Affects
    MY_AFFECTS: Affects
    WINDOWS: Mapping[str, Window]  # by the place of the list; its fragments have no containers

    def keys(self, view: View) -> Iterator[str]:
        """The keys of every fragment that may be shown now, parents before children."""

    def slot(self, view: View, key: str) -> Slot | None:
        """Where and how a fragment stands now; None when it is not shown."""

    def my_keys(self, view: View, person: PersonId) -> Iterator[str]:
        """The keys, all beginning "my-", of what only this person sees."""

    def my_slot(self, view: View, person: PersonId, key: str) -> Slot | None:
        """Where and how a personal fragment stands now."""

    def group(self, view: View, person: PersonId) -> str:
        """In which group somebody is now, "" in none. Another only by a change of scene or of ``Touch.group``."""


def order(number: int) -> str:
    """A place by number, as text that sorts like the number (up to ten digits)."""
    return f"{number:010d}"
