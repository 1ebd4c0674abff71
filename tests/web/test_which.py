"""J12: a name that several people have is asked about, at the desk and in sheets, without a script; nothing of the form is lost."""

import re
from html import unescape
from typing import Any

import pytest

from forum.domain.roles import Role
from tests.toysheet import known
from tests.web.conftest import Room, Visitor, a_ticket


async def came(board: Room, *names: str) -> list[str]:
    """People of these names have come in; their ids."""
    for name in names:
        async with board.place.visitor() as somebody:
            await somebody.post(f"{board.base()}/join", {"name": name})
    people = (await board.state()).people.by_id.values()
    return [person.id for person in sorted(people, key=lambda p: p.number)][-len(names) :]


@pytest.fixture
async def desk(board: Room) -> dict[str, str]:
    await board.lead("MakeAxis", axis="axis01", title="Axe")
    await board.lead("MakeAction", action="action01", axis="axis01", title="Petit déjeuner")
    return {"cookie": await board.cookie(Role.FACILITATOR)}


async def pilot(board: Room) -> str:
    return (await board.state()).plan.actions["action01"].pilot


def choices(html: str) -> dict[str, str]:
    """What can be chosen: by the words beside it, what is sent."""
    found = re.findall(r'<input type="radio"[^>]*value="([^"]+)" required> (.*?)</label>', html, re.DOTALL)
    return {" ".join(unescape(re.sub(r"<[^>]+>", "", words)).split()): value for value, words in found}


def kept(html: str) -> dict[str, str]:
    return dict(
        re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html.partition("<h1>")[2])
    )


async def test_J12_whoever_names_a_pilot_is_asked_which_of_two_and_the_rest_of_the_form_is_kept(
    visitor: Visitor, board: Room, desk: dict[str, str]
) -> None:
    first, second = await came(board, "Camille", "camille")
    sent = {"action": "action01", "name": "CAMILLE", "ticket": a_ticket(), "then": "action-action01"}
    asked = await visitor.post(f"{board.base('desk')}/pilot", sent, headers=desk)

    assert asked.status_code == 422
    assert await pilot(board) == ""
    assert list(choices(asked.text).values()) == [first, second]
    assert [words.partition(",")[0].split(" ")[:2] for words in choices(asked.text)] == [
        ["Camille", "(1)"],
        ["camille", "(2)"],
    ]
    assert kept(asked.text) == {field: value for field, value in sent.items() if field != "name"}

    chosen = kept(asked.text) | {"name": second}
    said = await visitor.post(f"{board.base('desk')}/pilot", chosen, headers=desk)
    assert (said.status_code, said.headers["location"].rpartition("#")[2]) == (303, "action-action01")
    assert await pilot(board) == second


async def test_J12_a_name_with_its_number_means_that_one_and_a_name_of_one_person_nobody_is_asked_about(
    visitor: Visitor, board: Room, desk: dict[str, str]
) -> None:
    first, second, zoe = await came(board, "Camille", "Camille", "Zoé")
    for name, person in (("Camille (2)", second), ("camille (1)", first), ("zoe", zoe)):
        said = await visitor.post(
            f"{board.base('desk')}/pilot", {"action": "action01", "name": name}, headers=desk
        )
        assert said.status_code == 303
        assert await pilot(board) == person


async def test_J12_of_two_of_whom_one_was_removed_the_other_is_meant(
    visitor: Visitor, board: Room, desk: dict[str, str]
) -> None:
    first, second = await came(board, "Camille", "Camille")
    await board.lead("RemovePerson", person=first)
    await visitor.post(f"{board.base('desk')}/pilot", {"action": "action01", "name": "Camille"}, headers=desk)

    assert await pilot(board) == second


async def test_J12_a_script_is_told_that_it_must_be_asked(
    visitor: Visitor, board: Room, desk: dict[str, str]
) -> None:
    await came(board, "Camille", "Camille")
    sent: dict[str, Any] = {"action": "action01", "name": "Camille"}
    said = await visitor.post(
        f"{board.base('desk')}/pilot", sent, headers=desk | {"accept": "application/json"}
    )

    assert (said.json()["code"], said.json()["rule"]) == ("which_one", "J12")


async def test_J12_a_person_in_a_sheet_is_asked_about_too_and_who_writes_their_own_name_is_not(
    visitor: Visitor, board: Room
) -> None:
    with known():
        await board.lead(
            "InsertStep", step="recipes1", settings={"kind": "sheet", "what": "recipe"},
            title={"fr": "Nos recettes", "en": "Our recipes"},
        )  # fmt: skip
        await board.lead("OpenStep", step="recipes1")
        _, second = await came(board, "Camille", "Camille")
        lead = {"cookie": await board.cookie(Role.FACILITATOR)}
        path = f"{board.base('desk')}/commands/MakeSheet"
        sent = {
            "ticket": a_ticket(), "sheet": "", "schema": "recipe", "step": "recipes1", "fields.dish": "Soupe & pain",
            "fields.cook": "camille", "fields.method": "Cuire", "fields.taste": "salty", "fields.kilos": "1",
        }  # fmt: skip
        asked = await visitor.post(path, sent, headers=lead)
        assert asked.status_code == 422
        assert unescape(kept(asked.text)["fields.dish"]) == "Soupe & pain"

        chosen = {f: unescape(v) for f, v in kept(asked.text).items()} | {"fields.cook": second}
        said = await visitor.post(path, chosen, headers=lead)
        assert said.status_code == 303, said.text
        made = list((await board.state()).sheets.by_id.values())
        assert [(sheet.fields["dish"], sheet.fields["cook"]) for sheet in made] == [("Soupe & pain", second)]

        await visitor.post(f"{board.base()}/join", {"name": "Camille"})
        own = await visitor.post(
            f"{board.base()}/commands/MakeSheet", sent | {"ticket": a_ticket(), "fields.dish": "Pain"}
        )
        assert own.status_code == 303, own.text
        mine = [s for s in (await board.state()).sheets.by_id.values() if s.fields["dish"] == "Pain"]
        assert [sheet.fields["cook"] for sheet in mine] == [sheet.by for sheet in mine]


async def test_J12_whoever_was_chosen_and_is_out_by_then_becomes_nobody_new(
    visitor: Visitor, board: Room, desk: dict[str, str]
) -> None:
    first, _ = await came(board, "Camille", "Camille")
    await board.lead("RemovePerson", person=first)
    before = len((await board.state()).people.by_id)
    said = await visitor.post(
        f"{board.base('desk')}/pilot", {"action": "action01", "name": first}, headers=desk
    )

    assert said.status_code == 422
    assert (await pilot(board), len((await board.state()).people.by_id)) == ("", before)


async def test_O14_a_pilot_who_would_be_new_does_not_come_in_where_the_press_is_refused(
    visitor: Visitor, board: Room, desk: dict[str, str]
) -> None:
    [zoe] = await came(board, "Zoé")
    before = await board.state()
    await board.lead("ChoosePilot", action="action01", person=zoe)
    for action in ("action01", "action99"):
        sent = {"action": action, "name": "Karim", "seen": str(before.seq)}
        said = await visitor.post(f"{board.base('desk')}/pilot", sent, headers=desk)
        assert said.status_code == 422
    assert (await pilot(board), (await board.state()).people.voices) == (zoe, before.people.voices)
    fresh = await visitor.post(
        f"{board.base('desk')}/pilot", {"action": "action01", "name": "Karim"}, headers=desk
    )
    assert fresh.status_code == 303
    assert (await board.state()).people.voices == before.people.voices + 1
