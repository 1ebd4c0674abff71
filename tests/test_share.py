"""One share at each commit, everything in twenty; and how often a test may need a second try."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import again, share
from tests.browsers.engines import ENGINES
from tests.faults.matrix import ROWS
from tests.further import left_out

ALL = range(share.SHARES)
ROOT = Path(__file__).parents[1]


def git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"]
    said = subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True)
    return said.stdout.strip()


def commits(folder: Path, count: int) -> Path:
    folder.mkdir()
    git(folder, "init", "--quiet")
    for number in range(count):
        git(folder, "commit", "--quiet", "--allow-empty", "--message", f"Commit {number}")
    return folder


def test_twenty_shares_together_are_every_row_every_seed_and_every_engine_once() -> None:
    rows = [row for one in ALL for row in share.rows(one)]
    seeds = [seed for one in ALL for seed in share.seeds(one)]
    engines = [engine for one in ALL for engine in share.engines(one)]

    assert sorted(rows) == [row.number for row in ROWS]
    assert seeds == list(range(share.SEEDS))
    assert sorted(engines) == sorted(engine.name for engine in ENGINES)


def test_no_share_has_more_than_one_engine_to_fetch_and_each_has_rows_and_seeds() -> None:
    fetched = {engine.name for engine in ENGINES if engine.version}

    assert [
        len(fetched & set(share.engines(one))) for one in ALL if len(fetched & set(share.engines(one))) > 1
    ] == []
    assert all(share.rows(one) and share.seeds(one) for one in ALL)


def test_no_share_of_the_faults_is_foreseen_to_take_more_than_the_longest_row_or_its_share() -> None:
    seconds = {row.number: row.seconds or share.QUICK_SECONDS for row in ROWS}
    longest, mean = max(seconds.values()), sum(seconds.values()) / share.SHARES

    took = [sum(seconds[row] for row in share.rows(one)) for one in ALL]

    assert max(took) <= max(longest, mean + sorted(seconds.values())[len(seconds) // 2])


def test_the_share_goes_round_with_the_number_of_the_commit(tmp_path: Path) -> None:
    clone = commits(tmp_path / "clone", 22)
    before = share.chosen(root=clone)
    git(clone, "commit", "--quiet", "--allow-empty", "--message", "One more")

    assert before == (2, "by the number of the commit, 22")
    assert share.chosen(root=clone).share == 3


def test_a_shallow_clone_chooses_by_the_name_of_its_commit_and_a_bare_folder_says_that_it_cannot(
    tmp_path: Path,
) -> None:
    clone = commits(tmp_path / "clone", 12)
    git(tmp_path, "clone", "--quiet", "--depth", "1", clone.as_uri(), "shallow")
    (inside := clone / "unpacked").mkdir()
    (bare := tmp_path / "bare").mkdir()

    name = git(clone, "rev-parse", "HEAD")
    shallow = share.chosen(root=tmp_path / "shallow")

    assert shallow.share == int(name, 16) % share.SHARES
    assert name[:10] in shallow.why
    assert "shallow" in shallow.why
    for folder in (bare, inside):
        assert share.chosen(root=folder).share == 0
        assert "SHARE=n" in share.chosen(root=folder).why


def test_a_share_that_is_asked_for_is_taken_and_one_that_is_none_is_refused() -> None:
    assert share.chosen("7").share == 7
    for none in ("20", "-1", "x"):
        with pytest.raises(ValueError, match="0 to 19"):
            share.chosen(none)


FLAKY = """
from pathlib import Path
import pytest

@pytest.mark.parametrize("n", range({count}))
def test_passes_on_the_second_try(n):
    seen = Path(f"seen-{{n}}")
    first = not seen.exists()
    seen.touch()
    assert not first

def test_passes():
    pass

def test_never_passes():
    assert {right}
"""


def tried(folder: Path, count: int, *, right: bool = True) -> tuple[int, str]:
    """How ``make test`` ends with so many tests that need a second try."""
    folder.mkdir()
    (folder / "test_flaky.py").write_text(FLAKY.format(count=count, right=right))
    (folder / "pytest.ini").write_text("[pytest]\n")
    ran = subprocess.run(
        [sys.executable, "-m", "tests.again", "-q", "-p", "xdist"], cwd=folder, check=False,
        capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )  # fmt: skip
    return ran.returncode, ran.stdout


def test_three_tests_that_pass_only_on_the_second_try_are_named_and_four_fail_the_run(tmp_path: Path) -> None:
    none, some, many = (tried(tmp_path / str(count), count) for count in (0, 3, 4))
    wrong = tried(tmp_path / "wrong", 1, right=False)

    assert none[0] == 0
    assert "second try" not in none[1]
    assert some[0] == 0
    assert "3 passed only on the second try" in some[1]
    assert many[0] == 1
    assert "More than 3 such fail the run" in many[1]
    assert all(f"test_passes_on_the_second_try[{n}]" in many[1].partition("only on")[2] for n in range(4))
    assert "test_passes\n" not in many[1].partition("only on")[2]
    assert wrong[0] == 1
    assert again.SECOND_TRIES == 3


def test_twenty_shares_together_try_every_further_case_once_and_make_test_none() -> None:
    cases = [f"tests/browser/test_x.py::test_y[{n}]" for n in range(43)]
    tried = [set(cases) - left_out(cases, str(one)) for one in ALL]

    assert sorted(case for some in tried for case in some) == sorted(cases)
    assert {len(some) for some in tried} == {2, 3}
    assert left_out(cases, "") == set(cases)
    assert left_out(cases, "all") == set()
