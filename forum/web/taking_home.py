"""What a participant takes home: the plan, all that is theirs in it, and their days as a calendar file.

Only for the cookie of its person, like a receipt. Whoever is in the room reads the names that are for the room (E3); whoever
is not any more reads those for everybody, as in documents. What is theirs is theirs alone. The text that they may share names nobody.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from forum.domain.keeping import ERASED
from forum.domain.kernel import N_, PersonId
from forum.domain.plan.numbers import coded
from forum.domain.plan.origin import Became, became_of
from forum.domain.plan.reading import live_axes, part_in
from forum.domain.plan.record import Action, Axis
from forum.domain.plan.sources import come_from
from forum.domain.sessions import reading
from forum.domain.sessions.record import Plan
from forum.domain.state import State
from forum.domain.steps.commitments import Commitment, Readers
from forum.domain.steps.pledge import is_named, live_commitments
from forum.domain.steps.themes import Theme
from forum.exports import calendar as ics
from forum.exports import named
from forum.language import Reader, zones
from forum.live import Shown
from forum.web import pages
from forum.web.downloads import download
from forum.web.identity import Surface, base_path
from forum.web.own import opened
from forum.web.service import service_of

PARTS: Final = {
    "pilot": N_("You pilot this action."),
    "offer": N_("You offer to pilot it. The facilitator appoints the pilot."),
    "partner": N_("You take part."),
    "thanked": N_("Somebody else pilots this action. Thank you for offering."),
}


Promised = tuple[Commitment, bool]
"""A commitment, and whether whoever reads the page may read who made it (E3)."""


class Line(NamedTuple):
    """One action of the plan, and what its reader is in it."""

    code: str  # "1.2": axis, place
    action: Action
    part: str  # of PARTS, "": none
    pledges: tuple[Promised, ...] = ()  # for it


class Card(NamedTuple):
    """A card of theirs, and what became of it."""

    text: str  # "" where they had it erased: what it led to stays
    became: Became


class Under(NamedTuple):
    """An axis with its actions."""

    number: int
    axis: Axis
    themes: tuple[Theme, ...]  # those it comes from
    lines: tuple[Line, ...]


class Home(NamedTuple):
    """What somebody takes home."""

    plan: tuple[Under, ...]
    pledges: tuple[Promised, ...]  # of everybody, for the whole
    mine: tuple[Commitment, ...]
    own: tuple[Line, ...]  # the actions in which they are something
    coming: Plan | None  # the next meeting
    cards: tuple[Card, ...]  # theirs, in the order in which they wrote them
    of_room: bool  # they read the names that are for the room
    made: int  # commitments of everybody
    named: int  # of them, with a name that they read

    def leaves_out(self, themes: tuple[Theme, ...]) -> bool:
        """Whether there are axes, and none of them comes from one of these themes."""
        taken_up = {theme.id for under in self.plan for theme in under.themes}
        return bool(taken_up) and taken_up.isdisjoint(theme.id for theme in themes)


async def page(request: Request, *, surface: Surface) -> Response:
    """The plan and what is one's own, to keep, print and share."""
    code, who, shown, reader = await opened(request, surface)
    home = taken(shown.view.state, who.person)
    return pages.plain(
        request,
        "plan.html",
        reader,
        code=code,
        base=base_path(code, surface),
        title=shown.view.state.title,
        question=shown.view.state.question,
        home=home,
        parts=PARTS,
        days=any(True for _ in _entries(shown.view.state, home, reader)),
        name=shown.view.name,
        text="\n".join(_told(shown, home, reader)),
    )


async def calendar(request: Request, *, surface: Surface) -> Response:
    """The days of one's own: commitments, actions that one pilots or takes part in, the next meeting."""
    service, (code, who, shown, reader) = service_of(request), await opened(request, surface)
    entries = tuple(_entries(shown.view.state, taken(shown.view.state, who.person), reader))
    name = named(shown.view.state.title, f"-{code}.ics", otherwise="forum")
    return download(ics.write(entries, service.clock()), ics.MEDIA_TYPE, name)


def _entries(state: State, home: Home, reader: Reader) -> Iterator[ics.Entry]:
    def entry(name: str, day: str, title: str, place: str = "", hour: str = "") -> ics.Entry:
        begins = zones.instant(day, hour, reader.zone) if hour else None
        return ics.Entry(f"{name}@{state.code}", day, title, place, state.title, begins=begins)

    for pledge in home.mine:
        yield entry(pledge.id, pledge.due, pledge.text or reader.say(ERASED))
    for line in home.own:
        if line.action.due:
            yield entry(
                line.action.id, line.action.due, f"{line.code} {line.action.title or reader.say(ERASED)}"
            )
    if home.coming and home.coming.date:
        title = home.coming.title.get(reader.lang) or reader.say("Next meeting")
        yield entry("next", home.coming.date, title, home.coming.place, home.coming.hour)


def _reads_as(state: State, person: PersonId) -> Readers:
    """Among whom somebody reads: whoever is in the room is of the room, at its end and after it too (E3)."""
    known = state.people.by_id.get(person)
    return "room" if known and known.state == "in" else "everybody"


def taken(state: State, person: PersonId) -> Home:
    """What somebody takes home of a forum. Cost: the plan."""
    pledges, readers = live_commitments(state), _reads_as(state, person)
    promised = tuple((c, is_named(state, c, readers)) for c in pledges)
    plan = tuple(
        Under(
            n,
            axis,
            come_from(state, axis),
            tuple(
                Line(
                    one.code,
                    one.action,
                    part_in(one.action, person),
                    tuple(p for p in promised if p[0].action == one.action.id),
                )
                for one in coded(state, axis.id)
            ),
        )
        for n, axis in enumerate(live_axes(state), 1)
    )
    there = {line.action.id for under in plan for line in under.lines}
    return Home(
        plan,
        tuple(p for p in promised if p[0].action not in there),
        tuple(c for c in pledges if c.person == person),
        tuple(line for under in plan for line in under.lines if line.part),
        reading.next_plan(state),
        tuple(_cards(state, person)),
        readers == "room",
        len(promised),
        sum(named for _, named in promised),
    )


def _cards(state: State, person: PersonId) -> Iterator[Card]:
    own = (state.ideas.by_id[i] for i in state.ideas.by_author.get(person, ()))
    there = {idea.id: idea.text for idea in own if idea.state == "active"}
    for idea, what in became_of(state, there).items():
        yield Card(there[idea], what)


def _told(shown: Shown, home: Home, reader: Reader) -> Iterator[str]:
    """The plan as text that names nobody, for whoever was not there."""
    state = shown.view.state
    yield state.title
    if state.question:
        yield state.question
    for under in home.plan:
        yield ""
        yield f"{under.number}. {under.axis.title or reader.say(ERASED)}"
        for line in under.lines:
            due = f" ({reader.weekday_at(line.action.due, '')})" if line.action.due else ""
            yield f"{line.code} {line.action.title or reader.say(ERASED)}{due}"
    coming = reading.next_plan(state)
    if coming and coming.date:
        yield ""
        when = " ".join((reader.say("Next meeting:"), reader.weekday_at(coming.date, coming.hour)))
        yield " · ".join(filter(None, (when, coming.place)))
