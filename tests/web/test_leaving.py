"""Leaving a forum on one device: its access ends, here and at every open connection, and what was given stays."""

from pathlib import Path

import pytest

from forum.domain.roles import Role
from forum.opening import agendas, digest, make_tickets, open_forum
from forum.web import identity, leaving
from forum.web.identity import Who
from tests.faults.store import a_store
from tests.web.conftest import Room, Visitor, a_place, a_ticket

EN = {"accept-language": "en"}


def cookie_of(visitor: Visitor) -> str:
    return "; ".join(f"{c.name}={c.value}" for c in visitor.http.cookies.jar if c.name.startswith("forum_"))


async def test_who_leaves_is_a_stranger_on_that_device_and_what_they_gave_stays(
    visitor: Visitor, board: Room
) -> None:
    await visitor.post(f"{board.base()}/join", {"name": "Léa", "ticket": a_ticket()})
    await visitor.op(board.base(), "PostIdea", id="idea0001", text="Une idée à moi", step="ideas")
    held = cookie_of(visitor)
    before = await board.seq()
    page = await visitor.get(f"{board.base()}/leave", headers=EN)
    left = await visitor.post(f"{board.base()}/leave", headers=EN)
    after = [await visitor.get(f"{board.base()}{path}") for path in ("", "/data", "/receipt")]
    again = await visitor.get(f"{board.base()}/receipt", headers={"cookie": held})  # somebody kept the cookie
    state = await board.state()

    assert "Leave this forum on this device" in page.text
    assert "with the code of the room you would be somebody new" in page.text
    assert (left.status_code, cookie_of(visitor)) == (200, "")
    assert "max-age=0" in left.headers["set-cookie"].lower()
    assert f"path={board.base()};" in left.headers["set-cookie"].lower().replace(
        board.code.lower(), board.code
    )
    assert f'data-left="{board.code}"' in left.text
    assert [answer.status_code for answer in after] == [200, 401, 401]
    assert "/join" in after[0].text
    assert not any(word in answer.text for answer in (*after, left) for word in ("Léa", "Une idée à moi"))
    assert again.status_code == 410
    assert (await board.seq(), state.people.voices) == (before, 1)
    assert [idea.text for idea in state.ideas.by_id.values()] == ["Une idée à moi"]


async def test_the_next_person_of_a_device_is_somebody_else(visitor: Visitor, board: Room) -> None:
    for name in ("Léa", "Max"):
        await visitor.post(f"{board.base()}/join", {"name": name, "ticket": a_ticket()})
        page = await visitor.get(board.base())
        await visitor.post(f"{board.base()}/leave")

    assert ("Max" in page.text, "Léa" in page.text) == (True, False)
    assert (await board.state()).people.voices == 2


async def test_every_open_page_of_the_device_is_closed_and_no_other(visitor: Visitor, board: Room) -> None:
    await visitor.post(f"{board.base()}/join", {"ticket": a_ticket()})
    async with board.place.visitor() as other:
        await other.post(f"{board.base()}/join", {"ticket": a_ticket()})
        async with visitor.socket(board.base()) as one, visitor.socket(board.base()) as two, other.socket(board.base()) as theirs:  # fmt: skip
            for talk in (one, two, theirs):
                await talk.hello()
            await visitor.post(f"{board.base()}/leave")
            ended = [await one.ended(), await two.ended()]
            await theirs.say(t="op", n=1, k="SayDone", b={})
            answer = await theirs.hear("ack", "nack")

    assert ended == [4401, 4401]
    assert answer["t"] == "ack"


async def test_an_access_that_ended_elsewhere_ends_at_the_next_look(visitor: Visitor, board: Room) -> None:
    """Another process of the same store does not hear of it; it looks again within the minute."""
    await visitor.post(f"{board.base()}/join", {"ticket": a_ticket()})
    async with visitor.socket(board.base()) as talk:
        await talk.hello()
        held = digest(cookie_of(visitor).partition("=")[2])
        [person] = [p.id for p in (await board.state()).people.by_id.values() if p.number]
        await leaving.look_again(board.service)
        await talk.say(t="op", n=1, k="SayDone", b={})
        before = await talk.hear("ack", "nack")
        elsewhere = Who(person, Role.PARTICIPANT, "", held)
        await identity.end(board.service.journal, board.code, elsewhere, board.place.clock)
        await leaving.look_again(board.service)
        ended = await talk.ended()

    assert (before["t"], ended) == ("ack", 4401)


async def test_a_cookie_that_the_store_lost_is_not_taken_for_one_that_was_ended(
    visitor: Visitor, board: Room
) -> None:
    await visitor.post(f"{board.base()}/join", {"ticket": a_ticket()})
    async with visitor.socket(board.base()) as talk:
        await talk.hello()
        await board.service.journal.drop_key(board.code, digest(cookie_of(visitor).partition("=")[2]))
        await leaving.look_again(board.service)
        await talk.say(t="op", n=1, k="SayDone", b={})
        answer = await talk.hear("ack", "nack")

    assert answer["t"] == "ack"


