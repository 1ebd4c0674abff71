"""Speaking to whoever typed the command: words in their language, problems on one line, JSON where asked."""

import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import msgspec
import segno

from forum.cli import printing
from forum.domain.kernel import Rejection
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
    """Standard output for results, standard error for problems. Whatever the terminal's alphabet is, nothing fails for it."""

    def __init__(self, lang: str) -> None:
        self.reader = Reader(lang)
        self.lang = lang
        self.unprinted: OSError | None = None  # why not all of the result could be given out

    def say(self, sentence: str, **params: object) -> str:
        """A sentence in the language of whoever typed the command."""
        return self.reader.say(sentence, **params)

    def line(self, text: str = "") -> None:
        """Print one line of the result, at once."""
        with self._out():
            print(text, flush=True)

    def json(self, value: Any) -> None:
        """Print a value as JSON. Letters that the terminal cannot show are written as escapes."""
        plain = sys.stdout is None or not printing.is_unicode(sys.stdout)
        self.line(json.dumps(msgspec.to_builtins(value), indent=2, ensure_ascii=plain))

    def qr(self, text: str) -> None:
        """Draw a QR, where the terminal can: of blocks, else of colours. Nothing where it has neither: say the text too."""
        drawn, out = io.StringIO(), sys.stdout
        if out is None:
            return
        blocks = printing.shows(out, printing.BLOCKS)
        if blocks or (out.isatty() and os.environ.get("TERM", "dumb") != "dumb"):
            segno.make(text, error="m").terminal(out=drawn, compact=blocks, border=2)
            self.line(drawn.getvalue().rstrip("\n"))

    def document(self, body: bytes) -> None:
        """Give out a document byte for byte; to eyes at a terminal of another alphabet as that shows it."""
        if sys.stdout is None:
            return
        with self._out():
            if sys.stdout.isatty() and not printing.is_unicode(sys.stdout):
                sys.stdout.write(body.decode("utf-8", "replace"))
            else:
                sys.stdout.buffer.write(body)
            sys.stdout.flush()

    def problem(self, text: str) -> None:
        """Print a problem and what to do about it, on standard error."""
        with suppress(OSError), printing.heard(sys.stderr):
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
            self.refuse(
                "{file} cannot be written ({detail}). Choose another folder.",
                file=file,
                detail=error.strerror,
            )

    def refuse(self, sentence: str, **params: object) -> NoReturn:
        """Give up, saying what to do next."""
        self.problem(self.say(sentence, **params))
        raise SystemExit(EXIT_REFUSED)

    def refuse_text(self, rejection: Rejection, sentences: Mapping[str, str]) -> NoReturn:
        """Give up over a text, as its refusal says it on a page."""
        self.problem(self.reader.refusal(rejection.code, rejection.params, sentences, lambda person: person))
        raise SystemExit(EXIT_REFUSED)

    # --- inside

    @contextmanager
    def _out(self) -> Iterator[None]:
        try:
            with printing.heard(sys.stdout):
                yield
        except OSError as error:  # a full disk ends no server: the command tells it at its end
            self.unprinted = error
