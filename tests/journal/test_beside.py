"""What is kept beside the journals: names, capabilities, secrets; and what the store promises."""

import asyncio
from hashlib import sha256
from pathlib import Path

import pytest

from forum.journal import Damaged, Durability, Journal, Problem, StoreAddress, StoreProblem, open_journal
from forum.journal.calls import Calls, Pace
from forum.journal.durability import check_usable
from forum.journal.uploads import MOST_KEPT
from tests.journal.conftest import HURRY, External, by_hand, external_store, free_port

DIGEST, OTHER = (sha256(word).hexdigest() for word in (b"secret", b"other"))


async def test_a_name_is_kept_changed_and_erased(journal: Journal, code: str) -> None:
    await journal.create(code, [("desk:1", b"")], {})
    await journal.set_name(code, "p1", "Zoé 🎻")
    await journal.set_name(code, "p2", "Ali")
    await journal.set_name(code, "p2", "Ali B.")

    assert await journal.names(code) == {"p1": "Zoé 🎻", "p2": "Ali B."}

    await journal.erase_name(code, "p1")
    await journal.erase_name(code, "nobody")

    assert await journal.names(code) == {"p2": "Ali B."}


async def test_a_name_leaves_no_trace_in_the_journal(journal: Journal, code: str) -> None:
    head = await journal.create(code, [("desk:1", b"")], {})
    await journal.set_name(code, "p1", "Zoé")

    assert await journal.head(code) == head
    assert await journal.names(code) == {"p1": "Zoé"}


async def test_a_capability_is_found_by_its_digest_until_it_is_dropped(journal: Journal, code: str) -> None:
    await journal.put_key(code, DIGEST, b"\x00desk")
    await journal.put_key(code, OTHER, b"screen")

    assert await journal.key(code, DIGEST) == b"\x00desk"
    assert await journal.keys(code) == {DIGEST: b"\x00desk", OTHER: b"screen"}

    await journal.drop_key(code, DIGEST)

    assert await journal.key(code, DIGEST) is None
    assert await journal.keys(code) == {OTHER: b"screen"}


async def test_a_record_takes_the_place_of_the_one_that_was_read_and_of_no_other(
    journal: Journal, code: str
) -> None:
    await journal.put_key(code, DIGEST, b"read")
    taken = await journal.replace_key(code, DIGEST, b"read", b"renewed")
    late = await journal.replace_key(code, DIGEST, b"read", b"too late")
    gone = await journal.replace_key(code, OTHER, b"read", b"of a forum that was deleted")

    assert (taken, late, gone) == (True, False, False)
    assert await journal.keys(code) == {DIGEST: b"renewed"}


@pytest.mark.parametrize("raw", ["a-secret-from-a-link", "", DIGEST.upper(), DIGEST[:-1]])
async def test_a_secret_itself_is_never_stored_nor_repeated(journal: Journal, code: str, raw: str) -> None:
    with pytest.raises(ValueError, match="SHA-256") as refused:
        await journal.put_key(code, raw, b"desk")

    assert not raw or raw not in str(refused.value)
    assert await journal.keys(code) == {}


async def test_all_processes_share_a_secret_made_once(journal: Journal) -> None:
    first, *others = await asyncio.gather(*(journal.secret("signing") for _ in range(20)))

    assert len(first) == 32
    assert set(others) == {first}
    assert await journal.secret("another") != first
    with pytest.raises(ValueError, match="a name of small letters"):
        await journal.secret("no such:name")


async def test_ping_says_how_long_the_store_takes(journal: Journal) -> None:
    assert 0 < await journal.ping() < 3_000


async def test_a_store_that_syncs_before_it_answers_is_durable(journal: Journal) -> None:
    found = await journal.durability()

    assert (found.promise, found.aof, found.eviction) == ("durable", "always", "noeviction")
    assert (found.fsync_ms is not None) == found.embedded
    assert "durable" in str(found)
    assert "\n" not in str(found)


@pytest.mark.parametrize(
    ("settings", "promise", "code"),
    [
        (["--appendfsync", "everysec"], "may lose a second", "aof_everysec"),
        (["--appendonly", "no"], "memory only", "aof_off"),
        (["--appendfsync", "always"], "durable", None),
    ],
)
async def test_the_promise_is_what_the_store_gives(
    tmp_path: Path, settings: list[str], promise: str, code: str | None
) -> None:
    async with (
        external_store(tmp_path, *settings) as store,
        open_journal(StoreAddress(store.url, tmp_path)) as journal,
    ):
        found = await journal.durability()

    assert found.promise == promise
    assert [problem.code for problem in found.problems] == ([code] if code else [])
    assert not found.embedded


async def test_a_store_that_hides_its_settings_is_not_called_durable(tmp_path: Path) -> None:
    async with external_store(tmp_path) as store:
        async with store.client() as client:
            await client.acl_setuser("default", enabled=True, nopass=True, commands=["-config"])
        async with open_journal(StoreAddress(store.url, tmp_path)) as journal:
            found = await journal.durability()

    assert found.promise == "may lose a second"
    assert Problem("aof_unknown") in found.problems


