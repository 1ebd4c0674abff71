"""A stranger's file, read in a process of its own or not at all: a thread has no bounds. Hides the process.

The process inherits what it needs to run and nothing else, and has little time and memory (``imports.apart``,
``photographs.apart``).
"""

import asyncio
import os
import sys
from contextlib import suppress
from typing import Final

import structlog

from forum.apart import INHERITED
from forum.imports import Unreadable

LONGEST_SECONDS: Final = 25.0
MODESTLY: Final = """
import os
try:
    os.nice(10)
except (AttributeError, OSError):
    pass  # not everywhere, and some sandboxes refuse it: it is read all the same
from {module} import main
main()
"""
TABLES: Final = "forum.imports.apart"
PHOTOGRAPHS: Final = "forum.photographs.apart"

log = structlog.get_logger()


class TookTooLong(Exception):
    """The file is too much, or no process can be started."""


async def read_apart(order: bytes) -> bytes:
    """The answer to an order of ``imports``. Unreadable, where the file is too much, or no process can be started."""
    try:
        return await answered_apart(TABLES, order)
    except TookTooLong:
        raise Unreadable("took_too_long") from None


async def answered_apart(module: str, order: bytes) -> bytes:
    """What the process of a module answers to its standard input. TookTooLong."""
    # -P: never what lies in the folder we stand in
    program = (sys.executable, "-P", "-c", MODESTLY.format(module=module))
    try:
        process = await asyncio.create_subprocess_exec(
            *program,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # what ends it for want of memory says so there
            env={name: os.environ[name] for name in INHERITED if name in os.environ},
        )
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                answer, _ = await process.communicate(order)
        finally:
            with suppress(ProcessLookupError):  # it has ended, as a rule
                process.kill()
    except (TimeoutError, OSError) as error:
        log.warning("file_not_read", by=module, bytes=len(order), why=type(error).__name__)
        raise TookTooLong from None
    if process.returncode:
        log.warning("file_not_read", by=module, bytes=len(order), why=str(process.returncode))
        raise TookTooLong
    return answer
