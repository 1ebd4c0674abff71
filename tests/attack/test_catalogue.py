"""The catalogue's rows over every door they can come by, against the real server; and that no row is missing."""

import asyncio
import json
import re
import time
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from forum.cli import main
from forum.domain.kernel import Asked, Millis, PersonId, Rejection, TabId
from forum.domain.people import MAX_PEOPLE, Join, join
from forum.domain.roles import Role
from forum.domain.state import Person, change
from forum.domain.steps.board import MAX_IDEAS, PostIdea
from forum.exports import KINDS, render
from forum.language import Reader
from forum.places import static_dir
from forum.web import wire
from forum.web.static import version_of
from tests.attack import raw
from tests.attack.catalogue import ROWS
from tests.attack.doors import (
    CARDS,
    JSON,
    NAMES,
    TITLES,
    Door,
    body_by_json,
    fields_by_json,
    frame_by_socket,
    ideas,
)
from tests.scenes import LEA, a_room
from tests.web.conftest import Place, Room, Visitor, a_cid, a_ticket

TESTS = Path(__file__).parents[1]
CID = "abcdefghijklmnop"
FAMILY = "👨‍👩‍👧‍👦"


@pytest.fixture
async def phone(visitor: Visitor, board: Room) -> Visitor:
    """Somebody who has joined without a name, before an open board."""
    await visitor.post(f"{board.base()}/join")
    return visitor


# --- rows 1, 2, 9 to 14, 19, 24, 44: messages

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
    assert (await board.state()).tabs.get(CID) is None  # type: ignore[call-overload]


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
    assert await ideas(board) == ["deux", "deux"]
    assert {p.role for p in after.people.values() if p.id not in before.people} == {Role.PARTICIPANT}


@pytest.mark.parametrize(
    "query",
    ["s=-1", "s=1.5", "s=NaN", "s=9007199254740992", "g=x", "c=XYZ", "c=%0a", "role=staff", "cid=", "wait=-1",
     "s=1&s=-1", "cid=%7BR%7D:j:aaaaaaaaaaaa"],
)  # fmt: skip
async def test_a_poll_that_cannot_be_one_is_refused(phone: Visitor, board: Room, query: str) -> None:
    path = f"{board.base()}/changes?cid={CID}&wait=0&{query}"

    assert (await phone.get(path)).status_code == 400


# --- rows 28 to 30, 34: codes and secrets

CODES: list[tuple[int, str]] = [
    (29, "ZZZZZZ"),
    *((30, code) for code in (
        "O0I1LU", "ABC23", "ABC2345", "%F0%9F%98%80", "x" * 1500, "%00", "ABC23%00", "..%2f..", "%2e%2e", "{R}", "*", "%0a",
        "ABC234%0d%0aX:%20y", "%7BABC234%7D:j", "ABC23%C4%B0", "%ff%fe", "ABC 234;x",
    )),
]  # fmt: skip


@pytest.mark.parametrize(("row", "code"), CODES, ids=[code[:12] for _, code in CODES])
async def test_a_code_that_opens_nothing_opens_nothing_at_any_door(
    visitor: Visitor, board: Room, row: int, code: str
) -> None:
    store = board.service.journal
    forums, cookie = await store.forums(), await board.cookie()
    headers = JSON | {"cookie": cookie}
    gets = ("", "/desk", "/screen", "/staff", "/ticket", "/changes", "/desk/export/plan.md", "/desk/health")
    posts = (
        "/join",
        "/desk/enter",
        "/ticket/enter",
        "/name",
        "/commands/SayDone",
        "/people",
        "/desk/keys",
        "/desk/pilot",
    )
    got = [(await visitor.get(f"/f/{code}{path}", headers=headers)).status_code for path in gets]
    got.append((await visitor.get(f"/?code={code}", headers=headers)).status_code)
    got += [(await visitor.post(f"/f/{code}{path}", headers=headers)).status_code for path in posts]
    if len(code) < 100:
        if "%2f" in code:  # another address altogether: there is no door
            with pytest.raises(InvalidStatus):
                async with visitor.socket(f"/f/{code}", cookie):
                    pass
        else:
            async with visitor.socket(f"/f/{code.replace(' ', '%20')}", cookie) as talk:
                assert await talk.ended() == 4404, row

    assert set(got) <= {303, 400, 401, 404, 405, 410}, (row, got)
    assert await store.forums() == forums


