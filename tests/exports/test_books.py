"""What people read, for word processors and on paper: opened by other programs, compared with the archive of the same number."""

import io
import re
import zipfile
from decimal import Decimal

import pytest
from msgspec.structs import replace
from pikepdf import Dictionary, Pdf

from forum.domain.flow.words import EditForum
from forum.domain.keeping import ERASED
from forum.domain.kernel import SheetId, StepId
from forum.domain.limits import TITLE
from forum.domain.plan.origin import Origin, Voted
from forum.domain.plan.reading import live_axes
from forum.domain.plan.whole import whole
from forum.domain.plan.words import EditAction, MakeAction
from forum.domain.sessions.record import FIRST
from forum.domain.sessions.words import EndSession
from forum.domain.sheets.schema import THE_PLAN
from forum.domain.sheets.words import EditSheet, MakeSheet
from forum.domain.steps.board import PostIdea
from forum.domain.steps.pledge import Pledge
from forum.exports import read, render
from forum.exports.books import report
from forum.exports.lines import lines as lines_of
from forum.exports.lines import origin
from forum.language import Reader
from tests.exports.opened import pages, paragraphs, said, sheets
from tests.exports.test_exports import EN, FR, NAMES, a_plan
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_room

BOOKS = ("plan.docx", "plan.pdf", "action-sheets.docx", "action-sheets.pdf", "report.docx", "report.pdf")
HOSTILE = (
    "=HYPERLINK(1)", "#import \"/etc/passwd\"", "#read(\"book.typ\")", "<w:t>x</w:t>&amp;", "$ x $ *bold* _it_ @ref <label>",
    "\\u{41} {{7*7}}", "👩‍👩‍👧‍👦 🇫🇷 ✊🏽", "خطة العمل", "mot" * 60, "Ελληνικά Русский", "« Où ? »",
)  # fmt: skip


def made(room: Scene, kind: str, reader: Reader = EN) -> bytes:
    return render(room.state, NAMES, "c0ffee", kind, reader).body


@pytest.mark.parametrize("kind", BOOKS)
def test_every_action_and_commitment_of_the_archive_stands_in_it_with_the_number_of_the_journal(kind):
    room = a_plan()
    told, words = read(made(room, "forum.json")), said(kind, made(room, kind))

    for axis in told.plan:
        for action in axis.actions:
            assert f"Action {action.code} – {action.title}" in words
    assert all(pledge.text in words for pledge in told.commitments)
    assert f"up to entry {told.forum.seq}, chain c0ffee" in words
    assert "no pilot yet" in words


@pytest.mark.parametrize("kind", BOOKS[2:4])
@pytest.mark.parametrize("words", HOSTILE)
def test_what_a_stranger_writes_stands_there_as_it_was_written_and_is_nothing_but_text(kind, words):
    room = a_plan()
    room.ask(EditAction("act001", description=words))
    body = made(room, kind)

    if kind.endswith("docx"):
        assert ("Cell", words) in paragraphs(body)
    else:
        squeezed = "".join(said(kind, body).split())
        assert all(part in squeezed for part in parts_of(words))


def test_the_lines_of_a_card_are_lines_in_every_document():
    room = a_room().opened("ideas")
    room.ask(PostIdea("idea900", "First line\nSecond line", "ideas"), LEA)
    report = made(room.revealed("ideas"), "report.docx")
    one, other = "First line", "Second line"

    inside = f'>{one}</w:t><w:br/><w:t xml:space="preserve">{other}<'
    assert inside in parts(report)["word/document.xml"]
    assert f"{one} {other}" in " ".join(pages(made(room, "report.pdf")))


@pytest.mark.parametrize("kind", ["plan.docx", "documents.zip"])
def test_the_longest_title_of_a_forum_of_letters_made_of_many_signs_prevents_no_document(kind):
    title = "👩‍👩‍👧‍👦" * TITLE.most
    room = a_plan()
    room.ask(EditForum(title=title))
    body = made(room, kind)

    assert body
    if kind.endswith("docx"):
        assert ("Eyebrow", title) in paragraphs(body)


def parts_of(words: str) -> list[str]:
    """What a reader of PDFs finds of it: emoji made of several signs, and Arabic, come out in orders of their own."""
    plain = words.isascii() or "«" in words or "Ελ" in words
    return ["".join(words.split())] if plain else []


