"""Pledges: commitments in public. Who, what first step, by when."""

from datetime import timedelta
from typing import Annotated

from forum.domain import saw
from forum.domain.consents import part as consents
from forum.domain.dates import parse_date, today, within
from forum.domain.kernel import (
    N_,
    ActionId,
    Asked,
    Command,
    CommitmentId,
    Fact,
    Facts,
    Holds,
    Part,
    PersonId,
    Quiet,
    Record,
    Rejection,
    StepId,
)
from forum.domain.limits import Day, New, Text
from forum.domain.settings import PledgeSettings
from forum.domain.state import State, change, takes
from forum.domain.steps.commitments import READERS, Commitment, Readers
from forum.domain.steps.kind import Kind
from forum.domain.touch import Touch

RULES = {
    "E1": N_(
        "A commitment is personal: a first step and a date within 30 days, shown to the room with the "
        "person’s name."
    ),
    "E2": N_("Only the person who made a commitment can withdraw it; nobody commits anybody else."),
    "E3": N_(
        "People who commit choose who may read their name beside it: the room, the members too, or "
        "everybody. The choice is kept as a consent and can be changed at any time; "
        "elsewhere the commitment stands without a name."
    ),
    "E4": N_(
        "People who commit may leave an address for the plan and reminders. Only those who lead and the "
        "staff have it; it goes when they say so, with their name, or with the forum."
    ),
}
REFUSALS = {
    "pledge_closed": N_("Commitments are not open now. Your text is kept here. Ask the facilitator."),
    "text_needed": N_("Write your first step in a few words, then send it again."),
    "date_range": N_("Choose a date from today to {limit}: a first step comes within 30 days."),
    "name_needed": N_("A commitment is signed: write your first name first, then send it again."),
    "no_commitment": N_("This commitment is no longer there. Look at the wall again."),
    "too_many_pledges": N_("You already have {limit} commitments. Withdraw one first, or keep to those."),
}

WITHIN_DAYS = 30
MOST_EACH = 10


class Pledge(Command, frozen=True):
    """Promise a first step by a date, for an action or for the whole."""

    id: New[CommitmentId]
    text: Annotated[str, Text(300)]
    due: Day
    action: ActionId | None = None
    readers: Readers = "room"
    text_version: str = ""  # of what was read about them; "": the room needs no consent


class ChooseReaders(Command, frozen=True):
    """Others may read my name at my commitment from now on."""

    id: CommitmentId
    readers: Readers
    text_version: str = ""


class WithdrawPledge(Command, frozen=True):
    """Take my commitment back."""

    id: CommitmentId


class Pledged(Fact, frozen=True):
    id: CommitmentId
    person: PersonId
    text: str
    due: str
    action: ActionId | None = None
    step: StepId = StepId("")
    readers: Readers = "room"


class ReadersChosen(Fact, frozen=True):
    id: CommitmentId
    readers: Readers


class PledgeWithdrawn(Fact, frozen=True):
    id: CommitmentId


def live_commitments(state: State) -> tuple[Commitment, ...]:
    """The commitments that stand, in the order they were made."""
    return tuple(c for name in state.commitments.order if not (c := state.commitments.by_id[name]).withdrawn)


def readers(state: State, commitment: Commitment) -> Readers:
    """Who may read the name at a commitment: those chosen, while the consent to it stands; else the room (E3)."""
    consent = consents.standing(state, commitment.person, "attribution")
    return commitment.readers if consent and consent.seq < commitment.chosen else "room"


def is_named(state: State, commitment: Commitment, to: Readers) -> bool:
    """Say whether a commitment stands with its name where these read it (E3)."""
    return READERS.index(to) <= READERS.index(readers(state, commitment))


def how_named(state: State, to: Readers) -> tuple[int, int]:
    """At how many commitments these read the name, and how many there are."""
    made = live_commitments(state)
    return sum(is_named(state, one, to) for one in made), len(made)


def _agreed(state: State, command: Pledge | ChooseReaders, asked: Asked) -> Facts | Rejection:
    """The consent that a choice of readers needs: none for the room."""
    if command.readers == "room":
        return ()
    return consents.agreed(state, asked.who, "attribution", command.text_version)


