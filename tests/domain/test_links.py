"""Links and what was made with them: L1–L3."""

from forum.domain.flow import OpenStep
from forum.domain.kernel import NOBODY
from forum.domain.links import MAX_LINKS, LinkMade, MakeLink, RevokeKey, TellLinks, Told, made_with
from forum.domain.people import Join, PersonJoined, RemovePerson
from forum.domain.roles import Role
from forum.domain.touch import Touch
from forum.domain.undo import Undo
from tests.domain.judged import refusal
from tests.scenes import FACILITATOR, LEA, Scene, a_room


def came(room: Scene, person: str, key: str, role: Role = Role.FACILITATOR) -> Scene:
    assert refusal(room.ask(Join(role, key=key), person)) is None
    return room


def a_line_of_links() -> Scene:
    """The desk made k1; who came by it made k2 and a screen's; who came by k2 made k3."""
    room = a_room()
    room.ask(MakeLink("k1", Role.FACILITATOR))
    came(room, "second", "k1")
    room.ask(MakeLink("k2", Role.FACILITATOR), "second")
    room.ask(MakeLink("k-wall", Role.SCREEN), "second")
    came(room, "third", "k2")
    room.ask(MakeLink("k3", Role.STAFF), "third")
    return room


def test_L1_every_link_is_known_with_who_made_it_and_who_came_by_it() -> None:
    room = a_line_of_links()
    links = room.state.links.by_key

    assert {key: (link.role, link.by) for key, link in links.items()} == {
        "k1": (Role.FACILITATOR, FACILITATOR),
        "k2": (Role.FACILITATOR, "second"),
        "k-wall": (Role.SCREEN, "second"),
        "k3": (Role.STAFF, "third"),
    }
    assert links["k2"].people == ("third",)
    assert links["k3"].people == (), "nobody has used it yet, and it is known all the same"


def test_L1_a_link_of_an_older_journal_is_known_from_its_first_use_and_when_it_is_told() -> None:
    room = a_room().happened(PersonJoined("old", Role.SCREEN, "0ld"), by="old")
    assert room.state.links.by_key["0ld"].made == ""

    told = TellLinks((Told("0ld", Role.SCREEN, 5), Told("unused", Role.STAFF, 7)))
    assert refusal(room.ask(told, LEA)) == "forbidden"
    room.ask(told, NOBODY, tab="server:links-1")

    assert [
        (key, room.state.links.by_key[key].at, room.state.links.by_key[key].made) for key in ("0ld", "unused")
    ] == [
        ("0ld", 5, "elsewhere"),
        ("unused", 7, "elsewhere"),
    ]
    assert room.state.links.by_key["0ld"].people == ("old",)


def test_L1_only_who_leads_makes_links_and_not_without_end() -> None:
    room = a_room()
    assert refusal(room.ask(MakeLink("k1", Role.SCREEN), LEA)) == "forbidden"
    came(room, "office", "k-staff", Role.STAFF)
    assert refusal(room.ask(MakeLink("k1", Role.SCREEN), "office")) == "forbidden"
    assert "k1" not in room.state.links.by_key

    room.happened(*(LinkMade(f"k{n}", Role.SCREEN) for n in range(MAX_LINKS - 1)), by=FACILITATOR)
    assert refusal(room.ask(MakeLink("more", Role.SCREEN))) == "too_many_links"
    room.ask(RevokeKey("k0"))
    assert refusal(room.ask(MakeLink("more", Role.SCREEN))) is None


def test_L2_taking_a_link_back_leaves_those_made_with_it_where_that_is_chosen() -> None:
    room = a_line_of_links()
    room.ask(RevokeKey("k1"))

    assert room.state.links.revoked == {"k1"}
    assert refusal(room.ask(OpenStep("ideas"), "second")) == "removed"
    assert refusal(room.ask(OpenStep("ideas"), "third")) is None


def test_L2_taking_a_link_back_with_those_made_with_it_ends_them_all_the_way_down() -> None:
    room = a_line_of_links()
    room.ask(MakeLink("beside", Role.FACILITATOR))
    assert {link.key for link in made_with(room.state, "k1")} == {"k2", "k-wall", "k3"}
    room.ask(RevokeKey("k1", with_made=True))

    assert room.state.links.revoked == room.state.links.revoked_below == {"k1", "k2", "k-wall", "k3"}
    assert refusal(room.ask(OpenStep("ideas"), "third")) == "removed"
    assert refusal(room.ask(Join(Role.STAFF, key="k3"), "late")) == "removed"
    assert refusal(room.ask(Join(Role.FACILITATOR, key="beside"), "co")) is None


def test_L2_what_was_made_with_a_link_can_go_after_it_was_taken_back_alone() -> None:
    room = a_line_of_links()
    room.ask(RevokeKey("k1"))
    assert refusal(room.ask(RevokeKey("k1"))) == "already_so"
    assert refusal(room.ask(RevokeKey("k1", with_made=True))) is None

    assert room.state.links.revoked == {"k1", "k2", "k-wall", "k3"}
    assert refusal(room.ask(RevokeKey("k1", with_made=True))) == "already_so"


