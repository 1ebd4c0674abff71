"""Proposals on every surface: a decision by consent, phase by phase.

Never tells what somebody answered before the question is over, to anybody but themself (A4): until then no fragment but
their own knows of an objection, and others are told only how many have answered.
"""

from collections.abc import Iterator
from typing import Any, Final

from forum.domain import attendance, inputs, things
from forum.domain.kernel import N_
from forum.domain.person import Person
from forum.domain.roles import VOICE
from forum.domain.state import State, Step
from forum.domain.steps.proposals import (
    PHASES,
    TAKES,
    TALK,
    WORDABLE,
    Proposal,
    Remark,
    RemarkId,
    answer_of,
    ends,
    is_own,
    objections,
    proposal_of,
    remaining,
    remarks_in,
    shelf,
    there,
)
from forum.domain.things import touched
from forum.domain.touch import Touch
from forum.fragments.kinds.face import DeskFace, PhoneFace, ScreenFace
from forum.fragments.surface import Affects, Slot, View, order

WAY: Final = tuple(phase for phase in PHASES if phase not in ("adopted", "withdrawn", "deferred"))
MOST_AWAY: Final = 500  # people whom the desk’s page names as not heard from
LIKE: Final = {"clarification": "question", "reactions": "reaction", "amendment": "reaction"}
"""What was said is listed by phase; later it is the objections."""


def _listed(state: State, step: Step) -> list[Remark]:
    """What the room is shown of what was said, in this phase."""
    phase = proposal_of(state, step.id).phase
    if phase in ("presentation", "objections"):
        return []
    if phase not in LIKE:
        return objections(state, step.id)
    return [r for r in remarks_in(state, step) if r.what == LIKE[phase] and not r.gone]


def _told(view: View, step: Step) -> dict[str, Any]:
    """What each surface says of it."""
    state, proposal = view.state, proposal_of(view.state, step.id)
    kept = sum(r.met == "reservation" and r.agreed for r in objections(state, step.id))
    return {
        "step": step,
        "proposal": proposal,
        "way": WAY,
        "phases": PHASES,
        "towards": state.question,
        "unmet": remaining(state, step.id),
        "reservations": kept,
    }


def _shown(view: View, step: Step, name: str) -> Remark | None:
    found = shelf(view.state).remarks.get(RemarkId(name))
    return found if found and found in _listed(view.state, step) else None


def _keys(view: View, step: Step) -> Iterator[str]:
    yield from (f"remark-{r.id}" for r in _listed(view.state, step))


# The phone


def _act(view: View, step: Step, name: str) -> Slot:
    return Slot("root", "30", "phone/proposal.html", _told(view, step))


def _on_phone(view: View, step: Step, name: str) -> Slot | None:
    found = _shown(view, step, name)
    if found is None or found.hidden:
        return None
    return Slot("remarks", order(found.number), "phone/remark.html", {"remark": found})


def _my_keys(view: View, step: Step, me: Person) -> Iterator[str]:
    yield from ("my-answer", "my-remarks", "my-receipt")


def _may_answer(view: View, step: Step, me: Person) -> Proposal | None:
    """The proposal about which somebody is being asked whether they object."""
    proposal = proposal_of(view.state, step.id)
    asked = step.phase == "open" and proposal.phase == "objections" and me.role in VOICE
    return proposal if asked else None


def _my_answer(view: View, step: Step, me: Person, name: str) -> Slot | None:
    proposal = _may_answer(view, step, me)
    if proposal is None or proposal.latest is None:
        return None
    answer = answer_of(view.state, proposal.latest, me.id)
    if answer is None:
        return None
    mine = shelf(view.state).remarks.get(RemarkId(answer))
    return Slot("answer", "10", "phone/my-answer.html", {"mine": mine})


def _mine(state: State, step: Step, me: Person) -> list[Remark]:
    return [r for r in remarks_in(state, step) if not r.gone and is_own(state, r, me.id)]


