"""One's own code: it brings all that is one's own to another device, and nobody else."""

import re

from forum.domain.kernel import Millis, PersonId
from forum.domain.person import Person
from forum.domain.roles import Role
from forum.web import pasted
from forum.web.personal import grouped, own_code, whose
from tests.web.conftest import Room, Visitor

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
