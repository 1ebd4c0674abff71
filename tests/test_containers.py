"""Set-up as self-hosters expect: the Containerfile, compose.yaml and the systemd unit say what they should, and work."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
import yaml

from forum.cli import COMMANDS
from tests import sandbox
from tests.servers import serving

ROOT: Final = Path(__file__).parents[1]
UNIT: Final = ROOT / "docs" / "forum.service"
MOST_EXPOSED: Final = 3.0
ENGINES: Final = ("docker", "podman")
ONE_LINE: Final = re.compile(r"\\\n\s*")


def stages() -> list[list[tuple[str, str]]]:
    """The Containerfile's stages, each a list of instructions with their words."""
    found: list[list[tuple[str, str]]] = []
    for line in ONE_LINE.sub("", (ROOT / "Containerfile").read_text()).splitlines():
        name, _, words = line.partition(" ")
        if name == "FROM":
            found.append([])
        if line and not line.startswith("#"):
            found[-1].append((name, words))
    return found


def said(name: str) -> list[str]:
    """What the image that is run says by an instruction."""
    return [words for instruction, words in stages()[-1] if instruction == name]


def compose() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return told


# --- the Containerfile


def test_the_image_runs_as_nobody_in_particular_and_owns_its_data_alone() -> None:
    [user] = said("USER")
    number = user.split(":")[0]
    made = next(words for words in said("RUN") if "useradd" in words)

    assert number.isdecimal()
    assert int(number) >= 1000
    assert f"--uid {number}" in made
    assert said("VOLUME") == ["/data"]
    assert re.search(r"install --directory --owner forum .*--mode 700 /data", made)
    assert "FORUM_DATA=/data" in said("ENV")[0]


def test_the_image_has_no_tool_to_install_more_and_each_base_has_a_version() -> None:
    bases = [words.split()[0] for stage in stages() for name, words in stage if name == "FROM"]
    built = " ".join(words for name, words in stages()[0] if name == "RUN")

    assert all(re.search(r":\d+\.\d+", base) for base in bases)
    assert "pip uninstall --yes hatchling setuptools pip" in built
    assert "--require-hashes" in built
    assert not [words for stage in stages() for name, words in stage if name == "ADD"]
    assert not re.search(r"\b(curl|wget|sudo|apt-get)\b", (ROOT / "Containerfile").read_text())


def test_the_image_starts_the_server_as_its_own_process_and_is_told_to_stop_as_by_a_deploy() -> None:
    assert [json.loads(words) for words in (*said("ENTRYPOINT"), *said("CMD"))] == [["forum"], ["serve"]]
    assert said("STOPSIGNAL") == ["SIGTERM"]
    assert "serve" in COMMANDS


def given_to_the_build() -> list[str]:
    """Files of the clone that ``.dockerignore`` lets in."""
    first, *rules = (ROOT / ".dockerignore").read_text().split()
    kept = [ROOT / rule[1:] for rule in rules if rule.startswith("!")]
    assert first == "*"
    assert [rule for rule in rules if not rule.startswith("!")] == ["**/__pycache__"]
    files = [file for one in kept for file in ([one] if one.is_file() else one.rglob("*"))]
    return [str(f.relative_to(ROOT)) for f in files if f.is_file() and "__pycache__" not in f.parts]


def test_what_the_build_is_given_is_what_it_copies_and_enough_to_make_the_wheel(tmp_path: Path) -> None:
    copied = [words.split()[:-1] for name, words in stages()[0] if name == "COPY"]
    wanted = {file for files in copied for file in files}
    for file in given_to_the_build():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "out"], cwd=tmp_path, check=False,
        capture_output=True, text=True,
    )  # fmt: skip

    assert {file.split("/")[0] for file in given_to_the_build()} == wanted
    assert built.returncode == 0, built.stderr
    assert len(list((tmp_path / "out").glob("forum-*.whl"))) == 1


# --- compose.yaml


