"""A vote by several criteria in words. What a criterion is called the desk has said, or it has a number."""

from collections.abc import Callable, Iterator

from forum.domain.kernel import N_
from forum.domain.methods.multicriteria import NUMBERS, Turn, turns, weights_of
from forum.domain.steps.rounds import Result
from forum.language import Reader
from forum.language.telling import Column, Numbers, Telling, named

_MIDDLES = (
    N_("Middle, 1st criterion"), N_("Middle, 2nd criterion"), N_("Middle, 3rd criterion"), N_("Middle, 4th criterion"),
)  # fmt: skip
_WEIGHTS = (
    N_("Weight, 1st criterion"), N_("Weight, 2nd criterion"), N_("Weight, 3rd criterion"), N_("Weight, 4th criterion"),
)  # fmt: skip
_NONE = -1


def _called(reader: Reader, criterion: int) -> str:
    return reader.word(f"called{criterion}") or reader.say("Criterion {number}", number=criterion)


def _of(key: str) -> int:
    return int(key.rpartition("/")[2])


def _part(reader: Reader, key: str) -> str:
    return _called(reader, _of(key))


def _choice(reader: Reader, key: str, words: tuple[str, ...]) -> str:
    return reader.say("{criterion}: {choice}", criterion=_called(reader, _of(key)), choice=words[0])


def _marked(reader: Reader, mark: int, choice: str) -> str:
    return reader.say("{mark} of 5 – {choice}", mark=mark, choice=choice)


def _weighed(reader: Reader, terms: Numbers) -> str:
    """``Use (weight 2); Cost (weight 1)``"""
    return reader.listed(
        reader.say("{criterion} (weight {weight})", criterion=_called(reader, n), weight=weight)
        for n, weight in enumerate(weights_of(terms), 1)
    )


def _rule(reader: Reader, terms: Numbers) -> str:
    return reader.say(
        "Each person gave each choice a mark from 1 to 5 by each criterion. The score is the weighted mean of the middles. "
        "Criteria: {criteria}.",
        criteria=_weighed(reader, terms),
    )


def _adds_up(reader: Reader, voters: int, sums: Numbers) -> str:
    """``10 people × 6 marks = 60: 58 given, 2 left out.``"""
    return reader.say(
        "{people} × {marks} = {asked}: {given}, {left}.",
        people=reader.say_many("{n} person", "{n} people", voters),
        marks=reader.say_many("{n} mark", "{n} marks", sums["each"]),
        asked=reader.number(sums["asked"]),
        given=reader.say_many("{n} mark given", "{n} marks given", sums["given"]),
        left=reader.say_many("{n} left out", "{n} left out", sums["left"]),
    )


def _beside(reader: Reader, terms: Numbers, result: Result, name: Callable[[str], str]) -> list[str]:
    """What the weights are, and what would come first with others (V48)."""
    return list(_said(reader, terms, result, name))


def _said(reader: Reader, terms: Numbers, result: Result, name: Callable[[str], str]) -> Iterator[str]:
    yield reader.say("Criteria: {criteria}.", criteria=_weighed(reader, terms))
    if not result.lines or not result.lines[0].score:
        return
    found = turns(terms, result.lines)
    yield from (_turned(reader, turn, name) for turn in found)
    if not found:
        yield reader.say("One more or one less on any weight puts no other choice first.")


def _turned(reader: Reader, turn: Turn, name: Callable[[str], str]) -> str:
    more, criterion = turn.more, _called(reader, turn.criterion)
    if len(turn.first) == 1:
        one = name(turn.first[0])
        if more:
            return reader.say(
                "If “{criterion}” weighed one more, {choice} would come first.",
                criterion=criterion,
                choice=one,
            )
        return reader.say(
            "If “{criterion}” weighed one less, {choice} would come first.", criterion=criterion, choice=one
        )
    several = reader.listed(name(option) for option in turn.first)
    if more:
        return reader.say(
            "If “{criterion}” weighed one more, several would come first together: {choices}.",
            criterion=criterion, choices=several,
        )  # fmt: skip
    return reader.say(
        "If “{criterion}” weighed one less, several would come first together: {choices}.",
        criterion=criterion, choices=several,
    )  # fmt: skip


def _middle(criterion: int) -> Column:
    name = f"middle{criterion}"
    return Column(
        _MIDDLES[criterion - 1],
        lambda numbers, voters: numbers.get(name, 0) or _NONE,
        lambda reader, n: "" if n == _NONE else reader.ratio(n, 4),
    )


def _weight(criterion: int) -> Column:
    name = f"weight{criterion}"
    return Column(
        _WEIGHTS[criterion - 1],
        lambda terms, voters: terms.get(name, _NONE),
        lambda reader, n: "" if n == _NONE else str(n),
    )


MULTICRITERIA = Telling(
    marked=_marked,
    rule=_rule,
    adds_up=_adds_up,
    line=(
        Column(N_("Score"), lambda numbers, voters: numbers["score"], lambda reader, n: reader.ratio(n, 100)),
        *(_middle(n) for n in NUMBERS),
    ),
    terms=tuple(_weight(n) for n in NUMBERS),
    sums=(named(N_("Marks given"), "given"), Column(N_("Left out"), lambda sums, voters: sums["left"])),
    choice=_choice,
    part=_part,
    beside=_beside,
)
