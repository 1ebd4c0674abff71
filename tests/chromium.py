"""The browser of the tests: where it is, how it is started, how a machine without one gets it.

`find` and `FLAGS` are for fixtures, `python tests/chromium.py` for `make test`: that prints the path,
installs Debian's package where it may (root on Debian), and otherwise ends with the line that cures it.
Never downloads a browser build from anywhere but the system's own packages.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OUTSIDE_PATH = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)

# The sandbox needs a user namespace, which root and most containers lack. The rest keeps the
# browser from talking to anybody but the server under test.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> str | None:
    """Absolute path of a Chromium or Chrome: CHROMIUM from the environment, PATH, then the usual places."""
    if asked := os.environ.get("CHROMIUM"):
        return shutil.which(asked)
    in_path = (shutil.which(name) for name in NAMES)
    elsewhere = (str(path) for path in OUTSIDE_PATH if path.exists())
    return next((path for path in (*in_path, *elsewhere) if path), None)


def _install_on_debian() -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", "chromium"]):
        subprocess.run(["apt-get", *step], check=True, env=environment, stdout=sys.stderr)


def _may_install() -> bool:
    return os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def main() -> str | None:
    """Print the browser's path; return the cure as the exit message when there is none."""
    if os.environ.get("CHROMIUM") and not find():
        return f"CHROMIUM is set to {os.environ['CHROMIUM']}, which cannot be run. Unset it, or correct it."
    if not find() and _may_install():
        try:
            _install_on_debian()
        except subprocess.CalledProcessError as failed:
            return f"`{' '.join(failed.cmd)}` failed. Install Chromium by hand, then: make test"
    if path := find():
        print(path)
        return None
    if shutil.which("apt-get"):
        return "The browser tests need Chromium. Cure: sudo apt-get install -y chromium"
    return "The browser tests need Chromium or Google Chrome. Install one, or set CHROMIUM to its path."


if __name__ == "__main__":
    sys.exit(main())
