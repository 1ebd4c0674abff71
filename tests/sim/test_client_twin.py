"""The browser's twin is held to the browser's scripts: both run on the same random inputs and must do the same.

The scripts run in the Node that the playwright wheel carries, untouched but for the one module that draws.
"""

import json
import random
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from forum.domain.room import KEPT_RESULTS
from tests import chromium
from tests.sim.twin import Mirror, Outbox, Surroundings

ROOT = Path(__file__).parents[2]
SEED = 20250131
SCRIPTS = 120
STEPS = 60
DRAWS_NOTHING = """
export const page = { all: {}, mine: {}, begins: {} };
const part = (key) => (key.startsWith("my-") ? page.mine : page.all);
function put([key, place, order, html]) {
  if (order < (page.begins[place] ?? "")) delete part(key)[key];
  else part(key)[key] = [place, order, html];
}
export function replace(puts, { begins = {} } = {}) {
  page.begins = begins;
  page.all = {};
  puts.forEach(put);
}
export function replaceMine(puts) {
  page.mine = {};
  puts.forEach(put);
}
export function change(puts, gone) {
  puts.forEach(put);
  gone.forEach((key) => delete part(key)[key]);
}
"""


class Time:
    """A page's surroundings, moved by hand."""

    def __init__(self, chances: list[float]) -> None:
        self.now, self._chances = 1_000_000.0, list(chances)
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._next = 0
        self.around = Surroundings(lambda: self.now, self._chance, self.later, {})

    def _chance(self) -> float:
        self._chances.append(self._chances.pop(0))
        return self._chances[-1]

    def later(self, ms: float, run: Callable[[], None]) -> None:
        self._next += 1
        self._timers.append((self.now + ms, self._next, run))

    def wait(self, ms: float) -> None:
        until = self.now + ms
        while due := min((t for t in self._timers if t[0] <= until), key=lambda t: t[:2], default=None):
            self.now = max(self.now, due[0])
            self._timers.remove(due)
            due[2]()
        self.now = until


