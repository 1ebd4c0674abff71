"""Is everything all right? What was measured, what it means in plain words, and what to do about it.

Knows the journal and the live rooms; no page and no address. ``readings`` collects, ``findings`` judges (pure),
``metrics`` tells machines.
"""

from forum.health.findings import CURES, Finding, Level, findings, unready, unwell, worst
from forum.health.metrics import CONTENT_TYPE, exposition
from forum.health.readings import Collector, Readings

__all__ = [
    "CONTENT_TYPE",
    "CURES",
    "Collector",
    "Finding",
    "Level",
    "Readings",
    "exposition",
    "findings",
    "unready",
    "unwell",
    "worst",
]
