"""The life of what people gave: how long a forum is kept, and what happens to a person's words when they ask.

Names lie beside the journal and are simply erased. Words lie in it. The package that keeps the journal
(``forum.keeping``) carries out an ``ErasureAsked``. It appends a ``Redacted`` fact, which names the struck
entries and what is left of each. So everything that was counted stays counted, and the chain still proves
the rest.
"""

from datetime import date, timedelta
from typing import Literal

import msgspec

from forum.domain import saw
from forum.domain.belonging import part as belonging
from forum.domain.consents import part as consents
from forum.domain.dates import parse_date, today
from forum.domain.kept import Erasure, Keeping
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
    Quiet,
    Record,
    Rejection,
    Saw,
    at_desk,
)
from forum.domain.kin import kin_of
from forum.domain.people import named_anew
from forum.domain.roles import KEEPS_PLAN
from forum.domain.state import State, change
from forum.domain.touch import Touch

RULES = {
    "K1": N_(
        "A forum is kept until a date that everybody can read. Once that day is over everywhere, the "
        "whole forum is deleted automatically."
    ),
    "K2": N_(
        "Anyone can have their name erased, or those of their words they choose, or both, for good; "
        "where words stood, it says so."
    ),
    "K3": N_("Votes stay counted after an erasure, without a name: no result changes."),
    "K4": N_(
        "Words are erased by whoever wrote them, or at their request by whoever runs the server; the facilitator and the "
        "staff erase a name only, so that no erasure tells them whose a card was."
    ),
}
REFUSALS = {
    "keep_range": N_("Choose a day from tomorrow to {limit}, then save it again."),
    "no_words": N_("Choose what is to be erased, or only the name."),
    "words_of_others": N_(
        "Here you can erase the name only. Words are erased by whoever wrote them, on their own phone, or at their request "
        "by whoever runs the server (forum erase)."
    ),
    "nothing_goes": N_(
        "You keep your name and chose no words: nothing would be erased. Choose one or the other."
    ),
    "erasure_waits": N_(
        "This has already been asked for, and will be carried out automatically. There is nothing more to do."
    ),
    "erased_lately": N_("Something was erased for this person a moment ago. Wait a minute, then ask again."),
    "ticked": N_(
        "You ticked words, but chose the name only. Choose “My name and what I tick here”, or take the ticks away."
    ),
}

ERASED = N_("words erased")
"""What is said where words stood: no title and no card is ever empty otherwise."""

MOST_YEARS = 10
MOST_CHOSEN = 500
REST_MS = 60_000  # between two erasures of one person: one that strikes words makes every page new
LAST_ZONE_MS = 12 * 3_600_000  # by which a day of UTC is over in the last zone of all
SOON_DAYS = (30, 7)
"""How many days before its end a forum says so at the desk."""

Texts = Literal["none", "chosen", "all"]


class ErasePerson(Command, frozen=True):
    """Erase one's own name, and words, or words only; or (desk and staff) the name of somebody who asked for it."""

    person: PersonId = NOBODY  # NOBODY: whoever asks
    texts: Texts = "none"
    chosen: tuple[str, ...] = ()  # ids of cards, actions and commitments
    name: bool = True  # False: the words only, so that no name goes in the moment in which they do


class SetKeepUntil(Command, frozen=True):
    """Keep the forum until another day."""

    until: str  # date


class ErasureAsked(Fact, frozen=True):
    person: PersonId
    texts: Texts = "none"
    chosen: tuple[str, ...] = ()
    name: bool = True  # theirs goes too
    noted: bool = False  # where they come from may stand in the journal: it goes with the name (J7)


class Struck(msgspec.Struct, frozen=True, array_like=True):
    """The envelope of an entry that is no longer there: all that proves it, and nothing it said."""

    seq: int
    op: str
    hash: str  # SHA-1 of the body that stood there, which the chain covers
    chain: str
    husk: str  # its body without texts and salt: what happened, by whom, to what


class Redacted(Fact, frozen=True):
    """A person's name, and those of their words that were asked for, are gone."""

    person: PersonId
    struck: tuple[Struck, ...] = ()
    more: bool = False  # another one follows: what was asked for is not done yet
    name_only: bool = False  # nothing was struck: no page changes but where the name stood
    name: bool = True  # theirs went too
    term: str = ""  # nobody asked for it: the time of what is named here was over (K5)


