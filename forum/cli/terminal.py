"""Speaking to whoever typed the command: words in their language, problems on one line, JSON where asked."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import msgspec

from forum.language import Reader
from forum.web import pasted

Say = Callable[..., str]
EXIT_REFUSED, EXIT_CONFIGURATION = 1, 78  # 2, wrong usage, is argparse's


@contextmanager
def private(file: Path) -> Iterator[BinaryIO]:
    """Write a file that only its owner may read; it appears when it is whole. OSError passes."""
    part = file.with_name(f"{file.name}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        yield out
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)


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

    def code(self, written: str) -> str:
        """The code of a forum as somebody typed it; gives up when it cannot be one."""
        place = pasted.place(written)
        if place is None:
            self.refuse(
                "{code} is not the code of a forum: six letters or digits. Look at the desk.",
                code=written.strip(),
            )
        return place.split("/")[2].partition("#")[0]

    @contextmanager
    def writing(self, file: Path) -> Iterator[None]:
        """Within the block ``file`` is written; gives up when it cannot be."""
        try:
            yield
        except OSError as error:
            self.refuse("{file} cannot be written ({detail}).", file=file, detail=error.strerror)

    def refuse(self, sentence: str, **params: object) -> NoReturn:
        """Give up, saying what to do next."""
        self.problem(self.say(sentence, **params))
        raise SystemExit(EXIT_REFUSED)
