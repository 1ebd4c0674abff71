"""The long poll: the socket's frames for a page whose sockets are blocked."""

import asyncio

import pytest

from tests.web.conftest import Room, Visitor, a_cid


async def test_a_page_that_is_behind_is_told_at_once(phone: Visitor, board: Room) -> None:
    answer = await phone.get(f"{board.base()}/changes", params={"cid": a_cid(), "wait": 20})
    kinds = [frame["t"] for frame in answer.json()["frames"]]

    assert kinds[0] == "welcome"
    assert "full" in kinds


async def test_a_page_that_is_current_waits_until_something_changes(phone: Visitor, board: Room) -> None:
    head = (await board.service.hub.shown(board.code)).head
    at = {"cid": a_cid(), "g": head.gen, "s": head.seq, "c": head.chain}
    first = await phone.get(f"{board.base()}/changes", params=at | {"wait": 0})
    poll = asyncio.create_task(phone.get(f"{board.base()}/changes", params=at | {"wait": 20}))
    while not board.service.hub.connected(board.code):  # noqa: ASYNC110  nothing tells when a seat is taken
        await asyncio.sleep(0)
    await phone.op(board.base(), "PostIdea", id="idea001", text="Ouvrir", step="ideas")
    told = [frame["t"] for frame in (await poll).json()["frames"]]

    assert [frame["t"] for frame in first.json()["frames"]] == ["welcome", "you"]
    assert told[:2] == ["welcome", "you"]
    assert len(told) > 2


async def test_a_wait_ends(phone: Visitor, board: Room) -> None:
    head = (await board.service.hub.shown(board.code)).head
    at = {"cid": a_cid(), "g": head.gen, "s": head.seq, "c": head.chain, "wait": 0}

    assert (await phone.get(f"{board.base()}/changes", params=at)).json()["frames"][0]["mode"] == "current"


@pytest.mark.parametrize(
    "query",
    [{}, {"cid": "x"}, {"cid": "a" * 20, "s": "-1"}, {"cid": "a" * 20, "s": "1.5"}, {"cid": "a" * 20, "wait": "x"},
     {"cid": "a" * 20, "c": "{R}"}, {"cid": "a" * 20, "role": "staff"}, {"cid": "a" * 20, "s": str(2**60)}],
)  # fmt: skip
async def test_a_position_that_cannot_be_one_is_refused(
    phone: Visitor, board: Room, query: dict[str, str]
) -> None:
    assert (await phone.get(f"{board.base()}/changes", params=query)).status_code == 400


async def test_nobody_polls_without_a_cookie_or_after_access_ended(visitor: Visitor, board: Room) -> None:
    at = {"cid": a_cid(), "wait": "0"}
    headers = {"accept": "application/json"}
    before = await visitor.get(f"{board.base()}/changes", params=at, headers=headers)
    await visitor.post(f"{board.base()}/join")
    during = await visitor.get(f"{board.base()}/changes", params=at)
    [person] = [p for p in (await board.state()).people.by_id.values() if p.role == "participant"]
    await board.lead("RemovePerson", person=person.id)
    after = await visitor.get(f"{board.base()}/changes", params=at, headers=headers)

    assert (before.status_code, during.status_code, after.status_code) == (401, 200, 410)
    assert after.json()["t"] == "error"
