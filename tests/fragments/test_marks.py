"""Letter and colour of a theme are the same on wall, phone, desk, vote and axis; cards in no theme are told of."""

import re

from forum.domain.plan.words import MakeAction
from forum.domain.steps.sort import MakeThemesFromCards, MergeThemes, RenameTheme
from forum.fragments.surface import Audience, View
from forum.places import static_dir
from tests.scenes import ANNE, LEA, Scene, a_room, a_vote

MARK = re.compile(r'class="mark mark-(\d) (hue-\d)">(\w+)</span>')
PHONE, SCREEN, DESK = (Audience(surface, "en") for surface in ("phone", "screen", "desk"))


def shown(pages, room: Scene, audience: Audience) -> dict[str, str]:
    return {p.key: p.html for p in pages.page(View(room.state, {}), audience)}


def marks(html: str) -> set[tuple[str, str, str]]:
    return set(MARK.findall(html))


def a_result() -> Scene:
    return (
        a_vote(4, points=5, cap=3)
        .voted(LEA, theme1=2, theme3=1)
        .voted(ANNE, theme1=1)
        .closed("vote")
        .revealed("vote")
    )


def test_a_result_bears_the_letters_and_hues_of_its_themes_on_phone_wall_and_desk(pages):
    expected = {("0", f"hue-{n}", letter) for n, letter in enumerate("ABCD", 1)}
    room = a_result()
    phone = shown(pages, room, PHONE)

    assert marks("".join(phone.values())) == expected
    assert all(f'class="line hue-{n}' in phone["act"] for n in range(1, 5))
    assert marks(shown(pages, room, SCREEN)["stage"]) == expected
    assert marks(shown(pages, room, DESK)["ballot"]) == expected


def test_ones_own_ballot_stands_beside_the_result_with_the_same_letters_and_on_nobody_elses_phone(pages):
    room = a_result()
    own = {
        who: {p.key: p.html for p in pages.you(View(room.state, {}), PHONE, who)}.get("my-given", "")
        for who in (LEA, ANNE)
    }

    assert [m[2] for m in MARK.findall(own[LEA])] == ["A", "C"]
    assert "2 points" in own[LEA]
    assert [m[2] for m in MARK.findall(own[ANNE])] == ["A"]
    assert "my-given" not in shown(pages, room, PHONE)


def test_an_axis_bears_the_letters_of_the_themes_it_comes_from_and_keeps_them_after_a_merge(pages):
    room = a_room().opened("ideas").with_ideas(4).revealed("ideas").opened("sort")
    room.with_theme("a", 1).with_theme("b", 2).with_theme("c", 3).ask(MergeThemes("b", "a"))
    room.opened("plan").with_plan()
    axis = room.state.plan.axis_order[1]
    room.ask(MakeAction("act001", axis, "Do it"))

    for audience in (PHONE, SCREEN, DESK):
        assert marks(shown(pages, room, audience)[f"axis-{axis}"]) == {("0", "hue-3", "C")}


def test_G6_the_desk_says_before_the_vote_how_many_cards_are_in_no_theme_and_offers_to_make_them_themes(
    pages,
):
    room = a_room().opened("ideas").with_ideas(5).revealed("ideas").opened("sort")
    without = shown(pages, room, DESK)
    said = shown(pages, room.with_theme("a", 1, 2), DESK)["unvoted"]

    assert "unvoted" not in without, "nothing is grouped yet: there is nothing to vote on"
    assert "3 cards are in no theme and will not be voted on." in said
    assert "MakeThemesFromCards" in said
    assert "unvoted" not in shown(pages, a_result(), DESK)


def test_G6_wall_phone_and_desk_say_in_a_vote_what_is_not_voted_on(pages):
    room = a_room().opened("ideas").with_ideas(5).revealed("ideas").opened("sort")
    room = room.with_theme("a", 1, 2).with_theme("b", 3).opened("vote")
    told = "2 cards are in no theme and are not voted on."

    assert told in shown(pages, room, PHONE)["count"]
    assert told in shown(pages, room, SCREEN)["stage"]
    assert told in shown(pages, room, DESK)["ballot"]
    assert "count" not in shown(pages, a_vote(), PHONE)


def test_G7_whoever_hides_a_card_reads_what_becomes_of_the_title_that_it_gave_its_theme(pages):
    room = a_room().opened("ideas").with_ideas(2).revealed("ideas").opened("sort").with_theme("typed", 2)
    room.ask(MakeThemesFromCards("sort"))
    made = next(theme.id for theme in room.state.themes.by_id.values() if theme.id != "typed")
    before = shown(pages, room, DESK)
    room.ask(RenameTheme(made, "Another title"))
    after = shown(pages, room, DESK)

    says = "Its words are the title of its theme too"
    assert [says in before[f"idea-idea00{n}"] for n in (1, 2)] == [True, False]
    assert "the theme is called “Theme B”" in before["idea-idea001"].replace("Thème", "Theme")
    assert says not in after["idea-idea001"]


def test_two_digits_have_room_in_every_shape_of_a_mark():
    sheet = (static_dir() / "css" / "base.css").read_text()
    for shape, told in re.findall(r"\.mark-(\d) \{[^}]*polygon\(([^)]*)\)", sheet):
        corners = [[float(n.rstrip("%")) for n in corner.split()] for corner in told.split(",")]
        for high in (30, 50, 70):  # percent of the mark, over which its digits reach
            edges = [
                x + (x2 - x) * (high - y) / (y2 - y)
                for (x, y), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True)
                if min(y, y2) <= high <= max(y, y2) and y != y2
            ]
            assert min(edges) <= 6, (shape, high)
            assert max(edges) >= 94, (shape, high)
