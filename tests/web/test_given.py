"""A form that is refused comes back as it was sent, at the doors themselves: every form of a phone and of a desk."""

import random

import pytest

from forum.domain.roles import Role
from tests.filling import filled, forms_of, posted, sent
from tests.web.conftest import Room, Visitor

UNKNOWN = {"nonsense": ["1"]}  # refuses every command, and changes nothing


async def ready(phone: Visitor, board: Room, stage: str) -> None:
    for n in range(3):
        await phone.op(board.base(), "PostIdea", id=f"idea00{n}", text=f"Idea {n}", step="ideas")
    if stage != "board":
        await board.lead("OpenStep", step="sort")
        await phone.op(board.base(), "GroupIdeas", ideas=["idea001"], theme="theme01", title="Meet")
    if stage == "plan":
        await board.lead("MakeAxis", axis="axis01", title="Axis")
        await board.lead("OpenStep", step="plan")


@pytest.mark.parametrize(("surface", "stage"), [("phone", "board"), ("phone", "plan"), ("desk", "sort")])
async def test_W1_every_form_that_is_refused_comes_back_with_all_that_was_entered(
    phone: Visitor, board: Room, surface: str, stage: str
) -> None:
    await ready(phone, board, stage)
    rng, base = random.Random(f"{surface} {stage}"), board.base(surface)
    cookie = await board.cookie(Role.FACILITATOR)
    told = {"cookie": cookie} if surface == "desk" else {}
    page = (await phone.get(base, headers=told)).text
    tried = set()
    for n, (form, fields) in enumerate(forms_of(page)):
        if form.attributes.get("data-op") in {None, *tried}:
            continue  # a name knows no field that is unknown
        board.place.clock.crank(600)
        entered = filled(rng, fields)
        answer = await phone.post(
            form.attributes["action"],
            posted(fields, entered) | UNKNOWN,
            headers={**told, "accept-language": "en"},
        )
        back, again = forms_of(answer.text)[n]

        assert answer.status_code == 422, form
        assert "does not exist" in answer.text
        assert "data-given" in back.attributes
        assert sent(again) == {
            name: [v.replace("\r\n", "\n") for v in many] for name, many in entered.items()
        }
        tried.add(form.attributes["data-op"])
    assert tried


async def test_O14_what_was_written_for_a_step_that_closed_stands_above_and_nobody_elses_words(
    phone: Visitor, board: Room
) -> None:
    async with board.place.visitor() as other:
        await other.post(f"{board.base()}/join", {"name": "Max"})
        await other.op(board.base(), "PostIdea", id="secret1", text="Not shown yet", step="ideas")
    await board.lead("FreezeStep", step="ideas")
    fields = {"step": "ideas", "id": "secret1", "text": "Trop <tard>"}
    answer = await phone.post(f"{board.base()}/commands/PostIdea", fields)

    assert answer.status_code == 422
    assert 'readonly rows="3">Trop &lt;tard&gt;</textarea>' in answer.text
    assert "data-given" not in answer.text
    assert "Not shown yet" not in answer.text


async def test_a_name_that_is_refused_stands_in_its_field(phone: Visitor, board: Room) -> None:
    answer = await phone.post(f"{board.base()}/name", {"name": "Admin"})
    [(_, fields)] = [one for one in forms_of(answer.text) if "data-given" in one[0].attributes]

    assert sent(fields) == {"name": ["Admin"]}


async def test_opening_that_is_refused_keeps_every_answer(visitor: Visitor) -> None:
    page = (
        await visitor.get("/open?at=check&agenda=forum-participatif&title=T&question=Q&horizon=2031")
    ).text
    [(_, fields)] = [one for one in forms_of(page) if one[0].attributes["action"] == "/forums"]
    entered = filled(random.Random("home"), fields) | {"zone": ["Nowhere/At_All"], "lang": ["en"]}
    answer = await visitor.post("/forums", posted(fields, entered))
    [(_, again)] = [one for one in forms_of(answer.text) if one[0].attributes["action"] == "/forums"]

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert all(f'value="{value}"' in answer.text for value in ("T", "Q", "2031"))
    assert sent(again)["lang"] == ["en"]


async def test_a_day_that_is_refused_stands_in_its_field(visitor: Visitor, board: Room) -> None:
    told = {"cookie": await board.cookie(Role.FACILITATOR)}
    answer = await visitor.post(f"{board.base('desk')}/data/keep", {"until": "1999-01-01"}, headers=told)
    [(_, fields)] = [one for one in forms_of(answer.text) if "data-given" in one[0].attributes]

    assert answer.status_code == 422
    assert sent(fields) == {"until": ["1999-01-01"]}
