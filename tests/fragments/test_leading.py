"""The question leads: it is the headline wherever people answer it, and nothing of a ready agenda answers for them."""

import re

import pytest

from forum.domain.flow import CloseStep, EditForum, EditStep
from forum.domain.kernel import PersonId, StepId, Words
from forum.domain.links import LinkMade
from forum.domain.people import PersonJoined
from forum.domain.roles import Role
from forum.domain.sessions import reading
from forum.domain.sessions.record import FIRST
from forum.domain.sessions.words import ExpectPeople
from forum.domain.settings import BoardSettings, ShowSettings
from forum.fragments.surface import Audience, View
from forum.language import Reader
from forum.opening import agendas
from tests.scenes import ECLAIR, LEA, SCREEN, Scene, a_room

QUESTION = "Où serons-nous ?"
IDEAS = StepId("ideas")


def a_board(**settings: object) -> Scene:
    return a_room({**ECLAIR, "ideas": BoardSettings(**settings)}).opened("ideas")  # type: ignore[arg-type]


def headline(pages, room: Scene, surface: str) -> str:
    audience = Audience(surface, "fr")  # type: ignore[arg-type]
    html = next(p.html for p in pages.page(View(room.state, {}), audience) if p.key == "words")
    [found] = re.findall(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


@pytest.mark.parametrize("surface", ["phone", "screen"])
def test_the_question_is_the_headline_where_people_answer_it_before_and_after_the_reveal(pages, surface):
    room = a_board(answers=True).with_ideas(2)
    assert headline(pages, room, surface) == QUESTION

    room.revealed("ideas")
    assert headline(pages, room, surface) == QUESTION

    room.ask(EditForum(question="Que voulons-nous ?"))
    assert headline(pages, room, surface) == "Que voulons-nous ?"


@pytest.mark.parametrize("surface", ["phone", "screen"])
def test_where_people_answer_something_else_the_instruction_stays_the_headline(pages, surface):
    assert headline(pages, a_board(), surface) == "Consigne"


def test_at_the_desk_no_line_of_the_question_ends_within_a_verb_and_its_pronoun(pages):
    html = {p.key: p.html for p in pages.page(View(a_board().state, {}), Audience("desk", "fr"))}
    assert '>Où <span class="whole">serons-nous</span>' in html["head"]


def test_the_desk_chooses_what_leads_even_after_the_step_has_begun(pages):
    room = a_board()
    room.ask(EditStep(IDEAS, chosen={"board": {"answers": "true"}}))
    assert headline(pages, room, "phone") == QUESTION


def test_an_example_is_edited_emptied_and_kept_where_nothing_is_said_of_it():
    room = a_board()
    room.ask(EditStep(IDEAS, hint=Words("Par exemple", "For example")))
    room.ask(EditStep(IDEAS, title=Words("Idées", "Ideas")))
    assert room.state.step(IDEAS).hint == Words("Par exemple", "For example")

    room.ask(EditStep(IDEAS, hint=Words()))
    assert room.state.step(IDEAS).hint == Words()


def test_who_listens_is_told_the_question_with_the_step(pages):
    html = next(
        p.html
        for p in pages.page(View(a_board(answers=True).state, {}), Audience("phone", "fr"))
        if p.key == "heard"
    )
    assert f"Étape ideas. {QUESTION} Consigne" in html


@pytest.mark.parametrize("name", agendas())
def test_a_ready_agenda_asks_its_question_and_brings_no_year_and_no_trade_of_its_own(name):
    agenda = agendas()[name]
    assert any(step.params.get("answers") for step in agenda.steps)
    told = [agenda.title, agenda.summary, agenda.horizon_question]
    told += [words for step in agenda.steps for words in (step.title, step.instruction, step.hint)]
    for words in told:
        assert not re.search(r"\b(19|20)\d\d\b|studio|\ban(née)?\b|\byear\b", words.fr, re.IGNORECASE), words
        assert not re.search(r"\b(19|20)\d\d\b|studio|\byear\b", words.en, re.IGNORECASE), words


# Waiting


def text(html: str) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", html).strip()


def a_page(pages, room: Scene, surface: str) -> dict[str, str]:
    return {p.key: p.html for p in pages.page(View(room.state, {}), Audience(surface, "en"))}  # type: ignore[arg-type]


def test_who_waits_is_welcomed_by_name_and_told_how_many_have_come_in(pages):
    room = a_room()
    own = {
        p.key: text(p.html) for p in pages.you(View(room.state, {LEA: "Léa"}), Audience("phone", "en"), LEA)
    }
    assert own["my-greeting"] == "Welcome Léa"
    assert text(a_page(pages, room, "phone")["arrived"]) == "2 people have come in."

    assert "my-greeting" not in {
        p.key for p in pages.you(View(room.opened("ideas").state, {}), Audience("phone", "en"), LEA)
    }
    assert "arrived" not in a_page(pages, room, "phone")


def test_nobody_who_is_inside_is_told_to_scan_the_code(pages):
    for name in agendas():
        words = [w for step in agendas()[name].steps for w in (step.instruction, step.hint)]
        assert not [w for w in words if re.search(r"\bscan", f"{w.fr} {w.en}", re.IGNORECASE)]
    assert "Scan" not in text(" ".join(a_page(pages, a_room(), "phone").values()))


def test_the_wall_shows_the_line_of_the_day_where_nothing_is_asked(pages):
    shows = {"welcome": ShowSettings(), **ECLAIR, "end": ShowSettings()}
    room = a_room(shows)
    asked = [name for name in shows if shows[name].asks]
    assert re.findall('<li class="day-(\\w+)', a_page(pages, room, "screen")["programme"]) == ["ahead"] * len(
        asked
    )

    assert "programme" not in a_page(pages, room.opened("ideas"), "screen")
    room.opened("end")
    assert re.findall('<li class="day-(\\w+)', a_page(pages, room, "screen")["programme"]) == [
        "done",
        *["ahead"] * (len(asked) - 1),
    ]


def test_before_the_start_the_desk_lists_what_is_there_now_and_what_is_not(pages):
    def ready(room, *absent: str) -> list[str]:
        view = View(room.state, {}, absent=frozenset(absent))
        page = {put.key: put.html for put in pages.page(view, Audience("desk", "en"))}
        return re.findall("ready-(done|open)", page["ready"])

    room = a_room(people=()).happened(LinkMade("a" * 16, Role.SCREEN, "opening"))
    assert ready(room, SCREEN) == ["open", "open", "done", "open"]

    room.happened(PersonJoined(PersonId("p-wall"), Role.SCREEN, "a" * 16)).joined(LEA)
    assert ready(room, SCREEN) == ["done", "done", "done", "open"]
    assert ready(room, SCREEN, "p-wall") == ["open", "done", "done", "open"], "no wall is open any more"

    room.ask(ExpectPeople(FIRST, 40))
    assert ready(room, SCREEN) == ["done"] * 4
    assert "of about 40 expected" in a_page(pages, room, "desk")["counts"]
    assert "ready" not in a_page(pages, room.opened("ideas"), "desk")


def test_where_the_day_is_opened_the_desk_lists_what_to_say_and_the_wall_says_when_it_ends(pages):
    room = a_room({"welcome": ShowSettings(), "why": ShowSettings(), **ECLAIR}).opened("welcome")
    room.ask(EditStep("why", phones_down=True))
    assert "say" not in drawn(pages, room, "desk")

    room.opened("why")
    said, wall = drawn(pages, room, "desk")["say"], drawn(pages, room, "screen")["end"]
    ends = reading.ends(room.state)
    assert ends == room.state.now.resumed_at + 60_000 * sum(
        s.minutes for s in room.state.steps if s.id != "welcome"
    )
    assert QUESTION in said
    assert "La règle du jeu" in said
    assert Reader("fr", room.state.zone).clock(ends) in said
    assert Reader("fr", room.state.zone).clock(ends) in wall

    room.opened("ideas")
    assert "say" not in drawn(pages, room, "desk")
    assert "end" not in drawn(pages, room, "screen")


def test_the_end_is_told_from_the_moment_at_which_a_step_was_closed_where_the_next_is_not_open(pages):
    room = a_room({"welcome": ShowSettings(), "why": ShowSettings(), **ECLAIR}).opened("welcome")
    room.ask(CloseStep("welcome"))
    now = room.state.now

    assert now.closed_at
    assert reading.ends(room.state) == now.closed_at + 60_000 * sum(
        s.minutes for s in room.state.steps if s.id != "welcome"
    )
    assert (
        Reader("fr", room.state.zone).clock(reading.ends(room.state)) in drawn(pages, room, "desk")["agenda"]
    )


def drawn(pages, room: Scene, surface: str) -> dict[str, str]:
    return {p.key: p.html for p in pages.page(View(room.state, {}), Audience(surface, "fr"))}  # type: ignore[arg-type]