async def test_a_ticket_brings_its_person_back_and_no_cookie_of_before_does(
    visitor: Visitor, room: Room
) -> None:
    [ticket] = await make_tickets(room.service.journal, room.code, 1, clock=room.place.clock)
    await visitor.post(f"{room.base()}/ticket/enter", {"secret": ticket.secret})
    held = cookie_of(visitor)
    page = await visitor.get(f"{room.base()}/leave", headers=EN)
    await visitor.post(f"{room.base()}/leave")
    before = await visitor.get(f"{room.base()}/data", headers={"cookie": held})
    await visitor.post(f"{room.base()}/ticket/enter", {"secret": ticket.secret})
    back = await visitor.get(room.base())

    assert ticket.secret not in held
    assert "With your printed ticket" in page.text
    assert before.status_code == 410
    assert f'data-person="{ticket.person}"' in back.text
    assert (await room.state()).people.voices == 1


async def test_entering_by_a_ticket_again_and_again_keeps_one_cookie(visitor: Visitor, room: Room) -> None:
    [ticket] = await make_tickets(room.service.journal, room.code, 1, clock=room.place.clock)
    for _ in range(5):
        await visitor.post(f"{room.base()}/ticket/enter", {"secret": ticket.secret})

    assert len(await room.service.journal.keys(room.code)) == 3 + 1 + 1  # links, ticket, cookie


@pytest.mark.parametrize(("surface", "role"), [("desk", Role.FACILITATOR), ("staff", Role.STAFF)])
async def test_who_leads_leaves_a_borrowed_machine_and_comes_back_by_the_link(
    visitor: Visitor, room: Room, surface: str, role: Role
) -> None:
    secret = getattr(room.opened, surface)
    await visitor.post(f"{room.base(surface)}/enter", {"secret": secret, "ticket": a_ticket()})
    page = await visitor.get(f"{room.base(surface)}/data", headers=EN)
    asked = await visitor.get(f"{room.base(surface)}/leave", headers=EN)
    await visitor.post(f"{room.base(surface)}/leave")
    gone = await visitor.get(f"{room.base(surface)}/data")
    back = await visitor.post(f"{room.base(surface)}/enter", {"secret": secret, "ticket": a_ticket()})

    assert f'href="{room.base(surface)}/leave"' in page.text
    assert "With your link you can come in again" in asked.text
    assert (gone.status_code, back.status_code) == (401, 303)


async def test_leaving_twice_or_without_having_been_in_is_no_fault_and_says_nothing_of_anybody(
    visitor: Visitor, board: Room
) -> None:
    async with board.place.visitor() as other:
        await other.post(f"{board.base()}/join", {"name": "Léa"})
        pages = [await visitor.get(f"{board.base()}/leave"), await visitor.post(f"{board.base()}/leave")]
        still = await other.get(f"{board.base()}/data")

    assert [page.status_code for page in pages] == [200, 200]
    assert not any("Léa" in page.text for page in pages)
    assert still.status_code == 200


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("path", ["", "/data", "/receipt"])
async def test_the_way_out_stands_on_the_phone_its_data_and_its_receipt(
    visitor: Visitor, room: Room, path: str, lang: str
) -> None:
    await visitor.post(f"{room.base()}/join", {"ticket": a_ticket()})
    page = await visitor.get(f"{room.base()}{path}", headers={"accept-language": lang})

    assert f'href="{room.base()}/leave"' in page.text
    assert {"fr": "Quitter ce forum sur cet appareil", "en": "Leave this forum on this device"}[
        lang
    ] in page.text


async def test_while_the_store_is_away_the_device_forgets_all_the_same_and_the_page_says_what_is_so(
    tmp_path: Path,
) -> None:
    async with a_store(tmp_path / "store") as store, a_place(tmp_path, redis=store.url) as place:
        agenda = agendas()["forum-eclair"]
        room = Room(place, await open_forum(place.service.journal, agenda, lang="en", clock=place.clock))
        async with place.visitor() as visitor:
            await visitor.post(f"{room.base()}/join", {"ticket": a_ticket()})
            held = cookie_of(visitor)
            await visitor.get(room.base())
            store.kill()
            left = await visitor.post(f"{room.base()}/leave", headers=EN)
            here = await visitor.get(f"{room.base()}/data", headers={"cookie": held})
            await store.start()

    assert (left.status_code, cookie_of(visitor)) == (200, "")
    assert "it ends by itself within 400 days" in left.text
    assert "has ended" not in left.text
    assert here.status_code == 503  # this process knows that cookie no more, and can ask nobody
