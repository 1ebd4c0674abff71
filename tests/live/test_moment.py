"""A moment that is kept: what a page lacks of it, also when the trail has gone on and forgotten."""

from forum.domain.flow import PageTurned
from forum.domain.kernel import PersonId, Record
from forum.domain.settings import BoardSettings
from forum.domain.steps.board import PostIdea
from forum.fragments.phone import WINDOWS
from forum.fragments.surface import Audience, Site, View
from forum.journal import Head
from forum.live.drawn import Drawn
from forum.live.moment import Moment, Shown
from forum.live.trail import KEPT_FACTS, Trace, Trail
from tests.live.conftest import PAGES
from tests.scenes import ECLAIR, LEA, a_room


def traces(first: int, last: int) -> list[Trace]:
    turned = Record(PageTurned(1), PersonId("lea"), 0)
    return [Trace(n, f"chain{n}", turned, frozenset({"timer"})) for n in range(first, last + 1)]


def test_who_stands_where_the_trail_begins_no_longer_gets_the_whole_page():
    state, trail = a_room().state, Trail(0, "")
    end = KEPT_FACTS + 10
    trail.follow(traces(1, end))
    view = View(state, {}, Site())
    audience = Audience("screen", "fr")
    moment = Moment(Shown(view, Head(1, end, f"chain{end}")), trail, PAGES, Drawn(PAGES, trail), audience)
    least = moment.least
    whole = moment.since(-1)
    trail.follow(traces(end + 1, end + 3))  # meanwhile others write

    assert least == 10
    assert moment.least == 13
    assert moment.since(least) == whole
    assert len(moment.since(end - 1)) == 1


def test_the_whole_page_is_made_once_for_those_who_take_long_lists_by_their_end_and_once_for_the_others():
    room = a_room({**ECLAIR, "ideas": BoardSettings(visibility="all")}).opened("ideas")
    for n in range(WINDOWS["ideas"].most + 5):
        room.ask(PostIdea(f"card{n:04}", f"Carte {n}.", "ideas"), by=LEA)
    trail, end = Trail(0, ""), room.state.seq
    shown = Shown(View(room.state, {}, Site()), Head(1, end, f"chain{end}"))
    moment = Moment(shown, trail, PAGES, Drawn(PAGES, trail), Audience("phone", "fr"))
    list(moment.whole_in_slices(packed=True, cut=True))
    [cut], [whole] = moment.since(-1, cut=True), moment.since(-1)
    [packed] = moment.since(-1, packed=True, cut=True)

    assert moment.since(-1, cut=True)[0] is cut
    assert (cut.count(b'["idea-'), whole.count(b'["idea-')) == (60, 65)
    assert (b'"begins":{"ideas":' in cut, b'"begins"' in whole) == (True, False)
    assert len(packed) < len(cut)
