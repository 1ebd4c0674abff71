"""A code of the desk: another phone goes on with somebody's voice, once, and is shown nothing of before (J9, J10, J11)."""

import asyncio
import re

import pytest

from forum.domain.roles import Role
from forum.web import limits
from tests.web.conftest import Place, Room, Visitor, a_ticket
from tests.web.test_personal import own
from tests.web.test_saw import hidden

EN = {"accept-language": "en"}
SECRETS = ("Un atelier le jeudi", "Je commence lundi")


async def person_of(visitor: Visitor, board: Room) -> str:
    """Who a browser is, as its page says."""
    found = re.search(r'data-person="([^"]*)"', (await visitor.get(board.base())).text)
    return found[1] if found else ""


async def desk_code(board: Room, person: str, **more: str) -> str:
    """The code that the desk is shown."""
    cookie = {"cookie": await board.cookie(Role.FACILITATOR)}
    async with board.place.visitor() as desk:
        fields = {"person": person, "ticket": a_ticket()} | more
        page = await desk.post(f"{board.base('desk')}/phone", fields, headers=cookie | EN)
    found = re.search(r'id="desk-code">([^<]+)<', page.text)
    assert found, page.text
    return found[1]


async def enter(visitor: Visitor, board: Room, code: str, ticket: str = "") -> int:
    form = {"secret": code, "ticket": ticket or a_ticket()}
    return (await visitor.post(f"{board.base()}/mine/enter", form, headers=EN)).status_code


async def lea(visitor: Visitor, board: Room) -> str:
    """Léa, with a card on the board."""
    await visitor.post(f"{board.base()}/join", {"name": "Léa"})
    await visitor.op(board.base(), "PostIdea", id="idea0001", step="ideas", text=SECRETS[0])
    return await person_of(visitor, board)


async def test_the_desk_makes_a_code_without_script_and_the_new_phone_has_the_voice_and_nothing_of_before(
    visitor: Visitor, board: Room
) -> None:
    person = await lea(visitor, board)
    code = await desk_code(board, person)
    async with board.place.visitor() as new, new.socket(board.base()) as _:
        entered = await enter(new, board, code.lower())
        pages = [
            await new.get(f"{board.base()}{path}")
            for path in ("", "/data", "/receipt", "/receipt/file?form=json")
        ]
        poll = await new.get(
            f"{board.base()}/changes", params={"gen": 0, "seq": 0, "cid": "tab-0000000000000001"}
        )
        async with new.socket(board.base()) as talk:
            await talk.hello()
            frames = [await talk.hear("you")]
    state = await board.state()
    [now] = [p for p in state.people.by_id.values() if p.took]

    assert re.fullmatch(r"[A-HJ-NP-TV-Z2-9]{4} [A-HJ-NP-TV-Z2-9]{4}", code)
    assert entered == 303
    assert "Léa" in pages[0].text
    assert not any(
        words in told for words in SECRETS for told in (*(p.text for p in pages), poll.text, str(frames))
    )
    assert (now.took, state.people.by_id[person].state, state.people.voices) == (person, "out", 1)
    assert "idea0001" in state.ideas.by_id


async def test_the_phone_before_is_out_at_once_and_told_what_to_do_and_its_own_code_takes_everything_back(
    visitor: Visitor, board: Room
) -> None:
    person = await lea(visitor, board)
    mine, code = await own(visitor, board), await desk_code(board, person)
    async with board.place.visitor() as new, visitor.socket(board.base()) as open_page:
        await open_page.hello()
        await enter(new, board, code)
        closed = await open_page.ended()
        out = await visitor.get(board.base(), headers=EN)
        back = await enter(visitor, board, mine)
        mine_again = await visitor.get(board.base())
        theirs = await new.get(board.base(), headers=EN)
        again = await new.post(f"{board.base()}/mine/enter", {"secret": mine})

    assert closed == 4403 or closed == 4401
    assert (out.status_code, "You are continuing on another phone" in out.text) == (410, True)
    assert f'href="{board.base()}/mine"' in out.text
    assert (back, SECRETS[0] in mine_again.text) == (303, True)
    assert (theirs.status_code, "Your previous phone speaks for you again" in theirs.text) == (410, True)
    assert again.status_code == 303, "whoever has the code is taken for its owner, on any device"
    assert (await board.state()).people.voices == 1


async def test_a_code_opens_once_and_the_same_press_again_is_the_same_person(
    visitor: Visitor, board: Room
) -> None:
    code, ticket = await desk_code(board, await lea(visitor, board)), a_ticket()
    async with board.place.visitor() as new, board.place.visitor() as other:
        first = [await enter(new, board, code, ticket), await enter(new, board, code, ticket)]
        second = await enter(other, board, code)

    assert (first, second) == ([303, 303], 404)
    assert (await board.state()).people.voices == 1


async def test_of_two_who_enter_a_code_at_the_same_moment_one_comes_in(visitor: Visitor, board: Room) -> None:
    code = await desk_code(board, await lea(visitor, board))
    async with board.place.visitor() as one, board.place.visitor() as two:
        answers = await asyncio.gather(enter(one, board, code), enter(two, board, code))

    assert sorted(answers) == [303, 404]
    assert (await board.state()).people.voices == 1


async def test_a_code_is_over_after_its_time_and_when_a_new_one_is_made(
    visitor: Visitor, board: Room
) -> None:
    person = await lea(visitor, board)
    old = await desk_code(board, person)
    new = await desk_code(board, person)
    async with board.place.visitor() as phone:
        void = await enter(phone, board, old)
        board.place.clock.crank(15 * 60 + 1)
        late = await enter(phone, board, new)

    assert old != new
    assert (void, late) == (404, 404)
    assert (await board.state()).people.by_id[person].state == "in"


