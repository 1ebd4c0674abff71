"""Strangers at the door: a flood from one place is slowed and can be taken back, and keeps nobody out who leads."""

import asyncio
import re

import pytest

from forum.domain.arrivals import FEW
from forum.domain.roles import Role
from forum.opening import agendas, make_links, open_forum, put_link
from forum.web import limits
from forum.web.doorway import Door, Doorway
from forum.web.identity import prefix
from tests.web.conftest import Place, Room, Visitor, a_place, a_ticket

FLOOD, HALL = "198.51.100.66", "198.51.100.77"
JSON = {"accept": "application/json"}
BURST, RATE = int(limits.JOINS_HERE.burst), limits.JOINS_HERE.a_second


def flooded(room: Room, address: str = FLOOD) -> None:
    """As many have just come from this address as a hall has."""
    for _ in range(BURST):
        room.service.doorway.join(room.code, address, "")


async def desk_of(room: Room, visitor: Visitor) -> dict[str, str]:
    return {"cookie": await room.cookie(Role.FACILITATOR), "accept-language": "en"}


async def come(place: Place, room: Room, address: str, count: int, name: str = "") -> None:
    async def one(n: int) -> None:
        async with place.visitor(address) as phone:
            said = await phone.post(
                f"{room.base()}/join", {"name": f"{name}{n}" if name else "", "ticket": a_ticket()}
            )
            assert said.status_code == 303

    await asyncio.gather(*map(one, range(count)))


# --- slowed


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


# --- the desk is told, and takes them back


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


async def test_those_of_one_place_are_removed_in_one_gesture_and_let_in_again(
    place: Place, room: Room, visitor: Visitor
) -> None:
    await room.lead("OpenStep", step="ideas")
    await come(place, room, HALL, FEW + 1, "Honnête")
    await come(place, room, FLOOD, FEW + 3, "Inconnu")
    await come(place, room, "203.0.113.9", 2, "Seul")
    async with place.visitor(FLOOD) as author:
        await author.post(f"{room.base()}/join", {"name": "Autrice", "ticket": a_ticket()})
        posted = await author.op(room.base(), "PostIdea", id="idea0009", text="Vraiment ici", step="ideas")
        desk = await desk_of(room, visitor)
        page = await visitor.get(f"{room.base('desk')}/arrivals", headers=desk)
        form = next(f for f in forms(page.text) if f.get("deed") == "remove")
        removed = await visitor.post(f"{room.base('desk')}/arrivals", form, headers=desk)
        state = await room.state()
        still = await author.get(room.base())
    after = await visitor.get(removed.headers["location"], headers=desk)
    back = next(f for f in forms(after.text) if f.get("deed") == "readmit")
    again = await visitor.post(f"{room.base('desk')}/arrivals", back, headers=desk)

    assert posted["t"] == "ack"
    assert page.text.index("14 people from one place") < page.text.index("11 people from one place")
    assert "2 people came from places with fewer than 10." in page.text
    assert "Inconnu1" in page.text
    assert "Honest people on the same Wi-Fi may be among them" in page.text
    assert FLOOD not in page.text
    assert removed.status_code == 303
    assert state.voices == FEW + 1 + 2 + 1, "the hall, the lone ones, and the author of a card"
    assert still.status_code == 200
    assert "13 people, at" in after.text
    assert again.status_code == 303
    assert (await room.state()).voices == 2 * FEW + 4 + 2 + 1


def forms(page: str) -> list[dict[str, str]]:
    hidden = r'type="hidden" name="(\w+)" value="([^"]*)"'
    return [dict(re.findall(hidden, form)) for form in page.split("<form")[1:]]


async def test_who_comes_after_the_page_was_drawn_is_not_removed_by_it(
    place: Place, room: Room, visitor: Visitor
) -> None:
    await come(place, room, FLOOD, FEW)
    desk = await desk_of(room, visitor)
    page = await visitor.get(f"{room.base('desk')}/arrivals", headers=desk)
    place.clock.crank(5)
    await come(place, room, FLOOD, 1, "Tardive")
    form = next(f for f in forms(page.text) if f.get("deed") == "remove")
    await visitor.post(f"{room.base('desk')}/arrivals", form, headers=desk)
    twice = await visitor.post(f"{room.base('desk')}/arrivals", form, headers=desk)

    assert (await room.state()).voices == 1
    assert twice.status_code == 303, "pressed twice is once"


