"""Floods: one phone, one stranger with the code can slow themselves down, and nobody else."""

import json
import re
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from forum.domain.links import MAX_DEVICES, MAX_LINKS
from forum.domain.people import MAX_ARRIVALS, MAX_PEOPLE
from forum.domain.roles import Role
from forum.domain.steps.board import MAX_IDEAS
from forum.opening import agendas
from forum.web import asking, guard, http, limits, permits, protocol, service, text, wire
from forum.web.http import ForumHTTP
from forum.web.identity import TRIAL, prefix
from tests.attack import raw
from tests.attack.doors import JSON
from tests.web.conftest import Place, Room, Visitor, a_cid, a_ticket


async def test_one_person_may_hold_a_few_sockets_and_no_more(
    place: Place, board: Room, visitor: Visitor
) -> None:
    cookie, other = await board.cookie(), await board.cookie()
    async with AsyncExitStack() as stack:
        for _ in range(service.MOST_CONNECTED):
            talk = await stack.enter_async_context(visitor.socket(board.base(), cookie))
            await talk.hello()
        async with visitor.socket(board.base(), cookie) as one_more:
            assert await one_more.ended() == 4429
        poll = await visitor.get(
            f"{board.base()}/changes", params={"cid": a_cid(), "wait": 0}, headers={"cookie": cookie} | JSON
        )
        assert (poll.status_code, poll.json()["code"]) == (429, "too_many")
        async with visitor.socket(board.base(), other) as neighbour:
            assert (await neighbour.hello())["t"] == "welcome"
    await board.service.hub.settled(board.code)
    async with visitor.socket(board.base(), cookie) as again:
        assert (await again.hello())["t"] == "welcome"


def tired(board: Room, person: str) -> None:
    """This person has just asked for as much as one person may, in a few tabs."""
    tabs = (f"tab-{n}" for n in range(1000))
    while not board.service.limits.op(board.code, person, next(tabs)):
        pass


async def test_names_are_limited_like_everything_else(board: Room, visitor: Visitor, stopped: None) -> None:
    await visitor.post(f"{board.base()}/join", {"name": "Léa"})
    [person] = await board.service.journal.names(board.code)
    tired(board, person)
    before = await board.seq()
    answer = await visitor.post(f"{board.base()}/name", {"name": "Zoé"}, headers=JSON)
    page = await visitor.post(f"{board.base()}/name", {"name": "Zoé"})

    assert (answer.json()["t"], answer.json()["code"]) == ("nack", "busy")
    assert page.status_code == 503
    assert await board.seq() == before
    assert await board.service.journal.names(board.code) == {person: "Léa"}


@pytest.mark.parametrize(("path", "name"), [("people", "René"), ("pilot", "René"), ("pilot", "")])
async def test_the_desk_is_limited_like_everybody(
    board: Room, visitor: Visitor, stopped: None, path: str, name: str
) -> None:
    await visitor.post(f"{board.base('desk')}/enter", {"secret": board.opened.desk})
    [person] = [
        p.id for p in (await board.state()).people.by_id.values() if p.key == prefix(board.opened.desk)
    ]
    tired(board, person)
    before = await board.seq()
    fields = {"name": name, "action": "action01"}
    answer = await visitor.post(f"{board.base('desk')}/{path}", fields, headers=JSON)

    assert answer.json()["code"] == "busy"
    assert await board.seq() == before
    assert await board.service.journal.names(board.code) == {}


async def test_a_person_who_writes_for_hours_is_slowed_long_before_the_journal_is_full() -> None:
    now = 0.0
    bounds = limits.Limits(lambda: now)
    taken = 0
    for minute in range(60):
        now = 60.0 * minute
        taken += sum(not bounds.op("ABC234", "ana", f"tab-{n}") for n in range(150))

    assert taken <= limits.PERSON_LONG.burst + limits.PERSON_LONG.a_second * 3600 + 1
    assert taken > 5000, "far more than a day's work"


async def test_pings_without_end_are_not_answered_without_end(board: Room) -> None:
    async with raw.a_line(board.place.settings.port) as line:
        await line.send(
            raw.upgrade(f"{board.base()}/live", board.place.settings.port, Cookie=await board.cookie())
        )
        assert b" 101 " in await line.head()
        hello = {"t": "hello", "v": 1, "cid": a_cid()}
        await line.send(raw.frame(raw.TEXT, json.dumps(hello).encode()))
        await line.send(b"".join(raw.frame(raw.PONG, b"never asked") for _ in range(10)))
        await line.send(b"".join(raw.frame(raw.PING, b"%d" % n) for n in range(protocol.CONTROLS)))

        assert await line.close_code() == 4429


async def test_a_message_of_empty_pieces_without_end_is_ended(board: Room) -> None:
    async with raw.a_line(board.place.settings.port) as line:
        await line.send(
            raw.upgrade(f"{board.base()}/live", board.place.settings.port, Cookie=await board.cookie())
        )
        await line.head()
        await line.send(raw.frame(raw.TEXT, b"", fin=False))
        await line.send(raw.frame(raw.CONT, b"", fin=False) * (protocol.FRAGMENTS + 10))

        assert await line.close_code() == 1009


# --- a stranger with the code


