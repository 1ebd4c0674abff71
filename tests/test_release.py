"""What a release is made of follows from what users are told."""

import subprocess
import sys
from importlib.metadata import version

import pytest

from tests.release import ROOT, Release, latest

TOLD = "# What is new\n\n## 0.3.0 – 2027-01-31\n\nNotes.\n- One.\n\n## 0.2.0 – 2026-12-01\n\nOlder.\n"


def test_the_latest_heading_names_version_day_and_notes():
    assert latest(TOLD) == Release("0.3.0", "2027-01-31", "Notes.\n- One.\n")
    assert latest(TOLD.partition("## 0.2.0")[0]).notes == "Notes.\n- One.\n"


def test_a_changelog_without_a_heading_is_refused():
    with pytest.raises(ValueError, match="no heading"):
        latest("# What is new\n")


def test_the_command_says_the_version_of_the_changelog():
    said = subprocess.run(
        [sys.executable, "-m", "forum", "--version"], capture_output=True, text=True, check=True
    )

    assert said.stdout.strip() == version("forum") == latest((ROOT / "CHANGELOG.md").read_text()).version
