"""K2, K4 of what came again and was not taken: whose words go from there, and what stays."""

from forum.domain import records
from forum.domain.again import STRUCK, NotTaken, Waits, words_of
from forum.domain.erasing import bearer, had_words, husks, repeats_words
from forum.domain.flow import OpenStep
from forum.domain.kernel import PersonId, Rejection, Was
from forum.domain.led import LedBefore
from forum.domain.plan.words import ActionEdited, EditAction, MakeAction, MakeAxis
from forum.domain.room import GIVEN, Noted, Refused
from forum.domain.steps.ballot import AllocatePoints
from forum.domain.steps.board import EditIdea, HideIdea, IdeaPosted, PostIdea
from forum.domain.steps.sort import RenameTheme
from forum.domain.steps.sort_facts import IdeasMoved, ThemeMade
from forum.domain.touch import Touch
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_room

SENTENCE = "Transformer la gare en maison commune"
OTHER = "Ouvrir un garage partagé à tous"


def left(room: Scene, person: str = LEA, *chosen: str) -> list[object]:
    """The facts put aside, after the words of somebody were struck: of all they wrote, or of what they chose."""
    journal = [(seq, record) for seq, _, record in room.journal]
    struck = husks(journal, PersonId(person), frozenset(chosen) if chosen else None)
    facts = [struck.get(seq, record).fact for seq, record in journal]
    return [fact.body for fact in facts if isinstance(fact, Waits | NotTaken | LedBefore)]


def aside(*facts: NotTaken | LedBefore | Waits, by: str = LEA) -> Scene:
    """Léa's card, and what was put aside."""
    room = a_room().opened("ideas").with_ideas(1)
    room.ask(EditIdea("idea001", SENTENCE), LEA)
    return room.happened(*facts, by=by)


def not_taken(kind: str = "PostIdea", **body: object) -> NotTaken:
    return NotTaken("B1", "too_long", {}, kind, body)


def test_ones_own_words_that_were_not_taken_go_whole_and_another_persons_stay() -> None:
    room = aside(not_taken(id="lost001", text=OTHER))

    assert left(room) == [{STRUCK: True}]
    assert left(room, ANNE) == [{"id": "lost001", "text": OTHER}]
    assert left(room, FACILITATOR) == [{"id": "lost001", "text": OTHER}]


def test_of_what_was_not_taken_only_what_was_chosen_goes() -> None:
    room = aside(not_taken(id="lost001", text=OTHER), not_taken(id="lost002", text=OTHER))

    assert left(room, LEA, "lost001") == [{STRUCK: True}, {"id": "lost002", "text": OTHER}]
    assert left(room, LEA, "idea001") == [{"id": "lost001", "text": OTHER}, {"id": "lost002", "text": OTHER}]


def test_what_waits_goes_too() -> None:
    waits = Waits(
        "RenameTheme", {"theme": "theme1", "title": OTHER}, Was("lost:1", LEA, 1, 9), "theme:theme1"
    )
    room = aside(waits)
    assert room.state.gone.waits_of[LEA] == ("lost:1",)

    assert left(room) == [{STRUCK: True}]
    assert (dict(room.erased(LEA).state.gone.held), dict(room.state.gone.waits_of)) == ({}, {})


def test_a_vote_that_was_not_taken_has_no_words_and_stays() -> None:
    body = {"step": "vote", "option": "theme1", "points": 1}

    assert left(aside(not_taken("AllocatePoints", **body))) == [body]


def test_what_somebody_else_copied_word_for_word_goes_with_the_words() -> None:
    copied, own = not_taken(id="x", text=SENTENCE, length=37), not_taken(id="y", text=OTHER)
    room = aside(copied, own, by=ANNE)

    assert left(room) == [{STRUCK: True}, own.body]
    assert left(room, LEA, "idea001") == [{STRUCK: True}, own.body]


def test_a_word_that_somebody_else_says_too_was_not_copied() -> None:
    room = a_room().opened("ideas").with_ideas(1)
    room.ask(EditIdea("idea001", "Vélos"), LEA)
    room.happened(not_taken(id="x", text="Vélos"), by=ANNE)

    assert left(room) == [{"id": "x", "text": "Vélos"}]


