"""What a telling of a ballot method is, as values: its words on receipts, in exports, in the sum below a result."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from forum.domain.kernel import N_
from forum.domain.steps.rounds import Result
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
    crowded: str = ""  # what is said where most lie up and low across


class Telling(NamedTuple):
    """One method's words."""

    marked: Callable[[Reader, int, str], str]  # what somebody gave: mark, choice
    rule: Callable[[Reader, Numbers], str]  # what held, by the parameters
    adds_up: Callable[[Reader, int, Numbers], str]  # how many voted, what their ballots add up to
    line: tuple[Column, ...]  # what is told of each choice
    terms: tuple[Column, ...] = ()  # what held, in numbers
    sums: tuple[Column, ...] = ()  # what the ballots add up to, in numbers
    favours: str = ""  # the number, of a line, that says how many gave it something; "": none does
    divided: str = ""  # when a choice divides the room (``Method.divides``), as a message id
    parted: Callable[[Reader, Numbers], str] | None = None
    """How the room is parted about a choice, from a line's numbers; None: by how many it has of those whom it ``favours``."""
    choice: Callable[[Reader, str, tuple[str, ...]], str] = _only
    """What is called by a key: the key, and the words of the options that it is about (``Method.about``)."""
    part: Callable[[Reader, str], str] = _nothing
    """What a key asks of its option, where several are about the same: a word or two, beside the control."""
    grades: Callable[[Reader, Numbers], tuple[str, ...]] | None = None
    """The words of the parts of ``pictures.Profiles``, by the terms, from the best to the worst."""
    plane: Callable[[Reader], PlaneWords] | None = None
    """What ``pictures.Plane`` is read by."""
    beside: Callable[[Reader, Numbers, Result, Callable[[str], str]], list[str]] | None = None
    """What more is said of a result, a sentence each: by what held, the result, and what an option is called."""
    group: Callable[[Reader, Numbers], str] | None = None
    """What those of one rank are called together, by the numbers of one: of a result that sorts its choices, and ranks none."""
    unmarked: str = N_("A blank ballot.")  # what a ballot without marks is called on a receipt


def parted(telling: Telling, reader: Reader, numbers: Numbers, voters: int) -> str:
    """How the room is parted about a choice."""
    if telling.parted:
        return telling.parted(reader, numbers)
    return reader.say("{n} of {all}", n=numbers.get(telling.favours, 0), all=voters)


def named(heading: str, name: str) -> Column:
    """A column of one of the numbers, as it is."""
    return Column(heading, lambda numbers, voters: numbers[name])
