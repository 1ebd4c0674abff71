"""The browser's part in Python: the outbox and the mirror of ``static/js``, word for word.

Pure: what JavaScript takes from its surroundings (the time, chance, timers, the shelf) is handed in. Held to the
scripts themselves by ``test_client_twin``, which runs both on the same inputs.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

MOST_OPS: Final = 100
KEPT_MS: Final = 10 * 60_000
KEPT_FACTS: Final = 50
AHEAD: Final = 32
SKIP: Final = "Skip"
BACK_OFF_MS: Final = 500
BACK_OFF_MOST_MS: Final = 8000
CONFLICT: Final = "conflict"
TRANSIENT: Final = frozenset({"busy", "rate", "unavailable", "full"})
VAIN_TRIES: Final = 3
TAIL_MS: Final = 2000

Frame = dict[str, Any]
Op = dict[str, Any]
Put = tuple[str, str, str]


class Surroundings:
    """What a page has around it."""

    def __init__(
        self,
        now: Callable[[], float],
        chance: Callable[[], float],
        later: Callable[[float, Callable[[], None]], None],
        shelf: dict[str, str],
    ) -> None:
        """``now`` in ms; ``chance`` in [0, 1); ``later`` calls after so many ms."""
        self.now, self.chance, self.later, self.shelf = now, chance, later, shelf


class Outbox:
    """outbox.js. ``line``: (width, send) or None."""

    def __init__(
        self,
        around: Surroundings,
        prefix: str,
        cid: str,
        person: str,
        settled: Callable[[Op, Frame], None],
        lost: Callable[[], None],
        shared: Callable[[], bool] = lambda: False,
    ) -> None:
        self._around, self.prefix, self.cid, self.person = around, prefix, cid, person
        self._settled, self._lost, self._shared = settled, lost, shared
        self._line: tuple[int, Callable[[Op], None]] | None = None
        self._away: set[int] = set()
        self._hold_until = 0.0
        self._tries = 0
        self._timer = 0
        text = around.shelf.get(prefix + cid)
        old = json.loads(text) if text else None
        mine = old if old and old["person"] == person else {}
        self.n: int = mine.get("n", 0)
        self.sent: int = mine.get("sent", self.n)
        self.ops: list[Op] = mine.get("ops", [])
        self.kept: list[Op] = mine.get("kept", [])
        self.g: int | None = mine.get("g")
        self.top = 0
        if not old:
            self._save()

    @property
    def settled(self) -> int:
        """The highest number that was answered."""
        n = self.n
        for op in reversed(self.ops):
            n = _first(op) - 1 if op["n"] == n else n
        return n

    def add(self, k: str, b: dict[str, Any], rest: dict[str, Any]) -> Op | None:
        """``rest``: seen, and text (what was typed; here, the number under which the oracle knows the op)."""
        if len(self.ops) >= MOST_OPS:
            return None
        self._yields()
        self.n += 1
        op = {"n": self.n, "k": k, "b": b, **rest}
        self.ops.append(op)
        self._save()
        self._pump()
        return op

    def inherit(self, left: dict[str, Any]) -> list[Op]:
        ops = [*map(_offered, left["kept"]), *(op for op in left["ops"] if op["k"] != SKIP)]
        self._yields()
        taken = []
        for op in sorted(ops, key=lambda op: op["n"]):
            self.n += 1
            taken.append({**op, "n": self.n})
        self.ops += taken
        self._save()
        self._pump()
        return taken

    def through(self, line: tuple[int, Callable[[Op], None]] | None) -> None:
        if line and self._yields():
            return
        self._line = line
        self._away.clear()
        self._hold_until = 0.0
        self._pump()

    def known(self, last: int, g: int) -> None:
        if self._yields():
            return None
        if last > self.sent:
            return self._lost()
        if last < self.settled:
            self._offer_again(last)
        return self._checked(g)

    def verdict(self, verdict: Frame) -> None:
        if self._yields():
            return
        n = verdict["n"] or self._suspect()
        op = next((op for op in self.ops if op["n"] == n), None)
        if op is None or op["n"] not in self._away:
            return
        self._away.discard(op["n"])
        code = verdict.get("code") if verdict["t"] == "nack" else None
        if code == "out_of_order":
            last, head = verdict["last"], self.ops[0]
            if last < _first(head) - 1 or _first(head) <= last < head["n"]:
                self._offer_again(last)
            elif op is head or self._around.now() >= self._hold_until:
                self._hold(None)
        elif code in TRANSIENT:
            self._hold(verdict.get("retry"))
        elif code == CONFLICT and not op.get("moved"):
            op["taken"] = True
            self._save()
        else:
            self._tries = 0
            self.ops = [other for other in self.ops if other is not op]
            if verdict["t"] == "ack" and op["k"] != SKIP:
                kept = {name: value for name, value in op.items() if name not in ("again", "moved", "proof")}
                self.kept.append({**kept, "at": self._around.now(), "s": verdict["s"], "p": verdict.get("p")})
            self._save()
            self._settled(op, verdict)
        self._pump()

    def renumber(self, cid: str, shared: bool = False) -> None:
        if not shared:
            self._around.shelf.pop(self.prefix + self.cid, None)
        self.cid = cid
        self.kept = []
        self.ops = [op for op in self.ops if op["k"] != SKIP]
        for i, op in enumerate(self.ops, 1):
            op["n"] = i
            if op.pop("taken", False):
                op["moved"] = True
        self.n = len(self.ops)
        self.sent = 0
        self._away.clear()
        self._save()

    def _checked(self, g: int) -> None:
        if g != self.g:
            self.g = g
            self._save()

    def _pump(self) -> None:
        if not self._line or self._around.now() < self._hold_until:
            return None
        width, send = self._line
        ops = self.ops
        if any(op.get("taken") for op in ops):
            ops = [op for op in ops if not op.get("taken") and op["n"] <= self.sent]
            if not ops:
                return self._move()
        for op in ops[:width]:
            if op["n"] >= ops[0]["n"] + AHEAD:
                break
            if op["n"] in self._away:
                continue
            self._away.add(op["n"])
            if op["n"] > self.sent:
                self.sent = op["n"]
                self._save()
            send(op)
        return None

    def _move(self) -> None:
        cid = self.cid
        self._lost()
        if cid != self.cid:
            self._pump()

    def _suspect(self) -> int:
        n, *others = self._away or (0,)
        if not others:
            return n
        if self._line:
            self._line = 1, self._line[1]
        self._away.clear()
        self._hold(None)
        return 0

    def _hold(self, ms: float | None) -> None:
        most = min(BACK_OFF_MOST_MS, BACK_OFF_MS * 2**self._tries)
        self._tries += 1
        wait = ms if ms is not None else most / 2 + (self._around.chance() * most) / 2
        self._hold_until = self._around.now() + wait
        self._timer += 1
        timer = self._timer
        self._around.later(wait + 1, lambda: self._held_up() if timer == self._timer else None)

    def _held_up(self) -> None:
        if not self._yields():
            self._pump()

    def _yields(self) -> bool:
        if not self._shared():
            return False
        self._lost()
        return True

    def _offer_again(self, last: int) -> None:
        lost = [op for op in self.kept if op["n"] > last]
        again = [_offered(op) for op in lost]
        left = [op for op in self.ops if op["k"] != SKIP]
        everything = sorted([*again, *left], key=lambda op: op["n"])
        self.kept = [op for op in self.kept if op["n"] <= last]
        self.ops, before = [], last
        for op in everything:
            self.ops += [*_skipped(before, op["n"] - 1), op]
            before = max(last, op["n"])
        self.ops += _skipped(before, self.n)
        for op in self.ops:
            op.pop("taken", None)
        self._away.clear()
        self._save()

    def _save(self) -> None:
        now = self._around.now()
        self.kept = [op for op in self.kept if now - op["at"] < KEPT_MS or self.top < op["s"] + KEPT_FACTS]
        self.kept = self.kept[-MOST_OPS:]
        whole = {
            "person": self.person, "n": self.n, "sent": self.sent, "g": self.g, "ops": self.ops, "kept": self.kept,
        }  # fmt: skip
        self._around.shelf[self.prefix + self.cid] = json.dumps(whole)


def _offered(kept: Op) -> Op:
    op = {name: value for name, value in kept.items() if name not in ("at", "s", "p")}
    return {**op, "again": True, "proof": kept.get("p")}


def _first(op: Op) -> int:
    return int(op["b"]["from"] if op["k"] == SKIP else op["n"])


def _skipped(after: int, upto: int) -> list[Op]:
    return [{"n": upto, "k": SKIP, "b": {"from": after + 1}, "seen": 0}] if upto > after else []


class Mirror:
    """mirror.js, with the page as a mapping of what fragments.js would show."""

    def __init__(
        self, at: dict[str, Any], later: Callable[[float, Callable[[], None]], None],
        need: Callable[[int], None], again: Callable[[], None],
    ) -> None:  # fmt: skip
        self.at = at
        self.page: dict[str, Put] = {}
        self.begins: dict[str, str] = {}  # by the place of a long list: the order from which on it is held
        self.mine: dict[str, Put] = {}
        self._later, self._need_since, self._again = later, need, again
        self._parts: list[list[str]] = []
        self._tries = 0

    def receive(self, frame: Frame) -> None:
        match frame["t"]:
            case "welcome":
                self.at["g"] = frame["g"]
            case "full":
                self._full(frame)
            case "you" if frame.get("near"):  # who is present, in fragments that all who see this page share
                self._put(self.page, frame["put"])
                for key in frame["del"]:
                    self.page.pop(key, None)
            case "you":
                self.mine = {} if frame.get("all") else self.mine
                self._put(self.mine, frame["put"])
                for key in frame.get("del", ()):
                    self.mine.pop(key, None)
            case "chg":
                self._chg(frame)
            case "hb":
                self._beat(frame)

    def _chg(self, frame: Frame) -> None:
        if frame["g"] != self.at["g"]:
            return self._again()
        if frame["to"] <= self.at["s"]:
            return None
        if frame["from"] > self.at["s"]:
            return self._need()
        self._put(self.page, frame["put"])
        for key in frame["del"]:
            self.page.pop(key, None)
        return self._reached(frame)

    def _full(self, frame: Frame) -> None:
        if frame["part"] == 1:
            self._parts = []
        self._parts += frame["put"]
        if frame["part"] < frame["parts"]:
            return
        self.replace(self._parts, frame.get("begins", {}))
        self._parts = []
        self._reached(frame)

    def replace(self, puts: Iterable[Iterable[str]], begins: Mapping[str, str]) -> None:
        """These fragments are all there are, of long lists from some order on."""
        self.page, self.begins = {}, dict(begins)
        self._put(self.page, puts)

    def _put(self, shown: dict[str, Put], puts: Iterable[Iterable[str]]) -> None:
        for key, place, order, html in puts:
            if order < self.begins.get(place, ""):
                shown.pop(key, None)
            else:
                shown[key] = place, order, html

    def _beat(self, frame: Frame) -> None:
        if frame["g"] != self.at["g"]:
            return self._again()
        if frame["top"] == self.at["s"] and frame["c"] != self.at["c"]:
            return self._need_since(0)
        if frame["top"] > self.at["s"]:
            self._later(TAIL_MS, lambda: self._need() if frame["top"] > self.at["s"] else None)
        return None

    def _need(self) -> None:
        self._tries += 1
        self._need_since(0 if self._tries > VAIN_TRIES else self.at["s"])

    def _reached(self, frame: Frame) -> None:
        self._tries = 0
        self.at |= {"g": frame["g"], "s": frame["to"], "c": frame["c"]}
