"""Who may what, under which number, by which link: at the borders."""

import pytest

from forum.domain.arrivals import ReadmitPeople, removable, took_part
from forum.domain.flow import (
    CloseStep,
)
from forum.domain.kernel import NOBODY, Rejection, Words
from forum.domain.link import Link
from forum.domain.links import (
    KeyRevoked,
    LinkMade,
    MakeLink,
    RevokeKey,
    TellLinks,
    Told,
    live_links,
    made_with,
)
from forum.domain.loss import Skip
from forum.domain.people import (
    AddPerson,
    Join,
    RemovePerson,
    SayDone,
    SetEntry,
)
from forum.domain.plan.words import ChoosePilot, MakeAction, Volunteer
from forum.domain.roles import MAY, Role, may
from forum.domain.room import Noted, OutOfOrder, Seen
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.board import PostIdea
from forum.domain.steps.pledge import Pledge
from forum.domain.steps.sort import GroupIdeas, MakeTheme
from forum.domain.steps.voting import result
from forum.domain.touch import Touch
from tests.domain.judged import at_one_moment, refused
from tests.scenes import ANNE, FACILITATOR, LEA, SCREEN, a_room, a_vote

TAB = "a-tab-of-lea-0001"
TITLE = Words("Encore", "More")


# ops


def test_O1_the_facts_of_one_op_are_one_answer_and_leave_those_before_it() -> None:
    room = a_room().opened("ideas").with_ideas(2).opened("sort")
    room.ask(MakeTheme("theme1", "A"), LEA, tab=TAB, op=1, mark="0000a")
    first = room.state.seq
    room.ask(GroupIdeas(("idea001",), "theme2", "B"), LEA, tab=TAB, op=2, mark="0000b")
    second = room.state.seq

    assert second == first + 2
    assert [(r.op, r.seq, r.mark) for r in room.state.tabs.by_id[TAB].results] == [
        (1, first, "0000a"),
        (2, second, "0000b"),
    ]
    assert room.ask(MakeTheme("theme1", "A"), LEA, tab=TAB, op=1) == Seen(first, None)
    assert room.ask(MakeTheme("theme1", "A"), LEA, tab=TAB, op=2) == Seen(second, None)
    assert room.ask(MakeTheme("theme3", "C"), LEA, tab=TAB, op=4) == OutOfOrder(2)
    assert room.ask(MakeTheme("theme3", "C"), LEA, tab="another", op=2) == OutOfOrder(0)


def test_O1_an_op_of_several_facts_leaves_all_that_came_before_it() -> None:
    room = a_room().opened("ideas").with_ideas(3).opened("sort")
    for op in (1, 2, 3):
        room.ask(MakeTheme(f"theme{op}", "A"), LEA, tab=TAB, op=op)
    room.ask(GroupIdeas(("idea001", "idea002"), "theme4", "B"), LEA, tab=TAB, op=4)

    assert [answer.op for answer in room.state.tabs.by_id[TAB].results] == [1, 2, 3, 4]
    assert [deed.about for deed in room.state.deeds] == ["A", "A", "A", "Idea number 1"]
    assert len(room.state.deeds[-1].inverse) == 2


def test_O5_what_comes_under_a_number_that_was_skipped_long_ago_is_told_from_what_is_forgotten() -> None:
    room = a_room().opened("ideas")
    for op in (*range(1, 11), 15, *range(16, 37)):
        room.ask(Skip(11) if op == 15 else PostIdea(f"idea{op:03}", "A card", "ideas"), LEA, tab=TAB, op=op)

    def again(op: int) -> object:
        return room.ask(PostIdea("x", "y", "ideas"), LEA, tab=TAB, op=op)

    assert len(room.state.tabs.by_id[TAB].results) == 32
    assert again(12) == Seen(0, Rejection("O5", "conflict"))
    for op in range(37, 46):
        room.ask(PostIdea(f"idea{op:03}", "A card", "ideas"), LEA, tab=TAB, op=op)
    assert room.state.tabs.by_id[TAB].results[0].op == 10
    assert again(12) == Seen(0, Rejection("O5", "conflict"))
    assert again(1) == Seen(0, Rejection("O1", "result_not_kept"))
    assert room.ask(Skip(1), LEA, tab=TAB, op=1) == Seen(0, Rejection("O1", "result_not_kept"))


