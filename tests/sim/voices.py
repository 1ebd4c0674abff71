"""Voices that are handed on: people ask the desk for a code, open it on another phone, and come back by their own (J9, J10, J11).

All by a chance of its own, so that a universe in which nobody does is the one it was. What follows the judge knows: one
voice has one ballot (V14), whoever was before is out, and another phone is shown nothing that they gave.
"""

import asyncio
import random
from typing import TYPE_CHECKING, Any, Final

from forum.domain.kernel import NOBODY, Asked, Command, Millis, PersonId, TabId
from forum.domain.kin import holder, lineage
from forum.domain.person import Person
from forum.domain.roles import Role
from forum.domain.state import State, change
from forum.domain.voices import HandVoice, ReclaimVoice, ReturnVoice
from forum.fragments.surface import Audience, View
from tests import histories
from tests.scenes import FACILITATOR
from tests.sim.server import PAGES

if TYPE_CHECKING:
    from tests.sim.tab import Tab
    from tests.sim.world import World

MOST_TABS: Final = 12


class Handing:
    """What people do with their voices in a universe."""

    def __init__(self, world: "World") -> None:
        self._world, self._rng, self._codes = world, random.Random(f"handing {world.plan.seed}"), 0

    async def go_on(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(self._rng.uniform(2, 6))
            self._look_again()
            person = PersonId(self._rng.choice(histories.PEOPLE[: self._world.plan.people]))
            now, desks = holder(self._world.oracle.state, person), self._tabs_of(FACILITATOR)
            what = self._rng.random()
            if now == person or what < 0.3:
                self._codes += 1
                await self.by_server(HandVoice(now, PersonId(f"phone{self._codes}")))
            elif what < 0.7:
                await self.by_server(ReclaimVoice(), person)
            elif desks:
                desk = self._rng.choice(desks)
                desk.machine.call(desk.press, ReturnVoice(now))

    async def by_server(self, command: Command, person: str = "") -> None:
        """The server asks for it: for whoever entered a code of the desk, or showed their own. Then their page opens."""
        world, state = self._world, self._world.oracle.state
        to = command.to if isinstance(command, HandVoice) else PersonId(person)
        before = command.person if isinstance(command, HandVoice) else holder(state, to)
        by = PersonId(FACILITATOR) if isinstance(command, HandVoice) else to
        server = world.some_server()
        if not server or not server.up or len(world.tabs) > MOST_TABS:
            return
        tab = TabId(f"{'hand' if by == FACILITATOR else 'reclaim'}-{to}-{before}")
        server.submit(command, Asked(by, Millis(world.wall_ms()), tab, 1), world.names().get(before, ""), to)
        await asyncio.sleep(0.5)
        found: Person | None = world.oracle.state.people.by_id.get(to)
        if found and found.state == "in" and not any(not tab.over for tab in self._tabs_of(to)):
            world.arrive(to, Role.PARTICIPANT)

    def _look_again(self) -> None:
        """Whoever was told that their voice is elsewhere, and has it back, loads the page again."""
        world = self._world
        for at, tab in enumerate(world.tabs):
            person = world.oracle.state.people.by_id.get(tab.visitor.person)
            if tab.over and tab.visitor.person in histories.PEOPLE and person and person.state == "in":
                world.tabs[at] = tab.reload()

    def _tabs_of(self, person: str) -> list["Tab"]:
        return [tab for tab in self._world.tabs if tab.visitor.person == person]


def depends_on_before(view: View, audience: Audience, person: PersonId) -> list[str]:
    """The parts of another phone's page that would be different if those before it had given nothing themselves (J9)."""
    before = tuple(lineage(view.state, person))
    if not before:
        return []
    without = view._replace(state=_as_of_nobody(view.state, before))
    one, other = (PAGES.you(state, audience, person) for state in (view, without))
    return sorted({put.key for put in {*one} ^ {*other}})


def _as_of_nobody(state: State, people: tuple[PersonId, ...]) -> State:
    """The state in which what these people wrote is nobody's, and their ballots were never given."""
    ideas, rounds = state.ideas, state.rounds.by_id
    for name, round_ in rounds.items():
        ballots, aside = _without(round_.ballots, people), _without(round_.aside, people)
        rounds = rounds.set(name, change(round_, ballots=ballots, aside=aside))
    written = _of_nobody(ideas.by_id, "author", people)
    return change(
        state,
        rounds=change(state.rounds, by_id=rounds),
        ideas=change(ideas, by_id=written, by_author=_without(ideas.by_author, people)),
        sheets=change(state.sheets, by_id=_of_nobody(state.sheets.by_id, "by", people)),
        commitments=change(state.commitments, by_id=_of_nobody(state.commitments.by_id, "person", people)),
    )


def _of_nobody(things: Any, field: str, people: tuple[PersonId, ...]) -> Any:
    for name, thing in things.items():
        if getattr(thing, field) in people:
            things = things.set(name, change(thing, **{field: NOBODY}))
    return things


def _without(given: Any, people: tuple[PersonId, ...]) -> Any:
    for person in people:
        given = given.delete(person) if person in given else given
    return given
