"""When the store itself has lost its last facts: what was lost, and what came back.

The server notices that the journal is no longer the one it has shown, and says so with ``TailLost``. The
browsers then send again what they had been told was saved. ``again`` decides how such an op is judged. Its
records say what it had been, and this module counts them. ``Skip`` fills a number for which no op is left.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Final, NamedTuple

import msgspec
from immutables import Map

from forum.domain import saw
from forum.domain.again import UNSAID, Waits
from forum.domain.gone import Back, Loss
from forum.domain.kernel import (
    N_,
    NOBODY,
    Absolute,
    Asked,
    Command,
    Fact,
    Facts,
    Lost,
    Millis,
    Part,
    PersonId,
    Quiet,
    Record,
    Rejection,
    RoundId,
    TabId,
    at_desk,
)
from forum.domain.limits import Number
from forum.domain.people import PersonJoined
from forum.domain.state import State, change
from forum.domain.steps.ballot import CAST
from forum.domain.touch import Touch
from forum.domain.voices import VoiceHanded, VoiceReturned

RULES = {
    "O5": N_(
        "If the store loses what was already saved, the phones offer it again by themselves: each contribution"
        " counts once."
    ),
    "O6": N_("What the store has lost is said at the desk: how much, what came back, and what is missing."),
}
REFUSALS = {
    "no_loss": N_("What you are confirming is not what this page says now. Look at it again, then decide."),
}
UNKNOWN: Final = -1


class Skip(Command, frozen=True, rename={"from_": "from"}):
    """Fill the numbers of this tab from ``from_`` up to this op's own: no op of theirs is left to send (O5)."""

    from_: Number


class TellLoss(Command, frozen=True):
    """The journal is not the one that was shown; asked by the server. The fields are those of ``TailLost``."""

    gen: int
    after: int
    upto: int
    chain: str
    ops: int = UNKNOWN
    votes: dict[str, int] = {}
    led: int = 0
    since: tuple[tuple[int, int], ...] = ()
    was: int = 0
    which: dict[str, str] | None = None


class ConfirmLoss(Command, frozen=True):
    """The desk has read what was lost in this life of the store, and leaves what it was shown that had been done after."""

    gen: Number
    upto: Number = 0  # the last fact of that list which it was shown; 0 = whatever is listed
    read: Number = 0  # the last fact that told of a loss which it was shown; 0 = whatever was told


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
    votes: dict[str, int] = {}  # of those, given in a vote: round → how many
    led: int = 0  # what those who lead had done among them
    since: tuple[tuple[int, int], ...] = ()  # losses that the lost history had had: life, last shared number
    was: int = 0  # the store's life in which whoever tells of it stood last in what is lost; 0 = not said
    which: dict[str, str] | None = None  # contributions by op: a vote's round, or ""; None = not said


class LossConfirmed(Fact, frozen=True):
    gen: int
    upto: int = 0  # what is told of later than by this fact was not seen, and stays listed; 0 = all that was
    read: int = 0  # a loss told of later than by this fact was not seen either; 0 = all were


def teller(state: State, gen: int) -> tuple[TabId, int]:
    """Tab and number under which any process says what this life of the store began with: once, or once more."""
    tab = TabId(f"server:tail-{gen}")
    known = state.tabs.by_id.get(tab)
    return tab, known.last + 1 if known else 1


def told(state: State, loss: TellLoss) -> bool:
    """Say whether the journal tells of this already, or of more."""
    return any(
        same(known, loss)
        and known.upto >= loss.upto
        and known.told >= loss.ops
        and _all_in(loss.which, known.which)
        for known in state.gone.losses
    )


def tell(state: State, command: TellLoss, asked: Asked) -> Facts | Rejection:
    if asked.by != NOBODY:
        return Rejection("J3", "forbidden")
    if told(state, command):
        return ()
    return (TailLost(**msgspec.structs.asdict(command)),)


def skip(state: State, command: Skip, asked: Asked) -> Facts | Rejection:
    return (Skipped(command.from_),)


def confirm_loss(state: State, command: ConfirmLoss, asked: Asked) -> Facts | Rejection:
    shown = [loss for loss in state.gone.losses if loss.gen == command.gen]
    if not shown:
        return Rejection("O6", "no_loss")
    leaves = any(not command.upto or one.seq <= command.upto for one in state.gone.led)
    fact = LossConfirmed(command.gen, command.upto, command.read)
    return (fact,) if leaves or any(_confirms(fact, loss) for loss in unread(state)) else ()


def unread(state: State) -> list[Loss]:
    """The losses that the desk has not confirmed, the latest first."""
    return [loss for loss in reversed(state.gone.losses) if not loss.confirmed]


def _confirms(fact: LossConfirmed, loss: Loss) -> bool:
    return loss.gen <= fact.gen and (not fact.read or loss.seq <= fact.read)


