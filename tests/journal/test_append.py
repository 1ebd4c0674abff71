"""The contract of create, append and read, on an embedded and on an external store."""

import asyncio
import random
from hashlib import sha1

import pytest

from forum.journal import (
    BATCH_FACTS_MAX,
    BODY_BYTES_MAX,
    Conflict,
    Damaged,
    Entry,
    Head,
    Journal,
    NoForum,
    Taken,
    parse_head,
    recompute,
)
from tests.journal.conftest import a_code, by_hand

FIRST = [("desk:1", b'{"kind":"opened"}')]


def facts(cid: str, *numbers: int) -> list[tuple[str, bytes]]:
    return [(f"{cid}:{n}", f"fact {n} of {cid}".encode()) for n in numbers]


async def test_a_forum_begins_with_its_first_facts(journal: Journal, code: str) -> None:
    batch = [*FIRST, ("desk:2", b"\x00\xff")]

    head = await journal.create(code, batch, {"title": "Forum à 50"})

    assert head[:2] == (1, 2)
    assert [(e.seq, e.op, e.body) for e in await journal.read(code)] == [
        (1, "desk:1", FIRST[0][1]),
        (2, "desk:2", b"\x00\xff"),
    ]
    assert await journal.head(code) == head


async def test_a_code_is_given_to_one_forum_only(journal: Journal, code: str) -> None:
    head = await journal.create(code, FIRST, {})

    with pytest.raises(Taken):
        await journal.create(code, [("other:1", b"x")], {})

    assert await journal.head(code) == head
    assert len(await journal.read(code)) == 1


async def test_a_creation_sent_twice_makes_one_forum(journal: Journal, code: str) -> None:
    first = await journal.create(code, FIRST, {"created": "5"})
    head = await journal.append(code, first, facts("a", 1))

    again = await journal.create(code, FIRST, {"created": "5"})

    assert again == head
    assert len(await journal.read(code)) == 2


async def test_what_a_forum_was_created_with_can_be_read_without_its_facts(
    journal: Journal, code: str
) -> None:
    await journal.create(code, FIRST, {"title": "Été", "created": "1738314000000"})

    assert await journal.meta(code) == {"title": "Été", "created": "1738314000000"}


async def test_the_index_lists_forums_oldest_first_and_no_failed_creation(
    journal: Journal, code: str
) -> None:
    older, newer, ghost = code, a_code(), a_code()
    await journal.create(newer, FIRST, {"created": "2000"})
    await journal.create(older, FIRST, {"created": "1000"})
    async with by_hand(journal) as client:
        await client.zadd("forums:index", {ghost: 1500})

    listed = [(r.code, r.created) for r in await journal.forums() if r.code in (older, newer, ghost)]

    assert listed == [(older, 1000), (newer, 2000)]


async def test_facts_are_numbered_without_a_hole_and_chained(journal: Journal, code: str) -> None:
    head = await journal.create(code, FIRST, {})
    head = await journal.append(code, head, facts("a", 1, 2, 3))
    head = await journal.append(code, head, facts("b", 1))

    entries = await journal.read(code)

    assert [e.seq for e in entries] == [1, 2, 3, 4, 5]
    assert recompute(entries) == head.chain
    assert recompute(entries[2:], entries[1].chain) == head.chain


async def test_the_chain_is_the_published_formula(journal: Journal, code: str) -> None:
    await journal.create(code, FIRST, {})
    (entry,) = await journal.read(code)
    text = f"\n1\n{entry.op}\n{sha1(entry.body).hexdigest()}"

    assert entry.chain == sha1(text.encode()).hexdigest()[:16]


async def test_a_changed_body_breaks_the_chain(journal: Journal, code: str) -> None:
    head = await journal.create(code, [*FIRST, *facts("a", 1)], {})
    entries = await journal.read(code)
    entries[0] = entries[0]._replace(body=b"another")

    with pytest.raises(Damaged, match="fact 1"):
        recompute(entries)

    assert recompute(await journal.read(code)) == head.chain


@pytest.mark.parametrize(
    "stale",
    [
        lambda head: head._replace(seq=head.seq - 1),
        lambda head: head._replace(seq=head.seq + 1),
        lambda head: head._replace(gen=head.gen + 1),
        lambda head: head._replace(chain="0" * 16),
        lambda head: Head(1, 0, ""),
    ],
    ids=["behind", "ahead", "another life", "another history", "the beginning"],
)
async def test_a_batch_decided_on_another_head_is_refused_whole(journal: Journal, code: str, stale) -> None:
    head = await journal.create(code, [*FIRST, *facts("a", 1)], {})

    with pytest.raises(Conflict) as refused:
        await journal.append(code, stale(head), facts("b", 1, 2))

    assert refused.value.head == head
    assert len(await journal.read(code)) == 2
    assert (await journal.append(code, head, facts("b", 1, 2))).seq == 4


async def test_the_same_batch_sent_twice_leaves_one_copy(journal: Journal, code: str) -> None:
    head = await journal.create(code, FIRST, {})
    batch = facts("a", 1, 2)

    after = await journal.append(code, head, batch)
    with pytest.raises(Conflict) as refused:
        await journal.append(code, head, batch)

    assert refused.value.head == after
    assert [e.op for e in await journal.read(code, after=head.seq)] == ["a:1", "a:2"]


async def test_an_empty_batch_confirms_the_head_and_writes_nothing(journal: Journal, code: str) -> None:
    head = await journal.create(code, FIRST, {})

    assert await journal.append(code, head, []) == head
    assert len(await journal.read(code)) == 1


