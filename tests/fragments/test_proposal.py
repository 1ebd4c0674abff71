"""What somebody answers whether they object reaches nobody before the question is over, in bytes (A4)."""

import pytest

from forum.domain.kernel import StepId
from forum.domain.steps.proposal_said import EndObjections, HaveNoObjection, Remarking
from forum.domain.steps.proposals import RemarkId
from forum.exports import archive
from forum.exports.archive import write
from forum.fragments.surface import Audience, View
from tests.domain.test_proposal import asked
from tests.scenes import ANNE, LEA, Scene

STEP, SAID = StepId("consent"), "Zanzibar est trop loin"
SHARED = [Audience(surface, lang) for surface in ("phone", "screen", "desk") for lang in ("fr", "en")]  # type: ignore[arg-type]


def everything(pages, room: Scene, *people: str) -> str:
    """All that leaves the server: each shared page, each of these people's own, and the export for machines."""
    view = View(room.state, {})
    shared = [put for audience in SHARED for put in pages.page(view, audience)]
    own = [put for person in people for put in pages.you(view, Audience("phone", "fr"), person)]
    exported = write(archive.archive(room.state, {}, "c" * 64)).decode()
    return exported + "".join(f"{put.key} {put.html}" for put in (*shared, *own))


def objected() -> Scene:
    room = asked()
    room.ask(Remarking(RemarkId("obj1"), STEP, "objection", SAID), LEA)
    return room


def test_A4_nobody_else_is_sent_an_objection_before_the_question_is_over(pages):
    room = objected()

    for found in (SAID, "obj1"):
        assert found not in everything(pages, room, ANNE)
    assert SAID in everything(pages, room, LEA)


def test_A4_an_objection_and_none_leave_others_the_same_page(pages):
    room = asked()
    room.ask(HaveNoObjection(STEP), LEA)
    export = '"seq"'

    def shown(of: Scene) -> list[str]:
        view = View(of.state, {})
        return [put.html for audience in SHARED for put in pages.page(view, audience)]

    assert shown(room) == shown(objected())
    assert export in everything(pages, room)


@pytest.mark.parametrize("surface", ["phone", "screen", "desk"])
def test_A4_when_it_is_over_everybody_is_shown_it_at_once_without_a_name(pages, surface):
    room = objected()
    room.ahead += 400_000
    room.ask(EndObjections(STEP))
    view = View(room.state, {LEA: "Léa"})

    drawn = "".join(put.html for put in pages.page(view, Audience(surface, "fr")))
    assert SAID in drawn
    assert "Léa" not in "".join(
        put.html for put in pages.page(view, Audience(surface, "fr")) if put.key.startswith("remark")
    )
