"""Decisions by consent in documents: the decision, its words, each objection and how it was met."""

from collections.abc import Iterator

from forum.exports.archive import step_title
from forum.exports.book import Block, Column, Heading, Items, Para, Table
from forum.exports.told import Archive, ObjectionOut, ProposalOut
from forum.language import Reader, agreement


def decision(told: Archive, one: ProposalOut, reader: Reader) -> Iterator[Block]:
    """What was decided, in a few lines."""
    yield Heading(2, title(told, one, reader))
    yield Para(one.text, "quote")
    yield Para(agreement.outcome(reader, one.phase, one.latest, one.reservations))
    if one.reason:
        yield Para(one.reason)


def proposals(told: Archive, reader: Reader) -> Iterator[Block]:
    """Each, from its first words to what became of it."""
    if told.proposals:
        yield Heading(1, reader.say("Decisions by consent"))
    for one in told.proposals:
        yield from decision(told, one, reader)
        yield from (Para(line, "soft") for line in asked(one, reader))
        yield from _objections(one, reader)
        yield from _wordings(one, reader)
        for heading, lines in said(one, reader):
            yield Para(heading)
            yield Items(lines)


def title(told: Archive, one: ProposalOut, reader: Reader) -> str:
    """What it is called: as its step."""
    return step_title(told, next(step for step in told.steps if step.id == one.step), reader.lang)


def asked(one: ProposalOut, reader: Reader) -> list[str]:
    """Each time that people were asked, in numbers."""
    return [
        reader.say(
            "Question {n}, about wording {version}: {turnout}",
            n=round_.number,
            version=round_.version,
            turnout=agreement.turnout(reader, round_),
        )
        for round_ in one.rounds
    ]


def said(one: ProposalOut, reader: Reader) -> list[tuple[str, tuple[str, ...]]]:
    """What people asked and thought, where they did."""
    both = ((reader.say("Questions"), one.questions), (reader.say("Reactions"), one.reactions))
    return [(heading, lines) for heading, lines in both if lines]


def met(objection: ObjectionOut, reader: Reader) -> str:
    """How an objection was met, with the desk’s words on it."""
    how = agreement.met(reader, objection.met, agreed=objection.agreed)  # type: ignore[arg-type]
    if objection.met == "amended" and objection.version:
        how += " (" + reader.say("wording {n}", n=objection.version) + ")"
    return f"{how}. {objection.how}".strip() if objection.how else how


def _objections(one: ProposalOut, reader: Reader) -> Iterator[Block]:
    if one.objections:
        columns = (Column(reader.say("Objection"), 0.55), Column(reader.say("How it was met"), 0.45))
        yield Table(columns, [(objection.text, met(objection, reader)) for objection in one.objections])


def _wordings(one: ProposalOut, reader: Reader) -> Iterator[Block]:
    if len(one.wordings) > 1:
        yield Para(reader.say("Earlier wordings"))
        yield Items([f"{wording.number}. {wording.text}" for wording in one.wordings[:-1]])