def test_a_durability_reads_as_one_line() -> None:
    found = Durability(
        server="valkey",
        version="9.1.2",
        embedded=True,
        aof="always",
        eviction="noeviction",
        fsync_ms=80.0,
        promise="durable",
        problems=(Problem("slow_disk", "80 ms"),),
    )

    assert str(found) == (
        "valkey 9.1.2 (embedded), append-only file always, noeviction, fsync 80.0 ms: durable; slow_disk 80 ms"
    )


# --- stores that must not be used


async def refused(url: str, data: Path) -> StoreProblem:
    with pytest.raises(StoreProblem) as problem:
        async with open_journal(StoreAddress(url, data), pace=HURRY):
            pass
    assert "\n" not in str(problem.value)
    return problem.value


async def test_a_store_that_may_delete_data_is_refused(tmp_path: Path) -> None:
    async with external_store(tmp_path, "--maxmemory-policy", "allkeys-lru") as store:
        problem = await refused(store.url, tmp_path)

    assert problem.code == "evicting"
    assert "allkeys-lru" in str(problem)


@pytest.mark.parametrize("url", ["postgres://x", "localhost:6379", "redis://host:port", "", "redis://[::1"])
async def test_an_address_that_is_none_is_refused(url: str, tmp_path: Path) -> None:
    assert (await refused(url, tmp_path)).code == "bad_url"


async def test_a_store_that_is_away_is_named_without_its_password(tmp_path: Path) -> None:
    problem = await refused("redis://forum:pa55word@127.0.0.1:1/0", tmp_path)

    assert problem.code == "away"
    assert "127.0.0.1:1" in str(problem)
    assert "pa55word" not in str(problem)


async def test_a_store_that_wants_a_password_is_refused_with_the_cure(tmp_path: Path) -> None:
    async with external_store(tmp_path, "--requirepass", "pa55word") as store:
        problem = await refused(store.url, tmp_path)
        async with open_journal(StoreAddress(store.url.replace("//", "//:pa55word@"), tmp_path)) as journal:
            assert await journal.ping() > 0

    assert problem.code == "denied"


async def test_a_replica_is_refused(tmp_path: Path) -> None:
    async with external_store(tmp_path, "--replicaof", "127.0.0.1", "1") as store:
        assert (await refused(store.url, tmp_path)).code == "replica"


async def test_a_cluster_whose_slots_nobody_keeps_is_refused(tmp_path: Path) -> None:
    async with external_store(
        tmp_path, "--cluster-enabled", "yes", "--cluster-port", str(free_port())
    ) as store:
        assert (await refused(store.url, tmp_path)).code == "refused"


@pytest.mark.parametrize(
    ("rule", "code"),
    [("-spublish", "refused"), ("-xadd", "refused"), ("-fcall", "refused"), ("-ssubscribe", "denied")],
)
async def test_missing_rights_are_found_at_start_up(tmp_path: Path, rule: str, code: str) -> None:
    async with external_store(tmp_path) as store:
        async with store.client() as client:
            await client.acl_setuser("default", enabled=True, nopass=True, commands=[rule])
        problem = await refused(store.url, tmp_path)

    assert problem.code in (code, "denied")
    assert rule[1:] in str(problem)


@pytest.mark.parametrize(("version", "accepted"), [("6.2.14", False), ("7.0.15", True), ("10.0.1", True)])
async def test_a_store_too_old_for_functions_is_refused(version: str, accepted: bool) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        info = f"redis_version:{version}\r\nmaxmemory_policy:noeviction\r\nrole:master\r\n".encode()
        while request := await reader.read(4096):
            writer.write(b"$%d\r\n%s\r\n" % (len(info), info) if b"INFO" in request else b"+OK\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        calls = Calls(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}", Pace())
        try:
            if accepted:
                await check_usable(calls, "redis://old")
            else:
                with pytest.raises(StoreProblem, match=f"redis {version}"):
                    await check_usable(calls, "redis://old")
        finally:
            await calls.aclose()


# --- journals that cannot be explained


async def test_the_library_is_loaded_once_and_not_again(external: External, tmp_path: Path) -> None:
    async with open_journal(StoreAddress(external.url, tmp_path)) as journal, by_hand(journal) as client:
        before = (await client.info("commandstats"))["cmdstat_function|load"]["calls"]
        async with open_journal(StoreAddress(external.url, tmp_path)):
            after = (await client.info("commandstats"))["cmdstat_function|load"]["calls"]

    assert after == before


async def test_a_flushed_library_is_loaded_again(journal: Journal, code: str) -> None:
    head = await journal.create(code, [("desk:1", b"")], {})
    async with by_hand(journal) as client:
        await client.function_flush()

    assert (await journal.append(code, head, [("a:1", b"x")])).seq == 2


