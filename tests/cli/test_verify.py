"""``forum verify`` as an auditor types it: on a data folder, on an archive, on a receipt; 0 when all holds, else 1."""

import gzip
import json
from pathlib import Path

import pytest
from redis.asyncio import Redis

from forum import audit
from forum.audit.claims import Claim
from forum.cli import main
from forum.cli.new import now
from forum.cli.verify import evidence_of
from forum.demo.play import play
from forum.demo.stage import prepare
from forum.journal import STORE_FOLDER, StoreAddress, embedded_store, open_journal
from forum.keeping import Kept, read
from forum.web.seeds import seed_of
from tests.cli.test_commands import forum, typed
from tests.servers import serving


@pytest.fixture(scope="module")
async def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data folder with a whole forum in it, and the forum's code."""
    folder = tmp_path_factory.mktemp("played")
    async with serving(folder / "data") as server:
        async with open_journal(StoreAddress(None, server.data)) as journal:
            scene = await prepare(journal, server.address, people=5, seed=2, lang="en", clock=now)
        await play(scene.cast, lang="en", seed=2, pace=0)
    return folder / "data", scene.opened.code


async def test_a_forum_is_proved_and_the_exit_code_says_so(played):
    data, code = played
    rc, said, errors = await forum(data, "verify", code)

    assert (rc, errors) == (0, "")
    assert "WRONG" not in said
    assert "Everything holds." in said
    assert "5 people × 3 points = 15:" in said


async def test_an_archive_is_proved_without_any_store(played, tmp_path):
    data, code = played
    archive = tmp_path / "forum.gz"
    await typed(data, "archive", code, "--out", str(archive))
    rc, said, _ = await typed(tmp_path / "nothing here", "verify", "--archive", str(archive), "--json")
    told = json.loads(said)

    assert rc == 0
    assert told["held"]
    assert told["forum"] == code
    assert not (tmp_path / "nothing here").exists()


async def test_an_archive_without_authors_joins_nothing_counts_the_same_and_says_what_it_cannot_prove(
    played, tmp_path
):
    data, code = played
    whole, apart, nameless = (tmp_path / name for name in ("whole.gz", "apart.gz", "nameless.gz"))
    await typed(data, "archive", code, "--out", str(whole))
    rc, written, _ = await typed(data, "archive", code, "--out", str(apart), "--without-authors")
    _, told_of_numbers, _ = await typed(data, "archive", code, "--out", str(nameless), "--without-names")
    proved, said, _ = await typed(tmp_path / "none", "verify", "--archive", str(apart))
    _, counted, _ = await typed(tmp_path / "none", "verify", "--archive", str(whole))

    with whole.open("rb") as file, apart.open("rb") as other:
        kept, without = read(file), read(other)
    sums = [line for line in counted.splitlines() if "×" in line]
    assert (rc, proved) == (0, 0)
    assert [line for line in said.splitlines() if "×" in line] == sums
    assert len(sums) == 1
    assert "Nothing in it joins" in written
    assert "still joins" in told_of_numbers
    assert (without.origin, without.seq, without.names, without.keys) == (kept.chain, kept.seq, None, None)
    assert f"chain {kept.chain}" in said
    assert "does not prove" in said
    assert "Everything that an archive without authors can show holds." in said
    assert "the chain is unbroken" not in said
    assert joined(kept)  # where it is looked for it is found
    assert joined(without) == set()


def joined(kept: Kept) -> set[str]:
    """Who can be followed from one thing they gave to another: by pseudonym or by tab."""
    things: dict[str, set[str]] = {}
    for entry in kept.entries:
        body = json.loads(entry.body)
        fact, kind = body["f"], body["f"]["k"]
        thing = {
            "IdeaPosted": f"card {fact.get('idea')}", "MarkGiven": f"ballot {fact.get('round')}",
            "Pledged": f"commitment {fact.get('id')}",
        }.get(kind)  # fmt: skip
        if thing:
            assert not body.get("s") or not kept.origin
            tab = "" if kept.origin else entry.op.rpartition(":")[0]
            for mark in filter(None, (body.get("w"), fact.get("author"), fact.get("person"), tab)):
                things.setdefault(mark, set()).add(thing)
    return {mark for mark, of in things.items() if len(of) > 1}


async def test_an_archive_without_authors_in_which_a_fact_was_changed_is_refused(played, tmp_path, capsys):
    data, code = played
    file = tmp_path / "apart.gz"
    await typed(data, "archive", code, "--out", str(file), "--without-authors")
    lines = gzip.decompress(file.read_bytes()).decode().splitlines(keepends=True)
    file.write_bytes(gzip.compress("".join([*lines[:40], *lines[41:]]).encode()))

    rc, said, _ = await typed(tmp_path, "verify", "--archive", str(file))

    assert (rc, "WRONG" in said) == (1, True)