def test_every_service_runs_on_a_read_only_root_without_rights_and_comes_back_after_a_fault() -> None:
    for name, service in compose()["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["restart"] == "unless-stopped", name
        assert service["healthcheck"]["test"][0] == "CMD", name
        assert not {"privileged", "network_mode", "pid", "devices"} & service.keys(), name


def test_forum_alone_starts_by_itself_and_the_other_way_is_asked_for_with_a_store_that_confirms_on_disk() -> (
    None
):
    services = compose()["services"]
    by_itself = [name for name, service in services.items() if not service.get("profiles")]
    valkey, outside = services["valkey"], services["forum-valkey"]

    assert by_itself == ["forum"]
    assert "FORUM_REDIS_URL" not in services["forum"]["environment"]
    assert outside["environment"]["FORUM_REDIS_URL"] == "redis://valkey:6379/0"
    assert outside["depends_on"]["valkey"]["condition"] == "service_healthy"
    told = dict(zip(valkey["command"][1::2], valkey["command"][2::2], strict=True))
    assert told["--appendonly"] == "yes"
    assert told["--appendfsync"] == "always"
    assert told["--maxmemory-policy"] == "noeviction"
    assert "ports" not in valkey, "the store is nobody else's"
    assert not valkey["user"].startswith("0")


def test_data_lies_on_volumes_and_nothing_is_open_to_the_network_but_by_a_proxy() -> None:
    told = compose()
    mounted = {name: [v.split(":")[0] for v in s["volumes"]] for name, s in told["services"].items()}

    assert {volume for volumes in mounted.values() for volume in volumes} == told["volumes"].keys()
    assert all(
        port.startswith("127.0.0.1:") for s in told["services"].values() for port in s.get("ports", ())
    )


def test_every_setting_that_compose_hands_on_is_one_that_the_server_reads() -> None:
    read = set(re.findall(r'"(FORUM_\w+)"', (ROOT / "forum" / "settings.py").read_text()))
    handed = {name for s in compose()["services"].values() for name in s.get("environment", ())}

    assert handed - read == {"TZ"}


async def test_the_health_check_of_both_files_finds_a_server_well_that_is_and_ill_that_is_not(
    tmp_path: Path,
) -> None:
    [check] = said("HEALTHCHECK")
    of_image = json.loads(check.partition("CMD ")[2])
    of_compose = compose()["services"]["forum"]["healthcheck"]["test"][1:]

    def ends(port: int) -> int:
        words = [word.replace(":8000", f":{port}") for word in of_image[1:]]
        return subprocess.run([sys.executable, *words], check=False, capture_output=True).returncode

    async with serving(tmp_path / "data", FORUM_PUBLIC_URL="https://forum.example.org") as server:
        well = ends(server.port)
    assert of_image == of_compose
    assert (well, ends(server.port)) == (0, 1)


def engine() -> str:
    """A container engine that answers; "" when none does."""
    for name in ENGINES:
        if (
            shutil.which(name)
            and not subprocess.run([name, "info"], check=False, capture_output=True).returncode
        ):
            return name
    return ""


@pytest.mark.timeout(900)
def test_the_image_is_built_and_answers_where_an_engine_is() -> None:
    if not (name := engine()):
        pytest.skip("no docker or podman answers on this machine")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([name, *words], check=False, capture_output=True, text=True, cwd=ROOT)

    built = run("build", "-q", "-f", "Containerfile", "-t", "forum-under-test", ".")
    if "dial tcp" in built.stderr or "pinging container registry" in built.stderr:
        pytest.skip(f"the base image cannot be fetched here: {built.stderr.strip().splitlines()[-1]}")
    assert built.returncode == 0, built.stderr
    try:
        bound = ("--rm", "--read-only", "--cap-drop=ALL", "--tmpfs=/tmp")
        version = run("run", *bound, "forum-under-test", "--version")
        doctor = run("run", *bound, "forum-under-test", "doctor", "--lang", "en")
        who = run("run", *bound, "--entrypoint=id", "forum-under-test", "-u")
    finally:
        run("rmi", "--force", "forum-under-test")

    assert version.returncode == 0
    assert "The data" in doctor.stdout or "Store:" in doctor.stdout, doctor.stderr
    assert who.stdout.strip() == "10001"


# --- the systemd unit


def analyzed(*words: str) -> subprocess.CompletedProcess[str]:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not here (Debian: apt-get install systemd)")
    return subprocess.run(["systemd-analyze", *words], check=False, capture_output=True, text=True)


def test_the_unit_is_exposed_by_no_more_than_three_of_ten() -> None:
    ran = analyzed(
        "security", "--offline=true", f"--threshold={MOST_EXPOSED * 10:.0f}", "--no-pager", str(UNIT)
    )
    if "unrecognized option" in ran.stderr or "Unknown" in ran.stderr:
        pytest.skip("this systemd-analyze is too old to judge a file: 250 can")
    found = re.search(r"exposure level for forum.service: ([\d.]+)", ran.stdout)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert found
    assert float(found[1]) <= MOST_EXPOSED


def test_the_unit_holds_nothing_that_systemd_does_not_know() -> None:
    ran = analyzed("verify", "--man=no", str(UNIT))
    complaints = [line for line in ran.stderr.splitlines() if "forum.service" in line]

    assert [line for line in complaints if "is not executable: No such file" not in line] == []


def test_the_unit_and_the_guide_speak_of_one_place() -> None:
    guide = (ROOT / "docs" / "operations.md").read_text()
    [start] = sandbox.settings(UNIT)["ExecStart"]
    program, command, *words = start.split()

    assert command in COMMANDS
    assert program in guide
    assert words[words.index("--data") + 1] == sandbox.settings(UNIT)["WorkingDirectory"][0]


async def test_a_server_bound_as_the_unit_binds_it_serves_and_makes_its_documents_in_a_process_of_their_own(
    tmp_path: Path,
) -> None:
    if lacking := sandbox.missing():
        pytest.skip(lacking)
    bound = (sys.executable, str(ROOT / "tests" / "sandbox.py"), str(UNIT))
    async with (
        serving(tmp_path / "data", before=bound) as server,
        httpx2.AsyncClient(
            base_url=server.address, headers={"origin": server.address}, trust_env=False
        ) as http,
    ):
        form = {"title": "Vision 2025", "agenda": "forum-eclair", "lang": "en"}
        opened = (await http.post("/forums", data=form, headers={"accept": "application/json"})).json()
        path, _, secret = opened["desk_url"].partition("/f/")[2].partition("#")
        await http.post(f"/f/{path}/enter", data={"secret": secret})
        document = await http.get(f"/f/{path}/export/plan.md")
        home = await http.get("/")

    assert home.status_code == 200
    assert document.status_code == 200
    assert "Vision 2025" in document.text
    assert "export_without_process" not in server.log.read_text()


EACH: Final = """
import json, sys
ends = []
for code in json.loads(sys.argv[1]):
    try:
        exec(code)
    except OSError:
        ends.append(False)
    else:
        ends.append(True)
print(json.dumps(ends))
"""


def test_a_sandbox_refuses_what_the_unit_does_not_allow(tmp_path: Path) -> None:
    """The eyes of the test before this one."""
    if lacking := sandbox.missing():
        pytest.skip(lacking)
    tried = {
        "import os; os.nice(1)": True,
        "import os; os.sched_setaffinity(0, {0})": False,
        "import os; os.chroot('/')": False,
        "import socket; socket.socket(socket.AF_INET)": True,
        "import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)": False,
        "import mmap; mmap.mmap(-1, 4096, prot=3)": True,
        "import mmap; mmap.mmap(-1, 4096, prot=7)": False,
    }
    codes = list(tried)
    ran = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "sandbox.py"), str(UNIT), sys.executable, "-c", EACH, json.dumps(codes)],
        check=True, capture_output=True,
    )  # fmt: skip

    assert dict(zip(codes, json.loads(ran.stdout), strict=True)) == tried
