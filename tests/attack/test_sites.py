"""Other sites: what their pages can do to us in a real browser, and what every answer of ours forbids."""

import asyncio
import dataclasses
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import pytest
from playwright.async_api import Browser, Page, expect

from forum.domain.roles import Role
from forum.opening import agendas, make_tickets, open_forum
from forum.web.addresses import lan_addresses
from forum.web.guard import HEADERS
from tests.attack import raw
from tests.attack.allowed import ROUTES
from tests.attack.doors import JSON
from tests.attack.test_roles import every_cookie
from tests.browser.people import PHONE, Participant, arrive
from tests.web.conftest import Place, Room, Visitor, a_cid, a_place

HOSTILE: Final = """<!doctype html><meta charset=utf-8><title>Win a prize</title>
<form id=f method=post target=t enctype="{enctype}" action="{base}/desk/commands/OpenStep"><input name=step value=sort>
<input name=ticket value=aaaaaaaaaaaaaaaaaaaa></form>
<form id=j method=post target=t action="{base}/join"><input name=name value=Mallory></form>
<iframe name=t></iframe><iframe id=framed src="{base}/desk"></iframe><img src="{base}/desk"><script>
const base = "{base}", said = {{}};
async function attempt(name, what) {{
  try {{ const answer = await what(); said[name] = answer.type === "opaque" ? "opaque" : answer.status; }}
  catch (error) {{ said[name] = "refused"; }}
}}
const post = (path, headers, body, mode) => fetch(base + path, {{method: "POST", credentials: "include", mode, headers, body}});
function socket(path) {{
  return new Promise((done) => {{
    const ws = new WebSocket(base.replace("http", "ws") + path);
    ws.onopen = () => done("open"); ws.onclose = () => done("closed"); ws.onerror = () => done("closed");
  }});
}}
(async () => {{
  document.getElementById("f").submit();
  await new Promise((done) => setTimeout(done, 100));
  document.getElementById("j").submit();
  await attempt("text", () => post("/desk/commands/OpenStep", {{"content-type": "text/plain"}}, '{{"cid":"aaaaaaaaaaaaaaaa","n":1,"b":{{"step":"sort"}}}}', "no-cors"));
  await attempt("form", () => post("/desk/commands/OpenStep", {{"content-type": "application/x-www-form-urlencoded"}}, "step=sort", "no-cors"));
  await attempt("json", () => post("/desk/commands/OpenStep", {{"content-type": "application/json"}}, "{{}}", "cors"));
  await attempt("beacon", async () => ({{status: navigator.sendBeacon(base + "/join", new URLSearchParams({{name: "Mallory"}}))}}));
  await attempt("read", () => fetch(base + "/desk", {{credentials: "include"}}));
  await attempt("put", () => fetch(base + "/desk", {{method: "PUT", credentials: "include"}}));
  said.desk = await socket("/desk/live"); said.phone = await socket("/live");
  try {{ said.framed = document.getElementById("framed").contentDocument ? "readable" : "opaque"; }} catch (e) {{ said.framed = "opaque"; }}
  window.said = said;
}})();
</script>"""


@asynccontextmanager
async def a_hostile_site(base: str, enctype: str, host: str = "127.0.0.1") -> AsyncIterator[str]:
    """Another site on another port of this machine; gives its address."""
    page = HOSTILE.format(base=base, enctype=enctype).encode()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + page)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, host, 0)
    async with server:
        yield f"http://{host}:{server.sockets[0].getsockname()[1]}/"


