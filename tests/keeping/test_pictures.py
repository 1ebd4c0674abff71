"""Photographs beside the journal: in archives, backups and moves as they were; gone when erased, also from a backup of before."""

import io
from hashlib import sha256
from typing import Any

import pytest

from forum.domain.kernel import PhotographId
from forum.domain.photographs.part import AddPhotograph, ErasePhotograph
from forum.keeping import BadArchive, Ledger, back_up, gather, open_again, read, restore, unlinked, write
from forum.keeping.pictures import STRAY_MS
from tests.keeping.conftest import House, a_code
from tests.photographs.pictures import PLACE, a_photograph
from tests.scenes import Scene, a_room

ONE, TWO = PhotographId("photo001"), PhotographId("photo002")
PICTURES = {ONE: a_photograph(40, 30), TWO: a_photograph(30, 40)}


def a_room_with_photographs() -> Scene:
    room = a_room()
    for photograph, body in PICTURES.items():
        digest = sha256(body).hexdigest()
        room.ask(AddPhotograph(photograph, digest, 40, 30, len(body), f"{PLACE} {photograph}"))
    return room


async def put(here: House) -> str:
    code = await here.put(a_room_with_photographs())
    for photograph, body in PICTURES.items():
        await here.journal.photographs.keep(code, photograph, body, here.now)
    return code


async def erase(here: House, code: str) -> None:
    """As the desk does."""
    room = a_room_with_photographs()
    seq = len(room.journal)
    room.ask(ErasePhotograph(ONE))
    await here.add(code, *(record.fact for _, _, record in room.journal[seq:]), by="fac")
    await here.keeper.let_go(code)
    await here.keeper.erase(code)


def packed(kept: Any) -> bytes:
    out = io.BytesIO()
    write(kept, out)
    return out.getvalue()


async def test_an_archive_holds_photographs_where_it_holds_names_and_another_instance_opens_them(
    here: House,
) -> None:
    code = await put(here)
    whole, bare = await gather(here.journal, code), await gather(here.journal, code, names=False)
    back = read(io.BytesIO(packed(whole)))
    await here.keeper.purge(code, await here.journal.head(code))
    gone = await here.journal.photographs.of(code, PICTURES)
    await open_again(here.journal, back)

    assert back.photographs == whole.photographs == PICTURES
    assert (bare.photographs, unlinked(whole, a_code).photographs, gone) == ({}, {}, {})
    assert packed(back) == packed(whole)
    assert await here.journal.photographs.of(code, PICTURES) == PICTURES


async def test_a_picture_that_is_not_the_one_its_fact_names_opens_no_forum(here: House) -> None:
    kept = await gather(here.journal, await put(here))
    for wrong in ({ONE: PICTURES[TWO]}, {"photo009": PICTURES[ONE]}):
        with pytest.raises(BadArchive):
            await open_again(here.journal, kept._replace(code=a_code(), photographs=wrong))
        with pytest.raises(BadArchive, match="photograph"):
            await open_again(here.journal, kept._replace(photographs=wrong))


async def test_X2_an_erased_photograph_is_gone_with_its_caption_and_the_chain_still_proves_it(
    here: House,
) -> None:
    code = await put(here)
    await erase(here, code)
    kept = await gather(here.journal, code)
    text = b"".join(entry.body for entry in kept.entries)

    assert kept.photographs == {TWO: PICTURES[TWO]}
    assert f"{PLACE} {ONE}".encode() not in text
    assert f"{PLACE} {TWO}".encode() in text
    assert sha256(PICTURES[ONE]).hexdigest().encode() in text
    assert (await here.state(code)).photographs.by_id[ONE].stands == "erased"
    assert read(io.BytesIO(packed(kept))).photographs == kept.photographs


async def test_X2_a_backup_of_before_brings_back_no_photograph_that_was_erased_since(
    here: House,
) -> None:
    code, backup = await put(here), io.BytesIO()
    await back_up(here.journal, Ledger(here.data), backup, here.now)
    here.now += 1000
    await erase(here, code)
    backup.seek(0)
    await restore(here.journal, Ledger(here.data), backup, here.now, overwrite=True)
    state = await here.state(code)

    assert set(await here.journal.photographs.known(code)) == {TWO}
    assert (state.photographs.by_id[ONE].stands, state.photographs.by_id[ONE].caption) == ("erased", "")
    assert state.photographs.by_id[TWO].stands == "shown"


async def test_a_picture_that_no_fact_names_goes_after_an_hour_and_not_before(here: House) -> None:
    code = await put(here)
    await here.journal.photographs.keep(code, "photo003", PICTURES[ONE], here.now)
    here.now += STRAY_MS
    await here.keeper.sweep()
    soon = set(await here.journal.photographs.known(code))
    here.now += 1
    await here.keeper.sweep()

    assert soon == {ONE, TWO, "photo003"}
    assert set(await here.journal.photographs.known(code)) == {ONE, TWO}
