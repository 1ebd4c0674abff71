"""What a ballot method must have registered, and what one lacks: asked of the product's methods, and of the tests' own."""

from collections.abc import Iterator

from jinja2 import TemplateNotFound

from forum.audit.tallies import TALLIES
from forum.demo.voters import VOTERS
from forum.domain.methods import METHODS, Method
from forum.fragments.environment import environment
from forum.language import LANGUAGES
from forum.language.tellings import TELLINGS
from tests.methods.known import KNOWN

MACROS = ("rule", "how", "give", "mine", "kept", "blank", "enter", "entered", "score", "figures", "nobody")
"""What the surfaces import of a method's template."""


def lacks(method: Method) -> list[str]:
    """The registrations that a method lacks, each with the place where it belongs."""
    return list(_lacks(method))


def _lacks(method: Method) -> Iterator[str]:
    name = method.name
    if METHODS.get(name) is not method:
        yield f"{name} has no line in METHODS (forum/domain/methods/__init__.py)"
    if not method.title:
        yield f"{name} has no title for the desk (Method.title)"
    if name not in TELLINGS:
        yield f"{name} has no telling (forum/language/tellings.py)"
    if (name, method.version) not in TALLIES:
        yield f"version {method.version} of {name} has no second count (forum/audit/tallies.py)"
    if name not in VOTERS:
        yield f"{name} has no crowd in the demo (forum/demo/voters.py)"
    yield from _unwritten(name)
    if name not in KNOWN:
        yield f"{name} is not known to the tests (KNOWN in tests/methods/known.py)"


def _unwritten(name: str) -> Iterator[str]:
    made = environment(LANGUAGES[0], "", lambda path: path)
    try:
        module = made.get_template(f"methods/{name}.html").module
    except TemplateNotFound:
        yield f"{name} has no template (templates/methods/{name}.html)"
        return
    for macro in MACROS:
        if not hasattr(module, macro):
            yield f"templates/methods/{name}.html has no macro {macro}"
