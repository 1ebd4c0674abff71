"""O10 to O13: what came before a loss, and how it comes back: in order, once, to whoever gave it."""

from forum.domain.again import known_to, place, shared
from forum.domain.flow import CloseStep, OpenStep, SetTimer
from forum.domain.kernel import NOBODY, Asked, Millis, PersonId, Rejection, Was
from forum.domain.led import only_shown
from forum.domain.loss import ConfirmLoss, Count, Skip, count
from forum.domain.room import Noted
from forum.domain.state import change, since_loss
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.board import PostIdea, WithdrawIdea
from forum.domain.steps.sort import GroupIdeas, MoveIdeas
from forum.domain.touch import Touch
from tests.domain.lost import back, tell
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_room, a_vote

TAB = "a-tab-of-lea-0001"


def counts(room: Scene) -> list[tuple[int | None, int, int, int, int | None]]:
    return [tuple(count(room.state, loss)) for loss in room.state.gone.losses]


def test_O10_what_was_done_before_is_shown_with_its_number_where_that_is_known() -> None:
    room = a_room().opened("ideas")
    room.ask(CloseStep("ideas"), again=True, was=Was("desk:1", FACILITATOR, 1, 77))
    room.ask(CloseStep("ideas"), elsewhere=True)

    assert [one.was for one in room.state.gone.led] == [77, 0]
    assert only_shown(room.state, OpenStep("sort"), Asked(FACILITATOR, Millis(1)))[0].was == 0
    assert [one.by for one in room.state.gone.led] == [FACILITATOR, FACILITATOR]


def test_O5_who_asks_again_after_two_losses_has_seen_what_its_history_shares_with_this_one() -> None:
    room = a_room().opened("ideas").with_ideas(3).opened("sort").with_theme("theme1", 1)
    early = room.state.seq
    room.ask(MoveIdeas(("idea002",), "theme1"), ANNE)
    tell(room, 2, early - 1, early + 9, 1)
    late = room.state.seq
    room.ask(MoveIdeas(("idea003",), "theme1"), ANNE)
    tell(room, 3, late, late + 9, 1)

    def refused(idea: str, gen: int) -> bool:
        moved = MoveIdeas((idea,), None)
        return isinstance(room.ask(moved, LEA, seen=late + 5, gen=gen, elsewhere=True), Rejection)

    assert [shared(room.state, gen) for gen in (0, 1, 2, 3)] == [early - 1, early - 1, late, late]
    assert refused("idea003", gen=2)
    assert refused("idea002", gen=1)
    assert not refused("idea002", gen=2)
    assert shared(a_room().state, 1) == 0


def test_O12_what_needs_two_things_waits_for_one_after_another_under_numbers_of_its_own() -> None:
    room = a_room().opened("ideas").opened("sort")
    was = Was("lost:1", LEA, 1, 55, "", "sort")
    room.ask(GroupIdeas(("idea-one", "idea-two"), "theme1", "A"), LEA, was=was)
    waiting = [room.state.gone.held["lost:1"].until]
    for name in ("idea-one", "idea-two"):
        room.ask(PostIdea(name, "A card", "ideas"), LEA, was=Was(f"{name}:1", LEA, 1, 50, "", "ideas"))
        room.taken_up()
        waiting += [held.until for held in room.state.gone.held.values()]

    assert waiting == ["idea:idea-one", "idea:idea-two"]
    assert room.state.tabs.by_id["waits:lost:1"].last == 2
    assert room.state.themes.by_id["theme1"].ideas == ("idea-one", "idea-two")
    assert (len(room.state.gone.held), room.state.gone.waits_of[LEA]) == (0, ())


def test_O12_what_waits_is_taken_up_in_the_order_of_the_lost_history() -> None:
    room = a_room().opened("ideas").opened("sort")
    for n, gen, seq in ((1, 2, 10), (2, 1, 90), (3, 1, 80)):
        was = Was(f"lost:{n}", LEA, gen, seq, "", "sort")
        room.ask(GroupIdeas(("idea-one",), f"theme{n}", f"{n}"), LEA, was=was)
    room.ask(PostIdea("idea-one", "A card", "ideas"), LEA, was=Was("card:1", LEA, 1, 50, "", "ideas"))
    room.taken_up()

    assert list(room.state.themes.order) == ["theme3", "theme2", "theme1"]


def test_O13_nobody_is_heir_of_themself_and_whoever_came_in_again_is_of_one_only() -> None:
    room = a_room().opened("ideas")
    tell(room, 2, 50, 60, 4)
    back(room, 1, 55)
    own = dict(room.state.gone.heirs)
    gone = Was("gone:1", PersonId("gone"), 1, 56, "", "ideas")
    room.ask(PostIdea("gone001", "Mine", "ideas"), LEA, was=gone)

    assert own == {}
    assert dict(room.state.gone.heirs) == {"gone": LEA}
    assert room.state.gone.redeemed["gone:1"].lost.by == "gone"
    assert room.state.gone.redeemed["lost:1"].lost.by == NOBODY


def test_O5_a_skip_and_a_newcomer_are_no_contributions_that_came_back() -> None:
    room = a_room().opened("ideas")
    tell(room, 2, 50, 60, 4)
    room.ask(Skip(1), LEA, tab=TAB, op=3, again=True)
    room.joined("new")

    assert counts(room) == [(4, 0, 0, 0, 4)]
    assert room.state.tabs.by_id[TAB].results[0].done is False


