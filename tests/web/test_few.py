"""V10, V11 at the doors: with plain forms as with scripts, the desk decides about few ballots only once it was told."""

import re

from forum.domain.roles import Role
from tests.web.conftest import Room, Visitor

VOTE = "theme-vote"


async def one_ballot(board: Room, visitor: Visitor, least: int = 0) -> None:
    """A vote over two themes with one ballot; closed."""
    await visitor.post(f"{board.base()}/join", {"name": "Léa"})
    for n in range(2):
        said = await visitor.op(board.base(), "PostIdea", id=f"idea000{n}", text=f"Idée {n}", step="ideas")
        assert said["t"] == "ack", said
    await board.lead("OpenStep", step="sort")
    for n in range(2):
        await board.lead("GroupIdeas", ideas=[f"idea000{n}"], theme=f"theme00{n}", title=f"Thème {n}")
    assert (await board.lead("EditStep", step=VOTE, chosen={"ballot": {"least": least}}))["t"] == "ack"
    await board.lead("OpenStep", step=VOTE)
    assert (await visitor.op(board.base(), "GiveMark", step=VOTE, key="theme000", mark=1))["t"] == "ack"
    await board.lead("CloseStep", step=VOTE)


async def test_V10_a_desk_without_scripts_is_told_and_its_form_carries_that_it_knows(
    visitor: Visitor, board: Room
) -> None:
    await one_ballot(board, visitor)
    cookie = {"cookie": await board.cookie(Role.FACILITATOR)}
    desk = board.base("desk")
    page = (await visitor.get(desk, headers=cookie)).text
    form = re.search(r'<form[^>]*commands/RevealStep".*?</form>', page, re.DOTALL)
    assert form
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form[0]))
    unaware = {name: value for name, value in fields.items() if name != "knowing"}
    refused = await visitor.post(f"{desk}/commands/RevealStep", unaware, headers=cookie)
    hidden = (await board.state()).step(VOTE).revealed  # type: ignore[union-attr, arg-type]
    taken = await visitor.post(f"{desk}/commands/RevealStep", fields, headers=cookie)
    shown = (await board.state()).step(VOTE).revealed  # type: ignore[union-attr, arg-type]

    assert fields["knowing"] == "true"
    assert refused.status_code == 422
    assert "Bulletins" in refused.text
    assert (hidden, taken.status_code, shown) == (False, 303, True)


async def test_V11_what_was_promised_to_voters_no_desk_can_break(visitor: Visitor, board: Room) -> None:
    await one_ballot(board, visitor, least=2)
    phone = (await visitor.get(board.base())).text
    answers = [await board.lead("RevealStep", step=VOTE, knowing=knowing) for knowing in (False, True)]
    taken_back = await board.lead("EditStep", step=VOTE, chosen={"ballot": {"least": 0}})

    assert "à partir de 2" in phone
    assert [(a["code"], a["rule"]) for a in answers] == [("too_few", "V11")] * 2
    assert (taken_back["code"], taken_back["rule"]) == ("begun", "F10")
    assert not (await board.state()).step(VOTE).revealed  # type: ignore[union-attr, arg-type]
