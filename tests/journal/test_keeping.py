"""What is struck, deleted and brought in: on an embedded and on an external store."""

import pytest

from forum.domain import records
from forum.domain.keeping import Redacted, Struck
from forum.domain.kernel import Record
from forum.journal import (
    BATCH_FACTS_MAX,
    Conflict,
    Damaged,
    Entry,
    Head,
    Journal,
    NoForum,
    Taken,
    body_hash,
    recompute,
    whole,
)
from tests.journal.conftest import a_code, by_hand

SECRET = b'{"text":"my neighbour\'s name"}'


def redaction(*entries: Entry) -> tuple[str, bytes]:
    struck = tuple(Struck(e.seq, e.op, body_hash(e.body), e.chain, "{}") for e in entries)
    return f"redact-{entries[0].seq}:1", records.encode(Record(Redacted("lea", struck), "lea", 1))


async def a_forum(journal: Journal, code: str, facts: int = 4) -> Head:
    batch = [("desk:1", b"opened"), *((f"lea:{n}", SECRET) for n in range(1, facts))]
    return await journal.create(code, batch, {"created": "5"})


async def test_a_struck_entry_leaves_a_hole_that_its_redaction_explains(journal: Journal, code: str) -> None:
    head = await a_forum(journal, code)
    before = await journal.read(code)

    after = await journal.keeping.redact(code, head, [redaction(before[1], before[3])], [2, 4])

    entries = await journal.read(code)
    assert after.seq == 5
    assert [e.body for e in entries[:4]] == [b"opened", b"{}", SECRET, b"{}"]
    assert [e.chain for e in entries[:4]] == [e.chain for e in before]
    assert recompute(entries) == after.chain


async def test_a_reader_in_the_middle_is_told_of_the_holes_after_it(journal: Journal, code: str) -> None:
    head = await a_forum(journal, code)
    before = await journal.read(code)
    await journal.keeping.redact(code, head, [redaction(before[1], before[3])], [2, 4])

    entries = await journal.read(code, after=2)

    assert [(e.seq, e.body) for e in entries[:2]] == [(3, SECRET), (4, b"{}")]
    assert recompute(entries, before[1].chain) == (await journal.head(code)).chain


async def test_a_hole_that_no_redaction_names_is_damage(journal: Journal, code: str) -> None:
    head = await a_forum(journal, code)
    before = await journal.read(code)
    await journal.keeping.redact(code, head, [redaction(before[1])], [2])
    async with by_hand(journal) as client:
        await client.xdel(f"{{{code}}}:j", "3-0")

    with pytest.raises(Damaged, match="fact 3 is missing"):
        await journal.read(code)


async def test_a_redaction_that_tells_another_hash_breaks_the_chain(journal: Journal, code: str) -> None:
    head = await a_forum(journal, code)
    before = await journal.read(code)
    lie = before[1]._replace(body=b"what never stood there")
    await journal.keeping.redact(code, head, [redaction(lie)], [2])

    with pytest.raises(Damaged, match="fact 2"):
        recompute(await journal.read(code))


async def test_striking_goes_whole_or_not_at_all(journal: Journal, code: str) -> None:
    head = await a_forum(journal, code)
    before = await journal.read(code)
    await journal.set_name(code, "lea", "Léa")
    head = await journal.append(code, head, [("anne:1", b"first")])

    with pytest.raises(Conflict):
        await journal.keeping.redact(code, head._replace(seq=4), [redaction(before[1])], [2], "lea")
    with pytest.raises(Damaged, match="no entry 99"):
        await journal.keeping.redact(code, head, [redaction(before[1])], [2, 99], "lea")

    assert await journal.head(code) == head
    assert [e.body for e in await journal.read(code)][1] == SECRET
    assert await journal.names(code) == {"lea": "Léa"}


async def test_a_name_goes_in_the_same_call(journal: Journal, code: str) -> None:
    head = await a_forum(journal, code)
    await journal.set_name(code, "lea", "Léa")
    await journal.set_name(code, "anne", "Anne")

    await journal.keeping.redact(code, head, [("redact-x:1", b"{}")], [], "lea")

    assert await journal.names(code) == {"anne": "Anne"}


async def test_appending_goes_on_after_the_last_entries_were_struck(journal: Journal, code: str) -> None:
    head = await a_forum(journal, code)
    before = await journal.read(code)
    head = await journal.keeping.redact(code, head, [redaction(*before[1:])], [2, 3, 4])

    head = await journal.append(code, head, [("anne:1", b"next")])

    assert head.seq == 6
    assert recompute(await journal.read(code)) == head.chain


async def test_an_entry_that_is_named_and_still_there_counts_as_struck() -> None:
    entries = [Entry(1, "lea:1", SECRET, "a"), Entry(2, *redaction(Entry(1, "lea:1", SECRET, "a")), "b")]

    assert whole(entries)[0].body == b"{}"


