"""What a form lets one type is what the field of its command holds."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest

from forum.domain import choosing
from forum.domain.limits import NAME, Range, Text, limits
from forum.domain.room import COMMANDS
from forum.domain.settings import Settings
from forum.domain.steps.kinds import KINDS
from forum.fragments.pages import Token
from forum.fragments.surface import Audience, View
from tests.scenes import FACILITATOR, LEA, a_room, a_vote

TEMPLATES = Path(__file__).parents[2] / "templates"
BY_THE_BOARD = {"PostIdea.text", "EditIdea.text"}  # its own length is a setting of the step


class Bounds(HTMLParser):
    """The bounds that a page gives the fields of its forms: (command, field, attribute, number)."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str, int]] = []
        self._command = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._command = given.get("action", "").rpartition("/")[2]
        for bound in ("data-max", "max"):
            if tag in ("input", "textarea") and given.get(bound, "").isdecimal():
                self.found.append((self._command, given["name"], bound, int(given[bound])))


def rooms():
    yield a_room().opened("ideas").with_ideas(3)
    yield a_room().opened("ideas").with_ideas(3).revealed("ideas").opened("sort")
    yield a_vote()
    yield a_vote().closed("vote").revealed("vote").opened("plan").with_plan("Ouvrir un studio")
    yield (
        a_vote().closed("vote").revealed("vote").opened("plan").with_plan("Ouvrir un studio").opened("pledge")
    )


@pytest.mark.parametrize("surface", ["phone", "desk"])
def test_every_field_of_a_form_takes_as_much_as_its_command(pages, surface: str) -> None:
    found: set[tuple[str, str, str, int]] = set()
    for room in rooms():
        who = LEA if surface == "phone" else FACILITATOR
        view, token = View(room.state, {LEA: "Léa"}), Token(1, room.state.seq, "c")
        html = pages.document(view, Audience(surface, "en"), who, token=token, now=1, ticket="t", nonce="n")
        found |= set(Bounds(html).found)

    wrong = []
    for command, field, bound, number in found:
        if f"{command}.{field}" in BY_THE_BOARD:
            continue
        limit = NAME if field == "name" else said_of(command, field)
        if not isinstance(limit, Text | Range) or limit.most != number:
            wrong.append((command, field, bound, number))
    assert wrong == []
    assert len(found) > 3


def said_of(command: str, field: str) -> object:
    """What is said of a field of a command, or of the settings inside it."""
    name, _, inside = field.partition(".")
    if name not in ("settings", "chosen"):
        return limits(COMMANDS[command]).get(name)
    kind, _, inside = inside.rpartition(".")
    kinds = [KINDS[kind].settings] if kind else get_args(Settings)
    offered = next(
        (
            field.numbers or field.text
            for one in kinds
            for field in choosing.offered(one)
            if field.name == inside
        ),
        None,
    )
    if offered:
        return offered
    return next((said[inside] for one in kinds if inside in (said := limits(one))), None)


def test_no_template_writes_a_length_by_hand() -> None:
    by_hand = [
        (file.name, line)
        for file in sorted(TEMPLATES.rglob("*.html"))
        for line in file.read_text().splitlines()
        if re.search(r'data-max="\d+"', line)
    ]

    assert by_hand == []
