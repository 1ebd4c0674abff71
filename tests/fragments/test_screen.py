"""The wall: what it shows step by step, what a change costs, and that nothing on it can be pressed or scrolled."""

import re

import pytest

from forum.domain.flow import CloseStep, EditForum, FreezeStep, InsertStep, ReopenStep, SetTimer, TurnPage
from forum.domain.kernel import StepId, Words
from forum.domain.people import SayDone
from forum.domain.plan.words import MakeAction, MakeAxis, RemoveAction
from forum.domain.roles import Role
from forum.domain.settings import BoardSettings, Column, ShowSettings
from forum.domain.steps.board import EditIdea, HideIdea, PostIdea
from forum.domain.steps.pledge import Pledge, WithdrawPledge
from forum.domain.steps.sort import MakeTheme, MergeThemes, MoveIdeas, RenameTheme
from forum.fragments import fit, screen
from forum.fragments.pages import Token
from forum.fragments.surface import Audience, View
from tests.scenes import ANNE, ECLAIR, LEA, SCREEN, Scene, a_room, a_vote

WALL = Audience("screen", "en")
NAMES = {LEA: "Léa", ANNE: "Anne"}


def shown(pages, room: Scene, lang: str = "en") -> dict[str, str]:
    """The wall's fragments by key."""
    audience = Audience("screen", lang)  # type: ignore[arg-type]
    return {p.key: p.html for p in pages.page(View(room.state, NAMES), audience)}


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def redrawn(pages, room: Scene) -> set[str]:
    """The keys sent for the last fact."""
    changes = pages.changes(View(room.state, NAMES), WALL, room.state.touched)
    return {p.key for p in changes.puts}


def a_board(cards: int, **settings: object) -> Scene:
    return a_room({**ECLAIR, "ideas": BoardSettings(**settings)}).opened("ideas").with_ideas(cards)  # type: ignore[arg-type]


def a_sort(cards: int = 6) -> Scene:
    return a_board(cards).revealed("ideas").opened("sort")


# What is shown


def test_before_the_first_step_the_room_is_told_how_to_come_in(pages):
    room = a_room()

    assert "Vision 2025" in shown(pages, room)["stage"]
    assert "ABC" in shown(pages, room)["stage"]
    assert words(shown(pages, room)["crowd"]) == "2 people are here"


def test_the_code_stands_in_its_corner_at_every_later_step(pages):
    room = a_room().opened("ideas")
    for step in ("sort", "ideas", "pledge", "plan"):
        assert words(shown(pages, room.opened(step))["join"]).startswith("Room code: ABC 234")


def test_a_break_says_when_it_goes_on(pages):
    steps = {"pause": ShowSettings(pause=True), **ECLAIR}
    room = a_room(steps).opened("ideas").opened("pause")

    assert words(shown(pages, room)["timer"]).startswith("Back at")
    room.ask(SetTimer(600))
    assert "data-ends-at" in shown(pages, room)["timer"]
    assert "Back at" not in shown(pages, room.opened("ideas")).get("timer", "")


def test_before_the_reveal_cards_lie_face_down_and_only_their_number_grows(pages):
    room = a_board(17)

    assert words(shown(pages, room)["stage"]).startswith("17 cards")
    assert "Idea number" not in str(shown(pages, room))
    assert not any(key.startswith("idea-") for key in shown(pages, room))
    assert "Idea number 17" in str(shown(pages, room.revealed("ideas")))


def test_an_empty_board_waits_in_words(pages):
    assert "waiting for your ideas" in shown(pages, a_board(0))["stage"]
    assert "waiting" not in shown(pages, a_board(1))["stage"]


def test_every_card_is_on_the_wall_and_the_desk_may_turn_its_pages_where_there_are_many(pages):
    room = a_board(45).revealed("ideas")

    assert len([k for k in shown(pages, room) if k.startswith("idea-")]) == 45
    assert screen.turns(View(room.state, {}))
    assert not screen.turns(View(a_board(3).revealed("ideas").state, {}))
    assert not screen.turns(View(a_board(45).state, {}))
    assert 'data-turned="0"' in shown(pages, room)["stage"]
    room.ask(TurnPage(2))
    assert 'data-turned="2"' in shown(pages, room)["stage"]


