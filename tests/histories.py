"""Random histories: many people doing plausible, and some foolish, things in any order. Same seed, same history."""

import random

from forum.domain.arrivals import ReadmitPeople, RemovePeople
from forum.domain.belonging.part import OrganisationSet, SetCategories, SetCategory
from forum.domain.belonging.record import Category
from forum.domain.consents.part import GiveConsent, WithdrawConsent
from forum.domain.consents.record import Purpose
from forum.domain.flow import (
    CloseStep,
    EditForum,
    EditStep,
    ExtendTimer,
    FreezeStep,
    InsertStep,
    MoveStep,
    OpenStep,
    RemoveStep,
    ReopenStep,
    RevealStep,
    SetTimer,
    SkipStep,
    StopTimer,
    TurnPage,
)
from forum.domain.flow.words import Choices
from forum.domain.keeping import EndIsNear, ErasePerson, Redacted, SetKeepUntil
from forum.domain.kernel import NOBODY, Command, OrganisationId, PersonId, RoundId, StepId, Was, Words
from forum.domain.led import DoAgain, LeaveLed
from forum.domain.links import MakeLink, RevokeKey, live_links
from forum.domain.loss import ConfirmLoss, Skip, TellLoss
from forum.domain.people import (
    AddPerson,
    ApprovePerson,
    Join,
    NameMyself,
    RemovePerson,
    SayDone,
    SetEntry,
    TakeDoneBack,
)
from forum.domain.plan import (
    ChoosePilot,
    EditAction,
    EditAxis,
    MakeAction,
    MakeAxesFromThemes,
    MakeAxis,
    MoveAxis,
    RemoveAction,
    RemoveAxis,
    StepBack,
    Volunteer,
)
from forum.domain.roles import Role
from forum.domain.sessions.reading import rests, steps_of
from forum.domain.sessions.record import FIRST, OwnEntry
from forum.domain.sessions.words import (
    BeginSession,
    EditSession,
    EndSession,
    NotePresence,
    PlanSession,
    RemoveSession,
    ReopenSession,
    TakePresenceBack,
)
from forum.domain.settings import (
    BallotSettings,
    BoardSettings,
    PledgeSettings,
    Settings,
    SheetSettings,
    ShowSettings,
    SortSettings,
)
from forum.domain.sheets import SCHEMAS
from forum.domain.sheets.reading import schema_of
from forum.domain.sheets.schema import Amount, Choice, Day, Field, Links, Someone, Value
from forum.domain.sheets.writing import EditSheet, MakeSheet, RemoveSheet
from forum.domain.state import Step
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.board import EditIdea, HideIdea, PostIdea, RestoreIdea, WithdrawIdea
from forum.domain.steps.pledge import Pledge, WithdrawPledge
from forum.domain.steps.sort import (
    GroupIdeas,
    MakeTheme,
    MergeThemes,
    MoveIdeas,
    RemoveTheme,
    RenameTheme,
    SplitTheme,
)
from forum.domain.things import standing
from forum.domain.undo import Undo
from tests.scenes import ECLAIR, FACILITATOR, Scene, a_room

TWICE: dict[str, Settings] = {
    "welcome": ShowSettings(),
    "ideas": BoardSettings(),
    "sort": SortSettings(),
    "vote": BallotSettings(),
    "gallery": BoardSettings(visibility="all"),
    "sort2": SortSettings(),
    "vote2": BallotSettings(over="ideas", method="approval"),
    "plan": SheetSettings(),
    "pledge": PledgeSettings(),
}
"""An agenda in which most happens twice."""
LISTS: tuple[Choices, ...] = ("", "same", "new")
PEOPLE = tuple(f"person{n}" for n in range(6))


