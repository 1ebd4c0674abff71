"""Every role, every command, every route: what each may is in the tables of ``allowed``, and nothing else is possible."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any, Final

import msgspec
import pytest
from starlette.routing import Route, WebSocketRoute

from forum.domain import records
from forum.domain.kernel import NOBODY as KERNEL_NOBODY
from forum.domain.kernel import Millis, PhotographId, Record
from forum.domain.photographs.part import PhotographAdded
from forum.domain.roles import MAY, Role
from forum.domain.room import COMMANDS, FROM_SERVER, Refused
from forum.domain.state import State
from forum.opening import agendas, make_tickets, open_forum
from forum.places import static_dir
from forum.web.identity import SURFACE_OF, SURFACES, TRIAL, Surface, base_path
from forum.web.routes import routes
from forum.web.static import Static
from tests.attack.allowed import BODIES, FORM_DOOR, JUDGED_BY_RULES, NOBODY, PLANTED, ROUTES, TAKES_FILES
from tests.attack.doors import JSON
from tests.toysheet import known
from tests.web.conftest import Place, Room, Visitor, a_cid, a_ticket

NOT_EFFECTS: Final = {"seq", "at", "tabs", "touched", "space"}


def all_routes() -> Iterator[tuple[str, str]]:
    for route in routes(Static(static_dir())):
        if isinstance(route, WebSocketRoute):
            yield "SOCKET", route.path
        else:
            assert isinstance(route, Route)
            yield from ((method, route.path) for method in sorted((route.methods or set()) - {"HEAD"}))


def surface_of(path: str) -> Surface:
    """The surface whose cookie an address below a forum asks for."""
    part = path.removeprefix("/f/{code}").strip("/").partition("/")[0]
    return part if part in ("screen", "desk", "staff") else "phone"  # type: ignore[return-value]


def effects(state: State) -> dict[str, Any]:
    return {name: value for name, value in msgspec.structs.asdict(state).items() if name not in NOT_EFFECTS}


def refused_bodies(role: Role) -> list[str]:
    return [kind for kind in BODIES if role not in MAY[kind]]


async def somebody(room: Room, role: Role) -> tuple[str, str]:
    """A cookie's value and the base of its surface, of somebody with a name."""
    [ticket] = await make_tickets(room.service.journal, room.code, 1, clock=room.place.clock, role=role)
    await room.service.journal.set_name(room.code, ticket.person, PLANTED)
    return ticket.secret, room.base(SURFACE_OF.get(role, "phone"))


def cookie_of(room: Room, surface: Surface, value: str) -> str:
    return f"forum_{room.code}={value}" if surface == "phone" else f"forum_{room.code}_{surface}={value}"


async def every_cookie(room: Room) -> str:
    """What a browser holds in which somebody is everything at once."""
    held = []
    for role in (Role.PARTICIPANT, Role.SCREEN, Role.FACILITATOR, Role.STAFF):
        value, _ = await somebody(room, role)
        held.append(cookie_of(room, SURFACE_OF.get(role, "phone"), value))
    return "; ".join(held)


@pytest.fixture
async def room(place: Place) -> AsyncIterator[Room]:
    """A forum with something of everything in it, before an open board."""
    opened = await open_forum(
        place.service.journal, agendas()["forum-eclair"], title=PLANTED, clock=place.clock
    )
    room = Room(place, opened)
    await room.lead("OpenStep", step="ideas")
    await room.lead("PostIdea", id="idea0001", text=PLANTED, step="ideas")
    await room.lead("MakeAxis", axis="axis0001", title=PLANTED)
    await room.lead("MakeAction", action="action01", axis="axis0001", title=PLANTED)
    title = {"fr": PLANTED, "en": PLANTED}
    await a_photograph_in(room)
    with known():
        await room.lead(
            "InsertStep", step="recipes1", settings={"kind": "sheet", "what": "recipe"}, title=title
        )
        fields = {"dish": PLANTED}
        await room.lead("MakeSheet", sheet="sheet001", schema="recipe", step="recipes1", fields=fields)
        place.clock.crank(600)
        yield room


