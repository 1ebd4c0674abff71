"""O5, O6: what the store lost is offered again, counted, and told at the desk."""

import pytest

from forum.domain.kernel import NOBODY, Rejection, Was
from forum.domain.loss import (
    ConfirmLoss,
    Count,
    LossConfirmed,
    Skip,
    Skipped,
    TailLost,
    TellLoss,
    count,
    teller,
    told,
)
from forum.domain.room import Noted, OutOfOrder, Seen
from forum.domain.state import Touch
from forum.domain.steps.board import IdeaPosted, PostIdea
from forum.domain.steps.sort import GroupIdeas, MoveIdeas
from forum.domain.undo import Undo
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_room

TAB = "a-tab-of-lea-0001"
LOSS = TellLoss(2, 50, 60, "abcdef", 4)


def post(room: Scene, n: int, *, again: bool = False, by: str = LEA, tab: str = TAB, was: Was | None = None):
    return room.ask(PostIdea(f"idea{n:03}", f"Idea {n}", "ideas"), by, tab=tab, op=n, again=again, was=was)


def tell(room: Scene, loss: TellLoss = LOSS):
    tab, op = teller(room.state, loss.gen)
    return room.ask(loss, NOBODY, tab=tab, op=op)


def test_O5_a_skip_fills_every_number_up_to_its_own_and_the_next_op_follows():
    room = a_room().opened("ideas")
    post(room, 1)

    assert room.ask(Skip(2), LEA, tab=TAB, op=5) == (Skipped(2),)
    assert room.state.tabs[TAB].last == 5
    assert isinstance(post(room, 6)[0], IdeaPosted)


@pytest.mark.parametrize("begins", [1, 3, 4])
def test_O5_a_skip_that_would_jump_over_an_op_or_lie_on_one_is_sent_back(begins):
    room = a_room().opened("ideas")
    post(room, 1)

    assert room.ask(Skip(begins), LEA, tab=TAB, op=5) == OutOfOrder(1)
    assert room.state.tabs[TAB].last == 1


def test_O5_a_skip_may_begin_a_tab_and_sent_again_it_is_answered_again():
    room = a_room().opened("ideas")
    room.ask(Skip(1), LEA, tab=TAB, op=4)
    seq = room.state.seq

    assert room.ask(Skip(1), LEA, tab=TAB, op=4) == Seen(seq, None)
    assert room.ask(Skip(4), ANNE, tab=TAB, op=5).refused.code == "not_your_tab"
    assert isinstance(post(room, 5)[0], IdeaPosted)


def test_O5_a_skip_changes_nothing_that_anybody_sees():
    room = a_room().opened("ideas")
    room.ask(Skip(1), LEA, tab=TAB, op=4)

    assert room.touched[-1] == frozenset()


def test_O5_what_comes_again_counts_once_and_what_is_refused_is_missing():
    room = a_room()
    tell(room)
    late = post(room, 1, again=True)
    room.opened("ideas")
    post(room, 2, again=True)
    post(room, 2, again=True)

    assert late.code == "board_closed"
    assert (room.state.losses[-1].restored, room.state.losses[-1].refused) == (1, 1)
    assert count(room.state, room.state.losses[-1]).missing == 3
    assert room.state.idea_counts["ideas"] == 1


def test_O5_an_op_of_several_facts_comes_back_as_one():
    room = a_room().opened("ideas").with_ideas(2).revealed("ideas").opened("sort")
    tell(room)
    facts = room.ask(GroupIdeas(("idea001", "idea002"), "themea", "A"), LEA, again=True)

    assert len(facts) > 1
    assert room.state.losses[-1].restored == 1


def test_O5_who_comes_again_has_seen_no_more_than_what_both_histories_share():
    room = a_room().opened("ideas").with_ideas(2).revealed("ideas").opened("sort").with_theme("themea", 1)
    shared = room.state.seq
    room.ask(MoveIdeas(("idea002",), "themea"), ANNE)
    tell(room, TellLoss(2, shared, shared + 9, "abcdef", 1))
    move = MoveIdeas(("idea002",), None)
    again = room.ask(move, LEA, seen=shared + 8, again=True)

    assert isinstance(again, Rejection)
    assert not isinstance(room.ask(move, LEA, seen=room.state.seq), Rejection)


