"""A forum between its sessions: what phones, the wall and the desk say, and how the desk goes on."""

import pytest

from forum.domain.kernel import StepId, Words
from forum.domain.sessions.record import FIRST
from forum.domain.sessions.words import (
    BeginSession,
    EditSession,
    EndSession,
    ExpectPeople,
    NotePresence,
    PlanSession,
)
from forum.domain.settings import BoardSettings, ShowSettings
from forum.domain.state import Step
from forum.fragments.desk_lead import agendas
from forum.fragments.surface import Audience, Site, View
from tests.scenes import ANNE, LEA, SCREEN, a_room

SITE = Site(agendas=(("forum-eclair", Words("Forum éclair", "Flash forum")),))
TITLE = Words("Comité <de> suivi", "Follow-up")


def page(pages, room, surface, lang="en") -> dict[str, str]:
    return {p.key: p.html for p in pages.page(View(room.state, {}, SITE), Audience(surface, lang))}


def changed(pages, room, surface) -> set[str]:
    return {
        p.key
        for p in pages.changes(View(room.state, {}, SITE), Audience(surface, "en"), room.state.touched).puts
    }


def mine(pages, room, person) -> dict[str, str]:
    return {p.key: p.html for p in pages.you(View(room.state, {}, SITE), Audience("phone", "en"), person)}


def planned(room, **plan):
    more = Step(StepId("more"), BoardSettings(), Words("Encore", "Once more"))
    room.ask(PlanSession("second", TITLE, steps=(more,), **plan))
    return room


def resting(**plan):
    room = planned(a_room().opened("ideas").with_ideas(1), **plan)
    room.ask(EndSession(FIRST))
    return room


@pytest.mark.parametrize(("surface", "key"), [("phone", "words"), ("screen", "stage")])
def test_a_forum_that_rests_says_when_and_where_it_goes_on(pages, surface, key):
    shown = page(pages, resting(date="2025-02-11", place="La <halle>"), surface)
    said = shown[key] + shown.get("words", "") + shown.get("next", "")

    assert "The forum is paused" in said
    assert "Follow-up" in said
    assert "11 February 2025" in said.replace("\u00a0", " ")
    assert "La &lt;halle&gt;" in said


@pytest.mark.parametrize(
    ("surface", "key", "unknown"),
    [("phone", "words", "The date is not set yet."), ("screen", "stage", "day to be set")],
)
def test_a_forum_that_rests_promises_no_day_that_is_not_known_and_no_session_that_is_not_planned(
    pages, surface, key, unknown
):
    assert unknown in "".join(page(pages, resting(), surface).values())
    room = a_room().opened("ideas")
    room.ask(EndSession(FIRST))
    shown = page(pages, room, surface)
    said = shown[key] + shown.get("words", "")

    assert "The forum is over" in said
    assert "Thank you!" in said
    assert "Next" not in said
    assert "paused" not in said
    room.ask(PlanSession("meeting1", TITLE, date="2025-02-11"))
    dated = page(pages, room, surface)
    assert "The forum is over" in dated[key] + dated.get("words", ""), "a mere day is no session that goes on"
    assert "11 February 2025" in "".join(dated.values()).replace("\u00a0", " ")


@pytest.mark.parametrize("surface", ["phone", "screen"])
def test_nothing_of_what_was_open_is_on_a_page_of_a_forum_that_rests(pages, surface):
    keys = page(pages, resting(), surface).keys()

    assert not any(key.startswith(("idea", "timer", "act", "tally")) for key in keys)


def test_what_the_desk_changes_of_the_next_session_is_on_the_pages_of_a_forum_that_rests_only(pages):
    room = planned(a_room().opened("ideas"))
    room.ask(EditSession("second", TITLE, place="La halle"))
    assert changed(pages, room, "phone") == set()
    assert "La halle" not in "".join(page(pages, room, "screen").values())
    room.ask(EndSession(FIRST))
    room.ask(EditSession("second", TITLE, place="Le port"))

    assert "words" in changed(pages, room, "phone")
    assert "stage" in changed(pages, room, "screen")


def test_the_desk_of_a_forum_that_rests_offers_to_begin_the_next_session_and_to_take_the_end_back(pages):
    desk = page(pages, resting(), "desk")

    assert 'action="/f/ABC234/desk/commands/BeginSession"' in desk["lead"]
    assert 'action="/f/ABC234/desk/commands/ReopenSession"' in desk["lead"]
    assert "OpenStep" not in desk["lead"] + desk["agenda"]
    assert "EndSession" not in desk["sessions"]
    assert "counts" not in desk