async def test_an_archive_without_authors_is_compared_where_it_can_be_and_opened_nowhere(played, tmp_path):
    data, code = played
    file = tmp_path / "apart.gz"
    _, written, _ = await typed(data, "archive", code, "--out", str(file), "--without-authors")
    with file.open("rb") as opened:
        kept = read(opened)
    same, right, _ = await typed(
        tmp_path, "verify", "--archive", str(file), "--chain", f"{kept.seq}:{kept.origin}"
    )
    other, wrong, _ = await typed(
        tmp_path, "verify", "--archive", str(file), "--chain", f"{kept.seq}:{'0' * 16}"
    )
    earlier, _, refused = await typed(tmp_path, "verify", "--archive", str(file), "--chain", f"3:{'0' * 16}")
    unpacked, _, why = await typed(tmp_path / "elsewhere", "unpack", str(file))
    keys, _, together = await typed(data, "archive", code, "--without-authors", "--with-keys")

    assert (same, other, earlier, unpacked, keys) == (0, 1, 1, 1, 1)
    assert kept.origin in written
    assert "as expected" in right
    assert "WRONG" in wrong
    assert "without authors" in refused
    assert "without authors" in why
    assert "--with-keys" in together


def test_an_archive_in_which_something_was_changed_is_refused_and_the_fact_named(played, tmp_path, capsys):
    data, code = played
    archive = tmp_path / "forum.gz"
    main(["archive", code, "--data", str(data), "--out", str(archive)])
    lines = gzip.decompress(archive.read_bytes()).decode().splitlines(keepends=True)

    def found(changed: list[str]) -> tuple[int, str]:
        archive.write_bytes(gzip.compress("".join(changed).encode()))
        capsys.readouterr()
        rc = main(["verify", "--archive", str(archive), "--lang", "en"])
        return rc, capsys.readouterr().out

    body = [*lines[:40], lines[40].replace('\\"t\\":1', '\\"t\\":2', 1), *lines[41:]]
    assert body != lines
    for changed in (body, [*lines[:40], *lines[41:]], [*lines[:40], lines[41], lines[40], *lines[42:]]):
        rc, said = found(changed)
        assert (rc, "fact 40" in said) == (1, True)
    rc, said = found(lines[:-30])
    assert (rc, "WRONG" in said) == (1, True)


async def test_what_was_altered_in_the_store_is_found_and_the_fact_named(played):
    data, code = played
    async with open_journal(StoreAddress(None, data)) as journal:
        _, entries = await journal.as_it_lies(code)
        name, _ = entries[49]
        async with embedded_store(data) as url:
            store = Redis.from_url(url)
            await store.xdel(f"{{{code}}}:j", name)
            rc, said, _ = await typed(data, "verify", code)
            await restored(store, code, entries)
            await store.aclose()
    again, _, _ = await typed(data, "verify", code)

    assert rc == 1
    assert "Fact 50 is not where it should be" in said
    assert "Something does not hold." in said
    assert again == 0


async def restored(store, code: str, entries: list) -> None:
    """Put the stream back as it was."""
    await store.delete(f"{{{code}}}:j")
    for name, fields in entries:
        await store.xadd(f"{{{code}}}:j", fields, id=name)


async def test_a_chain_that_somebody_wrote_down_is_compared(played):
    data, code = played
    _, said, _ = await typed(data, "verify", code, "--json")
    told = json.loads(said)
    right = await typed(data, "verify", code, "--chain", f"{told['number']}:{told['chain']}")
    wrong = await typed(data, "verify", code, "--chain", "12:0123456789abcdef")

    assert (right[0], wrong[0]) == (0, 1)
    assert "The chain at fact 12 is" in wrong[1]


async def test_a_receipt_is_checked_against_the_store_with_its_seal(played, tmp_path):
    data, code = played
    async with open_journal(StoreAddress(None, data)) as journal:
        seal = audit.sealing(await seed_of(journal, code, await journal.secret("web")))
        found = audit.verify(await evidence_of(journal, code))
    person = next(p for p in found.state.ideas.by_author if found.state.people.by_id[p].number)
    claims = [
        c._replace(chain=found.chains[c.number]).sealed(seal) for c in audit.claims_of(found.state, person)
    ]
    file = tmp_path / "receipt.txt"
    file.write_text("\n".join(map(str, claims)))
    right = await typed(data, "verify", code, "--receipt", str(file))
    file.write_text(str(Claim(*claims[0])._replace(seal="A" * 20)))
    forged = await typed(data, "verify", code, "--receipt", str(file))

    assert right[0] == 0
    assert right[1].count("Counted, unchanged.") == len(claims) > 3
    assert forged[0] == 1
    assert "was not written by this server" in forged[1]


def test_what_cannot_be_verified_is_said_with_what_to_do_next(tmp_path, capsys):
    letter = tmp_path / "letter"
    letter.write_text("Bonjour")

    def refused(*words: str) -> str:
        with pytest.raises(SystemExit) as end:
            main(["verify", "--data", str(tmp_path), *words])
        assert end.value.code == 1
        return capsys.readouterr().err

    (tmp_path / STORE_FOLDER).mkdir()
    assert "--archive" in refused("--lang", "en")
    assert "There is no forum ABC234" in refused("ABC234", "--lang", "en")
    assert "code d’un forum" in refused("hello", "--lang", "fr")
    assert "812:" in refused("ABC234", "--chain", "hello", "--lang", "en")
    assert "cannot be read" in refused("ABC234", "--receipt", str(tmp_path / "none"), "--lang", "en")
    assert "n’est pas un reçu" in refused("ABC234", "--receipt", str(letter), "--lang", "fr")
    assert "cannot be read" in refused("--archive", str(tmp_path / "none"), "--lang", "en")
