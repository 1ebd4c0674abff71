"""``make test``: every test side by side, then what failed once more, alone, where clocks and processes do not compete.

    python -m tests.again [WORDS FOR PYTEST]

What passes only then is named, and more than three such fail the run: one test may have bad luck, but four say that
something disturbs them, and would be got used to.
"""

import json
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Final

SECOND_TRIES: Final = 3  # tests that may pass only on the second try
KEPT: Final = Path(".pytest_cache/v/cache/lastfailed")  # by pytest, from the folder it was started in
FAILED: Final = 1  # pytest's exit code when it ran to its end and a test failed
ALONE: Final = ("-n", "0", "--last-failed", "--last-failed-no-failures", "none")


def main(words: list[str]) -> int:
    """Pytest's exit code, or 1 when too many tests needed a second try."""
    code = _pytest(*words)
    if code != FAILED:
        return code
    first = _failed()
    print("Once more, alone: what failed beside others, where clocks and processes compete.", flush=True)
    code = _pytest(*words, *ALONE)
    late = sorted(first - _failed())
    if code or not late:
        return code or FAILED
    print(verdict(late), flush=True)
    return FAILED if len(late) > SECOND_TRIES else 0


def verdict(late: Collection[str]) -> str:
    """What is said of tests that passed only on the second try."""
    many = len(late) > SECOND_TRIES
    lines = [f"{len(late)} passed only on the second try, alone:", *(f"    {name}" for name in late)]
    return "\n".join(
        [
            *lines,
            f"More than {SECOND_TRIES} such fail the run: something disturbs them. Find what they share or wait for, and mend that."
            if many
            else f"Up to {SECOND_TRIES} such are taken for bad luck.",
        ]
    )


def _pytest(*words: str) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *words], check=False).returncode


def _failed() -> set[str]:
    """The tests that failed when they were run last."""
    return set(json.loads(KEPT.read_text())) if KEPT.exists() else set()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
