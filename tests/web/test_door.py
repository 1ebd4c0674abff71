"""Strangers at the door: a flood from one place is slowed, the desk is told, and nobody is kept out who leads."""

import re

import pytest

from forum.web import limits
from forum.web.doorway import Door, Doorway
from tests.web.conftest import Place, Room, Visitor, a_place, a_ticket
from tests.web.crowds import BURST, FLOOD, HALL, JSON, RATE, desk_of, flooded


class Hand:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_hall_comes_in_at_once_and_then_one_after_another_each_at_the_time_they_were_told() -> None:
    hand, door = Hand(), Door("hall", limits.Rate(2, 4))
    turns = Doorway(hand)
    at_once = [turns.take([door], f"t{n}") for n in range(4)]
    told = [turns.take([door], f"late{n}") for n in range(3)]

    assert at_once == [None] * 4
    assert [(w.seconds, w.kept) for w in told if w] == [(0.5, True), (1.0, True), (1.5, True)]
    hand.now = 0.6
    assert turns.take([door], "late2") is not None, "pressing too early moves nobody forward, nor back"
    assert turns.take([door], "late0") is None
    hand.now = 30.0
    assert turns.take([door], "late2") is None, "who is late has not lost their turn"


def test_a_queue_without_end_promises_nothing_and_one_door_does_not_fill_another() -> None:
    hand, here, forum = Hand(), Door("here", limits.Rate(1, 1)), Door("forum", limits.Rate(100, 1000))
    turns = Doorway(hand)
    waits = [turns.take([forum, here], f"t{n}") for n in range(500)]

    assert waits[0] is None
    assert {w.kept for w in waits[-100:] if w} == {False}
    assert turns.take([forum, Door("there", limits.Rate(1, 1))], "other") is None
    assert (turns.waited("here"), turns.waited("forum")) == (499, 0)


async def test_six_hundred_phones_of_one_address_come_in_within_the_same_minute(
    place: Place, room: Room, visitor: Visitor, stopped: None
) -> None:
    waits = [room.service.doorway.join(room.code, HALL, a_ticket()) for _ in range(600)]

    assert waits == [None] * 600


async def test_twenty_thousand_joins_from_one_address_in_twelve_minutes_are_let_in_one_after_another() -> (
    None
):
    now = 0.0
    bounds = Doorway(lambda: now)
    came = 0
    for n in range(20_000):
        now = n * 720 / 20_000
        came += bounds.join("ABC234", FLOOD, f"ticket-{n}") is None
    elsewhere = [bounds.join("ABC234", f"203.0.113.{n}", "") for n in range(200)]

    assert came <= BURST + RATE * 720 + 1, "of 20,000"
    assert elsewhere == [None] * 200, "honest people of another place never notice"
    assert bounds.crowds("ABC234", FLOOD)
    assert not bounds.crowds("ABC234", HALL)


async def test_who_comes_after_a_hall_from_the_same_place_is_asked_for_one_moment_and_keeps_name_and_turn(
    place: Place, room: Room, visitor: Visitor, stopped: None
) -> None:
    flooded(room)
    for n in range(int(RATE) * 30):  # half a minute of others
        room.service.doorway.join(room.code, FLOOD, f"other-{n}")
    ticket, before = a_ticket(), await room.seq()
    async with place.visitor(FLOOD) as late:
        late.http.headers["accept-language"] = "en"
        page = await late.post(f"{room.base()}/join", {"name": "Zoé", "ticket": ticket})
        script = await late.post(f"{room.base()}/join", {"name": "Zoé", "ticket": a_ticket()}, headers=JSON)
        assert await room.seq() == before
        fields = dict(re.findall(r'<input type="hidden" name="(ticket|name)" value="([^"]*)">', page.text))
        place.clock.crank(float(page.headers["retry-after"]))
        again = await late.post(f"{room.base()}/join", fields)
        home = await late.get(room.base())

    assert page.status_code == 429
    assert "One moment" in page.text
    assert "Your place is kept" in page.text
    assert fields == {"ticket": ticket, "name": "Zoé"}
    assert (script.status_code, script.json()["code"]) == (429, "too_many")
    assert again.status_code == 303
    assert "Zoé" in home.text
    async with place.visitor(HALL) as elsewhere:
        assert (await elsewhere.post(f"{room.base()}/join")).status_code == 303


