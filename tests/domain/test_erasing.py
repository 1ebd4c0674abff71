"""Striking a person's words: what goes, what is left, and that everything counted stays counted."""

import pytest

from forum.domain import records
from forum.domain.erasing import husks
from forum.domain.keeping import EndIsNear, ErasePerson, ErasureAsked, Redacted
from forum.domain.kernel import PersonId, Rejection
from forum.domain.people import AddPerson
from forum.domain.plan.words import EditAction, MakeAction, MakeAxesFromThemes
from forum.domain.roles import Role
from forum.domain.steps.board import EditIdea, HideIdea, IdeaPosted
from forum.domain.steps.pledge import Pledge
from forum.domain.steps.sort import MakeThemesFromCards, RenameTheme
from forum.domain.steps.voting import result
from forum.domain.touch import Touch
from tests.scenes import ANNE, LEA, a_room, a_vote


def words_in(scene) -> str:
    return "\n".join(records.encode(record).decode() for _, _, record in scene.journal)


def test_a_struck_card_keeps_its_place_its_theme_and_its_number():
    room = a_room().opened("ideas").with_ideas(2).with_ideas(1, by=ANNE)
    room.ask(EditIdea("idea001", "Mon secret"), LEA)
    room.revealed("ideas").opened("sort").with_theme("t1", 1, 2, 3)
    before = room.state

    room.erased(LEA)

    after = room.state
    assert "Mon secret" not in words_in(room)
    assert "Idea number 1" not in words_in(room)
    assert [after.ideas.by_id[f"idea00{n}"].text for n in (1, 2, 3)] == ["", "", "Idea number 3"]
    assert after.ideas.by_id["idea001"].number == before.ideas.by_id["idea001"].number
    assert after.themes.by_id["t1"].ideas == before.themes.by_id["t1"].ideas
    assert after.ideas.active == before.ideas.active


def test_only_the_chosen_words_go():
    room = a_room().opened("ideas").with_ideas(2)

    room.erased(LEA, frozenset({"idea002"}))

    assert [room.state.ideas.by_id[i].text for i in ("idea001", "idea002")] == ["Idea number 1", ""]


def test_votes_stay_as_they_were_cast():
    room = a_vote().voted(LEA, theme1=1, theme2=1).closed("vote").revealed("vote")
    counted = result(room.state.rounds.latest("vote"))

    room.erased(LEA)

    assert result(room.state.rounds.latest("vote")) == counted
    assert counted is not None


def test_a_copy_made_by_an_edit_or_an_undo_goes_too_and_others_words_stay():
    room = a_vote().closed("vote").opened("plan").with_plan()
    axis = room.state.plan.axis_order[0]
    room.ask(MakeAction("act001", axis, "Léa ouvre son garage"), LEA)
    room.joined_by(ANNE).ask(EditAction("act001", title="Ouvrir un garage partagé"))
    room.ask(EditAction("act001", description="Contribution d’Anne"), ANNE)

    room.erased(LEA)

    assert "Léa ouvre son garage" not in words_in(room)
    assert room.state.plan.actions["act001"].title == "Ouvrir un garage partagé"
    assert room.state.plan.actions["act001"].description == "Contribution d’Anne"


def test_a_sentence_that_became_a_title_word_for_word_goes_with_it_and_a_word_does_not():
    sentence = "Transformer la gare en maison commune"
    room = a_room().opened("ideas").with_ideas(2)
    room.ask(EditIdea("idea001", sentence), LEA)
    room.ask(EditIdea("idea002", "Vélos"), LEA)
    room.revealed("ideas").opened("sort").with_theme("t1", 1, title=sentence, by=ANNE)
    room.with_theme("t2", 2, title="Vélos", by=ANNE)
    room.ask(RenameTheme("t1", "Une gare pour tous"), ANNE)

    room.erased(LEA)

    assert sentence not in words_in(room)
    assert room.state.themes.by_id["t1"].title == "Une gare pour tous"
    assert room.state.themes.by_id["t2"].title == "Vélos"


def test_the_title_that_a_long_card_gave_its_theme_goes_with_it_wherever_it_was_copied():
    long = ("Mon voisin du numéro douze ne dort plus la nuit. " * 3)[:135]
    room = a_room().opened("ideas").with_ideas(2)
    room.ask(EditIdea("idea001", long.strip()), LEA)
    room.revealed("ideas").opened("sort").ask(MakeThemesFromCards("sort"))
    renamed = next(t for t in room.state.themes.by_id.values() if "voisin" in t.title)
    room.ask(RenameTheme(renamed.id, "Le bruit"), ANNE)

    room.erased(LEA)

    assert "voisin" not in words_in(room)
    assert room.state.themes.by_id[renamed.id].title == "Le bruit"


