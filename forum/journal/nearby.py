"""Whom each process that serves a forum hears at this moment, put down for the others.

It stands beside the journal, never in it, and in no backup and no archive. It expires by itself when nobody serves the
forum. What a process wrote counts for a while after; older words are of one that died, and are taken out.
"""

import struct
from secrets import token_hex
from typing import Final

from forum.journal import contract
from forum.journal.layout import Command
from forum.journal.servers import Servers

_AT: Final = struct.Struct(">Q")  # ms since the epoch, before the bits
KEPT: Final = 3  # times as long as it counts


class Nearby:
    """``journal.nearby``. Unavailable; NoForum for what is no code."""

    def __init__(self, calls: Servers) -> None:
        self._calls = calls
        self._process = token_hex(8)  # what this one is called among those that serve a forum

    async def exchange(
        self, forum: str, bits: bytes | None, at: int, counts_ms: int
    ) -> tuple[bool, list[bytes]]:
        """Put down whom this process hears (None: as before); return whether what it had put down before still stood there,
        and what the others put down in the last ``counts_ms``.

        One round trip; a second one now and then, to take out what a process that died had put down.
        """
        key = contract.nearby_key(forum)
        commands: list[Command] = [("HGETALL", key)]
        if bits is not None:
            commands += [
                ("HSET", key, self._process, _AT.pack(at) + bits),
                ("PEXPIRE", key, KEPT * counts_ms),
            ]
        replies = await self._calls.all_of(commands)
        flat = replies[0]
        found: dict[bytes, bytes] = dict(zip(flat[::2], flat[1::2], strict=True))
        stood = found.pop(self._process.encode(), None) is not None
        written = {name: _AT.unpack_from(word)[0] for name, word in found.items() if len(word) > _AT.size}
        dead = [name for name in found if written.get(name, 0) < at - KEPT * counts_ms]
        if dead:
            await self._calls.all_of([("HDEL", key, *dead)])
        return stood, [found[name][_AT.size :] for name, then in written.items() if then > at - counts_ms]