async def test_another_version_of_the_library_is_replaced_at_start_up(
    external: External, tmp_path: Path, code: str
) -> None:
    other = "#!lua name=forum\nredis.register_function('forum_append', function() return {'ok'} end)"
    async with external.client() as client:
        await client.function_load(other, replace=True)
    async with open_journal(StoreAddress(external.url, tmp_path)) as journal:
        head = await journal.create(code, [("desk:1", b"")], {})

        assert (await journal.append(code, head, [("a:1", b"x")])).seq == 2


@pytest.mark.parametrize("kind", ["head", "journal"])
async def test_a_key_of_another_type_freezes_the_forum(journal: Journal, code: str, kind: str) -> None:
    head = await journal.create(code, [("desk:1", b"")], {})
    key = f"{{{code}}}:{kind[0].replace('h', 'm')}"
    async with by_hand(journal) as client:
        await client.set(key, "mine")

        with pytest.raises(Damaged):
            await journal.append(code, head, [("a:1", b"x")])
        with pytest.raises(Damaged):
            await journal.read(code)
        if kind == "head":
            assert await journal.head(code) is None
            with pytest.raises(Damaged):
                await journal.create(code, [("desk:1", b"")], {})
        assert await client.get(key) == b"mine"


async def test_a_journal_without_its_head_is_never_created_again(journal: Journal, code: str) -> None:
    await journal.create(code, [("desk:1", b"")], {})
    async with by_hand(journal) as client:
        await client.delete(f"{{{code}}}:m")

        with pytest.raises(Damaged):
            await journal.create(code, [("desk:1", b"")], {})
        assert await client.xlen(f"{{{code}}}:j") == 1


async def damaged_by(journal: Journal, code: str, *command: object) -> None:
    head = await journal.create(code, [(f"desk:{n}", b"x") for n in range(1, 6)], {})
    async with by_hand(journal) as client:
        await client.execute_command(*(str(word).replace("KEY", f"{{{code}}}") for word in command))
    with pytest.raises(Damaged):
        await journal.read(code)
    assert (await journal.head(code) is None) == ("HDEL" in command)
    assert head.seq == 5


@pytest.mark.parametrize(
    "command",
    [
        ("XDEL", "KEY:j", "3-0"),
        ("XDEL", "KEY:j", "1-0"),
        ("XDEL", "KEY:j", "5-0"),
        ("XTRIM", "KEY:j", "MAXLEN", 2),
        ("DEL", "KEY:j"),
        ("XADD", "KEY:j", "6-1", "o", "x:1", "b", "", "c", ""),
        ("XADD", "KEY:j", "6-0", "hello", "world"),
        ("XADD", "KEY:j", "9-0", "o", "x:1", "b", "", "c", ""),
        ("HSET", "KEY:m", "seq", 7),
        ("HSET", "KEY:m", "chain", "0123456789abcdef"),
        ("HDEL", "KEY:m", "seq"),
    ],
    ids=lambda command: " ".join(map(str, command)).replace("KEY", ""),
)
async def test_what_cannot_be_explained_is_not_read(journal: Journal, code: str, command: tuple) -> None:
    await damaged_by(journal, code, *command)


@pytest.mark.parametrize(
    "command",
    [
        ("XADD", "KEY:j", "6-0", "o", "x:1", "b", "", "c", ""),
        ("XADD", "KEY:j", "6-1", "o", "x:1", "b", "", "c", ""),
        ("DEL", "KEY:j"),
        ("HSET", "KEY:m", "seq", 7),
        ("HDEL", "KEY:m", "seq"),
        ("HDEL", "KEY:m", "chain"),
    ],
    ids=lambda command: " ".join(map(str, command)).replace("KEY", ""),
)
async def test_nothing_is_added_to_what_cannot_be_explained(
    journal: Journal, code: str, command: tuple
) -> None:
    head = await journal.create(code, [(f"desk:{n}", b"x") for n in range(1, 6)], {})
    async with by_hand(journal) as client:
        await client.execute_command(*(str(word).replace("KEY", f"{{{code}}}") for word in command))
        length = await client.xlen(f"{{{code}}}:j")

        for expected in (head, head._replace(seq=6), head._replace(seq=7)):
            with pytest.raises((Damaged,)):
                await journal.append(code, expected, [("a:1", b"x")])
        assert await client.xlen(f"{{{code}}}:j") == length


async def test_of_what_was_handed_in_the_latest_few_are_kept_and_go_with_their_forum(
    journal: Journal, code: str
) -> None:
    head = await journal.create(code, [("desk:1", b"")], {})
    people = [f"p{n}" for n in range(MOST_KEPT + 3)]
    for person in people:
        await journal.uploads.keep(code, person, person.encode())
    await journal.uploads.keep(code, people[3], b"again")
    kept = [await journal.uploads.kept(code, person) for person in people]
    await journal.uploads.forget(code, people[4])
    forgotten = await journal.uploads.kept(code, people[4])
    await journal.keeping.purge(code, head)

    assert len(people) == 9
    assert kept == [None, None, None, b"again", b"p4", b"p5", b"p6", b"p7", b"p8"]
    assert forgotten is None
    assert {await journal.uploads.kept(code, person) for person in people} == {None}
