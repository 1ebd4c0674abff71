"""The closing: what was decided, by whom and until when stands on the phone; the wall pages the plan, thanks, the commitments."""

import re

from forum.domain.consents.part import GiveConsent
from forum.domain.consents.texts import ADDRESS, NAME_READ
from forum.domain.flow import EditStep, OpenStep, TurnPage
from forum.domain.kernel import PersonId, StepId, Words
from forum.domain.plan.words import ChoosePilot, EditAction, Volunteer
from forum.domain.sessions.record import FIRST
from forum.domain.sessions.words import EditSession, EndSession, PlanSession, ReopenSession
from forum.domain.settings import ShowSettings
from forum.domain.steps.pledge import Pledge
from forum.fragments import screen
from forum.fragments.surface import Audience, View
from forum.web.taking_home import taken
from tests.scenes import ANNE, ECLAIR, LEA, Scene, a_room

NAMES = {LEA: "Léa", ANNE: "Anne"}
STEPS = {**ECLAIR, "closing": ShowSettings(closing=True)}


def a_closing(**steps) -> Scene:
    """A plan of one action that Léa pilots, to which Anne committed; the room takes leave."""
    room = a_room(STEPS).opened("ideas").with_ideas(3).revealed("ideas").opened("sort").with_theme("a", 1, 2)
    room.opened("plan").with_plan("Open a desk")
    room.ask(EditAction("act001", due="2025-03-01", title="Open a desk", first_step="Call the town"))
    room.ask(ChoosePilot("act001", LEA))
    room.opened("pledge").ask(Pledge("pledge01", "I call Rémi", "2025-01-30", "act001"), ANNE)
    return room.opened("closing")


def shown(pages, room, surface, lang="en") -> dict[str, str]:
    return {p.key: p.html for p in pages.page(View(room.state, NAMES), Audience(surface, lang))}


def mine(pages, room, person) -> dict[str, str]:
    return {p.key: p.html for p in pages.you(View(room.state, NAMES), Audience("phone", "en"), person)}


def test_the_closing_says_on_the_phone_what_was_decided_by_whom_and_until_when(pages):
    room = a_closing()
    phone = "".join(shown(pages, room, "phone").values()).replace("\u00a0", " ")

    for said in (
        "Open a desk",
        "Léa",
        "1 Mar",
        "Call the town",
        "I call Rémi",
        "Anne",
        "/plan",
    ):
        assert said in phone
    assert "Put your phone down" not in phone


def test_in_the_last_step_of_a_session_nobody_waits_for_a_page_that_wakes(pages):
    down = {"listen": ShowSettings(), "leave": ShowSettings()}
    room = a_room(down).opened("listen")
    for step in down:
        room.ask(EditStep(step, phones_down=True))
    assert "Put your phone down" in shown(pages, room, "phone")["words"]
    assert "home" not in shown(pages, room, "phone")

    room.opened("leave")
    assert "Put your phone down" not in shown(pages, room, "phone")["words"]
    assert "for now" not in shown(pages, room, "phone")["words"]
    assert "/plan" in shown(pages, room, "phone")["home"]


def test_what_was_promised_for_an_action_stands_with_it_and_ones_actions_beside_ones_commitments(pages):
    room = a_closing()
    puts = {p.key: p for p in pages.page(View(room.state, NAMES), Audience("phone", "en"))}

    assert puts["commitment-pledge01"].place == "wall-in-act001"
    assert 'id="wall-in-act001"' in puts["action-act001"].html
    assert "wall-act001" not in puts
    assert "You pilot this action." in mine(pages, room, LEA)["my-actions"]
    assert "my-actions" not in mine(pages, room, ANNE)


def test_at_rest_the_phone_says_what_is_ones_own_then_what_was_decided_by_whom_and_until_when(pages):
    room = a_closing()
    before = shown(pages, room, "phone")
    room.ask(EndSession(FIRST))
    gist, own = shown(pages, room, "phone")["gist"].replace("\u00a0", " "), mine(pages, room, ANNE)

    assert "gist" not in before
    assert gist.index('id="mine"') < gist.index("Open a desk") < gist.index("Léa") < gist.index("1 Mar")
    line = gist[gist.index("Open a desk") :]
    assert "Anne" in line[: line.index("</li>")], (
        "whoever is in the room reads the names that are for it (E3)"
    )
    assert "I call Rémi" in line[: line.index("</li>")]
    assert "I call Rémi" in own["my-pledges"]
    assert "<form" not in own["my-pledges"]
    assert "Open a desk" in mine(pages, room, LEA)["my-actions"]
    assert pages.changes(View(room.state, NAMES), Audience("phone", "en"), frozenset({"action:act001"})).puts


