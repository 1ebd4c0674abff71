"""Mistakes in how rooms, the store and the keeper save, notice and catch up."""

from typing import Final

from forum.journal.library import Library
from forum.keeping import life
from forum.live.batch import Batch
from forum.live.holding import Holding
from forum.live.hub import Hub
from forum.live.room import LiveRoom
from tests.sim.mutants.planting import Mutant
from tests.sim.valkey import Valkey

MUTANTS: Final = (
    Mutant(
        "a bell is heard and nobody reads on",
        Hub,
        "_heard",
        "room.ring(head, checked=checked)",
        "checked and room.ring(head, checked=checked)",
    ),
    Mutant(
        "positions are not checked",
        Hub,
        "_check_positions",
        "self._heard(code, head, checked=True)",
        "pass",
        hint=0,
    ),
    Mutant(
        "acknowledged before the append",
        LiveRoom,
        "_commit",
        "head = self._holding.head\n",
        "head = self._holding.head\n"
        "                for asking, verdict in batch.verdicts(Head(head.gen, batch.state.seq, batch.chain), self._holding.trail):\n"
        "                    answer(asking, verdict)\n",
        ("reply_lost", "request_lost", "crash"),
        hint=4,
    ),
    Mutant(
        "refused before the append",
        LiveRoom,
        "_commit",
        "head = self._holding.head\n",
        "head = self._holding.head\n"
        "                for asking, verdict in batch.verdicts(head, self._holding.trail):\n"
        "                    if hasattr(verdict, 'rejection'):\n"
        "                        answer(asking, verdict)\n",
        ("reply_lost", "request_lost", "crash"),
        hint=7,
    ),
    Mutant(
        "appended on whatever head there is",
        Library,
        "at",
        "raise Conflict(head_of(answer[1:]))",
        "return await self.at(function, forum, head_of(answer[1:]), arguments, beside=beside)",
        hint=0,
    ),
    Mutant(
        "the store compares no head",
        Valkey,
        "_forum_append",
        "real != [gen, seq, chain]",
        "real[0] != gen",
    ),
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
        hint=3,
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
        "what was erased is still asked for",
        life,
        "lived",
        "asked = tuple(one for one in asked if one.person != person)",
        "pass",
        hint=30,
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
        "what waits is never taken up",
        LiveRoom,
        "_look_at_waiting",
        "if self._runs and",
        "if False and",
        ("deep_rollback", "cut", "reload", "sleep", "slow_link", "half_open", "double_tap", "slow_reader"),
        hint=78,
    ),
)
