"""Our library of functions inside the store. It is loaded if it is missing or differs, and then called.

Hides FUNCTION and FCALL. It is a function and not a script, because the store refuses a function as a whole
before its first line (full, read-only, too few replicas), and keeps it with the data.
"""

import asyncio
import secrets
from collections.abc import Sequence
from importlib.resources import files
from typing import Final

from redis.exceptions import ResponseError

from forum.journal.bells import Bells, NotHeard
from forum.journal.calls import Calls, FunctionMissing, Pace, Reply, refusal
from forum.journal.contract import (
    KEEP,
    Conflict,
    Damaged,
    Head,
    MovedAway,
    NoForum,
    Unavailable,
    bell_channel,
    fresh_key,
    head_key,
    head_of,
    journal_key,
    keep_names,
    keys_key,
    names_key,
)
from forum.journal.layout import Word
from forum.journal.servers import Servers

SOURCE: Final = files(__package__).joinpath("append.lua").read_text("utf-8")


class Library:
    """The functions of append.lua, on every server that takes writes."""

    def __init__(self, servers: Servers, pace: Pace) -> None:
        self._servers = servers
        self._pace = pace

    async def load(self) -> None:
        """Give every primary our library, unless it has exactly this one already. Replicas get it from theirs."""
        await asyncio.gather(*(_load(calls) for _, calls in self._servers.primaries()))

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
            answer = await self._servers.write(*command)
        except (
            FunctionMissing
        ):  # flushed, or the server is new: nothing was executed, so asking again is safe
            await self.load()
            try:
                answer = await self._servers.write(*command)
            except FunctionMissing as error:
                raise Unavailable("refused", str(error)) from error
        return answer

    async def prove_writable(self) -> None:
        """Prove, without writing, that a fact would be taken now by every primary: a store refuses a function as a
        whole when it cannot write. One round trip. Raises as ``Servers.one``."""
        nowhere: tuple[Word, ...] = (0, 0, "")
        await asyncio.gather(
            *(
                self._servers.one("FCALL", "forum_append", 2, head, journal, bell, *nowhere)
                for head, journal, bell in map(keep_names, self._tags())
            )
        )

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

        Conflict, NoForum, MovedAway, Damaged; nothing was done then.
        """
        answer = await self.call(function, forum, [bell_channel(forum), *expected, *arguments], beside=beside)
        match answer[0]:
            case b"ok":
                return head_of(answer[1:])
            case b"conflict":
                raise Conflict(head_of(answer[1:]))
            case b"absent":
                raise NoForum(forum)
            case b"moved":
                raise MovedAway(forum, answer[1].decode())
            case _:
                raise Damaged(f"{forum}: {answer[1].decode('utf-8', 'replace')}")

    async def rehearse(self, bells: Bells) -> None:
        """Prove on every primary, with our own rights, that a fact goes in and that its bell comes out.

        Some rights are only missed in mid-function: without the channel's the batch *is* written
        and an error returned. Better at start-up than in a full hall. Raises as ``Servers.one``, and NotHeard.
        """
        await asyncio.gather(*(self._rehearsed(bells, tag) for tag in self._tags()))
        await self._servers.prove_waiting()

    def _tags(self) -> list[str]:
        """A hash tag for each primary, whose keys it keeps; none for one that keeps nothing."""
        layout = self._servers.layout
        return [tag for node in layout.primaries if (tag := layout.tag_on(node, KEEP))]

    async def _rehearsed(self, bells: Bells, tag: str) -> None:
        *keys, channel = keep_names(tag)
        async with bells.hearing(channel) as rang:
            fact = f"{secrets.token_hex(8)}:1", b"rehearsal"
            create: list[Word] = ["FCALL", "forum_create", 2, *keys, channel, 0, *fact]
            replies: list[Reply] = await self._servers.many([("MULTI",), ("DEL", *keys), create, ("EXEC",)])
            done = replies[-1] if isinstance(replies[-1], list) else []
            for reply in [*replies, *done]:
                if isinstance(reply, ResponseError):
                    raise refusal(reply) from reply
            try:
                async with asyncio.timeout(self._pace.call_seconds):
                    await rang.wait()
            except TimeoutError:
                raise NotHeard from None


async def _load(calls: Calls) -> None:
    (reply,) = await calls.many([("FUNCTION", "LIST", "LIBRARYNAME", "forum", "WITHCODE")])
    if isinstance(reply, ResponseError):  # its access rules leave loading to the operator
        return
    # The whole text is compared, which is what a hash of it would stand for.
    if not any(SOURCE.encode() in library for library in reply):
        await calls.one("FUNCTION", "LOAD", "REPLACE", SOURCE)
