"""Planted mistakes: each changes one decision of the real code, by a line of its source. The simulation must find all.

A row names a function, words of it, and what stands there instead. When the code changes and the words are gone,
planting fails: find the decision's new place.
"""

import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from forum.domain import arrivals, copies, keeping, links, loss, people, space
from forum.domain import room as rules
from forum.domain.steps import ballot, board
from forum.fragments.pages import Pages
from forum.journal.library import Library
from forum.keeping import keeper
from forum.live import frames
from forum.live.batch import Batch
from forum.live.holding import Holding
from forum.live.hub import Hub
from forum.live.moment import Moment
from forum.live.room import LiveRoom
from forum.live.seating import Seating
from forum.live.showing import Showing
from forum.live.trail import Trail
from tests.sim.store import Valkey
from tests.sim.tab import Tab
from tests.sim.twin import Mirror, Outbox

THICK: Final = 1.0  # seconds between two faults where a mistake shows by these only


class Mutant(NamedTuple):
    """One mistake. ``kinds``: the faults by which it shows; its universes have these, often, and no others."""

    @property
    def changes(self) -> tuple[tuple[str, Any], ...]:
        """What its universes have otherwise than their seeds say."""
        often = (("kinds", self.kinds), ("chaos", THICK)) if self.kinds else ()
        return (*often, ("begins", self.begins), ("off", frozenset())) if self.begins else often

    name: str
    owner: Any  # class or module
    function: str
    words: str
    instead: str
    kinds: tuple[str, ...] = ()
    hint: int = 0  # a seed that found it
    begins: str = ""  # the step in which its universes begin; "": as the seed has it


