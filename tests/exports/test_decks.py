"""What is printed to be cut or folded: badges, cards for tables, commitments; who is named on them, and where they lead."""

import io
import zipfile

import pytest
from pikepdf import Dictionary, Pdf

from forum.domain.consents.texts import NAME_READ
from forum.domain.sessions.record import FIRST
from forum.domain.sessions.words import ExpectPeople
from forum.domain.steps.pledge import Pledge
from forum.exports import Entry, render
from forum.web.qr import qr_svg
from tests.exports.opened import pages, said
from tests.exports.test_books import HOSTILE, made, parts_of
from tests.exports.test_exports import EN, FR, NAMES, a_plan
from tests.scenes import LEA, Scene

ADDRESS = "http://192.0.2.7:8000/f/ABC234"
ENTRY = Entry(ADDRESS, ADDRESS.removeprefix("http://"), qr_svg(ADDRESS))
DECKS = ("badges.pdf", "table-cards.pdf", "commitment-cards.pdf")


def drawn(room: Scene, kind: str, names: dict[str, str] = NAMES, readers: str = "everybody") -> bytes:
    return render(room.state, names, "c0ffee", kind, EN, "standard", readers, entry=ENTRY).body  # type: ignore[arg-type]


def test_badges_have_the_first_names_that_were_given_then_empty_ones_for_the_others_who_are_expected():
    room = a_plan()
    room.ask(ExpectPeople(FIRST, 20))
    [first, *rest] = pages(drawn(room, "badges.pdf"))

    assert first.index("Anne") < first.index("Léa")
    assert len(rest) == 2
    assert all("Léa" not in page and "ABC 234" in page for page in rest)


def test_a_card_for_each_table_says_its_number_twice_head_to_head_and_where_one_comes_in():
    room = a_plan()
    room.ask(ExpectPeople(FIRST, 40))
    found = pages(drawn(room, "table-cards.pdf"))

    assert len(found) == 6
    assert all(page.count(f"Table {n}") == 2 for n, page in enumerate(found, 1))
    assert "192.0.2.7:8000/f/ABC234" in found[0]


@pytest.mark.parametrize("kind", DECKS)
def test_cards_are_tagged_and_what_their_code_leads_to_is_said_aloud(kind):
    with Pdf.open(io.BytesIO(drawn(a_plan(), kind))) as document:
        assert document.open_metadata()["pdfuaid:part"] == "1"
        alternatives = [
            str(one.Alt) for one in document.objects if isinstance(one, Dictionary) and "/Alt" in one
        ]

    assert any(ADDRESS in words for words in alternatives) == (kind != "commitment-cards.pdf")


def test_E3_a_commitment_is_pinned_up_where_its_author_agreed_and_nowhere_else():
    room = a_plan()
    room.ask(Pledge("pledge02", "Ask the town hall", "2025-01-20", None, "members", NAME_READ), LEA)
    everybody, members = (drawn(room, DECKS[2], readers=readers) for readers in ("everybody", "members"))

    assert "Nobody who committed chose" in said("x.pdf", everybody)
    assert "Ask the town hall" in said("x.pdf", members)
    assert "Call the hall" not in said("x.pdf", members)


def test_names_for_the_day_itself_are_not_in_the_file_of_all_documents():
    room = a_plan()
    badges = render(room.state, NAMES, "c0ffee", "badges.pdf", FR).name.full

    with zipfile.ZipFile(io.BytesIO(made(room, "documents.zip", FR))) as found:
        assert badges not in found.namelist()
        assert any("chevalets" in name for name in found.namelist())


@pytest.mark.parametrize("words", HOSTILE)
def test_a_name_is_nothing_but_text_on_a_badge(words):
    squeezed = "".join(said("badges.pdf", drawn(a_plan(), "badges.pdf", {LEA: words})).split())

    assert all(part in squeezed for part in parts_of(words))
