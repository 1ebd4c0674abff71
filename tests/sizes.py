"""How long a file, a function and a template's line may be. `make check` holds what is ours to it.

    python -m tests.sizes

A file that is longer is cut along a subject, a function into steps, and each part gets a name that a stranger would
guess. What is still longer stands in STILL_LONGER with its length: it may not grow, and its line goes when it is cut.
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
MOST_LINES: Final = 400  # of a file
MOST_OF_A_FUNCTION: Final = 60  # lines
MOST_COLUMNS: Final = 120  # of a template's line
TEMPLATES_TOO: Final = True  # their lines are broken next; then: True
OURS: Final = ("forum", "static", "templates", "tests")
KINDS: Final = {".py", ".js", ".css", ".html"}
NOT_OURS: Final = {"vendor", "node_modules"}

STILL_LONGER: Final[Mapping[str, int]] = {
    "forum/domain/state.py": 609,
    "forum/domain/steps/sort.py": 465,
    "tests/fragments/test_desk.py": 617,
    "tests/fragments/test_phone.py": 416,
}


def files(root: Path) -> Iterator[Path]:
    """Every file that somebody here wrote and reads."""
    for folder in OURS:
        for file in sorted((root / folder).rglob("*")):
            if file.suffix in KINDS and not NOT_OURS.intersection(file.parts):
                yield file


def findings(root: Path, still_longer: Mapping[str, int], *, templates: bool) -> Iterator[str]:
    """What is too long, and what no longer is and is still said to be."""
    seen = set()
    for file in files(root):
        name, text = str(file.relative_to(root)), file.read_text()
        lines = text.splitlines()
        seen.add(name)
        yield from _of_a_file(name, len(lines), still_longer.get(name))
        if file.suffix == ".py":
            yield from _of_functions(name, text)
        elif file.suffix == ".html" and templates:
            yield from _of_a_template(name, lines)
    yield from (f"{name} is not there any more. Take its line away." for name in still_longer.keys() - seen)


def _of_a_file(name: str, lines: int, known: int | None) -> Iterator[str]:
    if known is not None and lines <= MOST_LINES:
        yield f"{name} has {lines} lines and needs no exception any more. Take its line away."
    elif lines > (known or MOST_LINES):
        yield f"{name} has {lines} lines, more than {known or MOST_LINES}. Cut it along a subject."


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
    found = list(findings(ROOT, STILL_LONGER, templates=TEMPLATES_TOO))
    print("\n".join(found), end="\n" if found else "")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
