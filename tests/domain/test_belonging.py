"""Where people come from: J7; consents: C1, C2; a card that stands for others: B6."""

import pytest

from forum.domain.belonging.part import (
    MAX_CATEGORIES,
    CategorySet,
    OrganisationSet,
    SetCategories,
    SetCategory,
    SetOrganisation,
    is_noted,
)
from forum.domain.belonging.record import Belongs, Category
from forum.domain.consents.part import GiveConsent, WithdrawConsent, standing
from forum.domain.consents.record import Consent
from forum.domain.erasing import placeless
from forum.domain.keeping import ErasePerson, Redacted
from forum.domain.kernel import Words
from forum.domain.limits import limits
from forum.domain.people import AddPerson
from forum.domain.roles import Role
from forum.domain.room import FROM_SERVER
from forum.domain.steps.board import MOST_STOOD_FOR, IdeaPosted, PostIdea, WithdrawIdea
from tests.domain.judged import refusal
from tests.scenes import ANNE, FACILITATOR, LEA, SCREEN, a_room

MEMBERS, PARTNERS = (
    Category("members", Words("Adhérents", "Members")),
    Category("partners", Words("Partenaires")),
)


def in_colleges():
    room = a_room()
    room.ask(SetCategories((MEMBERS, PARTNERS)))
    assert refusal(room.ask(SetCategory(LEA, "members"))) is None
    return room


# J7


def test_J7_the_desk_and_the_staff_note_somebodys_category_and_organisation_and_nobody_their_own():
    room = in_colleges().joined("staff", role=Role.STAFF)
    assert refusal(room.ask(SetOrganisation(LEA, "org1"), "staff")) is None
    assert room.state.belonging.get(LEA) == Belongs("members", "org1")
    assert refusal(room.ask(SetCategory(ANNE, "partners"), "staff")) is None

    assert refusal(room.ask(SetCategory(ANNE, "members"), ANNE)) == "forbidden"
    assert refusal(room.ask(SetCategories(()), ANNE)) == "forbidden"
    assert refusal(room.ask(SetOrganisation(ANNE, "org1"), ANNE)) == "forbidden"
    assert refusal(room.ask(SetCategory(ANNE, "members"), SCREEN)) == "forbidden"
    assert "SetOrganisation" in FROM_SERVER


def test_J7_a_category_is_one_of_the_forums_and_a_person_is_somebody_with_a_voice():
    room = in_colleges()

    assert refusal(room.ask(SetCategory(LEA, "nowhere"))) == "no_category"
    assert refusal(room.ask(SetCategory("nobody", "members"))) == "no_person"
    assert refusal(room.ask(SetCategory(FACILITATOR, "members"))) == "no_person"
    assert refusal(room.ask(SetOrganisation(SCREEN, "org1"))) == "no_person"
    assert refusal(room.ask(SetCategory(LEA, "members"))) == "already_so"
    assert refusal(room.ask(SetCategory(LEA))) is None
    assert room.state.belonging.get(LEA) == Belongs()


@pytest.mark.parametrize(("categories", "code"), [
    ((MEMBERS, Category("members", Words("Autres"))), "category_title"),
    ((MEMBERS, Category("others", MEMBERS.title)), "category_title"),
    ((MEMBERS, Category("others", Words())), "category_title"),
    ((MEMBERS, Category("", Words("Sans"))), "category_title"),
    ((PARTNERS,), "category_used"),
    ((MEMBERS, PARTNERS), "already_so"),
])  # fmt: skip
def test_J7_categories_have_titles_of_their_own_and_keep_those_that_somebody_is_of(categories, code):
    room = in_colleges()

    assert refusal(room.ask(SetCategories(categories))) == code
    assert room.state.belonging.categories == (MEMBERS, PARTNERS)


def test_J7_a_forum_has_so_many_categories_and_no_more():
    room = a_room()
    given = tuple(Category(f"c{n}", Words(f"Collège {n}")) for n in range(MAX_CATEGORIES + 1))
    refused = room.ask(SetCategories(given))

    assert (refusal(refused), refused.params) == ("too_many_categories", {"limit": MAX_CATEGORIES})
    assert refusal(room.ask(SetCategories(given[1:]))) is None
    assert (MAX_CATEGORIES, limits(Category)["title"].most) == (12, 60)


def test_J7_where_somebody_comes_from_is_struck_with_their_name_and_nobody_elses():
    room = in_colleges()
    room.ask(SetOrganisation(LEA, "org1"))
    room.ask(SetOrganisation(ANNE, "org1"))
    [asked] = room.ask(ErasePerson(), LEA)
    assert asked.noted
    left = placeless([(seq, record) for seq, _, record in room.journal], LEA)

    assert {type(r.fact) for r in left.values()} == {CategorySet, OrganisationSet}
    assert all(r.fact in (CategorySet(LEA), OrganisationSet(LEA)) and not r.salt for r in left.values())
    room.journal = [(seq, op, left.get(seq, record)) for seq, op, record in room.journal]
    room.state = room.replayed()
    assert room.state.belonging.get(LEA) == Belongs()
    assert room.state.belonging.get(ANNE) == Belongs("", "org1")


def test_J7_an_erasure_that_keeps_the_name_keeps_where_one_comes_from_and_nobody_else_is_noted():
    room = in_colleges().opened("ideas").with_ideas(1)
    [asked] = room.ask(ErasePerson(texts="all", name=False), LEA)
    [other] = room.ask(ErasePerson(), ANNE)

    assert (asked.noted, other.noted) == (False, False)
    assert (is_noted(room.state, LEA), is_noted(room.state, ANNE)) == (True, False)


