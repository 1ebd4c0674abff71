"""Backups of a store in use, and restoring them: into an empty place, beside others, after erasures."""

import asyncio
import io
import json
import re
import tarfile
from pathlib import Path

import msgspec
import pytest

from forum.audit import sealing
from forum.domain.keeping import ErasureAsked
from forum.domain.people import PersonJoined
from forum.domain.roles import Role
from forum.journal import StoreProblem, recompute
from forum.keeping import BadArchive, Ledger, back_up, restore, rotate
from forum.keeping.backup import HEAD, SECRET_NAMES, SUFFIX
from forum.keeping.ledger import Line
from forum.opening import derived
from tests.keeping.conftest import House, house
from tests.keeping.written import words_of_two
from tests.scenes import ANNE, LEA, START, a_room


async def a_forum(here: House) -> str:
    code = await here.put(a_room().opened("ideas").with_ideas(2))
    await here.journal.set_name(code, LEA, "Léa")
    await here.journal.put_key(code, "0" * 64, b'{"role":"facilitator"}')
    return code


async def taken(here: House) -> io.BytesIO:
    out = io.BytesIO()
    await back_up(here.journal, Ledger(here.data), out, here.now)
    out.seek(0)
    return out


async def test_everything_is_brought_back_into_an_empty_place(here: House, tmp_path: Path):
    one, two = await a_forum(here), await a_forum(here)
    secret, entries = await here.journal.secret("web"), await here.journal.read(one)
    backup = await taken(here)

    async with house(tmp_path / "fresh") as there:
        done = await restore(there.journal, Ledger(there.data), backup, START)

        assert set(done.opened) == {one, two}
        assert await there.journal.read(one) == entries
        assert await there.journal.names(one) == {LEA: "Léa"}
        assert await there.journal.key(one, "0" * 64) == b'{"role":"facilitator"}'
        assert await there.journal.secret("web") == secret
        assert (await there.journal.head(one)).gen > (await here.journal.head(one)).gen
        assert {f.code for f in await there.journal.forums()} == {one, two}


async def test_a_forum_that_is_there_is_replaced_only_when_that_is_said(here: House):
    code = await a_forum(here)
    backup = await taken(here)
    await here.add(code, PersonJoined("max", Role.PARTICIPANT))
    later = await here.journal.read(code)

    polite = await restore(here.journal, Ledger(here.data), backup, START)
    kept = await here.journal.read(code)
    backup.seek(0)
    told = await restore(here.journal, Ledger(here.data), backup, START, overwrite=True)

    assert (polite.opened, polite.there, told.opened) == ([], [code], [code])
    assert kept == later
    assert len(await here.journal.read(code)) == len(later) - 1


async def test_what_was_erased_after_the_backup_is_erased_again(here: House, tmp_path: Path):
    code = await a_forum(here)
    backup = await taken(here)
    here.now += 1000
    await here.add(code, ErasureAsked(LEA, "all"), by=LEA)
    await here.keeper.erase(code)
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    (fresh / "erasures.jsonl").write_bytes(Ledger(here.data).path.read_bytes())

    async with house(fresh) as there:
        done = await restore(there.journal, Ledger(fresh), backup, there.now)
        state = await there.state(code)
        names = await there.journal.names(code)

    assert (done.erased, done.knows) == (1, True)
    assert {idea.text for idea in state.ideas.by_id.values()} == {""}
    assert names == {}


async def test_a_restore_that_is_broken_off_leaves_nothing_open_that_was_erased(here: House, tmp_path: Path):
    one, two = sorted([await a_forum(here), await a_forum(here)])
    backup, spoilt = await taken(here), io.BytesIO()
    with tarfile.open(fileobj=backup) as whole, tarfile.open(fileobj=spoilt, mode="w") as tar:
        for member in whole:
            body = whole.extractfile(member).read()
            tar.addfile(member, io.BytesIO(bytes(len(body)) if member.name.startswith(two) else body))
    spoilt.seek(0)
    here.now += 1000
    await here.add(one, ErasureAsked(LEA, "all"), by=LEA)
    await here.keeper.erase(one)

    async with house(tmp_path / "fresh") as there:
        with pytest.raises(BadArchive):
            await restore(there.journal, Ledger(here.data), spoilt, there.now)
        state = await there.state(one)

        assert {idea.text for idea in state.ideas.by_id.values()} == {""}
        assert await there.journal.names(one) == {}


