"""Votes whose count takes long, counted before their reveal is judged: in a process of its own, so that nobody waits.

The count begins when the vote is closed, and is there, as a rule, when somebody reveals it. If not, that command waits, and what
came behind it, while the room goes on reading and showing. The process inherits what it needs to run and nothing else. If none
can be started, or it takes too much, the round is counted when its reveal is judged: that holds others up, and is right.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from typing import Final

import msgspec
import structlog

from forum.apart import INHERITED
from forum.domain.flow.words import RevealStep
from forum.domain.kernel import Command, Rejection
from forum.domain.state import State
from forum.domain.steps import ahead
from forum.domain.steps.rounds import Result, Round
from forum.domain.steps.sent import ordered, read

LONGEST_SECONDS: Final = 20.0  # then it is counted where it is needed
BY_ITSELF: Final = """
import os, sys
from forum.apart import be_modest
from forum.domain.steps.sent import answered  # the rules alone: they are read in a moment
be_modest(cpu_seconds=15, memory_bytes=512 * 1024**2)
sys.stdout.buffer.write(answered(sys.stdin.buffer.read()))
"""
PROGRAM: Final = (sys.executable, "-P", "-c", BY_ITSELF)

log = structlog.get_logger()


class Counting:
    """The counts of one forum."""

    def __init__(self, tasks: asyncio.TaskGroup, done: Callable[[], None]) -> None:
        """Nothing is counted yet. ``done``: what waited for a count need not any more."""
        self._tasks, self._done = tasks, done
        self._under_way: Round | None = None
        self._given_up: Round | None = None
        self._nothing_to_do: Round | None = (
            None  # for this one, asked by identity: to ask ``ahead`` costs all its ballots
        )

    def begin(self, state: State) -> None:
        """Count the vote that stands, if it is closed, slow to count and not counted: somebody will reveal it. At each commit."""
        latest = state.rounds.latest(state.current) if state.current else None
        if latest is None or not latest.closed_at or latest is self._nothing_to_do:
            return
        round_ = ahead.unknown(latest)
        if round_ is None:
            self._nothing_to_do = latest
        else:
            self._count(round_)

    def must_wait(self, state: State, what: Command | Rejection) -> bool:
        """Whether a command needs a count that is not there yet. It is begun."""
        if not isinstance(what, RevealStep):
            return False
        round_ = ahead.unknown(state.rounds.latest(what.step))
        if round_ is None or not round_.closed_at or round_ is self._given_up:
            return False
        self._count(round_)
        return True

    def _count(self, round_: Round) -> None:
        if self._under_way is None and round_ is not self._given_up:
            self._under_way = round_
            self._tasks.create_task(self._counted(round_), name="count of a vote")

    async def _counted(self, round_: Round) -> None:
        try:
            ahead.keep(round_, await by_a_process(round_))
        except (OSError, TimeoutError, msgspec.MsgspecError) as error:
            log.warning("not_counted_apart", why=type(error).__name__, ballots=len(round_.ballots))
            self._given_up = round_
        finally:
            self._under_way = None
            self._done()


async def by_a_process(round_: Round) -> Result:
    """Its result. OSError, TimeoutError or msgspec.MsgspecError where there is none."""
    process = await asyncio.create_subprocess_exec(
        *PROGRAM,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={name: os.environ[name] for name in INHERITED if name in os.environ},
    )
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            said, _ = await process.communicate(ordered(round_))
        return read(said)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
