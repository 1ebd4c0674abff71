"""Ballots that were struck once their time was over: what is left of them, and whether it proves what it can (K5).

Whoever strikes ballots could do so to hide a false result. So it is looked at whether a result was recorded before they
went, whether it speaks of as many as voted, and whether they were left alone for as long as everybody was promised.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from forum.audit.evidence import REDACTION, Raw
from forum.audit.recount import Poll
from forum.domain.terms import FEWEST_DAYS

DAY_MS: Final = 24 * 3600 * 1000


class Struck(NamedTuple):
    """A fact that was struck when its time was over."""

    by: int  # the fact that says so
    at: int  # ms since the epoch


class Attested(NamedTuple):
    """What is found of a vote whose ballots are no more; ``says`` is a key of ``HELD`` or ``BROKEN``."""

    held: bool
    says: str
    number: int
    params: dict[str, Any] = {}


def ended_by(entries: Iterable[Raw]) -> dict[int, Struck]:
    """Which facts were struck because their time was over, ballots and words, by number. Whatever cannot be read explains nothing."""
    found: dict[int, Struck] = {}
    for entry in entries:
        if not entry.op.startswith(REDACTION):
            continue
        try:
            said = json.loads(entry.body)
            if said["f"].get("term"):
                by = Struck(entry.number, int(said["t"]))
                found |= {int(struck[0]): by for struck in said["f"].get("struck", ())}
        except (LookupError, ValueError, TypeError, AttributeError):
            continue
    return found


def attested(poll: Poll, ended: Mapping[int, Struck]) -> Attested:
    """What a revealed round proves of whose ballots some, or all, were struck."""
    first = min(poll.struck)
    gone = [(number, ended[number]) for number in poll.struck if number in ended]
    if poll.recorded is None or any(poll.counted > by.by for _, by in gone):
        return Attested(False, "unattested", first)
    early = next((number for number, by in gone if by.at - poll.shown_at < FEWEST_DAYS * DAY_MS), 0)
    if early:
        return Attested(False, "early", early)
    people, said = len(poll.given), poll.recorded["result"]["voters"]
    if people != said:
        return Attested(False, "misattested", poll.counted, {"found": said, "people": people})
    late = poll.counted_at - poll.shown_at > DAY_MS  # as no reveal, and only a strike, is
    told = {"people": people, "checksum": poll.recorded["ballots"]}
    return Attested(True, "attested_late" if late else "attested", poll.counted, told)
