"""From where people came in: a mark for the place, kept beside the journal for some minutes and told to nobody.

Never keeps an address. A store that is away keeps nobody out.
"""

import structlog

from forum.domain.kernel import PersonId
from forum.journal import Unavailable
from forum.opening import derived
from forum.web.limits import neighbourhood
from forum.web.service import Service

log = structlog.get_logger()


def place_of(service: Service, code: str, address: str) -> str:
    """What stands for an address in one forum: the same for the same, and of no use anywhere else."""
    return derived(service.seed, "place", code, neighbourhood(address)).hex()[:12]


async def noted(service: Service, code: str, person: PersonId, address: str) -> None:
    """Somebody has come in."""
    try:
        await service.journal.arrivals.note(code, person, place_of(service, code, address), service.clock())
    except Unavailable as error:
        log.warning("arrival_not_noted", forum=code, why=error.reason)


async def crowded(service: Service, code: str) -> None:
    """More people come from one place than from a hall: the desk is to be told, whichever process it asks."""
    try:
        await service.journal.arrivals.crowd(code, service.clock())
    except Unavailable as error:
        log.warning("crowd_not_noted", forum=code, why=error.reason)


async def crowded_at(service: Service, code: str) -> int:
    """When that was last, in ms since the epoch; 0 when not lately, or nobody knows."""
    if service.hub.vitals.unreadable:
        return 0
    try:
        return await service.journal.arrivals.crowded(code, service.clock())
    except Unavailable:
        return 0
