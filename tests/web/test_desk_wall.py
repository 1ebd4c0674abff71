"""The wall in small at the desk: framed by the desk alone, for whoever leads, and no wall that is open."""

from typing import Any

import pytest

from forum.domain.roles import Role
from tests.web.conftest import Room, Visitor


def framing(answer: Any) -> tuple[str, str, str]:
    """What an answer may frame, who may frame it, and the same for browsers that know no policy."""
    rules = answer.headers["content-security-policy"].split(";")
    policy = dict(rule.strip().partition(" ")[::2] for rule in rules)
    return policy["frame-src"], policy["frame-ancestors"], answer.headers["x-frame-options"]


async def test_the_desk_alone_frames_and_the_wall_in_small_alone_is_framed_by_our_own(
    visitor: Visitor, room: Room
) -> None:
    desk, wall = [{"cookie": await room.cookie(role)} for role in (Role.FACILITATOR, Role.SCREEN)]
    small = await visitor.get(f"{room.base('desk')}/wall", headers=desk)

    assert framing(small) == ("'none'", "'self'", "SAMEORIGIN")
    assert 'data-surface="screen"' in small.text
    assert "<form" not in small.text
    assert framing(await visitor.get(room.base("desk"), headers=desk)) == ("'self'", "'none'", "DENY")
    for path, headers in (("", {}), ("/screen", wall), ("/desk", {}), ("/desk/arrivals", desk)):
        assert framing(await visitor.get(room.base() + path, headers=headers)) == ("'none'", "'none'", "DENY")


@pytest.mark.parametrize("role", [None, Role.SCREEN, Role.PARTICIPANT])
async def test_the_wall_in_small_is_for_whoever_leads(
    visitor: Visitor, room: Room, role: Role | None
) -> None:
    headers = {"cookie": await room.cookie(role)} if role else {}

    assert (await visitor.get(f"{room.base('desk')}/wall", headers=headers)).status_code == 401


async def test_a_wall_in_small_stays_current_and_is_no_wall_that_is_open(
    visitor: Visitor, room: Room
) -> None:
    cookie = await room.cookie(Role.FACILITATOR)
    base = room.base("desk")
    async with visitor.socket(base, cookie) as desk, visitor.socket(f"{base}/wall", cookie) as small:
        await desk.hello()
        await small.hello()
        await small.hear("full")
        crowd = room.service.hub.crowd(room.code)
        assert (crowd.screens, crowd.desks) == (0, 1)
        async with visitor.socket(room.base("screen"), await room.cookie(Role.SCREEN)) as wall:
            await wall.hello()
            assert room.service.hub.crowd(room.code).screens == 1
        step = (await room.state()).steps[0]
        assert (await room.lead("OpenStep", step=step.id))["status"] == 200
        assert step.instruction.fr in str(await small.hear("full"))
