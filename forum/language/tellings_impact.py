"""A vote on impact and effort in words."""

from forum.domain.kernel import N_
from forum.language import Reader
from forum.language.telling import Column, Numbers, PlaneWords, Telling

_PARTS = (
    N_("Not placed"), N_("To discuss"), N_("To set aside"), N_("If the occasion arises"), N_("Big projects"), N_("Quick wins"),
)  # fmt: skip
"""By the number of a quadrant."""
_SCALES = {"impact": N_("Impact"), "effort": N_("Effort")}
_OF_ONE = {"impact": N_("Impact: {choice}"), "effort": N_("Effort: {choice}")}
_NONE = -1


def _scale(key: str) -> str:
    return key.rpartition("/")[2]


def _part(reader: Reader, key: str) -> str:
    return reader.say(_SCALES[_scale(key)])


def _choice(reader: Reader, key: str, words: tuple[str, ...]) -> str:
    return reader.say(_OF_ONE[_scale(key)], choice=words[0])


def _marked(reader: Reader, mark: int, choice: str) -> str:
    return reader.say("{mark} of 5 – {choice}", mark=mark, choice=choice)


def _rule(reader: Reader, terms: Numbers) -> str:
    return reader.say(
        "Each person gave each choice a mark from 1 to 5 for its impact and for its effort. It lies at the middle of the marks."
    )


def _adds_up(reader: Reader, voters: int, sums: Numbers) -> str:
    """``10 people × 12 choices = 120: 96 placed, 4 half placed, 20 left out.``"""
    return reader.say(
        "{people} × {choices} = {asked}: {placed}, {half}, {left}.",
        people=reader.say_many("{n} person", "{n} people", voters),
        choices=reader.say_many("{n} choice", "{n} choices", sums["choices"]),
        asked=reader.number(sums["asked"]),
        placed=reader.say_many("{n} placed", "{n} placed", sums["placed"]),
        half=reader.say_many("{n} on one scale only", "{n} on one scale only", sums["half"]),
        left=reader.say_many("{n} left out", "{n} left out", sums["left"]),
    )


def _group(reader: Reader, numbers: Numbers) -> str:
    part = _PARTS[numbers["quadrant"]]
    return reader.say(part)


def _quarters(reader: Reader, number: int) -> str:
    return "" if number == _NONE else reader.ratio(number, 4)


def _range(scale: str) -> Column:
    heading = {"impact": N_("Spread of impact"), "effort": N_("Spread of effort")}[scale]
    return Column(
        heading,
        lambda numbers, voters: numbers.get(f"{scale}_high", _NONE) - numbers.get(f"{scale}_low", 0),
        _quarters,
    )


def _middle(scale: str) -> Column:
    return Column(_SCALES[scale], lambda numbers, voters: numbers.get(scale, _NONE), _quarters)


def _plane(reader: Reader) -> PlaneWords:
    say, (_, between, leave, occasion, big, quick) = reader.say, _PARTS
    up, across = _SCALES.values()
    return PlaneWords(
        across=say(across),
        up=say(up),
        corners=(say(quick), say(big), say(occasion), say(leave)),
        between=say(between),
        crowded=say("So many quick wins tell little: agree on what effort means, then vote again."),
    )


IMPACT = Telling(
    marked=_marked,
    rule=_rule,
    adds_up=_adds_up,
    line=(
        Column(N_("Quadrant"), lambda numbers, voters: numbers["quadrant"], lambda reader, n: reader.say(_PARTS[n])),
        _middle("impact"), _middle("effort"), _range("impact"), _range("effort"),
        Column(N_("Marks for impact"), lambda numbers, voters: numbers["impact_marks"]),
        Column(N_("Marks for effort"), lambda numbers, voters: numbers["effort_marks"]),
    ),
    sums=(
        Column(N_("Placed on both scales"), lambda sums, voters: sums["placed"]),
        Column(N_("On one scale only"), lambda sums, voters: sums["half"]),
        Column(N_("Left out"), lambda sums, voters: sums["left"]),
    ),
    choice=_choice,
    part=_part,
    plane=_plane,
    group=_group,
)  # fmt: skip
