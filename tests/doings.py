"""What people do by chance: plausible things, and some foolish ones, one command at a time. ``histories`` makes histories of them."""

import random

from forum.domain.arrivals import ReadmitPeople, RemovePeople
from forum.domain.belonging.part import OrganisationSet, SetCategories, SetCategory
from forum.domain.belonging.record import Category
from forum.domain.consents.part import GiveConsent, WithdrawConsent
from forum.domain.consents.record import Purpose
from forum.domain.consents.texts import NAME_READ
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
from forum.domain.keeping import ErasePerson
from forum.domain.kernel import Command, OrganisationId, PersonId, SheetId, Words
from forum.domain.kin import holder
from forum.domain.links import MakeLink, RevokeKey, live_links
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
from forum.domain.plan.words import (
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
from forum.domain.sessions.record import OwnEntry
from forum.domain.sessions.words import (
    BeginSession,
    EditSession,
    EndSession,
    ExpectPeople,
    NotePresence,
    PlanSession,
    RemoveSession,
    ReopenSession,
    TakePresenceBack,
)
from forum.domain.settings import BallotSettings, BoardSettings, Settings, SheetSettings, ShowSettings
from forum.domain.sheets import SCHEMAS, in_steps
from forum.domain.sheets.fields import Value
from forum.domain.sheets.reading import OF_THE_PLAN, people_in, schema_of
from forum.domain.sheets.schema import THE_PLAN
from forum.domain.sheets.words import EditSheet, MakeSheet, RemoveSheet, TakeNameOut
from forum.domain.state import Step
from forum.domain.steps.board import EditIdea, HideIdea, PostIdea, RestoreIdea, WithdrawIdea
from forum.domain.steps.commitments import READERS
from forum.domain.steps.pledge import ChooseReaders, Pledge, WithdrawPledge
from forum.domain.steps.sort import (
    GroupIdeas,
    MakeTheme,
    MergeThemes,
    MoveIdeas,
    RemoveTheme,
    RenameTheme,
    SplitTheme,
)
from forum.domain.undo import Undo
from forum.domain.voices import HandVoice, ReclaimVoice, ReturnVoice
from tests.agreeing import agrees
from tests.polling import some as _some
from tests.polling import votes
from tests.scenes import FACILITATOR, Scene
from tests.typed import PEOPLE, TYPED
from tests.typed import some_text as _text

LISTS: tuple[Choices, ...] = ("", "same", "new")


def steps_of_sheets() -> dict[str, Settings]:
    """A step for each schema that there is, and a vote over what is written in it."""
    steps: dict[str, Settings] = {}
    for name in (schema.name for schema in in_steps()):
        steps |= {f"write-{name}": SheetSettings(what=name), f"vote-{name}": BallotSettings(over=name)}
    return steps


def a_new_id(room: Scene) -> str:
    return f"new{len(room.journal):05}"


def holds_sessions(rng: random.Random, room: Scene) -> None:
    """Another session is planned, and now and then the forum goes on to it, or back; people check in."""
    state = room.state
    session = _some(rng, (s.id for s in state.sessions.all), "nowhere")
    step = Step(a_new_id(room), rng.choice([BoardSettings(), ShowSettings()]), Words("Plus tard", "Later"))
    title, place = Words("Séance", "Session"), rng.choice(["", "La halle"])
    entry: OwnEntry = rng.choice(["", "", "approval"])
    room.ask(PlanSession(a_new_id(room), title, "follow_up", "2025-02-11", place, 40, entry, steps=(step,)))
    room.ask(EditSession(session, title, expected=rng.randint(0, 90)))
    room.ask(ExpectPeople(session, rng.randint(0, 90)))
    room.ask(RemoveSession(_some(rng, (s.id for s in state.sessions.all[1:]), "nowhere")))
    now = room.state.now
    if now and now.kind == "ballot":
        room.ask(CloseStep(now.id))
    live = room.state.sessions.live
    room.ask(EndSession(live or session, "The bus would not wait"))
    if rng.random() < 0.3:
        room.ask(Undo(room.state.deeds[-1].seq if room.state.deeds else 0))
    room.ask(PostIdea(a_new_id(room), "Entre deux séances", step.id), PEOPLE[0])
    planned = [s.id for s in room.state.sessions.all if s.phase == "planned"]
    if planned and rng.random() < 0.7:
        room.ask(BeginSession(planned[0]))
        room.ask(NotePresence(), rng.choice(PEOPLE))
        room.ask(NotePresence(PersonId(rng.choice(PEOPLE))))
        room.ask(TakePresenceBack(), rng.choice(PEOPLE))
        began = [d.seq for d in room.state.deeds if d.what == "SessionBegun"]
        room.ask(Undo(began[-1]) if began and rng.random() < 0.5 else EndSession(planned[0], "As it is"))
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
        for_ = tuple(sorted(rng.sample(sorted(room.state.ideas.by_id), min(2, len(room.state.ideas.by_id)))))
        room.ask(PostIdea(a_new_id(room), "À deux", now.id, lang="fr", stands_for=for_), person)


def a_session(rng: random.Random, room: Scene) -> Command:
    """A gesture with a session, or somebody's presence in one."""
    state = room.state
    some = _some(rng, (s.id for s in state.sessions.all), "nowhere")
    return rng.choice([
        EndSession(state.sessions.live or some), ReopenSession(some), BeginSession(some), RemoveSession(some),
        PlanSession(a_new_id(room), Words("Séance", "Session")), NotePresence(PersonId(rng.choice(PEOPLE))),
    ])  # fmt: skip


def leads(rng: random.Random, room: Scene) -> list[Command]:
    state = room.state
    step = _some(rng, (s.id for s in state.steps), "nowhere")
    here = state.current or step
    return [
        OpenStep(step, rng.choice(LISTS)), RevealStep(here, knowing=len(room.journal) % 2 == 0), CloseStep(here), ReopenStep(here, rng.choice(LISTS)), FreezeStep(here), SkipStep(step),
        RemoveStep(step), SetTimer(300), ExtendTimer(60), StopTimer(), TurnPage(rng.randint(0, 3)),
        EditStep(step, minutes=rng.randint(1, 30), chosen=({}, {}, {"ballot": {"least": 0}}, {"ballot": {"least": 3}})[len(room.journal) % 4]), EditStep(step, title=Words("Autre titre", "Other title")),
        EditStep(step, of=tuple(rng.choices([s.id for s in state.steps], k=rng.randint(0, 2)))),
        MoveStep(step, rng.choice([None, here])), EditForum(question="Et demain ?", horizon=(None, "2030", "", "bientôt")[len(room.journal) % 4], zone=(None, "Indian/Reunion", "Europe/Paris")[len(room.journal) % 3]),
        InsertStep(a_new_id(room), ShowSettings(), Words("Pause", "Break"), before=rng.choice([None, step])),
    ]  # fmt: skip


def comes_or_goes(rng: random.Random, room: Scene) -> tuple[Command, str]:
    person = rng.choice(PEOPLE)
    if rng.random() < 0.15:
        return rng.choice([
            (ErasePerson(), person), (ErasePerson(person), FACILITATOR), (ErasePerson(person, "all"), FACILITATOR),
        ])  # fmt: skip
    waiting = [p.id for _, p in sorted(room.state.people.by_id.items()) if p.state == "waiting"]
    if waiting and rng.random() < 0.5:
        return ApprovePerson(rng.choice(waiting)), FACILITATOR
    if rng.random() < 0.1:
        return _phones(rng, room, person)
    if rng.random() < 0.6:
        return rng.choice([SayDone(), SayDone(), TakeDoneBack(), NameMyself()]), person
    if rng.random() < 0.5:
        return Join(), a_new_id(room)
    modes = ["open", "open", "approval", "approval", "locked"]
    late = _some(rng, sorted(p for p in room.state.people.by_id if p.startswith("new")), "nobody")
    rare: list[Command] = [
        AddPerson(a_new_id(room)), AddPerson(a_new_id(room)), SetEntry(rng.choice(modes)), SetEntry("open"),
        RemovePerson(late), RevokeKey(a_new_id(room)), *_strangers(room),
    ]  # fmt: skip
    return _links(rng, room) if rng.random() < 0.3 else (rng.choice(rare), FACILITATOR)


def _phones(rng: random.Random, room: Scene, person: str) -> tuple[Command, str]:
    """A voice goes on on another phone, or comes back: to its owner's code, or because the desk takes it back."""
    now = holder(room.state, PersonId(person))
    if now == person or rng.random() < 0.3:
        return HandVoice(now, a_new_id(room)), FACILITATOR
    return rng.choice([(ReclaimVoice(), person), (ReturnVoice(now), FACILITATOR)])


def _strangers(room: Scene) -> list[Command]:
    """Those who came by the code go in one gesture, and are let in again."""
    came = tuple(p for p in sorted(room.state.people.by_id) if p.startswith("new"))
    removals = room.state.people.removals[-1:]
    return [RemovePeople(came), RemovePeople(came, given=True), *(ReadmitPeople(r.seq) for r in removals)]


def _links(rng: random.Random, room: Scene) -> tuple[Command, str]:
    """Links are made, also by who came by one; somebody comes by them; they are taken back."""
    keys = [link.key for link in live_links(room.state)]
    guests = [p for p in sorted(room.state.people.by_id) if p.startswith("lead")]
    if not keys or rng.random() < 0.4:
        return MakeLink(a_new_id(room), Role.FACILITATOR), rng.choice([FACILITATOR, *guests])
    if rng.random() < 0.6:
        return Join(Role.FACILITATOR, key=rng.choice(keys)), a_new_id(room).replace("new", "lead")
    return RevokeKey(rng.choice(keys), with_made=rng.random() < 0.5), FACILITATOR


def writes(rng: random.Random, room: Scene) -> tuple[Command, str]:
    state = room.state
    by = rng.choice(PEOPLE)
    mine = _some(rng, state.ideas.by_author.get(by, ()), "noidea")
    if rng.random() < 0.1:
        idea = _some(rng, state.ideas.by_id, "noidea")
        hidden = [i.id for _, i in sorted(state.ideas.by_id.items()) if i.state == "hidden"]
        return (
            RestoreIdea(hidden[0]) if hidden and rng.random() < 0.6 else HideIdea(idea, "raison")
        ), FACILITATOR
    if rng.random() < 0.75:
        return PostIdea(a_new_id(room), _text(rng, room), state.current or "nowhere"), rng.choice(
            [by, by, FACILITATOR]
        )
    return rng.choice([EditIdea(mine, _text(rng, room)), WithdrawIdea(mine)]), by


def sorts(rng: random.Random, room: Scene) -> tuple[Command, str]:
    state = room.state
    active = [i.id for _, i in sorted(state.ideas.by_id.items()) if i.state == "active"]
    ideas = tuple(dict.fromkeys(_some(rng, active, "noidea") for _ in range(rng.randint(1, 4))))
    themes = [t.id for _, t in sorted(state.themes.by_id.items()) if not t.removed]
    theme, other = _some(rng, themes, "notheme"), _some(rng, themes, "notheme")
    text = _text(rng, room)
    gestures: list[Command] = [
        GroupIdeas(ideas, a_new_id(room), text), GroupIdeas(ideas, a_new_id(room), text), GroupIdeas(ideas, theme),
        MoveIdeas(ideas, theme), MoveIdeas(ideas, None), MakeTheme(a_new_id(room), text), RenameTheme(theme, text),
        MergeThemes(theme, other), RemoveTheme(theme), SplitTheme(theme, ideas[:1], a_new_id(room), text),
    ]  # fmt: skip
    return rng.choice(gestures), rng.choice([FACILITATOR, *PEOPLE])


def fills_sheets(rng: random.Random, room: Scene) -> tuple[Command, str]:
    """Sheets of every schema that the agenda has: written, changed by several, taken back."""
    state, by = room.state, rng.choice([*PEOPLE, FACILITATOR])
    sheet = _some(rng, state.sheets.by_id, "nosheet")
    found, steps = state.sheets.by_id.get(sheet), [s for s in state.steps if schema_of(s)]
    if not steps or (found and rng.random() < 0.12):
        return RemoveSheet(sheet), rng.choice([found.by, by]) if found else by
    if found is None or rng.random() < 0.4:
        step = state.now if state.now in steps and rng.random() < 0.8 else rng.choice(steps)
        assert step is not None
        schema = step.settings.makes
        return MakeSheet(a_new_id(room), schema, step.id, _fields(rng, room, schema, by)), by
    if len(room.journal) % 5 == 0:
        return TakeNameOut(sheet), rng.choice([*people_in(found), by])
    by = rng.choice([found.by, by])
    fields = _fields(rng, room, found.schema, by)
    was = {n: found.fields.get(n, "") for n in fields} if rng.random() < 0.5 else {}
    if was and rng.random() < 0.3:  # it was read before somebody else changed it
        was |= {n: v for n, v in _fields(rng, room, found.schema, by).items() if n in fields}
    return EditSheet(sheet, found.schema, fields, was), by


def fills_the_plan(rng: random.Random, room: Scene) -> tuple[Command, str]:
    """Sheets of the plan: over an action or the whole, or belonging to an action; by the desk, mostly, and by others."""
    state, by = room.state, rng.choice([FACILITATOR, FACILITATOR, *PEOPLE])
    of_plan = [s for s in SCHEMAS.values() if s.where != "step"]
    schema = rng.choice(of_plan)
    fields = _fields(rng, room, schema.name, by)
    if schema.over:
        sheet = THE_PLAN if schema.over == "forum" else SheetId(_some(rng, state.plan.actions, "noaction"))
        held = state.sheets.by_id.get(sheet)
        stands = held.fields if held and rng.random() < 0.5 else {}
        return EditSheet(sheet, schema.name, fields, {n: stands[n] for n in fields if n in stands}), by
    known = [s.id for s in state.sheets.by_id.values() if s.schema == schema.name and s.step == OF_THE_PLAN]
    if known and rng.random() < 0.4:
        sheet = rng.choice(sorted(known))
        return (RemoveSheet(sheet) if rng.random() < 0.2 else EditSheet(sheet, schema.name, fields, {})), by
    if schema.links and rng.random() < 0.8:
        fields |= {"action": (_some(rng, state.plan.actions, "noaction"),)} if schema.field("action") else {}
    return MakeSheet(SheetId(a_new_id(room)), schema.name, OF_THE_PLAN, fields), by


def _fields(rng: random.Random, room: Scene, schema: str, by: str) -> dict[str, Value]:
    """What somebody fills in: the title, mostly, and some of the others; where a person is named, mostly themselves."""
    known = SCHEMAS[schema]
    fields = {f.name: TYPED[f.kind.name](rng, room, f.holds) for f in known.fields if rng.random() < 0.5}
    fields |= {
        f.name: by if f.nothing == "" else (by,)
        for f in known.fields
        if f.kind.person and f.name in fields and rng.random() < 0.6
    }
    title = "" if rng.random() < 0.05 else _text(rng, room)
    return {**fields, known.heading.name: title}


def plans(rng: random.Random, room: Scene) -> tuple[Command, str]:
    state = room.state
    axis, action = _some(rng, state.plan.axes, "noaxis"), _some(rng, state.plan.actions, "noaction")
    idea, person = _some(rng, state.ideas.by_id, "noidea"), _some(rng, state.people.by_id, "nobody")
    text = _text(rng, room)
    if not state.plan.axes:
        return MakeAxesFromThemes(), FACILITATOR
    by_desk: list[Command] = [
        MakeAxesFromThemes(), MakeAxis(a_new_id(room), text), EditAxis(axis, text), RemoveAxis(axis),
        MoveAxis(axis, rng.choice([None, *sorted(state.plan.axes)])), RemoveAction(action), ChoosePilot(action, person),
        ChoosePilot(action, rng.choice(PEOPLE)), EditAction(action, axis=axis),
    ]  # fmt: skip
    if state.deeds and rng.random() < 0.1:
        return Undo(state.deeds[-1].seq), FACILITATOR
    if rng.random() < 0.25:
        return fills_the_plan(rng, room)
    pledge = _some(rng, state.commitments.by_id, "nopledge")
    by_all: list[Command] = [
        MakeAction(a_new_id(room), axis, text, (idea,)), MakeAction(a_new_id(room), axis, text),
        EditAction(action, title=text), EditAction(action, due="31/03/2025", first_step=text),
        Volunteer(action, "pilot"), Volunteer(action, "partner"), StepBack(action),
        *(Pledge(a_new_id(room), text, "2025-01-20", rng.choice([None, action])) for _ in range(3)),
        Pledge(a_new_id(room), text, "2025-01-20", None, "members", NAME_READ),
        ChooseReaders(pledge, rng.choice(READERS), NAME_READ), WithdrawPledge(pledge),
    ]  # fmt: skip
    if rng.random() < 0.4:
        return rng.choice(by_desk), FACILITATOR
    return rng.choice(by_all), state.commitments.by_id[
        pledge
    ].person if pledge in state.commitments.by_id else rng.choice(PEOPLE)


WANTED = {
    "proposal": agrees,
    "board": writes,
    "sort": sorts,
    "ballot": votes,
    "sheet": lambda rng, room: (plans if room.state.now.settings.plans else fills_sheets)(rng, room),
    "pledge": plans,
    "show": comes_or_goes,
}
"""What people do in a step of a kind."""