@pytest.mark.parametrize("code", ["ZZZZZZ", "O0I1", "{R}", "*", "../x", "é", "ABC 234"])
async def test_the_command_line_opens_no_other_code_either(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], code: str
) -> None:
    there = ["--data", str(tmp_path), "--lang", "en"]
    assert await asyncio.to_thread(_ended, ["new", "forum-eclair", *there]) == 0
    for words in (["export", code], ["tickets", code, "--count", "1"]):
        ended = await asyncio.to_thread(_ended, [*words, *there])
        assert ended == 1, words

    assert "Traceback" not in capsys.readouterr().err


def _ended(words: list[str]) -> int:
    try:
        return main(words)
    except SystemExit as error:
        return int(error.code or 0)


@pytest.mark.parametrize("name", ["secret", "token", "key", "SECRET", "cookie", "password"])
async def test_a_secret_in_the_address_is_refused_at_every_door(
    visitor: Visitor, room: Room, name: str
) -> None:
    before = await room.seq()
    secret = room.opened.desk
    for path in ("/", room.base("desk"), f"{room.base()}/ticket", "/static/x/icon.svg", "/nowhere"):
        answer = await visitor.get(f"{path}?a=1&{name}={secret}")
        assert (answer.status_code, "#" in answer.text, secret in answer.text) == (400, True, False), path
    posted = await visitor.post(f"{room.base('desk')}/enter?{name}={secret}", {"secret": secret})

    assert posted.status_code == 400
    assert await room.seq() == before


# --- rows 38 to 53: texts

COMBINING = "\u0301\u0323"
TEXTS: list[tuple[int, str, str | None, str | None]] = [  # row, sent, kept as a card, kept as a name; "!code" refused
    (38, "", "!empty", ""),
    (38, " \u00a0 ", "!empty", ""),
    (38, "\u200b\u2060\ufeff\u3164", "!empty", ""),
    (39, "é" * 141, "!too_long", "!too_long"),
    (39, FAMILY * 140, FAMILY * 140, "!too_long"),
    (39, "x" * 30_000, "!too_long", "!too_long"),
    (40, "Z" + COMBINING * 1000, "Z" + COMBINING * 4, "Z" + COMBINING * 4),
    (41, f"{FAMILY} 🇫🇷 👍🏽 مرحبا שלום", f"{FAMILY} 🇫🇷 👍🏽 مرحبا שלום", f"{FAMILY} 🇫🇷 👍🏽 مرحبا שלום"),
    (41, "tie\u0302\u0301ng", "tiếng", "tiếng"),
    (42, "pay\u202eexe\u2066.txt", "payexe.txt", "payexe.txt"),
    (43, "a\x00b\x07c\x9fd\ufeffe\ufffef\ue000g\U000e0041h", "abcdefgh", "abcdefgh"),
    (45, "Admin", "Admin", "!name_reserved"),
    (45, "ＡＤＭＩＮ", "ＡＤＭＩＮ", "!name_reserved"),
    (45, "Аnna", "Аnna", "Аnna"),
    (46, "<script>alert(1)</script>", "<script>alert(1)</script>", "<script>alert(1)</script>"),
    (46, "<img src=x onerror=alert(1)>{{7*7}}", "<img src=x onerror=alert(1)>{{7*7}}", "<img src=x onerror=alert(1)>{{7*7}}"),
    (46, "{0.__class__} %s ${7*7} {% x %}", "{0.__class__} %s ${7*7} {% x %}", "{0.__class__} %s ${7*7} {% x %}"),
    (47, "</script><!--\u2028x", "</script><!--\nx", "</script><!-- x"),
    (48, "http://evil.example/?q=[a](b)", "http://evil.example/?q=[a](b)", "http://evil.example/?q=[a](b)"),
    (50, "a" + "\n" * 400 + "b", "a\n\nb", None),
    (52, "a" * 10_000 + "!", "!too_long", "!too_long"),
    (53, "Léa\r\nSet-Cookie: a=b", "Léa\nSet-Cookie: a=b", "Léa Set-Cookie: a=b"),
]  # fmt: skip


