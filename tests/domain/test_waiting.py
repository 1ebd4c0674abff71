"""O12: what comes again and lacks something waits for it, and holds up nothing."""

from immutables import Map

from forum.domain.again import NotTaken, Waits, votes_out
from forum.domain.kernel import Was
from forum.domain.people import RemovePerson, SayDone
from forum.domain.steps.ballot import BlankCast
from forum.domain.steps.board import HideIdea, PostIdea
from forum.domain.steps.sort import GroupIdeas, MoveIdeas, RenameTheme
from forum.domain.steps.sort_facts import IdeasMoved
from tests.domain.lost import TAB, come_again, outcome, told, vote_again, was
from tests.scenes import ANNE, LEA, Scene, a_room, a_vote


def a_lost_vote() -> tuple[Scene, Scene]:
    """A vote that is lost with its opening; and the room after that, at the end of sorting."""
    lost = a_vote()
    kept = max(seq for seq, _, r in lost.journal if isinstance(r.fact, IdeasMoved))
    lost.voted(LEA, theme1=1)
    return lost, told(lost.back_to(kept), lost, 1, {"vote.1": 1})


def test_O12_a_vote_waits_until_its_round_is_opened_again_and_holds_up_nothing():
    lost, room = a_lost_vote()
    waits = vote_again(room, was(lost))
    assert [type(f) for f in waits] == [Waits]
    assert waits[0].until == "round:vote.1"
    assert (outcome(room).waiting, outcome(room).missing) == (1, 0)
    assert not outcome(room).complete
    assert votes_out(room.state, "vote") == 0  # nothing can be closed or shown
    assert not isinstance(room.ask(PostIdea("x", "y", "ideas"), LEA, tab=TAB, op=2), tuple)

    assert room.taken_up().state.gone.held
    room.opened("vote")
    assert votes_out(room.state, "vote") == 1
    room.taken_up()

    assert dict(room.state.rounds.by_id["vote.1"].ballots[LEA].marks) == {"theme1": 1}
    assert outcome(room).complete
    assert votes_out(room.state, "vote") == 0
    assert (len(room.state.gone.held), room.state.gone.waits_of[LEA]) == (0, ())


def test_O12_a_vote_that_is_opened_again_about_something_else_does_not_get_it():
    lost, room = a_lost_vote()
    vote_again(room, was(lost))
    room.with_theme("theme9", 1)
    room.opened("vote").taken_up()

    assert room.state.rounds.by_id["vote.1"].ballots == Map()
    assert [one.refused.code for one in room.state.gone.untaken[LEA]] == ["choices_changed"]
    assert (outcome(room).waiting, outcome(room).missing) == (0, 1)


def test_O12_another_title_is_another_choice():
    lost, room = a_lost_vote()
    vote_again(room, was(lost))
    theme = room.state.themes.by_id["theme1"]
    room.ask(RenameTheme("theme1", f"{theme.title}, not"), LEA)
    room.opened("vote").taken_up()

    assert room.state.rounds.by_id["vote.1"].ballots == Map()


def test_O12_being_done_in_a_vote_is_a_blank_ballot_in_that_round_only():
    lost, room = a_lost_vote()
    claim = was(lost, by=ANNE, tab="a-tab-of-anne-001")
    assert [type(f) for f in come_again(room, SayDone(), claim)] == [Waits]
    room.opened("vote").taken_up()

    assert isinstance(room.journal[-2][2].fact, BlankCast)
    assert ANNE in room.state.rounds.by_id["vote.1"].ballots


def test_O12_what_needs_somebody_elses_card_waits_for_it():
    lost = a_room().opened("ideas").with_ideas(1).revealed("ideas").opened("sort")
    room = told(lost.back_to(lost.state.seq), lost, 2)
    move = GroupIdeas(("idea001", "idealost"), "themea", "A")
    come_again(room, move, Was("tab-anne:1", ANNE, 1, 102, "", "sort"))
    assert not room.state.themes.by_id
    come_again(room, PostIdea("idealost", "Lost", "ideas"), Was(f"{TAB}:1", LEA, 1, 101, "", "ideas"))
    room.taken_up()

    assert room.state.themes.by_id["themea"].ideas == ("idea001", "idealost")
    assert outcome(room).complete


def test_O12_what_can_never_be_there_is_not_waited_for():
    lost = a_room().opened("ideas").with_ideas(1)
    lost.ask(HideIdea("idea001", "why"))
    room = told(lost.back_to(lost.state.seq), lost)
    said = come_again(room, MoveIdeas(("idea001",), None), Was(f"{TAB}:1", LEA, 1, 99, "", "sort"))

    assert said.code == "no_idea"
    assert isinstance(room.journal[-1][2].fact, NotTaken)


def test_O12_what_cannot_be_taken_stays_in_sight_of_its_author_with_its_words_and_is_struck_when_they_ask():
    lost = a_room().opened("ideas").with_ideas(1)
    room = told(lost.back_to(lost.state.seq).opened("sort"), lost)
    room.ask(RemovePerson(ANNE))
    said = come_again(room, PostIdea("ideanew", "x" * 300, "ideas"), Was(f"{TAB}:1", LEA, 1, 99, "", "ideas"))

    assert said.code == "too_long"
    [one] = room.state.gone.untaken[LEA]
    assert one.body["text"] == "x" * 300
    assert LEA not in room.erased(LEA).state.gone.untaken
