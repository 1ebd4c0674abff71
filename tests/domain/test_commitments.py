"""E3: who may read the name at a commitment."""

import pytest

from forum.domain.consents.part import GiveConsent, WithdrawConsent, standing
from forum.domain.consents.texts import NAME_READ
from forum.domain.kernel import Record
from forum.domain.records import decode
from forum.domain.steps.commitments import READERS, Readers
from forum.domain.steps.pledge import ChooseReaders, Pledge, WithdrawPledge, how_named, is_named, readers
from forum.exports.archive import archive
from forum.exports.documents import render
from forum.language import Reader
from tests.domain.judged import refusal
from tests.scenes import ANNE, LEA, Scene, a_room

NAMES = {LEA: "Léa", ANNE: "Anne"}


def promised(chosen: Readers = "room") -> Scene:
    room = a_room().opened("pledge")
    room.ask(Pledge("pledge01", "Call the hall", "2025-01-20", None, chosen, NAME_READ), LEA)
    return room


def read_by(room: Scene, name: str = "pledge01") -> Readers:
    return readers(room.state, room.state.commitments.by_id[name])


@pytest.mark.parametrize("chosen", READERS)
def test_E3_the_name_at_a_commitment_is_told_to_those_whom_its_author_chose_and_to_nobody_else(
    chosen: Readers,
):
    room = promised(chosen)
    told = {to: archive(room.state, NAMES, "chain", to).commitments[0].person for to in READERS}
    documents = {
        (kind, to): render(room.state, NAMES, "chain", kind, Reader("en"), readers=to).body.decode()
        for kind in ("plan.md", "commitments.csv", "forum.json")
        for to in READERS[1:]
    }

    assert [to for to in READERS if told[to]] == list(READERS[: READERS.index(chosen) + 1])
    assert {one for one, text in documents.items() if "Léa" in text} == {
        one for one in documents if told[one[1]]
    }
    assert all("Call the hall" in text for text in documents.values())
    assert (standing(room.state, LEA, "attribution") is None) == (chosen == "room")


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ((), "No names stand here"),
        (("everybody", "room"), "1 of 2 with a name"),
        (("everybody", "everybody"), "All with their name"),
    ],
)
def test_E3_a_document_says_for_whom_it_is_and_how_many_names_stand_in_it(
    chosen: tuple[Readers, ...], says: str
):
    room = promised(*chosen[:1])
    for to in chosen[1:]:
        room.ask(Pledge("pledge02", "Write", "2025-01-20", None, to, NAME_READ), ANNE)
    for_all, for_members = (
        render(room.state, NAMES, "chain", "plan.md", Reader("en"), readers=to).body.decode()
        for to in ("everybody", "members")
    )

    assert says in for_all
    assert "Written for everybody" in for_all
    assert "Written for the members" in for_members
    assert how_named(room.state, "everybody")[0] == for_all.count("- Léa – ") + for_all.count("- Anne – ")


def test_E3_a_commitment_of_before_anybody_could_choose_is_read_by_the_room_as_was_said_then():
    old = decode(
        b'{"f":{"k":"Pledged","id":"old00001","person":"lea","text":"Call","due":"2025-01-20"},"w":"lea","t":5}'
    )
    room = a_room().opened("pledge")
    assert isinstance(old, Record)
    room.happened(old.fact, by=LEA)

    assert read_by(room, "old00001") == "room"
    assert not is_named(room.state, room.state.commitments.by_id["old00001"], "members")


def test_E3_the_choice_needs_the_text_that_was_read_and_can_be_changed_by_its_author_alone():
    room = promised()
    unread = refusal(room.ask(ChooseReaders("pledge01", "everybody"), LEA))
    others = refusal(room.ask(ChooseReaders("pledge01", "everybody", NAME_READ), ANNE))
    same = refusal(room.ask(ChooseReaders("pledge01", "room"), LEA))

    assert (unread, others, same, read_by(room)) == ("no_text", "not_yours", "already_so", "room")
    assert refusal(room.ask(ChooseReaders("pledge01", "everybody", NAME_READ), LEA)) is None
    assert read_by(room) == "everybody"
    assert refusal(room.ask(ChooseReaders("pledge01", "room"), LEA)) is None
    assert read_by(room) == "room"
    room.ask(WithdrawPledge("pledge01"), LEA)
    assert refusal(room.ask(ChooseReaders("pledge01", "members", NAME_READ), LEA)) == "no_commitment"


def test_E3_a_consent_withdrawn_leaves_the_name_to_the_room_and_one_given_anew_brings_no_earlier_choice_back():
    room = promised("everybody")
    room.ask(WithdrawConsent("attribution"), LEA)
    withdrawn = read_by(room)
    room.ask(GiveConsent("attribution", NAME_READ), LEA)
    again = read_by(room)
    room.ask(Pledge("pledge02", "Write to them", "2025-01-20", None, "members", NAME_READ), LEA)

    assert (withdrawn, again, read_by(room), read_by(room, "pledge02")) == ("room", "room", "room", "members")