def wanted(kept: str) -> tuple[str, str | None]:
    return (kept[1:], None) if kept.startswith("!") else ("", unicodedata.normalize("NFC", kept))


@pytest.mark.parametrize("door", CARDS, ids=lambda door: door.__name__)
async def test_a_card_is_cleaned_or_refused_alike_at_every_door(
    phone: Visitor, board: Room, door: Door
) -> None:
    got = []
    for row, sent, _, _ in TEXTS:
        answer = await door(phone, board, sent)
        got.append((row, answer.code, answer.kept))
        assert not answer.code or answer.told["msg"]
        assert answer.code != "too_long" or answer.told["limit"] in (140, 1000)

    assert got == [(row, *wanted(kept)) for row, _, kept, _ in TEXTS]


@pytest.mark.parametrize("door", NAMES, ids=lambda door: door.__name__)
async def test_a_name_is_cleaned_or_refused_alike_at_every_door(
    phone: Visitor, board: Room, door: Door
) -> None:
    for row, sent, _, kept in TEXTS:
        if kept is None:
            continue
        answer = await door(phone, board, sent)
        code, stored = wanted(kept)

        assert bool(answer.code) == bool(code), row
        assert answer.code in (code, "refused"), row
        assert answer.kept == (stored or ""), row


@pytest.mark.parametrize("door", TITLES, ids=lambda door: door.__name__)
async def test_a_title_is_cleaned_or_refused_alike_at_every_door(
    place: Place, phone: Visitor, board: Room, door: Door
) -> None:
    for row, sent, _, kept in TEXTS:
        if kept in (None, "") or row == 45:
            continue
        place.clock.crank(600)
        answer = await door(phone, board, sent)
        code, stored = wanted(kept or "")
        if row == 39 and sent == FAMILY * 140:
            code = "too_long"

        assert answer.code == code, row
        assert code or answer.kept == stored, row


async def test_half_a_character_comes_in_by_no_door(phone: Visitor, board: Room) -> None:
    """Row 44: JSON alone can say it; a form's bytes that are no UTF-8 become the sign for that."""
    content = b"step=ideas&text=a%ED%A0%80b&ticket=" + a_ticket().encode()
    headers = JSON | {"content-type": "application/x-www-form-urlencoded"}
    by_form = await phone.http.post(f"{board.base()}/commands/PostIdea", content=content, headers=headers)
    by_json = [await door(phone, board, "a\ud800b") for door in (CARDS[1], NAMES[1])]

    assert by_form.json()["t"] == "ack"
    assert all(text.encode() for text in await ideas(board))
    assert [answer.code for answer in by_json] == ["bad_json", "bad_request"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Vision\u202e\x00 2025\r\n", "Vision 2025"),
        ("<b>=1+1</b>", "<b>=1+1</b>"),
        ("x" * 121, None),
        ("a\udcffb", "ab"),
    ],
)
async def test_the_command_line_cleans_a_title_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sent: str, kept: str | None
) -> None:
    words = ["new", "forum-eclair", "--title", sent, "--json", "--lang", "en", "--data", str(tmp_path)]
    ended = await asyncio.to_thread(_ended, words)
    said = capsys.readouterr()
    if kept is None:
        assert (ended, "121 characters" in said.err) == (1, True)
        return
    code = json.loads(said.out)["code"]
    exported = await asyncio.to_thread(_ended, ["export", code, "--format", "json", "--data", str(tmp_path)])
    title = json.loads(capsys.readouterr().out)["forum"]["title"]

    assert (ended, exported, title) == (0, 0, kept)


