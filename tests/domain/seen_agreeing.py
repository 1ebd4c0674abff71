"""The presses of a decision by consent that mean something only for what their page showed."""

from collections.abc import Callable

from forum.domain.kernel import StepId
from forum.domain.people import SayDone
from forum.domain.settings import ProposalSettings, ShowSettings
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
    WordProposal,
)
from forum.domain.steps.proposals import RemarkId
from tests.domain.seen import Asking, Case, after, by_desk
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_room

HERE, OBJ = StepId("consent"), RemarkId("obj1")


def proposed(*asked: Asking) -> Scene:
    """A proposal that may be asked about; then what is asked."""
    room = a_room({"consent": ProposalSettings(), "end": ShowSettings()}).opened("consent")
    return after(room, *by_desk(WordProposal(HERE, "We open"), LeadProposal(HERE, "clarification")), *asked)


def answered(*asked: Asking) -> Scene:
    """Léa objects, Anne does not; the question is over; then what is asked."""
    objects = Remarking(OBJ, HERE, "objection", "Too late")
    given = [*by_desk(AskObjections(HERE)), (objects, LEA), (HaveNoObjection(HERE), ANNE)]
    return proposed(*given, *by_desk(EndObjections(HERE)), *asked)


MET = by_desk(MeetObjection(OBJ, "answered", "No"))
LED = by_desk(LeadProposal(HERE, "amendment"))
ASKED_ANEW = by_desk(AskObjections(HERE))
CASES: dict[str, Callable[[], Case]] = {
    "WordProposal": lambda: Case(proposed(*LED), WordProposal(HERE, "Mine"), FACILITATOR, by_desk(WordProposal(HERE, "Theirs")), [(SayDone(), LEA)]),
    "LeadProposal": lambda: Case(proposed(), LeadProposal(HERE, "reactions"), FACILITATOR, LED, [(SayDone(), LEA)]),
    "AskObjections": lambda: Case(proposed(), AskObjections(HERE), FACILITATOR, LED, [(Remarking(RemarkId("q1"), HERE, "question", "Who?"), LEA)]),
    "EndObjections": lambda: Case(
        proposed(*ASKED_ANEW, (HaveNoObjection(HERE), LEA), (HaveNoObjection(HERE), ANNE)), EndObjections(HERE), FACILITATOR,
        [*by_desk(EndObjections(HERE)), *ASKED_ANEW, (HaveNoObjection(HERE), LEA), (HaveNoObjection(HERE), ANNE)],
        [(Remarking(OBJ, HERE, "objection", "Too late"), LEA)],
    ),
    "DecideProposal": lambda: Case(answered(*MET), DecideProposal(HERE, "deferred"), FACILITATOR, LED, [(SayDone(), LEA)]),
    "HaveNoObjection": lambda: Case(
        proposed(*ASKED_ANEW, (HaveNoObjection(HERE), ANNE)), HaveNoObjection(HERE), LEA,
        [(Remarking(OBJ, HERE, "objection", "Too late"), LEA), *by_desk(EndObjections(HERE)), *LED, *by_desk(WordProposal(HERE, "Otherwise")), *ASKED_ANEW],
        [(Remarking(OBJ, HERE, "objection", "Too late"), LEA)],
    ),
    "MeetObjection": lambda: Case(answered(), MeetObjection(OBJ, "amended"), FACILITATOR, MET, LED),
    "JudgeObjection": lambda: Case(answered(*MET), JudgeObjection(OBJ, True), LEA, by_desk(MeetObjection(OBJ, "reservation")), LED),
    "HideRemark": lambda: Case(answered(), HideRemark(OBJ, "why"), FACILITATOR, MET, LED),
    "RestoreRemark": lambda: Case(answered(*by_desk(HideRemark(OBJ, "why"))), RestoreRemark(OBJ), FACILITATOR, MET, LED),
}  # fmt: skip
