"""How long a file, a function and a template's line may be. `make check` holds what is ours to it.

    python -m tests.sizes

A file that is longer is cut along a subject, a function into steps, and each part gets a name that a stranger would
guess.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
MOST_LINES: Final = 400  # of a file
MOST_OF_A_FUNCTION: Final = 60  # lines
MOST_COLUMNS: Final = 120  # of a template's line
OURS: Final = ("forum", "static", "templates", "tests")
KINDS: Final = {".py", ".js", ".css", ".html"}
NOT_OURS: Final = {"vendor", "node_modules"}


def files(root: Path) -> Iterator[Path]:
    """Every file that somebody here wrote and reads."""
    for folder in OURS:
        for file in sorted((root / folder).rglob("*")):
            if file.suffix in KINDS and not NOT_OURS.intersection(file.parts):
                yield file


def findings(root: Path) -> Iterator[str]:
    """What is too long."""
    for file in files(root):
        name, text = str(file.relative_to(root)), file.read_text()
        lines = text.splitlines()
        if len(lines) > MOST_LINES:
            yield f"{name} has {len(lines)} lines, more than {MOST_LINES}. Cut it along a subject."
        if file.suffix == ".py":
            yield from _of_functions(name, text)
        elif file.suffix == ".html":
            yield from _of_a_template(name, lines)


def _of_functions(name: str, text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            lines = node.end_lineno - node.lineno + 1
            if lines > MOST_OF_A_FUNCTION:
                yield (
                    f"{name}:{node.lineno} {node.name} has {lines} lines, more than {MOST_OF_A_FUNCTION}. "
                    "Cut it into steps."
                )


def _of_a_template(name: str, lines: list[str]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if len(line) > MOST_COLUMNS:
            yield f"{name}:{number} has {len(line)} columns, more than {MOST_COLUMNS}. Break the line."


def main() -> int:
    found = list(findings(ROOT))
    print("\n".join(found), end="\n" if found else "")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
