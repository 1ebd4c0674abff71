"""Reasons of those who are against: offered beside their mark, never forced; secret as the ballot until the reveal (V28).

Which marks are against, a vote's method says (``Method.against``). Before the reveal nobody but its author is sent a reason, or
told that there is one, the desk neither. After it the words are shown without a name; the desk may hide them.
"""

from hashlib import blake2b
from typing import Annotated, NamedTuple

from forum.domain import methods, saw
from forum.domain.kernel import (
    N_,
    Asked,
    Command,
    Facts,
    Gesture,
    Holds,
    Part,
    PersonId,
    Quiet,
    ReasonId,
    Rejection,
    RoundId,
    Saw,
    StepId,
    Was,
)
from forum.domain.limits import Text
from forum.domain.state import State, since_loss
from forum.domain.steps.ballot import lost_round, open_round
from forum.domain.steps.reason_facts import (
    Held,
    ReasonGiven,
    ReasonHidden,
    ReasonRestored,
    ReasonTakenBack,
    all_of,
    found,
    of_person,
    reason_given,
    reason_hidden,
    reason_restored,
    reason_taken_back,
)
from forum.domain.steps.rounds import Ballot, Reason, Round

RULES = {
    "V28": N_(
        "Whoever is against may say why, and need not. Nobody sees a reason, or that there is one, before the reveal; then all "
        "read it without a name. It goes when its author takes it back, is no longer against, or has it erased, and with the "
        "ballots; the facilitator may hide it with a reason, and restore it."
    ),
}
REFUSALS = {
    "not_against": N_(
        "A reason belongs to a choice that is against. What you wrote is kept here: choose, then send it again."
    ),
    "no_such_reason": N_("This reason is no longer there. Look at the result again."),
    "why_hidden": N_("Say in a few words why this is hidden; its author will read it."),
}


class GiveReason(Command, frozen=True):
    """Say why one is against, in all; not "more". Nothing takes it back."""

    step: StepId
    key: str
    text: Annotated[str, Text(300, lines=True)]


class HideReason(Command, frozen=True):
    """Take a reason out of sight, saying why."""

    id: ReasonId
    reason: Annotated[str, Text(200)]


class RestoreReason(Command, frozen=True):
    """Bring a hidden reason back."""

    id: ReasonId


class Told(NamedTuple):
    """A reason as it is told: nothing says whose it is."""

    id: ReasonId
    key: str
    mark: int  # for which it was given; 0: not known
    text: str  # "": erased
    hidden: str  # why the desk hid it; "": it did not


def told(round_: Round | None) -> tuple[Told, ...]:
    """The reasons of a round, none before its reveal, by the mark, those most against first. Cost: the reasons.

    Their order says nothing of who gave them, or when: their ids are drawn. Who replaced a ballot replaced its reasons (V14).
    """
    if round_ is None or not round_.revealed_at:
        return ()
    there = [_told(round_, held) for held in all_of(round_) if held.person not in round_.aside]
    return tuple(sorted(there, key=lambda one: (one.key, one.mark, one.id)))


def shown(round_: Round | None) -> tuple[Told, ...]:
    """Those that everybody may read."""
    return tuple(one for one in told(round_) if not one.hidden)


def may_say(round_: Round, mark: int) -> bool:
    """Whether whoever gave this mark is offered to say why."""
    against = methods.of(round_.method).against
    return against is not None and against(mark)


def _told(round_: Round, held: Held) -> Told:
    ballot = round_.ballots.get(held.person)
    mark = ballot.marks.get(held.key, 0) if ballot else 0
    return Told(held.reason.id, held.key, mark, held.reason.text, held.reason.hidden)


def give_reason(state: State, command: GiveReason, asked: Asked) -> Facts | Rejection:
    again = asked.was is not None and asked.was.step == command.step and asked.was.round
    round_ = lost_round(state, command.step, asked) if again else open_round(state, command.step)
    if isinstance(round_, Rejection):
        return round_
    given = round_.ballots.get(asked.who)
    if command.key not in methods.of(round_.method).keys(round_):
        return Rejection("V7", "no_option")
    known = of_person(round_, asked.who).get(command.key)
    if known and asked.was and _newer(state, known, asked.was):
        return ()
    if not command.text:
        return (ReasonTakenBack(round_.id, command.key, known.id),) if known else ()
    if given is None or not may_say(round_, given.marks.get(command.key, 0)):
        return Rejection("V28", "not_against")
    if known and known.text == command.text:
        return ()
    name = known.id if known else _drawn(state, round_.id, asked.who, given)
    return (ReasonGiven(round_.id, command.key, name, command.text),)