def test_K2_the_title_that_a_short_card_gave_its_theme_and_axis_goes_with_it_and_one_that_was_typed_stays():
    room = a_room().opened("ideas").with_ideas(2).with_ideas(1, by=ANNE)
    for card, text, by in (("idea001", "Vélos", LEA), ("idea002", "Bruit", LEA), ("idea003", "Trains", ANNE)):
        room.ask(EditIdea(card, text), by)
    room.revealed("ideas").opened("sort").with_theme("typed", 2, title="Vélos", by=ANNE)
    room.ask(MakeThemesFromCards("sort"))
    made = {theme.title: theme.id for theme in room.state.themes.by_id.values() if theme.id != "typed"}
    room.ask(MakeAxesFromThemes((made["Vélos"], made["Trains"])))
    room.ask(RenameTheme(made["Vélos"], "Le vélo"), ANNE)
    room.ask(RenameTheme(made["Vélos"], "Vélos"), ANNE)

    room.erased(LEA)

    assert {name: room.state.themes.by_id[theme].title for name, theme in made.items()} == {
        "Vélos": "", "Trains": "Trains"
    }  # fmt: skip
    assert room.state.themes.by_id["typed"].title == "Vélos"
    assert [room.state.plan.axes[axis].title for axis in room.state.plan.axis_order] == ["", "Trains"]
    assert words_in(room).count("Vélos") == 1
    assert room.replayed() == room.state


def test_why_a_card_was_hidden_goes_with_the_card():
    room = a_room().opened("ideas").with_ideas(1)
    room.ask(HideIdea("idea001", "Elle nomme son voisin"))

    room.erased(LEA)

    assert "voisin" not in words_in(room)
    assert room.state.ideas.by_id["idea001"].state == "hidden"


def test_a_struck_commitment_keeps_who_and_when():
    room = a_vote().closed("vote").opened("pledge")
    said = room.ask(Pledge("com001", "Appeler Samira au 06 00", "2025-01-20"), LEA)

    room.erased(LEA)

    assert not isinstance(said, Rejection)
    assert "Samira" not in words_in(room)
    assert (room.state.commitments.by_id["com001"].text, room.state.commitments.by_id["com001"].due) == (
        "",
        "2025-01-20",
    )


def test_what_is_left_has_no_salt_and_what_is_not_touched_keeps_its_own():
    room = a_room().opened("ideas").with_ideas(1).with_ideas(1, by=ANNE)
    left = husks([(seq, record) for seq, _, record in room.journal], LEA, None)

    assert {record.salt for record in left.values()} == {""}
    assert len(left) == 1


def test_gestures_that_remember_words_can_no_longer_be_undone():
    room = a_room().opened("ideas").with_ideas(1)
    room.ask(HideIdea("idea001", "hors sujet"))
    assert room.state.deeds

    room.erased(LEA)

    assert room.state.deeds == ()


def test_the_journal_with_holes_folds_to_the_state_that_a_live_room_has():
    room = a_vote(3).voted(LEA, theme1=1).erased(LEA).voted(ANNE, theme2=1).erased(ANNE)

    assert room.replayed() == room.state


def test_K2_one_person_asks_at_most_once_a_minute_and_others_are_not_held_up():
    room = a_room().opened("ideas").with_ideas(1)
    first = room.ask(ErasePerson(), LEA)
    room.erased(LEA)
    soon, another = room.ask(ErasePerson(), LEA), room.ask(ErasePerson(), ANNE)
    for _ in range(61):  # a second each
        room.happened(EndIsNear(30))
    later = room.ask(ErasePerson(), LEA)

    assert isinstance(soon, Rejection)
    assert soon.code == "erased_lately"
    assert not any(isinstance(said, Rejection) for said in (first, another, later))


def test_K2_others_names_are_erased_by_those_only_who_keep_the_plan():
    room = a_room().opened("ideas").with_ideas(1)
    by_anne, by_desk = room.ask(ErasePerson(LEA), ANNE), room.ask(ErasePerson(LEA))
    nobody = room.ask(ErasePerson(PersonId("nobody")))

    assert isinstance(by_anne, Rejection)
    assert isinstance(nobody, Rejection)
    assert by_desk == (ErasureAsked(LEA),)


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.STAFF])
@pytest.mark.parametrize("card", ["idea001", "idea002", "nothing"])
def test_K4_whoever_leads_is_refused_anothers_words_alike_whosever_the_card_is(role: Role, card: str):
    room = a_room().opened("ideas").with_ideas(1).with_ideas(1, by=ANNE).joined("boss", role=role)

    said = [room.ask(ErasePerson(person, "chosen", (card,)), "boss") for person in (LEA, ANNE)] + [
        room.ask(ErasePerson(LEA, "all"), "boss")
    ]

    assert {(r.rule, r.code) for r in said if isinstance(r, Rejection)} == {("K4", "words_of_others")}
    assert len(said) == 3
    assert room.state.keeping.erasures == ()


