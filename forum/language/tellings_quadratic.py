"""How a quadratic vote is told in words."""

from typing import Final

from forum.domain.kernel import N_
from forum.language import Reader
from forum.language.telling import Numbers, Telling, named


def _marked(reader: Reader, mark: int, choice: str) -> str:
    if mark < 0:
        return reader.say_many(
            "{n} vote against: {choice}", "{n} votes against: {choice}", -mark, choice=choice
        )
    return reader.say_many("{n} vote: {choice}", "{n} votes: {choice}", mark, choice=choice)


def _rule(reader: Reader, terms: Numbers) -> str:
    held = reader.say_many("{n} credit per person.", "{n} credits per person.", terms["credits"])
    costs = reader.say(
        "2 votes on one choice cost 4 credits, 3 votes cost 9, and so on. As many votes are a tie."
    )
    against = reader.say("Votes against cost as much, and are taken off.") if terms["against"] else ""
    return " ".join(filter(None, (held, costs, against)))


def _adds_up(reader: Reader, voters: int, sums: Numbers) -> str:
    return reader.say(
        "{people} × {credits} = {held}: {spent}, {unused}.",
        people=reader.say_many("{n} person", "{n} people", voters),
        credits=reader.say_many("{n} credit", "{n} credits", sums["credits"]),
        held=reader.number(sums["held"]),
        spent=reader.say_many("{n} spent", "{n} spent", sums["spent"]),
        unused=reader.say_many("{n} not used", "{n} not used", sums["unused"]),
    )


QUADRATIC: Final = Telling(
    marked=_marked,
    rule=_rule,
    adds_up=_adds_up,
    line=(
        named(N_("Votes, less those against"), "votes"),
        named(N_("Voted for it"), "supporters"),
        named(N_("Voted against it"), "opponents"),
    ),
    favours="supporters",
    terms=(named(N_("Credits per person"), "credits"),),
    sums=(
        named(N_("Credits held"), "held"), named(N_("Credits spent"), "spent"), named(N_("Credits not used"), "unused"),
    ),
)  # fmt: skip
