"""When the store itself lost its last facts: what was lost, and what came back.

The server notices that the journal is no longer the one it has shown, and says so by ``TailLost``. The browsers offer
again what they had been told was saved; such an op is judged by the rules of today like any other, its records say
``again``, and here they are counted. A number of theirs that nothing fills any more is filled by ``Skip``.
"""

from typing import Final

from forum.domain.kernel import (
    N_,
    NOBODY,
    Asked,
    Command,
    Fact,
    Facts,
    Millis,
    Part,
    Record,
    Rejection,
    TabId,
)
from forum.domain.state import Loss, State, Touch, change

RULES = {
    "O5": N_(
        "If the store loses what was already saved, the phones offer it again by themselves: each contribution"
        " counts once, and is judged by the rules of that moment."
    ),
    "O6": N_("What the store has lost is said at the desk: how much, what came back, and what is missing."),
}
REFUSALS = {
    "no_loss": N_("There is nothing to confirm here any more. Look at the page again."),
}
UNKNOWN: Final = -1


class Skip(Command, frozen=True, rename={"from_": "from"}):
    """Fill the numbers of this tab from ``from_`` up to this op's own: no op of theirs is left to send (O5)."""

    from_: int


class TellLoss(Command, frozen=True):
    """The journal is not the one that was shown; asked by the server. The fields are those of ``TailLost``."""

    gen: int
    after: int
    upto: int
    chain: str
    ops: int = UNKNOWN


class ConfirmLoss(Command, frozen=True):
    """The desk has read what was lost in this life of the store."""

    gen: int


class Skipped(Fact, frozen=True):
    """A tab's numbers from ``first`` up to its op's own stay empty."""

    first: int


class TailLost(Fact, frozen=True):
    """The store lost facts it had confirmed: those after ``after``, up to ``upto``, whose chain was ``chain``."""

    gen: int  # the store's life in which it was noticed
    after: int
    upto: int
    chain: str
    ops: int = UNKNOWN  # contributions among them; UNKNOWN when only a page knew of them


class LossConfirmed(Fact, frozen=True):
    gen: int


def teller(state: State, gen: int) -> tuple[TabId, int]:
    """Tab and number under which any process says what this life of the store began with: once, or once more."""
    tab = TabId(f"server:tail-{gen}")
    known = state.tabs.get(tab)
    return tab, known.last + 1 if known else 1


def told(state: State, loss: TellLoss) -> bool:
    """Say whether the journal tells of this already, or of more."""
    return any(
        known.gen == loss.gen and known.upto >= loss.upto and known.ops >= loss.ops for known in state.losses
    )


def tell(state: State, command: TellLoss, asked: Asked) -> Facts | Rejection:
    if asked.by != NOBODY:
        return Rejection("J3", "forbidden")
    if told(state, command):
        return ()
    return (TailLost(command.gen, command.after, command.upto, command.chain, command.ops),)


def skip(state: State, command: Skip, asked: Asked) -> Facts | Rejection:
    return (Skipped(command.from_),)


def confirm_loss(state: State, command: ConfirmLoss, asked: Asked) -> Facts | Rejection:
    loss = state.losses[-1] if state.losses else None
    if loss is None or loss.gen != command.gen:
        return Rejection("O6", "no_loss")
    return () if loss.confirmed else (LossConfirmed(command.gen),)


def known_to(state: State, asked: Asked) -> Asked:
    """Who asks again saw numbers of a history that is gone: what they had seen of this one is what both share."""
    if not asked.again:
        return asked
    return change(asked, seen=min(asked.seen, max(1, shared(state)))) if asked.seen else asked


def shared(state: State) -> int:
    """The last number that the history of today has in common with the lost one; 0 when that is not told."""
    return state.losses[-1].after if state.losses else 0


def counted(state: State, fact: Fact, refused: bool) -> State:
    """The state in which one more op has come back; those that come before the loss is told are kept for it."""
    if isinstance(fact, Skipped):
        return state
    if not state.losses:
        restored, back = state.came_back
        return change(state, came_back=(restored + (not refused), back + refused))
    loss = state.losses[-1]
    loss = change(loss, restored=loss.restored + (not refused), refused=loss.refused + refused)
    return change(state, losses=(*state.losses[:-1], loss), touched=state.touched | {Touch.LOSS})


def _tail_lost(state: State, fact: TailLost, record: Record) -> State:
    before = state.losses[-1] if state.losses else None
    if before and before.gen == fact.gen:  # another process, or a page, had seen more of it
        more = change(
            before,
            after=min(before.after, fact.after),
            upto=max(before.upto, fact.upto),
            ops=max(before.ops, fact.ops),
        )
        losses = (*state.losses[:-1], more)
        return change(state, losses=losses, touched=frozenset({Touch.LOSS}))
    restored, back = state.came_back
    loss = Loss(fact.gen, fact.after, fact.upto, Millis(record.at), fact.ops, restored, back)
    return change(state, losses=(*state.losses, loss), came_back=(0, 0), touched=frozenset({Touch.LOSS}))


def _loss_confirmed(state: State, fact: LossConfirmed, record: Record) -> State:
    losses = tuple(change(x, confirmed=True) if x.gen == fact.gen else x for x in state.losses)
    return change(state, losses=losses, touched=frozenset({Touch.LOSS}))


def _skipped(state: State, fact: Skipped, record: Record) -> State:
    return change(state, touched=frozenset())


PART = Part(
    judges={Skip: skip, TellLoss: tell, ConfirmLoss: confirm_loss},
    folds={Skipped: _skipped, TailLost: _tail_lost, LossConfirmed: _loss_confirmed},
    rules=RULES,
    refusals=REFUSALS,
)
