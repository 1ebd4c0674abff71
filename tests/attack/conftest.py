"""Attacks meet the same real server, visitors, forums and browser as the other tests."""

from tests.browser.conftest import browser_type_launch_args
from tests.web.conftest import board, place, room, second, stopped, visitor

__all__ = ["board", "browser_type_launch_args", "place", "room", "second", "stopped", "visitor"]
