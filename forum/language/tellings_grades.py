"""How votes by grades are told in words."""

from typing import Final

from forum.domain.kernel import N_
from forum.domain.methods import majority, roti
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

RATINGS: Final = {
    "very_useful": N_("Very useful"),
    "useful": N_("Useful"),
    "fairly_useful": N_("Fairly useful"),
    "of_little_use": N_("Of little use"),
    "lost": N_("Time lost"),
}


def _rating(reader: Reader, mark: int) -> str:
    if not mark:
        return ""
    return f"{mark} – {reader.say(RATINGS[roti.RATINGS[mark - 1]])}"


def _rated(reader: Reader, mark: int, choice: str) -> str:
    return reader.say("{rating}, for {choice}", rating=_rating(reader, mark), choice=choice)


def _ratings(reader: Reader, terms: Numbers) -> tuple[str, ...]:
    return tuple(_rating(reader, mark) for mark in range(len(roti.RATINGS), 0, -1))


def _rating_rule(reader: Reader, terms: Numbers) -> str:
    return reader.say(
        "Each person said from 1 to 5 what the time was worth to them. The middle is shown; who said nothing is not counted."
    )


def _ratings_add_up(reader: Reader, voters: int, sums: Numbers) -> str:
    return reader.say(
        "{ballots} × {choices}: {said}, {unsaid}.",
        ballots=reader.say_many("{n} ballot", "{n} ballots", sums["ballots"]),
        choices=reader.say_many("{n} choice", "{n} choices", sums["choices"]),
        said=reader.say_many("{n} answer", "{n} answers", sums["said"]),
        unsaid=reader.say_many("{n} left out", "{n} left out", sums["unsaid"]),
    )


ROTI: Final = Telling(
    marked=_rated,
    rule=_rating_rule,
    adds_up=_ratings_add_up,
    line=(
        Column(N_("The middle"), lambda numbers, voters: numbers["middle"], _rating),
        named(N_("Answers"), "people"),
    ),
    sums=(named(N_("Answers in all"), "said"),),
    grades=_ratings,
)
