"""Cards in no theme, and titles that cards give: G6, G7. None drops out of a vote in silence, and each can become a theme of its own."""

from forum.domain.plan.reading import live_axes
from forum.domain.plan.words import MakeAxesFromThemes
from forum.domain.steps import sorting, voting
from forum.domain.steps.board import HideIdea, PostIdea
from forum.domain.steps.sort import MakeThemesFromCards, MoveIdeas, RenameTheme
from forum.domain.undo import Undo
from tests.domain.judged import refusal
from tests.scenes import LEA, a_room, a_vote, theme_of


def a_sort(cards: int = 5):
    room = a_room().opened("ideas").with_ideas(cards).revealed("ideas").opened("sort")
    return room.with_theme("theme1", 1, 2)


def alone(room) -> list[str]:
    found = sorting.left_out(room.state, room.state.step("vote"))
    return [idea.id for cards in found.values() for idea in cards]


def test_G6_a_vote_over_themes_leaves_out_the_cards_in_no_theme_and_says_which():
    room = a_sort()
    other_things = sorting.left_out(room.state, room.state.step("sort"))

    assert alone(room) == ["idea003", "idea004", "idea005"]
    assert other_things == {}
    assert alone(a_vote()) == []


def test_G6_each_card_in_no_theme_becomes_an_option_with_its_own_words_in_one_gesture_that_is_undone_whole():
    room = a_sort()
    room.ask(MakeThemesFromCards("sort"))
    options = voting.options(room.state, room.state.step("vote"))
    titles = [room.state.themes.by_id[o].title for o in options]
    letters = [room.state.themes.by_id[o].letter for o in options]
    left = alone(room)
    made = len(room.state.deeds)
    room.ask(Undo(room.state.deeds[-1].seq))

    assert titles == ["Theme theme1", "Idea number 3", "Idea number 4", "Idea number 5"]
    assert (letters, left, made) == (["A", "B", "C", "D"], [], 2)
    assert alone(room) == ["idea003", "idea004", "idea005"]
    assert [t.title for t in sorting.live_themes(room.state, room.state.step("sort"))] == ["Theme theme1"]


def test_B2_a_card_nobody_may_read_yet_gives_no_theme_its_words():
    room = a_room().opened("sort").opened("ideas").with_ideas(2)
    hidden = (alone(room), refusal(room.ask(MakeThemesFromCards("sort"))))
    room.revealed("ideas")

    assert hidden == ([], "nothing_alone")
    assert alone(room) == ["idea001", "idea002"]


def test_G6_a_card_longer_than_a_title_names_its_theme_by_its_first_words():
    long = ("We meet each first Monday, " * 5).strip()
    room = a_room().opened("ideas")
    for n, text in enumerate((long, "x" * 130, "One\n  two")):
        room.ask(PostIdea(f"card000{n}", text, "ideas"), LEA)
    room.revealed("ideas").opened("sort")
    room.ask(MakeThemesFromCards("sort"))
    titles = [t.title for t in sorting.live_themes(room.state, room.state.step("sort"))]

    assert titles == [
        "We meet each first Monday, We meet each first Monday, We meet each first Monday, We meet each first Monday, We meet…",
        "x" * 119 + "…",
        "One two",
    ]


def test_G6_after_an_undo_the_gesture_can_be_made_again_and_a_letter_given_once_is_not_given_again():
    room = a_sort(3)
    room.ask(MakeThemesFromCards("sort"))
    room.ask(Undo(room.state.deeds[-1].seq))
    room.ask(MakeThemesFromCards("sort"))

    assert room.state.themes.by_id[theme_of(room, "idea003")].letter == "C"


def test_G7_a_hidden_card_leaves_no_title_behind_and_undoing_it_gives_theirs_back():
    room = a_sort(3)
    room.ask(MakeThemesFromCards("sort"))
    theme = theme_of(room, "idea003")
    room.opened("plan").ask(MakeAxesFromThemes((theme,)))
    titles = []
    for n in range(2):  # also a second time
        room.ask(HideIdea("idea003", "Names a person"))
        deed = room.state.deeds[-1]
        titles.append((room.state.themes.by_id[theme].title, live_axes(room.state)[0].title))
        assert deed.what == "IdeaHidden"
        room.ask(Undo(deed.seq))
        back = (room.state.themes.by_id[theme].title, live_axes(room.state)[0].title)
        assert (n, back, room.state.ideas.by_id["idea003"].state) == (
            n,
            ("Idea number 3", "Idea number 3"),
            "active",
        )

    assert titles == [("Thème B", "Thème B")] * 2


def test_G7_a_title_that_somebody_gave_stays_when_a_card_of_the_same_words_is_hidden():
    room = a_room().opened("ideas").with_ideas(2).revealed("ideas").opened("sort")
    room.with_theme("typed", 2, title="Idea number 2")
    room.ask(MakeThemesFromCards("sort"))
    renamed = theme_of(room, "idea001")
    room.ask(RenameTheme(renamed, "Another title"))
    for card in ("idea001", "idea002"):
        room.ask(HideIdea(card, "Twice"))

    assert room.state.themes.by_id["typed"].title == "Idea number 2"
    assert room.state.themes.by_id[renamed].title == "Another title"


def test_a_letter_stays_under_renaming_and_follows_the_alphabet_with_numbers():
    room = a_sort(40)
    room.ask(MakeThemesFromCards("sort"))
    room.ask(RenameTheme("theme1", "Otherwise"))
    letters = [t.letter for t in sorting.live_themes(room.state, room.state.step("sort"))]

    assert letters[:2] + letters[25:28] == ["A", "B", "Z", "27", "28"]


def test_G6_is_refused_where_it_makes_nothing_too_much_or_comes_too_early_too_late_or_unseen():
    room = a_sort()
    seen = room.state.seq
    room.ask(MoveIdeas(("idea002",), None), LEA)

    assert refusal(a_room().ask(MakeThemesFromCards("sort"))) == "sort_closed"
    assert refusal(a_sort(2).ask(MakeThemesFromCards("sort"))) == "nothing_alone"
    assert refusal(a_sort(61).ask(MakeThemesFromCards("sort"))) is None
    assert refusal(a_sort(62).ask(MakeThemesFromCards("sort"))) == "too_many_themes"
    assert refusal(a_vote().ask(MakeThemesFromCards("sort"))) == "vote_open"
    assert refusal(room.ask(MakeThemesFromCards("sort"), LEA)) == "forbidden"
    assert refusal(room.ask(MakeThemesFromCards("sort"), seen=seen)) == "has_changed"
