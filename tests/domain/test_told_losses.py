"""O5, O6 to the number: what several losses count, whoever tells of them and in whatever order."""

from forum.domain.again import votes_out
from forum.domain.flow import SetTimer, StopTimer
from forum.domain.gone import Loss
from forum.domain.kernel import Lost, Millis, PersonId, Rejection, Was
from forum.domain.loss import ConfirmLoss, count, covers, teller
from forum.domain.room import Noted
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.board import PostIdea
from forum.domain.steps.sort import GroupIdeas
from forum.domain.touch import Touch
from tests.domain.lost import back, tell
from tests.scenes import ANNE, LEA, Scene, a_room, a_vote

TAB = "a-tab-of-lea-0001"


def counts(room: Scene) -> list[tuple[int | None, int, int, int, int | None]]:
    return [tuple(count(room.state, loss)) for loss in room.state.gone.losses]


def loss(**fields: object) -> Loss:
    return Loss(**{"gen": 3, "after": 50, "upto": 60, "at": Millis(0), "ops": 1, **fields})


def test_O6_what_came_before_its_loss_is_told_is_counted_by_what_became_of_it() -> None:
    room = a_room().opened("ideas")
    for n in (1, 2, 3):
        back(room, n, 50 + n)
    for n in (4, 5):
        assert isinstance(
            room.ask(
                PostIdea("lost001", "Twin", "ideas"), ANNE, was=Was(f"hers:{n}", ANNE, 1, 60 + n, "", "ideas")
            ),
            Rejection,
        )

    assert room.state.gone.came_back == (3, 2)
    tell(room, 2, 50, 70, 8)
    assert counts(room) == [(8, 3, 0, 2, 5)]
    assert room.state.gone.came_back == (0, 0)


def test_O6_a_loss_without_a_contribution_is_known_to_be_complete_and_one_more_is_counted() -> None:
    room = a_room().opened("ideas")
    tell(room, 2, 50, 70, 0)
    none = counts(room)
    back(room, 1, 99)

    assert none == [(0, 0, 0, 0, 0)]
    assert count(room.state, room.state.gone.losses[0]).complete
    assert counts(room) == [(1, 1, 0, 0, 0)], "it was lost beyond what was known"
    tell(room, 3, 80, 81, 0)
    assert counts(room) == [(1, 1, 0, 0, 0), (0, 0, 0, 0, 0)]


def test_O6_of_a_loss_whose_size_nobody_knows_only_what_came_back_is_told() -> None:
    room = a_room().opened("ideas")
    tell(room, 2, 50, 70, -1)
    back(room, 1, 55)
    back(room, 2, 99)

    assert counts(room) == [(None, 2, 0, 0, None)]
    assert not count(room.state, room.state.gone.losses[0]).complete
    tell(room, 3, 80, 85, -1)
    assert counts(room) == [(None, 2, 0, 0, None), (None, 0, 0, 0, None)]


def test_O6_each_of_several_losses_counts_what_was_lost_in_it() -> None:
    room = a_room().opened("ideas")
    tell(room, 2, 50, 60, 3)
    tell(room, 4, 70, 80, 3)
    back(room, 1, 51, gen=1)
    back(room, 2, 60, gen=1)
    back(room, 3, 71, gen=3)
    back(room, 4, 80, gen=3)
    back(room, 5, 61, gen=3)

    assert counts(room) == [(3, 2, 0, 0, 1), (4, 3, 0, 0, 1)], "what no loss covers is lost beyond the latest"


def test_O6_a_loss_covers_what_lay_behind_its_last_shared_fact_in_an_earlier_life() -> None:
    def covered(gen: int, seq: int, **fields: object) -> bool:
        return covers(loss(**fields), Lost(gen, seq, "tab:1"))

    assert [covered(2, seq) for seq in (50, 51, 60, 61)] == [False, True, True, False]
    assert [covered(gen, 55) for gen in (1, 2, 3)] == [True, True, False]
    assert [covered(1, seq, since=((2, 54),)) for seq in (54, 55)] == [True, False], (
        "lost once before already"
    )
    assert covered(2, 55, since=((2, 54),)), "of the life that went on"
    assert [covered(1, 55, which={"tab:1": ""}), covered(1, 55, which={"tab:2": ""})] == [True, False]
    assert loss().facts == 10


def test_O6_what_is_known_of_a_loss_only_grows() -> None:
    room = a_room().opened("ideas")
    tell(room, 3, 50, 60, 4, votes={"vote.1": 2, "vote.2": 0}, led=2, since=((2, 40),), was=2)
    tell(room, 3, 48, 64, 6, votes={"vote.1": 1, "vote.3": 1}, led=1, was=2)
    [known] = room.state.gone.losses

    assert (known.after, known.upto, known.ops, known.told, known.led) == (48, 64, 6, 6, 2)
    assert dict(known.votes) == {"vote.1": 2, "vote.2": 0, "vote.3": 1}
    assert known.since == ((2, 40),)
    assert known.at == room.journal[-2][2].at, "noticed when it was told first"
    assert known.was == 2


