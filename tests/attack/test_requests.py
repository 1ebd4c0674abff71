"""Requests, documents and settings that lie or want too much: rows 64, 65, 68, 75 and 80."""

import asyncio
import time
from pathlib import Path

import pytest

from forum.domain.steps.board import PostIdea
from forum.exports import kinds, render
from forum.language import Reader
from forum.places import static_dir
from forum.web.static import version_of
from tests.attack import raw
from tests.attack.doors import (
    exit_code,
)
from tests.scenes import LEA, a_room
from tests.web.conftest import Place, Room, Visitor


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
    sizes = [len(render(room.state, {}, "c", kind, Reader("fr")).body) for kind in kinds()]

    assert max(sizes) > 5000 * 140
    assert time.process_time() - began < 60, (
        "a bound of the catalogue, not a measurement: a slow machine takes 25"
    )


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
        exit_code, ["export", "ABC234", "--data", str(tmp_path), *settings, "--lang", "en"]
    )
    said = capsys.readouterr().err

    assert ended == 78
    assert 1 <= len(said.strip().splitlines()) <= 2
    assert "Traceback" not in said
