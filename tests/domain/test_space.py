"""S1 to S3: how much one person may write in a day, and how much one forum may hold."""

from forum.domain import records
from forum.domain.flow import CloseStep, EditForum, OpenStep, RevealStep
from forum.domain.keeping import ErasePerson
from forum.domain.kernel import NOBODY, Rejection, StepId, Was
from forum.domain.people import SayDone
from forum.domain.roles import MAY, Role
from forum.domain.room import COMMANDS, Refused
from forum.domain.space import (
    ALWAYS,
    DAY_MS,
    FORUM_BYTES,
    GOES_ON,
    PERSON_BYTES,
    PERSON_SHARE,
    WORDY,
    Full,
    SpaceFilled,
    person_most,
    spent,
    taken,
)
from forum.domain.spent import Spent
from forum.domain.state import change
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.board import EditIdea, PostIdea
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_room, a_vote

LONG = "é" * 1000
IDEAS = StepId("ideas")


def a_board() -> Scene:
    return a_room().opened("ideas").with_ideas(1)


def rewritten(room: Scene, most: int, times: int = 10_000, by: str = LEA) -> list[object]:
    """Somebody rewrites their card until they are refused."""
    said: list[object] = []
    while not said or not isinstance(said[-1], Rejection | Full):
        assert len(said) < times
        said.append(room.ask(EditIdea("idea001", LONG[: 100 + len(said) % 9], length=100), by, most=most))
    return said


def code(said: object) -> str:
    return said.code if isinstance(said, Rejection) else ""


def told(room: Scene) -> list[tuple[int, str]]:
    return [(r.fact.share, r.fact.person) for _, _, r in room.journal if isinstance(r.fact, SpaceFilled)]


def test_S1_who_rewrites_a_text_for_hours_is_refused_and_the_others_are_not():
    room = a_board()
    most = room.state.space.used * 100
    refused = rewritten(room, most)[-1]

    assert (refused.rule, refused.code) == ("S1", "person_full")
    assert spent(room.state, LEA, room.at) < person_most(most) * 1.3
    assert code(room.ask(PostIdea("idea002", "Autre", IDEAS), ANNE, most=most)) == ""
    assert room.state.space.used < most / 4


def test_S1_what_a_person_wrote_drains_away_within_a_day():
    room = a_board()
    most = room.state.space.used * 100
    rewritten(room, most)
    later = room.at + DAY_MS

    assert spent(room.state, LEA, later) == 0
    assert 0 < spent(room.state, LEA, room.at + 60_000) < spent(room.state, LEA, room.at)
    assert spent(room.state, LEA, room.at - DAY_MS) == room.state.space.spent[LEA].size, (
        "a clock that jumps back gives nothing"
    )


def test_S1_writing_for_others_counts_for_who_writes():
    room = a_board()
    before = room.state.space.spent
    room.ask(COMMANDS["AddPerson"]("marcel00"), FACILITATOR)
    room.ask(PostIdea("idea002", LONG[:100], IDEAS), FACILITATOR, on_behalf="marcel00")

    assert "marcel00" not in room.state.space.spent
    assert room.state.space.spent[FACILITATOR].size > before[FACILITATOR].size


def test_S1_a_person_who_is_full_still_votes_finishes_and_erases():
    room = a_vote()
    room.state = change(
        room.state,
        space=change(room.state.space, spent=room.state.space.spent.set(LEA, Spent(PERSON_BYTES, room.at))),
    )

    assert code(room.ask(COMMANDS["MakeTheme"]("theme0009", "Encore"), LEA)) == "person_full"
    assert code(room.ask(GiveMark(StepId("vote"), "theme1", 1), LEA)) == ""
    assert code(room.ask(SayDone(), LEA)) == ""
    assert code(room.ask(ErasePerson(texts="all"), LEA)) == ""


