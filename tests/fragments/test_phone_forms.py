"""The forms of a phone: each asks for a command that exists, with fields that it knows."""

import re

import msgspec

from forum.domain.flow import CloseStep, SkipStep
from forum.domain.room import COMMANDS, FROM_SERVER
from tests.fragments.on_phone import a_board, document, forms, stages


def test_every_form_asks_for_a_command_that_exists_with_fields_it_knows(pages):
    asked = set()
    for room in stages():
        for form in forms(document(pages, room)):
            if not form["op"]:
                continue
            asked.add(form["op"])
            known = {field.name for field in msgspec.structs.fields(COMMANDS[form["op"]])}
            needed = {f.name for f in msgspec.structs.fields(COMMANDS[form["op"]]) if f.required}
            assert form["op"] not in FROM_SERVER
            assert form["method"] == "post"
            assert form["action"] == f"/f/ABC234/commands/{form['op']}"
            assert form["fields"] - {"ticket", "seen", "then"} <= known, form
            if form["id"] != "take-out":  # its cards are on its buttons, once there are some
                assert needed <= form["fields"], form
    assert asked >= {
        "PostIdea", "EditIdea", "WithdrawIdea", "GroupIdeas", "MoveIdeas", "MakeTheme", "RenameTheme",
        "GiveMark", "MakeAction", "Volunteer", "StepBack", "Pledge", "WithdrawPledge", "SayDone",
    }  # fmt: skip


def test_every_field_has_a_name_for_ears(pages):
    for room in stages():
        html = document(pages, room)
        labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', html))
        for field in re.findall(r"<(?:textarea|select)[^>]*>|<input[^>]*class=\"field[^>]*>", html):
            assert re.search(r'id="([^"]+)"', field).group(1) in labelled, field


def test_nothing_is_asked_once_a_step_has_ended(pages):
    for room in stages():
        now = room.state.now
        room.ask(CloseStep(now.id))
        assert {f["op"] for f in forms(document(pages, room))} == {""}, now.kind


def test_a_skipped_step_asks_for_nothing(pages):
    room = a_board()
    room.ask(SkipStep("ideas"))

    assert {f["op"] for f in forms(document(pages, room))} == {""}
