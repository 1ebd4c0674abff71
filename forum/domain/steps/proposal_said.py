"""Proposals: the commands, the facts, the rules, and the sentences of their refusals."""

from typing import Annotated

from forum.domain.kernel import N_, Command, Fact, Millis, PersonId, StepId
from forum.domain.limits import New, Text
from forum.domain.steps.proposals import How, Outcome, Phase, RemarkId, Talk, What

RULES = {
    "A1": N_(
        "A decision by consent has its phases: the proposal, questions to understand it, reactions, amendments, the "
        "question whether anybody objects, and the work on each objection. The desk leads on, and back."
    ),
    "A2": N_(
        "Each wording of a proposal is kept, with its number. No word changes while people are asked about it."
    ),
    "A3": N_(
        "An objection says why: what in the proposal stands in the way of the objective. It is no veto, but work for the group."
    ),
    "A4": N_(
        "As long as people are asked whether they object, nobody sees who answered what, not even the desk. Then all "
        "objections are shown at once, without names."
    ),
    "A5": N_(
        "The desk ends this question when its time is over, or when everybody present has answered. Silence then is "
        "consent, but only of people noted as present. Whoever is absent is counted, by the number of their arrival."
    ),
    "A6": N_(
        "Each objection is met: by amended words, by an answer, or as a reservation if its author agrees. Its author may "
        "say that it remains."
    ),
    "A7": N_(
        "A proposal is adopted when no objection remains, and only in the words that people were asked about last. "
        "Otherwise it is withdrawn or put off."
    ),
    "A8": N_(
        "Only its author takes back what was said to a proposal. The desk may hide it with a reason, and restore it; a "
        "hidden objection must be met all the same."
    ),
}
REFUSALS = {
    "consent_closed": N_("This step is not open now. What you wrote is kept here. Ask the facilitator."),
    "not_this_phase": N_(
        "This was not asked for any more when it came. What you wrote is kept here. Look at what is asked now."
    ),
    "no_way_there": N_("The proposal cannot go there from where it is. Look at the page again."),
    "proposal_decided": N_("This proposal is decided already. To go on with it, undo the decision first."),
    "no_proposal": N_("There are no words yet. Write the proposal first."),
    "words_fixed": N_("The words cannot change in this phase. Go to the amendments first, then change them."),
    "argument_needed": N_(
        "An objection needs its reason. Say what stands in the way of the objective, then send it again."
    ),
    "remark_needed": N_("Write something first, then send it."),
    "too_many_remarks": N_("You have said {limit} things here already. Take one back first."),
    "no_such_remark": N_("This is no longer there. Look at the page again."),
    "not_your_remark": N_("Only its author can do this."),
    "answers_open": N_("People are still being asked whether they object. End that question first."),
    "round_goes_on": N_(
        "Not everybody present has answered, and the time is not over. Wait until {time}, or shorten the timer."
    ),
    "objections_remain": N_(
        "Not every objection is met yet: {count} left. Meet them first, or put the proposal off."
    ),
    "words_not_asked": N_(
        "Nobody was asked about these words yet. Ask for objections once more, then adopt them."
    ),
}

MOST_EACH = 20  # remarks of one person in one step
MOST_LISTED = 100  # absent people by the number of their arrival
LEAST_MS = 20_000  # in which somebody can read the question and answer it

WORDS = Text(600, lines=True)
SAID = Text(400, lines=True)


class WordProposal(Command, frozen=True):
    """Propose these words, or amend what is proposed. ``thing``: take those of a thing that the step works on."""

    step: StepId
    text: Annotated[str, WORDS] = ""
    thing: str = ""


class LeadProposal(Command, frozen=True):
    """Go on to another phase, or back."""

    step: StepId
    phase: Talk


class AskObjections(Command, frozen=True):
    """Ask everybody whether they object; the time runs."""

    step: StepId


class EndObjections(Command, frozen=True):
    """The question is over; all objections are shown."""

    step: StepId
    away: tuple[PersonId, ...] = ()  # not heard from, as the desk’s page says it


class Remarking(Command, frozen=True):
    """Say something to a proposal: a question, a reaction, an objection in place of one’s earlier answer."""

    id: New[RemarkId]
    step: StepId
    what: What
    text: Annotated[str, SAID] = ""


class HaveNoObjection(Command, frozen=True):
    """I have no objection; an objection of mine is taken back."""

    step: StepId


class TakeRemarkBack(Command, frozen=True):
    """Take back what one said; an objection too, also when it is shown."""

    remark: RemarkId


class MeetObjection(Command, frozen=True):
    """Say how an objection was met; "" for not yet."""

    remark: RemarkId
    how: How
    text: Annotated[str, SAID] = ""


class JudgeObjection(Command, frozen=True):
    """Of one’s own objection: that it is met so, or that it remains."""

    remark: RemarkId
    met: bool


class DecideProposal(Command, frozen=True):
    """Adopt the proposal, withdraw it, or put it off."""

    step: StepId
    outcome: Outcome
    reason: Annotated[str, Text(200)] = ""


class HideRemark(Command, frozen=True):
    """Take what somebody said out of sight, saying why."""

    remark: RemarkId
    reason: Annotated[str, Text(200)]


class RestoreRemark(Command, frozen=True):
    """Bring it back."""

    remark: RemarkId


class ProposalWorded(Fact, frozen=True):
    step: StepId
    version: int
    text: str
    thing: str = ""


class WordingTakenBack(Fact, frozen=True):
    """By an undo: the wording before it stands again."""

    step: StepId
    version: int


class ProposalLed(Fact, frozen=True):
    step: StepId
    phase: Phase
    was: Phase


class ObjectionsAsked(Fact, frozen=True):
    step: StepId
    round: int
    version: int
    ends_at: Millis
    seconds: int


class RoundTakenBack(Fact, frozen=True):
    """By an undo, as long as nobody has answered."""

    step: StepId
    round: int
    phase: Phase  # in which it was asked


class ObjectionsEnded(Fact, frozen=True):
    step: StepId
    round: int
    present: int
    consents: int
    objections: int
    silent: int
    absentees: int = 0
    absent: tuple[int, ...] = ()


class Remarked(Fact, frozen=True):
    id: RemarkId
    step: StepId
    what: What
    person: PersonId
    text: str
    version: int
    round: int = 0


class NoObjectionSaid(Fact, frozen=True):
    step: StepId
    round: int
    person: PersonId


class RemarkTakenBack(Fact, frozen=True):
    remark: RemarkId


class ObjectionMet(Fact, frozen=True):
    remark: RemarkId
    how: How
    text: str = ""
    version: int = 0  # of the words that stand then
    was: How = ""


class ObjectionJudged(Fact, frozen=True):
    remark: RemarkId
    met: bool


class ProposalDecided(Fact, frozen=True):
    step: StepId
    outcome: Outcome
    version: int
    reason: str = ""


class ProposalResumed(Fact, frozen=True):
    """By an undo: it is not decided."""

    step: StepId


class RemarkHidden(Fact, frozen=True):
    remark: RemarkId
    reason: str


class RemarkRestored(Fact, frozen=True):
    remark: RemarkId
    reason: str = ""  # the one it had been hidden for, so that undoing a restore can say it again
