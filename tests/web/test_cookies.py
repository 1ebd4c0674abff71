"""Links and tickets become cookies of one surface: what these open and for how long, and how access ends."""

from forum.domain.roles import Role
from forum.opening import DAY_MS, make_tickets
from forum.web.identity import TRIAL
from tests.web.conftest import Place, Room, Visitor, a_ticket, cookies_of

DAY_SECONDS = DAY_MS / 1000


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

    assert len((await room.state()).people.by_id) == 1


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
    [screen] = [p for p in (await room.state()).people.by_id.values() if p.role is Role.SCREEN]
    answer = await room.lead("RevokeKey", key=screen.key)
    page = await visitor.get(room.base("screen"))
    async with room.place.visitor() as late:
        entered = await late.post(f"{room.base('screen')}/enter", {"secret": room.opened.screen})

    assert answer["t"] == "ack"
    assert page.status_code == 410
    assert entered.status_code == 410


async def test_who_was_removed_sees_that_and_can_do_nothing(visitor: Visitor, room: Room) -> None:
    await visitor.post(f"{room.base()}/join")
    [person] = (await room.state()).people.by_id
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
    assert (await room.state()).people.voices == 1


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


async def test_a_name_that_came_with_a_secret_that_opens_nothing_stands_in_its_field_again_and_the_secret_does_not(
    room: Room, visitor: Visitor
) -> None:
    for base in (room.base("desk"), f"{room.base()}/ticket"):
        page = await visitor.post(f"{base}/enter", {"secret": "y" * 22, "name": "Nadia & Léo"})
        assert page.status_code == 404
        assert 'value="Nadia &amp; Léo"' in page.text
        assert "y" * 22 not in page.text
