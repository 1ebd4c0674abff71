"""Who is in the room: joining, approving, removing, and saying "I am done".

Names are not facts: they live beside the journal so that they can be erased. ``PersonNamed`` only says that
a name changed.
"""

from typing import Literal

from forum.domain import links, saw
from forum.domain.arrivals import PeopleReadmitted
from forum.domain.homonyms import where_named
from forum.domain.kernel import (
    N_,
    Asked,
    Command,
    EntryMode,
    Fact,
    Facts,
    Fold,
    Gesture,
    Part,
    PersonId,
    Quiet,
    Record,
    Rejection,
    StepId,
    at_desk,
)
from forum.domain.limits import New
from forum.domain.person import Person, done_with
from forum.domain.roles import VOICE, Role
from forum.domain.sessions import presence
from forum.domain.state import State, Step, change
from forum.domain.steps import kinds
from forum.domain.touch import Touch

RULES = {
    "J1": N_("Nobody needs an account: the code or the QR is enough, a first name is optional."),
    "J2": N_("The facilitator may lock the room or approve each person; those already in stay in."),
    "J3": N_(
        "A person who was removed, or whose access was revoked, can do nothing more; what they "
        "contributed stays. A removal can be undone."
    ),
    "J4": N_(
        "For people without a phone the desk enters ideas and votes in their place, and these are counted apart."
    ),
    "J5": N_("Saying “I am done” can be taken back while the step is open."),
    "J8": N_(
        "Anyone not heard from for a minute is away until they are heard from again; “everybody is done” "
        "means those present. People without a phone count as present. During an open "
        "vote nobody is named."
    ),
    "J12": N_(
        "People with the same name are told apart by a number, in the order in which they came; whoever "
        "writes a name that several people have is asked whom they mean."
    ),
}
REFUSALS = {
    "locked": N_("The room is locked. Ask the facilitator to open it, then try again."),
    "room_full": N_("The room is full ({limit} people). Ask the facilitator to make room, then try again."),
    "too_many_came": N_(
        "Too many people have come in with this code: nobody new can use it any more. Ask the "
        "facilitator to add you."
    ),
    "removed": N_("You no longer have access to this forum. Ask the facilitator."),
    "waiting": N_("The facilitator has not let you in yet. Wait a moment."),
    "forbidden": N_("Your access does not allow this. Ask the facilitator."),
    "no_person": N_("This person is not in the room. Look at the list again."),
    "not_assisted": N_("You can enter things only for people registered as having no phone."),
    "which_one": N_("Several people have this name. Say whom you mean."),
    "nothing_open": N_("No step is open right now. Wait for the facilitator."),
}

MAX_PEOPLE = (
    20_000  # with a voice, in or waiting: a city-wide room with a margin; about 1 KB each in the state
)
MAX_ARRIVALS = 60_000  # ever, by the code: whoever was removed is kept in the state too


class Join(Command, frozen=True):
    """Enter the forum; asked by the server for the person it just gave a cookie."""

    role: Role = Role.PARTICIPANT
    key: str = ""  # digest prefix of the capability used
    ticket: bool = False  # a participation made ahead: a lock does not stop it


class NameMyself(Command, frozen=True):
    """My name changed; the name itself is kept beside the journal by whoever asks."""


class AddPerson(Command, frozen=True):
    """Register somebody without a phone."""

    person: New[PersonId]


class ApprovePerson(Command, frozen=True):
    """Let somebody in who waits."""

    person: PersonId


class RemovePerson(Command, frozen=True):
    """Take somebody's access away."""

    person: PersonId


class SetEntry(Command, frozen=True):
    """Who may come in: everybody with the code, those approved, nobody new."""

    mode: EntryMode


class SayDone(Command, frozen=True):
    """I am done with the current step; in a vote without points: a blank ballot."""


class TakeDoneBack(Command, frozen=True):
    """I am not done after all."""


class PersonJoined(Fact, frozen=True):
    person: PersonId
    role: Role
    key: str = ""
    assisted: bool = False
    state: Literal["waiting", "in"] = "in"


class PersonNamed(Fact, frozen=True):
    person: PersonId


class PersonApproved(Fact, frozen=True):
    person: PersonId


class PersonRemoved(Fact, frozen=True):
    person: PersonId


class EntrySet(Fact, frozen=True):
    mode: EntryMode


class DoneSaid(Fact, frozen=True):
    person: PersonId
    step: StepId


class DoneTakenBack(Fact, frozen=True):
    person: PersonId
    step: StepId


def standing(state: State, asked: Asked) -> Rejection | None:
    """Say why the asker, or the person they enter for, has no standing here; None when all is well (J3, J4)."""
    person = state.people.by_id.get(asked.by)
    if person is None or person.state == "out" or person.key in state.links.revoked:
        return Rejection("J3", "removed")
    if person.state == "waiting":
        return Rejection("J2", "waiting")
    if asked.on_behalf:
        other = state.people.by_id.get(asked.on_behalf)
        if other is None or other.state != "in":
            return Rejection("J4", "no_person")
        if not other.assisted:
            return Rejection("J4", "not_assisted")
    return None


