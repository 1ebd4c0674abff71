"""How a vote by gradients of agreement is told: its eight levels in words, and how a proposal is read."""

from typing import Final

from forum.domain.kernel import N_
from forum.domain.methods.gradients import (
    AGAINST,
    LUKEWARM,
    STRONG,
    SUPPORT,
    UNCLEAR,
    UNREAD,
    counts_of,
    level_of,
)
from forum.domain.methods.pictures import middle_half
from forum.language import Reader
from forum.language.telling import Column, Numbers, Telling

LEVELS: Final = (
    N_("Full agreement"),
    N_("Agreement with a minor reservation"),
    N_("Support with reservations"),
    N_("Abstention"),
    N_("More discussion needed"),
    N_("I do not like it, but I will not block it"),
    N_("Serious disagreement"),
    N_("Veto"),
)
"""From the first to the eighth, as they are published."""
READINGS: Final = {
    STRONG: N_("strong support"),
    LUKEWARM: N_("lukewarm support"),
    UNCLEAR: N_("no clear support"),
    UNREAD: N_("nobody chose a level"),
}


def _levels(reader: Reader, terms: Numbers) -> tuple[str, ...]:
    return tuple(reader.say(level) for level in LEVELS)


def _marked(reader: Reader, mark: int, choice: str) -> str:
    return reader.say("{what}: {words}", what=reader.say(LEVELS[level_of(mark) - 1]), words=choice)


def _rule(reader: Reader, terms: Numbers) -> str:
    return reader.say(
        "Everybody chose one of eight levels for each proposal. Strong support: at least {strong} % in the first three levels, "
        "nobody in the last two. Lukewarm: more than {lukewarm} % in the first four, no veto.",
        strong=terms["strong"],
        lukewarm=terms["lukewarm"],
    )


def _adds_up(reader: Reader, voters: int, sums: Numbers) -> str:
    return reader.say(
        "{people}: {levels}.",
        people=reader.say_many("{n} person", "{n} people", voters),
        levels=reader.say_many("{n} level chosen in all", "{n} levels chosen in all", sums["levels"]),
    )


def _share(line: Numbers, voters: int) -> int:
    """Of those who chose a level, in percent, rounded to the nearest."""
    answers = line["answers"]
    return (200 * line["support"] + answers) // (2 * answers) if answers else 0


def _reading(reader: Reader, reading: int) -> str:
    return reader.say(READINGS[reading])


def _parted(reader: Reader, line: Numbers) -> str:
    """How many are for, against and between, and where the middle half lies."""
    counts = counts_of(line)
    low, middle, high = (reader.say(LEVELS[place]) for place in middle_half(counts))
    return reader.say(
        "{support} support it, {against} are against, {between} abstain. The middle: {middle}; the middle half: {low} to {high}.",
        support=reader.number(sum(counts[:SUPPORT])),
        against=reader.number(sum(counts[AGAINST - 1 :])),
        between=reader.number(sum(counts[SUPPORT : AGAINST - 1])),
        middle=middle,
        low=low,
        high=high,
    )


TELLING: Final = Telling(
    marked=_marked,
    rule=_rule,
    adds_up=_adds_up,
    line=(
        Column(N_("Support (levels 1 to 3)"), lambda numbers, voters: numbers["support"]),
        Column(N_("Of those who chose a level, in %"), _share),
        Column(N_("Reading"), lambda numbers, voters: numbers["reading"], _reading),
        Column(N_("Vetoes"), lambda numbers, voters: counts_of(numbers)[-1]),
    ),
    sums=(Column(N_("Levels chosen in all"), lambda numbers, voters: numbers["levels"]),),
    terms=(
        Column(N_("Strong support from, in %"), lambda numbers, voters: numbers["strong"]),
        Column(N_("Lukewarm support above, in %"), lambda numbers, voters: numbers["lukewarm"]),
    ),
    grades=_levels,
    divided=N_("At least a quarter support it, and at least a quarter are against:"),
    parted=_parted,
)
