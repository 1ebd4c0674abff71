"""What a page promises holds wherever it is read: without scripts, before there is an axis, with few ballots, after the end."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest

from forum.domain.flow import EditStep
from forum.domain.kernel import StepId
from forum.domain.people import SetEntry
from forum.domain.plan.words import EditAction
from forum.domain.sessions.record import FIRST
from forum.domain.sessions.words import EndSession, ExpectPeople
from forum.fragments.pages import Token
from forum.fragments.surface import Audience, View
from forum.language import LANGUAGES
from tests.fragments import on_desk, on_phone
from tests.fragments.on_phone import shared, stages
from tests.fragments.test_closing import a_closing
from tests.fragments.test_desk_told import few_votes
from tests.fragments.test_rest import resting
from tests.scenes import ANNE, LEA, Scene, a_room, a_vote

PROMISES = re.compile(r"(?:by itself|wakes up|(?:d’elle|lui)-même|se réveille)")
AFTER_A_MOMENT = "stands-still"  # says that the page does not change, where no script removes it
VOID = {"input", "br", "meta", "link", "img", "hr", "source", "col"}
STAYS = {
    "PostIdea": "one writes on at the top, where the field is",
    "WithdrawIdea": "the card goes: there is nothing to come back to",
    "SayDone": "the bar is on every part of the page",
    "TakeDoneBack": "the bar is on every part of the page",
}
"""Forms of the phone that lead back to the top, and why."""


class Read(HTMLParser):
    """The words of a page as somebody reads them whose browser runs no script."""

    def __init__(self, *, scripted: bool = False) -> None:
        super().__init__()
        self.words: list[str] = []
        self.unread = 0
        self.scripted = scripted

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        hides = (
            tag in ("script", "style", "template")
            or "hidden" in given
            or given.get("id") == AFTER_A_MOMENT
            or (not self.scripted and "scripted" in (given.get("class") or "").split())
        )
        if tag not in VOID and (self.unread or hides):
            self.unread += 1

    def handle_endtag(self, tag):
        self.unread = max(0, self.unread - 1) if tag not in VOID else self.unread

    def handle_data(self, data):
        if not self.unread:
            self.words.append(data)


def promised(page: str, *, scripted: bool = False) -> list[str]:
    read = Read(scripted=scripted)
    read.feed(page)
    return PROMISES.findall(unescape(" ".join(read.words)))


def quiet_moments():
    """What a phone shows while there is nothing to do on it."""
    yield "welcome", a_room()
    listening = a_room().opened("ideas").opened("welcome")
    listening.ask(EditStep(StepId("welcome"), phones_down=True))
    yield "listening", listening
    yield "paused", resting(date="2025-02-11")
    ended = a_room().opened("ideas")
    ended.ask(EndSession(FIRST))
    yield "ended", ended
    waiting = a_room()
    waiting.ask(SetEntry("approval"))
    waiting.joined("zoe")
    yield "waiting", waiting


def phone_page(pages, room: Scene, lang: str) -> str:
    person = "zoe" if "zoe" in room.state.people.by_id else LEA
    token = Token(1, room.state.seq, "c")
    view = View(room.state, {})
    return pages.document(view, Audience("phone", lang), person, token=token, now=1, ticket="t", nonce="n")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("moment", "room"),
    [pytest.param(*one, id=str(one[0])) for one in (*quiet_moments(), *enumerate(stages()))],
)
def test_no_phone_without_scripts_is_promised_that_its_page_changes(pages, moment, room, lang):
    assert promised(phone_page(pages, room, lang)) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_phone_whose_script_is_alive_is_told_that_its_page_changes(pages, lang):
    told = {
        moment: promised(phone_page(pages, room, lang), scripted=True) for moment, room in quiet_moments()
    }

    assert told["welcome"]
    assert told["paused"]
    assert not told["ended"], "nothing is to come any more"


def test_only_the_calm_page_is_dark(pages):
    """Darkness says “look up”: no page that asks for something has it."""
    for room in stages():
        assert not re.search(r'class="[^"]*\bidle\b', "".join(shared(pages, room).values()))
    calm = next(room for moment, room in quiet_moments() if moment == "listening")
    assert re.search(r'class="[^"]*\bidle\b', "".join(shared(pages, calm).values()))


def test_every_form_of_the_phone_leads_back_to_what_it_did(pages):
    """Without scripts the whole page comes again: at its top nothing says that it worked."""
    astray = set()
    for room in stages():
        page = on_phone.document(pages, room)
        for op, inside in re.findall(r'data-op="(\w+)"(.*?)</form>', page, re.DOTALL):
            then = re.search(r'name="then"\s+value="([^"]+)"', inside)
            there = then and (then[1].endswith("-*") or f'id="{then[1]}"' in page or then[1] in OWN)
            if op not in STAYS and op != "GiveMark" and not there:
                astray.add(op)

    assert astray == set()


OWN = {"my-kept"}
"""Fragments that are there once the form is answered."""


# Before there is an axis


@pytest.mark.parametrize("surface", ["phone", "screen"])
def test_nobody_is_told_what_to_do_with_actions_before_there_is_an_axis(pages, surface):
    room = a_vote().closed("vote").opened("plan")
    before = page(pages, room, surface)
    room.with_plan("Open a place")
    after = page(pages, room, surface)

    assert "Instruction" not in before["words"]
    assert "The facilitator is choosing the axes" in before["act" if surface == "phone" else "stage"]
    assert "Instruction" in after["words"]


def test_the_wall_shows_the_themes_from_which_axes_are_chosen(pages):
    room = a_vote().closed("vote").opened("plan")
    themes = [theme.title for theme in room.state.themes.by_id.values()]
    before = page(pages, room, "screen")["stage"]
    room.with_plan("Open a place")
    after = page(pages, room, "screen")["stage"]

    assert all(title in before for title in themes)
    assert not any(title in after for title in themes)


# A vote of few


def test_V10_where_nobody_is_left_to_vote_the_desk_is_not_told_to_reopen(pages):
    """Five are here: as long as one of them has not voted, the vote is reopened for them."""
    left, all_in = few_votes(4), few_votes(4)
    absent = frozenset({"per3"})
    with_one, without = (
        "".join(
            p.html
            for p in pages.page(View(r.state, {}, absent=a), Audience("desk", "en"))
            if p.key in ("now", "lead")
        )
        for r, a in ((left, frozenset()), (all_in, absent))
    )

    assert "reopen the vote to let others vote" in with_one
    assert 'class="button now-button quiet"' in with_one
    assert "As many have voted as are present" in without
    assert "reopen the vote" not in without
    assert re.search(r'class="button now-button"><span>Reveal the result anyway', without)


def test_V10_the_desk_is_told_before_the_close_that_few_ballots_are_held_back(pages):
    few, enough = a_vote(), a_vote().joined("per1", "per2", "per3")
    before = a_room()
    before.ask(ExpectPeople(FIRST, 4))

    assert "fewer than 5 ballots" in on_desk.shared(pages, few)["counts"]
    assert "fewer than 5 ballots" not in on_desk.shared(pages, enough)["counts"]
    assert "fewer than 5 ballots" in on_desk.shared(pages, before)["ready"]
    before.ask(ExpectPeople(FIRST, 40))
    assert "fewer than 5 ballots" not in on_desk.shared(pages, before)["ready"]


def test_a_closed_vote_promises_no_result_that_may_never_be_shown(pages):
    room = few_votes(2)

    for surface in ("phone", "screen"):
        said = "".join(page(pages, room, surface).values())
        assert "not revealed yet" in said
        assert "in a moment" not in said


def test_a_session_of_which_nothing_was_opened_is_not_under_way_at_the_desk(pages):
    before, after = (on_desk.shared(pages, room)["sessions"] for room in (a_room(), a_room().opened("ideas")))

    assert "not begun yet" in before
    assert "commands/EndSession" not in before
    assert "under way" in after
    assert "commands/EndSession" in after


def page(pages, room: Scene, surface: str) -> dict[str, str]:
    return {put.key: put.html for put in pages.page(View(room.state, {}), Audience(surface, "en"))}


# After the end


@pytest.mark.parametrize("ended", [False, True])
def test_what_was_decided_stays_on_the_wall_after_the_end_and_follows_the_desk(pages, ended):
    room = a_closing()
    if ended:
        room.ask(EndSession(FIRST))
    wall = page(pages, room, "screen")
    room.ask(EditAction("act001", title="Open two desks"))
    after = page(pages, room, "screen")

    assert "Open a desk" in wall["action-act001"]
    assert "I call Rémi" in wall["commitment-pledge01"]
    assert ("The forum is over" in wall.get("words", "")) == ended
    assert "Thank you!" in wall["stage"]
    assert "Open two desks" in after["action-act001"]
    assert 'id="axes"' in wall["stage"]


def test_a_forum_that_ended_without_a_plan_thanks_and_shows_no_empty_plan(pages):
    room = a_room().opened("ideas")
    room.ask(EndSession(FIRST))
    wall = page(pages, room, "screen")

    assert 'id="axes"' not in wall["stage"]
    assert "Thank you!" in wall["stage"]


def test_a_commitment_of_ones_own_says_for_which_action_it_is_and_follows_it(pages):
    room = a_closing()
    view = View(room.state, {})
    before = {p.key: p.html for p in pages.you(view, on_phone.PHONE, ANNE)}["my-pledges"]
    room.ask(EditAction("act001", title="Open two desks"))
    changed = pages.your_changes(View(room.state, {}), on_phone.PHONE, ANNE, room.state.touched).puts
    after = {p.key: p.html for p in changed}["my-pledges"]

    assert "Open a desk" in before
    assert "Open two desks" in after
    assert "Open a desk" not in after
