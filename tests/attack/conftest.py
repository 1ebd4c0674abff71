"""Attacks meet the same real server, visitors and forums as the tests of the web."""

from tests.web.conftest import board, place, room, second, stopped, visitor

__all__ = ["board", "place", "room", "second", "stopped", "visitor"]
