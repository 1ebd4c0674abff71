"""The markup of every page and of every update, on random histories: what validators once found is found here again."""

import random

import pytest

from forum.domain.flow import OpenStep, StepInserted
from forum.domain.kernel import SessionId, StepId, Words
from forum.domain.people import Join, RemovePerson, SetEntry
from forum.domain.sessions.words import PlanSession
from forum.domain.settings import BoardSettings
from forum.domain.state import Step
from forum.domain.steps.board import PostIdea
from forum.fragments.environment import environment
from forum.fragments.pages import SURFACES, Token
from forum.fragments.surface import Audience, View
from forum.language import LANGUAGES
from forum.places import templates_dir
from tests.histories import PEOPLE, one_more, random_history
from tests.markup import wrong
from tests.names import alike
from tests.scenes import FACILITATOR, LEA, a_room

AUDIENCES = [Audience(surface, lang) for surface in SURFACES for lang in LANGUAGES]  # type: ignore[arg-type]
SEEDS = {"en": (0, 1), "fr": (2,)}
LENGTH = 120
TOKEN = Token(1, 7, "c0ffee")


def test_every_template_can_be_read() -> None:
    there = environment("fr", "Europe/Paris", str)

    for path in templates_dir().rglob("*.html"):
        there.get_template(path.relative_to(templates_dir()).as_posix())


@pytest.mark.parametrize("audience", AUDIENCES, ids=lambda a: f"{a.surface}-{a.lang}")
def test_nothing_is_wrong_with_the_markup_of_a_page_nor_of_an_update(pages, audience):
    found: set[str] = set()
    known: set[str] = set()  # fragments that were looked at
    for seed in SEEDS[audience.lang]:
        rng = random.Random(f"{seed}-markup")
        room = random_history(rng, 0)
        for n in range(LENGTH):
            one_more(rng, room, eager=n % 13 == 0)
            if n % 8:
                continue
            view = View(room.state, {p: f"Prénom {p}" for p in PEOPLE[:3]})
            who = FACILITATOR if audience.surface == "desk" else PEOPLE[n % len(PEOPLE)]
            page = pages.document(view, audience, who, token=TOKEN, now=1, ticket="t" * 22, nonce="n")
            found.update(wrong(page))
            found.update(alike(page))
            drawn = {put.html for put in (*pages.page(view, audience), *pages.you(view, audience, who))}
            for html in drawn - known:
                found.update(wrong(html, whole=False))
            known |= drawn

    assert sorted(found) == []


@pytest.mark.parametrize("step", ["ideas", "sort", "plan"])
def test_no_two_controls_of_the_desk_have_one_name_where_cards_steps_and_themes_are_called_alike(pages, step):
    room = a_room().opened("ideas")
    for n in (1, 2, 3):
        room.ask(PostIdea(f"idea{n:03}", "Open the studio", StepId("ideas")), LEA)
    room.revealed("ideas").happened(
        StepInserted(Step(StepId("ideas2"), BoardSettings(), room.state.steps[1].title))
    )
    for name in ("first", "second"):
        room.ask(PlanSession(SessionId(f"{name}-session"), Words("Suite", "More")))
    room.opened("sort").with_theme("t1", 1, title="Meet").with_theme("t2", 2, title="Meet")
    room.with_plan("Call the hall", "Call the hall")
    room.ask(OpenStep(StepId(step)))
    page = pages.document(View(room.state, {LEA: "Léa"}), Audience("desk", "en"), FACILITATOR, token=TOKEN, now=1,
                          ticket="t" * 22, nonce="n")  # fmt: skip

    assert alike(page) == []
    assert page.count("Meet") > 1 or page.count("Open the studio") > 1


@pytest.mark.parametrize("state", ["waiting", "out"])
def test_nothing_is_wrong_with_the_page_of_who_is_not_let_in(pages, state):
    room = a_room()
    if state == "waiting":
        room.ask(SetEntry("approval"))
        room.ask(Join(), "late01")
    else:
        room.joined("late01").ask(RemovePerson("late01"))
    view = View(room.state, {})
    page = pages.document(view, AUDIENCES[0], "late01", token=TOKEN, now=1, ticket="t" * 22, nonce="n")

    assert f'<main class="shut" data-{state}>' in page
    assert page.count("waiting.js") == 1
    assert wrong(page) == []


