"""Rooms with words in them that somebody may want erased."""

from forum.domain.plan.words import EditAction, MakeAction
from forum.domain.steps.board import EditIdea
from tests.scenes import ANNE, LEA, a_room, a_vote

PLANTED = "Mon voisin Barnabé 06 11 22 33 44"


def a_written_room():
    room = a_room().opened("ideas").with_ideas(2).with_ideas(1, by=ANNE)
    room.ask(EditIdea("idea002", PLANTED), LEA)
    return room


def words_of_two():
    """An edit that notes what it replaces: one entry with words of both."""
    room = a_vote().closed("vote").opened("plan").with_plan()
    room.ask(MakeAction("act001", room.state.plan.axis_order[0], "Mots de Léa"), LEA)
    room.joined_by(ANNE).ask(EditAction("act001", title="Mots d’Anne"), ANNE)
    return room
