"""What this process holds of the machine's memory: the collector of cycles rests, and unused memory is given back.

Two others hold memory besides our own objects.

- The collector of cycles would walk through all connections and templates again and again: a quarter of a
  busy hall's processor time. It therefore rests, and works when nobody is here to wait. Nothing large may
  depend on it (``LiveRoom.forget``).
- The C library keeps freed memory for the next time: between what is still in use, and in an arena for each
  thread that ever made a document. It releases whole pages only when asked.
"""

import asyncio
import ctypes
import gc
import sys
from collections.abc import Callable
from typing import Any, Final

WASTE: Final = (
    10_000,
    20,
    100,
)  # containers made and kept before a look at the young, of these before one at all


def look_for_waste_seldom() -> None:
    """Let the collector of cycles rest. What it must find, connections that ended, is small."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*WASTE)


async def give_back(*, alone: bool) -> None:
    """Let the machine have what nobody needs any more, after a forum was let go.

    alone   nobody is connected, so that a pause of some tens of milliseconds harms nobody
    """
    if alone:
        gc.collect()
    if _trim is not None:
        await asyncio.to_thread(_trim, 0)  # some milliseconds, without the interpreter's lock


def _found_trim() -> Callable[[int], Any] | None:
    """The C library's, where it has one: glibc on Linux."""
    if sys.platform != "linux":
        return None
    return getattr(ctypes.CDLL(None), "malloc_trim", None)


_trim: Final = _found_trim()
