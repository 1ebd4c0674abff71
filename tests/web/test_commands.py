"""Commands by JSON over HTTP: answered with their place, sent again, refused by name (rows 1–32 where they reach it)."""

from typing import Any

import pytest

from forum.domain.roles import Role
from tests.web.conftest import Room, Visitor, a_cid

JSON = {"content-type": "application/json"}


def an_idea(text: str = "Ouvrir nos studios", **more: Any) -> dict[str, Any]:
    return {"id": "idea001", "text": text, "step": "ideas"} | more


async def test_an_op_by_json_is_answered_with_its_place_in_the_journal(phone: Visitor, board: Room) -> None:
    answer = await phone.op(board.base(), "PostIdea", **an_idea())
    head = (await board.service.hub.shown(board.code)).head

    assert answer.pop("p").startswith(f"{head.gen}:{head.seq}:{head.chain}:ideas:")
    assert answer == {"t": "ack", "n": 1, "g": head.gen, "s": head.seq, "c": head.chain, "status": 200}
    assert await board.texts() == ["Ouvrir nos studios"]


async def test_an_op_sent_again_is_answered_again_and_counts_once(phone: Visitor, board: Room) -> None:
    cid = a_cid()
    first = await phone.op(board.base(), "PostIdea", cid=cid, **an_idea())
    again = await phone.op(board.base(), "PostIdea", cid=cid, **an_idea())
    jump = await phone.op(board.base(), "PostIdea", cid=cid, n=9, **an_idea(id="idea002"))

    assert again["s"] == first["s"]
    assert (jump["t"], jump["code"], jump["last"]) == ("nack", "out_of_order", 1)
    assert len(await board.texts()) == 1


async def test_O9_another_content_under_a_number_that_is_taken_is_told_apart_whatever_door_it_comes_by(
    phone: Visitor, board: Room
) -> None:
    cid = a_cid()
    first = await phone.op(board.base(), "PostIdea", cid=cid, **an_idea())
    other = await phone.op(board.base(), "PostIdea", cid=cid, **an_idea("Autre chose", id="idea002"))
    another = await phone.op(board.base(), "SayDone", cid=cid)
    again = await phone.op(board.base(), "PostIdea", cid=cid, **dict(reversed(an_idea().items())))
    after = await phone.op(board.base(), "PostIdea", cid=cid, n=2, **an_idea("Autre chose", id="idea002"))
    state = await board.state()

    assert (other["t"], other["code"], other["rule"], bool(other["msg"])) == ("nack", "conflict", "O9", True)
    assert another["code"] == "conflict"
    assert (again["t"], again["s"]) == ("ack", first["s"])
    assert after["t"] == "ack"
    assert sorted(await board.texts()) == ["Autre chose", "Ouvrir nos studios"]
    assert len(state.tabs.copied) == 1
    assert board.service.hub.vitals.read().verdicts["Conflict"] == 2


async def test_a_refusal_uses_its_number_says_why_and_stays_the_same(phone: Visitor, board: Room) -> None:
    cid = a_cid()
    refused = await phone.op(board.base(), "PostIdea", cid=cid, **an_idea(""))
    again = await phone.op(board.base(), "PostIdea", cid=cid, **an_idea(""))
    after = await phone.op(board.base(), "PostIdea", cid=cid, n=2, **an_idea("Ouvrir"))

    assert (refused["t"], refused["code"], refused["rule"]) == ("nack", "empty", "W2")
    assert again["code"] == "empty"
    assert after["t"] == "ack"