def test_what_who_leads_had_done_goes_where_it_quotes_or_speaks_of_a_card_that_goes() -> None:
    spoke = LedBefore("HideIdea", {"idea": "idea001", "reason": "Names a person"})
    quoted = LedBefore("MakeAxis", {"axis": "axis1", "title": SENTENCE})
    beside = LedBefore("HideIdea", {"idea": "idea002", "reason": "Names a person"})
    room = aside(spoke, quoted, beside, by=FACILITATOR)

    assert left(room) == [{STRUCK: True}, {STRUCK: True}, beside.body]
    assert left(room, FACILITATOR) == [spoke.body, quoted.body, beside.body], "leading is nobody's words"
    assert left(room, LEA, "another") == [spoke.body, quoted.body, beside.body]
    assert [one.kind for one in room.state.gone.led] == ["HideIdea", "MakeAxis", "HideIdea"]
    assert [one.body for one in room.erased(LEA).state.gone.led] == [beside.body]


def test_a_short_word_that_stands_elsewhere_was_not_copied_and_a_sentence_was() -> None:
    for text, copied in (("x" * 19, False), ("x" * 20, True)):
        room = a_room().opened("ideas").with_ideas(1)
        room.ask(EditIdea("idea001", text), LEA)
        room.opened("sort").with_theme("theme1", 1, title=text, by=ANNE)
        room.erased(LEA)

        assert (room.state.themes.by_id["theme1"].title == "") == copied


def test_the_mark_of_what_was_refused_goes_with_whoever_asked() -> None:
    room = a_room()
    for by in (LEA, ANNE):
        room.ask(PostIdea("idea001", "Too early", "ideas"), by, mark="abcd1")
        room.ask(PostIdea("idea001", "Too early", "ideas"), by)
    journal = [(seq, record) for seq, _, record in room.journal]
    refused = [seq for seq, record in journal if isinstance(record.fact, Refused) and record.by == LEA]

    assert list(husks(journal, LEA, None)) == refused[:1]
    assert husks(journal, LEA, None)[refused[0]].mark == ""


def test_an_ops_mark_lies_with_the_first_of_its_words() -> None:
    made, moved = ThemeMade("theme1", "sort", "T"), IdeasMoved(())

    assert [bearer(facts) for facts in ((made, moved), (moved, made), (moved,), (moved, moved, made))] == [
        0,
        1,
        0,
        2,
    ]


def test_an_edit_may_repeat_words_and_a_card_does_not() -> None:
    assert [
        repeats_words(what) for what in (EditAction("act001"), RenameTheme("t", "x"), OpenStep("ideas"))
    ] == [True] * 3
    card, vote, refused = (
        PostIdea("i", "x", "ideas"),
        AllocatePoints("vote", "t", 1),
        Rejection("B1", "too_long"),
    )
    assert [repeats_words(what) for what in (card, vote, refused)] == [False] * 3


def test_what_was_put_aside_had_words_when_its_command_has_any() -> None:
    had = [
        had_words(not_taken(kind))
        for kind in ("PostIdea", "HideIdea", "EditAction", "AllocatePoints", "Nonsense")
    ]

    assert had == [True, True, True, False, False]


def test_whoever_gave_something_reads_what_it_was_and_its_words() -> None:
    bodies = {
        "PostIdea": {"id": "x", "text": "A card"}, "EditIdea": {"text": ""}, "AllocatePoints": {"points": 1}, "SayDone": {},
        "Pledge": {"text": "I call", "due": "2025-01-20"}, "EditAction": {"title": "Do", "budget": "12 €", "first_step": None},
    }  # fmt: skip

    assert {kind: (GIVEN.get(kind, ""), words_of(body)) for kind, body in bodies.items()} == {
        "PostIdea": ("A card of yours", "A card"), "EditIdea": ("A card of yours", ""),
        "AllocatePoints": ("What you had given in a vote", ""), "SayDone": ("What you had given in a vote", ""),
        "Pledge": ("A commitment of yours", "I call"), "EditAction": ("", "Do – 12 €"),
    }  # fmt: skip


