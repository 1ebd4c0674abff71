"""Striking a person's words: which facts hold them, and what is left of each fact. Pure.

A person's words are those of their cards and of their commitments, their reasons in votes, and what they wrote into
actions and sheets.
Word-for-word copies, which an edit or an undo makes, are theirs too, wherever they stand, and so is the title that a card
gave its theme (G6), however short, and the axis made of that theme. All other titles of themes and axes belong to the
room. Ballots are not words: they stay, without a name. Words belong to the person who
wrote them first. Somebody who writes down another's words and has them erased strikes only their own copy.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from forum.domain.again import STRUCK, NotTaken, Waits
from forum.domain.belonging.part import CategorySet, OrganisationSet
from forum.domain.kernel import Command, Fact, Holds, IdeaId, PersonId, Record, Rejection
from forum.domain.led import LedBefore
from forum.domain.limits import TITLE
from forum.domain.plan.words import AxisMade
from forum.domain.room import COMMANDS, PARTS, Noted, Refused
from forum.domain.spelling import opening
from forum.domain.steps.board import IdeaPosted
from forum.domain.steps.reason_facts import ReasonGiven
from forum.domain.steps.sort import MAX_THEMES
from forum.domain.steps.sort_facts import IdeasMoved, ThemeMade
from forum.domain.steps.themes import named_after

COPY_CHARS: Final = 20  # a whole sentence that stands twice was copied; a word that stands twice was not

OWN_WORDS_ONLY: Final = frozenset[type[Command]]().union(*(part.plain for part in PARTS))
"""Commands whose facts hold what was sent with them and nothing that stands already."""


def repeats_words(what: Command | Rejection) -> bool:
    """Whether what comes of this may say again what somebody said before, as an edit does that notes what it replaces."""
    return not isinstance(what, Rejection) and type(what) not in OWN_WORDS_ONLY


HOLDS: Final[Mapping[type[Fact], Holds]] = {
    fact: holds for part in PARTS for fact, holds in part.words.items()
}
"""The facts that hold words."""

QUOTED: Final = (IdeaPosted, ReasonGiven)
"""Facts of words that the desk may quote where it says why it hid them."""

MARKED: Final = (Refused, Noted)
"""Facts without a word of what was asked, whose mark nevertheless stands for it."""

PUT_ASIDE: Final = (Waits, NotTaken, LedBefore)
"""Facts that hold a command as it was sent, after the store had lost what came of it."""

WORDS: Final = frozenset(
    {"text", "title", "caption", "description", "first_step", "budget", "reason", "fields", "was"}
)
"""Fields of commands that hold words. A vote has none, and is never struck."""


def bearer(facts: Sequence[Fact]) -> int:
    """Which of an op's facts carries its mark: one that holds words, so that whoever strikes them strikes it too."""
    return next((n for n, fact in enumerate(facts) if type(fact) in HOLDS), 0)


def husks(
    facts: Iterable[tuple[int, Record]], person: PersonId, chosen: frozenset[str] | None
) -> dict[int, Record]:
    """What is left of the entries that hold a person's words, or marks of words; by number, others are not in it.

    chosen   ids of cards, actions and commitments; None: all that the person wrote
    """
    facts = list(facts)
    said, copies = _theirs(facts, person, chosen)
    made = (
        HOLDS[type(r.fact)].about(r.fact) for _, r in facts if isinstance(r.fact, QUOTED) and r.by == person
    )
    cards = {name for name in made if chosen is None or name in chosen}
    said |= _titles_of(facts, cards)
    left = {}
    for seq, record in facts:
        if isinstance(record.fact, PUT_ASIDE):
            fact = _put_aside(record.fact, said, copies, cards, mine=record.by == person, chosen=chosen)
        else:
            fact = _without(record.fact, said, copies, cards)
        own_mark = isinstance(fact, MARKED) and record.mark and record.by == person
        if fact is not record.fact or own_mark:
            left[seq] = msgspec.structs.replace(record, fact=fact, salt="", mark="")
    return left


def left_of_cards(
    facts: Sequence[tuple[int, Record]], cards: frozenset[str], kept: frozenset[str]
) -> dict[int, Record]:
    """What is left of the entries that hold the words of these cards, whoever wrote or edited them; by number (K6).

    kept   ids of themes that last: a title that such a card gave one of them stays

    Words that somebody says again elsewhere, as in an action, are left there: they have a part in the plan.
    """
    said = {
        (about, text)
        for _, record in facts
        if type(record.fact) in HOLDS
        for about, text in _said(record.fact)
        if about in cards
    }
    said |= {(about, title) for about, title in _titles_of(facts, set(cards)) if about not in kept}
    left = {}
    for seq, record in facts:
        fact = record.fact
        if isinstance(fact, PUT_ASIDE):
            given = {text for value in fact.body.values() for text in _texts_in(value)}
            if cards & given and WORDS & fact.body.keys():
                fact = msgspec.structs.replace(fact, body={STRUCK: True})
        else:
            fact = _without(fact, said, set(), set(cards))
        if fact is not record.fact:
            left[seq] = msgspec.structs.replace(record, fact=fact, salt="", mark="")
    return left