async def a_photograph_in(room: Room) -> None:
    """Photo001, as a photograph of which the fact and the picture are there."""
    journal, shown = room.service.journal, await room.service.hub.shown(room.code)
    added = PhotographAdded(PhotographId("photo001"), "0" * 64, 9, 9, 9, PLANTED)
    await journal.photographs.keep(room.code, "photo001", b"\xff\xd8", room.place.clock())
    body = records.encode(Record(added, KERNEL_NOBODY, Millis(room.place.clock())))
    await journal.append(room.code, shown.head, [("operator-photo001:1", body)])


def test_every_command_and_every_route_has_its_line_here() -> None:
    assert BODIES.keys() == COMMANDS.keys() - FROM_SERVER
    assert BODIES.keys() == MAY.keys()
    assert set(ROUTES) == set(all_routes())


@pytest.mark.parametrize("role", Role)
async def test_every_command_by_every_role_at_every_door_is_judged_by_the_table(
    visitor: Visitor, room: Room, role: Role, caplog: pytest.LogCaptureFixture
) -> None:
    value, base = await somebody(room, role)
    surface = SURFACE_OF.get(role, "phone")
    cookie = cookie_of(room, surface, value)
    refused, may = refused_bodies(role), [kind for kind in BODIES if role in MAY[kind]]
    before, seq = effects(await room.state()), await room.seq()
    doors = [by_json if surface == "staff" else by_socket, by_form if role in FORM_DOOR else by_json]

    for door in doors:
        room.place.clock.crank(3600)
        got = dict(zip(refused, await door(visitor, room, base, cookie, refused), strict=True))
        assert got == dict.fromkeys(refused, "forbidden"), door.__name__
    entries = [entry for entry in await room.service.journal.read(room.code) if entry.seq > seq]
    facts = [records.decode(entry.body).fact for entry in entries]

    assert effects(await room.state()) == before
    assert len(facts) == len(refused) * len(doors)
    assert all(isinstance(fact, Refused) and fact.code == "forbidden" for fact in facts)
    assert not any(PLANTED.encode() in entry.body for entry in entries)
    assert caplog.text.count("'event': 'forbidden'") == len(facts)
    assert PLANTED not in caplog.text
    assert value not in caplog.text

    room.place.clock.crank(3600)  # what may be asked is judged by its own rules, never by the role
    assert "forbidden" not in await doors[0](visitor, room, base, cookie, may)


async def by_json(visitor: Visitor, room: Room, base: str, cookie: str, kinds: list[str]) -> list[str]:
    answers = []
    for kind in kinds:
        room.place.clock.crank(1)
        answers.append((await visitor.op(base, kind, cookie=cookie, **BODIES[kind])).get("code", ""))
    return answers


async def by_form(visitor: Visitor, room: Room, base: str, cookie: str, kinds: list[str]) -> list[str]:
    answers = []
    for kind in kinds:
        room.place.clock.crank(1)
        fields = {"ticket": a_ticket(), **dict(_flat(BODIES[kind]))}
        said = await visitor.post(f"{base}/commands/{kind}", fields, headers=JSON | {"cookie": cookie})
        answers.append(said.json().get("code", ""))
    return answers


async def by_socket(visitor: Visitor, room: Room, base: str, cookie: str, kinds: list[str]) -> list[str]:
    answers = []
    async with visitor.socket(base, cookie) as talk:
        await talk.hello()
        for n, kind in enumerate(kinds, 1):
            room.place.clock.crank(1)
            body = {"from": n} if kind == "Skip" else BODIES[kind]
            await talk.say(t="op", n=n, k=kind, b=body)
            answers.append((await talk.hear("ack", "nack")).get("code", ""))
    return answers


def _flat(body: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in body.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}", deeper) for inner, deeper in value.items())
        else:
            yield name, value


