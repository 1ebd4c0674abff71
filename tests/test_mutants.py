"""``make mutants``: which mistakes are planted in the rules, and that what is noticed and what is not is told apart."""

import ast
import re
import subprocess
import sys
from pathlib import Path

from tests.mutants import excuses
from tests.mutants.__main__ import drawn
from tests.mutants.planting import ROOT, every

ONLY = "steps/ballot.py"
SLASH = "if '/' not in text:"


def test_the_same_seed_draws_the_same_mistakes_and_another_seed_others() -> None:
    mistakes = every(ONLY)
    names = [[(m.line, m.now) for m in drawn(mistakes, seed, 20)] for seed in (1, 1, 2)]

    assert names[0] == names[1] != names[2]
    assert len(drawn(mistakes, 1, 0)) == len({(m.line, m.now, m.where.col_offset) for m in mistakes})


def test_a_mistake_changes_one_place_and_can_be_read() -> None:
    whole = (ROOT / "forum/domain/steps/ballot.py").read_text()
    for mistake in drawn(every(ONLY), 7, 40):
        planted = mistake.planted(whole)
        kept = set(whole.splitlines()) - set(planted.splitlines())

        assert ast.dump(ast.parse(planted)) != ast.dump(ast.parse(whole))
        assert len(kept) <= mistake.where.end_lineno - mistake.where.lineno + 1


def test_comparisons_conditions_constants_and_sums_are_tried_and_declarations_are_not() -> None:
    mistakes = [m for file in (ONLY, "methods/dots.py", "methods/method.py") for m in every(file)]

    assert {"Compare", "Condition", "Number", "Keyword", "BinOp", "UnaryOp", "AugAssign"} == {
        m.kind for m in mistakes
    }
    assert ("MAX_AXES = 9", "MAX_AXES = 10") in [(m.was, m.now) for m in every("plan/words.py")]
    assert not any("frozen=False" in m.now for m in mistakes)
    assert {m.function for m in mistakes} >= {"", "points_for", "give_mark"}


def test_an_excuse_is_known_by_what_stands_there_and_told_when_it_does_no_more(tmp_path: Path) -> None:
    mistakes = every("plan/reading.py")
    one, other = mistakes[0], mistakes[1]
    kept = tmp_path / "equivalent.toml"
    rows = [(one.file, one.was, one.now), (one.file, "what stood there once", "x")]
    kept.write_text(
        "\n".join(
            f"[[equivalent]]\nfile = '{f}'\nwas = '{w}'\nnow = '{n}'\nreason = 'why'" for f, w, n in rows
        )
    )
    known = excuses.read(kept)

    assert known.why(one._replace(line=9999)) == "why"
    assert known.why(other) == ""
    assert list(known.stale(mistakes)) == [f"{one.file}: what stood there once → x"]


def test_every_excuse_that_is_kept_has_a_reason() -> None:
    assert all(len(reason) > 10 for reason in excuses.read().kept.values())


def test_what_is_noticed_is_told_apart_from_what_is_not_and_the_tree_stays_as_it_is(tmp_path: Path) -> None:
    """By tests that know of dates only how far off they may be, and write them in one way."""
    mistakes = every("domain/dates.py")
    for seed in range(1000):
        changed = [mistake.now for mistake in drawn(mistakes, seed, 3)]
        if SLASH in changed and any("A_DAY" in now for now in changed):
            break
    before = {path: path.read_bytes() for path in (ROOT / "forum/domain").rglob("*.py")}
    told = subprocess.run(
        [
            sys.executable, "-m", "tests.mutants", "--seed", str(seed), "--count", "3", "--work", str(tmp_path),
            "--only", "domain/dates.py", "--tests", "tests/domain/test_limits.py",
        ],
        cwd=ROOT, check=False, capture_output=True, text=True,
    )  # fmt: skip

    assert f" mistakes in the rules, drawn with seed {seed}." in told.stdout, told
    assert f'in parse_date\n    - if "/" in text:\n    + {SLASH}\n' in told.stdout
    counted = re.search(
        r"Of 3 mistakes (\d) are noticed, 0 change nothing .*, (\d) are noticed by no test", told.stdout
    )
    assert counted, told.stdout
    assert min(map(int, counted.groups())) > 0
    assert sum(map(int, counted.groups())) == 3
    assert told.returncode == 1
    assert {path: path.read_bytes() for path in before} == before
