"""Which Pythons are promised, and that everything that speaks of them says the same."""

import re
import sys
import tomllib
from pathlib import Path

import pytest

from tests import pythons

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_what_is_promised_begins_where_the_package_the_lint_the_types_and_the_locks_begin() -> None:
    first = pythons.promised()[0]

    assert pythons.promised() == ["3.11", "3.12", "3.13", "3.14"]
    assert PROJECT["project"]["requires-python"] == f">={first}"
    assert PROJECT["tool"]["ruff"]["target-version"] == f"py{first.replace('.', '')}"
    assert PROJECT["tool"]["mypy"]["python_version"] == first
    assert PROJECT["tool"]["uv"]["pip"]["python-version"] == first


def test_make_finds_every_promised_python_by_its_name() -> None:
    [line] = re.findall(r"for python in \$\(PYTHON\) (.*); do", (ROOT / "Makefile").read_text())

    assert {f"python{version}" for version in pythons.promised()} <= set(line.split())


def test_the_python_that_runs_this_is_found_and_one_that_is_none_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert not pythons._is(sys.executable, "3.2")
    assert pythons._is(sys.executable, "{}.{}".format(*sys.version_info))
    assert pythons.found("3.2") is None
    assert pythons.main(["3.2"]) == 1
    assert "Python 3.2: not here" in capsys.readouterr().out
