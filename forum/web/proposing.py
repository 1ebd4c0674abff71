"""Which way to vote? A page of the desk: say what you want and of how many choices, and read what is proposed, and why.

A plain page, with a script or without. Nothing is kept of what is asked. The step is inserted by the desk's own command.
"""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from forum.domain import choosing_how, things
from forum.domain.choosing import offered
from forum.domain.kernel import StepId, Words
from forum.domain.methods import MOST_CHOICES
from forum.domain.roles import LEADS
from forum.domain.sessions import reading
from forum.domain.settings import BallotSettings
from forum.domain.state import State
from forum.language import Reader
from forum.opening import new_secret
from forum.web import pages
from forum.web.acting import short_hash
from forum.web.identity import Surface, base_path
from forum.web.own import with_access
from forum.web.service import service_of

OVER: Final = next(field.options for field in offered(BallotSettings) if field.name == "over")
MOST_DIGITS: Final = 6
USUAL: Final = 8  # choices, where nothing is there yet that could be voted on


async def page(request: Request, *, surface: Surface) -> Response:
    """What is wanted, and what suits it."""
    here = await with_access(request, surface, LEADS)
    asked, state = request.query_params, here.state
    want = asked.get("want", "")
    want = want if want in choosing_how.WANTS else ""
    over = asked.get("over", "")
    there = _there(state)
    over = over if over in there else _likely(there)
    said = asked.get("choices", "")
    number = int(said) if said.isdecimal() and said.isascii() and len(said) <= MOST_DIGITS else 0
    wrong = bool(said) and not 1 <= number <= MOST_CHOICES
    choices = number if said and not wrong else there[over] or USUAL
    ticket = new_secret()
    given: dict[str, Any] = {
        "code": here.code,
        "title": state.title,
        "base": base_path(here.code, surface),
        "back": f"{base_path(here.code, surface)}/voting",
        "seen": here.shown.head.seq,
        "ticket": ticket,
        "step": short_hash(service_of(request).seed, here.code, ticket, "vote"),
        "before": _before(state),
        "session": reading.in_view(state).id,
        "wants": choosing_how.WANTS,
        "titled": {
            want: Words(*(Reader(lang).say(said) for lang in ("fr", "en")))
            for want, said in choosing_how.WANTS.items()
        },
        "want": want,
        "over": over,
        "there": there,
        "titles": dict(OVER),
        "choices": choices,
        "said": said,
        "wrong": wrong,
        "most": MOST_CHOICES,
        "many": choosing_how.MANY,
        "found": choosing_how.proposals(want, choices) if want else (),
        "two": choosing_how.two_rounds(want, choices) if want else None,
        "others": choosing_how.only_chosen(),
    }
    return pages.plain(request, "voting.html", here.reader, 422 if wrong else 200, **given)


def _there(state: State) -> dict[str, int]:
    """How many of each there are that could be voted on."""
    return {str(over): len(things.standing(state, BallotSettings(over=str(over)).takes)) for over, _ in OVER}


def _likely(there: dict[str, int]) -> str:
    """What a vote is about where nobody says: the first of which there are several."""
    return next((over for over, number in there.items() if number >= 2), next(iter(there)))


def _before(state: State) -> StepId | None:
    """The step before which a vote would stand that follows what is going on now; None: the very end."""
    here = reading.steps_of(state, reading.in_view(state).id)
    now = state.now
    if now is None or now not in here:
        return reading.behind(state, reading.in_view(state).id)
    after = here[here.index(now) + 1 :]
    return after[0].id if after else reading.behind(state, reading.in_view(state).id)