class OutboxPlay:
    """Draws inputs for an outbox, mostly such as a server would give, and notes what the twin does."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self.random = [rng.random() for _ in range(7)]
        self._time = Time(self.random)
        self._said: list[list[Any]] = []
        self._cids = 1
        self._shared = False
        self._outbox = self._open("cid1")

    def play(self, given: Iterable[list[Any]] = ()) -> tuple[dict[str, Any], list[Any]]:
        steps, came = [], []
        for step in given or (self._draw() for _ in range(STEPS)):
            self._said = []
            self._do(*step)
            box = self._outbox
            ops, kept = [[op["n"], op["k"], op.get("proof")] for op in box.ops], [op["n"] for op in box.kept]
            steps.append(step)
            came.append([self._said, box.cid, box.n, box.sent, ops, kept])
        return {"what": "outbox", "random": self.random, "steps": steps}, came

    def _open(self, cid: str) -> Outbox:
        return Outbox(
            self._time.around, "p/", cid, "lea",
            lambda op, verdict: self._said.append(["settled", op["n"], verdict["t"], verdict.get("code", "")]), self._lost,
            lambda: self._shared,
        )  # fmt: skip

    def _draw(self) -> list[Any]:
        rng, box = self._rng, self._outbox
        choice = rng.random()
        if choice < 0.3:
            return [
                "add",
                rng.choice(["PostIdea", "GiveMark"]),
                {"x": rng.randint(0, 9)},
                {"seen": rng.randint(0, 9)},
            ]
        if choice < 0.42:
            return ["through", rng.random() < 0.8]
        if choice < 0.5:
            last = rng.choice([box.sent, box.sent, max(0, box.sent - rng.randint(0, 5)), box.sent + 1])
            return ["known", last, rng.randint(1, 3)]
        if choice < 0.6:
            return ["wait", rng.choice([1, 400, 3000, 700_000])]
        if choice < 0.61:
            kept = [
                {"n": n, "k": "PostIdea", "b": {}, "seen": 1, "at": 1, "s": n, "p": f"p{n}"} for n in (1, 3)
            ]
            ops = [
                {"n": 2, "k": "Skip", "b": {"from": 2}, "seen": 0},
                {"n": 4, "k": "Pledge", "b": {}, "seen": 1},
            ]
            return ["inherit", {"person": "omar", "n": 4, "sent": 3, "ops": ops, "kept": kept}]
        if choice < 0.62:
            return ["share"]
        return ["reload"] if choice < 0.64 else ["verdict", self._verdict_drawn()]

    def _verdict_drawn(self) -> dict[str, Any]:
        rng = self._rng
        n = rng.choice([op["n"] for op in self._outbox.ops[:4]] or [1])
        return rng.choice([
            {"t": "ack", "n": n, "g": 1, "s": 9, "c": "ab", "p": f"p{n}"}, {"t": "ack", "n": n, "g": 1, "s": 9, "c": "ab"},
            {"t": "nack", "n": n, "g": 1, "code": "budget"}, {"t": "nack", "n": n, "g": 1, "code": "busy", "retry": 300},
            {"t": "nack", "n": n, "g": 1, "code": "unavailable"}, {"t": "nack", "n": n, "g": 1, "code": "conflict"},
            {"t": "nack", "n": 0, "g": 1, "code": "bad_json"},
            {"t": "nack", "n": n, "g": 1, "code": "out_of_order", "last": rng.randint(0, n)},
        ])  # fmt: skip

    def _lost(self) -> None:
        self._shared = False
        self._said.append(["lost"])
        self._cids += 1
        self._outbox.renumber(f"cid{self._cids}", self._cids % 2 == 0)

    def _do(self, name: str, *args: Any) -> None:
        box = self._outbox
        match name:
            case "add":
                box.add(*args)
            case "through":
                send = lambda op: self._said.append(["send", op["n"], op["k"], op["b"]])  # noqa: E731
                box.through((3, send) if args[0] else None)
            case "known":
                box.known(*args)
            case "inherit":
                box.inherit(*args)
            case "verdict":
                box.verdict(*args)
            case "share":
                self._shared = True
            case "wait":
                self._time.wait(*args)
            case "reload":
                box.through(None)
                self._outbox = self._open(box.cid)


def play_mirror(rng: random.Random) -> tuple[dict[str, Any], list[Any]]:
    """The same for a mirror."""
    time, said, steps, came = Time([]), [], [], []
    mirror = Mirror(
        {"g": 1, "s": 0, "c": ""},
        time.later,
        lambda s: said.append(["need", s]),
        lambda: said.append(["again"]),
    )
    for _ in range(STEPS):
        if rng.random() < 0.15:
            step = ["wait", rng.choice([100, 2500])]
        else:
            step = ["frame", frame(rng, mirror.at["s"])]
        said.clear()
        time.wait(step[1]) if step[0] == "wait" else mirror.receive(step[1])
        steps.append(step)
        shown = [{key: list(put) for key, put in part.items()} for part in (mirror.page, mirror.mine)]
        came.append([list(said), dict(mirror.at), *shown, dict(mirror.begins)])
    return {"what": "mirror", "steps": steps}, came


def frame(rng: random.Random, at: int) -> dict[str, Any]:
    """A frame for a page at ``at``, sometimes one that does not fit."""
    g, c = rng.choice([1, 1, 1, 1, 2]), rng.choice(["aa", "bb"])
    puts = [
        [rng.choice("abcd"), "root", rng.choice(["00", "01"]), f"<p>{rng.randint(0, 99)}</p>"]
        for _ in range(rng.randint(0, 3))
    ]
    gone = rng.sample("abcd", rng.randint(0, 1))
    mine = [[f"my-{key}", *rest] for key, *rest in puts if key != "a"]
    start = max(0, at + rng.choice([0, 0, 0, -1, -2, 1]))
    parts = rng.choice([1, 2])
    more = rng.choice([{}, {"begins": {"root": "01"}}])
    return rng.choice([
        {"t": "chg", "g": g, "from": start, "to": start + rng.randint(0, 3), "c": c, "put": puts, "del": gone},
        {"t": "chg", "g": g, "from": start, "to": start + 1, "c": c, "put": puts, "del": gone},
        {"t": "full", "g": g, "to": at + 1, "c": c, "part": rng.randint(1, parts), "parts": parts, "put": puts, **more},
        {"t": "you", "all": True, "put": mine}, {"t": "you", "put": mine, "del": ["my-a"]}, {"t": "hb", "g": g, "top": at + rng.choice([0, 0, 1, 3]), "c": c, "now": 1},
        {"t": "welcome", "g": g, "top": at, "c": c, "mode": "current", "last_n": 0, "now": 1, "hb": 10},
    ])  # fmt: skip


@pytest.fixture
def node() -> str:
    found = chromium._node()
    if subprocess.run([found, "--version"], check=False, capture_output=True).returncode:
        pytest.skip("the Node of the playwright wheel does not run here: make check names what it lacks")
    return found


def the_scripts_own(node: str, tmp_path: Path, played: list[tuple[dict[str, Any], list[Any]]]) -> list[Any]:
    """What comes of the same inputs in the browser's scripts."""
    for script in ("outbox.js", "mirror.js", "tabs.js"):
        shutil.copy(ROOT / "static" / "js" / script, tmp_path)
    shutil.copy(Path(__file__).with_name("twin.mjs"), tmp_path)
    (tmp_path / "fragments.js").write_text(DRAWS_NOTHING)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    scripts = json.dumps([script for script, _ in played])
    ran = subprocess.run(
        [node, tmp_path / "twin.mjs"], input=scripts, capture_output=True, text=True, check=True
    )
    came: list[Any] = json.loads(ran.stdout)
    return came


