"""The doors of the toy room: its pages, forms, polls and sockets, on a port of this machine."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import escape

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from forum.places import static_dir
from forum.web.static import Static
from tests.browser.client.toyroom import BASE, CODE, HOST, Fragment, Frame, Room, send

SERVED = Static(static_dir())  # as phones get them
WORDS = {
    "live": "Connected.",
    "unsaved": "Nothing new is being saved.",
    "waiting": "Connecting…",
    "sending": "Sending: {count} waiting.",
    "stale": "Reconnecting…",
    "offline": "No network.",
    "memory": "This browser keeps nothing.",
    "full": "Too much is waiting.",
    "refused": "Not saved.",
    "returned": "Here is your text:",
    "changed": "This button has just changed.",
    "gone": "“{what}” is no longer there.",
    "gone-option": "{what} (gone)",
    "unticked": "No longer ticked: {what}",
    "kept-here": "It is kept above.",
    "left": "{n} left",
    "over": "{n} too many",
    "long": "Too long by {n}.",
    "lost": "The store had lost this:",
    "ended": "Your access has ended.",
    "forbidden": "You may not open this page.",
    "missing": "No such forum.",
    "closed": "This forum is closed.",
    "old": "This page has been renewed.",
    "yes": "Yes",
    "no": "Cancel",
    "ok": "Understood",
    "time-low": "{time} left.",
    "time-over": "Time is up.",
}
PENDING = '<template id="tpl-pending-card"><li class="waiting"><p data-text></p></li></template>'
EARLIER = f'<template id="tpl-earlier"><li data-earlier><a href="{BASE}/cards">Earlier</a></li></template>'

ENTERED = (
    '<section id="entered" hidden></section><template id="tpl-entered"><div><label></label><textarea readonly></textarea>'
    '<button type="button" data-copy data-done="Copied">Copy</button>'
    '<button type="button" data-leave-out>Leave it out</button><span data-said></span></div></template>'
)


class Doors:
    """What a browser asks of a toy room."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def document(self) -> tuple[str, str]:
        nonce = secrets.token_urlsafe(12)
        words = " ".join(f'data-words-{key}="{escape(text)}"' for key, text in WORDS.items())
        inner = ""
        children: dict[str, list[tuple[str, str]]] = {}
        everything = [(k, f.place, f.order, f.html) for k, f in self._room.fragments.items()]
        everything += [(k, *rest) for k, rest in self._room.mine.items()]
        for _, place, order, html in reversed(everything):
            children.setdefault(place, []).insert(0, (order, filled(html, children)))
        inner = "".join(html for _, html in sorted(children.get("root", []), key=lambda one: one[0]))
        return nonce, (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Toy</title>'
            f'<script nonce="{nonce}">{self._room.first}</script>'
            f'<script type="module" nonce="{nonce}" src="/static/0a1b/js/whole-live.js"></script></head>'
            f'<body data-code="{CODE}" data-base="{BASE}" data-surface="{self._room.surface}" data-lang="en"'
            f' data-gen="{self._room.gen}" data-seq="{self._room.seq}" data-chain="{self._room.chain(self._room.seq)}" data-now=""'
            f' data-person="p1" data-begins="{escape(json.dumps(self._room.begins))}"><p id="link-state" role="status" {words}></p><p data-announce role="status"></p>'
            f'<p id="unsaved"{"" if self._room.unsaved_at_load else " hidden"}>Nothing new is being saved.</p>'
            f'{ENTERED}{self._room.outside}{PENDING}{EARLIER if self._room.leads else ""}<main id="root" data-slots>{inner}</main></body></html>'
        )

    async def page(self, request: Request, status: int = 200) -> Response:
        nonce, html = self.document()
        policy = (
            f"default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'self'; style-src 'self';"
            " connect-src 'self'; base-uri 'none'; form-action 'self'"
        )
        headers = {
            "content-security-policy": policy,
            "referrer-policy": "same-origin",
            "cache-control": "no-store",
        }
        return HTMLResponse(html, status, headers)

    async def landing(self, request: Request) -> Response:
        waits = "data-enter-waits" if self._room.waits else ""
        return HTMLResponse(
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Toy</title>'
            '<script type="module" src="/static/0a1b/js/entry.js"></script></head>'
            f'<body data-enter="{BASE}/desk/enter"><p data-say data-words-entering="Opening…"'
            ' data-words-failed="Paste it again." data-words-offline="No answer."></p>'
            f'<form method="post" action="{BASE}/desk/enter" data-enter-form {waits}>'
            '<input name="name"><input name="secret"><button>Enter</button></form></body></html>'
        )

    async def enter(self, request: Request) -> Response:
        by_script = request.headers["content-type"] == "application/json"
        given = await request.json() if by_script else dict(await request.form())
        self._room.entered.append(given)
        if given["secret"] != "good":
            return JSONResponse({"ok": False, "msg": "This link has ended."}, 403)
        return JSONResponse({"ok": True, "location": BASE}) if by_script else RedirectResponse(BASE, 303)

    async def command(self, request: Request) -> Response:
        if request.headers["content-type"] != "application/json":
            return await self._by_form(request)
        if self._room.away:
            return Response(status_code=503)
        body = await request.json()
        op = {"k": request.path_params["kind"], **body}
        verdict = await self._room.judged(body["cid"], op)
        await self._room.tell()
        if verdict["t"] == "ack":
            await self._room.until(lambda: not self._room.late)
        if self._room.answers_to_lose:
            self._room.answers_to_lose -= 1
            return Response(status_code=502)
        return JSONResponse(verdict)

    async def _by_form(self, request: Request) -> Response:
        kind, fields = request.path_params["kind"], dict(await request.form())
        self._room.posted.append((kind, fields))
        await self._room.happened()
        return (
            await self.page(request, 409) if self._room.judge(kind, fields) else RedirectResponse(BASE, 303)
        )

    async def changes(self, request: Request) -> Response:
        if self._room.away:
            self._room.unanswered += 1
            return Response(status_code=503)
        query = request.query_params
        at = {"g": int(query["g"]), "s": int(query["s"]), "c": query["c"]}
        self._room.polls += 1
        self._room.versions.append(int(query["v"]))
        await self._room.happened()
        if int(query["wait"]) and at["s"] == self._room.seq:
            try:
                async with asyncio.timeout(int(query["wait"])), self._room.moved:
                    await self._room.moved.wait_for(lambda: self._room.closing or self._room.seq != at["s"])
            except TimeoutError:
                pass
        mode, frames = self._room.catch_up(at)
        return JSONResponse({"frames": [self._room.welcome(query["cid"], mode), *frames]})

    async def live(self, socket: WebSocket) -> None:
        if not self._room.sockets_pass or self._room.away:
            await socket.close(1008)  # before accept: the handshake is refused with 403
            return
        await socket.accept()
        hello = await socket.receive_json()
        self._room.hellos.append(hello)
        cid = hello["cid"]
        mode, frames = self._room.catch_up(hello["resume"])
        await send(socket, self._room.welcome(cid, mode))
        for frame in frames:
            await send(socket, frame)
        self._room.seats[socket] = self._room.seq
        await self._room.happened()
        try:
            while True:
                await self.heard(socket, cid, await socket.receive_json())
        except (WebSocketDisconnect, RuntimeError):  # they have gone, or were cut off
            self._room.seats.pop(socket, None)
            await self._room.happened()

    async def heard(self, socket: WebSocket, cid: str, frame: Frame) -> None:
        match frame["t"]:
            case "op" if self._room.swallows:
                self._room.swallows -= 1
                self._room.arrived.append(frame)
            case "op" if self._room.unreadable and frame["b"].get("text") == self._room.unreadable:
                self._room.arrived.append(frame)
                n = frame["n"] if self._room.number_read else 0
                nack = {
                    "t": "nack",
                    "n": n,
                    "g": self._room.gen,
                    "code": "bad_json",
                    "rule": "W1",
                    "msg": "Unreadable.",
                }
                await send(socket, nack)
            case "op":
                verdict = await self._room.judged(cid, frame)
                if not self._room.mute:
                    await send(socket, verdict)
                await self._room.tell()
            case "need":
                self._room.needs.append(frame["s"])
                frames = [self._room.since(frame["s"])] if frame["s"] else self._room.full()
                for one in frames:
                    await send(socket, one)
                self._room.seats[socket] = self._room.seq
        await self._room.happened()


