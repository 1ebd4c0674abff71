"""What lies beside the journal of a person, in backups: what was taken back or erased after one is not brought back."""

from pathlib import Path

import pytest

from forum.domain.belonging.part import SetOrganisation
from forum.domain.beside import address_of, organisation_of
from forum.domain.consents.part import GiveConsent, standing
from forum.domain.consents.texts import ADDRESS
from forum.domain.keeping import ErasureAsked
from forum.keeping import Ledger, restore
from tests.keeping.conftest import House, house
from tests.keeping.test_backup import taken
from tests.scenes import ANNE, LEA, a_room


@pytest.mark.parametrize("anew", [False, True], ids=["taken back", "left again since"])
async def test_E4_an_address_taken_back_after_the_backup_is_not_brought_back_and_one_left_before_is(
    here: House, tmp_path: Path, *, anew: bool
):
    room = a_room()
    for person in (LEA, ANNE):
        room.ask(GiveConsent("reminders", ADDRESS), person)
    code = await here.put(room)
    for person in (LEA, ANNE):
        await here.journal.set_name(code, address_of(person), f"{person}@example.org")
    here.now += 3_600_000
    if anew:
        await here.keeper.note_address_taken_back(code, LEA)
    here.now += 1000
    backup = await taken(here)
    here.now += 1000
    if not anew:
        await here.keeper.note_address_taken_back(code, LEA)
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    (fresh / "erasures.jsonl").write_bytes(Ledger(here.data).path.read_bytes())

    async with house(fresh) as there:
        done = await restore(there.journal, Ledger(fresh), backup, there.now)
        state, names = await there.state(code), await there.journal.names(code)

    assert done.erased == (not anew)
    assert set(names) == ({address_of(LEA), address_of(ANNE)} if anew else {address_of(ANNE)})
    assert (standing(state, LEA, "reminders") is None) == (not anew)
    assert standing(state, ANNE, "reminders")


async def test_J7_an_organisation_erased_after_the_backup_with_its_persons_name_is_erased_again(
    here: House, tmp_path: Path
):
    room = a_room()
    room.ask(SetOrganisation(LEA, "org1"))
    code = await here.put(room)
    await here.journal.set_name(code, organisation_of(LEA), "Studio Barnabé")
    backup = await taken(here)
    here.now += 1000
    await here.add(code, ErasureAsked(LEA, noted=True), by=LEA)
    await here.keeper.erase(code)
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    (fresh / "erasures.jsonl").write_bytes(Ledger(here.data).path.read_bytes())

    async with house(fresh) as there:
        done = await restore(there.journal, Ledger(fresh), backup, there.now)
        state, names = await there.state(code), await there.journal.names(code)

    assert (done.erased, names) == (1, {})
    assert state.belonging.get(LEA).organisation == ""
