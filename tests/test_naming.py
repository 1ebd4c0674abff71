"""Nothing asks for the name of a kind, a ballot method, a sheet, a field or a session outside their own modules."""

from pathlib import Path
from typing import get_args

import pytest

from forum.domain.methods import METHODS
from forum.domain.sessions.record import KINDS as SESSIONS
from forum.domain.sessions.record import SessionKind
from forum.domain.settings import PLURALS, Settings
from forum.domain.sheets import SCHEMAS
from forum.domain.sheets.fields import FIELD_KINDS
from forum.domain.steps.kinds import KINDS
from forum.domain.things import THINGS
from forum.language import translations
from tests import naming

ROOT = Path(__file__).parents[1]
NAMES: dict[str, list[str]] = {
    "kind of step": [*KINDS],
    "ballot method": [*METHODS],
    "sheet": [*SCHEMAS],
    "kind of field": [kind.name for kind in FIELD_KINDS.values()],
    "thing": [*THINGS, *PLURALS],
    "kind of session": [kind for kind in SESSIONS if kind],
}
TYPES = {
    "kind of step": [settings.__name__ for settings in get_args(Settings)],
    "kind of field": [kind.holds.__name__ for kind in FIELD_KINDS.values()],
}
HOME = {
    "kind of step": ("forum/domain/steps/", "forum/fragments/kinds/", "forum/demo/play.py"),
    "ballot method": (
        "forum/domain/methods/", "forum/language/tellings", "forum/audit/tallies", "forum/demo/voters",
        "templates/methods/",
    ),
    "sheet": ("forum/domain/sheets/", "forum/domain/plan/"),  # which is made of some of them
    "kind of field": ("forum/domain/sheets/fields/", "forum/exports/fields.py", "templates/fields/"),
    "thing": (
        "forum/domain/things.py", "forum/domain/settings.py",
        "forum/domain/again.py",  # the register of what something can wait for, in the words of facts
        "forum/domain/steps/", "forum/domain/plan/",  # which make them
        "forum/fragments/kinds/",  # where they are words of touches and of keys
    ),
    "kind of session": ("forum/domain/sessions/record.py",),
}  # fmt: skip
"""Where a name is registered, and the modules of its own."""
OTHERWISE = {
    "forum/audit/contributions.py": "ballot sheet commitment remark",  # the words of receipts, for ever
    "forum/domain/again.py": "sheet",  # the word of facts for all sheets
    "forum/domain/people.py": "approval",  # how people come in
    "templates/desk/people.html": "approval",
    "templates/pages/join.html": "approval",
    "forum/cli/": "links",  # a command, by which people lead
    "forum/fragments/desk.py": "links",  # those by which people lead
    "forum/domain/choosing.py": "Choice",  # of the desk, of a setting
    "forum/domain/limits.py": "Text",  # a limit of a command's field
    "forum/fragments/environment.py": "Text",
    "forum/web/wire.py": "Text",
    "forum/web/protocol.py": "text",  # a message of a socket
    "forum/fragments/kinds/": "text",  # an argument of templates
    "forum/web/commands.py": "action",  # fields of forms and of pages
    "forum/web/pages.py": "action",
    "forum/web/depth.py": "action sheet ambition",  # fields of its forms, arguments of its pages
    "forum/exports/tables.py": "ideas",  # a document
    "forum/fragments/phone_own.py": "idea",  # a touch
}
"""The same words where they mean something else, or are for ever."""


def asked(what: str) -> list[str]:
    names, types = NAMES[what], TYPES.get(what, [])
    found = {
        str(file.relative_to(ROOT)): list(read(file.read_text()))
        for folder, suffix, read in (
            ("forum", "*.py", lambda source: naming.in_python(source, names, types)),
            ("templates", "*.html", lambda source: naming.in_template(source, names)),
            ("static/js", "*.js", lambda source: naming.in_script(source, names)),
        )
        for file in sorted((ROOT / folder).rglob(suffix))
    }
    elsewhere = naming.outside(found, HOME[what])
    return [one for one in elsewhere if not _otherwise(*one.split())]


def _otherwise(where: str, word: str) -> bool:
    return any(where.startswith(file) and word in words.split() for file, words in OTHERWISE.items())


@pytest.mark.parametrize("what", NAMES)
def test_no_code_asks_for_a_name_outside_the_modules_of_its_own(what: str) -> None:
    assert asked(what) == []


def test_each_word_that_means_something_else_is_still_there() -> None:
    """Or the list would let a name through that nobody meant."""
    for file, words in OTHERWISE.items():
        sources = [ROOT / file] if (ROOT / file).is_file() else [*(ROOT / file).rglob("*.py")]
        assert all(any(word in source.read_text() for source in sources) for word in words.split()), file


@pytest.mark.parametrize(
    "source",
    [
        'if step.kind == "ballot": pass', 'x = kind in ("sort", "ballot")', 'x = {"ballot": 1}', 'x = "ballot" != kind',
        'match kind:\n    case "board" | "ballot": pass', "isinstance(step.settings, BallotSettings)",
        "isinstance(step.settings, BoardSettings | BallotSettings)", "match settings:\n    case BallotSettings(): pass",
    ],
)  # fmt: skip
def test_a_name_that_is_asked_for_is_found_in_python(source: str) -> None:
    found = list(naming.in_python(source, ["ballot"], ["BallotSettings"]))

    assert [word for _, word in found] in (["ballot"], ["BallotSettings"])


@pytest.mark.parametrize(
    "source",
    [
        'step("ballot")',
        'x = "ballot"',
        'KIND = Kind("ballot")',
        "isinstance(verdict, Accepted)",
        'd["ballot"]',
    ],
)
def test_a_name_that_is_only_said_is_not_found(source: str) -> None:
    assert list(naming.in_python(source, ["ballot"], ["BallotSettings"])) == []


def test_a_name_that_is_asked_for_is_found_in_templates_and_scripts() -> None:
    template = '<p class="text">\n{% if kind == "text" %}x{% elif kind in ("day", "text") %}{% endif %}{{ a == "b" }}'

    assert list(naming.in_template(template, ["text", "day"])) == [(2, "text"), (2, "day"), (2, "text")]
    assert list(naming.in_template('<p id="a == &quot;text&quot;">{{ word("text") }}', ["text"])) == []
    assert list(naming.in_script('x;\nif (kind === "text") go("day");', ["text", "day"])) == [(2, "text")]


def test_a_kind_of_session_has_words_in_both_languages() -> None:
    french = translations("fr")._catalog

    assert tuple(SESSIONS) == get_args(SessionKind)
    assert [said for said in SESSIONS.values() if said not in french] == []
