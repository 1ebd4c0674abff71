"""A forum's time zone at the doors: chosen when it is opened and at the desk, said on pages, and only one that exists."""

import re

import pytest

from forum.domain.roles import Role
from forum.language import Reader, zones
from tests.web.conftest import Room, Visitor, a_ticket

AGENDA = {"agenda": "forum-eclair", "title": "Vision", "lang": "fr"}
JSON = {"accept": "application/json"}


async def opened(visitor: Visitor, **fields: str) -> str:
    """The time zone of a forum that is opened so."""
    links = (await visitor.post("/forums", AGENDA | fields, headers=JSON)).json()
    shown = await visitor.place.service.hub.shown(links["code"])
    return shown.view.state.zone


async def test_F9_a_forum_is_opened_in_the_zone_that_is_chosen_and_else_in_the_servers_by_name(
    visitor: Visitor,
) -> None:
    page = (await visitor.get("/open?at=check&agenda=forum-eclair")).text

    assert re.search(rf'<option value="{zones.own()}" selected>', page)
    assert 'value="Indian/Reunion"' in page
    assert await opened(visitor, zone="Indian/Reunion") == "Indian/Reunion"
    assert await opened(visitor) == await opened(visitor, zone="") == zones.own()


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "Europe", "../../etc/passwd", "x" * 4000, "<b>"])
async def test_F9_a_zone_that_does_not_exist_opens_no_forum_and_is_not_taken_at_the_desk(
    visitor: Visitor, room: Room, zone: str
) -> None:
    refused = await visitor.post("/forums", AGENDA | {"zone": zone}, headers=JSON)
    said = await room.lead("EditForum", zone=zone)

    assert (refused.status_code, refused.json()["code"]) == (422, "bad_choice")
    assert (said["code"], said["rule"]) == ("bad_choice", "W1")
    assert (await room.state()).zone == ""


async def test_F9_the_desk_changes_the_zone_on_its_data_page_and_nobody_else_is_offered_it(
    visitor: Visitor, board: Room
) -> None:
    cookie = {"cookie": await board.cookie(Role.FACILITATOR)}
    path = f"{board.base('desk')}/data"
    fields = {"zone": "Indian/Reunion", "ticket": a_ticket()}
    done = await visitor.post(f"{path}/zone", fields, headers=cookie)
    told = await visitor.get(done.headers["location"], headers=cookie)
    wrong = await visitor.post(f"{path}/zone", fields | {"zone": "Europe/Atlantis"}, headers=cookie)

    assert (await board.state()).zone == "Indian/Reunion"
    assert 'role="status"' in told.text
    assert re.search('<option value="Indian/Reunion" selected>', told.text)
    assert (wrong.status_code, 'role="alert"' in wrong.text) == (422, True)
    async with visitor.place.visitor() as phone:
        await phone.post(f"{board.base()}/join", {"name": "Léa"})
        assert 'name="zone"' not in (await phone.get(f"{board.base()}/data")).text
        refused = await phone.post(f"{board.base()}/data/zone", fields | {"zone": "Europe/Paris"})
    assert refused.status_code == 422
    assert (await board.state()).zone == "Indian/Reunion"


async def test_a_receipt_says_its_hours_in_the_forums_zone_and_names_it(phone: Visitor, board: Room) -> None:
    await phone.op(board.base(), "PostIdea", id="idea0001", text="Un banc", step="ideas")
    given = (await board.state()).at
    await board.lead("EditForum", zone="Pacific/Noumea")
    told = Reader("fr", "Pacific/Noumea").clock(given)

    assert "Heure locale\u202f: Nouméa." in (await phone.get(f"{board.base()}/receipt")).text
    text = (await phone.get(f"{board.base()}/receipt/file?as=txt")).text
    assert "Heure locale\u202f: Nouméa." in text
    assert f", {told} – " in text


async def test_a_document_has_the_days_of_the_forums_zone(visitor: Visitor, board: Room) -> None:
    headers = {"cookie": await board.cookie(Role.STAFF), "accept-language": "fr"}
    at = (await board.state()).opened_at
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):  # always on two days
        await board.lead("EditForum", zone=zone)
        plan = (await visitor.get(f"{board.base('staff')}/export/plan.md", headers=headers)).text
        assert f"Forum du {Reader('fr', zone).day(at)}." in plan
