"""What the desk reads of links and does with them: listed, made, used, taken back with those made with them."""

import re

import pytest

from forum.domain.roles import Role
from forum.opening import make_links, put_link
from forum.web.identity import prefix
from tests.web.conftest import Place, Room, Visitor, a_ticket
from tests.web.crowds import JSON


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
    assert len((await room.state()).links.by_key) == 4


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

    assert "Revoke this link and the 2 made with it" in page
    assert taken.status_code == 303
    assert ended == [4401, 4401]
    assert opens == {name: 303 if name in left else 410 for name in secrets}


async def test_a_forum_whose_links_no_fact_tells_of_tells_of_them_when_one_is_used(
    place: Place, room: Room, visitor: Visitor
) -> None:
    later = await make_links(room.service.journal, room.code, place.clock)
    await put_link(room.service.journal, room.code, "x" * 22, Role.STAFF, place.clock)
    before = set((await room.state()).links.by_key)
    await visitor.post(f"{room.base('desk')}/enter", {"secret": later.desk})
    links = (await room.state()).links.by_key
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
    assert not (await room.state()).links.by_key[prefix("m" * 22)].people
