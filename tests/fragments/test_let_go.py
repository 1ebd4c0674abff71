"""What was drawn is let go with the state in it: in a server nobody collects cycles for hours."""

import gc
import random

import pytest
from jinja2.runtime import Context

from forum.fragments.pages import SURFACES, Token
from forum.fragments.surface import Audience, View
from tests.histories import PEOPLE, one_more, random_history
from tests.scenes import FACILITATOR

TOKEN = Token(1, 7, "c0ffee")


def held() -> list[str]:
    """The templates that hold what they were drawn from: neither shared macros nor anything that is yet to be drawn."""
    found = (thing for thing in gc.get_objects() if isinstance(thing, Context))
    return sorted({str(context.name) for context in found if "view" in context.parent})


@pytest.mark.parametrize("surface", SURFACES)
def test_nothing_that_was_drawn_holds_what_it_was_drawn_from(pages, surface):
    audience, rng = Audience(surface, "en"), random.Random("let go")
    who = FACILITATOR if surface == "desk" else PEOPLE[0]
    room = random_history(rng, 0)
    gc.collect()
    gc.disable()
    try:
        for n in range(120):
            one_more(rng, room, eager=n % 6 == 0)
            if n % 6 == 5:
                view = View(room.state, {p: f"Prénom {p}" for p in PEOPLE[:3]})
                pages.document(view, audience, who, token=TOKEN, now=1, ticket="t" * 22, nonce="n")
        left = held()
    finally:
        gc.enable()

    assert left == []