# --- rows 54 to 61: votes and the board


@pytest.fixture
async def vote(phone: Visitor, board: Room) -> Room:
    """A forum in which eight themes are voted on; everybody has three points, at most one on each."""
    for n in range(1, 9):
        await phone.op(board.base(), "PostIdea", id=f"idea{n:04}", text=f"Idée {n}", step="ideas")
    await board.lead("OpenStep", step="sort")
    for n in range(1, 9):
        await phone.op(
            board.base(), "GroupIdeas", ideas=[f"idea{n:04}"], theme=f"theme{n:03}", title=f"Thème {n}"
        )
    await board.lead("OpenStep", step="theme-vote")
    return board


POINTS: list[tuple[int, str, str, str]] = [  # row, option, points as JSON, code
    (54, "theme001", "-1", "bad_number"),
    (54, "theme001", "1.5", "bad_type"),
    (54, "theme001", "1e3", "bad_type"),
    (54, "theme001", '"1"', "bad_type"),
    (54, "theme001", "null", "bad_type"),
    (54, "theme001", "99", "cap"),
    (54, "theme001", "100000000", "bad_number"),
    (54, "theme001", "-0", ""),
    (55, "nothing1", "1", "no_option"),
    (55, "idea0001", "1", "no_option"),
    (55, "{R}:j", "1", "bad_id"),
]  # fmt: skip


async def test_points_that_may_not_be_given_are_not_given_at_any_door(phone: Visitor, vote: Room) -> None:
    path = f"{vote.base()}/commands/AllocatePoints"
    headers = JSON | {"content-type": "application/json"}
    by_json, by_socket, by_form = [], [], []
    async with phone.socket(vote.base()) as talk:
        await talk.hello()
        for n, (_, option, points, _) in enumerate(POINTS, 1):
            body = f'{{"step":"theme-vote","option":"{option}","points":{points}}}'
            content = f'{{"cid":"{a_cid()}","n":1,"b":{body}}}'
            by_json.append(
                (await phone.http.post(path, content=content, headers=headers)).json().get("code", "")
            )
            await talk.raw(f'{{"t":"op","n":{n},"k":"AllocatePoints","b":{body}}}')
            by_socket.append((await talk.hear("ack", "nack")).get("code", ""))
            fields = {
                "step": "theme-vote",
                "option": option,
                "points": points.strip('"'),
                "ticket": a_ticket(),
            }
            by_form.append((await phone.post(path, fields, headers=JSON)).json().get("code", ""))
    wanted = [code for _, _, _, code in POINTS]
    state = await vote.state()
    ballots = state.round_of("theme-vote").ballots

    assert by_json == wanted
    assert by_socket == wanted
    # A form holds words: 1e3 is a thousand there, "1" is one, and null is a word.
    assert by_form == ["bad_number", "bad_type", "cap", "", "bad_type", *wanted[5:]]
    assert sum(ballot.spent for ballot in ballots.values()) <= 1


async def test_what_stands_is_not_changed_by_who_may_not(phone: Visitor, vote: Room) -> None:
    """Rows 56, 59, 60: late points, too many cards at once, another's gesture."""
    await vote.lead("CloseStep", step="theme-vote")
    late = await phone.op(vote.base(), "AllocatePoints", step="theme-vote", option="theme001", points=1)
    await vote.lead("OpenStep", step="sort")
    many = await phone.op(
        vote.base(), "MoveIdeas", ideas=[f"idea{n:04}" for n in range(101)], theme="theme001"
    )
    deed = (await vote.state()).deeds[-1].seq
    cookie = await vote.cookie()
    async with vote.place.visitor() as other:
        undone = await other.op(vote.base(), "Undo", cookie=cookie, deed=deed)
    state = await vote.state()

    assert (late["code"], many["code"], many["limit"]) == ("vote_closed", "too_many", 100)
    assert undone["t"] == "nack"
    assert undone["rule"].startswith("U")
    assert not state.round_of("theme-vote").ballots
    assert not state.deeds[-1].undone


