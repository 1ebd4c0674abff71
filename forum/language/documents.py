"""Which documents a forum gives: what each is called, in which forms it comes, and for whom it is. How each is written: ``exports``.

The desk, the staff page and ``forum export`` offer what stands here and nothing else. Names of topics and suffixes stand in
addresses and last for ever.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from forum.domain.kernel import N_
from forum.domain.sheets import SCHEMAS
from forum.domain.sheets.schema import Schema
from forum.domain.steps.commitments import Readers


class Form(NamedTuple):
    """One kind of file."""

    suffix: str
    called: str
    media_type: str
    flavoured: bool = False  # a table, which comes as the reader's spreadsheet opens it


class Topic(NamedTuple):
    """What is offered under one heading, in several forms."""

    name: str  # in addresses
    file: str  # in the names of files
    title: str
    about: str
    forms: tuple[Form, ...]
    near: bool = False  # stands on the desk itself; the others are on the page of all
    names: bool = False  # of people, at commitments: there is one for the members too (E3)
    source: bool = False  # from what the plan comes
    pictures: bool = False  # with the photographs of walls and paper
    before: bool = False  # for the day itself, to print before
    worn: bool = False  # with everybody's first name, for the day itself: not among all documents in one file

    def kind(self, form: Form) -> str:
        """What one form of it is called in addresses."""
        return f"{self.name}.{form.suffix}"


TXT: Final = Form("txt", N_("Text, for a mail"), "text/plain; charset=utf-8")
MD: Final = Form("md", N_("Markdown (technical)"), "text/markdown; charset=utf-8")
CSV: Final = Form("csv", N_("CSV"), "text/csv; charset=utf-8", flavoured=True)
JSON: Final = Form("json", N_("JSON"), "application/json")
DOCX: Final = Form(
    "docx", N_("Word"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
)
PDF: Final = Form("pdf", N_("PDF"), "application/pdf")
ICS: Final = Form("ics", N_("Calendar"), "text/calendar; charset=utf-8")
SVG: Final = Form("svg", N_("Picture (SVG)"), "image/svg+xml")
PNG: Final = Form("png", N_("Picture (PNG)"), "image/png")
ZIP: Final = Form("zip", N_("Archive (ZIP)"), "application/zip")
XLSX: Final = Form("xlsx", N_("Excel"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")

FILES: Final[dict[Readers, str]] = {"everybody": "", "members": N_("members"), "room": N_("room")}
"""What stands in the name of a file that is for some only."""

TOPICS: Final[tuple[Topic, ...]] = (
    Topic(
        "decisions",
        N_("decisions"),
        N_("What we decided, on one page"),
        N_(
            "Who does what before when, what the vote said, how many committed, when the room meets again: to send the "
            "same evening."
        ),
        (PDF, DOCX),
        near=True,
    ),
    Topic(
        "plan",
        N_("plan"),
        N_("The plan"),
        N_("Axes, actions, pilots, dates and commitments."),
        (PDF, DOCX, TXT, MD, CSV),
        near=True,
        names=True,
    ),
    Topic(
        "action-sheets",
        N_("action sheets"),
        N_("The action sheets"),
        N_("A sheet for each action; two short ones share a page."),
        (PDF, DOCX),
        names=True,
    ),
    Topic(
        "report",
        N_("report"),
        N_("The report of the forum"),
        N_(
            "What it was for, who was there, how it went, themes in people’s words, votes, plan, commitments, all cards."
        ),
        (PDF, DOCX),
        names=True,
        pictures=True,
    ),
    Topic(
        "workbook",
        N_("workbook"),
        N_("The workbook"),
        N_("Everything in one spreadsheet: plan, axes, calendar, commitments, cards, votes."),
        (XLSX,),
        near=True,
        names=True,
    ),
    Topic(
        "territoires",
        N_("Territoires en transitions"),
        N_("The workbook of Territoires en transitions"),
        N_("The plan in the columns and words of the State’s tool for plans of towns, to go on there."),
        (XLSX,),
    ),
    Topic(
        "commitments",
        N_("commitments"),
        N_("Commitments"),
        N_("Who, what they will do, by when."),
        (CSV,),
        names=True,
    ),
    Topic(
        "commitment-cards",
        N_("commitment cards"),
        N_("Commitments to pin up"),
        N_("To print and cut, eight a page: each commitment that stands with a name."),
        (PDF,),
        names=True,
    ),
    Topic(
        "calendar",
        N_("calendar"),
        N_("The days of the plan"),
        N_("Every action, milestone and next meeting with a day, with a reminder a week before."),
        (ICS,),
    ),
    Topic(
        "documents",
        N_("documents"),
        N_("All documents"),
        N_("Every document of the forum but the badges, in one file."),
        (ZIP,),
        near=True,
        names=True,
        pictures=True,
    ),
    Topic(
        "sign-in",
        N_("sign-in sheet"),
        N_("The sign-in sheet"),
        N_("To print before the day: a page of empty lines for names and signatures, for each session."),
        (PDF, DOCX),
        source=True,
        before=True,
    ),
    Topic(
        "badges",
        N_("badges"),
        N_("Badges"),
        N_(
            "To print and cut, eight a page: one for each first name that was given, and empty ones. The QR leads in."
        ),
        (PDF,),
        source=True,
        before=True,
        worn=True,
    ),
    Topic(
        "table-cards",
        N_("table cards"),
        N_("Table cards"),
        N_("To print, fold and stand on the tables: a number, and the QR that leads in."),
        (PDF,),
        source=True,
        before=True,
    ),
    Topic(
        "ideas",
        N_("all cards"),
        N_("Cards and themes"),
        N_("Every card with its theme; no author’s name."),
        (CSV,),
        source=True,
    ),
    Topic(
        "votes",
        N_("votes"),
        N_("Votes"),
        N_("Revealed results only, never who voted what."),
        (PNG, SVG, CSV),
        source=True,
    ),
    Topic(
        "forum",
        N_("forum"),
        N_("Everything, for machines"),
        N_("All of the above in one file."),
        (JSON,),
        near=True,
        source=True,
    ),
)


def topics(schemas: Iterable[Schema] | None = None) -> Iterator[Topic]:
    """Everything that is offered: of every forum, then what the sheets of these schemas say, of all where none are given."""
    yield from (topic for topic in TOPICS if not topic.source)
    about = N_("One line each, for a spreadsheet.")
    yield from (
        Topic(one.name, one.title, one.title, about, (CSV,))
        for one in (SCHEMAS.values() if schemas is None else schemas)
    )
    yield from (topic for topic in TOPICS if topic.source)


def kinds() -> dict[str, tuple[Topic, Form]]:
    """Every document there is, by its name in addresses."""
    return {topic.kind(form): (topic, form) for topic in topics() for form in topic.forms}