def join(state: State, command: Join, asked: Asked) -> Facts | Rejection:
    if asked.by in state.people.by_id and not comes_by_another(state, asked.by, command):
        return (PersonNamed(asked.by), *presence.checked_in(state, asked.by))
    if command.key and command.key in state.links.revoked:
        return Rejection("J3", "removed")
    crowded = _crowded(state, command) if command.role in VOICE else links.crowded(state, command.key)
    if crowded:
        return crowded
    by_code = command.role in VOICE and not command.ticket
    if by_code and state.entry == "locked":
        return Rejection("J2", "locked")
    waits = by_code and state.entry == "approval"
    return (PersonJoined(asked.by, command.role, command.key, state="waiting" if waits else "in"),)


def comes_by_another(state: State, person: PersonId, command: Join) -> bool:
    """Say whether somebody whose link was taken back comes by another one to the same place: they are who they were (L2)."""
    known = state.people.by_id.get(person)
    return (
        known is not None
        and known.state == "in"
        and known.role is command.role
        and known.role in links.LINKED
        and known.key in state.links.revoked
        and bool(command.key)
    )


def _crowded(state: State, command: Join) -> Rejection | None:
    """Say why nobody more fits in; the removed take no room."""
    if state.people.voices + state.people.waiting >= MAX_PEOPLE:
        return Rejection("J2", "room_full", {"limit": MAX_PEOPLE})
    full = not command.ticket and state.people.arrivals >= MAX_ARRIVALS
    return Rejection("J2", "too_many_came") if full else None


def name_myself(state: State, command: NameMyself, asked: Asked) -> Facts | Rejection:
    return (PersonNamed(asked.who),)


def add_person(state: State, command: AddPerson, asked: Asked) -> Facts | Rejection:
    if command.person in state.people.by_id:
        return (PersonNamed(command.person),)
    return (PersonJoined(command.person, Role.PARTICIPANT, assisted=True),)


def approve_person(state: State, command: ApprovePerson, asked: Asked) -> Facts | Rejection:
    person = state.people.by_id.get(command.person)
    if person is None:
        return Rejection("J2", "no_person")
    if person.handed:
        return Rejection("J10", "voice_moved")
    return Rejection("J2", "already_so") if person.state == "in" else (PersonApproved(person.id),)


def remove_person(state: State, command: RemovePerson, asked: Asked) -> Facts | Rejection:
    person = state.people.by_id.get(command.person)
    if person is None or person.id == asked.by:
        return Rejection("J3", "no_person")
    return Rejection("J3", "already_so") if person.state == "out" else (PersonRemoved(person.id),)


def set_entry(state: State, command: SetEntry, asked: Asked) -> Facts | Rejection:
    return Rejection("J2", "already_so") if state.entry == command.mode else (EntrySet(command.mode),)


def say_done(state: State, command: SayDone, asked: Asked) -> Facts | Rejection:
    now = _open_step(state, asked)
    if now is None:
        return Rejection("J5", "nothing_open")
    if now.id in state.people.by_id[asked.who].done:
        return () if asked.was else Rejection("J5", "already_so")
    besides = kinds.of(now).on_done(state, now, asked)
    return besides if isinstance(besides, Rejection) else (*besides, DoneSaid(asked.who, now.id))


def take_done_back(state: State, command: TakeDoneBack, asked: Asked) -> Facts | Rejection:
    now = _open_step(state, asked)
    if now is None:
        return Rejection("J5", "nothing_open")
    if now.id not in state.people.by_id[asked.who].done:
        return () if asked.was else Rejection("J5", "already_so")
    return (DoneTakenBack(asked.who, now.id),)


def _open_step(state: State, asked: Asked) -> Step | None:
    """The step one is done with: the open one, or for what comes again the one that was (O11)."""
    if asked.was:
        return state.step(asked.was.step)
    return state.now if state.now and state.now.phase == "open" else None


def _has_voice(person: Person) -> bool:
    return person.role in VOICE and person.state == "in"


def _waits(person: Person) -> bool:
    return person.role in VOICE and person.state == "waiting"


def _put(state: State, person: Person, *touched: str, **fields: object) -> State:
    people = state.people
    before = people.by_id.get(person.id)
    voices = people.voices + _has_voice(person) - (before is not None and _has_voice(before))
    waiting = people.waiting + _waits(person) - (before is not None and _waits(before))
    by_id = people.by_id.set(person.id, change(person, rev=state.seq))
    done = done_with(people.done, person, voices - people.voices)
    keys = {Touch.PEOPLE, Touch.you(person.id), *touched}
    keys |= set() if person.role in VOICE else {Touch.LINKS}  # they stand at the link they came by
    people = change(people, by_id=by_id, voices=voices, waiting=waiting, done=done, **fields)
    return change(state, people=people, touched=frozenset(keys))


