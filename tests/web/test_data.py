"""What is kept of people, and how they have it erased: pages and commands on a real server."""

import re
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from forum.domain.keeping import EndIsNear, last_day
from forum.domain.kernel import Record
from forum.domain.records import encode
from forum.domain.roles import Role
from tests.web.conftest import Room, Visitor, a_ticket

SECRET = "Mon voisin Barnabé, 06 11 22 33 44"


@pytest.fixture
async def lea(visitor: Visitor, board: Room) -> Visitor:
    """Somebody who joined with a name and wrote two cards."""
    await visitor.post(f"{board.base()}/join", {"name": "Léa"})
    for n, words in ((1, SECRET), (2, "Ouvrir nos studios")):
        await visitor.op(board.base(), "PostIdea", id=f"idea00{n}", text=words, step="ideas")
    return visitor


async def texts(room: Room) -> list[str]:
    return [idea.text for _, idea in sorted((await room.state()).ideas.by_id.items())]


async def names(room: Room) -> set[str]:
    return set((await room.service.journal.names(room.code)).values())


async def test_K2_a_person_sees_their_own_words_and_erases_what_they_choose(lea: Visitor, board: Room):
    page = await lea.get(f"{board.base()}/data")
    done = await lea.post(
        f"{board.base()}/data/erase", {"ticket": a_ticket(), "texts": "chosen", "chosen": ["idea001"]}
    )
    after = await lea.get(done.headers["location"])

    assert (page.status_code, done.status_code, after.status_code) == (200, 303, 200)
    assert "Barnabé" in page.text
    assert "Barnabé" not in after.text
    assert await texts(board) == ["", "Ouvrir nos studios"]
    assert await names(board) == set()


async def test_K2_only_the_name_goes_when_only_the_name_was_chosen(lea: Visitor, board: Room):
    await lea.post(f"{board.base()}/data/erase", {"ticket": a_ticket(), "texts": "none"})

    assert await texts(board) == [SECRET, "Ouvrir nos studios"]
    assert await names(board) == set()


async def test_K2_an_erasure_whose_ledger_cannot_be_written_is_carried_out_all_the_same(
    lea: Visitor, board: Room, monkeypatch
):
    monkeypatch.setattr(board.service.keeper._ledger, "path", Path("/dev/full"))

    with capture_logs() as log:
        said = await lea.post(f"{board.base()}/data/erase", {"ticket": a_ticket(), "texts": "all"})

    assert said.status_code == 303
    assert await texts(board) == ["", ""]
    assert "erasure_not_in_ledger" in {line["event"] for line in log}


async def test_K2_words_go_and_the_name_stays_where_that_was_chosen(lea: Visitor, board: Room):
    page = await lea.get(f"{board.base()}/data")
    form = {"ticket": a_ticket(), "texts": "all", "name": "false"}
    nothing = await lea.post(f"{board.base()}/data/erase", form | {"texts": "none"})
    done = await lea.post(f"{board.base()}/data/erase", form)

    assert 'name="name" value="false"' in page.text
    assert "rien ne serait effacé" in nothing.text
    assert done.status_code == 303
    assert await texts(board) == ["", ""]
    assert await names(board) == {"Léa"}


