"""What may be told of decisions by consent: never what was answered to a question that is not over (A4), nor by whom."""

from collections.abc import Callable, Iterator

from forum.domain.state import State, Step
from forum.domain.steps.proposals import Remark, objections, proposal_of, remarks_in
from forum.exports.told import ObjectionOut, ProposalOut, RoundOut, WordingOut

Iso = Callable[[int], str]


def proposals(state: State, iso: Iso) -> Iterator[ProposalOut]:
    """Each that has words, in the order of the agenda. ``iso``: how an instant is written."""
    for step in state.steps:
        if proposal_of(state, step.id).versions:
            yield _proposal(state, step, iso)


def _proposal(state: State, step: Step, iso: Iso) -> ProposalOut:
    found = proposal_of(state, step.id)
    said = [r for r in remarks_in(state, step) if not (r.gone or r.hidden)]
    over = [one for one in found.rounds if one.closed_at]
    return ProposalOut(
        step=step.id,
        phase=found.phase,
        text=found.text,
        version=found.version,
        reason=found.reason,
        decided_at=iso(found.ended_at),
        wordings=tuple(WordingOut(one.number, one.text, iso(one.at)) for one in found.versions),
        rounds=tuple(
            RoundOut(
                one.number, one.version, iso(one.closed_at), one.present, one.consents, one.objections,
                one.silent, one.absentees, one.absent,
            )
            for one in over
        ),
        objections=tuple(map(_objection, objections(state, step.id))),
        questions=tuple(r.text for r in said if r.what == "question" and r.text),
        reactions=tuple(r.text for r in said if r.what == "reaction" and r.text),
    )  # fmt: skip


def _objection(one: Remark) -> ObjectionOut:
    text = "" if one.hidden else one.text
    amended = one.met_by if one.met_by > one.version else 0
    return ObjectionOut(one.id, one.round, text, one.met, one.how, amended, one.agreed)
