"""The journal file of the store that Forum brings along: torn, cut in the middle of an append, damaged."""

import asyncio
import os
from pathlib import Path

import pytest

from forum.journal import (
    Conflict,
    Damaged,
    Head,
    StoreAddress,
    StoreProblem,
    embedded_store,
    open_journal,
    recompute,
)
from forum.journal.valkey import TORN_COPIES_MAX
from tests.journal.openers import FIRST


def journal_file(data: Path) -> Path:
    (file,) = (data / "store" / "appendonlydir").glob("*.incr.aof")
    return file


async def a_hundred_facts(data: Path, code: str) -> Head:
    async with open_journal(StoreAddress(None, data)) as journal:
        head = await journal.create(code, FIRST, {})
        for n in range(1, 100):
            head = await journal.append(code, head, [(f"a:{n}", b"x" * 200)])
        return head


def overwrite_in_the_middle(file: Path, found: bytes, by: bytes) -> None:
    content = file.read_bytes()
    at = content.index(found, len(content) // 2)
    file.write_bytes(content[:at] + by + content[at + len(by) :])


async def test_a_torn_end_of_the_journal_file_is_cut_off_and_kept_aside(tmp_path: Path, code: str) -> None:
    head = await a_hundred_facts(tmp_path, code)
    file = journal_file(tmp_path)
    whole = file.read_bytes()
    torn = whole + b"*4\r\n$4\r\nHSET\r\n$10\r\n{"
    file.write_bytes(torn)

    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        assert await journal.head(code) == head
    (copy,) = (tmp_path / "store").glob("torn-*/*.incr.aof")
    assert copy.read_bytes() == torn
    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        assert await journal.head(code) == head


@pytest.mark.parametrize("missing", [17, 300, 900])
async def test_of_an_append_that_is_torn_in_the_middle_nothing_is_there(
    tmp_path: Path, code: str, missing: int
) -> None:
    head = await a_hundred_facts(tmp_path, code)
    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        with pytest.raises(Conflict) as another_life:
            await journal.append(code, head, [])
        await journal.append(
            code, another_life.value.head, [("b:1", b"y" * 400), ("b:1", b"y" * 400), ("b:2", b"y" * 400)]
        )
    file = journal_file(tmp_path)
    os.truncate(file, file.stat().st_size - missing)

    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        assert (await journal.head(code))[1:] == head[1:]
        assert len(await journal.read(code)) == head.seq


async def test_what_looks_like_a_torn_end_and_is_not_is_kept_aside_too(tmp_path: Path, code: str) -> None:
    await a_hundred_facts(tmp_path, code)
    file = journal_file(tmp_path)
    overwrite_in_the_middle(file, b"$200\r\n", b"$999999")
    content = file.read_bytes()
    for _ in range(5):
        file.write_bytes(content)
        async with embedded_store(tmp_path):
            pass

    copies = list((tmp_path / "store").glob("torn-*/*.incr.aof"))
    assert len(copies) == TORN_COPIES_MAX
    assert {copy.read_bytes() for copy in copies} == {content}


async def test_a_damaged_text_in_the_journal_file_breaks_the_chain(tmp_path: Path, code: str) -> None:
    await a_hundred_facts(tmp_path, code)
    overwrite_in_the_middle(journal_file(tmp_path), b"xxxx", b"xxyx")

    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        entries = await journal.read(code)
        with pytest.raises(Damaged, match="chain breaks"):
            recompute(entries)


async def test_a_damaged_journal_file_is_told_with_a_recipe_that_works(tmp_path: Path, code: str) -> None:
    await a_hundred_facts(tmp_path, code)
    overwrite_in_the_middle(journal_file(tmp_path), b"$4\r\nXADD", b"garbage")

    with pytest.raises(StoreProblem) as problem:
        async with open_journal(StoreAddress(None, tmp_path)):
            pass
    assert problem.value.code == "corrupt"
    assert "\n" not in str(problem.value)

    repair = await asyncio.create_subprocess_exec(
        *("bash", "-c", problem.value.params["recipe"]),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await repair.communicate(b"y\n")
    assert repair.returncode == 0, said
    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        entries = await journal.read(code)
        head = await journal.head(code)
        assert 0 < len(entries) < 100
        assert head is not None
        assert (head.seq, head.chain) == (len(entries), recompute(entries))