def _my_remarks(view: View, step: Step, me: Person, name: str) -> Slot | None:
    """What one said and what became of it; the answer that is asked for now stands apart."""
    proposal = proposal_of(view.state, step.id)
    asked = proposal.phase == "objections"
    mine = tuple(r for r in reversed(_mine(view.state, step, me)) if r.shown or not asked)
    args = {"mine": mine, "open": step.phase == "open" and not proposal.decided}
    return Slot("mine", "10", "phone/my-remarks.html", args) if mine else None


def _my_receipt(view: View, step: Step, me: Person, name: str) -> Slot | None:
    last = max((r.made for r in _mine(view.state, step, me)), default=0)
    return Slot("mine", "95", "phone/my-receipt.html", {"sent": 0, "last": last}) if last else None


_OWN: Final = ("my-answer", "my-remarks", "my-receipt")
PHONE = PhoneFace(
    keys=_keys,
    slots={"act": _act, "remark": _on_phone},
    affects={"remark": lambda remark: (f"remark-{remark}",)},
    my_keys=_my_keys,
    my_slots={"answer": _my_answer, "remarks": _my_remarks, "receipt": _my_receipt},
    my_affects={Touch.VOTED: lambda _: _OWN, "remark": lambda _: _OWN},
    asks=lambda state, step: False,  # one answers, and is not done with it
)


# The wall


def _stage(view: View, step: Step, name: str) -> Slot:
    args = _told(view, step) | {"many": bool(_listed(view.state, step))}
    return Slot("root", "30", "screen/proposal.html", args)


def _on_wall(view: View, step: Step, name: str) -> Slot | None:
    found = _shown(view, step, name)
    if found is None or found.hidden:
        return None
    return Slot("remarks", order(found.number), "screen/remark.html", {"remark": found})


def _answers(view: View, step: Step) -> tuple[int, int]:
    """How many have answered, of how many who are here."""
    round_ = proposal_of(view.state, step.id).latest
    given = len(round_.answers) if round_ else 0
    return given, max(given, attendance.here(view.state, view.absent))


def _crowd(view: View, step: Step) -> Slot | None:
    if step.phase != "open" or proposal_of(view.state, step.id).phase != "objections":
        return None
    answered, people = _answers(view, step)
    return Slot("counts", "20", "screen/answered.html", {"answered": answered, "people": people})


SCREEN = ScreenFace(
    keys=_keys,
    slots={"stage": _stage, "remark": _on_wall},
    affects={
        Touch.COUNT: lambda _: ("stage",),
        "remark": lambda remark: (f"remark-{remark}",),
    },
    things=lambda view, step: len(_listed(view.state, step)),
    crowd=_crowd,
)


# The desk


def _desk_stage(view: View, step: Step, name: str) -> Slot:
    args = _told(view, step) | {
        "wordable": step.phase == "open" and proposal_of(view.state, step.id).phase in WORDABLE
    }
    return Slot("centre", "50", "desk/proposal.html", args)


def _offers(view: View, step: Step, name: str) -> Slot | None:
    """The things whose words can be proposed."""
    state, thing = view.state, step.settings.takes
    if not thing or step.phase != "open" or proposal_of(state, step.id).phase != "presentation":
        return None
    of = things.given(state, thing, inputs.inputs(state, step))
    said = [(one, text) for one in of if (text := things.words(state, thing, one))]
    return Slot("to-propose", "", "desk/proposal-offers.html", {"step": step, "offers": said})


