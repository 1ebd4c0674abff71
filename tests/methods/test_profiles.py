"""Profiles: how many chose each grade, as parts of one bar, on every surface and in documents."""

import io
import json
import re
import zipfile

import pytest

from forum.domain.methods.pictures import Part, Profiles
from forum.exports import render
from forum.exports.books import report
from forum.exports.pictured import counts_of, profile, profiles_of
from forum.exports.told import Archive
from forum.exports.word_profiles import drawn as in_word
from forum.fragments.pages import Pages
from forum.fragments.surface import Audience, View
from forum.language import Reader
from tests.scenes import ANNE, LEA, Scene, a_vote

PROFILE = re.compile(r'<svg class="bar profile".*?</svg>\s', re.DOTALL)
EN = Reader("en")


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages(static=lambda path: f"/static/{path}")


def a_result(options: int = 3) -> Scene:
    room = a_vote(options, method="majority").voted(LEA, theme1=7, theme2=4, theme3=1)
    return room.voted(ANNE, theme1=7, theme2=3, theme3=1).closed("vote").revealed("vote")


def drawn(pages: Pages, room: Scene, surface: str, lang: str = "en") -> str:
    return " ".join(put.html for put in pages.page(View(room.state, {}), Audience(surface, lang)))  # type: ignore[arg-type]


def test_the_parts_of_a_bar_are_the_grades_that_somebody_chose_with_what_stands_before_each():
    found = Profiles({"a": (2, 0, 3), "b": (0, 0, 0)})

    assert found.parts("a") == (Part(0, 0, 2), Part(2, 2, 3))
    assert found.parts("b") == ()


@pytest.mark.parametrize("surface", ["phone", "screen", "desk"])
def test_a_result_by_grades_is_drawn_as_profiles_whose_words_are_said_to_ears_too(pages: Pages, surface: str):
    shown = drawn(pages, a_result(), surface)
    bars = PROFILE.findall(shown)

    assert len(bars) == 3
    assert 'role="img"' in bars[0]
    assert 'aria-label="Excellent: 2"' in bars[0]
    assert 'aria-label="Fairly good: 1, Acceptable: 1"' in bars[1]
    assert "style=" not in "".join(bars)
    assert all(f"</svg> {word}</li>" in shown for word in ("Excellent", "Good", "To reject"))
    assert "The line stands at the half of each bar." in shown


def test_no_profile_is_drawn_before_the_reveal(pages: Pages):
    room = a_vote(3, method="majority").voted(LEA, theme1=7).closed("vote")

    assert not any(PROFILE.search(drawn(pages, room, surface)) for surface in ("phone", "screen", "desk"))


def test_worse_grades_are_striped_so_that_no_colour_is_needed(pages: Pages):
    best, parted, worst = PROFILE.findall(drawn(pages, a_result(), "screen"))

    assert "stripes" not in best
    assert parted.count("stripes") == worst.count("stripes") == 1


def test_counts_stand_in_their_parts_and_keep_clear_of_the_line_at_the_half(pages: Pages):
    bars = PROFILE.findall(drawn(pages, a_result(), "screen"))
    places = [re.findall(r'<text[^>]* x="([\d.]+)%"[^>]*>(\d+)<', bar.replace("\n", " ")) for bar in bars]

    assert places == [[("75.00", "2")], [("25.00", "1"), ("75.00", "1")], [("75.00", "2")]]


def test_a_result_in_which_nobody_graded_anything_is_drawn_empty(pages: Pages):
    room = a_vote(2, method="majority").closed("vote").revealed("vote")
    bars = PROFILE.findall(drawn(pages, room, "screen"))

    assert len(bars) == 2
    assert 'aria-label="No grade"' in bars[0]
    assert '<rect class="grade' not in bars[0]


def told(room: Scene) -> Archive:
    from msgspec.json import decode

    return decode(render(room.state, {}, "c", "forum.json", EN).body, type=Archive)


def test_documents_know_the_counts_of_each_grade():
    [vote] = told(a_result()).votes
    picture = profiles_of(vote)

    assert picture is not None
    assert profile(picture, "theme2") == "0 · 0 · 0 · 1 · 1 · 0 · 0"
    assert counts_of(vote, EN)["theme1"]["Excellent"] == 2
    assert counts_of(told(a_vote(3)).votes[0], EN) == {}


def test_the_report_draws_profiles_says_how_they_are_read_and_keeps_their_numbers_in_the_annexe():
    [vote] = told(a_result()).votes
    full = report.result(vote, EN)
    shown, read = report.pictured(vote, EN)

    assert [column.heading for column in full.columns] == [
        "Rank", "Option", "From “Excellent” to “To reject”", "Majority grade", "Above it", "Below it",
    ]  # fmt: skip
    assert [column.parts for column in shown.columns] == [False, False, True, False]
    assert [row[-1] for row in shown.rows] == ["Excellent", "Acceptable", "To reject"]
    assert read.text.startswith("From left to right: Excellent, Very good, Good,")
    assert read.text.endswith("The line stands at the half of each bar.")


def test_in_word_a_profile_is_a_row_of_shaded_cells_and_the_line_a_border_within_a_part():
    halves = in_word("1 · 2 · 1", 1000, "Bar", halved=True)

    assert re.findall(r'<w:tcW w:w="(\d+)"', halves) == ["250", "250", "250", "250"]
    assert halves.count("<w:tcBorders>") == 1
    assert "<w:tcBorders>" not in in_word("1 · 2 · 1", 1000, "Bar", halved=False)
    assert in_word("0 · 0", 1000, "Bar", halved=True) == ""


def test_tables_and_plain_text_have_a_column_for_each_grade():
    room = a_result()
    table = render(room.state, {}, "c", "votes.csv", EN).body.decode()
    plan = render(room.state, {}, "c", "plan.md", EN).body.decode()
    lines = json.loads(render(room.state, {}, "c", "forum.json", EN).body)["votes"][0]["lines"]

    assert table.splitlines()[0].endswith(
        "Excellent,Very good,Good,Fairly good,Acceptable,Insufficient,To reject"
    )
    assert table.splitlines()[1].endswith(",2,0,0,0,0,0,0")
    assert "| Excellent | Very good |" in plan
    assert lines[0]["numbers"]["excellent"] == 2


def test_the_report_is_made_as_pdf_and_for_word_processors():
    room = a_result()
    pdf = render(room.state, {}, "c", "report.pdf", EN).body
    with zipfile.ZipFile(io.BytesIO(render(room.state, {}, "c", "report.docx", EN).body)) as parts:
        document = parts.read("word/document.xml").decode()

    assert pdf.startswith(b"%PDF")
    assert "1B4D89" in document
    assert "875100" in document
