"""Coming in: codes, links, tickets, cookies, and losing access (rows 28–36)."""

import asyncio
import re

import httpx2
import pytest

from forum.domain.roles import Role
from forum.opening import DAY_MS, make_tickets
from forum.web.identity import TRIAL
from tests.web.conftest import Place, Room, Visitor, a_ticket

DAY_SECONDS = DAY_MS / 1000


def cookies_of(visitor: Visitor) -> dict[str, str]:
    return {cookie.name: cookie.path for cookie in visitor.http.cookies.jar if cookie.name != TRIAL}


async def test_the_code_is_enough_to_come_in_and_the_page_is_the_phone(visitor: Visitor, room: Room) -> None:
    form = await visitor.get(room.base())
    joined = await visitor.post(f"{room.base()}/join", {"name": " Léa\u202e "})
    page = await visitor.get(room.base())

    assert "/join" in form.text
    assert (joined.status_code, joined.headers["location"]) == (303, room.base())
    assert 'data-surface="phone"' in page.text
    assert "Léa" in page.text
    assert (await room.state()).voices == 1


async def test_a_name_is_optional_and_kept_beside_the_journal(visitor: Visitor, room: Room) -> None:
    await visitor.post(f"{room.base()}/join")
    async with room.place.visitor() as other:
        await other.post(f"{room.base()}/join", {"name": "Zoé"})

    assert list((await room.service.journal.names(room.code)).values()) == ["Zoé"]
    assert not any("Zoé".encode() in entry.body for entry in await room.service.journal.read(room.code))


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
async def test_a_browser_that_keeps_no_cookies_is_told_so_and_makes_nobody_however_often_one_presses(
    visitor: Visitor, room: Room, accept: str
) -> None:
    before = await room.seq()
    for _ in range(3):
        form = {"name": "Léa", "ticket": ticket_on(await visitor.get(room.base()))}
        visitor.http.cookies.clear()
        headers = {"accept": accept, "accept-language": "en"}
        answer = await visitor.post(f"{room.base()}/join", form, headers=headers)
        assert answer.status_code == 422
        assert "give our cookie back" in answer.text
        assert accept != "text/html" or 'value="Léa"' in answer.text
        visitor.http.cookies.clear()

    assert await room.seq() == before


async def test_a_link_opened_in_a_browser_that_keeps_no_cookies_makes_nobody_either(
    visitor: Visitor, room: Room
) -> None:
    before = await room.seq()
    base = room.base("desk")
    form = {"secret": room.opened.desk, "ticket": ticket_on(await visitor.get(base))}
    visitor.http.cookies.clear()
    refused = await visitor.post(f"{base}/enter", form, headers={"accept-language": "en"})
    same = await room.seq()
    entered = await visitor.post(
        f"{base}/enter", form
    )  # the page of the refusal has handed out one more to try

    assert (refused.status_code, entered.status_code, same) == (422, 303, before)
    assert "give our cookie back" in refused.text
    assert await room.seq() > before


@pytest.mark.parametrize(
    ("agent", "warned"),
    [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) AppleWebKit/605.1.15 [FBAN/FBIOS;FBAV/400.0]",
            True,
        ),
        (
            "Mozilla/5.0 (Linux; Android 12; SM-A125F; wv) AppleWebKit/537.36 Version/4.0 Chrome/103.0.0.0",
            True,
        ),
        ("Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/103.0.0.0 Mobile Safari/537.36", False),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) Version/16.0 Mobile/15E148 Safari/604.1",
            False,
        ),
    ],
)
async def test_who_is_inside_another_app_is_told_what_to_do(
    visitor: Visitor, room: Room, agent: str, warned: bool
) -> None:
    page = await visitor.get(room.base(), headers={"user-agent": agent, "accept-language": "en"})

    assert ("inside another app" in page.text) is warned


def ticket_on(page: httpx2.Response) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', page.text)
    assert found
    return found[1]


async def test_pressing_join_twice_makes_one_person(visitor: Visitor, room: Room) -> None:
    form = {"name": "Léa", "ticket": a_ticket()}
    async with room.place.visitor() as same:
        first, again = await asyncio.gather(*(v.post(f"{room.base()}/join", form) for v in (visitor, same)))

    assert (first.status_code, again.status_code) == (303, 303)
    assert (await room.state()).voices == 1