async def test_append_never_creates_a_forum(journal: Journal, code: str) -> None:
    with pytest.raises(NoForum):
        await journal.append(code, Head(1, 0, ""), facts("a", 1))
    with pytest.raises(NoForum):
        await journal.append(code, Head(1, 0, ""), [])
    with pytest.raises(NoForum):
        await journal.read(code)

    assert await journal.head(code) is None
    with pytest.raises(NoForum):
        await journal.meta(code)


@pytest.mark.parametrize(
    "bad", ["", "abcdef", "ABCDE", "ABCDEFG", "ABCDE1", "ABC}:m", "ABCDE\n", "keep", "ÀBCDEF"]
)
async def test_no_key_is_built_from_what_cannot_be_a_code(journal: Journal, bad: str) -> None:
    with pytest.raises(NoForum):
        await journal.append(bad, Head(1, 0, ""), [])
    with pytest.raises(NoForum):
        await journal.read(bad)
    with pytest.raises(NoForum):
        await journal.set_name(bad, "p1", "Zoé")
    with pytest.raises(NoForum):
        await journal.bells.watch(bad)
    with pytest.raises(ValueError, match="code of a forum"):
        await journal.create(bad, FIRST, {})

    assert await journal.heads([bad]) == {bad: None}


async def test_batches_that_are_none_are_mistakes(journal: Journal, code: str) -> None:
    head = await journal.create(code, FIRST, {})
    big = b"x" * (BODY_BYTES_MAX + 1)

    for batch in ([("no number", b"")], [("a\nb:1", b"")], [("a:1", big)]):
        with pytest.raises(ValueError, match="expected"):
            await journal.append(code, head, batch)
    with pytest.raises(ValueError, match="at most"):
        await journal.append(code, head, facts("a", *range(BATCH_FACTS_MAX + 1)))
    with pytest.raises(ValueError, match="first fact"):
        await journal.create(a_code(), [], {})
    with pytest.raises(ValueError, match="no meta called"):
        await journal.create(a_code(), FIRST, {"gen": "9"})

    assert await journal.head(code) == head
    full = await journal.append(code, head, [("a:1", big[1:]), *facts("b", *range(BATCH_FACTS_MAX - 1))])
    assert full.seq == 1 + BATCH_FACTS_MAX


async def test_a_reader_gets_what_is_newer_than_what_it_has(journal: Journal, code: str) -> None:
    head = await journal.create(code, [*FIRST, *facts("a", 1, 2)], {})

    assert [e.seq for e in await journal.read(code, after=1)] == [2, 3]
    assert await journal.read(code, after=head.seq) == []
    with pytest.raises(ValueError, match="number of a fact"):
        await journal.read(code, after=-1)


async def test_a_long_journal_is_read_over_many_pages(journal: Journal, code: str) -> None:
    head = await journal.create(code, FIRST, {})
    for start in range(0, 10_500, 1_000):
        head = await journal.append(code, head, facts("a", *range(start, start + 1_000)))

    entries = await journal.read(code)
    later = await journal.read(code, after=4_999)

    assert [e.seq for e in entries] == list(range(1, head.seq + 1))
    assert recompute(entries) == head.chain
    assert later == entries[4_999:]


async def test_the_heads_of_many_forums_come_at_once(journal: Journal, code: str) -> None:
    codes = [a_code() for _ in range(3)]
    made = {each: await journal.create(each, FIRST, {}) for each in codes}

    assert await journal.heads([*codes, code]) == {**made, code: None}
    assert await journal.heads([]) == {}


async def test_a_head_survives_its_written_form() -> None:
    for head in (Head(1, 0, ""), Head(3, 812, "0123456789abcdef")):
        assert parse_head(str(head)) == head
    with pytest.raises(ValueError, match="values to unpack"):
        parse_head("3 812")


@pytest.mark.parametrize("seed", range(3))
async def test_deciders_in_parallel_lose_nothing_and_double_nothing(
    journal: Journal, code: str, seed: int
) -> None:
    await journal.create(code, FIRST, {})
    deciders = [Decider(journal, code, f"d{i}", random.Random(seed * 100 + i)) for i in range(4)]

    async with asyncio.TaskGroup() as group:
        for decider in deciders:
            group.create_task(decider.run(batches=40))

    entries = await journal.read(code)
    wanted = sorted(op for decider in deciders for op in decider.acknowledged)
    assert sorted(e.op for e in entries[1:]) == wanted
    assert len(set(wanted)) == len(wanted)
    assert [e.seq for e in entries] == list(range(1, len(entries) + 1))
    assert recompute(entries) == (await journal.head(code)).chain  # type: ignore[union-attr]
    assert sum(decider.conflicts for decider in deciders) > 0


class Decider:
    """A process with its own copy of the history: append, and on a conflict read on and try again."""

    def __init__(self, journal: Journal, code: str, name: str, rng: random.Random) -> None:
        self.journal, self.code, self.name, self.rng = journal, code, name, rng
        self.history: list[Entry] = []
        self.head = Head(1, 0, "")
        self.acknowledged: list[str] = []
        self.conflicts = 0

    async def run(self, batches: int) -> None:
        next_op = 1
        for _ in range(batches):
            size = self.rng.randint(1, 5)
            batch = facts(self.name, *range(next_op, next_op + size))
            next_op += size
            while not await self.try_once(batch):
                pass
            self.acknowledged += [op for op, _ in batch]

    async def try_once(self, batch: list[tuple[str, bytes]]) -> bool:
        try:
            head = await self.journal.append(self.code, self.head, batch)
        except Conflict as conflict:
            self.conflicts += 1
            await self.read_on(conflict.head)
            return False
        await self.read_on(head)
        return True

    async def read_on(self, head: Head) -> None:
        newer = await self.journal.read(self.code, after=len(self.history))
        chain = recompute(newer, self.history[-1].chain if self.history else "")
        self.history += newer
        self.head = Head(head.gen, len(self.history), chain)
