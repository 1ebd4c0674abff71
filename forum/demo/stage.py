"""Setting the demo's stage: a forum, its people made ahead, their first names. Knows the journal, not the sockets."""

import asyncio
import random
from collections.abc import Callable
from typing import NamedTuple

from forum.demo.material import material
from forum.demo.play import Actor, Cast
from forum.domain.keeping import last_day
from forum.domain.kernel import Words
from forum.domain.roles import Role
from forum.journal import Journal
from forum.opening import Opened, agendas, make_tickets, open_forum, steps

AGENDA = "forum-eclair"
KEEP_DAYS = 31  # nobody needs it for longer
TITLE = Words("Notre vision pour 2025", "Our vision for 2025")


class Scene(NamedTuple):
    """A forum ready to be played."""

    opened: Opened
    cast: Cast


async def prepare(
    journal: Journal,
    address: str,
    *,
    people: int,
    seed: int,
    lang: str,
    zone: str = "",
    clock: Callable[[], int],
) -> Scene:
    """Open the forum below the server's ``address`` and make its people. Same seed, same names. ``zone``: of its hours."""
    said = material()
    agenda = agendas()[AGENDA]
    opened = await open_forum(
        journal,
        agenda,
        title=TITLE.get(lang),
        lang=lang,
        question=said.question.get(lang),
        keep_until=last_day(clock(), KEEP_DAYS),
        zone=zone,
        clock=clock,
    )
    tickets = await make_tickets(journal, opened.code, people, clock=clock)
    names = random.Random(seed).sample(said.first_names, len(said.first_names))
    await asyncio.gather(
        *(journal.set_name(opened.code, t.person, _name(names, n)) for n, t in enumerate(tickets))
    )
    [desk] = await make_tickets(journal, opened.code, 1, clock=clock, role=Role.FACILITATOR)
    cast = Cast(
        address=f"{address}/f/{opened.code}",
        desk_cookie=f"forum_{opened.code}_desk={desk.secret}",
        actors=[Actor(t.person, f"forum_{opened.code}={t.secret}") for t in tickets],
        steps=steps(agenda),
        at=clock(),
    )
    return Scene(opened, cast)


def _name(names: list[str], number: int) -> str:
    again = number // len(names)
    return names[number % len(names)] + (f" {again + 1}" if again else "")
