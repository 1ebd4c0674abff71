"""Messages that cannot be read, and what every refusal says: rows 1, 2, 9 to 14, 19, 24, 25 and 44."""

from typing import Any

import pytest

from forum.domain.roles import Role
from forum.web import wire
from tests.attack.doors import (
    JSON,
    Door,
    body_by_json,
    fields_by_json,
    frame_by_socket,
)
from tests.web.conftest import Room, Visitor, a_cid

CID = "abcdefghijklmnop"


MESSAGES: list[tuple[int, str, str]] = [
    (1, "{", "bad_json"),
    (1, "PostIdea", "bad_json"),
    (2, "[1]", "bad_shape"),
    (2, "3", "bad_shape"),
    (2, '"x"', "bad_shape"),
    (2, "null", "bad_shape"),
    (9, "[" * 30_000, "bad_shape"),  # no object, whatever is in it
    (9, '{"b":' * 5_000 + "1" + "}" * 5_000, "bad_json"),
    (10, '{"b":NaN}', "bad_json"),
    (10, '{"b":-Infinity}', "bad_json"),
    (44, '{"b":"\\ud800"}', "bad_json"),
]
HEAD = '{"t":"op","n":1,"k":"SayDone","b":{}'
FRAMES: list[tuple[int, str, str]] = [
    (9, HEAD.replace("{}", "[" * 30_000), "bad_json"),
    (10, '{"t":"need","s":1e999}', "bad_number"),
    (10, '{"t":"need","s":' + "9" * 5000 + "}", "bad_type"),
    (12, HEAD + ',"role":"facilitator"}', "unknown_field"),
    (12, HEAD + ',"person":"p1"}', "unknown_field"),
    (13, '{"t":"need","s":true}', "bad_type"),
    (13, '{"t":"need","s":1.0}', "bad_type"),
    (13, '{"t":"need","s":"1"}', "bad_type"),
    (14, HEAD + ',"__proto__":{"role":"facilitator"}}', "unknown_field"),
    (14, HEAD + ',"constructor":{}}', "unknown_field"),
    *(
        (19, HEAD.replace('"n":1', f'"n":{n}') + "}", "bad_n")
        for n in ("0", "-1", "9007199254740992", '"1"', "1.0", "true")
    ),
    (24, '{"t":"need","s":-1}', "bad_number"),
    (25, '{"t":"op","n":1,"k":"WithdrawIdea","b":{"idea":"nothing1"},"seen":5}', "no_idea"),
    (44, HEAD.replace("{}", '{"x":"\\udc00"}') + "}", "bad_json"),
]


@pytest.mark.parametrize(
    "door", [frame_by_socket, body_by_json, fields_by_json], ids=lambda door: door.__name__
)
async def test_a_message_that_cannot_be_read_is_named_by_its_fault_and_changes_nothing(
    phone: Visitor, board: Room, door: Door
) -> None:
    before, forums = await board.seq(), await board.service.journal.forums()
    answers = [(row, message[:40], await door(phone, board, message)) for row, message, _ in MESSAGES]
    wanted = ["bad_request" if door is fields_by_json else code for _, _, code in MESSAGES]

    assert [(row, start, answer.code) for row, start, answer in answers] == [
        (row, message[:40], code) for (row, message, _), code in zip(MESSAGES, wanted, strict=True)
    ]
    assert await board.seq() == before
    assert await board.service.journal.forums() == forums


@pytest.mark.parametrize("door", [frame_by_socket, body_by_json], ids=lambda door: door.__name__)
async def test_a_frame_of_ours_with_something_wrong_in_it_is_named_by_its_fault(
    phone: Visitor, board: Room, door: Door
) -> None:
    got, wanted = [], []
    for row, message, code in FRAMES:
        if door is body_by_json and (not message.startswith(HEAD[:9]) or "WithdrawIdea" in message):
            continue
        sent = message
        if door is body_by_json:
            sent = sent.replace('"t":"op",', f'"cid":"{CID}",').replace('"k":"SayDone",', "")
        got.append((row, (await door(phone, board, sent)).code))
        wanted.append((row, code))

    assert got == wanted
    assert (await board.state()).tabs.by_id.get(CID) is None  # type: ignore[call-overload]


