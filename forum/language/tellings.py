"""How each ballot method is told in words: on receipts, in exports, in the sum below a result. One telling a method."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from forum.domain.kernel import N_
from forum.language import Reader

Numbers = Mapping[str, int]


class Column(NamedTuple):
    """One column of a table of results."""

    heading: str
    of: Callable[[Numbers, int], int]  # from a line's numbers, the terms or the sums, and how many voted
    words: Callable[[Reader, int], str] | None = None  # where the number stands for a word

    def cell(self, reader: Reader, numbers: Numbers, voters: int) -> int | str:
        """What it says, in the reader's language."""
        number = self.of(numbers, voters)
        return self.words(reader, number) if self.words else number


def _only(reader: Reader, key: str, words: tuple[str, ...]) -> str:
    return words[0]


def _nothing(reader: Reader, key: str) -> str:
    return ""


class PlaneWords(NamedTuple):
    """What a plane's scales and corners are called, in the reader's language."""

    across: str
    up: str
    corners: tuple[str, str, str, str]  # up and low across; up and high; low and low; low and high
    between: str  # what lies on a line


class Telling(NamedTuple):
    """One method's words."""

    marked: Callable[[Reader, int, str], str]  # what somebody gave: mark, choice
    rule: Callable[[Reader, Numbers], str]  # what held, by the parameters
    adds_up: Callable[[Reader, int, Numbers], str]  # how many voted, what their ballots add up to
    line: tuple[Column, ...]  # what is told of each choice
    terms: tuple[Column, ...] = ()  # what held, in numbers
    sums: tuple[Column, ...] = ()  # what the ballots add up to, in numbers
    favours: str = ""  # the number, of a line, that says how many gave it something; "": none does
    choice: Callable[[Reader, str, tuple[str, ...]], str] = _only
    """What is called by a key: the key, and the words of the options that it is about (``Method.about``)."""
    part: Callable[[Reader, str], str] = _nothing
    """What a key asks of its option, where several are about the same: a word or two, beside the control."""
    grades: Callable[[Reader, Numbers], tuple[str, ...]] | None = None
    """The words of the parts of ``pictures.Profiles``, by the terms, from the best to the worst."""
    plane: Callable[[Reader], PlaneWords] | None = None
    """What ``pictures.Plane`` is read by."""
    unmarked: str = N_("A blank ballot.")  # what a ballot without marks is called on a receipt


def _named(heading: str, name: str) -> Column:
    return Column(heading, lambda numbers, voters: numbers[name])


def _points(reader: Reader, mark: int, choice: str) -> str:
    return reader.say_many("{n} point: {choice}", "{n} points: {choice}", mark, choice=choice)


def _points_rule(reader: Reader, terms: Numbers) -> str:
    return reader.say(
        "{points} points per person, at most {cap} on one choice. Equal points and supporters are a tie.",
        points=terms["points"],
        cap=terms["cap"],
    )


def _points_add_up(reader: Reader, voters: int, sums: Numbers) -> str:
    """V9: ``57 people × 5 points = 285: 263 given, 22 not used.``"""
    return reader.say(
        "{people} × {points} = {held}: {given}, {unused}.",
        people=reader.say_many("{n} person", "{n} people", voters),
        points=reader.say_many("{n} point", "{n} points", sums["points"]),
        held=reader.number(sums["held"]),
        given=reader.say_many("{n} given", "{n} given", sums["given"]),
        unused=reader.say_many("{n} not used", "{n} not used", sums["unused"]),
    )


def _approved(reader: Reader, mark: int, choice: str) -> str:
    return reader.say("Approved: {choice}", choice=choice)


def _approval_rule(reader: Reader, terms: Numbers) -> str:
    return reader.say("Each person approved as many choices as they liked. As many approvals are a tie.")


def _approvals_add_up(reader: Reader, voters: int, sums: Numbers) -> str:
    return reader.say(
        "{people}: {approvals}.",
        people=reader.say_many("{n} person", "{n} people", voters),
        approvals=reader.say_many("{n} approval in all", "{n} approvals in all", sums["approvals"]),
    )


def _share(line: Numbers, voters: int) -> int:
    """Of those who voted, in percent, rounded to the nearest."""
    return (200 * line["approvals"] + voters) // (2 * voters) if voters else 0


TELLINGS: Final[dict[str, Telling]] = {
    "dots": Telling(
        marked=_points,
        rule=_points_rule,
        adds_up=_points_add_up,
        line=(_named(N_("Points"), "points"), _named(N_("Supporters"), "supporters")),
        favours="supporters",
        terms=(_named(N_("Points per person"), "points"), _named(N_("At most on one"), "cap")),
        sums=(
            _named(N_("Points held"), "held"), _named(N_("Points given"), "given"), _named(N_("Points not used"), "unused"),
        ),
    ),
    "approval": Telling(
        marked=_approved,
        rule=_approval_rule,
        adds_up=_approvals_add_up,
        favours="approvals",
        line=(_named(N_("Approvals"), "approvals"), Column(N_("Of those who voted, in %"), _share)),
        sums=(_named(N_("Approvals in all"), "approvals"),),
    ),
}  # fmt: skip
"""By the method's name."""
