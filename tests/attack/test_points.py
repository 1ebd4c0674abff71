"""Votes and the board, where something may not be given, changed or added: rows 54 to 61."""

import pytest

from forum.domain.kernel import Asked, Millis, PersonId, Rejection, TabId
from forum.domain.people import MAX_PEOPLE, Join, join
from forum.domain.person import Person
from forum.domain.roles import Role
from forum.domain.state import change
from forum.domain.steps.board import MAX_IDEAS, PostIdea
from tests.attack.doors import (
    JSON,
)
from tests.scenes import LEA, a_room
from tests.web.conftest import Room, Visitor, a_cid, a_ticket


@pytest.fixture
async def vote(phone: Visitor, board: Room) -> Room:
    """A forum in which eight themes are voted on; everybody has three points, at most one on each."""
    for n in range(1, 9):
        await phone.op(board.base(), "PostIdea", id=f"idea{n:04}", text=f"Idée {n}", step="ideas")
    await board.lead("OpenStep", step="sort")
    for n in range(1, 9):
        await phone.op(
            board.base(), "GroupIdeas", ideas=[f"idea{n:04}"], theme=f"theme{n:03}", title=f"Thème {n}"
        )
    await board.lead("OpenStep", step="theme-vote")
    return board


POINTS: list[tuple[int, str, str, str]] = [  # row, option, points as JSON, code
    (54, "theme001", "-1", "bad_number"),
    (54, "theme001", "1.5", "bad_type"),
    (54, "theme001", "1e3", "bad_type"),
    (54, "theme001", '"1"', "bad_type"),
    (54, "theme001", "null", "bad_type"),
    (54, "theme001", "99", "cap"),
    (54, "theme001", "100000000", "bad_number"),
    (54, "theme001", "-0", ""),
    (55, "nothing1", "1", "no_option"),
    (55, "idea0001", "1", "no_option"),
    (55, "{R}:j", "1", "bad_id"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "key", "mark", "below"),
    [("GiveMark", "key", "mark", "cap"), ("AllocatePoints", "option", "points", "bad_number")],
    ids=["today", "as pages before said it"],
)
async def test_points_that_may_not_be_given_are_not_given_at_any_door(
    phone: Visitor, vote: Room, kind: str, key: str, mark: str, below: str
) -> None:
    path = f"{vote.base()}/commands/{kind}"
    headers = JSON | {"content-type": "application/json"}
    by_json, by_socket, by_form = [], [], []
    async with phone.socket(vote.base()) as talk:
        await talk.hello()
        for n, (_, option, points, _) in enumerate(POINTS, 1):
            body = f'{{"step":"theme-vote","{key}":"{option}","{mark}":{points}}}'
            content = f'{{"cid":"{a_cid()}","n":1,"b":{body}}}'
            by_json.append(
                (await phone.http.post(path, content=content, headers=headers)).json().get("code", "")
            )
            await talk.raw(f'{{"t":"op","n":{n},"k":"{kind}","b":{body}}}')
            by_socket.append((await talk.hear("ack", "nack")).get("code", ""))
            fields = {
                "step": "theme-vote",
                key: option,
                mark: points.strip('"'),
                "ticket": a_ticket(),
            }
            by_form.append((await phone.post(path, fields, headers=JSON)).json().get("code", ""))
    wanted = [below, *(code for _, _, _, code in POINTS[1:])]
    state = await vote.state()
    ballots = state.rounds.latest("theme-vote").ballots

    assert by_json == wanted
    assert by_socket == wanted
    # A form holds words: 1e3 is a thousand there, "1" is one, and null is a word.
    assert by_form == [below, "bad_type", "cap", "", "bad_type", *wanted[5:]]
    assert sum(sum(ballot.marks.values()) for ballot in ballots.values()) <= 1


async def test_what_stands_is_not_changed_by_who_may_not(phone: Visitor, vote: Room) -> None:
    """Rows 56, 59, 60: late points, too many cards at once, another's gesture."""
    await vote.lead("CloseStep", step="theme-vote")
    late = await phone.op(vote.base(), "GiveMark", step="theme-vote", key="theme001", mark=1)
    await vote.lead("OpenStep", step="sort")
    many = await phone.op(
        vote.base(), "MoveIdeas", ideas=[f"idea{n:04}" for n in range(101)], theme="theme001"
    )
    deed = (await vote.state()).deeds[-1].seq
    cookie = await vote.cookie()
    async with vote.place.visitor() as other:
        undone = await other.op(vote.base(), "Undo", cookie=cookie, deed=deed)
    state = await vote.state()

    assert (late["code"], many["code"], many["limit"]) == ("vote_closed", "too_many", 100)
    assert undone["t"] == "nack"
    assert undone["rule"].startswith("U")
    assert not state.rounds.latest("theme-vote").ballots
    assert not state.deeds[-1].undone


def test_a_full_room_and_a_full_board_say_so() -> None:
    """Row 61; the text is given back by every page whose op is refused."""
    room = a_room().opened("ideas")
    people = room.state.people.by_id
    for n in range(MAX_PEOPLE - len(people)):
        people = people.set(PersonId(f"p{n}"), Person(PersonId(f"p{n}"), Role.PARTICIPANT, Millis(1), 1))
    full = change(room.state, people=change(room.state.people, by_id=people, voices=MAX_PEOPLE))
    refused = join(full, Join(), Asked(PersonId("late"), Millis(2), TabId("tab"), 1))
    room.state = change(room.state, ideas=change(room.state.ideas, numbers=MAX_IDEAS))
    no_more = room.ask(PostIdea("idea900", "Encore", "ideas"), LEA)

    assert refused == Rejection("J2", "room_full", {"limit": MAX_PEOPLE})
    assert no_more == Rejection("B1", "too_many_ideas", {"limit": MAX_IDEAS})