class Count(NamedTuple):
    """What became of the contributions that were lost; None where nobody knows how many there were."""

    lost: int | None
    back: int
    waiting: int  # offered again, and waiting for what they need (O12)
    refused: int  # offered again, and not taken: their authors have been told
    missing: int | None  # the refused ones too

    @property
    def complete(self) -> bool:
        """Whether it is known that everything is there."""
        return self.missing == 0 and not self.waiting


def count(state: State, loss: Loss) -> Count:
    """What became of what was lost then. Cost: what waits, and what came back."""
    waits = sum(
        _waits_of(state, loss, Lost(held.was.gen, held.was.seq, op)) for op, held in state.gone.held.items()
    )
    no = sum(loss.there.values())
    back, refused = loss.restored + len(loss.there) - no, loss.refused + no
    if loss.ops < 0:
        return Count(None, back, waits, refused, None)
    return Count(loss.ops, back, waits, refused, max(0, loss.ops - back - waits))


def _waits_of(state: State, loss: Loss, lost: Lost) -> bool:
    """Whether what waits was lost then; what several losses name is lost in each."""
    if is_named(state, lost.op):
        return loss.which is not None and lost.op in loss.which and lost.op not in loss.there
    return state.gone.losses[_of(state, lost)] == loss


def is_named(state: State, op: str) -> bool:
    """Say whether a loss that is told names this op."""
    return any(loss.which and op in loss.which for loss in state.gone.losses)


def counted(state: State, fact: Fact, refused: bool, lost: Lost | None, op: str, by: PersonId) -> State:
    """The state in which one more op has come back, once; those that come before the loss is told are kept for it.

    lost   None of what came without a proof: that it came is known where a loss names it
    by     who offered it
    """
    if isinstance(
        fact, Skipped | PersonJoined | VoiceHanded | VoiceReturned
    ):  # no contribution, neither when it was lost
        return state
    waits, waited = isinstance(fact, Waits), op.startswith(UNSAID)
    ops = {op, lost.op} if lost else {op}
    named = any(is_named(state, one) for one in ops)
    if named and not waits:
        losses = tuple(_struck(loss, ops, refused) for loss in state.gone.losses)
        state = change(state, gone=change(state.gone, losses=losses), touched=state.touched | {Touch.LOSS})
    if lost is not None:
        if lost.by and lost.by not in state.gone.heirs:
            state = change(state, gone=change(state.gone, heirs=state.gone.heirs.set(lost.by, by)))
        if lost.op in state.gone.redeemed:
            return state
        if not waits:
            round_ = fact.round if isinstance(fact, CAST) else ""
            one = Back(lost, refused, round_, state.gone.losses[-1].gen if state.gone.losses else 0)
            state = change(state, gone=change(state.gone, redeemed=state.gone.redeemed.set(lost.op, one)))
    if named:
        return state
    restored, back = int(not (refused or waits)), int(refused)
    if not state.gone.losses:
        before = state.gone.came_back
        return change(state, gone=change(state.gone, came_back=(before[0] + restored, before[1] + back)))
    at = _of(state, lost)
    loss = state.gone.losses[at]
    beyond = lost is not None and not waited and loss.ops >= 0 and not covers(loss, lost)
    votes = loss.votes_back
    if isinstance(fact, CAST):
        votes = votes.set(fact.round, votes.get(fact.round, 0) + 1)
    loss = change(
        loss,
        ops=loss.ops + beyond,
        restored=loss.restored + restored,
        refused=loss.refused + back,
        votes_back=votes,
    )
    losses = (*state.gone.losses[:at], loss, *state.gone.losses[at + 1 :])
    return change(state, gone=change(state.gone, losses=losses), touched=state.touched | {Touch.LOSS})


def _struck(loss: Loss, ops: set[str], refused: bool) -> Loss:
    """A loss of which these ops are there again, or were refused. What is there once stays so."""
    mine = [op for op in ops if loss.which and op in loss.which and loss.there.get(op, True)]
    return change(loss, there=loss.there.update(dict.fromkeys(mine, refused))) if mine else loss


def covers(loss: Loss, lost: Lost) -> bool:
    """Say whether an op was among what was lost then, and not in a history that had been lost before."""
    if loss.which is not None:
        return lost.op in loss.which
    earlier = any(lost.gen < gen and lost.seq > after for gen, after in loss.since)
    return lost.gen < loss.gen and loss.after < lost.seq <= loss.upto and not earlier


def _of(state: State, lost: Lost | None, under: int | None = None) -> int:
    """Which loss an op was lost in: the first that covers it, else the latest when it came (``under``: its life)."""
    for at, loss in enumerate(state.gone.losses):
        if lost is not None and covers(loss, lost):
            return at
    known = [at for at, loss in enumerate(state.gone.losses) if under is None or loss.gen <= under]
    return known[-1] if known else 0


def same(known: Loss, told: TellLoss | TailLost) -> bool:
    """Say whether two tell of one loss: noticed in one life of the store, or of a history that lived between both.

    Of one history whoever saw more of it names all that the other names.
    """
    if not (_all_in(told.which, known.which) or _all_in(known.which, told.which)):
        return False
    between = all(gen <= told.was for gen, _ in known.since) and told.was < known.gen
    return known.gen == told.gen or (bool(told.was) and between)