async def test_a_crowd_that_arrives_faster_than_any_hall_waits_at_the_door_and_the_desk_is_told(
    place: Place, room: Room, visitor: Visitor, stopped: None
) -> None:
    service_ = room.service
    came = [service_.doorway.join(room.code, f"203.0.{n // 250}.{n % 250}", "") for n in range(1001)]
    for n in range(int(limits.JOINS.a_second) * 10):  # ten seconds of others who wait for their turn
        service_.doorway.join(room.code, f"203.0.9.{n % 250}", f"other-{n}")
    visitor.http.headers["accept-language"] = "en"
    before = await room.seq()
    page = await visitor.post(f"{room.base()}/join", {"name": "Zoé", "ticket": a_ticket()})
    script = await visitor.post(f"{room.base()}/join", {"name": "Zoé"}, headers=JSON)
    after = await room.seq()
    screen = await visitor.post(f"{room.base('screen')}/enter", {"secret": room.opened.screen})
    async with place.visitor() as desk:
        headers = {"cookie": await room.cookie(Role.FACILITATOR)}
        health = await desk.get(f"{room.base('desk')}/health", headers=headers | {"accept-language": "en"})
    place.clock.crank(60)
    later = await visitor.post(f"{room.base()}/join", {"name": "Zoé"})

    assert [wait is None for wait in came] == [True] * 1000 + [False]
    assert page.status_code == 429
    assert 'value="Zoé"' in page.text
    assert "Very many people are coming in at once" in page.text
    assert int(page.headers["retry-after"]) >= 1
    assert (script.status_code, script.json()["code"], script.json()["retry"] > 0) == (429, "too_many", True)
    assert after == before
    assert screen.status_code == 303, "the wall is not held up by a crowd"
    assert "were asked to wait" in health.text
    assert later.status_code == 303


@pytest.mark.parametrize("mode", ["locked", "approval"])
async def test_a_stranger_with_the_code_cannot_make_the_journal_grow_by_being_refused(
    place: Place, room: Room, visitor: Visitor, mode: str
) -> None:
    await room.lead("SetEntry", mode=mode)
    before = await room.seq()
    async with place.visitor() as stranger:
        for _ in range(20):
            await stranger.post(f"{room.base()}/join", {"name": "x", "ticket": a_ticket()})
            stranger.http.cookies = {TRIAL: "1"}  # somebody new, who has seen the way in
    grown = await room.seq() - before

    assert grown == (0 if mode == "locked" else 20)
    assert len(await room.service.journal.names(room.code)) == grown


async def test_forums_are_not_opened_without_end(place: Place, visitor: Visitor, stopped: None) -> None:
    agenda = next(iter(agendas()))
    answers = [
        (await visitor.post("/forums", {"agenda": agenda}, headers=JSON)).status_code for _ in range(23)
    ]

    assert answers == [201] * 20 + [429] * 3
    bounds = limits.Limits(lambda: 0.0)
    assert (
        sum(not bounds.opening(f"203.0.{n // 250}.{n % 250}") for n in range(500))
        == limits.OPENINGS_ALL.burst
    )


def test_the_limits_written_down_are_those_of_the_code() -> None:
    page = (Path(__file__).parents[2] / "SECURITY.md").read_text("utf-8")
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", page.partition("## Limits")[2], re.MULTILINE)
    written = {what: (at_once, then) for what, at_once, then in rows}
    rates = {
        "contributions of one tab": limits.TAB, "contributions, names, people and pilots of one person": limits.PERSON,
        "the same over hours": limits.PERSON_LONG, "contributions of one forum": limits.FORUM,
        "people coming into one forum by its code": limits.JOINS,
        "the same from one address (IPv6: a /64)": limits.JOINS_HERE, "devices coming by one link": limits.LINK_USES, "frames of one socket": limits.FRAMES,
        "wrong codes of one address (IPv6: a /64)": limits.WRONG_CODES, "wrong codes of everybody together": limits.WRONG_CODES_ALL,
        "whole pages asked for by one person's sockets": limits.NEEDS, "sockets opened by one person": limits.CONNECTIONS,
        "polls of one person": limits.POLLS, "checks of receipts of one forum": limits.CHECKS,
        "wrong links of one address": limits.WRONG_SECRETS, "forums opened, of one address": limits.OPENINGS,
        "wrong passphrases and opening links of one address (a right link is never held up)": permits.TRIES, "the same of everybody together": permits.TRIES_ALL,
    }  # fmt: skip
    for what, rate in rates.items():
        often = (
            f"{rate.a_second:,.0f} a second" if rate.a_second >= 1 else f"{60 * rate.a_second:.0f} a minute"
        )
        assert written[what][0] == f"{rate.burst:,.0f}", what
        assert written[what][1].startswith(often), what
    assert written["pings and pongs of one socket"][0] == str(protocol.CONTROLS)
    assert written["sockets and polls of one person"][0] == str(service.MOST_CONNECTED)
    for bound in (
        f"{wire.MAX_MESSAGE_BYTES // 1024} KiB, {protocol.FRAGMENTS:,} pieces", f"{guard.BODY_BYTES // 1024} KiB, {asking.MOST_FIELDS} fields",
        f"{http.HEAD_BYTES // 1024} KiB, {http.HEADERS} headers, {ForumHTTP.HEAD_SECONDS:.0f} seconds", f"| {guard.ADDRESS_BYTES // 1024} KiB |",
        f"{ForumHTTP.BODY_SECONDS:.0f} seconds", f"{MAX_PEOPLE:,} each", f"| {MAX_ARRIVALS:,} |", f"| {MAX_LINKS}, {MAX_DEVICES:,} |", f"{text.NAME.most} characters; {text.TEXT_BYTES // 1024} KiB",
    ):  # fmt: skip
        assert bound in page, bound
    assert MAX_IDEAS == MAX_PEOPLE
