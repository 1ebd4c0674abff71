"""O5, O6: what the store lost is offered again, counted, and told at the desk."""

import pytest

from forum.domain.again import votes_out
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
    unread,
)
from forum.domain.people import RemovePerson
from forum.domain.room import Noted, OutOfOrder, Seen
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.board import IdeaPosted, PostIdea
from forum.domain.steps.sort import GroupIdeas, MoveIdeas
from forum.domain.touch import Touch
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
    assert room.state.tabs.by_id[TAB].last == 5
    assert isinstance(post(room, 6)[0], IdeaPosted)


@pytest.mark.parametrize("begins", [1, 3, 4])
def test_O5_a_skip_that_would_jump_over_an_op_or_lie_on_one_is_sent_back(begins):
    room = a_room().opened("ideas")
    post(room, 1)

    assert room.ask(Skip(begins), LEA, tab=TAB, op=5) == OutOfOrder(1)
    assert room.state.tabs.by_id[TAB].last == 1


def test_O5_a_skip_may_begin_a_tab_and_sent_again_it_is_answered_again():
    room = a_room().opened("ideas")
    room.ask(Skip(1), LEA, tab=TAB, op=4)
    seq = room.state.seq

    assert room.ask(Skip(1), LEA, tab=TAB, op=4) == Seen(seq, None)
    assert room.ask(Skip(4), ANNE, tab=TAB, op=5).refused.code == "not_your_tab"
    assert isinstance(post(room, 5)[0], IdeaPosted)


@pytest.mark.parametrize("claim", [None, Was(f"{TAB}:3", LEA, 1, 5), Was(f"{TAB}:3", ANNE, 1, 5)])
def test_O5_a_skip_fills_its_numbers_also_of_who_was_removed_or_claims_what_is_not_theirs(claim):
    room = a_room().opened("ideas")
    room.ask(RemovePerson(LEA))

    assert room.ask(Skip(1), LEA, tab=TAB, op=3, again=True, was=claim) == (Skipped(1),)
    assert post(room, 4, again=True).code == "removed"


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
    assert (room.state.gone.losses[-1].restored, room.state.gone.losses[-1].refused) == (1, 1)
    assert count(room.state, room.state.gone.losses[-1]).missing == 3
    assert room.state.ideas.active["ideas"] == 1


def test_O5_an_op_of_several_facts_comes_back_as_one():
    room = a_room().opened("ideas").with_ideas(2).revealed("ideas").opened("sort")
    tell(room)
    facts = room.ask(GroupIdeas(("idea001", "idea002"), "themea", "A"), LEA, again=True)

    assert len(facts) > 1
    assert room.state.gone.losses[-1].restored == 1


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
    assert [(x.upto, x.ops) for x in room.state.gone.losses] == [(64, 7)]
    assert told(room.state, LOSS)


def test_O6_what_came_back_before_the_loss_was_told_is_counted_too_and_a_second_loss_begins_anew():
    room = a_room().opened("ideas")
    post(room, 1, was=Was(f"{TAB}:1", LEA, 1, 55))
    tell(room)
    tell(room, TellLoss(3, 70, 75, "abcdef", 1))
    post(room, 2, again=True)

    assert [(x.gen, x.restored, count(room.state, x).missing) for x in room.state.gone.losses] == [
        (2, 1, 3),
        (3, 1, 0),
    ]


def test_O6_one_loss_that_is_told_in_two_lives_of_the_store_is_one():
    room = a_room().opened("ideas")
    tell(room, TellLoss(5, 50, 60, "abcdef", 4, was=4))
    late, later = TellLoss(6, 50, 55, "fedcba", 2, was=4), TellLoss(6, 50, 64, "fedcba", 6, was=3)
    post(room, 1, was=Was(f"{TAB}:1", LEA, 4, 62))

    assert tell(room, late) == (Noted(),)
    assert count(room.state, room.state.gone.losses[0]) == Count(5, 1, 0, 0, 4)
    tell(room, later)
    assert [(x.gen, x.upto) for x in room.state.gone.losses] == [(5, 64)]
    assert count(room.state, room.state.gone.losses[0]) == Count(6, 1, 0, 0, 5)
    tell(room, TellLoss(7, 50, 60, "abcdef", 1, was=5))
    assert len(room.state.gone.losses) == 2


def named(gen: int, *ops: str, after: int = 50, was: int = 0, round_: str = "") -> TellLoss:
    return TellLoss(
        gen, after, after + 20, f"chain{gen}", len(ops), was=was, which=dict.fromkeys(ops, round_)
    )


def told_of(room: Scene) -> list[tuple[int, Count]]:
    return [(loss.gen, count(room.state, loss)) for loss in room.state.gone.losses]


def lost(op: str, gen: int = 1, seq: int = 51) -> Was:
    return Was(op, LEA, gen, seq, f"{gen}{seq}")


def test_O6_what_a_loss_names_is_back_when_it_comes_proven_or_not_and_nothing_else_of_that_number():
    room = a_room().opened("ideas")
    tell(room, named(2, f"{TAB}:1", f"{TAB}:2", f"{TAB}:3"))
    post(room, 1)
    post(room, 2, was=lost(f"{TAB}:2"))
    other = PostIdea("idea009", "Nine", "ideas")
    room.ask(other, LEA, tab="another-tab-0001", op=1, was=lost("another-tab-0001:1", seq=52))
    room.ask(PostIdea("idea003", "Idea 3", "ideas"), LEA, tab="a-third-tab-0001", op=1)

    assert told_of(room) == [(2, Count(4, 3, 0, 0, 1))]
    assert room.state.gone.losses[0].out == {f"{TAB}:3": ""}