def test_the_desk_of_a_session_that_goes_on_offers_its_end_and_no_other_beginning(pages):
    desk = page(pages, planned(a_room().opened("ideas")), "desk")

    assert "EndSession" in desk["sessions"]
    assert "BeginSession" not in desk["sessions"] + desk["lead"]
    assert "RemoveSession" in desk["sessions"]
    assert '<option value="forum-eclair">Flash forum</option>' in desk["sessions"]
    assert "Comité &lt;de&gt; suivi" in page(pages, planned(a_room()), "desk", "fr")["sessions"]


def test_the_desk_lists_each_sessions_agenda_and_opens_only_steps_of_the_one_that_goes_on():
    room = planned(a_room().opened("ideas"))
    first, second = agendas(room.state)
    assert (first.session.id, first.goes_on, first.room) == (FIRST, True, True)
    assert (second.session.id, second.goes_on, [line.step.id for line in second.lines]) == (
        "second",
        False,
        ["more"],
    )
    room.ask(EndSession(FIRST))
    assert [(a.session.id, a.goes_on, a.room) for a in agendas(room.state)] == [
        ("second", False, True), (FIRST, False, False),
    ]  # fmt: skip


def test_the_number_of_a_step_is_that_in_its_session(pages):
    room = resting()
    room.ask(BeginSession("second"))
    assert "Nothing is open yet" in page(pages, room, "desk")["now"]
    room.opened("more")

    assert "Step 1 of 1" in page(pages, room, "desk")["now"]


def test_the_last_step_of_one_of_several_sessions_ends_no_forum_but_its_session(pages):
    room = planned(a_room({"talk": ShowSettings()}).opened("talk"))
    lead = page(pages, room, "desk")["lead"]
    assert "EndSession" in lead
    assert "End this session" in lead
    assert "End the forum" not in lead
    assert "End the forum" in page(pages, a_room({"talk": ShowSettings()}).opened("talk"), "desk")["lead"]


def test_who_came_on_another_day_is_asked_whether_they_are_here_and_who_came_today_is_not(pages):
    room = a_room()
    assert "my-here" not in mine(pages, room, LEA)
    room = resting()
    assert "my-here" not in mine(pages, room, LEA)
    room.ask(BeginSession("second"))
    room.joined("eve")
    assert "NotePresence" in mine(pages, room, LEA)["my-here"]
    assert "my-here" not in mine(pages, room, "eve")
    room.ask(NotePresence(), LEA)

    assert "TakePresenceBack" in mine(pages, room, LEA)["my-here"]
    assert "NotePresence" in mine(pages, room, ANNE)["my-here"]
    room.opened("more")
    assert "NotePresence" in mine(pages, room, ANNE)["my-here"]
    assert "my-here" not in mine(pages, room, LEA)
    assert "my-here" not in mine(pages, room, SCREEN)


def test_a_forum_of_one_session_is_said_to_end_as_a_forum_though_a_day_is_noted(pages):
    room = a_room({"talk": ShowSettings()}).opened("talk")
    room.ask(PlanSession("second", Words("Rendez-vous", "Meeting"), date="2025-02-11"))
    desk = page(pages, room, "desk")
    assert "End the forum" in desk["lead"]
    assert "End the forum" in desk["sessions"]
    room.ask(EndSession(FIRST))
    desk = page(pages, room, "desk")

    assert "The forum is over" in desk["now"]
    assert "11 February 2025" in desk["now"].replace("\u00a0", " ")
    assert "BeginSession" not in desk["lead"]
    assert "BeginSession" in desk["sessions"]
    assert "0 step" not in desk["sessions"]
    assert "ended the forum" in desk["deeds"]
    assert "The forum is over" not in page(pages, resting(), "desk")["now"]


def test_a_session_that_is_over_is_no_longer_said_to_expect_people(pages):
    room = a_room().opened("ideas")
    room.ask(ExpectPeople(FIRST, 30))
    assert "30 people expected" in page(pages, room, "desk")["sessions"]
    room.ask(EndSession(FIRST))

    assert "people expected" not in page(pages, room, "desk")["sessions"]


def test_a_resting_phone_without_a_plan_says_nothing_of_axes(pages):
    room = a_room().opened("ideas")
    room.ask(EndSession(FIRST))

    assert "axes" not in page(pages, room, "phone")["gist"].replace('class="axes"', "")
    assert "What was decided" not in page(pages, room, "phone")["gist"]


def test_how_many_people_are_expected_is_a_gesture_of_its_own_and_an_edited_session_another(pages):
    room = planned(a_room().opened("ideas"))
    room.ask(ExpectPeople(FIRST, 30))
    assert "noted how many people are expected" in page(pages, room, "desk")["deeds"]
    room.ask(EditSession("second", TITLE, place="La halle"))

    assert "edited a session" in page(pages, room, "desk")["deeds"]
