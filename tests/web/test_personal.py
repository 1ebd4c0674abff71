"""One's own code: it brings all that is one's own to another device, and nobody else."""

import re

from forum.domain.kernel import Millis, PersonId
from forum.domain.person import Person
from forum.domain.roles import Role
from forum.web import pasted
from forum.web.personal import grouped, own_code, whose
from tests.web.conftest import Room, Visitor, a_ticket

SEED = b"s" * 32
CODE = re.compile(r'id="own-code" readonly value="([^"]+)"')


def a_person(number: int, id_: str = "lea") -> Person:
    return Person(id=PersonId(id_), role=Role.PARTICIPANT, number=number, joined_at=Millis(0), rev=1)


async def own(visitor: Visitor, room: Room) -> str:
    """The code that somebody's page of data shows."""
    page = await visitor.get(f"{room.base()}/data")
    found = CODE.search(page.text)
    assert found, page.text
    return found[1]


def test_a_code_has_sixteen_signs_and_follows_from_the_person_the_forum_and_the_secret() -> None:
    code = own_code(SEED, "ABC234", a_person(7))

    assert re.fullmatch(r"(\w{4} ){3}\w{4}", grouped(code))
    assert pasted.personal(f" {grouped(code).lower()}\u200b\n") == code
    assert pasted.personal(f"https://forum.example/f/ABC234/mine#{code}") == code
    assert code == own_code(SEED, "ABC234", a_person(7))
    assert len({code, *(own_code(*other) for other in (
        (SEED, "ABC235", a_person(7)), (b"t" * 32, "ABC234", a_person(7)), (SEED, "ABC234", a_person(7, "zoe")),
    ))}) == 4  # fmt: skip


def test_who_has_no_voice_has_no_code() -> None:
    assert not own_code(SEED, "ABC234", a_person(0))
    assert not own_code(SEED, "ABC234", a_person(30**3))
    assert own_code(SEED, "ABC234", a_person(30**3 - 1))


async def test_a_code_of_another_forum_or_of_another_sign_is_nobodys(room: Room, visitor: Visitor) -> None:
    await visitor.post(f"{room.base()}/join")
    state = await room.state()
    [person] = state.people.by_id.values()
    code = own_code(SEED, room.code, person)
    other = "B" if code[-1] == "A" else "A"

    assert whose(SEED, room.code, state, code) == person.id
    assert whose(SEED, room.code, state, code[:-1] + other) is None
    assert whose(SEED, "ABC234", state, code) is None


async def test_the_code_of_the_other_device_brings_cards_and_receipt_and_stays_one_person(
    visitor: Visitor, board: Room
) -> None:
    await visitor.post(f"{board.base()}/join", {"name": "Léa"})
    posted = await visitor.op(
        board.base(), "PostIdea", id="n1234567", step="ideas", text="Un atelier le jeudi"
    )
    code = await own(visitor, board)
    async with board.place.visitor() as tablet:
        landing = await tablet.get(f"{board.base()}/mine")
        back = await tablet.post(f"{board.base()}/mine/enter", {"secret": code.lower().replace(" ", "-")})
        page, receipt = await tablet.get(board.base()), await tablet.get(f"{board.base()}/receipt")

    assert posted["t"] == "ack"
    assert 'name="secret"' in landing.text
    assert (back.status_code, back.headers["location"]) == (303, board.base())
    assert "Un atelier le jeudi" in page.text
    assert "Un atelier le jeudi" in receipt.text
    assert code in receipt.text
    assert (await board.state()).people.voices == 1


async def test_a_wrong_code_is_told_so_and_guessing_is_slowed_but_holds_up_no_right_one(
    visitor: Visitor, room: Room
) -> None:
    await visitor.post(f"{room.base()}/join")
    code = await own(visitor, room)
    with room.place.clock.stopped():
        async with room.place.visitor() as guesser:
            wrong = [
                await guesser.post(f"{room.base()}/mine/enter", {"secret": code[:-1] + sign})
                for sign in "ABCDEFGHJKMNPQRSTVWXYZ"
                if sign != code[-1]
            ]
            right = await guesser.post(f"{room.base()}/mine/enter", {"secret": code})

    assert "Comparez-le" in wrong[0].text
    assert (wrong[0].status_code, wrong[-1].status_code, right.status_code) == (404, 429, 303)


