"""Random histories: many people doing plausible, and some foolish, things in any order. Same seed, same history."""

import random

from forum.domain.flow import CloseStep, OpenStep, RevealStep
from forum.domain.imported import ImportTable
from forum.domain.keeping import EndIsNear, ErasePerson, Redacted, SetKeepUntil
from forum.domain.kernel import NOBODY, AxisId, Command, PersonId, PhotographId, RoundId, StepId, Was
from forum.domain.kin import holder
from forum.domain.led import DoAgain, LeaveLed
from forum.domain.loss import ConfirmLoss, Skip, TellLoss
from forum.domain.methods import METHODS
from forum.domain.photographs.part import (
    AddPhotograph,
    CaptionPhotograph,
    ErasePhotograph,
    RemovePhotograph,
    RestorePhotograph,
)
from forum.domain.plan.words import MakeAxis
from forum.domain.sessions.reading import rests, steps_of
from forum.domain.sessions.record import FIRST
from forum.domain.sessions.words import ReopenSession
from forum.domain.settings import (
    BallotSettings,
    BoardSettings,
    PledgeSettings,
    ProposalSettings,
    Settings,
    SheetSettings,
    ShowSettings,
    SortSettings,
)
from forum.domain.steps.reasons import HideReason, RestoreReason, told
from forum.domain.steps.sort import MakeTheme
from forum.domain.terms import SetTerms
from forum.domain.undo import Undo
from forum.domain.voices import ReclaimVoice
from tests.agreeing import agrees
from tests.cuts import keeps
from tests.doings import (
    PEOPLE,
    WANTED,
    a_new_id,
    comes_or_goes,
    fills_sheets,
    holds_sessions,
    leads,
    plans,
    sorts,
    steps_of_sheets,
    writes,
)
from tests.polling import goes_over, votes
from tests.scenes import ECLAIR, FACILITATOR, Scene, a_room

SHARED = {"shares_sum": 10_000, "shares_each": 1}  # without a sum a vote that shares one does not open

TWICE: dict[str, Settings] = {
    "welcome": ShowSettings(),
    "ideas": BoardSettings(),
    "sort": SortSettings(),
    "vote": BallotSettings(),
    "gallery": BoardSettings(visibility="all"),
    "sort2": SortSettings(),
    "vote2": BallotSettings(over="ideas"),
    "plan": SheetSettings(),
    "pledge": PledgeSettings(),
}
"""An agenda in which most happens twice."""


WITH_REASONS = [name for name in sorted(METHODS) if METHODS[name].against]


