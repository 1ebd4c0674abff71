"""A vote by approval at the doors of a browser without JavaScript."""

import re

from forum.domain.roles import Role
from tests.web.conftest import Room, Visitor


async def test_without_javascript_a_plain_form_approves_and_takes_back(visitor: Visitor, board: Room) -> None:
    await visitor.post(f"{board.base()}/join", {"name": "Léa"})
    for n in range(2):
        await visitor.op(board.base(), "PostIdea", id=f"idea000{n}", text=f"Idée {n}", step="ideas")
    await board.lead("OpenStep", step="sort")
    for n in range(2):
        await board.lead("GroupIdeas", ideas=[f"idea000{n}"], theme=f"theme00{n}", title=f"Thème {n}")
    assert (await board.lead("EditStep", step="theme-vote", method="approval"))["t"] == "ack"
    await board.lead("OpenStep", step="theme-vote")
    answers = []
    for mark in ("1", "0", "1"):
        page = (await visitor.get(board.base())).text
        form = re.search(
            r'<form[^>]*commands/GiveMark"(?:(?!</form>).)*?value="theme000".*?</form>', page, re.DOTALL
        )
        assert form
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0]))
        offered = re.search(r'<button[^>]*name="mark"[^>]*value="(\d)"', form[0])
        assert offered
        assert offered[1] == mark
        answers.append(await visitor.post(f"{board.base()}/commands/GiveMark", fields | {"mark": mark}))
    state = await board.state()
    desk = (
        await visitor.get(board.base("desk"), headers={"cookie": await board.cookie(Role.FACILITATOR)})
    ).text

    assert [answer.status_code for answer in answers] == [303] * 3
    assert [dict(b.marks) for b in state.round_of("theme-vote").ballots.values()] == [{"theme000": 1}]
    assert '<option value="approval">' in desk
