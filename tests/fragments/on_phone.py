"""Somebody's phone, as its tests look at it."""

from html.parser import HTMLParser

from forum.domain.plan.words import Volunteer
from forum.domain.settings import BoardSettings
from forum.domain.steps.pledge import Pledge
from forum.fragments.pages import Token
from forum.fragments.surface import Audience, View
from tests.scenes import ECLAIR, LEA, a_room, a_vote

PHONE = Audience("phone", "en")
NAMES = {LEA: "Léa"}
FIRST_LOAD_BYTES = 20_000  # page and style sheets, compressed: half of what a phone may load at first


def document(pages, room, person=LEA, **given) -> str:
    view = View(room.state, NAMES)
    token = Token(1, room.state.seq, "c")
    return pages.document(view, PHONE, person, token=token, now=1, ticket="ticket", nonce="n", **given)


def shared(pages, room) -> dict[str, str]:
    return {put.key: put.html for put in pages.page(View(room.state, NAMES), PHONE)}


def mine(pages, room, person=LEA) -> dict[str, str]:
    return {put.key: put.html for put in pages.you(View(room.state, NAMES), PHONE, person)}


def redrawn(pages, room) -> dict[str, str]:
    """What the last fact changed on everybody's page: key → place."""
    return {p.key: p.place for p in pages.changes(View(room.state, NAMES), PHONE, room.state.touched).puts}


def a_board(**settings):
    return a_room({**ECLAIR, "ideas": BoardSettings(**settings)}).opened("ideas")


def a_sort(ideas: int = 3):
    return a_room().opened("ideas").with_ideas(ideas).revealed("ideas").opened("sort")


class Forms(HTMLParser):
    """Every form of a page with the names of its fields, those outside it that name it by id included."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict] = []
        self.elsewhere: list[tuple[str, str]] = []
        self.inside = False

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.inside = True
            self.forms.append({
                "op": given.get("data-op", ""), "id": given.get("id"), "method": given.get("method"),
                "action": given.get("action", ""), "fields": set(),
            })  # fmt: skip
        elif tag in ("input", "textarea", "select", "button") and "name" in given:
            if "form" in given:
                self.elsewhere.append((given["form"], given["name"]))
            elif self.inside:
                self.forms[-1]["fields"].add(given["name"])

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "form"


def forms(html: str) -> list[dict]:
    found = Forms()
    found.feed(html)
    for form in found.forms:
        form["fields"] |= {name for owner, name in found.elsewhere if owner == form["id"]}
    return found.forms


def stages():
    """A room at each kind of step, with something in it."""
    board = a_board().with_ideas(4)
    yield board
    yield a_sort().with_theme("theme1", 1)
    yield a_vote()
    plan = a_vote().closed("vote").with_plan("Open a place").opened("plan")
    plan.ask(Volunteer("act001", "partner"), LEA)
    yield plan
    pledges = a_vote().closed("vote").with_plan("Open a place").opened("pledge")
    pledges.ask(Pledge("pledge001", "Call three people", "2025-01-20"), LEA)
    yield pledges
