"""A toy room: a server that speaks the protocol to the browser's modules, and does what a test tells it to.

It numbers, remembers and repeats like the real one, over fragments that are plain HTML. It has no rules: a command is
accepted unless the test said otherwise, and only `PostIdea` shows. Faults are switches: away, deaf, no sockets.
"""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.browser.conftest import NO_SECURE_CONTEXT

STATIC = Path(__file__).parents[3] / "static"
CODE = "TAYCDE"
BASE = f"/f/{CODE}"
HOST = NO_SECURE_CONTEXT
SECONDS = 20.0  # a bound for what must happen

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
COMPOSER = f"""<form method="post" action="{BASE}/commands/PostIdea" data-op="PostIdea">
<input type="hidden" name="ticket" value="t"><input type="hidden" name="id" data-new-id>
<input type="hidden" name="step" value="s1">
<textarea name="text" id="text" data-enter-sends data-draft="text" data-max="20" required></textarea>
<p data-count-for="text" data-words="{{n}} left" data-words-over="{{n}} too many"></p>
<p data-say role="alert"></p><button>Send</button></form>"""
PENDING = '<template id="tpl-pending-card"><li class="waiting"><p data-text></p></li></template>'
EARLIER = f'<template id="tpl-earlier"><li data-earlier><a href="{BASE}/cards">Earlier</a></li></template>'

Frame = dict[str, Any]


@dataclass(frozen=True)
class Fragment:
    """One fragment, and the number at which it last changed."""

    place: str
    order: str
    html: str
    seq: int