@pytest.mark.parametrize(
    ("host", "enctype"),
    [
        ("localhost", "application/x-www-form-urlencoded"),
        ("127.0.0.1", "text/plain"),
        ("localhost", "multipart/form-data"),
    ],
)
async def test_a_hostile_page_gets_nothing_done(
    browser: Browser, place: Place, room: Room, host: str, enctype: str
) -> None:
    """The victim leads a forum in the same browser; the page is on another port of the same machine: the same site."""
    context = await browser.new_context()
    for role, name, path in ((Role.FACILITATOR, "_desk", "/desk"), (Role.PARTICIPANT, "", "")):
        [ticket] = await make_tickets(room.service.journal, room.code, 1, clock=place.clock, role=role)
        url = place.base + room.base() + path
        await context.add_cookies([{"name": f"forum_{room.code}{name}", "value": ticket.secret, "url": url}])
    before, seq = await room.state(), await room.seq()
    async with a_hostile_site(place.base + room.base(), enctype, "127.0.0.1") as site:
        page = await context.new_page()
        await page.goto(site.replace("127.0.0.1", host))
        await page.wait_for_function("window.said")
        said = await page.evaluate("window.said")
        home = await context.new_page()
        await home.goto(f"{place.base}{room.base('desk')}")
        assert await home.locator("html[data-surface=desk]").count() == 1, "the victim does lead this forum"
    after = await room.state()
    await context.close()

    assert (after.steps, after.people, await room.seq()) == (before.steps, before.people, seq)
    assert (said["desk"], said["phone"]) == ("closed", "closed")
    assert {said[name] for name in ("json", "read", "put")} == {"refused"}
    assert {said["text"], said["form"]} <= {"opaque", "refused"}
    assert said["framed"] == "opaque"


async def test_a_name_that_was_made_to_point_here_gets_nothing(
    browser: Browser, place: Place, room: Room
) -> None:
    """DNS rebinding: the page's own name leads to this server, so that its Origin and Host agree with each other."""
    context = await browser.new_context()
    await context.close()
    port = place.settings.port
    for name in (
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.nip.example",
        "[::ffff:203.0.113.1]",
        "0x7f000001",
    ):
        lines = {"Host": f"{name}:{port}", "Origin": f"http://{name}:{port}", "Connection": "close"}
        async with raw.a_line(port) as page, raw.a_line(port) as post, raw.a_line(port) as socket:
            await page.send(raw.request(f"GET {room.base()}", lines))
            await post.send(raw.request(f"POST {room.base()}/join", lines | {"Content-Length": "0"}))
            await socket.send(
                raw.upgrade(f"{room.base()}/live", port, Host=lines["Host"], Origin=lines["Origin"])
            )
            got = [(await line.head()).split(b" ", 2)[1] for line in (page, post, socket)]
        assert got == [b"421"] * 3, name


async def test_every_route_is_for_this_server_only(visitor: Visitor, room: Room) -> None:
    """Rows 35 and 36 on every route: another Host, another Origin, another port, none, "null", and what browsers say."""
    cookies, before = await every_cookie(room), await room.seq()
    port = room.place.settings.port
    foreign = {
        "another site": {"origin": "https://evil.example"}, "null": {"origin": "null"}, "none": {"origin": ""},
        "another port": {"origin": f"http://localhost:{port + 1}"}, "another scheme": {"origin": f"https://localhost:{port}"},
        "another name": {"origin": f"http://127.0.0.1:{port}"}, "Sec-Fetch": {"sec-fetch-site": "same-site"},
        "cross": {"sec-fetch-site": "cross-site"},
    }  # fmt: skip
    for method, template in ROUTES:
        path = (
            template.replace("{code}", room.code)
            .replace("{kind}", "plan.md")
            .replace("{deed}", "erase")
            .replace("{name}", "SayDone")
        )
        path = path.replace("{version}/{path:path}", "x/y.js")
        if method in ("GET", "POST"):
            answer = await visitor.http.request(
                method, path, headers={"host": "evil.example", "cookie": cookies}
            )
            assert answer.status_code == 421, (method, path)
        if method == "POST":
            for why, headers in foreign.items():
                answer = await visitor.post(path, headers=headers | {"cookie": cookies} | JSON)
                assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin"), (why, path)
        if method == "SOCKET":
            for why, headers in foreign.items():
                async with raw.a_line(port) as line:
                    more = {"Cookie": cookies} | {
                        name.title().replace("-", "_"): value for name, value in headers.items()
                    }
                    await line.send(raw.upgrade(path, port, **more))
                    assert b" 403 " in (await line.head()).split(b"\r\n")[0], (why, path)

    assert await room.seq() == before


# --- what every answer forbids


