"""E4: an address left for the plan and reminders: kept beside the journal, read by its person and by those who send."""

import pytest

from forum.domain.beside import address_of
from forum.domain.consents.texts import ADDRESS
from forum.domain.kernel import PersonId
from forum.domain.roles import Role
from tests.web.conftest import Room, Visitor, a_ticket

MAIL = "lea.martin@example.org"


@pytest.fixture
async def lea(visitor: Visitor, room: Room) -> Visitor:
    """Somebody who committed."""
    await room.lead("OpenStep", step="pledges")
    await visitor.post(f"{room.base()}/join", {"name": "Léa"})
    due = room.place.clock.day(later=3)
    committed = await visitor.op(room.base(), "Pledge", id="pledge1", text="Appeler", due=due)
    assert committed["status"] == 200, committed
    return visitor


async def left(lea: Visitor, room: Room, address: str = MAIL, where: str = "address"):
    fields = {"ticket": a_ticket(), "address": address, "text_version": ADDRESS}
    return await lea.post(f"{room.base()}/{where}", fields)


async def kept(room: Room) -> set[str]:
    return {word for word in (await room.service.journal.names(room.code)).values() if "@" in word}


async def test_E4_an_address_is_its_persons_and_the_lists_and_stands_nowhere_else(lea: Visitor, room: Room):
    asked, done = await lea.get(room.base()), await left(lea, room, f" mailto:{MAIL}")
    own, phone = await lea.get(f"{room.base()}/data"), await lea.get(room.base())
    cookie = {"Cookie": await room.cookie(Role.STAFF)}
    listed = await lea.get(f"{room.base('staff')}/addresses", headers=cookie)
    pages = ("", "/data", "/export/forum.json", "/export/plan.md")
    others = [await lea.get(f"{room.base('staff')}{page}", headers=cookie) for page in pages]
    entries = await room.service.journal.read(room.code)

    assert (done.status_code, await kept(room)) == (303, {MAIL})
    assert MAIL in own.text
    assert 'name="then" value="my-address"' in asked.text, "it is answered where it was sent"
    assert "to the address you left" in phone.text or "à l’adresse que vous" in phone.text
    assert f"Léa,{MAIL}," in listed.text
    assert not any(MAIL in page.text for page in (phone, *others))
    assert not any(MAIL.encode() in entry.body for entry in entries)
    refused = await lea.get(f"{room.base('staff')}/addresses")
    assert MAIL not in refused.text


@pytest.mark.parametrize(
    "address",
    ["lea", "lea@", "lea@example", "a@example.org, b@example.org", "@example.org", "l e a@example.org"],
)
async def test_what_is_no_address_is_refused_with_nothing_lost(lea: Visitor, room: Room, address: str):
    for where in ("address", "data/address"):
        answer = await left(lea, room, address, where)
        assert answer.status_code == 422
        assert f'value="{address}"' in answer.text
    assert await kept(room) == set()


async def test_a_form_of_my_data_is_answered_under_its_own_heading(lea: Visitor, room: Room):
    for said, address in (("address", MAIL), ("no-address", "")):
        there = (await left(lea, room, address, "data/address")).headers["location"]
        page = (await lea.get(there)).text
        after = page.partition('<h2 id="address"')[2].partition("<form")[0]

        assert there.endswith("#address")
        assert (said, 'class="flash done"' in after, page.count('class="flash done"')) == (said, True, 1)


@pytest.mark.parametrize("way", ["empty", "withdraw", "socket", "name", "door"])
async def test_E4_an_address_goes_whichever_way_its_person_asks(lea: Visitor, room: Room, way: str):
    await left(lea, room)
    base = room.base()
    match way:
        case "empty":
            await left(lea, room, "", "data/address")
        case "withdraw":
            await lea.post(f"{base}/data/withdraw", {"ticket": a_ticket(), "purpose": "reminders"})
        case "socket":
            await lea.op(base, "WithdrawConsent", purpose="reminders")
        case "door":
            await lea.post(f"{base}/name", {"ticket": a_ticket(), "name": ""})
        case _:
            await lea.post(f"{base}/data/erase", {"ticket": a_ticket(), "texts": "none"})
    cookie = {"Cookie": await room.cookie(Role.STAFF)}
    listed = await lea.get(f"{room.base('staff')}/addresses", headers=cookie)

    assert await kept(room) == set()
    assert MAIL not in listed.text
    assert address_of(PersonId("x")) != PersonId("x")