def test_the_twin_does_what_the_browsers_scripts_do(node, tmp_path):
    played = [OutboxPlay(random.Random(f"{SEED} outbox {n}")).play() for n in range(SCRIPTS)]
    played += [play_mirror(random.Random(f"{SEED} mirror {n}")) for n in range(SCRIPTS)]

    came = the_scripts_own(node, tmp_path, played)

    said = [
        word for _, steps in played[:SCRIPTS] for step in steps for word in (entry[0] for entry in step[0])
    ]
    assert {"send", "settled", "lost"} <= set(said)
    for n, ((script, twin), scripts_own) in enumerate(zip(played, came, strict=True)):
        for step, mine, theirs in zip(script["steps"], twin, scripts_own, strict=True):
            assert mine == theirs, f"{script['what']} {n} of seed {SEED}, at {step}"


def test_O1_nothing_goes_so_far_ahead_of_what_waits_that_its_answer_would_be_forgotten(node, tmp_path):
    """Of forty ops the first gets no answer; all behind it do, as where it is in the journal and its answer was lost."""
    ops = [["add", "PostIdea", {"x": n}, {"seen": 0}] for n in range(40)]
    acks = [["verdict", {"t": "ack", "n": n, "g": 1, "s": n, "c": "ab"}] for n in (*range(2, 41), 1)]
    script, came = OutboxPlay(random.Random(SEED)).play([*ops, ["through", True], *acks])

    *before, (after, *_) = came
    sent = [n for said, *_ in before for word, n, *_ in said if word == "send"]
    assert sent == [*range(1, KEPT_RESULTS + 1)]
    assert [n for word, n, *_ in after if word == "send"] == [KEPT_RESULTS + n for n in (1, 2, 3)]
    assert the_scripts_own(node, tmp_path, [(script, came)]) == [came]
