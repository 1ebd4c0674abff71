"""Our library of functions inside the store: loaded when it is missing or another, then called.

Hides FUNCTION and FCALL. A function and not a script, because the store refuses a function as a
whole before its first line (full, read-only, too few replicas), and keeps it with the data.
"""

import secrets
from collections.abc import Sequence
from importlib.resources import files
from typing import Final

from redis.exceptions import ResponseError

from forum.journal.bells import Bells
from forum.journal.calls import Calls, FunctionMissing, Word, refusal
from forum.journal.contract import (
    KEEP_BELL,
    KEEP_KEYS,
    Conflict,
    Damaged,
    Head,
    NoForum,
    Unavailable,
    bell_channel,
    fresh_key,
    head_key,
    head_of,
    journal_key,
    keys_key,
    names_key,
)

SOURCE: Final = files(__package__).joinpath("append.lua").read_text("utf-8")


class Library:
    """The functions of append.lua, on one server."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def load(self) -> None:
        """Give the store our library, unless it has exactly this one already."""
        (reply,) = await self._calls.many([("FUNCTION", "LIST", "LIBRARYNAME", "forum", "WITHCODE")])
        if isinstance(reply, ResponseError):  # its access rules leave loading to the operator
            return
        # The whole text is compared, which is what a hash of it would stand for.
        if not any(SOURCE.encode() in library for library in reply):
            await self._calls.one("FUNCTION", "LOAD", "REPLACE", SOURCE)

    async def call(
        self, function: str, forum: str, arguments: Sequence[Word], *, beside: bool = False
    ) -> list[bytes]:
        """Call a function on a forum's head and journal, and return its answer. One round trip.

        beside   the function also touches what lies beside the journal: names and capabilities
        """
        keys = [head_key(forum), journal_key(forum)]
        if beside:
            keys += [names_key(forum), keys_key(forum), fresh_key(forum)]
        command = "FCALL", function, len(keys), *keys, *arguments
        answer: list[bytes]
        try:
            answer = await self._calls.one(*command)
        except FunctionMissing:  # flushed by an operator: nothing was executed, so asking again is safe
            await self.load()
            try:
                answer = await self._calls.one(*command)
            except FunctionMissing as error:
                raise Unavailable("refused", str(error)) from error
        return answer

    async def prove_writable(self) -> None:
        """Prove, without writing, that a fact would be taken now: the store refuses a function as a whole when it
        cannot write. One round trip. Raises as ``Calls.one``."""
        await self._calls.one("FCALL", "forum_append", 2, *KEEP_KEYS, KEEP_BELL, 0, 0, "")

    async def at(
        self,
        function: str,
        forum: str,
        expected: Head,
        arguments: Sequence[Word],
        *,
        beside: bool = False,
    ) -> Head:
        """Call a function that acts only where the journal ends at ``expected``; return where it ends then.

        Conflict, NoForum, Damaged; nothing was done then.
        """
        answer = await self.call(function, forum, [bell_channel(forum), *expected, *arguments], beside=beside)
        match answer[0]:
            case b"ok":
                return head_of(answer[1:])
            case b"conflict":
                raise Conflict(head_of(answer[1:]))
            case b"absent":
                raise NoForum(forum)
            case _:
                raise Damaged(f"{forum}: {answer[1].decode('utf-8', 'replace')}")

    async def rehearse(self, bells: Bells) -> None:
        """Prove, with our own rights, that a fact goes in and that its bell comes out.

        Some rights are only missed in mid-function: without the channel's the batch *is* written
        and an error returned. Better at start-up than in a full hall. Raises as ``Calls.one``.
        """
        bells.hush()
        fact = f"{secrets.token_hex(8)}:1", b"rehearsal"
        create: list[Word] = ["FCALL", "forum_create", 2, *KEEP_KEYS, KEEP_BELL, 0, *fact]
        replies = await self._calls.many([("MULTI",), ("DEL", *KEEP_KEYS), create, ("EXEC",)])
        done = replies[-1] if isinstance(replies[-1], list) else []
        for reply in [*replies, *done]:
            if isinstance(reply, ResponseError):
                raise refusal(reply) from reply
        await bells.rung()
