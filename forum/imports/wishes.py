"""What a table asks for, one command at a time, each with the place that it comes from."""

from collections.abc import Generator, Mapping
from typing import NamedTuple

from forum.domain.kernel import Command
from forum.language import Reader


class Wish(NamedTuple):
    """One command that a line of a table asks for."""

    key: str  # names it in the form of the preview; wishes of one key are ticked together
    line: int
    column: str  # letter; "": the line as a whole
    found: str  # what stood there
    command: Command
    does: str = ""  # what comes of it, a message id; "": what stood there is there
    params: Mapping[str, object] = {}
    ticked: bool = True  # unless somebody says otherwise
    page: str = ""  # the sheet in which it stands, where that is not the one that is read


class Problem(NamedTuple):
    """What cannot be imported as it stands, or is not, and why."""

    line: int
    column: str
    found: str
    why: str  # a message id
    params: Mapping[str, object] = {}
    page: str = ""


Asking = Generator[Wish | Problem, bool, None]
"""Asks one wish after another, and is told of each whether it is done."""


def said(reader: Reader, sentence: str, params: Mapping[str, object]) -> str:
    """What a wish does, or why there is a problem; the field that it names, in the reader's words."""
    words = {name: reader.say(str(p)) if name == "label" else p for name, p in params.items()}
    return reader.say(sentence, **words)
