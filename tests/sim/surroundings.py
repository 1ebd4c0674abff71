"""What code of ours takes from outside, for as long as a universe lasts."""

import random
import secrets
import sys
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog

from forum.domain import space
from forum.fragments import phone
from forum.journal import line
from tests.sim.plan import Plan

LOUD: Final = frozenset({"forum_died", "forum_frozen", "forum_is_gone", "names_damaged"})


@contextmanager
def surroundings(rng: random.Random, plan: Plan) -> Iterator[list[str]]:
    """What code of ours takes from outside, from the universe's chance; what it logs aloud, noted.

    Of the plan: ``share``, so large a part of a forum is one person's, since in few minutes a few people fill none but a
    small one; ``window``, so few cards of a board does a page hold at first, since a few people write no long one.
    """
    loud: list[str] = []

    def hear(_logger: object, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
        if event["event"] in LOUD:
            error = event.get("exc_info") and sys.exc_info()[1]
            loud.append(f"{event['event']} {event.get('why', '')} {error!r}")
        raise structlog.DropEvent

    chance, line.random = line.random, rng  # type: ignore[attr-defined]
    real, space.PERSON_SHARE = space.PERSON_SHARE, plan.share  # type: ignore[misc]
    drawn = random.Random(f"secrets {plan.seed}")  # beside the rest of chance
    hexed, coded = secrets.token_hex, secrets.token_urlsafe
    secrets.token_hex = lambda size=16: drawn.randbytes(size).hex()
    secrets.token_urlsafe = lambda size=16: urlsafe_b64encode(drawn.randbytes(size)).rstrip(b"=").decode()
    windows = dict(phone.WINDOWS)
    phone.WINDOWS.update({place: long._replace(most=plan.window) for place, long in windows.items()})
    structlog.configure(processors=[hear])
    try:
        yield loud
    finally:
        line.random = chance  # type: ignore[attr-defined]
        secrets.token_hex, secrets.token_urlsafe = hexed, coded
        space.PERSON_SHARE = real  # type: ignore[misc]
        phone.WINDOWS.update(windows)
        structlog.reset_defaults()