async def test_what_the_page_says_was_erased_or_saved_is_so_whoever_opens_its_address(
    lea: Visitor, board: Room
):
    base, desk = board.base(), {"cookie": await board.cookie(Role.FACILITATOR)}
    [person] = await board.service.journal.names(board.code)

    async def told(visitor: Visitor, address: str, **more: dict[str, str]) -> list[str]:
        page = await visitor.get(address, **more)
        assert ("data-erased" in page.text) == ("C’est effacé" in page.text)
        return re.findall(r'class="flash done" role="status"[^>]*>([^<]*)<', page.text)

    async with board.place.visitor() as other:
        await other.post(f"{base}/join", {"name": "Anne"})
        for address in (f"{base}/data?done=erase", f"{base}/data?erased={person}"):
            assert await told(lea, address) == [], "nothing was"
        for address in ("done=keep", f"kept={last_day(board.place.clock(), 9)}", f"erased={person}"):
            assert await told(other, f"{board.base('desk')}/data?{address}", headers=desk) == []
        words = await lea.post(f"{base}/data/erase", {"ticket": a_ticket(), "texts": "all", "name": "false"})
        mine = words.headers["location"]
        seen = await told(lea, mine), await told(other, mine)
        unknown = await told(other, f"{board.base('desk')}/data?erased={person}", headers=desk)
        board.place.clock.crank(3600)
        late = await told(lea, mine)
        day = last_day(board.place.clock(), 9)
        saved = await other.post(
            f"{board.base('desk')}/data/keep", {"ticket": a_ticket(), "until": day}, headers=desk
        )
        kept = await told(other, saved.headers["location"], headers=desk)
        name = await other.post(
            f"{board.base('desk')}/data/erase", {"ticket": a_ticket(), "person": person}, headers=desk
        )
        gone = await told(other, name.headers["location"], headers=desk)

    assert [len(page) for page in seen] == [1, 0]
    assert unknown == [], "whose words went is nobody's to know"
    assert late == []
    assert (len(kept), len(gone)) == (1, 1)


async def test_nothing_chosen_is_refused_and_nothing_is_erased(lea: Visitor, board: Room):
    said = await lea.post(f"{board.base()}/data/erase", {"ticket": a_ticket(), "texts": "chosen"})

    assert said.status_code == 422
    assert 'role="alert"' in said.text
    assert await names(board) == {"Léa"}


async def test_ticks_without_their_choice_are_refused_rather_than_half_done(lea: Visitor, board: Room):
    form = {"ticket": a_ticket(), "texts": "none", "chosen": ["idea001"]}
    said = await lea.post(f"{board.base()}/data/erase", form)

    assert said.status_code == 422
    assert await names(board) == {"Léa"}


async def test_every_browser_drops_the_words_at_once(lea: Visitor, board: Room):
    await board.lead("RevealStep", step="ideas")
    async with lea.socket(f"{board.base()}") as phone:
        await phone.hello()
        first = await phone.hear("full")
        await lea.op(board.base(), "ErasePerson", texts="all")
        second = await phone.hear("full")

    assert "Barnab" in str(first)
    assert "Barnab" not in str(second)
    assert "mots effacés" in str(second)


async def test_K4_the_desk_erases_a_name_at_somebodys_request_and_no_words(lea: Visitor, board: Room):
    desk = await board.cookie(Role.FACILITATOR)
    [person] = [p for p, name in (await board.service.journal.names(board.code)).items() if name == "Léa"]
    async with lea.place.visitor() as other:
        listed = await other.get(f"{board.base('desk')}/data", headers={"cookie": desk})
        page = await other.get(f"{board.base('desk')}/data?person={person}", headers={"cookie": desk})
        address, form = f"{board.base('desk')}/data/erase", {"ticket": a_ticket(), "person": person}
        words = await other.post(address, form | {"texts": "all"}, headers={"cookie": desk})
        kept = await names(board)
        done = await other.post(address, form | {"texts": "none"}, headers={"cookie": desk})

    assert "Léa" in listed.text
    assert "Barnabé" not in page.text
    assert 'value="all"' not in page.text
    assert (words.status_code, kept) == (422, {"Léa"})
    assert "par qui les a écrits" in words.text
    assert done.status_code == 303
    assert await texts(board) == [SECRET, "Ouvrir nos studios"]
    assert await names(board) == set()


async def test_nobody_erases_what_is_anothers_but_those_who_keep_the_plan(lea: Visitor, board: Room):
    [person] = await board.service.journal.names(board.code)
    async with lea.place.visitor() as other:
        await other.post(f"{board.base()}/join", {"name": "Max"})
        refused = await other.op(board.base(), "ErasePerson", person=person, texts="all")
        page = await other.get(f"{board.base()}/data?person={person}")
        keep = await other.op(board.base(), "SetKeepUntil", until="2099-01-01")

    assert (refused["code"], refused["rule"], keep["code"]) == ("forbidden", "K2", "forbidden")
    assert "Barnabé" not in page.text
    assert await names(board) == {"Léa", "Max"}


