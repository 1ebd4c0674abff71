"""What a participant takes home: the plan for those who were in, what is theirs for them alone, and no name in what is shared."""

import html
import re
from datetime import UTC, datetime

from tests.web.conftest import Room, Visitor


async def test_the_plan_is_taken_home_by_who_is_in_with_what_is_theirs_alone(board: Room, visitor: Visitor):
    lea, anne = await board.cookie(), await board.cookie()
    await visitor.op(board.base(), "NameMyself", cookie=lea, name="Zoé")
    for command, body in (
        ("OpenStep", {"step": "actions"}),
        ("MakeAxis", {"axis": "axis0001", "title": "Ouvrir"}),
        ("MakeAction", {"action": "action01", "axis": "axis0001", "title": "Tenir un guichet"}),
    ):
        await board.lead(command, **body)
    await visitor.op(board.base(), "Volunteer", cookie=lea, action="action01", as_="partner")
    hers = (await visitor.get(f"{board.base()}/plan", headers={"cookie": lea})).text
    others = (await visitor.get(f"{board.base()}/plan", headers={"cookie": anne})).text
    shared = html.unescape(re.search(r"<textarea[^>]*>([^<]*)", hers)[1])

    assert "Tenir un guichet" in shared
    assert "Zoé" not in shared
    assert "Vous y participez." in hers
    assert "Vous y participez." not in others
    assert (
        hers.index("avec ses noms et ce qui est à vous") < hers.index("data-print") < hers.index("plan-text")
    ), "what prints the names stands apart from the text that has none"
    assert (await visitor.get(f"{board.base()}/plan")).status_code == 401


async def test_E3_who_is_in_the_room_reads_the_names_for_the_room_and_shares_none(
    board: Room, visitor: Visitor
):
    lea, anne = await board.cookie(), await board.cookie()
    await visitor.post(f"{board.base()}/name", {"name": "Zoé"}, headers={"cookie": lea})
    for command, body in (
        ("OpenStep", {"step": "actions"}),
        ("MakeAxis", {"axis": "axis0001", "title": "Ouvrir"}),
        ("MakeAction", {"action": "action01", "axis": "axis0001", "title": "Tenir un guichet"}),
        ("OpenStep", {"step": "pledges"}),
    ):
        await board.lead(command, **body)
    due = datetime.fromtimestamp(visitor.place.clock() / 1000 + 86400, UTC).date().isoformat()
    said = await visitor.op(
        board.base(), "Pledge", cookie=lea, id="pledge01", text="J’ouvre", due=due, action="action01"
    )
    assert said["status"] == 200, said
    await board.lead(
        "PlanSession", session="second01", title={"fr": "Suivi"}, date="2999-04-30", place="Au moulin"
    )
    await board.lead("EndSession", session="first")
    page = (await visitor.get(f"{board.base()}/plan", headers={"cookie": anne})).text
    action = page[page.index('id="action-action01"') :]
    shared = html.unescape(re.search(r"<textarea[^>]*>([^<]*)", page)[1])

    assert "Zoé" in action[: action.index("</li>")]
    assert "Zoé" not in shared
    assert "Au moulin" in shared


async def test_the_calendar_file_holds_ones_own_days_and_nobody_elses(board: Room, visitor: Visitor):
    lea, anne = await board.cookie(), await board.cookie()
    for command, body in (
        ("OpenStep", {"step": "actions"}),
        ("MakeAxis", {"axis": "axis0001", "title": "Ouvrir"}),
        ("MakeAction", {"action": "action01", "axis": "axis0001", "title": "Tenir un guichet"}),
        (
            "EditAction",
            {
                "action": "action01",
                "due": f"{datetime.fromtimestamp(visitor.place.clock() / 1000, UTC).year + 1}-03-31",
            },
        ),
        ("PlanSession", {"session": "second01", "title": {"fr": "Suivi"}, "date": "2999-04-30"}),
    ):
        await board.lead(command, **body)
    await visitor.op(board.base(), "Volunteer", cookie=lea, action="action01", as_="partner")
    path = f"{board.base()}/plan/calendar.ics"
    hers = await visitor.get(path, headers={"cookie": lea})
    others = await visitor.get(path, headers={"cookie": anne})

    assert hers.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "SUMMARY:1.1 Tenir un guichet" in hers.text
    assert "SUMMARY:Suivi" in others.text
    assert "Tenir un guichet" not in others.text
    assert (await visitor.get(path)).status_code == 401


async def test_P1_whoever_wrote_a_card_reads_what_became_of_it_and_nobody_else_does(
    board: Room, visitor: Visitor
):
    lea, anne = await board.cookie(), await board.cookie()
    for name, text in (("ideaone1", "Ouvrir le soir"), ("ideatwo2", "Un café pour tous")):
        await visitor.op(board.base(), "PostIdea", cookie=lea, id=name, text=text, step="ideas")
    for command, body in (
        ("RevealStep", {"step": "ideas"}),
        ("OpenStep", {"step": "actions"}),
        ("MakeAxis", {"axis": "axis0001", "title": "Ouvrir"}),
        (
            "MakeAction",
            {"action": "action01", "axis": "axis0001", "title": "Tenir un guichet", "ideas": ["ideaone1"]},
        ),
    ):
        await board.lead(command, **body)
    hers = (await visitor.get(f"{board.base()}/plan", headers={"cookie": lea})).text
    others = (await visitor.get(f"{board.base()}/plan", headers={"cookie": anne})).text
    became = html.unescape(hers[hers.index('id="became"') :].partition("</section>")[0])

    assert (
        "1.1 Tenir un guichet" in became[became.index("Ouvrir le soir") : became.index("Un café pour tous")]
    )
    assert "Tenir un guichet" not in became[became.index("Un café pour tous") :]
    assert 'id="became"' not in others
