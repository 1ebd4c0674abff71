"""Which tests of the rules notice a mistake: each is planted in a copy of the rules, and the tests that come by are run.

The tree itself is never changed: what is mutated lies in copies elsewhere, one for each that is tried at once.
"""

import compileall
import os
import resource
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from coverage import CoverageData

from tests.mutants.planting import ROOT, RULES, Mistake

TESTS: Final = "tests/domain"
WORK: Final = ROOT / "build" / "mutants"
AS_IT_IS: Final = "as-it-is"
AT_ONCE: Final = 2
MOST_SECONDS: Final = 60  # of computing, for one mistake: a rule that never ends is noticed too
MOST_BYTES: Final = 4 * 1024**3
ALL_PASSED: Final = 0
OPTIONS: Final = ("-x", "-q", "--no-header", "--assert=plain", "-p", "no:cacheprovider", "-o", "timeout=30")


class Came(NamedTuple):
    """Which tests come by which lines of the rules, and how long each takes."""

    by: Mapping[
        str, Mapping[int, frozenset[str]]
    ]  # file → line → tests; a line that only an import reads has none
    read: Mapping[str, frozenset[int]]  # file → lines that are read at all
    seconds: Mapping[str, float]  # by test

    def tests(self, mistake: Mistake) -> list[str]:
        """The tests that could notice it, quickest first; all of them where it changes what an import reads."""
        lines = range(mistake.where.lineno, mistake.where.end_lineno + 1)
        known = self.by.get(mistake.file, {})
        found = {test for line in lines for test in known.get(line, ())}
        if not found and any(line in self.read.get(mistake.file, ()) for line in lines):
            found = set(self.seconds)
        return sorted(found, key=lambda test: (self.seconds.get(test, 0.0), test))


class Tried(NamedTuple):
    """What became of one mistake."""

    mistake: Mistake
    noticed: bool
    seconds: float


def prepared(work: Path = WORK, tests: str = TESTS) -> Came:
    """Copy the rules into a folder, and run their tests once on the copy. RuntimeError when one of them fails there."""
    shutil.rmtree(work, ignore_errors=True)
    whole = work / AS_IT_IS
    shutil.copytree(ROOT / "forum", whole / "forum", ignore=shutil.ignore_patterns("__pycache__"))
    compileall.compile_dir(whole, quiet=1)
    for n in range(AT_ONCE):
        shutil.copytree(whole, work / str(n))
    return _came(work, tests)


def tried(mistakes: Sequence[Mistake], came: Came, work: Path = WORK) -> Iterator[Tried]:
    """Try them, two at a time, in any order; each is told as soon as it is known."""
    _loaded()
    waiting, free = list(reversed(mistakes)), [work / str(n) for n in range(AT_ONCE)]
    under_way: dict[int, _Try] = {}
    while waiting or under_way:
        while waiting and free:
            mistake = waiting.pop()
            tests = came.tests(mistake)
            if not tests:
                yield Tried(mistake, False, 0.0)
                continue
            copy = free.pop()
            _plant(mistake, copy)
            under_way[_begun(copy, tests)] = _Try(mistake, copy, time.monotonic())
        if under_way:
            child, status = os.wait()
            one = under_way.pop(child)
            _mend(one.mistake, one.copy)
            free.append(one.copy)
            yield Tried(one.mistake, status != ALL_PASSED, time.monotonic() - one.began)


# --- inside


class _Try(NamedTuple):
    mistake: Mistake
    copy: Path
    began: float


def _came(work: Path, tests: str) -> Came:
    """Run the tests once, and note which of them comes by which line."""
    copy, kept, told, asked = work / AS_IT_IS, work / "coverage", work / "tests.xml", work / "coveragerc"
    asked.write_text(f"[run]\nsource = {copy / RULES}\ndynamic_context = test_function\ndata_file = {kept}\n")
    words = (*OPTIONS, "-o", f"pythonpath={copy} {ROOT}", f"--junit-xml={told}", tests)
    run = [sys.executable, "-m", "coverage", "run", f"--rcfile={asked}", "-m", "pytest", *words]
    env = {**os.environ, "PYTHONPATH": f"{copy}{os.pathsep}{ROOT}", "COVERAGE_CORE": "ctrace"}
    done = subprocess.run(run, cwd=ROOT, env=env, check=False, capture_output=True, text=True)
    if done.returncode != ALL_PASSED:
        raise RuntimeError(f"The tests of the rules do not pass as they are:\n{done.stdout}{done.stderr}")
    seconds: dict[str, float] = defaultdict(float)
    for case in ET.parse(told).iter("testcase"):
        seconds[_test(case.attrib["classname"], case.attrib["name"].partition("[")[0])] += float(
            case.attrib["time"]
        )
    data = CoverageData(kept)
    data.read()
    by, read = {}, {}
    for path in data.measured_files():
        file = str(Path(path).relative_to(copy))
        contexts = data.contexts_by_lineno(path)
        by[file] = {line: frozenset(_tests(names, seconds)) for line, names in contexts.items()}
        read[file] = frozenset(data.lines(path) or ())
    return Came(by, read, seconds)


def _test(module: str, name: str) -> str:
    return f"{module.replace('.', '/')}.py::{name}"


def _tests(contexts: Iterable[str], known: Mapping[str, float]) -> Iterator[str]:
    """Contexts are names like ``tests.domain.test_flow.test_F1_…``; those of functions that only look like tests are none."""
    for context in contexts:
        module, _, name = context.rpartition(".")
        if _test(module, name) in known:
            yield _test(module, name)


def _plant(mistake: Mistake, copy: Path) -> None:
    path = copy / mistake.file
    path.write_text(mistake.planted(path.read_text("utf-8")), "utf-8")
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
        compiled.unlink()


def _mend(mistake: Mistake, copy: Path) -> None:
    """Put the file back, and what Python had compiled of it, which counts only with the file's own time."""
    path, whole = copy / mistake.file, copy.parent / AS_IT_IS / mistake.file
    shutil.copy2(whole, path)
    for compiled in (whole.parent / "__pycache__").glob(f"{path.stem}.*"):
        shutil.copy2(compiled, path.parent / "__pycache__")


def _loaded() -> None:
    """What every try would load anew; nothing of Forum's."""
    for plugin in entry_points(group="pytest11"):
        plugin.load()
    sys.dont_write_bytecode = True


def _begun(copy: Path, tests: Sequence[str]) -> int:
    """Run these tests on this copy in a process of their own; its number."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        silent = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silent, stream)
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        os.chdir(ROOT)
        sys.path[:0] = [str(copy), str(ROOT)]
        code = int(pytest.main([*OPTIONS, "-o", f"pythonpath={copy} {ROOT}", *tests]))
    finally:
        os._exit(code)
