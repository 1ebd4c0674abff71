"""The desk of a forum, as its tests look at it."""

from forum.fragments.desk_lead import main_gesture
from forum.fragments.pages import Token
from forum.fragments.surface import Audience, View
from tests.scenes import ANNE, FACILITATOR, LEA, a_room, a_vote

DESK = Audience("desk", "en")
NAMES = {LEA: "Léa", ANNE: "Anne", FACILITATOR: "Claire", "marcel": "Marcel"}
NEW_IDS = {"id", "theme", "new", "axis", "action", "person", "step"}
BESIDE = {"people", "pilot", "keys", "address"}  # doors of the desk that are no commands


def document(pages, room, **given) -> str:
    view, token = View(room.state, NAMES), Token(1, room.state.seq, "c")
    return pages.document(view, DESK, FACILITATOR, token=token, now=1, ticket="t", nonce="n", **given)


def shared(pages, room) -> dict[str, str]:
    return {put.key: put.html for put in pages.page(View(room.state, NAMES), DESK)}


def led(pages, room) -> str:
    """What is happening now, with the button that leads on."""
    desk = shared(pages, room)
    return desk["now"] + desk.get("lead", "")


def place_of(pages, room, key: str) -> str:
    return next(put.place for put in pages.page(View(room.state, NAMES), DESK) if put.key == key)


def redrawn(pages, room) -> set[str]:
    return {put.key for put in pages.changes(View(room.state, NAMES), DESK, room.state.touched).puts}


def a_sort(ideas: int = 4):
    return a_room().opened("ideas").with_ideas(ideas).revealed("ideas").opened("sort")


def a_plan():
    return a_vote().closed("vote").revealed("vote").opened("plan").with_plan("Ouvrir un studio")


def proposed(room) -> str:
    gesture = main_gesture(room.state)
    return f"{gesture.command} {gesture.step.id}" if gesture else ""