async def test_of_what_is_said_twice_the_last_counts_at_every_door_and_who_asks_is_never_read(
    phone: Visitor, board: Room
) -> None:
    before = await board.state()
    twice = '{"id":"idea0001","text":"un","text":"deux","step":"ideas"}'
    content = f'{{"cid":"{a_cid()}","n":7,"n":1,"b":{twice}}}'
    headers = JSON | {"content-type": "application/json"}
    by_json = await phone.http.post(f"{board.base()}/commands/PostIdea", content=content, headers=headers)
    form = b"step=ideas&text=trois&text=quatre&role=facilitator&by=p1"
    by_form = await phone.http.post(
        f"{board.base()}/commands/PostIdea",
        content=form,
        headers=JSON | {"content-type": "application/x-www-form-urlencoded"},
    )
    async with phone.socket(board.base()) as talk:
        await talk.hello()
        await talk.raw(
            f'{{"t":"op","n":9,"n":1,"k":"SayDone","k":"PostIdea","b":{twice.replace("0001", "0002")}}}'
        )
        by_socket = await talk.hear("ack", "nack")
    async with board.place.visitor() as other:  # nobody becomes somebody by saying so
        await other.post(
            f"{board.base()}/join", {"name": "Zoé", "role": "facilitator", "person": "p1", "key": "x"}
        )
    after = await board.state()

    assert (by_json.json()["t"], by_json.json()["n"]) == ("ack", 1)
    assert by_form.json()["code"] == "unknown_field"
    assert (by_socket["t"], by_socket["n"]) == ("ack", 1)
    assert await board.texts() == ["deux", "deux"]
    assert {p.role for p in after.people.by_id.values() if p.id not in before.people.by_id} == {
        Role.PARTICIPANT
    }


@pytest.mark.parametrize(
    "query",
    ["s=-1", "s=1.5", "s=NaN", "s=9007199254740992", "g=x", "c=XYZ", "c=%0a", "role=staff", "cid=", "wait=-1",
     "s=1&s=-1", "cid=%7BR%7D:j:aaaaaaaaaaaa"],
)  # fmt: skip
async def test_a_poll_that_cannot_be_one_is_refused(phone: Visitor, board: Room, query: str) -> None:
    path = f"{board.base()}/changes?cid={CID}&wait=0&{query}"

    assert (await phone.get(path)).status_code == 400


async def test_every_refusal_for_a_script_has_the_same_shape(
    phone: Visitor, board: Room, stopped: None
) -> None:
    """{code, msg, field?, limit?, retry?}: a code, a sentence, and what a script may need to do next."""
    answers: list[dict[str, Any]] = [
        (await phone.get("/nowhere", headers=JSON)).json(),
        (await phone.post("/help", headers=JSON)).json(),
        (await phone.post("/forums", {"agenda": "none"}, headers=JSON)).json(),
        (await phone.post("/forums", {"agenda": "forum-eclair", "title": "x" * 500}, headers=JSON)).json(),
        (await phone.post(f"{board.base('desk')}/enter", {"secret": "x" * 22}, headers=JSON)).json(),
        (await phone.get("/f/ZZZZZZ", headers=JSON)).json(),
        (await phone.get(f"{board.base('staff')}/export/plan.md", headers=JSON)).json(),
        (await phone.post(f"{board.base()}/name", {"name": "Admin"}, headers=JSON)).json(),
        await phone.op(board.base(), "PostIdea", id="idea0001", text="x" * 141, step="ideas"),
        await phone.op(board.base(), "PostIdea", id="IDEA", text="x", step="ideas"),
    ]
    for n in range(70):
        last = await phone.op(board.base(), "SayDone", cid=CID, n=n + 1)
    answers.append(last)

    assert [a for a in answers if not (a.get("code") and a.get("msg"))] == []
    by_code = {a["code"]: a for a in answers}
    assert by_code["bad_choice"]["field"] == "agenda"
    assert by_code["bad_id"]["field"] == "id"
    assert {a["limit"] for a in answers if a["code"] == "too_long"} == {120, 140}
    assert by_code["rate"]["retry"] > 0
    assert {a["code"] for a in answers} <= wire.REFUSALS.keys() | {"not_found", "bad_method"}
