"""Every sentence the product says exists in French, with the same placeholders, set as French is."""

import ast
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from forum.exports.books.sheet import SHEET
from forum.language import Reader, best_language, measured, together, unparted

ROOT = Path(__file__).parents[2]
FRENCH = ROOT / "forum" / "locale" / "fr" / "LC_MESSAGES" / "forum.po"
LITERAL = re.compile(r"\b[A-Z]+(?:_[A-Z]+)+\b|(?<![\w-])--[a-z][a-z-]*|`[^`]+`")
SAYS = ("say", "say_many", "N_", "refuse")
PLACEHOLDER = re.compile(r"\{(\w+)\}|%\((\w+)\)s")


@pytest.fixture(scope="module")
def french() -> Catalog:
    with FRENCH.open("rb") as source:
        return read_po(source, locale="fr")


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What the code and the templates say now."""
    found = tmp_path_factory.mktemp("messages") / "forum.pot"
    extract = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract", "-F", "pyproject.toml"]
    keywords = ["-k", "say", "-k", "refuse", "-k", "say_many:1,2", "-o", str(found), "."]
    subprocess.run([*extract, *keywords], cwd=ROOT, check=True)
    with found.open("rb") as source:
        return read_po(source)


def texts(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string]


def test_every_sentence_has_its_french(wanted: Catalog, french: Catalog) -> None:
    missing = [m.id for m in wanted if m.id and not ((known := french.get(m.id)) and all(texts(known)))]

    assert missing == []


def test_a_sentence_within_another_text_has_its_french_too(french: Catalog) -> None:
    """What extracts sentences reads none that stands within an f-string: such a one would be said in English alone."""
    said = [
        (path.name, node.args[0].value)
        for path in (ROOT / "forum").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
        if getattr(node.func, "attr", getattr(node.func, "id", "")) in SAYS and node.args[0].value
    ]

    assert len(said) > 1000
    assert [one for one in said if not french.get(one[1])] == []


def test_french_sentences_keep_their_placeholders(french: Catalog) -> None:
    for message in french:
        ids = message.id if isinstance(message.id, tuple | list) else [message.id]
        allowed = {a or b for one in ids for a, b in PLACEHOLDER.findall(one)}
        for text in texts(message) if message.id else []:
            assert {a or b for a, b in PLACEHOLDER.findall(text)} <= allowed, text


def test_what_is_typed_as_it_stands_is_the_same_in_french(french: Catalog) -> None:
    changed = {
        name
        for message in french
        if message.id
        for one in ([message.id] if isinstance(message.id, str) else message.id)
        for name in LITERAL.findall(one)
        if not all(name in text for text in texts(message))
    }

    assert changed == set()
    assert LITERAL.findall("AmbientCapabilities=CAP_NET_BIND_SERVICE, --port 8000 or `make run` (FORUM_HOST)") == [
        "CAP_NET_BIND_SERVICE", "--port", "`make run`", "FORUM_HOST",
    ]  # fmt: skip


HEARD_ALONE = {"One point less:", "One point more:"}
"""Names of controls, never seen, that each tap of a ballot sends anew: a plain space is two bytes less."""


def test_one_kind_of_space_stands_before_each_french_mark(french: Catalog) -> None:
    """The narrow one, at which no line ends: side by side *Pilote :* and *Partenaires :* look alike."""
    other = re.compile(r"[^\S\u202f][:;!?»]|«[^\S\u202f]")
    said = [t for m in french if m.id and m.id not in HEARD_ALONE for t in texts(m)]

    assert [text for text in said if other.search(text)] == []
    assert not other.search("Pilote\u202f: «\u202foui\u202f»")
    assert all(map(other.search, ("Pilote :", "Pilote\u00a0:", "«\u00a0oui", "oui »")))


def test_what_a_template_says_after_something_has_the_colon_of_its_language() -> None:
    """``{{ _(": ") }}``: an English colon stands by its word. What is typed into a field is read by either."""
    bare = re.compile(r"[}%]\}(?:</\w+>)*:(?=\s|<|\{)")
    found = {
        str(path.relative_to(ROOT / "templates")): len(bare.findall(path.read_text()))
        for path in (ROOT / "templates").rglob("*.html")
    }

    assert {name: n for name, n in found.items() if n} == {"fields/series.html": 1}


def test_french_has_its_thin_spaces_and_its_apostrophes(french: Catalog) -> None:
    wrong = [
        t
        for m in french
        if m.id
        for t in texts(m)
        if re.search(r"[ \w][;!?]|« | »|\w'\w", t.replace("&", ""))
    ]

    assert [t for t in wrong if "http" not in t] == []


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr-FR,fr;q=0.9", "fr"),
        ("en-GB", "en"),
        ("de,en;q=0.5", "en"),
        ("de", "fr"),
        (None, "fr"),
        ("x" * 5000, "fr"),
    ],
)
def test_the_first_known_language_of_the_browser_is_spoken(header: str | None, language: str) -> None:
    assert best_language(header, "fr") == language


def test_dates_times_and_plurals_are_right_in_both_languages() -> None:
    french, english = Reader("fr"), Reader("en")

    assert french.day("2025-02-01") == "1er\u00a0février\u00a02025"
    assert english.day("2025-02-01") == "1\u00a0February\u00a02025"
    assert french.short_day("2026-12-01") == "mar.\u00a01er\u00a0déc."
    assert english.short_day("2026-12-01") == "Tue\u00a01\u00a0Dec"
    assert french.short_day("2026-12-01", now=1_737_000_000_000) == "mar.\u00a01er\u00a0déc.\u00a02026"
    assert english.short_day("2026-12-01", now=1_737_000_000_000) == "Tue,\u00a01\u00a0Dec\u00a02026"
    assert french.short_day("2025-12-01", now=1_737_000_000_000) == "lun.\u00a01er\u00a0déc."
    assert french.say_many("{n} card", "{n} cards", 0) == "0 carte"
    assert english.say_many("{n} card", "{n} cards", 0) == "0 cards"
    assert french.number(12345) == "12\u202f345"
    assert re.fullmatch(r"\d{1,2}\u202fh\u202f\d\d", french.clock(1_737_000_000_000))
    assert re.fullmatch(r"\d{1,2}:\d\d\u00a0[ap]m", english.clock(1_737_000_000_000))


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_no_line_ends_within_a_date_and_in_french_the_first_of_each_month_is_called_the_first(
    lang: str,
) -> None:
    reader, start = Reader(lang), date(2027, 1, 1)
    for day in (start + timedelta(n) for n in range(365)):
        for said in (reader.day(day), reader.short_day(day.isoformat())):
            assert " " not in said, said
            assert ("1er\u00a0" in said) == (lang == "fr" and day.day == 1), said


def test_days_are_put_into_words_in_one_place() -> None:
    elsewhere = [
        path.name
        for path in (ROOT / "forum").rglob("*.py")
        if path.parent.name != "language"
        and re.search(r"babel\.dates|format_date|%[aAbB]\b", path.read_text())
    ]

    assert elsewhere == []


def test_a_number_stands_by_its_sign_in_french(french: Catalog) -> None:
    assert [text for message in french for text in texts(message) if "n° " in text] == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Marie D.", "Marie_D."),
        ("J. P. Martin", "J._P._Martin"),
        ("Ch. Durand", "Ch._Durand"),
        ("Camille 12", "Camille_12"),
        ("Anne-Lise Martin", "Anne-Lise Martin"),
        ("Camille", "Camille"),
    ],
)
def test_no_line_ends_beside_an_initial_or_the_number_of_a_name(name: str, said: str) -> None:
    assert together(name) == said.replace("_", "\u00a0")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("dès 17 h 30, 5 min", "dès 17_h_30, 5_min"),
        ("10 000 € et 3 %", "10_000_€ et 3_%"),
        ("20 m2, 12 kWh", "20_m2, 12_kWh"),
        ("le 12 mars 2 lits", "le 12 mars 2 lits"),
        ("5 mardis, 20 tables", "5 mardis, 20 tables"),
        ("Demain : « qui ? quoi ! » ; fin", "Demain_: «_qui_? quoi_!_»_; fin"),
        ("Merci :) : oui", "Merci :)_: oui"),
    ],
)
def test_no_line_ends_within_a_number_nor_begins_with_its_unit_or_a_french_mark(text: str, said: str) -> None:
    assert measured(text) == said.replace("_", "\u00a0")


def test_a_verb_and_its_pronoun_are_a_word_of_a_headline() -> None:
    assert unparted("De quoi serons-nous fiers, et qu’aura-t-on fait ?") == [
        "De quoi ", "serons-nous", " fiers, et ", "qu’aura-t-on", " fait ?"
    ]  # fmt: skip
    assert unparted("Un après-midi hands-only") == ["Un après-midi hands-only"]


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("number", [0, 7, -3, 999, 1000, 12_345, 1_234_567])
def test_a_whole_number_is_written_as_its_language_writes_it(lang, number):
    reader = Reader(lang)

    assert reader.number(number) == format_decimal(number, locale=reader.locale)


def test_french_has_one_word_for_whoever_runs_the_server(french: Catalog) -> None:
    others = re.compile(r"exploite|tient (?:ce|le) serveur")
    found = [text for message in french for text in texts(message) if others.search(text)]

    assert found == []


def words_not_said() -> list[str]:
    """The last column of the table of words in CONTRIBUTING.md."""
    table = (
        (ROOT / "CONTRIBUTING.md")
        .read_text()
        .partition("### The words on the surfaces")[2]
        .partition("\n## ")[0]
    )
    rows = [line.strip("| ").split("|") for line in table.splitlines() if line.startswith("| ")]
    return [word.strip() for row in rows[1:] for word in row[-1].split(",")]


OF_PUBLIC_PLANS = {
    "Operational objective", "Roles (RACI)", "Human and material resources", "Budget and funding", "Follow-up",
    "Reason given at the end",
}  # fmt: skip
"""Rows of the sheet of an action in the words of French public plans: no screen says them so."""


def test_documents_name_what_an_action_has_as_the_screens_do(french: Catalog) -> None:
    screens = ("templates/", "forum/domain/")
    said = {row.label for row in SHEET} - OF_PUBLIC_PLANS
    alone = {
        label
        for label in said
        if (message := french.get(label)) and not any(at.startswith(screens) for at, _ in message.locations)
    }

    assert said >= {"First step", "Pilot", "Partners", "Due"}
    assert alone == set()


def test_one_word_stands_for_one_thing_in_everything_that_is_said(french: Catalog) -> None:
    words = words_not_said()
    agendas = [path.read_text() for path in (ROOT / "forum" / "agendas").rglob("*.json")]
    said = [*(text for message in french if message.id for text in texts(message)), *agendas]
    other = re.compile(rf"\b({'|'.join(map(re.escape, words))})s?\b", re.IGNORECASE)

    assert "pupitre" in words
    assert {found[0] for text in said for found in other.finditer(text)} == set()


def test_in_french_an_hour_of_the_clock_never_follows_depuis(french: Catalog) -> None:
    """“Ouverte depuis 2 h 28” reads as for how long."""
    hour = re.compile(r"depuis %?[({]time[)}]")
    said = [text for message in french if message.id for text in texts(message)]

    assert [text for text in said if hour.search(text)] == []
    assert any("à %(time)s" in text for text in said)
    assert hour.search("Ouverte depuis %(time)s.")
