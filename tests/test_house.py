"""Contracts on the code itself: what the rules, the texts and the documents say of each other stays true."""

import argparse
import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from forum import live
from forum.cli import COMMANDS, _parser
from forum.cli.terminal import Terminal
from forum.domain.kernel import Rejection
from forum.domain.methods import METHODS
from forum.domain.roles import Role
from forum.domain.room import REFUSALS, RULES
from forum.fragments.surface import Changes, Put
from forum.journal import Head
from forum.language import Reader
from forum.live import frames
from forum.opening import agendas
from forum.web import errors, verdicts, wire

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
DOCUMENTS = [ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")]
DOCUMENTS += sorted((ROOT / "docs").glob("*.md"))
PYTHON = sorted((ROOT / "forum").rglob("*.py"))
SENTENCES = REFUSALS | live.REFUSALS | wire.REFUSALS
MAY_MARK_SAFE = {
    "forum/fragments/environment.py",
    "forum/fragments/pages.py",
    "forum/fragments/backdrop.py",
    "forum/fragments/surface.py",
}
MAY_INSERT_HTML = {"static/js/fragments.js"}
BROWSERS_OWN_CLOSES = {1012}
OUTSIDE_LIVE = {"time", "random", "secrets", "uuid"}


def rules_cited() -> dict[str, list[str]]:
    """What each rule's tests are called, by the number they cite."""
    names = (
        name
        for file in sorted((ROOT / "tests").rglob("test_*.py"))
        for name in re.findall(r"^\s*(?:async )?def (test_\w+)", file.read_text(), re.MULTILINE)
    )
    found: dict[str, list[str]] = {}
    for name in names:
        if cited := re.match(r"test_([A-Z]\d+)_", name):
            found.setdefault(cited[1], []).append(name)
    return found


def calls(name: str) -> Iterator[tuple[str, list[ast.expr]]]:
    """Every call of a function or class of ours: where, and with what."""
    for file in PYTHON:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == name:
                yield f"{file.relative_to(ROOT)}:{node.lineno}", node.args


def options() -> set[str]:
    """Every option of every command."""
    whole = _parser(Terminal("en"))
    commands = next(a for a in whole._actions if isinstance(a, argparse._SubParsersAction))
    parsers = (whole, *commands.choices.values())
    return {option for parser in parsers for action in parser._actions for option in action.option_strings}


def test_every_rule_is_cited_by_a_test_and_no_test_cites_a_rule_that_does_not_exist():
    cited = rules_cited()

    assert RULES.keys() - cited.keys() == set()
    assert cited.keys() - (RULES | wire.RULES).keys() == set()


def test_every_refusal_written_in_the_code_cites_a_rule_and_has_a_sentence():
    written = [(where, args) for where, args in calls("Rejection") if len(args) >= 2]
    rules = [(where, a[0].value) for where, a in written if isinstance(a[0], ast.Constant)]
    codes = [(where, a[1].value) for where, a in written if isinstance(a[1], ast.Constant)]

    assert len(codes) > 50
    assert [(where, rule) for where, rule in rules if rule not in RULES | wire.RULES] == []
    assert [(where, code) for where, code in codes if code not in SENTENCES] == []


def test_every_failure_that_a_visitor_can_meet_has_a_sentence():
    said = [
        (where, a[2].value) for where, a in calls("spoken") if len(a) > 2 and isinstance(a[2], ast.Constant)
    ]

    assert said
    assert [(where, code) for where, code in said if code not in errors.SENTENCES] == []


def test_rules_and_refusals_are_said_in_french():
    french = Reader("fr")
    sentences = [*(RULES | wire.RULES).values(), *SENTENCES.values(), *errors.SENTENCES.values()]

    assert [sentence for sentence in sentences if french.say(sentence) == sentence] == []


def test_the_close_codes_of_the_protocols_page_are_those_of_the_code():
    page = (ROOT / "docs" / "protocol.md").read_text()
    written = {int(code) for code in re.findall(r"^\| (\d{4}) \|", page, re.MULTILINE)}

    assert written == wire.CLOSES.keys() | BROWSERS_OWN_CLOSES


def examples() -> list[dict]:
    """The frames that the protocol's page shows, each as JSON; those with something left out (``[…]``) are not among them."""
    page = (ROOT / "docs" / "protocol.md").read_text()
    shown = re.findall(r'^ {4}({"t":.*(?:\n {5}.*)*)', page, re.MULTILINE)
    return [json.loads(text) for text in shown if "[…]" not in text]


def is_a_browsers(frame: dict) -> bool:
    return frame["t"] in ("hello", "op", "need") or (frame["t"] == "hb" and "g" not in frame)


def test_the_server_can_read_each_frame_of_a_browser_that_the_protocols_page_shows():
    asked = [frame for frame in examples() if is_a_browsers(frame)]
    read = [wire.frame(json.dumps(frame)) for frame in asked]
    ops = [op for op in read if isinstance(op, wire.Op)]

    assert {frame["t"] for frame in asked} == {"hello", "op", "need", "hb"}
    assert [said for said in read if isinstance(said, wire.Malformed)] == []
    assert [op.k for op in ops if isinstance(wire.command(op.k, op.b, Role.PARTICIPANT), Rejection)] == []


def test_the_frames_of_the_server_on_the_protocols_page_have_the_fields_of_real_ones():
    head, put, reader = Head(1, 2, "c"), Put("key", "place", "", "html"), Reader("en")
    real = [
        frames.welcome(head, "full", 0, 0, 10), *frames.full(head, [put], {}), frames.changes(head, 1, Changes((), ())),
        frames.you([put]), frames.your_changes([put], []), frames.near(Changes((), ())), frames.heartbeat(head, 0), frames.bye(1012, 500),
        frames.moved("ABC234", "https://forum.example.org"),
        *map(frames.text_frame, (
            verdicts.frame(reader, live.Accepted(head, None), 1, 1, str, "proof"),
            verdicts.frame(reader, live.Refused(Rejection("W2", "empty"), head), 1, 1, str),
            verdicts.frame(reader, live.OutOfOrder(2), 7, 1, str),
            verdicts.slow(reader, 1, 1, "rate", 250),
        )),
    ]  # fmt: skip
    fields = {frozenset(json.loads(frame[2 if frame[1] < 126 else 4 :])) for frame in real}
    shown = [frame for frame in examples() if not is_a_browsers(frame)]

    assert {frame["t"] for frame in shown} == {
        "welcome",
        "full",
        "chg",
        "you",
        "ack",
        "nack",
        "hb",
        "bye",
        "moved",
    }
    assert [frame for frame in shown if frozenset(frame) not in fields] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_link_to_a_heading_leads_to_one(document: Path):
    def headings(path: Path) -> set[str]:
        titles = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
        return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}

    links = re.findall(r"\]\((?!https?:)([^)\s#]*)#([^)\s]+)\)", document.read_text())
    there = [(document.parent / file if file else document, heading) for file, heading in links]

    assert [heading for path, heading in there if heading not in headings(path)] == []


