"""Carrying out an erasure on a real store: what goes, what stays, and who may be in the way."""

import asyncio
from pathlib import Path

import pytest

from forum.audit import verify
from forum.cli.verify import evidence_of
from forum.domain import records
from forum.domain.belonging.part import SetCategories, SetCategory, SetOrganisation
from forum.domain.belonging.record import Belongs, Category
from forum.domain.beside import organisation_of
from forum.domain.keeping import ErasePerson, ErasureAsked, Redacted
from forum.domain.kernel import CategoryId, Words
from forum.domain.people import PersonJoined
from forum.domain.plan.words import EditAction, MakeAction
from forum.domain.roles import Role
from forum.domain.steps.board import IdeaPosted
from forum.journal import recompute
from forum.keeping import Ledger
from forum.keeping import erasure as module
from tests.keeping.conftest import House, house
from tests.keeping.written import PLANTED, a_written_room, words_of_two
from tests.scenes import ANNE, FACILITATOR, LEA, a_room, a_vote


async def test_a_name_goes_and_everything_said_stays(here: House):
    code = await here.put(a_written_room())
    await here.journal.set_name(code, LEA, "Léa")
    await here.add(code, ErasureAsked(LEA), by=LEA)

    done = await here.keeper.erase(code)

    state = await here.state(code)
    assert done == 1
    assert await here.journal.names(code) == {}
    assert state.ideas.by_id["idea002"].text == PLANTED
    assert state.keeping.erasures == ()


async def test_words_go_where_they_stood_and_the_chain_still_proves_the_rest(here: House):
    code = await here.put(a_written_room())
    before = await here.journal.read(code)
    await here.add(code, ErasureAsked(LEA, "all"), by=LEA)

    await here.keeper.erase(code)

    state, entries = await here.state(code), await here.journal.read(code)
    assert [state.ideas.by_id[f"idea00{n}"].text for n in (1, 2, 3)] == ["", "", "Idea number 3"]
    assert [e.chain for e in entries[: len(before)]] == [e.chain for e in before]
    assert recompute(entries) == (await here.journal.head(code)).chain
    assert not any(PLANTED.encode() in e.body for e in entries)


async def test_only_what_was_chosen_goes(here: House):
    code = await here.put(a_written_room())
    await here.add(code, ErasureAsked(LEA, "chosen", ("idea002",)), by=LEA)

    await here.keeper.erase(code)

    state = await here.state(code)
    assert [state.ideas.by_id[f"idea00{n}"].text for n in (1, 2)] == ["Idea number 1", ""]


async def test_an_erasure_asked_twice_and_by_two_processes_at_once_is_one(here: House, tmp_path: Path):
    code = await here.put(a_written_room())
    await here.add(code, ErasureAsked(LEA, "all"), by=LEA)
    async with house(here.data) as other:
        await asyncio.gather(here.keeper.erase(code), other.keeper.erase(code))
    again = await here.keeper.erase(code)

    state = await here.state(code)
    assert again == 0
    assert state.ideas.by_id["idea002"].text == ""
    assert state.keeping.erasures == ()


async def redactions(here: House, code: str) -> list[Redacted]:
    facts = [records.decode(e.body).fact for e in await here.journal.read(code)]
    return [fact for fact in facts if isinstance(fact, Redacted)]


@pytest.mark.parametrize("texts", ["none", "all"])
async def test_K2_a_crowd_that_erases_at_once_on_two_processes_is_one_redaction_each(here: House, texts):
    crowd = [f"person{n:02}" for n in range(20)]
    room = a_room(people=crowd).opened("ideas")
    for person in crowd:
        room.with_ideas(1, by=person)
    code = await here.put(room)
    for person in crowd:
        await here.journal.set_name(code, person, person.title())

    async def one(house: House, person: str) -> None:
        await house.add(code, ErasureAsked(person, texts), by=person, op=f"{person}-00000000:1")
        await house.keeper.erase(code)

    async with house(here.data) as other:
        houses = [here, other]
        await asyncio.gather(*(one(houses[n % 2], person) for n, person in enumerate(crowd)))

    state = await here.state(code)
    assert sorted(fact.person for fact in await redactions(here, code)) == crowd
    assert (state.keeping.erasures, await here.journal.names(code)) == ((), {})
    assert {idea.text == "" for idea in state.ideas.by_id.values()} == {texts == "all"}


async def test_K2_who_asks_while_a_pass_is_under_way_is_served_by_the_next(here: House):
    crowd = [f"person{n:02}" for n in range(12)]
    code = await here.put(a_room(people=crowd))
    await here.add(code, ErasureAsked(crowd[0]), by=crowd[0])
    first = asyncio.create_task(here.keeper.erase(code))
    await asyncio.sleep(0)
    rest = []
    for person in crowd[1:]:
        await here.add(code, ErasureAsked(person), by=person, op=f"{person}-00000000:1")
        rest.append(asyncio.create_task(here.keeper.erase(code)))

    await asyncio.gather(first, *rest)

    assert sorted(fact.person for fact in await redactions(here, code)) == crowd
    assert (await here.state(code)).keeping.erasures == ()


