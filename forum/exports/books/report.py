"""What the room decided, on one page; and all of the forum: what for, who, how, what was said, voted, decided and promised."""

from collections.abc import Iterator

from forum.domain.keeping import ERASED
from forum.domain.plan.rows import Whole
from forum.domain.steps.themes import letter
from forum.exports import days, kept
from forum.exports.archive import in_lang, step_title
from forum.exports.audience import written_for
from forum.exports.book import Block, Book, Break, Column, Fact, Facts, Heading, Items, Para, Table
from forum.exports.books.agreed import decision, proposals
from forum.exports.books.face import book, coming, day, moment, people, weekday
from forum.exports.books.photographs import photographs
from forum.exports.books.plan import axes, commitments, glance
from forum.exports.duels import duels_of
from forum.exports.hands import raised
from forum.exports.lines import labelled, lettered
from forum.exports.pictured import grades_of, profile, profile_column, profiles_of
from forum.exports.pursed import pursed
from forum.exports.told import Archive, VoteOut
from forum.language import NO_BREAK, Reader
from forum.language.telling import parted
from forum.language.tellings import PURPOSES, TELLINGS

LINES_TO_SIGN, SPARE_LINES, MOST_TO_SIGN = 17, 5, 600  # the first: as many as one page of any format holds
ENOUGH = 5  # votes by which a room can be of two minds
PICTURED = 8  # choices of a vote that its picture shows
QUOTES = 3  # cards of a theme that speak for it; all stand at the end


def decisions(told: Archive, whole: Whole, reader: Reader) -> Book:
    """What was decided, on one page."""
    title = reader.say("What we decided")
    return book(told, reader, title, tuple(_decisions(told, whole, reader)), cover=False, one_page=True)


def report(told: Archive, whole: Whole, reader: Reader) -> Book:
    """The whole forum."""
    return book(
        told, reader, reader.say("Report"), tuple(_report(told, whole, reader)), cover=False, one_page=True
    )


def results(told: Archive, whole: Whole, reader: Reader) -> Book:
    """The revealed results, as a picture."""
    found = book(told, reader, reader.say("Votes"), tuple(_results(told, reader)), cover=False)
    return found._replace(picture=True)


def _results(told: Archive, reader: Reader) -> Iterator[Block]:
    for vote in told.votes:
        yield from _explained(told, vote, reader)
        if vote.revealed:
            yield result(vote, reader)
            yield from _read_so(vote, reader)
            yield from pursed(vote, reader)
            yield from _beside(vote, reader)


def sign_in(told: Archive, whole: Whole, reader: Reader) -> Book:
    """A page for each session, to be signed. It names nobody."""
    return book(told, reader, reader.say("Sign-in sheet"), tuple(_to_sign(told, reader)), cover=False)


def _to_sign(told: Archive, reader: Reader) -> Iterator[Block]:
    say = reader.say
    columns = (
        Column(say("First name, name"), 0.36), Column(say("Organisation"), 0.3), Column(say("Signature"), 0.34),
    )  # fmt: skip
    for number, session in enumerate(told.sessions):
        if number:
            yield Break()
        yield Heading(1, in_lang(session.title, reader.lang) or say("First session"))
        when = reader.weekday_at(session.date, session.hour) if session.date else ""
        where = " · ".join(filter(None, (when, session.place)))
        yield Para(where or say("Day and place: …………………………"))
        lines = max(LINES_TO_SIGN, (session.expected or 0) + SPARE_LINES)
        yield Table(columns, [("\u00a0\n\u00a0", "", "")] * min(lines, MOST_TO_SIGN))


def _decisions(told: Archive, whole: Whole, reader: Reader) -> Iterator[Block]:
    say = reader.say
    yield Para(_held(told, reader), "soft")
    yield Heading(1, say("Who does what before when"))
    yield from glance(told, whole, reader)
    for one in told.proposals:
        yield from decision(told, one, reader)
    for vote in told.votes:
        first = [line for line in vote.lines if line.rank == 1]
        if first:
            yield Heading(2, _titled(told, vote, reader))
            yield Para(say("First: {titles}.", titles=", ".join(line.title for line in first)))
            yield Para(_counted(vote, reader), "soft")
    met = coming(told, reader)
    if told.commitments:
        many = len(told.commitments)
        yield Heading(2, say("Commitments"))
        first_due = min(told.commitments, key=lambda c: c.due).due
        said = reader.say_many("{n} commitment", "{n} commitments", many)
        yield Para(
            say("{commitments}, the first of them by {day}.", commitments=said, day=day(reader, first_due))
        )
    if met:
        yield Heading(2, say("Next meeting"))
        yield Para(met)