def test_a_card_taken_away_moves_no_other_card(pages):
    room = a_board(25).revealed("ideas")
    before = shown(pages, room)
    room.ask(HideIdea("idea003", "nomme quelqu’un"))
    after = shown(pages, room)

    assert {k for k in before if k.startswith("idea-")} - set(after) == {"idea-idea003"}
    assert all(before[k] == after[k] for k in after if k.startswith("idea-"))


def test_a_board_with_columns_shows_each_card_in_its_own(pages):
    columns = (Column("plus", Words("Fiertés", "Prouds")), Column("minus", Words("Regrets", "Sorries")))
    room = a_room({**ECLAIR, "ideas": BoardSettings(visibility="all", columns=columns)}).opened("ideas")
    for n in range(12):
        room.ask(PostIdea(f"idea{n:03}", f"Idea {n}", StepId("ideas"), ("plus", "minus")[n % 2]), LEA)
    puts = {p.key: p.place for p in pages.page(View(room.state, NAMES), WALL)}

    assert puts["idea-idea004"] == "column-plus"
    assert puts["idea-idea005"] == "column-minus"
    assert "Prouds" in shown(pages, room)["stage"]
    assert "Fiertés" in shown(pages, room, "fr")["stage"]


def test_authors_are_named_only_where_the_step_did_not_promise_anonymity(pages):
    room = a_board(1).revealed("ideas")

    assert "Léa" not in shown(pages, room)["idea-idea001"]


def test_the_question_leads_on_the_wall_until_people_begin_to_answer_it(pages):
    room = a_room(
        {
            "hello": ShowSettings(),
            "framing": ShowSettings(),
            "ideas": BoardSettings(answers=True),
            "after": ShowSettings(),
        }
    )
    room.ask(EditForum(question="What do we share?"))
    room.opened("framing")
    assert "What do we share?" in shown(pages, room)["stage"]

    room.opened("ideas").opened("after")
    assert "What do we share?" not in shown(pages, room)["stage"]


def test_where_people_choose_their_workshop_the_wall_shows_every_theme_with_its_letter(pages):
    room = (
        a_sort(6).with_theme("theme1", 1, 2, title="Share tools").with_theme("theme2", 3, title="Open a desk")
    )
    room.ask(InsertStep("choose", ShowSettings(themes=True), Words("Choisir", "Choose")))
    room.opened("choose")

    assert words(shown(pages, room)["stage"]) == "Choose A Share tools B Open a desk"
    room.ask(RenameTheme("theme1", "Lend tools"))
    assert redrawn(pages, room) == {"stage"}


def test_themes_show_their_cards_and_what_is_left_to_sort(pages):
    room = a_sort(6).with_theme("theme1", 1, 2, title="Partager le matériel")
    puts = {p.key: p.place for p in pages.page(View(room.state, NAMES), WALL)}

    assert puts["idea-idea001"] == "in-theme1"
    assert puts["idea-idea003"] == "unsorted"
    assert words(shown(pages, room)["tally"]) == "4 cards still to sort"
    assert (
        words(shown(pages, room)["theme-theme1"])
        == "A Partager le matériel 2 A · Partager le matériel (continued)"
    )


def test_themes_keep_their_mark_and_repeat_hues_with_another_shape(pages):
    room = a_sort(12)
    for n in range(1, 11):
        room.ask(MakeTheme(f"theme{n}", f"Theme {n}"))
    marks = [
        re.findall(r"mark mark-\d hue-\d", shown(pages, room)[f"theme-theme{n}"])[0] for n in range(1, 11)
    ]

    assert marks[0] == "mark mark-0 hue-1"
    assert marks[9] == "mark mark-1 hue-1"
    assert len(set(marks)) == 10


def test_an_open_vote_shows_what_is_voted_on_and_how_many_have(pages):
    room = a_vote(4).voted(LEA, theme1=1)

    assert "Theme theme3" in shown(pages, room)["stage"]
    assert words(shown(pages, room)["crowd"]).startswith("1 of 2 has voted")
    room.closed("vote")
    assert "closed since" in shown(pages, room)["stage"]
    assert "points" not in words(shown(pages, room)["stage"])