async def every_answer(visitor: Visitor, room: Room) -> AsyncIterator[tuple[str, dict[str, str], str]]:
    """An answer of every kind: every route with and without access, and every kind of refusal."""
    cookies = await every_cookie(room)
    for method, template in ROUTES:
        if method == "SOCKET" or template == "/demo":
            continue
        path = (
            template.replace("{code}", room.code)
            .replace("{kind}", "plan.csv")
            .replace("{deed}", "erase")
            .replace("{name}", "SayDone")
        )
        path = path.replace("{version}/{path:path}", "x/y.js")
        params = {"cid": a_cid(), "wait": "0"} if "changes" in path else {}
        for headers in ({}, {"cookie": cookies}, JSON | {"cookie": cookies}):
            room.place.clock.crank(60)
            if method == "GET":
                answer = await visitor.get(path, params=params, headers=headers)
            else:
                answer = await visitor.post(path, headers=headers)
            yield f"{method} {path} {answer.status_code}", dict(answer.headers), answer.text
    wrong = [
        ("GET", "/nowhere", {}), ("PUT", "/", {}), ("POST", "/help", {}), ("GET", "/" + "x" * 3000, {}), ("GET", "/?token=x", {}),
        ("GET", "/", {"host": "evil.example"}), ("POST", "/lang", {"origin": "null"}), ("GET", "/f/ZZZZZZ", {}), ("GET", "/f/x", {}),
        ("POST", "/lang", {"content-type": "text/plain"}), ("POST", "/lang", {"content-length": "999999"}),
        ("GET", "/static/x/../../README.md", {}),
    ]  # fmt: skip
    for method, path, sent in wrong:
        content = b"x" * 999999 if "content-length" in sent else b""
        headers = {name: value for name, value in sent.items() if name != "content-length"}
        answer = await visitor.http.request(method, path, headers=headers, content=content)
        assert answer.status_code >= 400, path
        yield f"{method} {path[:40]} {answer.status_code}", dict(answer.headers), answer.text


async def test_every_answer_of_every_kind_binds_the_browser(visitor: Visitor, room: Room) -> None:
    nonces = []
    seen = set()
    async for what, headers, body in every_answer(visitor, room):
        policy = headers.get("content-security-policy", "")
        assert policy, (what, headers, body[:200])
        rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
        seen.add(what.rpartition(" ")[2])
        small = what.endswith(
            "/desk/wall 200"
        )  # the wall at the desk: framed by our own pages, and holds no control
        for name, value in HEADERS.items():
            ours = "SAMEORIGIN" if small and name == "x-frame-options" else value
            assert headers[name] == ours, (what, name)
        assert rules["frame-ancestors"] == ("'self'" if small else "'none'"), what
        assert not (small and re.search("<(?:a|button|input|form|select)\\b", body)), what
        assert rules["default-src"] == "'none'", what
        assert re.fullmatch(r"'nonce-[\w-]{20,}' 'strict-dynamic' 'self'", rules["script-src"]), what
        assert rules["style-src"] == "'self'"
        assert {rules[r] for r in ("object-src", "base-uri")} == {"'none'"}
        assert rules["form-action"] == "'self'"
        assert not re.search(r"unsafe|https?:|\*", policy), what
        assert headers["cache-control"] == "no-store", what
        assert "server" not in headers
        assert "x-powered-by" not in headers
        if headers.get("content-type", "").startswith("text/html"):
            nonces.append(rules["script-src"].split("'")[1])
            assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", body), (
                what
            )
            assert not re.search(r"""(?:src|href|action)=["']?(?:https?:)?//(?!localhost)""", body), what
            for script in re.findall(r"<script[^>]*>", body):
                assert f'nonce="{nonces[-1].removeprefix("nonce-")}"' in script, what

    assert len(set(nonces)) == len(nonces)
    assert {"200", "303", "400", "401", "403", "404", "405", "413", "414", "415", "421", "422"} - seen <= {
        "401",
        "422",
    }


async def test_a_mistake_of_ours_binds_the_browser_too(place: Place, visitor: Visitor, room: Room) -> None:

    usual = place.app.state.service
    place.app.state.service = dataclasses.replace(usual, health=None)
    try:
        answer = await visitor.get("/readyz")
    finally:
        place.app.state.service = usual

    assert answer.status_code == 500
    assert "nonce-" in answer.headers["content-security-policy"]
    assert all(answer.headers[name] == value for name, value in HEADERS.items())
    assert answer.headers["cache-control"] == "no-store"
    assert "TypeError" not in answer.text
    assert ".py" not in answer.text


