"""J8: who is present, away and gone, and of whom "done" speaks."""

from forum.domain.attendance import WALLS, absent, away, done_here, here, wall_is_open
from forum.domain.people import AddPerson, ApprovePerson, RemovePerson, SayDone, SetEntry, TakeDoneBack
from forum.domain.undo import Undo
from tests.scenes import ANNE, FACILITATOR, LEA, SCREEN, Scene, a_room

MINUTE_MS = 60_000
PAUL = "paul"


def three() -> Scene:
    return a_room().joined(PAUL).opened("ideas")


def listened(room: Scene, *heard: str, later_ms: int = 2 * MINUTE_MS) -> frozenset:
    """Who is absent when only these are heard, so long after the last fact."""
    numbers = {room.state.people.by_id[person].number for person in heard}
    return absent(room.state, numbers, room.state.at + later_ms, MINUTE_MS)


def test_J8_done_speaks_of_those_present_and_who_comes_back_counts_again() -> None:
    room = three()
    room.ask(SayDone(), LEA)
    step = room.state.now
    alone, together = listened(room, LEA), listened(room, LEA, PAUL)

    assert (done_here(room.state, step, alone), here(room.state, alone)) == (1, 1)
    assert (done_here(room.state, step, together), here(room.state, together)) == (1, 2)
    assert {p.id for p in away(room.state, alone)} == {ANNE, PAUL}


def test_J8_who_is_done_and_away_is_not_among_those_present_who_are_done() -> None:
    room = three()
    room.ask(SayDone(), LEA)
    room.ask(SayDone(), ANNE)
    step, without_anne = room.state.now, listened(room, LEA, PAUL)

    assert (done_here(room.state, step, without_anne), here(room.state, without_anne)) == (1, 2)


def test_J8_nobody_is_absent_who_came_a_moment_ago_has_no_phone_leads_or_waits() -> None:
    room = three()
    room.ask(AddPerson("marcel"))
    room.ask(SetEntry("approval"))
    room.joined("waits")

    assert listened(room) == {LEA, ANNE, PAUL, SCREEN}
    assert listened(room, later_ms=MINUTE_MS + 1 - 1000) == {LEA, ANNE, PAUL, SCREEN}
    assert PAUL not in listened(
        room, later_ms=room.state.people.by_id[PAUL].joined_at - room.state.at + MINUTE_MS
    )
    assert here(room.state, listened(room)) == 1, "Marcel"
    assert FACILITATOR not in listened(room)


def test_J8_the_removed_are_gone_and_neither_present_nor_away() -> None:
    room = three()
    nobody_heard = listened(room)
    room.ask(RemovePerson(PAUL))

    assert (here(room.state, nobody_heard), len(away(room.state, nobody_heard))) == (0, 2)
    assert PAUL not in listened(room)


def test_J8_who_was_there_in_another_session_only_is_absent_and_not_away() -> None:
    room = three()
    room.ask(SetEntry("approval"))
    room.joined("waits")
    absent_all = listened(room) | {"waits"}
    room.ask(ApprovePerson("waits"))

    assert {p.id for p in away(room.state, absent_all)} == {LEA, ANNE, PAUL, "waits"}


def test_J5_who_was_done_and_is_removed_does_not_count_as_done_until_let_in_again() -> None:
    room = three()
    step = room.state.current
    room.ask(SayDone(), LEA)
    room.ask(SayDone(), ANNE)
    room.ask(RemovePerson(LEA))
    assert room.state.people.done[step] == 1

    room.ask(Undo(room.state.deeds[-1].seq))
    assert room.state.people.done[step] == 2
    room.ask(TakeDoneBack(), LEA)
    assert room.state.people.done[step] == 1


def test_J8_where_nobody_has_said_so_nobody_is_done_whoever_is_away() -> None:
    room = three()
    step = room.state.now
    assert step is not None

    assert done_here(room.state, step, frozenset()) == 0
    assert done_here(room.state, step, frozenset({LEA})) == 0


def test_J8_a_wall_is_open_while_one_is_heard_from_and_none_keeps_a_grace() -> None:
    room = three()
    heard = absent(room.state, {WALLS}, room.state.at, MINUTE_MS)
    silent = absent(room.state, set(), room.state.at, MINUTE_MS)

    assert wall_is_open(room.state, heard)
    assert not wall_is_open(room.state, silent)
    assert here(room.state, silent) == 3, "a wall is no voice"
    assert away(room.state, silent) == []


def test_J8_a_wall_whose_access_was_taken_back_is_not_open() -> None:
    room = three()
    room.ask(RemovePerson(SCREEN))

    assert not wall_is_open(room.state, absent(room.state, {WALLS}, room.state.at, MINUTE_MS))
