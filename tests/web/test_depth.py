"""The plan in depth: pages where all that a plan can hold is read and written, without a script, by several at once."""

import re
from html import unescape
from typing import Any

from tests.web.conftest import Room, Visitor, a_ticket
from tests.web.crowds import desk_of

ACTION = "action01"


async def planned(board: Room) -> None:
    for command, body in (
        ("OpenStep", {"step": "actions"}),
        ("MakeAxis", {"axis": "axis0001", "title": "Ouvrir"}),
        ("MakeAction", {"action": ACTION, "axis": "axis0001", "title": "Tenir un guichet"}),
        ("EditSheet", {"sheet": "plan", "schema": "ambition", "fields": {"depth": "whole"}}),
    ):
        await board.lead(command, **body)


def a_form(page: str, **about: str) -> dict[str, list[str]]:
    """The fields of the form that has these hidden ones, as a browser would send them when nothing is typed."""
    for form in re.findall(r"<form\b.*?</form>", page, re.DOTALL):
        fields: dict[str, list[str]] = {}
        for attributes in re.findall(r"<input\b([^>]*)>", form):
            if 'type="checkbox"' not in attributes or "checked" in attributes:
                fields.setdefault(_said(attributes, "name"), []).append(_said(attributes, "value"))
        for attributes, inside in re.findall(r"<textarea\b([^>]*)>(.*?)</textarea>", form, re.DOTALL):
            fields[_said(attributes, "name")] = [unescape(inside).removeprefix("\n")]
        for attributes, inside in re.findall(r"<select\b([^>]*)>(.*?)</select>", form, re.DOTALL):
            chosen = re.search(r'value="([^"]*)" selected', inside)
            fields[_said(attributes, "name")] = [chosen[1] if chosen else ""]
        if all(fields.get(n) == [v] for n, v in about.items()):
            return fields
    raise AssertionError(f"no form has {about}")


