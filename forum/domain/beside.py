"""What lies beside the journal of a person, besides their name, and under which words. A fact lasts for ever and holds none
of it; all of it goes with the name (K2).
"""

from typing import Final

from forum.domain.kernel import PersonId

ORGANISATION: Final = ".organisation"  # what theirs is called (J7)
ADDRESS: Final = ".address"  # that they left for the plan and reminders (E4)


def organisation_of(person: PersonId) -> PersonId:
    return PersonId(f"{person}{ORGANISATION}")


def address_of(person: PersonId) -> PersonId:
    return PersonId(f"{person}{ADDRESS}")


def all_of(person: PersonId) -> tuple[PersonId, ...]:
    """The word of their name, and those of all that lies beside it."""
    return (person, organisation_of(person), address_of(person))


def is_name(word: str) -> bool:
    """Say whether a name lies under this word."""
    return not word.endswith((ORGANISATION, ADDRESS))
