"""Mistakes that change nothing anybody could see, each with the reason. They are known by what stands there, not by where."""

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from tests.mutants.planting import Mistake

KEPT: Final = Path(__file__).with_name("equivalent.toml")


class Excuses(NamedTuple):
    """By file, what stands there, and what would stand there instead: why it changes nothing."""

    kept: dict[tuple[str, str, str], str]

    def why(self, mistake: Mistake) -> str:
        """The reason; "" for none."""
        return self.kept.get((mistake.file, mistake.was, mistake.now), "")

    def stale(self, mistakes: Iterable[Mistake]) -> Iterator[str]:
        """Those that are kept of mistakes that nobody can make any more, as the code has changed."""
        left = {(one.file, one.was, one.now) for one in mistakes}
        yield from (f"{file}: {was} → {now}" for file, was, now in self.kept if (file, was, now) not in left)


def read(path: Path = KEPT) -> Excuses:
    """What is kept in this file."""
    rows = tomllib.loads(path.read_text("utf-8")).get("equivalent", []) if path.exists() else []
    return Excuses({(row["file"], row["was"], row["now"]): row["reason"] for row in rows})