def pledge(state: State, command: Pledge, asked: Asked) -> Facts | Rejection:
    step = next((s for s in state.steps if s.settings.makes == "commitment" and takes(state, s, asked)), None)
    if step is None:
        return Rejection("E1", "pledge_closed")
    if not command.text:
        return Rejection("E1", "text_needed")
    if command.id in state.commitments.by_id:
        known = state.commitments.by_id[command.id]
        there = known.person == asked.who and (asked.was or known.text == command.text)
        return () if there else Rejection("E1", "id_taken")
    action = state.plan.actions.get(command.action) if command.action else None
    if command.action and (action is None or action.removed):
        return Rejection("E1", "no_action")
    mine = sum(c.person == asked.who for c in live_commitments(state))
    if mine >= MOST_EACH:
        return Rejection("E1", "too_many_pledges", {"limit": MOST_EACH})
    day = parse_date(command.due)
    first, last = today(asked.at), today(asked.at) + timedelta(days=WITHIN_DAYS)
    if not day:
        return Rejection("E1", "bad_date")
    if not within(day, first, last):
        return Rejection("E1", "date_range", {"limit": last.isoformat()})
    agreed = _agreed(state, command, asked)
    if isinstance(agreed, Rejection):
        return agreed
    made = Pledged(command.id, asked.who, command.text, day, command.action, step.id, command.readers)
    return (*agreed, made)


def choose_readers(state: State, command: ChooseReaders, asked: Asked) -> Facts | Rejection:
    found = state.commitments.by_id.get(command.id)
    if found is None or found.withdrawn:
        return Rejection("E3", "no_commitment")
    if found.person != asked.who:
        return Rejection("E3", "not_yours")
    if readers(state, found) == command.readers:
        return Rejection("E3", "already_so")
    agreed = _agreed(state, command, asked)
    if isinstance(agreed, Rejection):
        return agreed
    return (*agreed, ReadersChosen(found.id, command.readers))


def withdraw_pledge(state: State, command: WithdrawPledge, asked: Asked) -> Facts | Rejection:
    found = state.commitments.by_id.get(command.id)
    if found is None or found.withdrawn:
        return Rejection("E2", "no_commitment")
    return Rejection("E2", "not_yours") if found.person != asked.who else (PledgeWithdrawn(found.id),)


def _put(state: State, commitment: Commitment, **fields: object) -> State:
    keys = {Touch.commitment(commitment.id), Touch.PLAN, Touch.you(commitment.person)}
    if commitment.action:
        keys.add(Touch.action(commitment.action))
    after = state.commitments.by_id.set(commitment.id, change(commitment, rev=state.seq))
    commitments = change(state.commitments, by_id=after, **fields)
    return change(state, commitments=commitments, touched=frozenset(keys))


def _pledged(state: State, fact: Pledged, record: Record) -> State:
    commitment = Commitment(
        fact.id,
        fact.person,
        fact.text,
        fact.due,
        record.at,
        state.seq,
        fact.action,
        made=state.seq,
        step=fact.step,
        readers=fact.readers,
        chosen=0 if fact.readers == "room" else state.seq,
    )
    return _put(state, commitment, order=(*state.commitments.order, fact.id))


def _readers_chosen(state: State, fact: ReadersChosen, record: Record) -> State:
    """The room shows what it showed: what changes is its author's own page, and documents to come."""
    chosen = change(state.commitments.by_id[fact.id], readers=fact.readers, chosen=state.seq)
    by_id = state.commitments.by_id.set(fact.id, chosen)
    touched = frozenset({Touch.you(chosen.person), Touch.CONSENT})
    return change(state, commitments=change(state.commitments, by_id=by_id), touched=touched)


def _withdrawn(state: State, fact: PledgeWithdrawn, record: Record) -> State:
    return _put(state, change(state.commitments.by_id[fact.id], withdrawn=True))


PART = Part(
    judges={Pledge: pledge, ChooseReaders: choose_readers, WithdrawPledge: withdraw_pledge},
    folds={Pledged: _pledged, ReadersChosen: _readers_chosen, PledgeWithdrawn: _withdrawn},
    rules=RULES,
    refusals=REFUSALS,
    words={Pledged: Holds(lambda f: f.id, ("text",), own=True)},
    plain=frozenset({Pledge, ChooseReaders, WithdrawPledge}),
    sees={Pledge: saw.ANEW, ChooseReaders: saw.ONES_OWN, WithdrawPledge: saw.ONES_OWN},
    gives={Pledge: N_("A commitment of yours")},
    named=frozenset({Pledge}),
    aloud={
        **dict.fromkeys((Pledged, PledgeWithdrawn), Quiet("commitments come by the dozen")),
        ReadersChosen: Quiet("one person’s own"),
    },
)

KIND = Kind(PledgeSettings, N_("Commitments"), PART)
