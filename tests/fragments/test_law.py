"""The law of fragments: page(a) + changes(a → b) == page(b), for every audience, on random histories."""

import random
import re

import pytest

from forum.domain.state import Touch
from forum.fragments.pages import SURFACES
from forum.fragments.surface import Audience, Put, View
from forum.language import LANGUAGES
from tests.histories import PEOPLE, one_more, random_history

AUDIENCES = [Audience(surface, lang) for surface in SURFACES for lang in LANGUAGES]  # type: ignore[arg-type]
SEEDS = range(6)


def mirror(puts: tuple[Put, ...]) -> dict[str, Put]:
    assert len({p.key for p in puts}) == len(puts), "expected every key once"
    return {p.key: p for p in puts}


def view_of(room) -> View:
    return View(room.state, {p: f"Prénom {p}" for p in PEOPLE[:3]})


@pytest.mark.parametrize("audience", AUDIENCES, ids=lambda a: f"{a.surface}-{a.lang}")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_page_and_what_changed_since_make_the_next_page(pages, audience, seed):
    rng = random.Random(f"{seed}-{audience}")
    room = random_history(rng, rng.choice([5, 60, 200]))
    shown, since = mirror(pages.page(view_of(room), audience)), room.state.seq
    for n in range(160):
        one_more(rng, room, eager=n % 16 == 0)
        if rng.random() < 0.5:
            continue  # several facts in one tick
        touched = touched_since(room, since)
        if Touch.SCENE in touched:
            shown = mirror(pages.page(view_of(room), audience))
        else:
            changes = pages.changes(view_of(room), audience, touched)
            shown |= mirror(changes.puts)
            shown = {key: put for key, put in shown.items() if key not in changes.gone}
        since = room.state.seq

        assert shown == mirror(pages.page(view_of(room), audience))


@pytest.mark.parametrize("audience", AUDIENCES, ids=lambda a: f"{a.surface}-{a.lang}")
def test_every_fragment_stands_in_a_container_that_is_on_the_page(pages, audience):
    for seed in SEEDS:
        rng = random.Random(seed)
        room = random_history(rng, 0)
        for n in range(120):
            one_more(rng, room, eager=n % 14 == 0)
            if n % 10:
                continue
            containers = {"root"}
            everything = pages.page(view_of(room), audience) + pages.you(view_of(room), audience, PEOPLE[0])
            for put in everything:
                assert put.place in containers, (
                    f"{put.key} stands in {put.place}, which is not there before it"
                )
                containers |= set(containers_in(put.html))


def test_a_personal_fragment_is_named_as_such_and_a_shared_one_is_not(pages):
    for seed in SEEDS:
        room = random_history(random.Random(seed), 120)
        for audience in AUDIENCES:
            assert not any(p.key.startswith("my-") for p in pages.page(view_of(room), audience))
            assert all(p.key.startswith("my-") for p in pages.you(view_of(room), audience, PEOPLE[0]))


@pytest.mark.parametrize("audience", AUDIENCES, ids=lambda a: f"{a.surface}-{a.lang}")
def test_what_only_i_see_changes_only_when_i_am_touched(pages, audience):
    for seed in SEEDS:
        rng = random.Random(seed)
        room = random_history(rng, 80)
        before = {p: pages.you(view_of(room), audience, p) for p in PEOPLE}
        for n in range(80):
            since = room.state.seq
            one_more(rng, room, eager=n % 16 == 0)
            touched = touched_since(room, since)
            after = {p: pages.you(view_of(room), audience, p) for p in PEOPLE}
            for person in PEOPLE:
                if after[person] != before[person]:
                    assert Touch.SCENE in touched or Touch.you(person) in touched, (person, touched)
            before = after


def touched_since(room, since: int) -> set[str]:
    return set().union(*room.touched[since:])


def containers_in(html: str) -> list[str]:
    return re.findall(r'<[^>]*\bid="([^"]+)"[^>]*\bdata-slots', html) + re.findall(
        r'<[^>]*\bdata-slots[^>]*\bid="([^"]+)"', html
    )
