"""Who may call at all: Host, Origin, methods, sizes, and what every answer forbids (rows 34–37, 62–68)."""

import asyncio
import re

import httpx2
import pytest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from websockets.exceptions import InvalidStatus

from forum.web.addresses import Addresses
from forum.web.guard import Guard
from tests.web.conftest import Place, Room, Visitor

FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "203.0.113.9", "a]b[", "localhost@evil.example"]
)
async def test_a_foreign_host_gets_no_page(visitor: Visitor, host: str) -> None:
    assert (await visitor.get("/", headers={"host": host})).status_code == 421
    assert (await visitor.get("/healthz", headers={"host": host})).status_code == 421


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST:9999"])
async def test_this_machine_answers_by_its_own_names(visitor: Visitor, host: str) -> None:
    assert (await visitor.get("/", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    "origin", [None, "null", "https://evil.example", "http://localhost:1", "http://localhost", ""]
)
async def test_nothing_is_changed_from_another_site(visitor: Visitor, room: Room, origin: str | None) -> None:
    before = await room.seq()
    if origin is None:
        del visitor.http.headers["origin"]
    else:
        visitor.http.headers["origin"] = origin
    for path in (
        f"{room.base()}/join",
        f"{room.base('desk')}/enter",
        "/forums",
        "/lang",
        f"{room.base()}/commands/SayDone",
    ):
        assert (await visitor.post(path)).status_code == 403, path

    assert await room.seq() == before


async def test_two_origins_are_none(visitor: Visitor, room: Room) -> None:
    headers = [("origin", visitor.place.base), ("origin", "https://evil.example"), *FORM.items()]

    assert (await visitor.http.post(f"{room.base()}/join", content=b"", headers=headers)).status_code == 403


@pytest.mark.parametrize(("site", "status"), [("same-origin", 303), ("cross-site", 403), ("same-site", 403)])
async def test_a_browser_that_says_where_it_comes_from_is_believed(
    visitor: Visitor, room: Room, site: str, status: int
) -> None:
    answer = await visitor.post(f"{room.base()}/join", headers={"sec-fetch-site": site})

    assert answer.status_code == status


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1"])
async def test_a_socket_from_another_site_is_refused_before_it_opens(
    visitor: Visitor, room: Room, origin: str
) -> None:
    cookie = await room.cookie()
    with pytest.raises(InvalidStatus) as refused:
        async with visitor.socket(room.base(), cookie, origin=origin):
            pass

    assert refused.value.response.status_code == 403


async def test_a_socket_without_an_origin_or_with_a_foreign_host_is_refused(place: Place, room: Room) -> None:
    cookie = await room.cookie()
    for lines, status in (
        ([f"Host: localhost:{place.settings.port}"], b"403"),
        (["Host: evil.example", "Origin: http://evil.example"], b"421"),
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", place.settings.port)
        head = [
            f"GET {room.base()}/live HTTP/1.1",
            *lines,
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Cookie: {cookie}",
        ]
        head += ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", "", ""]
        writer.write("\r\n".join(head).encode())
        status_line = await reader.readline()
        writer.close()
        await writer.wait_closed()

        assert status in status_line


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["/", "/forums", "/f/ABC234", "/static/x/icon.svg", "/nowhere"])
async def test_methods_that_nobody_declared_are_refused(visitor: Visitor, method: str, path: str) -> None:
    assert (await visitor.http.request(method, path)).status_code == 405


async def test_each_address_takes_only_its_own_method(visitor: Visitor) -> None:
    assert (await visitor.get("/forums")).status_code == 405
    assert (await visitor.post("/help")).status_code == 405
    assert (await visitor.http.head("/help")).status_code == 200


async def test_too_much_is_refused(visitor: Visitor, room: Room) -> None:
    path = f"{room.base()}/join"

    async def chunks():  # type: ignore[no-untyped-def]
        for _ in range(100):
            yield b"name=" + b"x" * 1024

    assert (await visitor.http.post(path, content=b"x" * 70_000, headers=FORM)).status_code == 413
    assert (await visitor.http.post(path, content=chunks(), headers=FORM)).status_code == 413
    assert (await visitor.get("/" + "x" * 3000)).status_code == 414
    assert (await visitor.get("/?" + "x" * 3000)).status_code == 414


@pytest.mark.parametrize(
    ("media", "body"),
    [
        ("text/plain", b'{"name":"x"}'),
        ("", b"name=x"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nx\r\n--x--\r\n',
        ),
        ("application/xml", b"<x/>"),
    ],
)
async def test_only_forms_and_json_are_read(visitor: Visitor, room: Room, media: str, body: bytes) -> None:
    before = await room.seq()
    answer = await visitor.http.post(f"{room.base()}/join", content=body, headers={"content-type": media})

    assert answer.status_code == 415
    assert await room.seq() == before


@pytest.mark.parametrize("body", [b"{", b"[1]", b'{"name":3}', b"[" * 30_000, b'"x"', b"\xff\xfe"])
async def test_json_that_is_none_is_refused(visitor: Visitor, room: Room, body: bytes) -> None:
    answer = await visitor.http.post(
        f"{room.base()}/join", content=body, headers={"content-type": "application/json"}
    )

    assert answer.status_code == 400
    assert answer.json()["msg"]


async def test_a_form_of_ten_thousand_fields_is_refused(visitor: Visitor, room: Room) -> None:
    answer = await visitor.http.post(f"{room.base()}/join", content=b"a&" * 10_000, headers=FORM)

    assert answer.status_code == 400


async def test_a_secret_in_the_address_is_refused_with_advice(visitor: Visitor, room: Room) -> None:
    for name in ("secret", "token", "key"):
        answer = await visitor.get(f"{room.base('desk')}?{name}={room.opened.desk}")
        assert answer.status_code == 400
        assert "#" in answer.text
        assert room.opened.desk not in answer.text


@pytest.mark.parametrize("path", ["/", "/help", "/nowhere", "/f/ZZZZZZ", "/healthz", "/static/x/icon.svg"])
async def test_every_answer_binds_the_browser(visitor: Visitor, path: str) -> None:
    headers = (await visitor.get(path)).headers
    policy = headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-robots-tag"].startswith("noindex")
    assert "server" not in headers
    assert "strict-transport-security" not in headers


async def test_every_page_has_a_nonce_of_its_own_and_uses_it(visitor: Visitor, room: Room) -> None:
    pages = [await visitor.get(room.base("desk")) for _ in range(2)]
    nonces = [re.search(r"'nonce-([^']+)'", page.headers["content-security-policy"]) for page in pages]

    assert nonces[0]
    assert nonces[1]
    assert nonces[0][1] != nonces[1][1]
    assert f'nonce="{nonces[0][1]}"' in pages[0].text
    assert pages[0].headers["cache-control"] == "no-store"


async def test_no_page_holds_inline_script_or_style(visitor: Visitor, room: Room) -> None:
    await visitor.post(f"{room.base()}/join", {"name": "Léa"})
    for path in (
        "/",
        "/help",
        room.base(),
        room.base("desk"),
        room.base("staff"),
        f"{room.base()}/ticket",
        "/nowhere",
    ):
        html = (await visitor.get(path)).text
        assert not re.search(r"<script(?![^>]*\ssrc=)", html), path
        assert not re.search(r"\s(style|on[a-z]+)=", html), path
        assert not re.search(r"""(?:src|href)=["']https?://""", html), path


async def test_forwarded_addresses_are_ignored_unless_the_proxy_is_ours(second: Place) -> None:
    """Row 37: twenty wrong codes an address; pretending to be others does not help."""
    second.clock.crank(3600)
    with second.clock.stopped():
        async with second.visitor() as guesser:
            for n in range(20):
                headers = {"x-forwarded-for": f"198.51.100.{n}"}
                assert (await guesser.get("/f/ZZZZZZ", headers=headers)).status_code == 404
            answer = await guesser.get("/f/ZZZZZZ", headers={"x-forwarded-for": "198.51.100.99"})

    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize(("status", "told"), [(503, "2"), (429, "2"), (422, None), (200, None)])
async def test_not_now_is_never_said_without_a_time_to_come_back(status: int, told: str | None) -> None:
    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        await Response("", status)(scope, receive, send)

    guard = Guard(answering, Addresses(80))
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(guard), base_url="http://127.0.0.1"
    ) as asker:
        answer = await asker.get("/")

    assert answer.status_code == status
    assert answer.headers.get("retry-after") == told


async def test_the_public_name_is_https_and_its_cookies_too(second: Place) -> None:
    public = {"host": "forum.example", "origin": "https://forum.example"}
    async with second.visitor() as visitor:
        secure = await visitor.post("/lang", {"lang": "en", "back": "/"}, headers=public)
        local = await visitor.post("/lang", {"lang": "en", "back": "/"})
        foreign = await visitor.post(
            "/lang", {"lang": "en", "back": "/"}, headers=public | {"origin": "http://forum.example"}
        )

        assert "Secure" in secure.headers["set-cookie"]
        assert "max-age" in secure.headers["strict-transport-security"]
        assert "Secure" not in local.headers["set-cookie"]
        assert foreign.status_code == 403
