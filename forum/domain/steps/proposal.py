"""Proposals: a decision by consent. What is proposed, questions, reactions, amendments, objections, and what became of each.

The kind is called by what lies before the room, as a board or a sheet is. "Consent" names in this code what somebody agrees
to about their data (``domain/consents``). What people answer is sent to nobody before the question is over (A4).
"""

from forum.domain import inputs, saw, things
from forum.domain.kernel import (
    N_,
    Asked,
    Facts,
    Holds,
    Millis,
    Part,
    Rejection,
    Saw,
    StepId,
)
from forum.domain.settings import ProposalSettings
from forum.domain.state import State, Step, takes
from forum.domain.steps.kind import Kind
from forum.domain.steps.proposal_folds import ALOUD, FOLDS, GESTURES
from forum.domain.steps.proposal_said import (
    LEAST_MS,
    MOST_EACH,
    MOST_LISTED,
    REFUSALS,
    RULES,
    AskObjections,
    DecideProposal,
    EndObjections,
    HaveNoObjection,
    HideRemark,
    JudgeObjection,
    LeadProposal,
    MeetObjection,
    NoObjectionSaid,
    ObjectionJudged,
    ObjectionMet,
    ObjectionsAsked,
    ObjectionsEnded,
    ProposalDecided,
    ProposalLed,
    ProposalWorded,
    Remarked,
    RemarkHidden,
    Remarking,
    RemarkRestored,
    RemarkTakenBack,
    RestoreRemark,
    TakeRemarkBack,
    WordProposal,
)
from forum.domain.steps.proposals import (
    TAKES,
    TALK,
    WORDABLE,
    Proposal,
    Proposals,
    Remark,
    RemarkId,
    answer_of,
    ends,
    is_own,
    proposal_of,
    remaining,
    remarks_in,
    shelf,
    there,
)


def _open(state: State, step: StepId | None, asked: Asked) -> tuple[Step, Proposal] | Rejection:
    found = state.step(step)
    if found is None or not isinstance(found.settings, ProposalSettings):
        return Rejection("F1", "no_step")
    if not takes(state, found, asked):
        return Rejection("A1", "consent_closed")
    return found, proposal_of(state, found.id)


def _undecided(state: State, step: StepId | None, asked: Asked) -> tuple[Step, Proposal] | Rejection:
    found = _open(state, step, asked)
    if not isinstance(found, Rejection) and found[1].decided:
        return Rejection("A7", "proposal_decided")
    return found


def _there(state: State, name: RemarkId) -> Remark | Rejection:
    found = shelf(state).remarks.get(name)
    return Rejection("A8", "no_such_remark") if found is None or found.gone else found


# --- the desk leads


def word_proposal(state: State, command: WordProposal, asked: Asked) -> Facts | Rejection:
    found = _undecided(state, command.step, asked)
    if isinstance(found, Rejection):
        return found
    step, proposal = found
    if proposal.phase not in WORDABLE:
        return Rejection("A2", "words_fixed")
    text = command.text
    if command.thing:
        of = (
            things.given(state, step.settings.takes, inputs.inputs(state, step))
            if step.settings.takes
            else ()
        )
        text = things.words(state, step.settings.takes, command.thing) if command.thing in of else ""
    if not text:
        return Rejection("A1", "no_proposal")
    if text == proposal.text:
        return Rejection("A2", "already_so")
    return (ProposalWorded(step.id, proposal.version + 1, text, command.thing),)


def lead_proposal(state: State, command: LeadProposal, asked: Asked) -> Facts | Rejection:
    found = _undecided(state, command.step, asked)
    if isinstance(found, Rejection):
        return found
    step, proposal = found
    if proposal.phase == command.phase:
        return Rejection("A1", "already_so")
    if proposal.phase == "objections":
        return Rejection("A5", "answers_open")
    if command.phase != "presentation" and not proposal.text:
        return Rejection("A1", "no_proposal")
    return (ProposalLed(step.id, command.phase, proposal.phase),)


def ask_objections(state: State, command: AskObjections, asked: Asked) -> Facts | Rejection:
    found = _undecided(state, command.step, asked)
    if isinstance(found, Rejection):
        return found
    step, proposal = found
    if proposal.phase == "objections":
        return Rejection("A5", "already_so")
    if not proposal.text:
        return Rejection("A1", "no_proposal")
    if proposal.phase == "presentation":
        return Rejection("A1", "no_way_there")
    assert isinstance(step.settings, ProposalSettings), f"expected a proposal, got {step.kind}"
    seconds = step.settings.seconds
    ends_at = Millis(asked.at + 1000 * seconds)
    return (ObjectionsAsked(step.id, len(proposal.rounds) + 1, proposal.version, ends_at, seconds),)


