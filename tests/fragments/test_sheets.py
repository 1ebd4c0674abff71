"""What a schema must have, and the law of fragments on one that no product file knows."""

import random
import re

import pytest

from forum.domain import things
from forum.domain.keeping import Redacted
from forum.domain.kernel import SheetId, StepId
from forum.domain.limits import Text
from forum.domain.sheets import SCHEMAS, UNKNOWN
from forum.domain.sheets.fields import FIELD_KINDS, Amount, Choice, Links
from forum.domain.sheets.schema import Field, Schema
from forum.domain.sheets.words import EditSheet, MakeSheet
from forum.domain.touch import Touch
from forum.exports.tables import TABLES
from forum.fragments.pages import Pages
from forum.fragments.surface import Audience, View
from forum.language import translations
from tests.fragments.test_law import AUDIENCES, mirror, touched_since, view_of
from tests.histories import PEOPLE, one_more
from tests.scenes import ANNE, LEA, a_room
from tests.toyfields import stars
from tests.toysheet import AGENDA, RECIPE, known

NAME = re.compile(r"[a-z][a-z_]{1,30}")


def lacks(schema: Schema) -> list[str]:
    """What a schema still needs, each in a sentence."""
    found = [
        f"{what} is missing"
        for what in ("title", "write", "yours", "made", "edited", "removed")
        if not getattr(schema, what)
    ]
    found += [] if "%(steps)s" in schema.worked_on else ["worked_on does not say of which steps: %(steps)s"]
    found += (
        [] if schema.worked_on.endswith(".") else ["worked_on is no sentence: it ends without a full stop"]
    )
    found += [] if NAME.fullmatch(schema.name) else [f"its name {schema.name!r} cannot be in an address"]
    taken = [*things.THINGS, *TABLES, "forum"]
    found += (
        [f"its name {schema.name!r} is a thing’s or a document’s already"] if schema.name in taken else []
    )
    names = [field.name for field in schema.fields]
    found += [f"two fields are called {name}" for name in set(names) if names.count(name) > 1]
    head = schema.fields[0] if schema.fields else None
    is_title = head and isinstance(head.holds, Text) and head.needed and head.by == "room" and head.wall
    found += (
        []
        if is_title or schema.over
        else ["the first field is not its title: a text that is needed, from the room, on the wall"]
    )
    return found + [f"field {field.name}: {what}" for field in schema.fields for what in lacks_field(field)]


def lacks_field(field: Field) -> list[str]:
    found = [] if NAME.fullmatch(field.name) else ["its name cannot be a field’s"]
    found += [] if field.label else ["label is missing"]
    found += field.kind.wrong(field.holds)
    thing = field.kind.thing(field.holds)
    return found + ([f"there is no thing called {thing!r}"] if thing and thing not in things.names() else [])


def untranslated(schema: Schema) -> list[str]:
    """The sentences of a schema that French has not."""
    french = translations("fr")._catalog
    said = [schema.title, schema.write, schema.yours, schema.made, schema.edited, schema.removed]
    said += [text for field in schema.fields for text in (field.label, field.asks, field.hint) if text]
    said += [label for f in schema.fields for _, label in f.kind.options(f.holds)]
    return [text for text in said if text not in french]


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_has_what_it_needs_in_both_languages(name):
    schema = SCHEMAS[name]

    assert (lacks(schema), untranslated(schema), schema.name) == ([], [], name)


def test_what_a_schema_lacks_is_named():
    bad = UNKNOWN._replace(
        name="idea",
        title="",
        worked_on="",
        fields=(
            Field("Dish", "", Amount(3, 3)), Field("size", "Size", Text(9000)), Field("size", "Size", Links("spell", 0)),
            Field("taste", "Taste", Choice((("", ""), ("", "")))),
        ),
    )  # fmt: skip

    with known():
        assert lacks(RECIPE) == []
    assert "Recipes" in untranslated(RECIPE)
    assert [what for what in lacks(bad) if "missing" in what and "field" not in what] == [
        f"{what} is missing" for what in ("title", "write", "made", "edited", "removed")
    ]
    said = "\n".join(lacks(bad))
    for what in (
        "two fields are called size",
        "is a thing’s",
        "first field is not its title",
        "no number is from 3 to 3",
    ):
        assert what in said
    for what in (
        "9000",
        "spell",
        "links to nothing",
        "options are not apart",
        "no label",
        "label is missing",
        "cannot be a field’s",
        "of which steps",
    ):
        assert what in said


