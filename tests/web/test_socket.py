"""The live socket once it is open: frames that cannot be read, ops and their order, losing access, its close codes."""

import asyncio
import gc
from collections import Counter
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.server import ServerProtocol

from forum.domain.roles import Role
from forum.domain.state import State
from forum.live.seat import Seat
from forum.web import wire
from forum.web.http import ForumHTTP
from forum.web.identity import prefix
from forum.web.protocol import ForumProtocol, RawWire
from tests.web.conftest import Room, Visitor, a_cid


def op(n: int, **body: Any) -> dict[str, Any]:
    return {
        "t": "op",
        "n": n,
        "k": "PostIdea",
        "b": {"id": f"idea{n:04}", "text": f"Idée {n}", "step": "ideas"} | body,
    }


def connections() -> Counter[str]:
    """What of connections is in memory on the server's side, by kind."""
    kinds = (ForumProtocol, ForumHTTP, ServerProtocol, RawWire, Seat)
    return Counter(type(thing).__name__ for thing in gc.get_objects() if type(thing) in kinds)


async def gone_again(before: Counter[str]) -> Counter[str]:
    """What is there more than before; waits a little for who just left."""
    for _ in range(200):
        if not connections() - before:
            break
        await asyncio.sleep(0.01)
    return connections() - before


async def test_a_connection_that_ended_leaves_nothing_in_memory_though_nobody_collects(
    visitor: Visitor, board: Room, cookie: str
) -> None:
    gc.collect()
    gc.disable()
    try:
        before = connections()
        for n in range(3):
            async with visitor.socket(board.base(), cookie) as talk:
                await talk.hello()
                there = connections() - before
                if n:  # without a word
                    talk.ws.transport.abort()
            await visitor.get(board.base(), headers={"connection": "close"})
        left = await gone_again(before)
    finally:
        gc.enable()

    assert there["ForumProtocol"] == there["Seat"] == 1
    assert left == Counter()


async def test_a_connection_holds_no_forum_as_it_stood_when_it_came(visitor: Visitor, board: Room) -> None:
    came: list[int] = []
    async with AsyncExitStack() as talks:
        for n in range(3):
            talk = await talks.enter_async_context(visitor.socket(board.base(), await board.cookie()))
            await talk.hello()
            came.append(await board.seq())
            await talk.say(**op(1, id=f"idea000{n}"))
            await talk.hear("ack")
        await board.service.hub.settled(board.code)
        gc.collect()
        held = {thing.seq for thing in gc.get_objects() if type(thing) is State and thing.code == board.code}

    assert not held & set(came)


# --- frames that cannot be read


@pytest.mark.parametrize(
    ("row", "message", "code", "n"),
    [
        (1, "{", "bad_json", 0),
        (2, "[]", "bad_shape", 0),
        (9, '{"t":"op","n":1,"k":"SayDone","b":' + "[" * 30_000, "bad_json", 1),
        (10, '{"t":"need","s":NaN}', "bad_json", 0),
        (12, '{"t":"op","n":1,"k":"SayDone","b":{},"role":"staff"}', "unknown_field", 1),
        (13, '{"t":"op","n":true,"k":"SayDone","b":{}}', "bad_n", 0),
        (14, '{"t":"need","s":1,"constructor":{}}', "unknown_field", 0),
        (19, '{"t":"op","n":0,"k":"SayDone","b":{}}', "bad_n", 0),
        (19, '{"t":"op","n":9007199254740992,"k":"SayDone","b":{}}', "bad_n", 0),
        (44, '{"t":"op","n":1,"k":"SayDone","b":{"x":"\\ud800"}}', "bad_json", 1),
    ],
)
async def test_what_cannot_be_read_is_answered_and_the_third_time_ends_it(
    visitor: Visitor, board: Room, cookie: str, row: int, message: str, code: str, n: int
) -> None:
    before = await board.seq()
    async with visitor.socket(board.base(), cookie) as talk:
        await talk.hello()
        for _ in range(2):
            await talk.raw(message)
            said = await talk.hear("nack")
            assert (said["code"], said["n"], bool(said["msg"])) == (code, n, True), row
        await talk.raw(message)
        assert await talk.ended() == 4400

    assert await board.seq() == before


@pytest.mark.parametrize(
    ("row", "sent", "code"),
    [(3, b"binary", 1003), (5, '{"t":"' + "x" * 40_000 + '"}', 1009)],
)
async def test_frames_of_another_kind_or_size_end_it(
    visitor: Visitor, board: Room, cookie: str, row: int, sent: str | bytes, code: int
) -> None:
    async with visitor.socket(board.base(), cookie) as talk:
        await talk.hello()
        await talk.raw(sent)
        assert await talk.ended() == code, row