def test_O6_a_loss_that_is_told_again_with_names_is_told_again_and_without_them_is_not() -> None:
    room = a_room().opened("ideas")
    tell(room, 2, 50, 60, 2)
    named = tell(room, 2, 50, 60, 2, which={"lost:1": "", "lost:2": "vote.1"})
    unnamed = tell(room, 2, 50, 60, 2)

    assert [type(said[0]).__name__ for said in (named, unnamed)] == ["TailLost", "Noted"]
    assert dict(room.state.gone.losses[0].which) == {"lost:1": "", "lost:2": "vote.1"}
    tell(room, 2, 50, 60, 3)
    assert dict(room.state.gone.losses[0].which) == {"lost:1": "", "lost:2": "vote.1"}, (
        "who saw more, and names none, takes none away"
    )


def test_O6_a_loss_that_is_told_in_full_already_is_not_told_again() -> None:
    room = a_room().opened("ideas")
    tell(room, 2, 50, 60, 4, which={"lost:1": "", "lost:2": ""})

    assert tell(room, 2, 50, 60, 4, which={"lost:1": ""}) == (Noted(),)
    assert tell(room, 2, 50, 59, 3) == (Noted(),)
    assert tell(room, 2, 50, 61, 4) != (Noted(),)
    assert tell(room, 2, 50, 60, 5) != (Noted(),)
    assert len(room.state.gone.losses) == 1


def test_O6_what_lived_between_two_losses_is_another_history() -> None:
    room = a_room()
    tell(room, 5, 50, 60, 4, was=3, since=((2, 40),))
    for gen, was, losses in ((6, 2, 1), (6, 4, 1), (6, 1, 2), (7, 5, 2), (7, 6, 3), (8, 0, 4)):
        tell(room, gen, 50, 59, 3, was=was)
        assert len(room.state.gone.losses) == losses, (gen, was)


def test_O6_two_histories_that_parted_from_this_one_at_one_fact_are_two_losses_with_numbers_of_their_own() -> (
    None
):
    room = a_room().opened("ideas")
    tell(room, 3, 13, 16, 1, was=2, which={f"{TAB}:1": ""}, chain="of-life-2")
    tell(room, 3, 13, 15, 1, was=1, which={"lost:2": ""}, chain="of-life-1")
    room.ask(PostIdea("idea001", "A card", "ideas"), LEA, tab=TAB, op=1)

    assert [(x.chain, x.facts) for x in room.state.gone.losses] == [("of-life-2", 3), ("of-life-1", 2)]
    assert counts(room) == [(1, 1, 0, 0, 0), (1, 0, 0, 0, 1)]


def test_O6_the_chain_of_a_loss_is_the_one_at_its_last_fact_whoever_told_of_it_first() -> None:
    for first, second in ((60, 64), (64, 60), (64, 64)):
        room = a_room().opened("ideas")
        tell(room, 3, 50, first, 1, chain=f"at-{first}")
        tell(room, 3, 50, second, 2, chain=f"at-{second}")
        [known] = room.state.gone.losses
        assert (known.upto, known.chain, known.ops) == (64, "at-64", 2)


def test_O6_what_the_desk_was_shown_is_counted_for_the_latest_loss() -> None:
    room = a_room().opened("ideas")
    room.ask(StopTimer(), again=True)
    tell(room, 2, 50, 60, 4, led=3)
    tell(room, 3, 70, 75, 1, led=2)
    room.ask(SetTimer(60), again=True)
    room.ask(SetTimer(90), again=True)

    assert [(x.led, x.led_back) for x in room.state.gone.losses] == [(3, 1), (2, 3)]


def test_O6_the_ones_that_wait_are_neither_missing_nor_back() -> None:
    room = a_room().opened("ideas").with_ideas(1).opened("sort")
    tell(room, 2, 50, 60, 2)
    tell(room, 4, 70, 80, 2)
    for n, gen, seq in ((1, 1, 55), (2, 3, 75), (3, 3, 76)):
        was = Was(f"lost:{n}", LEA, gen, seq, "", "sort")
        room.ask(GroupIdeas(("idea001", "not-there"), f"theme{n}", "A"), LEA, was=was)

    assert [len(room.state.gone.held), len(room.state.gone.waits_of[LEA])] == [3, 3]
    assert counts(room) == [(2, 0, 1, 0, 1), (2, 0, 2, 0, 0)]
    assert not any(count(room.state, loss).complete for loss in room.state.gone.losses)