def test_a_document_for_word_processors_has_real_headings_a_language_and_heads_that_come_again():
    body = made(a_plan(), "plan.docx", FR)
    inside = parts(body)

    assert ("Title", "Plan d’action") in paragraphs(body)
    assert next(text for style, text in paragraphs(body) if style == "Heading2").startswith("Action 1.1 – ")
    assert "<w:tblHeader/>" in inside["word/document.xml"]
    assert '<w:lang w:val="fr-FR"/>' in inside["word/styles.xml"]
    assert "txbxContent" not in inside["word/document.xml"]


def test_the_result_of_a_vote_has_its_bars_in_a_word_processor_as_on_paper_and_its_rule_in_words():
    room = a_plan()
    body = made(room, "report.docx")
    inside = parts(body)["word/document.xml"]
    [vote] = read(made(room, "forum.json")).votes
    drawn = [
        re.search(r'w:right="(\d+)"', bar)
        for bar in re.findall(r'<w:pStyle w:val="Bar"/>(.*?)</w:pPr>', inside)
    ]

    rights = [int(bar[1]) if bar else None for bar in drawn]
    assert rights[0] == 0, "the greatest number takes the whole width"
    assert rights == sorted(rights, key=lambda right: (right is None, right)), (
        "the smaller the shorter, none for nothing"
    )
    assert len(rights) == len(vote.lines)
    assert any("3 points per person" in words for _, words in paragraphs(body))


def test_what_shall_stay_on_one_page_is_set_tighter_in_a_word_processor_and_nothing_else_is():
    room = a_plan()
    of = {style for style, _ in paragraphs(made(room, "decisions.docx"))}
    assert "Cell" in of
    assert "CellTight" not in of

    axis = live_axes(room.state)[0].id
    for n in range(24):
        room.ask(MakeAction(f"more{n:03}", axis, "An action with a title that takes two lines of its column"))
    of = {style for style, _ in paragraphs(made(room, "decisions.docx"))}
    assert "CellTight" in of


def parts(body: bytes) -> dict[str, str]:
    found = zipfile.ZipFile(io.BytesIO(body))
    return {name: found.read(name).decode("utf-8", "replace") for name in found.namelist()}


@pytest.mark.parametrize(("reader", "lang"), [(FR, "fr"), (EN, "en")])
@pytest.mark.parametrize("kind", ["plan.pdf", "action-sheets.pdf"])
def test_a_pdf_is_tagged_says_its_language_and_title_and_carries_its_fonts(kind, reader, lang):
    with Pdf.open(io.BytesIO(made(a_plan(), kind, reader))) as document:
        assert str(document.Root.Lang).startswith(lang)
        assert document.Root.MarkInfo.Marked
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert document.open_metadata()["pdfuaid:part"] == "1"
        fonts = [
            font for page in document.pages for font in page.Resources.get("/Font", Dictionary()).values()
        ]
        assert fonts
        assert all("/FontFile" in str(list(f.DescendantFonts[0].FontDescriptor.keys())) for f in fonts)
        width, height = (float(side) for side in document.pages[0].MediaBox[2:])
        assert (round(width), round(height)) == (595, 842)


def test_a_writing_that_no_font_has_never_prevents_a_document():
    room = a_plan()
    room.ask(EditAction("act001", description="会議の計画"))
    body = made(room, "action-sheets.pdf")

    assert "計画" in said("action-sheets.pdf", body)
    with Pdf.open(io.BytesIO(body)) as document:
        assert "pdfuaid:part" not in document.open_metadata()


def test_the_end_of_a_page_cuts_no_action_of_the_plan():
    room = a_plan()
    for number in range(20):
        room.ask(MakeAction(f"more{number:02}", live_axes(room.state)[0].id, f"Further work {number}"))
    told = pages(made(room, "plan.pdf"))
    heads = [len(re.findall(r"Action 1\.\d+ –", words)) for words in told]

    assert len(list(filter(None, heads))) > 2
    assert heads == [len(re.findall("Where it comes from", words)) for words in told]
    assert "<w:keepNext/>" in parts(made(room, "plan.docx"))["word/document.xml"]


def test_the_picture_of_a_vote_parts_no_equals_and_says_how_many_choices_are_left():
    [vote] = read(made(a_plan(), "forum.json")).votes
    ranks = (1, 2, 3, 4, 5, 6, 7, 7, 7, 10)
    lines = tuple(replace(vote.lines[0], rank=rank, tied=rank == 7) for rank in ranks)
    shown, further = report.pictured(replace(vote, lines=lines), EN)

    assert [row[0] for row in shown.rows] == ["1", "2", "3", "4", "5", "6"]
    assert further.text == "4 more choices stand in the annexe."
    assert len(list(report.pictured(replace(vote, lines=lines[:8]), EN))) == 1


