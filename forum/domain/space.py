"""How much space there is: what one person may write in a day, and what one forum may hold in all. Pure.

Every fact counts with the bytes of its entry, as ``records.decode`` found them. So every process, on every
later day, gets the same sum. What a person wrote stops counting against them within a day. What a forum
holds counts until it is struck.

- If either limit is reached, writing is refused. Votes and everything that takes something back go on, into
  a reserve. Leading and erasing always go on.
- Beyond the reserve nothing is recorded, not even a refusal: what people ask waits where it is.
"""

from typing import Final, NamedTuple

from immutables import Map

from forum.domain.kernel import (
    N_,
    NOBODY,
    Asked,
    Command,
    Fact,
    Facts,
    Millis,
    Part,
    PersonId,
    Record,
    Rejection,
    at_desk,
)
from forum.domain.roles import KEEPS_PLAN, LEADS, MAY, may
from forum.domain.spent import Filled, Spent
from forum.domain.state import State, change
from forum.domain.touch import Touch

MB: Final = 1024 * 1024
FORUM_BYTES: Final = 256 * MB  # a thousand times an evening of sixty people
FORUM_SHARE: Final = 8  # of the store's memory: no forum alone fills it
PERSON_BYTES: Final = 4 * MB  # a day: a thousand times what one gives in an evening
PERSON_SHARE: Final = 16  # of a small forum: nobody fills more than so large a part of it in a day
RESERVE: Final = 4  # beyond what is for writing, so large a part more
ENTRY_BYTES: Final = 100  # of an entry, beside its body
DAY_MS: Final = 24 * 3600 * 1000
REST_MS: Final = 60_000  # before a forum that was told full is told to have room
TOLD_SHARES: Final = (100, 80)  # percent at which the desk is told, of a person once a day

RULES = {
    "S1": N_(
        "One person can write a thousand times as much in a day as a forum takes; then only their writing waits, and"
        " nobody else’s."
    ),
    "S2": N_(
        "A full forum takes no more writing; voting goes on for a long time, erasing for longer, "
        "leading, closing and exporting always, and no other forum is held up."
    ),
    "S3": N_("The desk is told before a person’s space, or the forum’s, is used up."),
}
REFUSALS = {
    "person_full": N_(
        "You have written all that one person can for now. None of it is lost: wait an hour, then send "
        "this again."
    ),
    "forum_full": N_(
        "This forum has no room left for writing. What was contributed stays, and voting goes on. Copy "
        "your text, then tell the facilitator."
    ),
    "full": N_(
        "There is no room left for this. It is kept here and sent again by itself; tell the facilitator."
    ),
}
WORDY: Final = frozenset({
    "InsertStep", "InsertRounds", "EditStep", "EditForum", "PlanSession", "EditSession", "ExpectPeople", "SplitTheme",
})  # fmt: skip
"""What a facilitator writes, rather than does."""

ALWAYS: Final = frozenset(name for name, roles in MAY.items() if roles == LEADS) - WORDY | {
    "ErasePerson", "SetKeepUntil", "SetTerms", "ErasePhotograph",
}  # fmt: skip
"""What goes on in a full forum: leading, and what makes room."""

GOES_ON: Final = frozenset({
    "GiveMark", "AllocatePoints", "SayDone", "TakeDoneBack", "NameMyself", "Join", "Skip", "Undo", "WithdrawIdea",
    "ChooseReaders", "WithdrawPledge",
    "Volunteer", "StepBack", "TakeNameOut", "AddPerson", "NotePresence", "TakePresenceBack", "WithdrawConsent", "SetCategory", "RemoveAxis", "RemoveAction", "ChoosePilot", "MoveAxis", "RemovePhotograph", "RestorePhotograph",
})  # fmt: skip
"""What goes on into the reserve: votes, and whatever takes few bytes. Everything else is writing."""


class SpaceFilled(Fact, frozen=True):
    """The desk is told: of the space that a person has for a day (NOBODY: the forum, in all) so much is filled."""

    share: int  # percent, of TOLD_SHARES; 0: there is room again
    person: PersonId = NOBODY
    most: int = 0  # bytes that there are


class Full(NamedTuple):
    """There is no room for any answer. Not recorded, consumes nothing."""