def test_O9_what_the_server_remarks_is_numbered_one_after_another() -> None:
    room = a_room().opened("ideas")
    for tab in ("one", "two"):
        for mark in ("0000a", "0000b"):
            room.ask(PostIdea(f"idea-{tab}{mark}", "A card", "ideas"), LEA, tab=tab, op=1, mark=mark)

    assert [op for _, op, _ in room.journal if op.startswith("server:")] == [
        "server:remarks:1",
        "server:remarks:2",
    ]


def test_O3_whoever_enters_for_another_owns_the_tab() -> None:
    room = a_room().opened("ideas")
    room.ask(AddPerson("marcel"))
    room.ask(PostIdea("idea900", "His", "ideas"), tab=TAB, on_behalf="marcel")

    assert room.state.tabs.by_id[TAB].owner == FACILITATOR
    assert room.ask(PostIdea("idea901", "Mine", "ideas"), "marcel", tab=TAB, op=2) == Seen(
        0, Rejection("O3", "not_your_tab")
    )
    card = room.state.ideas.by_id["idea900"]
    assert (card.author, card.entered_by, card.source) == ("marcel", FACILITATOR, "desk")


# who may


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_what_it_is_for_and_nothing_else(role: Role) -> None:
    mine = {command for command in MAY if may(role, command)}
    writes = {"PostIdea", "EditIdea", "WithdrawIdea", "GroupIdeas", "MoveIdeas", "MakeTheme", "RenameTheme", "MergeThemes",
              "MakeAction", "EditAction", "MakeSheet", "EditSheet", "RemoveSheet", "TakeNameOut", "NameMyself", "ErasePerson", "Undo", "Skip", "GiveConsent", "WithdrawConsent"}  # fmt: skip
    voice = {"SayDone", "TakeDoneBack", "GiveMark", "AllocatePoints", "GiveReason", "Volunteer", "StepBack", "Pledge", "ChooseReaders", "WithdrawPledge",
             "NotePresence", "TakePresenceBack", "Remarking", "HaveNoObjection", "TakeRemarkBack", "JudgeObjection"}  # fmt: skip
    plan = {
        "MakeAxis",
        "MakeAxesFromThemes",
        "EditAxis",
        "MoveAxis",
        "RemoveAxis",
        "RemoveAction",
        "ChoosePilot",
        "SetKeepUntil",
        "SetTerms",
        "SetCategory",
        "CaptionPhotograph",
        "RemovePhotograph",
        "RestorePhotograph",
        "ErasePhotograph",
    }
    others = {"AddPerson", "NotePresence", "TakePresenceBack"}
    expected = {
        Role.PARTICIPANT: writes | voice, Role.JURY: writes | voice, Role.SECRETARY: writes | voice | {"AddPerson"},
        Role.STAFF: writes | plan, Role.SCREEN: set(), Role.OBSERVER: set(),
    }  # fmt: skip

    known = writes | voice | plan | others
    assert mine & known == expected.get(role, writes | plan | others)
    assert (mine - known == set()) == (role is not Role.FACILITATOR)
    assert not may(role, "Nonsense")


