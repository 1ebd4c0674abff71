"""The store is admitted: opened, or brought along, checked, and rehearsed, before a journal stands on it.

Hides why a store cannot be used; says so by a StoreProblem with its cure. Never lets a journal begin on a store that
does not do what we ask of it.
"""

import errno
import os
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from forum.journal.bells import Bells, NotHeard, OnBell, OnReset, ringing
from forum.journal.calls import FunctionMissing, Pace
from forum.journal.contract import Damaged, Unavailable
from forum.journal.durability import check_servers
from forum.journal.embedded import embedded_store
from forum.journal.layout import without_password
from forum.journal.library import Library
from forum.journal.problems import StoreProblem
from forum.journal.servers import Servers, reaching
from forum.journal.store import Journal

PACE: Final = Pace()
CONNECTING: Final = re.compile(r"Error (?P<number>-?\d{1,6}) connecting to .*?\. (?P<why>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class StoreAddress:
    """Where facts are kept: ``url`` of an external store, else an embedded one in the folder ``data``."""

    url: str | None  # see ``layout.parse_url``
    data: Path
    replicas: int = 1  # that must have a write before it counts, where there are so many


@asynccontextmanager
async def open_journal(
    address: StoreAddress,
    on_bell: OnBell | None = None,
    on_reset: OnReset | None = None,
    pace: Pace = PACE,
) -> AsyncIterator[Journal]:
    """Open the journal for as long as the block lasts; without a url, with an embedded store.

    ``on_bell`` and ``on_reset`` together: see ``Bells.listen``, which can also set them later. Raises
    StoreProblem when the store cannot be used; what is raised in the block passes unchanged.
    """
    async with AsyncExitStack() as stack:
        url = address.url
        if url is None:
            url = await stack.enter_async_context(embedded_store(address.data))
        shown = without_password(url)
        servers = await stack.enter_async_context(_reached(url, shown, pace, address.replicas))
        bells = await stack.enter_async_context(ringing(servers, pace))
        library = Library(servers, pace)
        await _admit(servers, library, bells, shown)
        if on_bell is not None and on_reset is not None:
            bells.listen(on_bell, on_reset)
        yield Journal(servers, library, bells, None if address.url is not None else address.data)


@asynccontextmanager
async def _reached(url: str, shown: str, pace: Pace, replicas: int) -> AsyncIterator[Servers]:
    async with AsyncExitStack() as stack:
        try:
            servers = await stack.enter_async_context(reaching(url, pace, replicas))
        except ValueError:
            raise StoreProblem("bad_url", url=shown) from None
        except Unavailable as error:
            raise _start_problem(error, shown) from error
        yield servers


async def _admit(servers: Servers, library: Library, bells: Bells, url: str) -> None:
    """Raise StoreProblem unless this store may be used and does what we ask of it."""
    try:
        await check_servers(servers, url)
        await library.load()
        await library.rehearse(bells)
    except NotHeard as error:
        raise StoreProblem("no_bell", url=url) from error
    except FunctionMissing as error:
        raise StoreProblem("refused", url=url, detail=str(error)) from error
    except (Unavailable, Damaged) as error:
        raise _start_problem(error, url) from error


def _start_problem(error: Unavailable | Damaged, url: str) -> StoreProblem:
    if "No such master" in str(error):
        return StoreProblem("no_master", url=url)
    reason = error.reason if isinstance(error, Unavailable) else "refused"
    code = {"denied": "denied", "away": "away", "timeout": "away"}.get(reason, "refused")
    return StoreProblem(code, url=url, detail=_in_the_systems_words(error))


def _in_the_systems_words(error: Unavailable | Damaged) -> str:
    """Why, to stand in brackets: without our own word for it, nor the client's."""
    if not isinstance(error, Unavailable):
        return str(error).rstrip(".")
    if found := CONNECTING.fullmatch(error.detail):
        number = int(found["number"])
        return os.strerror(number) if number > 0 else found["why"].rstrip(".")
    return error.detail.rstrip(".") or os.strerror(errno.ETIMEDOUT)
