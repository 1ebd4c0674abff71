"""The ``forum`` command, as it is typed: alone on a data folder, and beside a running server."""

import asyncio
import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import httpx2
from websockets.asyncio.client import connect

from forum.cli import main
from forum.cli.new import now
from forum.domain import records
from forum.domain.kernel import IdeaId, Millis, Record, StepId
from forum.domain.steps.board import IdeaPosted
from forum.exports import read
from forum.journal import STORE_FOLDER, StoreAddress, open_journal
from forum.opening import make_tickets
from tests.servers import serving


async def forum(data: Path, *words: str, lang: str = "en") -> tuple[int, str, str]:
    """Exit code, output and errors of one command."""
    command, *rest = words
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "forum", command, "--data", str(data), "--lang", lang, *rest,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, errors = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), errors.decode()


async def typed(data: Path, *words: str, lang: str = "en") -> tuple[int, str, str]:
    """The same within this process: the command's own work, without an interpreter to start. ``lang``: "" to not say."""
    command, *rest = words
    out, errors = io.TextIOWrapper(io.BytesIO()), io.StringIO()
    with redirect_stdout(out), redirect_stderr(errors):
        try:
            code = await asyncio.to_thread(
                main, [command, "--data", str(data), *(["--lang", lang] if lang else []), *rest]
            )
        except SystemExit as ended:
            code = int(ended.code or 0)
        out.flush()
    return code, out.buffer.getvalue().decode(), errors.getvalue()


async def test_a_forum_is_opened_ticketed_and_exported_without_a_server(tmp_path):
    _, said, _ = await forum(tmp_path, "new", "forum-eclair", "--title", "Vision 2025", "--json")
    links = json.loads(said)
    _, said, _ = await forum(tmp_path, "tickets", links["code"], "--count", "3", "--json")
    tickets = json.loads(said)
    code, exported, _ = await forum(tmp_path, "export", links["code"], "--format", "json")
    told = read(exported.encode())

    assert links["desk_url"].startswith(links["join_url"] + "/desk#")
    assert len({t["cookie"] for t in tickets}) == 3
    assert all(t["url"].startswith(links["join_url"] + "/ticket#") for t in tickets)
    assert (code, told.forum.title, told.forum.people) == (0, "Vision 2025", 3)


async def test_what_does_not_exist_is_refused_with_what_to_do_next(tmp_path):
    unknown_agenda = await forum(tmp_path, "new", "no-such-agenda")
    (tmp_path / STORE_FOLDER).mkdir()
    unknown_forum = await typed(tmp_path, "export", "ABC234")
    no_code = await typed(tmp_path, "export", "hello", lang="fr")

    assert (unknown_agenda[0], unknown_forum[0], no_code[0]) == (1, 1, 1)
    assert "forum-eclair" in unknown_agenda[2]
    assert "ABC234" in unknown_forum[2]
    assert "code d’un forum" in no_code[2] or "HELLO" in no_code[2]


async def test_K4_whoever_runs_the_server_erases_words_of_somebody_without_a_name_by_the_id_on_a_receipt(
    tmp_path,
):
    _, said, _ = await typed(tmp_path, "new", "forum-eclair", "--json")
    code = json.loads(said)["code"]
    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        [ticket] = await make_tickets(journal, code, 1, clock=now)
        head = await journal.head(code)
        card = IdeaPosted(IdeaId("idea0001"), StepId("ideas"), "Mon voisin Barnabé", ticket.person)
        body = records.encode(Record(card, ticket.person, Millis(now()), "salt"))
        await journal.append(code, head, [("tab-000000000001:1", body)])
    nobody = await typed(tmp_path, "erase", code, "p000000000000000000", "--texts", "all")
    done = await typed(tmp_path, "erase", code, ticket.person, "--texts", "all")
    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        left = b"".join(e.body for e in await journal.read(code))

    assert (nobody[0], done[0]) == (1, 0)
    assert b"Barnab" not in left


async def test_the_demo_is_played_through_a_running_server_and_its_plan_exported(tmp_path):
    async with serving(tmp_path / "data") as server:
        words = ("demo", "--people", "6", "--pace", "0", "--port", str(server.port))
        code, said, errors = await forum(server.data, *words)
        forum_code = said.split("/f/")[1][:6]
        _, exported, _ = await forum(server.data, "export", forum_code, "--format", "json")
        told = read(exported.encode())

    assert (code, errors) == (0, "")
    assert len(told.plan) == 5
    assert told.commitments
    assert told.votes[0].revealed