async def test_an_address_is_changed_in_its_place(lea: Visitor, room: Room):
    await left(lea, room)
    done = await left(lea, room, "other@example.org", "data/address")
    after = await lea.get(done.headers["location"])

    assert await kept(room) == {"other@example.org"}
    assert "other@example.org" in after.text
    assert MAIL not in after.text


async def helped(room: Room, name: str = "Max") -> str:
    """Somebody without a phone, for whom the desk entered a commitment."""
    cookie = {"Cookie": await room.cookie(Role.FACILITATOR)}
    async with room.place.visitor() as desk:
        await desk.post(f"{room.base('desk')}/people", {"ticket": a_ticket(), "name": name}, headers=cookie)
        people = (await room.service.journal.names(room.code)).items()
        person = next(one for one, called in people if called == name)
        due = room.place.clock.day(later=3)
        form = {"ticket": a_ticket(), "for": person, "text": "Venir", "due": due, "readers": "room"}
        answer = await desk.post(f"{room.base('desk')}/commands/Pledge", form, headers=cookie)
    assert answer.status_code == 303, answer.text
    return person


async def test_E4_the_desk_leaves_and_takes_back_an_address_for_somebody_without_a_phone_and_for_nobody_else(
    lea: Visitor, room: Room
):
    max_, desk = await helped(room), {"Cookie": await room.cookie(Role.FACILITATOR)}
    own = (await room.service.journal.names(room.code)).items()
    hers = next(one for one, called in own if called == "Léa")
    form = {"text_version": ADDRESS, "address": MAIL}
    page = await lea.get(room.base("desk"), headers=desk)
    tries = [
        await lea.post(
            f"{room.base(where)}/address", form | {"for": whose, "ticket": a_ticket()}, headers=who
        )
        for where, whose, who in (("desk", hers, desk), ("phone", max_, None), ("desk", "nobody", desk))
    ]
    before = await kept(room)
    await lea.post(f"{room.base('desk')}/address", form | {"for": max_, "ticket": a_ticket()}, headers=desk)
    during = await room.service.journal.names(room.code)
    await lea.post(f"{room.base('phone')}/address", form | {"for": max_, "address": "", "ticket": a_ticket()})
    still = await kept(room)
    await lea.post(
        f"{room.base('desk')}/address",
        form | {"for": max_, "address": "", "ticket": a_ticket()},
        headers=desk,
    )

    assert f'<option value="{max_}">' in page.text.split("/desk/address")[1]
    assert f'<option value="{hers}">' not in page.text.split("/desk/address")[1]
    assert (all(one.status_code in (404, 422) for one in tries), before) == (True, set())
    assert during[address_of(PersonId(max_))] == MAIL
    assert (still, await kept(room)) == ({MAIL}, set())


@pytest.mark.parametrize("where", ["address", "data/address"])
async def test_E4_no_other_text_than_the_one_that_was_read_gets_into_the_journal(
    lea: Visitor, room: Room, where: str
):
    for text in ("", "x" * 5000):
        fields = {"ticket": a_ticket(), "address": MAIL, "text_version": text}
        answer = await lea.post(f"{room.base()}/{where}", fields)
        assert answer.status_code == 422
    entries = await room.service.journal.read(room.code)

    assert await kept(room) == set()
    assert not any(b"ConsentGiven" in entry.body for entry in entries)


async def test_E4_a_page_that_left_an_address_takes_it_back_too(lea: Visitor, room: Room):
    page = {"ticket": a_ticket(), "text_version": ADDRESS}
    for address in (MAIL, ""):
        await lea.post(f"{room.base()}/data/address", page | {"address": address})
    entries = await room.service.journal.read(room.code)

    assert await kept(room) == set()
    assert sum(b"ConsentWithdrawn" in entry.body for entry in entries) == 1


async def test_E4_what_pages_and_documents_are_drawn_from_holds_no_address(lea: Visitor, room: Room):
    await left(lea, room)
    await lea.post(f"{room.base()}/name", {"ticket": a_ticket(), "name": "Zoé"})
    names = (await room.service.hub.shown(room.code)).view.names

    assert "Zoé" in names.values()
    assert MAIL not in names.values()
    assert await kept(room) == {MAIL}
