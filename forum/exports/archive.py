"""What may be told of a forum, as plain values: the one place where exports decide what is secret.

Pure functions of the state after fact N. The same N gives the same archive, whatever the clock says. Cards
of a board that is not revealed are counted and not told; the same holds for votes. Authors are never told.
"""

from collections.abc import Container, Iterator, Mapping
from datetime import UTC, datetime

import msgspec

from forum.domain import methods, things
from forum.domain.gone import Loss
from forum.domain.kernel import PersonId
from forum.domain.loss import count
from forum.domain.photographs.record import Photograph, shown
from forum.domain.plan.numbers import coded
from forum.domain.plan.reading import gaps, live_axes, made_in
from forum.domain.sessions import presence
from forum.domain.sessions.record import Session
from forum.domain.sheets import SCHEMAS, UNKNOWN
from forum.domain.sheets.reading import all_live, by_name
from forum.domain.sheets.record import Sheet
from forum.domain.sheets.schema import Schema
from forum.domain.state import State, Step
from forum.domain.steps import reasons
from forum.domain.steps.board import shows
from forum.domain.steps.commitments import Commitment, Readers
from forum.domain.steps.ideas import Idea
from forum.domain.steps.pledge import is_named, live_commitments
from forum.domain.steps.rounds import Line, Round
from forum.domain.steps.sorting import latest_theme, themes_of
from forum.domain.steps.voting import divided, result, worded
from forum.domain.things import given, words
from forum.exports.audience import told_apart
from forum.exports.counted import categories, consents, organisations
from forum.exports.kept import kept_of
from forum.exports.proposals import proposals
from forum.exports.told import (
    SCHEMA,
    ActionOut,
    Archive,
    AxisOut,
    CommitmentOut,
    ForumOut,
    IdeaOut,
    LineOut,
    LossOut,
    PhotographOut,
    ReasonOut,
    SessionOut,
    SheetOut,
    StepOut,
    TextIn,
    ThemeOut,
    ThingOut,
    VoteOut,
)

TOLD = frozenset({"idea", "theme", "action", "commitment", "remark"})  # things that have a part of their own


def archive(
    state: State, names: Mapping[PersonId, str], chain: str, readers: Readers = "everybody"
) -> Archive:
    """Tell what may be told of ``state``. ``chain`` identifies the history up to its last fact; ``readers``: to whom."""
    ideas, names = _told_ideas(state), told_apart(state, names)
    told = {idea.id for idea in ideas}
    return Archive(
        schema=SCHEMA,
        forum=_forum(state, chain, readers),
        plan=_plan(state, names),
        commitments=tuple(
            _commitment(state, commitment, names, readers) for commitment in live_commitments(state)
        ),
        themes=_themes(state, ideas),
        votes=tuple(
            _vote(state, state.rounds.by_id[r])
            for s in state.steps
            for r in state.rounds.of_step.get(s.id, ())
        ),
        ideas=tuple(_idea(state, i, told) for i in ideas),
        steps=tuple(_step(state, s) for s in state.steps),
        sheets=tuple(_sheet(state, sheet, names) for sheet in all_live(state)),
        losses=tuple(_loss(state, x) for x in state.gone.losses),
        things=tuple(found for s in state.steps if s.shows for found in _things(state, s)),
        sessions=tuple(_session(state, s) for s in state.sessions.all),
        categories=categories(state),
        organisations=organisations(state, names),
        consents=consents(state),
        photographs=tuple(_photograph(one, n) for n, one in enumerate(shown(state.photographs), 1)),
        proposals=tuple(proposals(state, _iso)),
    )


def _photograph(one: Photograph, number: int) -> PhotographOut:
    return PhotographOut(
        f"photo-{number:02}.jpg", one.caption, one.step, _iso(one.at), one.width, one.height, one.digest
    )


def _commitment(
    state: State, commitment: Commitment, names: Mapping[PersonId, str], readers: Readers
) -> CommitmentOut:
    """Its author is told to those alone whom they chose (E3)."""
    person = names.get(commitment.person, "") if is_named(state, commitment, readers) else ""
    return CommitmentOut(commitment.id, person, commitment.text, commitment.due, commitment.action)


def step_title(told: Archive, step: StepOut, lang: str) -> str:
    """What a step is called; with its session, where there is more than one (D1)."""
    title = in_lang(step.title, lang)
    session = next((s for s in told.sessions if s.id == step.session), None)
    day = in_lang(session.title, lang) if session and len(told.sessions) > 1 else ""
    return f"{day} – {title}" if day else title


def in_lang(text: TextIn, lang: str) -> str:
    """The words in one language, else in the other."""
    return (text.en or text.fr) if lang == "en" else (text.fr or text.en)