def test_S1_beyond_the_reserve_nothing_of_a_person_is_recorded_not_even_refusals():
    room = a_vote()
    room.state = change(
        room.state,
        space=change(
            room.state.space,
            spent=room.state.space.spent.set(LEA, Spent(PERSON_BYTES * 5 // 4 + 10_000, room.at)),
        ),
    )
    before = len(room.journal)
    said = room.ask(GiveMark(StepId("vote"), "theme1", 1), LEA)

    assert said == Full()
    assert [type(r.fact) for _, _, r in room.journal[before:]] == [SpaceFilled]
    assert room.ask(GiveMark(StepId("vote"), "theme1", 1), LEA) == Full()
    assert len(room.journal) == before + 1
    assert code(room.ask(GiveMark(StepId("vote"), "theme1", 1), ANNE)) == ""


def test_S1_claims_that_nothing_was_lost_behind_take_no_room_beyond_the_reserve():
    room = a_board()
    room.ask(PostIdea("ideanew", "Mine", IDEAS), LEA, tab="a-tab-of-lea-0001", op=1)
    there = Was("a-tab-of-lea-0001:1", LEA, 1, room.state.seq, "", IDEAS)
    room.state = change(
        room.state,
        space=change(
            room.state.space,
            spent=room.state.space.spent.set(LEA, Spent(PERSON_BYTES * 5 // 4 + 10_000, room.at)).set(
                ANNE, Spent(PERSON_BYTES * 5 // 4 + 10_000, room.at)
            ),
        ),
    )

    assert room.ask(PostIdea("ideanew", "Mine", IDEAS), LEA, was=there) == Full(), "it is still there"
    assert room.ask(PostIdea("ideanew", "Mine", IDEAS), ANNE, was=there) == Full(), "it is another's"
    gone = Was("a-tab-of-lea-0001:2", LEA, 1, 99, "", IDEAS)
    assert room.ask(PostIdea("idealost", "Mine", IDEAS), LEA, was=gone) != Full(), "what was lost had room"


def test_S2_a_full_forum_takes_no_more_writing_and_goes_on():
    room = a_vote()
    room.state = change(
        room.state, space=change(room.state.space, spent=room.state.space.spent.delete(LEA))
    )  # many wrote, not she
    most = room.state.space.used

    assert code(room.ask(EditForum(question=LONG), FACILITATOR, most=most)) == "forum_full"
    assert code(room.ask(COMMANDS["MakeTheme"]("theme0009", "Encore"), LEA, most=most)) == "forum_full"
    assert code(room.ask(GiveMark(StepId("vote"), "theme1", 1), LEA, most=most)) == ""
    for command in (
        CloseStep(StepId("vote")),
        RevealStep(StepId("vote"), knowing=True),
        OpenStep(StepId("plan")),
    ):
        assert code(room.ask(command, FACILITATOR, most=most)) == ""


def test_S2_leading_goes_on_beyond_every_reserve_and_erasing_beyond_that_of_votes():
    room = a_vote()
    most = room.state.space.used * 3 // 4
    joined = room.ask(COMMANDS["Join"](), "newcomer", most=most)

    assert room.ask(GiveMark(StepId("vote"), "theme1", 1), LEA, most=most) == Full()
    assert joined == Full()
    assert code(room.ask(ErasePerson(texts="all"), LEA, most=most)) == ""
    assert room.ask(ErasePerson(texts="all"), ANNE, most=most // 2) == Full()
    assert code(room.ask(CloseStep(StepId("vote")), FACILITATOR, most=most // 9)) == ""
    assert room.ask(CloseStep(StepId("vote")), LEA, most=most) == Full(), "it is not Léa who leads"


def test_S2_who_asks_to_lead_and_may_not_is_not_even_refused_beyond_the_reserve():
    room = a_vote()
    room.state = change(
        room.state, space=change(room.state.space, spent=room.state.space.spent.delete(LEA).delete(ANNE))
    )
    most, before = room.state.space.used * 3 // 4, len(room.journal)

    for command in (
        OpenStep(StepId("plan")),
        COMMANDS["RemoveTheme"]("theme1"),
        COMMANDS["MakeAxis"]("x", "y"),
    ):
        assert room.ask(command, LEA, most=most) == Full()
    assert not [r for _, _, r in room.journal[before:] if isinstance(r.fact, Refused)]
    assert code(room.ask(ErasePerson(texts="all"), ANNE, most=most)) == "", "there is room for an erasure yet"
    assert code(room.ask(OpenStep(StepId("plan")), LEA, most=room.state.space.used)) == "forbidden"


def test_S2_a_forum_that_is_given_more_takes_writing_again_and_says_so():
    room = a_board()
    most = room.state.space.used
    full = room.ask(PostIdea("idea002", "Un", IDEAS), LEA, most=most)
    room.happened(*[Refused("X", "x")] * 90)  # a minute and a half later
    taken = room.ask(PostIdea("idea003", "Deux", IDEAS), LEA, most=FORUM_BYTES)

    assert code(full) == "forum_full"
    assert code(taken) == ""
    assert told(room)[-1] == (0, NOBODY)
    assert NOBODY not in room.state.space.filled


def test_S3_the_desk_is_told_of_a_person_at_four_fifths_and_when_it_is_all_once_each():
    room = a_board()
    most = room.state.space.used * 100
    rewritten(room, most)
    for n in range(5):
        room.ask(EditIdea("idea001", f"{n}"), LEA, most=most)

    assert told(room) == [(80, LEA), (100, LEA)]
    at_80 = next(seq for seq, _, r in room.journal if isinstance(r.fact, SpaceFilled))
    refused = next(seq for seq, _, r in room.journal if isinstance(r.fact, Refused))
    assert at_80 < refused, "before it bites"


def test_S3_the_desk_is_told_of_the_forum_before_it_is_full():
    room = a_board()
    most = room.state.space.used * 5 // 4 + 200
    n = 2
    while code(room.ask(PostIdea(f"idea{n:03}", "Une place", IDEAS), ANNE, most=most * 1)) != "forum_full":
        room.state = change(
            room.state, space=change(room.state.space, spent=room.state.space.spent.delete(ANNE))
        )  # a crowd, not one person
        n += 1

    assert [share for share, person in told(room) if not person] == [80, 100]


def test_every_command_has_its_place_when_there_is_no_room():
    assert set(COMMANDS) >= ALWAYS | GOES_ON | WORDY
    assert not ALWAYS & GOES_ON
    participants = {name for name in ALWAYS if Role.PARTICIPANT in MAY.get(name, ())}
    assert participants == {"ErasePerson"}
    assert {"CloseStep", "RevealStep", "HideIdea", "RemovePerson", "SetEntry"} <= ALWAYS
    assert "GiveMark" in GOES_ON
    assert not {"PostIdea", "EditIdea", "EditAction", "Pledge"} & (ALWAYS | GOES_ON)


def test_what_a_fact_takes_is_what_its_entry_takes_whoever_reads_it():
    room = a_board()
    record = room.journal[-1][2]
    again = records.decode(records.encode(record))

    assert again.size == record.size == len(records.encode(record))
    assert taken(room.state, record)[0] == room.state.space.used + record.size + 100
    assert room.replayed() == room.state


def test_one_person_never_fills_a_forum_whatever_its_size():
    assert person_most(FORUM_BYTES) == PERSON_BYTES
    assert person_most(1024 * 1024) == 1024 * 1024 // PERSON_SHARE