@pytest.mark.parametrize("erased", [0, 1, 2])
async def test_words_of_two_in_one_entry_are_erased_again_whenever_the_backup_was_taken(
    here: House, tmp_path: Path, erased: int
):
    """Before both erasures, between them, after them; with the backup's own ledger, which is older."""
    code, backups = await here.put(words_of_two()), [await taken(here)]
    for person in (LEA, ANNE):
        here.now += 1000
        await here.journal.set_name(code, person, f"Name of {person}")
        await here.add(code, ErasureAsked(person, "all", name=False), by=person, op=f"{person}-00000000000:1")
        await here.keeper.erase(code)
        here.now += 1000
        backups.append(await taken(here))
    newer = Ledger(here.data).bytes()

    async with house(tmp_path / "fresh") as there:
        done = await restore(there.journal, Ledger(there.data), backups[erased], here.now, newer=newer)
        entries, ledger = await there.journal.read(code), Ledger(there.data).path.read_text()
        backups[erased].seek(0)
        again = await restore(there.journal, Ledger(there.data), backups[erased], here.now, overwrite=True)
        state = await there.state(code)
        names = await there.journal.names(code)

    assert bool(done.erased) == bool(again.erased) == (erased < 2)
    assert not any(b"Mots" in e.body for e in entries)
    assert recompute(entries) == entries[-1].chain
    assert "Mots" not in ledger
    assert state.plan.actions["act001"].title == ""
    assert len(names) == erased, "names that were kept are kept"


async def test_without_a_ledger_it_says_that_later_erasures_are_not_known(here: House, tmp_path: Path):
    code = await a_forum(here)
    await here.add(code, ErasureAsked(LEA, "all"), by=LEA)
    await here.keeper.erase(code)
    here.now += 1000
    backup = await taken(here)

    async with house(tmp_path / "fresh") as there:
        done = await restore(there.journal, Ledger(there.data), backup, there.now)
        lines = Ledger(there.data).read().lines

    assert not done.knows
    assert [line.code for line in lines] == [code]  # the backup brought its own


async def test_a_forum_deleted_after_the_backup_stays_deleted_and_one_given_its_code_again_does_not(
    here: House,
):
    code = await a_forum(here)
    backup = await taken(here)
    here.now += 1000
    await here.keeper.purge(code, await here.journal.head(code))
    done = await restore(here.journal, Ledger(here.data), backup, here.now)
    await here.put(a_room(), code)
    here.now += 1000
    later = await taken(here)
    await here.journal.keeping.discard(code)
    again = await restore(here.journal, Ledger(here.data), later, here.now)

    assert (done.ended, done.opened) == ([code], [])
    assert (again.ended, again.opened) == ([], [code])


async def test_a_backup_taken_while_everybody_writes_is_whole_in_each_forum(here: House, tmp_path: Path):
    codes = [await a_forum(here) for _ in range(3)]
    written = asyncio.Semaphore(0)

    async def busy(code: str) -> None:
        for n in range(200):
            await here.add(code, PersonJoined(f"p{n}", Role.PARTICIPANT), op=f"phone-{n:010}:1")
            written.release()

    async with asyncio.TaskGroup() as group:
        writers = [group.create_task(busy(code)) for code in codes]
        for _ in range(30):
            await written.acquire()
        backup = await taken(here)
        for writer in writers:
            writer.cancel()

    async with house(tmp_path / "fresh") as there:
        await restore(there.journal, Ledger(there.data), backup, START)
        for code in codes:
            kept, all_ = await there.journal.read(code), await here.journal.read(code)

            assert kept == all_[: len(kept)]
            assert recompute(kept) == (await there.journal.head(code)).chain


def changed(backup: io.BytesIO, name: str, body: bytes | None) -> io.BytesIO:
    """The same backup with one part replaced, or left out."""
    out = io.BytesIO()
    with tarfile.open(fileobj=backup) as tar, tarfile.open(fileobj=out, mode="w") as other:
        for member in tar:
            found = tar.extractfile(member)
            assert found is not None
            content = found.read()
            if member.name == name:
                if body is None:
                    continue
                content, member.size = body, len(body)
            other.addfile(member, io.BytesIO(content))
    out.seek(0)
    return out


@pytest.mark.parametrize("name", [HEAD, "secrets.json", "erasures.jsonl", "forum"])
async def test_a_backup_without_one_of_its_parts_is_refused(here: House, tmp_path: Path, name: str):
    code = await a_forum(here)
    part = f"{code}.forum.gz" if name == "forum" else name
    backup = changed(await taken(here), part, None)

    async with house(tmp_path / "fresh") as there:
        with pytest.raises(BadArchive, match="missing"):
            await restore(there.journal, Ledger(there.data), backup, START)


@pytest.mark.parametrize("body", [b"", b"junk" * 1000, b"\x1f\x8b\x08\x00" * 100])
async def test_what_is_no_backup_is_refused(here: House, body: bytes):
    with pytest.raises(BadArchive):
        await restore(here.journal, Ledger(here.data), io.BytesIO(body), START)