def filled(html: str, children: dict[str, list[tuple[str, str]]]) -> str:
    """A fragment with its containers' children in them."""
    for place, inner in children.items():
        joined = "".join(child for _, child in sorted(inner, key=lambda one: one[0]))
        html = html.replace(f'id="{place}" data-slots></', f'id="{place}" data-slots>{joined}</')
    return html


@asynccontextmanager
async def served() -> AsyncIterator[Room]:
    """A room with a board, a place for own cards, and an address."""
    room = Room()
    room.fragments["stage"] = Fragment(
        "root",
        "1",
        room.html_of(
            "stage",
            "1",
            '<ol data-long id="board" data-slots></ol><div id="own" data-slots></div>',
            "section",
        ),
        0,
    )
    room.own("my-ideas", "", place="own", tag="ol")
    doors = Doors(room)
    app = Starlette(
        routes=[
            Route(BASE, doors.page),
            Route(f"{BASE}/desk", doors.landing),
            Route(f"{BASE}/desk/enter", doors.enter, methods=["POST"]),
            Route(f"{BASE}/commands/{{kind}}", doors.command, methods=["POST"]),
            Route(f"{BASE}/changes", doors.changes),
            WebSocketRoute(f"{BASE}/live", doors.live),
            Route("/static/{version}/{path:path}", SERVED),
        ]
    )
    config = uvicorn.Config(
        app, port=0, log_level="error", lifespan="off", ws="websockets-sansio", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    listening = config.bind_socket()
    room.address = f"http://{HOST}:{listening.getsockname()[1]}{BASE}"
    serving = asyncio.create_task(server._serve([listening]))
    try:
        yield room
    finally:
        room.closing = True
        await room.happened()
        await room.cut()
        server.should_exit = True
        await serving
