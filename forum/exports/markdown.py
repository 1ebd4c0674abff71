"""The plan as Markdown, readable in a plain editor: the plan first, then commitments, votes, themes and ideas."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from forum.domain.keeping import ERASED
from forum.domain.plan.rows import Whole
from forum.domain.sheets import SCHEMAS
from forum.domain.steps.themes import letter
from forum.exports import kept
from forum.exports.archive import in_lang, step_title
from forum.exports.audience import names, written_for
from forum.exports.books import agreed
from forum.exports.duels import duels_of
from forum.exports.fields import Cell
from forum.exports.hands import raised
from forum.exports.lines import beside, labelled, lettered, promised
from forum.exports.markdown_plan import on, plan
from forum.exports.marked import heading, inline, pairs, row
from forum.exports.pictured import counts_of
from forum.exports.tables import held, titles
from forum.exports.told import Archive, IdeaOut, VoteOut
from forum.language import Reader, agreement
from forum.language.telling import parted
from forum.language.tellings import PURPOSES, TELLINGS


def write(told: Archive, whole: Whole, reader: Reader) -> bytes:
    """The whole document, UTF-8."""
    return ("\n".join(_lines(told, whole, reader)).rstrip() + "\n").encode()


def _lines(told: Archive, whole: Whole, reader: Reader) -> Iterator[str]:
    forum, say = told.forum, reader.say
    yield f"# {inline(forum.title)}"
    yield ""
    if forum.question:
        yield f"> {inline(forum.question)}"
        yield ""
    if forum.horizon:
        yield say("Horizon: {year}.", year=forum.horizon)
        yield ""
    yield written_for(told, reader)
    yield ""
    yield say(
        "Forum of {day}. {people} took part.", day=on(reader, forum.opened_at), people=_people(told, reader)
    )
    yield ""
    yield from _sessions(told, reader)
    yield from plan(told, whole, reader)
    yield from _sheets(told, reader)
    yield from _commitments(told, whole, reader)
    yield from _votes(told, reader)
    yield from _proposals(told, reader)
    yield from _ideas(told, reader)
    yield from _things(told, reader)
    yield "---"
    yield ""
    yield say(
        "Journal of forum {code} up to entry {seq}, chain {chain}.",
        code=forum.code,
        seq=forum.seq,
        chain=forum.chain,
    )
    yield from _losses(told, reader)


def _sessions(told: Archive, reader: Reader) -> Iterator[str]:
    """When and where the forum was held, where that was on more than one day, or somebody has said."""
    if len(told.sessions) < 2 and not any(s.date or s.place for s in told.sessions):
        return
    say = reader.say
    yield heading(2, say("Sessions"))
    yield ""
    yield row(say("Session"), say("Day"), say("Place"), say("Expected"), say("Present"))
    yield "|---|---|---|---:|---:|"
    for session in told.sessions:
        title = in_lang(session.title, reader.lang) or say("First session")
        there = str(session.present) if session.begun_at else "–"
        day = reader.day_at(session.date, session.hour) if session.date else "–"
        expected = str(session.expected or "–")
        yield row(inline(title), day, inline(session.place) or "–", expected, there)
    yield ""


def _losses(told: Archive, reader: Reader) -> Iterator[str]:
    for loss in told.losses:
        yield ""
        yield reader.say(
            "On {day} the store lost entries {first} to {last}. Contributions that came back: {restored};"
            " missing: {missing}, of which came again and could not be taken: {refused}.",
            day=on(reader, loss.at),
            first=loss.after + 1,
            last=loss.upto,
            restored=loss.restored,
            refused=loss.refused,
            missing="?" if loss.missing is None else loss.missing,
        )


def _people(told: Archive, reader: Reader) -> str:
    people = reader.say_many("{n} person", "{n} people", told.forum.people)
    if not told.forum.assisted:
        return people
    return people + reader.say_many(" ({n} without a phone)", " ({n} without a phone)", told.forum.assisted)


def _sheets(told: Archive, reader: Reader) -> Iterator[str]:
    """What was written in steps; what belongs to the plan stands there."""
    words = titles(told)
    for schema in SCHEMAS.values():
        written = [sheet for sheet in told.sheets if sheet.schema == schema.name and sheet.step]
        if written:
            yield heading(2, reader.say(schema.title))
            yield ""
        for sheet in written:
            yield heading(3, str(sheet.number), sheet.title)
            yield ""
            rows = ((reader.say(f.label), held(sheet, f, words, reader)) for f in schema.fields[1:])
            yield from pairs((label, _cell(cell, reader) if cell else "") for label, cell in rows)


def _cell(cell: Cell, reader: Reader) -> str:
    if isinstance(cell, date):
        return reader.day(cell)
    return reader.listed(str(cell).split("\n")) if not isinstance(cell, Decimal) else _number(cell, reader)


def _number(number: Decimal, reader: Reader) -> str:
    return f"{number:f}".replace(".", ",") if reader.lang == "fr" else f"{number:f}"


def _commitments(told: Archive, whole: Whole, reader: Reader) -> Iterator[str]:
    """Those that stand at no action; and whose names are told at any."""
    if not told.commitments:
        return
    rest = beside(told, whole)
    yield heading(2, reader.say("Commitments"))
    yield ""
    if rest:
        yield reader.say("For the whole plan:")
        yield ""
        yield from (f"- {inline(promised(reader, one))}" for one in rest)
        yield ""
    if len(rest) < len(told.commitments):
        yield reader.say("Those for an action stand at that action.")
        yield ""
    yield names(told, reader)
    yield ""


def _votes(told: Archive, reader: Reader) -> Iterator[str]:
    if not told.votes:
        return
    yield heading(2, reader.say("Votes"))
    yield ""
    titles = {step.id: step_title(told, step, reader.lang) for step in told.steps}
    for vote in told.votes:
        yield from _vote(vote, titles[vote.step], reader)


def _vote(vote: VoteOut, title: str, reader: Reader) -> Iterator[str]:
    say = reader.say
    round_ = say("round {number}", number=vote.number)
    yield f"### {inline(title)} ({round_})"
    yield ""
    telling = TELLINGS[vote.method]
    rule = telling.rule(reader.of_vote(vote.worded), vote.parameters)
    yield f"{rule} {say(PURPOSES[vote.purpose])}"
    yield _turnout(vote, reader)
    yield ""
    if not vote.revealed:
        yield say("The result has not been revealed.")
        yield ""
        return
    counts = counts_of(vote, reader)
    grades = list(next(iter(counts.values()), {}))
    yield row(say("Rank"), say("Option"), *(say(column.heading) for column in telling.line), *grades)
    yield "|---:|---|" + "---:|" * (len(telling.line) + len(grades))
    for line in vote.lines:
        rank = say("{rank} (tie)", rank=line.rank) if line.tied else str(line.rank)
        yield row(
            rank,
            inline(lettered(line.letter, line.title)),
            *(str(c.cell(reader, line.numbers, vote.voters)) for c in telling.line),
            *(str(counts[line.option][grade]) for grade in grades),
        )
    yield ""
    yield from _duels(vote, reader)
    yield from _apart(vote, reader)
    if vote.kept:
        yield inline(kept.said(vote, reader))
        yield ""
    if vote.hands:
        yield inline(raised(vote, reader))
        yield ""


def _apart(vote: VoteOut, reader: Reader) -> Iterator[str]:
    """What the room does not agree on: the choices that divide it, and why some are against."""
    telling, titles_ = TELLINGS[vote.method], {x.option: lettered(x.letter, x.title) for x in vote.lines}
    if not (vote.divided or vote.reasons):
        return
    yield f"#### {reader.say('What we do not agree on')}"
    yield ""
    for line in vote.lines:
        if line.option in vote.divided:
            said = parted(telling, reader, line.numbers, vote.voters)
            yield f"- {labelled(reader, inline(titles_[line.option]), said)}"
        for one in vote.reasons:
            if one.option == line.option:
                said = inline(one.text) if one.text else reader.say(ERASED)
                why = reader.say("Why some are against {choice}:", choice=inline(titles_[line.option]))
                yield f"- {why} {said}"
    yield ""


def _duels(vote: VoteOut, reader: Reader) -> Iterator[str]:
    told = duels_of(vote, reader)
    if told is None:
        return
    yield told.beats
    yield told.heading
    yield ""
    yield row("", *told.signs)
    yield "|---|" + "---:|" * len(told.signs)
    yield from (row(sign, *cells) for sign, cells in zip(told.signs, told.rows, strict=True))
    yield ""
    yield from (f"- {way}" for way in told.ways)
    yield ""


def _turnout(vote: VoteOut, reader: Reader) -> str:
    if vote.blank is None:
        return reader.say_many("{n} person voted.", "{n} people voted.", vote.voters)
    sums = TELLINGS[vote.method].adds_up(reader, vote.voters, vote.sums)
    ballots = reader.ballots_counted(
        vote.voters, blank=vote.blank, assisted=vote.assisted, papers=vote.papers, late=vote.late
    )
    return f"{sums} {ballots}"


def _proposals(told: Archive, reader: Reader) -> Iterator[str]:
    """Decisions by consent, each objection with how it was met."""
    if not told.proposals:
        return
    say = reader.say
    yield heading(2, say("Decisions by consent"))
    yield ""
    for one in told.proposals:
        yield f"### {inline(agreed.title(told, one, reader))}"
        yield ""
        yield f"> {inline(one.text)}"
        yield ""
        reason = f" {inline(one.reason)}" if one.reason else ""
        yield agreement.outcome(reader, one.phase, one.latest, one.reservations) + reason
        yield ""
        yield from (f"- {line}" for line in agreed.asked(one, reader))
        yield ""
        if one.objections:
            yield row(say("Objection"), say("How it was met"))
            yield "|---|---|"
            yield from (row(inline(o.text), inline(agreed.met(o, reader))) for o in one.objections)
            yield ""
        earlier = [f"{wording.number}. {inline(wording.text)}" for wording in one.wordings[:-1]]
        if earlier:
            yield say("Earlier wordings")
            yield ""
            yield from earlier
            yield ""
        for title, lines in agreed.said(one, reader):
            yield title
            yield ""
            yield from (f"- {inline(line)}" for line in lines)
            yield ""


def _ideas(told: Archive, reader: Reader) -> Iterator[str]:
    say = reader.say
    without_theme = say("without a theme")
    yield heading(2, say("Cards"))
    yield ""
    for step in told.steps:
        if not step.told and step.ideas:
            told_so = reader.say_many("{n} card, not revealed.", "{n} cards, not revealed.", step.ideas)
            yield labelled(reader, inline(step_title(told, step, reader.lang)), told_so)
            yield ""
    for theme in told.themes:
        inside = [i for i in told.ideas if theme.id in (i.themes or (i.theme,))]
        count = reader.say_many("{n} card", "{n} cards", len(inside))
        yield f"### {letter(theme.number)} – {inline(theme.title)} ({count})"
        yield ""
        yield from map(_idea, inside)
        yield ""
    for step in told.steps:
        alone = [i for i in told.ideas if i.step == step.id and i.theme is None]
        if alone:
            yield "### " + labelled(reader, inline(step_title(told, step, reader.lang)), without_theme)
            yield ""
            yield from map(_idea, alone)
            yield ""
        if step.hidden:
            yield reader.say_many(
                "{n} card was hidden by the facilitator.",
                "{n} cards were hidden by the facilitator.",
                step.hidden,
            )
            yield ""


def _things(told: Archive, reader: Reader) -> Iterator[str]:
    for step in told.steps:
        made = [thing for thing in told.things if thing.step == step.id]
        if made:
            yield heading(2, inline(step_title(told, step, reader.lang)))
            yield ""
            yield from (f"- {inline(thing.text)}" for thing in made)
            yield ""


def _idea(idea: IdeaOut) -> str:
    return f"- {idea.number}. {inline(idea.text)}"
