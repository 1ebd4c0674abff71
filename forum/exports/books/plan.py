"""The whole plan, its actions one after another."""

from collections.abc import Iterator

from forum.domain.plan.rows import AxisPart, Goal, Whole
from forum.exports import lines as told_as
from forum.exports.audience import names
from forum.exports.book import Block, Book, Break, Column, Fact, Facts, Heading, Items, Para, Table
from forum.exports.books.face import book, coming, day, weekday
from forum.exports.books.sheet import called, facts
from forum.exports.endings import left_incomplete
from forum.exports.lines import Line, lines
from forum.exports.told import Archive
from forum.language import Reader


def plan(told: Archive, whole: Whole, reader: Reader) -> Book:
    """The whole plan: a deep one with a title page, a short one on as few pages as it takes."""
    title, blocks = reader.say("Action plan"), tuple(_plan(told, whole, reader))
    deep = book(told, reader, title, blocks)._replace(about=_about(told, whole, reader))
    if told_as.is_deep(whole):
        return deep
    lead = (Para(deep.lead, "lead"),) if deep.lead else ()
    return deep._replace(cover=False, blocks=(*lead, Facts(deep.about), *blocks))


def in_text(told: Archive, whole: Whole, reader: Reader) -> Book:
    """The same, said once: whoever reads it in a mail turns no pages."""
    blocks = (
        *(Para(words) for words in left_incomplete(told, reader)),
        *axes(told, whole, reader),
        *_of_the_whole_plan(told, whole, reader),
    )
    found = book(told, reader, reader.say("Action plan"), (*_ambition(whole, reader), *blocks))
    return found._replace(about=_about(told, whole, reader))


def _about(told: Archive, whole: Whole, reader: Reader) -> tuple[Fact, ...]:
    meets = coming(told, reader)
    next_ = (Fact(reader.say("Next meeting"), [meets]),) if meets else ()
    return (*period(whole, reader), *book(told, reader, "", ()).about, *next_)


def period(whole: Whole, reader: Reader) -> Iterator[Fact]:
    """For which years it is, and who adopted it, where somebody has said."""
    if whole.years:
        years = " – ".join(dict.fromkeys((str(whole.years[0]), str(whole.years[-1]))))
        yield Fact(reader.say("Period"), [years])
    if whole.adopted:
        yield Fact(reader.say("Adopted"), [day(reader, whole.adopted)])


def _plan(told: Archive, whole: Whole, reader: Reader) -> Iterator[Block]:
    yield from _ambition(whole, reader)
    yield Heading(1, reader.say("The plan at a glance"))
    yield from glance(told, whole, reader)
    yield from axes(told, whole, reader)
    yield from commitments(told, whole, reader)


def _ambition(whole: Whole, reader: Reader) -> Iterator[Block]:
    if whole.ambition:
        yield Heading(1, reader.say("Ambition"))
        yield Para(whole.ambition, "lead")


def axes(told: Archive, whole: Whole, reader: Reader) -> Iterator[Block]:
    """The plan, an axis after another; of a deep one each on a page of its own. Those in which there is nothing come last."""
    deep = told_as.is_deep(whole)
    filled = [axis for axis in whole.axes if axis.actions or axis.goals]
    for axis in filled:
        if deep:
            yield Break()
        yield Heading(1, _axis(axis, reader))
        for goal in axis.goals:
            yield from _goal(goal, reader)
            for action in goal.actions:
                yield from _action(Line(told, whole, reader, action), 3)
        for action in axis.loose:
            yield from _action(Line(told, whole, reader, action), 3 if axis.goals else 2)
    for goal in whole.homeless:
        yield from _goal(goal, reader)
    empty = [_axis(axis, reader) for axis in whole.axes if axis not in filled]
    if empty:
        yield Heading(1, reader.say("Axes without an action yet"))
        yield Items(empty)


def _axis(axis: AxisPart, reader: Reader) -> str:
    return f"{reader.say('Axis {number}', number=axis.number)} – {axis.title}"