def test_L2_a_link_that_was_told_of_before_its_making_came_true_is_its_makers_all_the_same() -> None:
    """Its hash is in the store a moment earlier: whoever tells of all links then has seen it, and nobody's it is not."""
    room = a_room()
    room.ask(MakeLink("k1", Role.FACILITATOR))
    came(room, "second", "k1")
    room.ask(TellLinks((Told("k2", Role.FACILITATOR, 5),)), NOBODY, tab="server:links-1")
    room.ask(MakeLink("k2", Role.FACILITATOR), "second")
    room.ask(RevokeKey("k1", with_made=True))

    assert room.state.links.by_key["k2"].parent == "k1"
    assert {"k1", "k2"} <= room.state.links.revoked


def test_L2_whose_link_was_taken_back_is_who_they_were_by_another_one_to_the_same_place() -> None:
    room = a_line_of_links()
    room.ask(MakeLink("beside", Role.FACILITATOR))
    room.ask(RevokeKey("k1"))
    assert refusal(room.ask(OpenStep("ideas"), "second")) == "removed"
    came(room, "second", "beside")

    assert refusal(room.ask(OpenStep("ideas"), "second")) is None
    assert room.state.people.by_id["second"].key == "beside"
    assert room.state.links.by_key["beside"].people == ("second",)
    assert room.state.links.by_key["k2"].by == "second", "what they made is theirs"


def test_L2_another_link_changes_nothing_for_who_has_access_was_removed_or_came_for_something_else() -> None:
    room = a_line_of_links()
    room.ask(MakeLink("beside", Role.FACILITATOR))
    came(room, "third", "beside")
    room.ask(RemovePerson("third"))
    came(room, "second", "k-wall", Role.SCREEN)
    room.ask(RevokeKey("k1"))
    room.ask(RevokeKey("k2"))
    for person, key, role in (("second", "k-wall", Role.SCREEN), ("third", "beside", Role.FACILITATOR)):
        came(room, person, key, role)
        assert refusal(room.ask(OpenStep("ideas"), person)) == "removed"

    assert refusal(room.ask(Join(Role.FACILITATOR, key="k1"), "second")) == "removed"
    assert {room.state.people.by_id[one].key for one in ("second", "third")} == {"k1", "k2"}


def test_L1_who_was_removed_and_let_in_again_stands_at_the_link_they_came_by_each_time() -> None:
    room = a_line_of_links()
    room.ask(RemovePerson("third"))
    assert Touch.LINKS in room.state.touched
    room.ask(Undo(room.state.deeds[-1].seq))

    assert room.state.people.by_id["third"].state == "in"
    assert Touch.LINKS in room.touched[-2]


def test_L2_who_lost_access_makes_no_link_any_more() -> None:
    room = a_line_of_links()
    room.ask(RevokeKey("k1"))

    assert refusal(room.ask(MakeLink("k9", Role.FACILITATOR), "second")) == "removed"


def test_L2_a_chain_of_links_may_be_as_long_as_somebody_makes_it() -> None:
    room, by = a_room(), FACILITATOR
    for n in range(1_500):
        room.happened(LinkMade(f"k{n}", Role.FACILITATOR), by=by)
        by = f"maker{n}"
        room.happened(PersonJoined(by, Role.FACILITATOR, f"k{n}"), by=by)

    assert len(made_with(room.state, "k0")) == 1_499


def told(*links: Told) -> TellLinks:
    return TellLinks(links)


def test_L2_a_link_that_the_journal_lost_is_taken_back_with_the_one_it_was_made_with() -> None:
    room = a_room()
    room.ask(MakeLink("k1", Role.FACILITATOR))
    lost = (
        Told("k3", Role.STAFF, 9, "k2"),
        Told("k2", Role.FACILITATOR, 8, "k1"),
        Told("own", Role.STAFF, 7),
    )
    room.ask(told(*lost), NOBODY, tab="server:links-k3")
    assert room.state.links.by_key["k3"].made == "elsewhere"
    room.ask(RevokeKey("k1", with_made=True))

    assert room.state.links.revoked == {"k1", "k2", "k3"}


def test_L2_a_link_told_of_after_the_one_it_was_made_with_was_taken_back_with_all_ends_at_once() -> None:
    room = a_room()
    room.ask(MakeLink("k1", Role.FACILITATOR))
    came(room, "early", "k3", Role.STAFF)
    room.ask(RevokeKey("k1"))
    room.ask(RevokeKey("k1", with_made=True))
    assert room.state.links.revoked == {"k1"}, "no fact tells yet that there are others"
    lost = (
        Told("k3", Role.STAFF, 9, "k2"),
        Told("k2", Role.FACILITATOR, 8, "k1"),
        Told("own", Role.STAFF, 7),
    )
    room.ask(told(*lost), NOBODY, tab="server:links-k3")

    assert room.state.links.revoked == {"k1", "k2", "k3"}
    assert refusal(room.ask(Join(Role.STAFF, key="k3"), "late")) == "removed"
    assert refusal(room.ask(RevokeKey("k1", with_made=True))) == "already_so"


def test_L2_a_link_told_of_after_only_the_one_it_was_made_with_was_taken_back_stands() -> None:
    room = a_room()
    room.ask(MakeLink("k1", Role.FACILITATOR))
    room.ask(RevokeKey("k1"))
    room.ask(told(Told("k2", Role.STAFF, 8, "k1")), NOBODY, tab="server:links-k2")

    assert room.state.links.revoked == {"k1"}
    assert refusal(room.ask(RevokeKey("k1", with_made=True))) is None
    assert room.state.links.revoked == {"k1", "k2"}