async def test_who_was_removed_does_not_come_back_by_their_code(visitor: Visitor, room: Room) -> None:
    await visitor.post(f"{room.base()}/join")
    code = await own(visitor, room)
    [person] = (await room.state()).people.by_id
    await room.lead("RemovePerson", person=person)
    async with room.place.visitor() as tablet:
        back = await tablet.post(f"{room.base()}/mine/enter", {"secret": code})

    assert back.status_code == 404
    assert not any(room.code in cookie.name for cookie in tablet.http.cookies.jar)


async def test_nobody_elses_page_holds_the_code(visitor: Visitor, board: Room) -> None:
    await visitor.post(f"{board.base()}/join")
    code = await own(visitor, board)
    desk = {"cookie": await board.cookie(Role.FACILITATOR)}
    async with board.place.visitor() as other:
        await other.post(f"{board.base()}/join")
        seen = [
            *[await other.get(f"{board.base()}{path}") for path in ("", "/data", "/receipt")],
            *[await other.get(f"{board.base('desk')}{path}", headers=desk) for path in ("", "/data")],
        ]

    assert [page.status_code for page in seen] == [200] * 5
    assert not any(code in page.text or code.replace(" ", "") in page.text for page in seen)


def test_the_rooms_code_and_ones_own_behind_it_are_understood_together_and_ones_own_alone_is_named() -> None:
    own_signs = "K7FQXM2P9RTWHB3N"

    assert pasted.place("abc 234 – k7fq xm2p 9rtw hb3n") == f"/f/ABC234/mine#{own_signs}"
    assert pasted.personal("ABC 234 K7FQ XM2P 9RTW HB3N") == own_signs
    assert pasted.place(grouped(own_signs)) is None
    assert pasted.why_not(grouped(own_signs)) == "own_code"
    assert pasted.why_not("ABCDEFGHJKMNPQRS") == "bad_code", "words hold no figure, and are not in fours"
    assert pasted.own_code("ABCD-EFGH-JKMN-PQRS")
    assert not pasted.own_code("Abcdefgh Jkmnpqrs")
    assert pasted.personal("ABC 234 K7FQ XM2P 9RTW HB3") == ""


async def test_the_way_in_offers_coming_back_without_a_name_also_while_the_room_is_locked(
    visitor: Visitor, board: Room
) -> None:
    await visitor.post(f"{board.base()}/join", {"name": "Léa"})
    code = await own(visitor, board)
    await board.lead("SetEntry", mode="locked")
    async with board.place.visitor() as other:
        page = await other.get(board.base(), headers={"accept-language": "en"})
        back = await other.post(f"{board.base()}/mine/enter", {"secret": code, "ticket": a_ticket()})
        phone = await other.get(board.base())

    assert "I was here before, on another phone" in page.text
    assert f'action="{board.base()}/mine/enter"' in page.text
    assert (back.status_code, "Léa" in phone.text) == (303, True)
    assert (await board.state()).people.voices == 1


async def test_a_personal_code_in_the_field_of_the_name_brings_back_and_is_never_a_name(
    visitor: Visitor, board: Room
) -> None:
    await visitor.post(f"{board.base()}/join", {"name": "Léa"})
    code = await own(visitor, board)
    wrong = code[:-1] + ("B" if code[-1] == "A" else "A")
    async with board.place.visitor() as other:
        refused = await other.post(f"{board.base()}/join", {"name": wrong, "ticket": a_ticket()})
        back = await other.post(f"{board.base()}/join", {"name": code.lower(), "ticket": a_ticket()})
        phone = await other.get(board.base())

    assert (refused.status_code, back.status_code) == (404, 303)
    assert "Léa" in phone.text
    assert list((await board.service.journal.names(board.code)).values()) == ["Léa"]