def test_O5_an_undo_that_comes_again_takes_back_no_gesture_that_now_has_its_number():
    room = a_room().opened("ideas").with_ideas(2).revealed("ideas").opened("sort")
    shared = room.state.seq
    tell(room, TellLoss(2, shared, shared + 9, "abcdef", 1))
    room.with_theme("themea", 1)
    deed = room.state.deeds[-1].seq

    assert room.ask(Undo(deed), LEA, again=True).code == "no_deed"
    assert not isinstance(room.ask(Undo(deed), LEA), Rejection)


def test_O6_a_loss_is_told_once_whichever_process_saw_it_and_more_only_by_who_saw_more():
    room = a_room()
    first, second = tell(room), tell(room)
    more = tell(room, TellLoss(2, 50, 64, "fedcba", 7))

    assert first == (TailLost(2, 50, 60, "abcdef", 4),)
    assert second == (Noted(),)
    assert isinstance(more[0], TailLost)
    assert [(x.upto, x.ops) for x in room.state.losses] == [(64, 7)]
    assert told(room.state, LOSS)


def test_O6_what_came_back_before_the_loss_was_told_is_counted_too_and_a_second_loss_begins_anew():
    room = a_room().opened("ideas")
    post(room, 1, was=Was(f"{TAB}:1", LEA, 1, 55))
    tell(room)
    tell(room, TellLoss(3, 70, 75, "abcdef", 1))
    post(room, 2, again=True)

    assert [(x.gen, x.restored, count(room.state, x).missing) for x in room.state.losses] == [
        (2, 1, 3),
        (3, 1, 0),
    ]


def test_O6_one_loss_that_is_told_in_two_lives_of_the_store_is_one():
    room = a_room().opened("ideas")
    tell(room, TellLoss(5, 50, 60, "abcdef", 4, was=4))
    late, later = TellLoss(6, 50, 55, "fedcba", 2, was=4), TellLoss(6, 50, 64, "fedcba", 6, was=3)
    post(room, 1, was=Was(f"{TAB}:1", LEA, 4, 62))

    assert tell(room, late) == (Noted(),)
    assert count(room.state, room.state.losses[0]) == Count(5, 1, 0, 0, 4)
    tell(room, later)
    assert [(x.gen, x.upto) for x in room.state.losses] == [(5, 64)]
    assert count(room.state, room.state.losses[0]) == Count(6, 1, 0, 0, 5)
    tell(room, TellLoss(7, 50, 60, "abcdef", 1, was=5))
    assert len(room.state.losses) == 2


def test_O6_nobody_but_the_server_tells_of_a_loss():
    room = a_room()

    assert room.ask(LOSS, FACILITATOR).code == "forbidden"
    assert room.state.losses == ()


def test_O6_the_desk_confirms_what_it_has_read_and_nobody_else_can():
    room = a_room()
    nothing = room.ask(ConfirmLoss(2))
    tell(room)
    by_a_phone = room.ask(ConfirmLoss(2), LEA)

    assert (nothing.code, by_a_phone.code) == ("no_loss", "forbidden")
    assert room.ask(ConfirmLoss(2)) == (LossConfirmed(2),)
    assert room.ask(ConfirmLoss(2)) == (Noted(),)
    assert room.state.losses[-1].confirmed


def test_O6_what_comes_back_after_the_loss_is_told_redraws_it():
    room = a_room().opened("ideas")
    post(room, 1, again=True)
    quiet = room.touched[-1]
    tell(room)
    post(room, 2, again=True)
    loud = room.touched[-1]
    post(room, 3)

    assert Touch.LOSS not in quiet
    assert Touch.LOSS in loud
    assert Touch.LOSS not in room.touched[-1]
