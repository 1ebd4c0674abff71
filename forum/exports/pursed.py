"""What a sum bought, as a table beside a result: in order, with what is left, and what was not bought with why."""

from collections.abc import Iterator

from forum.domain import methods
from forum.domain.methods.pictures import Purse
from forum.domain.steps.rounds import Line, Result
from forum.exports.book import Block, Column, Table
from forum.exports.lines import lettered
from forum.exports.told import VoteOut
from forum.language import Reader


def purse_of(vote: VoteOut) -> Purse | None:
    """The picture of a revealed vote, where it is this one."""
    lines = tuple(Line(line.option, line.rank, line.tied, line.numbers) for line in vote.lines)
    result = Result(lines, vote.voters, vote.blank or 0, vote.assisted, vote.sums)
    picture = methods.of(vote.method).picture(vote.parameters, result) if vote.revealed else None
    return picture if isinstance(picture, Purse) else None


def pursed(vote: VoteOut, reader: Reader) -> Iterator[Block]:
    """What was bought, each with its cost as a bar, and what is left; then the rest, with what its supporters had."""
    picture, say = purse_of(vote), reader.say
    if picture is None:
        return
    titles = {line.option: lettered(line.letter, line.title) for line in vote.lines}
    costs = [
        *((f"{n}. {titles[option]}", picture.costs[option]) for n, option in enumerate(picture.bought, 1)),
        (say("Left"), picture.left),
    ]
    whole = all(cents % 100 == 0 for _, cents in costs)
    yield Table(
        (
            Column(say("Bought, in order"), 0.5),
            Column(say("Cost, in euros"), 0.4, number=not whole, bar=whole),
        ),
        [(title, str(cents // 100) if whole else reader.euros(cents)) for title, cents in costs],
    )
    if picture.had:
        yield Table(
            (
                Column(say("Not bought"), 0.5),
                Column(say("Cost"), 0.2, number=True),
                Column(say("Supporters had left"), 0.2, number=True),
            ),
            [
                (titles[option], reader.euros(picture.costs[option]), reader.euros(had))
                for option, had in picture.had.items()
            ],
        )
