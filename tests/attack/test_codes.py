"""Codes and secrets as they come to every door: rows 28 to 30 and 34."""

import asyncio
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from tests.attack.doors import (
    JSON,
    exit_code,
)
from tests.web.conftest import Room, Visitor

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
    assert await asyncio.to_thread(exit_code, ["new", "forum-eclair", *there]) == 0
    for words in (["export", code], ["tickets", code, "--count", "1"]):
        ended = await asyncio.to_thread(exit_code, [*words, *there])
        assert ended == 1, words

    assert "Traceback" not in capsys.readouterr().err


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
