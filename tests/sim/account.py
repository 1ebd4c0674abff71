"""The account of a universe, when everything is over and quiet: what was told must be so."""

from typing import TYPE_CHECKING

from forum.domain.again import Waits, is_there
from forum.domain.gone import Loss
from forum.domain.led import LedBefore
from forum.domain.loss import count, is_named
from forum.domain.room import EMPTY, fold
from forum.domain.state import State
from tests.sim.history import NO_CONTRIBUTION, Fold, Intent, is_given
from tests.sim.oracle import Oracle

if TYPE_CHECKING:
    from tests.sim.tab import Tab


def account(oracle: Oracle, tabs: list["Tab"]) -> None:
    """Everything is over and quiet: what was told must be so."""
    over = {tab.name for tab in tabs if tab.over}
    there = {tab.name for tab in tabs} - over
    held = {tab.name for tab in tabs if tab.held or oracle.model.is_full(tab.visitor.person)}
    for intent in oracle.intents:
        if not intent.outcome and intent.tab in there - held:
            oracle.fail("C2", f"{intent.tab} was never told what became of {intent.command}")
        if intent.outcome == "ack":
            _still_there(oracle, intent, there - held)
    _named(oracle)
    _numbers(oracle)
    left = [held.until for held in oracle.state.gone.held.values() if is_there(oracle.state, held.until)]
    if left:
        oracle.fail("O12", f"something still waits for {left[0]}, which is there")
    if differs := oracle.model.sheets.differs(oracle.state.sheets.by_id):
        oracle.fail("I9", differs)
    if oracle.state != _again(oracle):
        oracle.fail("I9", "folding the journal anew gives another state")


def _still_there(oracle: Oracle, intent: Intent, there: set[str]) -> None:
    op, seq = intent.told
    if op in oracle.ops:
        oracle.is_what_was_asked(op, intent)
        return
    if oracle.epoch == 0 or (intent.kept and intent.tab in there):
        oracle.fail("I3", f"{op}, {intent.command}, was told it is saved as {seq}, and is gone")
    else:
        oracle.world.weather.fired["unrecovered"] += 1


def _named(oracle: Oracle) -> None:
    """O6: what any loss names is there or is not, as it says."""
    for loss in oracle.state.gone.losses:
        for op in loss.which or ():
            if _is_back(oracle, op) != (op not in loss.out):
                said = "out" if op in loss.out else "there again"
                oracle.fail(
                    "O6",
                    f"{op}, lost after {loss.after} and noticed in life {loss.gen}, is told to be {said}",
                )


def _is_back(oracle: Oracle, op: str) -> bool:
    """Whether what was lost is there again, as more than an answer, under its own number or another.

    What led and was not done again is listed at the desk, and is no contribution: a copy may have used the number for it.
    """
    again = (fold_ for fold_ in oracle.folds[1:] if fold_.record.lost and fold_.record.lost.op == op)
    facts = [*oracle.ops.get(op, []), *(fold_.record.fact for fold_ in again)]
    return any(not isinstance(fact, NO_CONTRIBUTION | Waits | LedBefore) for fact in facts)


def _numbers(oracle: Oracle) -> None:
    """O6: what the desk reads of the last loss is exact, as far as a process had seen it."""
    state = oracle.state
    loss = state.gone.losses[-1] if state.gone.losses else None
    if loss is None or loss.ops < 0:
        return
    gone = _gone_with(oracle, loss.chain)
    if loss.upto != max(gone, default=0):
        oracle.fail("O6", f"the store never lost a history with the chain of the loss up to {loss.upto}")
        return
    ops = {fold_.op for seq, fold_ in gone.items() if seq > loss.after and is_given(fold_)}
    ops |= _of_between(oracle, loss)
    lost = {op: _is_back(oracle, op) for op in ops}
    told = count(state, loss)
    unnamed = sum(  # what came of losses that nobody told of, and was not taken
        one.refused and one.under == loss.gen and not is_named(state, one.lost.op)
        for one in state.gone.redeemed.values()
    ) + sum(not is_named(state, op) for op in state.gone.held)  # or waits
    missing = sum(not back for back in lost.values())
    if told.missing is None or told.missing + told.waiting != missing + unnamed:
        oracle.fail(
            "O6",
            f"the desk reads {told}, of {len(lost)} lost {missing} are not there ({unnamed} unnamed)",
        )


def _gone_with(oracle: Oracle, chain: str) -> dict[int, Fold]:
    """Of the history in which a fact had this chain, all up to that fact that is not in today's, by number.

    Where it parted from today's does not say which history it was: several may have parted at one fact.
    """
    gone: dict[int, Fold] = {}
    shared = 0  # with what the store had after each drop
    for drop in oracle.drops:
        shared = shared or next((seq for seq, fold_ in drop.facts if fold_.chain == chain), 0)
        gone |= {seq: fold_ for seq, fold_ in drop.facts if seq <= shared}
        shared = min(shared, drop.after)
    return gone


def _of_between(oracle: Oracle, loss: Loss) -> set[str]:
    """What a loss names of a history that had lived between two losses: its page tells of it under the later one."""
    others = {op for one in oracle.state.gone.losses if one != loss for op in one.which or ()}
    given = {fold_.op for drop in oracle.drops for _, fold_ in drop.facts if is_given(fold_)}
    return (given & set(loss.which or ())) - others


def _again(oracle: Oracle) -> State:
    state = EMPTY
    for seq, kept in enumerate(oracle.folds[1:], 1):
        state = fold(state, seq, kept.op, kept.record)
    return state
