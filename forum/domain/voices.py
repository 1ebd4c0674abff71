"""Handing a voice on: a code of the desk lets another phone speak for somebody, without anything they gave before.

Theory of operation. Whoever enters by such a code is a new participation. ``VoiceHanded`` gives it the place of the
one before: its role, number, key, presence, category, organisation. The old one is out. Cards, ballots, commitments
and drafts belong to the participation that gave them, so no page, receipt or export of the new one holds them; that is
why it is a new person, and not a second key to the old one. What names somebody in public follows the voice: names of
pilots, partners and of people in sheets are put over to the new one in the fold, and every other name is looked up
under whoever has the voice now (``holder``). A fold that rewrites what somebody authored would be shorter still, and
would show it to the wrong phone.

All participations of one voice are its *kin*. One of them is in at most, and one of them has a ballot in a round at
most (V14): the first mark of another one appends ``BallotReplaced`` before its own fact, so that a count needs to know
nothing of voices. When a voice comes back, ``BallotRestored`` says the same the other way round.
"""

from forum.domain import saw
from forum.domain.kernel import (
    N_,
    NOBODY,
    Absolute,
    Asked,
    Command,
    Fact,
    Facts,
    Part,
    PersonId,
    Quiet,
    Record,
    Rejection,
)
from forum.domain.kin import holder, kin_of, lineage, root_of
from forum.domain.limits import New
from forum.domain.people import named_anew
from forum.domain.person import Person
from forum.domain.roles import LEADS, VOICE
from forum.domain.sheets.reading import named_instead, naming, naming_fields
from forum.domain.state import State, change
from forum.domain.steps import replacing
from forum.domain.steps.replacing import BallotReplaced, BallotRestored
from forum.domain.touch import Touch

RULES = {
    "J9": N_(
        "A person can continue on another phone: with their personal code they have everything; with a "
        "code from the desk, their voice only, and nothing they gave before is shown "
        "there."
    ),
    "J10": N_(
        "A code from the desk is for one person and one phone, once, within 15 minutes. The previous "
        "phone is out at once, and the desk can take the code back."
    ),
    "J11": N_(
        "A personal code wins over a code from the desk: with it a person has their voice back, with "
        "everything that was their own."
    ),
}
REFUSALS = {
    "voice_moved": N_(
        "This person is already on another phone. Look at the list again; their voice can be taken back "
        "there."
    ),
    "not_handed": N_(
        "This person’s voice was not handed over, or has already come back. Look at the list again."
    ),
}


class HandVoice(Command, frozen=True):
    """Another phone speaks for somebody from now on. Asked by the server for whoever leads and made its code."""

    person: PersonId
    to: New[PersonId]


class ReturnVoice(Command, frozen=True):
    """The phone that took over somebody's voice last is out again, and the one before it has it back."""

    person: PersonId  # who has it now


class ReclaimVoice(Command, frozen=True):
    """My voice is mine again. Asked by the server for whoever shows their personal code; they are out at that moment."""


class VoiceHanded(Fact, frozen=True):
    person: PersonId
    to: PersonId


class VoiceReturned(Fact, frozen=True):
    person: PersonId
    of: PersonId  # who had it until now


def hand_voice(state: State, command: HandVoice, asked: Asked) -> Facts | Rejection:
    if state.people.by_id[asked.by].role not in LEADS:
        return Rejection("J3", "forbidden")
    known = state.people.by_id.get(command.to)
    if known is not None:
        return () if known.took == command.person else Rejection("J10", "no_person")
    person = state.people.by_id.get(command.person)
    if person is None or person.role not in VOICE:
        return Rejection("J10", "no_person")
    if person.handed:
        return Rejection("J10", "voice_moved")
    stands = person.state == "in" and person.key not in state.links.revoked
    return (VoiceHanded(person.id, command.to),) if stands else Rejection("J10", "no_person")


def return_voice(state: State, command: ReturnVoice, asked: Asked) -> Facts | Rejection:
    person = state.people.by_id.get(command.person)
    if person is None or person.state != "in" or not person.took:
        return Rejection("J10", "not_handed")
    return _comes_back(state, person.took, person.id)


def may_reclaim(state: State, person: PersonId) -> bool:
    """Say whether somebody's voice is with a later participation of theirs, so that their own code brings it back (J11)."""
    known = state.people.by_id.get(person)
    if known is None or known.state != "out" or not known.handed:
        return False
    now = state.people.by_id[holder(state, person)]
    stands = now.state == "in" and now.key not in state.links.revoked
    return stands and person in lineage(state, now.id)


