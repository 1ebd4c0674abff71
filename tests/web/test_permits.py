"""Who may open forums here: everybody, whoever has the passphrase or a link, or nobody but the command line."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from forum.domain import records
from forum.domain.flow import ForumOpened
from forum.domain.keeping import last_day
from forum.domain.roles import Role
from forum.opening import DAY_MS, agendas, make_tickets, opening_link, opens
from forum.settings import BadSetting, Settings
from forum.web.permits import TRIES
from tests.web.conftest import Place, Visitor, a_place, a_ticket

JSON = {"accept": "application/json"}
PASSPHRASE = "quatre chats sous la table"
AGENDA = next(iter(agendas()))


@asynccontextmanager
async def serving(folder: Path, **environment: str) -> AsyncIterator[tuple[Place, Visitor]]:
    (folder / "passphrase").write_text(f"{PASSPHRASE}\n")
    chosen = Settings.from_environment(environment | {"FORUM_DATA": str(folder / "data")})
    said = {name: getattr(chosen, name) for name in ("opening", "keep_days", "keep_most_days")}
    async with a_place(folder / "data", **said) as place, place.visitor() as visitor:
        visitor.http.headers["accept-language"] = "en"
        yield place, visitor


def by_passphrase(folder: Path) -> dict[str, str]:
    return {"FORUM_OPENING": "passphrase", "FORUM_OPENING_FILE": str(folder / "passphrase")}


async def test_opening_can_be_left_to_the_command_line(tmp_path: Path) -> None:
    async with serving(tmp_path, FORUM_OPENING="closed") as (place, visitor):
        page = await visitor.get("/")
        tried = [
            await visitor.post(path, {"agenda": AGENDA, "permit": PASSPHRASE})
            for path in ("/forums", "/demo")
        ]
        script = await visitor.post("/forums", {"agenda": AGENDA}, headers=JSON)
        forums = await place.service.journal.forums()

    assert 'action="/forums"' not in page.text
    assert 'action="/demo"' not in page.text
    assert "Here, forums are opened by whoever runs this server" in page.text
    assert [answer.status_code for answer in tried] == [403, 403]
    assert "Here, forums are opened by whoever runs this server" in tried[0].text
    assert (script.status_code, script.json()["code"]) == (403, "opening_closed")
    assert forums == []


async def test_a_passphrase_opens_forums_and_nothing_else_does(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(tmp_path, **by_passphrase(tmp_path)) as (place, visitor):
        page = await visitor.get("/")
        last = await visitor.get(f"/open?at=check&agenda={AGENDA}")
        fields = {"agenda": AGENDA, "title": "Vision <2025>", "ticket": a_ticket()}
        without = await visitor.post("/forums", fields)
        wrong = await visitor.post("/forums", fields | {"permit": "quatre chats sur la table"})
        demo = await visitor.post("/demo", {"permit": ""})
        before = await place.service.journal.forums()
        right = await visitor.post("/forums", fields | {"permit": f"  {PASSPHRASE}\u202f"})
        play = await visitor.post("/demo", {"permit": PASSPHRASE})

    assert page.text.count('name="permit"') == last.text.count('name="permit"') == 1
    assert "Passphrase" in page.text
    assert [a.status_code for a in (without, wrong, demo, right, play)] == [403, 403, 403, 201, 201]
    assert "Vision &lt;2025&gt;" in wrong.text, "what was written is given back"
    assert "sur la table" not in wrong.text
    assert before == []
    assert PASSPHRASE not in caplog.text
    assert "sur la table" not in caplog.text


async def test_tries_at_the_passphrase_are_bounded_and_the_right_one_is_then_not_told(tmp_path: Path) -> None:
    async with serving(tmp_path, **by_passphrase(tmp_path)) as (place, visitor):
        with place.clock.stopped():
            tried = [
                (
                    await visitor.post("/forums", {"agenda": AGENDA, "permit": f"try {n}"}, headers=JSON)
                ).status_code
                for n in range(int(TRIES.burst) + 2)
            ]
            right = await visitor.post("/forums", {"agenda": AGENDA, "permit": PASSPHRASE}, headers=JSON)
            async with place.visitor() as elsewhere:
                other = await elsewhere.post(
                    "/forums", {"agenda": AGENDA, "permit": PASSPHRASE}, headers=JSON
                )
        place.clock.crank(3600)
        later = await visitor.post("/forums", {"agenda": AGENDA, "permit": PASSPHRASE}, headers=JSON)

    assert tried == [403] * int(TRIES.burst) + [429] * 2
    assert (right.status_code, other.status_code, later.status_code) == (429, 201, 201)


@pytest.mark.parametrize("mode", ["link", "passphrase"])
async def test_whoever_guesses_holds_up_nobody_with_a_signed_link(tmp_path: Path, mode: str) -> None:
    files = by_passphrase(tmp_path) if mode == "passphrase" else {}
    async with serving(tmp_path, **files | {"FORUM_OPENING": mode}) as (place, visitor):
        permit = opening_link(place.service.seed, place.clock() + DAY_MS)
        with place.clock.stopped():
            for n in range(int(TRIES.burst)):
                await visitor.post("/forums", {"agenda": AGENDA, "permit": f"try {n}"}, headers=JSON)
            guess = await visitor.post("/forums", {"agenda": AGENDA, "permit": PASSPHRASE}, headers=JSON)
            linked = await visitor.post("/forums", {"agenda": AGENDA, "permit": permit}, headers=JSON)

    assert (guess.status_code, linked.status_code) == (429, 201)


@pytest.mark.parametrize("mode", ["link", "passphrase"])
async def test_an_opening_link_opens_forums_until_its_day(tmp_path: Path, mode: str) -> None:
    files = by_passphrase(tmp_path) if mode == "passphrase" else {}
    async with serving(tmp_path, **files | {"FORUM_OPENING": mode}) as (place, visitor):
        permit = opening_link(place.service.seed, place.clock() + DAY_MS)
        link = f"https://forum.example/#{permit}"
        good = [await visitor.post("/forums", {"agenda": AGENDA, "permit": p}) for p in (link, permit)]
        forged = await visitor.post(
            "/forums", {"agenda": AGENDA, "permit": permit[:-1] + ("0" if permit[-1] != "0" else "1")}
        )
        passphrase = await visitor.post("/forums", {"agenda": AGENDA, "permit": PASSPHRASE})
        place.clock.crank(2 * 24 * 3600)
        late = await visitor.post("/forums", {"agenda": AGENDA, "permit": permit})

    assert [answer.status_code for answer in good] == [201, 201]
    assert (forged.status_code, late.status_code) == (403, 403)
    assert passphrase.status_code == (201 if mode == "passphrase" else 403)
    assert "has expired" in late.text


def test_only_what_the_server_signed_opens_and_only_until_its_day() -> None:
    seed, now = b"s" * 32, 1_800_000_000_000
    permit = opening_link(seed, now + 1000)
    longer = permit.split("-")
    longer[1] = f"{now + 10 * DAY_MS:x}"

    assert opens(seed, permit, now)
    assert not opens(seed, permit, now + 1000)
    assert not opens(b"t" * 32, permit, now)
    assert not opens(seed, "-".join(longer), now)
    for foreign in ("", "open", "open--", "open-x-y-z", "é" * 40, permit + "0", "open-" + "f" * 400):
        assert not opens(seed, foreign, now)


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({"FORUM_OPENING": "sesame"}, "FORUM_OPENING"),
        ({"FORUM_OPENING": "passphrase"}, "FORUM_OPENING_FILE"),
        ({"FORUM_OPENING": "passphrase", "FORUM_OPENING_FILE": "/nowhere/at/all"}, "cannot be read"),
        ({"FORUM_OPENING": "passphrase", "FORUM_OPENING_FILE": "{short}"}, "12"),
        ({"FORUM_KEEP_MOST_DAYS": "0"}, "FORUM_KEEP_MOST_DAYS"),
        ({"FORUM_KEEP_MOST_DAYS": "30", "FORUM_KEEP_DAYS": "31"}, "FORUM_KEEP_DAYS"),
    ],
)
def test_settings_of_opening_that_cannot_be_are_told(
    tmp_path: Path, environment: dict[str, str], word: str
) -> None:
    (tmp_path / "short").write_text("sésame\n")
    said = {name: value.replace("{short}", str(tmp_path / "short")) for name, value in environment.items()}
    with pytest.raises(BadSetting, match=word):
        Settings.from_environment(said)


def test_the_settings_hold_no_passphrase(tmp_path: Path) -> None:
    (tmp_path / "passphrase").write_text(PASSPHRASE)

    assert PASSPHRASE not in repr(Settings.from_environment(by_passphrase(tmp_path)))


async def test_who_opens_a_forum_here_keeps_it_no_longer_than_this_server_allows(tmp_path: Path) -> None:
    async with serving(tmp_path, FORUM_KEEP_MOST_DAYS="30") as (place, visitor):
        page = await visitor.get(f"/open?at=check&agenda={AGENDA}")
        made = await visitor.post(
            "/forums", {"agenda": AGENDA, "keep_days": "3000", "ticket": a_ticket()}, headers=JSON
        )
        code = made.json()["code"]
        journal, now = place.service.journal, place.clock()
        opened = records.decode((await journal.read(code))[0].body).fact
        [desk] = await make_tickets(journal, code, 1, clock=place.clock, role=Role.FACILITATOR)
        cookie = {"cookie": f"forum_{code}_desk={desk.secret}"}
        limit = last_day(now, 30)
        data = await visitor.get(f"/f/{code}/desk/data", headers=cookie)
        longer = await visitor.post(
            f"/f/{code}/desk/data/keep", {"until": last_day(now, 31), "ticket": a_ticket()}, headers=cookie
        )
        shorter = await visitor.post(
            f"/f/{code}/desk/data/keep", {"until": last_day(now, 7), "ticket": a_ticket()}, headers=cookie
        )

    offered = {int(days) for days in re.findall(r'<option value="(\d+)"', page.text)}
    assert max(offered) == 30
    assert isinstance(opened, ForumOpened)
    assert (opened.keep_until, opened.keep_most) == (limit, limit)
    assert f'max="{limit}"' in data.text
    assert longer.status_code == 422
    assert shorter.status_code == 303
