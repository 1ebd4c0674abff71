"""The law of fragments: page(a) + changes(a → b) == page(b), for every audience, on random histories."""

import random
import re

import pytest

from forum.domain.again import place
from forum.domain.kernel import PersonId, StepId, Was
from forum.domain.steps.ballot import GiveMark
from forum.domain.touch import Touch
from forum.fragments.environment import environment
from forum.fragments.pages import SURFACES
from forum.fragments.surface import Audience, Put, View
from forum.language import LANGUAGES
from tests.histories import PEOPLE, one_more, random_history
from tests.scenes import ANNE, LEA, a_room, a_vote

AUDIENCES = [Audience(surface, lang) for surface in SURFACES for lang in LANGUAGES]  # type: ignore[arg-type]
SEEDS = range(3)


def mirror(puts: tuple[Put, ...]) -> dict[str, Put]:
    assert len({p.key for p in puts}) == len(puts), "expected every key once"
    assert [p.key for p in puts if p.key == p.place] == [], "a fragment stands in a place of its own name"
    return {p.key: p for p in puts}


def view_of(room, absent=frozenset()) -> View:
    return View(room.state, {p: f"Prénom {p}" for p in PEOPLE[:3]}, absent=absent)


@pytest.mark.parametrize("audience", AUDIENCES, ids=lambda a: f"{a.surface}-{a.lang}")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_page_and_what_changed_since_make_the_next_page(pages, audience, seed):
    rng = random.Random(f"{seed}-{audience}")
    room = random_history(rng, rng.choice([5, 60, 200]))
    shown, since, absent = mirror(pages.page(view_of(room), audience)), room.state.seq, frozenset()
    for n in range(160):
        one_more(rng, room, eager=n % 16 == 0)
        if rng.random() < 0.5:
            continue  # several facts in one tick
        touched = touched_since(room, since)
        if rng.random() < 0.2:
            absent = frozenset(rng.sample(sorted(room.state.people.by_id), 3))
            touched |= {Touch.NEAR}
        now = view_of(room, absent)
        if Touch.SCENE in touched:
            shown = mirror(pages.page(now, audience))
        else:
            changes = pages.changes(now, audience, touched)
            shown |= mirror(changes.puts)
            shown = {key: put for key, put in shown.items() if key not in changes.gone}
        since = room.state.seq

        assert shown == mirror(pages.page(now, audience))


@pytest.mark.parametrize("audience", AUDIENCES, ids=lambda a: f"{a.surface}-{a.lang}")
def test_who_is_absent_is_on_no_phone_and_in_nothing_of_ones_own(pages, audience):
    room = random_history(random.Random("absent"), 120)
    others = view_of(room, frozenset(room.state.people.by_id))

    assert pages.you(others, audience, LEA) == pages.you(view_of(room), audience, LEA)
    if audience.surface == "phone":
        assert pages.page(others, audience) == pages.page(view_of(room), audience)


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


@pytest.mark.parametrize("audience", AUDIENCES, ids=lambda a: f"{a.surface}-{a.lang}")
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_mine_and_what_changed_of_it_make_what_is_mine_next(pages, audience, seed):
    rng = random.Random(f"mine-{seed}-{audience}")
    room = random_history(rng, rng.choice([5, 80]))
    own = {p: mirror(pages.you(view_of(room), audience, p)) for p in PEOPLE}
    since = room.state.seq
    for n in range(120):
        one_more(rng, room, eager=n % 16 == 0)
        if rng.random() < 0.3:
            continue  # several facts in one tick
        facts = room.touched[since:]
        for person in PEOPLE:
            whole = mirror(pages.you(view_of(room), audience, person))
            touches = [touched for touched in facts if Touch.you(person) in touched]
            together = set().union(*touches)
            if Touch.PEOPLE in together or any(Touch.SCENE in touched for touched in facts):
                own[person] = whole
            elif touches:
                changes = pages.your_changes(view_of(room), audience, person, together)
                own[person] |= mirror(changes.puts)
                own[person] = {key: put for key, put in own[person].items() if key not in changes.gone}
            assert own[person] == whole, person
        since = room.state.seq


@pytest.mark.parametrize("audience", AUDIENCES, ids=lambda a: f"{a.surface}-{a.lang}")
def test_a_ballot_that_comes_again_after_the_close_brings_what_is_said_of_few_ballots_up_to_date(
    pages, audience
):
    room = a_vote(least=2).voted(LEA, theme1=1)
    was = Was("anne-tab:1", PersonId(ANNE), 1, room.state.seq + 1, "", *place(room.state))
    room.closed("vote")
    shown, since = mirror(pages.page(view_of(room), audience)), room.state.seq
    room.ask(GiveMark(StepId("vote"), "theme1", 1), ANNE, was=was)
    touched = touched_since(room, since)
    changes = pages.changes(view_of(room), audience, touched)
    after = {key: put for key, put in (shown | mirror(changes.puts)).items() if key not in changes.gone}
    now = mirror(pages.page(view_of(room), audience))

    assert len(room.state.rounds.latest(StepId("vote")).ballots) == 2
    assert now != shown
    assert Touch.SCENE in touched or after == now


def test_a_card_written_draws_no_other_card_of_its_author(pages):
    room = a_room().opened("ideas").with_ideas(40, by=LEA)
    changes = pages.your_changes(view_of(room), Audience("phone", "fr"), LEA, room.state.touched)

    assert {p.key for p in changes.puts} == {"my-idea-idea040", "my-receipt"}
    assert "Idea number 40" in changes.puts[0].html
    assert "Idea number 39" not in "".join(p.html for p in changes.puts)


def touched_since(room, since: int) -> set[str]:
    return set().union(*room.touched[since:])


def containers_in(html: str) -> list[str]:
    return re.findall(r'<[^>]*\bid="([^"]+)"[^>]*\bdata-slots', html) + re.findall(
        r'<[^>]*\bdata-slots[^>]*\bid="([^"]+)"', html
    )


def test_what_an_author_had_erased_is_set_alike_everywhere_and_what_they_wrote_is_escaped():
    made = environment("fr", "", str)

    assert made.globals["written"]("") == '<bdi class="erased">mots effacés</bdi>'
    assert made.globals["written"]("<b>") == "<bdi>&lt;b&gt;</bdi>"
