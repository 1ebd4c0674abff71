"""A copied browser: a number that another page has used with other content. Nothing is swallowed, nothing doubled."""

from playwright.async_api import Page, expect

from tests.browser.client.conftest import opened, write
from tests.browser.client.toyroom import Room


async def test_what_has_anothers_number_goes_again_under_a_fresh_one_once(live: Page, room: Room) -> None:
    cid = room.hellos[0]["cid"]
    room.copied(cid, "theirs")
    await write(live, "mine")
    await room.until(lambda: room.texts() == ["mine"])

    assert room.accepted[0][:2] == (room.hellos[-1]["cid"], 1)
    assert room.hellos[-1]["cid"] != cid
    await expect(live.locator("#idea-copy1")).to_have_count(0)


async def test_what_was_taken_under_the_old_number_is_not_sent_again_under_the_fresh_one(
    live: Page, room: Room
) -> None:
    cid = room.hellos[0]["cid"]
    room.copied(cid, "theirs")
    await live.evaluate(
        """() => ["one", "two", "three"].forEach((text) => {
            document.querySelector("#text").value = text;
            document.querySelector("form").requestSubmit();
        })"""
    )
    await room.until(lambda: len(room.texts()) == 3)
    await write(live, "four")
    await room.until(lambda: len(room.texts()) == 4)

    assert sorted(room.texts()) == ["four", "one", "three", "two"]
    assert {c for c, _, kind, body in room.accepted if body["text"] in ("two", "three")} == {cid}
    assert {c for c, _, kind, body in room.accepted if body["text"] in ("one", "four")} == {
        room.hellos[-1]["cid"]
    }


async def test_what_has_anothers_number_survives_a_reload(live: Page, room: Room) -> None:
    cid = room.hellos[0]["cid"]
    room.copied(cid, "theirs")
    room.mute = True
    await write(live, "mine")
    await room.until(lambda: len(room.arrived) == 1)
    room.mute = False
    await opened(live, room)
    await room.until(lambda: room.texts() == ["mine"])

    assert room.accepted[0][0] != cid


async def test_it_goes_by_http_too_where_sockets_are_blocked(
    page: Page, room: Room, faults: list[str]
) -> None:
    room.sockets_pass = False
    await page.goto(room.address)
    await room.until(lambda: room.polls > 1)
    await write(page, "one")
    await room.until(lambda: room.texts() == ["one"])
    room.copied(room.accepted[0][0], "theirs")
    await expect(page.locator("form[data-pending]")).to_have_count(0)
    room.late = True
    await write(page, "mine")
    await room.until(lambda: "mine" in room.texts())
    polls = room.polls
    await room.until(lambda: room.polls > polls)  # what was asked under the old number was answered before
    room.late = False
    await room.happened()
    await expect(page.locator("form[data-pending]")).to_have_count(0)

    assert room.texts() == ["one", "mine"]
    assert room.accepted[1][0] != room.accepted[0][0]


async def test_what_conflicts_under_a_fresh_number_too_is_given_back(live: Page, room: Room) -> None:
    taken = []

    async def judged(cid: str, op: dict[str, object]) -> dict[str, object]:
        taken.append(cid)
        return {
            "t": "nack",
            "n": op["n"],
            "g": room.gen,
            "code": "conflict",
            "rule": "O9",
            "msg": "Send it again.",
        }

    room.judged = judged  # type: ignore[method-assign]
    await write(live, "mine")
    await expect(live.locator("[data-say]")).to_have_text("Send it again.")
    await expect(live.locator("#text")).to_have_value("mine")

    assert len(taken) == len(set(taken)) == 2