async def test_a_process_that_stood_still_in_a_pass_plans_anew_instead_of_erasing_twice(here: House):
    code = await here.put(a_room())
    await here.add(code, ErasureAsked(LEA), by=LEA)
    before = await here.journal.head(code)
    async with house(here.data) as other:
        await other.keeper.erase(code)

    with pytest.raises(module.Anew):
        await module.carry_out(here.journal, code, before, [ErasureAsked(LEA)], here.now, Ledger(here.data))

    assert [fact.person for fact in await redactions(here, code)] == [LEA]


async def test_an_entry_with_words_of_two_who_ask_together_keeps_neithers(here: House):
    room = a_vote().closed("vote").opened("plan").with_plan()
    room.ask(MakeAction("act001", room.state.plan.axis_order[0], "Mots de Léa"), LEA)
    room.joined_by(ANNE).ask(EditAction("act001", title="Mots d’Anne"), ANNE)
    code = await here.put(room)
    await here.add(code, ErasureAsked(LEA, "all"), by=LEA)
    await here.add(code, ErasureAsked(ANNE, "all"), by=ANNE)

    await here.keeper.erase(code)

    everything = b"".join(e.body for e in await here.journal.read(code))
    assert b"Mots de" not in everything
    assert "Mots d’Anne".encode() not in everything
    assert len(await redactions(here, code)) == 2
    assert "Mots" not in Ledger(here.data).path.read_text()


async def erased_one_after_another(here: House, code: str) -> None:
    for person in (LEA, ANNE):
        here.now += 1000
        await here.add(code, ErasureAsked(person, "all"), by=person, op=f"{person}-00000000000:1")
        await here.keeper.erase(code)


async def test_K2_what_is_left_of_an_entry_after_one_erased_goes_when_the_other_does(here: House):
    code = await here.put(words_of_two())
    before = await here.journal.read(code)

    await erased_one_after_another(here, code)

    entries = await here.journal.read(code)
    raw = await here.journal._calls.one("XRANGE", f"{{{code}}}:j", "-", "+")
    assert "Mots" not in repr(raw).encode().decode("unicode_escape")
    assert not any(b"Mots" in e.body for e in entries)
    assert [e.chain for e in entries[: len(before)]] == [e.chain for e in before]
    assert recompute(entries) == (await here.journal.head(code)).chain
    assert (await here.state(code)).plan.actions["act001"].title == ""
    assert "Mots" not in Ledger(here.data).path.read_text()
    assert {path.name for path in here.data.iterdir()} == {"erasures.jsonl", "store"}


async def test_words_of_a_third_go_too_and_what_is_left_of_redactions_is_proved(here: House, monkeypatch):
    """Whatever the size of the calls, and though a redaction was struck before."""
    monkeypatch.setattr(module, "AT_ONCE", 2)
    room = words_of_two()
    room.ask(EditAction("act001", description="Mots de Max"), FACILITATOR)
    room.ask(EditAction("act001", description="Mots d’Anne encore"), ANNE)
    code = await here.put(room)

    await erased_one_after_another(here, code)
    kept = (await here.state(code)).plan.actions["act001"].description
    await here.add(code, ErasureAsked(FACILITATOR, "all"), by=FACILITATOR)
    await here.keeper.erase(code)

    entries = await here.journal.read(code)
    assert kept == ""
    assert not any(b"Mots" in e.body for e in entries)
    assert [f for f in verify(await evidence_of(here.journal, code)).findings if not f.held] == []
    assert (await here.state(code)).keeping.erasures == ()


async def test_a_crash_between_the_ledgers_line_and_the_strike_loses_neither(here: House, monkeypatch):
    code = await here.put(a_written_room())
    await here.add(code, ErasureAsked(LEA, "all"), by=LEA)
    head = await here.journal.head(code)
    asked = [ErasureAsked(LEA, "all")]

    async def crashed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(type(here.journal.keeping), "redact", crashed)
        with pytest.raises(KeyboardInterrupt):
            await module.carry_out(here.journal, code, head, asked, here.now, Ledger(here.data))
    noted = Ledger(here.data).read().lines
    there = (await here.state(code)).ideas.by_id["idea002"].text
    await here.keeper.erase(code)

    assert [(line.person, len(line.struck)) for line in noted] == [(LEA, 3)]
    assert there == PLANTED
    assert (await here.state(code)).ideas.by_id["idea002"].text == ""