def test_at_rest_an_action_that_nobody_pilots_names_who_offers_to(pages):
    room = a_closing().opened("plan")
    room.ask(ChoosePilot("act001"))
    room.ask(EndSession(FIRST, "Nobody was left to ask"))
    nobody = shown(pages, room, "phone")["gist"]
    room.ask(ReopenSession(FIRST))
    room.ask(Volunteer("act001", "pilot"), ANNE)
    room.ask(EndSession(FIRST, "Anne is still to be asked"))
    offered = shown(pages, room, "phone")["gist"]

    assert "no pilot" in nobody
    assert "Offering to pilot:" in offered
    assert "no pilot" not in offered


def test_E3_who_is_in_the_room_takes_home_the_names_for_the_room_and_who_has_no_seat_those_for_everybody():
    state = a_closing().state

    def named(reader: PersonId) -> list[bool]:
        return [is_named for _, is_named in taken(state, reader).plan[0].lines[0].pledges]

    assert named(LEA) == [True]
    assert named(PersonId("nobody-here")) == [False]


def test_nothing_can_be_changed_any_more_on_the_phone_of_a_closing(pages):
    room = a_closing()

    assert "<form" not in shown(pages, room, "phone")["action-act001"]
    assert "You pilot this action." in mine(pages, room, LEA)["my-part-act001"]
    assert "I call Rémi" in mine(pages, room, ANNE)["my-pledges"]
    assert mine(pages, room, ANNE)["my-address"].count("<form") == 1, "an address can still be left (E4)"
    own = ("my-name", "my-address")
    assert "<form" not in "".join(v for k, v in mine(pages, room, ANNE).items() if k not in own)


def test_the_wall_of_a_closing_shows_the_plan_with_the_commitments_beside_it_then_thanks_with_numbers(pages):
    puts = pages.page(View(a_closing().state, NAMES), Audience("screen", "en"))
    stage = next(p.html for p in puts if p.key == "stage")
    plan, thanks = stage.split("data-chapter")[1:]

    assert 'id="axes"' in plan
    assert "Thank you!" in thanks
    assert "<b>3</b> <span>cards</span>" in thanks
    assert 'id="commitments"' in plan
    assert "Open a desk" in "".join(p.html for p in puts if p.key.startswith("action-"))
    assert "I call Rémi" in "".join(p.html for p in puts if p.key.startswith("commitment-"))


def test_phone_and_wall_say_when_the_room_meets_again_as_soon_as_that_is_planned(pages):
    room = a_closing()
    room.ask(TurnPage(1))
    before = shown(pages, room, "phone").keys() | shown(pages, room, "screen").keys()
    room.ask(PlanSession("second", Words("Suivi", "Review"), date="2025-02-11", place="The mill"))

    assert "next" not in before
    for surface in ("phone", "screen"):
        assert "11 February 2025" in shown(pages, room, surface)["next"].replace("\u00a0", " ")


def test_a_show_that_is_no_closing_shows_no_plan(pages):
    room = a_closing()
    room.ask(OpenStep(StepId("welcome")))

    assert "Open a desk" not in "".join(shown(pages, room, "phone").values())
    assert not screen.turns(View(room.state, NAMES))


def test_a_session_that_is_over_thanks_on_the_wall_and_offers_the_plan_on_the_phone(pages):
    room = a_closing()
    room.ask(EndSession(FIRST))

    assert "Thank you!" in shown(pages, room, "screen")["stage"]
    assert "/plan" in shown(pages, room, "phone")["home"]


