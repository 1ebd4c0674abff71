"""The journal: where every fact of every forum is kept, in order, on disk, for good.

The only package that knows Redis. What it promises:

- ``append`` returned: the facts are in the journal, directly after the head they were decided on, once, and
  on disk if ``durability().promise`` is "durable".
- Conflict: nothing was added. Unavailable: the outcome may be unknown; ``read`` on and see.
- MovedAway: the forum goes on at another address, and nothing is added to its journal here any more.
- Facts are numbered 1, 2, 3 … without a hole. The chain proves a whole history by 16 characters.
- A bell says that a journal has grown. It may be lost: the truth is always ``read``.

    async with open_journal(StoreAddress(url=None, data=Path("data"))) as journal:
        head = await journal.create(code, [("cid:1", body)], meta={})
        head = await journal.append(code, head, [("cid:2", body), …])
        facts = await journal.read(code, after=1)

Reading order: contract, append.lua, store, keeping, arrivals, nearby, uploads, rewriting, library, calls; admission; layout,
finding, following, servers for stores of several servers; bells, line; embedded, valkey; durability,
condition, problems.
"""

from forum.journal.admission import StoreAddress, open_journal
from forum.journal.bells import Bells, OnBell, OnReset
from forum.journal.calls import Pace
from forum.journal.condition import Condition
from forum.journal.contract import (
    BATCH_FACTS_MAX,
    BODY_BYTES_MAX,
    CODE_LENGTH,
    CODE_LETTERS,
    MOVED,
    REDACTION,
    RESERVED,
    SECRET_BYTES,
    Conflict,
    Damaged,
    Entry,
    ForumRecord,
    Head,
    Move,
    MovedAway,
    NoForum,
    Taken,
    Unavailable,
    body_hash,
    is_address,
    is_code,
    is_redaction,
    parse_head,
    recompute,
    struck_by,
    whole,
)
from forum.journal.durability import Durability, Problem
from forum.journal.embedded import STORE_FOLDER, embedded_store
from forum.journal.following import REPLICA_WAIT_MS
from forum.journal.layout import without_password
from forum.journal.problems import StoreProblem
from forum.journal.rewriting import Rewritten
from forum.journal.store import Journal

__all__ = [
    "BATCH_FACTS_MAX",
    "BODY_BYTES_MAX",
    "CODE_LENGTH",
    "CODE_LETTERS",
    "MOVED",
    "REDACTION",
    "REPLICA_WAIT_MS",
    "RESERVED",
    "SECRET_BYTES",
    "STORE_FOLDER",
    "Bells",
    "Condition",
    "Conflict",
    "Damaged",
    "Durability",
    "Entry",
    "ForumRecord",
    "Head",
    "Journal",
    "Move",
    "MovedAway",
    "NoForum",
    "OnBell",
    "OnReset",
    "Pace",
    "Problem",
    "Rewritten",
    "StoreAddress",
    "StoreProblem",
    "Taken",
    "Unavailable",
    "body_hash",
    "embedded_store",
    "is_address",
    "is_code",
    "is_redaction",
    "open_journal",
    "parse_head",
    "recompute",
    "struck_by",
    "whole",
    "without_password",
]
