"""The live socket's first frame: whom it opens to, and where a page says that it stands (rows 15–17, 22–24, 31)."""

import dataclasses
from typing import Any

import pytest

from tests.web.conftest import Room, Visitor, a_cid


async def test_without_a_cookie_it_opens_only_to_say_4401(visitor: Visitor, room: Room) -> None:
    for surface in ("phone", "screen", "desk"):
        async with visitor.socket(room.base(surface)) as talk:
            assert await talk.ended() == 4401


@pytest.mark.parametrize("value", ["", "x", "A" * 22, "../../etc", "%00", "é"])
async def test_a_cookie_that_opens_nothing_is_4401(visitor: Visitor, room: Room, value: str) -> None:
    async with visitor.socket(room.base(), f"forum_{room.code}={value}") as talk:
        assert await talk.ended() == 4401


async def test_a_cookie_of_another_forum_or_surface_or_a_links_secret_is_4401(
    visitor: Visitor, room: Room, cookie: str
) -> None:
    value = cookie.partition("=")[2]
    for surface, shown in (
        ("phone", f"forum_{room.code}={room.opened.desk}"),
        ("desk", f"forum_{room.code}_desk={value}"),
        ("screen", f"forum_{room.code}_screen={value}"),
    ):
        async with visitor.socket(room.base(surface), shown) as talk:
            assert await talk.ended() == 4401
    async with visitor.socket("/f/ABC234", f"forum_ABC234={value}") as talk:
        assert await talk.ended() == 4404


@pytest.mark.parametrize("code", ["abc", "O0I1LU", "%7BR%7D", "ABC234x", "%F0%9F%98%80", "ZZZZZZ"])
async def test_a_code_that_is_none_is_4404(visitor: Visitor, cookie: str, code: str) -> None:
    async with visitor.socket(f"/f/{code}", cookie) as talk:
        assert await talk.ended() == 4404


async def test_an_expired_cookie_is_4401(visitor: Visitor, board: Room) -> None:
    await visitor.post(f"{board.base()}/join")
    board.place.clock.crank(401 * 24 * 3600)
    async with visitor.socket(board.base()) as talk:
        assert await talk.ended() == 4401


# --- hello


@pytest.mark.parametrize(
    ("row", "first", "code"),
    [
        (15, '{"t":"op","n":1,"k":"SayDone","b":{}}', 4400),
        (15, '{"t":"hb","s":1}', 4400),
        (15, "{", 4400),
        (15, '{"t":"hello","v":1}', 4400),
        (15, '{"t":"hello","v":1,"cid":"short"}', 4400),
        (12, '{"t":"hello","v":1,"cid":"abcdefghijklmnop","role":"facilitator"}', 4400),
        (13, '{"t":"hello","v":true,"cid":"abcdefghijklmnop"}', 4400),
        (17, '{"t":"hello","v":999,"cid":"abcdefghijklmnop"}', 4426),
        (17, '{"t":"hello","v":0,"cid":"abcdefghijklmnop","of":"another age"}', 4426),
        (17, '{"t":"hello","cid":"abcdefghijklmnop"}', 4426),
        (24, '{"t":"hello","v":1,"cid":"abcdefghijklmnop","resume":{"g":1,"s":-1,"c":""}}', 4400),
        (24, '{"t":"hello","v":1,"cid":"abcdefghijklmnop","resume":{"g":1,"s":1e30,"c":""}}', 4400),
        (24, '{"t":"hello","v":1,"cid":"abcdefghijklmnop","resume":{"g":1,"s":1.5,"c":""}}', 4400),
    ],
)
async def test_a_first_frame_that_is_no_hello_ends_it(
    visitor: Visitor, board: Room, cookie: str, row: int, first: str, code: int
) -> None:
    async with visitor.socket(board.base(), cookie) as talk:
        await talk.raw(first)
        assert await talk.ended() == code, row


async def test_who_says_nothing_is_let_go(board: Room, cookie: str) -> None:
    hurried = dataclasses.replace(board.service, hello_seconds=0.01)
    place, usual = board.place, board.service
    place.app.state.service = hurried
    try:
        async with place.visitor() as visitor, visitor.socket(board.base(), cookie) as talk:
            assert await talk.ended() == 4408
    finally:
        place.app.state.service = usual


async def test_a_second_hello_ends_it(visitor: Visitor, board: Room, cookie: str) -> None:
    async with visitor.socket(board.base(), cookie) as talk:
        await talk.hello()
        await talk.say(t="hello", v=1, cid=a_cid())
        assert await talk.ended() == 4400


@pytest.mark.parametrize(
    "resume",
    [{"g": 1, "s": 10**6, "c": "0" * 16}, {"g": 999, "s": 1, "c": "0" * 16}, {"g": 1, "s": 3, "c": "f" * 16}],
)
async def test_a_position_that_is_not_ours_is_given_the_whole_page(
    visitor: Visitor, board: Room, cookie: str, resume: dict[str, Any]
) -> None:
    async with visitor.socket(board.base(), cookie) as talk:
        welcome = await talk.hello(resume=resume)
        assert welcome["mode"] == "full"
        assert (await talk.hear("full"))["put"]


async def test_a_position_that_is_ours_is_current(visitor: Visitor, board: Room, cookie: str) -> None:
    head = (await board.service.hub.shown(board.code)).head
    async with visitor.socket(board.base(), cookie) as talk:
        welcome = await talk.hello(resume={"g": head.gen, "s": head.seq, "c": head.chain})

    assert (welcome["mode"], welcome["top"], welcome["last_n"]) == ("current", head.seq, 0)
