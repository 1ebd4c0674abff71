"""Sheets: writing actions under the axes, whose commands are the plan's (``plan``), or what a schema says (``sheets``)."""

from forum.domain.kernel import N_
from forum.domain.settings import KindSettings, SheetSettings
from forum.domain.sheets import SCHEMAS
from forum.domain.sheets.reading import schema_of
from forum.domain.sheets.writing import PART
from forum.domain.state import State, Step
from forum.domain.steps.kind import Kind


def _sensible(settings: KindSettings) -> bool:
    assert isinstance(settings, SheetSettings), f"expected a sheet, got {settings}"
    return settings.known


def _drawn_with(state: State, step: Step) -> frozenset[str]:
    """What a sheet may link to stands in everybody's forms."""
    schema = schema_of(step)
    return frozenset(thing for _, thing in schema.links) if schema else frozenset()


def _held(state: State, step: Step) -> frozenset[str]:
    """Where actions are written, the cards stand above them from which an axis was made."""
    if not step.settings.plans:
        return frozenset()
    themes = [t for axis in state.plan.axes.values() if not axis.removed for t in axis.themes]
    cards = [idea for t in themes if t in state.themes.by_id for idea in state.themes.by_id[t].ideas]
    return frozenset((*themes, *cards))


def _called(settings: KindSettings) -> str:
    schema = SCHEMAS.get(settings.makes)
    return schema.title if schema else N_("Actions")


KIND = Kind(
    SheetSettings, N_("Sheets"), PART, sensible=_sensible, held=_held, drawn_with=_drawn_with, called=_called
)
