"""What `make release` makes of a commit: the wheel, its checksums and its notes, in `dist/`. Publishes nothing.

The same commit gives the same bytes. The version and the notes are those of CHANGELOG.md, whose first heading must carry
the day of the release instead of "unreleased".
"""

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests import wheel

ROOT = Path(__file__).resolve().parent.parent
HEADING = re.compile(r"^## (?P<version>\d+\.\d+\.\d+) – (?P<day>\S+)$", re.MULTILINE)


class Release(NamedTuple):
    """The latest version that a changelog tells of."""

    version: str
    day: str  # ISO date, or "unreleased"
    notes: str


def latest(changelog: str) -> Release:
    """The first section of a changelog. ValueError: it has none."""
    found = HEADING.search(changelog)
    if found is None:
        raise ValueError("CHANGELOG.md has no heading such as “## 0.2.0 – 2027-01-31”")
    following = HEADING.search(changelog, found.end())
    return Release(
        found["version"],
        found["day"],
        changelog[found.end() : following and following.start()].strip() + "\n",
    )


def main() -> str | None:
    """Make the release; return why it cannot be made, or None."""
    release = latest((ROOT / "CHANGELOG.md").read_text())
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", release.day):
        return f"CHANGELOG.md calls {release.version} “{release.day}”. Write the day of the release there, commit, and run this again."
    if _git("status", "--porcelain"):
        return "There are changes that no commit holds. Commit them, then run this again."
    tag = f"v{release.version}"
    if _git("tag", "--list", tag):
        return f"{tag} was released already. Begin a new heading in CHANGELOG.md."
    made = _wheel(ROOT / "dist", _git("log", "-1", "--format=%ct"))
    if wrong := wheel.main(made):
        return wrong
    (made.parent / f"forum-{release.version}.md").write_text(release.notes)
    (made.parent / "SHA256SUMS").write_text(f"{hashlib.sha256(made.read_bytes()).hexdigest()}  {made.name}\n")
    print(f"{made.parent.name}/: {', '.join(sorted(file.name for file in made.parent.iterdir()))}")
    print(f"To publish it: git tag --sign {tag} --file {made.parent.name}/forum-{release.version}.md")
    return None


def _wheel(into: Path, moment: str) -> Path:
    for old in into.glob("*"):
        old.unlink()
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(into), "."],
        cwd=ROOT, env=os.environ | {"SOURCE_DATE_EPOCH": moment}, check=True,
    )  # fmt: skip
    [made] = into.glob("*.whl")
    return made


def _git(*words: str) -> str:
    return subprocess.run(
        ("git", *words), cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