async def test_J6_whoever_leads_cannot_choose_whom_the_gesture_means(
    place: Place, room: Room, visitor: Visitor
) -> None:
    """With nine of their own and one other they would learn whether that one has taken part."""
    await come(place, room, FLOOD, FEW)
    people = sorted((await room.state()).people)
    desk = await desk_of(room, visitor)
    page = await visitor.get(f"{room.base('desk')}/arrivals", headers=desk)
    form = next(f for f in forms(page.text) if f.get("deed") == "remove")
    asked = await visitor.op(room.base("desk"), "RemovePeople", cookie=desk["cookie"], people=people)
    others = [
        {"until": str(int(form["until"]) + 1)},
        {"minutes": "60"},
        {"place": "0" * 12},
        {"listing": ""},
        {"listing": "é" * 32},
    ]
    said = [
        await visitor.post(
            f"{room.base('desk')}/arrivals", form | other | {"ticket": a_ticket()}, headers=desk | JSON
        )
        for other in others
    ]

    assert asked["code"] == "unknown_command"
    assert [answer.json()["code"] for answer in said] == ["not_listed"] * len(others)
    assert (await room.state()).removals == ()
    assert (await room.state()).voices == FEW


async def test_what_the_page_says_was_done_is_so(place: Place, room: Room, visitor: Visitor) -> None:
    """Whoever opens the address, whenever."""
    await come(place, room, FLOOD, FEW)
    desk, url = await desk_of(room, visitor), f"{room.base('desk')}/arrivals"

    async def seen(address: str) -> list[str]:
        page = await visitor.get(address, headers=desk)
        return re.findall(r'class="flash done" role="status">([^<]*)<', page.text)

    assert await seen(f"{url}?done=remove") == []
    assert await seen(f"{url}?remove={await room.seq()}") == []
    assert await seen(f"{url}?readmit={await room.seq()}") == []
    page = await visitor.get(url, headers=desk)
    form = next(f for f in forms(page.text) if f.get("deed") == "remove")
    removed = (await visitor.post(url, form, headers=desk)).headers["location"]
    [gone] = await seen(removed)
    page = await visitor.get(url, headers=desk)
    back = next(f for f in forms(page.text) if f.get("deed") == "readmit")
    readmitted = (await visitor.post(url, back, headers=desk)).headers["location"]
    [again] = await seen(readmitted)

    assert gone.startswith("10 people have no access any more.")
    assert again.startswith("10 people are let in again")
    assert await seen(removed) == []
    await room.lead("Undo", deed=(await room.state()).deeds[-1].seq)
    assert await seen(readmitted) == []


async def test_no_address_is_kept_anywhere_and_a_place_is_forgotten(
    place: Place, room: Room, visitor: Visitor
) -> None:
    store = room.service.journal
    await come(place, room, FLOOD, 1)
    [(person, mark)] = (await store.arrivals.lately(room.code, place.clock())).items()
    bodies = b"".join(entry.body for entry in await store.read(room.code))
    other = Room(place, await open_forum(store, agendas()["forum-eclair"], clock=place.clock))
    await come(place, other, FLOOD, 1)
    [(_, elsewhere)] = (await store.arrivals.lately(other.code, place.clock())).items()

    assert person.encode() in bodies
    assert mark.encode() not in bodies
    assert FLOOD.encode() not in bodies
    assert not any(mark.encode() in record for record in (await store.keys(room.code)).values())
    assert mark != elsewhere, "a mark joins nothing between two forums"
    place.clock.crank(2 * 3600)
    assert await store.arrivals.lately(room.code, place.clock()) == {}
    life = await store._calls.one("TTL", f"{{{room.code}}}:a{place.clock() // 1_800_000 - 4}")
    assert 0 < life <= 90 * 60, "and the store forgets it by itself"


# --- links of links


async def test_the_desk_lists_every_link_with_who_made_it_used_or_not(
    place: Place, room: Room, visitor: Visitor
) -> None:
    await visitor.post(f"{room.base('desk')}/enter", {"secret": room.opened.desk, "name": "Nadia"})
    visitor.http.headers["accept-language"] = "en"
    made = await visitor.post(
        f"{room.base('desk')}/keys", {"role": "staff", "ticket": a_ticket()}, headers=JSON
    )
    page = (await visitor.get(room.base("desk"))).text
    links = page[page.index("<h3>Every link</h3>") :].partition("</ul>")[0]

    assert made.status_code == 201
    assert links.count('name="key"') == 4
    assert links.count("made when the forum was opened") == 3
    assert links.count("not used yet") == 3
    assert re.search(r"made by <bdi>Nadia</bdi>", links)
    assert made.json()["key"] in links
    assert made.json()["url"].partition("#")[2] not in page


