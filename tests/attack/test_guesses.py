"""Guessing: who tries codes is slowed by where they come from, and nobody beside them is."""

import asyncio

import pytest

from forum.web import limits
from tests.attack.doors import JSON
from tests.web.conftest import Place, Room, Visitor

SHARED, ELSEWHERE = "198.51.100.7", "203.0.113.9"


async def test_two_hundred_phones_behind_one_address_meet_no_refusal_while_another_address_guesses(
    place: Place, board: Room, visitor: Visitor, stopped: None
) -> None:
    async def phone(n: int) -> list[int]:
        async with place.visitor(SHARED) as one:
            joined = await one.post(f"{board.base()}/join", {"name": f"Phone {n}"})
            async with one.socket(board.base()) as talk:
                await talk.hello()
                await talk.say(
                    t="op", n=1, k="PostIdea", b={"id": f"idea{n:04}", "text": "Oui", "step": "ideas"}
                )
                verdict = await talk.hear("ack", "nack")
            return [joined.status_code, 200 if verdict["t"] == "ack" else 429]

    async with place.visitor(ELSEWHERE) as guesser:
        guesses = [(await guesser.get(f"/f/ZZZ{a}{b}Z")).status_code for a in "ABCDE" for b in "FGHJKMN"]
        statuses = [s for n in range(0, 200, 25) for s in await asyncio.gather(*map(phone, range(n, n + 25)))]

    assert guesses == [404] * 20 + [429] * 15
    assert statuses == [[303, 200]] * 200


async def test_who_has_guessed_too_often_is_not_even_told_that_a_code_is_right(
    place: Place, room: Room, visitor: Visitor, stopped: None
) -> None:
    async with place.visitor(ELSEWHERE) as guesser:
        for n in range(int(limits.WRONG_CODES.burst)):
            assert (await guesser.get(f"/f/ZZZZ{'ABCDE'[n % 5]}{'FGHJ'[n // 5]}")).status_code == 404
        asked = [
            [
                await guesser.get(path, headers=JSON)
                for path in (f"/f/{code}", f"/?code={code}", f"/f/{code}/screen")
            ]
            + [await guesser.post(f"/f/{code}/join", headers=JSON)]
            for code in ("ZZZZZZ", room.code)
        ]
        async with guesser.socket("/f/ZZZZZZ") as wrong, guesser.socket(room.base()) as right:
            closed = [await wrong.ended(), await right.ended()]
    wrong, right = (
        [(a.status_code, a.content, a.headers["retry-after"]) for a in answers] for answers in asked
    )

    assert {status for status, _, _ in wrong} == {429}
    assert right == wrong
    assert closed == [4429, 4429]
    assert (await visitor.get(room.base())).status_code == 200, "others are not held up"
    assert (await room.state()).people.voices == 0


async def test_the_socket_counts_wrong_codes_too(place: Place, visitor: Visitor, stopped: None) -> None:
    closed = []
    for _ in range(int(limits.WRONG_CODES.burst) + 3):
        async with visitor.socket("/f/ZZZZZZ") as talk:
            closed.append(await talk.ended())

    assert closed == [4404] * 20 + [4429] * 3
    assert (await visitor.get("/f/ZZZZZZ")).status_code == 429, "one budget for every door"


async def test_a_house_of_ipv6_guesses_as_one(place: Place, visitor: Visitor, stopped: None) -> None:
    answers = []
    for n in range(22):
        async with place.visitor(f"2001:db8:0:7::{n:x}") as guesser:
            answers.append((await guesser.get("/f/ZZZZZZ")).status_code)

    assert answers == [404] * 20 + [429] * 2


async def test_many_addresses_together_share_one_budget(
    place: Place, visitor: Visitor, stopped: None
) -> None:
    answers = []
    for n in range(45):
        async with place.visitor(f"203.0.113.{n}") as guesser:
            answers.append((await guesser.get("/f/ZZZZZZ")).status_code)

    assert answers == [404] * 40 + [429] * 5


@pytest.mark.parametrize("trusted", [True, False])
async def test_who_an_asker_is_comes_from_a_trusted_proxy_only(
    place: Place, second: Place, visitor: Visitor, trusted: bool
) -> None:
    server = place if trusted else second
    server.clock.crank(3600)
    with server.clock.stopped():
        async with server.visitor() as guesser:
            answers = [
                (await guesser.get("/f/ZZZZZZ", headers={"x-forwarded-for": f"198.51.100.{n}"})).status_code
                for n in range(22)
            ]

    assert answers == ([404] * 22 if trusted else [404] * 20 + [429] * 2)


@pytest.mark.parametrize(
    "written", ["198.51.100.7:{}", "[2001:db8::7]:{}", '"[2001:db8::8]:{}"', "[::ffff:198.51.100.8]:{}"]
)
async def test_a_proxy_that_writes_ports_makes_no_new_address_of_each_connection(
    place: Place, stopped: None, written: str
) -> None:
    async with place.visitor() as guesser:
        answers = [
            (
                await guesser.get("/f/ZZZZZZ", headers={"x-forwarded-for": written.format(40_000 + n)})
            ).status_code
            for n in range(22)
        ]

    assert answers == [404] * 20 + [429] * 2


async def test_of_several_lines_of_forwarded_addresses_the_proxys_own_is_the_last(
    place: Place, stopped: None
) -> None:
    """Whoever asks may write the first one; the proxy adds its own below, with a port or without."""
    async with place.visitor() as guesser:
        del guesser.http.headers["x-forwarded-for"]
        answers = [
            (
                await guesser.get(
                    "/f/ZZZZZZ",
                    headers=[
                        ("x-forwarded-for", f"203.0.113.{n}"),
                        ("x-forwarded-for", f"198.51.100.9, 127.0.0.1:{40_000 + n}"),
                    ],
                )
            ).status_code
            for n in range(22)
        ]

    assert answers == [404] * 20 + [429] * 2
