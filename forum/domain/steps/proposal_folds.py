"""Proposals: how each fact changes the state, what is said of it aloud, and what can be undone."""

from forum.domain.aloud import STEP
from forum.domain.kernel import N_, Aloud, Fact, Facts, Fold, Gesture, PersonId, Quiet, Record, StepId
from forum.domain.kin import holder, root_of
from forum.domain.state import State, Timer, change
from forum.domain.steps.proposal_said import (
    NoObjectionSaid,
    ObjectionJudged,
    ObjectionMet,
    ObjectionsAsked,
    ObjectionsEnded,
    ProposalDecided,
    ProposalLed,
    ProposalResumed,
    ProposalWorded,
    Remarked,
    RemarkHidden,
    RemarkRestored,
    RemarkTakenBack,
    RoundTakenBack,
    WordingTakenBack,
)
from forum.domain.steps.proposals import (
    NAME,
    PHASES,
    WORDABLE,
    Proposal,
    Proposals,
    Remark,
    RemarkId,
    Round,
    Version,
    proposal_of,
    remaining,
    shelf,
    touch,
)
from forum.domain.touch import Touch

SCENE = (Touch.SCENE,)


def _put(state: State, proposals: Proposals, *touched: str) -> State:
    scene = state.seq if Touch.SCENE in touched else state.scene
    shelves = state.shelves.set(NAME, proposals)
    return change(state, shelves=shelves, touched=frozenset(touched), scene=scene)


def _moved(state: State, proposal: Proposal, /, **fields: object) -> State:
    """Where the proposal stands, or its words: the whole page follows."""
    found, after = shelf(state), change(proposal, moved=state.seq, **fields)
    return _put(state, change(found, of=found.of.set(proposal.step, after)), *SCENE)


def _worded(state: State, fact: ProposalWorded, record: Record) -> State:
    proposal = proposal_of(state, fact.step)
    version = Version(fact.version, fact.text, record.at, fact.thing)
    return _moved(state, proposal, versions=(*proposal.versions, version))


def _wording_back(state: State, fact: WordingTakenBack, record: Record) -> State:
    proposal = proposal_of(state, fact.step)
    return _moved(state, proposal, versions=tuple(v for v in proposal.versions if v.number != fact.version))


def _led(state: State, fact: ProposalLed, record: Record) -> State:
    return _moved(state, proposal_of(state, fact.step), phase=fact.phase)


def _asked(state: State, fact: ObjectionsAsked, record: Record) -> State:
    proposal = proposal_of(state, fact.step)
    round_ = Round(fact.round, fact.version, record.at, fact.ends_at, state.seq)
    after = _moved(state, proposal, phase="objections", rounds=(*proposal.rounds, round_))
    timer = Timer(fact.ends_at, fact.seconds)
    return change(after, timer=timer, touched=after.touched | {Touch.TIMER})


def _round_back(state: State, fact: RoundTakenBack, record: Record) -> State:
    proposal = proposal_of(state, fact.step)
    rounds = tuple(one for one in proposal.rounds if one.number != fact.round)
    after = _moved(state, proposal, phase=fact.phase, rounds=rounds)
    return change(after, timer=None, touched=after.touched | {Touch.TIMER})


def _ended(state: State, fact: ObjectionsEnded, record: Record) -> State:
    proposal = proposal_of(state, fact.step)
    counts = {
        "present": fact.present,
        "consents": fact.consents,
        "objections": fact.objections,
        "silent": fact.silent,
        "absent": fact.absent,
        "absentees": fact.absentees,
    }
    rounds = tuple(
        change(one, closed_at=record.at, **counts) if one.number == fact.round else one
        for one in proposal.rounds
    )
    remarks, order = shelf(state).remarks, list(proposal.remarks)
    theirs = [
        n for n, name in enumerate(order)
        if remarks[name].what == "objection" and remarks[name].round == fact.round
    ]  # fmt: skip
    # Whoever saw people answer would know by the order whose is which (A4): ids are drawn, so their order tells nothing.
    for n, name in zip(theirs, sorted(order[n] for n in theirs), strict=True):
        order[n] = name
        remarks = remarks.set(name, change(remarks[name], number=n + 1, shown=True, settled=state.seq))
    state = change(state, shelves=state.shelves.set(NAME, change(shelf(state), remarks=remarks)))
    after = _moved(state, proposal, phase="integration", rounds=rounds, remarks=tuple(order))
    return change(after, timer=None, touched=after.touched | {Touch.TIMER})


