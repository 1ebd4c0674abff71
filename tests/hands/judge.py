"""What happened, held to what was promised: nothing entered is lost unnamed, and nothing leads that nobody pressed.

Each page is asked after each gesture (``watch.js``); at the end the journal is read: what was acknowledged stands in
it, and each fact that leads came of a press on a page that showed what was so just before it.
"""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import msgspec
from playwright.async_api import Error, Page

from forum.domain.records import decode
from forum.domain.room import COMMANDS, EMPTY, SEES, Refused, fold
from forum.domain.saw import Saw
from forum.domain.state import State
from forum.live.batch import FORM
from tests.hands.gestures import LEADING, REACH, Hand
from tests.hands.room import Room

PAGES: Final = 3  # one after the other, by presses that came before


class Press(NamedTuple):
    """What somebody who leads pressed: of which command, and the title and phase that their page had shown."""

    command: str
    title: str
    phase: str


@dataclass
class Judge:
    """Looks at every page after each gesture, and at the journal at the end."""

    room: Room
    wrong: list[str] = field(default_factory=list)
    pressed: dict[str, Press] = field(default_factory=dict)  # by "tab:number" of what left a desk
    posted: defaultdict[str, list[Press]] = field(default_factory=lambda: defaultdict(list))
    # what leads and browsers posted themselves, by the ticket of its page; "": it was pressed before the page had one
    taken: set[str] = field(default_factory=set)  # texts that were acknowledged
    sought: dict[str, str] = field(
        default_factory=dict
    )  # texts on no page that must be in the journal: by whom
    met: Counter[str] = field(default_factory=Counter)  # commands, and how they were answered
    held: int = 0  # what was entered and seen to be there, counted once a look
    titles: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # of each step

    async def look(self) -> None:
        """Ask each page what its person would complain about."""
        for hand in self.room.hands:
            wrong = await (self._watched(hand) if hand.scripted else self._posted(hand))
            self.wrong += [f"{hand.name}: {what}\n{_last(hand)}" for what in wrong]
        for person in self.room.people:
            self.wrong += [f"a page fails: {fault}" for fault in person.faults]
            person.faults.clear()

    async def read_journal(self) -> int:
        """Hold every fact that leads to a press, and every text that was taken to what is kept; how many led."""
        state, last, led, kept = EMPTY, "", 0, set[str]()
        for entry in await self.room.journal.read(self.room.code):
            record = decode(entry.body)
            if record.led and entry.op != last and not isinstance(record.fact, Refused):
                led += 1
                why = self._why_wrong(entry.op, state)
                self.wrong += (
                    [f"{type(record.fact).__name__} came true under {entry.op}, {why}"] if why else []
                )
            last = entry.op
            kept.update(_flat(text) for text in _texts(msgspec.json.decode(entry.body)))
            state = self._noted(fold(state, entry.seq, entry.op, record))
        lost = self.taken - kept
        self.wrong += [f'"{text}" was acknowledged and is not in the journal' for text in lost]
        self.wrong += [
            f'{who}: "{text}" was posted, and is neither on the page nor in the journal'
            for text, who in self.sought.items()
            if text not in kept
        ]
        return led

    # --- pages

    async def _watched(self, hand: Hand) -> list[str]:
        said = await hand.page.evaluate("() => window.__hands.check()")
        self.held += said["entered"]
        self.met.update(said["told"])
        self.taken.update(map(_flat, said["taken"]))
        self.pressed |= {f"{op['cid']}:{op['n']}": Press(op["k"], *op["read"]) for op in said["led"]}
        for one in said["posted"]:
            self.posted[one["ticket"]].append(Press(one["k"], *one["read"]))
        wrong: list[str] = said["wrong"]
        return wrong

    async def _posted(self, hand: Hand) -> list[str]:
        """What was posted stands on the page that came of it, or it was taken: the journal knows, at the end."""
        posts, hand.posts = hand.posts, []
        for post in posts:
            self.met[f"{post.command}, posted"] += 1
            if post.command in LEADING:
                self.posted[post.ticket].append(Press(post.command, *post.stage))
            for text in post.texts:
                if not await _shows(hand.page, text):
                    self.sought[_flat(text)] = hand.name
        return []

    # --- the journal

    def _why_wrong(self, op: str, state: State) -> str:
        """What is wrong with a press that led, given the state before it; "" when nothing is."""
        tab = op.partition(":")[0]
        ticket = tab.removeprefix(FORM).rpartition("-")[
            0
        ]  # of a page, which may have sent two things before it went
        presses = (
            (self.posted[ticket] or self.posted[""])
            if tab.startswith(FORM)
            else [p for p in (self.pressed.get(op),) if p]
        )
        whys = [self._why_press(press, state) for press in presses]
        return "which nobody pressed" if not whys else "" if "" in whys else whys[0]

    def _why_press(self, press: Press, state: State) -> str:
        policy = SEES[COMMANDS[press.command]]
        if not isinstance(policy, Saw) or not policy.strict or self._is_so(press, state):
            return ""
        now = f"{state.now.title.fr}, {state.now.phase}" if state.now else "no step"
        return f"pressed ({press.command}) where “{press.title}, {press.phase}” stood; it was “{now}” by then"

    def _is_so(self, press: Press, state: State) -> bool:
        if not press.title:
            return True  # it was no press on what the desk leads with
        if not press.phase or not state.now:
            return not press.phase and (state.now is None or state.sessions.live is None)
        return press.phase == state.now.phase and press.title in self.titles[state.now.id]

    def _noted(self, state: State) -> State:
        if state.now:
            self.titles[state.now.id] |= {_flat(state.now.title.fr), _flat(state.now.title.en)}
        return state


async def _shows(page: Page, text: str) -> bool:
    """Whether a page without script shows a text, once it is there: a second press may have sent for another."""
    shows = f"text => {{ {REACH}\nreturn window.__hands.shows(text); }}"
    for _ in range(PAGES):
        try:
            return bool(await page.evaluate(shows, text))
        except Error:
            await page.wait_for_load_state()
    return False  # the journal knows


def _texts(said: Any) -> Iterator[str]:
    """Every string in what JSON says."""
    if isinstance(said, str):
        yield said
    elif isinstance(said, list | dict):
        for one in said.values() if isinstance(said, dict) else said:
            yield from _texts(one)


def _flat(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _last(hand: Hand) -> str:
    return "\n".join(f"      {done}" for done in hand.done)
