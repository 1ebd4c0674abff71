"""What those who listen are told: one sentence for each change of the room, and what a page is called now (F11).

The sentences stand in a fragment that nobody sees; the browser speaks those that are new to it. They name titles as they
are called when the page is drawn, and what a result says is taken from where the page shows it.
"""

from typing import Final

from forum.domain.heard import Heard
from forum.domain.kernel import StepId
from forum.domain.room import UNDOABLE
from forum.domain.sessions import reading
from forum.domain.state import State
from forum.fragments.surface import Slot, SurfaceName, View
from forum.language import Reader

MOST_CHARS: Final = 300  # of one sentence
RESULT: Final = "{result}"  # filled in by the browser, from what the page shows
_ENDS: Final = ".?!…:"


def slot(view: View, surface: SurfaceName) -> Slot:
    """The fragment of a surface: what was said last there, oldest first."""
    told = tuple(one for one in view.state.heard if one.room or surface == "desk")
    return Slot("root", "99", "parts/heard.html", {"told": told})


def sentence(reader: Reader, view: View, told: Heard) -> str:
    """What is said of one change, in its reader's language, of at most ``MOST_CHARS``."""
    if told.deed:
        return reader.say(told.say)
    state = view.state
    n, steps = _number(state, told.step)
    step = state.step(told.step)
    title, instruction = (
        (words.get(reader.lang) for words in (step.title, step.instruction)) if step else ("", "")
    )
    leads = _ended(state.leading(step)) if step else ""
    said = reader.say(
        told.say,
        n=n,
        all=steps,
        title=title.rstrip("."),
        step=" ".join(part for part in (_ended(title), leads, instruction) if part),
        forum=_ended(state.title),
        question=state.question,
        time=reader.clock(told.number) if told.number else "",
        number=told.number,
        what=reader.say(UNDOABLE.get(told.what) or told.what) if told.what else "",
        result=RESULT,
    ).strip()
    return said if len(said) <= MOST_CHARS else said[: MOST_CHARS - 1].rsplit(" ", 1)[0] + "…"


def title(reader: Reader, view: View, surface: SurfaceName) -> str:
    """What a page is called: where the room is first, then the forum. Where that is another, a phone begins at its top."""
    state, now = view.state, view.state.now
    where = ""
    if now and not reading.rests(state):
        where = f"{_number(state, now.id)[0]} · {now.title.get(reader.lang)}"
        where = reader.say("{step} – revealed", step=where) if now.revealed else where
    elif reading.rests(state):
        where = (
            reader.say("The forum is paused") if reading.goes_on(state) else reader.say("The forum is over")
        )
    around = {"phone": "", "screen": reader.say("Screen"), "desk": reader.say("Desk")}[surface]
    return " – ".join(part for part in (where, state.title, around) if part)


def _number(state: State, step: StepId) -> tuple[int, int]:
    """Which step of how many of its session this is; 0 where it is in none."""
    found = state.step(step)
    here = [one.id for one in reading.steps_of(state, found.session)] if found else []
    return (here.index(step) + 1 if step in here else 0), len(here)


def _ended(text: str) -> str:
    return text if not text or text[-1] in _ENDS else f"{text}."