@pytest.mark.parametrize(
    ("markup", "fault"),
    [
        ("<dl><dd>3</dd><dt>cards</dt></dl>", "terms do not come before"),
        ("<dl><div><dt>cards</dt></div></dl>", "terms do not come before"),
        ('<p aria-label="Code: ABC">A</p>', "a name for what can have none"),
        ("<span><form></form></span>", "a form in a span"),
        ('<input type="hidden" value="\ue000ticket\ue001">', "U+E000"),
        ('<button aria-label="English">EN</button>', "leaves out what is seen"),
        ('<input autocapitalize="nothing">', "autocapitalize knows no"),
        ('<b id="a"></b><b id="a"></b>', "stands 2 times"),
        ('<label for="b"></label>', "nothing is called 'b'"),
        ("<ol><p></p></ol>", "right in a ol"),
        ("<p><b></p></b>", "ends <b>"),
        (
            '<button form="f" name="a">Other</button><form id="f"><input><button>Own</button></form>',
            "and others need it too",
        ),
        (
            '<form><input><button>Own</button><button formnovalidate name="a">B</button></form>',
            "which does without",
        ),
        ("<form><textarea data-enter-sends></textarea></form>", "presses nothing"),
    ],
)
def test_each_kind_of_fault_is_found(markup, fault):
    assert any(fault in one for one in wrong(markup)), wrong(markup)


@pytest.mark.parametrize(
    "markup",
    [
        "<dl><div><dt>cards</dt><dd>3</dd></div></dl>",
        "<dl><dt>a</dt><dt>b</dt><dd>c</dd></dl>",
        '<section aria-label="The cards"><p>A</p></section>',
        '<button>EN<span class="sr"> – English</span></button>',
        '<button aria-label="Move up: A">↑</button>',
        '<summary aria-label="Change the step: A">Change</summary>',
        '<form><input required><button>Own</button><button formnovalidate name="a">Other</button></form>',
        '<button form="f">Own</button><form id="f"><input><button>Own</button></form>',
        "<form><button>One</button><button>Other</button></form>",
    ],
)
def test_what_is_right_is_left_alone(markup):
    assert wrong(markup) == []


FORM = (
    '<form action="/Remove"><input type="hidden" name="card" value="{n}"><button{more}>Remove</button></form>'
)


@pytest.mark.parametrize(
    ("markup", "fault"),
    [
        (FORM.format(n=1, more="") + FORM.format(n=2, more=""), "2 buttons are called 'Remove'"),
        ('<a href="/a">More</a><a href="/b">More</a>', "2 as are called 'More'"),
        (
            "<label for='a'>Title</label><input id='a' name='a'><label>Title <input name='b'></label>",
            "2 fields are",
        ),
        ('<button><span aria-hidden="true">×</span></button>', "has no name"),
    ],
)
def test_controls_of_one_name_that_do_different_things_are_named(markup, fault):
    markup = f"<form>{markup}</form>" if "<input id" in markup else markup

    assert [one for one in alike(markup) if fault in one], alike(markup)


@pytest.mark.parametrize(
    "markup",
    [
        '<p id="a">One</p><p id="b">Two</p>'
        + FORM.format(n=1, more=' id="c" aria-labelledby="c a"')
        + FORM.format(n=2, more=' id="d" aria-labelledby="d b"'),
        FORM.format(n=1, more="") + FORM.format(n=1, more=""),
        "<form>{}{}</form>".format(
            *(
                f"<fieldset><legend>{one}</legend><label>Title <input name={one}></label></fieldset>"
                for one in "ab"
            )
        ),
        FORM.format(n=1, more="") + f"<template>{FORM.format(n=2, more='')}</template>",
    ],
)
def test_names_that_stand_alone_are_left_alone(markup):
    assert alike(markup) == []
