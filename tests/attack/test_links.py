"""Links are capabilities: kept as hashes, told to nobody, taken back at once, and all dead ones look alike."""

import asyncio
import json
import re
import statistics
import time
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from forum.demo.client import Client
from forum.domain.roles import Role
from forum.journal import StoreAddress, open_journal
from forum.opening import DAY_MS, agendas, make_tickets, open_forum, put_link
from forum.web.identity import TRIAL, prefix
from tests.attack.doors import JSON
from tests.servers import ServerProcess, serving
from tests.web.conftest import Place, Room, Visitor, a_cid, a_ticket

IDEA, NAME, THEME = "Zanzibar est une idée plantée", "Quetzalcoatl", "Ouagadougou"
OF_ONE_SERVER = {"FORUM_PUBLIC_URL": "http://forum.test"}


def clock() -> int:
    return time.time_ns() // 1_000_000


# --- taken back


async def test_access_taken_back_ends_open_sockets_on_both_processes_within_a_second(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with AsyncExitStack() as stack:
        journal = await stack.enter_async_context(open_journal(StoreAddress(None, data)))
        opened = await open_forum(journal, agendas()["forum-eclair"], clock=clock)
        [lead, guest] = [
            (await make_tickets(journal, opened.code, 1, clock=clock, role=role))[0]
            for role in (Role.FACILITATOR, Role.FACILITATOR)
        ]
        servers = [await stack.enter_async_context(serving(data, **OF_ONE_SERVER)) for _ in range(2)]
        bases = [f"{server.address}/f/{opened.code}/desk" for server in servers]
        desk = await stack.enter_async_context(Client(bases[0], f"forum_{opened.code}_desk={lead.secret}"))
        guests = [Client(base, f"forum_{opened.code}_desk={guest.secret}") for base in bases]
        for client in guests:
            await stack.enter_async_context(client)
            await client.until(lambda c: c.position is not None)
        ended = [asyncio.ensure_future(client._task) for client in guests if client._task]

        began = time.monotonic()
        assert (await desk.do("RevokeKey", key=prefix(guest.secret))).accepted
        await asyncio.wait_for(asyncio.gather(*ended), 10)
        took = time.monotonic() - began
        late = [await _status(base, f"forum_{opened.code}_desk={guest.secret}") for base in bases]

    assert took < 5, f"{took:.2f} s; one second is the promise, on a machine that does nothing else"
    assert late == [410, 410]


async def _status(base: str, cookie: str) -> int:
    host, _, path = base.removeprefix("http://").partition("/")
    name, _, port = host.partition(":")
    reader, writer = await asyncio.open_connection(name, int(port))
    writer.write(
        f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n".encode()
    )
    line = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return int(line.split()[1])


async def test_L2_who_comes_by_another_link_is_who_they_were_and_what_they_showed_before_opens_nothing_again(
    room: Room, visitor: Visitor
) -> None:
    """A copy of their cookie, taken while the old link was out, does not come back to life with them."""
    service, desk = room.service, room.base("desk")
    old, new = [
        await put_link(service.journal, room.code, 22 * sign, Role.FACILITATOR, service.clock)
        for sign in "ab"
    ]
    await visitor.post(f"{desk}/enter", {"secret": 22 * "a", "name": "Nadia", "ticket": a_ticket()})
    copied = "; ".join(f"{one.name}={one.value}" for one in visitor.http.cookies.jar)
    await room.lead("RevokeKey", key=old.via)
    dead = await visitor.get(desk)
    back = [await visitor.post(f"{desk}/enter", {"secret": 22 * "b", "ticket": a_ticket()}) for _ in range(2)]
    page = await visitor.get(desk)
    async with room.place.visitor() as thief:
        stolen = await thief.get(desk, headers={"cookie": copied})
        stranger = await thief.post(f"{desk}/enter", {"secret": 22 * "b", "ticket": a_ticket()})
    state = await room.state()
    nadia = [
        person
        for person in state.links.by_key[old.via].people
        if person in state.links.by_key[new.via].people
    ]

    assert [answer.status_code for answer in (dead, *back, page, stolen, stranger)] == [
        410,
        303,
        303,
        200,
        410,
        303,
    ]
    assert len(nadia) == 1
    assert f'data-person="{nadia[0]}"' in page.text
    assert (await service.hub.shown(room.code)).view.name(nadia[0]) == "Nadia"
    assert len(state.links.by_key[new.via].people) == 2


# --- all dead ones look alike


async def test_a_secret_that_opens_nothing_is_told_in_the_same_words_whatever_the_reason(
    place: Place, room: Room, visitor: Visitor
) -> None:
    """Never was, of another forum, a cookie, expired, taken back: one text, so that nobody learns which it is."""
    other = await open_forum(place.service.journal, agendas()["forum-eclair"], clock=place.clock)
    await visitor.post(f"{room.base('screen')}/enter", {"secret": room.opened.screen, "ticket": a_ticket()})
    cookie = next(c.value for c in visitor.http.cookies.jar if c.name != TRIAL)
    await room.lead("RevokeKey", key=prefix(room.opened.screen))
    dead = {
        "unknown": "x" * 22,
        "other forum": other.desk,
        "cookie": cookie,
        "revoked": room.opened.screen,
        "form": "../etc",
    }
    async with place.visitor() as stranger:
        said = {
            why: await stranger.post(f"{room.base('desk')}/enter", {"secret": s}, headers=JSON)
            for why, s in dead.items()
        }
        pages = {
            why: await stranger.post(f"{room.base('desk')}/enter", {"secret": s}) for why, s in dead.items()
        }
        place.clock.crank(401 * DAY_MS / 1000)
        said["expired"] = await stranger.post(f"{room.base('desk')}/enter", {"secret": cookie}, headers=JSON)

    assert {answer.content for answer in said.values()} == {said["unknown"].content}
    assert {_without_ticket(page.text) for page in pages.values()} == {_without_ticket(pages["unknown"].text)}
    assert {answer.status_code for answer in said.values()} <= {404, 410}
    assert not any("set-cookie" in answer.headers for answer in said.values())


def _without_ticket(page: str) -> str:
    return re.sub(r'(nonce|value)="[^"]{16,40}"', "", page)


async def test_the_time_that_a_dead_cookie_takes_tells_no_more(
    place: Place, room: Room, visitor: Visitor
) -> None:
    """Medians of the same class; a bound so wide that only another way of answering would show."""
    await visitor.post(f"{room.base()}/join")
    cookie = next(c.value for c in visitor.http.cookies.jar if c.name != TRIAL)
    [person] = [p.id for p in (await room.state()).people.by_id.values() if p.role is Role.PARTICIPANT]
    await room.lead("RemovePerson", person=person)
    took: dict[str, list[float]] = {"unknown": [], "removed": []}
    async with place.visitor() as stranger:
        for _ in range(15):
            for why, value in (("unknown", "x" * 22), ("removed", cookie)):
                began = time.perf_counter()
                answer = await stranger.op(
                    room.base(), "SayDone", cookie=f"forum_{room.code}={value}", cid=a_cid()
                )
                took[why].append(time.perf_counter() - began)
                assert answer["status"] in (200, 410)
    unknown, removed = (statistics.median(times) for times in took.values())

    assert abs(unknown - removed) < 0.2


# --- cookies


@pytest.mark.parametrize(
    ("name", "origin", "secure"),
    [
        ("https", "https://forum.example", True),
        ("loopback", "http://127.0.0.1", False),
        ("this machine", "http://localhost", False),
    ],
)
async def test_a_cookie_is_for_one_surface_of_one_forum_and_for_no_script(
    second: Place, name: str, origin: str, secure: bool
) -> None:
    opened = await open_forum(second.service.journal, agendas()["forum-eclair"], clock=second.clock)
    headers = {"host": origin.partition("//")[2], "origin": origin}
    secrets = {"desk": opened.desk, "screen": opened.screen, "staff": opened.staff}
    async with second.visitor() as visitor:
        given = {
            surface: await visitor.post(
                f"/f/{opened.code}/{surface}/enter", {"secret": secret}, headers=headers
            )
            for surface, secret in secrets.items()
        }
        given["phone"] = await visitor.post(f"/f/{opened.code}/join", headers=headers)
        lang = await visitor.post("/lang", {"lang": "en", "back": "/"}, headers=headers)
    for surface, answer in given.items():
        header = answer.headers["set-cookie"]
        path = f"/f/{opened.code}" + ("" if surface == "phone" else f"/{surface}")
        suffix = "" if surface == "phone" else f"_{surface}"
        parts = {part.strip().lower() for part in header.split(";")}
        assert header.startswith(("__Secure-" if secure else "") + f"forum_{opened.code}{suffix}="), name
        assert {"httponly", "samesite=lax", f"path={path.lower()}"} <= parts
        assert ("secure" in parts) == secure
        assert not any(part.startswith("domain") for part in parts)
        assert ("strict-transport-security" in answer.headers) == secure
    assert "httponly" in lang.headers["set-cookie"].lower()


async def test_under_https_a_cookie_that_plain_http_could_have_written_opens_nothing(second: Place) -> None:
    opened = await open_forum(second.service.journal, agendas()["forum-eclair"], clock=second.clock)
    [desk] = await make_tickets(
        second.service.journal, opened.code, 1, clock=second.clock, role=Role.FACILITATOR
    )
    public = {"host": "forum.example", "origin": "https://forum.example"}
    async with second.visitor() as visitor:
        got = [
            (
                await visitor.get(
                    f"/f/{opened.code}/desk", headers=public | {"cookie": f"{name}={desk.secret}"}
                )
            ).text
            for name in (f"forum_{opened.code}_desk", f"__Secure-forum_{opened.code}_desk")
        ]

    assert ['data-surface="desk"' in page for page in got] == [False, True]


# --- nothing of it is kept or told


async def test_after_a_whole_forum_neither_store_nor_log_holds_a_secret_and_the_log_holds_no_word_of_anybody(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    secrets: list[str] = []
    tabs: list[str] = []
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(serving(data))
        journal = await stack.enter_async_context(open_journal(StoreAddress(None, data)))
        opened = await open_forum(journal, agendas()["forum-eclair"], title=THEME, clock=clock)
        place = _Remote(server)
        for surface, secret in (("desk", opened.desk), ("screen", opened.screen), ("staff", opened.staff)):
            secrets += [
                secret,
                *await place.enter(f"/f/{opened.code}/{surface}/enter", f"secret={secret}&name={NAME}"),
            ]
        secrets += await place.enter(f"/f/{opened.code}/join", f"name={NAME}")
        values = dict(pair.split("=", 1) for pair in place.cookies)
        base = f"{server.address}/f/{opened.code}"
        desk = await stack.enter_async_context(
            Client(f"{base}/desk", place.cookie(values, f"forum_{opened.code}_desk"))
        )
        phone = await stack.enter_async_context(Client(base, place.cookie(values, f"forum_{opened.code}")))
        tabs += [desk._tab, phone._tab]
        await desk.do("OpenStep", step="ideas")
        assert (await phone.do("PostIdea", id="idea0001", text=IDEA, step="ideas")).accepted
        assert not (await phone.do("PostIdea", id="idea0002", text=IDEA * 20, step="ideas")).accepted
        assert not (await phone.do("OpenStep", step="sort")).accepted
        assert not (await phone.do("EditForum", title=IDEA)).accepted
        await place.break_things(opened.code, values)
        await server.stop()
        await server.start()  # so that what is only in memory is written, and the start is in the log too
    log = server.log.read_text()
    kept = b"".join(p.read_bytes() for p in data.rglob("*") if p.is_file() and not p.is_socket())

    assert len(secrets) == 7
    assert opened.code.encode() in kept
    assert [secret for secret in secrets if secret.encode() in kept] == []
    assert IDEA.encode() in kept, "ideas are what the store is for"
    assert '"forbidden"' in log, "the negative means something only if there is a log"
    assert [secret for secret in secrets if secret in log] == []
    assert [tab for tab in tabs if tab in log] == []
    assert [word for word in (IDEA, NAME, THEME, json.dumps(IDEA)) if word in log] == []
    assert all(json.loads(line)["event"] for line in log.splitlines()), "one JSON object a line"


class _Remote:
    """Plain requests to a server process; keeps every cookie it is given."""

    def __init__(self, server: ServerProcess) -> None:
        self._server = server
        self.cookies: list[str] = []

    def cookie(self, values: dict[str, str], name: str) -> str:
        return f"{name}={values[name]}"

    async def enter(self, path: str, body: str) -> list[str]:
        """Post a form; the values of the cookies given."""
        head = await self.ask("POST", path, body)
        given = [
            line.partition(": ")[2].partition(";")[0]
            for line in head.split("\r\n")
            if line.lower().startswith("set-cookie")
        ]
        assert given, head
        self.cookies += given
        return [pair.partition("=")[2] for pair in given]

    async def ask(self, method: str, path: str, body: str = "", **headers: str) -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._server.port)
        lines = {
            "Host": f"127.0.0.1:{self._server.port}", "Origin": self._server.address, "Connection": "close",
            "Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body.encode())),
        } | headers  # fmt: skip
        writer.write(f"{method} {path} HTTP/1.1\r\n".encode())
        writer.write(
            "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode()
            + b"\r\n"
            + body.encode()
        )
        answer = (await reader.read()).decode("latin-1")
        writer.close()
        await writer.wait_closed()
        return answer

    async def break_things(self, code: str, values: dict[str, str]) -> None:
        """What ends up in a log, if anything does: line breaks in names, agents and addresses, secrets in wrong places."""
        cookie = "; ".join(f"{name}={value}" for name, value in values.items())
        evil = f"{NAME}%0d%0a%7B%22event%22:%22forged%22%7D"
        secret = values[f"forum_{code}_desk"]
        await self.ask("POST", f"/f/{code}/name", f"name={evil}", Cookie=cookie)
        await self.ask("GET", f"/f/{code}/desk?token={secret}", Cookie=cookie)
        await self.ask(
            "GET", f"/{evil}", **{"User-Agent": IDEA, "Cookie": cookie, "Referer": f"http://x/#{secret}"}
        )
        await self.ask("POST", f"/f/{code}/commands/OpenStep", f"step={NAME}", Cookie=cookie)
        await self.ask("POST", f"/f/{code}/enter", f"secret={secret}", Cookie=cookie)
        await self.ask("POST", f"/f/{code}/commands/{evil}", "a=b", Cookie=cookie)
