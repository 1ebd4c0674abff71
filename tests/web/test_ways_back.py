"""From every page that is opened from a room the way back stands first, and the name at the top leads there too."""

import re

import pytest

from tests.web.conftest import Room, Visitor

TOP = re.compile(r"<header.*?<main", re.DOTALL)


def ways(page: str) -> list[str]:
    """Where the links above a page's content lead."""
    top = TOP.search(page)
    assert top
    return re.findall(r'href="(/[^"]*)"', top[0])


@pytest.mark.parametrize("path", ["/receipt", "/receipt/check", "/data", "/plan", "/leave"])
async def test_a_page_opened_from_the_room_leads_back_first(board: Room, visitor: Visitor, path: str) -> None:
    await visitor.post(f"{board.base()}/join")

    opened = ways((await visitor.get(f"{board.base()}{path}")).text)

    assert opened == [board.base(), f"/help?from={board.base()}", board.base()]
    assert ways((await visitor.get(opened[1])).text) == [board.base(), opened[1], board.base()]


async def test_help_leads_to_no_other_place_than_a_surface_of_a_forum(board: Room, visitor: Visitor) -> None:
    for other in (
        "",
        "//evil.example",
        "/f/../desk",
        f"{board.base()}/data",
        "https://evil.example/f/ABC234",
    ):
        assert ways((await visitor.get("/help", params={"from": other})).text) == ["/", "/help"], other
    desk = board.base("desk")
    assert ways((await visitor.get(f"/help?from={desk}")).text)[-1] == desk