def person_most(most: int) -> int:
    """The bytes a day of one person, in a forum of ``most`` bytes."""
    return min(PERSON_BYTES, most // PERSON_SHARE)


def fitting(memory: int) -> int:
    """The bytes that one forum may take where nobody has said: no more than an eighth of a store's ``memory`` (0: any)."""
    return min(FORUM_BYTES, memory // FORUM_SHARE) if memory else FORUM_BYTES


def spent(state: State, person: PersonId, at: int) -> int:
    """What of a person's writing has not drained away yet, in bytes."""
    known = state.space.spent.get(person)
    return _drained(known, at) if known else 0


def judge(state: State, command: Command, asked: Asked) -> Rejection | None:
    """Why this may not be written now; None for whatever is no writing, and where there is room."""
    name = type(command).__name__
    if name in ALWAYS or name in GOES_ON or not asked.by or asked.was:  # it had room before the store lost it
        return None
    if state.space.used >= asked.most:
        return Rejection("S2", "forum_full")
    if spent(state, asked.by, asked.at) >= person_most(asked.most):
        return Rejection("S1", "person_full")
    return None


def full(state: State, what: Command | Rejection, asked: Asked) -> bool:
    """Whether not even a refusal has room any more; late for who asks for an erasure, or skips to what had room once.

    Never for who leads or keeps the plan: what they do stands in line behind what they wrote. Who asks to lead and may
    not has no more room than for anything else: it is refused.
    """
    person = state.people.by_id.get(asked.by)
    if not asked.by or asked.was or (person is not None and person.role in KEEPS_PLAN):
        return False
    name = type(what).__name__
    late = name in ALWAYS | {"Skip"} and person is not None and may(person.role, name)
    part = 1 if late else RESERVE
    filled = [(state.space.used, asked.most), (spent(state, asked.by, asked.at), person_most(asked.most))]
    return any(used >= most + most // part for used, most in filled)


def remarks(state: State, asked: Asked) -> Facts:
    """What the desk is told now (S3), after something of somebody's came true."""
    told = [_told(state, NOBODY, state.space.used, asked.most, asked.at)]
    if asked.by:
        own = spent(state, asked.by, asked.at)
        told.append(_told(state, asked.by, own, person_most(asked.most), asked.at))
    return tuple(fact for fact in told if fact)


def taken(state: State, record: Record) -> tuple[int, Map[PersonId, Spent]]:
    """``State.used`` and ``State.spent`` once this fact has taken its room."""
    size = record.size + ENTRY_BYTES
    person = record.entered_by or record.by
    if not person:
        return state.space.used + size, state.space.spent
    known = state.space.spent.get(person)
    left = _drained(known, record.at) if known else 0
    now = Spent(left + size, max(record.at, known.at) if known else record.at)
    return state.space.used + size, state.space.spent.set(person, now)


def _drained(known: Spent, at: int) -> int:
    return max(0, known.size - max(0, at - known.at) * PERSON_BYTES // DAY_MS)


def _told(state: State, person: PersonId, used: int, most: int, at: int) -> SpaceFilled | None:
    share = next((share for share in TOLD_SHARES if used * 100 >= share * most), 0)
    known = state.space.filled.get(person)
    before, told_at = (known.share, known.at) if known else (0, at)
    if share > before or (person and share and at - told_at > DAY_MS):
        return SpaceFilled(share, person, most)
    # A forum has room again when words were struck, or when it is given more; two processes need not agree for a while.
    again = not person and share < before and at - told_at > REST_MS
    return SpaceFilled(share, person, most) if again else None


def _space_filled(state: State, fact: SpaceFilled, record: Record) -> State:
    told = Filled(fact.share, fact.most, Millis(record.at))
    known = state.space.filled
    filled = known.set(fact.person, told) if fact.share else known.delete(fact.person)
    return change(state, space=change(state.space, filled=filled), touched=frozenset({Touch.SPACE}))


PART = Part(
    judges={},
    folds={SpaceFilled: _space_filled},
    rules=RULES,
    refusals=REFUSALS,
    aloud={SpaceFilled: at_desk(N_("How much room is left has changed. The desk says how much."))},
)