def _remarked(state: State, fact: Remarked, record: Record) -> State:
    state = _answer_goes(state, fact.step, fact.person, fact.round)
    proposal, found = proposal_of(state, fact.step), shelf(state)
    said = Remark(
        id=fact.id, step=fact.step, what=fact.what, person=fact.person, text=fact.text,
        number=len(proposal.remarks) + 1, version=fact.version, made=state.seq, at=record.at, round=fact.round,
        shown=fact.what != "objection", settled=state.seq, entered_by=record.entered_by,
    )  # fmt: skip
    after = change(proposal, remarks=(*proposal.remarks, fact.id))
    if fact.round:
        after = _answered(state, after, fact.person, fact.round, fact.id)
    of = found.of.set(fact.step, after)
    proposals = change(found, of=of, remarks=found.remarks.set(fact.id, said))
    return _put(state, proposals, *_touches(state, said))


def _no_objection(state: State, fact: NoObjectionSaid, record: Record) -> State:
    state = _answer_goes(state, fact.step, fact.person, fact.round)
    found = shelf(state)
    after = _answered(state, proposal_of(state, fact.step), fact.person, fact.round, "")
    proposals = change(found, of=found.of.set(fact.step, after))
    return _put(state, proposals, Touch.VOTED, Touch.you(fact.person))


def _answer_goes(state: State, step: StepId, person: PersonId, number: int) -> State:
    """The objection in whose place another answer comes. No fact of its own: others are told how many there were (A4)."""
    round_ = next((one for one in proposal_of(state, step).rounds if one.number == number), None)
    before = round_.answers.get(root_of(state, person)) if round_ else None
    if not before:
        return state
    found = shelf(state)
    gone = change(found.remarks[RemarkId(before)], gone=True, settled=state.seq)
    remarks = found.remarks.set(gone.id, gone)
    return change(state, shelves=state.shelves.set(NAME, change(found, remarks=remarks)))


def _answered(state: State, proposal: Proposal, person: str, number: int, answer: str | None) -> Proposal:
    who = root_of(state, person)  # type: ignore[arg-type]

    def put(round_: Round) -> Round:
        if answer is None:
            return change(round_, answers=round_.answers.delete(who)) if who in round_.answers else round_
        return change(round_, answers=round_.answers.set(who, answer))

    rounds = tuple(put(one) if one.number == number else one for one in proposal.rounds)
    return change(proposal, rounds=rounds)


def _touches(state: State, remark: Remark) -> tuple[str, ...]:
    """What a change of it changes. As long as it is secret, no more than another answer would (A4)."""
    you = (Touch.you(remark.person), Touch.you(holder(state, remark.person)))
    return (touch(remark.id), Touch.COUNT, *you) if remark.shown else (Touch.VOTED, *you)


def _become(state: State, name: RemarkId, /, **fields: object) -> State:
    found = shelf(state)
    after = change(found.remarks[name], settled=state.seq, **fields)
    return _put(state, change(found, remarks=found.remarks.set(name, after)), *_touches(state, after))


def _taken_back(state: State, fact: RemarkTakenBack, record: Record) -> State:
    remark = shelf(state).remarks[fact.remark]
    after = _become(state, remark.id, gone=True)
    if not remark.round or remark.shown:
        return after
    found = shelf(after)
    answered = _answered(state, found.of[remark.step], remark.person, remark.round, None)
    of = found.of.set(remark.step, answered)
    return change(after, shelves=after.shelves.set(NAME, change(found, of=of)))