def test_J4_a_secretary_enters_for_people_without_a_phone_and_only_what_these_may() -> None:
    room = a_vote().joined("clerk", role=Role.SECRETARY)
    room.ask(AddPerson("marcel"), "clerk")

    assert refused(room.ask(GiveMark("vote", "theme1", 1), "clerk", on_behalf="marcel")) == ""
    assert refused(room.ask(CloseStep("vote"), "clerk", on_behalf="marcel")) == "J3 forbidden"
    assert refused(room.ask(CloseStep("vote"), on_behalf="marcel")) == "J3 forbidden"
    assert refused(room.ask(GiveMark("vote", "theme2", 1), "clerk", on_behalf="stranger")) == "J4 no_person"
    assert refused(room.ask(GiveMark("vote", "theme2", 1), LEA, on_behalf="marcel")) == "J3 forbidden"
    room.ask(RemovePerson("marcel"))
    assert refused(room.ask(GiveMark("vote", "theme2", 1), "clerk", on_behalf="marcel")) == "J4 no_person"
    assert result(room.closed("vote").revealed("vote").state.rounds.latest("vote")).assisted == 1


def test_J2_who_waits_or_was_removed_is_told_so_and_a_key_taken_back_counts_as_removed() -> None:
    room = a_room().opened("ideas")
    room.ask(SetEntry("approval"))
    room.joined("eve")
    room.ask(Join(Role.STAFF, key="k1"), "office")

    def post(by: str) -> str:
        return refused(room.ask(PostIdea(f"by-{by}-{len(room.journal)}", "A card", "ideas"), by))

    assert [post(by) for by in ("eve", "office", "stranger", LEA)] == ["J2 waiting", "", "J3 removed", ""]
    room.ask(RevokeKey("k1"))
    room.ask(RemovePerson(LEA))
    assert [post(by) for by in ("office", LEA)] == ["J3 removed", "J3 removed"]
    assert (room.state.people.voices, room.state.people.waiting) == (1, 1)


def test_J2_entry_by_approval_makes_those_with_the_code_wait_and_nobody_else() -> None:
    room = a_room()
    room.ask(SetEntry("approval"))
    room.ask(Join(), "eve")
    room.ask(Join(ticket=True), "ticket")
    room.ask(Join(Role.STAFF, key="k1"), "office")
    room.ask(SetEntry("locked"))
    late = [refused(room.ask(Join(role, key=key, ticket=ticket), f"late{n}")) for n, (role, key, ticket) in enumerate([
        (Role.PARTICIPANT, "", False), (Role.PARTICIPANT, "", True), (Role.SECRETARY, "k2", False), (Role.SCREEN, "k3", False),
    ])]  # fmt: skip

    assert [room.state.people.by_id[p].state for p in ("eve", "ticket", "office")] == ["waiting", "in", "in"]
    assert late == ["J2 locked", "", "J2 locked", ""]
    assert room.state.entry == "locked"


# people who came together


def test_J6_facts_of_one_gesture_are_one_removal_and_those_of_the_next_another() -> None:
    many = tuple(f"new{n:02}" for n in range(24))
    room = a_room()
    room.ask(SetEntry("approval"))
    room.joined(*many[:2], *many[12:14])
    room.ask(SetEntry("open"))
    room.joined(*many[2:12], *many[14:])
    from forum.domain.arrivals import PeopleRemoved

    at_one_moment(room, PeopleRemoved(many[2:12]), PeopleRemoved(many[:2], True))
    at_one_moment(room, PeopleRemoved(many[14:]), PeopleRemoved(many[12:14], True))

    assert [(r.seq, r.last, r.count) for r in room.state.people.removals] == [
        (room.state.seq - 3, room.state.seq - 2, 12), (room.state.seq - 1, room.state.seq, 12),
    ]  # fmt: skip
    assert [r.people[0] for r in room.state.people.removals] == [many[2], many[14]]
    assert (room.state.people.voices, room.state.people.waiting) == (2, 0)
    room.ask(ReadmitPeople(room.state.people.removals[0].seq))
    assert (room.state.people.voices, room.state.people.waiting) == (12, 2)
    assert [r.count for r in room.state.people.removals] == [12]
    assert [room.state.people.by_id[p].state for p in (many[0], many[2], many[14])] == [
        "waiting",
        "in",
        "out",
    ]


