"""Copied browsers: two pages number their contributions alike, so one number comes with two contents.

The records of an op keep a *mark* of everything that it asked. The mark is made where secrets are known. If
the same number comes with another mark, it is not a repeat: it is refused as a conflict, uses no number, and
is sent again under a number of its own. One fact says that a tab was copied, so that the desk knows.
"""

from functools import lru_cache
from hashlib import blake2b
from typing import Final

from forum.domain.kernel import (
    N_,
    Asked,
    Fact,
    Facts,
    Part,
    Record,
    Rejection,
    TabId,
    at_desk,
)
from forum.domain.state import State, change
from forum.domain.tabs import Answer, Tab
from forum.domain.touch import Touch

RULES = {
    "O9": N_(
        "If something else comes under a number that is taken, as from a copied browser, the first stands and the other is"
        " not taken for it: it goes again under a number of its own, once."
    ),
}
REFUSALS = {
    "conflict": N_(
        "Something else was sent under this number before, perhaps from a copy of this browser. This was not saved: send it again."
    ),
}
MARK_BYTES: Final = 6
KEY_ID_BYTES: Final = 2  # of the mark: whose it is
MAX_KEY: Final = 64  # bytes of the key, as blake2b takes them
CONFLICT: Final = Rejection("O9", "conflict")
SKIPPED: Final = Rejection("O5", "conflict")
"""A skip has filled this number, so whoever sends something under it goes on from a copy, or was held up on the way."""

MOST_TOLD: Final = 500  # tabs of one forum; whoever copies more of them does it on purpose


class TabCopied(Fact, frozen=True):
    """A number of this tab came with two contents: somebody goes on from a copy of its browser."""

    tab: TabId


def mark(key: bytes, *words: bytes) -> str:
    """16 hex digits that stand for what an op asks; only who has the server's ``key`` can tie them to words."""
    content = b"".join(len(word).to_bytes(4) + word for word in words)
    return _key_id(key) + blake2b(content, key=key[:MAX_KEY], digest_size=MARK_BYTES).hexdigest()


def conflicts(answer: Answer, asked: Asked) -> bool:
    """Whether this is another content than the one that was answered; False where nobody can know.

    So it is with journals from before there were marks, with words that were struck, and with another server's marks.
    """
    known = bool(asked.mark) and answer.mark[: 2 * KEY_ID_BYTES] == asked.mark[: 2 * KEY_ID_BYTES]
    return known and answer.mark != asked.mark


def remarks(state: State, asked: Asked, refused: Rejection | None) -> Facts:
    """What the server says of its own accord when it refuses a conflict: once a tab (O9)."""
    if refused != CONFLICT or state.tabs.by_id[asked.tab].copied or len(state.tabs.copied) >= MOST_TOLD:
        return ()
    return (TabCopied(asked.tab),)


@lru_cache(1)
def _key_id(key: bytes) -> str:
    return blake2b(b"whose marks", key=key[:MAX_KEY], digest_size=KEY_ID_BYTES).hexdigest()


def _tab_copied(state: State, fact: TabCopied, record: Record) -> State:
    tab: Tab = state.tabs.by_id[fact.tab]
    tabs = state.tabs.by_id.set(fact.tab, change(tab, copied=True))
    return change(
        state,
        tabs=change(state.tabs, by_id=tabs, copied=(*state.tabs.copied, tab.owner)),
        touched=frozenset({Touch.COPIES}),
    )


PART = Part(
    judges={},
    folds={TabCopied: _tab_copied},
    rules=RULES,
    refusals=REFUSALS,
    aloud={TabCopied: at_desk(N_("Somebody’s browser was copied. The desk says whose."))},
)
