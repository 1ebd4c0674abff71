"""Everybody's cards, run by run: what a live page asks for, and pages to read them on."""

import re
from typing import Any

import pytest

from forum.fragments.phone import WINDOWS
from tests.web.conftest import Room, Visitor, a_cid

MANY = 70  # more than a page holds at first


async def a_long_board(room: Room, *, visibility: str = "all", cards: int = MANY) -> str:
    """A board with so many cards; the base of a phone's addresses, with its cookie."""
    settings = {"kind": "board", "visibility": visibility}
    await room.lead("InsertStep", step="steplong", settings=settings, title={"fr": "Longue", "en": "Long"})
    await room.lead("OpenStep", step="steplong")
    for n in range(1, cards + 1):
        room.place.clock.crank(2)
        said = await room.lead("PostIdea", id=f"card{n:04}", text=f"Carte {n}", step="steplong")
        assert said["t"] == "ack", said
    room.place.clock.crank(600)
    return await room.cookie()


def cards_in(html: str) -> list[int]:
    return [int(n) for n in re.findall(r"<bdi>Carte (\d+)</bdi>", html)]


async def more(visitor: Visitor, room: Room, cookie: str, **query: str) -> dict[str, Any]:
    headers = {"cookie": cookie, "accept": "application/json"}
    answer = await visitor.get(f"{room.base()}/cards", params=query, headers=headers)
    assert answer.status_code == 200
    said: dict[str, Any] = answer.json()
    return said


async def test_a_live_page_is_given_what_comes_before_until_there_is_no_more(
    visitor: Visitor, room: Room
) -> None:
    cookie = await a_long_board(room)
    page = (await visitor.get(room.base(), headers={"cookie": cookie})).text
    held = cards_in(page)
    begins = re.search(r"data-begins=\"{&#34;ideas&#34;: &#34;(\d+)&#34;}", page)
    assert begins
    rest = await more(visitor, room, cookie, before=begins[1], lang="en")

    assert held == list(range(MANY - WINDOWS["ideas"].most + 1, MANY + 1))
    assert cards_in("".join(put[3] for put in rest["put"])) == list(range(1, held[0]))
    assert {put[1] for put in rest["put"]} == {rest["place"]} == {"ideas"}
    assert rest["begins"] is None
    assert rest["s"] == await room.seq()
    last = await more(visitor, room, cookie)
    assert cards_in("".join(put[3] for put in last["put"])) == list(range(1, MANY + 1))


