"""The result of every ballot method on the wall: all that is said and drawn is whole, and nothing lies on anything else."""

import random

import pytest
from playwright.async_api import Browser

from forum.demo.voters import VOTERS
from forum.domain.methods import METHODS
from forum.domain.people import SayDone
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.voting import asked
from tests.browser.test_wall import LOOK, MADE, SIZES, drawn
from tests.further import further
from tests.methods.known import a_vote_by
from tests.scenes import Scene

PEOPLE = 12
SAID = f"{MADE}, .result-say, .result-sum, .result-apart"
MANY = (3, 12, 40)


def revealed(method: str, many: int) -> Scene:
    """A vote of a small room on so many choices, as the demo's people vote."""
    rng, room = random.Random(many), a_vote_by(method, many)
    people = [f"voter{n:02}" for n in range(PEOPLE)]
    room.joined(*people)
    for person in people:
        keys = asked(room.state, room.state.rounds.latest("vote"), person)
        options = [*dict.fromkeys(key.partition("/")[0] for key in keys)]
        options = options if METHODS[method].only_asked else list(room.state.rounds.latest("vote").options)
        for key, mark in VOTERS[method](rng, options, [rng.random() for _ in options]).items():
            room.ask(GiveMark("vote", key, mark), person)  # what is more than one has is refused
        room.ask(SayDone(), person)
    return room.closed("vote").revealed("vote")


CASES = [(method, many) for method in METHODS for many in MANY if many <= METHODS[method].most]


@pytest.mark.parametrize("sizes", [((1920, 1080),), *further((SIZES,))], ids=["one", "all"])
@pytest.mark.parametrize(
    ("method", "many"), [case if case[1] == MANY[1] else further(case)[0] for case in CASES]
)
async def test_the_result_of_every_method_is_whole_and_nothing_lies_on_it(
    browser: Browser, method: str, many: int, sizes: tuple[tuple[int, int], ...]
) -> None:
    page = await (await browser.new_context(locale="fr-FR", reduced_motion="reduce")).new_page()
    wrong: list[str] = []
    room = revealed(method, many)
    for wide, high in sizes:
        await page.set_viewport_size({"width": wide, "height": high})
        await drawn(page, room)
        looked = await page.evaluate(LOOK, {"made": SAID, "within": ".stage"})
        wrong += [f"{wide} px: {what}" for what in looked["found"]]
        assert looked["made"] >= many
    await page.context.close()
    assert wrong[:20] == []
