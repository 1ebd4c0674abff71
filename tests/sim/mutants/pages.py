"""Mistakes in what is drawn, and in who is sent what."""

from typing import Final

from forum.fragments.pages import Pages
from forum.live import frames
from forum.live.moment import Moment
from forum.live.owed import Owed
from forum.live.seating import Seating
from forum.live.showing import Showing
from forum.live.trail import Trail
from tests.sim.mutants.planting import Mutant

MUTANTS: Final = (
    Mutant(
        "a resume is taken for up to date",
        Seating,
        "enter",
        "mode, seat.at = self._mode(resume, seat.person)",
        "mode, seat.at = self._mode(resume, seat.person)[0], head.seq",
        ("cut", "sleep"),
    ),
    Mutant(
        "a skipped seat counts as up to date",
        Seating,
        "_serve",
        "self._behind[seat] = None",
        "seat.at = moment.head.seq",
        ("slow_reader", "stuck_reader"),
        hint=1,
    ),
    Mutant(
        "what is owed to a slow seat is forgotten",
        Owed,
        "pay",
        "self._blocked[seat] = _together(self._blocked.get(seat, NOTHING), due)",
        "pass",
        ("slow_reader", "stuck_reader"),
        hint=11,
    ),
    Mutant(
        "what is gone is not said",
        Pages,
        "changes",
        "for key, slot in slots.items() if slot is None",
        "for key in ()",
        hint=2,
    ),
    Mutant(
        "a page of another history resumes",
        Seating,
        "_mode",
        "not self._trail.holds(resume.seq, resume.chain)",
        "resume.seq < self._trail.start",
        ("rollback", "cut", "sleep"),
        hint=11,
    ),
    Mutant(
        "a state is shown before its names",
        Showing,
        "follow",
        "if self._nameless and not self._naming:",
        "if False:",
        hint=1,
    ),
    Mutant(
        "one fact too few in a change",
        Trail,
        "each",
        "range(since + 1, until + 1)",
        "range(since + 2, until + 1)",
        hint=1,
    ),
    Mutant(
        "a change begins where the seat is not",
        Moment,
        "since",
        "self._made.get(kind)",
        "next((f for k, f in self._made.items() if (k.at != NOWHERE) == (at != NOWHERE) and k.packed == packed), None)",
        ("slow_reader", "cut"),
        hint=1,
    ),
    Mutant(
        "a page of today is given long lists as a whole, one of yesterday their end",
        Moment,
        "_making",
        "if kind.cut else",
        "if not kind.cut else",
        hint=5,
    ),
    Mutant(
        "who needs the whole page is given what was made for others, cut or not",
        Moment,
        "since",
        "cut and at == NOWHERE",
        "False",
        hint=5,
    ),
    Mutant(
        "what is packed for a page is not cut for it",
        Moment,
        "_making",
        "self.since(kind.at, cut=kind.cut)",
        "self.since(kind.at)",
        hint=5,
    ),
    Mutant(
        "where the lists of a page begin is not said",
        frames,
        "full_in_slices",
        'more = {"begins": begins} if begins else {}',
        "more = {}",
        hint=5,
    ),
    Mutant(
        "another history is not said to who is connected",
        Seating,
        "begin_anew",
        'self._welcome(seat, "full")',
        "pass",
        ("rollback",),
        hint=2,
    ),
    Mutant(
        "what is personal and gone is not said",
        Owed,
        "_give",
        "self._pages.your_changes(view, seat.audience, seat.person, due)",
        "(self._pages.your_changes(view, seat.audience, seat.person, due)[0], ())",
        hint=4,
    ),
    Mutant(
        "who is removed keeps watching",
        Seating,
        "turn_out",
        "if not _stands(self.shown.view.state, person):",
        "if False:",
        hint=5,
    ),
)