def placeless(facts: Iterable[tuple[int, Record]], person: PersonId) -> dict[int, Record]:
    """What is left of the entries that say where a person comes from, which go with their name (J7); by number."""
    left = {}
    for seq, record in facts:
        match record.fact:
            case (
                CategorySet(person=whose, category=str(said))
                | OrganisationSet(person=whose, organisation=str(said))
            ):
                if whose == person and said:
                    left[seq] = msgspec.structs.replace(
                        record, fact=type(record.fact)(person), salt="", mark=""
                    )
            case LedBefore(kind="SetCategory", body=body) if body.get("person") == person:
                fact = msgspec.structs.replace(record.fact, body={STRUCK: True})
                left[seq] = msgspec.structs.replace(record, fact=fact, salt="", mark="")
    return left


def _theirs(
    facts: Iterable[tuple[int, Record]], person: PersonId, chosen: frozenset[str] | None
) -> tuple[set[tuple[str, str]], set[str]]:
    """What a person was the first to say of something, each with what it is about; and sentences they said first at all."""
    first_about: dict[tuple[str, str], PersonId] = {}
    first: dict[str, PersonId] = {}
    said: set[tuple[str, str]] = set()
    for _, record in facts:
        if type(record.fact) not in HOLDS:
            continue
        for about, text in _said(record.fact):
            before = first_about.setdefault((about, text), record.by)
            first.setdefault(text, record.by)
            theirs = HOLDS[type(record.fact)].own and record.by == before == person
            if theirs and (chosen is None or about in chosen):
                said.add((about, text))
    copies = {text for _, text in said if len(text) >= COPY_CHARS and first[text] == person}
    return said, copies | {
        opening(text, TITLE.most) for text in copies
    }  # as a theme of one card is named (G6)


def _titles_of(facts: Sequence[tuple[int, Record]], cards: set[str]) -> set[tuple[str, str]]:
    """The titles that these cards gave their themes, and these their axes, each with what it is of.

    A theme made of a card says so by its id. Somebody who typed the same words gave a title of their own.
    """
    first: dict[str, IdeaId] = {}
    for _, record in facts:
        if isinstance(record.fact, IdeasMoved):
            for move in record.fact.moves:
                first.setdefault(move.now or "", move.idea)
    titles: dict[str, str] = {}
    for seq, record in facts:
        match record.fact:
            case ThemeMade(theme=theme, title=title):
                card = first.get(theme, IdeaId(""))
                before = range(seq - MAX_THEMES, seq)  # where the op began that made so many themes at most
                if card in cards and any(named_after(card, n) == theme for n in before):
                    titles[theme] = title
            case AxisMade(axis=axis, title=title, themes=(theme,)) if title and titles.get(theme) == title:
                titles[axis] = title
            case _:
                pass
    return {(about, title) for about, title in titles.items() if title}


def _put_aside(
    fact: Waits | NotTaken | LedBefore,
    said: set[tuple[str, str]],
    copies: set[str],
    cards: set[str],
    *,
    mine: bool,
    chosen: frozenset[str] | None,
) -> Fact:
    """What came again and was not taken up yet: it goes whole where it holds words that go, or names a card that does."""
    given = [text for value in fact.body.values() for text in _texts_in(value)]
    if not (WORDS & fact.body.keys()):
        return fact
    words = {text for _, text in said} & copies
    own = mine and isinstance(fact, Waits | NotTaken) and (chosen is None or bool(chosen & set(given)))
    if own or words & set(given) or (isinstance(fact, LedBefore) and cards & set(given)):
        return msgspec.structs.replace(fact, body={STRUCK: True})
    return fact


def _texts_in(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts_in(one)]
    return [value] if isinstance(value, str) else []


def had_words(fact: Waits | NotTaken | LedBefore) -> bool:
    """Whether what was put aside is of a command that holds words."""
    command = COMMANDS.get(fact.kind)
    return command is not None and bool(WORDS & set(command.__struct_fields__))


def _said(fact: Fact) -> list[tuple[str, str]]:
    """The words that a fact adds, each with what it is about."""
    kind = HOLDS[type(fact)]
    about = kind.about(fact)
    values = [getattr(fact, name) for name in kind.fields if name != "was"]
    texts = [t for v in values for t in (kind.said(fact, v).values() if isinstance(v, dict) else (v,))]
    return [(about, text) for text in texts if text]


def _without(fact: Fact, said: set[tuple[str, str]], copies: set[str], cards: set[str]) -> Fact:
    kind = HOLDS.get(type(fact))
    if kind is None:
        return fact
    about = kind.about(fact)

    def goes(text: str) -> bool:
        return bool(text) and ((about, text) in said or text in copies)

    changed: dict[str, object] = {}
    for name in kind.fields:
        value = getattr(fact, name)
        if isinstance(value, dict):
            gone = [n for n, text in kind.said(fact, value).items() if goes(text)]
            if gone:
                changed[name] = value | dict.fromkeys(gone, "")
        elif goes(value) or (kind.quotes and about in cards and value):
            changed[name] = ""
    return msgspec.structs.replace(fact, **changed) if changed else fact