def test_the_desk_says_at_the_closing_what_is_left_to_do_and_takes_the_day_of_the_next_meeting(pages):
    room = a_closing()
    before = shown(pages, room, "desk")["tonight"]
    room.ask(PlanSession("second", Words("Suivi", "Review"), "follow_up", "2025-02-11"))
    after = shown(pages, room, "desk")["tonight"]
    room.ask(EditSession("second", Words("Suivi", "Review"), "follow_up", "2025-02-11", hour="14h30"))
    for surface, key in (("desk", "tonight"), ("phone", "next"), ("screen", "next")):
        said = {lang: shown(pages, room, surface, lang)[key].replace("\u00a0", " ") for lang in ("en", "fr")}
        assert "11 February 2025, 2:30 pm" in said["en"]
        assert "11 février 2025 à 14\u202fh\u202f30" in said["fr"]
    room.ask(OpenStep(StepId("pledge")))

    assert 'data-op="PlanSession"' in before
    assert "lacks" not in before
    assert 'data-op="PlanSession"' not in after
    assert "11 February 2025" in after.replace("\u00a0", " ")
    assert "2:30" not in after
    assert "tonight" not in shown(pages, room, "desk")


def links_to(html: str) -> list[str]:
    return re.findall(r'href="#([^"]+)"', html)


def test_what_lacks_is_named_at_the_desk_and_leads_to_where_it_can_be_given_p5(pages):
    """At the closing, in a step after it, and after the end: what is led to is there, and what is given is taken."""
    room = a_closing()
    whole = shown(pages, room, "desk")
    room.ask(ChoosePilot("act001"))
    room.ask(EditAction("act001", first_step=""))
    assert "Nothing is missing: every action has a pilot, a date and a first step." in whole["tonight"]
    assert "Still to do" not in whole["tonight"]
    assert "Still to do" in shown(pages, room, "desk")["tonight"]
    assert "Complete these actions before people leave:" in shown(pages, room, "desk")["tonight"]

    for moment in ("closing", "welcome", "over"):
        if moment == "over":
            room.ask(EndSession(FIRST, "The bus would not wait"))
        elif moment != room.state.current:
            room.opened(moment)
        desk = shown(pages, room, "desk")
        page = "".join(desk.values())
        said = desk["tonight"] if moment != "welcome" else desk["sessions"]
        assert [gap for gap in ("pilot", "date", "first step") if f"no {gap} yet" in said] == [
            "pilot",
            "first step",
        ]
        to = [link for link in links_to(said) if link.endswith("act001")]
        assert to == ["to-pilot-act001"]
        assert f'id="{to[0]}"' in page
        assert all(f'name="{field}"' in desk["action-act001"] for field in ("first_step", "due", "title"))
        if moment != "over":
            assert "needed: every document will say it" in said + desk["lead"]
    assert "before people leave" not in desk["tonight"]
    assert "The bus would not wait" in desk["sessions"]
    room.ask(EditAction("act001", first_step="Call the town"))
    room.ask(ChoosePilot("act001", LEA))
    assert "Nothing is missing" in shown(pages, room, "desk")["tonight"]


def test_at_the_closing_the_desk_asks_what_is_left_then_the_next_meeting_and_then_ends(pages):
    page = "".join(shown(pages, a_closing(), "desk").values())
    desk = shown(pages, a_closing(), "desk")

    assert 'data-op="EndSession"' in desk["lead"]
    assert (
        desk["tonight"].index("tonight-title")
        < desk["tonight"].index("PlanSession")
        < desk["tonight"].index("end-place")
    )
    assert page.count('id="end-place"') == 1
    over = a_closing()
    over.ask(EndSession(FIRST))
    assert 'data-op="ReopenSession"' in shown(pages, over, "desk")["lead"]


def test_what_is_left_to_do_stays_at_the_desk_once_the_session_is_over_and_goes_when_its_end_is_taken_back(
    pages,
):
    room = a_closing().opened("pledge")
    room.ask(EndSession(FIRST))
    said = shown(pages, room, "desk")["tonight"]
    assert said.index("plan.pdf") < said.index("plan.md")
    assert "plan.pdf?readers=members" in said
    assert "1 commitment stands in it without the name of its author, who gave it to the room only." in said
    assert "waits for the plan" not in said

    room.ask(GiveConsent("reminders", ADDRESS), ANNE)
    assert "1 person waits for the plan" in shown(pages, room, "desk")["tonight"]

    room.ask(ReopenSession(FIRST))
    assert "tonight" not in shown(pages, room, "desk")