def test_J6_ten_removals_are_kept_to_be_taken_back() -> None:
    from forum.domain.arrivals import PeopleRemoved

    room = a_room()
    for n in range(11):
        room.happened(PeopleRemoved((f"gone{n}",)), by=FACILITATOR)

    assert len(room.state.people.removals) == 10
    assert room.state.people.removals[0].people == ["gone1"]
    assert room.state.people.removals[0].parts == ((("gone1",), False),)
    at_one_moment(room, PeopleRemoved(("x",)), by=FACILITATOR)
    room.ahead -= 1000
    room.happened(PeopleRemoved(("y",)), by=ANNE)
    assert [r.people for r in room.state.people.removals[-2:]] == [["x"], ["y"]], (
        "another's is another gesture"
    )


def test_J6_the_gesture_reaches_those_who_came_by_the_code_and_are_still_in() -> None:
    room = a_room().joined("clerk", role=Role.SECRETARY).joined("gone")
    room.ask(AddPerson("marcel"))
    room.ask(Join(key="t1", ticket=True), "ticket")
    room.ask(RemovePerson("gone"))
    found = removable(
        room.state, (LEA, LEA, ANNE, "clerk", "gone", "marcel", "ticket", FACILITATOR, SCREEN, "stranger")
    )

    assert [p.id for p in found] == [LEA, ANNE, "clerk"]


def test_J6_whatever_somebody_gave_is_taking_part() -> None:
    room = a_vote(points=3, cap=3)
    names = ("moves", "themes", "votes", "acts", "pilots", "joins", "offers", "promises", "done", "idle")
    room.joined(*names)
    room.voted("votes", theme1=1)
    room.ask(SayDone(), "done")
    room.closed("vote").opened("sort")
    room.ask(GroupIdeas(("idea001",), "theme2"), "moves")
    room.ask(MakeTheme("theme9", "Encore"), "themes")
    room.opened("plan").with_plan("Do")
    room.ask(MakeAction("act900", room.state.plan.axis_order[0], "Do"), "acts")
    for person, as_ in (("joins", "partner"), ("offers", "pilot")):
        room.ask(Volunteer("act001", as_), person)
    room.ask(ChoosePilot("act001", "pilots"))
    room.opened("pledge").ask(Pledge("pledge1", "I call", "2025-01-20"), "promises")
    part = took_part(room.state)

    assert {name for name in names if name in part} == set(names) - {"idle"} - {"acts"} | {"acts"}
    assert LEA in part
    assert ANNE not in part


# links


def test_L1_links_are_listed_from_the_oldest_on_and_those_that_open_nothing_are_not() -> None:
    room = a_room().happened(
        LinkMade("k2", Role.STAFF, since=20),
        LinkMade("k3", Role.SCREEN, since=10),
        LinkMade("k1", Role.STAFF, since=20),
    )
    room.happened(LinkMade("k4", Role.STAFF, since=5))
    room.ask(RevokeKey("k4"))

    assert [link.key for link in live_links(room.state)] == ["k3", "k1", "k2"]
    assert made_with(room.state, "") == []


def test_L2_what_hangs_below_a_link_is_found_in_every_branch() -> None:
    room = a_room()
    for key, parent in (("a", ""), ("b", "a"), ("c", "a"), ("d", "b"), ("e", "c"), ("f", "d")):
        room.happened(LinkMade(key, Role.STAFF, parent=parent))

    assert {link.key for link in made_with(room.state, "a")} == {"b", "c", "d", "e", "f"}
    assert {link.key for link in made_with(room.state, "b")} == {"d", "f"}