def test_O6_votes_of_an_old_loss_are_out_until_as_many_came_back_in_each_round() -> None:
    room = a_vote(points=3, cap=3)
    round_ = room.state.rounds.latest("vote")
    tell(room, 2, 1, 2, 5)
    tell(room, 3, room.state.seq, room.state.seq + 9, 5, votes={"vote.1": 2, "other.1": 4})
    before = votes_out(room.state, "vote")
    seq = room.state.gone.losses[-1].after + 1
    for n, person in enumerate((LEA, ANNE, LEA)):
        was = Was(f"lost:{n}", PersonId(person), 1, seq + n, "", "vote", "vote.1", round_.choices)
        room.ask(GiveMark("vote", "theme1", n + 1), person, was=was)
        assert votes_out(room.state, "vote") == max(0, 1 - n)

    assert (before, votes_out(room.state, "plan")) == (2, 0)
    assert dict(room.state.gone.losses[-1].votes_back) == {"vote.1": 3}


def test_O6_a_loss_is_read_by_whoever_confirms_it_or_a_later_one() -> None:
    room = a_room().opened("ideas")
    tell(room, 2, 50, 60, 1)
    tell(room, 3, 70, 80, 1)
    room.ask(ConfirmLoss(2))
    first = [loss.confirmed for loss in room.state.gone.losses]
    tell(room, 4, 90, 95, 1)
    room.ask(ConfirmLoss(3))

    assert first == [True, False]
    assert [loss.confirmed for loss in room.state.gone.losses] == [True, True, False]


def test_O6_a_loss_in_the_midst_of_others_that_is_told_again_leaves_them() -> None:
    room = a_room()
    for gen in (2, 4, 6):
        tell(room, gen, gen * 10, gen * 10 + 5, 1)
    tell(room, 4, 40, 46, 2)

    assert [(x.gen, x.ops) for x in room.state.gone.losses] == [(2, 1), (4, 2), (6, 1)]
    assert teller(room.state, 4) == ("server:tail-4", 3)
    assert teller(room.state, 9) == ("server:tail-9", 1)


def test_O6_more_that_came_back_than_was_lost_leaves_nothing_missing() -> None:
    room = a_room().opened("ideas")
    tell(room, 2, 50, 60, 1)
    back(room, 1, 51)
    back(room, 2, 52)

    assert counts(room) == [(1, 2, 0, 0, 0)]


def test_O6_what_waits_is_waiting_in_the_loss_that_names_it_and_what_came_unknown_in_the_first() -> None:
    room = a_room().opened("ideas").with_ideas(1).opened("sort")
    tell(room, 2, 50, 60, 1, which={"lost:1": ""})
    tell(room, 4, 70, 80, 1, which={"other:1": ""})
    tell(room, 6, 90, 95, 1)
    room.ask(
        GroupIdeas(("idea001", "not-there"), "theme1", "A"), LEA, was=Was("lost:1", LEA, 1, 55, "", "sort")
    )

    assert counts(room) == [(1, 0, 1, 0, 0), (1, 0, 0, 0, 1), (1, 0, 0, 0, 1)]
    early = a_room().opened("ideas")
    back(early, 1, 999)
    tell(early, 2, 50, 60, 1)
    tell(early, 4, 70, 80, 1)
    assert counts(early) == [(2, 1, 0, 0, 1), (1, 0, 0, 0, 1)]


def test_O6_what_a_loss_names_draws_it_anew_besides_what_it_changes() -> None:
    room = a_room().opened("ideas")
    tell(room, 2, 50, 60, 1, which={f"{TAB}:1": ""})
    room.ask(PostIdea("idea001", "A card", "ideas"), LEA, tab=TAB, op=1)

    assert room.touched[-1] == {Touch.LOSS, Touch.idea("idea001"), Touch.COUNT, Touch.you(LEA)}


def test_O6_votes_that_came_back_are_counted_anew_in_their_round_when_another_loss_is_told() -> None:
    room = a_vote(options=2)
    tell(room, 2, room.state.seq, room.state.seq + 50, 3, votes={"vote.1": 2})
    seq, choices = room.state.gone.losses[-1].after, room.state.rounds.latest("vote").choices
    for n, step in ((1, "vote"), (2, "ideas")):
        was = Was(
            f"lost:{n}",
            LEA,
            1,
            seq + n,
            "",
            step,
            "vote.1" if step == "vote" else "",
            choices if step == "vote" else "",
        )
        room.ask(
            GiveMark("vote", "theme1", 1) if step == "vote" else PostIdea("lost1", "A card", "ideas"),
            LEA,
            was=was,
        )
    tell(room, 4, 900, 950, 1)

    assert dict(room.state.gone.losses[0].votes_back) == {"vote.1": 1}
    assert counts(room)[0] == (3, 2, 0, 0, 1)
