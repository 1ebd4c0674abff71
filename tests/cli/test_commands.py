"""The ``forum`` command, as it is typed: alone on a data folder, and beside a running server."""

import asyncio
import json
import sys
from pathlib import Path

import httpx2

from forum.exports import read
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
    unknown_forum = await forum(tmp_path, "export", "ABC234")
    no_code = await forum(tmp_path, "export", "hello", lang="fr")

    assert (unknown_agenda[0], unknown_forum[0], no_code[0]) == (1, 1, 1)
    assert "forum-eclair" in unknown_agenda[2]
    assert "ABC234" in unknown_forum[2]
    assert "code d’un forum" in no_code[2] or "HELLO" in no_code[2]


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
    _, said, _ = await forum(here, "new", "forum-eclair", "--title", "Vision 2025", "--json")
    code = json.loads(said)["code"]
    packed, said, _ = await forum(here, "archive", code, "--out", str(file))
    again = tmp_path / "again.gz"
    await forum(here, "archive", code, "--out", str(again))
    opened, links, errors = await forum(there, "unpack", str(file), "--json")
    _, exported, _ = await forum(there, "export", code, "--format", "json")
    _, original, _ = await forum(here, "export", code, "--format", "json")

    assert (packed, opened, errors) == (0, 0, "")
    assert again.read_bytes() == file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert json.loads(links)["desk_url"].partition("#")[2]
    assert exported == original


async def test_an_archive_is_never_opened_over_a_forum_nor_when_it_was_changed(tmp_path):
    file = tmp_path / "one.gz"
    _, said, _ = await forum(tmp_path / "here", "new", "forum-eclair", "--json")
    await forum(tmp_path / "here", "archive", json.loads(said)["code"], "-o", str(file))
    taken = await forum(tmp_path / "here", "unpack", str(file))
    file.write_bytes(file.read_bytes()[:-20])
    cut = await forum(tmp_path / "there", "unpack", str(file), lang="fr")
    nothing = await forum(tmp_path / "there", "unpack", str(tmp_path / "no such file"))
    none_there = await forum(tmp_path / "here", "archive", "ABC234")

    assert (taken[0], cut[0], nothing[0], none_there[0]) == (1, 1, 1, 1)
    assert "already" in taken[2]
    assert "igne " in cut[2]
    assert "no such file" in nothing[2]


async def test_links_work_again_where_their_keys_were_put_in(tmp_path):
    file = tmp_path / "one.gz"
    _, said, _ = await forum(tmp_path / "here", "new", "forum-eclair", "--json")
    links = json.loads(said)
    await forum(tmp_path / "here", "archive", links["code"], "-o", str(file), "--with-keys")
    await forum(tmp_path / "there", "unpack", str(file))
    async with serving(tmp_path / "there") as server, httpx2.AsyncClient() as client:
        address, _, secret = links["desk_url"].partition("#")
        path = address.partition("/f/")[2]
        answer = await client.post(
            f"{server.address}/f/{path}/enter", data={"secret": secret}, headers={"origin": server.address}
        )

    assert answer.status_code == 303