async def test_what_was_erased_stays_erased_when_its_number_is_sent_again(lea: Visitor, board: Room):
    answer = await lea.op(board.base(), "ErasePerson", cid="tab-erasing-0000001", texts="all")
    again = await lea.op(board.base(), "ErasePerson", cid="tab-erasing-0000001", texts="all")

    assert (answer["t"], again["s"]) == ("ack", answer["s"])
    assert await texts(board) == ["", ""]


async def test_a_struck_card_stands_in_the_exports_without_its_words(lea: Visitor, board: Room):
    await board.lead("RevealStep", step="ideas")
    await lea.op(board.base(), "ErasePerson", texts="chosen", chosen=["idea001"])
    desk = await board.cookie(Role.FACILITATOR)
    async with lea.place.visitor() as other:
        files = {
            kind: (await other.get(f"{board.base('desk')}/export/{kind}", headers={"cookie": desk})).text
            for kind in ("ideas.csv", "plan.md", "forum.json")
        }

    assert not any("Barnab" in text for text in files.values())
    assert "mots effacés" in files["ideas.csv"]
    assert "mots effacés" in files["plan.md"]
    assert "Ouvrir nos studios" in files["forum.json"]


async def test_K1_the_desk_sets_the_day_and_whoever_joins_reads_it(visitor: Visitor, room: Room):
    before = await visitor.get(room.base())
    day = last_day(room.place.clock(), 400)
    said = await room.lead("SetKeepUntil", until=day)
    after = await visitor.get(room.base())

    assert said["t"] == "ack"
    assert "Aucun jour" in before.text
    assert re.search(r"Gardé jusqu’au .*20\d\d, puis supprimé", after.text)


@pytest.mark.parametrize("until", ["", "yesterday", "2001-01-01", "2199-01-01", "2029-02-31"])
async def test_a_day_that_cannot_be_is_refused(room: Room, until: str):
    said = await room.lead("SetKeepUntil", until=until)

    assert (said["t"], said["code"] in ("bad_date", "keep_range")) == ("nack", True)
    assert (await room.state()).keeping.until == ""


async def test_the_day_is_set_by_a_form_too_and_the_page_says_so(visitor: Visitor, room: Room):
    desk = await room.cookie(Role.STAFF)
    day = last_day(room.place.clock(), 30)
    base = room.base("staff")
    done = await visitor.post(
        f"{base}/data/keep", {"ticket": a_ticket(), "until": day}, headers={"cookie": desk}
    )
    page = await visitor.get(done.headers["location"], headers={"cookie": desk})
    wrong = await visitor.post(
        f"{base}/data/keep", {"ticket": a_ticket(), "until": "2001-01-01"}, headers={"cookie": desk}
    )

    assert 'role="status"' in page.text
    assert (await room.state()).keeping.until == day
    assert wrong.status_code == 422


async def test_K5_K6_how_long_ballots_and_words_are_kept_is_said_to_who_joins_and_chosen_at_the_desk(
    visitor: Visitor, room: Room
):
    desk, address = await room.cookie(Role.FACILITATOR), f"{room.base('desk')}/data/terms"
    told = (await visitor.get(room.base())).text
    done = await visitor.post(
        address, {"ticket": a_ticket(), "ballots": "30", "words": "200"}, headers={"cookie": desk}
    )
    page = (await visitor.get(done.headers["location"], headers={"cookie": desk})).text
    after = (await visitor.get(room.base())).text
    wrong = await visitor.post(
        address, {"ticket": a_ticket(), "ballots": "3", "words": "200"}, headers={"cookie": desk}
    )

    kept = (await room.state()).keeping
    assert "90 jours" in told
    assert "365 jours" in told
    assert (kept.ballot_days, kept.words_days) == (30, 200)
    assert 'role="status"' in page
    assert "30 jours" in after
    assert "200 jours" in after
    assert (wrong.status_code, "de 7 à 365 jours" in wrong.text) == (422, True)


async def test_a_name_that_goes_is_drawn_anew_where_it_stood_and_no_page_is_sent_again(
    lea: Visitor, board: Room
):
    async with lea.socket(f"{board.base()}") as phone:
        await phone.hello()
        await phone.hear("full")
        await lea.op(board.base(), "ErasePerson")
        mine = await phone.hear("you")
        while "Léa" in str(mine) or not any(key == "my-name" for key, *_ in mine["put"]):
            mine = await phone.hear("you")

    assert await names(board) == set()