async def test_an_op_alone_makes_no_redaction() -> None:
    forged = Entry(3, "redact-mine:1", b'{"f":{"k":"IdeaPosted"}}', "c")

    with pytest.raises(Damaged, match="fact 2"):
        whole([Entry(1, "lea:1", b"", "a"), forged])


async def test_a_purged_forum_is_gone_whole_and_its_code_is_free(journal: Journal, code: str) -> None:
    head = await a_forum(journal, code)
    await journal.set_name(code, "lea", "Léa")
    await journal.put_key(code, "0" * 64, b"desk")

    with pytest.raises(Conflict):
        await journal.keeping.purge(code, head._replace(seq=3))
    await journal.keeping.purge(code, head)

    assert await journal.head(code) is None
    assert code not in {f.code for f in await journal.forums()}
    assert (await journal.names(code), await journal.keys(code)) == ({}, {})
    with pytest.raises(NoForum):
        await journal.keeping.purge(code, head)
    assert (await a_forum(journal, code)).seq == 4


@pytest.mark.parametrize("facts", [4, BATCH_FACTS_MAX])
async def test_a_history_with_holes_is_the_same_under_another_roof(
    journal: Journal, code: str, facts: int
) -> None:
    head = await a_forum(journal, code, facts)
    before = await journal.read(code)
    head = await journal.append(code, head, [("anne:1", b"after")])
    await journal.keeping.redact(code, head, [redaction(before[1])], [2])
    entries = await journal.read(code)
    await journal.keeping.purge(code, await journal.head(code))
    purged = await journal.purged(code)

    filled = await journal.keeping.fill(
        code, 77, entries, {"created": "5", "lang": "fr"}, {"lea": "Léa"}, {"0" * 64: b"desk"}
    )

    assert filled == Head(77, facts + 2, entries[-1].chain)
    assert (purged, await journal.purged(code)) == (True, False)
    assert await journal.read(code) == entries
    assert await journal.meta(code) == {"created": "5", "lang": "fr"}
    assert (await journal.names(code), await journal.keys(code)) == ({"lea": "Léa"}, {"0" * 64: b"desk"})
    with pytest.raises(Conflict) as conflict:
        await journal.append(code, filled, [("anne:2", b"more")])
    assert conflict.value.head.gen == 78
    assert (await journal.append(code, conflict.value.head, [("anne:2", b"more")])).seq == facts + 3


async def test_a_forum_that_is_there_is_never_filled_over(journal: Journal, code: str) -> None:
    head = await a_forum(journal, code)
    entries = await journal.read(code)

    with pytest.raises(Taken):
        await journal.keeping.fill(code, 77, entries, {"created": "5"}, {}, {})

    assert await journal.head(code) == head


async def test_a_filling_that_was_broken_off_is_seen_by_nobody_and_may_begin_again(journal: Journal) -> None:
    code, other = a_code(), a_code()
    await a_forum(journal, other)
    entries = await journal.read(other)
    await journal.keeping._fill(code, entries[:2])

    assert await journal.head(code) is None
    await journal.keeping.fill(code, 77, entries, {"created": "5"}, {}, {})

    assert await journal.read(code) == entries


@pytest.mark.parametrize("deed", ["redact", "purge"])
async def test_what_is_struck_while_another_rewrites_is_rewritten_once_more(
    journal: Journal, code: str, deed: str, monkeypatch
) -> None:
    head = await a_forum(journal, code)
    entries, keeping = await journal.read(code), journal.keeping
    strike = keeping._library.at

    async def late(*arguments, **more):
        await keeping.rewrite()
        return await strike(*arguments, **more)

    monkeypatch.setattr(keeping._library, "at", late)
    if deed == "redact":
        await keeping.redact(code, head, [redaction(entries[1])], [2])
    else:
        await keeping.purge(code, head)

    assert await keeping.rewrite() == "done"
    assert await keeping.rewrite() is None


async def test_a_journal_is_copied_afresh_while_facts_are_added_and_struck(
    journal: Journal, code: str
) -> None:
    head = await a_forum(journal, code, 6)
    before = await journal.read(code)
    copy = journal.keeping._library.call

    first = await copy("forum_compact", code, [0, 2], beside=True)
    head = await journal.append(code, head, [("anne:1", b"meanwhile")])
    second = await copy("forum_compact", code, [*first[1:], 2], beside=True)
    await journal.keeping.redact(code, head, [redaction(before[1])], [2])
    third = await copy("forum_compact", code, [*second[1:], 2], beside=True)
    entries = await journal.read(code)
    await journal.keeping._compact(code)

    assert (first, second, third) == ([b"more", b"2"], [b"more", b"4"], [b"anew"])
    assert await journal.read(code) == entries
    assert recompute(entries) == (await journal.head(code)).chain
    async with by_hand(journal) as client:
        assert await client.exists(f"{{{code}}}:t") == 0
