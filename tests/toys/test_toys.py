"""The toys, each room of tests in a Python of its own in which they are registered as any kind is."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

TOYS = Path(__file__).parent
ROOT = TOYS.parents[1]
FIXTURES = ("-p", "tests.live.conftest", "-p", "tests.web.conftest")
ROOMS = sorted(file.stem for file in (TOYS / "inside").glob("*.py") if "def test_" in file.read_text())


@pytest.mark.parametrize("room", ROOMS)
async def test_a_kind_that_lives_only_in_the_tests_is_a_kind_like_any_other(room: str) -> None:
    path = os.pathsep.join([str(TOYS / "site"), str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    without = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    ran = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *FIXTURES, f"{TOYS / 'inside' / room}.py",
        cwd=ROOT, env=without | {"PYTHONPATH": path, "PYTHONHASHSEED": "0"},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await ran.communicate()  # the servers of the session go on meanwhile

    assert ran.returncode == 0, said.decode()
