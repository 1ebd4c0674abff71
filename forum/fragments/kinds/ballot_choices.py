"""What every surface shows of a vote: its choices and their words, what a ballot is asked under, what comes first.

Never names a mark before the reveal (V5), nor anybody else's ballot. What a mark looks like, its method's template says.
"""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import groupby
from typing import Any, NamedTuple

from forum.domain import methods, things
from forum.domain.state import State, Step
from forum.domain.steps import sorting
from forum.domain.steps.rounds import Result, Round
from forum.domain.steps.voting import key_words, option_words


class Asked(NamedTuple):
    """What a ballot asks about the same: ``name`` as it is called on the page, the keys under which marks are given."""

    name: str
    about: tuple[str, ...]  # the words; "" for what must not be read
    marked: Any  # the thing whose mark stands before them, or none
    keys: tuple[str, ...]


def asked_of(state: State, step: Step, round_: Round, keys: Iterable[str]) -> Iterator[Asked]:
    """The keys, those about the same together where they follow each other."""
    for about, alike in groupby(keys, key=methods.of(round_.method).about):
        there = tuple(alike)
        name = there[0] if len(there) == 1 else about[0]
        yield Asked(
            name, key_words(state, step, round_, there[0]), marked(state, step, round_, there[0]), there
        )


def between(
    state: State, step: Step, round_: Round, key: str, person: str
) -> tuple[tuple[int, Any, str], ...]:
    """Where a key is about several options: each with its number among them, if such things have marks its thing, and its words,
    in an order of this person's own; () where it is about one."""
    about = methods.of(round_.method).about(key)
    if len(about) == 1:
        return ()
    there = [(n, *option(state, step, one)) for n, one in enumerate(about, 1)]
    return tuple(
        sorted(there, key=lambda one: blake2b(f"{person} {key} {one[0]}".encode(), digest_size=8).digest())
    )


def left_out(state: State, step: Step) -> int:
    """How many cards lie in no theme that is voted on (G6)."""
    return sum(map(len, sorting.left_out(state, step).values()))


def option(state: State, step: Step, option: str) -> tuple[Any, str]:
    """An option, if such things have marks by which they are known (as themes have), and its words."""
    thing = things.of(step.settings.takes)
    return thing.all(state).get(option) if thing.marked else None, option_words(state, step, option)


def first(state: State, step: Step, round_: Round, result: Result) -> list[str]:
    """The words of what comes first, as its method says; none where nobody gave anything."""
    return [option_words(state, step, choice) for choice in methods.of(round_.method).first(result)]


def marked(state: State, step: Step, round_: Round, key: str) -> Any:
    """The one thing that a key is about, if such things have marks by which they are known."""
    about = methods.of(round_.method).about(key)
    return option(state, step, about[0])[0] if len(about) == 1 else None