def _session(state: State, session: Session) -> SessionOut:
    plan = session.plan
    return SessionOut(
        id=session.id,
        kind=plan.kind,
        title=TextIn(plan.title.fr, plan.title.en),
        date=plan.date,
        hour=plan.hour,
        place=plan.place,
        expected=plan.expected or None,
        present=presence.count(state, session.id),
        phase=session.phase,
        begun_at=_iso(session.begun_at),
        ended_at=_iso(session.ended_at),
        agenda=session.agenda,
        reason=session.reason,
    )


def _things(state: State, step: Step) -> Iterator[ThingOut]:
    """What was made in a step and stands, where no other part of the archive tells it."""
    name = step.settings.makes
    if name and name not in (*TOLD, *SCHEMAS):
        for thing in given(state, name, [step.id]):
            yield ThingOut(thing, name, step.id, words(state, name, thing))


def _sheet(state: State, sheet: Sheet, names: Mapping[PersonId, str]) -> SheetOut:
    schema = SCHEMAS.get(sheet.schema, UNKNOWN)
    people = {field.name for field in schema.fields if field.kind.person}
    fields = {
        name: by_name(value, names) if name in people else value
        for name, value in sorted(sheet.fields.items())
    }
    title = schema.titled(sheet.fields)
    return SheetOut(
        sheet.id, sheet.schema, sheet.number, sheet.step, title, fields, _gone(state, schema, sheet)
    )


def _gone(state: State, schema: Schema, sheet: Sheet) -> dict[str, str]:
    """What those things say that a sheet links to and that stand no more."""
    linked = ((thing, name) for field, thing in schema.links for name in sheet.fields.get(field.name, ()))
    return {
        name: things.words(state, thing, name)
        for thing, name in linked
        if not things.stands(state, thing, name)
    }


def _loss(state: State, lost: Loss) -> LossOut:
    told = count(state, lost)
    return LossOut(
        at=_iso(lost.at),
        after=lost.after,
        upto=lost.upto,
        contributions=told.lost,
        restored=told.back,
        refused=told.refused,
        waiting=told.waiting,
        missing=told.missing,
    )


def readable(told: Archive, erased: str) -> Archive:
    """The same, with ``erased`` where words stood that their author had erased."""
    again = msgspec.structs.replace
    return again(
        told,
        plan=tuple(
            again(
                axis,
                title=axis.title or erased,
                actions=tuple(again(a, title=a.title or erased) for a in axis.actions),
            )
            for axis in told.plan
        ),
        commitments=tuple(again(c, text=c.text or erased) for c in told.commitments),
        themes=tuple(again(t, title=t.title or erased) for t in told.themes),
        ideas=tuple(again(i, text=i.text or erased) for i in told.ideas),
        things=tuple(again(t, text=t.text or erased) for t in told.things),
        proposals=tuple(
            again(
                p,
                text=p.text or erased,
                wordings=tuple(again(w, text=w.text or erased) for w in p.wordings),
                objections=tuple(again(o, text=o.text or erased) for o in p.objections),
            )
            for p in told.proposals
        ),
        sheets=tuple(again(s, title=s.title or erased) for s in told.sheets),
    )


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds") if at else ""


def _forum(state: State, chain: str, readers: Readers) -> ForumOut:
    assisted = sum(p.assisted and p.state == "in" for p in state.people.by_id.values())
    return ForumOut(
        code=state.code,
        title=state.title,
        question=state.question,
        lang=state.lang,
        agenda=state.agenda,
        opened_at=_iso(state.opened_at),
        at=_iso(state.at),
        seq=state.seq,
        chain=chain,
        people=state.people.voices,
        assisted=assisted,
        horizon=state.horizon or None,
        zone=state.zone or None,
        readers=readers,
    )


def _told_ideas(state: State) -> tuple[Idea, ...]:
    told = {s.id for s in state.steps if shows(s)}
    active = (i for i in state.ideas.by_id.values() if i.state == "active" and i.step in told)
    return tuple(sorted(active, key=lambda i: i.number))


def _idea(state: State, idea: Idea, told: Container[str]) -> IdeaOut:
    author, theme = state.people.by_id.get(idea.author), latest_theme(state, idea)
    return IdeaOut(
        id=idea.id,
        number=idea.number,
        step=idea.step,
        column=idea.column,
        text=idea.text,
        theme=theme.id if theme else None,
        themes=themes_of(state, idea),
        source=idea.source,
        assisted=bool(author and author.assisted),
        lang=idea.lang,
        group=idea.group,
        stands_for=tuple(i for i in idea.stands_for if i in told),
    )


