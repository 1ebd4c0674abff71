"""The life of what people gave: what becomes of a person's words when they ask for them to be erased.

Names are beside the journal and are simply erased. Words are in it: a ``Redacted`` fact names the entries that are
struck and what is left of each, so that everything that was counted stays counted and the chain still proves the rest.
"""

import msgspec

from forum.domain.kernel import Fact, Part, PersonId, Record
from forum.domain.state import State, Touch, change


class Struck(msgspec.Struct, frozen=True, array_like=True):
    """The envelope of an entry that is no longer there: all that proves it, and nothing it said."""

    seq: int
    op: str
    hash: str  # SHA-1 of the body that stood there, which the chain covers
    chain: str
    husk: str  # its body without texts and salt: what happened, by whom, to what


class Redacted(Fact, frozen=True):
    """A person's name, and those of their words that they asked for, are gone."""

    person: PersonId
    struck: tuple[Struck, ...] = ()


def _redacted(state: State, fact: Redacted, record: Record) -> State:
    """What was struck is folded as its husk already. Gestures remember words, so they can no longer be undone.

    Whoever holds a state from before this fact folds the journal anew, and forgets the words so.
    """
    return change(state, deeds=(), touched=frozenset({Touch.SCENE, Touch.DEEDS}), scene=state.seq)


PART = Part(judges={}, folds={Redacted: _redacted})
