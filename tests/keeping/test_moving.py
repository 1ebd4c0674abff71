"""A forum moves: what is here takes nothing more, the file holds everything, and the same history goes on elsewhere."""

import io

import pytest

from forum.cli.move import _address
from forum.domain.keeping import EndIsNear, last_day
from forum.journal import Conflict, Head, MovedAway, Taken
from forum.keeping import (
    LEFT_DAYS,
    BadArchive,
    Kept,
    Ledger,
    back_up,
    gather,
    move,
    move_back,
    open_again,
    read,
    restore,
    write,
)
from tests.keeping.conftest import DAY_MS, House, house
from tests.scenes import LEA, START, a_room

THERE = "https://forum.example.org"
SECRET = b'{"kind":"seed","role":"staff","created":0,"expires":0,"via":"00"}'


async def a_forum(here: House) -> str:
    code = await here.put(a_room().opened("ideas").with_ideas(2), keep_until=last_day(START, 400))
    await here.journal.set_name(code, LEA, "Léa")
    await here.journal.put_key(code, "0" * 64, b"{}")
    await here.journal.put_key(code, "1" * 64, SECRET)
    return code


def packed(kept: Kept) -> bytes:
    out = io.BytesIO()
    write(kept, out)
    return out.getvalue()


async def test_what_moved_takes_nothing_more_from_the_moment_on_in_which_it_is_read(here: House):
    code = await a_forum(here)
    before = await here.journal.head(code)

    kept = await move(here.journal, code, THERE, START)

    with pytest.raises(MovedAway) as told:
        await here.journal.append(code, before, [("late-000000000000:1", b"{}")])
    with pytest.raises(MovedAway):
        await here.journal.append(code, await here.journal.head(code), [])
    with pytest.raises(MovedAway):
        await here.journal.keeping.redact(code, before, [("late-000000000000:1", b"{}")], [2])
    assert (told.value.forum, told.value.address) == (code, THERE)
    assert (kept.seq, kept.chain) == before[1:] == (await here.journal.head(code))[1:]
    assert (kept.names, set(kept.keys)) == ({LEA: "Léa"}, {"0" * 64, "1" * 64})
    assert kept.meta == {"lang": "fr"}


async def test_a_move_that_was_broken_off_is_done_again_and_gives_the_same_file(here: House):
    code = await a_forum(here)
    await here.journal.keeping.move(code, THERE, START)  # and then the power went

    first, second = [packed(await move(here.journal, code, THERE, START + n)) for n in (1, 2)]
    elsewhere = packed(await move(here.journal, code, "https://other.example.org", START + 3))

    assert first == second == elsewhere
    assert await here.journal.moved(code) == ("https://other.example.org", START)


async def test_it_goes_on_elsewhere_as_the_same_history_and_can_come_home_with_what_was_added(
    here: House, tmp_path
):
    code = await a_forum(here)
    async with house(tmp_path / "there") as there:
        await open_again(
            there.journal, read(io.BytesIO(packed(await move(here.journal, code, THERE, START))))
        )
        await there.add(code, EndIsNear(30))
        back = read(io.BytesIO(packed(await move(there.journal, code, "http://here", START))))
        await open_again(here.journal, back)
        home, away = await here.state(code), await there.state(code)

        with pytest.raises(MovedAway):
            await there.add(code, EndIsNear(7))
    await here.add(code, EndIsNear(7))

    assert home == away
    assert await here.journal.moved(code) is None
    assert (await here.journal.names(code), (await here.journal.key(code, "1" * 64))) == (
        {LEA: "Léa"},
        SECRET,
    )


