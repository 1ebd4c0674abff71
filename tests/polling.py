"""What people give in votes, and the desk on paper, for random histories."""

import random

from forum.domain import methods
from forum.domain.kernel import Command, PersonId, StepId
from forum.domain.kin import holder
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.hands import NoteHands
from forum.domain.steps.papers import EnterPaper, PrintPapers, TakePaperBack, VoidPaper
from forum.domain.steps.reasons import GiveReason, HideReason, RestoreReason, told
from forum.domain.steps.rounds import Round
from forum.domain.voices import HandVoice, ReclaimVoice
from tests.methods.known import KNOWN
from tests.scenes import FACILITATOR, Scene
from tests.typed import PEOPLE, some_text


def some(rng: random.Random, names: object, otherwise: str) -> str:
    """One of these, mostly; now and then one that there is not."""
    known = sorted(names)
    return rng.choice(known) if known and rng.random() < 0.95 else otherwise


def votes(rng: random.Random, room: Scene) -> tuple[Command, str]:
    here = room.state.current or "nowhere"
    round_ = room.state.rounds.latest(here)
    key = some(rng, methods.of(round_.method).keys(round_) if round_ else (), "nooption")
    if round_ and methods.of(round_.method).against and rng.random() < 0.4:
        return gives_reasons(rng, room, round_)
    mark = KNOWN[round_.method].draw(rng, round_.parameters) if round_ else 1
    if rng.random() < 0.05:
        return NoteHands(
            here, some(rng, round_.options if round_ else (), "nooption"), rng.randint(0, 3)
        ), FACILITATOR
    if round_ and rng.random() < 0.2:
        return on_paper(rng, room, round_), FACILITATOR
    return GiveMark(here, key, mark), rng.choice([*PEOPLE, FACILITATOR])


def on_paper(rng: random.Random, room: Scene, round_: Round) -> Command:
    """The desk prints papers, enters them, sometimes twice, takes one back or declares it void, or valid again."""
    there = sorted(code for code, one in room.state.rounds.papers.items())
    code = some(rng, there, "BCDFGH")
    key = some(rng, methods.of(round_.method).keys(round_), "nooption")
    marks = {key: KNOWN[round_.method].draw(rng, round_.parameters)} if rng.random() < 0.8 else {}
    entering: list[Command] = [EnterPaper(round_.step, code, marks)] * 4
    others: list[Command] = [
        PrintPapers(round_.step, rng.randint(1, 4), f"secret {room.state.seq}"), TakePaperBack(round_.step, code),
        VoidPaper(round_.step, code), VoidPaper(round_.step, code, void=False),
    ]  # fmt: skip
    return rng.choice([*entering, *others] if there else others[:1])


def gives_reasons(rng: random.Random, room: Scene, round_: Round) -> tuple[Command, str]:
    """Those who are against say why, mostly, and take it back now and then; what was shown is hidden, and comes back."""
    shown = told(round_)
    if shown:
        one = rng.choice(shown)
        return RestoreReason(one.id) if one.hidden else HideReason(one.id, "raison"), FACILITATOR
    kept = sorted((p, k) for p, theirs in round_.reasons.items() for k in theirs)
    if kept and rng.random() < 0.3:
        by, key = rng.choice(kept)
        return GiveReason(round_.step, key, ""), by
    against = methods.of(round_.method).against
    assert against is not None
    there = sorted((p, k) for p, b in round_.ballots.items() for k, mark in b.marks.items() if against(mark))
    by, key = rng.choice(there) if there and rng.random() < 0.9 else (rng.choice(PEOPLE), "nooption")
    return GiveReason(round_.step, key, some_text(rng, room)), by


def goes_over(rng: random.Random, room: Scene, phone: str) -> None:
    """Somebody votes, goes on on another phone, votes there, and mostly comes back by their own."""
    person, to = PersonId(rng.choice(PEOPLE)), PersonId(phone)
    round_ = room.state.rounds.latest(room.state.current or StepId("nowhere"))
    keys = sorted(methods.of(round_.method).keys(round_))[:4] if round_ else []
    for by in (person, to) if round_ else ():
        if by == to:
            room.ask(HandVoice(holder(room.state, person), to), FACILITATOR)
        for key in keys:
            room.ask(GiveMark(round_.step, key, KNOWN[round_.method].draw(rng, round_.parameters)), by)
    if rng.random() < 0.6:
        room.ask(ReclaimVoice(), person)