def test_K4_words_of_somebody_without_a_phone_are_not_erased_in_their_place():
    room = a_room()
    room.ask(AddPerson(PersonId("max")))
    words = room.ask(ErasePerson(texts="all"), on_behalf="max")
    name = room.ask(ErasePerson(), on_behalf="max")

    assert isinstance(words, Rejection)
    assert words.code == "words_of_others"
    assert name == (ErasureAsked(PersonId("max")),)


def test_K4_whoever_writes_down_anothers_words_and_erases_their_own_takes_nothing_of_the_other():
    sentence = "Transformer la gare en maison commune"
    room = a_room().opened("ideas").with_ideas(1, by=ANNE).with_ideas(1)
    room.ask(EditIdea("idea001", sentence), ANNE)
    room.ask(EditIdea("idea002", sentence), LEA)

    room.erased(LEA)

    assert [room.state.ideas.by_id[i].text for i in ("idea001", "idea002")] == [sentence, ""]


def test_K4_a_title_put_back_word_for_word_stays_its_first_authors():
    title = "Ouvrir un garage partagé"
    room = a_vote().closed("vote").opened("plan").with_plan()
    room.ask(MakeAction("act001", room.state.plan.axis_order[0], title), ANNE)
    room.joined_by(LEA).ask(EditAction("act001", title="Autre chose"), LEA)
    room.ask(EditAction("act001", title=title), LEA)

    room.erased(LEA)

    assert room.state.plan.actions["act001"].title == title
    assert "Autre chose" not in words_in(room)


def test_K2_what_waits_already_is_not_asked_twice_and_more_than_that_is():
    room = a_room().opened("ideas").with_ideas(2)
    first = room.ask(ErasePerson(texts="chosen", chosen=("idea001",)), LEA)
    same = room.ask(ErasePerson(texts="chosen", chosen=("idea001",)), LEA)
    name = room.ask(ErasePerson(LEA))
    more = room.ask(ErasePerson(texts="all"), LEA)

    assert [r.code for r in (same, name) if isinstance(r, Rejection)] == ["erasure_waits", "erasure_waits"]
    assert not isinstance(first, Rejection)
    assert not isinstance(more, Rejection)


def test_a_name_that_goes_leaves_the_scene_and_every_gesture_as_they_were():
    room = a_room().opened("ideas").with_ideas(1)
    room.ask(HideIdea("idea001", "hors sujet"))
    before = room.state

    room.happened(Redacted(LEA, name_only=True))

    assert (room.state.scene, room.state.deeds) == (before.scene, before.deeds)
    assert Touch.SCENE not in room.state.touched
    assert {Touch.PEOPLE, Touch.DEEDS, Touch.you(LEA)} <= room.state.touched


def test_a_struck_fact_is_remembered_by_its_chain_and_its_moment():
    room = a_room().opened("ideas").with_ideas(1)
    seq, _, record = next(entry for entry in room.journal if isinstance(entry[2].fact, IdeaPosted))

    room.erased(LEA)

    assert dict(room.state.keeping.struck) == {seq: ("0" * 16, record.at)}


def test_K4_others_are_told_of_names_only_when_they_ask_again():
    """What waits and what was erased of somebody's words is theirs to know."""
    room = a_room().opened("ideas").with_ideas(1)
    words = ErasePerson(LEA, "all", name=False)
    asked = room.ask(words, LEA)
    again = room.ask(words, LEA)
    while_it_waits = room.ask(ErasePerson(LEA))
    carried_out = room.happened(Redacted(LEA, name=False), by=LEA)

    assert asked == (ErasureAsked(LEA, "all", name=False),)
    assert again.code == "erasure_waits"
    assert while_it_waits == (ErasureAsked(LEA),)
    assert room.ask(words, LEA).code == "erased_lately"
    assert carried_out.ask(ErasePerson(LEA)) == (ErasureAsked(LEA),)
    room.happened(Redacted(LEA, name_only=True), by=LEA)
    assert room.ask(ErasePerson(LEA)).code == "erased_lately"


def test_K2_whoever_keeps_their_name_and_chooses_no_words_is_told_that_nothing_would_go():
    room = a_room().opened("ideas").with_ideas(1)

    assert room.ask(ErasePerson(LEA, name=False), LEA).code == "nothing_goes"
    assert room.ask(ErasePerson(LEA, "chosen", ("idea001",), name=False), LEA)[0].name is False


def test_K2_a_name_that_was_kept_stays_on_every_page_and_what_waits_for_it_still_does():
    room = a_room().opened("ideas").with_ideas(1)
    room.ask(ErasePerson(LEA, "all", name=False), LEA)
    room.ask(ErasePerson(LEA), LEA)

    assert len(room.state.keeping.erasures) == 2
    room.happened(Redacted(LEA, name_only=True, name=False), by=LEA)
    assert room.state.touched == {Touch.you(LEA)}
