"""A toy room: a server that speaks the protocol to the browser's modules, and does what a test tells it to.

It numbers, remembers and repeats like the real one, over fragments that are plain HTML. It has no rules: a command is
accepted unless the test said otherwise, and only `PostIdea` shows. Faults are switches: away, deaf, no sockets.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.browser.conftest import NO_SECURE_CONTEXT

CODE = "TAYCDE"
BASE = f"/f/{CODE}"
HOST = NO_SECURE_CONTEXT
SECONDS = 20.0  # a bound for what must happen

COMPOSER = f"""<form method="post" action="{BASE}/commands/PostIdea" data-op="PostIdea" data-entered="text">
<input type="hidden" name="ticket" value="t"><input type="hidden" name="id" data-new-id>
<input type="hidden" name="step" value="s1">
<textarea name="text" id="text" data-enter-sends data-max="20" required></textarea>
<p data-left-of="text" data-words="{{n}} left" data-words-over="{{n}} too many"></p>
<p data-say role="alert"></p><button>Send</button></form>"""
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
    first: str = ""  # a script that the page runs before any of ours
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
    late: bool = False  # what is saved is not answered yet, where sockets are blocked
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
            with suppress(WebSocketDisconnect, RuntimeError):  # who has gone already need not be sent away
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


async def send(socket: WebSocket, frame: Frame) -> None:
    """Send, to whoever is still there."""
    try:
        await socket.send_text(json.dumps(frame))
    except (WebSocketDisconnect, RuntimeError):
        return
