"""What Forum is measured beside: the same work, done by what people take for it.

Each yardstick relays what one phone sends to every phone, and does nothing else: no rules, no store, no pages.
A yardstick that is not on this machine is left out, with the line that brings it.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from tests.bench import machine
from tests.bench.crowd import Room, idea_text

HERE = Path(__file__).parent
INSTALL_SECONDS = 90
SOCKETIO = "socket.io@4"
NCHAN_PACKAGES = ("nginx", "libnginx-mod-nchan")
NCHAN_MODULE = "ngx_nchan_module.so"
NCHAN_TEMPORARY = Path("/var/lib/nginx")  # compiled in; nchan asks for it whatever the configuration says
MODULES = ("usr/lib/nginx/modules", "usr/share/nginx/modules")

Yardstick = Callable[[], AbstractContextManager[Room]]


@contextmanager
def websockets() -> Iterator[Room]:
    """``websockets.broadcast`` on uvloop: what a Python server does without a second thought."""
    port = machine.free_port()
    with machine.server(
        [sys.executable, str(HERE / "broadcast.py"), str(port)], lambda: machine.listens(port)
    ) as pid:
        yield Room(ports=(port,), path="/", message=idea_text(), servers=(pid,))


@contextmanager
def socketio() -> Iterator[Room]:
    """socket.io 4 on Node, no adapter; installed from npm into our folder when first asked for."""
    node, folder = shutil.which("node"), machine.folder() / "socketio"
    if node is None:
        raise machine.Missing("socket.io: no Node here. Cure on Debian: sudo apt-get install -y nodejs npm")
    _npm_installed(folder)
    port = machine.free_port()
    env = {"NODE_PATH": str(folder / "node_modules")}
    with machine.server(
        [node, str(HERE / "relay.js"), str(port)], lambda: machine.listens(port), env=env
    ) as pid:
        yield Room(
            ports=(port,),
            path="/socket.io/?EIO=4&transport=websocket",
            opening="40",
            served="40",
            message=f'42["idea","{idea_text()}"]',
            answer="2=3",
            servers=(pid,),
        )


@contextmanager
def nchan() -> Iterator[Room]:
    """nchan, a module of nginx in C, one worker: the leanest there is."""
    nginx, module = _nginx()
    port, folder = machine.free_port(), machine.folder() / "nginx"
    folder.mkdir(exist_ok=True)
    text = (HERE / "nchan.conf").read_text()
    for name, value in {"MODULE": module, "PORT": port, "FOLDER": folder}.items():
        text = text.replace(f"@{name}@", str(value))
    conf = folder / "nchan.conf"
    conf.write_text(("user root;\n" if os.getuid() == 0 else "") + text)
    command = [str(nginx), "-p", str(folder), "-e", "stderr", "-c", str(conf)]
    with machine.server(command, lambda: machine.listens(port)) as pid:
        while not (workers := machine.children(pid)):  # it listens before it has its worker
            time.sleep(machine.LOOK_SECONDS)
        yield Room(ports=(port,), path="/room", message=idea_text(), servers=(pid, *workers))


ALL: dict[str, Yardstick] = {"nchan": nchan, "socket.io": socketio, "websockets": websockets}


def _npm_installed(folder: Path) -> None:
    if (folder / "node_modules" / "socket.io").is_dir():
        return
    npm = shutil.which("npm")
    if npm is None:
        raise machine.Missing("socket.io: no npm here. Cure on Debian: sudo apt-get install -y npm")
    folder.mkdir(exist_ok=True)
    _run(
        [npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--ignore-scripts", SOCKETIO],
        f"socket.io: npm could not install {SOCKETIO}",
    )


def _nginx() -> tuple[Path, Path]:
    """The server and its module: the system's own, else those that an earlier run has unpacked."""
    unpacked = machine.folder() / "nchan"
    found = _nginx_below(Path("/")) or _nginx_below(unpacked)
    if not found and os.environ.get("BENCH_INSTALL") == "1" and shutil.which("apt-get"):
        _unpack(unpacked)
        found = _nginx_below(unpacked)
    if not found:
        raise machine.Missing("nchan: not here. Cure on Debian: BENCH_INSTALL=1 make bench")
    return found


def _nginx_below(root: Path) -> tuple[Path, Path] | None:
    nginx = root / "usr/sbin/nginx"
    modules = [root / place / NCHAN_MODULE for place in MODULES]
    module = next((path for path in modules if path.exists()), None)
    return (nginx, module) if module and nginx.exists() else None


def _unpack(folder: Path) -> None:
    """Debian's packages, unpacked beside the system: one empty folder is made there, no service is started."""
    folder.mkdir(exist_ok=True)
    if not NCHAN_TEMPORARY.is_dir():
        _run(["mkdir", str(NCHAN_TEMPORARY)], f"nchan: {NCHAN_TEMPORARY} is needed")
    _run(["apt-get", "download", "--quiet", *NCHAN_PACKAGES], "nchan: apt-get could not download it", folder)
    for package in folder.glob("*.deb"):
        _run(["dpkg-deb", "-x", str(package), str(folder)], f"nchan: {package.name} could not be unpacked")


def _run(command: list[str], failed: str, cwd: Path | None = None) -> None:
    try:
        done = subprocess.run(
            command, check=False, cwd=cwd, capture_output=True, text=True, timeout=INSTALL_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise machine.Missing(f"{failed} in {INSTALL_SECONDS} s. Is there a network?") from None
    if done.returncode:
        raise machine.Missing(f"{failed}: {(done.stderr.strip().splitlines() or ['?'])[-1]}")
