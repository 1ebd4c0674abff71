"""Attacks meet the same real server, visitors, forums and browser as the other tests."""

import pytest

from tests.browser.conftest import browser, browser_type_launch_args
from tests.web.conftest import Room, Visitor, board, place, room, second, stopped, visitor

__all__ = ["board", "browser", "browser_type_launch_args", "place", "room", "second", "stopped", "visitor"]


@pytest.fixture
async def phone(visitor: Visitor, board: Room) -> Visitor:
    """Somebody who has joined without a name, before an open board."""
    await visitor.post(f"{board.base()}/join")
    return visitor