@pytest.mark.parametrize("role", [*Role, None])
async def test_every_route_is_for_the_roles_of_its_line_and_for_the_cookie_of_its_surface(
    visitor: Visitor, room: Room, role: Role | None
) -> None:
    """Whoever it is shows their cookie under the name of every surface, as only a liar would."""
    value, own = (
        ("x" * 22, "") if role is None else (await somebody(room, role))[0],
        SURFACE_OF.get(role, "phone"),
    )  # type: ignore[call-overload]
    if role is None:
        own = ""
    forged = "; ".join(cookie_of(room, surface, value) for surface in SURFACES)
    wrong: list[tuple[str, str, str]] = []
    for (method, template), roles in ROUTES.items():
        if roles is None or template.endswith("/commands/{name}"):
            continue
        room.place.clock.crank(60)
        before = effects(await room.state())
        path = (
            template.replace("{code}", room.code)
            .replace("{action}", "action01")
            .replace("{kind}", "plan.md")
            .replace("{deed}", "erase")
            .replace("{photograph}", "photo001")
        )
        invited = surface_of(template) == own and role in roles
        got = await _knock(visitor, method, path, forged)
        if got[0] == 200 or got[0] in (201, 303, 422):
            # whoever may ask is refused by a rule: nobody came lately, nobody is named, no address was left, no file chosen
            judged = template.endswith(JUDGED_BY_RULES)
            let_in = (got[0] != 422 or judged) and "forbidden" not in got[1]
        else:
            let_in = False
        shells = (
            base_path("{code}", own or "phone"),
            "/f/{code}/desk/wall",
        )  # which hold that word themselves
        if let_in != invited and not (method == "GET" and template in shells):
            wrong.append((method, template, f"{got[0]} {got[1][:80]}"))
        if not invited:
            assert effects(await room.state()) == before, template
            inside = surface_of(template) == own  # they see the forum's title there
            assert inside or f"{PLANTED}</" not in got[1] or "/enter" in got[1] or "/join" in got[1], template

    assert wrong == []


async def _knock(visitor: Visitor, method: str, path: str, cookie: str) -> tuple[int, str]:
    headers = JSON | {"cookie": cookie}
    if method == "SOCKET":
        async with visitor.socket(path.removesuffix("/live"), cookie) as talk:
            try:
                await talk.say(t="hello", v=1, cid=a_cid())
                return (200, (await talk.hear("welcome"))["mode"])
            except Exception:  # noqa: BLE001  closed: the code says why
                return (await talk.ended(), "")
    if method == "GET":
        headers = headers if path.endswith(("changes", "health")) else headers | {"accept": "text/html"}
        answer = await visitor.get(
            path, headers=headers, params={"cid": a_cid(), "wait": 0} if "changes" in path else None
        )
    else:
        fields = {"name": PLANTED, "action": "action01", "role": "screen", "ticket": a_ticket()}
        fields = {"ticket": a_ticket()} if "/data/" in path else fields
        if path.endswith(
            "/pilot"
        ):  # by now several have the planted name: whom is meant would be asked (J12)
            fields["name"] = ""
        answer = await visitor.post(path, fields, headers=headers)
    if method == "GET" and ("/enter" in answer.text or "/join" in answer.text) and answer.status_code == 200:
        return (401, answer.text)  # the way in, not the page
    return (answer.status_code, answer.text)


async def test_no_capability_of_one_forum_opens_another(visitor: Visitor, room: Room) -> None:
    agenda = agendas()["forum-eclair"]
    other = Room(room.place, await open_forum(room.service.journal, agenda, clock=room.place.clock))
    before = effects(await room.state())
    for role in Role:
        value, _ = await somebody(other, role)
        forged = "; ".join(cookie_of(room, surface, value) for surface in SURFACES)
        for (method, template), roles in ROUTES.items():
            if roles is None:
                continue
            path = (
                template.replace("{code}", room.code)
                .replace("{action}", "action01")
                .replace("{kind}", "plan.md")
                .replace("{deed}", "erase")
                .replace("{photograph}", "photo001")
                .replace("{name}", "SayDone")
            )
            status, text = await _knock(visitor, method, path, forged)
            assert status in (401, 404, 410, 4401), (role, method, template, status)
            assert "idea0001" not in text
    secrets = (other.opened.desk, other.opened.screen, other.opened.staff)
    entered = [(await visitor.post(f"{room.base('desk')}/enter", {"secret": s})).status_code for s in secrets]

    assert entered == [404] * 3
    assert effects(await room.state()) == before