def _said(attributes: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', attributes)
    return unescape(found[1]) if found else ""


async def sent(desk: Visitor, room: Room, headers: dict, form: dict[str, list[str]], **typed: Any) -> Any:
    return await sent_to(f"action/{ACTION}", desk, room, headers, form, **typed)


async def sent_to(
    page: str, desk: Visitor, room: Room, headers: dict, form: dict[str, list[str]], **typed: Any
) -> Any:
    fields = form | {f"fields.{name}": value for name, value in typed.items()} | {"ticket": a_ticket()}
    return await desk.post(f"{room.base('desk')}/{page}", fields, headers=headers)


async def test_H5_two_who_write_at_once_merge_or_are_shown_both_versions(
    board: Room, visitor: Visitor
) -> None:
    await planned(board)
    desk = await desk_of(board, visitor)
    page = (await visitor.get(f"{board.base('desk')}/action/{ACTION}", headers=desk)).text
    where, why = a_form(page, at="part-1"), a_form(page, at="part-2")
    first = await sent(visitor, board, desk, where, status="in_progress", note="Le bail est signé")
    merged = await sent(visitor, board, desk, where, priority="high")
    refused = await sent(visitor, board, desk, where, note="Le bail attend", status="")
    back = a_form(refused.text, at="part-1")
    meant = await sent(visitor, board, desk, back)
    held = (await board.state()).sheets.by_id[ACTION].fields

    assert (first.status_code, merged.status_code, refused.status_code, meant.status_code) == (
        303,
        303,
        422,
        303,
    )
    assert first.headers["location"].endswith("#part-1")
    assert "Le bail est signé" in refused.text
    assert back["fields.note"] == ["Le bail attend"]
    assert (held["status"], held["priority"], held["note"]) == ("in_progress", "high", "Le bail attend")
    assert why["schema"] == ["action_sheet"]
    after = (await visitor.get(meant.headers["location"], headers=desk)).text
    assert "Saved." in after or "Enregistré." in after


async def test_what_belongs_to_an_action_is_added_changed_and_taken_away_on_its_page(
    board: Room, visitor: Visitor
) -> None:
    await planned(board)
    desk = await desk_of(board, visitor)
    path = f"{board.base('desk')}/action/{ACTION}"
    page = (await visitor.get(path, headers=desk)).text
    new = a_form(page, do="MakeSheet", schema="budget_line")
    await sent(
        visitor,
        board,
        desk,
        new,
        title="Salle",
        year="2025",
        planned="1 200,50",
        unit="EUR_TTC",
        funder="Ville",
    )
    page = (await visitor.get(path, headers=desk)).text
    (line,) = [s for s in (await board.state()).sheets.by_id.values() if s.schema == "budget_line"]
    await sent(visitor, board, desk, a_form(page, do="EditSheet", sheet=line.id), actual="800")
    whole = (await visitor.get(f"{board.base('desk')}/plan", headers=desk)).text
    page = (await visitor.get(path, headers=desk)).text
    gone = await sent(visitor, board, desk, a_form(page, do="RemoveSheet", sheet=line.id))

    assert line.fields["action"] == (ACTION,)
    assert (await board.state()).sheets.by_id[line.id].fields["planned"] == "1200.5"
    assert "1200.5" in whole.replace(",", ".")
    assert gone.status_code == 303
    assert (await board.state()).sheets.by_id[line.id].removed


async def test_an_objective_has_its_indicators_on_the_page_of_the_plan(board: Room, visitor: Visitor) -> None:
    await planned(board)
    desk = await desk_of(board, visitor)
    path = f"{board.base('desk')}/plan"
    await board.lead(
        "MakeSheet", sheet="goal0001", schema="objective", step="",
        fields={"title": "Loger vingt personnes", "axis": ["axis0001"]},
    )  # fmt: skip
    new = a_form((await visitor.get(path, headers=desk)).text, do="MakeSheet", schema="indicator")
    assert new["fields.objective"] == ["goal0001"]
    made = await sent_to(
        "plan", visitor, board, desk, new, title="Personnes logées", target="20", unit="personnes"
    )
    page = (await visitor.get(path, headers=desk)).text
    (one,) = [s for s in (await board.state()).sheets.by_id.values() if s.schema == "indicator"]
    await sent_to(
        "plan", visitor, board, desk, a_form(page, do="EditSheet", sheet=one.id), values="31/12/2025: 8"
    )
    page = (await visitor.get(path, headers=desk)).text
    gone = await sent_to("plan", visitor, board, desk, a_form(page, do="RemoveSheet", sheet=one.id))

    assert (made.status_code, gone.status_code) == (303, 303)
    held = (await board.state()).sheets.by_id[one.id]
    assert (held.fields["objective"], held.fields["values"]) == (("goal0001",), ("2025-12-31 8",))
    assert held.removed
    assert "Personnes logées" in page


async def test_the_core_of_an_action_is_changed_there_too_and_shown_where_two_differ(
    board: Room, visitor: Visitor
) -> None:
    await planned(board)
    desk = await desk_of(board, visitor)
    page = (await visitor.get(f"{board.base('desk')}/action/{ACTION}", headers=desk)).text
    core = a_form(page, do="EditAction")
    await board.lead("EditAction", action=ACTION, description="De quelqu’un d’autre")
    due = await sent(visitor, board, desk, core | {"due": [board.place.clock.day(later=200)]})
    other = await sent(visitor, board, desk, core | {"description": ["De moi"]})

    assert due.status_code == 303
    assert other.status_code == 422
    assert "De quelqu’un d’autre" in unescape(other.text)
    assert a_form(other.text, do="EditAction")["description"][0].strip() == "De moi"
    assert (await board.state()).plan.actions[ACTION].description == "De quelqu’un d’autre"


async def test_H7_the_pages_are_for_the_desk_the_staff_and_the_writers_of_an_action(
    board: Room, visitor: Visitor
) -> None:
    await planned(board)
    lea, anne = await board.cookie(), await board.cookie()
    await visitor.op(board.base(), "Volunteer", cookie=lea, action=ACTION, as_="partner")
    hers = await visitor.get(f"{board.base()}/action/{ACTION}", headers={"cookie": lea})
    others = await visitor.get(f"{board.base()}/action/{ACTION}", headers={"cookie": anne})
    form = a_form(hers.text, at="part-2") | {"fields.context": ["Vu du terrain"], "ticket": [a_ticket()]}
    wrote = await visitor.post(f"{board.base()}/action/{ACTION}", form, headers={"cookie": lea})
    nowhere = await visitor.get(f"{board.base('desk')}/action/nowhere", headers=await desk_of(board, visitor))

    assert (hers.status_code, wrote.status_code) == (200, 303)
    assert others.status_code in (401, 403, 410)
    assert nowhere.status_code == 404
    assert (await board.state()).sheets.by_id[ACTION].fields["context"] == "Vu du terrain"
