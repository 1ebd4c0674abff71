"""Looks at what pages show, and holds it to the journal: invariant I5."""

from typing import TYPE_CHECKING, Any, Final

from forum.domain.keeping import Redacted
from forum.fragments import phone
from forum.fragments.surface import Audience, Put, View
from tests.sim.oracle import Oracle
from tests.sim.server import PAGES
from tests.sim.voices import depends_on_before

if TYPE_CHECKING:
    from tests.sim.tab import Tab
    from tests.sim.twin import Frame
    from tests.sim.world import World

LOOK_AT_PAGES: Final = 0.06  # of the frames: drawing is what costs


class Onlooker:
    """One per universe, beside its judge, which knows the journal and is told what is wrong."""

    def __init__(self, world: "World", judge: Oracle) -> None:
        self._world, self._judge = world, judge

    def reached(self, tab: "Tab", frame: "Frame") -> None:
        """A page says that it shows the journal up to a fact."""
        if (frame["to"], frame["c"]) not in self._judge.ever:
            self._judge.fail(
                "I5", f"{tab.name} shows fact {frame['to']} with a chain that the journal never had"
            )
        elif self._world.rng.random() < LOOK_AT_PAGES:
            self.look(tab)

    def given(self, tab: "Tab") -> None:
        """A page was given all that it shows: of a long list the end, and no more; one of an earlier version the whole."""
        at, view = tab.mirror.at, None
        if at["s"] <= self._judge.seq and self._judge.folds[at["s"]].chain == at["c"]:
            here = self._judge.folds[at["s"]]
            whole = View(here.state, here.names)
            view = whole.for_group(self._audience(tab, whole).group)
            self._remembers(tab, whole)
        law = self._beginnings(view) if view and tab.cut and tab.visitor.surface == "phone" else {}
        if (view or not tab.cut) and tab.mirror.begins != law:
            self._judge.fail(
                "I5", f"the lists of {tab.name} at {at['s']} begin at {tab.mirror.begins}, not {law}"
            )

    def _beginnings(self, view: View) -> dict[str, str]:
        orders: dict[str, list[str]] = {place: [] for place in phone.WINDOWS}
        for slot in (phone.slot(view, key) for key in phone.keys(view)):
            if slot and slot.place in orders:
                orders[slot.place].append(slot.order)
        most = self._world.plan.window
        return {place: sorted(found)[-most] for place, found in orders.items() if len(found) > most}

    def ahead(self, tab: "Tab", frame: "Frame") -> None:
        """A change begins where the page is not yet; what a server sends on one connection never does."""
        self._judge.fail(
            "I5", f"{tab.name} is at {tab.mirror.at['s']} and is sent what changed from {frame['from']} on"
        )

    def look(self, tab: "Tab", *, own: bool = False) -> None:
        """Compare what a page shows with what the journal up to there gives; ``own``: what is personal too."""
        at = tab.mirror.at
        if at["s"] > self._judge.seq or self._judge.folds[at["s"]].chain != at["c"]:
            return  # a history that was lost meanwhile
        here = self._judge.folds[at["s"]]
        audience = self._audience(tab, View(here.state, {}))
        views = [View(here.state, here.names)]
        if self._world.names() != here.names:  # newer names than the state are allowed, older ones are not
            views.append(View(here.state, self._world.names()))
        if struck := self._struck_in_what_is_lost():
            views.append(View(here.state, struck | here.names))
        begins = tab.mirror.begins
        held = [
            tuple(put for put in PAGES.page(view, audience) if put.order >= begins.get(put.place, ""))
            for view in views
        ]
        self._compare(tab, "page", tab.mirror.page, held)
        if own and at["s"] == self._judge.seq:
            mine = [PAGES.you(view, audience, tab.visitor.person) for view in views]
            self._compare(tab, "own part", tab.mirror.mine, mine)
            self._remembers(tab, views[0])

    def _remembers(self, tab: "Tab", view: View) -> None:
        if keys := depends_on_before(view, self._audience(tab, view), tab.visitor.person):
            self._judge.fail("J9", f"{keys} of {tab.name} show what was given before with its voice")

    def _audience(self, tab: "Tab", view: View) -> Audience:
        return PAGES.grouped(view, Audience(tab.visitor.surface, "fr"), tab.visitor.person)

    def _struck_in_what_is_lost(self) -> dict[str, str]:
        """Names that only a lost history had struck. A process that never saw it may show them till they are struck again:
        here the names survive a store that loses its journal's tail, which one write of a real store keeps or loses with it."""
        kept: dict[str, str] = {}
        for drop in self._judge.drops:
            gone = [
                fold_.record.fact.person for _, fold_ in drop.facts if isinstance(fold_.record.fact, Redacted)
            ]
            for fold_ in (
                self._judge.folds[min(drop.after, self._judge.seq)],
                *(fold_ for _, fold_ in drop.facts),
            ):
                kept |= {person: fold_.names[person] for person in gone if person in fold_.names}
        return kept

    def _compare(self, tab: "Tab", what: str, shown: dict[str, Any], wanted: list[tuple[Put, ...]]) -> None:
        allowed: dict[str, list[tuple[str, str, str]]] = {}
        for puts in wanted:
            for put in puts:
                allowed.setdefault(put.key, []).append((put.place, put.order, put.html))
        differ = [key for key, put in shown.items() if put not in allowed.get(key, ())]
        missing = allowed.keys() - shown.keys()
        if differ or missing:
            at = tab.mirror.at["s"]
            self._judge.fail(
                "I5", f"the {what} of {tab.name} at {at} differs at {differ[:4]}, lacks {sorted(missing)[:4]}"
            )