def test_the_toy_has_a_field_of_every_kind():
    assert {type(field.holds) for field in RECIPE.fields} == FIELD_KINDS.keys()


@pytest.mark.parametrize("audience", AUDIENCES, ids=lambda a: f"{a.surface}-{a.lang}")
def test_the_law_holds_on_sheets_of_a_schema_and_a_kind_of_field_that_only_the_tests_know(audience: Audience):
    rng = random.Random(f"sheets {audience}")
    with stars():
        pages = Pages(static=str)
        room = a_room(AGENDA, PEOPLE).opened("ideas").with_ideas(3, by=PEOPLE[0]).opened("recipes")
        shown, since = mirror(pages.page(view_of(room), audience)), room.state.seq
        own = {p: mirror(pages.you(view_of(room), audience, p)) for p in PEOPLE}
        for n in range(150):
            one_more(rng, room, eager=n == 120)
            touched = touched_since(room, since)
            whole = mirror(pages.page(view_of(room), audience))
            for person in PEOPLE:
                now = mirror(pages.you(view_of(room), audience, person))
                if Touch.SCENE in touched or Touch.PEOPLE in touched:
                    own[person] = now
                elif Touch.you(person) in touched:
                    changes = pages.your_changes(view_of(room), audience, person, touched)
                    own[person] = {
                        k: p for k, p in (own[person] | mirror(changes.puts)).items() if k not in changes.gone
                    }
                assert own[person] == now, person
            if Touch.SCENE in touched:
                shown = whole
            else:
                changes = pages.changes(view_of(room), audience, touched)
                shown = {k: p for k, p in (shown | mirror(changes.puts)).items() if k not in changes.gone}
            assert shown == whole
            since = room.state.seq
        assert room.state.sheets.by_id


@pytest.mark.parametrize("audience", AUDIENCES, ids=lambda a: f"{a.surface}-{a.lang}")
def test_K2_a_name_that_is_erased_goes_from_the_sheets_that_name_its_person_at_once(
    pages, audience: Audience
):
    with known():
        room = a_room(AGENDA).opened("recipes")
        room.ask(MakeSheet(SheetId("soup01"), "recipe", StepId("recipes"), {"dish": "Soup"}), ANNE)
        room.ask(EditSheet(SheetId("soup01"), "recipe", {"cook": LEA}))
        room.ask(MakeSheet(SheetId("pie001"), "recipe", StepId("recipes"), {"dish": "Pie"}), ANNE)
        named, nameless = View(room.state, {LEA: "Léa", ANNE: "Anne"}), {ANNE: "Anne"}
        shown, mine = mirror(pages.page(named, audience)), mirror(pages.you(named, audience, ANNE))
        touched = room.happened(Redacted(LEA, name_only=True)).state.touched
        view = View(room.state, nameless)
        changes, own = (
            pages.changes(view, audience, touched),
            pages.your_changes(view, audience, ANNE, touched),
        )

        assert "Léa" in shown["sheet-soup01"].html
        assert shown | mirror(changes.puts) == mirror(pages.page(view, audience))
        assert mine | mirror(own.puts) == mirror(pages.you(view, audience, ANNE))
        assert "sheet-pie001" not in mirror(changes.puts)
        assert Touch.you(ANNE) in touched  # whose own part shows the name too


def test_V7_that_a_sheet_was_changed_since_a_vote_closed_is_told_at_the_desk_at_once(pages) -> None:
    with known():
        room = a_room(AGENDA).opened("recipes")
        for name in ("soup01", "pie001"):
            room.ask(MakeSheet(SheetId(name), "recipe", StepId("recipes"), {"dish": name}), ANNE)
        room.opened("vote").voted(LEA, soup01=1).closed("vote")
        audience = Audience("desk", "en")
        shown = mirror(pages.page(view_of(room), audience))
        room.ask(EditSheet(SheetId("pie001"), "recipe", {"dish": "Tart"}))
        changes = pages.changes(view_of(room), audience, room.state.touched)
        shown |= mirror(changes.puts)

        assert "A title has changed." in shown["ballot"].html
        assert shown == mirror(pages.page(view_of(room), audience))
