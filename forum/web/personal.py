"""A person's own code: it brings all that is theirs to another device. It is stored nowhere, so nothing can leak it.

It follows from the server's secret, as receipts do, and is valid for as long as the forum and that secret
are kept. For example ``K7FQ XM2P 9RTW HB3N``: the number of their arrival, and thirteen characters that
nobody can guess (63 bits).
"""

from hmac import compare_digest
from typing import Final

from forum.domain.kernel import PersonId
from forum.domain.person import Person
from forum.domain.state import State
from forum.journal import CODE_LETTERS
from forum.opening import derived
from forum.web import pasted

NUMBER_SIGNS: Final = 3  # of who arrived as no. 27,000 the code would be longer: they have none
PROOF_SIGNS: Final = pasted.PERSONAL_SIGNS - NUMBER_SIGNS
GROUP: Final = 4  # signs that one reads and writes at once


def own_code(seed: bytes, forum: str, person: Person) -> str:
    """The code of a person with a voice, its signs alone; "" for others."""
    number = spelled(person.number, NUMBER_SIGNS)
    if not person.number or len(number) > NUMBER_SIGNS:
        return ""
    proof = int.from_bytes(derived(seed, "personal", forum, person.id))
    return number + spelled(proof, PROOF_SIGNS)[-PROOF_SIGNS:]


def grouped(signs: str) -> str:
    """A code as one reads it out."""
    return " ".join(signs[at : at + GROUP] for at in range(0, len(signs), GROUP))


def whose(seed: bytes, forum: str, state: State, signs: str) -> PersonId | None:
    """Whom a code brings back; None: it is nobody's. Cost: one look at every person of the forum, some 0.1 µs each."""
    there = those_numbered(state, signs[:NUMBER_SIGNS])
    return next((p.id for p in there if compare_digest(own_code(seed, forum, p), signs)), None)


def those_numbered(state: State, signs: str) -> list[Person]:
    """Whom a spelled number means: one person, and each phone that their voice was handed on to (J9)."""
    number = 0
    for sign in signs:
        number = number * len(CODE_LETTERS) + CODE_LETTERS.index(sign)
    return [person for person in state.people.by_id.values() if person.number == number and number]


def spelled(number: int, least: int) -> str:
    """A number in the letters of codes, with so many signs at least."""
    signs = ""
    while number or len(signs) < least:
        number, sign = divmod(number, len(CODE_LETTERS))
        signs = CODE_LETTERS[sign] + signs
    return signs
