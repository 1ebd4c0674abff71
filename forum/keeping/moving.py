"""One forum out of a store, whole and proven; and one into a store, under its own code.

A forum keeps its code for ever: it stands in its first fact, which the chain covers, and on everybody's receipts.
"""

import time

from forum.domain import records
from forum.domain.kernel import N_
from forum.domain.room import EMPTY, fold
from forum.domain.state import State
from forum.journal import Head, Journal, recompute
from forum.keeping.archive import BadArchive, Kept


async def gather(journal: Journal, code: str, *, names: bool = True, keys: bool = False) -> Kept:
    """A forum as it stands now, with what is beside it where asked. NoForum, Damaged, Unavailable.

    Cost: the whole journal is read and its chain proven.
    """
    # Beside first: a name without its fact shows nowhere, a fact without its name would.
    beside = await journal.names(code) if names else None
    opens = await journal.keys(code) if keys else None
    meta = await journal.meta(code)
    entries = await journal.read(code)
    recompute(entries)
    return Kept(code, int(meta.pop("created", "0")), meta, entries, beside, opens)


async def open_again(journal: Journal, kept: Kept) -> Head:
    """Make a forum of an archive; it lives here from now on. BadArchive, Taken, Unavailable.

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
    return await journal.keeping.fill(
        kept.code,
        int(time.time()),
        kept.entries,
        {"created": str(kept.created), **kept.meta},
        kept.names or {},
        kept.keys or {},
    )


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
    return state