def _met(state: State, fact: ObjectionMet, record: Record) -> State:
    return _become(state, fact.remark, met=fact.how, how=fact.text, met_by=fact.version, agreed=False)


def _judged(state: State, fact: ObjectionJudged, record: Record) -> State:
    if fact.met:
        return _become(state, fact.remark, agreed=True)
    return _become(state, fact.remark, met="", how="", met_by=0, agreed=False)


def _decided(state: State, fact: ProposalDecided, record: Record) -> State:
    proposal = proposal_of(state, fact.step)
    return _moved(
        state, proposal, phase=fact.outcome, before=proposal.phase, reason=fact.reason, ended_at=record.at
    )


def _resumed(state: State, fact: ProposalResumed, record: Record) -> State:
    proposal = proposal_of(state, fact.step)
    return _moved(state, proposal, phase=proposal.before, reason="", ended_at=0)


def _hidden(state: State, fact: RemarkHidden, record: Record) -> State:
    return _become(state, fact.remark, hidden=True, reason=fact.reason)


def _restored(state: State, fact: RemarkRestored, record: Record) -> State:
    return _become(state, fact.remark, hidden=False, reason="")


FOLDS: dict[type[Fact], Fold] = {
    ProposalWorded: _worded,
    WordingTakenBack: _wording_back,
    ProposalLed: _led,
    ObjectionsAsked: _asked,
    RoundTakenBack: _round_back,
    ObjectionsEnded: _ended,
    Remarked: _remarked,
    NoObjectionSaid: _no_objection,
    RemarkTakenBack: _taken_back,
    ObjectionMet: _met,
    ObjectionJudged: _judged,
    ProposalDecided: _decided,
    ProposalResumed: _resumed,
    RemarkHidden: _hidden,
    RemarkRestored: _restored,
}


# --- aloud

PLACE = "proposal"


def _phase(state: State, fact: ProposalLed) -> str:
    return PHASES[fact.phase]


OUTCOME = {
    "adopted": N_("Adopted: nobody objects any more."),
    "withdrawn": N_("The proposal was withdrawn."),
    "deferred": N_("The proposal was put off."),
}


def _end_said(state: State, fact: ObjectionsEnded) -> str:
    if fact.objections:
        return N_("Objections to meet: {number}.")
    return (
        N_("Objections of before are not met yet.") if remaining(state, fact.step) else N_("Nobody objects.")
    )


ALOUD: dict[type[Fact], Aloud | Quiet] = {
    ProposalWorded: Aloud(lambda state, fact: N_("The words of the proposal have changed."), topic=PLACE),
    WordingTakenBack: Aloud(lambda state, fact: N_("The words of the proposal have changed."), topic=PLACE),
    ProposalLed: Aloud(lambda state, fact: N_("Now: {what}."), topic=PLACE, what=_phase),
    ObjectionsAsked: Aloud(
        lambda state, fact: N_("Do you object to this proposal? Answer until {time}."),
        topic=PLACE,
        number=lambda fact: fact.ends_at,
    ),
    RoundTakenBack: Aloud(lambda state, fact: N_("Now: {what}."), topic=PLACE, what=_phase),
    ObjectionsEnded: Aloud(_end_said, topic=PLACE, number=lambda fact: fact.objections),
    ProposalDecided: Aloud(lambda state, fact: OUTCOME[fact.outcome], topic=PLACE),
    ProposalResumed: Aloud(lambda state, fact: N_("The proposal is open again."), topic=PLACE),
    **dict.fromkeys((Remarked, RemarkTakenBack), Quiet("they come by the dozen")),
    NoObjectionSaid: Quiet("what somebody answers is secret"),
    ObjectionJudged: Quiet("its author said it themselves, and it stands beside the objection"),
}
assert STEP != PLACE, "a phase is said after its step, not in place of it"