def _newer(state: State, known: Reason, was: Was) -> bool:
    """Whether what stands is newer than what comes again: in the history that was lost, or written since."""
    return known.was > was.seq if known.was else since_loss(state, known.number)


def _drawn(state: State, round_: RoundId, person: PersonId, given: Ballot) -> ReasonId:
    """An id that says neither whose a reason is nor which came first, to whoever has not the journal.

    People, numbers and moments are few enough to be tried one after another: what nobody can try is the salt in the seal.
    """
    words = f"{state.code} {round_} {state.seq} {state.at} {person} {given.seal}"
    return ReasonId(f"why{blake2b(words.encode(), digest_size=8).hexdigest()}")


def _of(state: State, name: ReasonId) -> tuple[Round, Held] | None:
    """A reason that was shown, with its round. Cost: the rounds and their reasons."""
    there = (round_ for round_ in state.rounds.by_id.values() if round_.revealed_at and round_.reasons)
    return next(((round_, held) for round_ in there if (held := found(round_, name))), None)


def hide_reason(state: State, command: HideReason, asked: Asked) -> Facts | Rejection:
    one = _of(state, command.id)
    if one is None or one[1].reason.hidden:
        return Rejection("V28", "no_such_reason")
    if not command.reason:
        return Rejection("V28", "why_hidden")
    return (ReasonHidden(one[0].id, command.id, command.reason),)


def restore_reason(state: State, command: RestoreReason, asked: Asked) -> Facts | Rejection:
    one = _of(state, command.id)
    if one is None or not one[1].reason.hidden:
        return Rejection("V28", "no_such_reason")
    return (ReasonRestored(one[0].id, command.id, one[1].reason.hidden),)


def _read(state: State, command: HideReason | RestoreReason, asked: Asked) -> int:
    one = _of(state, command.id)
    return max(one[1].reason.number, one[1].reason.settled) if one else 0


def _said(state: State, fact: ReasonHidden | ReasonRestored) -> Reason | None:
    held = found(state.rounds.by_id[fact.round], fact.id)
    return held.reason if held else None


def _back_to_sight(state: State, fact: ReasonHidden) -> tuple[str, Facts] | None:
    said = _said(state, fact)
    return (said.text, (ReasonRestored(fact.round, fact.id, fact.reason),)) if said else None


def _out_of_sight(state: State, fact: ReasonRestored) -> tuple[str, Facts] | None:
    said = _said(state, fact)
    return (said.text, (ReasonHidden(fact.round, fact.id, fact.reason),)) if said else None


def _is_shown(state: State, fact: ReasonHidden) -> bool:
    said = _said(state, fact)
    return said is not None and not said.hidden


def _is_hidden(state: State, fact: ReasonRestored) -> bool:
    said = _said(state, fact)
    return said is not None and bool(said.hidden)


PART = Part(
    judges={GiveReason: give_reason, HideReason: hide_reason, RestoreReason: restore_reason},
    folds={
        ReasonGiven: reason_given,
        ReasonTakenBack: reason_taken_back,
        ReasonHidden: reason_hidden,
        ReasonRestored: reason_restored,
    },
    rules=RULES,
    refusals=REFUSALS,
    gestures={
        ReasonHidden: Gesture(N_("hid a reason"), _back_to_sight, _is_shown),
        ReasonRestored: Gesture(N_("restored a reason"), _out_of_sight, _is_hidden),
    },
    words={
        ReasonGiven: Holds(lambda f: f.id, ("text",), own=True),
        ReasonHidden: Holds(lambda f: f.id, ("reason",), quotes=True),
        ReasonRestored: Holds(lambda f: f.id, ("reason",), quotes=True),
    },
    plain=frozenset({GiveReason}),
    sees={
        GiveReason: saw.ROUND,
        **dict.fromkeys((HideReason, RestoreReason), Saw(_read, N_("This reason"))),
    },
    gives={GiveReason: N_("A reason of yours in a vote")},
    aloud=dict.fromkeys((ReasonGiven, ReasonTakenBack), Quiet("secret, as the ballot is")),
)