def _report(told: Archive, whole: Whole, reader: Reader) -> Iterator[Block]:
    say = reader.say
    yield Para(_held(told, reader), "soft")
    yield Heading(1, say("Who does what before when"))
    yield from glance(told, whole, reader)
    yield Para(written_for(told, reader), "soft")
    yield Break()
    yield from _aim(told, whole, reader)
    yield from _present(told, reader)
    yield from _method(told, reader)
    yield from photographs(told, reader)
    yield from _themes(told, reader)
    yield from _votes(told, reader)
    yield from proposals(told, reader)
    yield from _divided(told, reader)
    yield from axes(told, whole, reader)
    yield from commitments(told, whole, reader)
    yield from _calendar(told, whole, reader)
    yield from _in_full(told, reader)
    yield from _cards(told, reader)


def _held(told: Archive, reader: Reader) -> str:
    """When, where, how many, about what: the line under the title."""
    held = next((s for s in told.sessions if s.begun_at), None)
    on = (
        reader.weekday_at(held.date, "")
        if held and held.date
        else moment(reader, told.forum.opened_at, hour=False)
    )
    where = ", ".join(filter(None, (on, held.place if held else "")))
    return " · ".join(filter(None, (where, people(told, reader), told.forum.question)))


def _aim(told: Archive, whole: Whole, reader: Reader) -> Iterator[Block]:
    forum, say = told.forum, reader.say
    if not (forum.question or whole.ambition):
        return
    yield Heading(1, say("What it was for"))
    if forum.question:
        yield Para(forum.question, "lead")
    if whole.ambition:
        yield Para(whole.ambition)


def _present(told: Archive, reader: Reader) -> Iterator[Block]:
    """Who was there, counted; organisations by their names where they told them."""
    say = reader.say
    sessions = [
        labelled(
            reader,
            in_lang(s.title, reader.lang) or say("First session"),
            reader.say_many("{n} person", "{n} people", s.present),
        )
        for s in told.sessions
        if s.begun_at and s.present
    ]
    categories = [
        labelled(reader, in_lang(c.title, reader.lang), str(c.people)) for c in told.categories if c.people
    ]
    organisations = [labelled(reader, o.name, str(o.people)) for o in told.organisations if o.name]
    rows = (
        Fact(say("Participation"), [people(told, reader)]),
        Fact(say("Sessions"), sessions),
        Fact(say("Categories"), categories),
        Fact(say("Organisations"), organisations),
    )
    yield Heading(1, say("Who was there"))
    yield Facts([row for row in rows if row.lines])


def _method(told: Archive, reader: Reader) -> Iterator[Block]:
    say = reader.say
    done = [step for step in told.steps if step.actual_minutes is not None or step.ideas]
    if not done:
        return
    counted = (
        (Column(say("Minutes"), 0.2, number=True), [str(step.actual_minutes or "") for step in done]),
        (Column(say("Cards"), 0.2, number=True), [str(step.ideas or "") for step in done]),
    )
    titles = [step_title(told, step, reader.lang) for step in done]
    shown = [(Column(say("Step"), 0.6), titles), *(one for one in counted if any(one[1]))]
    yield Heading(1, say("How we worked"))
    yield Table([column for column, _ in shown], list(zip(*(cells for _, cells in shown), strict=True)))


def _themes(told: Archive, reader: Reader) -> Iterator[Block]:
    shown = [theme for theme in told.themes if theme.ideas]
    if not shown:
        return
    yield Heading(1, reader.say("Themes, and words from them"))
    for theme in shown:
        count = reader.say_many("{n} card", "{n} cards", theme.ideas).replace(" ", NO_BREAK)
        yield Heading(2, f"{letter(theme.number)} – {theme.title} ({count})")
        inside = [idea for idea in told.ideas if theme.id in (idea.themes or (idea.theme,))]
        yield from (Para(idea.text, "quote") for idea in inside[:QUOTES])


