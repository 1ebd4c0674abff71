"""What a forum's state keeps of who is in the room. Values only; ``people`` and ``arrivals`` tell the rules."""

from typing import Literal

import msgspec
from immutables import Map

from forum.domain.kernel import NOBODY, Millis, PersonId, StepId
from forum.domain.roles import Role


class Person(msgspec.Struct, frozen=True):
    """A participation: one person in this forum. The name lives beside the journal."""

    id: PersonId
    role: Role
    joined_at: Millis
    rev: int
    key: str = ""  # digest prefix of the capability that let this person in; "" = the room code
    assisted: bool = False  # without a phone: others enter for them
    state: Literal["waiting", "in", "out"] = "in"
    done: tuple[StepId, ...] = ()  # steps this person is done with
    number: int = 0  # order of arrival among the people with a voice, from 1
    took: PersonId = NOBODY  # whose voice was handed to this participation; NOBODY: it has its own (J9)
    handed: PersonId = NOBODY  # who has this one's voice now; NOBODY: it was not handed on, or came back


class Removal(msgspec.Struct, frozen=True):
    """People who were removed in one gesture, and were not let in again together."""

    seq: int  # its first fact
    last: int  # its last fact
    at: Millis
    by: PersonId
    parts: tuple[tuple[tuple[PersonId, ...], bool], ...]  # people, and whether they were waiting

    @property
    def people(self) -> list[PersonId]:
        return [person for people, _ in self.parts for person in people]

    @property
    def count(self) -> int:
        return sum(len(people) for people, _ in self.parts)


class People(msgspec.Struct, frozen=True):
    """Everybody who ever came into a forum, and how many are there."""

    by_id: Map[PersonId, Person] = Map()
    voices: int = 0  # people with a voice who are in
    waiting: int = 0  # people with a voice who wait to be let in
    arrivals: int = 0  # of people with a voice, ever
    removals: tuple[Removal, ...] = ()  # the latest
    done: Map[StepId, int] = Map()  # how many of those who are in are done with a step
    kin: Map[PersonId, tuple[PersonId, ...]] = (
        Map()
    )  # whose own a voice was → all who ever had it, in their order


def done_with(done: Map[StepId, int], person: Person, more: int) -> Map[StepId, int]:
    """How many are done with each step when somebody comes in (1) or goes (-1)."""
    for step in person.done:
        done = done.set(step, done.get(step, 0) + more)
    return done