MUTANTS: Final = (
    Mutant(
        "a bell is heard and nobody reads on",
        Hub,
        "_heard",
        "room.ring(head, checked=checked)",
        "checked and room.ring(head, checked=checked)",
        hint=3,
    ),
    Mutant(
        "positions are not checked",
        Hub,
        "_check_positions",
        "self._heard(code, head, checked=True)",
        "pass",
        hint=3,
    ),
    Mutant(
        "acknowledged before the append",
        LiveRoom,
        "_commit",
        "head = self._holding.head\n",
        "head = self._holding.head\n"
        "                for asking, verdict in batch.verdicts(Head(head.gen, batch.state.seq, batch.chain), self._holding.trail):\n"
        "                    _answer(asking, verdict)\n",
        ("reply_lost", "request_lost", "crash"),
        hint=5,
    ),
    Mutant(
        "refused before the append",
        LiveRoom,
        "_commit",
        "head = self._holding.head\n",
        "head = self._holding.head\n"
        "                for asking, verdict in batch.verdicts(head, self._holding.trail):\n"
        "                    if hasattr(verdict, 'rejection'):\n"
        "                        _answer(asking, verdict)\n",
        ("reply_lost", "request_lost", "crash"),
        hint=7,
    ),
    Mutant(
        "appended on whatever head there is",
        Library,
        "at",
        "raise Conflict(head_of(answer[1:]))",
        "return await self.at(function, forum, head_of(answer[1:]), arguments, beside=beside)",
        hint=2,
    ),
    Mutant(
        "the store compares no head",
        Valkey,
        "_forum_append",
        "real != [gen, seq, chain]",
        "real[0] != gen",
        hint=3,
    ),
    Mutant(
        "a resume is taken for up to date",
        Seating,
        "enter",
        "mode, seat.at = self._mode(resume)",
        "mode, seat.at = self._mode(resume)[0], head.seq",
        ("cut", "sleep"),
    ),
    Mutant(
        "a skipped seat counts as up to date",
        Seating,
        "_serve",
        "self._behind[seat] = None",
        "seat.at = moment.head.seq",
        ("slow_reader", "stuck_reader"),
        hint=6,
    ),
    Mutant(
        "what is owed to a slow seat is forgotten",
        Seating,
        "_pay",
        "self._owed_blocked[seat] = _together(self._owed_blocked.get(seat, NOTHING), due)",
        "pass",
        ("slow_reader", "stuck_reader"),
        hint=0,
    ),
    Mutant(
        "op numbers are ignored",
        rules,
        "_numbered",
        "tab = state.tabs.get(asked.tab)",
        "return None",
        ("reply_lost", "cut"),
    ),
    Mutant(
        "another content is taken for a repeat",
        copies,
        "conflicts",
        "return known and answer.mark != asked.mark",
        "return False",
        ("copied", "cut", "reload"),
        hint=24,
    ),
    Mutant(
        "what has another's number is sent again under the same",
        Outbox,
        "verdict",
        'op["taken"] = True',
        "pass",
        ("copied", "cut", "reload"),
        hint=7,
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
        "a person may write without end",
        space,
        "judge",
        "if spent(state, asked.by, asked.at) >=",
        "if 0 >=",
        hint=8,
    ),
    Mutant("a full forum takes writing", space, "judge", "if state.used >= asked.most:", "if False:", hint=2),
    Mutant(
        "where there is no room refusals are recorded",
        space,
        "full",
        "return any(",
        "return False and any(",
        hint=3,
    ),
    Mutant(
        "who asks to lead and may not has the room of who may",
        space,
        "full",
        " and may(person.role, name)",
        "",
        hint=57,
    ),
    Mutant(
        "few ballots are revealed unasked",
        ballot,
        "before_reveal",
        'return Rejection("V10", "few_ballots", params) if held and not knowing else None',
        "return None",
        hint=3,
    ),
    Mutant(
        "fewer ballots than promised are revealed",
        ballot,
        "before_reveal",
        "if held and held.promised:",
        "if False:",
        hint=1,
    ),
    Mutant("numbers may skip", rules, "_numbered", "return OutOfOrder(last)", "return None", hint=2),
    Mutant(
        "a refusal uses no number",
        Batch,
        "_come_true",
        "facts = (refused(said, what, asking.asked),) if isinstance(said, Rejection) else said",
        "facts = () if isinstance(said, Rejection) else said",
    ),
    Mutant(
        "a repeat is answered as an error",
        Batch,
        "verdicts",
        "if said.refused else Accepted(at, place)",
        "if said.refused else Refused(Rejection('O1', 'result_not_kept'), at)",
        ("reply_lost", "cut"),
    ),
    Mutant(
        "what is gone is not said",
        Pages,
        "changes",
        "for key, slot in slots.items() if slot is None",
        "for key in ()",
        hint=12,
    ),
    Mutant(
        "a page of another history resumes",
        Seating,
        "_mode",
        "not self._trail.holds(resume.seq, resume.chain)",
        "resume.seq < self._trail.start",
        ("rollback", "cut", "sleep"),
        hint=2,
    ),
    Mutant(
        "a journal that lost its tail is taken for ours",
        Holding,
        "_catch_up",
        "elif head.seq <= self.head.seq:",
        "elif False:",
        ("rollback",),
    ),
    Mutant(
        "shown before it is true",
        LiveRoom,
        "_commit",
        "head = self._holding.head\n",
        "head = self._holding.head\n"
        "                self.seating._trail.follow(batch.traces)\n"
        "                self.seating.show(Shown(View(batch.state, self._showing.names, self._site),"
        " Head(head.gen, batch.state.seq, batch.chain)))\n",
        ("slow_store",),
    ),
    Mutant(
        "a state is shown before its names",
        Showing,
        "follow",
        "if self._nameless and not self._naming:",
        "if False:",
        hint=4,
    ),
    Mutant(
        "one fact too few in a change",
        Trail,
        "each",
        "range(since + 1, until + 1)",
        "range(since + 2, until + 1)",
    ),
    Mutant(
        "a change begins where the seat is not",
        Moment,
        "since",
        "self._made.get(kind)",
        "next((f for k, f in self._made.items() if (k.at != NOWHERE) == (at != NOWHERE) and k.packed == packed), None)",
        ("slow_reader", "cut"),
        hint=0,
    ),
    Mutant(
        "a page of today is given long lists as a whole, one of yesterday their end",
        Moment,
        "_making",
        "if kind.cut else",
        "if not kind.cut else",
    ),
    Mutant(
        "who needs the whole page is given what was made for others, cut or not",
        Moment,
        "since",
        "cut and at == NOWHERE",
        "False",
    ),
    Mutant(
        "what is packed for a page is not cut for it",
        Moment,
        "_making",
        "self.since(kind.at, cut=kind.cut)",
        "self.since(kind.at)",
        hint=2,
    ),
    Mutant(
        "where the lists of a page begin is not said",
        frames,
        "full_in_slices",
        'more = {"begins": begins} if begins else {}',
        "more = {}",
    ),
    Mutant(
        "a page takes what comes before its list begins",
        Mirror,
        "_put",
        'if order < self.begins.get(place, ""):',
        "if False:",
        hint=44,
    ),
    Mutant(
        "another history is not said to who is connected",
        Seating,
        "begin_anew",
        'self._welcome(seat, "full")',
        "pass",
        ("rollback",),
        hint=1,
    ),
    Mutant(
        "what is personal and gone is not said",
        Seating,
        "_give",
        "self._pages.your_changes(view, seat.audience, seat.person, due)",
        "(self._pages.your_changes(view, seat.audience, seat.person, due)[0], ())",
        hint=55,
    ),
    Mutant(
        "two pages go on under one number",
        Tab,
        "taken",
        "self._fresh_cid()",
        "pass",
        ("twin_tab", "sleep"),
        hint=75,
    ),
    Mutant(
        "a page sends under its new number where it spoke under the old one",
        Tab,
        "_fresh_cid",
        "self.link.anew()",
        "self.outbox.through((WIDTH, self._send)); self.link.renew()",
        ("twin_tab", "sleep"),
        hint=27,
    ),
    Mutant(
        "others may erase words",
        keeping,
        "_of_others",
        'person != asked.by and command.texts != "none"',
        "False",
        hint=9,
    ),
    Mutant(
        "what was erased is still asked for",
        keeper,
        "lived",
        "asked = tuple(one for one in asked if one.person != person)",
        "pass",
        hint=20,
    ),
    Mutant(
        "a name goes and nothing is drawn anew",
        keeping,
        "named_anew",
        "return _put(state, state.people[person], *shown)",
        "return state",
        hint=8,
    ),
    Mutant(
        "nobody goes on with what a process that died was to erase",
        keeper.Keeper,
        "_round",
        "[*self._unfinished, *self._waiting()]",
        "self._unfinished",
        ("crash", "reply_lost"),
        hint=31,
    ),
    Mutant(
        "who is removed still counts",
        people,
        "_put",
        "_has_voice(person) - (before is not None and _has_voice(before))",
        "(before is None and _has_voice(person))",
        hint=20,
    ),
    Mutant(
        "those removed together still count",
        arrivals,
        "_put",
        '((becomes == "in") - (person.state == "in"))',
        '(becomes == "in")',
        hint=5,
    ),
    Mutant(
        "those removed together keep watching",
        arrivals,
        "_put",
        "touched.add(Touch.you(id_))",
        "pass",
        hint=105,
    ),
    Mutant(
        "links made with a link that is taken back survive",
        links,
        "made_with",
        "children.setdefault(link.parent, []).append(link)",
        "pass",
        hint=5,
    ),
    Mutant(
        "who is removed keeps watching",
        Seating,
        "turn_out",
        "if not _stands(self.shown.view.state, person):",
        "if False:",
        hint=2,
    ),
    Mutant(
        "what led is done again by itself",
        rules,
        "_judge",
        "if leads(name) and (asked.again or asked.elsewhere):",
        "if False:",
        ("deep_rollback", "cut"),
    ),
    Mutant(
        "what led and was under way when the store lost its tail is done",
        Batch,
        "_known",
        "return change(asked, elsewhere=True) if self._elsewhere(asked) else asked",
        "return asked",
        ("deep_rollback", "slow_link", "cut"),
    ),
    Mutant(
        "what comes again is judged by the step of today",
        board,
        "_open_board",
        "not takes(state, found, asked)",
        "not (state.current == step and found.phase == 'open')",
        ("deep_rollback",),
        hint=129,
    ),
    Mutant(
        "what was refused counts as back",
        loss,
        "_struck",
        "dict.fromkeys(mine, refused)",
        "dict.fromkeys(mine, False)",
        ("deep_rollback",),
        hint=15,
    ),
    Mutant(
        "what was lost twice is there in the first loss only",
        loss,
        "counted",
        "tuple(_struck(loss, ops, refused) for loss in state.losses)",
        "(_struck(state.losses[0], ops, refused), *state.losses[1:])",
        ("deep_rollback",),
    ),
    Mutant(
        "what waits is never taken up",
        LiveRoom,
        "_look_at_waiting",
        "if self._runs and",
        "if False and",
        ("deep_rollback", "cut", "reload", "sleep", "slow_link", "half_open", "double_tap", "slow_reader"),
        hint=130,
    ),
    Mutant(
        "a vote that comes again counts after its result",
        ballot,
        "_lost_round",
        'return Rejection("V5", "vote_shown") if round_.revealed_at else round_',
        "return round_",
        ("deep_rollback", "cut", "reload", "sleep", "half_open"),
        hint=27,
        begins="vote",
    ),
)


def changed(mutant: Mutant) -> Callable[..., Any]:
    """The function with the mistake in it."""
    real = inspect.getattr_static(mutant.owner, mutant.function)
    source = inspect.getsource(real)
    if source.count(mutant.words) != 1:
        raise LookupError(
            f"{mutant.name}: {mutant.words!r} is in {mutant.function} {source.count(mutant.words)} times"
        )
    module = inspect.getmodule(real)
    made: dict[str, Any] = {}
    wrong = textwrap.dedent(source.replace(mutant.words, mutant.instead))
    exec(compile(wrong, mutant.name, "exec"), vars(module), made)
    return made[mutant.function]


@contextmanager
def planted(mutant: Mutant) -> Iterator[None]:
    """The code has this mistake for as long as the block lasts, whoever calls it: by its name, or out of a table."""
    real: Any = inspect.unwrap(getattr(mutant.owner, mutant.function))
    function = getattr(real, "__func__", real)
    kept, function.__code__ = function.__code__, inspect.unwrap(changed(mutant)).__code__
    try:
        yield
    finally:
        function.__code__ = kept
