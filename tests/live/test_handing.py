"""A moment handed out: the same bytes to all who stand where most stand, and nothing yet to whoever needs a look."""

import pytest

from forum.domain.kernel import PersonId
from forum.domain.settings import BoardSettings
from forum.domain.steps.board import PostIdea
from forum.fragments.surface import Audience, Site, View
from forum.journal import Head
from forum.live.drawn import Drawn
from forum.live.handing import hand_out
from forum.live.moment import Moment, Shown
from forum.live.seat import NOWHERE, SKIP_BYTES, Seat
from forum.live.trail import Trace, Trail
from tests.live.conftest import PAGES
from tests.scenes import ECLAIR, LEA, a_room

PHONE = Audience("phone", "fr")


class Way:
    """A connection that notes what it is given."""

    def __init__(self, *, packs: bool = False, backlog: int = 0) -> None:
        self.packs, self.backlog, self.given = packs, backlog, []

    def write(self, frame: bytes) -> None:
        self.given.append(frame)

    def abort(self) -> None:
        raise AssertionError("nobody is cut off here")


@pytest.fixture
def moment() -> Moment:
    """Of a board with some cards, the last six of which are in the trail."""
    room = a_room({**ECLAIR, "ideas": BoardSettings(visibility="all")}).opened("ideas")
    start, trail = room.state.seq, Trail(room.state.seq, "")
    for n in range(6):
        room.ask(
            PostIdea(f"card{n:04}", f"Une carte assez longue pour valoir la peine, la {n}e.", "ideas"), by=LEA
        )
        trail.follow([Trace(room.state.seq, f"chain{n}", room.journal[-1][2], room.state.touched)])
    shown = Shown(View(room.state, {}, Site()), Head(1, room.state.seq, "chain5"))
    assert trail.start == start
    return Moment(shown, trail, PAGES, Drawn(PAGES, trail), PHONE)


def seat(at: int, **way: object) -> Seat:
    made = Seat(PHONE, PersonId("lea"), Way(**way))
    made.at = at
    return made


def test_all_who_stand_at_one_number_are_given_the_same_bytes_and_stand_at_the_moment(moment):
    at = moment.head.seq - 3
    plain, packed = [seat(at) for _ in range(3)], [seat(at, packs=True) for _ in range(2)]
    everybody = [*plain, *packed]

    assert hand_out(moment, everybody, everybody) == []
    assert {one.at for one in everybody} == {moment.head.seq}
    assert (
        len({id(one.wire.given[0]) for one in plain}) == len({id(one.wire.given[0]) for one in packed}) == 1
    )
    assert len(packed[0].wire.given[0]) < len(plain[0].wire.given[0])
    assert all(len(one.wire.given) == 1 for one in everybody)


def test_who_stands_elsewhere_is_given_what_they_lack(moment):
    near, far = seat(moment.head.seq - 1), seat(moment.head.seq - 4)

    assert hand_out(moment, [near, far], [near, far]) == []
    assert (near.wire.given[0].count(b'["idea-'), far.wire.given[0].count(b'["idea-')) == (1, 4)


def test_who_has_left_or_is_in_another_group_now_is_given_nothing(moment):
    here, gone = seat(moment.head.seq - 1), seat(moment.head.seq - 1)

    assert hand_out(moment, [here, gone], [here]) == []
    assert (len(here.wire.given), gone.wire.given, gone.at) == (1, [], moment.head.seq - 1)


def test_whoever_needs_a_look_is_left_as_they_are(moment):
    at = moment.head.seq - 1
    full, stalled, paging = seat(at, backlog=SKIP_BYTES + 1), seat(at, backlog=SKIP_BYTES + 1), seat(at)
    stalled.writable(1.0, 10.0)
    stalled.wire.backlog = 0  # it moves again: how long it had stood is forgotten where it is looked at
    paging.page = (b"a part", b"another")
    nowhere, at_head = seat(NOWHERE), seat(moment.head.seq)
    all_of_them = [full, stalled, paging, nowhere, at_head]

    assert hand_out(moment, all_of_them, all_of_them) == all_of_them
    assert [one.wire.given for one in all_of_them] == [[]] * 5
    assert [one.at for one in all_of_them] == [at, at, at, NOWHERE, moment.head.seq]