# --- an address that is no loopback


@pytest.fixture(scope="module")
async def on_the_lan(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Place, str]]:
    """A server that phones could reach, and its address as they would type it."""
    found = lan_addresses()
    if not found:
        pytest.skip("this machine has no address but its own loopback")
    async with a_place(tmp_path_factory.mktemp("lan") / "data", host="0.0.0.0", proxies=()) as place:
        yield place, f"http://{found[0]}:{place.settings.port}"


async def test_on_plain_http_in_a_venue_people_come_in_write_and_are_safe_from_other_sites(
    browser: Browser, on_the_lan: tuple[Place, str]
) -> None:
    """No secure context, no Sec-Fetch headers, cookies without Secure: all that loopback hides."""
    place, origin = on_the_lan
    opened = await open_forum(place.service.journal, agendas()["forum-eclair"], clock=place.clock)
    room = Room(place, opened)
    await room.lead("OpenStep", step="ideas")
    phone = await arrive(browser, Participant, PHONE, locale="fr-FR")
    await phone.join(f"{origin}{room.base()}", "Camille")
    await phone.is_live()
    await phone.write("Une idée sans internet")
    await phone.sees("Une idée sans internet")
    secure = await phone.page.evaluate("isSecureContext")
    [cookie] = [c for c in await phone.context.cookies() if c["name"].startswith("forum_")]
    before = await room.seq()
    async with a_hostile_site(
        f"{origin}{room.base()}", "text/plain", origin.split("/")[2].split(":")[0]
    ) as site:
        page: Page = await phone.context.new_page()
        await page.goto(site)
        await page.wait_for_function("window.said")
        said = await page.evaluate("window.said")
    await expect(phone.page.locator("html[data-link=live]")).to_have_count(1)
    faults = phone.faults
    await phone.context.close()

    assert secure is False
    assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (
        False,
        True,
        "Lax",
        room.base(),
    )
    assert (said["desk"], said["phone"]) == ("closed", "closed")
    assert await room.seq() == before
    assert faults == []


async def test_a_page_takes_its_secret_out_of_the_address_and_sends_it_to_nobody(
    browser: Browser, place: Place, room: Room
) -> None:
    """The address bar, the referrer, the history, what was asked for: the fragment is in none of them."""
    context = await browser.new_context()
    page = await context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url + str(request.headers)))
    await page.goto(f"{place.base}{room.base('desk')}#{room.opened.desk}")
    await page.locator("html[data-surface=desk]").wait_for()
    await page.locator("html[data-link=live]").wait_for()
    bar = page.url
    await page.goto(f"{place.base}/help")
    referrer = await page.evaluate("document.referrer")
    await page.go_back()
    back = page.url
    await context.close()

    assert room.opened.desk not in bar + referrer + back
    assert not [line for line in asked if room.opened.desk in line.partition("#")[0]]


async def test_two_roles_in_one_browser_change_nothing_of_each_other(
    browser: Browser, place: Place, room: Room
) -> None:
    """A screen's link opened on the facilitator's laptop, in another tab: neither is raised nor lowered."""
    context = await browser.new_context()
    desk, screen = await context.new_page(), await context.new_page()
    await desk.goto(f"{place.base}{room.base('desk')}#{room.opened.desk}")
    await desk.locator("html[data-surface=desk][data-link=live]").wait_for()
    await screen.goto(f"{place.base}{room.base('screen')}#{room.opened.screen}")
    await screen.locator("html[data-surface=screen][data-link=live]").wait_for()
    await desk.reload()
    await desk.locator("html[data-surface=desk][data-link=live]").wait_for()
    links = await screen.evaluate(
        "[...document.querySelectorAll('a[href], form[action]')].map(e => e.href || e.action)"
    )
    await context.close()

    assert not [link for link in links if "/desk" in link or "/staff" in link], "the wall leads nowhere"
