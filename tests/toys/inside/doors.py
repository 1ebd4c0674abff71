"""Tables by every door of a real server: page, plain form, socket, long poll, cards, and what comes in after an op."""

import re
from typing import Any

import pytest

from tests.web.conftest import Room, Visitor, a_cid, a_ticket

STEP = "tables001"
MARKET, DANCE = "Un marché couvert", "Une salle de danse"


@pytest.fixture
async def tables(room: Room) -> Room:
    """A forum whose tables are open."""
    words = {"fr": "Tables", "en": "Tables"}
    made = await room.lead("InsertStep", step=STEP, settings={"kind": "tables", "tables": 3}, title=words)
    assert made["t"] == "ack", made
    said = await room.lead("OpenStep", step=STEP)
    assert said["t"] == "ack", said
    return room


async def seated(visitor: Visitor, tables: Room, table: int) -> str:
    """Somebody new at a table: their cookie."""
    cookie = await tables.cookie()
    said = await visitor.op(tables.base(), "SitDown", cookie=cookie, step=STEP, table=table)
    assert said["t"] == "ack", said
    return cookie


async def note(visitor: Visitor, tables: Room, cookie: str, name: str, text: str) -> None:
    said = await visitor.op(
        tables.base(), "WriteNote", cookie=cookie, note=f"note{name}", step=STEP, text=text
    )
    assert said["t"] == "ack", said


async def two_tables(visitor: Visitor, tables: Room) -> tuple[str, str]:
    one, other = await seated(visitor, tables, 1), await seated(visitor, tables, 2)
    await note(visitor, tables, one, "0001", MARKET)
    await note(visitor, tables, other, "0002", DANCE)
    return one, other


async def test_a_page_and_a_page_of_cards_hold_the_notes_of_their_table(
    visitor: Visitor, tables: Room
) -> None:
    one, other = await two_tables(visitor, tables)
    for path in (tables.base(), f"{tables.base()}/cards"):
        mine = (await visitor.get(path, headers={"cookie": one})).text
        theirs = (await visitor.get(path, headers={"cookie": other})).text

        assert (MARKET in mine, DANCE in mine) == (True, False), path
        assert (MARKET in theirs, DANCE in theirs) == (False, True), path
    accept = {"accept": "application/json"}
    more = (await visitor.get(f"{tables.base()}/cards", headers={"cookie": one} | accept)).json()
    assert [MARKET in put[3] for put in more["put"]] == [True]


async def test_a_plain_form_answers_with_the_page_of_the_table_one_went_to(
    visitor: Visitor, tables: Room
) -> None:
    one, _ = await two_tables(visitor, tables)
    form = {"step": STEP, "table": "2", "ticket": a_ticket(), "seen": "0"}
    headers = {"cookie": one}
    answer = await visitor.post(f"{tables.base()}/commands/SitDown", form, headers=headers)
    page = (await visitor.get(tables.base(), headers=headers)).text
    refused = await visitor.post(
        f"{tables.base()}/commands/SitDown", form | {"table": "9", "ticket": a_ticket()}, headers=headers
    )

    assert answer.status_code == 303
    assert refused.status_code >= 400
    for html in (page, refused.text):
        assert (MARKET in html, DANCE in html) == (False, True)


async def test_a_long_poll_from_another_table_is_given_the_whole_page_and_then_what_changes(
    visitor: Visitor,
    tables: Room,
) -> None:
    one, other = await two_tables(visitor, tables)
    cid = a_cid()

    async def poll(**at: Any) -> list[dict[str, Any]]:
        asked = {"cid": cid, "wait": 0, "v": 4} | at
        answer = await visitor.get(f"{tables.base()}/changes", params=asked, headers={"cookie": one})
        frames: list[dict[str, Any]] = answer.json()["frames"]
        assert not any(DANCE in str(frame) for frame in frames) or moved
        return frames

    moved = False
    full = next(frame for frame in await poll() if frame["t"] == "full")
    at = {"g": full["g"], "s": full["to"], "c": full["c"]}
    await note(visitor, tables, other, "0003", "Trois bancs")
    stayed = await poll(**at)
    moved = True
    await visitor.op(tables.base(), "SitDown", cookie=one, step=STEP, table=2)
    went = await poll(**at)
    while went[-1]["t"] != "you":  # what is one's own may come with the next poll
        now = next(frame for frame in went if frame["t"] == "full")
        went += [
            frame
            for frame in await poll(g=now["g"], s=now["to"], c=now["c"], wait=5)
            if frame["t"] != "welcome"
        ]

    assert "chg" in [frame["t"] for frame in stayed]
    assert "Trois bancs" not in str(stayed)
    assert [frame["t"] for frame in went] == ["welcome", "full", "you"]
    assert DANCE in str(went)
    assert MARKET not in str([frame for frame in went if frame["t"] == "full"])


async def test_a_socket_is_given_the_other_table_whole_when_its_person_goes_there_by_another_door(
    visitor: Visitor,
    tables: Room,
) -> None:
    one, _ = await two_tables(visitor, tables)
    async with visitor.socket(tables.base(), one) as talk:
        await talk.hello(v=4)
        first = await talk.hear("full")
        await talk.hear("you")
        await visitor.op(tables.base(), "SitDown", cookie=one, step=STEP, table=2)
        second = await talk.hear("full", "chg")
        await talk.hear("you")

    assert MARKET in str(first)
    assert second["t"] == "full"
    assert DANCE in str(second)
    assert MARKET not in str(second)


async def test_a_page_that_was_loaded_at_one_table_goes_on_at_the_other(
    visitor: Visitor, tables: Room
) -> None:
    one, _ = await two_tables(visitor, tables)
    page = (await visitor.get(tables.base(), headers={"cookie": one})).text
    gen, seq, chain = (re.search(rf'data-{name}="([^"]*)"', page)[1] for name in ("gen", "seq", "chain"))
    await visitor.op(tables.base(), "SitDown", cookie=one, step=STEP, table=2)
    async with visitor.socket(tables.base(), one) as talk:
        welcome = await talk.hello(v=4, resume={"g": int(gen), "s": int(seq), "c": chain})
        full = await talk.hear("full", "chg")

    assert welcome["mode"] == "full"
    assert full["t"] == "full"
    assert DANCE in str(full)