def _joined(state: State, fact: PersonJoined, record: Record) -> State:
    arrivals = state.people.arrivals + (fact.role in VOICE)
    person = Person(
        id=fact.person,
        role=fact.role,
        joined_at=record.at,
        rev=state.seq,
        key=fact.key,
        assisted=fact.assisted,
        state=fact.state,
        number=arrivals if fact.role in VOICE else 0,
    )
    if fact.key and fact.role in links.LINKED:
        state = links.came_by(state, fact.key, fact.role, fact.person)
    after = _put(state, person, Touch.DONE, arrivals=arrivals)
    by_code = fact.role in VOICE and not fact.key  # a ticket made ahead is nobody's arrival yet (D4)
    return presence.arrived(after, person.id, record.at) if by_code and person.state == "in" else after


def present(state: State) -> list[Person]:
    """Those with a voice who are in: first those without a phone, then in the order they came."""
    there = (p for p in state.people.by_id.values() if p.role in VOICE and p.state == "in")
    return sorted(there, key=lambda p: (not p.assisted, p.number))


def named_anew(state: State, person: PersonId) -> State:
    """The state in which somebody is called otherwise, or no longer by name.

    A name shows wherever people are named: in the plan, in sheets, and at cards they moved. Cost: the forum's cards and
    sheets.
    """
    return _put(state, state.people.by_id[person], *where_named(state, {person}))


def _named(state: State, fact: PersonNamed, record: Record) -> State:
    return named_anew(state, fact.person)


def _approved(state: State, fact: PersonApproved, record: Record) -> State:
    if state.people.by_id[fact.person].handed:  # their voice is with another phone: it is not to speak twice
        return change(state, touched=frozenset())
    after = _put(state, change(state.people.by_id[fact.person], state="in"), Touch.DONE)
    return presence.arrived(after, fact.person, record.at)


def _removed(state: State, fact: PersonRemoved, record: Record) -> State:
    return _put(state, change(state.people.by_id[fact.person], state="out"), Touch.DONE)


def _removed_back(state: State, fact: PersonRemoved) -> tuple[str, Facts]:
    """Whoever waited waits again."""
    waited = state.people.by_id[fact.person].state == "waiting"
    return "", (PeopleReadmitted((fact.person,), waited),)


def _entry_set(state: State, fact: EntrySet, record: Record) -> State:
    return change(state, entry=fact.mode, touched=frozenset({Touch.PEOPLE}))


def mark_done(state: State, person: PersonId, step: StepId, done: bool) -> State:
    """The state in which ``person`` is, or is no longer, done with ``step``; nothing else changes."""
    people = state.people
    found = people.by_id.get(person)
    if found is None or (step in found.done) == done:
        return state
    steps = (*found.done, step) if done else tuple(s for s in found.done if s != step)
    by_id = people.by_id.set(person, change(found, done=steps))
    count = people.done.get(step, 0) + _has_voice(found) * (1 if done else -1)
    return change(state, people=change(people, by_id=by_id, done=people.done.set(step, count)))


def _done_said(state: State, fact: DoneSaid, record: Record) -> State:
    after = mark_done(state, fact.person, fact.step, True)
    return change(after, touched=frozenset({Touch.DONE, Touch.you(fact.person)}))


def _done_taken_back(state: State, fact: DoneTakenBack, record: Record) -> State:
    after = mark_done(state, fact.person, fact.step, False)
    return change(after, touched=frozenset({Touch.DONE, Touch.you(fact.person)}))


SEES: saw.Policies = {
    Join: saw.BY_SERVER, NameMyself: saw.ONES_OWN, AddPerson: saw.ANEW, SetEntry: saw.WHOLE,
    ApprovePerson: saw.PERSON, RemovePerson: saw.PERSON, SayDone: saw.DONE, TakeDoneBack: saw.DONE,
}  # fmt: skip

FOLDS: dict[type[Fact], Fold] = {
    PersonJoined: _joined, PersonNamed: _named, PersonApproved: _approved, PersonRemoved: _removed,
    EntrySet: _entry_set, DoneSaid: _done_said, DoneTakenBack: _done_taken_back,
}  # fmt: skip
PART = Part(
    judges={
        Join: join,
        NameMyself: name_myself,
        AddPerson: add_person,
        ApprovePerson: approve_person,
        RemovePerson: remove_person,
        SetEntry: set_entry,
        SayDone: say_done,
        TakeDoneBack: take_done_back,
    },
    folds=FOLDS,
    rules=RULES,
    refusals=REFUSALS,
    gestures={PersonRemoved: Gesture(N_("removed somebody"), _removed_back)},
    plain=frozenset({Join, SayDone, TakeDoneBack, NameMyself}),
    sees=SEES,
    gives={SayDone: N_("What you had given in a vote")},  # of a talk or a board nothing comes again
    aloud={EntrySet: at_desk(N_("Who may come in has changed."))}
    | dict.fromkeys((PersonJoined, PersonNamed, PersonApproved, DoneSaid, DoneTakenBack), Quiet("counted")),
)