class KeepUntilSet(Fact, frozen=True):
    until: str  # ISO date; the forum is deleted after it


class EndIsNear(Fact, frozen=True):
    """The desk is told that the forum is about to be deleted."""

    days: int  # about; one of SOON_DAYS


def last_day(at: int, days: int) -> str:
    """The ISO date ``days`` after an instant, in UTC."""
    return (today(at) + timedelta(days=days)).isoformat()


def latest_day(state: State, at: int) -> str:
    """The last ISO date until which this forum may be kept, asked at an instant (K1)."""
    furthest = last_day(at, MOST_YEARS * 365)
    return min(furthest, state.keeping.most) if state.keeping.most else furthest


def days_left(until: str, at: int) -> int:
    """How many days a forum is still kept whose last day is ``until``; 0 on that day, negative when it is over (K1)."""
    return (date.fromisoformat(until) - today(at)).days


def is_over(until: str, at: int) -> bool:
    """Whether a forum whose last day is ``until`` is to be deleted: that day is over in every zone (K1)."""
    return days_left(until, at - LAST_ZONE_MS) < 0


def due_notice(until: str, told: int, at: int) -> int:
    """Which of SOON_DAYS the desk is to be told now, when it was ``told`` last (0: not yet); 0 for none."""
    left = days_left(until, at)
    due = min((days for days in SOON_DAYS if left <= days), default=0)
    return due if not told or due < told else 0


def erase_person(state: State, command: ErasePerson, asked: Asked) -> Facts | Rejection:
    person = command.person or asked.who
    if person not in state.people.by_id:
        return Rejection("K2", "no_person")
    refusal = _of_others(state, person, command, asked)
    if refusal:
        return refusal
    if any(erasure.person == person and _covers(erasure, command) for erasure in state.keeping.erasures):
        return Rejection("K2", "erasure_waits")
    erased_at = _erased_at(state, person, asked)
    if erased_at is not None and asked.at - erased_at < REST_MS:
        return Rejection("K2", "erased_lately")
    if command.texts == "chosen" and not 0 < len(command.chosen) <= MOST_CHOSEN:
        return Rejection("K2", "no_words")
    if command.texts == "none" and command.chosen:  # nobody is to think that something was erased
        return Rejection("K2", "ticked")
    if command.texts == "none" and not command.name:
        return Rejection("K2", "nothing_goes")
    chosen = tuple(dict.fromkeys(command.chosen)) if command.texts == "chosen" else ()
    noted = command.name and belonging.is_noted(state, person)
    asked_for = ErasureAsked(person, command.texts, chosen, command.name, noted)
    return (
        asked_for,
        *(_name_of(state, other) for other in kin_of(state, person) if command.name and other != person),
    )


def _name_of(state: State, person: PersonId) -> ErasureAsked:
    """A name goes with every participation of its voice (J9); words only with the one who wrote them."""
    return ErasureAsked(person, noted=belonging.is_noted(state, person))


def _erased_at(state: State, person: PersonId, asked: Asked) -> Millis | None:
    """When something of a person's was erased last, as far as who asks may know: others know of names only (K4)."""
    known = state.keeping.erased_at if person == asked.by else state.keeping.unnamed_at
    return known.get(person)


def _of_others(state: State, person: PersonId, command: ErasePerson, asked: Asked) -> Rejection | None:
    """Why this may not be asked for somebody else, whoever enters it for them; the same whatever they wrote (K4)."""
    if person not in (asked.by, asked.who) and state.people.by_id[asked.by].role not in KEEPS_PLAN:
        return Rejection("K2", "forbidden")
    if person != asked.by and command.texts != "none":
        return Rejection("K4", "words_of_others")
    return None


def _covers(erasure: Erasure, command: ErasePerson) -> bool:
    """Whether what waits to be carried out is all that is asked for again."""
    if command.name and not erasure.name:
        return False
    if erasure.texts == "all" or (command.texts == "none" and not command.chosen):
        return True
    return erasure.texts == command.texts == "chosen" and frozenset(command.chosen) <= frozenset(
        erasure.chosen
    )