def test_L1_a_link_has_the_time_and_the_parent_that_are_told_else_those_of_who_made_it() -> None:
    room = a_room()
    room.ask(MakeLink("k1", Role.FACILITATOR))
    made_at = room.journal[-1][2].at
    room.ask(Join(Role.FACILITATOR, key="k1"), "second")
    room.ask(MakeLink("k2", Role.STAFF), "second")
    room.happened(LinkMade("k3", Role.STAFF, "elsewhere", 7, "k1"), by="second")
    room.happened(LinkMade("k4", Role.STAFF, "opening"))

    assert room.state.links.by_key["k1"] == Link(
        "k1", Role.FACILITATOR, made_at, FACILITATOR, "desk", "", ("second",)
    )
    assert [
        (room.state.links.by_key[k].parent, room.state.links.by_key[k].made) for k in ("k2", "k3", "k4")
    ] == [
        ("k1", "desk"),
        ("k1", "elsewhere"),
        ("", "opening"),
    ]
    assert room.state.links.by_key["k3"].at == 7
    assert [link.key for link in made_with(room.state, "k1")] == ["k3", "k2"]


def test_L1_a_link_made_twice_is_one_and_made_by_another_is_theirs() -> None:
    room = a_room()
    room.ask(MakeLink("k1", Role.FACILITATOR))
    room.ask(Join(Role.FACILITATOR, key="k1"), "second")

    assert room.ask(MakeLink("k1", Role.FACILITATOR)) == (Noted(),)
    assert room.ask(MakeLink("k1", Role.FACILITATOR), "second") == (LinkMade("k1", Role.FACILITATOR),)
    assert room.state.links.by_key["k1"].people == ("second",)


def test_L1_what_is_told_already_is_not_told_again() -> None:
    room = a_room()
    room.ask(MakeLink("k1", Role.FACILITATOR))
    told = (Told("k1", Role.FACILITATOR, 5), Told("k2", Role.STAFF, 6, "k1"))
    first = room.ask(TellLinks(told), NOBODY, tab="server:links-1")
    again = room.ask(TellLinks(told), NOBODY, tab="server:links-2")

    assert first == (LinkMade("k2", Role.STAFF, "elsewhere", 6, "k1"),)
    assert again == (Noted(),)


def test_L2_links_that_hang_in_a_circle_end_the_work_too() -> None:
    room = a_room().happened(LinkMade("k1", Role.STAFF, parent="k2"), LinkMade("k2", Role.STAFF, parent="k1"))
    circle = Told("k3", Role.STAFF, 9, "k4"), Told("k4", Role.STAFF, 9, "k3")

    assert {link.key for link in made_with(room.state, "k1")} == {"k1", "k2"}
    assert len(room.ask(TellLinks(circle), NOBODY, tab="server:links-1")) == 2
    assert room.state.links.revoked == frozenset()


def test_L2_a_key_that_is_taken_back_with_all_made_by_it_is_known_as_such() -> None:
    room = a_room().happened(KeyRevoked("k1"), KeyRevoked("k2", with_made=True), KeyRevoked(""))

    assert (room.state.links.revoked, room.state.links.revoked_below) == ({"k1", "k2"}, {"k2"})
    assert room.touched[-1] == {Touch.PEOPLE, Touch.LINKS, Touch.HEARD_AT_DESK}
    assert refused(room.ask(RevokeKey("k2", with_made=True))) == "L2 already_so"
    assert room.ask(RevokeKey("k1", with_made=True)) == (KeyRevoked("k1", True),)
    assert refused(room.ask(RevokeKey("k1"))) == "L2 already_so"


def test_L2_a_link_told_of_late_ends_when_any_above_it_was_taken_back_with_all() -> None:
    room = a_room().happened(LinkMade("k1", Role.STAFF), KeyRevoked("k1", with_made=True), KeyRevoked("k9"))
    told = (
        Told("k3", Role.STAFF, 3, "k2"),
        Told("k2", Role.STAFF, 2, "k1"),
        Told("k9", Role.STAFF, 2, "k1"),
        Told("k5", Role.STAFF, 2, "k4"),
    )
    facts = room.ask(TellLinks(told), NOBODY, tab="server:links-1")

    assert [fact.key for fact in facts if isinstance(fact, KeyRevoked)] == ["k3", "k2"]
    assert all(fact.with_made for fact in facts if isinstance(fact, KeyRevoked))
