"""Two sessions of one forum, one after the other: from the desk, by plain forms and by JSON."""

from typing import Any

import pytest

from forum.domain.roles import Role
from tests.web.conftest import Room, Visitor, a_ticket


@pytest.fixture
async def desk(visitor: Visitor, room: Room) -> Visitor:
    visitor.http.headers["cookie"] = await room.cookie(Role.FACILITATOR)
    return visitor


async def press(desk: Visitor, room: Room, command: str, **fields: Any) -> int:
    """A form as a browser without script posts it."""
    answer = await desk.post(f"{room.base('desk')}/commands/{command}", {"ticket": a_ticket(), **fields})
    return answer.status_code


async def test_a_second_session_is_planned_from_a_ready_agenda_begun_after_the_first_and_led(
    desk: Visitor, room: Room
) -> None:
    plan = {"agenda": "forum-eclair", "title.fr": "Deuxième jour", "date": "2025-02-11", "expected": "40"}
    first = {"session": "first"}
    assert await press(desk, room, "PlanSession", **plan, place="La halle", kind="", entry="") == 303
    state = await room.state()
    second = state.sessions.all[1]
    ids = [s.id for s in state.steps if s.session == second.id]
    assert len(ids) * 2 == len(state.steps)
    assert all(i.startswith(f"{second.id}-") for i in ids)
    assert set(state.step(f"{second.id}-sort").settings.of) <= set(ids)
    assert (second.plan.title.fr, second.plan.expected, second.agenda) == (
        "Deuxième jour",
        40,
        "forum-eclair",
    )

    assert await press(desk, room, "OpenStep", step="ideas") == 303
    assert await press(desk, room, "EndSession", **first) == 303
    wall = await desk.get(
        room.base("screen"), headers={"cookie": await room.cookie(Role.SCREEN), "accept-language": "fr"}
    )
    assert await press(desk, room, "BeginSession", session=second.id) == 303
    assert await press(desk, room, "OpenStep", step=f"{second.id}-ideas") == 303
    state = await room.state()

    assert "Deuxième jour" in wall.text
    assert "11 février 2025" in wall.text.replace("\u202f", " ").replace("\u00a0", " ")
    assert (state.sessions.live, state.current) == (second.id, f"{second.id}-ideas")
    assert [s.phase for s in state.sessions.all] == ["over", "live"]


async def test_an_agenda_that_does_not_exist_or_steps_of_ones_own_are_refused(
    desk: Visitor, room: Room
) -> None:
    step = {"id": "x", "settings": {"kind": "show"}, "title": {"fr": "x", "en": ""}, "phase": "open"}
    for body in ({"agenda": "nowhere"}, {"agenda": "forum-eclair", "steps": [step]}, {"steps": [step]}):
        title = {"fr": "Deuxième jour", "en": ""}
        answer = await desk.op(room.base("desk"), "PlanSession", session="session01", title=title, **body)
        assert answer["code"] == "bad_choice"
    assert len((await room.state()).sessions.all) == 1


async def test_a_ready_agenda_gives_its_own_title_where_none_is_typed_and_an_empty_session_needs_one(
    desk: Visitor, room: Room
) -> None:
    got = await desk.op(room.base("desk"), "PlanSession", session="session01", agenda="forum-eclair")
    refused = await desk.op(room.base("desk"), "PlanSession", session="session02")

    assert got["t"] == "ack"
    assert (await room.state()).sessions.all[1].plan.title.fr
    assert refused["code"] == "session_title"
