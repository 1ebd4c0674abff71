"""The law of fragments and secrecy, for audiences with a group: nobody is drawn, sent or left another table's notes."""

import random

import pytest

from forum.domain.touch import Touch
from forum.fragments.pages import Pages, Token
from forum.fragments.surface import Audience, View
from forum.live.drawn import Drawn
from tests.fragments.test_backdrop import trail_of
from tests.fragments.test_law import mirror, touched_since
from tests.scenes import FACILITATOR, SCREEN
from tests.toys.inside.room import PEOPLE, one_more, seated, with_tables
from tests.toys.tables import TakeNoteBack, WriteNote, tables_of

PAGES = Pages(static=lambda path: f"/static/test/{path}")
PHONE, DESK, WALL = Audience("phone", "fr"), Audience("desk", "fr"), Audience("screen", "fr")
SURFACES = {**dict.fromkeys(PEOPLE, PHONE), FACILITATOR: DESK, SCREEN: WALL}
SEEDS = range(2)


def view_of(room) -> View:
    return View(room.state, {p: f"Prénom {p}" for p in PEOPLE[:3]})


def theirs(room, person: str) -> Audience:
    return PAGES.grouped(view_of(room), SURFACES[person], person)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_page_and_what_changed_since_make_the_next_page_of_whoever_goes_from_group_to_group(seed):
    rng, room, moved, apart = random.Random(seed), with_tables(), 0, 0
    pages = {p: mirror(PAGES.page(view_of(room), theirs(room, p))) for p in SURFACES}
    own = {p: mirror(PAGES.you(view_of(room), SURFACES[p], p)) for p in SURFACES}
    groups, since = {p: theirs(room, p) for p in SURFACES}, room.state.seq
    for _ in range(250):
        one_more(rng, room)
        if rng.random() < 0.4:
            continue  # several facts in one tick
        touched, view = touched_since(room, since), view_of(room)
        for person in SURFACES:
            audience = theirs(room, person)
            mine = [t for t in room.touched[since:] if Touch.you(person) in t]
            anew = Touch.SCENE in touched or Touch.group(person) in touched
            assert anew or audience == groups[person], "a group changes with the scene or its touch"
            if anew:
                pages[person] = mirror(PAGES.page(view, audience))
                own[person] = mirror(PAGES.you(view, audience, person))
                moved += audience != groups[person]
            else:
                changes = PAGES.changes(view, audience, touched)
                pages[person] = after(pages[person], changes)
                if any(Touch.PEOPLE in t for t in mine):
                    own[person] = mirror(PAGES.you(view, audience, person))
                elif mine:
                    own[person] = after(
                        own[person], PAGES.your_changes(view, audience, person, set().union(*mine))
                    )
            groups[person] = audience
            assert pages[person] == mirror(PAGES.page(view, audience))
            assert own[person] == mirror(PAGES.you(view, audience, person))
            assert not others(room, person, "".join(p.html for p in pages[person].values()))
        apart += len({a for a in groups.values() if a.surface == "phone"}) > 1
        since = room.state.seq

    assert moved
    assert apart > 10


def after(shown, changes):
    shown = shown | mirror(changes.puts)
    return {key: put for key, put in shown.items() if key not in changes.gone}


def others(room, person: str, html: str) -> list[str]:
    """The notes of other tables that are there to be read, on a phone."""
    group = theirs(room, person)
    if group.surface != "phone":
        return []
    notes = tables_of(room.state).notes.values()
    return [n.text for n in notes if f"{n.step}-{n.table}" != group.group and n.text in html]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_page_that_is_kept_for_a_group_and_brought_forward_is_the_one_drawn_anew(seed):
    rng, room = random.Random(f"kept-{seed}"), with_tables()
    drawn = Drawn(PAGES, trail_of(room))
    for _ in range(120):
        one_more(rng, room)
        drawn._trail = trail_of(room)  # a live trail goes on by itself
        for person in PEOPLE:
            kept, anew = (
                drawn.backdrop(view_of(room), theirs(room, person)),
                PAGES.backdrop(view_of(room), theirs(room, person)),
            )
            assert dict(kept.puts) == dict(anew.puts)
    alive = {theirs(room, person) for person in PEOPLE}

    assert len(drawn._backdrops) <= len(alive) + 8  # those of this scene: every table of it, and none


def test_every_table_is_drawn_its_own_notes_and_whoever_sits_nowhere_none():
    room = seated(1, "person0", "person1", room=with_tables())
    seated(2, "person2", room=room)
    room.ask(WriteNote("note0001", "tables", "Un marché couvert"), "person0")
    room.ask(WriteNote("note0002", "tables", "Une salle de danse"), "person2")

    assert everything(room, "person1").count("Un marché couvert") >= 2
    assert "Une salle de danse" not in everything(room, "person1")
    assert "Une salle de danse" in everything(room, "person2")
    assert "Un marché couvert" not in everything(room, "person2")
    assert not {"Un marché couvert", "Une salle de danse"} & set(everything(room, "person5").split("\n"))
    assert "Un marché couvert" not in everything(room, "person5")
    assert "Un marché couvert" in everything(room, FACILITATOR)
    assert "Une salle de danse" in everything(room, FACILITATOR)
    assert "Un marché couvert" not in everything(room, SCREEN)
    assert "Notes at all tables: 2" in everything(room, SCREEN)


def test_who_goes_to_another_table_has_its_notes_and_no_longer_the_ones_before():
    room = seated(1, "person0", "person1", room=with_tables())
    room.ask(WriteNote("note0001", "tables", "Un marché couvert"), "person0")
    seated(2, "person0", room=room)

    assert "Un marché couvert" not in everything(room, "person0")
    assert "Un marché couvert" in everything(room, "person1")
    room.ask(TakeNoteBack("note0001"), "person0")  # it is still theirs
    assert "Un marché couvert" not in everything(room, "person1")


def test_all_who_are_in_no_group_share_one_page():
    room = with_tables()

    assert {theirs(room, person) for person in PEOPLE} == {PHONE}
    seated(1, *PEOPLE, room=room)
    assert len({theirs(room, person) for person in PEOPLE}) == 1
    room.opened("ideas")
    assert {theirs(room, person) for person in PEOPLE} == {PHONE}


def everything(room, person: str) -> str:
    """All that somebody's surface is ever sent of the present state."""
    view, audience = view_of(room), SURFACES[person]
    group = PAGES.grouped(view, audience, person)
    touches = {f"note:{note}" for note in tables_of(room.state).notes} | {
        Touch.COUNT,
        Touch.STEP,
        Touch.PEOPLE,
    }
    puts = (
        *PAGES.page(view, group),
        *PAGES.changes(view, group, touches).puts,
        *PAGES.you(view, audience, person),
        *PAGES.your_changes(view, audience, person, touches).puts,
    )
    whole = PAGES.document(view, audience, person, token=Token(1, 1, "c"), now=1, ticket="t", nonce="n")
    return "\n".join([*(put.html for put in puts), whole])
