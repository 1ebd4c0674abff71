"""Strangers who came in a flood: the desk removes those who arrived together in one gesture, and lets them in again.

Only the server knows who came from one place, for some minutes; no journal does. The facts name people. What
these people gave stays. Nothing here looks at a name.
"""

from collections.abc import Iterable, Iterator

from forum.domain.kernel import (
    N_,
    Absolute,
    Asked,
    Command,
    Fact,
    Facts,
    Gesture,
    Part,
    PersonId,
    Record,
    Rejection,
    Saw,
)
from forum.domain.limits import Number
from forum.domain.person import Person, Removal, done_with
from forum.domain.roles import LEADS, VOICE
from forum.domain.state import State, change
from forum.domain.touch import Touch

RULES = {
    "J6": N_(
        "People who arrived together can be removed in one go; those who have taken part stay unless "
        "that is asked for, and all can be let in again."
    ),
}
REFUSALS = {
    "few_people": N_(
        "There are fewer than {limit} people here. Remove them one by one, in the list of who is here."
    ),
    "all_took_part": N_("All of these have taken part. Tick that they are to go too, or leave them in."),
    "not_listed": N_("The list has changed. Look at it again, then choose."),
    "no_removal": N_("Nobody is left to be let in again here. Look at the list again."),
}

FEW = 10  # below, the gesture would tell of one person whether they have voted
AT_ONCE = 1_000  # people of one fact: 22 KB
KEPT_REMOVALS = 10


class RemovePeople(Command, frozen=True):
    """Take the access of people who arrived together away; of those who have taken part only if ``given``.

    Asked by the server only, for whoever leads and pressed on a page that listed them: with a list of their own choice
    somebody could find out whether one person has taken part, beside nine of whom they know it.
    """

    people: tuple[PersonId, ...]
    given: bool = False


class ReadmitPeople(Command, frozen=True):
    """Let those in again who were removed in one gesture."""

    removal: Number  # its first fact


class PeopleRemoved(Fact, frozen=True):
    """These have no access any more."""

    people: tuple[PersonId, ...]
    waiting: bool = False  # they were waiting to be let in


class PeopleReadmitted(Fact, frozen=True):
    """These are where they were before they were removed."""

    people: tuple[PersonId, ...]
    waiting: bool = False


def removable(state: State, people: Iterable[PersonId]) -> list[Person]:
    """Those of these people whom the gesture may reach: who came by the code, and is still in."""
    known = (state.people.by_id.get(person) for person in dict.fromkeys(people))
    return [p for p in known if p and p.role in VOICE and p.state != "out" and not p.key and not p.assisted]


def took_part(state: State) -> frozenset[PersonId]:
    """Everybody who has given something: a card, a move, a vote, an action, an offer, a promise, a "done"."""
    found = set(_took_part(state))
    for kin in state.people.kin.values():  # what a voice gave before it was handed on, it gave
        found.update(kin if found.intersection(kin) else ())
    return frozenset(found)


def _took_part(state: State) -> Iterator[PersonId]:
    yield from (person for person, ideas in state.ideas.by_author.items() if ideas)
    yield from (placing.by for idea in state.ideas.by_id.values() for placing in idea.placed.values())
    yield from (theme.by for theme in state.themes.by_id.values())
    for round_ in state.rounds.by_id.values():
        yield from round_.ballots
    for action in state.plan.actions.values():
        yield from (action.by, action.pilot, *action.partners, *(offer.person for offer in action.offers))
    yield from (commitment.person for commitment in state.commitments.by_id.values())
    yield from (person.id for person in state.people.by_id.values() if person.done)


def remove_people(state: State, command: RemovePeople, asked: Asked) -> Facts | Rejection:
    if state.people.by_id[asked.by].role not in LEADS:
        return Rejection("J3", "forbidden")
    found = removable(state, command.people)
    if len(found) < FEW:
        return Rejection("J6", "few_people", {"limit": FEW})
    stay = frozenset[PersonId]() if command.given else took_part(state)
    going = [person for person in found if person.id not in stay]
    if not going:
        return Rejection("J6", "all_took_part")
    return tuple(
        PeopleRemoved(part, waiting)
        for waiting in (False, True)
        for part in _parts([p.id for p in going if (p.state == "waiting") == waiting])
    )


