"""Mistakes that somebody might make in a rule: a comparison, a condition, a constant, plus for minus. Each changes one place.

Poodle finds them and says what stands there instead; here is chosen which kinds of them are tried, and one is added. Not
tried is what is no rule: sentences, how a class is declared, and what a caller must hold (no rule rests on an assert).
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, NamedTuple

from poodle.data_types import FileMutation, Mutator
from poodle.mutators import (
    AugAssignMutator,
    BinaryOperationMutator,
    ComparisonMutator,
    KeywordMutator,
    NumberMutator,
    UnaryOperationMutator,
)
from poodle.util import mutate_lines

ROOT: Final = Path(__file__).parents[2]
RULES: Final = Path("forum/domain")
KINDS: Final = (
    AugAssignMutator, BinaryOperationMutator, ComparisonMutator, KeywordMutator, NumberMutator, UnaryOperationMutator,
)  # fmt: skip
"""Those of Poodle's kinds that are tried. Its others put nonsense where a value was, rather than another value."""

NONSENSE: Final = "' '"  # what it puts where None was


class Mistake(NamedTuple):
    """One change of one place."""

    file: str  # from the top of the clone
    line: int
    function: str  # in which it lies, with its class; "": in none
    kind: str
    was: str  # the lines it changes, as one
    now: str
    where: Any  # as Poodle says it

    def planted(self, source: str) -> str:
        """The source of its file with this mistake."""
        return "".join(mutate_lines(self.where, source.splitlines(keepends=True)))

    @property
    def parses(self) -> bool:
        """Whether Python can read what comes of it; Poodle counts bytes where others count letters."""
        try:
            ast.parse(self.planted((ROOT / self.file).read_text("utf-8")))
        except SyntaxError:
            return False
        return True

    def __str__(self) -> str:
        inside = f" in {self.function}" if self.function else ""
        return f"{self.file}:{self.line}{inside}\n    - {self.was}\n    + {self.now}"


def every(only: str = "") -> list[Mistake]:
    """All mistakes that could be made in the rules, in the order in which they stand; ``only``: in files that this names."""
    files = [path for path in sorted((ROOT / RULES).rglob("*.py")) if only in str(path)]
    return [mistake for path in files for mistake in _in_file(path)]


def conditions(tree: ast.Module) -> list[FileMutation]:
    """A condition that holds when it should not, where it is neither a comparison nor made of others: these Poodle knows."""
    found = []
    for node in ast.walk(tree):
        asked: list[ast.expr] = []
        if isinstance(node, ast.If | ast.IfExp | ast.While):
            asked = [node.test]
        elif isinstance(node, ast.comprehension):
            asked = node.ifs
        for test in asked:
            known = isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp) or _name(test) == "TYPE_CHECKING"
            if not known:
                found.append(_instead(test, f"not ({ast.unparse(test)})"))
    return found


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _instead(node: ast.expr, text: str) -> FileMutation:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return FileMutation("Condition", node.lineno, node.col_offset, node.end_lineno, node.end_col_offset, text)


@cache
def _kinds() -> tuple[Mutator, ...]:
    settings = SimpleNamespace(mutator_opts={})  # all that they read
    return tuple(kind(config=settings, echo=print) for kind in KINDS)


def _in_source(source: str) -> Iterator[FileMutation]:
    """Statement by statement, since Poodle copies for each mistake all that it is given; and it leaves marks there."""
    yield from conditions(ast.parse(source))
    for kind in _kinds():
        for statement in ast.parse(source).body:
            yield from kind.create_mutations(parsed_ast=ast.Module([statement], []))


def _in_file(path: Path) -> Iterator[Mistake]:
    source = path.read_text("utf-8")
    tree, lines = ast.parse(source), source.splitlines(keepends=True)
    nodes = list(ast.walk(tree))
    no_rules: list[ast.expr | ast.stmt] = [node for node in nodes if isinstance(node, ast.Assert)]
    no_rules += [word.value for node in nodes if isinstance(node, ast.ClassDef) for word in node.keywords]
    functions = sorted(_functions(tree), key=lambda found: found[0].start)
    found = _in_source(source)
    for mutant in sorted(found, key=lambda m: (m.lineno, m.col_offset, m.end_lineno, m.mutator_name, m.text)):
        if mutant.text == NONSENSE or any(_holds(node, mutant) for node in no_rules):
            continue
        function = next((name for span, name in reversed(functions) if mutant.lineno in span), "")
        span = slice(mutant.lineno - 1, mutant.end_lineno)
        changed = mutate_lines(mutant, lines)[mutant.lineno - 1]
        was, now = _as_one("".join(lines[span])), _as_one(changed)
        yield Mistake(
            str(path.relative_to(ROOT)), mutant.lineno, function, mutant.mutator_name, was, now, mutant
        )


def _functions(tree: ast.AST, of: str = "") -> Iterator[tuple[range, str]]:
    for node in ast.iter_child_nodes(tree):
        name = of
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            name = f"{of}.{node.name}" if of else node.name
            yield range(node.lineno, (node.end_lineno or node.lineno) + 1), name
        yield from _functions(node, name)


def _holds(node: ast.expr | ast.stmt, mutant: FileMutation) -> bool:
    begins, ends = (node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)
    return begins <= (mutant.lineno, mutant.col_offset) and (mutant.end_lineno, mutant.end_col_offset) <= ends


def _as_one(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
