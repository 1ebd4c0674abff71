"""What `make wheel` does with a wheel: tries it as a stranger would.

`python tests/wheel.py dist/forum-….whl` makes an empty environment outside the clone, installs the runtime
lock and the wheel into it, asks for everything the wheel must carry beside Python, starts the server and
fetches its first page. Never imports Forum from the clone.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "requirements.lock"
START_SECONDS = 20

# Run by the environment's own Python, in a directory that is not the clone.
CARRIED = """
import json
from importlib.resources import files
from forum.places import static_dir, templates_dir

package = files("forum")
print(json.dumps({
    "templates": len(list(templates_dir().rglob("*.html"))),
    "scripts": len(list(static_dir().rglob("*.js"))),
    "styles": len(list(static_dir().rglob("*.css"))),
    "agendas": len(list(package.joinpath("agendas").glob("*.json"))),
    "schemas": len(list(package.joinpath("exports", "schema").glob("*.json"))),
    "fonts of documents": len(list(package.joinpath("exports", "fonts").glob("*.ttf"))),
    "pages of documents": len(list(package.joinpath("exports", "typst").glob("*.typ"))),
    "demo": len(list(package.joinpath("demo").glob("*.json"))),
    "store functions": len(list(package.joinpath("journal").glob("*.lua"))),
    "catalogues": len(list(package.joinpath("locale").glob("*/LC_MESSAGES/*.po"))),
}))
"""


def main(wheel: Path) -> str | None:
    """Try the wheel; return what is wrong with it, or None."""
    with tempfile.TemporaryDirectory(prefix="forum-wheel-") as room:
        place = Path(room)
        _install(wheel.resolve(), place)
        asked = _run(place, "python", "-I", "-c", CARRIED)
        carried: dict[str, int] = json.loads(asked)
        for what, count in carried.items():
            print(f"{count:5} {what}")
        if missing := [what for what, count in carried.items() if not count]:
            return f"The wheel carries no {', no '.join(missing)}."
        _run(place, "forum", "--help")
        return _first_page(place)


def _install(wheel: Path, place: Path) -> None:
    started = time.monotonic()
    venv.create(place / "venv", with_pip=True)
    install = ("python", "-m", "pip", "install", "--quiet")
    _run(place, *install, "--require-hashes", "-r", str(LOCK))
    _run(place, *install, "--no-deps", str(wheel))
    print(f"{wheel.name}: {wheel.stat().st_size // 1024} kB, installed in {time.monotonic() - started:.0f} s")


def _run(place: Path, command: str, *arguments: str) -> str:
    argv = [str(place / "venv" / "bin" / command), *arguments]
    return str(subprocess.run(argv, cwd=place, check=True, stdout=subprocess.PIPE, text=True).stdout)


def _first_page(place: Path) -> str | None:
    port = _free_port()
    environment = {**os.environ, "FORUM_DATA": str(place / "data")}
    argv = [str(place / "venv" / "bin" / "forum"), "serve", "--host", "127.0.0.1", "--port", str(port)]
    started = time.monotonic()
    with subprocess.Popen(argv, cwd=place, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            answered = _await_page(f"http://127.0.0.1:{port}/", server)
        finally:
            server.send_signal(signal.SIGINT)
            stopped = _stops(server)
    if not answered:
        return f"`forum serve` showed no page within {START_SECONDS} s."
    if not stopped:
        return f"`forum serve` did not stop within {START_SECONDS} s of Ctrl-C."
    print(f"first page after {time.monotonic() - started:.1f} s, start and stop included")
    return None


def _await_page(url: str, server: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2) as page:
                return bool(page.status == 200 and page.read())
        except urllib.error.HTTPError as refused:
            print(f"{url} answered {refused.code}", file=sys.stderr)
            return False
        except OSError:
            time.sleep(0.05)  # not listening yet: a process can only be asked again
    return False


def _stops(server: subprocess.Popen[bytes]) -> bool:
    try:
        server.wait(START_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
