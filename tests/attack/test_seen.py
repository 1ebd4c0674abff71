"""Row 119: what a press says its page showed (O14), forged at every door. It opens nothing, and nothing is done twice by it.

O14 protects who presses: whoever forges it could as well have said nothing. So each forged press is judged by every other
rule as one that says nothing, is refused by its own fault, or waits for a press of who leads.
"""

from typing import Any, Final

from tests.web.test_saw import desk

__all__ = ["desk"]

MOST: Final = 2**53 - 1
UNREADABLE: Final[dict[str, str]] = {
    "-1": "bad_number",
    str(MOST + 1): "bad_number",
    "9" * 5000: "bad_type",
    "1e999": "bad_number",
    "1.0": "bad_type",
    '"7"': "bad_type",
    "true": "bad_type",
    "null": "bad_type",
    "[7]": "bad_type",
}
FORGED: Final[dict[str, dict[str, Any]]] = {
    "nothing": {},
    "nothing seen": {"seen": 0},
    "the future": {"seen": 10_000},
    "the most": {"seen": MOST},
    "another life": {"seen": 3, "g": 7, "c": "0" * 16},
    "an earlier life": {"seen": MOST, "g": 1, "c": "f" * 16},
    "another chain": {"seen": 3, "g": 1, "c": "0" * 16},
}
LEADING: Final[dict[str, dict[str, Any]]] = {
    "RevealStep": {"step": "ideas"},
    "CloseStep": {"step": "ideas"},
    "OpenStep": {"step": "sort"},
    "FreezeStep": {"step": "ideas"},
    "SetEntry": {"mode": "locked"},
    "EndSession": {"session": "first"},
}