def test_a_result_is_a_sentence_first_then_bars_with_points_and_people(pages):
    room = a_vote(4, points=6, cap=6).voted(LEA, theme2=4, theme1=1).voted(ANNE, theme2=1)
    text = words(shown(pages, room.closed("vote").revealed("vote"))["stage"])

    assert text.startswith("“ Theme theme2 ” comes first: 5 points from 2 people.")
    assert "1 B Theme theme2 5 points 2 people" in text
    assert text.endswith(
        "2 people × 6 points = 12: 6 given, 6 not used. 2 ballots, each counted once. "
        "This vote informs, and decides nothing."
    )


def test_ties_look_like_ties(pages):
    room = a_vote(4, points=6, cap=6).voted(LEA, theme1=2, theme3=2, theme2=1)
    stage = shown(pages, room.closed("vote").revealed("vote"))["stage"]
    tied = re.findall(r'class="rank rank-tied group.*?</li>\s*</ol>', stage, re.DOTALL)

    assert "come first together" in stage
    assert re.findall(r'class="rank-number">(\d+)<', stage) == ["1", "3", "4"]
    assert len(tied) == 1
    assert "Theme theme1" in tied[0]
    assert "Theme theme3" in tied[0]


def test_a_reopened_vote_shows_no_result_any_more(pages):
    room = a_vote(4, points=6, cap=6).voted(LEA, theme1=2).closed("vote").revealed("vote")
    room.ask(ReopenStep(StepId("vote")))

    assert "comes first" not in str(shown(pages, room))


def test_commitments_are_public_with_name_first_step_and_day(pages):
    room = a_room().opened("pledge")
    assert "Who will take the first step?" in shown(pages, room)["stage"]
    room.ask(Pledge("pledge001", "Appeler trois adhérents", "2025-01-20"), LEA)

    assert words(shown(pages, room)["commitment-pledge001"]) == "Léa Appeler trois adhérents by Mon 20 Jan"
    assert words(shown(pages, room)["tally"]) == "1 commitment"


def test_every_commitment_is_on_the_wall(pages):
    people = [f"person{n:02}" for n in range(40)]
    room = a_room(people=people).opened("pledge")
    for n, person in enumerate(people):
        room.ask(Pledge(f"pledge{n:03}", "Appeler", "2025-01-20"), person)
    assert sum(key.startswith("commitment-") for key in shown(pages, room)) == 40

    room.ask(WithdrawPledge("pledge012"), people[12])
    assert pages.changes(View(room.state, NAMES), WALL, room.state.touched).gone == ("commitment-pledge012",)


def test_how_many_are_done_is_counted_while_something_is_asked(pages):
    room = a_board(2)
    room.ask(SayDone(), LEA)
    assert words(shown(pages, room)["crowd"]) == "1 of 2 is done"

    room.ask(FreezeStep(StepId("ideas")))
    assert words(shown(pages, room)["crowd"]) == "2 people are here"


def test_what_was_written_face_down_counts_nobody_as_done_once_it_is_shown(pages):
    room = a_board(2)
    room.ask(SayDone(), LEA)
    room.revealed("ideas")
    assert words(shown(pages, room)["crowd"]) == "2 people are here"


# What a change costs


def test_a_new_card_touches_itself_and_the_counts_only(pages):
    room = a_board(30, visibility="all")
    room.ask(TurnPage(1))
    room.with_ideas(1)

    assert redrawn(pages, room) == {"idea-idea031", "stage", "tally"}


def test_the_stage_is_small_whatever_the_number_of_cards(pages):
    """What cards stand in is sent with every card, so it must not hold them."""
    room = a_board(300, visibility="all").with_ideas(1)
    changes = pages.changes(View(room.state, NAMES), WALL, room.state.touched)
    hidden = shown(pages, a_board(300))["stage"]

    assert sum(len(p.html) for p in changes.puts) < 700
    assert len(hidden) < 1700