async def test_an_archived_forum_is_opened_by_another_instance_with_links_of_its_own(tmp_path):
    here, there, file = tmp_path / "here", tmp_path / "there", tmp_path / "vision.forum.gz"
    _, said, _ = await typed(here, "new", "forum-eclair", "--title", "Vision 2025", "--json")
    code = json.loads(said)["code"]
    packed, said, _ = await typed(here, "archive", code, "--out", str(file))
    again = tmp_path / "again.gz"
    await typed(here, "archive", code, "--out", str(again))
    opened, links, errors = await typed(there, "unpack", str(file), "--json")
    _, exported, _ = await typed(there, "export", code, "--format", "json")
    _, original, _ = await typed(here, "export", code, "--format", "json")

    assert (packed, opened, errors) == (0, 0, "")
    assert again.read_bytes() == file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert json.loads(links)["desk_url"].partition("#")[2]
    assert exported == original


async def test_an_archive_is_never_opened_over_a_forum_nor_when_it_was_changed(tmp_path):
    file = tmp_path / "one.gz"
    _, said, _ = await typed(tmp_path / "here", "new", "forum-eclair", "--json")
    await typed(tmp_path / "here", "archive", json.loads(said)["code"], "-o", str(file))
    taken = await typed(tmp_path / "here", "unpack", str(file))
    file.write_bytes(file.read_bytes()[:-20])
    cut = await typed(tmp_path / "there", "unpack", str(file), lang="fr")
    nothing = await typed(tmp_path / "there", "unpack", str(tmp_path / "no such file"))
    none_there = await typed(tmp_path / "here", "archive", "ABC234")

    assert (taken[0], cut[0], nothing[0], none_there[0]) == (1, 1, 1, 1)
    assert "already" in taken[2]
    assert "igne " in cut[2]
    assert "no such file" in nothing[2]


async def test_links_work_again_where_their_keys_were_put_in(tmp_path):
    file = tmp_path / "one.gz"
    _, said, _ = await typed(tmp_path / "here", "new", "forum-eclair", "--json")
    links = json.loads(said)
    await typed(tmp_path / "here", "archive", links["code"], "-o", str(file), "--with-keys")
    await typed(tmp_path / "there", "unpack", str(file))
    async with serving(tmp_path / "there") as server, httpx2.AsyncClient() as client:
        address, _, secret = links["desk_url"].partition("#")
        path = address.partition("/f/")[2]
        answer = await client.post(
            f"{server.address}/f/{path}/enter", data={"secret": secret}, headers={"origin": server.address}
        )

    assert answer.status_code == 303


async def test_a_running_server_is_backed_up_killed_and_brought_back_with_the_same_links(tmp_path):
    async with serving(tmp_path / "here") as server, httpx2.AsyncClient(base_url=server.address) as client:
        _, said, _ = await typed(server.data, "new", "forum-eclair", "--json")
        links = json.loads(said)
        cookie = await entered(client, links["desk_url"], server.address)
        code, said, _ = await typed(server.data, "backup", "--out", str(tmp_path / "backups"), "--keep", "2")
        await server.kill()
    [file] = (tmp_path / "backups").iterdir()
    _, restored, _ = await typed(tmp_path / "fresh", "restore", str(file))
    again, said_again, _ = await typed(tmp_path / "fresh", "restore", str(file), lang="fr")
    async with serving(tmp_path / "fresh") as server:
        url = f"ws://127.0.0.1:{server.port}/f/{links['code']}/desk/live"
        async with connect(url, additional_headers={"cookie": cookie}, origin=server.address) as ws:
            await ws.send(json.dumps({"t": "hello", "v": 1, "cid": "tab-000000000000001", "n": 0}))
            welcome = json.loads(await ws.recv())

    assert (code, file.stat().st_mode & 0o077) == (0, 0)
    assert "1 forum is as it was" in restored
    assert (again, links["code"] in said_again) == (0, True)
    assert welcome["t"] == "welcome"


async def entered(client: httpx2.AsyncClient, link: str, origin: str) -> str:
    """The cookie that a link's secret is exchanged for."""
    address, _, secret = link.partition("#")
    path = "/f/" + address.partition("/f/")[2]
    answer = await client.post(f"{path}/enter", data={"secret": secret}, headers={"origin": origin})
    return answer.headers["set-cookie"].partition(";")[0]


