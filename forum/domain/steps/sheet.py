"""Sheets: writing actions under the axes, on phones and at the desk. The commands are the plan's (``plan``)."""

from forum.domain.kernel import Part

PART = Part(judges={}, folds={})
