"""``make pythons``: the quick tests on every Python that Forum promises, each in an environment of its own made of the locks.

    python -m tests.pythons [3.12 …]

Looks in PATH and among pyenv's; a version that is not here is named and not called well. Exit code 1 when the locks do
not install on one that is here, a test fails there, or one that was asked for is missing. The environments are kept in
``build/pythons`` until a lock changes.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
KEPT: Final = ROOT / "build" / "pythons"
LOCKS: Final = ("requirements.lock", "requirements-dev.lock")
QUICK: Final = tuple(
    f"tests/{folder}" for folder in ("domain", "journal", "web", "cli", "language", "exports", "audit")
)


def promised() -> list[str]:
    """The versions that the package says it runs on."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    told = (
        re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", one) for one in project["classifiers"]
    )
    return [found[1] for found in told if found]


def found(version: str) -> str | None:
    """The program of a version: in PATH, else the latest that pyenv has."""
    home = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    ours = home.glob(f"{version}.*/bin/python{version}")
    latest = sorted(ours, key=lambda program: [int(n) for n in re.findall(r"\d+", program.parts[-3])])
    candidates = [str(latest[-1])] if latest else []
    if in_path := shutil.which(f"python{version}"):
        candidates.append(in_path)
    return next((program for program in candidates if _is(program, version)), None)


def main(asked: list[str]) -> int:
    """Try each version; see the module."""
    said, well = {}, True
    for version in asked or promised():
        program = found(version)
        if program is None:
            said[version] = "not here, so not tried"
            well = well and not asked
            continue
        print(f"--- Python {version}: {program}", flush=True)
        python = _environment(program, version)
        if python is None:
            said[version], well = "NOT WELL: the locks do not install", False
            continue
        words = [
            str(python),
            "-m",
            "pytest",
            "-q",
            "-n",
            "2",
            "--dist",
            "loadfile",
            "-p",
            "no:cacheprovider",
            *QUICK,
        ]
        code = subprocess.run(words, check=False, cwd=ROOT).returncode
        said[version], well = ("NOT WELL: tests fail" if code else "well"), well and not code
    print("\n".join(f"Python {version}: {how}" for version, how in said.items()))
    return 0 if well else 1


# --- inside


def _is(program: str, version: str) -> bool:
    """Whether a program runs at all (pyenv's shims may not), and is what it is called."""
    asked = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"
    ran = subprocess.run([program, "-c", asked], check=False, capture_output=True, text=True)
    return ran.returncode == 0 and ran.stdout.strip() == version


def _environment(program: str, version: str) -> Path | None:
    """The Python of an environment with everything that the locks name; None when they do not install."""
    state = hashlib.sha256(
        b"".join((ROOT / lock).read_bytes() for lock in LOCKS) + program.encode()
    ).hexdigest()
    home = KEPT / version
    python, note = home / "bin" / "python", home / "made-of"
    if note.exists() and note.read_text() == state:
        return python
    pip = (str(python), "-m", "pip", "install", "--quiet")
    steps = [
        (program, "-m", "venv", "--clear", str(home)),
        (*pip, "--require-hashes", "-r", LOCKS[0]),
        (*pip, "--no-deps", "--no-build-isolation", "-e", "."),
        (*pip, "--require-hashes", "--no-build-isolation", "--use-pep517", "-r", LOCKS[1]),
    ]
    for step in steps:
        if subprocess.run(step, check=False, cwd=ROOT).returncode:
            return None
    note.write_text(state)
    return python


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