async def test_who_is_in_already_is_not_counted_again(visitor: Visitor, room: Room) -> None:
    await visitor.post(f"{room.base()}/join")
    await visitor.post(f"{room.base()}/join", {"name": "Léa"})

    assert (await room.state()).voices == 1


@pytest.mark.parametrize(
    ("name", "sentence"), [("admin", "official"), ("x" * 41, "41 characters"), ("Facilitatrice", "official")]
)
async def test_a_name_that_cannot_be_taken_is_given_back(
    visitor: Visitor, room: Room, name: str, sentence: str
) -> None:
    visitor.http.headers["accept-language"] = "en"
    answer = await visitor.post(f"{room.base()}/join", {"name": name})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert name in answer.text
    assert (await room.state()).voices == 0


async def test_a_locked_room_says_so_and_lets_the_same_person_in_later(visitor: Visitor, room: Room) -> None:
    await room.lead("SetEntry", mode="locked")
    refused = await visitor.post(f"{room.base()}/join", {"name": "Léa"})
    await room.lead("SetEntry", mode="open")
    joined = await visitor.post(f"{room.base()}/join", {"name": "Léa"})

    assert refused.status_code == 422
    assert joined.status_code == 303
    assert list((await room.service.journal.names(room.code)).values()) == ["Léa"]


@pytest.mark.parametrize("written", ["{}", " {} ", "{:.3} {:.3}", "lower", "{}".format("%s-%s")])
async def test_a_code_is_understood_as_people_write_it(visitor: Visitor, room: Room, written: str) -> None:
    code = room.code
    shown = {
        "{}": code,
        " {} ": f" {code} ",
        "{:.3} {:.3}": f"{code[:3]} {code[3:]}",
        "lower": code.lower(),
        "%s-%s": f"{code[:3]}-{code[3:].lower()}",
    }[written]
    answer = await visitor.get("/", params={"code": shown})

    assert (answer.status_code, answer.headers.get("location")) == (303, f"/f/{code}")


@pytest.mark.parametrize("gap", [".", "%20", "-"])  # without one, a code of figures is as it was
async def test_an_address_written_otherwise_leads_to_the_forum(
    visitor: Visitor, room: Room, gap: str
) -> None:
    written = f"{room.code[:3].lower()}{gap}{room.code[3:]}"
    answer = await visitor.get(f"/f/{written}/desk")

    assert (answer.status_code, answer.headers["location"]) == (303, f"/f/{room.code}/desk")


@pytest.mark.parametrize(
    "code",
    [
        "",
        "%20",
        "O0I1LU",
        "ABC23",
        "ABC2345",
        "😀",
        "x" * 1000,
        "%00",
        "..%2f..",
        "{R}",
        "*",
        "%0a",
        "ABC234%0d%0aX: y",
        "ABC23İ",
    ],
)
async def test_what_can_be_no_code_finds_nothing_and_touches_no_key(visitor: Visitor, code: str) -> None:
    before = await visitor.place.service.journal.forums()
    for path in (f"/f/{code}", f"/f/{code}/desk", f"/?code={code}"):
        assert (await visitor.get(path)).status_code in (404, 303, 400), path
    assert (await visitor.post(f"/f/{code}/join")).status_code in (404, 400)

    assert await visitor.place.service.journal.forums() == before


async def test_a_link_is_exchanged_for_a_cookie_of_its_surface_only(visitor: Visitor, room: Room) -> None:
    answer = await visitor.post(f"{room.base('desk')}/enter", {"secret": room.opened.desk, "name": "Nadia"})
    header = answer.headers["set-cookie"]
    page = await visitor.get(room.base("desk"))

    assert (answer.status_code, answer.headers["location"]) == (303, room.base("desk"))
    for word in ("HttpOnly", "SameSite=lax", f"Path=/f/{room.code}/desk"):
        assert word in header
    assert "Domain" not in header
    assert "Secure" not in header  # plain http: a phone on the LAN would throw it away
    assert room.opened.desk not in header
    assert 'data-surface="desk"' in page.text
    assert page.status_code == 200
    assert "Nadia" in (await room.service.journal.names(room.code)).values()