def test_of_an_edited_action_the_words_go_and_the_days_and_the_axis_stay() -> None:
    room = a_plan_of_two_hands()
    journal = [(seq, record) for seq, _, record in room.journal]
    struck = [record.fact for record in husks(journal, LEA, None).values()]

    assert [(fact.was, fact.now) for fact in struck if isinstance(fact, ActionEdited)] == [
        ({"title": "Do", "due": ""}, {"title": "", "due": "2025-02-01"}),
        ({"title": ""}, {"title": "Anne’s words"}),
    ]


def a_plan_of_two_hands() -> Scene:
    """An action of the desk's that Léa edits, and then Anne."""
    room = a_room().opened("plan")
    room.ask(MakeAxis("axis1", "Axis"))
    room.ask(MakeAction("act001", "axis1", "Do"))
    room.joined_by(LEA, ANNE).ask(EditAction("act001", title=OTHER, due="2025-02-01"), LEA)
    room.ask(EditAction("act001", title="Anne’s words"), ANNE)
    return room


def test_what_was_not_taken_is_shown_to_its_author_and_to_the_desk() -> None:
    room = aside(not_taken(id="lost001", text=OTHER))

    assert room.touched[-1] == {Touch.LOSS, Touch.you(LEA)}
    room.happened(NotTaken("B1", "too_long", {}, "PostIdea", {STRUCK: True}), by=LEA)
    assert room.touched[-1] == frozenset()
    assert len(room.state.gone.untaken[LEA]) == 1
    assert (room.state.gone.untaken[LEA][0].seq, room.state.gone.untaken[LEA][0].kind) == (
        room.state.seq - 1,
        "PostIdea",
    )


def test_a_husk_says_all_but_the_words_and_reads_like_any_fact() -> None:
    room = a_room().opened("ideas").with_ideas(1)
    seq, record = next((seq, r) for seq, _, r in room.journal if isinstance(r.fact, IdeaPosted))
    husk = records.decode(records.encode(husks([(seq, record)], LEA, None)[seq]))

    assert (husk.by, husk.at, husk.fact.idea, husk.fact.step) == (LEA, record.at, "idea001", "ideas")
    assert (husk.fact.text, husk.salt, husk.mark) == ("", "", "")


def test_facts_without_words_are_never_struck() -> None:
    room = a_room().opened("ideas").with_ideas(1)
    room.ask(HideIdea("idea001", "why"))
    room.happened(Noted(), by=LEA)
    kinds = {
        type(record.fact).__name__
        for record in husks([(s, r) for s, _, r in room.journal], LEA, None).values()
    }

    assert kinds == {"IdeaPosted", "IdeaHidden"}


def test_of_what_somebody_wrote_into_an_action_what_another_had_said_first_stays() -> None:
    room = a_room().opened("plan")
    room.ask(MakeAxis("axis1", "Axis"))
    room.ask(MakeAction("act001", "axis1", "Do"))
    room.joined_by(LEA, ANNE).ask(EditAction("act001", title="Else"), ANNE)
    room.ask(EditAction("act001", title="Do", description=OTHER), LEA)
    room.erased(LEA)

    assert (room.state.plan.actions["act001"].title, room.state.plan.actions["act001"].description) == (
        "Do",
        "",
    )


def test_titles_of_themes_and_axes_are_the_rooms_whoever_gave_them() -> None:
    room = (
        a_room().opened("ideas").with_ideas(1).opened("sort").with_theme("theme1", 1, title=SENTENCE, by=ANNE)
    )
    room.ask(RenameTheme("theme1", OTHER), ANNE)
    room.ask(MakeAxis("axis1", SENTENCE))
    room.erased(ANNE).erased(FACILITATOR)

    assert (room.state.themes.by_id["theme1"].title, room.state.plan.axes["axis1"].title) == (OTHER, SENTENCE)