def reclaim_voice(state: State, command: ReclaimVoice, asked: Asked) -> Facts | Rejection:
    if not may_reclaim(state, asked.by):
        return Rejection("J3", "removed")
    return _comes_back(state, asked.by, holder(state, asked.by))


def _comes_back(state: State, person: PersonId, of: PersonId) -> Facts:
    """In every vote that is open, what others gave with this voice counts no more, and what its owner gave does again."""
    others = [other for other in kin_of(state, person) if other != person]
    restored = (
        BallotRestored(round_.id, person, other)
        for round_ in state.rounds.by_id.values()
        if not round_.closed_at
        for other in others
        if other in round_.ballots
    )
    return (VoiceReturned(person, of), *restored)


def _handed(state: State, fact: VoiceHanded, record: Record) -> State:
    before = state.people.by_id[fact.person]
    new = change(before, id=fact.to, assisted=False, done=(), took=before.id, rev=state.seq)
    kin, root = state.people.kin, root_of(state, before.id)
    kin = kin.set(root, (*kin.get(root, (root,)), fact.to))
    state = change(state, people=change(state.people, kin=kin))
    return _goes_over(state, before, new, record)


def _returned(state: State, fact: VoiceReturned, record: Record) -> State:
    before, owner = state.people.by_id[fact.of], state.people.by_id[fact.person]
    back = change(owner, state="in", handed=NOBODY, key=before.key, rev=state.seq)
    return _goes_over(state, before, back, record)


def _goes_over(state: State, before: Person, to: Person, record: Record) -> State:
    """The state in which one participation is out and another has its voice. Cost: the plan, the sheets, the sessions."""
    out = change(before, state="out", handed=to.id, rev=state.seq)
    people = state.people
    done = people.done
    for step in before.done:
        done = done.set(step, done.get(step, 0) - 1)
    for step in to.done:
        done = done.set(step, done.get(step, 0) + 1)
    by_id = people.by_id.set(before.id, out).set(to.id, to)
    state = change(state, people=change(people, by_id=by_id, done=done))
    state = _along(state, before.id, to.id)
    state = _named_instead(state, before.id, to.id)
    shown = named_anew(state, to.id)
    more = {Touch.DONE, Touch.HERE, Touch.you(before.id)}
    return change(shown, touched=shown.touched | more)


def _along(state: State, before: PersonId, to: PersonId) -> State:
    """Where somebody comes from, and when they were there, goes along."""
    if before in state.belonging.of:
        of = state.belonging.of.set(to, state.belonging.of[before])
        state = change(state, belonging=change(state.belonging, of=of))
    present = state.sessions.present
    for session, there in present.items():
        if before in there and to not in there:
            present = present.set(session, there.set(to, there[before]))
    return change(state, sessions=change(state.sessions, present=present))


def _named_instead(state: State, before: PersonId, to: PersonId) -> State:
    """Whoever was named as a pilot, a partner or in a sheet goes on being that person."""

    def now(person: PersonId) -> PersonId:
        return to if person == before else person

    actions = state.plan.actions
    for action in state.plan.actions.values():
        named = change(
            action,
            pilot=now(action.pilot),
            partners=tuple(map(now, action.partners)),
            offers=tuple(change(offer, person=now(offer.person)) for offer in action.offers),
        )
        if named != action:
            actions = actions.set(action.id, change(named, rev=state.seq))
    sheets = state.sheets.by_id
    for sheet in naming(state, before):
        fields = sheet.fields.update(
            {n: named_instead(sheet.fields[n], before, to) for n in naming_fields(sheet, before)}
        )
        sheets = sheets.set(sheet.id, change(sheet, fields=fields, rev=state.seq))
    return change(state, plan=change(state.plan, actions=actions), sheets=change(state.sheets, by_id=sheets))


PART = Part(
    judges={HandVoice: hand_voice, ReturnVoice: return_voice, ReclaimVoice: reclaim_voice},
    folds={
        VoiceHanded: _handed,
        VoiceReturned: _returned,
        BallotReplaced: replacing.ballot_replaced,
        BallotRestored: replacing.ballot_restored,
    },
    rules={**RULES, **replacing.RULES},
    refusals=REFUSALS,
    sees={
        HandVoice: Absolute("hands on the voice that its code was made for"),
        ReturnVoice: saw.PERSON,
        ReclaimVoice: saw.ONES_OWN,
    },
    aloud={
        **dict.fromkeys((VoiceHanded, VoiceReturned), Quiet("told to whom it concerns")),
        **dict.fromkeys((replacing.BallotReplaced, replacing.BallotRestored), Quiet("a vote is secret")),
    },
)
