"""The browser of the tests: where it is, how it is started, how a machine without one gets it.

`find` and `FLAGS` are for fixtures. `python tests/chromium.py` (for `make test`) prints the browser's path,
`python tests/chromium.py node` (for `make check`) that of the Node which the playwright wheel carries.
Both install Debian's packages where they may (root on Debian) and otherwise end with the line that cures it.
Never downloads a browser from anywhere but the system's own packages.
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

# Off: two pages of the browser's own that it would start in a process beside every window, though nobody types into its
# address bar (most of what a small page costs); and what Playwright turns off, since the last such flag is the one that holds.
OFF = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
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
    f"--disable-features={','.join(OFF)}",
)


def find() -> str | None:
    """Absolute path of a Chromium or Chrome: CHROMIUM from the environment, PATH, then the usual places."""
    if asked := os.environ.get("CHROMIUM"):
        return shutil.which(asked)
    in_path = (shutil.which(name) for name in NAMES)
    elsewhere = (str(path) for path in OUTSIDE_PATH if path.exists())
    return next((path for path in (*in_path, *elsewhere) if path), None)


def main(wanted: str = "chromium") -> str | None:
    """Print the path of ``wanted`` ("chromium" or "node"); return the cure when this machine cannot run it."""
    if os.environ.get("CHROMIUM") and not find():
        return f"CHROMIUM is set to {os.environ['CHROMIUM']}, which cannot be run. Unset it, or correct it."
    if (packages := _missing(wanted)) and _may_install():
        _install(packages)
        packages = _missing(wanted)
    if packages and shutil.which("apt-get"):
        return f"The tests need {' and '.join(packages)}. Cure: sudo apt-get install -y {' '.join(packages)}"
    if "chromium" in packages:
        return "The tests need Chromium or Google Chrome. Install one, or set CHROMIUM to its path."
    if packages:
        return f"The tests need a library that {_node()} names when it is started. Install it."
    print(_node() if wanted == "node" else find())
    return None


def _missing(wanted: str) -> list[str]:
    """Names of the Debian packages without which ``wanted`` does not run."""
    browser = ["chromium"] if wanted == "chromium" and not find() else []
    # Playwright drives the browser with a Node of its own, and that is linked to a library
    # which a bare Debian lacks.
    driver = subprocess.run([_node(), "--version"], check=False, capture_output=True)
    return browser + (["libatomic1"] if driver.returncode else [])


def _node() -> str:
    from playwright._impl._driver import compute_driver_executable  # find() needs none of it

    return compute_driver_executable()[0]


def _may_install() -> bool:
    return os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install(packages: list[str]) -> None:
    print(f"Installing {' and '.join(packages)} for the tests (once)…", file=sys.stderr)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        # A failure shows itself in what apt-get says, and in the package still missing.
        subprocess.run(["apt-get", "-qq", *step], check=False, env=environment, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
