"""The plan as Markdown, readable in a plain editor: the plan first, then commitments, votes, themes and ideas."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from forum.domain.sheets import SCHEMAS
from forum.domain.steps.themes import letter
from forum.exports.archive import in_lang, step_title
from forum.exports.audience import names, written_for
from forum.exports.endings import left_incomplete
from forum.exports.fields import Cell
from forum.exports.tables import gap_words, held, letters, reason, titles, unnamed_pilot
from forum.exports.told import ActionOut, Archive, IdeaOut, VoteOut
from forum.language import NO_BREAK, Reader
from forum.language.tellings import TELLINGS

_ACTIVE: Final = re.compile(r"[\\`*_\[\]<>|]|&(?=#|[A-Za-z0-9]+;)")
_ADDRESS: Final = re.compile(
    r"\b([A-Za-z][A-Za-z0-9+.-]{0,30}|www)(://|\.)(?<=://|ww\.)"
)  # readers link them by themselves
_OPENING: Final = re.compile(
    r"^(?=[#+=~-])|(?<=^)(?P<number>[0-9]{1,9})(?=[.)](?: |$))"
)  # of a heading, a rule, a list


def write(told: Archive, reader: Reader) -> bytes:
    """The whole document, UTF-8."""
    return ("\n".join(_lines(told, reader)).rstrip() + "\n").encode()


def inline(text: str) -> str:
    """A text that stays text: it breaks no line, table or heading, and becomes no markup, entity or link."""
    flat = _ACTIVE.sub(r"\\\g<0>", " ".join(text.split()))
    return _OPENING.sub(r"\g<number>\\", _ADDRESS.sub(r"\1\\\2", flat))


def _heading(level: int, label: str, title: str = "") -> str:
    return f"{'#' * level} {label}" + (f" – {inline(title)}" if title else "")


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def _lines(told: Archive, reader: Reader) -> Iterator[str]:
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
        "Forum of {day}. {people} took part.", day=_day(reader, forum.opened_at), people=_people(told, reader)
    )
    yield ""
    yield from _sessions(told, reader)
    yield from _plan(told, reader)
    yield from _sheets(told, reader)
    yield from _commitments(told, reader)
    yield from _votes(told, reader)
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
    yield _heading(2, say("Sessions"))
    yield ""
    yield _row(say("Session"), say("Day"), say("Place"), say("Expected"), say("Present"))
    yield "|---|---|---|---:|---:|"
    for session in told.sessions:
        title = in_lang(session.title, reader.lang) or say("First session")
        there = str(session.present) if session.begun_at else "–"
        day, expected = reader.day(session.date) if session.date else "–", str(session.expected or "–")
        yield _row(inline(title), day, inline(session.place) or "–", expected, there)
    yield ""


def _losses(told: Archive, reader: Reader) -> Iterator[str]:
    for loss in told.losses:
        yield ""
        yield reader.say(
            "On {day} the store lost entries {first} to {last}. Contributions that came back: {restored};"
            " missing: {missing}, of which came again and could not be taken: {refused}.",
            day=_day(reader, loss.at),
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


def _day(reader: Reader, iso: str) -> str:
    return reader.day(round(datetime.fromisoformat(iso).timestamp() * 1000)) if iso else "–"


def _plan(told: Archive, reader: Reader) -> Iterator[str]:
    yield _heading(2, reader.say("Action plan"))
    yield ""
    if not told.plan:
        yield reader.say("There are no axes yet.")
        yield ""
    for words in left_incomplete(told, reader):
        yield inline(words)
        yield ""
    known = letters(told)
    for axis in told.plan:
        yield _heading(3, reader.say("Axis {number}", number=axis.number), axis.title)
        yield ""
        if made_of := [known[t] for t in axis.themes if t in known]:
            yield reader.say_many(
                "Theme {letters}", "Themes {letters}", len(made_of), letters=", ".join(made_of)
            )
            yield ""
        if not axis.actions:
            yield reader.say("No action yet.")
            yield ""
        for action in axis.actions:
            yield from _action(told, action, reader)


def _action(told: Archive, action: ActionOut, reader: Reader) -> Iterator[str]:
    say = reader.say
    someone = say("(not named here)")
    titles = {t.id: _lettered(letter(t.number), t.title) for t in told.themes}
    numbers = {i.id: i.number for i in told.ideas}
    pilot = action.pilot or unnamed_pilot(action, reader) or _offered(action, reader)
    step = (
        f"{action.first_step} ({_day(reader, action.first_step_due)})"
        if action.first_step_due
        else action.first_step
    )
    pledges = [c for c in told.commitments if c.action == action.id]
    ideas = [
        f"n°{NO_BREAK}{numbers[i]}" if reader.lang == "fr" else f"no.{NO_BREAK}{numbers[i]}"
        for i in action.ideas
        if i in numbers
    ]
    rows = [
        (say("Description"), action.description),
        (say("Pilot"), pilot or gap_words(reader, "pilot")),
        (say("Partners"), ", ".join(filter(None, action.partners))),
        (say("First step"), step or gap_words(reader, "first_step")),
        (say("Due"), _day(reader, action.due) if action.due else gap_words(reader, "due")),
        (say("Budget"), action.budget),
        (say("Reason given at the end"), reason(told, action)),
        (say("Comes from"), ", ".join([*(titles[t] for t in action.themes if t in titles), *ideas])),
        (
            say("Commitments"),
            "; ".join(
                say("{label}: {text}", label=c.person or someone, text=f"{c.text} ({_day(reader, c.due)})")
                for c in pledges
            ),
        ),
    ]
    yield _heading(4, say("Action {code}", code=action.code), action.title)
    yield ""
    yield "| | |"
    yield "|---|---|"
    for label, value in rows:
        if value:
            yield f"| {label} | {inline(value)} |"
    yield ""


def _sheets(told: Archive, reader: Reader) -> Iterator[str]:
    words = titles(told)
    for schema in SCHEMAS.values():
        written = [sheet for sheet in told.sheets if sheet.schema == schema.name]
        if written:
            yield _heading(2, reader.say(schema.title))
            yield ""
        for sheet in written:
            yield _heading(3, str(sheet.number), sheet.title)
            yield ""
            rows = [(field, held(sheet, field, words, reader)) for field in schema.fields[1:]]
            told_rows = [(reader.say(field.label), cell) for field, cell in rows if cell]
            if told_rows:
                yield "| | |"
                yield "|---|---|"
            for label, cell in told_rows:
                yield f"| {label} | {inline(_cell(cell, reader))} |"
            yield ""


def _cell(cell: Cell, reader: Reader) -> str:
    if isinstance(cell, date):
        return reader.day(cell)
    return "; ".join(str(cell).split("\n")) if not isinstance(cell, Decimal) else _number(cell, reader)


def _number(number: Decimal, reader: Reader) -> str:
    return f"{number:f}".replace(".", ",") if reader.lang == "fr" else f"{number:f}"


def _offered(action: ActionOut, reader: Reader) -> str:
    names = ", ".join(filter(None, action.offers))
    return reader.say("to be confirmed: {names}", names=names) if names else ""


def _commitments(told: Archive, reader: Reader) -> Iterator[str]:
    if not told.commitments:
        return
    say = reader.say
    actions = {a.id: a for axis in told.plan for a in axis.actions}
    someone = say("(not named here)")
    yield _heading(2, say("Commitments"))
    yield ""
    yield _row(say("Who"), say("First step"), say("By"), say("Action"))
    yield "|---|---|---|---|"
    for pledge in told.commitments:
        action = actions.get(pledge.action or "")
        about = f"{action.code} {action.title}" if action else say("the whole plan")
        yield (
            f"| {inline(pledge.person or someone)} | {inline(pledge.text)} "
            f"| {_day(reader, pledge.due)} | {inline(about)} |"
        )
    yield ""
    yield names(told, reader)
    yield ""


def _votes(told: Archive, reader: Reader) -> Iterator[str]:
    if not told.votes:
        return
    yield _heading(2, reader.say("Votes"))
    yield ""
    titles = {step.id: step_title(told, step, reader.lang) for step in told.steps}
    for vote in told.votes:
        yield from _vote(vote, titles[vote.step], reader)


def _lettered(letter: str, title: str) -> str:
    return f"{letter} – {title}" if letter else title


def _vote(vote: VoteOut, title: str, reader: Reader) -> Iterator[str]:
    say = reader.say
    round_ = say("round {number}", number=vote.number)
    yield f"### {inline(title)} ({round_})"
    yield ""
    telling = TELLINGS[vote.method]
    yield telling.rule(reader, vote.parameters)
    yield _turnout(vote, reader)
    yield ""
    if not vote.revealed:
        yield say("The result has not been revealed.")
        yield ""
        return
    yield _row(say("Rank"), say("Option"), *(say(column.heading) for column in telling.line))
    yield "|---:|---|" + "---:|" * len(telling.line)
    for line in vote.lines:
        rank = say("{rank} (tie)", rank=line.rank) if line.tied else str(line.rank)
        yield _row(
            rank,
            inline(_lettered(line.letter, line.title)),
            *(str(c.cell(reader, line.numbers, vote.voters)) for c in telling.line),
        )
    yield ""


def _turnout(vote: VoteOut, reader: Reader) -> str:
    if vote.blank is None:
        return reader.say_many("{n} person voted.", "{n} people voted.", vote.voters)
    sums = TELLINGS[vote.method].adds_up(reader, vote.voters, vote.sums)
    ballots = reader.ballots_counted(vote.voters, blank=vote.blank, assisted=vote.assisted)
    return f"{sums} {ballots}"


def _ideas(told: Archive, reader: Reader) -> Iterator[str]:
    say = reader.say
    without_theme = say("without a theme")
    yield _heading(2, say("Ideas"))
    yield ""
    for step in told.steps:
        if not step.told and step.ideas:
            told_so = reader.say_many("{n} card, not revealed.", "{n} cards, not revealed.", step.ideas)
            yield f"{inline(step_title(told, step, reader.lang))}: {told_so}"
            yield ""
    for theme in told.themes:
        inside = [i for i in told.ideas if theme.id in (i.themes or (i.theme,))]
        count = reader.say_many("{n} idea", "{n} ideas", len(inside))
        yield f"### {letter(theme.number)} – {inline(theme.title)} ({count})"
        yield ""
        yield from map(_idea, inside)
        yield ""
    for step in told.steps:
        alone = [i for i in told.ideas if i.step == step.id and i.theme is None]
        if alone:
            yield f"### {inline(step_title(told, step, reader.lang))}: {without_theme}"
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
            yield _heading(2, inline(step_title(told, step, reader.lang)))
            yield ""
            yield from (f"- {inline(thing.text)}" for thing in made)
            yield ""


def _idea(idea: IdeaOut) -> str:
    return f"- {idea.number}. {inline(idea.text)}"
