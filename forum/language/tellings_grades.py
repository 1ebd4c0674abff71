"""How votes by grades are told in words."""

from typing import Final

from forum.domain.kernel import N_
from forum.domain.methods import majority
from forum.language import Reader
from forum.language.telling import Column, Numbers, Telling, named

WORDS: Final = {
    "excellent": N_("Excellent"),
    "very_good": N_("Very good"),
    "good": N_("Good"),
    "fairly_good": N_("Fairly good"),
    "acceptable": N_("Acceptable"),
    "insufficient": N_("Insufficient"),
    "reject": N_("To reject"),
}


def _word(reader: Reader, mark: int) -> str:
    return reader.say(WORDS[majority.GRADES[mark - 1]]) if mark else ""


def _marked(reader: Reader, mark: int, choice: str) -> str:
    return reader.say("“{word}”: {choice}", word=_word(reader, mark), choice=choice)


def _grades(reader: Reader, terms: Numbers) -> tuple[str, ...]:
    return tuple(_word(reader, mark) for mark in reversed(majority.scale(terms)))


def _rule(reader: Reader, terms: Numbers) -> str:
    return reader.say(
        "Each person gave each choice one of {count} words. The middle word counts; no word is “{lowest}”.",
        count=terms["words"],
        lowest=_word(reader, 1),
    )


def _adds_up(reader: Reader, voters: int, sums: Numbers) -> str:
    """V22: ``55 ballots × 12 choices = 660 words: 612 given, 48 not given.``"""
    return reader.say(
        "{ballots} × {choices} = {words}: {given}, {silent}.",
        ballots=reader.say_many("{n} ballot with words", "{n} ballots with words", sums["ballots"]),
        choices=reader.say_many("{n} choice", "{n} choices", sums["choices"]),
        words=reader.number(sums["words"]),
        given=reader.say_many("{n} word given", "{n} words given", sums["chosen"]),
        silent=reader.say_many("{n} not given", "{n} not given", sums["silent"]),
    )


MAJORITY: Final = Telling(
    marked=_marked,
    rule=_rule,
    adds_up=_adds_up,
    line=(
        Column(N_("Majority grade"), lambda numbers, voters: numbers["grade"], _word), named(N_("Above it"), "above"), named(N_("Below it"), "below"),
    ),
    terms=(named(N_("Words on the scale"), "words"),),
    sums=(named(N_("Words given"), "chosen"), named(N_("Words not given"), "silent")),
    grades=_grades,
)  # fmt: skip