def _votes(told: Archive, reader: Reader) -> Iterator[Block]:
    """How each vote went, and its picture: the first of its choices. All of them stand at the end."""
    if told.votes:
        yield Heading(1, reader.say("Votes"))
    for vote in told.votes:
        yield from _explained(told, vote, reader)
        if vote.revealed:
            yield from pictured(vote, reader)
            yield from pursed(vote, reader)
            yield from _beside(vote, reader)


def _explained(told: Archive, vote: VoteOut, reader: Reader) -> Iterator[Block]:
    yield Heading(2, _titled(told, vote, reader))
    rule = TELLINGS[vote.method].rule(reader.of_vote(vote.worded), vote.parameters)
    yield Para(f"{rule} {reader.say(PURPOSES[vote.purpose])}")
    said = _counted(vote, reader) if vote.revealed else reader.say("The result has not been revealed.")
    yield Para(said, "soft")


def pictured(vote: VoteOut, reader: Reader) -> Iterator[Block]:
    """The choices that came first, each with its bar, and how many more there are. Equals are not parted."""
    full, shown = result(vote, reader), min(PICTURED, len(vote.lines))
    drawn = 1 + next((n for n, column in enumerate(full.columns) if column.bar or column.parts), 2)
    ranks = [line.rank for line in vote.lines]
    whole = next((n for n in range(shown, 0, -1) if n == len(ranks) or ranks[n - 1] != ranks[n]), shown)
    drawn += full.columns[drawn - 1].parts  # and the word or number that counts
    yield Table(full.columns[:drawn], [row[:drawn] for row in full.rows[:whole]])
    yield from _read_so(vote, reader)
    if len(ranks) > whole:
        further = reader.say_many(
            "{n} more choice stands in the annexe.",
            "{n} more choices stand in the annexe.",
            len(ranks) - whole,
        )
        yield Para(further, "soft")


def _read_so(vote: VoteOut, reader: Reader) -> Iterator[Block]:
    """How its picture is read, where it is more than a bar."""
    picture = profiles_of(vote)
    if picture:
        order = reader.say("From left to right: {grades}.", grades=", ".join(grades_of(vote, reader)))
        half = reader.say("The line stands at the half of each bar.") if picture.middle else ""
        yield Para(f"{order} {half}".strip(), "soft")
    told = duels_of(vote, reader)
    if told:
        yield Para(told.beats)
        yield Para(told.heading, "soft")
        columns = (Column("", 0.08), *(Column(sign, 0.07, number=True) for sign in told.signs))
        yield Table(columns, [(sign, *row) for sign, row in zip(told.signs, told.rows, strict=True)])
        yield Items(list(told.ways))


def _beside(vote: VoteOut, reader: Reader) -> Iterator[Block]:
    """What was kept of it, and a show of hands."""
    if vote.kept:
        yield Para(kept.said(vote, reader))
    if vote.hands:
        yield Para(raised(vote, reader), "soft")


def _in_full(told: Archive, reader: Reader) -> Iterator[Block]:
    """Every number of every result that was revealed: an annexe."""
    revealed = [vote for vote in told.votes if vote.revealed]
    if revealed:
        yield Break()
        yield Heading(1, reader.say("Annexe: votes in full"))
    for vote in revealed:
        yield Heading(2, _titled(told, vote, reader))
        full = result(vote, reader)
        columns = [c._replace(bar=False, number=True, share=0.14) if c.bar else c for c in full.columns]
        yield full._replace(columns=[c._replace(parts=False) for c in columns])


def _divided(told: Archive, reader: Reader) -> Iterator[Block]:
    """What the room does not agree on: the choices that divide it, and why those are against who said so."""
    if not any(vote.reasons or (vote.revealed and vote.voters >= ENOUGH) for vote in told.votes):
        return
    yield Heading(1, reader.say("What we do not agree on"))
    shown = [vote for vote in told.votes if vote.divided or vote.reasons]
    if not shown:
        yield Para(reader.say("No choice divides the room."))
    for vote in shown:
        if len(told.votes) > 1:
            yield Heading(2, _titled(told, vote, reader))
        yield from divisions(vote, reader)
        yield from reservations(vote, reader)