async def test_a_large_message_in_pieces_ends_it_too(visitor: Visitor, board: Room, cookie: str) -> None:
    async with visitor.socket(board.base(), cookie) as talk:
        await talk.hello()
        with suppress(ConnectionClosed):
            await talk.ws.send("x" * 4000 for _ in range(10))
        assert await talk.ended() == 1009


@pytest.mark.parametrize(
    ("row", "raw", "code"),
    [
        (4, b"\x81\x82\x00\x00\x00\x00\xff\xfe", 1007),
        (7, b"\x81\x02{}", 1002),  # not masked
        (7, b"\xc1\x82\x00\x00\x00\x00{}", 1002),  # a reserved bit; also: compressed without having agreed to
        (7, b"\x83\x80\x00\x00\x00\x00", 1002),  # no such opcode
        (7, b"\x89\xfe\x00\x7e\x00\x00\x00\x00" + b"x" * 126, 1002),  # a ping of 126 bytes
    ],
)
async def test_bytes_that_are_no_frame_end_it(
    visitor: Visitor, board: Room, cookie: str, row: int, raw: bytes, code: int
) -> None:
    async with visitor.socket(board.base(), cookie) as talk:
        await talk.hello()
        talk.ws.transport.write(raw)
        assert await talk.ended() == code, row


async def test_a_flood_of_frames_ends_it(visitor: Visitor, board: Room, cookie: str) -> None:
    async with visitor.socket(board.base(), cookie) as talk:
        await talk.hello()
        with suppress(ConnectionClosed):
            for _ in range(1000):
                await talk.say(t="hb", s=1)
        assert await talk.ended() == 4429


# --- ops


async def test_an_op_is_answered_and_shown(visitor: Visitor, board: Room, cookie: str) -> None:
    async with visitor.socket(board.base(), cookie) as talk:
        await talk.hello()
        await talk.say(**op(1))
        ack = await talk.hear("ack")
        head = (await board.service.hub.shown(board.code)).head

    assert ack.pop("p").startswith(f"{head.gen}:{head.seq}:{head.chain}:ideas:")
    assert ack == {"t": "ack", "n": 1, "g": head.gen, "s": head.seq, "c": head.chain}
    assert await board.texts() == ["Idée 1"]


async def test_ops_are_judged_in_the_order_in_which_they_came(
    visitor: Visitor, board: Room, cookie: str
) -> None:
    async with visitor.socket(board.base(), cookie) as talk:
        await talk.hello()
        for n in range(1, 9):
            await talk.say(**op(n))
        heard = [await talk.hear("ack", "nack") for _ in range(8)]

    assert [(h["t"], h["n"]) for h in heard] == [("ack", n) for n in range(1, 9)]
    assert await board.texts() == [f"Idée {n}" for n in range(1, 9)]


async def test_of_many_ops_at_once_eight_are_taken_and_the_others_may_come_again(
    visitor: Visitor, board: Room, cookie: str
) -> None:
    async with visitor.socket(board.base(), cookie) as talk:
        await talk.hello()
        for n in range(1, 41):
            await talk.say(**op(n))
        heard = [await talk.hear("ack", "nack") for _ in range(40)]
    acked = [h["n"] for h in heard if h["t"] == "ack"]
    passing = {h["code"] for h in heard if h["t"] == "nack"}

    assert acked == list(range(1, len(acked) + 1))
    assert passing <= {"rate", "out_of_order"}
    assert all(h["retry"] > 0 for h in heard if h.get("code") == "rate")
    assert all("last" in h for h in heard if h.get("code") == "out_of_order")
    assert len(await board.texts()) == len(acked)


