"""Documents made in a process of their own, so that nobody's ✓ waits for a download. Hides the process.

The process inherits what it needs to run and nothing else: no address of a store, no password. If no process
can be started, the document is made in a thread, which holds others up a little. A person who downloads
while something is wrong needs the document. What was too much for a process is made nowhere: a thread has no bounds.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

import msgspec
import structlog

from forum.apart import INHERITED, OVERSPENT
from forum.exports import HowFar, Made, read_made
from forum.exports.apart import heard, made, measured
from forum.web.turns import Crowded

LONGEST_SECONDS: Final = (
    240.0  # behind everything else that the machine does; people see how far it is, and can stop it
)
MODESTLY: Final = """
import os
try:
    os.nice(15)  # from its first breath: reading its modules is most of what it does
except (AttributeError, OSError):
    pass  # not everywhere, and some sandboxes refuse it: it is made all the same
os.environ["RAYON_NUM_THREADS"] = "2"  # what sets pages would take every core, and room for each
from forum.exports.apart import main
main()
"""
PROGRAM: Final = (sys.executable, "-P", "-c", MODESTLY)  # -P: never what lies in the folder we stand in

log = structlog.get_logger()


Maker = Callable[[bytes, HowFar], Awaitable[Made]]
"""Makes the document of an order, and says how far it is. Raises Crowded when it takes longer than anybody waits, or more than it
may; ends at once when it is cancelled."""


class Overspent(Exception):
    """The process was ended, by its own bounds or by the system."""


async def made_apart(order: bytes, far: HowFar) -> Made:
    """In a process of its own."""
    try:
        return await _by_a_process(order, far)
    except (TimeoutError, Overspent):
        log.warning("export_took_too_much", bytes=len(order))
        raise Crowded from None
    except (OSError, msgspec.MsgspecError) as error:
        log.warning("export_without_process", why=type(error).__name__)
        return await made_here(order, far)


async def made_here(order: bytes, far: HowFar) -> Made:
    """In a thread: no interpreter is started, and others are held up a little."""
    return read_made(await asyncio.to_thread(made, order, far))


async def _by_a_process(order: bytes, far: HowFar) -> Made:
    process = await asyncio.create_subprocess_exec(
        *PROGRAM,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={name: os.environ[name] for name in INHERITED if name in os.environ},
    )
    assert process.stdin, "it was asked for"
    assert process.stdout, "it was asked for"
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            process.stdin.write(measured(order))
            with suppress(ConnectionError):  # how it ended says why
                await process.stdin.drain()
            try:
                return await heard(process.stdout, far)
            except OSError:
                code = await process.wait()
                if code == OVERSPENT or code < 0:  # below 0: by a signal
                    raise Overspent from None
                raise
    finally:
        process.stdin.close()
        with suppress(ProcessLookupError):  # it has ended, as a rule
            process.kill()
        await process.wait()
