"""How fast is too fast; and who is never too fast."""

import asyncio

from forum.web.doorway import QUIET_SECONDS, Doorway
from forum.web.limits import JOINS, MOST_KEYS, Buckets, Limits, Rate, neighbourhood
from tests.web.conftest import Place, Room, Visitor


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_its_burst_then_its_rate() -> None:
    hand = Hand()
    bucket = Buckets(Rate(2, 3), hand)

    assert [bucket.take("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert bucket.take("b") == 0
    hand.now += 0.5
    assert bucket.take("a") == 0
    assert bucket.take("a") > 0
    hand.now -= 100  # a clock that was set back gives nothing and takes nothing
    assert bucket.take("a") > 0


def test_the_memory_of_buckets_is_bounded() -> None:
    bucket = Buckets(Rate(1, 1), Hand())
    for n in range(MOST_KEYS + 10):
        bucket.take(str(n))

    assert len(bucket._kept) == MOST_KEYS


def test_a_bucket_that_is_full_again_is_forgotten_and_one_that_is_not_is_kept() -> None:
    hand = Hand()
    bucket = Buckets(Rate(1, 60), hand)
    for n in range(1000):
        bucket.take(str(n))
    hand.now += 59
    for _ in range(60):
        bucket.take("busy")
    hand.now += 1
    wait = bucket.take("busy") + bucket.take("busy")
    for _ in range(1000):
        bucket.take("new")

    assert set(bucket._kept) == {"busy", "new"}
    assert wait > 0


def test_who_was_turned_away_is_forgotten_after_some_quiet_minutes() -> None:
    hand = Hand()
    doorway = Doorway(hand)
    for code in ("ABC234", "DEF567"):
        for n in range(int(JOINS.burst) + 1):
            doorway.join(code, f"203.0.{n // 250}.{n % 250}", "")
        hand.now += QUIET_SECONDS
    told = [doorway.waited(code) for code in ("ABC234", "DEF567")]
    hand.now -= 1

    assert told == [0, 0]
    assert doorway.waited("DEF567") == 1
    assert set(doorway._waited) == {"DEF567"}


def test_a_tab_that_floods_waits_and_its_neighbour_does_not() -> None:
    limits = Limits(Hand())
    waits = [limits.op("ABC234", "ana", "tab-a") for _ in range(100)]

    assert waits[0] == 0
    assert waits[-1] > 0
    assert limits.op("ABC234", "ben", "tab-b") == 0


def test_a_household_of_ipv6_counts_as_one_address() -> None:
    assert neighbourhood("2001:db8:1:2:3::1") == neighbourhood("2001:db8:1:2:ffff::9")
    assert neighbourhood("2001:db8:1:3::1") != neighbourhood("2001:db8:1:2::1")
    assert neighbourhood("198.51.100.7") != neighbourhood("198.51.100.8")
    assert neighbourhood("no address") == "no address"


def test_ipv4_through_a_socket_of_both_kinds_is_no_household() -> None:
    assert neighbourhood("::ffff:198.51.100.7") == neighbourhood("198.51.100.7")
    assert neighbourhood("::ffff:198.51.100.7") != neighbourhood("::ffff:203.0.113.8")


async def test_where_somebody_is_in_two_hundred_others_come_in_while_a_neighbour_guesses_codes(
    place: Place, room: Room, visitor: Visitor, stopped: None
) -> None:
    shared = "198.51.100.200"
    async with place.visitor(shared) as desk:
        await desk.post(f"{room.base('desk')}/enter", {"secret": room.opened.desk})

    async def arrive(n: int) -> int:
        async with place.visitor(shared) as phone:
            joined = await phone.post(f"{room.base()}/join", {"name": f"Phone {n}"})
            page = await phone.get(room.base())
            return max(joined.status_code, page.status_code)

    async with place.visitor(shared) as guesser:
        guesses = [await guesser.get(f"/f/ZZZZ{a}{b}") for a in "ABCDEF" for b in "GHJKM"]
        statuses = [
            status
            for n in range(0, 200, 20)
            for status in await asyncio.gather(*map(arrive, range(n, n + 20)))
        ]

    assert [g.status_code for g in guesses] == [404] * 20 + [429] * 10
    assert set(statuses) == {303}
    assert (await room.state()).people.voices == 200


async def test_a_wrong_code_and_an_impossible_one_are_told_apart_by_their_sentence_only(
    visitor: Visitor,
) -> None:
    unknown = await visitor.get("/f/ZZZZZZ", headers={"accept": "application/json"})
    impossible = await visitor.get("/f/O0I1", headers={"accept": "application/json"})

    assert (unknown.status_code, unknown.json()["code"]) == (404, "no_such_room")
    assert (impossible.status_code, impossible.json()["code"]) == (404, "bad_code")


async def test_guessing_links_is_slowed_too_and_the_right_one_still_opens(
    visitor: Visitor, room: Room, stopped: None
) -> None:
    answers = [
        (await visitor.post(f"{room.base('desk')}/enter", {"secret": "x" * 22})).status_code
        for _ in range(25)
    ]
    right = await visitor.post(f"{room.base('desk')}/enter", {"secret": room.opened.desk})

    assert answers == [404] * 20 + [429] * 5
    assert right.status_code == 303