async def test_a_script_is_told_where_to_go(visitor: Visitor, room: Room) -> None:
    headers = {"accept": "application/json"}
    good = await visitor.post(
        f"{room.base('screen')}/enter", json={"secret": room.opened.screen}, headers=headers
    )
    bad = await visitor.post(f"{room.base('screen')}/enter", json={"secret": "y" * 22}, headers=headers)

    assert good.json() == {"ok": True, "location": room.base("screen")}
    assert (bad.status_code, bad.json()["ok"]) == (404, False)
    assert bad.json()["msg"]


async def test_a_whole_link_may_be_pasted_and_any_surface_leads_to_the_right_one(
    visitor: Visitor, room: Room
) -> None:
    link = f"http://somewhere/f/{room.code}/desk#{room.opened.desk}"
    answer = await visitor.post(f"{room.base('screen')}/enter", {"secret": link})

    assert (answer.status_code, answer.headers["location"]) == (303, room.base("desk"))


async def test_opening_a_link_changes_nothing(visitor: Visitor, room: Room) -> None:
    before, keys = await room.seq(), await room.service.journal.keys(room.code)
    for surface in ("phone", "screen", "desk", "staff"):
        assert (await visitor.get(room.base(surface))).status_code == 200
    await visitor.get(f"{room.base()}/ticket")

    assert await room.seq() == before
    assert await room.service.journal.keys(room.code) == keys


async def test_the_same_link_again_in_the_same_browser_is_the_same_person(
    visitor: Visitor, room: Room
) -> None:
    for _ in range(3):
        await visitor.post(f"{room.base('desk')}/enter", {"secret": room.opened.desk, "ticket": a_ticket()})

    assert len((await room.state()).people) == 1


async def test_two_roles_live_side_by_side_in_one_browser(visitor: Visitor, room: Room) -> None:
    await visitor.post(f"{room.base()}/join", {"name": "Léa"})
    await visitor.post(f"{room.base('screen')}/enter", {"secret": room.opened.screen})
    await visitor.post(f"{room.base('desk')}/enter", {"secret": room.opened.desk})
    await visitor.post(f"{room.base('staff')}/enter", {"secret": room.opened.staff})
    pages = {s: (await visitor.get(room.base(s))).text for s in ("phone", "screen", "desk")}
    refused = await visitor.op(room.base("screen"), "OpenStep", step="ideas")
    accepted = await visitor.op(room.base("desk"), "OpenStep", step="ideas")

    assert cookies_of(visitor) == {
        f"forum_{room.code}": f"/f/{room.code}",
        f"forum_{room.code}_screen": f"/f/{room.code}/screen",
        f"forum_{room.code}_desk": f"/f/{room.code}/desk",
        f"forum_{room.code}_staff": f"/f/{room.code}/staff",
    }
    for surface, page in pages.items():
        assert f'data-surface="{surface}"' in page
    assert (refused["t"], refused["code"]) == ("nack", "forbidden")
    assert accepted["t"] == "ack"


async def test_a_cookie_of_one_forum_opens_no_other(visitor: Visitor, room: Room, board: Room) -> None:
    agenda_of_other = await board.service.journal.forums()
    other = next(f.code for f in agenda_of_other if f.code != room.code)
    value = (await room.cookie()).partition("=")[2]
    answer = await visitor.op(f"/f/{other}", "SayDone", cookie=f"forum_{other}={value}")

    assert (answer["status"], answer["code"]) == (410, "access_ended")


async def test_the_value_of_one_surface_opens_no_other(visitor: Visitor, room: Room) -> None:
    value = (await room.cookie()).partition("=")[2]
    answer = await visitor.op(
        room.base("desk"), "OpenStep", cookie=f"forum_{room.code}_desk={value}", step="ideas"
    )
    page = await visitor.get(room.base("desk"), headers={"cookie": f"forum_{room.code}_desk={value}"})

    assert answer["status"] == 410
    assert page.status_code == 410


