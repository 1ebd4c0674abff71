"""Which way to vote: the desk's page that proposes a method, and the vote that is inserted from it, without a script."""

import re

import pytest

from forum.domain.roles import Role
from tests.web.conftest import Room, Visitor
from tests.web.crowds import desk_of


async def asked(visitor: Visitor, room: Room, who: dict, query: str = ""):
    return await visitor.get(f"{room.base('desk')}/voting{query}", headers=who)


def forms(page: str) -> list[dict[str, str]]:
    """The fields of each form that inserts a vote."""
    found = re.findall(
        r'<form method="post" action="[^"]*/commands/InsertStep">(.*?)</form>', page, re.DOTALL
    )
    return [dict(re.findall(r'name="([^"]+)"\s+value="([^"]*)"', form)) for form in found]


async def test_F10_a_method_is_proposed_with_its_reason_and_inserted_by_one_press(
    visitor: Visitor, room: Room
) -> None:
    who = await desk_of(room, visitor)
    page = (await asked(visitor, room, who, "?want=narrow&choices=10")).text
    before = len((await room.state()).steps)

    assert "Everybody weighs a few choices against each other" in page
    first = forms(page)[0]
    answer = await visitor.post(f"{room.base('desk')}/commands/InsertStep", first, headers=who)

    assert answer.status_code == 303
    state = await room.state()
    made = state.step(first["step"])
    assert len(state.steps) == before + 1
    assert made.settings.method == first["chosen.ballot.method"]
    assert made.settings.purpose == "sense"
    assert made.title.fr
    assert made.title.en


async def test_above_twenty_choices_it_warns_and_offers_two_rounds_and_below_it_does_not(
    visitor: Visitor, room: Room
) -> None:
    who = await desk_of(room, visitor)
    many = (await asked(visitor, room, who, "?want=narrow&choices=40")).text
    few = (await asked(visitor, room, who, "?want=narrow&choices=12")).text

    assert "Above 20 choices nobody weighs them all." in many
    assert "Above 20 choices" not in few


async def test_V66_above_twenty_choices_both_rounds_are_inserted_by_one_press_the_second_among_those_that_the_first_keeps(
    visitor: Visitor, room: Room
) -> None:
    who = await desk_of(room, visitor)
    page = (await asked(visitor, room, who, "?want=rank&choices=40")).text
    form = re.search(r'commands/InsertRounds">(.*?)</form>', page, re.DOTALL)
    assert form is not None
    fields = dict(re.findall(r'name="([^"]+)"\s+value="([^"]*)"', form[1]))
    answer = await visitor.post(f"{room.base('desk')}/commands/InsertRounds", fields, headers=who)
    few = (await asked(visitor, room, who, "?want=rank&choices=12")).text

    assert answer.status_code == 303
    state = await room.state()
    first, second = state.step(fields["step"]), state.step(f"{fields['step']}b")
    ids = [s.id for s in state.steps]
    assert ids.index(second.id) == ids.index(first.id) + 1
    assert (first.settings.among, second.settings.among) == ("all", "kept")
    assert second.settings.of == (first.id,)
    assert (first.settings.method, second.settings.method) == (fields["first"], fields["second"])
    assert "InsertRounds" not in few


async def test_a_number_that_is_none_is_refused_with_what_to_give_and_stays_in_its_field(
    visitor: Visitor, room: Room
) -> None:
    who = await desk_of(room, visitor)
    for wrong in ("0", "000008123", "many", "-3", "301", "9" * 40):
        page = await asked(visitor, room, who, f"?want=narrow&choices={wrong}")
        assert page.status_code == 422, wrong
        assert "Give a whole number from 1 to 300" in page.text
        assert f'value="{wrong}"' in page.text
        assert not forms(page.text)


async def test_it_asks_first_and_proposes_nothing_for_a_want_that_it_does_not_know(
    visitor: Visitor, room: Room
) -> None:
    who = await desk_of(room, visitor)
    for query in ("", "?want=conquer"):
        page = (await asked(visitor, room, who, query)).text
        assert "What do you want?" in page
        assert not forms(page)
    assert "there are no proxies" in page


@pytest.mark.parametrize("role", [Role.PARTICIPANT, Role.STAFF, Role.SCREEN])
async def test_only_whoever_leads_is_shown_it(visitor: Visitor, room: Room, role: Role) -> None:
    page = await asked(visitor, room, {"cookie": await room.cookie(role), "accept-language": "en"})

    assert "What do you want?" not in page.text
