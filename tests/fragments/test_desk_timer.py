"""The timer at the desk: named, and moved by one minute or five, at every kind of step."""

import re

import pytest

from forum.domain.flow import ExtendTimer, SetTimer, ShortenTimer
from forum.domain.steps.kinds import KINDS
from forum.fragments.surface import View
from tests.fragments.on_desk import DESK, NAMES
from tests.scenes import ECLAIR, a_room

STEPS = {settings.__struct_config__.tag: name for name, settings in reversed(ECLAIR.items())}


@pytest.mark.parametrize("kind", KINDS)
def test_the_timer_is_named_and_goes_by_one_minute_and_by_five_at_every_kind_of_step(pages, kind):
    def timer() -> str:
        return next(p.html for p in pages.page(View(room.state, NAMES), DESK) if p.key == "timer")

    room = (
        a_room()
        .opened("ideas")
        .with_ideas(2)
        .revealed("ideas")
        .opened("sort")
        .with_theme("theme1", 1)
        .with_theme("theme2", 2)
    )
    if room.state.now.kind != kind:
        room.opened(STEPS[kind])
    assert 'data-op="SetTimer"' in timer()
    room.ask(SetTimer(600))
    ends = room.state.timer.ends_at

    pressed = re.findall(r'data-op="(\w+)".*?name="seconds" value="(\d+)"', timer(), re.DOTALL)
    assert pressed == [("ShortenTimer", "60"), ("ExtendTimer", "60"), ("ExtendTimer", "300")]
    assert 'aria-labelledby="timer-name"' in timer()
    room.ask(ShortenTimer(60))
    room.ask(ExtendTimer(300))
    assert room.state.timer.ends_at == ends + 240_000
    assert f'data-ends-at="{ends + 240_000}"' in timer()