def test_a_full_room_and_a_full_board_say_so() -> None:
    """Row 61; the text is given back by every page whose op is refused."""
    room = a_room().opened("ideas")
    people = room.state.people
    for n in range(MAX_PEOPLE - len(people)):
        people = people.set(PersonId(f"p{n}"), Person(PersonId(f"p{n}"), Role.PARTICIPANT, Millis(1), 1))
    full = change(room.state, people=people, voices=MAX_PEOPLE)
    refused = join(full, Join(), Asked(PersonId("late"), Millis(2), TabId("tab"), 1))
    room.state = change(room.state, idea_numbers=MAX_IDEAS)
    no_more = room.ask(PostIdea("idea900", "Encore", "ideas"), LEA)

    assert refused == Rejection("J2", "room_full", {"limit": MAX_PEOPLE})
    assert no_more == Rejection("B1", "too_many_ideas", {"limit": MAX_IDEAS})


# --- rows 64, 65, 68, 75, 80: HTTP, documents, settings


@pytest.mark.parametrize(
    ("name", "sent", "statuses"),
    [
        ("shorter", b"POST /lang HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\nConnection: close\r\n\r\nlang=fr&back=/", (303,)),
        ("no number", b"POST /lang HTTP/1.1\r\nHost: localhost\r\nContent-Length: ten\r\n\r\nx", (400,)),
        ("negative", b"POST /lang HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\nx", (400,)),
        ("two", b"POST /lang HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 9\r\n\r\nabc", (400,)),
        ("both", b"POST /lang HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", (400,)),
        ("huge", b"POST /lang HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nContent-Length: 99999999999\r\n\r\nx", (413,)),
        ("odd chunk", b"POST /lang HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", (400, 403)),
        ("one header of 100 KB", b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", (431,)),
        ("headers of 100 KB", b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 16_000 + b"\r\n", (431,)),
        ("a head without end", b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 100_000, (431,)),
        ("address of 9,000", b"GET /" + b"x" * 9_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", (414,)),
        ("address of 100,000", b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", (431,)),
        ("no host", b"GET / HTTP/1.1\r\n\r\n", (421,)),
        ("two hosts", b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", (421,)),
        ("a folded header", b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n", (400,)),
        ("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", (400,)),
        ("the whole address of another", b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n", (200, 404, 400)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
async def test_a_request_that_lies_about_its_size_is_refused(
    place: Place, visitor: Visitor, name: str, sent: bytes, statuses: tuple[int, ...]
) -> None:
    async with raw.a_line(place.settings.port) as line:
        await line.send(sent)
        first = (await line.head()).split(b"\r\n")[0]

    assert int(first.split()[1]) in statuses, (name, first)
    assert (await visitor.get("/healthz")).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["../../forum/app.py", "..%2f..%2fforum%2fapp.py", "%2e%2e/%2e%2e/README.md", "....//app.py", "js/%00.js", "js%5c..%5capp.py",
     "/etc/passwd", "%2fetc%2fpasswd", "js/../../../etc/passwd", ".%00./x", "css/base.css%00.js", "C:%5cwindows"],
)  # fmt: skip
async def test_no_path_leads_out_of_the_folder_of_files(place: Place, path: str) -> None:
    version = version_of(static_dir())
    for prefix in (f"/static/{version}/", "/static/", f"/static/{version}/js/"):
        async with raw.a_line(place.settings.port) as line:
            await line.send(raw.request(f"GET {prefix}{path}", {"Host": "localhost", "Connection": "close"}))
            heard = await line.everything()
        status = int(heard.split(b" ", 2)[1])
        assert status in (307, 400, 404, 405), (prefix, path)
        assert b"root:" not in heard


async def test_multipart_is_not_read_at_all(phone: Visitor, board: Room) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="%d"\r\n\r\nx\r\n'
    media = {"content-type": "multipart/form-data; boundary=x"}
    for path in (
        f"{board.base()}/join",
        f"{board.base()}/commands/PostIdea",
        "/forums",
        "/lang",
        f"{board.base('desk')}/enter",
    ):
        small = await phone.http.post(path, content=part % 1 + b"--x--\r\n", headers=media)
        many = await phone.http.post(path, content=b"".join(part % n for n in range(2000)), headers=media)
        assert (small.status_code, many.status_code) == (415, 413), path


def test_an_export_of_five_thousand_cards_takes_no_time_worth_attacking() -> None:
    room = a_room().opened("ideas")
    text = "W" * 140
    for n in range(5000):
        room.ask(PostIdea(f"idea{n:05}", text, "ideas", length=140), LEA)
    room.revealed("ideas")
    began = time.process_time()
    sizes = [len(render(room.state, {}, "c", kind, Reader("fr")).body) for kind in KINDS]

    assert max(sizes) > 5000 * 140
    assert time.process_time() - began < 20, "a bound of the catalogue, not a measurement"


@pytest.mark.parametrize(
    "settings",
    [
        ["--redis", "redis://127.0.0.1:1"],
        ["--redis", "http://x"],
        ["--redis", "redis://[::"],
        ["--data", "/proc/nowhere"],
    ],
)
async def test_a_setting_that_cannot_be_ends_the_command_with_78(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: list[str]
) -> None:
    ended = await asyncio.to_thread(
        _ended, ["export", "ABC234", "--data", str(tmp_path), *settings, "--lang", "en"]
    )
    said = capsys.readouterr().err

    assert ended == 78
    assert 1 <= len(said.strip().splitlines()) <= 2
    assert "Traceback" not in said


# --- no row is missing


def test_every_row_of_the_catalogue_is_shown_or_said_to_be_absent() -> None:
    there = set(re.findall(r"def (test_\w+)", "".join(f.read_text() for f in TESTS.rglob("test_*.py"))))
    in_tables = {row for row, *_ in [*MESSAGES, *FRAMES, *CODES, *TEXTS, *POINTS]}
    in_words = {
        int(n)
        for name in Path(__file__).read_text().split('"""Row')[1:]
        for n in re.findall(r"\d+", name.split('"""')[0].split(";")[0].split(":")[0])
    }
    others = {11, 28, 34}  # of this file: keys said twice, codes as written, secrets in addresses

    assert sorted(ROWS) == list(range(1, len(ROWS) + 1))
    assert [n for n, row in ROWS.items() if not (row.doors or row.tests or row.absent)] == []
    assert [(n, name) for n, row in ROWS.items() for name in row.tests if name not in there] == []
    assert {n for n, row in ROWS.items() if row.doors} - in_tables - in_words - others == set()


@pytest.mark.parametrize("written", ["{0}", " {0} ", "{1}-{2}", "{1} {2}"])
async def test_a_code_as_people_write_it_is_found_at_every_door(
    visitor: Visitor, room: Room, written: str
) -> None:
    """Row 28: at the home page and in an address; what changes something wants the code itself."""
    code = written.format(room.code.lower(), room.code[:3].lower(), room.code[3:].lower())
    home = await visitor.get("/", params={"code": code})
    pages = [(await visitor.get(f"/f/{code.strip()}{path}")).status_code for path in ("", "/desk", "/ticket")]

    assert (home.status_code, home.headers["location"]) == (303, f"/f/{room.code}")
    assert set(pages) <= {200, 303}


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
