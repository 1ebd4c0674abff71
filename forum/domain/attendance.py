"""Who is present at this moment, away or gone: a reading of what is heard from people, beside the state. Pure.

Never a fact: it changes whenever a phone sleeps, and nobody decides by it. Whoever listens passes in who is *absent*: those
with a voice who are in, have a phone, and were not heard from lately. Nobody is absent as long as nothing is known.

Present   a page of theirs is connected, or was heard from about a minute ago; without a phone one is present
away      known today, in the session that goes on, and not heard from
open      of walls: one is connected now. They have no number of arrival, so ``WALLS`` stands for all of them, and no
          grace: nobody looks at one that sleeps
gone      removed, or in whose access was taken back: they are not in the state's voices at all

Cost of each: those who are absent.
"""

from collections.abc import Collection, Iterator

from forum.domain.kernel import Millis, PersonId
from forum.domain.person import Person
from forum.domain.roles import VOICE, Role
from forum.domain.sessions import presence
from forum.domain.state import State, Step

Absent = frozenset[PersonId]
NOBODY_ABSENT: Absent = frozenset()
WALLS = 0  # among numbers of arrival: a wall is heard from


def absent(state: State, heard: Collection[int], at: Millis, grace_ms: int) -> Absent:
    """Who is absent, of those who came more than ``grace_ms`` before ``at``, and of walls. Cost: everybody who ever came.

    heard   numbers of arrival of those who were heard from lately; ``WALLS``
    """
    return frozenset(
        person.id
        for person in state.people.by_id.values()
        if (_listened_for(person) and person.number not in heard and person.joined_at < at - grace_ms)
        or (_is_wall(person) and WALLS not in heard)
    )


def wall_is_open(state: State, absent: Absent) -> bool:
    """Whether a wall shows the forum now, by a link that still opens it. Cost: everybody who ever came."""
    return any(_is_wall(person) and person.id not in absent for person in state.people.by_id.values())


def numbered(person: Person) -> int | None:
    """Under which number somebody is heard; None: nobody listens for them."""
    return WALLS if _is_wall(person) else person.number or None


def here(state: State, absent: Absent) -> int:
    """How many are present, of those with a voice."""
    return state.people.voices - sum(1 for _ in _in(state, absent))


def done_here(state: State, step: Step, absent: Absent) -> int:
    """How many of those present are done with a step."""
    return state.people.done.get(step.id, 0) - sum(step.id in person.done for person in _in(state, absent))


def away(state: State, absent: Absent) -> list[Person]:
    """Who was there today and is away."""
    return [p for p in _in(state, absent) if presence.is_present(state, p.id, state.sessions.live)]


def _in(state: State, people: Absent) -> Iterator[Person]:
    found = (state.people.by_id.get(person) for person in people)
    return (person for person in found if person is not None and _listened_for(person))


def _is_wall(person: Person) -> bool:
    return person.role is Role.SCREEN and person.state == "in"


def _listened_for(person: Person) -> bool:
    return person.role in VOICE and person.state == "in" and not person.assisted
