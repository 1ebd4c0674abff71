"""Long lists: a page holds their end, and is the same by what changes, by what is brought, and when it is drawn anew."""

import random
from collections.abc import Mapping

import pytest

from forum.domain.settings import BoardSettings
from forum.domain.steps.board import HideIdea, PostIdea, RestoreIdea
from forum.domain.touch import Touch
from forum.fragments import phone
from forum.fragments.backdrop import Backdrop
from forum.fragments.surface import Audience, Put, Window
from tests.fragments.test_law import touched_since, view_of
from tests.fragments.test_phone import document
from tests.histories import one_more, random_history
from tests.scenes import ECLAIR, FACILITATOR, LEA, a_room

PHONE = Audience("phone", "en")
SEEDS = range(12)
LIST = "ideas"


class Mirror:
    """What a browser holds (``static/js/fragments.js``): of a long list nothing before where it begins."""

    def __init__(self, backdrop: Backdrop) -> None:
        self.shown = {put.key: put for put in backdrop.near}
        self.begins = dict(backdrop.begins)

    def change(self, puts: tuple[Put, ...], gone: tuple[str, ...]) -> None:
        for put in puts:
            if put.order < self.begins.get(put.place, ""):
                self.shown.pop(put.key, None)
            else:
                self.shown[put.key] = put
        for key in gone:
            self.shown.pop(key, None)

    def bring(self, backdrop: Backdrop, most: int) -> None:
        run = backdrop.before(LIST, self.begins[LIST], most)
        self.shown |= {put.key: put for put in run.puts}
        if run.first:
            self.begins[LIST] = run.puts[0].order
        else:
            del self.begins[LIST]


def held(backdrop: Backdrop, begins: Mapping[str, str]) -> dict[str, Put]:
    return {put.key: put for put in backdrop.bare if put.order >= begins.get(put.place, "")}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_end_of_a_list_and_what_changed_and_what_was_brought_make_the_next_page(pages, monkeypatch, seed):
    monkeypatch.setitem(phone.WINDOWS, LIST, Window(3, "phone/earlier.html"))
    rng = random.Random(f"window-{seed}")
    room = random_history(rng, rng.choice([60, 200]))
    page, since, cut = Mirror(pages.backdrop(view_of(room), PHONE)), room.state.seq, 0
    for n in range(160):
        one_more(rng, room, eager=n % 16 == 0)
        if rng.random() < 0.5:
            continue  # several facts in one tick
        touched, backdrop = touched_since(room, since), pages.backdrop(view_of(room), PHONE)
        if Touch.SCENE in touched:
            page = Mirror(backdrop)
        else:
            page.change(*pages.changes(view_of(room), PHONE, touched))
        since = room.state.seq
        cut += bool(page.begins)
        if page.begins and rng.random() < 0.2:
            page.bring(backdrop, 2)

        assert page.shown == held(backdrop, page.begins)
    while page.begins:
        page.bring(backdrop, 2)

    assert page.shown == {put.key: put for put in backdrop.bare}
    assert cut or seed != 1  # not every history has a board that is shown; this one does


def a_long_board(cards: int, visibility: str = "all"):
    room = a_room({**ECLAIR, "ideas": BoardSettings(visibility=visibility)}).opened("ideas")
    for n in range(1, cards + 1):
        room.ask(PostIdea(f"card{n:04}", f"Carte {n}.", "ideas"), by=LEA)
    return room


def test_a_page_of_two_thousand_cards_is_no_longer_than_one_of_a_few_hundred(pages):
    most = phone.WINDOWS[LIST].most
    long, short = (
        document(pages, a_long_board(2000), FACILITATOR),
        document(pages, a_long_board(most + 1), FACILITATOR),
    )

    assert long.count('<li id="idea-') == short.count('<li id="idea-') == most
    assert abs(len(long) - len(short)) < 200
    assert "Carte 2000." in long
    assert f"Carte {2000 - most}." not in long


def test_a_list_that_is_cut_leads_to_what_comes_before_and_a_short_one_leads_nowhere(pages):
    most = phone.WINDOWS[LIST].most
    cut, whole = document(pages, a_long_board(most + 1)), document(pages, a_long_board(most))

    assert cut.count("data-earlier") == 2  # there, and in the script's template
    assert whole.count("data-earlier") == 1
    assert 'data-begins="{}"' in whole
    assert "0000000002" in cut.partition("data-begins=")[2].partition(">")[0]


def test_a_hidden_card_is_in_no_run_and_a_restored_one_in_its_place(pages):
    room = a_long_board(9)
    room.ask(HideIdea("card0004", "Un nom."))
    run = pages.backdrop(view_of(room), PHONE).before(LIST, "0000000006", 3)

    assert [put.key[-1] for put in run.puts] == ["2", "3", "5"]
    assert (run.first, run.total) == (1, 8)
    room.ask(RestoreIdea("card0004"))
    run = pages.backdrop(view_of(room), PHONE).after(LIST, "0000000003", 3)
    assert [put.key[-1] for put in run.puts] == ["4", "5", "6"]
    assert (run.first, run.total) == (3, 9)


def test_before_the_reveal_there_is_no_run_of_a_board(pages):
    backdrop = pages.backdrop(view_of(a_long_board(90, "hidden")), PHONE)

    assert backdrop.before(LIST, "", 200).puts == backdrop.after(LIST, "0", 200).puts == ()
    assert not backdrop.begins
