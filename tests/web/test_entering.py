"""Coming in under a code: the code as people write it, names, pressing twice, browsers that keep nothing (rows 28–30)."""

import asyncio
import re

import httpx2
import pytest

from tests.web.conftest import Room, Visitor, a_ticket


async def test_the_code_is_enough_to_come_in_and_the_page_is_the_phone(visitor: Visitor, room: Room) -> None:
    form = await visitor.get(room.base())
    joined = await visitor.post(f"{room.base()}/join", {"name": " Léa\u202e "})
    page = await visitor.get(room.base())

    assert "/join" in form.text
    assert (joined.status_code, joined.headers["location"]) == (303, room.base())
    assert 'data-surface="phone"' in page.text
    assert "Léa" in page.text
    assert (await room.state()).people.voices == 1


async def test_a_name_is_optional_and_kept_beside_the_journal(visitor: Visitor, room: Room) -> None:
    await visitor.post(f"{room.base()}/join")
    async with room.place.visitor() as other:
        await other.post(f"{room.base()}/join", {"name": "Zoé"})

    assert list((await room.service.journal.names(room.code)).values()) == ["Zoé"]
    assert not any("Zoé".encode() in entry.body for entry in await room.service.journal.read(room.code))


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
async def test_a_browser_that_keeps_no_cookies_is_told_so_and_makes_nobody_however_often_one_presses(
    visitor: Visitor, room: Room, accept: str
) -> None:
    before = await room.seq()
    for _ in range(3):
        form = {"name": "Léa", "ticket": ticket_on(await visitor.get(room.base()))}
        visitor.http.cookies.clear()
        headers = {"accept": accept, "accept-language": "en"}
        answer = await visitor.post(f"{room.base()}/join", form, headers=headers)
        assert answer.status_code == 422
        assert "give our cookie back" in answer.text
        assert accept != "text/html" or 'value="Léa"' in answer.text
        visitor.http.cookies.clear()

    assert await room.seq() == before


async def test_a_link_opened_in_a_browser_that_keeps_no_cookies_makes_nobody_either(
    visitor: Visitor, room: Room
) -> None:
    before = await room.seq()
    base = room.base("desk")
    form = {"secret": room.opened.desk, "ticket": ticket_on(await visitor.get(base))}
    visitor.http.cookies.clear()
    refused = await visitor.post(f"{base}/enter", form, headers={"accept-language": "en"})
    same = await room.seq()
    entered = await visitor.post(
        f"{base}/enter", form
    )  # the page of the refusal has handed out one more to try

    assert (refused.status_code, entered.status_code, same) == (422, 303, before)
    assert "give our cookie back" in refused.text
    assert await room.seq() > before


@pytest.mark.parametrize(
    ("agent", "warned"),
    [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) AppleWebKit/605.1.15 [FBAN/FBIOS;FBAV/400.0]",
            True,
        ),
        (
            "Mozilla/5.0 (Linux; Android 12; SM-A125F; wv) AppleWebKit/537.36 Version/4.0 Chrome/103.0.0.0",
            True,
        ),
        ("Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/103.0.0.0 Mobile Safari/537.36", False),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) Version/16.0 Mobile/15E148 Safari/604.1",
            False,
        ),
    ],
)
async def test_who_is_inside_another_app_is_told_what_to_do(
    visitor: Visitor, room: Room, agent: str, warned: bool
) -> None:
    page = await visitor.get(room.base(), headers={"user-agent": agent, "accept-language": "en"})

    assert ("inside another app" in page.text) is warned


def ticket_on(page: httpx2.Response) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', page.text)
    assert found
    return found[1]


async def test_pressing_join_twice_makes_one_person(visitor: Visitor, room: Room) -> None:
    form = {"name": "Léa", "ticket": a_ticket()}
    async with room.place.visitor() as same:
        first, again = await asyncio.gather(*(v.post(f"{room.base()}/join", form) for v in (visitor, same)))

    assert (first.status_code, again.status_code) == (303, 303)
    assert (await room.state()).people.voices == 1


