"""Schulze in words: orders of preference, and who is ahead of whom."""

from typing import Final

from forum.domain.kernel import N_
from forum.language import Reader
from forum.language.telling import Numbers, Telling, named


def _placed(reader: Reader, mark: int, choice: str) -> str:
    return reader.say("Place {n}: {choice}", n=mark, choice=choice)


def _rule(reader: Reader, terms: Numbers) -> str:
    return reader.say(
        "Each person put the choices in order; what they left out comes last. Each choice was compared with each other: one "
        "is ahead where the chain of majorities that leads to it is stronger than every chain back (Schulze’s method)."
    )


def _adds_up(reader: Reader, voters: int, sums: Numbers) -> str:
    return reader.say(
        "{people} × {choices} = {held}: {placed}, {unplaced}.",
        people=reader.say_many("{n} person", "{n} people", voters),
        choices=reader.say_many("{n} choice", "{n} choices", sums["choices"]),
        held=reader.number(sums["held"]),
        placed=reader.say_many("{n} place given", "{n} places given", sums["placed"]),
        unplaced=reader.say_many("{n} left for the end", "{n} left for the end", sums["unplaced"]),
    )


SCHULZE: Final = Telling(
    marked=_placed,
    rule=_rule,
    adds_up=_adds_up,
    line=(named(N_("Level with or ahead of"), "level"), named(N_("Ahead of"), "ahead")),
    sums=(
        named(N_("Places given"), "placed"), named(N_("Left for the end"), "unplaced"),
    ),
)  # fmt: skip