async def test_only_a_history_that_goes_on_from_there_takes_the_place_of_what_moved_away(
    here: House, tmp_path
):
    code = await a_forum(here)
    older = await gather(here.journal, code, keys=True)
    await here.add(code, EndIsNear(30))
    async with house(tmp_path / "there") as there:
        await open_again(there.journal, older)
        await there.add(code, EndIsNear(7))
        await there.add(code, EndIsNear(7))
        other = await gather(there.journal, code, keys=True)
    with pytest.raises(Taken):
        await open_again(here.journal, older)
    await move(here.journal, code, THERE, START)
    before = await here.journal.read(code)

    for kept in (older, other):
        with pytest.raises(BadArchive):
            await open_again(here.journal, kept)

    assert await here.journal.read(code) == before
    assert (await here.journal.moved(code)).address == THERE


async def test_who_says_so_lets_it_go_on_here_again(here: House):
    code = await a_forum(here)
    before = await here.journal.head(code)
    await move(here.journal, code, THERE, START)

    head = await move_back(here.journal, code)
    with pytest.raises(Conflict):
        await here.journal.append(
            code, before, [("late-000000000000:1", b"{}")]
        )  # of another life: asked anew
    await here.add(code, EndIsNear(30))

    assert head == Head(before.gen + 2, before.seq, before.chain)
    assert await here.journal.moved(code) is None


async def test_what_moved_away_leaves_after_thirty_days_and_its_address_stays(here: House):
    code, other = await a_forum(here), await a_forum(here)
    await move(here.journal, code, THERE, START)
    here.now = START + LEFT_DAYS * DAY_MS
    await here.keeper.sweep()
    still = await here.journal.head(code)
    here.now += 1

    due = [one.code for one in await here.keeper.due()]
    await here.keeper.sweep()

    assert still is not None
    assert due == [code]
    assert await here.journal.head(code) is None
    assert (await here.journal.names(code), await here.journal.keys(code)) == ({}, {})
    assert await here.journal.moved(code) == (THERE, 0)
    assert [f.code for f in await here.journal.forums()] == [other]


async def test_a_forum_may_come_home_after_all_was_deleted_here(here: House):
    code = await a_forum(here)
    kept = await move(here.journal, code, THERE, START)
    await here.keeper.purge(code, await here.journal.head(code))

    await open_again(here.journal, kept)
    await here.add(code, EndIsNear(30))

    assert await here.journal.moved(code) is None


async def test_the_keeper_leaves_alone_what_moved_away(here: House):
    code = await a_forum(here)
    await move(here.journal, code, THERE, START)
    before = await here.journal.head(code)
    here.now = START + 5 * DAY_MS

    await here.keeper.sweep()

    assert await here.journal.head(code) == before


async def test_a_secret_is_in_the_file_of_a_move_and_in_backups_and_in_no_other_archive(
    here: House, tmp_path
):
    code = await a_forum(here)
    given = await gather(here.journal, code, keys=True)
    saved = io.BytesIO()
    await move(here.journal, code, THERE, START)
    await back_up(here.journal, Ledger(here.data), saved, START)

    assert set(given.keys) == {"0" * 64}
    async with house(tmp_path / "restored") as again:
        saved.seek(0)
        await restore(again.journal, Ledger(again.data), saved, START)
        assert (await again.journal.moved(code)).address == THERE
        assert await again.journal.key(code, "1" * 64) == SECRET
        with pytest.raises(MovedAway):
            await again.add(code, EndIsNear(30))


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("https://Forum.example.org/", "https://forum.example.org"),
        ("http://192.168.0.7:8000", "http://192.168.0.7:8000"),
        ("http://[2001:DB8::7]", "http://[2001:db8::7]"),
        *[(bad, "") for bad in ("", "forum.example.org", "javascript:alert(1)", "https://", "https://a/b", "https://a?b", "https://a#b")],
        *[(bad, "") for bad in ("https://me:word@a", "https://a;script-src *", "https://a b", "https://a,b", "https://a'b", "https://é")],
        ("https://a:99999", ""),
    ],
)  # fmt: skip
def test_an_address_to_go_on_at_is_scheme_host_and_port_and_nothing_else(written: str, taken: str):
    assert _address(written) == taken