async def test_who_is_next_waits_while_the_page_loads_and_sees_no_page_between(
    place: Place, room: Room, visitor: Visitor
) -> None:
    flooded(room)
    async with place.visitor(FLOOD) as late:
        answers = [
            (await late.post(f"{room.base()}/join", {"ticket": a_ticket()})).status_code for _ in range(2)
        ]

    assert answers == [303, 303]


async def test_who_comes_back_is_not_slowed_whatever_crowd_stands_at_the_door(
    place: Place, room: Room, visitor: Visitor, stopped: None
) -> None:
    async with place.visitor(FLOOD) as phone:
        await phone.post(f"{room.base()}/join")
        flooded(room)
        for n in range(500):
            room.service.doorway.join(room.code, FLOOD, f"other-{n}")
        page = await phone.get(room.base())
        again = await phone.post(f"{room.base()}/join")
        async with phone.socket(room.base()) as talk:
            welcome = await talk.hello()

    assert (page.status_code, again.status_code, welcome["t"]) == (200, 303, "welcome")


@pytest.mark.parametrize("surface", ["desk", "screen", "staff"])
async def test_a_link_and_a_ticket_are_never_held_up_by_a_crowd(
    place: Place, room: Room, visitor: Visitor, stopped: None, surface: str
) -> None:
    for n in range(int(limits.JOINS.burst) + 50):  # before the forum's own door too
        room.service.doorway.join(room.code, FLOOD if n % 2 else f"203.0.113.{n % 200}", "")
    async with place.visitor(FLOOD) as device:
        entered = await device.post(f"{room.base(surface)}/enter", {"secret": getattr(room.opened, surface)})
        page = await device.get(room.base(surface))

    assert (entered.status_code, page.status_code) == (303, 200)


async def test_one_link_is_not_opened_without_end(
    place: Place, room: Room, visitor: Visitor, stopped: None
) -> None:
    answers = []
    for _ in range(int(limits.LINK_USES.burst) + 2):
        async with place.visitor() as device:
            answers.append(
                (
                    await device.post(f"{room.base('screen')}/enter", {"secret": room.opened.screen})
                ).status_code
            )
    async with place.visitor() as second:
        desk = await second.post(f"{room.base('desk')}/enter", {"secret": room.opened.desk})

    assert answers == [303] * int(limits.LINK_USES.burst) + [429] * 2
    assert desk.status_code == 303


async def test_every_process_tells_the_desk_of_a_crowd_that_one_of_them_slowed(
    place: Place, room: Room, visitor: Visitor
) -> None:
    flooded(room)
    for n in range(int(RATE) * 30):
        room.service.doorway.join(room.code, FLOOD, f"other-{n}")
    desk = await desk_of(room, visitor)
    quiet = await visitor.get(f"{room.base('desk')}/health", headers=desk)
    async with place.visitor(FLOOD) as late:
        await late.post(f"{room.base()}/join")
    async with a_place(place.settings.data, port=0) as other, other.visitor() as elsewhere:
        other.clock.crank((place.clock() - other.clock()) / 1000)
        told = await elsewhere.get(f"{room.base('desk')}/health", headers=desk)
        badge = await elsewhere.get(f"{room.base('desk')}/health", headers=desk | JSON)
        other.clock.crank(3600 + 60)
        over = await elsewhere.get(f"{room.base('desk')}/health", headers=desk)

    assert "from one place" not in quiet.text
    assert "More people come in from one place" in told.text
    assert badge.json()["level"] != "ok"
    assert "from one place" not in over.text


def test_a_turn_is_for_the_forum_where_one_waited_and_opens_no_other() -> None:
    hand = Hand()
    turns = Doorway(hand)
    mine, theirs = Door("mine", limits.Rate(2, 1)), Door("theirs", limits.Rate(2, 1))
    for door in (mine, theirs):
        assert turns.take([door], "first") is None
    waits = [turns.take([mine], f"t{n}") for n in range(3)]
    hand.now = 0.1
    told = turns.take([theirs], "t2")
    hand.now = 5.0
    came = [turns.take([mine], f"t{n}") for n in range(3)]
    more = [turns.take([theirs], ticket) for ticket in ("t2", "t0", "t1")]

    assert all(wait and wait.kept for wait in waits)
    assert told
    assert told.seconds == pytest.approx(0.4), "its own turn there, not the one of the other forum"
    assert came == [None] * 3
    assert [wait is None for wait in more] == [True, True, False], "t0 and t1 have no turn here"
