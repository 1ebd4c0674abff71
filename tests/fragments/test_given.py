"""A form that was refused is drawn as it was sent: every form of every page, and nothing of another one."""

import random
from itertools import islice

import pytest

from forum.domain.steps.board import PostIdea
from forum.fragments.given import Given, refilled
from forum.fragments.pages import Token
from forum.fragments.surface import Audience, View
from forum.language import Reader
from forum.slices import at_once
from tests.filling import filled, forms_of, posted, sent
from tests.fragments import on_phone
from tests.fragments.test_desk_forms import rooms
from tests.fragments.test_entered import histories
from tests.scenes import FACILITATOR, LEA

WHO = {"desk": FACILITATOR, "phone": LEA}
WORDS = frozenset({"text", "title"})


def drawn(pages, room, surface, **more) -> str:
    view, token = View(room.state, {LEA: "Léa"}), Token(1, 7, "c")
    return pages.document(
        view, Audience(surface, "en"), WHO[surface], token=token, now=1, ticket="t", nonce="n", **more
    )


def given_back(page: str, action: str, fields: dict[str, list[str]], words=WORDS):
    return at_once(refilled(page, Given(action, fields, words, "Not <now>."), Reader("en", "")))


@pytest.mark.parametrize("surface", ["desk", "phone"])
def test_every_form_that_is_refused_stands_as_it_was_sent_and_no_other_changes(pages, surface):
    rng, tried = random.Random(f"given {surface}"), set()
    for room in (*(rooms() if surface == "desk" else on_phone.stages()), *islice(histories(), 0, None, 4)):
        if WHO[surface] not in room.state.people.by_id and surface == "phone":
            continue
        page = drawn(pages, room, surface)
        before = forms_of(page)
        for n, (form, fields) in enumerate(before):
            action = form.attributes["action"]
            kind = (action, form.attributes["data-entered"].partition("-")[0])
            if kind in tried:
                continue
            tried.add(kind)
            entered = filled(rng, fields)
            back = given_back(page, action, posted(fields, entered))
            after = forms_of(back.html)
            [given] = [i for i, (one, _) in enumerate(after) if "data-given" in one.attributes]
            if given != n and all(entered.get(name) == said for name, said in sent(after[given][1]).items()):
                continue  # two forms say the same: an action under an axis, chosen or in the axis' own form

            assert sent(after[n][1]) == entered, form
            assert back.written == "", form
            assert ["data-given" in one.attributes for one, _ in after] == [i == n for i in range(len(after))]
            assert all("open" in up.attributes for up in after[n][0].above() if up.tag == "details")
            shown = {id(one) for one in fields}
            assert [
                sent([f for f in old if id(f) not in shown]) for i, (_, old) in enumerate(before) if i != n
            ] == [sent(new) for i, (_, new) in enumerate(after) if i != n]
    assert len(tried) > (20 if surface == "desk" else 7), tried


def test_the_refusal_stands_beside_the_form_and_the_person_in_its_first_field(pages):
    room = on_phone.a_board()
    page = drawn(pages, room, "phone")
    [(form, fields)] = [(f, fs) for f, fs in forms_of(page) if f.attributes.get("data-op") == "PostIdea"]
    back = given_back(page, form.attributes["action"], posted(fields, {"text": ["Encore"]}))

    assert 'data-say role="alert">Not &lt;now&gt;.</p>' in back.html
    assert back.html.count(" autofocus") == 1


def test_what_has_no_form_any_more_is_written_above_in_words(pages):
    room = on_phone.a_board().closed("ideas")
    given = Given(
        "/f/ABC234/commands/PostIdea", {"step": ["ideas"], "id": [""], "text": ["Trop <tard>"]}, WORDS
    )
    page = drawn(pages, room, "phone", given=given)

    assert 'readonly rows="3">Trop &lt;tard&gt;</textarea>' in page
    assert "data-given" not in page


def test_a_form_of_another_thing_is_not_taken_for_it(pages):
    room = on_phone.a_board()
    for text in ("One", "Two"):
        room.ask(PostIdea(f"idea{text.lower()}", text, "ideas"), LEA)
    page = drawn(pages, room, "phone")
    action = next(
        f.attributes["action"] for f, _ in forms_of(page) if f.attributes.get("data-op") == "EditIdea"
    )
    back = given_back(page, action, {"idea": ["ideatwo"], "text": ["Two and a half"]})
    other = given_back(page, action, {"idea": ["ideagone"], "text": ["Three"]})
    marked = [
        form.attributes["data-entered"] for form, _ in forms_of(back.html) if "data-given" in form.attributes
    ]

    assert marked == ["edit-ideatwo"]
    assert (other.html, other.written) == (page, "Three")


PAGE = (
    '<form action="/x"><label class="sr" for="to">Move <b>to</b></label><select id="to" name="to">'
    '<option value="a" selected>A</option><option value="b">B</option></select>'
    '<input type="radio" name="r" value="1" checked><input type="password" name="key"><input name="n" value="1">'
    '<p class="say" data-say></p></form><select name="z"><option value="zz">Zed</option></select>'
)


def test_a_choice_that_is_gone_is_named_and_nothing_else_proposed():
    back = given_back(PAGE, "/x", {"to": ["c"], "r": ["1"], "n": ["\"'<2>"]})
    [(_, fields)] = forms_of(back.html)

    assert (
        "Not &lt;now&gt;. “Move to”: what you had chosen is no longer there. Choose again.</p>" in back.html
    )
    assert '<option value="" selected disabled>no longer there</option><option value="a">' in back.html
    assert sent(fields)["n"] == ["\"'<2>"]
    assert "required" in fields[0].attributes


def test_a_choice_that_is_there_proposes_it_and_says_nothing():
    back = given_back(PAGE, "/x", {"to": ["b"], "r": ["2"]})
    [(_, fields)] = forms_of(back.html)

    assert sent(fields)["to"] == ["b"]
    assert "r" not in sent(fields)
    assert back.html.count("no longer there") == 1, "of the button, not of the list"


def test_a_secret_is_not_given_back_and_an_id_is_said_by_what_the_page_calls_it():
    back = given_back(PAGE, "/x", {"to": ["a"], "key": ["s3cret"]})
    gone = given_back(PAGE, "/y", {"to": ["zz"], "step": ["id8"], "text": ["Words"]})

    assert "s3cret" not in back.html + back.written
    assert gone.written == "Zed\nWords"
