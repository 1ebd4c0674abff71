"""Claims that the store had lost what was saved: forged, moved, changed, another's. None posts late, none votes late (O11, O13)."""

from itertools import count
from typing import Any

import pytest

from forum.domain.roles import Role
from tests.web.conftest import Room, Visitor, a_cid

_numbers = count(1)


def card(text: str = "In time") -> dict[str, Any]:
    return {"id": f"idea{next(_numbers):04}", "text": text, "step": "ideas"}


class Phone:
    """A person with a cookie, who says whatever they like."""

    def __init__(self, visitor: Visitor, board: Room, cookie: str) -> None:
        self._visitor, self._board, self._cookie = visitor, board, cookie

    async def says(
        self, kind: str, body: dict[str, Any], *, cid: str = "", n: int = 1, **claim: Any
    ) -> dict[str, Any]:
        asked = {"cid": cid or a_cid(), "n": n, "b": body, **claim}
        address = f"{self._board.base()}/commands/{kind}"
        answer = await self._visitor.post(address, json=asked, headers={"cookie": self._cookie})
        said: dict[str, Any] = answer.json()
        return said


@pytest.fixture
async def lea(visitor: Visitor, board: Room) -> Phone:
    return Phone(visitor, board, await board.cookie())


@pytest.fixture
async def omar(visitor: Visitor, board: Room) -> Phone:
    return Phone(visitor, board, await board.cookie())


async def test_a_claim_without_a_proof_or_with_a_forged_one_posts_nothing_late(
    lea: Phone, board: Room
) -> None:
    body = card()
    saved = await lea.says("PostIdea", body)
    fields = saved["p"].split(":")
    await board.lead("CloseStep", step="ideas")
    forged = [
        "", "x", ":" * 9, saved["p"][:-1] + ("A" if saved["p"][-1] != "A" else "B"), saved["p"] + "A",
        ":".join([fields[0], "999999", *fields[2:]]),  # another number
        ":".join([*fields[:3], "sort", *fields[4:]]),  # another step
        ":".join([*fields[:8], "7", fields[9]]),  # another op
    ]  # fmt: skip
    for proof in forged:
        late = await lea.says("PostIdea", card("Late"), again=True, proof=proof)
        assert late["code"] == "board_closed", proof

    assert [idea.text for idea in (await board.state()).ideas.by_id.values()] == ["In time"]


async def test_a_true_proof_carries_no_other_words_no_other_command_and_no_other_person(
    lea: Phone, omar: Phone, board: Room
) -> None:
    body = card()
    saved = await lea.says("PostIdea", body)
    await board.lead("CloseStep", step="ideas")
    claim = {"again": True, "proof": saved["p"]}

    assert (await lea.says("PostIdea", {**body, "text": "Late"}, **claim))["code"] == "board_closed"
    assert (await lea.says("PostIdea", {**body, "id": "ideanew1"}, **claim))["code"] == "board_closed"
    assert (await lea.says("EditIdea", {"idea": body["id"], "text": "In time"}, **claim))[
        "code"
    ] == "board_closed"
    assert (await omar.says("PostIdea", body, **claim))["code"] == "not_lost"
    assert [idea.text for idea in (await board.state()).ideas.by_id.values()] == ["In time"]


async def test_a_true_proof_of_what_is_still_there_adds_nothing_however_often(
    lea: Phone, board: Room
) -> None:
    body, cid = card(), a_cid()
    saved = await lea.says("PostIdea", body, cid=cid)
    for _ in range(3):
        assert (await lea.says("PostIdea", body, again=True, proof=saved["p"]))["t"] == "ack"

    state = await board.state()
    assert len(state.ideas.by_id) == 1
    assert state.gone.came_back == (0, 0)


async def test_who_changed_their_vote_does_not_change_it_back_after_the_close(
    board: Room, visitor: Visitor
) -> None:
    await board.lead("CloseStep", step="ideas")
    lea = Phone(visitor, board, await board.cookie())
    for n in (1, 2):
        await board.lead("OpenStep", step="sort")
        await board.lead("MakeTheme", theme=f"theme{n}", title=f"Theme {n}")
    await board.lead("OpenStep", step="theme-vote")
    cid = a_cid()
    vote = {"step": "theme-vote", "key": "theme1"}
    first = await lea.says("GiveMark", {**vote, "mark": 1}, cid=cid, n=1)
    await lea.says("GiveMark", {**vote, "mark": 0}, cid=cid, n=2)
    await board.lead("CloseStep", step="theme-vote")
    claimed = await lea.says("GiveMark", {**vote, "mark": 1}, again=True, proof=first["p"])

    assert claimed["t"] == "ack"
    [ballot] = (await board.state()).rounds.latest("theme-vote").ballots.values()
    assert not ballot.marks


async def test_nobody_leads_by_saying_that_it_had_been_done(
    lea: Phone, visitor: Visitor, board: Room
) -> None:
    cookie = await board.cookie(Role.FACILITATOR)
    answer = await visitor.post(
        f"{board.base('desk')}/commands/CloseStep",
        json={"cid": a_cid(), "n": 1, "b": {"step": "ideas"}, "again": True},
        headers={"cookie": cookie},
    )

    assert answer.json()["t"] == "ack"
    state = await board.state()
    assert state.now.phase == "open"
    assert [one.kind for one in state.gone.led] == ["CloseStep"]
    assert (await lea.says("CloseStep", {"step": "ideas"}, again=True))["code"] == "forbidden"


async def test_gone_tells_of_nobody_who_is_here(lea: Phone, visitor: Visitor, board: Room) -> None:
    cookie = {"cookie": await board.cookie()}
    here = next(iter((await board.state()).people.by_id))
    asked = [
        await visitor.get(f"{board.base()}/gone?person={who}", headers=cookie)
        for who in (here, "pnobody", "")
    ]

    assert [answer.json()["gone"] for answer in asked] == [False, True, False]
    assert (await visitor.get(f"{board.base()}/gone?person={here}")).status_code == 401