async def test_a_repeat_is_answered_as_the_first_time_and_a_jump_is_sent_back(
    visitor: Visitor, board: Room, cookie: str
) -> None:
    cid = a_cid()
    async with visitor.socket(board.base(), cookie) as talk:
        await talk.hello(cid)
        await talk.say(**op(1))
        first = await talk.hear("ack")
    async with visitor.socket(board.base(), cookie) as talk:
        welcome = await talk.hello(cid)
        await talk.say(**op(1))
        again = await talk.hear("ack")
        await talk.say(**op(7))
        jump = await talk.hear("nack")

    assert welcome["last_n"] == 1
    assert again["s"] == first["s"]
    assert (jump["code"], jump["last"], jump["n"]) == ("out_of_order", 1, 7)
    assert len(await board.texts()) == 1


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (op(1, text=" \u200b "), "empty"),
        (op(1, text="x" * 2000), "too_long"),
        (op(1, id="{R}"), "bad_id"),
        (op(1, role="staff"), "unknown_field"),
        (op(1) | {"k": "Join"}, "unknown_command"),
        (op(1) | {"k": "OpenStep", "b": {"step": "sort"}}, "forbidden"),
        (op(1) | {"b": [1]}, "bad_shape"),
    ],
)
async def test_a_refused_op_uses_its_number(
    visitor: Visitor, board: Room, cookie: str, sent: dict[str, Any], code: str
) -> None:
    async with visitor.socket(board.base(), cookie) as talk:
        await talk.hello()
        await talk.say(**sent)
        nack = await talk.hear("nack")
        await talk.say(**op(2))
        ack = await talk.hear("ack", "nack")

    assert (nack["n"], nack["code"], bool(nack["msg"]), bool(nack["rule"])) == (1, code, True, True)
    assert (ack["t"], ack["n"]) == ("ack", 2)


@pytest.mark.parametrize("lang", ["fr", "en"])
async def test_a_page_is_spoken_to_in_its_language(visitor: Visitor, board: Room, lang: str) -> None:
    async with visitor.socket(board.base(), await board.cookie() + f"; lang={lang}") as talk:
        await talk.hello()
        await talk.say(**op(1, text="x" * 141))
        said = (await talk.hear("nack"))["msg"]

    assert "141" in said


@pytest.mark.parametrize("role", [Role.SCREEN, Role.OBSERVER])
async def test_the_screen_never_asks(visitor: Visitor, board: Room, role: Role) -> None:
    before = (await board.state()).steps
    surface = "screen" if role is Role.SCREEN else "phone"
    async with visitor.socket(board.base(surface), await board.cookie(role)) as talk:
        await talk.hello()
        await talk.say(t="op", n=1, k="OpenStep", b={"step": "sort"})
        nack = await talk.hear("nack")

    assert nack["code"] == "forbidden"
    assert (await board.state()).steps == before


# --- losing access, and being replaced


async def test_who_is_removed_is_turned_out_of_the_open_socket(visitor: Visitor, board: Room) -> None:
    await visitor.post(f"{board.base()}/join")
    [person] = [p.id for p in (await board.state()).people.by_id.values() if p.role is Role.PARTICIPANT]
    async with visitor.socket(board.base()) as talk, visitor.socket(board.base()) as other:
        await talk.hello()
        await other.hello()
        await board.lead("RemovePerson", person=person)
        assert [await talk.ended(), await other.ended()] == [4401, 4401]
    async with visitor.socket(board.base()) as talk:
        assert await talk.ended() == 4401


async def test_a_link_taken_back_turns_out_all_who_came_by_it(visitor: Visitor, board: Room) -> None:
    await visitor.post(f"{board.base('desk')}/enter", {"secret": board.opened.desk})
    async with visitor.socket(board.base("desk")) as talk:
        await talk.hello()
        await board.lead("RevokeKey", key=prefix(board.opened.desk))
        assert await talk.ended() == 4401


async def test_the_newest_connection_of_a_tab_replaces_the_older(
    visitor: Visitor, board: Room, cookie: str
) -> None:
    cid = a_cid()
    async with visitor.socket(board.base(), cookie) as older, visitor.socket(board.base(), cookie) as newer:
        await older.hello(cid)
        await newer.hello(cid)
        assert await older.ended() == 4409
        await newer.say(**op(1))
        assert (await newer.hear("ack"))["n"] == 1


async def test_somebody_else_with_the_same_tab_id_replaces_nobody(
    visitor: Visitor, board: Room, cookie: str
) -> None:
    cid, other = a_cid(), await board.cookie()
    async with visitor.socket(board.base(), cookie) as mine, visitor.socket(board.base(), other) as theirs:
        await mine.hello(cid)
        await theirs.hello(cid)
        await mine.say(**op(1))
        assert (await mine.hear("ack"))["n"] == 1
        await theirs.say(**op(2))
        assert (await theirs.hear("nack"))["code"] == "not_your_tab"


async def test_a_page_that_missed_something_asks_for_it(visitor: Visitor, board: Room, cookie: str) -> None:
    async with visitor.socket(board.base(), cookie) as talk:
        await talk.hello()
        await talk.hear("full")
        await talk.say(t="need", s=0)
        assert (await talk.hear("full", "chg"))["put"]


def test_every_close_code_is_written_down() -> None:
    page = Path("docs/protocol.md").read_text("utf-8")
    assert all(f"| {code} |" in page for code in wire.CLOSES)
