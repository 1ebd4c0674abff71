"""Who is preferred by how many to whom, in documents: of results that are drawn as duels. Choices go by their letters or ranks."""

from typing import NamedTuple

from forum.domain.methods.pictures import Duels
from forum.exports.pictured import picture_of
from forum.exports.told import VoteOut
from forum.language import Reader

APART = "–"  # where a choice would meet itself


class Told(NamedTuple):
    """What a document tells of it."""

    beats: str  # whether one choice beats each other
    heading: str  # what the numbers are
    signs: tuple[str, ...]  # of the columns, and of the rows, from the first to the last
    rows: tuple[tuple[str, ...], ...]  # of each choice, a number a column
    ways: tuple[str, ...]  # what decides between each and the next


def duels_of(vote: VoteOut, reader: Reader) -> Told | None:
    """None of a result that is drawn otherwise."""
    picture = picture_of(vote)
    if not isinstance(picture, Duels):
        return None
    letters = {line.option: line.letter for line in vote.lines}
    signs = {option: letters.get(option) or sign for option, sign in picture.signs.items()}
    there = list(picture.preferred)
    return Told(
        _beats(picture, signs, reader),
        reader.say("How many prefer the choice of the row to that of the column"),
        tuple(signs[option] for option in there),
        tuple(
            tuple(APART if one == other else reader.number(picture.preferred[one][other]) for other in there)
            for one in there
        ),
        tuple(_between(picture, signs, one, other, reader) for one, other in picture.neighbours)
        if picture.paths
        else (),
    )


def _beats(picture: Duels, signs: dict[str, str], reader: Reader) -> str:
    if picture.beats_all:
        return reader.say(
            "{one} beats each other choice one to one: Condorcet winner.", one=signs[picture.beats_all]
        )
    if picture.circle:
        return reader.say("No Condorcet winner: the majorities go round in a circle (a cycle).")
    return reader.say("No Condorcet winner: no choice beats each other one, since some draw.")


def _between(picture: Duels, signs: dict[str, str], one: str, other: str, reader: Reader) -> str:
    there, back = picture.strength(one, other), picture.strength(other, one)
    names = {"one": signs[one], "other": signs[other]}
    path = picture.paths[one][other]
    if there == back:
        return reader.say("{one} and {other}: neither is ahead of the other.", **names)
    if len(path) == 2:
        many, few = picture.preferred[one][other], picture.preferred[other][one]
        said = reader.say(
            "{one} before {other}: {many} prefer it, {few} the other.",
            **names,
            many=reader.number(many),
            few=reader.number(few),
        )
    else:
        way = " → ".join(signs[step] for step in path)
        said = reader.say(
            "{one} before {other} by {way}: at least {many} at each step.",
            **names,
            way=way,
            many=reader.number(there),
        )
    back_said = reader.say("The strongest chain back has only {few}.", few=reader.number(back))
    return f"{said} {back_said}" if back else said
