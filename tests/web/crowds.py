"""Crowds that come in from one place, and the desk that sees them come."""

import asyncio

from forum.domain.roles import Role
from forum.web import limits
from tests.web.conftest import Place, Room, Visitor, a_ticket

FLOOD, HALL = "198.51.100.66", "198.51.100.77"
JSON = {"accept": "application/json"}
BURST, RATE = int(limits.JOINS_HERE.burst), limits.JOINS_HERE.a_second


def flooded(room: Room, address: str = FLOOD) -> None:
    """As many have just come from this address as a hall has."""
    for _ in range(BURST):
        room.service.doorway.join(room.code, address, "")


async def desk_of(room: Room, visitor: Visitor) -> dict[str, str]:
    return {"cookie": await room.cookie(Role.FACILITATOR), "accept-language": "en"}


async def come(place: Place, room: Room, address: str, count: int, name: str = "") -> None:
    async def one(n: int) -> None:
        async with place.visitor(address) as phone:
            said = await phone.post(
                f"{room.base()}/join", {"name": f"{name}{n}" if name else "", "ticket": a_ticket()}
            )
            assert said.status_code == 303

    await asyncio.gather(*map(one, range(count)))