def _deciding(view: View, step: Step, name: str) -> Slot | None:
    """Where it can go from here."""
    state, proposal = view.state, proposal_of(view.state, step.id)
    if step.phase != "open":
        return None
    answered, _ = _answers(view, step)
    round_ = proposal.latest
    away = frozenset(
        p.id
        for p in attendance.away(state, view.absent)
        if round_ is None or answer_of(state, round_, p.id) is None
    )
    present = sum(here for _, here in there(state, step, away))
    args = {
        "step": step,
        "proposal": proposal,
        "phases": PHASES,
        "next": _next(proposal),
        "answered": answered,
        "present": present,
        "away": sorted(away)[:MOST_AWAY],
        "until": ends(state, round_) if round_ else 0,
        "left": remaining(state, step.id),
        "asked": round_ is not None and bool(round_.closed_at) and round_.version == proposal.version,
    }
    return Slot("where-to", "", "desk/proposal-deciding.html", args)


def _next(proposal: Proposal) -> str:
    """The phase that comes next where people talk; "" where they are asked for objections."""
    at = TALK.index(proposal.phase) if proposal.phase in TALK else len(TALK)
    return TALK[at + 1] if at + 1 < len(TALK) else ""


def _on_desk(view: View, step: Step, name: str) -> Slot | None:
    found = _shown(view, step, name)
    if found is None:
        return None
    author = view.state.people.by_id.get(found.person)
    args = {
        "remark": found,
        "open": step.phase == "open" and not proposal_of(view.state, step.id).decided,
        "helped": author is not None and author.assisted,
    }
    return Slot("remarks", order(found.number), "desk/remark.html", args)


def _assist(view: View, step: Step, name: str) -> Slot | None:
    """What people without a phone say."""
    phase = proposal_of(view.state, step.id).phase
    what = next((what for what, of in TAKES.items() if of == phase), None)
    if step.phase != "open" or not view.helped or what is None:
        return None
    left = [who for who in view.helped if _unanswered(view, step, who)]
    args = {"step": step, "what": what, "helped": view.helped, "left": left}
    return Slot("centre", "40", "desk/assist-proposal.html", args)


def _desk_keys(view: View, step: Step) -> Iterator[str]:
    yield from ("stage", "offers", "deciding")
    yield from _keys(view, step)


def _unanswered(view: View, step: Step, person: Person) -> bool:
    """Whether somebody without a phone was asked for an answer, and none is entered."""
    proposal = proposal_of(view.state, step.id)
    round_ = proposal.latest
    asked = proposal.phase == "objections" and round_ is not None
    return asked and round_ is not None and answer_of(view.state, round_, person.id) is None


def _counts(view: View, step: Step) -> dict[str, Any]:
    answered, people = _answers(view, step)
    proposal = proposal_of(view.state, step.id)
    return {
        "asked": proposal.phase == "objections",
        "answered": answered,
        "people": people,
        "left": remaining(view.state, step.id),
        "said": len(_listed(view.state, step)),
    }


def _awaits(state: State, step: Step) -> str:
    return "" if proposal_of(state, step.id).decided else N_("The proposal is not decided yet.")


_OFFERED: Affects = {
    word: lambda _: ("offers",)
    for word in (Touch.THEMES, Touch.PLAN, *(t for t in touched() if t != "remark"))
}
DESK = DeskFace(
    keys=_desk_keys,
    slots={
        "stage": _desk_stage,
        "offers": _offers,
        "deciding": _deciding,
        "remark": _on_desk,
        "assist": _assist,
    },
    affects={
        **_OFFERED,
        Touch.COUNT: lambda _: ("offers", "deciding"),
        Touch.VOTED: lambda _: ("assist", "deciding"),
        Touch.TIMER: lambda _: ("deciding",),
        Touch.HERE: lambda _: ("deciding",),
        Touch.NEAR: lambda _: ("deciding",),
        Touch.PEOPLE: lambda _: ("assist", "deciding"),
        "remark": lambda remark: ("deciding", f"remark-{remark}"),
    },
    counts=_counts,
    counted_in="desk/counts-proposal.html",
    awaits=_awaits,
    works=True,
    enters=True,
    waits_for=lambda view, step, person: False,  # nobody is done with it; who is left stands where one enters
    says_done=False,
)