def set_keep_until(state: State, command: SetKeepUntil, asked: Asked) -> Facts | Rejection:
    day = parse_date(command.until)
    if not day:
        return Rejection("K1", "bad_date")
    limit = latest_day(state, asked.at)
    if not last_day(asked.at, 1) <= day <= limit:
        return Rejection("K1", "keep_range", {"limit": limit})
    return Rejection("K1", "already_so") if day == state.keeping.until else (KeepUntilSet(day),)


def _asked(state: State, fact: ErasureAsked, record: Record) -> State:
    erasure = Erasure(state.seq, fact.person, fact.texts, fact.chosen, record.at, fact.name)
    keeping = change(state.keeping, erasures=(*state.keeping.erasures, erasure))
    return change(state, keeping=keeping, touched=frozenset({Touch.you(fact.person)}))


def _redacted(state: State, fact: Redacted, record: Record) -> State:
    """What was struck is folded as its husk already. Gestures remember words, so they can no longer be undone.

    Whoever holds a state from before this fact folds the journal anew, and forgets the words so. Where only a name went,
    nothing is forgotten but the name, and no page is drawn anew that does not show it.
    """
    before = state.keeping
    if fact.term and not fact.person:
        return _forgotten(state, before, fact)
    keeping = change(
        before,
        erasures=tuple(e for e in before.erasures if fact.more or e.person != fact.person),
        erased_at=before.erased_at.set(fact.person, record.at),
        unnamed_at=before.unnamed_at.set(fact.person, record.at) if fact.name else before.unnamed_at,
    )
    if fact.name:
        state = consents.withdrawn(state, fact.person, record.at)
    if fact.name_only and fact.person in state.people.by_id:
        state = change(state, keeping=keeping)
        if not fact.name:
            return change(state, touched=frozenset({Touch.you(fact.person)}))
        after = named_anew(state, fact.person)
        return change(after, touched=after.touched | {Touch.DEEDS})
    after = _forgotten(state, keeping, fact)
    return change(after, touched=after.touched | {Touch.you(fact.person)})


def _forgotten(state: State, keeping: Keeping, fact: Redacted) -> State:
    struck = keeping.struck.update({s.seq: (s.chain, _when(s)) for s in fact.struck})
    return change(
        state,
        deeds=(),
        keeping=change(keeping, struck=struck),
        touched=frozenset({Touch.SCENE, Touch.DEEDS, Touch.PEOPLE}),
        scene=state.seq,
    )


class _Moment(msgspec.Struct):
    """What this module reads in a husk. All of it: ``records``, which knows this module's facts."""

    t: int = 0


_MOMENTS = msgspec.json.Decoder(_Moment)


def _when(struck: Struck) -> Millis:
    try:
        return Millis(_MOMENTS.decode(struck.husk).t)
    except msgspec.MsgspecError:
        return Millis(0)


def _keep_until_set(state: State, fact: KeepUntilSet, record: Record) -> State:
    keeping = change(state.keeping, until=fact.until, told=0)
    return change(state, keeping=keeping, touched=frozenset({Touch.KEPT}))


def _end_is_near(state: State, fact: EndIsNear, record: Record) -> State:
    return change(state, keeping=change(state.keeping, told=fact.days), touched=frozenset({Touch.KEPT}))


PART = Part(
    judges={ErasePerson: erase_person, SetKeepUntil: set_keep_until},
    folds={
        ErasureAsked: _asked,
        Redacted: _redacted,
        KeepUntilSet: _keep_until_set,
        EndIsNear: _end_is_near,
    },
    rules=RULES,
    refusals=REFUSALS,
    plain=frozenset({ErasePerson}),
    sees={
        ErasePerson: saw.PERSON,
        SetKeepUntil: Saw(lambda state, command, asked: state.since.kept, N_("The forum’s last day")),
    },
    aloud={
        **dict.fromkeys((ErasureAsked, Redacted), Quiet("whoever asked for it is told, and nobody else")),
        KeepUntilSet: at_desk(N_("The day until which the forum is kept has changed.")),
        EndIsNear: at_desk(N_("The forum will soon be deleted. The desk says when.")),
    },
)