async def test_what_was_erased_and_is_still_on_the_disk_is_said_so(lea: Visitor, board: Room):
    keeping = board.service.journal.keeping
    await keeping._calls.write("SET", "forum:traces", "denied")
    done = await lea.post(f"{board.base()}/data/erase", {"ticket": a_ticket(), "texts": "none"})
    after = await lea.get(done.headers["location"])
    await board.service.journal.keeping._calls.write("DEL", "forum:traces")
    well = await lea.get(done.headers["location"])

    assert "en quelques minutes" not in after.text
    assert "en quelques minutes" in well.text


async def test_the_desk_is_told_that_the_end_is_near(room: Room, visitor: Visitor):
    await room.lead("SetKeepUntil", until=last_day(room.place.clock(), 20))
    journal = room.service.journal
    head = await journal.head(room.code)
    await journal.append(room.code, head, [("keeper-soon:1", encode(Record(EndIsNear(30), "", 1)))])
    desk = await room.cookie(Role.FACILITATOR)
    page = await visitor.get(room.base("desk"), headers={"cookie": desk})
    data = await visitor.get(f"{room.base('desk')}/data", headers={"cookie": desk})

    assert "kept soon" in page.text
    assert 'class="warn"' in data.text


async def test_a_forum_opened_on_the_home_page_has_its_last_day(visitor: Visitor):
    form = {"title": "Vision", "agenda": "forum-eclair", "lang": "fr", "keep_days": "92"}
    opened = await visitor.post("/forums", form, headers={"accept": "application/json"})
    odd = await visitor.post(
        "/forums", form | {"keep_days": "99999999"}, headers={"accept": "application/json"}
    )
    service = visitor.place.service
    days = [
        (await service.hub.shown(answer.json()["code"])).view.state.keeping.until for answer in (opened, odd)
    ]

    assert days == [last_day(visitor.place.clock(), 92), last_day(visitor.place.clock(), service.keep_days)]


async def test_people_in_a_forum_that_is_deleted_are_sent_away(lea: Visitor, board: Room):
    async with lea.socket(board.base()) as phone:
        await phone.hello()
        service = board.service
        await service.keeper.purge(board.code, (await service.hub.shown(board.code)).head)
        code = await phone.ended()
    page = await lea.get(board.base())

    assert (code, page.status_code) == (4404, 404)


@pytest.mark.parametrize("surface", ["phone", "desk", "staff"])
async def test_the_data_page_is_for_those_who_are_in(visitor: Visitor, room: Room, surface: str):
    page = await visitor.get(f"{room.base(surface)}/data")

    assert page.status_code in (303, 401, 403)


async def test_C1_what_one_agreed_to_is_on_ones_own_page_with_a_form_that_withdraws_it(
    lea: Visitor, board: Room
):
    page = await lea.get(f"{board.base()}/data", headers={"accept-language": "fr"})
    assert "Qu’ai-je accepté" not in page.text
    await lea.op(board.base(), "GiveConsent", purpose="photo", text_version="photo-1")
    page = await lea.get(f"{board.base()}/data", headers={"accept-language": "fr"})
    assert "des photos" in page.text
    assert f'action="{board.base()}/data/withdraw"' in page.text
    done = await lea.post(f"{board.base()}/data/withdraw", {"ticket": a_ticket(), "purpose": "photo"})
    after = await lea.get(done.headers["location"], headers={"accept-language": "fr"})
    again = await lea.post(f"{board.base()}/data/withdraw", {"ticket": a_ticket(), "purpose": "photo"})
    nothing = await lea.post(f"{board.base()}/data/withdraw", {"ticket": a_ticket(), "purpose": "blood"})

    assert done.status_code == 303
    assert "Votre accord est retiré" in after.text
    assert "/data/withdraw" not in after.text
    assert (again.status_code, nothing.status_code) == (422, 422)
    assert [bool(c.withdrawn_at) for given in (await board.state()).consents.values() for c in given] == [
        True
    ]