# --- undoing

Back = tuple[str, Facts] | None


def _word_back(state: State, fact: ProposalWorded) -> Back:
    return fact.text, (WordingTakenBack(fact.step, fact.version),)


def _word_fits(state: State, fact: WordingTakenBack) -> bool:
    """The latest, about which nobody was asked, and on which no objection was met."""
    proposal = proposal_of(state, fact.step)
    used = any(one.version == fact.version for one in proposal.rounds)
    met = any(shelf(state).remarks[one].met_by == fact.version for one in proposal.remarks)
    # Without any words nothing but their presentation makes sense.
    alone = len(proposal.versions) == 1 and proposal.phase != "presentation"
    return proposal.version == fact.version and proposal.phase in WORDABLE and not (used or met or alone)


def _led_back(state: State, fact: ProposalLed) -> Back:
    return proposal_of(state, fact.step).text, (ProposalLed(fact.step, fact.was, fact.phase),)


def _led_fits(state: State, fact: ProposalLed) -> bool:
    proposal = proposal_of(state, fact.step)
    return proposal.phase == fact.was and bool(proposal.text or fact.phase == "presentation")


def _asked_back(state: State, fact: ObjectionsAsked) -> Back:
    proposal = proposal_of(state, fact.step)
    return proposal.text, (RoundTakenBack(fact.step, fact.round, proposal.phase),)


def _asked_fits(state: State, fact: RoundTakenBack) -> bool:
    proposal = proposal_of(state, fact.step)
    round_ = proposal.latest
    return bool(round_ and round_.number == fact.round and not round_.closed_at and not round_.answers)


def _met_back(state: State, fact: ObjectionMet) -> Back:
    before = shelf(state).remarks[fact.remark]
    now, was = before.met, fact.how
    return before.text, (ObjectionMet(fact.remark, now, before.how, before.met_by, was),)


def _met_fits(state: State, fact: ObjectionMet) -> bool:
    remark = shelf(state).remarks[fact.remark]
    proposal = proposal_of(state, remark.step)
    return remark.met == fact.was and not (remark.agreed or remark.gone or proposal.decided)


def _decided_back(state: State, fact: ProposalDecided) -> Back:
    return proposal_of(state, fact.step).text, (ProposalResumed(fact.step),)


def _hidden_back(state: State, fact: RemarkHidden) -> Back:
    return shelf(state).remarks[fact.remark].text, (RemarkRestored(fact.remark, fact.reason),)


def _restored_back(state: State, fact: RemarkRestored) -> Back:
    return shelf(state).remarks[fact.remark].text, (RemarkHidden(fact.remark, fact.reason),)


GESTURES: dict[type[Fact], Gesture] = {
    ProposalWorded: Gesture(N_("worded a proposal"), _word_back),
    WordingTakenBack: Gesture("", fits=_word_fits),
    ProposalLed: Gesture(N_("led a proposal on"), _led_back, _led_fits),
    ObjectionsAsked: Gesture(N_("asked for objections"), _asked_back),
    RoundTakenBack: Gesture("", fits=_asked_fits),
    ObjectionMet: Gesture(N_("said how an objection was met"), _met_back, _met_fits),
    ProposalDecided: Gesture(N_("decided on a proposal"), _decided_back),
    ProposalResumed: Gesture("", fits=lambda state, fact: proposal_of(state, fact.step).decided),
    RemarkHidden: Gesture(
        N_("hid what was said to a proposal"),
        _hidden_back,
        lambda state, fact: not shelf(state).remarks[fact.remark].hidden,
    ),
    RemarkRestored: Gesture(
        N_("restored what was said to a proposal"),
        _restored_back,
        lambda state, fact: shelf(state).remarks[fact.remark].hidden,
    ),
}
