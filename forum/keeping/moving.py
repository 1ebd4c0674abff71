"""One forum out of a store, whole and proven; and one into a store, under its own code.

A forum keeps its code for ever: it stands in its first fact, which the chain covers, and on everybody's receipts.

A forum *moves* when its journal here takes nothing any more and goes on elsewhere. The order is everything: first the
store refuses, then the journal is read, so that the file holds all that was ever confirmed here. That it moved lies beside
the journal and is no fact: both copies have one history, and receipts and chain go on. Doing it again gives the same file.
"""

import time
from typing import Final, Literal

from forum.domain import records
from forum.domain.kernel import N_
from forum.domain.room import EMPTY, fold
from forum.domain.state import State
from forum.journal import MOVED, Entry, Head, Journal, Taken, recompute
from forum.keeping.archive import BadArchive, Kept
from forum.keeping.life import Life, lived
from forum.keeping.pictures import proven

OLDER: Final = N_(
    "The forum {code} moved away from here at fact {number}, and the history in this file does not go on from there. Nothing "
    "was changed. Take the file of the place where it was led last; to go on with the copy that is here: forum move {code} --back"
)
OWN_SEED: Final = (
    "own_seed"  # known beside a forum: its codes and seals are not made of the server's secret itself
)
SECRETS: Final[Literal["seed"]] = (
    "seed"  # how records beside a journal are called that hold a secret itself, rather than what stands for it
)


async def gather(
    journal: Journal, code: str, *, names: bool = True, keys: bool = False, secret: bool = False
) -> Kept:
    """A forum as it stands now, with what is beside it where asked. NoForum, Damaged, Unavailable.

    names   and photographs, on which people may be seen
    keys    what makes the links work that were given out; ``secret``: and what seals its receipts and makes its codes

    Cost: the whole journal is read and its chain proven.
    """
    # Beside first: a name without its fact shows nowhere, a fact without its name would.
    beside = await journal.names(code) if names else None
    opens = await journal.keys(code) if keys else None
    if opens and not secret:
        opens = {digest: record for digest, record in opens.items() if not is_secret(record)}
    meta = await journal.meta(code)
    entries = await journal.read(code)
    recompute(entries)
    life = lived(Life(), entries) if names else Life()
    pictures = await journal.photographs.of(code, sorted(life.photographs - life.erased))
    return Kept(code, int(meta.pop("created", "0")), meta, entries, beside, opens, photographs=pictures)


def is_secret(record: bytes) -> bool:
    """Say whether a record beside a journal holds a secret itself."""
    return f'"kind":"{SECRETS}"'.encode() in record


async def move(journal: Journal, code: str, address: str, at: int) -> Kept:
    """Let a forum go on elsewhere, and return all of it, for a file to be opened there. NoForum, Damaged, Unavailable.

    address   scheme, host and port of that place    at   ms since the epoch

    From here on nothing is added to it here. Again: the same forum, to be led on to the address that is said now.
    """
    await journal.keeping.move(code, address, at)
    kept = await gather(journal, code, keys=True, secret=True)
    return kept._replace(meta={name: value for name, value in kept.meta.items() if name not in MOVED})


async def move_back(journal: Journal, code: str) -> Head:
    """Let a forum that moved away go on here again, as it stands here. NoForum, Damaged, Unavailable."""
    return await journal.keeping.move(code, "", 0)


async def open_again(journal: Journal, kept: Kept) -> Head:
    """Make a forum of an archive; it lives here from now on. BadArchive, Taken, Unavailable.

    A copy that is here from which the forum moved away gives place to it, where the archive goes on from there.

    Its life here gets a number that no store has counted to: the seconds since the epoch. So every
    page that knows it from elsewhere asks anew, and phones offer again what this history lacks.
    """
    if kept.origin:
        raise BadArchive(
            N_(
                "This archive was written without authors: it can be verified and read, but nobody could go on in it. Open the "
                "whole archive instead."
            )
        )
    folded(kept)
    await _make_place(journal, kept)
    return await journal.keeping.fill(
        kept.code,
        int(time.time()),
        kept.entries,
        {"created": str(kept.created), **kept.meta},
        kept.names or {},
        kept.keys or {},
        kept.photographs,
    )


async def _make_place(journal: Journal, kept: Kept) -> None:
    """Discard the copy that the forum left behind here when it moved away. Taken: it did not; BadArchive."""
    head, moved = await journal.head(kept.code), await journal.moved(kept.code)
    if head is None:
        return
    if moved is None or not moved.at:
        raise Taken(kept.code)
    if not _goes_on(kept.entries, head):
        raise BadArchive(OLDER, code=kept.code, number=head.seq)
    await journal.keeping.lead_on(kept.code, moved.address)  # for as long as nothing is here
    await journal.keeping.discard(kept.code)


def _goes_on(entries: list[Entry], head: Head) -> bool:
    """Say whether this history, which was proven, has where another one ends."""
    return len(entries) >= head.seq and entries[head.seq - 1].chain == head.chain


def folded(kept: Kept) -> State:
    """What an archive's facts add up to. BadArchive when this version cannot say."""
    state = EMPTY
    for entry in kept.entries:
        try:
            state = fold(state, entry.seq, entry.op, records.decode(entry.body))
        except (LookupError, ValueError, TypeError, AttributeError, AssertionError) as error:
            raise BadArchive(
                N_("Fact {seq} says what this version cannot read. Open it with the version that wrote it."),
                seq=entry.seq,
            ) from error
    if state.code != kept.code:
        raise BadArchive(N_("The facts inside are not those of the forum that the first line names."))
    proven(state, kept.photographs)
    return state
