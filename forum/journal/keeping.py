"""Striking, deleting and importing: the operations on a journal that no forum asks for by itself.

Hides the store functions behind them. Each is all or nothing. If it changes a history, it is fenced by the
head it was decided on, as ``append`` is. Must never strike what no redaction names, nor leave half a forum
to be seen.
"""

import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from forum.journal import contract
from forum.journal.contract import Damaged, Entry, Head, NoForum, Taken, Unavailable, is_code
from forum.journal.layout import Word
from forum.journal.library import Library
from forum.journal.photographs import Photographs
from forum.journal.rewriting import TROUBLES, Rewritten, rewritten
from forum.journal.servers import Servers
from forum.journal.uploads import Uploads

FIELDS_BATCH: Final = 500  # of one hash, in one exchange
COPIED_AT_ONCE: Final = 256  # facts: about a millisecond of the store's only thread
COPYINGS: Final = 20  # tries at copying a journal afresh, each broken off by another erasure


class Keeping:
    """The journals' life beside the forums' own doing: ``journal.keeping``. Errors as those of ``Journal``."""

    def __init__(self, calls: Servers, library: Library, embedded: Path | None) -> None:
        self._calls = calls
        self._library = library
        self._uploads, self._photographs = Uploads(calls), Photographs(calls)
        self._folder = embedded / "store" if embedded else None
        self._copied: frozenset[bytes] = frozenset()  # deeds whose journals were copied afresh
        self._anew: dict[str, frozenset[bytes]] = {}  # server → deeds that left its files

    async def redact(
        self,
        forum: str,
        expected: Head,
        batch: Sequence[tuple[str, bytes]],
        struck: Sequence[int],
        *people: str,
        again: bool = False,
    ) -> Head:
        """Add facts that say what is struck, and strike it, all or nothing; return the new head.

        batch   as for ``append``; every number in ``struck`` is named by one of its redactions
        struck  numbers of the entries whose bodies go, at most 1,024
        people  whose names go too
        again   the same was tried before: a round trip less, or a busy hall would always come first

        What is struck stays on the store's disk until ``rewrite``. Errors as for ``append``; Damaged
        also when an entry to strike is not there.
        """
        facts = contract.check_batch(batch)
        if len(struck) > contract.BATCH_FACTS_MAX:
            raise ValueError(
                f"expected at most {contract.BATCH_FACTS_MAX} entries to strike, got {len(struck)}"
            )
        if not again:
            await self._owe_rewrite(forum, copied=bool(struck))
        arguments: list[Word] = [" ".join(people), len(struck), *struck, *facts]
        head = await self._library.at("forum_strike", forum, expected, arguments, beside=True)
        await self._owe_rewrite(forum, copied=bool(struck))
        return head

    async def purge(self, forum: str, expected: Head) -> None:
        """Delete a forum that stands at ``expected`` whole: facts, names, capabilities, photographs, what was handed in. Eight round trips.

        Errors as for ``append``. What is deleted stays on the store's disk until ``rewrite``.
        """
        await self._owe_rewrite(forum)
        await self._calls.write("SADD", contract.PURGED_KEY, forum)
        await self._library.at("forum_purge", forum, expected, [], beside=True)
        await self._uploads.forget_all(forum)
        await self._photographs.forget_all(forum)
        await self._owe_rewrite(forum)
        # The index last: a line without a forum is harmless.
        await self._calls.write("ZREM", contract.INDEX_KEY, forum)

    async def move(self, forum: str, address: str, at: int) -> Head:
        """Let nothing be added to a forum here any more: it goes on at ``address``; "": let it go on here again.

        address  scheme, host and port
        at       ms since the epoch; that of the first time stays

        Whatever was added before is in what is read after. Doing it again is harmless. NoForum, Damaged.
        """
        answer = await self._library.call("forum_move", forum, [contract.bell_channel(forum), address, at])
        match answer[0]:
            case b"ok":
                return contract.head_of(answer[1:])
            case b"absent":
                raise NoForum(forum)
            case _:
                raise Damaged(f"{forum}: {answer[1].decode('utf-8', 'replace')}")

    async def lead_on(self, forum: str, address: str) -> None:
        """Know where a forum goes on, whatever becomes of what is kept of it here."""
        await self._calls.write("HSET", contract.MOVED_KEY, forum, address)

    async def fill(
        self,
        forum: str,
        gen: int,
        entries: Sequence[Entry],
        meta: Mapping[str, str],
        names: Mapping[str, str],
        keys: Mapping[str, bytes],
        photographs: Mapping[str, bytes] | None = None,
    ) -> Head:
        """Make a forum of what another store had: its history as it was, struck entries left out.

        gen      the forum's life here: greater than any it had elsewhere
        entries  from number 1, without a hole, whose chain was proven
        meta     as for ``create``, ``created`` included

        Nobody sees the forum before it is whole; one that was broken off may be filled again. Taken,
        ValueError; one round trip per 1,024 entries.
        """
        if not is_code(forum) or contract.RESERVED & meta.keys():
            raise ValueError(
                f"expected a forum's code and no meta of its head, got {forum!r}, {sorted(meta)}"
            )
        head = Head(gen, entries[-1].seq, entries[-1].chain)
        await self._calls.write("ZADD", contract.INDEX_KEY, "NX", int(meta["created"]), forum)
        await self._fill(forum, [entry for entry in entries if not entry.hash])
        await self._beside(contract.names_key(forum), names)
        await self._beside(contract.keys_key(forum), keys)
        await self._photographs.forget_all(forum)
        for name, body in (photographs or {}).items():
            await self._photographs.keep(forum, name, body, int(meta["created"]))
        flat: list[Word] = [word for pair in meta.items() for word in pair]
        answer = await self._library.call("forum_seal", forum, [contract.bell_channel(forum), *head, *flat])
        _done(forum, answer)
        await self._calls.write("SREM", contract.PURGED_KEY, forum)
        await self._calls.write("HDEL", contract.MOVED_KEY, forum)
        return head

    async def rewrite(self) -> Rewritten | None:
        """Have the store write its files anew when something was struck or deleted since the last time.

        Returns when it is done, or when it is clear that it cannot be now; None when there is nothing to do. What a
        server of the store has done is not asked of it again because another one could not. See ``rewriting``.
        Unavailable.
        """
        owed: frozenset[bytes] = frozenset(await self._calls.one("SMEMBERS", contract.REWRITE_KEY))
        if not owed:
            return None
        for forum in {
            words[0].decode() for words in map(bytes.split, owed - self._copied) if len(words) == 2
        }:
            await self._compact(forum)
        self._copied = owed
        done = await rewritten(self._calls, self._folder, owed, self._anew)
        if done == "done":
            await self._calls.write("SREM", contract.REWRITE_KEY, *owed)
            await self._calls.write("DEL", contract.TRACES_KEY)
            self._anew.clear()
        else:
            await self._calls.write("SET", contract.TRACES_KEY, done)
        return done

    async def traces(self) -> Rewritten | None:
        """Why what was erased is still in the store's files, as whoever tried last found; None: nothing is known of
        trouble. Unavailable."""
        said: bytes | None = await self._calls.one("GET", contract.TRACES_KEY)
        return next((why for why in TROUBLES if said == why.encode()), None)

    async def discard(self, forum: str) -> None:
        """Delete what is under a code, whatever it is, to bring something back in its place. Rings no bell."""
        await self._owe_rewrite(forum)
        await self._uploads.forget_all(forum)
        await self._photographs.forget_all(forum)
        await self._calls.write(
            "DEL",
            contract.head_key(forum),
            contract.journal_key(forum),
            contract.names_key(forum),
            contract.keys_key(forum),
            contract.fresh_key(forum),
        )

    async def drop_photographs(self, forum: str, photographs: Sequence[str]) -> None:
        """Delete these pictures. What is deleted stays on the store's disk until ``rewrite``. Nothing where there are none."""
        if photographs:
            await self._owe_rewrite(forum, copied=False)
            await self._photographs.forget(forum, photographs)
            await self._owe_rewrite(forum, copied=False)

    async def put_secret(self, name: str, value: bytes, *, overwrite: bool) -> None:
        """Bring a secret of the server back; one that is there stays unless ``overwrite``."""
        if len(value) != contract.SECRET_BYTES:
            raise ValueError(f"expected a secret of {contract.SECRET_BYTES} bytes, got {len(value)}")
        only_new = () if overwrite else ("NX",)
        await self._calls.write("SET", contract.secret_key(name), value, *only_new)

    async def turn_over(self, what: str) -> None:
        """Give back a turn before its time."""
        await self._calls.write("DEL", contract.turn_key(what))

    async def turn(self, what: str, seconds: int) -> bool:
        """Say whether it is this process's turn to do something that one of all processes does.

        Whoever is told so has the turn for so many seconds; doing it twice must be harmless all the same.
        """
        return bool(await self._calls.one("SET", contract.turn_key(what), "1", "NX", "EX", seconds))

    # --- inside

    async def _owe_rewrite(self, forum: str, *, copied: bool = True) -> None:
        """Note that the store's files are to be written anew, and the journal copied afresh before that. Before the deed, so that a crash in between costs a rewrite, not a trace left behind; and after it, since a
        rewrite by another process that was under way may have copied this journal before.
        """
        only = "" if copied else f" {contract.NAME_ONLY}"
        await self._calls.write("SADD", contract.REWRITE_KEY, f"{forum} {secrets.token_hex(8)}{only}")

    async def _compact(self, forum: str) -> None:
        """Copy a journal afresh, so that nothing is left in it of what was struck. About 5 µs a fact."""
        for _ in range(COPYINGS):
            answer = [b"more", b"0"]
            while answer[0] == b"more":
                answer = await self._library.call(
                    "forum_compact", forum, [answer[1], COPIED_AT_ONCE], beside=True
                )
            if answer[0] == b"done":
                return
        raise Unavailable("busy", f"{forum} is struck faster than it can be copied")

    async def _fill(self, forum: str, entries: Sequence[Entry]) -> None:
        last = 0
        for start in range(0, len(entries), contract.BATCH_FACTS_MAX):
            part = entries[start : start + contract.BATCH_FACTS_MAX]
            flat: list[Word] = []
            for e in part:
                flat += (e.seq, e.op, e.body, e.chain)
            _done(forum, await self._library.call("forum_fill", forum, [last, *flat], beside=True))
            last = part[-1].seq

    async def _beside(self, key: str, fields: Mapping[str, str | bytes]) -> None:
        pairs = list(fields.items())
        for start in range(0, len(pairs), FIELDS_BATCH):
            flat: list[Word] = []
            for name, value in pairs[start : start + FIELDS_BATCH]:
                flat += (name, value)
            await self._calls.write("HSET", key, *flat)


def _done(forum: str, answer: list[bytes]) -> None:
    match answer[0]:
        case b"ok":
            return
        case b"taken":
            raise Taken(forum)
        case _:
            raise Damaged(f"{forum}: {answer[1].decode('utf-8', 'replace')}")