async def test_a_person_is_erased_and_a_forum_deleted_from_the_command_line(tmp_path):
    async with serving(tmp_path / "data") as server:
        _, said, _ = await typed(
            server.data, "demo", "--people", "6", "--pace", "0", "--port", str(server.port)
        )
        code = said.split("/f/")[1][:6]
        _, exported, _ = await typed(server.data, "export", code, "--format", "json")
        name = next(c.person for c in read(exported.encode()).commitments if c.person)
        nobody = await typed(server.data, "erase", code, "No One")
        done = await typed(server.data, "erase", code, name, "--texts", "all")
        _, after, _ = await typed(server.data, "export", code, "--format", "json")
        dry = await typed(server.data, "purge", "--dry-run")
        asked = await typed(server.data, "purge", code)
        gone = await typed(server.data, "purge", code, "--yes")
        nothing = await typed(server.data, "export", code)

    assert (nobody[0], done[0], dry[0], asked[0], gone[0], nothing[0]) == (1, 0, 0, 1, 0, 1)
    assert f'"{name}"' in exported
    assert f'"{name}"' not in after
    assert "0 forums would be deleted" in dry[1]
    assert "the store’s files, too" in done[1]


async def test_a_forums_last_day_is_given_when_it_is_opened(tmp_path):
    wrong = await typed(tmp_path, "new", "forum-eclair", "--keep-until", "2001-01-01", lang="fr")
    right = await typed(tmp_path, "new", "forum-eclair", "--keep-until", "2030-12-31", "--json")

    assert (wrong[0], right[0]) == (1, 0)
    assert "2001-01-01" in wrong[2]


async def test_a_file_that_cannot_be_written_is_named_and_no_ticket_is_made_for_it(tmp_path):
    _, said, _ = await typed(tmp_path / "data", "new", "forum-eclair", "--json")
    code = json.loads(said)["code"]
    (tmp_path / "file").write_text("in the way")
    inside = str(tmp_path / "file" / "inside")

    ends = [
        await typed(tmp_path / "data", *words, code, option, inside)
        for words, option in (
            (("export",), "--output"),
            (("archive",), "--out"),
            (("tickets", "--count", "3"), "--svg"),
        )
    ]
    _, exported, _ = await typed(tmp_path / "data", "export", code, "--format", "json")

    assert [(ended, out) for ended, out, _ in ends] == [(1, "")] * 3
    assert all("cannot be written" in said and inside in said for _, _, said in ends)
    assert read(exported.encode()).forum.people == 0


async def test_a_document_speaks_the_forums_language_unless_another_is_asked_for(tmp_path):
    _, said, _ = await typed(tmp_path, "new", "forum-eclair", "--forum-lang", "fr", "--json")
    code = json.loads(said)["code"]

    _, asked, _ = await typed(tmp_path, "export", code, lang="en")
    _, unasked, _ = await typed(tmp_path, "export", code, lang="")

    assert "## Action plan" in asked
    assert "## Plan d’action" in unasked


async def test_the_language_is_heard_in_both_ways_of_writing_an_option(tmp_path):
    (tmp_path / STORE_FOLDER).mkdir()
    apart = await typed(tmp_path, "export", "ABC234", lang="fr")
    joined = await typed(tmp_path, "export", "ABC234", "--lang=fr", lang="")

    assert apart == joined
    assert "Aucun forum" in joined[2] or "Il n’y a pas de forum" in joined[2]


async def test_a_permit_is_printed_and_the_doctor_says_who_may_open_forums(tmp_path, monkeypatch):
    monkeypatch.setenv("FORUM_PUBLIC_URL", "https://forum.example")
    monkeypatch.setenv("FORUM_KEEP_MOST_DAYS", "90")
    _, open_, _ = await typed(tmp_path, "doctor")
    monkeypatch.setenv("FORUM_OPENING", "link")
    code, printed, _ = await typed(tmp_path, "permit", "--days", "30", "--json")
    _, linked, _ = await typed(tmp_path, "doctor")
    refused, _, why = await typed(tmp_path, "permit", "--days", "0")
    (tmp_path / "passphrase").write_text("quatre chats sous la table")
    (tmp_path / "passphrase").chmod(0o644)
    monkeypatch.setenv("FORUM_OPENING", "passphrase")
    monkeypatch.setenv("FORUM_OPENING_FILE", str(tmp_path / "passphrase"))
    _, shared, _ = await typed(tmp_path, "doctor")

    assert "everybody who reaches it" in open_
    assert "90 days at most" in open_
    assert (code, json.loads(printed)["url"].startswith("https://forum.example/#open-")) == (0, True)
    assert "whoever has a link" in linked
    assert (refused, "1 to 365" in why) == (1, True)
    assert "Others on this machine may read the passphrase" in shared
    assert "quatre chats" not in shared
