"""The timer at the desk: named, and moved by one minute or five, at every kind of step."""

import re

import pytest

from forum.domain.flow import (
    CloseStep,
    ExtendTimer,
    FreezeStep,
    ReopenStep,
    RevealStep,
    SetTimer,
    ShortenTimer,
)
from forum.domain.sessions.record import FIRST
from forum.domain.sessions.words import EndSession
from forum.domain.settings import ProposalSettings
from forum.domain.steps.kinds import KINDS
from forum.fragments.surface import View
from tests.fragments.on_desk import DESK, NAMES
from tests.scenes import ECLAIR, Scene, a_room

AGENDA = {**ECLAIR, "consent": ProposalSettings()}
STEPS = {settings.__struct_config__.tag: name for name, settings in reversed(AGENDA.items())}


def at(kind: str) -> Scene:
    """A room in a step of this kind, which has just opened."""
    room = a_room(AGENDA).opened("ideas").with_ideas(2).revealed("ideas").opened("sort")
    room.with_theme("theme1", 1).with_theme("theme2", 2)
    return room if room.state.now.kind == kind else room.opened(STEPS[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_the_timer_is_named_and_goes_by_one_minute_and_by_five_at_every_kind_of_step(pages, kind):
    def timer() -> str:
        return next(p.html for p in pages.page(View(room.state, NAMES), DESK) if p.key == "timer")

    room = at(kind)
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


@pytest.mark.parametrize("kind", KINDS)
def test_no_time_is_offered_where_a_step_is_over_frozen_or_left_out_nor_once_the_forum_is(pages, kind):
    def offered() -> bool:
        return any(p.key == "timer" for p in pages.page(View(room.state, NAMES), DESK))

    room = at(kind)
    step = room.state.now.id
    assert offered()
    room.ask(SetTimer(600))
    room.ask(FreezeStep(step))
    assert not offered()
    room.ask(CloseStep(step))
    assert not offered()
    room.ask(RevealStep(step, knowing=True))
    assert not offered()
    room.ask(ReopenStep(step))
    assert offered()
    room.ask(CloseStep(step))
    room.ask(EndSession(FIRST))
    assert not offered()