@pytest.mark.parametrize("texts", ["all", "chosen"])
async def test_K2_whoever_erases_words_may_keep_their_name(here: House, texts):
    code = await here.put(a_written_room())
    await here.journal.set_name(code, LEA, "Léa")
    chosen = ("idea002",) if texts == "chosen" else ()
    await here.add(code, ErasureAsked(LEA, texts, chosen, name=False), by=LEA)

    assert await here.keeper.erase(code) == 1

    state = await here.state(code)
    [line] = Ledger(here.data).read().lines
    assert await here.journal.names(code) == {LEA: "Léa"}
    assert state.ideas.by_id["idea002"].text == ""
    assert (state.keeping.erasures, LEA in state.keeping.erased_at, LEA in state.keeping.unnamed_at) == (
        (),
        True,
        False,
    )
    assert not line.name


async def test_K2_words_that_are_gone_already_and_a_kept_name_change_nothing(here: House):
    code = await here.put(a_room().opened("ideas"))
    await here.journal.set_name(code, LEA, "Léa")
    await here.add(code, ErasureAsked(LEA, "all", name=False), by=LEA)
    await here.keeper.erase(code)

    assert await here.journal.names(code) == {LEA: "Léa"}
    assert (await here.state(code)).keeping.erasures == ()


async def test_a_hall_that_goes_on_writing_does_not_stop_an_erasure(here: House):
    code = await here.put(a_written_room())
    await here.add(code, ErasureAsked(LEA, "all"), by=LEA)
    written = 0

    async def busy():
        nonlocal written
        while True:
            fact = IdeaPosted(f"more{written}", "ideas", "Encore", ANNE)
            await here.add(code, fact, by=ANNE, op=f"anne-{written:011}:1")
            written += 1

    async with asyncio.TaskGroup() as group:
        writing = group.create_task(busy())
        await here.keeper.erase(code)
        writing.cancel()

    state = await here.state(code)
    assert written
    assert len(state.ideas.by_id) - 3 - written in (
        0,
        1,
    )  # the last one was broken off, before or after it was in
    assert state.ideas.by_id["idea002"].text == ""


async def test_many_words_go_in_several_facts_and_the_request_ends_with_the_last(here: House, monkeypatch):
    room = a_room().opened("ideas").with_ideas(11)
    code = await here.put(room)
    await here.add(code, ErasureAsked(LEA, "all"), by=LEA)
    monkeypatch.setattr(module, "AT_ONCE", 4)

    await here.keeper.erase(code)

    state = await here.state(code)
    redactions = [e for e in await here.journal.read(code) if e.op.startswith("redact-")]
    assert len(redactions) == 3
    assert {i.text for i in state.ideas.by_id.values()} == {""}
    assert state.keeping.erasures == ()


async def test_K3_points_are_the_same_before_and_after(here: House):
    room = a_vote().voted(LEA, theme1=1, theme2=1).voted(ANNE, theme1=1)
    code = await here.put(room)
    await here.add(code, ErasureAsked(LEA, "all"), by=LEA)

    await here.keeper.erase(code)

    assert (await here.state(code)).rounds == room.state.rounds


async def test_a_request_that_nobody_carried_out_is_found_by_the_next_sweep(here: House):
    code = await here.put(a_written_room())
    await here.add(code, PersonJoined("max", Role.PARTICIPANT), ErasureAsked(LEA, "all"), by=LEA)

    await here.keeper.sweep()

    assert (await here.state(code)).ideas.by_id["idea002"].text == ""


@pytest.mark.parametrize("noted", [True, False])
async def test_J7_where_somebody_comes_from_goes_with_their_name_from_the_journal_and_from_beside_it(
    here: House, noted: bool
):
    """Their organisation's name lies beside the journal like theirs; whoever is not noted costs no strike."""
    room = a_written_room()
    if noted:
        room.ask(SetCategories((Category(CategoryId("members"), Words("Adhérents")),)))
        room.ask(SetCategory(LEA, "members"))
        room.ask(SetOrganisation(LEA, "org1"))
    room.ask(ErasePerson(), LEA)
    code = await here.put(room)
    for person in (LEA, ANNE):
        await here.journal.set_name(code, person, person.title())
        await here.journal.set_name(code, organisation_of(person), "Studio Barnabé")

    assert await here.keeper.erase(code) == 1
    state, entries = await here.state(code), await here.journal.read(code)

    assert await here.journal.names(code) == {ANNE: "Anne", organisation_of(ANNE): "Studio Barnabé"}
    assert state.belonging.get(LEA) == Belongs()
    assert not any(b'"org1"' in e.body or b'"category":"members"' in e.body for e in entries)
    assert state.ideas.by_id["idea002"].text == PLANTED
    assert recompute(entries) == (await here.journal.head(code)).chain
    assert [len(f.struck) for f in await redactions(here, code)] == [2 if noted else 0]
