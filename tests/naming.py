"""Where code asks for the name of a kind, a method or a sheet: comparisons, tables and matches on names; tests of the type
of settings. Such a name is said where the value is registered, and in the modules of its own; nowhere else."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

WORDS = re.compile(r"""["'](\w+)["']""")
INSIDE = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
"""What Jinja reads in a template."""
ASKS = re.compile(
    r"""(?:===?|!==?|\bin\b)\s*(?:["']\w+["']|[(\[{][^)\]}]*[)\]}])|["']\w+["']\s*(?:===?|!==?)"""
)


def in_python(source: str, names: Iterable[str], types: Iterable[str] = ()) -> Iterator[tuple[int, str]]:
    """The lines in which names are compared, matched or keys of a table, or types tested; each with what it is."""
    known, tested = set(names), set(types)
    for node in ast.walk(ast.parse(source)):
        for word in _said(node):
            if word in known:
                yield node.lineno, word  # type: ignore[attr-defined]
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("isinstance", "issubclass"):
            for part in ast.walk(node.args[1]):
                if isinstance(part, ast.Name) and part.id in tested:
                    yield node.lineno, part.id
        if isinstance(node, ast.MatchClass) and ast.unparse(node.cls) in tested:
            yield node.lineno, ast.unparse(node.cls)


def _said(node: ast.AST) -> Iterator[str]:
    inside: list[ast.AST | None] = []
    if isinstance(node, ast.Compare):
        inside = [node.left, *node.comparators]
    elif isinstance(node, ast.Match):
        inside = [case.pattern for case in node.cases]
    elif isinstance(node, ast.Dict):
        inside = list(node.keys)
    for part in inside:
        for one in ast.walk(part) if part else ():
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield one.value


def in_template(source: str, names: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The same of what Jinja reads in a template, and of a script's comparisons."""
    known = set(names)
    for tag in INSIDE.finditer(source):
        yield from _compared(tag[0], known, source.count("\n", 0, tag.start()))


def in_script(source: str, names: Iterable[str]) -> Iterator[tuple[int, str]]:
    yield from _compared(source, set(names), 0)


def _compared(text: str, known: set[str], before: int) -> Iterator[tuple[int, str]]:
    for asked in ASKS.finditer(text):
        line = before + 1 + text.count("\n", 0, asked.start())
        yield from ((line, word) for word in WORDS.findall(asked[0]) if word in known)


def outside(found: Mapping[str, Iterable[tuple[int, str]]], own: Iterable[str]) -> list[str]:
    """``file:line name`` for all that was found outside these files."""
    at_home = tuple(own)
    return [
        f"{file}:{line} {word}"
        for file, lines in found.items()
        if not file.startswith(at_home)
        for line, word in lines
    ]
