"""The hour at which a session begins: as people write it, and what is none."""

import pytest

from forum.domain.sessions.words import PlanSession
from tests.domain.days import TITLE, refusal
from tests.scenes import a_room


@pytest.mark.parametrize(
    ("said", "hour"),
    [
        ("", ""), ("14:30", "14:30"), ("14:30:00", "14:30"), ("9h", "09:00"), ("9 h 05", "09:05"), ("18", "18:00"),
        ("2:30 pm", "14:30"), ("12 am", "00:00"), ("12pm", "12:00"), ("23.59", "23:59"),
    ],
)  # fmt: skip
def test_D1_the_hour_of_a_session_is_read_as_people_write_it(said: str, hour: str) -> None:
    room = a_room()
    room.ask(PlanSession("second", TITLE, date="2025-02-11", hour=said))

    assert room.state.sessions.get("second").plan.hour == hour


@pytest.mark.parametrize("said", ["soon", "24:00", "12:60", "13 pm", "0 am", "1:2:3", "٣:00"])
def test_D1_what_is_no_hour_is_refused(said: str) -> None:
    room = a_room()

    assert refusal(room.ask(PlanSession("second", TITLE, date="2025-02-11", hour=said))) == "bad_hour"