def _themes(state: State, ideas: tuple[Idea, ...]) -> tuple[ThemeOut, ...]:
    axis_of = {t: axis.id for axis in live_axes(state) for t in axis.themes}
    counts: dict[str, int] = {}
    for idea in ideas:
        for theme in themes_of(state, idea):
            counts[theme] = counts.get(theme, 0) + 1
    return tuple(
        ThemeOut(t.id, t.number, t.title, counts.get(t.id, 0), axis_of.get(t.id), t.step)
        for name in state.themes.order
        if not (t := state.themes.by_id[name]).removed
    )


def _plan(state: State, names: Mapping[PersonId, str]) -> tuple[AxisOut, ...]:
    return tuple(
        AxisOut(
            id=axis.id,
            number=number,
            title=axis.title,
            themes=axis.themes,
            actions=tuple(
                ActionOut(
                    id=action.id,
                    code=where.code,
                    title=action.title,
                    description=action.description,
                    pilot=names.get(action.pilot, "") if action.pilot else "",
                    offers=tuple(names.get(o.person, "") for o in action.offers),
                    partners=tuple(names.get(p, "") for p in action.partners),
                    first_step=action.first_step,
                    first_step_due=action.first_step_due,
                    due=action.due,
                    budget=action.budget,
                    gaps=gaps(action),
                    ideas=action.ideas,
                    themes=action.themes,
                    session=made_in(state, action),
                )
                for where in coded(state, axis.id)
                for action in [where.action]
            ),
        )
        for number, axis in enumerate(live_axes(state), 1)
    )


def _vote(state: State, round_: Round) -> VoteOut:
    step = state.step(round_.step)
    assert step is not None, f"expected the step of round {round_.id}"
    counted = result(round_)
    lines, sums = (counted.lines, counted.sums) if counted else ((), {})
    return VoteOut(
        id=round_.id,
        step=step.id,
        title=TextIn(step.title.fr, step.title.en),
        number=round_.number,
        over=getattr(step.settings, "over", ""),
        options=len(round_.options),
        points=round_.parameters.get("points"),
        cap=round_.parameters.get("cap"),
        voters=len(round_.ballots),
        assisted=sum(bool(b.entered_by) for b in round_.ballots.values()),
        revealed=counted is not None,
        blank=counted.blank if counted else None,
        spent=sums.get("given"),
        lines=tuple(_line(state, step, line) for line in lines),
        held=sums.get("held"),
        unused=sums.get("unused"),
        method=round_.method,
        version=round_.version,
        parameters=round_.parameters,
        sums=sums,
        ballots=round_.counted.ballots if counted and round_.counted else "",
        purpose=getattr(step.settings, "purpose", "sense"),
        divided=divided(round_),
        reasons=tuple(
            ReasonOut(methods.of(round_.method).about(one.key)[0], one.key, one.mark, one.text)
            for one in reasons.shown(round_)
        ),
        hands=dict(round_.hands) if counted else {},
        worded=dict(worded(step)),
        papers=sum(bool(b.paper) for b in round_.ballots.values()),
        late=sum(b.late for b in round_.ballots.values()),
        kept=kept_of(state, round_),
        among="kept" if step.settings.from_kept else "all",
    )


def _line(state: State, step: Step, line: Line) -> LineOut:
    """One option's result, told by its method's names."""
    points, supporters = (line.numbers.get(name) for name in ("points", "supporters"))
    title = words(state, step.settings.takes, line.option)  # "" for a card that may not be told (B2, B4)
    known = things.letter(state, step.settings.takes, line.option)
    return LineOut(line.option, title, points, supporters, line.rank, line.tied, line.numbers, known)


def _step(state: State, step: Step) -> StepOut:
    cards = [state.ideas.by_id[i] for i in state.ideas.order.get(step.id, {}).values()]
    return StepOut(
        id=step.id,
        kind=step.kind,
        title=TextIn(step.title.fr, step.title.en),
        planned_minutes=step.minutes,
        actual_minutes=round(step.spent / 60_000) if step.opened_at and not step.resumed_at else None,
        phase=step.phase,
        ideas=sum(i.state == "active" for i in cards),
        hidden=sum(i.state == "hidden" for i in cards),
        told=shows(step),
        session=step.session,
    )


_DECODER = msgspec.json.Decoder(Archive, strict=True)


class NotAnArchive(ValueError):
    """Bytes that are no export of ours; the message says where they differ."""


def read(body: bytes) -> Archive:
    """Read a JSON export again. Raises NotAnArchive."""
    try:
        found = _DECODER.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise NotAnArchive(str(error)) from error
    if found.schema != SCHEMA:
        raise NotAnArchive(f"expected schema {SCHEMA}, got {found.schema}")
    return found


def write(told: Archive) -> bytes:
    """The JSON export: fixed key order, indented, UTF-8, one line break at the end."""
    return msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n"
