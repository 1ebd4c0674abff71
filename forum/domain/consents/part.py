"""Consents: the rules, the commands, the facts."""

from forum.domain import saw
from forum.domain.consents.record import Consent, Purpose
from forum.domain.kernel import (
    N_,
    Absolute,
    Asked,
    Command,
    Fact,
    Facts,
    Millis,
    Part,
    PersonId,
    Quiet,
    Record,
    Rejection,
)
from forum.domain.state import State, change
from forum.domain.touch import Touch

RULES = {
    "C1": N_(
        "What goes beyond taking part is asked for each purpose by itself, with the text that is agreed to; a consent is"
        " withdrawn as easily as it was given, and no voice depends on it."
    ),
    "C2": N_(
        "Whoever has their name erased withdraws every consent with it; that one was given, and withdrawn, stays written."
    ),
}
REFUSALS = {
    "no_text": N_("Read the text that you agree to first, then agree to it."),
    "no_consent": N_("You have agreed to nothing of this kind. Look at the list again."),
}


class GiveConsent(Command, frozen=True):
    """I agree to this, having read that text."""

    purpose: Purpose
    text_version: str


class WithdrawConsent(Command, frozen=True):
    """I do not agree to this any more."""

    purpose: Purpose


class ConsentGiven(Fact, frozen=True):
    person: PersonId
    purpose: Purpose
    text_version: str  # of the text that was read


class ConsentWithdrawn(Fact, frozen=True):
    person: PersonId
    purpose: Purpose


def give_consent(state: State, command: GiveConsent, asked: Asked) -> Facts | Rejection:
    return agreed(state, asked.who, command.purpose, command.text_version) or Rejection("C1", "already_so")


def withdraw_consent(state: State, command: WithdrawConsent, asked: Asked) -> Facts | Rejection:
    if standing(state, asked.who, command.purpose) is None:
        return Rejection("C1", "no_consent")
    return (ConsentWithdrawn(asked.who, command.purpose),)


def standing(state: State, person: PersonId, purpose: Purpose) -> Consent | None:
    """The consent of a person to a purpose that holds now."""
    return next(
        (c for c in state.consents.get(person, ()) if c.purpose == purpose and not c.withdrawn_at), None
    )


def agreed(state: State, person: PersonId, purpose: Purpose, text: str) -> Facts | Rejection:
    """The consent that a press gives along with what it is for; nothing where it stands already (C1)."""
    if not text:
        return Rejection("C1", "no_text")
    known = standing(state, person, purpose)
    return () if known and known.text_version == text else (ConsentGiven(person, purpose, text),)


def withdrawn(state: State, person: PersonId, at: Millis) -> State:
    """The state in which every consent of a person is withdrawn (C2)."""
    known = state.consents.get(person, ())
    if not known:
        return state
    ended = tuple(c if c.withdrawn_at else change(c, withdrawn_at=at) for c in known)
    return change(state, consents=state.consents.set(person, ended))


def _given(state: State, fact: ConsentGiven, record: Record) -> State:
    others = (c for c in state.consents.get(fact.person, ()) if c.purpose != fact.purpose)
    return _put(
        state, fact.person, (*others, Consent(fact.purpose, fact.text_version, record.at, seq=state.seq))
    )


def _withdrawn(state: State, fact: ConsentWithdrawn, record: Record) -> State:
    ended = tuple(
        change(c, withdrawn_at=record.at) if c.purpose == fact.purpose else c
        for c in state.consents.get(fact.person, ())
    )
    return _put(state, fact.person, ended)


def _put(state: State, person: PersonId, consents: tuple[Consent, ...]) -> State:
    touched = frozenset({Touch.you(person), Touch.CONSENT})
    return change(state, consents=state.consents.set(person, consents), touched=touched)


PART = Part(
    judges={GiveConsent: give_consent, WithdrawConsent: withdraw_consent},
    folds={ConsentGiven: _given, ConsentWithdrawn: _withdrawn},
    rules=RULES,
    refusals=REFUSALS,
    sees={
        GiveConsent: Absolute("names the text that was read"),
        WithdrawConsent: saw.ONES_OWN,
    },
    plain=frozenset({GiveConsent, WithdrawConsent}),
    aloud=dict.fromkeys((ConsentGiven, ConsentWithdrawn), Quiet("one person’s own")),
)
