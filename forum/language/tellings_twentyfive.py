"""25/10 in words: scores from five people, and what is kept."""

from fractions import Fraction
from typing import Final

from forum.domain.kernel import N_
from forum.language import Reader
from forum.language.telling import Column, Numbers, Telling, named

_APART = 10**6  # the points, and after them how many gave some: a cell is told of one number


def _marked(reader: Reader, mark: int, choice: str) -> str:
    return reader.say("{n} of {most}: {choice}", n=mark, most=5, choice=choice)


def _rule(reader: Reader, terms: Numbers) -> str:
    return reader.say(
        "Each person scored {hand} cards of others, from 1 to {best}. A card’s score is the sum of {hand}; with more or fewer it "
        "is {hand} times their average. The first {kept} are kept, and all that are tied with the last of them.",
        hand=terms["hand"],
        best=terms["best"],
        kept=terms["kept"],
    )


def _adds_up(reader: Reader, voters: int, sums: Numbers) -> str:
    return reader.say(
        "{people}: {scores}, {points}.",
        people=reader.say_many("{n} person", "{n} people", voters),
        scores=reader.say_many("{n} score given", "{n} scores given", sums["scored"]),
        points=reader.say_many("{n} point in all", "{n} points in all", sums["points"]),
    )


def mixed(points: int, scores: int) -> str:
    """Five times an average, exactly: ``20 5/6``."""
    score = Fraction(5 * points, scores or 1)
    whole, rest = divmod(score, 1)
    return f"{whole} {rest}" if rest and whole else str(score)


def _exact(reader: Reader, told: int) -> str:
    return mixed(*divmod(told, _APART))


def _kept(reader: Reader, kept: int) -> str:
    return reader.say("yes") if kept else ""


TWENTYFIVE: Final = Telling(
    marked=_marked,
    rule=_rule,
    adds_up=_adds_up,
    line=(
        named(N_("Score, rounded"), "score"),
        Column(
            N_("Score of 25"), lambda numbers, voters: numbers["points"] * _APART + numbers["scores"], _exact
        ),
        named(N_("Scores"), "scores"),
        Column(N_("Kept"), lambda numbers, voters: numbers["kept"], _kept),
    ),
    sums=(named(N_("Scores given"), "scored"), named(N_("Points in all"), "points")),
)