async def test_both_phones_are_one_person_and_stay_in_step(visitor: Visitor, board: Room) -> None:
    await visitor.post(f"{board.base()}/join", {"name": "Léa"})
    code = await own(visitor, board)
    async with board.place.visitor() as tablet:
        await tablet.post(f"{board.base()}/mine/enter", {"secret": code, "ticket": a_ticket()})
        async with visitor.socket(board.base()) as one, tablet.socket(board.base()) as two:
            await one.hello()
            await two.hello()
            await two.say(
                t="op", n=1, k="PostIdea", b={"id": "idea0001", "step": "ideas", "text": "Écrit là-bas"}
            )
            await two.say(t="op", n=2, k="SayDone", b={})
            while "Écrit là-bas" not in str(frame := await one.hear("you")):
                assert frame
    [lea] = [p for p in (await board.state()).people.by_id.values() if p.number]

    assert len(lea.done) == 1


async def test_who_comes_in_under_a_name_that_is_here_is_asked_once_whether_it_is_them(
    visitor: Visitor, board: Room
) -> None:
    await visitor.post(f"{board.base()}/join", {"name": "Camille", "ticket": a_ticket()})
    english = {"accept-language": "en"}
    async with board.place.visitor() as other:
        asked = await other.post(
            f"{board.base()}/join", {"name": "camille", "ticket": a_ticket()}, headers=english
        )
        before = (await board.state()).people.voices
        form = {"name": "camille", "another": "camille", "ticket": a_ticket()}
        joined = await other.post(f"{board.base()}/join", form)
    async with board.place.visitor() as third:
        unasked = await third.post(f"{board.base()}/join", {"name": "Zoé", "ticket": a_ticket()})

    assert (asked.status_code, before, joined.status_code, unasked.status_code) == (409, 1, 303, 303)
    assert "camille is here already. Is it you?" in asked.text
    assert 'name="another" value="camille"' in asked.text
    assert (await board.state()).people.voices == 3


async def test_nobody_is_told_who_is_in_where_they_could_not_come_in_and_ask(
    visitor: Visitor, room: Room
) -> None:
    await visitor.post(f"{room.base()}/join", {"name": "Camille", "ticket": a_ticket()})
    answers = []
    for mode in ("approval", "locked"):
        await room.lead("SetEntry", mode=mode)
        async with room.place.visitor() as other:
            answers += [await other.post(f"{room.base()}/join", {"name": "Camille", "ticket": a_ticket()})]

    assert not any("another" in answer.text for answer in answers)
    assert answers[0].status_code == 303


async def test_the_other_device_is_ended_from_this_one_and_its_page_says_what_to_do(
    visitor: Visitor, board: Room
) -> None:
    await visitor.post(f"{board.base()}/join", {"name": "Léa"})
    code, english = await own(visitor, board), {"accept-language": "en"}
    async with board.place.visitor() as tablet, board.place.visitor() as stranger:
        await stranger.post(f"{board.base()}/join", {"name": "Zoé"})
        await tablet.post(f"{board.base()}/mine/enter", {"secret": code})
        async with visitor.socket(board.base()) as lost:
            await lost.hello()
            said = await tablet.post(f"{board.base()}/only-here", {"ticket": a_ticket()}, headers=english)
            closed = await lost.ended()
        again = await tablet.post(f"{board.base()}/only-here", {"ticket": a_ticket()}, headers=english)
        pages = [await one.get(board.base(), headers=english) for one in (visitor, tablet, stranger)]
        back = await visitor.post(f"{board.base()}/mine/enter", {"secret": code})

    assert "1 other device no longer has access" in said.text
    assert "No other device has access as you" in again.text
    assert closed == 4401
    assert ["/join" in page.text for page in pages] == [True, False, False]
    assert "has no access any more" in pages[0].text
    assert back.status_code == 303, "the code is the owner's own: it goes on opening"
