"""What is left of erased words where data is kept: nothing in archives, in the ledger, in any file of the store."""

import gzip
import io
from pathlib import Path

import pytest

from forum.domain.keeping import ErasureAsked
from forum.keeping import Ledger, gather, write
from tests.journal.conftest import by_hand
from tests.keeping.conftest import House, house
from tests.keeping.written import a_written_room
from tests.scenes import LEA


async def test_an_archive_made_after_holds_neither_name_nor_words(here: House):
    code = await here.put(a_written_room())
    await here.journal.set_name(code, LEA, "Barnabée")
    await here.add(code, ErasureAsked(LEA, "all"), by=LEA)
    await here.keeper.erase(code)
    out = io.BytesIO()
    write(await gather(here.journal, code, keys=True), out)

    text = gzip.decompress(out.getvalue()).decode()
    assert "Barnab" not in text
    assert "Idea number 3" in text


async def test_the_ledger_holds_envelopes_and_no_words(here: House):
    code = await here.put(a_written_room())
    await here.journal.set_name(code, LEA, "Barnabée")
    await here.add(code, ErasureAsked(LEA, "all"), by=LEA)
    await here.keeper.erase(code)

    [line] = Ledger(here.data).read().lines
    assert (line.code, line.person, len(line.struck)) == (code, LEA, 3)
    assert "Barnab" not in Ledger(here.data).path.read_text()
    assert Ledger(here.data).path.stat().st_mode & 0o077 == 0


def traces(folder: Path, *planted: str) -> list[str]:
    """The files below a folder that hold one of these words."""
    return [
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.is_file() and any(word.encode() in file.read_bytes() for word in planted)
    ]


async def test_after_the_rewrite_nothing_erased_is_anywhere_in_the_data_folder(tmp_path: Path):
    data = tmp_path / "data"
    async with house(data) as here:
        code = await here.put(a_written_room())
        await here.journal.set_name(code, LEA, "Barnabée")
        async with by_hand(here.journal) as client:
            await client.config_set("rdbcompression", "no")
            await client.save()
    store = data / "store"
    (store / "torn-1700000000000").mkdir()
    for file in (store / "appendonlydir").iterdir():
        (store / "torn-1700000000000" / file.name).write_bytes(file.read_bytes())
    (store / "temp-123.rdb").write_bytes((store / "dump.rdb").read_bytes())
    before = traces(data, "Barnab")
    async with house(data) as here:
        await here.journal._calls.one("CONFIG", "SET", "rdbcompression", "no")
        await here.add(code, ErasureAsked(LEA, "all"), by=LEA)
        await here.keeper.erase(code)
        owed = await here.journal.keeping.rewrite()
        nothing_more = await here.journal.keeping.rewrite()
        running = traces(data, "Barnab", "Idea number 1")
        others = traces(data, "number 3")
        state = await here.state(code)

    assert len(before) >= 4  # journal, snapshot, leftovers: the test looks where it should
    assert (owed, nothing_more) == ("done", None)
    assert running == []
    assert others  # what stays is there to be found
    assert traces(data, "Barnab", "Idea number 1") == []
    assert state.ideas.by_id["idea003"].text == "Idea number 3"


async def test_a_purged_forum_leaves_nothing_on_the_disk(tmp_path: Path):
    async with house(tmp_path / "data") as here:
        code = await here.put(a_written_room())
        await here.journal.set_name(code, LEA, "Barnabée")
        await here.keeper.purge(code, await here.journal.head(code))
        await here.keeper.rewrite()
        left = traces(tmp_path / "data", "Barnab", "Idea number")

    assert left == []


async def test_a_store_that_does_not_let_us_rewrite_says_so(tmp_path: Path, external_url: str):
    async with house(tmp_path / "data", external_url) as here:
        code = await here.put(a_written_room())
        await here.journal._calls.one("ACL", "SETUSER", "default", "-bgrewriteaof")
        try:
            await here.keeper.purge(code, await here.journal.head(code))
            done = await here.journal.keeping.rewrite()
        finally:
            await here.journal._calls.one("ACL", "SETUSER", "default", "+bgrewriteaof")
        later = await here.journal.keeping.rewrite()

    assert (done, later) == ("denied", "done")


@pytest.fixture
async def external_url(tmp_path: Path):
    from tests.journal.conftest import external_store

    folder = tmp_path / "external"
    folder.mkdir()
    async with external_store(folder) as store:
        yield store.url