def test_what_several_votes_gave_is_not_said_to_be_the_sum_of_their_supporters():
    room = a_plan()
    both = Origin((), (), 0, tuple(Voted("vote", f"t{n}", "", n, n, n, 9) for n in (2, 5)))
    line = next(lines_of(read(made(room, "forum.json")), whole(room.state, lambda _: ""), EN))
    of_two = line._replace(action=line.action._replace(origin=both))

    assert origin(of_two) == ("in the vote, up to 5 people for one choice",)


def test_in_french_a_space_stands_before_the_colon_of_who_was_there():
    room = in_depth()
    room.ask(EndSession(FIRST))

    assert "Première séance\u202f:" in said("report.docx", made(room, "report.docx", FR))


def test_short_sheets_of_actions_stand_two_a_page_and_a_long_one_on_a_page_of_its_own():
    room = a_plan()
    [both] = pages(made(room, "action-sheets.pdf"))
    assert all(f"Action {code} –" in both for code in ("1.1", "1.2"))

    room.ask(EditAction("act001", description="\n".join(f"Line {n}" for n in range(20))))
    first, second = pages(made(room, "action-sheets.pdf"))
    assert "Line 19" in first
    assert "Action 1.2 –" in second


def test_what_is_not_filled_in_is_said_and_what_nobody_needs_is_left_out():
    words = [
        text
        for style, text in paragraphs(made(a_plan(), "action-sheets.docx"))
        if style in {"Label", "Nothing"}
    ]

    assert "no first step" in words
    assert "Budget" not in words


def test_K2_what_its_author_had_erased_is_said_to_be_wherever_its_title_stood():
    room = a_plan()
    for name, schema, fields in (
        ("goal01", "objective", {"title": "An objective, in words of mine alone"}),
        ("mile01", "milestone", {"title": "A milestone, in words of mine alone", "action": ("act001",)}),
    ):
        room.ask(MakeSheet(SheetId(name), schema, StepId(""), fields), FACILITATOR)
    room.erased(FACILITATOR)
    told = paragraphs(made(room, "plan.docx"))

    assert ("Heading2", ERASED) in told
    assert ("Cell", ERASED) in told
    assert [style for style, text in told if "Heading" in style and not text] == []


def test_what_was_decided_stays_on_one_page_with_every_action_and_the_result_of_the_vote():
    room = a_plan()
    for number in range(12):
        room.ask(
            MakeAction(f"act1{number:02}", room.state.plan.axis_order[0], f"Another action, number {number}")
        )
    told, [page] = read(made(room, "forum.json")), pages(made(room, "decisions.pdf"))

    assert all(f"{action.code} {action.title}" in page for axis in told.plan for action in axis.actions)
    assert "First: Theme theme2." in page
    assert "1 commitment, the first of them by 19 January 2025." in page


def test_the_report_begins_with_who_does_what_and_ends_with_every_card():
    room = a_plan()
    told, read_ = read(made(room, "forum.json")), pages(made(room, "report.pdf"))

    assert "Who does what before when" in read_[0]
    assert "From a card" in read_[0]
    assert "no first step" in read_[0]
    assert all(idea.text in read_[-1] for idea in told.ideas)
    headings = [text for style, text in paragraphs(made(room, "report.docx")) if style == "Heading1"]
    order = [
        "What it was for",
        "Who was there",
        "Themes, and words from them",
        "Votes",
        "Commitments",
        "Calendar",
        "Annexe: votes in full",
        "Annexe: all cards",
    ]
    assert [heading for heading in headings if heading in order] == order


def test_a_plan_in_depth_is_told_whole_in_text_and_as_a_table_and_a_short_one_is_axes_and_actions_alone():
    text, table = (said(kind, made(in_depth(), kind)) for kind in ("plan.md", "plan.csv"))
    short_text, short_table = (said(kind, made(a_plan(), kind)) for kind in ("plan.md", "plan.csv"))

    deep = (
        "in progress",
        "Opening (1 March 2025)",
        "R (does the work): Anne",
        "People trained (40): 12 (31 March 2025)",
    )
    assert [words for words in deep if words not in text] == []
    assert "### Budget by axis" in text
    assert "Opening (1 March 2025)" in table.replace("\N{NO-BREAK SPACE}", " ")
    assert table.startswith(short_table.splitlines()[0])
    assert "Status" in table.splitlines()[0]
    assert "Status" not in short_text + short_table


