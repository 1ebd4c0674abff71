"""Where calls go: sent again only when nothing was executed, a bounded number of times, and within one deadline."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from forum.journal import Pace, Unavailable
from forum.journal.servers import TURNS_MAX, reaching

PACE = Pace(call_seconds=1.0, look_seconds=60.0)
Answer = Callable[[list[bytes]], bytes | None]


class Pretender:
    """A server that says it is a Cluster of one, and answers our commands as a test wants it to."""

    def __init__(self, answer: Answer) -> None:
        self.asked: list[bytes] = []  # names of the commands that concern a key
        self.port = 0
        self._answer = answer

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while words := await command(reader):
                said = self._said(words)
                if said is None:
                    return
                writer.write(said)
        finally:
            writer.close()

    def _said(self, words: list[bytes]) -> bytes | None:
        match words:
            case [b"INFO", *_]:
                return bulk(b"cluster_enabled:1\r\nrole:master\r\n")
            case [b"CLUSTER", b"INFO"]:
                return bulk(b"cluster_state:ok\r\ncluster_current_epoch:1\r\n")
            case [b"CLUSTER", b"SLOTS"]:
                host = bulk(b"127.0.0.1")
                return b"*1\r\n*3\r\n:0\r\n:16383\r\n*3\r\n%s:%d\r\n%s" % (host, self.port, bulk(b"id"))
            case [b"CLIENT", *_]:
                return b"+OK\r\n"
        self.asked.append(words[0])
        return self._answer(words)


def bulk(text: bytes) -> bytes:
    return b"$%d\r\n%s\r\n" % (len(text), text)


async def command(reader: asyncio.StreamReader) -> list[bytes]:
    words = []
    if not (count := await reader.readline()):
        return []
    for _ in range(int(count[1:])):
        size = int((await reader.readline())[1:])
        words.append((await reader.readexactly(size + 2))[:-2])
    return words


@asynccontextmanager
async def pretending(answer: Answer) -> AsyncIterator[Pretender]:
    pretender = Pretender(answer)
    server = await asyncio.start_server(pretender.serve, "127.0.0.1", 0)
    async with server:
        pretender.port = server.sockets[0].getsockname()[1]
        yield pretender


async def test_a_store_that_sends_us_in_circles_is_given_up() -> None:
    async with (
        pretending(lambda words: b"-MOVED 1 127.0.0.1:%d\r\n" % pretender.port) as pretender,
        reaching(f"redis://127.0.0.1:{pretender.port}", PACE, 1) as servers,
    ):
        loop = asyncio.get_running_loop()
        started = loop.time()
        with pytest.raises(Unavailable) as given_up:
            await servers.one("HGETALL", "{a}:m")

        assert given_up.value.reason == "away"
        assert 1 < len(pretender.asked) <= TURNS_MAX
        assert loop.time() - started < 2 * PACE.call_seconds


async def test_a_command_that_may_have_been_executed_is_not_sent_again() -> None:
    async with (
        pretending(lambda words: None) as pretender,
        reaching(f"redis://127.0.0.1:{pretender.port}", PACE, 1) as servers,
    ):
        with pytest.raises(Unavailable):
            await servers.write("FCALL", "forum_append", 2, "{a}:m", "{a}:j")

        assert pretender.asked == [b"FCALL"]


async def test_what_was_not_executed_is_sent_again_until_it_is() -> None:
    answers = [b"-TRYAGAIN multiple keys\r\n", b"-CLUSTERDOWN the hash slot is not served\r\n", b"+done\r\n"]
    async with (
        pretending(lambda words: answers.pop(0)) as pretender,
        reaching(f"redis://127.0.0.1:{pretender.port}", PACE, 1) as servers,
    ):
        assert await servers.one("FCALL", "forum_append", 2, "{a}:m", "{a}:j") == b"done"
        assert pretender.asked == [b"FCALL"] * 3


async def test_a_key_on_its_way_is_asked_for_at_its_new_home_just_once() -> None:
    async with pretending(lambda words: b"+OK\r\n" if words == [b"ASKING"] else b"+there\r\n") as target:
        answers = [b"-ASK 1 127.0.0.1:%d\r\n" % target.port, b"+here\r\n"]
        async with (
            pretending(lambda words: answers.pop(0)) as source,
            reaching(f"redis://127.0.0.1:{source.port}", PACE, 1) as servers,
        ):
            assert await servers.one("HGET", "{a}:m", "x") == b"there"
            assert await servers.one("HGET", "{a}:m", "x") == b"here"

    assert target.asked == [b"ASKING", b"HGET"]


async def test_a_transaction_is_sent_again_whole() -> None:
    held = [b"+OK\r\n", b"-MOVED 1 127.0.0.1:%d\r\n", b"-EXECABORT because of previous errors\r\n"]
    done = [b"+OK\r\n", b"+QUEUED\r\n", b"*1\r\n:1\r\n"]

    def answer(words: list[bytes]) -> bytes:
        said = (held or done).pop(0)
        return said % source.port if b"%d" in said else said

    async with (
        pretending(answer) as source,
        reaching(f"redis://127.0.0.1:{source.port}", PACE, 1) as servers,
    ):
        replies = await servers.many([("MULTI",), ("DEL", "{a}:m"), ("EXEC",)])

    assert replies == [b"OK", b"QUEUED", [1]]
    assert source.asked == [b"MULTI", b"DEL", b"EXEC"] * 2


async def test_callers_that_go_away_leave_nothing_behind() -> None:
    async with (
        pretending(lambda words: b"-TRYAGAIN\r\n") as pretender,
        reaching(f"redis://127.0.0.1:{pretender.port}", PACE, 1) as servers,
    ):
        asked = [asyncio.create_task(servers.one("HGETALL", "{a}:m")) for _ in range(50)]
        await asyncio.sleep(0)
        for task in asked:
            task.cancel()
        answers = await asyncio.gather(*asked, return_exceptions=True)

    assert all(isinstance(answer, asyncio.CancelledError) for answer in answers)