def _goal(goal: Goal, reader: Reader) -> Iterator[Block]:
    yield Heading(2, f"{goal.code} – {goal.title}".strip(" –"))
    rows = said_of(goal, reader)
    if rows:
        yield Facts(rows)


def said_of(goal: Goal, reader: Reader) -> list[Fact]:
    """What is said of an objective."""
    rows = [
        Fact(reader.say("Why"), [goal.why]),
        Fact(reader.say("Indicator"), [goal.indicator]),
        Fact(reader.say("Indicators"), told_as.measured(reader, goal.indicators)),
        Fact(reader.say("Horizon"), [str(goal.horizon or "")]),
        Fact(reader.say("Operational objectives"), [_served(one, reader) for one in goal.operational]),
    ]
    return [row for row in rows if any(row.lines)]


def _served(goal: Goal, reader: Reader) -> str:
    measured = reader.listed(told_as.measured(reader, goal.indicators))
    title = f"{goal.code} – {goal.title}".strip(" –")
    return told_as.labelled(reader, title, measured) if measured else title


def _action(line: Line, level: int) -> Iterator[Block]:
    yield Heading(level, f"{called(line)} – {line.action.title}")
    yield facts(line, above=False)


def glance(told: Archive, whole: Whole, reader: Reader) -> Iterator[Block]:
    """Who does what before when: a line an action; what lacks, and why the forum ended so (D5)."""
    if not whole.actions:
        yield Para(reader.say("There are no actions yet."))
        return
    yield _table(tuple(lines(told, whole, reader)), reader)
    yield from (Para(words, "soft") for words in left_incomplete(told, reader))


def _table(all_: tuple[Line, ...], reader: Reader) -> Table:
    say = reader.say
    groups, seen = [], set[str]()
    for number, line in enumerate(all_):
        axis = line.action.axis
        if axis.id not in seen:
            groups.append((number, f"{axis.code} – {axis.title}"))
            seen.add(axis.id)
    return Table(
        (
            Column(say("Code"), 0.07),
            Column(say("Action"), 0.28),
            Column(say("First step"), 0.31),
            Column(say("Pilot"), 0.15),
            Column(say("Due"), 0.19),
        ),
        [
            (
                line.action.code,
                line.action.title,
                _first_step(line) or say("no first step"),
                told_as.pilot(line) or told_as.offers(line) or line.action.lead_org or say("no pilot yet"),
                weekday(reader, line.action.due) or say("no due date"),
            )
            for line in all_
        ],
        tuple(groups),
    )


def _first_step(line: Line) -> str:
    step, due = line.action.first_step, weekday(line.reader, line.action.first_step_due)
    return f"{step} ({due})" if step and due else step


def commitments(told: Archive, whole: Whole, reader: Reader, *, apart: bool = True) -> Iterator[Block]:
    """Who promised what, in the order of the days."""
    if not told.commitments:
        return
    say = reader.say
    codes = {action.id: action.code for action in whole.actions}
    if apart and told_as.is_deep(whole):
        yield Break()
    yield Heading(1, say("Commitments"))
    yield Para(names(told, reader), "soft")
    yield Table(
        (
            Column(say("Who"), 0.21),
            Column(say("Commitment"), 0.41),
            Column(say("By"), 0.2),
            Column(say("Action"), 0.18),
        ),
        [
            (
                c.person or say("(not named here)"),
                c.text,
                weekday(reader, c.due),
                codes.get(c.action or "", "") or say("the whole plan"),
            )
            for c in sorted(told.commitments, key=lambda c: c.due)
        ],
    )


def _of_the_whole_plan(told: Archive, whole: Whole, reader: Reader) -> Iterator[Block]:
    """The commitments that stand at no action, and whose names are told at any."""
    if not told.commitments:
        return
    rest = told_as.beside(told, whole)
    yield Heading(1, reader.say("Commitments"))
    if rest:
        yield Para(reader.say("For the whole plan:"))
        yield Items([told_as.promised(reader, one) for one in rest])
    if len(rest) < len(told.commitments):
        yield Para(reader.say("Those for an action stand at that action."))
    yield Para(names(told, reader), "soft")
