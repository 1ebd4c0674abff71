"""What a planted mistake is, and how it is planted."""

import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

THICK: Final = 1.0  # seconds between two faults where a mistake shows by these only


class Mutant(NamedTuple):
    """One mistake. ``kinds``: the faults by which it shows; its universes have these, often, and no others."""

    @property
    def changes(self) -> tuple[tuple[str, Any], ...]:
        """What its universes have otherwise than their seeds say."""
        often = (*((("kinds", self.kinds), ("chaos", THICK)) if self.kinds else ()), *self.also)
        begun = (*often, ("begins", self.begins), ("off", frozenset())) if self.begins else often
        return (("handing", False), *begun)  # where ``also`` does not say otherwise

    name: str
    owner: Any  # class or module
    function: str
    words: str
    instead: str
    kinds: tuple[str, ...] = ()
    hint: int = 0  # a seed that found it
    also: tuple[tuple[str, Any], ...] = ()  # what else its universes have otherwise
    begins: str = ""  # the step in which its universes begin; "": as the seed has it


def changed(mutant: Mutant) -> Callable[..., Any]:
    """The function with the mistake in it."""
    real = inspect.getattr_static(mutant.owner, mutant.function)
    source = inspect.getsource(real)
    if source.count(mutant.words) != 1:
        raise LookupError(
            f"{mutant.name}: {mutant.words!r} is in {mutant.function} {source.count(mutant.words)} times"
        )
    module = inspect.getmodule(real)
    made: dict[str, Any] = {}
    wrong = textwrap.dedent(source.replace(mutant.words, mutant.instead))
    exec(compile(wrong, mutant.name, "exec"), vars(module), made)
    return made[mutant.function]


@contextmanager
def planted(mutant: Mutant) -> Iterator[None]:
    """The code has this mistake for as long as the block lasts, whoever calls it: by its name, or out of a table."""
    real: Any = inspect.unwrap(getattr(mutant.owner, mutant.function))
    function = getattr(real, "__func__", real)
    kept, function.__code__ = function.__code__, inspect.unwrap(changed(mutant)).__code__
    try:
        yield
    finally:
        function.__code__ = kept
