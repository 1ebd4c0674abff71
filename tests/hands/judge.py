"""What happened, held to what was promised: nothing entered is lost unnamed, and nothing leads that nobody pressed."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from forum.domain.records import decode
from tests.hands.gestures import Hand
from tests.hands.room import Room


@dataclass
class Judge:
    """Looks at every page after each gesture, and at the journal at the end."""

    room: Room
    wrong: list[str] = field(default_factory=list)
    pressed: dict[str, str] = field(default_factory=dict)  # "tab:number" of what left a desk, and its command
    held: int = 0  # what was entered and seen to be there, counted once a look

    async def look(self) -> None:
        """Ask each page what its person would complain about."""
        for hand in self.room.hands:
            said = await hand.page.evaluate("() => window.__hands.check()")
            self.held += said["entered"]
            self.pressed |= {f"{op['cid']}:{op['n']}": op["k"] for op in said["led"]}
            self.wrong += [f"{hand.name}: {what}\n{_last(hand)}" for what in said["wrong"]]
        for person in self.room.people:
            self.wrong += [f"a page fails: {fault}" for fault in person.faults]
            person.faults.clear()

    async def read_journal(self) -> int:
        """Hold every fact that leads to a press; how many there were."""
        led = [op async for op in self._led()]
        self.wrong += [
            f"{kind} came true under {op}, which nobody pressed" for op, kind in led if op not in self.pressed
        ]
        return len(led)

    async def _led(self) -> AsyncIterator[tuple[str, str]]:
        last = ""
        for entry in await self.room.journal.read(self.room.code):
            record = decode(entry.body)
            if record.led and entry.op != last:
                yield entry.op, type(record.fact).__name__
            last = entry.op


def _last(hand: Hand) -> str:
    return "\n".join(f"      {done}" for done in hand.done)
