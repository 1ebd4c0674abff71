"""Speaking to whoever typed the command: words in their language, problems on one line, JSON where asked."""

import sys
from collections.abc import Callable
from typing import Any, NoReturn

import msgspec

from forum.language import Reader

Say = Callable[..., str]
EXIT_REFUSED, EXIT_CONFIGURATION = 1, 78  # 2, wrong usage, is argparse's


class Terminal:
    """Standard output for results, standard error for problems."""

    def __init__(self, lang: str) -> None:
        self.reader = Reader(lang)
        self.lang = lang

    def say(self, sentence: str, **params: object) -> str:
        """A sentence in the language of whoever typed the command."""
        return self.reader.say(sentence, **params)

    def line(self, text: str = "") -> None:
        """Print one line of the result, at once."""
        print(text, flush=True)

    def json(self, value: Any) -> None:
        """Print a value as JSON."""
        print(msgspec.json.format(msgspec.json.encode(value), indent=2).decode(), flush=True)

    def problem(self, text: str) -> None:
        """Print a problem and what to do about it, on standard error."""
        print(f"forum: {text}", file=sys.stderr, flush=True)

    def refuse(self, sentence: str, **params: object) -> NoReturn:
        """Give up, saying what to do next."""
        self.problem(self.say(sentence, **params))
        raise SystemExit(EXIT_REFUSED)