async def test_without_a_cookie_nothing_can_be_asked(visitor: Visitor, room: Room) -> None:
    before = await room.seq()
    for surface in ("phone", "screen", "desk", "staff"):
        answer = await visitor.op(room.base(surface), "SayDone")
        assert (answer["status"], answer["code"]) == (401, "not_joined"), surface
    assert (await visitor.get(f"{room.base('desk')}/export/plan.md")).status_code == 401
    assert (await visitor.post(f"{room.base('desk')}/keys", {"role": "facilitator"})).status_code == 401

    assert await room.seq() == before


async def test_the_secret_of_a_link_is_no_cookie(visitor: Visitor, room: Room) -> None:
    header = {"cookie": f"forum_{room.code}_desk={room.opened.desk}"}

    assert (await visitor.get(room.base("desk"), headers=header)).status_code == 410


async def test_a_device_is_known_for_400_days_and_from_each_visit_on_again(
    visitor: Visitor, room: Room
) -> None:
    await visitor.post(f"{room.base()}/join")
    await visitor.post(f"{room.base('staff')}/enter", {"secret": room.opened.staff})
    held = {
        c.path: {"cookie": f"{c.name}={c.value}"} for c in visitor.http.cookies.jar if room.code in c.name
    }
    async with room.place.visitor() as away:
        same_day = [await away.get(path, headers=cookie) for path, cookie in held.items()]
        room.place.clock.crank(390 * DAY_SECONDS)
        later = [await away.get(path, headers=cookie) for path, cookie in held.items()]
        room.place.clock.crank(390 * DAY_SECONDS)
        still = [await away.get(path, headers=cookie) for path, cookie in held.items()]
        room.place.clock.crank(401 * DAY_SECONDS)
        over = [await away.op(path, "NameMyself", cookie=held[path]["cookie"]) for path in held]

    assert [page.status_code for page in same_day + later + still] == [200] * 6
    assert not any("set-cookie" in page.headers for page in same_day)
    assert all(f"Max-Age={400 * 24 * 3600}" in page.headers["set-cookie"] for page in later + still)
    assert [answer["status"] for answer in over] == [410, 410]


async def test_who_left_on_this_device_is_not_known_again_by_a_visit(visitor: Visitor, room: Room) -> None:
    await visitor.post(f"{room.base()}/join")
    [held] = [{"cookie": f"{c.name}={c.value}"} for c in visitor.http.cookies.jar if room.code in c.name]
    room.place.clock.crank(2 * DAY_SECONDS)
    await visitor.post(f"{room.base()}/leave", {})
    async with room.place.visitor() as other:
        page = await other.get(room.base(), headers=held)

    assert f"forum_{room.code}" not in page.headers.get("set-cookie", "")
    assert 'action="' + room.base() + '/join"' in page.text


async def test_a_link_and_a_ticket_open_for_as_long_as_the_forum_is_kept(
    visitor: Visitor, room: Room
) -> None:
    [ticket] = await make_tickets(room.service.journal, room.code, 1, clock=room.place.clock)
    room.place.clock.crank(500 * DAY_SECONDS)
    link = await visitor.post(f"{room.base('staff')}/enter", {"secret": room.opened.staff})
    place = await visitor.post(f"{room.base()}/ticket/enter", {"secret": ticket.secret})

    assert (link.headers["location"], place.headers["location"]) == (room.base("staff"), room.base())


async def test_a_link_taken_back_opens_nothing_and_ends_who_came_by_it(visitor: Visitor, room: Room) -> None:
    await visitor.post(f"{room.base('screen')}/enter", {"secret": room.opened.screen})
    [screen] = [p for p in (await room.state()).people.values() if p.role is Role.SCREEN]
    answer = await room.lead("RevokeKey", key=screen.key)
    page = await visitor.get(room.base("screen"))
    async with room.place.visitor() as late:
        entered = await late.post(f"{room.base('screen')}/enter", {"secret": room.opened.screen})

    assert answer["t"] == "ack"
    assert page.status_code == 410
    assert entered.status_code == 410