@dataclass
class Room:
    """The journal, the page, and the switches."""

    seq: int = 0
    gen: int = 1
    life: str = "a"  # of the history: another one has another chain
    fragments: dict[str, Fragment] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)
    mine: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    outside: str = COMPOSER  # markup of the shell beside #root
    surface: str = "phone"
    tabs: dict[str, list[Frame]] = field(default_factory=dict)  # cid → verdicts of ops 1, 2, …
    contents: dict[tuple[str, int], tuple[str, Any]] = field(default_factory=dict)  # what those ops asked
    accepted: list[tuple[str, int, str, dict[str, Any]]] = field(default_factory=list)
    arrived: list[Frame] = field(default_factory=list)  # every op, however often
    posted: list[tuple[str, dict[str, Any]]] = field(
        default_factory=list
    )  # by the browser itself: kind, fields
    hellos: list[Frame] = field(default_factory=list)
    needs: list[int] = field(default_factory=list)
    polls: int = 0
    unanswered: int = 0  # polls while away
    judge: Callable[[str, dict[str, Any]], str | None] = lambda kind, body: None  # a refusal's sentence
    sockets_pass: bool = True
    away: bool = False
    unsaved: bool = False  # the store takes nothing, says a welcome
    unsaved_at_load: bool = False  # and so it was when the page was drawn
    mute: bool = False  # judges and says nothing
    unreadable: str = ""  # a text with which no op can be read
    number_read: bool = True  # of what cannot be read, its number can
    swallows: int = 0  # the next ops that are not heard at all
    transient: list[str] = field(default_factory=list)  # codes for the next ops, each once
    retry: int = 20
    answers_to_lose: int = 0
    closing: bool = False
    entered: list[dict[str, Any]] = field(default_factory=list)
    waits: bool = False  # the landing page lets a person press
    seats: dict[WebSocket, int] = field(default_factory=dict)
    moved: asyncio.Condition = field(default_factory=asyncio.Condition)
    begins: dict[str, str] = field(default_factory=dict)  # of long lists: from where on the page holds them
    leads: bool = True  # the shell has what leads to earlier cards; before version 4 none had
    versions: list[int] = field(default_factory=list)  # said by polls
    address: str = ""

    def chain(self, seq: int) -> str:
        return f"{self.life}{seq:x}".encode().hex()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until ``holds()``, asked again whenever anything happened."""
        async with asyncio.timeout(SECONDS), self.moved:
            await self.moved.wait_for(holds)

    async def happened(self) -> None:
        async with self.moved:
            self.moved.notify_all()

    # -- the page

    def html_of(self, key: str, order: str, inner: str, tag: str) -> str:
        return f'<{tag} id="{key}" data-order="{order}">{inner}</{tag}>'

    async def put(
        self, key: str, inner: str, *, place: str = "root", order: str = "5", tag: str = "div"
    ) -> None:
        """Put one fragment and tell everybody."""
        self.seq += 1
        self.fragments[key] = Fragment(place, order, self.html_of(key, order, inner, tag), self.seq)
        self.gone.pop(key, None)
        await self.tell()

    async def delete(self, key: str) -> None:
        self.seq += 1
        self.fragments.pop(key)
        self.gone[key] = self.seq
        await self.tell()

    def own(self, key: str, inner: str, *, place: str, order: str = "5", tag: str = "div") -> None:
        self.mine[key] = (place, order, self.html_of(key, order, inner, tag))

    def since(self, seq: int) -> Frame:
        puts = [[k, f.place, f.order, f.html] for k, f in self.fragments.items() if f.seq > seq]
        gone = [k for k, at in self.gone.items() if at > seq]
        head = {"g": self.gen, "from": seq, "to": self.seq, "c": self.chain(self.seq)}
        return {"t": "chg", **head, "put": puts, "del": gone}

    def full(self) -> list[Frame]:
        """Everything, in two parts."""
        puts = [[k, f.place, f.order, f.html] for k, f in self.fragments.items()]
        more = {"begins": self.begins} if self.begins else {}
        head = {"t": "full", **more, "g": self.gen, "to": self.seq, "c": self.chain(self.seq), "parts": 2}
        half = len(puts) // 2
        return [{**head, "part": 1, "put": puts[:half]}, {**head, "part": 2, "put": puts[half:]}]

    def you(self) -> Frame:
        return {"t": "you", "all": True, "put": [[k, *rest] for k, rest in self.mine.items()]}

    def catch_up(self, resume: Frame | None) -> tuple[str, list[Frame]]:
        known = resume is not None and resume["s"] <= self.seq and self.chain(resume["s"]) == resume["c"]
        if resume is None or not known:
            return "full", [*self.full(), self.you()]
        if resume["s"] == self.seq:
            return "current", [self.you()]
        return "changes", [self.since(resume["s"]), self.you()]

    def welcome(self, cid: str, mode: str) -> Frame:
        head = {"g": self.gen, "top": self.seq, "c": self.chain(self.seq)}
        last = len(self.tabs.get(cid, []))
        more = {"unsaved": True} if self.unsaved else {}
        return {"t": "welcome", "v": 2, **head, "mode": mode, "last_n": last, "hb": 10, **more}

    async def tell(self) -> None:
        """Send every seat what changed since it was last told."""
        for seat, at in list(self.seats.items()):
            if self.mute:
                continue
            self.seats[seat] = self.seq
            await send(seat, self.since(at))
            await send(seat, self.you())
        await self.happened()

    async def say(self, frame: Frame) -> None:
        """Send every seat a frame as it is."""
        for seat in list(self.seats):
            await send(seat, frame)

    async def cut(self, code: int = 1012) -> None:
        """Close every socket."""
        for seat in list(self.seats):
            self.seats.pop(seat, None)
            await seat.close(code)

    # -- ops

    async def judged(self, cid: str, op: Frame) -> Frame:
        self.arrived.append(op)
        verdicts = self.tabs.setdefault(cid, [])
        n, last = op["n"], len(verdicts)
        if n <= last and self.contents.get((cid, n), (op["k"], op["b"])) != (op["k"], op["b"]):
            return {"t": "nack", "n": n, "g": self.gen, "code": "conflict", "rule": "O9", "msg": "Taken."}
        if n <= last:
            return {**verdicts[n - 1], "g": self.gen}
        first = op["b"]["from"] if op["k"] == "Skip" else n
        if first != last + 1:
            return {"t": "nack", "n": n, "g": self.gen, "code": "out_of_order", "last": last}
        if self.transient:
            code = self.transient.pop(0)
            msg = "No room." if code == "full" else ""
            return {"t": "nack", "n": n, "g": self.gen, "code": code, "msg": msg, "retry": self.retry}
        verdicts += [{"t": "nack", "n": k, "code": "result_not_kept", "msg": ""} for k in range(first, n)]
        refusal = None if op["k"] == "Skip" else self.judge(op["k"], op["b"])
        self.seq += 1
        if refusal:
            verdict = {"t": "nack", "n": n, "code": "refused", "rule": "X1", "msg": refusal}
        else:
            if op["k"] != "Skip":
                self.accepted.append((cid, n, op["k"], op["b"]))
            if op["k"] == "PostIdea":
                self._show_idea(op["b"])
            verdict = {"t": "ack", "n": n, "s": self.seq, "c": self.chain(self.seq)}
        verdicts.append(verdict)
        self.contents[cid, n] = (op["k"], op["b"])
        return {**verdict, "g": self.gen}

    def _show_idea(self, body: dict[str, Any]) -> None:
        text = escape(body["text"])
        key = f"idea-{body['id']}"
        html = self.html_of(key, f"{self.seq:05}", text, "li")
        self.fragments[key] = Fragment("board", f"{self.seq:05}", html, self.seq)
        _, order, old = self.mine.get("my-ideas", ("own", "5", self.html_of("my-ideas", "5", "", "ol")))
        new = old.replace("</ol>", f'<li id="own-{body["id"]}">{text}</li></ol>')
        self.mine["my-ideas"] = ("own", order, new)

    def texts(self) -> list[str]:
        """The texts of the accepted ideas, in order."""
        return [body["text"] for _, _, kind, body in self.accepted if kind == "PostIdea"]

    def copied(self, cid: str, *texts: str) -> None:
        """A copy of this browser, elsewhere, has used the next numbers of this tab."""
        for text in texts:
            n = len(self.tabs.setdefault(cid, [])) + 1
            self.tabs[cid].append({"t": "ack", "n": n, "s": self.seq, "c": self.chain(self.seq)})
            self.contents[cid, n] = ("PostIdea", {"id": f"copy{n}", "text": text})

    def lose_tail(self, kept: int) -> None:
        """The store comes back with ``kept`` ops of each tab only, in a new life."""
        self.gen += 1
        self.life += "b"
        self.tabs = {cid: verdicts[:kept] for cid, verdicts in self.tabs.items()}
        self.accepted = [one for one in self.accepted if one[1] <= kept]

    # -- doors

    def document(self) -> tuple[str, str]:
        nonce = secrets.token_urlsafe(12)
        words = " ".join(f'data-words-{key}="{escape(text)}"' for key, text in WORDS.items())
        inner = ""
        children: dict[str, list[tuple[str, str]]] = {}
        everything = [(k, f.place, f.order, f.html) for k, f in self.fragments.items()]
        everything += [(k, *rest) for k, rest in self.mine.items()]
        for _, place, order, html in reversed(everything):
            children.setdefault(place, []).insert(0, (order, filled(html, children)))
        inner = "".join(html for _, html in sorted(children.get("root", []), key=lambda one: one[0]))
        return nonce, (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Toy</title>'
            f'<script type="module" nonce="{nonce}" src="/static/0a1b/js/live.js"></script></head>'
            f'<body data-code="{CODE}" data-base="{BASE}" data-surface="{self.surface}" data-lang="en"'
            f' data-gen="{self.gen}" data-seq="{self.seq}" data-chain="{self.chain(self.seq)}" data-now=""'
            f' data-person="p1" data-begins="{escape(json.dumps(self.begins))}"><p id="link-state" role="status" {words}></p><p data-announce role="status"></p>'
            f'<p id="unsaved"{"" if self.unsaved_at_load else " hidden"}>Nothing new is being saved.</p>'
            f'{self.outside}{PENDING}{EARLIER if self.leads else ""}<main id="root" data-slots>{inner}</main></body></html>'
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
        waits = "data-enter-waits" if self.waits else ""
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
        self.entered.append(given)
        if given["secret"] != "good":
            return JSONResponse({"ok": False, "msg": "This link has ended."}, 403)
        return JSONResponse({"ok": True, "location": BASE}) if by_script else RedirectResponse(BASE, 303)

    async def command(self, request: Request) -> Response:
        if request.headers["content-type"] != "application/json":
            return await self._by_form(request)
        if self.away:
            return Response(status_code=503)
        body = await request.json()
        op = {"k": request.path_params["kind"], **body}
        verdict = await self.judged(body["cid"], op)
        await self.tell()
        if self.answers_to_lose:
            self.answers_to_lose -= 1
            return Response(status_code=502)
        return JSONResponse(verdict)

    async def _by_form(self, request: Request) -> Response:
        kind, fields = request.path_params["kind"], dict(await request.form())
        self.posted.append((kind, fields))
        await self.happened()
        return await self.page(request, 409) if self.judge(kind, fields) else RedirectResponse(BASE, 303)

    async def changes(self, request: Request) -> Response:
        if self.away:
            self.unanswered += 1
            return Response(status_code=503)
        query = request.query_params
        at = {"g": int(query["g"]), "s": int(query["s"]), "c": query["c"]}
        self.polls += 1
        self.versions.append(int(query["v"]))
        await self.happened()
        if int(query["wait"]) and at["s"] == self.seq:
            try:
                async with asyncio.timeout(int(query["wait"])), self.moved:
                    await self.moved.wait_for(lambda: self.closing or self.seq != at["s"])
            except TimeoutError:
                pass
        mode, frames = self.catch_up(at)
        return JSONResponse({"frames": [self.welcome(query["cid"], mode), *frames]})

    async def live(self, socket: WebSocket) -> None:
        if not self.sockets_pass or self.away:
            await socket.close(1008)  # before accept: the handshake is refused with 403
            return
        await socket.accept()
        hello = await socket.receive_json()
        self.hellos.append(hello)
        cid = hello["cid"]
        mode, frames = self.catch_up(hello["resume"])
        await send(socket, self.welcome(cid, mode))
        for frame in frames:
            await send(socket, frame)
        self.seats[socket] = self.seq
        await self.happened()
        try:
            while True:
                await self.heard(socket, cid, await socket.receive_json())
        except WebSocketDisconnect:
            self.seats.pop(socket, None)
            await self.happened()

    async def heard(self, socket: WebSocket, cid: str, frame: Frame) -> None:
        match frame["t"]:
            case "op" if self.swallows:
                self.swallows -= 1
                self.arrived.append(frame)
            case "op" if self.unreadable and frame["b"].get("text") == self.unreadable:
                self.arrived.append(frame)
                n = frame["n"] if self.number_read else 0
                nack = {
                    "t": "nack",
                    "n": n,
                    "g": self.gen,
                    "code": "bad_json",
                    "rule": "W1",
                    "msg": "Unreadable.",
                }
                await send(socket, nack)
            case "op":
                verdict = await self.judged(cid, frame)
                if not self.mute:
                    await send(socket, verdict)
                await self.tell()
            case "need":
                self.needs.append(frame["s"])
                frames = [self.since(frame["s"])] if frame["s"] else self.full()
                for one in frames:
                    await send(socket, one)
                self.seats[socket] = self.seq
        await self.happened()


def filled(html: str, children: dict[str, list[tuple[str, str]]]) -> str:
    """A fragment with its containers' children in them."""
    for place, inner in children.items():
        joined = "".join(child for _, child in sorted(inner, key=lambda one: one[0]))
        html = html.replace(f'id="{place}" data-slots></', f'id="{place}" data-slots>{joined}</')
    return html


async def send(socket: WebSocket, frame: Frame) -> None:
    """Send, to whoever is still there."""
    try:
        await socket.send_text(json.dumps(frame))
    except (WebSocketDisconnect, RuntimeError):
        return


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
    app = Starlette(
        routes=[
            Route(BASE, room.page),
            Route(f"{BASE}/desk", room.landing),
            Route(f"{BASE}/desk/enter", room.enter, methods=["POST"]),
            Route(f"{BASE}/commands/{{kind}}", room.command, methods=["POST"]),
            Route(f"{BASE}/changes", room.changes),
            WebSocketRoute(f"{BASE}/live", room.live),
            Mount("/static/0a1b", StaticFiles(directory=STATIC)),
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