def _parts(people: list[PersonId]) -> Iterator[tuple[PersonId, ...]]:
    for start in range(0, len(people), AT_ONCE):
        yield tuple(people[start : start + AT_ONCE])


def readmit_people(state: State, command: ReadmitPeople, asked: Asked) -> Facts | Rejection:
    removal = next((r for r in state.people.removals if r.seq == command.removal), None)
    if removal is None:
        return Rejection("J6", "no_removal")
    return tuple(PeopleReadmitted(people, waiting) for people, waiting in removal.parts)


def _put(state: State, people: Iterable[PersonId], was: tuple[str, ...], becomes: str) -> State:
    """The state in which those of these people who are in one state are in another. Cost: as many as they are."""
    all_of_them, voices, waiting = state.people.by_id.mutate(), state.people.voices, state.people.waiting
    done = state.people.done
    touched = {Touch.PEOPLE, Touch.DONE}
    for id_ in people:
        person = all_of_them.get(id_)
        if person is None or person.state not in was or person.handed:
            continue
        voice = person.role in VOICE
        more = voice * ((becomes == "in") - (person.state == "in"))
        voices, done = voices + more, done_with(done, person, more) if more else done
        waiting += voice * ((becomes == "waiting") - (person.state == "waiting"))
        all_of_them[id_] = change(person, state=becomes, rev=state.seq)
        touched |= {Touch.you(id_)} if voice else {Touch.you(id_), Touch.LINKS}  # they stand at their link
    return change(
        state,
        people=change(state.people, by_id=all_of_them.finish(), voices=voices, waiting=waiting, done=done),
        touched=frozenset(touched),
    )


def _removed(state: State, fact: PeopleRemoved, record: Record) -> State:
    """Facts of one gesture follow each other, and are one removal."""
    after = _put(state, fact.people, ("in", "waiting"), "out")
    removals, part = state.people.removals, (fact.people, fact.waiting)
    last = removals[-1] if removals else None
    if last and (last.last, last.by, last.at) == (state.seq - 1, record.by, record.at):
        removals = (*removals[:-1], change(last, last=state.seq, parts=(*last.parts, part)))
    else:
        one = Removal(state.seq, state.seq, record.at, record.by, (part,))
        removals = (*removals, one)[-KEPT_REMOVALS:]
    return change(after, people=change(after.people, removals=removals))


def _readmitted(state: State, fact: PeopleReadmitted, record: Record) -> State:
    after = _put(state, fact.people, ("out",), "waiting" if fact.waiting else "in")
    left = tuple(r for r in (_without(r, fact) for r in state.people.removals) if r.parts)
    return change(after, people=change(after.people, removals=left))


def _without(removal: Removal, fact: PeopleReadmitted) -> Removal:
    kept = tuple(part for part in removal.parts if part != (fact.people, fact.waiting))
    return removal if kept == removal.parts else change(removal, parts=kept)


def _removed_back(state: State, fact: PeopleRemoved) -> tuple[str, Facts]:
    return "", (PeopleReadmitted(fact.people, fact.waiting),)


def _still_out(state: State, fact: PeopleReadmitted) -> bool:
    """Whether somebody is left to be let in: else others did it, one by one (U3)."""
    known = (state.people.by_id[person] for person in fact.people)
    return any(person.state == "out" and not person.handed for person in known)


def _readmitted_back(state: State, fact: PeopleReadmitted) -> tuple[str, Facts]:
    return "", (PeopleRemoved(fact.people, fact.waiting),)


def _complete(state: State, command: ReadmitPeople, asked: Asked) -> int:
    """All that one gesture removed."""
    return next((one.last for one in state.people.removals if one.seq == command.removal), 0)


PART = Part(
    judges={RemovePeople: remove_people, ReadmitPeople: readmit_people},
    folds={PeopleRemoved: _removed, PeopleReadmitted: _readmitted},
    rules=RULES,
    refusals=REFUSALS,
    gestures={
        PeopleRemoved: Gesture(N_("removed people who arrived together"), _removed_back),
        PeopleReadmitted: Gesture(N_("let people in again"), _readmitted_back, _still_out),
    },
    sees={
        RemovePeople: Absolute("names the people whom its page listed, under the server’s seal"),
        ReadmitPeople: Saw(_complete, N_("The list of who was removed")),
    },
)