async def test_a_part_that_was_changed_is_refused_before_anything_is_replaced(here: House):
    code = await a_forum(here)
    backup = changed(await taken(here), f"{code}.forum.gz", b"junk")
    before = await here.journal.read(code)

    with pytest.raises(BadArchive):
        await restore(here.journal, Ledger(here.data), backup, START, overwrite=True)

    assert await here.journal.read(code) == before


def test_old_backups_are_rotated_and_nothing_else(tmp_path: Path):
    names = [f"2025010{n}-000000{SUFFIX}" for n in range(1, 6)]
    for name in [*names, "notes.txt"]:
        (tmp_path / name).touch()

    rotate(tmp_path, 2)

    assert sorted(p.name for p in tmp_path.iterdir()) == [*names[3:], "notes.txt"]


def test_every_secret_that_forum_asks_the_journal_for_is_in_a_backup():
    source = "\n".join(f.read_text() for f in (Path(__file__).parents[2] / "forum").rglob("*.py"))

    assert set(re.findall(r'journal\.secret\("([^"]+)"\)', source)) == set(SECRET_NAMES)


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("value", ["", "00", "ab" * 31, "ab" * 65, "zz" * 32, None])
async def test_a_secret_that_anybody_could_guess_is_not_brought_back(
    here: House, tmp_path: Path, value: str | None, overwrite: bool
):
    code = await a_forum(here)
    said = {} if value is None else {"web": value}
    backup = changed(await taken(here), "secrets.json", json.dumps(said).encode())

    async with house(tmp_path / "fresh") as there:
        with pytest.raises(BadArchive, match="secret"):
            await restore(there.journal, Ledger(there.data), backup, START, overwrite=overwrite)

        assert await there.journal.head(code) is None  # refused before anything is changed
        assert len(await there.journal.secret("web")) == 32


async def test_who_has_no_better_backup_takes_a_new_secret(here: House, tmp_path: Path):
    code = await a_forum(here)
    backup = changed(await taken(here), "secrets.json", b'{"web": ""}')

    async with house(tmp_path / "fresh") as there:
        done = await restore(there.journal, Ledger(there.data), backup, START, new_secret=True)
        secret = await there.journal.secret("web")

    assert (done.opened, len(secret)) == ([code], 32)


async def test_a_secret_in_the_store_that_is_none_is_used_for_nothing(here: House):
    with pytest.raises(ValueError, match="32"):
        await here.journal.keeping.put_secret("web", b"", overwrite=True)
    await here.journal._calls.write("SET", "forum:secret:web", b"")
    with pytest.raises(StoreProblem, match="secret"):
        await here.journal.secret("web")


def test_nothing_is_derived_or_sealed_from_a_short_secret():
    for short in (b"", b"x" * 31):
        with pytest.raises(ValueError, match="32"):
            derived(short, "person")
        with pytest.raises(ValueError, match="32"):
            sealing(short)


UNREADABLE = b'{"code":"ABC234","created":1,"at":2,"per'


async def test_a_restore_names_the_lines_of_the_ledger_that_cannot_be_read_and_changes_nothing(
    here: House, tmp_path: Path
):
    code = await a_forum(here)
    backup = await taken(here)
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    good = Line(code, START, here.now + 1, LEA)
    (fresh / "erasures.jsonl").write_bytes(
        b"\n".join([msgspec.json.encode(good), b"junk", b"", b'{"code": 3}', UNREADABLE])
    )

    async with house(fresh) as there:
        with pytest.raises(BadArchive) as bad:
            await restore(there.journal, Ledger(fresh), backup, START)
        nothing = await there.journal.head(code)
        backup.seek(0)
        done = await restore(there.journal, Ledger(fresh), backup, START, despite_unreadable=True)

    assert "2, 4, 5" in str(bad.value)
    assert "ABC234" in str(bad.value)  # as far as a line still says whose it was
    assert nothing is None
    assert (done.opened, done.erased) == ([code], 1)
    assert [(u.number, u.code) for u in done.unreadable] == [(2, ""), (4, ""), (5, "ABC234")]


async def test_a_ledger_inside_a_backup_is_held_to_the_same(here: House, tmp_path: Path):
    await a_forum(here)
    backup = changed(await taken(here), "erasures.jsonl", UNREADABLE)

    async with house(tmp_path / "fresh") as there:
        with pytest.raises(BadArchive, match="lines 1"):
            await restore(there.journal, Ledger(there.data), backup, START)


def test_a_line_after_half_a_line_is_a_line_of_its_own(tmp_path: Path):
    ledger = Ledger(tmp_path)
    line = Line("ABC234", 1, 2, LEA)
    ledger.path.write_bytes(UNREADABLE)  # a crash in the middle of the last erasure
    ledger.note(line)
    ledger.note(line)
    found = ledger.read()

    assert found.lines == (line, line)
    assert [u.number for u in found.unreadable] == [1]
