"""What hung on the walls and lay on the tables: the photographs, by the step whose outcome they show."""

from collections.abc import Iterator, Sequence

from forum.exports.archive import step_title
from forum.exports.book import Block, Heading, Picture
from forum.exports.told import Archive, PhotographOut
from forum.language import Reader


def photographs(told: Archive, reader: Reader) -> Iterator[Block]:
    """A chapter of them; nothing where there are none."""
    if not told.photographs:
        return
    yield Heading(1, reader.say("Photographs"))
    for step in told.steps:
        of_step = [one for one in told.photographs if one.step == step.id]
        if of_step:
            yield Heading(2, step_title(told, step, reader.lang))
            yield from _pictures(told, of_step, reader)
    steps = {step.id for step in told.steps}
    others = [one for one in told.photographs if one.step not in steps]
    if others and len(others) < len(told.photographs):
        yield Heading(2, reader.say("Further photographs"))
    yield from _pictures(told, others, reader)


def _pictures(told: Archive, some: Sequence[PhotographOut], reader: Reader) -> Iterator[Block]:
    for one in some:
        number = told.photographs.index(one) + 1
        alt = one.caption or reader.say("Photograph {number}", number=number)
        yield Picture(one.name, one.caption, alt, one.width, one.height)