def test_O10_confirming_leaves_what_was_shown_and_keeps_what_came_since() -> None:
    room = a_room().opened("ideas")
    tell(room, 2, 50, 60, 1)
    room.ask(ConfirmLoss(2))
    nothing = room.ask(ConfirmLoss(2, upto=1))
    room.ask(SetTimer(60), again=True)
    room.ask(SetTimer(90), again=True)
    first, second = room.state.gone.led
    early = room.ask(ConfirmLoss(2, upto=first.seq - 1))
    room.ask(ConfirmLoss(2, upto=first.seq))
    one_left = room.state.gone.led
    room.ask(ConfirmLoss(2))

    assert nothing == early == (Noted(),)
    assert one_left == (second,)
    assert room.state.gone.led == ()


def test_O11_where_contributions_go_is_the_open_step_and_of_a_vote_its_round() -> None:
    room = a_room()
    assert place(room.state) == ("", "", "")
    room.opened("ideas")
    assert place(room.state) == ("ideas", "", "")
    room.closed("ideas")
    assert place(room.state) == ("", "", "")
    vote = a_vote()
    assert place(vote.state) == ("vote", "vote.1", vote.state.rounds.latest("vote").choices)


def test_O11_a_card_withdrawn_again_is_withdrawn_and_what_is_there_already_is_only_noted() -> None:
    room = a_room().opened("ideas").with_ideas(1)
    tell(room, 2, 50, 60, 3)
    twin = room.ask(
        PostIdea("idea001", "Idea number 1", "ideas"), LEA, was=Was("lost:1", LEA, 1, 55, "", "ideas")
    )
    hers = room.ask(
        PostIdea("idea001", "Idea number 1", "ideas"), ANNE, was=Was("hers:1", ANNE, 1, 55, "", "ideas")
    )
    gone = room.ask(WithdrawIdea("idea001"), LEA, was=Was("lost:2", LEA, 1, 56, "", "ideas"))

    assert twin == (Noted(),)
    assert (hers.rule, hers.code) == ("B1", "id_taken")
    assert not isinstance(gone, Rejection)
    assert isinstance(count(room.state, room.state.gone.losses[0]), Count)


def test_O5_who_asks_again_where_no_loss_is_told_has_seen_the_beginning_only() -> None:
    room = a_room().opened("ideas").with_ideas(1).opened("sort").with_theme("theme1", 1, by=ANNE)
    asked = Asked(LEA, Millis(room.at), seen=room.state.seq)

    assert [
        known_to(room.state, change(asked, again=again, elsewhere=not again)).seen for again in (True, False)
    ] == [1, 1]
    assert known_to(room.state, asked).seen == room.state.seq
    assert known_to(room.state, change(asked, seen=0, again=True)).seen == 0
    assert isinstance(room.ask(MoveIdeas(("idea001",), None), LEA, seen=99, elsewhere=True), Rejection)


def test_O11_what_stands_or_is_back_or_waits_already_does_nothing_more() -> None:
    room = a_room().opened("ideas").with_ideas(1).opened("sort")
    tell(room, 2, 50, 60, 4)
    waits = Was("lost:1", LEA, 1, 55, "", "sort")
    group = GroupIdeas(("idea001", "not-there"), "theme1", "A")
    room.ask(group, LEA, was=waits)
    card = PostIdea("lost002", "A card", "ideas")
    twice = [room.ask(card, LEA, was=Was("lost:2", LEA, 1, 56, "", "ideas")) for _ in range(2)]
    stands = Was("lost:3", LEA, 1, 57, "", "ideas")

    assert [len(twice[0]), twice[1]] == [1, (Noted(),)]
    for there in (True, False, None):
        assert room.ask(group, LEA, was=waits, stands=there) == (Noted(),)
        assert room.ask(card, LEA, was=Was("lost:2", LEA, 1, 56, "", "ideas"), stands=there) == (Noted(),)
    assert room.ask(PostIdea("lost003", "A card", "ideas"), LEA, was=stands, stands=True) == (Noted(),)
    assert room.ask(PostIdea("lost003", "A card", "ideas"), LEA, was=stands, stands=False) != (Noted(),)


def test_O12_what_is_taken_up_is_told_to_whoever_gave_it_besides_what_it_changed() -> None:
    room = a_room().opened("ideas").opened("sort")
    room.ask(GroupIdeas(("idea-one",), "theme1", "A"), LEA, was=Was("lost:1", LEA, 1, 55, "", "sort"))
    waiting = room.touched[-1]
    room.ask(PostIdea("idea-one", "A card", "ideas"), ANNE, was=Was("card:1", ANNE, 1, 50, "", "ideas"))
    before = len(room.touched)
    room.taken_up()

    assert waiting == {Touch.LOSS, Touch.you(LEA)}
    assert {Touch.LOSS, Touch.you(LEA), Touch.THEMES, Touch.theme("theme1")} <= room.touched[before]


def test_O11_what_came_before_the_latest_loss_is_not_since_it() -> None:
    room = a_room()
    assert not since_loss(room.state, 99)
    tell(room, 2, 50, 60, 1)
    tell(room, 4, 70, 80, 1)

    assert [since_loss(room.state, seq) for seq in (51, 70, 71)] == [False, False, True]


def test_O11_where_everything_was_lost_a_choice_that_was_not_made_anew_comes_back() -> None:
    room = a_vote(options=2, points=3, cap=3)
    tell(room, 2, 0, 60, 3)
    room.voted(LEA, theme2=1)
    was = Was("lost:1", LEA, 1, 5, "", "vote", "vote.1", room.state.rounds.latest("vote").choices)

    assert room.ask(GiveMark("vote", "theme1", 1), LEA, was=was) != (Noted(),)