async def test_who_was_removed_sees_that_and_can_do_nothing(visitor: Visitor, room: Room) -> None:
    await visitor.post(f"{room.base()}/join")
    [person] = (await room.state()).people
    await room.lead("RemovePerson", person=person)
    page = await visitor.get(room.base())
    answer = await visitor.op(room.base(), "NameMyself")
    name = await visitor.post(f"{room.base()}/name", {"name": "Léa"})

    assert page.status_code == 410
    assert (answer["t"], answer["code"]) == ("nack", "removed")
    assert name.status_code == 422
    assert not await room.service.journal.names(room.code)


async def test_a_printed_ticket_is_one_place_whoever_holds_it(visitor: Visitor, room: Room) -> None:
    [ticket] = await make_tickets(room.service.journal, room.code, 1, clock=room.place.clock)
    landing = await visitor.get(f"{room.base()}/ticket")
    first = await visitor.post(f"{room.base()}/ticket/enter", {"secret": ticket.secret})
    async with room.place.visitor() as second_phone:
        await second_phone.post(f"{room.base()}/ticket/enter", {"secret": ticket.secret})
        page = await second_phone.get(room.base())

    assert landing.status_code == 200
    assert (first.status_code, first.headers["location"]) == (303, room.base())
    assert f'data-person="{ticket.person}"' in page.text
    assert (await room.state()).voices == 1


async def test_a_ticket_opens_a_locked_room(visitor: Visitor, room: Room) -> None:
    await room.lead("SetEntry", mode="locked")
    [ticket] = await make_tickets(room.service.journal, room.code, 1, clock=room.place.clock)
    await visitor.post(f"{room.base()}/ticket/enter", {"secret": ticket.secret, "name": "Léa"})

    assert (await visitor.get(room.base())).status_code == 200
    assert "Léa" in (await room.service.journal.names(room.code)).values()


async def test_the_desk_makes_new_links_and_nobody_else_does(visitor: Visitor, room: Room) -> None:
    desk, staff = await room.cookie(Role.FACILITATOR), await room.cookie(Role.STAFF)
    headers = {"accept": "application/json"}
    made = await visitor.post(
        f"{room.base('desk')}/keys", {"role": "screen"}, headers=headers | {"cookie": desk}
    )
    page = await visitor.post(f"{room.base('desk')}/keys", {"role": "staff"}, headers={"cookie": desk})
    odd = await visitor.post(
        f"{room.base('desk')}/keys", {"role": "jury"}, headers=headers | {"cookie": desk}
    )
    secret = made.json()["url"].partition("#")[2]
    async with room.place.visitor() as wall:
        entered = await wall.post(f"{room.base('screen')}/enter", {"secret": secret})

    assert made.status_code == 201
    assert entered.status_code == 303
    assert page.status_code == 201
    assert f"{room.base('staff')}#" in page.text
    assert odd.status_code == 403
    assert (
        await visitor.post(f"{room.base('staff')}/keys", {"role": "screen"}, headers={"cookie": staff})
    ).status_code == 404


async def test_no_secret_is_kept_anywhere_as_it_is(visitor: Visitor, place: Place, room: Room) -> None:
    await visitor.post(f"{room.base('desk')}/enter", {"secret": room.opened.desk})
    cookies = [c.value for c in visitor.http.cookies.jar if c.name != TRIAL]
    secrets = [room.opened.desk, room.opened.screen, room.opened.staff, *filter(None, cookies)]
    kept = b"".join(
        path.read_bytes()
        for path in place.settings.data.rglob("*")
        if path.is_file() and not path.is_socket()
    )

    assert room.code.encode() in kept
    assert not [secret for secret in secrets if secret.encode() in kept]


async def test_who_is_not_in_a_forum_is_shown_the_way_in(visitor: Visitor, room: Room) -> None:
    page = await visitor.get(f"{room.base('phone')}/receipt", headers={"Accept-Language": "en"})

    assert page.status_code == 401
    assert f'href="{room.base("phone")}">To the forum</a>' in page.text
    assert "To the forum" not in (await visitor.get("/f/ZZZZZZ", headers={"Accept-Language": "en"})).text