async def test_who_is_in_already_is_not_counted_again(visitor: Visitor, room: Room) -> None:
    await visitor.post(f"{room.base()}/join")
    await visitor.post(f"{room.base()}/join", {"name": "Léa"})

    assert (await room.state()).people.voices == 1


@pytest.mark.parametrize(
    ("name", "sentence"), [("admin", "official"), ("x" * 41, "41 characters"), ("Facilitatrice", "official")]
)
async def test_a_name_that_cannot_be_taken_is_given_back(
    visitor: Visitor, room: Room, name: str, sentence: str
) -> None:
    visitor.http.headers["accept-language"] = "en"
    answer = await visitor.post(f"{room.base()}/join", {"name": name})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert name in answer.text
    assert (await room.state()).people.voices == 0


async def test_a_locked_room_says_so_and_lets_the_same_person_in_later(visitor: Visitor, room: Room) -> None:
    await room.lead("SetEntry", mode="locked")
    refused = await visitor.post(f"{room.base()}/join", {"name": "Léa"})
    await room.lead("SetEntry", mode="open")
    joined = await visitor.post(f"{room.base()}/join", {"name": "Léa"})

    assert refused.status_code == 422
    assert joined.status_code == 303
    assert list((await room.service.journal.names(room.code)).values()) == ["Léa"]


@pytest.mark.parametrize("written", ["{}", " {} ", "{:.3} {:.3}", "lower", "{}".format("%s-%s")])
async def test_a_code_is_understood_as_people_write_it(visitor: Visitor, room: Room, written: str) -> None:
    code = room.code
    shown = {
        "{}": code,
        " {} ": f" {code} ",
        "{:.3} {:.3}": f"{code[:3]} {code[3:]}",
        "lower": code.lower(),
        "%s-%s": f"{code[:3]}-{code[3:].lower()}",
    }[written]
    answer = await visitor.get("/", params={"code": shown})

    assert (answer.status_code, answer.headers.get("location")) == (303, f"/f/{code}")


@pytest.mark.parametrize("gap", [".", "%20", "-"])  # without one, a code of figures is as it was
async def test_an_address_written_otherwise_leads_to_the_forum(
    visitor: Visitor, room: Room, gap: str
) -> None:
    written = f"{room.code[:3].lower()}{gap}{room.code[3:]}"
    answer = await visitor.get(f"/f/{written}/desk")

    assert (answer.status_code, answer.headers["location"]) == (303, f"/f/{room.code}/desk")


@pytest.mark.parametrize(
    "code",
    [
        "",
        "%20",
        "O0I1LU",
        "ABC23",
        "ABC2345",
        "😀",
        "x" * 1000,
        "%00",
        "..%2f..",
        "{R}",
        "*",
        "%0a",
        "ABC234%0d%0aX: y",
        "ABC23İ",
    ],
)
async def test_what_can_be_no_code_finds_nothing_and_touches_no_key(visitor: Visitor, code: str) -> None:
    before = await visitor.place.service.journal.forums()
    for path in (f"/f/{code}", f"/f/{code}/desk", f"/?code={code}"):
        assert (await visitor.get(path)).status_code in (404, 303, 400), path
    assert (await visitor.post(f"/f/{code}/join")).status_code in (404, 400)

    assert await visitor.place.service.journal.forums() == before


async def test_whoever_scans_the_code_after_the_end_reads_that_the_forum_is_over(
    visitor: Visitor, board: Room
) -> None:
    before = (await visitor.get(board.base())).text
    await board.lead("EndSession", session="first")
    after = (await visitor.get(board.base())).text

    assert "Le forum est terminé" not in before
    assert "Le forum est terminé" in after
    assert "Vous pouvez encore entrer" in after