def end_objections(state: State, command: EndObjections, asked: Asked) -> Facts | Rejection:
    found = _undecided(state, command.step, asked)
    if isinstance(found, Rejection):
        return found
    step, proposal = found
    round_ = proposal.latest
    if proposal.phase != "objections" or round_ is None:
        return Rejection("A5", "already_so")
    here, gone, silent, raised = 0, [], 0, 0
    for person, present in there(state, step, frozenset(command.away)):
        here += present
        answer = answer_of(state, round_, person.id)
        silent += present and answer is None
        raised += bool(answer)
        gone += [] if present else [person.number]
    until = max(ends(state, round_), round_.asked_at + LEAST_MS)
    if silent and asked.at < until:
        return Rejection("A5", "round_goes_on", {"time": until})
    said = here - silent - raised
    absent = tuple(sorted(gone)[:MOST_LISTED])
    return (ObjectionsEnded(step.id, round_.number, here, said, raised, silent, len(gone), absent),)


def meet_objection(state: State, command: MeetObjection, asked: Asked) -> Facts | Rejection:
    remark = _there(state, command.remark)
    if isinstance(remark, Rejection):
        return remark
    found = _undecided(state, remark.step, asked)
    if isinstance(found, Rejection):
        return found
    _, proposal = found
    if remark.what != "objection" or not remark.shown:
        return Rejection("A8", "no_such_remark")
    if proposal.phase == "objections":
        return Rejection("A5", "answers_open")
    if (remark.met, remark.how) == (command.how, command.text):
        return Rejection("A6", "already_so")
    return (ObjectionMet(remark.id, command.how, command.text, proposal.version, remark.met),)


def decide_proposal(state: State, command: DecideProposal, asked: Asked) -> Facts | Rejection:
    found = _open(state, command.step, asked)
    if isinstance(found, Rejection):
        return found
    step, proposal = found
    if proposal.decided:
        return Rejection("A7", "already_so" if proposal.phase == command.outcome else "proposal_decided")
    if proposal.phase == "objections":
        return Rejection("A5", "answers_open")
    if not proposal.text:
        return Rejection("A1", "no_proposal")
    if command.outcome == "adopted":
        round_ = proposal.latest
        if round_ is None or round_.version != proposal.version:
            return Rejection("A7", "words_not_asked")
        if left := remaining(state, step.id):
            return Rejection("A7", "objections_remain", {"count": left})
    return (ProposalDecided(step.id, command.outcome, proposal.version, command.reason),)


def hide_remark(state: State, command: HideRemark, asked: Asked) -> Facts | Rejection:
    remark = _there(state, command.remark)
    if isinstance(remark, Rejection):
        return remark
    if not remark.shown:
        return Rejection("A8", "no_such_remark")
    if remark.hidden:
        return Rejection("A8", "already_so")
    return (RemarkHidden(remark.id, command.reason),) if command.reason else Rejection("A8", "why_hidden")


def restore_remark(state: State, command: RestoreRemark, asked: Asked) -> Facts | Rejection:
    remark = _there(state, command.remark)
    if isinstance(remark, Rejection):
        return remark
    return (RemarkRestored(remark.id, remark.reason),) if remark.hidden else Rejection("A8", "already_so")


# --- people answer


def remark(state: State, command: Remarking, asked: Asked) -> Facts | Rejection:
    found = _open(state, command.step, asked)
    if isinstance(found, Rejection):
        return found
    step, proposal = found
    known = shelf(state).remarks.get(command.id)
    if known is not None:
        there = known.person == asked.who and (asked.was or known.text == command.text)
        return () if there else Rejection("A8", "id_taken")
    if TAKES[command.what] != proposal.phase:
        return Rejection("A1", "not_this_phase")
    if not command.text:
        return (
            Rejection("A3", "argument_needed")
            if command.what == "objection"
            else Rejection("A1", "remark_needed")
        )
    mine = [one for one in remarks_in(state, step) if is_own(state, one, asked.who) and not one.gone]
    if len(mine) >= MOST_EACH:
        return Rejection("A8", "too_many_remarks", {"limit": MOST_EACH})
    said = Remarked(command.id, step.id, command.what, asked.who, command.text, proposal.version)
    if command.what != "objection" or proposal.latest is None:
        return (said,)
    return (
        Remarked(said.id, said.step, said.what, said.person, said.text, said.version, proposal.latest.number),
    )


