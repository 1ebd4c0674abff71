"""O14 without JavaScript: a form says what its page showed as it was drawn, however long ago, and is refused when that has passed."""

import re

import pytest

from forum.domain.roles import Role
from tests.web.conftest import Room, Visitor

OLD = "Le forum a avancé entre-temps"


def hidden(page: str, form: str) -> dict[str, str]:
    """The hidden fields of the first form of a page that leads to an address."""
    found = next(one for one in page.split("<form")[1:] if form in one.partition(">")[0])
    return dict(re.findall(r'type="hidden"\s+name="(\w+)"\s+value="([^"]*)"', found.partition("</form>")[0]))


@pytest.fixture
async def desk(board: Room, visitor: Visitor) -> Visitor:
    visitor.http.headers["cookie"] = await board.cookie(Role.FACILITATOR)
    return visitor


async def test_O14_a_form_of_a_page_that_another_desk_has_left_behind_does_nothing_and_its_answer_can_be_pressed(
    board: Room, desk: Visitor
) -> None:
    page = (await desk.get(board.base("desk"))).text
    await board.lead("RevealStep", step="ideas")
    await board.lead("FreezeStep", step="ideas")
    form = hidden(page, "/commands/FreezeStep")
    reveal = await desk.post(f"{board.base('desk')}/commands/CloseStep", form)
    fresh = hidden(reveal.text, "/commands/ReopenStep")
    again = await desk.post(f"{board.base('desk')}/commands/ReopenStep", fresh)

    assert int(form["seen"]) < int(fresh["seen"])
    assert reveal.status_code == 422
    assert OLD in reveal.text
    assert again.status_code == 303
    assert (await board.state()).now.phase == "open"


async def test_O14_a_form_of_a_page_that_shows_what_stands_is_taken(board: Room, desk: Visitor) -> None:
    page = (await desk.get(board.base("desk"))).text
    answer = await desk.post(
        f"{board.base('desk')}/commands/FreezeStep", hidden(page, "/commands/FreezeStep")
    )

    assert answer.status_code == 303
    assert (await board.state()).now.phase == "frozen"


async def test_O14_the_last_day_that_another_desk_chose_meanwhile_is_not_overwritten(
    board: Room, desk: Visitor
) -> None:
    page = (await desk.get(f"{board.base('desk')}/data")).text
    first, last = re.findall(r'(?:min|max)="(\d{4}-\d\d-\d\d)"', page)
    await board.lead("SetKeepUntil", until=last)
    answer = await desk.post(f"{board.base('desk')}/data/keep", hidden(page, "/data/keep") | {"until": first})

    assert answer.status_code == 422
    assert "Le dernier jour du forum a changé entre-temps" in answer.text
    assert (await board.state()).keeping.until == last