def divisions(vote: VoteOut, reader: Reader) -> Iterator[Block]:
    """The choices that divide the room, each with how it is parted."""
    telling = TELLINGS[vote.method]
    lines = [line for line in vote.lines if line.option in vote.divided]
    if lines:
        yield Para(reader.say(telling.divided))
        yield Items([
            labelled(reader, lettered(line.letter, line.title), parted(telling, reader, line.numbers, vote.voters))
            for line in lines
        ])  # fmt: skip


def reservations(vote: VoteOut, reader: Reader) -> Iterator[Block]:
    """Why people are against, in their words, without their names; by choice, in the order of the result."""
    for line in vote.lines:
        theirs = [one for one in vote.reasons if one.option == line.option]
        if theirs:
            yield Para(reader.say("Why some are against {choice}:", choice=lettered(line.letter, line.title)))
            yield Items([one.text or reader.say(ERASED) for one in theirs])


def result(vote: VoteOut, reader: Reader) -> Table:
    """The result of a vote, with its picture: profiles before its numbers, or bars beside the first of them."""
    say, known, picture = reader.say, TELLINGS[vote.method].line, profiles_of(vote)
    numbers = [Column(say(column.heading), 0.16, number=True) for column in known]
    if picture:
        numbers = [profile_column(vote, picture, reader), *numbers]
    else:
        numbers[0] = Column(numbers[0].heading, 0.31, bar=known[0].words is None)
    rows = [
        (
            say("{rank} (tie)", rank=line.rank) if line.tied else str(line.rank),
            lettered(line.letter, line.title),
            *((profile(picture, line.option),) if picture else ()),
            *(str(column.cell(reader, line.numbers, vote.voters)) for column in known),
        )
        for line in vote.lines
    ]
    return Table((Column(say("Rank"), 0.15), Column(say("Option"), 0.44), *numbers), rows)


def _titled(told: Archive, vote: VoteOut, reader: Reader) -> str:
    step = next(step for step in told.steps if step.id == vote.step)
    title = step_title(told, step, reader.lang)
    again = sum(other.step == vote.step for other in told.votes) > 1
    return f"{title} ({reader.say('round {number}', number=vote.number)})" if again else title


def _counted(vote: VoteOut, reader: Reader) -> str:
    sums = TELLINGS[vote.method].adds_up(reader, vote.voters, vote.sums)
    ballots = reader.ballots_counted(
        vote.voters, blank=vote.blank or 0, assisted=vote.assisted, papers=vote.papers, late=vote.late
    )
    return f"{sums} {ballots}"


def _calendar(told: Archive, whole: Whole, reader: Reader) -> Iterator[Block]:
    """What comes when: actions, their steps, the next meeting, in the order of the days."""
    ahead = sorted(days.entries(told, whole, reader), key=lambda entry: entry.day)
    if not ahead:
        return
    say = reader.say
    yield Heading(1, say("Calendar"))
    yield Table(
        (Column(say("Day"), 0.22), Column(say("What"), 0.78)),
        [
            (weekday(reader, entry.day), " · ".join(filter(None, (entry.title, entry.place))))
            for entry in ahead
        ],
    )


def _cards(told: Archive, reader: Reader) -> Iterator[Block]:
    """Every card that may be told, by theme: the annexe."""
    if not told.ideas:
        return
    say = reader.say
    if not any(vote.revealed for vote in told.votes):
        yield Break()  # else the annexe of the votes has begun the page
    yield Heading(1, say("Annexe: all cards"))
    for theme in told.themes:
        inside = [idea for idea in told.ideas if theme.id in (idea.themes or (idea.theme,))]
        if inside:
            yield Heading(2, f"{letter(theme.number)} – {theme.title}")
            yield Items([idea.text for idea in inside])
    alone = [idea.text for idea in told.ideas if idea.theme is None]
    if alone:
        yield Heading(2, say("Without a theme"))
        yield Items(alone)
