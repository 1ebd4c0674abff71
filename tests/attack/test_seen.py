"""Rows 119 and 120: what a press says its page showed (O14), forged at every door. It opens nothing, and nothing is done twice by it.

O14 protects who presses: whoever forges it could as well have said nothing. So each forged press is judged by every other
rule as one that says nothing, is refused by its own fault, or waits for a press of who leads.
"""

import json
from typing import Any, Final

import pytest

from tests.attack.doors import JSON
from tests.web.conftest import Room, Visitor, a_cid, a_ticket
from tests.web.test_saw import OLD, desk, hidden

__all__ = ["desk"]

MOST: Final = 2**53 - 1
UNREADABLE: Final[dict[str, str]] = {
    "-1": "bad_number",
    str(MOST + 1): "bad_number",
    "9" * 5000: "bad_type",
    "1e999": "bad_number",
    "1.0": "bad_type",
    '"7"': "bad_type",
    "true": "bad_type",
    "null": "bad_type",
    "[7]": "bad_type",
}
FORGED: Final[dict[str, dict[str, Any]]] = {
    "nothing": {},
    "nothing seen": {"seen": 0},
    "the future": {"seen": 10_000},
    "the most": {"seen": MOST},
    "another life": {"seen": 3, "g": 7, "c": "0" * 16},
    "an earlier life": {"seen": MOST, "g": 1, "c": "f" * 16},
    "another chain": {"seen": 3, "g": 1, "c": "0" * 16},
}
LEADING: Final[dict[str, dict[str, Any]]] = {
    "RevealStep": {"step": "ideas"},
    "CloseStep": {"step": "ideas"},
    "OpenStep": {"step": "sort"},
    "FreezeStep": {"step": "ideas"},
    "SetEntry": {"mode": "locked"},
    "EndSession": {"session": "first"},
}
NO_NUMBERS: Final = ("", "0", "-1", "1e9", "٣", "9" * 16, "9" * 5000, "seen", "3\r\nx: y")


async def asked(
    visitor: Visitor, base: str, kind: str, body: dict[str, Any], seen: str | dict[str, Any], **more: Any
) -> dict[str, Any]:
    """One press by the JSON door; ``seen``: what it says of its page, as JSON where nobody's program would write it."""
    op = json.dumps({"cid": a_cid(), "n": 1, "b": body} | more | (seen if isinstance(seen, dict) else {}))
    content = op if isinstance(seen, dict) else f'{op[:-1]},"seen":{seen}}}'
    headers = JSON | {"content-type": "application/json"}
    said = await visitor.http.post(f"{base}/commands/{kind}", content=content.encode(), headers=headers)
    told: dict[str, Any] = said.json()
    return told


async def test_O14_what_no_page_can_have_shown_is_named_by_its_fault_and_nothing_is_done(
    board: Room, desk: Visitor
) -> None:
    before = await board.seq()
    got = {
        seen: (await asked(desk, board.base("desk"), "RevealStep", {"step": "ideas"}, seen)).get("code")
        for seen in UNREADABLE
    }

    assert got == UNREADABLE
    assert await board.seq() == before


@pytest.mark.parametrize("seen", FORGED.values(), ids=FORGED)
async def test_O14_nobody_leads_by_what_they_say_their_page_showed_and_no_desk_is_told_of_it(
    board: Room, phone: Visitor, seen: dict[str, Any]
) -> None:
    before = await board.state()
    codes = {
        (await asked(phone, board.base(), kind, body, seen, **again)).get("code")
        for kind, body in LEADING.items()
        for again in ({}, {"again": True})
    }
    after = await board.state()

    assert codes == {"forbidden"}
    assert after.gone.led == before.gone.led == ()
    assert (after.now, after.entry, after.sessions) == (before.now, before.entry, before.sessions)


@pytest.mark.parametrize("seen", FORGED.values(), ids=FORGED)
async def test_O14_what_comes_after_the_close_is_refused_whatever_its_page_is_said_to_have_shown(
    board: Room, phone: Visitor, seen: dict[str, Any]
) -> None:
    card = {"id": "idea0001", "text": "Avant", "step": "ideas"}
    taken = await asked(phone, board.base(), "PostIdea", card, seen)
    await board.lead("CloseStep", step="ideas")
    late = await asked(phone, board.base(), "PostIdea", card | {"id": "idea0002", "text": "Après"}, seen)

    assert taken["t"] == "ack"
    assert late["t"] == "nack"
    assert await board.texts() == ["Avant"]


async def test_O14_a_press_of_the_step_before_leads_nowhere_and_one_that_is_replayed_is_answered_as_the_first_time(
    board: Room, desk: Visitor
) -> None:
    base, cid = board.base("desk"), a_cid()
    page = {"seen": await board.seq()}
    first = await asked(desk, base, "CloseStep", {"step": "ideas"}, page, cid=cid)
    await board.lead("OpenStep", step="sort")
    replayed = await asked(desk, base, "CloseStep", {"step": "ideas"}, page, cid=cid)
    anew = [
        await asked(desk, base, kind, {"step": step}, page)
        for kind, step in (("CloseStep", "sort"), ("OpenStep", "theme-vote"))
    ]

    assert (first["t"], replayed["t"], replayed["s"]) == ("ack", "ack", first["s"])
    assert [said["code"] for said in anew] == ["gone_on", "gone_on"]
    assert (await board.state()).now.id == "sort"


async def test_O14_a_desk_that_claims_to_have_seen_what_is_not_there_is_only_listed_and_leads_by_a_press_on_that(
    board: Room, desk: Visitor
) -> None:
    """As after a loss (O10): what was pressed in a history that is not this one waits for another press."""
    await asked(desk, board.base("desk"), "FreezeStep", {"step": "ideas"}, {"seen": MOST})
    state = await board.state()

    assert state.now.phase == "open"
    assert [led.kind for led in state.gone.led] == ["FreezeStep"]


async def test_O14_an_old_form_posted_again_without_script_does_nothing_and_its_seen_is_a_number_or_none(
    board: Room, desk: Visitor
) -> None:
    form = hidden((await desk.get(board.base("desk"))).text, "/commands/FreezeStep")
    address = f"{board.base('desk')}/commands/FreezeStep"
    froze = await desk.post(address, form)
    await board.lead("ReopenStep", step="ideas")
    stands = await board.seq()
    replayed = await desk.post(address, form)
    assert await board.seq() == stands
    old = await desk.post(address, form | {"ticket": a_ticket()})

    assert (froze.status_code, replayed.status_code, old.status_code) == (303, 303, 422)
    assert OLD in old.text
    assert (await board.state()).now.phase == "open"

    for seen in NO_NUMBERS:  # none of them is what a page shows: as one that says nothing
        said = await desk.post(address, {"step": "ideas", "ticket": a_ticket(), "seen": seen}, headers=JSON)
        assert said.json()["t"] == "ack", seen
        await board.lead("ReopenStep", step="ideas")


async def test_O14_a_form_that_leads_is_forbidden_to_who_does_not_lead_whatever_it_says_was_seen(
    board: Room, phone: Visitor
) -> None:
    before = (await board.state()).now
    for seen in ("5", str(MOST), *NO_NUMBERS):
        fields = {"step": "ideas", "ticket": a_ticket(), "seen": seen}
        said = await phone.post(f"{board.base()}/commands/RevealStep", fields, headers=JSON)
        assert said.json()["code"] == "forbidden", seen

    assert (await board.state()).now == before
