"""A whole forum with the toy in it, by its own doors on a real server: phone, wall, desk, undo, export, erasure, and after."""

import json
from typing import Any

import pytest

from forum.demo.play import Actor, Cast, play
from forum.domain import records
from forum.domain.kernel import StepId, Words
from forum.domain.roles import Role
from forum.domain.room import EMPTY, fold
from forum.domain.settings import ShowSettings
from forum.domain.state import Step
from forum.exports import read
from forum.opening import make_tickets
from tests.toys.tables import tables_of
from tests.toys.tables_settings import TablesSettings
from tests.web.conftest import Room, Visitor, a_ticket

STEP = "tables001"
MARKET, DANCE = "Un marché couvert", "Une salle de danse"


@pytest.fixture
async def tables(room: Room) -> Room:
    """A forum into whose agenda the desk has put tables, by the form it is offered."""
    desk = await room.cookie(Role.FACILITATOR)
    form = {
        "step": STEP, "settings.kind": "tables", "chosen.tables.tables": "2", "title.fr": "Autour des tables", "title.en": "At tables",
        "minutes": "15", "before": "", "ticket": a_ticket(), "seen": "0",
    }  # fmt: skip
    async with room.place.visitor() as lead:
        offered = (await lead.get(room.base("desk"), headers={"cookie": desk})).text
        made = await lead.post(f"{room.base('desk')}/commands/InsertStep", form, headers={"cookie": desk})
    assert '<option value="tables">Tables</option>' in offered
    assert made.status_code == 303
    assert 'name="chosen.tables.tables" type="number" min="1" max="20" value="3"' in offered
    await room.lead("OpenStep", step=STEP)
    return room


async def page(visitor: Visitor, room: Room, surface: str, cookie: str) -> str:
    answer = await visitor.get(room.base(surface), headers={"cookie": cookie})
    assert answer.status_code == 200
    return answer.text


async def form(visitor: Visitor, room: Room, cookie: str, command: str, **fields: str) -> None:
    fields |= {"ticket": a_ticket(), "seen": "0"}
    answer = await visitor.post(f"{room.base()}/commands/{command}", fields, headers={"cookie": cookie})
    assert answer.status_code == 303, answer.text


async def notes(room: Room) -> dict[str, Any]:
    return dict(tables_of(await room.state()).notes)


async def test_the_toy_lives_through_a_whole_forum(visitor: Visitor, tables: Room) -> None:
    lea, anne = await tables.cookie(), await tables.cookie()
    desk, wall = await tables.cookie(Role.FACILITATOR), await tables.cookie(Role.SCREEN)
    staff = await tables.cookie(Role.STAFF)

    await form(visitor, tables, lea, "SitDown", step=STEP, table="1")
    await form(visitor, tables, anne, "SitDown", step=STEP, table="2")
    await form(visitor, tables, lea, "WriteNote", step=STEP, note="", text=MARKET)
    await form(visitor, tables, anne, "WriteNote", step=STEP, note="", text=DANCE)
    assert "Go to table 2" in await page(visitor, tables, "phone", lea)
    assert "Go to table 3" not in await page(visitor, tables, "phone", lea)
    assert MARKET in await page(visitor, tables, "phone", lea)
    assert DANCE not in await page(visitor, tables, "phone", lea)
    assert "Notes at all tables: 2" in await page(visitor, tables, "screen", wall)
    console = await page(visitor, tables, "desk", desk)
    assert MARKET in console
    assert DANCE in console

    [mine] = [n.id for n in (await notes(tables)).values() if n.text == MARKET]
    await form(visitor, tables, lea, "TakeNoteBack", note=mine)
    console = await page(visitor, tables, "desk", desk)
    assert "took a note back" in console
    [deed] = (await tables.state()).deeds
    assert (await tables.lead("Undo", deed=deed.seq))["t"] == "ack"
    assert not (await notes(tables))[mine].gone

    for kind, words in (("plan.md", f"- {MARKET}"), ("forum.json", MARKET)):
        told = await visitor.get(f"{tables.base('staff')}/export/{kind}", headers={"cookie": staff})
        assert words in told.text, kind
    told = read(
        (await visitor.get(f"{tables.base('staff')}/export/forum.json", headers={"cookie": staff})).content
    )
    assert [(t.thing, t.step, t.text) for t in told.things] == [("note", STEP, MARKET), ("note", STEP, DANCE)]

    await tables.lead("CloseStep", step=STEP)
    assert "Take back" not in await page(visitor, tables, "phone", lea)
    data = await visitor.get(f"{tables.base()}/data", headers={"cookie": lea})
    assert MARKET in data.text
    done = await visitor.post(
        f"{tables.base()}/data/erase", {"ticket": a_ticket(), "texts": "all"}, headers={"cookie": lea}
    )
    assert done.status_code == 303
    assert sorted(n.text for n in (await notes(tables)).values()) == ["", DANCE]
    assert MARKET not in await page(visitor, tables, "phone", lea)
    assert "mots effacés" in await page(visitor, tables, "phone", lea)
    assert MARKET not in await page(visitor, tables, "desk", desk)
    entries = await tables.service.journal.read(tables.code)
    assert MARKET not in json.dumps([entry.body.decode() for entry in entries], ensure_ascii=False)

    await tables.lead("OpenStep", step="ideas")
    assert "Notes" not in await page(visitor, tables, "phone", lea)
    again = EMPTY
    for entry in entries:
        again = fold(again, entry.seq, entry.op, records.decode(entry.body))
    assert tables_of(again) == tables_of(await tables.state())


async def test_what_a_table_writes_after_the_close_is_refused_with_the_text_given_back(
    visitor: Visitor, tables: Room
) -> None:
    lea = await tables.cookie()
    await form(visitor, tables, lea, "SitDown", step=STEP, table="1")
    await tables.lead("CloseStep", step=STEP)
    fields = {"step": STEP, "text": MARKET, "ticket": a_ticket(), "seen": "0"}
    answer = await visitor.post(f"{tables.base()}/commands/WriteNote", fields, headers={"cookie": lea})

    assert answer.status_code >= 400
    assert await notes(tables) == {}


async def test_the_demonstrations_people_play_the_toy_too(tables: Room) -> None:
    tickets = await make_tickets(tables.service.journal, tables.code, 4, clock=tables.place.clock)
    cast = Cast(
        address=f"{tables.place.base}{tables.base()}",
        desk_cookie=await tables.cookie(Role.FACILITATOR),
        actors=[Actor(t.person, f"forum_{tables.code}={t.secret}") for t in tickets],
        steps=[
            Step(StepId("welcome"), ShowSettings(), Words()),
            Step(StepId(STEP), TablesSettings(), Words()),
        ],
        at=tables.place.clock(),
    )
    stage = await play(cast, pace=0.0)

    assert stage.accepted >= 8
    assert {note.table for note in (await notes(tables)).values()} == {1, 2}