def random_history(rng: random.Random, length: int, room: Scene | None = None) -> Scene:
    """A room in which ``length`` things were asked, along its agenda, with detours; refusals are part of it."""
    twice = rng.random() < 0.5
    steps = {**(TWICE if twice else {**ECLAIR, "gallery": BoardSettings(visibility="all")}), **_of_sheets()}
    room = room or a_room(steps, PEOPLE)
    for n in range(length):
        one_more(rng, room, eager=n % max(1, length // (len(steps) + 2)) == 0)
    return room


def _of_sheets() -> dict[str, Settings]:
    """A step for each schema that there is, and a vote over what is written in it."""
    steps: dict[str, Settings] = {}
    for name in SCHEMAS:
        steps |= {f"write-{name}": SheetSettings(what=name), f"vote-{name}": BallotSettings(over=name)}
    return steps


def one_more(rng: random.Random, room: Scene, *, eager: bool = False) -> None:
    """Ask one thing; an ``eager`` facilitator goes on to the next step."""
    if eager:
        if room.state.now and room.state.now.kind == "pledge":
            person = PEOPLE[len(room.journal) % len(PEOPLE)]
            room.ask(ErasePerson(texts="all"), person)
            room.erased(person).happened(EndIsNear(30))
            other = PEOPLE[(len(room.journal) + 1) % len(PEOPLE)]
            room.ask(ErasePerson(other))
            room.happened(Redacted(PersonId(other), name_only=True))
            room.ask(SetKeepUntil("2026-01-16"))
        if room.state.now and room.state.now.kind == "board":
            _copied(random.Random(len(room.journal)), room)
        if room.state.now and room.state.now.kind == "sort":
            room.ask(MakeTheme(_new(room), "Le dernier"), PEOPLE[0], most=room.state.used + 99)
            room.ask(MakeTheme(_new(room), "Un de trop"), PEOPLE[0], most=room.state.used - 1)
        _next_step(room)
        return
    if rng.random() < 0.02:
        _lost(rng, room)
        return
    if rng.random() < 0.02:
        _sessions(random.Random(f"sessions {len(room.journal)}"), room)
        return
    command, by = _command(rng, room)
    assisted = [p.id for _, p in sorted(room.state.people.items()) if p.assisted]
    on_behalf = rng.choice(assisted) if assisted and by == FACILITATOR and rng.random() < 0.2 else ""
    seen = rng.choice([0, room.state.seq, max(0, room.state.seq - 10)])
    room.ask(command, by, seen=seen, on_behalf=on_behalf)


def _lost(rng: random.Random, room: Scene) -> None:
    """The store lost its tail before this: it is told, a phone offers again what it kept, the desk reads of it."""
    seq, gen = room.state.seq, rng.randint(2, 4)
    tab, by = _new(room).ljust(16, "x"), rng.choice(PEOPLE)
    which = {f"{tab}:4": "", f"{tab}:9": "vote.1"} if gen > 2 else None
    ops = len(which) if which else rng.choice([-1, 9])
    room.ask(TellLoss(gen, seq, seq + rng.randint(1, 40), "abcdef", ops, which=which), NOBODY)
    room.ask(Skip(1), by, tab=tab, op=3, again=True)
    command, _ = _cards(rng, room)
    room.ask(command, by, tab=tab, op=4, again=True)
    _comes_again(random.Random(f"again {len(room.journal)}"), room, seq)
    room.ask(ConfirmLoss(rng.choice([gen, gen, 1])), rng.choice([FACILITATOR, FACILITATOR, by]))


def _comes_again(rng: random.Random, room: Scene, seq: int) -> None:
    """What was lost and proven: of the present step, of another, of a round that is not there; and what led."""
    steps = [s.id for s in room.state.steps]
    for draw in (_cards, _sorting, _votes, _plan, _sheets):
        command, by = draw(rng, room)
        step = getattr(command, "step", rng.choice(steps))
        round_ = rng.choice([f"{step}.1", f"{step}.9"]) if draw is _votes else ""
        choices = room.state.rounds[round_].choices if round_ in room.state.rounds else ""
        was = Was(f"{_new(room)}:1", PersonId(by), 1, seq + 1, "", StepId(step), RoundId(round_), choices)
        room.ask(command, by, was=was)
        room.ask(command, by, was=was)
    for command in rng.sample(_flow(rng, room), 3):
        room.ask(command, again=True)
    for led in room.state.led[:2]:
        room.ask(rng.choice([DoAgain(led.seq), LeaveLed(led.seq)]))
    room.taken_up()


def _copied(rng: random.Random, room: Scene) -> None:
    """A page and a copy of it number what they ask alike."""
    tab, by = _new(room).ljust(16, "y"), rng.choice(PEOPLE)
    for n in range(3):
        command, _ = _cards(rng, room)
        room.ask(command, by, tab=tab, op=max(1, n), mark=f"abcd{n}")


def _next_step(room: Scene) -> None:
    now = room.state.now
    if now and now.kind in ("board", "ballot"):
        room.ask(CloseStep(now.id))
        room.ask(RevealStep(now.id))
        room.ask(RevealStep(now.id, knowing=True))
    if rests(room.state):
        room.ask(ReopenSession(FIRST))
    steps = [s.id for s in steps_of(room.state, room.state.sessions.live)] or ["nowhere"]
    at = steps.index(now.id) + 1 if now and now.id in steps else 0
    room.ask(OpenStep(steps[at % len(steps)]))
    room.taken_up()


def _some(rng: random.Random, names: object, otherwise: str) -> str:
    known = sorted(names)
    return rng.choice(known) if known and rng.random() < 0.95 else otherwise


def _command(rng: random.Random, room: Scene) -> tuple[Command, str]:
    """Something to ask, mostly what the current step is for, and who asks it."""
    now = room.state.now
    kind = now.kind if now else "show"
    choice = rng.random()
    if choice < 0.70:
        return WANTED[kind](rng, room)
    if choice < 0.78:
        return rng.choice(_flow(rng, room)), FACILITATOR
    if choice < 0.86:
        return _people(rng, room)
    if choice < 0.92:
        deeds = room.state.deeds[-2:]
        return (Undo(rng.choice(deeds).seq) if deeds else Undo(0)), rng.choice([FACILITATOR, *PEOPLE])
    return rng.choice([_cards, _sorting, _votes, _plan, _sheets])(rng, room)


def _text(rng: random.Random, room: Scene) -> str:
    things = ["<un lieu>", "l’agenda", "« un fonds »", "{{ l’été }}"]
    return f"{rng.choice(['Créer', 'Ouvrir', 'Partager'])} {rng.choice(things)} {len(room.journal)}"


def _new(room: Scene) -> str:
    return f"new{len(room.journal):05}"


def _sessions(rng: random.Random, room: Scene) -> None:
    """Another session is planned, and now and then the forum goes on to it, or back; people check in."""
    state = room.state
    session = _some(rng, (s.id for s in state.sessions.all), "nowhere")
    step = Step(_new(room), rng.choice([BoardSettings(), ShowSettings()]), Words("Plus tard", "Later"))
    title, place = Words("Séance", "Session"), rng.choice(["", "La halle"])
    entry: OwnEntry = rng.choice(["", "", "approval"])
    room.ask(PlanSession(_new(room), title, "follow_up", "2025-02-11", place, 40, entry, steps=(step,)))
    room.ask(EditSession(session, title, expected=rng.randint(0, 90)))
    room.ask(RemoveSession(_some(rng, (s.id for s in state.sessions.all[1:]), "nowhere")))
    now = room.state.now
    if now and now.kind == "ballot":
        room.ask(CloseStep(now.id))
    live = room.state.sessions.live
    room.ask(EndSession(live or session))
    if rng.random() < 0.3:
        room.ask(Undo(room.state.deeds[-1].seq if room.state.deeds else 0))
    room.ask(PostIdea(_new(room), "Entre deux séances", step.id), PEOPLE[0])
    planned = [s.id for s in room.state.sessions.all if s.phase == "planned"]
    if planned and rng.random() < 0.7:
        room.ask(BeginSession(planned[0]))
        room.ask(NotePresence(), rng.choice(PEOPLE))
        room.ask(NotePresence(PersonId(rng.choice(PEOPLE))))
        room.ask(TakePresenceBack(), rng.choice(PEOPLE))
        began = [d.seq for d in room.state.deeds if d.what == "SessionBegun"]
        room.ask(Undo(began[-1]) if began and rng.random() < 0.5 else EndSession(planned[0]))
    room.ask(ReopenSession(live or session))
    _noted(rng, room)


def _noted(rng: random.Random, room: Scene) -> None:
    """Where people come from, what they agree to, and cards that stand for others."""
    categories = tuple(Category(c, Words(c.capitalize())) for c in ("members", "partners"))
    room.ask(SetCategories(categories))
    person = PersonId(rng.choice(PEOPLE))
    room.ask(SetCategory(person, rng.choice(["members", "partners", "nowhere"])))
    room.happened(OrganisationSet(person, OrganisationId("org1")), by=FACILITATOR)
    purpose: Purpose = rng.choice(["photo", "newsletter"])
    room.ask(GiveConsent(purpose, "v1"), person)
    room.ask(WithdrawConsent(purpose), rng.choice([person, person, *PEOPLE]))
    now = room.state.now
    if now and now.kind == "board":
        for_ = tuple(sorted(rng.sample(sorted(room.state.ideas), min(2, len(room.state.ideas)))))
        room.ask(PostIdea(_new(room), "À deux", now.id, lang="fr", stands_for=for_), person)


def a_session(rng: random.Random, room: Scene) -> Command:
    """A gesture with a session, or somebody's presence in one."""
    state = room.state
    some = _some(rng, (s.id for s in state.sessions.all), "nowhere")
    return rng.choice([
        EndSession(state.sessions.live or some), ReopenSession(some), BeginSession(some), RemoveSession(some),
        PlanSession(_new(room), Words("Séance", "Session")), NotePresence(PersonId(rng.choice(PEOPLE))),
    ])  # fmt: skip


def _flow(rng: random.Random, room: Scene) -> list[Command]:
    state = room.state
    step = _some(rng, (s.id for s in state.steps), "nowhere")
    here = state.current or step
    return [
        OpenStep(step, rng.choice(LISTS)), RevealStep(here, knowing=len(room.journal) % 2 == 0), CloseStep(here), ReopenStep(here, rng.choice(LISTS)), FreezeStep(here), SkipStep(step),
        RemoveStep(step), SetTimer(300), ExtendTimer(60), StopTimer(), TurnPage(rng.randint(0, 3)),
        EditStep(step, minutes=rng.randint(1, 30), least=(None, None, 0, 3)[len(room.journal) % 4]), EditStep(step, title=Words("Autre titre", "Other title")),
        EditStep(step, of=tuple(rng.choices([s.id for s in state.steps], k=rng.randint(0, 2)))),
        MoveStep(step, rng.choice([None, here])), EditForum(question="Et demain ?", horizon=(None, "2030", "", "bientôt")[len(room.journal) % 4]),
        InsertStep(_new(room), ShowSettings(), Words("Pause", "Break"), before=rng.choice([None, step])),
    ]  # fmt: skip


def _people(rng: random.Random, room: Scene) -> tuple[Command, str]:
    person = rng.choice(PEOPLE)
    if rng.random() < 0.15:
        return rng.choice([
            (ErasePerson(), person), (ErasePerson(person), FACILITATOR), (ErasePerson(person, "all"), FACILITATOR),
        ])  # fmt: skip
    waiting = [p.id for _, p in sorted(room.state.people.items()) if p.state == "waiting"]
    if waiting and rng.random() < 0.5:
        return ApprovePerson(rng.choice(waiting)), FACILITATOR
    if rng.random() < 0.6:
        return rng.choice([SayDone(), SayDone(), TakeDoneBack(), NameMyself()]), person
    if rng.random() < 0.5:
        return Join(), _new(room)
    modes = ["open", "open", "approval", "approval", "locked"]
    late = _some(rng, (p for p in room.state.people if p.startswith("new")), "nobody")
    rare: list[Command] = [
        AddPerson(_new(room)), AddPerson(_new(room)), SetEntry(rng.choice(modes)), SetEntry("open"),
        RemovePerson(late), RevokeKey(_new(room)), *_strangers(room),
    ]  # fmt: skip
    return _links(rng, room) if rng.random() < 0.3 else (rng.choice(rare), FACILITATOR)


def _strangers(room: Scene) -> list[Command]:
    """Those who came by the code go in one gesture, and are let in again."""
    came = tuple(p for p in sorted(room.state.people) if p.startswith("new"))
    removals = room.state.removals[-1:]
    return [RemovePeople(came), RemovePeople(came, given=True), *(ReadmitPeople(r.seq) for r in removals)]


def _links(rng: random.Random, room: Scene) -> tuple[Command, str]:
    """Links are made, also by who came by one; somebody comes by them; they are taken back."""
    keys = [link.key for link in live_links(room.state)]
    guests = [p for p in sorted(room.state.people) if p.startswith("lead")]
    if not keys or rng.random() < 0.4:
        return MakeLink(_new(room), Role.FACILITATOR), rng.choice([FACILITATOR, *guests])
    if rng.random() < 0.6:
        return Join(Role.FACILITATOR, key=rng.choice(keys)), _new(room).replace("new", "lead")
    return RevokeKey(rng.choice(keys), with_made=rng.random() < 0.5), FACILITATOR


def _cards(rng: random.Random, room: Scene) -> tuple[Command, str]:
    state = room.state
    by = rng.choice(PEOPLE)
    mine = _some(rng, state.by_author.get(by, ()), "noidea")
    if rng.random() < 0.1:
        idea = _some(rng, state.ideas, "noidea")
        hidden = [i.id for _, i in sorted(state.ideas.items()) if i.state == "hidden"]
        return (
            RestoreIdea(hidden[0]) if hidden and rng.random() < 0.6 else HideIdea(idea, "raison")
        ), FACILITATOR
    if rng.random() < 0.75:
        return PostIdea(_new(room), _text(rng, room), state.current or "nowhere"), rng.choice(
            [by, by, FACILITATOR]
        )
    return rng.choice([EditIdea(mine, _text(rng, room)), WithdrawIdea(mine)]), by


def _sorting(rng: random.Random, room: Scene) -> tuple[Command, str]:
    state = room.state
    active = [i.id for _, i in sorted(state.ideas.items()) if i.state == "active"]
    ideas = tuple(dict.fromkeys(_some(rng, active, "noidea") for _ in range(rng.randint(1, 4))))
    themes = [t.id for _, t in sorted(state.themes.items()) if not t.removed]
    theme, other = _some(rng, themes, "notheme"), _some(rng, themes, "notheme")
    text = _text(rng, room)
    gestures: list[Command] = [
        GroupIdeas(ideas, _new(room), text), GroupIdeas(ideas, _new(room), text), GroupIdeas(ideas, theme),
        MoveIdeas(ideas, theme), MoveIdeas(ideas, None), MakeTheme(_new(room), text), RenameTheme(theme, text),
        MergeThemes(theme, other), RemoveTheme(theme), SplitTheme(theme, ideas[:1], _new(room), text),
    ]  # fmt: skip
    return rng.choice(gestures), rng.choice([FACILITATOR, *PEOPLE])


def _votes(rng: random.Random, room: Scene) -> tuple[Command, str]:
    here = room.state.current or "nowhere"
    round_ = room.state.round_of(here)
    option = _some(rng, round_.options if round_ else (), "nooption")
    return GiveMark(here, option, rng.randint(0, 2)), rng.choice([*PEOPLE, FACILITATOR])


def _sheets(rng: random.Random, room: Scene) -> tuple[Command, str]:
    """Sheets of every schema that the agenda has: written, changed by several, taken back."""
    state, by = room.state, rng.choice([*PEOPLE, FACILITATOR])
    steps = [s for s in state.steps if schema_of(s)]
    sheet = _some(rng, state.sheets.by_id, "nosheet")
    found = state.sheets.by_id.get(sheet)
    schema = schema_of(rng.choice(steps)) if steps else None
    if schema is None:
        return RemoveSheet(sheet), by
    fields = {
        f.name: _typed(rng, room, f) for f in schema.fields if f is schema.heading or rng.random() < 0.5
    }
    if found is None or rng.random() < 0.4:
        where = state.current if state.now in steps else rng.choice(steps).id
        return MakeSheet(_new(room), schema.name, where, fields), by
    if rng.random() < 0.2:
        return RemoveSheet(sheet), rng.choice([found.by, by])
    was = {n: found.fields.get(n, "") for n in fields} if rng.random() < 0.5 else {}
    return EditSheet(sheet, found.schema, fields, was), rng.choice([found.by, by])


def _typed(rng: random.Random, room: Scene, field: Field) -> Value:
    """Something that the field can hold, mostly."""
    match field.holds:
        case Choice(options):
            return rng.choice(["", "other", *(key for key, _ in options)])
        case Day():
            return rng.choice(["", "31/03/2025", "2025-06-01", "soon"])
        case Amount(least, most):
            return rng.choice(["", str(least), str(most), str(most + 1)])
        case Someone():
            return rng.choice(["", *PEOPLE, "nobody"])
        case Links(thing):
            known = [name for name, _ in standing(room.state, thing)]
            return tuple(rng.sample(known, min(len(known), rng.randint(0, 2))))
    return _text(rng, room)


def _plan(rng: random.Random, room: Scene) -> tuple[Command, str]:
    state = room.state
    axis, action = _some(rng, state.axes, "noaxis"), _some(rng, state.actions, "noaction")
    idea, person = _some(rng, state.ideas, "noidea"), _some(rng, state.people, "nobody")
    text = _text(rng, room)
    if not state.axes:
        return MakeAxesFromThemes(), FACILITATOR
    by_desk: list[Command] = [
        MakeAxesFromThemes(), MakeAxis(_new(room), text), EditAxis(axis, text), RemoveAxis(axis),
        MoveAxis(axis, rng.choice([None, *state.axes])), RemoveAction(action), ChoosePilot(action, person),
        ChoosePilot(action, rng.choice(PEOPLE)), EditAction(action, axis=axis),
    ]  # fmt: skip
    if state.deeds and rng.random() < 0.1:
        return Undo(state.deeds[-1].seq), FACILITATOR
    pledge = _some(rng, state.commitments, "nopledge")
    by_all: list[Command] = [
        MakeAction(_new(room), axis, text, (idea,)), MakeAction(_new(room), axis, text),
        EditAction(action, title=text), EditAction(action, due="31/03/2025", first_step=text),
        Volunteer(action, "pilot"), Volunteer(action, "partner"), StepBack(action),
        *(Pledge(_new(room), text, "2025-01-20", rng.choice([None, action])) for _ in range(3)),
        WithdrawPledge(pledge),
    ]  # fmt: skip
    if rng.random() < 0.4:
        return rng.choice(by_desk), FACILITATOR
    return rng.choice(by_all), state.commitments[
        pledge
    ].person if pledge in state.commitments else rng.choice(PEOPLE)


WANTED = {
    "board": _cards,
    "sort": _sorting,
    "ballot": _votes,
    "sheet": lambda rng, room: (_plan if room.state.now.settings.plans else _sheets)(rng, room),
    "pledge": _plan,
    "show": _people,
}
"""What people do in a step of a kind."""
