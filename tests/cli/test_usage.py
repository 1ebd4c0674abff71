"""What is typed amiss: each command says what is so and what to do next, and begins nothing by mistake."""

import json
import re
from pathlib import Path

import pytest

from forum.cli import main
from forum.journal import STORE_FOLDER
from forum.opening import agendas
from forum.web.addresses import Addresses
from tests.cli.test_commands import typed
from tests.servers import free_port, serving

BEGIN_NOTHING = (
    ("links", "ABC234"), ("export", "ABC234"), ("archive", "ABC234"), ("verify", "ABC234"), ("purge",),
    ("move", "ABC234", "--to", "https://forum.example.org"), ("tickets", "ABC234", "--count", "1"), ("erase", "ABC234", "Zoé"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORUM_HOST", "FORUM_PORT", "PORT", "FORUM_PUBLIC_URL", "FORUM_REDIS_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("words", BEGIN_NOTHING, ids=lambda words: words[0])
async def test_a_command_that_begins_nothing_makes_no_store_in_a_mistyped_folder(tmp_path, words):
    code, out, said = await typed(tmp_path / "dta", *words)
    _, _, french = await typed(tmp_path / "dta", *words, lang="fr")

    assert (code, out) == (78, "")
    assert f"There is no data in {tmp_path / 'dta'}" in said
    assert "--data" in said
    assert "Il n’y a pas de données" in french
    assert not (tmp_path / "dta").exists()


async def test_a_backup_of_a_mistyped_folder_leaves_none_behind(tmp_path):
    code, _, said = await typed(tmp_path / "dta", "backup", "--out", str(tmp_path / "backups"))

    assert (code, "no data" in said) == (78, True)
    assert list(tmp_path.iterdir()) == []


async def test_the_doctor_says_once_that_a_folder_is_new_and_numbers_are_written_as_in_french(tmp_path):
    port = str(free_port())
    _, first, _ = await typed(tmp_path, "doctor", "--port", port)
    _, second, _ = await typed(tmp_path, "doctor", "--port", port, lang="fr")

    assert "This data folder is new" in first
    assert "nouveau" not in second
    assert re.search(r"répond en \d+(,\d)? ms", second)


async def test_who_listens_on_this_machine_only_is_told_so_and_given_no_address_for_phones(
    tmp_path, monkeypatch
):
    here = ("--host", "127.0.0.1", "--port", str(free_port()))
    wrong, said, _ = await typed(tmp_path, "doctor", *here)
    _, french, _ = await typed(tmp_path, "doctor", *here, lang="fr")
    _, links, _ = await typed(tmp_path, "new", "forum-eclair", *here, "--json")
    monkeypatch.setenv("FORUM_PUBLIC_URL", "https://forum.example")
    _, behind, _ = await typed(tmp_path, "doctor", *here)

    assert wrong == 1
    assert "listens on this machine only (127.0.0.1)" in said
    assert "FORUM_PUBLIC_URL" in said
    assert "n’écoute que sur cette machine" in french
    assert not re.search("Phones reach|No network", said)
    assert json.loads(links)["join_url"].startswith(f"http://localhost:{here[3]}/f/")
    assert "Phones reach: https://forum.example" in behind
    assert "this machine only" not in behind


async def test_the_server_says_the_same_of_itself(tmp_path):
    async with serving(tmp_path / "data") as server:
        said = server.said.decode()

    assert "listens on this machine only (127.0.0.1)" in said
    assert "Wi-Fi" not in said


@pytest.mark.parametrize(
    ("host", "reached"),
    [("0.0.0.0", True), ("127.0.0.1", False), ("127.0.1.1", False), ("::1", False), ("192.0.2.7", True)],
)
def test_every_address_of_this_machine_alone_is_known_as_such(host, reached):
    assert Addresses(8000, listens_on=host).for_others is reached


async def test_a_demo_is_not_begun_for_a_step_that_it_has_not(tmp_path):
    code, out, said = await typed(tmp_path / "data", "demo", "--until", "NOPE", "--pace", "0")

    assert (code, out) == (1, "")
    assert "no step NOPE" in said
    assert all(step.id in said for step in agendas()["forum-eclair"].steps)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("port", ["0", "70000"])
async def test_a_port_that_cannot_be_is_refused_with_the_range(tmp_path, port):
    code, _, said = await typed(tmp_path, "new", "forum-eclair", "--port", port)

    assert code == 78
    assert f"{port} is not a number from 1 to 65535" in said
    assert not (tmp_path / STORE_FOLDER).exists()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_what_every_command_takes_may_stand_before_it_too(tmp_path, capsys, lang):
    before = main(["--lang", lang, "--data", str(tmp_path), "export", "ABC234"]), capsys.readouterr()
    after = main(["export", "--lang", lang, "ABC234", "--data", str(tmp_path)]), capsys.readouterr()

    assert before == after
    assert before[0] == 78
    assert {"fr": "Il n’y a pas", "en": "There is no"}[lang] in before[1].err
    assert str(tmp_path) in before[1].err


@pytest.mark.parametrize("command", ["unpack", "restore"])
async def test_a_file_that_is_no_archive_is_named(tmp_path, command):
    letter = tmp_path / "letter"
    letter.write_text("root:x:0:0\n")
    code, _, said = await typed(tmp_path / "data", command, str(letter))

    assert code == 1
    assert str(letter) in said
    assert "This is no" in said
    assert "cut off" not in said


async def test_links_are_listed_as_french_writes_a_day_and_a_time(tmp_path):
    _, opened, _ = await typed(tmp_path, "new", "forum-eclair", "--json")
    code, said, _ = await typed(tmp_path, "links", json.loads(opened)["code"], lang="fr")

    assert code == 0
    assert re.search(r", le \d+(er)?\s\w+\s\d{4} à \d+\u202fh\u202f\d\d\u202f; pas encore utilisé", said)


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1", "redis://no.such.name.invalid"])
async def test_a_store_that_is_away_is_told_in_the_systems_words_alone(tmp_path, url):
    code, _, said = await typed(tmp_path, "links", "ABC234", "--redis", url)

    assert code == 78
    assert "No store answers at" in said
    assert not re.search(r"away|Error|Errno|\.\)|\.\.", said)


async def test_each_refusal_about_a_file_says_what_to_do_next(tmp_path):
    (tmp_path / "file").write_text("in the way")
    nowhere = await typed(tmp_path, "unpack", str(tmp_path / "none"))
    _, opened, _ = await typed(tmp_path, "new", "forum-eclair", "--json")
    code = json.loads(opened)["code"]
    barred = await typed(tmp_path, "export", code, "--output", str(tmp_path / "file" / "inside"))

    assert "Check the path." in nowhere[2]
    assert "Choose another folder." in barred[2]


async def test_a_forum_that_people_reach_by_https_moves_to_plain_http_only_where_somebody_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, said, _ = await typed(tmp_path, "new", "forum-eclair", "--json")
    code, file = json.loads(said)["code"], tmp_path / "away.gz"
    words = ("move", code, "--to", "http://venue.example", "--out", str(file))
    monkeypatch.setenv("FORUM_PUBLIC_URL", "https://forum.example.org")
    refused, _, problem = await typed(tmp_path, *words)
    nothing = file.exists()
    done, _, _ = await typed(tmp_path, *words, "--yes")

    assert (refused, nothing, done) == (1, False, 0)
    assert "http://venue.example is plain http" in problem
    assert file.exists()
