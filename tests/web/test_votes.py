"""A vote by each method, the tests' own one too, at the doors of a real server: phone, wall, desk, without JavaScript."""

import json
import re
from collections.abc import AsyncIterator
from html import unescape

import pytest

from forum.domain.methods import METHODS
from forum.domain.roles import Role
from tests.methods.known import KNOWN, given
from tests.methods.toy import GRADES, grades
from tests.web.conftest import Place, Room, Visitor, a_place, a_ticket

NAMED = (*METHODS, GRADES.name)
STEP, CHOICE, OTHER = "vote0001", "theme000", "theme001"
WORDS = {"fr": "Notre vote", "en": "Our vote"}


@pytest.fixture(scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """A server that knows the toy too: where templates lie is read when it starts."""
    with grades():
        async with a_place(tmp_path_factory.mktemp("votes")) as found:
            yield found


@pytest.fixture(params=NAMED)
async def vote(request: pytest.FixtureRequest, visitor: Visitor, board: Room) -> Room:
    """A forum in which Léa, and others without a page, vote on two themes by one of the methods."""
    await visitor.post(f"{board.base()}/join", {"name": "Léa"})
    for n in range(2):
        said = await visitor.op(board.base(), "PostIdea", id=f"idea000{n}", text=f"Idée {n}", step="ideas")
        assert said["t"] == "ack", said
    await board.lead("OpenStep", step="sort")
    for n in range(2):
        await board.lead("GroupIdeas", ideas=[f"idea000{n}"], theme=f"theme00{n}", title=f"Thème {n}")
    settings = {"kind": "ballot", "method": request.param, **KNOWN[request.param].settings}
    said = await board.lead("InsertStep", step=STEP, settings=settings, title=WORDS, before="theme-vote")
    assert said["t"] == "ack", said
    await board.lead("OpenStep", step=STEP)
    return board


async def page(who: Visitor, room: Room, surface: str = "phone", role: Role | None = None) -> str:
    """What somebody sees: by default the visitor on their phone."""
    headers = {"cookie": await room.cookie(role)} if role else {}
    answer = await who.get(room.base(surface), headers=headers)
    assert answer.status_code == 200
    return unescape(answer.text)


async def press(who: Visitor, room: Room, key: str, mark: int) -> None:
    """Press the button that gives this mark under a key of the first choice; it is there, and can be pressed."""
    html = await page(who, room)
    forms = re.findall(r'<form[^>]*commands/GiveMark"(?:(?!</form>).)*</form>', html, re.DOTALL)
    [form] = [form for form in forms if f'value="{key}"' in form]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    buttons = re.findall(r'<button[^>]*name="mark"[^>]*>', form)
    assert [b for b in buttons if f'value="{mark}"' in b and " disabled" not in b], (mark, buttons)
    answer = await who.post(f"{room.base()}/commands/GiveMark", fields | {"mark": str(mark)})
    assert answer.status_code == 303, answer.text


async def test_a_whole_vote_by_plain_forms_on_phone_wall_and_desk_is_undone_erased_and_exported(
    visitor: Visitor, vote: Room
) -> None:
    state = await vote.state()
    known = KNOWN[state.rounds.latest(STEP).method]
    key = next(iter(given(state.rounds.latest(STEP).method, **{CHOICE: 1})))
    for tap in known.taps:
        await press(visitor, vote, key, tap)
        [ballot] = (await vote.state()).rounds.latest(STEP).ballots.values()
        assert dict(ballot.marks) == ({key: known.kept.get(tap, tap)} if tap else {})
    secret = [
        await page(visitor, vote, s, r) for s, r in (("screen", Role.SCREEN), ("desk", Role.FACILITATOR))
    ]
    await vote.lead("AddPerson", person="marcel01")
    desk = await vote.cookie(Role.FACILITATOR)
    entered = {
        "step": STEP,
        "key": key,
        "mark": str(known.marks[-1]),
        "for": "marcel01",
        "ticket": a_ticket(),
    }
    async with vote.place.visitor() as lead:
        answer = await lead.post(
            f"{vote.base('desk')}/commands/GiveMark", entered | {"seen": "0"}, headers={"cookie": desk}
        )
    ballots = (await vote.state()).rounds.latest(STEP).ballots
    await vote.lead("CloseStep", step=STEP)
    await vote.lead("HideIdea", idea="idea0001", reason="x")
    deed = (await vote.state()).deeds[-1].seq
    undone = await vote.lead("Undo", deed=deed)
    await vote.lead("RevealStep", step=STEP, knowing=True)
    erased = await visitor.post(f"{vote.base()}/data/erase", {"ticket": a_ticket(), "texts": "all"})
    shown = {
        "phone": await page(visitor, vote),
        "wall": await page(visitor, vote, "screen", Role.SCREEN),
        "desk": await page(visitor, vote, "desk", Role.FACILITATOR),
    }
    staff = {"cookie": await vote.cookie(Role.STAFF)}
    told = (await visitor.get(f"{vote.base('staff')}/export/forum.json", headers=staff)).text
    table = (await visitor.get(f"{vote.base('staff')}/export/votes.csv", headers=staff)).text

    assert not any("Thème 0" in html and "line-points" in html for html in secret)
    assert answer.status_code == 303, answer.text
    assert (len(ballots), sum(bool(b.entered_by) for b in ballots.values())) == (2, 1)
    assert undone["t"] == "ack"
    assert erased.status_code == 303
    [counted] = json.loads(told)["votes"]
    scores = known.scores([CHOICE, OTHER], [b.marks for b in ballots.values()])
    assert {x["option"]: next(iter(x["numbers"].values())) for x in counted["lines"]} == {
        option: score[0] for option, score in scores.items()
    }
    assert all("Thème 0" in html for html in (*shown.values(), table))
    assert "Idée 0" not in told


async def test_the_desk_is_offered_every_method(visitor: Visitor, room: Room) -> None:
    desk = await page(visitor, room, "desk", Role.FACILITATOR)

    assert [name for name in NAMED if f'<option value="{name}"' not in desk] == []
