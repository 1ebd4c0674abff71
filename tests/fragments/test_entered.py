"""Every form says under which name is kept what a person enters in it: on every page, at every moment of a forum."""

import random
from collections.abc import Iterator

import pytest

from forum.fragments.pages import Token
from forum.fragments.surface import Audience, View
from tests.fragments import on_phone
from tests.fragments.test_desk_forms import rooms
from tests.histories import PEOPLE, one_more, random_history
from tests.markup import Element, elements
from tests.scenes import FACILITATOR, Scene

LENGTH = 120
WHO = {"desk": FACILITATOR, "phone": PEOPLE[0]}


def histories() -> Iterator[Scene]:
    """A room again and again, as random people leave it."""
    rng = random.Random("entered")
    room = random_history(rng, 0)
    for n in range(LENGTH):
        one_more(rng, room, eager=n % 13 == 0)
        if n % 6 == 0:
            yield room


def unkept(page: str) -> list[str]:
    """What is wrong with how the forms of a page keep what is entered in them."""
    found: list[str] = []
    all_ = elements(page)
    by_id = {one.attributes["id"]: one for one in all_ if one.tag == "form" and "id" in one.attributes}
    names: dict[str, Element] = {}
    for form in (one for one in all_ if one.tag == "form" and "data-entered" in one.attributes):
        name = form.attributes["data-entered"]
        found += [f"two forms keep under {name!r}: {form}"] if name in names or not name else []
        names[name] = form
    for field in filter(is_entered, all_):
        own = field.attributes.get("form")
        owner = by_id.get(own) if own else next((one for one in field.above() if one.tag == "form"), None)
        if owner is None:
            found.append(f"a field of no form: {field}")
        elif "data-entered" not in owner.attributes:
            found.append(f"{called(owner)} does not say under which name its fields are kept")
        elif "name" not in field.attributes:
            found.append(f"a field without a name in {called(owner)}: {field}")
    return found


def is_entered(one: Element) -> bool:
    kept = "readonly" in one.attributes and "name" not in one.attributes  # shown, to be copied
    visible = one.tag in ("select", "textarea") or (
        one.tag == "input" and one.attributes.get("type") != "hidden"
    )
    return visible and not kept


def called(form: Element) -> str:
    return form.attributes.get("data-op") or form.attributes.get("action", "a form")


@pytest.mark.parametrize("surface", ["desk", "phone"])
def test_every_form_with_a_field_keeps_what_is_entered_under_a_name_of_its_own(pages, surface):
    found: set[str] = set()
    for room in (*rooms(), *on_phone.stages(), *histories()):
        view = View(room.state, {PEOPLE[0]: "Léa"})
        for who in {WHO[surface], *(PEOPLE if surface == "phone" else ())}:
            if who in room.state.people.by_id:
                page = pages.document(
                    view, Audience(surface, "en"), who, token=Token(1, 7, "c"), now=1, ticket="t", nonce="n"
                )
                found.update(unkept(page))

    assert sorted(found) == []


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ('<form data-op="EditIdea"><textarea name="text"></textarea></form>', "EditIdea does not say"),
        (
            '<form id="g" data-op="Group"></form><input type="checkbox" name="ideas" form="g">',
            "Group does not",
        ),
        ('<form action="/pilot" data-entered="pilot"><input></form>', "without a name in /pilot"),
        ('<form data-entered="a"></form><form data-entered="a"></form>', "two forms keep under 'a'"),
        ('<p><select name="x"></select></p>', "a field of no form"),
    ],
)
def test_a_form_that_keeps_nothing_is_named(page, fault):
    assert [one for one in unkept(page) if fault in one]


def test_a_form_of_buttons_alone_needs_no_name():
    assert (
        unkept('<form data-op="SayDone"><input type="hidden" name="for"><button>Done</button></form>') == []
    )