def random_history(rng: random.Random, length: int, room: Scene | None = None) -> Scene:
    """A room in which ``length`` things were asked, along its agenda, with detours; refusals are part of it."""
    twice = rng.random() < 0.5
    steps = {
        **(TWICE if twice else {**ECLAIR, "gallery": BoardSettings(visibility="all")}),
        "vote2" if twice else "vote": BallotSettings(
            over="ideas",
            method=rng.choice(WITH_REASONS if rng.random() < 0.3 else sorted(METHODS)),
            own=SHARED,
        ),
        "consent": ProposalSettings(),
        **steps_of_sheets(),
    }
    room = room or a_room(steps, PEOPLE)
    for n in range(length):
        one_more(rng, room, eager=n % max(1, length // (len(steps) + 2)) == 0)
    for n, kind in enumerate((RemovePhotograph, RemovePhotograph, RestorePhotograph, ErasePhotograph)):
        last = a_new_id(room)
        room.ask(AddPhotograph(PhotographId(last), "0" * 64, 9, 9, 9, "Un mur"))
        room.ask(CaptionPhotograph(PhotographId(last), f"Le mur {n}", room.state.steps[0].id))
        room.ask(kind(PhotographId(last)))
        room.ask(RestorePhotograph(PhotographId(last)))
    for round_ in room.state.rounds.by_id.values():
        for one in told(round_)[:2]:
            room.ask(HideReason(one.id, "Elle nomme quelqu’un"))
            room.ask(RestoreReason(one.id))
    room.erased(FACILITATOR)
    room.ask(ImportTable("plan", 1, (MakeAxis(AxisId(a_new_id(room)), "From a table"),)))
    return room


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
            room.ask(SetTerms(7 + len(room.journal) % 3))
            room.ahead += 10 * 24 * 3600 * 1000
            shown = [r.id for r in room.state.rounds.by_id.values() if r.revealed_at]
            room.ballots_struck(*shown[:1])
        if room.state.now and room.state.now.kind == "proposal":
            for _ in range(50):
                room.ask(*agrees(random.Random(f"agrees {len(room.journal)}"), room))
        if room.state.now and room.state.now.kind == "ballot":
            goes_over(random.Random(f"goes over {len(room.journal)}"), room, a_new_id(room))
        if room.state.now and room.state.now.kind == "board":
            _copied(random.Random(len(room.journal)), room)
        if room.state.now and room.state.now.kind == "sort":
            room.ask(MakeTheme(a_new_id(room), "Le dernier"), PEOPLE[0], most=room.state.space.used + 99)
            room.ask(MakeTheme(a_new_id(room), "Un de trop"), PEOPLE[0], most=room.state.space.used - 1)
        _next_step(room)
        cuts = random.Random(f"cuts {len(room.journal)}")
        for round_ in room.state.rounds.by_id.values():
            if round_.revealed_at:
                room.ask(keeps(cuts, room, room.state.rounds.by_id[round_.id], a_new_id(room)))
        return
    if rng.random() < 0.02:
        _lost(rng, room)
        return
    if rng.random() < 0.02:
        holds_sessions(random.Random(f"sessions {len(room.journal)}"), room)
        return
    command, by = a_command(rng, room)
    assisted = [p.id for _, p in sorted(room.state.people.by_id.items()) if p.assisted]
    on_behalf = rng.choice(assisted) if assisted and by == FACILITATOR and rng.random() < 0.2 else ""
    seen = rng.choice([0, room.state.seq, max(0, room.state.seq - 10)])
    by = by if isinstance(command, ReclaimVoice) else holder(room.state, PersonId(by))
    room.ask(command, by, seen=seen, on_behalf=on_behalf)


def _lost(rng: random.Random, room: Scene) -> None:
    """The store lost its tail before this: it is told, a phone offers again what it kept, the desk reads of it."""
    seq, gen = room.state.seq, rng.randint(2, 4)
    tab, by = a_new_id(room).ljust(16, "x"), holder(room.state, PersonId(rng.choice(PEOPLE)))
    which = {f"{tab}:4": "", f"{tab}:9": "vote.1"} if gen > 2 else None
    ops = len(which) if which else rng.choice([-1, 9])
    room.ask(TellLoss(gen, seq, seq + rng.randint(1, 40), "abcdef", ops, which=which), NOBODY)
    room.ask(Skip(1), by, tab=tab, op=3, again=True)
    command, _ = writes(rng, room)
    room.ask(command, by, tab=tab, op=4, again=True)
    _comes_again(random.Random(f"again {len(room.journal)}"), room, seq)
    room.ask(ConfirmLoss(rng.choice([gen, gen, 1])), rng.choice([FACILITATOR, FACILITATOR, by]))


def _comes_again(rng: random.Random, room: Scene, seq: int) -> None:
    """What was lost and proven: of the present step, of another, of a round that is not there; and what led."""
    steps = [s.id for s in room.state.steps]
    for draw in (writes, sorts, votes, plans, fills_sheets):
        command, by = draw(rng, room)
        step = getattr(command, "step", rng.choice(steps))
        round_ = rng.choice([f"{step}.1", f"{step}.9"]) if draw is votes else ""
        choices = room.state.rounds.by_id[round_].choices if round_ in room.state.rounds.by_id else ""
        was = Was(f"{a_new_id(room)}:1", PersonId(by), 1, seq + 1, "", StepId(step), RoundId(round_), choices)
        room.ask(command, by, was=was)
        room.ask(command, by, was=was)
    for command in rng.sample(leads(rng, room), 3):
        room.ask(command, again=True)
    for led in room.state.gone.led[:2]:
        room.ask(rng.choice([DoAgain(led.seq), LeaveLed(led.seq)]))
    room.taken_up()


def _copied(rng: random.Random, room: Scene) -> None:
    """A page and a copy of it number what they ask alike."""
    tab, by = a_new_id(room).ljust(16, "y"), rng.choice(PEOPLE)
    for n in range(3):
        command, _ = writes(rng, room)
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


def a_command(rng: random.Random, room: Scene) -> tuple[Command, str]:
    """Something to ask, mostly what the current step is for, and who asks it."""
    now = room.state.now
    kind = now.kind if now else "show"
    choice = rng.random()
    if choice < 0.70:
        return WANTED[kind](rng, room)
    if choice < 0.78:
        return rng.choice(leads(rng, room)), FACILITATOR
    if choice < 0.86:
        return comes_or_goes(rng, room)
    if choice < 0.92:
        deeds = room.state.deeds[-2:]
        return (Undo(rng.choice(deeds).seq) if deeds else Undo(0)), rng.choice([FACILITATOR, *PEOPLE])
    return rng.choice([writes, sorts, votes, plans, fills_sheets])(rng, room)