async def test_every_get_leaves_everything_as_it_was(visitor: Visitor, room: Room) -> None:
    """As a crawler, a mail scanner or a link preview comes: without a cookie, then with every cookie there is."""
    store = room.service.journal
    cookies = await every_cookie(room)
    before = (
        await room.seq(),
        await store.names(room.code),
        await store.keys(room.code),
        await store.forums(),
    )
    for method, template in ROUTES:
        if method != "GET":
            continue
        path = (
            template.replace("{code}", room.code)
            .replace("{action}", "action01")
            .replace("{kind}", "plan.md")
            .replace("{deed}", "erase")
            .replace("{version}/{path:path}", "x/y.js")
        )
        room.place.clock.crank(10)  # nobody looks so fast as to wait for their turn
        for headers in ({}, {"cookie": cookies}, {"user-agent": "Googlebot/2.1", "cookie": cookies}):
            for asked in (visitor.http.get, visitor.http.head):
                params = {"cid": a_cid(), "wait": "0"} if "changes" in path else {}
                answer = await asked(path, headers=headers, params=params)
                assert answer.status_code < 500, path
                handed = answer.headers.get("set-cookie", "")  # a way in has one to try, which says nothing
                assert not handed or handed.startswith(f"{TRIAL}=1; "), path

    assert before == (
        await room.seq(),
        await store.names(room.code),
        await store.keys(room.code),
        await store.forums(),
    )


async def test_every_route_takes_only_its_own_methods(visitor: Visitor, room: Room) -> None:
    by_path: dict[str, set[str]] = {}
    for method, path in ROUTES:
        by_path.setdefault(path, set()).add(method)
    before = await room.seq()
    for template, methods in by_path.items():
        path = (
            template.replace("{code}", room.code)
            .replace("{action}", "action01")
            .replace("{kind}", "plan.md")
            .replace("{deed}", "erase")
            .replace("{name}", "SayDone")
        )
        path = path.replace("{version}/{path:path}", "x/y.js")
        others = {
            "OPTIONS",
            "TRACE",
            "PUT",
            "DELETE",
            "PATCH",
            "CONNECT",
            "PROPFIND",
            "GET",
            "POST",
        } - methods
        if "GET" not in methods:
            others |= {"HEAD"}
        for method in sorted(others):
            if method == "CONNECT" or (methods == {"SOCKET"} and method in ("GET", "HEAD", "POST")):
                continue
            assert (await visitor.http.request(method, path)).status_code == 405, (method, path)

    assert await room.seq() == before


async def test_every_route_reads_its_own_kind_of_body_only(visitor: Visitor, room: Room) -> None:
    """Row 62: what a form of another site could send without asking is read nowhere but from our own origin."""
    cookies = await every_cookie(room)
    before = effects(await room.state())
    for (method, template), whose in ROUTES.items():
        if method != "POST" or whose == NOBODY:  # who has no business there is sent away unread
            continue
        path = (
            template.replace("{code}", room.code)
            .replace("{action}", "action01")
            .replace("{name}", "SayDone")
            .replace("{deed}", "erase")
        )
        for media in (
            "text/plain",
            "",
            "application/xml",
            "text/plain; application/json",
            "multipart/form-data; boundary=x",
        ):
            content = b'{"cid":"abcdefghijklmnop","n":1,"b":{},"name":"x","agenda":"forum-eclair"}'
            if media.startswith("multipart") and path.endswith(("/check", "/import")):
                continue  # a receipt is a file, and a table
            headers = {"content-type": media, "cookie": cookies}
            answer = await visitor.http.post(path, content=content, headers=headers)
            reads = template in TAKES_FILES and media.startswith("multipart/")
            assert answer.status_code == (400 if reads else 415), (path, media, answer.status_code)

    assert effects(await room.state()) == before


async def test_what_is_refused_on_two_sockets_at_once_is_refused_twice(visitor: Visitor, room: Room) -> None:
    """No race between two connections of one screen turns a refusal into an effect."""
    value, base = await somebody(room, Role.SCREEN)
    cookie = cookie_of(room, "screen", value)
    before = effects(await room.state())
    answers = await asyncio.gather(
        *(visitor.op(base, "OpenStep", cookie=cookie, step="sort") for _ in range(20))
    )

    assert {answer["code"] for answer in answers} == {"forbidden"}
    assert effects(await room.state()) == before
