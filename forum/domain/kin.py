"""Whose voice is now whose: the participations of one person, after their voice was handed on (J9). Pure readings."""

from collections.abc import Iterator, Mapping

from forum.domain.kernel import PersonId
from forum.domain.state import State


def holder(state: State, person: PersonId) -> PersonId:
    """Who has somebody's voice now: themself, unless it was handed on. Cost: how often it was."""
    if not state.people.kin:
        return person
    while (known := state.people.by_id.get(person)) is not None and known.handed:
        person = known.handed
    return person


def lineage(state: State, person: PersonId) -> Iterator[PersonId]:
    """From whom somebody has their voice, the latest first; nothing for who has their own."""
    while (known := state.people.by_id.get(person)) is not None and known.took:
        person = known.took
        yield person


def root_of(state: State, person: PersonId) -> PersonId:
    """Whose own a voice was."""
    return next(iter(reversed(tuple(lineage(state, person)))), person)


def kin_of(state: State, person: PersonId) -> tuple[PersonId, ...]:
    """All participations of one voice, the first first; of most people themself alone."""
    if not state.people.kin:
        return (person,)
    return state.people.kin.get(root_of(state, person), (person,))


def called(state: State, names: Mapping[PersonId, str]) -> Mapping[PersonId, str]:
    """The names beside the journal, each also for those of before: they are called what whoever has their voice is."""
    if not state.people.kin:
        return names
    every = (person for kin in state.people.kin.values() for person in kin)
    now = {person: names.get(holder(state, person), "") for person in every}
    return {**{p: n for p, n in names.items() if p not in now}, **{p: n for p, n in now.items() if n}}
