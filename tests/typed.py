"""What somebody types by chance into a field of a sheet: one function a kind of field, mostly something that it can hold."""

import random
from collections.abc import Callable
from typing import Any

from forum.domain.sheets.fields import Amount, Choice, Day, Links, Persons, Series, Someone, Value
from forum.domain.things import standing
from tests.scenes import Scene

PEOPLE = tuple(f"person{n}" for n in range(6))
Typed = Callable[[random.Random, Scene, Any], Value]


def some_text(rng: random.Random, room: Scene, holds: object = None) -> str:
    things = ["<un lieu>", "l’agenda", "« un fonds »", "{{ l’été }}"]
    return f"{rng.choice(['Créer', 'Ouvrir', 'Partager'])} {rng.choice(things)} {len(room.journal)}"


def _choice(rng: random.Random, room: Scene, holds: Choice) -> Value:
    return rng.choice(["", "other", *(key for key, _ in holds.options)])


def _day(rng: random.Random, room: Scene, holds: Day) -> Value:
    return rng.choice(["", "31/03/2025", "2025-06-01", "soon"])


def _amount(rng: random.Random, room: Scene, holds: Amount) -> Value:
    return rng.choice(["", str(holds.least), str(holds.most), str(holds.most + 1)])


def _someone(rng: random.Random, room: Scene, holds: Someone) -> Value:
    return rng.choice(["", *PEOPLE, "nobody"])


def _persons(rng: random.Random, room: Scene, holds: Persons) -> Value:
    return rng.choice([(), *((person,) for person in PEOPLE), PEOPLE[:2], ("nobody",)])


def _series(rng: random.Random, room: Scene, holds: Series) -> Value:
    return rng.choice(["", "31/12/2025: 40", "2025-06-30 12,5\n2025-12-31: 40", "soon: 3"])


def _links(rng: random.Random, room: Scene, holds: Links) -> Value:
    known = [name for name, _ in standing(room.state, holds.thing)]
    return tuple(rng.sample(known, min(len(known), rng.randint(0, 2))))


TYPED: dict[str, Typed] = {
    "text": some_text,
    "choice": _choice,
    "day": _day,
    "amount": _amount,
    "someone": _someone,
    "persons": _persons,
    "series": _series,
    "links": _links,
}
"""By the name of the kind of field."""