# C1, C2


def test_C1_a_consent_is_given_for_one_purpose_with_its_text_and_withdrawn():
    room = a_room()
    assert refusal(room.ask(GiveConsent("photo", "photo-1"), LEA)) is None
    given = standing(room.state, LEA, "photo")
    assert given == Consent("photo", "photo-1", room.state.at, seq=room.state.seq)
    assert standing(room.state, LEA, "newsletter") is None
    assert standing(room.state, ANNE, "photo") is None
    room.ask(WithdrawConsent("photo"), LEA)

    assert standing(room.state, LEA, "photo") is None
    assert [c.withdrawn_at for c in room.state.consents[LEA]] == [room.state.at]


def test_C1_what_was_not_read_is_not_agreed_to_and_what_was_not_given_not_withdrawn():
    room = a_room()
    assert refusal(room.ask(GiveConsent("photo", ""), LEA)) == "no_text"
    assert refusal(room.ask(WithdrawConsent("photo"), LEA)) == "no_consent"
    room.ask(GiveConsent("photo", "photo-1"), LEA)
    assert refusal(room.ask(GiveConsent("photo", "photo-1"), LEA)) == "already_so"
    assert refusal(room.ask(WithdrawConsent("newsletter"), LEA)) == "no_consent"
    assert refusal(room.ask(WithdrawConsent("photo"), ANNE)) == "no_consent"
    assert refusal(room.ask(GiveConsent("photo", "photo-1"), SCREEN)) == "forbidden"


def test_C1_a_new_text_is_agreed_to_anew_and_a_withdrawn_consent_can_be_given_again():
    room = a_room()
    for version in ("photo-1", "photo-2"):
        assert refusal(room.ask(GiveConsent("photo", version), LEA)) is None
    assert [c.text_version for c in room.state.consents[LEA]] == ["photo-2"]
    room.ask(WithdrawConsent("photo"), LEA)
    assert refusal(room.ask(WithdrawConsent("photo"), LEA)) == "no_consent"
    assert refusal(room.ask(GiveConsent("photo", "photo-2"), LEA)) is None
    assert standing(room.state, LEA, "photo") is not None


def test_C1_the_desk_enters_a_consent_for_somebody_without_a_phone_and_for_nobody_else():
    room = a_room()
    room.ask(AddPerson("assisted1"))

    assert refusal(room.ask(GiveConsent("photo", "photo-1"), on_behalf="assisted1")) is None
    assert room.journal[-1][2].entered_by == FACILITATOR
    assert refusal(room.ask(GiveConsent("photo", "photo-1"), on_behalf=LEA)) == "not_assisted"


@pytest.mark.parametrize(("name", "stands"), [(True, False), (False, True)])
def test_C2_who_erases_their_name_withdraws_every_consent_which_stays_written_and_who_keeps_it_does_not(
    name, stands
):
    room = a_room()
    room.ask(GiveConsent("photo", "photo-1"), LEA)
    room.ask(GiveConsent("newsletter", "news-1"), LEA)
    room.ask(GiveConsent("photo", "photo-1"), ANNE)
    room.happened(Redacted(LEA, name_only=True, name=name))

    assert [bool(standing(room.state, LEA, p)) for p in ("photo", "newsletter")] == [stands, stands]
    assert {c.text_version for c in room.state.consents[LEA]} == {"photo-1", "news-1"}
    assert standing(room.state, ANNE, "photo") is not None


# B6


def a_board():
    return a_room().opened("ideas").with_ideas(3)


def test_B6_a_card_stands_for_others_which_stay_as_they_are():
    room = a_board()
    [fact] = room.ask(
        PostIdea("pair01", "À deux", "ideas", lang="fr", stands_for=("idea001", "idea003")), ANNE
    )
    card = room.state.ideas.by_id["pair01"]

    assert fact == IdeaPosted("pair01", "ideas", "À deux", ANNE, lang="fr", stands_for=("idea001", "idea003"))
    assert (card.lang, card.group, card.stands_for) == ("fr", "", ("idea001", "idea003"))
    assert room.state.ideas.active["ideas"] == 4
    assert room.state.ideas.by_id["idea001"].state == "active"


@pytest.mark.parametrize("cards", [
    ("nowhere",), ("pair01",), ("idea001", "idea001"), ("idea002",),
    tuple(f"idea{n:03}" for n in range(MOST_STOOD_FOR + 1)),
])  # fmt: skip
def test_B6_a_card_stands_for_no_card_that_is_not_there_nor_for_itself_nor_for_one_twice(cards):
    room = a_board()
    room.ask(WithdrawIdea("idea002"), LEA)
    refused = room.ask(PostIdea("pair01", "À deux", "ideas", stands_for=cards), ANNE)

    assert (refused.rule, refused.code) == ("B6", "no_such_cards")
    assert "pair01" not in room.state.ideas.by_id


def test_B6_the_link_outlives_the_words_of_both():
    room = a_board()
    room.ask(
        PostIdea("pair01", "Une idée que nous avons écrite à deux", "ideas", stands_for=("idea001",)), ANNE
    )
    room.erased(LEA).erased(ANNE)

    assert room.state.ideas.by_id["idea001"].text == room.state.ideas.by_id["pair01"].text == ""
    assert room.state.ideas.by_id["pair01"].stands_for == ("idea001",)


def test_B6_a_group_that_a_fact_names_is_kept_with_the_card():
    room = a_board().happened(IdeaPosted("pair01", "ideas", "À deux", LEA, group="table7"), by=LEA)

    assert room.state.ideas.by_id["pair01"].group == "table7"
