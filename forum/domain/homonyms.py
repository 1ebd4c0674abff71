"""People of one name are told apart by a number, in the order in which they came (J12). Pure.

Everybody who is called so counts, whoever was removed too: while both are known, the number of each stays. Whoever has a
name of their own has no number. To themself everybody is called as they said.

Whoever writes a number behind such a name is numbered with the others: two "Zoé" and one "Zoé (2)" are "Zoé (1)", "Zoé (2)"
and "Zoé (2) (3)". So nobody takes the name under which the room knows another.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final, NamedTuple, Protocol

from forum.domain.kernel import PersonId
from forum.domain.kin import kin_of
from forum.domain.plan.record import Action
from forum.domain.sheets.reading import people_in
from forum.domain.spelling import plain
from forum.domain.state import State
from forum.domain.touch import Touch

Names = Mapping[PersonId, str]
NUMBERS: Final = re.compile(r"( ?\( ?\d+ ?\))+$")
"""Written by somebody behind their name, as ours stand there."""


class Called(NamedTuple):
    """What people are called."""

    names: Names = {}  # to others
    given: Names = {}  # as they said
    plain: Mapping[PersonId, str] = {}  # what is the same for the same names


class Shown(Protocol):
    """What is shown of names, to others and to themselves."""

    @property
    def names(self) -> Names: ...

    @property
    def given(self) -> Names | None: ...


def called(state: State, given: Names, before: Called | None = None) -> Called:
    """Number those of one name. Cost: everybody with a name; of those of ``before`` a comparison each."""
    known = before or Called()
    keys = {
        person: known.plain[person] if known.given.get(person) == name else plain(name)
        for person, name in given.items()
    }
    groups: dict[str, list[PersonId]] = {}
    for person, key in keys.items():
        groups.setdefault(key, []).append(person)
    names = dict(given)
    for group in _of_one_name(state, groups):
        for number, person in enumerate(_in_turn(state, group), 1):
            names[person] = f"{given[person]} ({number})"
    return Called(names, given, keys)


def renumbered(before: Shown, now: Shown) -> frozenset[PersonId]:
    """Who is called otherwise by others, and did not change their name: somebody of the same name came, or is no more."""
    was, given = before.given, now.given
    if before.names is now.names or was is None or given is None:
        return frozenset()
    return frozenset(
        person
        for person, name in now.names.items()
        if before.names.get(person, name) != name and was.get(person) == given[person]
    )


def where_named(state: State, people: Collection[PersonId]) -> set[str]:
    """The touches of whatever shows the names of these people. Cost: the forum's cards and sheets."""
    kin = {one for person in people for one in kin_of(state, person)}
    shown = {Touch.action(a.id) for a in state.plan.actions.values() if _names(a, people)}
    shown |= {
        Touch.idea(i.id) for i in state.ideas.by_id.values() if any(p.by in kin for p in i.placed.values())
    }
    shown |= {Touch.commitment(c.id) for c in state.commitments.by_id.values() if c.person in kin}
    for sheet in state.sheets.by_id.values():
        if any(person in people for person in people_in(sheet)):
            shown |= {Touch.sheet(sheet.id), Touch.you(sheet.by)}
    return shown


def _of_one_name(state: State, groups: Mapping[str, list[PersonId]]) -> Iterator[list[PersonId]]:
    """Those who are numbered together: of one name, and whoever wrote a number behind it."""
    bare = {key: (key.endswith(")") and NUMBERS.sub("", key)) or key for key in groups}
    several = {
        bare[key] for key, group in groups.items() if key and len(group) > 1 and _in_turn(state, group)
    }
    together: dict[str, list[PersonId]] = {}
    for key, group in groups.items():
        if bare[key] in several:
            together.setdefault(bare[key], []).extend(group)
    yield from together.values()


def _names(action: Action, people: Collection[PersonId]) -> bool:
    offers = (offer.person for offer in action.offers)
    return any(person in people for person in (action.pilot, *action.partners, *offers))


def _in_turn(state: State, group: list[PersonId]) -> list[PersonId]:
    """Those who came, in their order; nobody if it is one person only. Of a voice that was handed on, its holder (J9)."""
    people = [p for person in group if (p := state.people.by_id.get(person)) is not None and not p.handed]
    people.sort(key=lambda person: (person.joined_at, person.number, person.id))
    return [person.id for person in people] if len(people) > 1 else []
