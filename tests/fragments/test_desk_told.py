"""What the desk is told of its own accord: what was lost, who was copied, how few voted, how full it is."""

from forum.domain.kernel import NOBODY
from forum.domain.loss import ConfirmLoss, TellLoss
from forum.domain.space import SpaceFilled
from forum.domain.steps.board import PostIdea
from tests.fragments.on_desk import led, proposed, redrawn, shared
from tests.scenes import ANNE, LEA, a_room, a_vote


def test_O6_the_desk_says_what_was_lost_what_came_back_and_what_is_missing_until_it_is_confirmed(pages):
    room = a_room().opened("ideas")
    assert "loss" not in shared(pages, room)
    room.ask(TellLoss(2, 50, 60, "abcdef", 3), NOBODY)
    assert redrawn(pages, room) == {"loss", "now", "lead", "heard"}
    for n in (1, 2):
        room.ask(PostIdea(f"idea{n:03}", "Again" * n, "ideas"), LEA, again=True)
    said = shared(pages, room)["loss"]
    room.ask(ConfirmLoss(2))

    assert "The store lost its last 10 facts." in said
    assert "2 of 3 contributions" in said
    assert "1 is missing." in said
    assert "loss" not in shared(pages, room)


def test_O6_where_only_a_page_knew_of_it_the_desk_says_what_came_back_and_claims_no_more(pages):
    room = a_room().opened("ideas")
    room.ask(TellLoss(2, 50, 51, "abcdef"), NOBODY)
    said = shared(pages, room)["loss"]

    assert "The store lost its last fact." in said
    assert "0 contributions were restored" in said
    assert "missing" not in said


def test_O9_the_desk_is_told_whose_browser_was_copied_and_of_no_other(pages):
    room = a_room().opened("ideas")
    quiet = shared(pages, room)
    for n, mark in enumerate(("abcd1", "abcd2")):
        room.ask(PostIdea(f"idea00{n}", "Idée", "ideas"), LEA, tab="a-tab-of-lea-0001", mark=mark)
    told = shared(pages, room)["copies"]

    assert "copies" not in quiet
    assert "Léa" in told
    assert "Anne" not in told


def few_votes(ballots: int, **settings: int):
    room = a_vote(**settings).joined("per1", "per2", "per3")
    for person in (LEA, ANNE, "per1", "per2", "per3")[:ballots]:
        room.voted(person, theme1=1)
    return room.closed("vote")


def test_V10_the_desk_is_told_that_ballots_are_few_and_its_press_says_that_it_knows(pages):
    few, enough = (led(pages, few_votes(n)) for n in (4, 5))

    assert "Only 4 ballots." in few
    assert 'name="knowing" value="true"' in few
    assert "knowing" not in enough
    assert "Only" not in enough


def test_V11_a_result_that_was_promised_not_to_be_shown_has_no_button(pages):
    room = few_votes(2, least=3)
    now = led(pages, room)

    assert "RevealStep" not in now
    assert "ReopenStep" in now
    assert "from 3 ballots on" in now
    assert proposed(room) == "OpenStep plan"


def test_V11_what_a_vote_promises_is_set_before_it_begins_and_not_after(pages):
    before, after = shared(pages, a_room())["agenda"], shared(pages, few_votes(1))["agenda"]

    assert 'id="set-vote-least"' in before
    assert 'id="set-vote-least"' not in after
    assert 'id="set-ideas-max_chars"' in after
    assert 'id="set-ideas-visibility"' not in after


def test_S3_the_desk_reads_who_writes_so_much_and_that_the_forum_is_nearly_full(pages):
    room = a_room().opened("ideas")
    quiet = shared(pages, room)
    room.happened(SpaceFilled(80, LEA, 100), SpaceFilled(80))
    low = shared(pages, room)["space"]
    full = shared(pages, room.happened(SpaceFilled(100)))["space"]
    free = shared(pages, room.happened(SpaceFilled(0)))["space"]

    assert "space" not in quiet
    assert "Léa" in low
    assert "Four fifths of the space of this forum" in low
    assert "This forum is full" in full
    assert "This forum" not in free
    assert "Léa" in free