def have_no_objection(state: State, command: HaveNoObjection, asked: Asked) -> Facts | Rejection:
    found = _open(state, command.step, asked)
    if isinstance(found, Rejection):
        return found
    step, proposal = found
    if proposal.phase != "objections" or proposal.latest is None:
        return Rejection("A1", "not_this_phase")
    if answer_of(state, proposal.latest, asked.who) == "":
        return Rejection("A5", "already_so")
    return (NoObjectionSaid(step.id, proposal.latest.number, asked.who),)


def take_remark_back(state: State, command: TakeRemarkBack, asked: Asked) -> Facts | Rejection:
    found = _own(state, command.remark, asked)
    if isinstance(found, Rejection):
        return found
    # Fewer answers than before would say that somebody had objected: to object no more is an answer (A4).
    secret = found.what == "objection" and not found.shown
    return (NoObjectionSaid(found.step, found.round, asked.who) if secret else RemarkTakenBack(found.id),)


def judge_objection(state: State, command: JudgeObjection, asked: Asked) -> Facts | Rejection:
    found = _own(state, command.remark, asked)
    if isinstance(found, Rejection):
        return found
    if found.what != "objection" or not found.shown:
        return Rejection("A6", "no_such_remark")
    if command.met and not found.met:
        return Rejection("A6", "no_such_remark")
    if command.met is found.agreed and (command.met or not found.met):
        return Rejection("A6", "already_so")
    return (ObjectionJudged(found.id, command.met),)


def _own(state: State, name: RemarkId, asked: Asked) -> Remark | Rejection:
    remark = _there(state, name)
    if isinstance(remark, Rejection):
        return remark
    if not is_own(state, remark, asked.who):
        return Rejection("A8", "not_your_remark")
    found = _undecided(state, remark.step, asked)
    return found if isinstance(found, Rejection) else remark


# --- what presses are about


def _proposal(state: State, command: WordProposal, asked: Asked) -> int:
    return proposal_of(state, command.step).moved


def _question(state: State, command: HaveNoObjection, asked: Asked) -> int:
    """Which words one is asked about."""
    round_ = proposal_of(state, command.step).latest
    return round_.asked if round_ else 0


def _remark(state: State, command: MeetObjection, asked: Asked) -> int:
    found = shelf(state).remarks.get(command.remark)
    return found.settled if found else 0


THIS = Saw(_proposal, N_("This proposal"))
ONE = Saw(_remark, N_("What was said here"))
LEADS = THIS._replace(strict=True)

PART = Part(
    judges={
        WordProposal: word_proposal,
        LeadProposal: lead_proposal,
        AskObjections: ask_objections,
        EndObjections: end_objections,
        Remarking: remark,
        HaveNoObjection: have_no_objection,
        TakeRemarkBack: take_remark_back,
        MeetObjection: meet_objection,
        JudgeObjection: judge_objection,
        DecideProposal: decide_proposal,
        HideRemark: hide_remark,
        RestoreRemark: restore_remark,
    },
    folds=FOLDS,
    rules=RULES,
    refusals=REFUSALS,
    gestures=GESTURES,
    words={
        ProposalWorded: Holds(lambda f: f.thing or f.step, ("text",), quotes=True),
        Remarked: Holds(lambda f: f.id, ("text",), own=True),
        ObjectionMet: Holds(lambda f: f.remark, ("text",), quotes=True),
        ProposalDecided: Holds(lambda f: f.step, ("reason",)),
        RemarkHidden: Holds(lambda f: f.remark, ("reason",), quotes=True),
        RemarkRestored: Holds(lambda f: f.remark, ("reason",), quotes=True),
    },
    plain=frozenset({Remarking, HaveNoObjection, TakeRemarkBack, MeetObjection, JudgeObjection, HideRemark}),
    sees={
        **dict.fromkeys((WordProposal,), THIS),
        **dict.fromkeys((LeadProposal, AskObjections, EndObjections, DecideProposal), LEADS),
        Remarking: saw.ANEW,
        HaveNoObjection: Saw(_question, N_("What you are asked")),
        TakeRemarkBack: saw.ONES_OWN,
        **dict.fromkeys((MeetObjection, JudgeObjection, HideRemark, RestoreRemark), ONE),
    },
    gives={
        Remarking: N_("Something you said to a proposal"),
        HaveNoObjection: N_("That you have no objection"),
    },
    aloud=ALOUD,
)
KIND = Kind(ProposalSettings, N_("Decision by consent"), PART, shelf=Proposals)
assert set(TALK) | {"objections"} >= set(TAKES.values()), "expected each to be said in a phase that there is"
