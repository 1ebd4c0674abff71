"""A kind of field that lives in the tests alone: stars. It changes no file of the product; a recipe is rated with it."""

import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from forum.domain import room
from forum.domain.sheets.fields import FIELD_KINDS, FieldKind, Here, Refused, Value
from forum.domain.sheets.schema import Field, Schema
from forum.exports.fields import EXPORTED, Exported
from tests.scenes import Scene
from tests.toysheet import RECIPE, known
from tests.toytemplates import found_too
from tests.typed import TYPED

TEMPLATES = Path(__file__).parent / "templates"


class Stars(NamedTuple):
    """One star, or as many as there are."""

    most: int


def _reads(here: Here, holds: Stars, value: Value, length: int) -> Value | Refused:
    fits = value == "" or value in [str(n) for n in range(1, holds.most + 1)]
    return value if fits else Refused("field_stars", {"limit": holds.most})


STARS = FieldKind(
    "stars",
    Stars,
    _reads,
    wrong=lambda holds: [] if holds.most > 1 else ["one star says nothing"],
    refusals={"field_stars": "Give “{label}” 1 to {limit} stars."},
)
RATED: Schema = RECIPE._replace(fields=(*RECIPE.fields, Field("rating", "Rating", Stars(3))))


def _some_stars(rng: random.Random, room: Scene, holds: Stars) -> Value:
    return rng.choice(["", "1", str(holds.most), str(holds.most + 1)])


@contextmanager
def stars() -> Iterator[Schema]:
    """The kind of field is known for as long as the block lasts: a line in each register, and a folder of templates."""
    with ExitStack() as whole:
        whole.enter_context(patch.dict(FIELD_KINDS, {Stars: STARS}))
        whole.enter_context(
            patch.dict(
                EXPORTED,
                {
                    STARS.name: Exported(
                        lambda holds, value, words: int(str(value)) if value else None,
                        lambda holds: {"enum": [str(n) for n in range(1, holds.most + 1)]},
                    )
                },
            )
        )
        whole.enter_context(patch.dict(TYPED, {STARS.name: _some_stars}))
        whole.enter_context(patch.dict(room.REFUSALS, STARS.refusals))
        whole.enter_context(found_too(TEMPLATES))
        yield whole.enter_context(known(RATED))