async def test_pressing_for_a_new_link_twice_makes_one(room: Room, visitor: Visitor) -> None:
    await visitor.post(f"{room.base('desk')}/enter", {"secret": room.opened.desk})
    ticket = a_ticket()
    urls = [
        (
            await visitor.post(
                f"{room.base('desk')}/keys", {"role": "screen", "ticket": ticket}, headers=JSON
            )
        ).json()
        for _ in range(2)
    ]

    assert urls[0] == urls[1]
    assert len((await room.state()).links) == 4


@pytest.mark.parametrize(("with_made", "left"), [("true", {}), ("false", {"made", "deeper"})])
async def test_taking_back_a_co_facilitator_takes_back_the_unused_links_they_made_or_leaves_them(
    place: Place, room: Room, with_made: str, left: set[str]
) -> None:
    secrets: dict[str, str] = {}
    async with place.visitor() as lead, place.visitor() as co, place.visitor() as third:
        await lead.post(f"{room.base('desk')}/enter", {"secret": room.opened.desk, "ticket": a_ticket()})
        for maker, name, guest in ((lead, "co", co), (co, "made", third), (third, "deeper", None)):
            said = await maker.post(
                f"{room.base('desk')}/keys", {"role": "facilitator", "ticket": a_ticket()}, headers=JSON
            )
            secrets[name] = said.json()["url"].partition("#")[2]
            if guest:
                await guest.post(
                    f"{room.base('desk')}/enter", {"secret": secrets[name], "ticket": a_ticket()}
                )
        async with co.socket(room.base("desk")) as one, third.socket(room.base("desk")) as other:
            await one.hello()
            await other.hello()
            page = (await lead.get(room.base("desk"), headers={"accept-language": "en"})).text
            taken = await lead.post(
                f"{room.base('desk')}/commands/RevokeKey",
                {"key": prefix(secrets["co"]), "with_made": with_made, "ticket": a_ticket()},
            )
            ended = [await one.ended(), await other.ended() if not left else 4401]
        opens = {}
        for name, secret in secrets.items():
            async with place.visitor() as device:
                opens[name] = (
                    await device.post(f"{room.base('desk')}/enter", {"secret": secret})
                ).status_code

    assert "Take back this link and the 2 made with it" in page
    assert taken.status_code == 303
    assert ended == [4401, 4401]
    assert opens == {name: 303 if name in left else 410 for name in secrets}


async def test_a_forum_whose_links_no_fact_tells_of_tells_of_them_when_one_is_used(
    place: Place, room: Room, visitor: Visitor
) -> None:
    later = await make_links(room.service.journal, room.code, place.clock)
    await put_link(room.service.journal, room.code, "x" * 22, Role.STAFF, place.clock)
    before = set((await room.state()).links)
    await visitor.post(f"{room.base('desk')}/enter", {"secret": later.desk})
    links = (await room.state()).links
    seq = await room.seq()
    await visitor.post(f"{room.base('screen')}/enter", {"secret": later.screen})

    new = {prefix(s) for s in (later.desk, later.screen, later.staff, "x" * 22)}
    assert set(links) - before == new
    assert {links[key].made for key in new} == {"elsewhere"}
    assert await room.seq() == seq + 1, "told once"


async def test_a_link_that_the_store_lost_opens_nothing_once_the_one_it_was_made_with_was_taken_back_with_all(
    place: Place, room: Room
) -> None:
    journal, opened = room.service.journal, room.opened
    co = await put_link(journal, room.code, "c" * 22, Role.FACILITATOR, place.clock, prefix(opened.desk))
    await put_link(journal, room.code, "m" * 22, Role.FACILITATOR, place.clock, co.via)
    await put_link(journal, room.code, "b" * 22, Role.FACILITATOR, place.clock, prefix(opened.desk))
    await room.lead("RevokeKey", key=co.via, with_made=True)
    opens = {}
    for secret in ("m" * 22, "c" * 22, "b" * 22):
        async with place.visitor() as device:
            answer = await device.post(f"{room.base('desk')}/enter", {"secret": secret})
            opens[secret[0]] = answer.status_code

    assert opens == {"m": 410, "c": 410, "b": 303}
    assert not (await room.state()).links[prefix("m" * 22)].people


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