def test_O6_what_is_sent_again_under_another_number_is_back_under_both():
    room = a_room().opened("ideas")
    tell(room, named(2, f"{TAB}:7"))
    tell(room, named(3, "a-new-tab-00001:1", after=55, was=2))
    post(room, 1, tab="a-new-tab-00001", was=lost(f"{TAB}:7"))

    assert told_of(room) == [(2, Count(1, 1, 0, 0, 0)), (3, Count(1, 1, 0, 0, 0))]


def test_O6_what_was_lost_twice_is_there_in_both_losses_once_it_is_there():
    room = a_room().opened("ideas")
    tell(room, named(2, f"{TAB}:1", f"{TAB}:2"))
    tell(room, named(3, f"{TAB}:1", after=55, was=2))
    post(room, 1, was=lost(f"{TAB}:1"))

    assert told_of(room) == [(2, Count(2, 1, 0, 0, 1)), (3, Count(1, 1, 0, 0, 0))]


def test_O6_what_came_before_its_loss_was_told_is_there_and_what_only_filled_its_number_is_not():
    room = a_room().opened("ideas")
    post(room, 1)
    room.ask(Skip(2), LEA, tab=TAB, op=2)
    post(room, 3, was=lost(f"{TAB}:3"))
    post(room, 1, tab="a-new-tab-00001", was=lost(f"{TAB}:4"))
    tell(room, named(2, *(f"{TAB}:{n}" for n in range(1, 5))))

    assert told_of(room) == [(2, Count(4, 3, 0, 0, 1))]
    assert list(room.state.gone.losses[0].out) == [f"{TAB}:2"]


def test_O6_what_is_refused_is_missing_until_it_is_taken_after_all():
    room = a_room()
    tell(room, named(2, f"{TAB}:1"))
    post(room, 1)
    refused = told_of(room)
    room.opened("ideas")
    idea = PostIdea("idea001", "Idea 1", "ideas")
    room.ask(idea, LEA, tab="a-new-tab-00001", op=1, was=lost(f"{TAB}:1"), stands=False)

    assert refused == [(2, Count(1, 0, 0, 1, 1))]
    assert told_of(room) == [(2, Count(1, 1, 0, 0, 0))]


def test_O6_two_that_noticed_in_one_life_what_two_histories_lost_tell_of_two_losses():
    room = a_room()
    tell(room, named(3, f"{TAB}:1", f"{TAB}:2", was=1))
    more = tell(room, named(3, f"{TAB}:3", was=2))
    known = tell(room, named(3, f"{TAB}:2", was=1))

    assert isinstance(more[0], TailLost)
    assert known == (Noted(),)
    assert [{*loss.out} for loss in room.state.gone.losses] == [{f"{TAB}:1", f"{TAB}:2"}, {f"{TAB}:3"}]


def test_O6_who_had_seen_more_of_a_loss_names_the_rest_of_it():
    room = a_room().opened("ideas")
    tell(room, named(2, f"{TAB}:1"))
    post(room, 1)
    tell(room, named(2, f"{TAB}:1", f"{TAB}:2"))

    assert told_of(room) == [(2, Count(2, 1, 0, 0, 1))]


def test_O6_a_loss_that_is_told_after_a_later_one_was_confirmed_comes_before_it_and_is_to_be_read_too():
    room = a_room()
    tell(room, named(3, f"{TAB}:1", was=2))
    room.ask(ConfirmLoss(3))
    read = unread(room.state)
    tell(room, named(2, f"{TAB}:2", was=1))

    assert read == []
    assert [loss.gen for loss in room.state.gone.losses] == [2, 3]
    assert unread(room.state) == [room.state.gone.losses[0]]
    assert room.ask(ConfirmLoss(2)) == (LossConfirmed(2),)
    assert unread(room.state) == []


def test_O6_votes_that_are_out_are_counted_once_however_often_they_were_lost():
    room = a_room().opened("ideas").with_ideas(2).revealed("ideas").opened("sort")
    room.with_theme("themea", 1).with_theme("themeb", 2).opened("vote")
    tell(room, named(2, f"{TAB}:1", f"{TAB}:2", round_="vote.1"))
    tell(room, named(3, f"{TAB}:1", after=55, was=2, round_="vote.1"))
    both = votes_out(room.state, "vote")
    room.ask(GiveMark("vote", "themea", 1), LEA, tab=TAB, op=1)

    assert (both, votes_out(room.state, "vote")) == (2, 1)


def test_O6_nobody_but_the_server_tells_of_a_loss():
    room = a_room()

    assert room.ask(LOSS, FACILITATOR).code == "forbidden"
    assert room.state.gone.losses == ()


def test_O6_the_desk_confirms_what_it_has_read_and_nobody_else_can():
    room = a_room()
    nothing = room.ask(ConfirmLoss(2))
    tell(room)
    by_a_phone = room.ask(ConfirmLoss(2), LEA)

    assert (nothing.code, by_a_phone.code) == ("no_loss", "forbidden")
    assert room.ask(ConfirmLoss(2)) == (LossConfirmed(2),)
    assert room.ask(ConfirmLoss(2)) == (Noted(),)
    assert room.state.gone.losses[-1].confirmed


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
