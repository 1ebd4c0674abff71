"""Paper ballots as plain values: what stands on each of a printing, in the room's language. How it is drawn: ``typst/ballots.typ``.

The one who enters a paper sees the same rows (``rows``), in the same order, under the same signs.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Final, NamedTuple

from forum.domain import methods, things
from forum.domain.kernel import N_
from forum.domain.methods.papers import Paper, Unfit
from forum.domain.state import State, Step
from forum.domain.steps.rounds import Printed, Round
from forum.domain.steps.voting import key_words, settings_of, worded
from forum.exports.naming import FileName, named
from forum.language import NO_BREAK, Reader
from forum.language.tellings import PURPOSES, TELLINGS

MEDIA_TYPE: Final = "application/pdf"
NOT_SHOWN: Final = N_("A card that is not shown")
WHO_VOTES: Final = {"present": N_("Everybody who is here votes.")}
"""By the electorate of a round."""


class Ask(NamedTuple):
    """One mark that is asked of a choice."""

    key: str
    part: str  # what it asks, where several are asked of one choice


class Row(NamedTuple):
    """One choice."""

    sign: str  # by which it is found again: its letter, else its number
    words: str
    asks: Sequence[Ask]


class Sheaf(NamedTuple):
    """All papers of one printing."""

    lang: str
    title: str  # of the document
    forum: str
    room: str  # the code of the room
    at: str  # when they were printed: ISO, UTC
    question: str
    about: Sequence[str]  # who votes, what it is for, how one answers
    signs: Sequence[str]  # in the circles, the best first; none where no circle is drawn
    words: Sequence[str]  # of the circles
    boxes: int
    rows: Sequence[Row]
    codes: Sequence[str]
    foot: Sequence[str]
    page: str  # "Page {n} of {of}"
    file: str


def sheaf(state: State, step: Step, round_: Round, printed: Printed, at: str) -> Sheaf:
    """What stands on the papers of one printing. KeyError where the method has no paper."""
    reader = Reader(state.lang)
    say, terms = reader.say, round_.parameters
    paper = methods.of(round_.method).printed(terms)
    if isinstance(paper, Unfit):
        raise KeyError(round_.method)
    title = step.title.get(state.lang)
    who = WHO_VOTES.get(round_.electorate)
    return Sheaf(
        lang=reader.lang,
        title=say("Paper ballots: {title}", title=title),
        forum=state.title,
        room=f"{state.code[:3]} {state.code[3:]}",
        at=at,
        question=step.instruction.get(state.lang) or title,
        about=(
            say(paper.how, **terms),
            *((say(who),) if who else ()),
            say(PURPOSES[settings_of(step).purpose]),
        ),
        signs=[one.sign for one in paper.circles],
        words=circled(reader, step, round_, paper),
        boxes=paper.boxes,
        rows=rows(state, step, round_, reader),
        codes=[spelled(code) for code in printed.codes],
        foot=(
            say("Whoever votes on paper does not vote by phone."),
            say("The code makes this paper count once. Nobody knows whose it is."),
        ),
        page=say("Page {n} of {of}", n="{n}", of="{of}"),
        file=title,
    )


def rows(state: State, step: Step, round_: Round, reader: Reader) -> list[Row]:
    """The choices in the order of the round, each with what is asked of it."""
    method, telling = methods.of(round_.method), TELLINGS[round_.method]
    named_ = reader.of_vote(worded(step))
    found = []
    for number, (about, alike) in enumerate(groupby(method.keys(round_), key=method.about), 1):
        keys = list(alike)
        words = tuple(one or reader.say(NOT_SHOWN) for one in key_words(state, step, round_, keys[0]))
        sign = things.letter(state, step.settings.takes, about[0]) or str(number)
        asks = [Ask(key, telling.part(named_, key)) for key in keys]
        found.append(Row(sign, words[0] if len(keys) > 1 else telling.choice(named_, keys[0], words), asks))
    return found


def circled(reader: Reader, step: Step, round_: Round, paper: Paper) -> Sequence[str]:
    """The words of the circles; none where they have only signs."""
    telling = TELLINGS[round_.method]
    if not paper.worded or telling.grades is None:
        return ()
    return telling.grades(reader.of_vote(worded(step)), round_.parameters)


def spelled(code: str) -> str:
    """A code as it is read: in two threes that stay together."""
    return f"{code[:3]}{NO_BREAK}{code[3:]}"


def file_name(told: Sheaf) -> FileName:
    """What the file is called, in the room's language."""
    return named(told.file, ".pdf", otherwise="ballots", what=Reader(told.lang).say("paper ballots"))
