"""Mistakes in the browser's part: its outbox and its page."""

from typing import Final

from tests.sim.mutants.planting import Mutant
from tests.sim.tab import Tab
from tests.sim.twin import Mirror, Outbox

MUTANTS: Final = (
    Mutant(
        "what has another's number is sent again under the same",
        Outbox,
        "verdict",
        'op["taken"] = True',
        "pass",
        ("copied", "cut", "reload"),
        hint=2,
    ),
    Mutant(
        "what is behind an op without an answer is sent again at once",
        Outbox,
        "verdict",
        "elif op is head or self._around.now() >= self._hold_until:",
        "elif op is head:",
        ("unheard",),
    ),
    Mutant(
        "a page whose op is not taken waits no longer each time",
        Outbox,
        "_hold",
        "BACK_OFF_MS * 2**self._tries",
        "0",
        ("unheard",),
    ),
    Mutant(
        "a page takes what comes before its list begins",
        Mirror,
        "_put",
        'if order < self.begins.get(place, ""):',
        "if False:",
        hint=37,
    ),
    Mutant(
        "two pages go on under one number",
        Tab,
        "taken",
        "self._fresh_cid()",
        "pass",
        ("twin_tab", "sleep"),
        hint=13,
    ),
    Mutant(
        "a page that wakes writes over what another under its number has not sent",
        Outbox,
        "_yields",
        "if not self._shared():",
        "if True:",
        ("twin_tab", "sleep", "slow_link"),
        hint=45,
        also=(("chaos", 0.1), ("pause", 0.15), ("people", 2)),  # it falls asleep while its duplicate loads
        begins="ideas",
    ),
    Mutant(
        "a page sends under its new number where it spoke under the old one",
        Tab,
        "_fresh_cid",
        "self.link.anew()",
        "self.outbox.through((WIDTH, self._send)); self.link.renew()",
        ("twin_tab", "sleep"),
        hint=8,
    ),
)
