"""What people and the desk do by chance in a decision by consent, one command at a time."""

import random

from forum.domain.kernel import Command, StepId
from forum.domain.steps.proposal_said import (
    AskObjections,
    DecideProposal,
    EndObjections,
    HaveNoObjection,
    HideRemark,
    JudgeObjection,
    LeadProposal,
    MeetObjection,
    Remarking,
    RestoreRemark,
    TakeRemarkBack,
    WordProposal,
)
from forum.domain.steps.proposals import TAKES, TALK, RemarkId, proposal_of, shelf
from forum.domain.undo import Undo
from tests.scenes import FACILITATOR, Scene
from tests.typed import PEOPLE, some_text


def _new(room: Scene) -> str:
    return f"new{len(room.journal):05}"


def agrees(rng: random.Random, room: Scene) -> tuple[Command, str]:
    """A decision by consent: led on and back, with questions, reactions, objections, and what becomes of each."""
    state = room.state
    here, by = state.current or StepId("nowhere"), rng.choice(PEOPLE)
    proposal, said = proposal_of(state, here), shelf(state).remarks
    text = some_text(rng, room)
    if not proposal.versions:
        return WordProposal(here, text), FACILITATOR
    one = RemarkId(rng.choice([*sorted(said), "noremark"]))
    objected = [r for r in proposal.remarks if said[r].what == "objection" and said[r].shown]
    if objected and rng.random() < 0.5:
        one = rng.choice(objected)
    author = said[one].person if one in said else by
    if rng.random() < 0.12:
        hidden = [r.id for _, r in sorted(said.items()) if r.hidden]
        restores = hidden and rng.random() < 0.7
        return RestoreRemark(hidden[0]) if restores else HideRemark(one, "raison"), FACILITATOR
    last = room.state.deeds[-1].seq if room.state.deeds else 0
    if proposal.decided:
        return (Undo(last) if rng.random() < 0.6 else DecideProposal(here, "withdrawn")), FACILITATOR
    what = next((what for what, phase in TAKES.items() if phase == proposal.phase), "reaction")
    if proposal.phase == "objections":
        if rng.random() < 0.12:
            room.ahead += 400_000
            return EndObjections(here, tuple(rng.sample(PEOPLE, 1))), FACILITATOR
        return rng.choice([
            *[(Remarking(RemarkId(_new(room)), here, "objection", text), by)] * 3, (HaveNoObjection(here), by), (HaveNoObjection(here), by),
            (TakeRemarkBack(one), author), (WordProposal(here, text), FACILITATOR), (Undo(last), FACILITATOR),
        ])  # fmt: skip
    if rng.random() < 0.45:
        return rng.choice([
            (Remarking(RemarkId(_new(room)), here, what, text), by), (TakeRemarkBack(one), author),
            (JudgeObjection(one, rng.random() < 0.6), author), (JudgeObjection(one, False), author), (JudgeObjection(one, True), by),
        ])  # fmt: skip
    on = {"presentation": "clarification", "clarification": "reactions"}.get(proposal.phase)
    if on and rng.random() < 0.6:
        return LeadProposal(here, on), FACILITATOR  # type: ignore[arg-type]
    led: list[Command] = [
        LeadProposal(here, rng.choice(TALK)), AskObjections(here), AskObjections(here), WordProposal(here, text),
        *(MeetObjection(one, how, text) for how in ("amended", "answered", "reservation", "")),
        DecideProposal(here, rng.choice(["adopted", "adopted", "withdrawn", "deferred"]), text), EndObjections(here),
        Undo(last), Undo(last),
    ]  # fmt: skip
    return rng.choice(led), FACILITATOR