def test_the_desk_shows_the_plan_at_the_closing_and_after_it_and_folded_in_other_steps(pages):
    room = a_closing()
    for _ in range(2):
        desk = shown(pages, room, "desk")
        assert "<details" not in desk["decided"]
        assert "Open a desk" in desk["action-act001"]
        assert "Léa" in desk["action-act001"]
        if room.state.sessions.live:
            room.ask(EndSession(FIRST))

    assert "decided" not in shown(pages, a_closing().opened("plan"), "desk")
    assert "<details" in shown(pages, a_closing().opened("ideas"), "desk")["decided"]
    assert "decided" not in shown(pages, a_room(STEPS).opened("ideas"), "desk")


def test_the_agenda_of_what_was_held_stays_at_the_desk_where_only_a_day_is_to_come(pages):
    room = a_closing()
    room.ask(PlanSession("second", Words("Suivi", "Review"), "follow_up", "2025-02-11"))
    room.ask(EndSession(FIRST))

    agenda = shown(pages, room, "desk")["agenda"]
    assert "0 min" not in agenda.split("</h2>")[0]
    assert all(f"agenda-{step}" in agenda.split("within-second")[0] for step in STEPS)
    assert "set the day of the next meeting" in "".join(shown(pages, room, "desk").values())


def test_the_resting_phone_says_who_takes_part_and_what_comes_first(pages):
    room = a_closing().opened("plan")
    room.ask(Volunteer("act001", "partner"), ANNE)
    room.ask(EndSession(FIRST))
    gist = shown(pages, room, "phone")["gist"]

    assert "Call the town" in gist
    assert "Partners:" in gist.split("Commitments")[0]


def test_the_desk_says_while_people_commit_how_many_names_go_where_e3(pages):
    room = a_closing().opened("pledge")
    room.ask(Pledge("pledge02", "I write", "2025-01-30", None, "members", NAME_READ), LEA)
    counts = re.sub(r"<[^>]+>", " ", shown(pages, room, "desk")["counts"])

    assert "With a name in documents: for the members 1 of 2, for everybody 0 of 2." in counts
    nobody = shown(pages, a_closing().opened("pledge"), "desk")["counts"]
    assert "The name at the commitment stays in the room: documents show it without." in nobody
    assert "for the members" not in nobody, "a nought beside the figures reads as something that is missing"
    assert "documents" not in shown(pages, a_room(STEPS).opened("pledge"), "desk")["counts"]


def test_a_commitment_asks_for_the_action_says_its_last_day_and_shows_who_reads_with_the_room_chosen_e1_e3(
    pages,
):
    form = shown(pages, a_closing().opened("pledge"), "phone")["act"].replace("\u00a0", " ")
    readers = re.findall(r'name="readers"\s+value="(\w+)"( checked)?', form)

    assert form.index('name="action"') < form.index('name="text"') < form.index('name="due"')
    assert re.search(r"\(by .+ at the latest\)", form)
    assert readers == [("room", " checked"), ("members", ""), ("everybody", "")]
    assert "<details" not in form.split("</form>")[0]


def test_a_wall_that_rests_says_so_above_every_page_and_one_in_the_closing_does_not(pages):
    room = a_closing()
    before = shown(pages, room, "screen")
    room.ask(EndSession(FIRST))
    after = shown(pages, room, "screen")

    assert "The forum is over" not in "".join(before.values())
    assert "The forum is over" in after["words"]
    assert "The forum is over" not in after["stage"]


def test_a_theme_is_left_out_of_a_plan_only_where_other_themes_were_taken_up(pages):
    room = a_room(STEPS).opened("ideas").with_ideas(3).revealed("ideas").opened("sort")
    room.with_theme("a", 1, 2).with_theme("b", 3).opened("plan")
    themes = tuple(room.state.themes.by_id.values())
    none_yet = taken(room.state, LEA)
    room.with_plan("Open a desk")

    assert not none_yet.leaves_out(themes)
    made = taken(room.state, LEA)
    used = {theme.id for under in made.plan for theme in under.themes}
    assert [made.leaves_out((one,)) for one in themes] == [
        bool(used) and one.id not in used for one in themes
    ]
