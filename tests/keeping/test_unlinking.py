"""An archive without authors, of a forum that lost its tail: what came again joins nobody's contributions either."""

import json
from itertools import count

from forum.domain import loss, records
from forum.domain.again import Waits
from forum.domain.arrivals import PeopleReadmitted, PeopleRemoved
from forum.domain.copies import TabCopied
from forum.domain.kernel import NOBODY, Lost, StepId, TabId, Was
from forum.domain.loss import TailLost
from forum.domain.people import PersonJoined
from forum.domain.roles import Role
from forum.domain.steps.board import IdeaPosted
from forum.journal import Entry
from forum.journal.contract import linked
from forum.keeping import Kept, unlinked
from forum.keeping.moving import folded
from tests.scenes import ANNE, LEA, Scene, a_room

TAB = "a-tab-of-lea-0001"
GONE = "somebody-who-is-gone"


def after_a_loss() -> Scene:
    """Two cards of one tab came again, and two votes of an access that was lost wait; then the tab was copied."""
    room = a_room().opened("ideas")
    room.happened(TailLost(2, room.state.seq, 400, "abcdef", 4), op="server:tail-2:1")
    for n in (1, 2):
        card = IdeaPosted(f"card{n}", StepId("ideas"), f"Card {n}", LEA)
        room.happened(card, by=LEA, op=f"{TAB}:{n}", again=True, lost=Lost(1, 100 + n, f"{TAB}:{n}"))
    for n in (3, 4):
        was = Was(f"the-tab-that-is-gone:{n}", GONE, 1, 100 + n, "", StepId("vote"), "vote.1")
        body = {"step": "vote", "option": f"theme{n}", "points": 1}
        waits = Waits("AllocatePoints", body, was, "round:vote.1")
        room.happened(waits, by=LEA, op=f"{TAB}:{n}", again=True, lost=Lost(1, 100 + n, was.op))
    return room.happened(TabCopied(TabId(TAB)), by=NOBODY, op="server:remarks:1")


def kept(room: Scene) -> Kept:
    chain, entries = "", []
    for seq, op, record in room.journal:
        body = records.encode(record)
        chain = linked(chain, seq, op or "opening:1", body)
        entries.append(Entry(seq, op or "opening:1", body, chain))
    return Kept("ABC234", 5, {"lang": "fr"}, entries, None, None)


def apart(room: Scene) -> Kept:
    numbers = count(1)
    return unlinked(kept(room), lambda: f"u{next(numbers)}")


def test_what_came_again_after_a_loss_says_no_tab_and_nobody_whose_access_was_lost():
    whole, without = kept(after_a_loss()), apart(after_a_loss())
    said = b"\n".join(entry.body for entry in without.entries).decode()

    assert all(word in b"\n".join(entry.body for entry in whole.entries).decode() for word in (TAB, GONE))
    assert not any(word in said for word in (TAB, "the-tab-that-is-gone", GONE, f'"{LEA}"'))
    claims = [json.loads(entry.body)["f"]["was"] for entry in without.entries if b'"Waits"' in entry.body]
    assert (
        len({claim["op"] for claim in claims}) == len({claim["by"] for claim in claims}) == len(claims) == 2
    )


def test_its_facts_are_folded_and_the_loss_is_counted_as_it_was():
    room = after_a_loss()
    state = folded(apart(room))

    assert (state.gone.losses, len(state.gone.held), len(state.ideas.by_id)) == (room.state.gone.losses, 2, 2)
    assert state.gone.losses[-1].restored == 2


def test_what_a_loss_names_is_counted_as_it_was_and_says_no_tab():
    room = a_room().opened("ideas")
    which = {f"{TAB}:{n}": "" for n in (1, 2, 3)} | {"the-tab-that-is-gone:1": "vote.1"}
    room.happened(TailLost(2, room.state.seq, 400, "abcdef", 4, which=which), op="server:tail-2:1")
    for n in (1, 2):
        lost = Lost(1, 100 + n, f"{TAB}:{n}") if n == 1 else None
        card = IdeaPosted(f"card{n}", StepId("ideas"), f"Card {n}", LEA)
        room.happened(card, by=LEA, op=f"{TAB}:{n}", again=n == 1, lost=lost)
    without = apart(room)
    state = folded(without)

    assert TAB not in b"".join(entry.body for entry in without.entries).decode()
    assert [loss.count(s, s.gone.losses[0]) for s in (room.state, state)] == [loss.Count(4, 2, 0, 0, 2)] * 2
    assert sorted(state.gone.losses[0].out.values()) == ["", "vote.1"]


def test_people_removed_together_and_let_in_again_are_as_many_as_they_were():
    strangers = tuple(f"stranger{n}" for n in range(12))
    room = a_room()
    for person in strangers:
        room.happened(PersonJoined(person, Role.PARTICIPANT, ""), by=person, op=f"join-{person}:1")
    room.happened(PeopleRemoved(strangers), by=ANNE, op="form-a:1")
    assert folded(apart(room)).people.voices == room.state.people.voices
    room.happened(PeopleReadmitted(strangers), by=ANNE, op="form-b:1")
    assert folded(apart(room)).people.voices == room.state.people.voices
