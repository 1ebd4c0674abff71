"""The inputs that fuzzing found worth keeping: one file a target, one input a line, bytes written as JSON text.

Latin-1 makes every byte a character, so that what is readable can be read, and a new input is one more line in a diff.
"""

import json
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "corpus"


def kept(target: str) -> list[bytes]:
    """The inputs of a target, in the order of the file."""
    file = FOLDER / f"{target}.jsonl"
    if not file.exists():
        return []
    return [json.loads(line).encode("latin-1") for line in file.read_text("utf-8").splitlines()]


def keep(target: str, inputs: list[bytes]) -> None:
    """Write a target's inputs, each once, short ones first."""
    lines = [json.dumps(data.decode("latin-1")) for data in sorted(set(inputs), key=lambda d: (len(d), d))]
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{target}.jsonl").write_text("".join(line + "\n" for line in lines), "utf-8")