def _all_in(few: Mapping[str, str] | None, more: Mapping[str, str] | None) -> bool:
    return all(op in (more or {}) for op in few or {})


def _tail_lost(state: State, fact: TailLost, record: Record) -> State:
    known = state.gone.losses
    at = next((n for n, one in enumerate(known) if same(one, fact)), len(known))
    if at < len(known):  # another process, or a page, had seen more of it
        before = known[at]
        loss = change(
            before,
            after=min(before.after, fact.after),
            upto=max(before.upto, fact.upto),
            chain=fact.chain if fact.upto > before.upto else before.chain,
            ops=max(before.ops, fact.ops),
            told=max(before.told, fact.ops),
            votes=_most(before.votes, fact.votes),
            led=max(before.led, fact.led),
            since=max(before.since, fact.since),
            which=before.which if fact.which is None else (before.which or Map()).update(fact.which),
        )
    else:
        restored, back = state.gone.came_back
        loss = Loss(
            fact.gen, fact.after, fact.upto, Millis(record.at), fact.ops, restored, back,
            votes=_most(Map(), fact.votes), led=fact.led, led_back=len(state.gone.led), since=fact.since, told=fact.ops,
            which=None if fact.which is None else Map(fact.which), chain=fact.chain, was=fact.was, seq=state.seq,
        )  # fmt: skip
    loss = change(loss, there=_there(state, loss))
    # Whoever was away while later ones were told tells of an earlier one now.
    losses = sorted((*known[:at], loss, *known[at + 1 :]), key=lambda one: one.gen)
    state = change(state, gone=change(state.gone, losses=tuple(losses), came_back=(0, 0)))
    return change(_recounted(state), touched=frozenset({Touch.LOSS}))


def _there(state: State, loss: Loss) -> Map[str, bool]:
    """Of what a loss names, what is there again when it is told, proven or not. Cost: what it names."""
    found = dict(loss.there)
    for op in loss.which or ():
        tab, _, number = op.rpartition(":")
        known = state.tabs.by_id.get(TabId(tab))
        results = known.results if known else ()
        answer = next((r for r in results if r.op == int(number) and r.done), None)
        if op in state.gone.redeemed:
            found.setdefault(op, state.gone.redeemed[op].refused)
        elif answer:
            found.setdefault(op, answer.refused is not None)
    return Map(found)


def _recounted(state: State) -> State:
    """The state in which each loss counts what came back of it, now that more is known of them. Cost: what came back."""
    if not state.gone.redeemed:
        return state
    back: list[list[Back]] = [[] for _ in state.gone.losses]
    for one in state.gone.redeemed.values():
        if not is_named(state, one.lost.op):
            back[_of(state, one.lost, one.under)].append(one)
    waits = [
        Lost(held.was.gen, held.was.seq, op)
        for op, held in state.gone.held.items()
        if not is_named(state, op)
    ]
    losses = []
    for at, loss in enumerate(state.gone.losses):
        came = [one.lost for one in back[at]] + [lost for lost in waits if _of(state, lost) == at]
        beyond = sum(not covers(loss, lost) for lost in came)
        refused = sum(one.refused for one in back[at])
        rounds = Counter(one.round for one in back[at] if one.round)
        losses.append(
            change(
                loss,
                ops=loss.told + beyond if loss.told >= 0 else UNKNOWN,
                restored=len(back[at]) - refused,
                refused=refused,
                votes_back=Map(rounds),
            )
        )
    return change(state, gone=change(state.gone, losses=tuple(losses)))


def _most(known: Map[RoundId, int], told: dict[str, int]) -> Map[RoundId, int]:
    return known.update({RoundId(r): max(known.get(RoundId(r), n), n) for r, n in told.items()})


def _loss_confirmed(state: State, fact: LossConfirmed, record: Record) -> State:
    losses = tuple(change(x, confirmed=True) if _confirms(fact, x) else x for x in state.gone.losses)
    unseen = tuple(one for one in state.gone.led if fact.upto and one.seq > fact.upto)
    return change(state, gone=change(state.gone, losses=losses, led=unseen), touched=frozenset({Touch.LOSS}))


def _skipped(state: State, fact: Skipped, record: Record) -> State:
    return change(state, touched=frozenset())


PART = Part(
    judges={Skip: skip, TellLoss: tell, ConfirmLoss: confirm_loss},
    folds={Skipped: _skipped, TailLost: _tail_lost, LossConfirmed: _loss_confirmed},
    rules=RULES,
    refusals=REFUSALS,
    sees={
        Skip: Absolute("fills a number of its own tab"),
        TellLoss: saw.BY_SERVER,
        ConfirmLoss: Absolute("says itself what it was shown (O6)"),
    },
    aloud={
        **dict.fromkeys((Skipped, LossConfirmed), Quiet("told to whom it concerns, and where it is read")),
        TailLost: at_desk(N_("The store has lost the last things it had saved. The desk says which.")),
    },
)
