"""What a result looks like in documents: the picture that its method makes of it, read of what an export tells."""

from collections.abc import Mapping
from typing import Final

from forum.domain import methods
from forum.domain.methods.pictures import Picture, Profiles
from forum.domain.steps.rounds import Line, Result
from forum.exports.book import Column
from forum.exports.told import VoteOut
from forum.language import Reader
from forum.language.tellings import TELLINGS

BETWEEN: Final = " · "  # the counts of a profile, in a cell


def picture_of(vote: VoteOut) -> Picture | None:
    """None before the reveal, and where a bar for each line says it."""
    if not vote.revealed:
        return None
    lines = tuple(Line(line.option, line.rank, line.tied, line.numbers) for line in vote.lines)
    result = Result(lines, vote.voters, vote.blank or 0, vote.assisted, vote.sums)
    return methods.of(vote.method).picture(vote.parameters, result)


def grades_of(vote: VoteOut, reader: Reader) -> tuple[str, ...]:
    """What the parts of a profile are called, from the best to the worst."""
    grades = TELLINGS[vote.method].grades
    return grades(reader, vote.parameters) if grades else ()


def profiles_of(vote: VoteOut) -> Profiles | None:
    """Where the result is drawn as profiles."""
    picture = picture_of(vote)
    return picture if isinstance(picture, Profiles) else None


def counts_of(vote: VoteOut, reader: Reader) -> Mapping[str, Mapping[str, int]]:
    """Of a result drawn as profiles: option → grade → how many chose it. Of others nothing."""
    picture, grades = profiles_of(vote), grades_of(vote, reader)
    counts = picture.counts if picture else {}
    return {option: dict(zip(grades, given, strict=True)) for option, given in counts.items()}


def profile_column(vote: VoteOut, picture: Profiles, reader: Reader) -> Column:
    """In which each option's profile stands."""
    best, *_, worst = grades_of(vote, reader)
    heading = reader.say("From “{best}” to “{worst}”", best=best, worst=worst)
    return Column(heading, 0.42, parts=True, halved=picture.middle)


def profile(picture: Profiles, option: str) -> str:
    """What stands in that column, of one option."""
    return BETWEEN.join(map(str, picture.counts[option]))
