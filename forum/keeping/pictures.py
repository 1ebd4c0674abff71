"""Which pictures of photographs are to go, and that they do: those erased, and those that no fact tells of. The ledger knows first."""

import asyncio
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Final

import structlog

from forum.domain.kernel import N_, PhotographId
from forum.domain.photographs.part import PhotographErased
from forum.domain.state import State
from forum.journal import Journal
from forum.keeping.archive import BadArchive
from forum.keeping.erasure import append
from forum.keeping.ledger import Ledger, Line
from forum.keeping.life import Life

STRAY_MS: Final = 3600 * 1000  # after which a picture that no fact tells of was broken off, not on its way


log = structlog.get_logger()


def to_go(life: Life, known: Mapping[str, int], at: int) -> tuple[list[str], list[str]]:
    """Of those that lie beside a journal (since when): those that were erased, and those that nothing names."""
    erased = [one for one in known if one in life.erased]
    stray = [one for one, since in known.items() if one not in life.photographs and at - since > STRAY_MS]
    return erased, stray


async def let_go(journal: Journal, ledger: Ledger, code: str, life: Life, at: int) -> int:
    """Let go of what is to go; return how many pictures. NoForum, Unavailable.

    Cost: a round trip where there is none.
    """
    erased, stray = to_go(life, await journal.photographs.known(code), at)
    if erased:
        created = int((await journal.meta(code)).get("created", "0"))
        lines = [Line(code, created, at, name=False, photograph=one) for one in erased]
        try:
            await asyncio.to_thread(ledger.note, *lines)
        except OSError as error:  # a disk that is full must not keep the picture where it is
            log.exception("erasure_not_in_ledger", forum=code, why=error.strerror or type(error).__name__)
        log.info("photographs_erased", forum=code, photographs=len(erased))
    await journal.keeping.drop_photographs(code, (*erased, *stray))
    return len(erased) + len(stray)


async def erased_again(journal: Journal, code: str, lines: Iterable[Line], at: int) -> int:
    """Erase the photographs that a backup brought back, and that were erased since; return how many."""
    known = await journal.photographs.known(code)
    back = [line.photograph for line in lines if line.photograph in known]
    for photograph in back:
        await append(journal, code, PhotographErased(PhotographId(photograph)), at)
    await journal.keeping.drop_photographs(code, back)
    return len(back)


def proven(state: State, pictures: Mapping[str, bytes]) -> None:
    """That these are the pictures that the facts name, each as it was. BadArchive."""
    for name, body in pictures.items():
        known = next((one for one in state.photographs.by_id.values() if one.id == name), None)
        if known is None or known.stands == "erased" or sha256(body).hexdigest() != known.digest:
            raise BadArchive(N_("A photograph inside is not one that the facts name. Fetch the file again."))
