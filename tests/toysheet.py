"""A schema that no product file knows: a recipe, with a field of every kind. It lives in the tests only."""

from collections.abc import Iterator
from contextlib import contextmanager

from forum.domain.limits import Text
from forum.domain.settings import BallotSettings, BoardSettings, Settings, SheetSettings
from forum.domain.sheets import SCHEMAS
from forum.domain.sheets.fields import Amount, Choice, Day, Links, Persons, Series, Someone
from forum.domain.sheets.schema import Field, Schema

RECIPE = Schema(
    name="recipe",
    title="Recipes",
    write="Write a recipe",
    yours="Your recipe",
    made="wrote a recipe",
    edited="changed a recipe",
    removed="removed a recipe",
    worked_on="This step takes up the recipes from %(steps)s.",
    fields=(
        Field("dish", "Dish", Text(40), needed=True),
        Field("method", "Way", Text(300, lines=True), hint="Step by step", wall=False),
        Field("taste", "Taste", Choice((("sweet", "Sweet"), ("salty", "Salty")))),
        Field("ready", "Ready on", Day()),
        Field("kilos", "Kilos", Amount(0, 20, places=2)),
        Field("cook", "Cook", Someone()),
        Field("helpers", "Helpers", Persons(3)),
        Field("sold", "Sold", Series(4)),
        Field("from", "Taken from", Links("idea", most=2)),
        Field("origin", "Region", Text(40), theirs=False),
        Field("stars", "Stars", Amount(0, 3), by="desk"),
    ),
)
MENU = RECIPE._replace(
    name="menu",
    title="Menus",
    write="Write a menu",
    yours="Your menu",
    made="wrote a menu",
    edited="changed a menu",
    removed="removed a menu",
    worked_on="This step takes up the menus from %(steps)s.",
    fields=(
        Field("day", "Day", Text(40), needed=True),
        Field("wine", "Wine", Text(40)),
        Field("main", "Main dish", Links("recipe")),
        Field("before", "Before", Text(40)),
    ),
)
"""It links to another kind of sheet."""
AGENDA: dict[str, Settings] = {
    "ideas": BoardSettings(visibility="all"),
    "recipes": SheetSettings(what="recipe"),
    "vote": BallotSettings(over="recipe", points=3, cap=3),
}


@contextmanager
def known(schema: Schema = RECIPE) -> Iterator[Schema]:
    """As if a module of the product said it, for as long as the block lasts."""
    before = dict(SCHEMAS)
    SCHEMAS[schema.name] = schema
    try:
        yield schema
    finally:
        SCHEMAS.clear()
        SCHEMAS.update(before)