def test_moving_a_card_redraws_it_and_its_themes(pages):
    room = a_sort(4).with_theme("theme1", 1, 2).with_theme("theme2", 3)
    room.ask(MoveIdeas(("idea001",), "theme2"))

    assert redrawn(pages, room) == {"stage", "tally", "theme-theme1", "theme-theme2", "idea-idea001"}


def test_a_merged_theme_leaves_no_hole(pages):
    room = a_sort(4).with_theme("theme1", 1, 2).with_theme("theme2", 3)
    room.ask(MergeThemes("theme1", "theme2"))

    assert "theme-theme1" not in shown(pages, room)
    assert "theme-theme2" in shown(pages, room)


def test_arrivals_and_votes_redraw_one_number(pages):
    room = a_vote(4).voted(LEA, theme1=1)
    assert redrawn(pages, room) == {"crowd"}

    room.joined("late")
    assert redrawn(pages, room) == {"crowd"}


def test_the_timer_redraws_the_timer_only_and_is_said(pages):
    room = a_board(1)
    room.ask(SetTimer(300))

    assert redrawn(pages, room) == {"timer", "heard"}


def test_a_new_action_redraws_its_axis_and_the_counts(pages):
    room = a_room().opened("plan")
    room.ask(MakeAxis("axis1", "Collaborer"))
    room.ask(MakeAxis("axis2", "Vendre"))
    room.ask(MakeAction("act1", "axis1", "Ouvrir"), LEA)
    assert redrawn(pages, room) == {"stage", "tally", "axis-axis1", "action-act1"}

    room.ask(RemoveAction("act1"))
    assert redrawn(pages, room) == {"stage", "tally", "axis-axis1"}


# What never stands on a wall


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_nothing_can_be_pressed_written_in_or_followed(pages, lang):
    rooms = [
        a_room(), a_board(3), a_board(3).revealed("ideas"), a_sort(3).with_theme("theme1", 1), a_vote(3),
        a_vote(3).closed("vote").revealed("vote"), a_room().opened("plan"), a_room().opened("pledge"),
    ]  # fmt: skip
    for room in rooms:
        html = pages.document(
            View(room.state, NAMES),
            Audience("screen", lang),  # type: ignore[arg-type]
            SCREEN,
            token=Token(1, room.state.seq, "c"),
            now=room.at,
            ticket="t",
            nonce="n",
        )

        assert not re.search(r"<(a|button|form|input|select|textarea|details)\b", html)
        assert not re.search(r"\bstyle=|\son\w+=", html)


def test_texts_of_participants_are_escaped(pages):
    room = a_board(1)
    room.ask(EditIdea("idea001", "<b>gras</b> & {{ piège }}"), LEA)
    card = shown(pages, room.revealed("ideas"))["idea-idea001"]

    assert "&lt;b&gt;gras&lt;/b&gt; &amp; {{ piège }}" in card


def test_a_person_who_leads_is_not_counted_in_the_room(pages):
    room = a_room().joined("second", role=Role.FACILITATOR)

    assert words(shown(pages, room)["crowd"]) == "2 people are here"


def test_closing_a_vote_ends_the_invitation_to_vote(pages):
    room = a_vote(3)
    assert "Instruction" in shown(pages, room)["words"]

    room.ask(CloseStep(StepId("vote")))
    assert "Instruction" not in shown(pages, room)["words"]


# How large it is written


@pytest.mark.parametrize("cards", [0, 1, 31, 32, 33, 800, 12_800, 20_000])
def test_a_pile_shows_as_many_backs_as_there_are_cards_while_there_is_room(cards):
    pile = fit.pile_of(cards)

    assert pile.full * pile.columns + pile.rest == min(cards, 12_800)
    assert pile.columns == 2 * pile.rows


def test_V11_the_wall_says_the_promise_and_that_too_few_have_voted(pages):
    room = a_vote(least=3).voted(LEA, theme1=1)
    before = shown(pages, room)["crowd"]
    after = shown(pages, room.closed("vote"))["crowd"]

    assert "only when at least 3 have voted" in before
    assert "Too few" not in before
    assert "Too few" in after
    assert "comes in a moment" not in after
