"""What a kind of field must have registered, and what one lacks: asked of the product's kinds, and of the tests' own."""

from collections.abc import Iterator

from jinja2 import TemplateNotFound

from forum.domain.room import REFUSALS
from forum.domain.sheets.fields import FIELD_KINDS, FieldKind
from forum.exports.fields import EXPORTED
from forum.fragments.environment import environment
from forum.language import LANGUAGES
from tests.toysheet import RECIPE
from tests.typed import TYPED

MACROS = ("input", "reading")
"""What forms and sheets import of the template of a kind of field."""


def lacks(kind: FieldKind) -> list[str]:
    """The registrations that a kind of field lacks, each with the place where it belongs."""
    return list(_lacks(kind))


def _lacks(kind: FieldKind) -> Iterator[str]:
    name = kind.name
    if FIELD_KINDS.get(kind.holds) is not kind:
        yield f"{name} has no line in _KINDS (forum/domain/sheets/fields/__init__.py)"
    if name not in EXPORTED:
        yield f"{name} has no cell and no JSON (forum/exports/fields.py)"
    if name not in TYPED:
        yield f"{name} is typed by nobody in random histories (tests/typed.py)"
    if kind.holds in FIELD_KINDS and not [f for f in RECIPE.fields if f.kind is kind]:
        yield f"{name} is in no recipe (tests/toysheet.py)"
    for code in kind.refusals.keys() - REFUSALS.keys():
        yield f"{name} refuses with {code}, which has no sentence"
    made = environment(LANGUAGES[0], "", lambda path: path)
    try:
        module = made.get_template(f"fields/{name}.html").module
    except TemplateNotFound:
        yield f"{name} has no template (templates/fields/{name}.html)"
        return
    for macro in MACROS:
        if not hasattr(module, macro):
            yield f"templates/fields/{name}.html has no macro {macro}"