@pytest.mark.parametrize(
    "kind", [*BOOKS, "decisions.pdf", "decisions.docx", "plan.md", "plan.csv", "workbook.xlsx", "forum.json"]
)
def test_D5_every_document_says_which_actions_lack_something_and_why_the_forum_ended_so(kind):
    room = a_plan()
    before = said(kind, made(room, kind))
    room.ask(EndSession(FIRST, "The bus would not wait"))
    after = said(kind, made(room, kind))

    assert "The bus would not wait" not in before
    assert "The bus would not wait" in " ".join(after.split())
    assert ("first_step" if kind == "forum.json" else "no first step") in after


def in_depth() -> Scene:
    """A plan of which much is said: where it stands, milestones, an indicator, two budget lines, roles."""
    room = a_plan()
    room.ask(EditSheet(THE_PLAN, "ambition", {"depth": "whole", "first_year": "2025", "years": "2"}, {}))
    said = {
        "status": "in_progress",
        "priority": "high",
        "start": "2025-02-01",
        "responsible": ANNE,
        "fte": "0,5",
    }
    room.ask(EditSheet(SheetId("act001"), "action_sheet", said, {}))
    for name, schema, fields in (
        ("stone1", "milestone", {"title": "Opening", "due": "2025-03-01"}),
        ("count1", "indicator", {"title": "People trained", "target": "40", "values": "31/03/2025: 12"}),
        ("money1", "budget_line", {"title": "Room", "year": "2025", "unit": "EUR_TTC", "planned": "1200,50"}),
        ("money2", "budget_line", {"title": "Tools", "year": "2026", "unit": "EUR_TTC", "planned": "800", "actual": "3"}),
    ):  # fmt: skip
        room.ask(MakeSheet(SheetId(name), schema, StepId(""), fields | {"action": ("act001",)}))
    return room


def test_a_plan_in_depth_says_all_of_it_on_the_sheet_of_the_action():
    [page, *_] = pages(made(in_depth(), "action-sheets.pdf"))

    for said_ in (
        "in progress · priority: high", "Milestones Opening (1 March 2025)", "R (does the work): Anne", "A (answers for it): Léa",
        "☑ 2025", "☐ 2026", "Planned (€ with tax)", "2025 Room 1,200.50", "In all 2,000.50", "People trained (40): 12 (31 March 2025)", "0.5 FTE",
    ):  # fmt: skip
        assert said_ in page


def test_the_workbook_of_a_plan_in_depth_adds_up_to_what_the_archive_says():
    room = in_depth()
    book = sheets(made(room, "workbook.xlsx"))
    kept = [s for s in read(made(room, "forum.json")).sheets if s.schema == "budget_line"]
    total = sum(Decimal(str(s.fields["planned"])) for s in kept)
    headings = book["Plan"][1]
    planned = headings.index("Planned in all (€ with tax)")

    assert total == Decimal("2000.5")
    assert sum(row[planned] for row in book["Plan"][2:] if row[planned]) == float(total)
    assert (
        sum(row[6] for row in book["Budget"][1:])
        == sum(row[4] for row in book["Budget by axis"][1:])
        == float(total)
    )
    assert book["Indicators"][1][2] == "People trained"
    assert book["RACI"][0][2:] == ["Anne", "Léa"]
    assert book["RACI"][1][2:] == ["R", "A"]
    plan = parts(made(room, "workbook.xlsx"))["xl/worksheets/sheet1.xml"]
    assert plan.count('type="list"') == 2, "one of the statuses, one of the priorities"


def test_the_plan_as_text_reads_well_in_a_mail():
    for room in (a_plan(), in_depth()):
        told = made(room, "plan.txt").decode()

        assert max(map(len, told.split("\n"))) <= 76
        assert not re.search(r"^[|#]|---\|", told, re.MULTILINE)
        assert "Pilot" in told


def test_a_commitment_stands_once_in_a_text_at_its_action_or_below_for_the_whole_plan():
    room = a_plan()
    room.ask(Pledge("pledge02", "Invite the neighbours", "2025-01-20", None), ANNE)
    for kind in ("plan.txt", "plan.md"):
        told = made(room, kind).decode()

        assert (told.count("Call the hall"), told.count("Invite the neighbours")) == (1, 1)
        assert told.index("Call the hall") < told.index("For the whole plan:")
        assert told.index("For the whole plan:") < told.index("Invite the neighbours")
    assert "For the whole plan:" not in made(a_plan(), "plan.txt").decode()


def test_a_short_plan_flows_on_few_pages_and_a_deep_one_has_one_for_each_axis():
    assert len(pages(made(a_plan(), "plan.pdf"))) <= 2
    assert len(pages(made(in_depth(), "plan.pdf"))) > 2