async def test_pressing_twice_at_the_desk_makes_one_code_and_the_store_holds_none(
    visitor: Visitor, board: Room
) -> None:
    person, ticket = await lea(visitor, board), a_ticket()
    one, two = [await desk_code(board, person, ticket=ticket) for _ in range(2)]
    kept = str(await board.service.journal.keys(board.code))

    assert one == two
    assert one.replace(" ", "") not in kept
    assert not any(
        one.replace(" ", "").encode() in e.body for e in await board.service.journal.read(board.code)
    )


async def test_only_who_leads_makes_a_code_and_only_of_somebody_who_is_here(
    visitor: Visitor, board: Room
) -> None:
    person = await lea(visitor, board)
    cookie = {"cookie": await board.cookie(Role.FACILITATOR)}
    phone = await visitor.post(f"{board.base('desk')}/phone", {"person": person})
    async with board.place.visitor() as desk:
        nobody = await desk.post(f"{board.base('desk')}/phone", {"person": "nobody"}, headers=cookie)
        page = await desk.get(f"{board.base('desk')}/phone?person={person}", headers=cookie | EN)

    assert (phone.status_code, nobody.status_code) == (401, 422)
    assert 'id="desk-code"' not in nobody.text + page.text


async def test_a_code_of_somebody_who_leads_no_more_opens_nothing(visitor: Visitor, board: Room) -> None:
    person = await lea(visitor, board)
    code = await desk_code(board, person)
    for leader in [p.id for p in (await board.state()).people.by_id.values() if p.role is Role.FACILITATOR]:
        if leader not in (await board.state()).people.by_id:
            continue
        await board.lead("RemovePerson", person=leader)
    async with board.place.visitor() as phone:
        refused = await enter(phone, board, code)

    assert refused == 422
    assert (await board.state()).people.by_id[person].state == "in"


async def test_guessing_codes_of_the_desk_is_slowed_before_it_is_looked_at_and_a_right_one_is_not_told_then(
    place: Place, visitor: Visitor, board: Room
) -> None:
    code = (await desk_code(board, await lea(visitor, board))).replace(" ", "")
    with place.clock.stopped():
        async with place.visitor() as guesser:
            tried = [
                await enter(guesser, board, code[:-1] + sign) for sign in "ABCDEFGHJKMNPQRSTVWXYZ23456789" * 2
            ]
            right = await enter(guesser, board, code)
        async with place.visitor() as elsewhere:
            other = await enter(elsewhere, board, code)

    wrong = int(limits.DESK_CODES.burst)
    assert tried.count(429) >= 60 - wrong
    assert right == 429
    assert other in (303, 404), "who guesses holds up nobody at another address"


def test_a_right_code_is_not_held_up_by_guesses_from_elsewhere_and_whoever_guesses_is():
    now = [0.0]
    one = limits.Limits(lambda: now[0])
    held = {f"10.0.0.{n}": 0 for n in range(1, 31)}
    for _ in range(20):
        now[0] += 0.1
        for guesser in held:
            if one.desk_code(guesser, "ABC234"):
                held[guesser] += 1
            else:
                one.wrong_desk_code(guesser, "ABC234")

    assert all(times >= 5 for times in held.values())
    assert one.desk_code("192.0.2.1", "ABC234") == 0.0
    assert one.desk_code("2001:db8:7::1", "ABC234") == 0.0
    for n in range(40):  # one site has 65,536 households, and is one
        if not one.desk_code(f"2001:db8:8:{n:x}::1", "ABC234"):
            one.wrong_desk_code(f"2001:db8:8:{n:x}::1", "ABC234")
    assert one.desk_code("2001:db8:8:fff::1", "ABC234") > 0


async def test_the_desk_takes_a_voice_back_in_one_press(visitor: Visitor, board: Room) -> None:
    person = await lea(visitor, board)
    code = await desk_code(board, person)
    async with board.place.visitor() as new:
        await enter(new, board, code)
        now = await person_of(new, board)
        cookie = {"cookie": await board.cookie(Role.FACILITATOR)}
        desk = await new.get(f"{board.base('desk')}/phone", params={"person": now}, headers=cookie)
        told = await board.lead("ReturnVoice", person=now)
        page = await visitor.get(board.base())

    assert int(hidden(desk.text, "/commands/ReturnVoice")["seen"]) > 0, (
        "and its form says what it showed (O14)"
    )
    assert told["t"] == "ack"
    assert SECRETS[0] in page.text
    assert (await board.state()).people.by_id[now].state == "out"


async def test_a_name_follows_the_voice_and_is_erased_with_it(visitor: Visitor, board: Room) -> None:
    person = await lea(visitor, board)
    code = await desk_code(board, person)
    async with board.place.visitor() as new:
        await enter(new, board, code)
        now = await person_of(new, board)
        await new.post(f"{board.base()}/name", {"name": "Léa B.", "ticket": a_ticket()})
        shown = await board.service.hub.shown(board.code)
        called = [shown.view.name(person), shown.view.name(now)]
        await new.post(f"{board.base()}/data/erase", {"ticket": a_ticket(), "texts": "none"})
        await board.service.keeper.erase_soon(board.code, 10)
        left = await board.service.journal.names(board.code)

    assert called == ["Léa B.", "Léa B."]
    assert not {person, now} & left.keys()


@pytest.mark.parametrize("written", ["{code}", "http://forum.example/f/ABC234/mine#{code}", " {code}\n"])
async def test_a_code_is_understood_alone_and_in_its_address(
    visitor: Visitor, board: Room, written: str
) -> None:
    code = await desk_code(board, await lea(visitor, board))
    async with board.place.visitor() as new:
        assert await enter(new, board, written.format(code=code)) == 303
