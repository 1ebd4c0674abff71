"""A shared page that is kept: brought forward it is the page drawn anew, and nothing of any one person is in it."""

import random

import pytest

from forum.domain.touch import Touch
from forum.fragments.pages import SURFACES, Pages, Token
from forum.fragments.surface import Audience, View
from forum.language import LANGUAGES
from forum.live.drawn import Drawn
from forum.live.trail import Trace, Trail
from tests.fragments.test_law import touched_since, view_of
from tests.histories import PEOPLE, one_more, random_history

AUDIENCES = [Audience(surface, lang) for surface in SURFACES for lang in LANGUAGES]  # type: ignore[arg-type]
SEEDS = range(3)


def document(pages: Pages, view: View, audience: Audience, person: str, backdrop=None) -> str:
    return pages.document(
        view,
        audience,
        person,
        token=Token(1, view.state.seq, "chain"),
        now=1,
        ticket="t" * 22,
        nonce="n",
        backdrop=backdrop,
    )


@pytest.mark.parametrize("audience", AUDIENCES, ids=lambda a: f"{a.surface}-{a.lang}")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_backdrop_brought_forward_is_the_one_drawn_anew(pages, audience, seed):
    rng = random.Random(f"backdrop-{seed}-{audience}")
    room = random_history(rng, rng.choice([5, 60, 200]))
    backdrop, since = pages.backdrop(view_of(room), audience), room.state.seq
    for n in range(120):
        one_more(rng, room, eager=n % 16 == 0)
        if rng.random() < 0.5:
            continue
        touched, view = touched_since(room, since), view_of(room)
        if Touch.SCENE in touched:
            backdrop = pages.backdrop(view, audience)
        else:
            backdrop = pages.brought(backdrop, view, audience, touched)
        since = room.state.seq
        anew = pages.backdrop(view, audience)

        assert list(backdrop.puts.items()) == list(anew.puts.items())
        assert document(pages, view, audience, PEOPLE[0], backdrop) == document(
            pages, view, audience, PEOPLE[0], anew
        )


@pytest.mark.parametrize("audience", AUDIENCES, ids=lambda a: f"{a.surface}-{a.lang}")
def test_a_backdrop_filled_for_one_person_holds_nothing_of_theirs_for_the_next(pages, audience):
    for seed in SEEDS:
        room = random_history(random.Random(f"filled-{seed}"), 120)
        view = view_of(room)
        backdrop = pages.backdrop(view, audience)
        nobody = backdrop.filled()
        alone = {person: document(pages, view, audience, person) for person in PEOPLE}
        for person in [*PEOPLE, *reversed(PEOPLE)]:
            assert document(pages, view, audience, person, backdrop) == alone[person]

        assert backdrop.filled() == nobody
        assert 'id="my-' not in nobody
        assert not any(put.key.startswith("my-") for put in backdrop.puts.values())


def trail_of(room) -> Trail:
    trail = Trail(0, "")
    trail.follow(
        [
            Trace(seq, f"chain{seq}", record, touched, op)
            for (seq, op, record), touched in zip(room.journal, room.touched, strict=True)
        ]
    )
    return trail


class Counting:
    """Pages that say how often they drew a whole backdrop."""

    def __init__(self, pages: Pages) -> None:
        self._pages, self.whole = pages, 0

    def backdrop_in_slices(self, view, audience):
        self.whole += 1
        return (yield from self._pages.backdrop_in_slices(view, audience))

    def brought_in_slices(self, *told):
        return (yield from self._pages.brought_in_slices(*told))


def test_a_page_is_drawn_once_for_all_who_ask_and_once_more_for_another_language(pages):
    room = random_history(random.Random(3), 100)
    counting = Counting(pages)
    drawn = Drawn(counting, trail_of(room))
    for audience in AUDIENCES:
        first = drawn.backdrop(view_of(room), audience)
        assert all(drawn.backdrop(view_of(room), audience) is first for _ in range(200))

    assert counting.whole == len(AUDIENCES)


def test_a_page_is_drawn_anew_on_another_history_and_for_another_name_of_somebody_in_it(pages):
    room, audience = random_history(random.Random(3), 100), AUDIENCES[0]
    counting = Counting(pages)
    drawn, view = Drawn(counting, trail_of(room)), view_of(room)
    first = drawn.backdrop(view, audience)
    renamed = drawn.backdrop(view._replace(names=dict.fromkeys(view.names, "Autre")), audience)
    erased = drawn.backdrop(view._replace(names={}), audience)
    drawn.begin_anew(trail_of(room))
    again = drawn.backdrop(view, audience)

    assert counting.whole == 4
    assert len({id(backdrop) for backdrop in (first, renamed, erased, again)}) == 4


def test_what_was_being_drawn_when_another_history_began_is_not_kept(pages):
    room, audience = random_history(random.Random(3), 200), Audience("desk", "fr")
    drawn = Drawn(pages, trail_of(room))
    drawing = drawn.in_slices(view_of(room), audience)
    next(drawing)
    drawn.begin_anew(trail_of(room))
    list(drawing)

    assert drawn.at(audience) == -1


def test_an_older_view_does_not_take_the_place_of_a_newer_backdrop(pages):
    room, audience = random_history(random.Random(5), 100), AUDIENCES[0]
    before = view_of(room)
    one_more(random.Random(6), room)
    drawn = Drawn(pages, trail_of(room))
    newer = drawn.backdrop(view_of(room), audience)
    older = drawn.backdrop(before, audience)

    assert older.seq < newer.seq
    assert drawn.backdrop(view_of(room), audience) is newer
