"""Those who came from one place are removed in one gesture, whom the server chooses; no address is kept for it."""

import re

from forum.domain.arrivals import FEW
from forum.opening import agendas, open_forum
from tests.web.conftest import Place, Room, Visitor, a_ticket
from tests.web.crowds import FLOOD, HALL, JSON, come, desk_of


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
    assert state.people.voices == FEW + 1 + 2 + 1, "the hall, the lone ones, and the author of a card"
    assert still.status_code == 200
    assert "13 people, at" in after.text
    assert again.status_code == 303
    assert (await room.state()).people.voices == 2 * FEW + 4 + 2 + 1


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

    assert (await room.state()).people.voices == 1
    assert twice.status_code == 303, "pressed twice is once"


async def test_J6_whoever_leads_cannot_choose_whom_the_gesture_means(
    place: Place, room: Room, visitor: Visitor
) -> None:
    """With nine of their own and one other they would learn whether that one has taken part."""
    await come(place, room, FLOOD, FEW)
    people = sorted((await room.state()).people.by_id)
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
    assert (await room.state()).people.removals == ()
    assert (await room.state()).people.voices == FEW


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

    assert gone.startswith("10 people no longer have access.")
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
