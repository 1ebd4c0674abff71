"""What was erased leaves the files of every server of a store, and one that is away makes no other write anew again and again."""

from pathlib import Path

from forum.journal import StoreAddress, open_journal
from tests.cluster.nodes import cluster, until
from tests.journal.conftest import HURRY, a_code


async def test_a_replica_that_is_away_is_said_and_only_that_one_is_asked_again(tmp_path: Path) -> None:
    async with cluster(tmp_path, primaries=1) as formed:
        [primary] = [node for node in formed.nodes if (await node.info("replication"))["role"] == "master"]
        replica = await formed.replica(primary)
        async with open_journal(StoreAddress(formed.url, tmp_path), pace=HURRY) as journal:
            code = a_code()
            head = await journal.create(code, [("desk:1", b"opened")], {})
            await journal.set_name(code, "lea", "Léa")
            await replica.call("CLIENT", "PAUSE", 600_000, "ALL")  # its primary still reaches it, we do not
            await journal.keeping.redact(code, head, [("redact-a:1", b"{}")], [], "lea")
            before = await rewrites(primary)
            said = [await journal.keeping.rewrite() for _ in range(2)]
            known = await journal.keeping.traces()
            asked = await rewrites(primary) - before
            await replica.kill()
            replica.start()
            await replica.ready()
            await until(formed.well)
            done, nothing_more = await journal.keeping.rewrite(), await journal.keeping.rewrite()
            again = await rewrites(primary) - before
            left = await journal.keeping.traces()

    assert said == ["away"] * 2
    assert known == "away"
    assert (asked, again) == (1, 1)
    assert (done, nothing_more, left) == ("done", None, None)


async def rewrites(node) -> int:
    return int((await node.info("persistence"))["aof_rewrites"])
