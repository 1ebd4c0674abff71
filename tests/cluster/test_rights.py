"""The rights that docs/operations.md tells an operator to give are enough, on one server and on a Cluster; and needed."""

import re
from pathlib import Path

import pytest

from forum.journal import Conflict, StoreAddress, StoreProblem, open_journal
from tests.cluster.nodes import Cluster
from tests.journal.conftest import HURRY, External, Listener

OPERATIONS = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
SECTION = OPERATIONS.partition("### A user of its own\n")[2].partition("and on the Sentinels")[0]
PATTERNS = re.findall(r"`([~&][^`]+)`", SECTION)


def rights() -> list[str]:
    """The commands the page lists."""
    return re.findall(r"\+[a-z|]+", SECTION)


async def used(url: str, folder: Path, code: str) -> None:
    """Everything a server asks of its store."""
    listener = Listener()
    async with open_journal(StoreAddress(url, folder), listener.on_bell, listener.on_reset, HURRY) as journal:
        head = await journal.create(code, [("desk:1", b"opened")], {"title": "x"})
        await journal.bells.watch(code)
        head = await journal.append(code, head, [("a:1", b"x"), ("a:2", b"y")])
        await listener.until(lambda: bool(listener.bells))
        await journal.set_name(code, "p1", "Zoé")
        assert await journal.names(code) == {"p1": "Zoé"}
        await journal.erase_name(code, "p1")
        await journal.put_key(code, "a" * 64, b"desk")
        assert await journal.key(code, "a" * 64) == b"desk"
        await journal.drop_key(code, "a" * 64)
        await journal.arrivals.note(code, "p1", "mark", 1_737_000_000_000)
        assert await journal.arrivals.lately(code, 1_737_000_000_000) == {"p1": "mark"}
        await journal.uploads.keep(code, "p1", b"table")
        assert await journal.uploads.kept(code, "p1") == b"table"
        await journal.uploads.forget(code, "p1")
        await journal.secret("rights")
        await journal.ping()
        await journal.writable()
        found = await journal.durability()
        head = await journal.keeping.redact(code, head, [("redact-1:1", b'{"f":{"k":"Redacted"}}')], [2])

        assert code in {record.code for record in await journal.forums()}
        assert found.aof == "always"
        with pytest.raises(Conflict):
            await journal.append(code, head._replace(seq=1), [])
        assert not await journal.purged(code)
        await journal.keeping.purge(code, head)
        assert await journal.purged(code)
        assert await journal.keeping.rewrite() == "done"


async def test_the_rights_the_manual_lists_are_enough_for_one_server(
    external: External, tmp_path: Path, code: str
) -> None:
    async with external.client() as client:
        await client.execute_command("ACL", "SETUSER", "hall", "reset", "on", ">word", *PATTERNS, *rights())
    await used(external.url.replace("//", "//hall:word@"), tmp_path, code)


async def test_the_rights_the_manual_lists_are_enough_for_a_cluster(
    six: Cluster, tmp_path: Path, code: str
) -> None:
    for node in six.nodes:
        await node.call("ACL", "SETUSER", "hall", "reset", "on", ">word", *PATTERNS, *rights())
    await used(six.url.replace("//", "//hall:word@"), tmp_path, code)


async def test_without_the_right_to_wait_for_replicas_a_store_that_has_some_is_refused(
    six: Cluster, tmp_path: Path
) -> None:
    granted = [right for right in rights() if right != "+wait"]
    for node in six.nodes:
        await node.call("ACL", "SETUSER", "hasty", "reset", "on", ">word", *PATTERNS, *granted)
    address = StoreAddress(six.url.replace("//", "//hasty:word@"), tmp_path)
    with pytest.raises(StoreProblem) as problem:
        async with open_journal(address, pace=HURRY):
            pass

    assert problem.value.code == "denied"