async def test_a_run_that_is_not_the_first_says_where_it_begins(
    visitor: Visitor, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forum.web.cards.AT_ONCE", 3)
    cookie = await a_long_board(room, cards=8)
    last = await more(visitor, room, cookie)
    next_ = await more(visitor, room, cookie, before=last["begins"])

    assert cards_in("".join(put[3] for put in last["put"])) == [6, 7, 8]
    assert cards_in("".join(put[3] for put in next_["put"])) == [3, 4, 5]
    assert next_["put"][0][2] == next_["begins"]


async def test_a_page_without_script_leads_to_every_card(visitor: Visitor, room: Room) -> None:
    cookie = await a_long_board(room)
    page = (await visitor.get(room.base(), headers={"cookie": cookie})).text
    assert f'href="{room.base()}/cards"' in page
    read = (await visitor.get(f"{room.base()}/cards", headers={"cookie": cookie})).text

    assert cards_in(read) == list(range(1, MANY + 1))


async def test_pages_of_cards_lead_to_one_another_and_leave_none_out(
    visitor: Visitor, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forum.web.cards.AT_ONCE", 30)
    cookie = await a_long_board(room)
    there, seen, back = f"{room.base()}/cards", [], []
    while there:
        page = (await visitor.get(there, headers={"cookie": cookie})).text
        seen = cards_in(page) + seen
        there = _linked(page, "prev")
    while there := _linked(page, "next"):
        page = (await visitor.get(there, headers={"cookie": cookie})).text
        back += cards_in(page)

    assert seen == list(range(1, MANY + 1))
    assert back == list(range(MANY - 60 + 1, MANY + 1))


@pytest.mark.parametrize(
    ("lang", "before", "after"),
    [
        ("fr", "Aucune carte ne vient avant.", "Aucune carte ne vient après."),
        ("en", "There are no cards before these.", "There are no cards after these."),
    ],
)
async def test_where_no_cards_come_before_or_after_it_is_said_and_leads_to_those_there_are(
    visitor: Visitor, room: Room, monkeypatch: pytest.MonkeyPatch, lang: str, before: str, after: str
) -> None:
    monkeypatch.setattr("forum.web.cards.AT_ONCE", 30)
    cookie, there = await a_long_board(room), f"{room.base()}/cards"
    headers = {"cookie": cookie, "accept-language": lang}
    first = await visitor.get(f"{there}?before=0000000001", headers=headers)
    last = await visitor.get(f"{there}?after=99999999999999999999", headers=headers)
    reached = []
    for page, said, other in ((first, before, after), (last, after, before)):
        assert (page.status_code, cards_in(page.text), "<ol" in page.text) == (200, [], False)
        assert said in page.text
        assert other not in page.text
        [way] = re.findall(r'class="button plain" href="([^"]+)"', page.text)
        reached.append(cards_in((await visitor.get(way, headers=headers)).text))

    assert reached == [list(range(1, 31)), list(range(MANY - 29, MANY + 1))]


def _linked(page: str, rel: str) -> str:
    found = re.search(f'rel="{rel}" href="([^"]+)"', page)
    return found[1] if found else ""


async def test_before_the_reveal_nobody_is_given_others_cards(visitor: Visitor, room: Room) -> None:
    """B2."""
    cookie = await a_long_board(room, visibility="hidden", cards=3)
    read = await visitor.get(f"{room.base()}/cards", headers={"cookie": cookie})

    assert (read.status_code, cards_in(read.text)) == (200, [])
    assert "Carte" not in read.text
    assert (await more(visitor, room, cookie))["put"] == []


@pytest.mark.parametrize("query", [{"before": "x"}, {"after": "-1"}, {"before": "1" * 21}, {"place": "root"}])
async def test_what_is_asked_for_in_another_way_is_refused(
    visitor: Visitor, room: Room, query: dict[str, str]
) -> None:
    answer = await visitor.get(f"{room.base()}/cards", params=query, headers={"cookie": await room.cookie()})

    assert answer.status_code == 400


async def test_whoever_is_not_in_is_given_none(visitor: Visitor, room: Room) -> None:
    await a_long_board(room, cards=2)
    answer = await visitor.get(f"{room.base()}/cards")

    assert answer.status_code == 401
    assert "Carte" not in answer.text


async def test_J2_who_waits_to_be_let_in_is_given_no_card_and_not_told_how_long_the_list_is(
    visitor: Visitor, room: Room
) -> None:
    inside = await a_long_board(room)
    await room.lead("SetEntry", mode="approval")
    await visitor.post(f"{room.base()}/join")
    page, plain = await visitor.get(room.base()), await visitor.get(f"{room.base()}/cards")
    live = await visitor.get(f"{room.base()}/cards", headers={"accept": "application/json"})

    assert "data-waiting" in page.text
    assert 'data-begins="{}"' in page.text
    assert live.status_code == 410
    assert (plain.status_code, plain.headers["location"]) == (303, room.base())
    assert not any("Carte" in answer.text for answer in (page, live, plain))
    assert "Carte" in (await visitor.get(f"{room.base()}/cards", headers={"cookie": inside})).text


async def test_a_page_of_today_is_given_the_end_of_a_long_list_and_one_of_before_all_of_it(
    visitor: Visitor, room: Room
) -> None:
    cookie = await a_long_board(room)
    held: dict[int, list[dict[str, Any]]] = {}
    for version in (3, 4):
        async with visitor.socket(room.base(), cookie) as talk:
            await talk.hello(v=version)
            parts = [await talk.hear("full")]
            while parts[-1]["part"] < parts[-1]["parts"]:
                parts.append(await talk.hear("full"))
            held[version] = parts
    polled = {
        version: (await visitor.get(
            f"{room.base()}/changes", params={"cid": a_cid(), "wait": "0", "v": version}, headers={"cookie": cookie}
        )).json()["frames"]
        for version in (3, 4)
    }  # fmt: skip

    def cards(frames: list[dict[str, Any]]) -> int:
        return sum(
            put[0].startswith("idea-") for frame in frames if frame["t"] == "full" for put in frame["put"]
        )

    assert (
        (cards(held[3]), cards(held[4]))
        == (cards(polled[3]), cards(polled[4]))
        == (MANY, WINDOWS["ideas"].most)
    )
    assert "begins" not in held[3][0]
    assert held[4][0]["begins"].keys() == {"ideas"}
