"""Sheets: writing actions under the axes, on phones and at the desk. The commands are the plan's (``plan``)."""

from forum.domain.kernel import N_
from forum.domain.settings import SheetSettings
from forum.domain.steps.kind import Kind

KIND = Kind(SheetSettings, N_("Actions"))
