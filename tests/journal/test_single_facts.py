"""Facts by their number, and a journal as it lies: what receipts and audits read."""

from forum.domain import records
from forum.domain.keeping import Redacted, Struck
from forum.domain.kernel import Record
from forum.journal import Entry, Journal, body_hash
from tests.journal.conftest import by_hand


async def test_facts_are_read_by_their_numbers_and_those_that_are_not_there_are_left_out(
    journal: Journal, code: str
) -> None:
    head = await journal.create(code, [("desk:1", b"one"), ("lea:1", b"two"), ("lea:2", b"three")], {})
    whole = {entry.seq: entry for entry in await journal.read(code)}

    assert await journal.entries(code, [3, 1, 3, head.seq + 5]) == {1: whole[1], 3: whole[3]}
    assert await journal.entries(code, []) == {}


async def test_a_struck_fact_is_left_out_however_many_there_are_around_it(
    journal: Journal, code: str
) -> None:
    head = await journal.create(code, [("desk:1", b"one"), ("lea:1", b"words"), ("lea:2", b"three")], {})
    gone = (await journal.read(code))[1]
    said = Record(Redacted("lea", (proof(gone),)), "lea", 1)
    await journal.keeping.redact(code, head, [("redact-a:1", records.encode(said))], [2])

    found = await journal.entries(code, [2, 3])

    assert [(number, entry.body) for number, entry in found.items()] == [(3, b"three")]


async def test_a_journal_is_given_as_it_lies_even_when_it_is_wrong(journal: Journal, code: str) -> None:
    await journal.create(code, [("desk:1", b"one"), ("lea:1", b"two"), ("lea:2", b"three")], {})
    async with by_hand(journal) as store:
        await store.xdel(f"{{{code}}}:j", "2-0")
        await store.xadd(f"{{{code}}}:j", {"x": "y"}, id="9-7")

    head, entries = await journal.as_it_lies(code)

    assert head == await journal.head(code)
    assert [name for name, _ in entries] == ["1-0", "3-0", "9-7"]
    assert entries[1][1][b"b"] == b"three"
    assert await journal.as_it_lies("ZZZZZZ") == (None, [])


def proof(entry: Entry) -> Struck:
    return Struck(entry.seq, entry.op, body_hash(entry.body), entry.chain, "{}")
