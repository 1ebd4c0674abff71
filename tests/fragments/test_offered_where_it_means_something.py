"""What phone and desk offer, they offer where it means something, and once; what one of them calls somebody, both do."""

import pytest

from forum.domain.kernel import Words
from forum.domain.plan.words import EditAction, Volunteer
from forum.domain.sessions.record import FIRST
from forum.domain.sessions.words import EndSession, PlanSession
from forum.domain.settings import ShowSettings, SortSettings
from forum.domain.steps.pledge import Pledge, WithdrawPledge
from forum.fragments.surface import Audience, View
from forum.language import Reader
from tests.fragments import on_desk, on_phone
from tests.fragments.on_phone import a_board, a_sort, shared
from tests.scenes import ECLAIR, LEA, a_room, a_vote


def idle(pages, room) -> bool:
    return 'class="dock calm"' in shared(pages, room)["bar"]


def test_nobody_is_asked_whether_they_are_done_once_the_cards_are_shown(pages):
    assert not idle(pages, a_board().with_ideas(2))
    assert idle(pages, a_board().with_ideas(2).revealed("ideas"))
    assert not idle(pages, a_board(visibility="all").with_ideas(2)), "there people read while they write"


def test_nobody_is_asked_whether_they_are_done_while_there_is_no_axis_to_write_under(pages):
    room = a_vote().closed("vote").opened("plan")
    assert idle(pages, room)
    room.with_plan("Open a place")

    assert not idle(pages, room)
    assert "bar" in on_phone.redrawn(pages, a_vote().closed("vote").opened("plan").with_plan())


def test_nobody_is_asked_whether_they_are_done_with_sorting_nothing(pages):
    assert not idle(pages, a_sort(2))
    assert idle(pages, a_room().opened("ideas").opened("sort")), "there is no card"
    assert idle(
        pages,
        a_room({**ECLAIR, "sort": SortSettings(who="desk")}).opened("ideas").with_ideas(2).opened("sort"),
    )


def test_whoever_gave_no_name_is_called_the_same_on_their_phone_and_at_the_desk(pages):
    room = a_room()
    view = View(room.state, {})
    own = {put.key: put.html for put in pages.you(view, on_phone.PHONE, LEA)}["my-name"]
    desk = {put.key: put.html for put in pages.page(view, on_desk.DESK)}["people"]

    assert "Person 1" in own
    assert "Person 1" in desk
    assert "no first name" in desk
    assert "Person 1" not in on_phone.mine(pages, room)["my-name"], "Léa gave one"


def test_the_commitments_for_the_whole_plan_stand_under_a_heading_as_those_for_an_action_do(pages):
    room = a_vote().closed("vote").with_plan("Open a place").opened("pledge")
    room.ask(Pledge("pledge001", "Call three people", "2025-01-20"), LEA)

    assert "wall-whole" in on_phone.redrawn(pages, room)
    assert "<h3>For the whole plan</h3>" in "".join(shared(pages, room).values())
    room.ask(WithdrawPledge("pledge001"), LEA)
    room.ask(Pledge("pledge002", "Call three people", "2025-01-20", "act001"), LEA)
    assert "<h3>For the whole plan</h3>" not in "".join(shared(pages, room).values()), "there is none"
    assert "wall-act001" in on_phone.redrawn(pages, room)
    closing = a_room({**ECLAIR, "end": ShowSettings(closing=True)}).opened("pledge")
    closing.ask(Pledge("pledge001", "Call three people", "2025-01-20"), LEA)
    said = "".join(shared(pages, closing.opened("end")).values())
    assert "Commitments for the whole plan" in said
    assert "<h3>For the whole plan</h3>" not in said, "once is enough"


def test_what_the_button_of_the_moment_offers_the_list_of_sessions_does_not_offer_again(pages):
    room = a_room().opened("ideas")
    room.ask(PlanSession("second", Words("Rendez-vous", "Meeting"), date="2025-02-11"))
    room.ask(EndSession(FIRST))
    desk = on_desk.shared(pages, room)

    assert "ReopenSession" in desk["lead"]
    assert "ReopenSession" not in desk["sessions"]
    assert "Begin it now" in desk["sessions"].partition("Change")[2], (
        "behind what changes it: it is only planned"
    )
    assert "Begin it now" not in desk["sessions"].partition("Change")[0]


@pytest.mark.parametrize(
    ("lang", "said"), [("fr", "mardi 11 février 2025 à 18 h 00"), ("en", "Tuesday 11 February 2025, 6:00 pm")]
)
def test_the_day_of_a_meeting_is_said_with_its_day_of_the_week(pages, lang, said):
    room = a_room().opened("ideas")
    room.ask(PlanSession("second", Words("Rendez-vous", "Meeting"), date="2025-02-11", hour="18:00"))
    room.ask(EndSession(FIRST))
    phone = {put.key: put.html for put in pages.page(View(room.state, {}), Audience("phone", lang))}
    told = "".join(phone.values()).replace("\u00a0", " ").replace("\u202f", " ")

    assert said in told
    assert Reader(lang).weekday_at("2025-02-11", "").startswith(said.partition(" ")[0])


def test_a_field_has_rows_enough_for_what_stands_in_it(pages):
    room = a_vote().closed("vote").with_plan("Open a place").opened("plan")
    assert 'rows="2"' in on_desk.shared(pages, room)["action-act001"]
    room.ask(EditAction("act001", title="Open a place where people meet often, with a key " * 2))
    room.ask(Volunteer("act001", "partner"), LEA)

    assert 'rows="4"' in on_phone.mine(pages, room)["my-edit-act001"]
    assert 'rows="2" required' in on_desk.shared(pages, room)["action-act001"]