async def test_the_boards_own_limit_is_counted_in_characters_as_people_count(
    phone: Visitor, board: Room
) -> None:
    phone.http.headers["accept-language"] = "en"
    fits = await phone.op(board.base(), "PostIdea", **an_idea("👨‍👩‍👧‍👦" * 140, length=1))
    over = await phone.op(board.base(), "PostIdea", **an_idea("a" * 141, id="idea002", length=1))

    assert fits["t"] == "ack"
    assert (over["code"], over["rule"]) == ("too_long", "B1")
    assert "141" in over["msg"]
    assert "140" in over["msg"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "bad_json"),
        (b"[]", "bad_shape"),
        (b"null", "bad_shape"),
        (b"{}", "missing_field"),
        (b'{"cid":"abcdefghijklmnop","n":0,"b":{}}', "bad_n"),
        (b'{"cid":"abcdefghijklmnop","n":"1","b":{}}', "bad_n"),
        (b'{"cid":"abcdefghijklmnop","n":9007199254740992,"b":{}}', "bad_n"),
        (b'{"cid":"x","n":1,"b":{}}', "bad_id"),
        (b'{"cid":"abcdefghijklmnop","n":1,"b":{},"role":"staff"}', "unknown_field"),
        (b'{"cid":"abcdefghijklmnop","n":1,"b":{},"__proto__":{}}', "unknown_field"),
        (b'{"cid":"abcdefghijklmnop","n":1,"b":{},"seen":-1}', "bad_number"),
        (b'{"cid":"abcdefghijklmnop","n":1,"b":{},"for":"{R}"}', "bad_id"),
        (b'{"cid":"abcdefghijklmnop","n":1,"b":' + b"[" * 30_000, "bad_json"),
        (b'{"cid":"abcdefghijklmnop","n":1,"b":"\\ud800"}', "bad_json"),
        (b'{"cid":"abcdefghijklmnop","n":NaN,"b":{}}', "bad_json"),
        (b"\xff\xfe{\x00}\x00", "bad_json"),
    ],
)
async def test_json_that_is_no_op_changes_nothing(
    phone: Visitor, board: Room, body: bytes, code: str
) -> None:
    before = await board.seq()
    answer = await phone.http.post(f"{board.base()}/commands/PostIdea", content=body, headers=JSON)

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["msg"]
    assert await board.seq() == before


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("PostIdea", {"id": "idea001", "text": "a", "step": "ideas", "role": "staff"}, "unknown_field"),
        ("PostIdea", {"id": "../..", "text": "a", "step": "ideas"}, "bad_id"),
        ("GiveMark", {"step": "vote", "key": "a|b|c", "mark": 1}, "bad_id"),
        ("PostIdea", {"id": "idea001", "text": 3, "step": "ideas"}, "bad_type"),
        ("PostIdea", {"id": "idea001", "text": "a", "step": "welcome"}, "no_step"),
        ("Join", {}, "unknown_command"),
        ("Join", {"role": "facilitator"}, "unknown_command"),
        ("Zork", {}, "unknown_command"),
        ("OpenStep", {"step": "sort"}, "forbidden"),
        ("RevokeKey", {"key": "0123456789abcdef"}, "forbidden"),
        ("AllocatePoints", {"step": "theme-vote", "option": "t1", "points": -1}, "bad_number"),
        ("AllocatePoints", {"step": "theme-vote", "option": "t1", "points": 1}, "no_step"),
        ("MoveIdeas", {"ideas": ["i"] * 101}, "sort_closed"),
    ],
)
async def test_a_body_that_may_not_be_is_refused_by_name_and_only_uses_its_number(
    phone: Visitor, board: Room, kind: str, body: dict[str, Any], code: str
) -> None:
    before = await board.state()
    answer = await phone.op(board.base(), kind, **body)
    after = await board.state()

    assert (answer["t"], answer["code"], answer["status"]) == ("nack", code, 200)
    assert answer["msg"]
    assert after.seq == before.seq + 1
    assert (after.ideas, after.steps, after.people, after.current) == (
        before.ideas, before.steps, before.people, before.current,
    )  # fmt: skip


@pytest.mark.parametrize("role", [Role.SCREEN, Role.OBSERVER, Role.STAFF])
async def test_roles_without_a_word_are_refused(visitor: Visitor, board: Room, role: Role) -> None:
    surface = {Role.SCREEN: "screen", Role.STAFF: "staff"}.get(role, "phone")
    cookie = await board.cookie(role)
    before = (await board.state()).steps
    answer = await visitor.op(board.base(surface), "OpenStep", cookie=cookie, step="sort")

    assert answer["code"] == "forbidden"
    assert (await board.state()).steps == before


async def test_a_tab_of_somebody_else_cannot_be_used(phone: Visitor, board: Room) -> None:
    cid = a_cid()
    await phone.op(board.base(), "PostIdea", cid=cid, **an_idea())
    other = await board.cookie()
    async with board.place.visitor() as thief:
        answer = await thief.op(board.base(), "PostIdea", cookie=other, cid=cid, n=2, **an_idea(id="idea009"))

    assert (answer["code"], answer["rule"]) == ("not_your_tab", "O3")


async def test_a_flood_is_told_to_wait_and_nothing_of_it_is_lost_or_counted(
    phone: Visitor, board: Room, stopped: None
) -> None:
    cid = a_cid()
    answers = [await phone.op(board.base(), "SayDone", cid=cid, n=n) for n in range(1, 66)]

    assert [a["status"] for a in answers] == [200] * 60 + [429] * 5
    assert all(a["code"] == "rate" and a["retry"] > 0 for a in answers[60:])
    assert (await board.state()).tabs.by_id[cid].last == 60  # type: ignore[index]
