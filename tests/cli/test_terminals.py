"""Terminals as there are: without a French letter, closed in the middle, full; and ports that cannot be had."""

import asyncio
import contextlib
import ctypes
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx2
import pytest

from forum.cli import COMMANDS, printing
from forum.language import Reader
from tests.servers import free_port, serving

TITLE: Final = "Été à l’école – « 2025 »"
POOREST: Final = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
POOR: Final = {
    "POSIX, coerced": {"LC_ALL": "POSIX"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "latin-1": {"PYTHONIOENCODING": "latin-1"},
    "no such locale": {"LC_ALL": "no_SUCH.locale", "PYTHONUTF8": "0"},
    "cp437": {"PYTHONIOENCODING": "cp437:strict"},
}
IN_ONE_INTERPRETER: Final = """
import io, json, sys
from forum.cli import main

ran = []
encoding, errors = sys.stdout.encoding, sys.stdout.errors
for words in json.loads(sys.argv[1]):
    sys.stdout = io.TextIOWrapper(io.BytesIO(), encoding, errors)
    sys.stderr = io.TextIOWrapper(io.BytesIO(), encoding, errors)
    try:
        code = main([word.encode().decode(sys.getfilesystemencoding(), "surrogateescape") for word in words])
    except SystemExit as ended:
        code = ended.code or 0
    said = []
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
        said.append(stream.buffer.getvalue().decode("latin-1"))
    ran.append((code, *said))
sys.__stdout__.write(json.dumps(ran))
"""


class Ran(NamedTuple):
    """What became of a command."""

    code: int
    out: bytes
    errors: bytes


def ran(
    *commands: Sequence[str],
    environment: dict[str, str] = POOREST,
    before: Callable[[], None] | None = None,
) -> list[Ran]:
    """Commands typed one after the other; by one interpreter, since starting it is most of the time."""
    done = subprocess.run(
        [sys.executable, "-c", IN_ONE_INTERPRETER, json.dumps(commands)],
        check=False,
        capture_output=True,
        env=os.environ | environment,
        timeout=100,
        preexec_fn=before,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    told = json.loads(done.stdout)
    return [Ran(code, out.encode("latin-1"), errors.encode("latin-1")) for code, out, errors in told]


def at(data: Path, command: str, *words: str, lang: str = "fr") -> list[str]:
    return [command, "--data", str(data), "--lang", lang, *words]


def opened(data: Path) -> str:
    [new] = ran(at(data, "new", "forum-eclair", "--title", TITLE, "--json"))
    code: str = json.loads(new.out)["code"]
    return code


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data folder, and the code of a forum in it of which nothing is counted."""
    data = tmp_path_factory.mktemp("there")
    return data, opened(data)


def alone(data: Path, *words: str, environment: dict[str, str] | None = None, **how: Any) -> Any:
    """A command in an interpreter of its own, with what it writes to chosen."""
    return subprocess.run(
        [sys.executable, "-m", "forum", *at(data, *words)],
        check=False,
        env=os.environ | (environment or {"PYTHONUTF8": "1"}),
        timeout=60,
        **({"stderr": subprocess.PIPE} | how),
    )


# --- letters


def test_every_command_speaks_french_at_a_terminal_that_has_not_its_letters(tmp_path: Path) -> None:
    data, archive, port = tmp_path / "é", tmp_path / "à.gz", str(free_port())
    code = opened(data)
    asked = {
        "agendas": (), "links": (code,), "permit": (), "tickets": (code, "--count", "1"), "export": (code,),
        "import": (code, str(tmp_path / "où.csv")),
        "archive": (code, "--out", str(archive)), "unpack": (str(archive),), "backup": ("--out", str(tmp_path / "sauvé")),
        "erase": (code, "Zoé"), "purge": (code,), "verify": (code,), "doctor": ("--port", port),
        "restore": (str(tmp_path / "où"),), "new": ("aïe",), "move": (code, "--to", "là-bas"),
        "demo": ("--people", "2", "--pace", "0", "--until", "welcome", "--port", port),
    }  # fmt: skip
    ended = ran(*(at(data, command, *words) for command, words in asked.items()))
    said = dict(zip(asked, ended, strict=True))

    assert asked.keys() | {"serve"} == COMMANDS.keys()
    assert {command: r.code for command, r in said.items() if r.code not in (0, 1)} == {}
    assert all(r.out + r.errors for r in said.values())
    with_names_of_files = {command for command, r in said.items() if not r.out.isascii()}
    assert with_names_of_files == {"archive", "backup", "doctor", "export"}
    assert str(archive).encode() in said["archive"].out, "a file's name is its bytes"
    assert TITLE in said["export"].out.decode(), "a document is the same bytes wherever it is written"


@pytest.mark.parametrize("environment", POOR.values(), ids=POOR)
def test_any_poor_terminal_is_spoken_to(tmp_path: Path, environment: dict[str, str]) -> None:
    asked = (("agendas",), ("export", "ABC234"), ("new", "aïe"))

    for said in ran(*(at(tmp_path, *words) for words in asked), environment=environment):
        assert said.code in (0, 1, 78)
        assert said.out + said.errors


def test_help_of_every_command_is_read_in_ascii() -> None:
    said = ran(["--lang=fr", "--help"], *([command, "--lang", "fr", "--help"] for command in COMMANDS))

    assert all(r.out.isascii() and r.errors.isascii() for r in said)
    assert all(b"usage" in r.out + r.errors for r in said)


def test_what_a_terminal_cannot_show_is_put_by_the_nearest_sign_and_json_stays_exact(tmp_path: Path) -> None:
    asked = at(tmp_path, "agendas"), at(tmp_path, "agendas", "--json")
    poor, latin, rich = (
        ran(*asked, environment=environment)
        for environment in (POOREST, POOR["latin-1"], {"PYTHONUTF8": "1"})
    )

    assert "é" in rich[0].out.decode()
    assert "é" in latin[0].out.decode("latin-1")
    assert poor[0].out.decode("ascii").split() == printing.plainly(rich[0].out.decode()).split()
    assert json.loads(poor[1].out) == json.loads(latin[1].out) == json.loads(rich[1].out)


def test_a_title_typed_in_a_poor_alphabet_keeps_its_letters(tmp_path: Path) -> None:
    [exported] = ran(at(tmp_path, "export", opened(tmp_path), "--format", "json"))

    assert json.loads(exported.out)["forum"]["title"] == TITLE


@pytest.mark.parametrize(
    ("rich", "plain"),
    [
        ("l’été – œuvre… 3 × 5 € ✓", "l'ete - oeuvre... 3 x 5 EUR ok"),
        ("« 42\u202f% »", '" 42 % "'),
        ("日本", "??"),
        ("½", "1/2"),
    ],
)
def test_a_sign_is_put_by_the_nearest_there_is(rich: str, plain: str) -> None:
    assert printing.plainly(rich) == plain


def test_no_letter_of_what_the_commands_are_for_becomes_a_question_mark() -> None:
    said = [
        reader.say(module.ABOUT) for module in COMMANDS.values() for reader in (Reader("fr"), Reader("en"))
    ]

    assert [s for s in said if printing.plainly(s).count("?") != s.count("?")] == []


async def test_a_server_at_a_poor_terminal_tells_its_address_in_french_and_draws_no_question_marks(
    tmp_path: Path,
) -> None:
    said = {}
    for alphabet in ("ascii", "latin-1", "utf-8"):
        told = {"FORUM_PUBLIC_URL": "https://forum.example.org", "LANG": "fr", "PYTHONIOENCODING": alphabet}
        async with serving(tmp_path / alphabet, **told) as server:
            said[alphabet] = server.said.decode(alphabet)

    for alphabet, words in said.items():
        assert "https://forum.example.org" in words
        assert "?" not in words
        assert ("▀" in words) == (alphabet == "utf-8")
    assert "é" in said["latin-1"]


def terminal(data: Path, environment: dict[str, str], *words: str) -> bytes:
    """What a person sees who types a command at a terminal (a pseudo one)."""
    ours, theirs = os.openpty()
    try:
        alone(data, *words, environment=environment, stdout=theirs, stderr=theirs)
    finally:
        os.close(theirs)
    seen = b""
    with contextlib.suppress(OSError):  # that is how Linux says that the other end is closed
        while piece := os.read(ours, 65536):
            seen += piece
    os.close(ours)
    return seen


def test_a_terminal_with_colours_but_without_blocks_gets_its_QR_in_colours_and_one_with_neither_the_address(
    there: tuple[Path, str],
) -> None:
    data, code = there
    ticket = ("tickets", code, "--count", "1")
    coloured = terminal(data, POOREST | {"TERM": "vt220"}, *ticket)
    dumb = terminal(data, POOREST | {"TERM": "dumb"}, *ticket)
    document = terminal(data, POOREST | {"TERM": "vt220"}, "export", code)

    assert coloured.isascii()
    assert len(re.findall(rb"\x1b\[", coloured)) > 200
    assert b"/ticket#" in dumb
    assert dumb.isascii()
    assert b"\x1b" not in dumb
    assert b"l'ecole" in document, "to eyes, a document too"
    assert document.isascii()


# --- closed, full


def unread() -> int:
    """A descriptor to write to that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    return writing


@pytest.mark.parametrize("command", ["agendas", "export", "tickets"])
def test_who_stops_reading_gets_no_traceback_and_the_command_ends_as_it_would(
    there: tuple[Path, str], command: str
) -> None:
    data, code = there
    words = [] if command == "agendas" else [code]
    words += ["--count", "40"] if command == "tickets" else []
    writing = unread()
    left = alone(data, command, *words, stdout=writing)
    os.close(writing)
    shut = alone(data, command, *words, stdout=None, preexec_fn=lambda: os.close(1))

    assert (left.returncode, left.stderr) == (0, b"")
    assert (shut.returncode, shut.stderr) == (0, b"")


def test_help_that_nobody_reads_says_nothing_either() -> None:
    writing = unread()
    words = [sys.executable, "-m", "forum", "--help"]
    said = subprocess.run(words, check=False, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)

    assert said.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_a_result_that_could_not_be_written_down_is_said_and_is_no_success(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        said = alone(tmp_path, "agendas", stdout=full)

    assert said.returncode == 1
    assert "Tout n’a pas pu être affiché (No space left" in said.stderr.decode()
    assert b"Traceback" not in said.stderr


async def test_a_server_whose_terminal_is_closed_serves_all_the_same(tmp_path: Path) -> None:
    writing, port = unread(), free_port()
    words = ("serve", "--data", str(tmp_path / "data"), "--host", "127.0.0.1", "--port", str(port))
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "forum", *words, stdout=writing, stderr=asyncio.subprocess.PIPE
    )
    os.close(writing)
    try:
        async with asyncio.timeout(30), httpx2.AsyncClient(trust_env=False) as client:
            while True:
                with contextlib.suppress(httpx2.HTTPError):
                    answer = await client.get(f"http://127.0.0.1:{port}/healthz")
                    break
                await asyncio.sleep(0.05)
    finally:
        server.terminate()
        _, errors = await server.communicate()

    assert answer.text == "ok\n"
    assert server.returncode == 0
    assert b"Traceback" not in errors


# --- a port that cannot be had

PR_CAPBSET_DROP, CAP_NET_BIND_SERVICE = 24, 10
LOWEST: Final = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")


def without_the_right() -> None:
    """What whoever is not root has: no right to the low ports."""
    if os.geteuid() == 0:
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_NET_BIND_SERVICE, 0, 0, 0)


@pytest.mark.skipif(
    not LOWEST.exists() or int(LOWEST.read_text()) <= 80,
    reason="here everybody may open port 80: ip_unprivileged_port_start",
)
def test_port_80_without_the_right_names_the_right_and_a_port_above(tmp_path: Path) -> None:
    asked = [
        at(tmp_path, command, "--port", "80", lang=lang)
        for command in ("serve", "doctor")
        for lang in ("en", "fr")
    ]
    said = ran(*asked, environment={"PYTHONUTF8": "1"}, before=without_the_right)

    assert [r.code for r in said] == [78, 78, 1, 1]
    for words in ((r.out + r.errors).decode() for r in said):
        assert "CAP_NET_BIND_SERVICE" in words
        assert "--port 8000" in words
        assert "1024" in words
        assert not re.search("in use|uses it|pris", words)


def test_each_reason_why_a_port_cannot_be_had_names_its_own_cure(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        here = ("--host", "127.0.0.1", "--port", port)
        asked = (here, (*here, "--workers", "2"), ("--host", "192.0.2.1"), ("--host", "no.such.name.invalid"))
        said = ran(*(at(tmp_path, "serve", *words, lang="en") for words in asked), environment={})
    taken, workers, elsewhere, unknown = (r.errors.decode() for r in said)

    assert {r.code for r in said} == {78}
    for words in (taken, workers):
        assert f"Port {port} is in use" in words
        assert "--port 9000" in words
    assert "192.0.2.1 is not an address of this machine" in elsewhere
    assert "no.such.name.invalid is no name" in unknown
    assert "CAP_NET_BIND_SERVICE" not in taken + elsewhere + unknown
