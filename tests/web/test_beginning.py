"""Opening a forum, one thing a page: what was answered is carried, back leads back, and nothing is lost by a refusal."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from forum.opening import agendas
from forum.web.guard import ADDRESS_BYTES
from forum.web.questions import QUESTIONS
from tests.web.conftest import Visitor

ANSWERS = {
    "agenda": "forum-participatif",
    "title": "Notre quartier",
    "question": "Que voulons-nous ?",
    "horizon": "2031",
    "expected": "45",
}


def carried(html: str) -> dict[str, str]:
    """What the first form of the page has in hidden fields."""
    form = html.split('action="/open"', 1)[1].split("</form>", 1)[0]
    return {n: unescape(v) for n, v in re.findall(r'type="hidden"\s+name="(\w+)" value="([^"]*)"', form)}


async def test_the_home_page_announces_as_many_pages_as_there_are(visitor: Visitor) -> None:
    home, first = await visitor.get("/"), await visitor.get("/open")
    assert f"{len(QUESTIONS)} pages courtes" in home.text or f"{len(QUESTIONS)} short pages" in home.text
    assert re.search(rf"\b1\s\w+\s{len(QUESTIONS)}\b", first.text)


async def test_each_page_asks_one_thing_and_carries_what_was_answered(visitor: Visitor) -> None:
    answers: dict[str, str] = {}
    pages = [*ANSWERS, "check"]
    for name, after in zip(ANSWERS, pages[1:], strict=True):
        page = await visitor.get(f"/open?at={name}", params=answers | {"at": name})
        assert carried(page.text) == answers
        answers[name] = ANSWERS[name]
        answer = await visitor.post("/open", answers | {"at": after})
        assert answer.status_code == 303
        assert parse_qs(urlsplit(answer.headers["location"]).query) == {
            n: [v] for n, v in (answers | {"at": after}).items()
        }
    last = await visitor.get("/open", params=answers | {"at": "check"})
    assert carried(last.text) == ANSWERS | {"then": "check"}
    opened = await visitor.post("/forums", ANSWERS | {"lang": "fr"}, headers={"accept": "application/json"})
    state = (await visitor.place.service.hub.shown(opened.json()["code"])).view.state
    assert (state.title, state.question, state.horizon) == ("Notre quartier", "Que voulons-nous ?", 2031)
    assert [session.plan.expected for session in state.sessions.all] == [45]


@pytest.mark.parametrize("said", ["beaucoup", "-1", "20001", "1e3"])
async def test_a_number_of_people_that_is_none_is_asked_for_again(visitor: Visitor, said: str) -> None:
    answer = await visitor.get("/open", params={"agenda": "forum-eclair", "expected": said, "at": "check"})

    assert answer.status_code == 422
    assert f'value="{said}"' in answer.text
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize("said", ["", " ", "0"])
async def test_a_forum_is_opened_by_who_does_not_know_how_many_come(visitor: Visitor, said: str) -> None:
    fields = {"agenda": "forum-eclair", "expected": said, "lang": "fr"}
    opened = await visitor.post("/forums", fields, headers={"accept": "application/json"})
    state = (await visitor.place.service.hub.shown(opened.json()["code"])).view.state

    assert state.sessions.all[0].plan.expected == 0


async def test_back_carries_what_is_being_written_even_where_it_could_not_be_taken(visitor: Visitor) -> None:
    entered = {"agenda": "forum-eclair", "title": "x" * 121}
    back = await visitor.post("/open", entered | {"at": "agenda"}, follow_redirects=True)
    assert carried(back.text) == {"title": "x" * 121}

    on = await visitor.post("/open", entered | {"at": "question"}, follow_redirects=True)
    assert on.status_code == 422
    assert 'role="alert"' in on.text
    assert f'value="{"x" * 121}"' in on.text


async def test_what_is_too_long_for_an_address_is_carried_all_the_same(visitor: Visitor) -> None:
    entered = {"agenda": "forum-eclair", "title": "T", "question": "é" * ADDRESS_BYTES}
    answer = await visitor.post("/open", entered | {"at": "title"})
    assert answer.status_code == 200
    assert carried(answer.text)["question"] == "é" * ADDRESS_BYTES


@pytest.mark.parametrize("lang", ["fr", "en"])
async def test_the_proposed_question_is_asked_in_the_language_of_the_room(
    visitor: Visitor, lang: str
) -> None:
    agenda = agendas()["forum-eclair"]
    fields = {"agenda": agenda.id, "question": agenda.horizon_question.fr, "lang": lang}
    opened = await visitor.post("/forums", fields, headers={"accept": "application/json"})
    state = (await visitor.place.service.hub.shown(opened.json()["code"])).view.state
    assert state.question == agenda.horizon_question.get(lang)


async def test_no_agenda_is_ticked_for_anybody_and_the_one_that_was_chosen_stays(visitor: Visitor) -> None:
    first = await visitor.get("/open")
    back = await visitor.get("/open?at=agenda&agenda=forum-participatif")

    assert len(re.findall('type="radio" name="agenda"', first.text)) == len(agendas())
    assert not re.search('type="radio"[^>]* checked', first.text)
    assert re.findall('value="([^"]*)" required checked', back.text) == ["forum-participatif"]


@pytest.mark.parametrize("name", ANSWERS)
async def test_a_changed_answer_leads_back_to_the_last_check_at_once(visitor: Visitor, name: str) -> None:
    last = await visitor.get("/open", params=ANSWERS | {"at": "check"})
    change = carried(last.text) | {"at": name}
    page = await visitor.post("/open", change, follow_redirects=True)
    after = re.findall(r'<button class="button[^"]*" name="at" value="(\w+)"', page.text)
    again = await visitor.post(
        "/open", carried(page.text) | {name: ANSWERS[name], "at": after[0]}, follow_redirects=True
    )

    assert after == ["check"]
    assert 'action="/forums"' in again.text
    assert carried(again.text) == ANSWERS | {"then": "check"}


async def test_going_from_page_to_page_leads_to_the_next_one(visitor: Visitor) -> None:
    page = await visitor.get("/open", params=ANSWERS | {"at": "title"})

    assert re.findall(r'<button class="button[^"]*" name="at" value="(\w+)"', page.text) == [
        "question",
        "agenda",
    ]


async def test_another_agenda_does_not_keep_the_question_that_the_first_one_proposed(
    visitor: Visitor,
) -> None:
    first, second = agendas()["consentement"], agendas()["forum-eclair"]
    fields = {"agenda": second.id, "question": first.horizon_question.fr, "title": "T", "at": "check"}
    last = unescape((await visitor.get("/open", params=fields)).text)
    own = unescape((await visitor.get("/open", params=fields | {"question": "La nôtre ?"})).text)

    assert second.horizon_question.fr in last
    assert first.horizon_question.fr not in last
    assert "La nôtre ?" in own