def test_texts_of_people_are_marked_safe_nowhere():
    python = {str(f.relative_to(ROOT)) for f in PYTHON if re.search(r"\bMarkup\(", f.read_text())}
    templates = [
        f.name for f in (ROOT / "templates").rglob("*.html") if re.search(r"\|\s*safe\b", f.read_text())
    ]
    inserting = r"innerHTML|outerHTML\s*=|insertAdjacentHTML|document\.write|setHTML|createContextualFragment"
    scripts = {
        str(f.relative_to(ROOT))
        for f in (ROOT / "static" / "js").rglob("*.js")
        if re.search(inserting, f.read_text())
    }

    assert python == MAY_MARK_SAFE
    assert templates == []
    assert scripts == MAY_INSERT_HTML


def test_every_command_is_in_the_readme():
    assert [name for name in COMMANDS if f"forum {name}" not in README] == []


def test_every_option_that_the_readme_names_exists():
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README))

    assert named
    assert named - options() == set()


def test_every_setting_is_in_the_readme_and_the_readme_names_no_other():
    read = set(re.findall(r'environment\.get\("(\w+)"\)', (ROOT / "forum" / "settings.py").read_text()))

    assert "FORUM_DATA" in read
    assert [name for name in read if f"`{name}`" not in README] == []
    assert set(re.findall(r"\bFORUM_[A-Z_]+\b", README)) - read == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_names_only_files_and_make_targets_that_exist(document: Path):
    text = document.read_text()
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    asked = set(re.findall(r"(?:`|^ {4}|^)make ([a-z]+)", text, re.MULTILINE))
    links = {link.partition("#")[0] for link in re.findall(r"\]\((?!https?:|#)([^)\s]+)\)", text)}
    links |= set(re.findall(r'<img[^>]* src="(?!https?:)([^"]+)"', text))

    assert asked - targets == set()
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_live_rooms_and_rules_take_clock_and_chance_from_whoever_makes_them():
    """Or no simulation could decide what happens. The event loop's clock is handed in with the loop."""
    taken = []
    for file in (*(ROOT / "forum" / "live").rglob("*.py"), *(ROOT / "forum" / "domain").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            taken += [(file.name, name) for name in names if name in OUTSIDE_LIVE]
            if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today"):
                taken += [(file.name, ast.unparse(node))] if "date" in ast.unparse(node.value) else []

    assert taken == []


def test_no_sheet_says_what_the_phones_people_have_drop_or_hang_on() -> None:
    """``@layer``: nothing before Chrome 99, a hanging page in 102 to 105. ``:not(:has())``: not looked at again by
    WebKit before mid-2024. ``:has()`` of the very thing that it shows: never displayed by Chrome 105. A rule within a
    rule: dropped before Chrome 112."""
    for sheet in sorted((ROOT / "static" / "css").glob("*.css")):
        rules = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
        assert "@layer" not in rules, sheet.name
        assert not re.search(r":not\(\s*:has", rules), sheet.name
        for words in re.findall(r"([^{};]*)\{[^{}]*\bdisplay: (?!none)[^{}]*\}", rules):
            assert not re.search(r":has(\((?:[^()]|\([^()]*\))*\))[^ >+~,]*\s*(,|$)", words), (
                f"{sheet.name}: {words.strip()}"
            )
        within: list[str] = []
        for words, brace in re.findall(r"([^{};]*)([{};])", rules):
            if brace == "{":
                assert all(outer.startswith("@") for outer in within), f"{sheet.name}: {words.strip()}"
                within.append(words.strip())
            elif brace == "}":
                within.pop()


def test_no_fragment_imports_with_its_context():
    """A macro that holds its context is a cycle, in which a forum's state stays until somebody collects."""
    templates = [t for t in (ROOT / "templates").rglob("*.html") if t.parent.name != "pages"]

    assert [t.name for t in templates if "with context" in t.read_text()] == []


NUMBERS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


def test_the_limits_of_today_say_as_many_agendas_and_ways_to_vote_as_there_are() -> None:
    limits = README.split("## Limits today")[1].split("\n## ")[0].lower()

    assert f"- {NUMBERS[len(METHODS)]} ways to vote" in limits
    assert f"- {NUMBERS[len(agendas())]} agendas" in limits
    assert "not there yet" not in limits
