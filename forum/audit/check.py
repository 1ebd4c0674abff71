"""What the forum says today about a receipt made earlier, line by line.

A line whose seal does not prove it is answered ``unsealed``, whatever the journal holds. For a sealed line,
the chain at its number is checked first: is this the history of which the receipt was made? Then the
contribution itself. How much is told depends on who asks:

- **A ballot** is compared with what counts now only for its voter, who is recognised by their cookie.
  Everybody else hears ``kept``: this number is in the journal as it was, and this person has one ballot in
  the count. Only the voter learns whether it was changed since, and every point. Otherwise a receipt
  extorted before the close would be of use.
- **Cards, sheets and commitments** are shown to the room, without and with their author's name. Anybody who holds
  the sealed line is told that they were changed, hidden or taken back. Only their author is told the words.
"""

from collections.abc import Iterable, Mapping
from typing import Final, Literal, NamedTuple

from forum.audit.receipt import Claim, Seal, counting
from forum.domain import things
from forum.domain.kernel import N_, CommitmentId, IdeaId, PersonId, RoundId, SheetId
from forum.domain.state import State

Says = Literal[
    "counted",  # as this number, unchanged
    "kept",  # a ballot: in the journal and in the count; the rest is its voter's
    "changed",  # by its author, at ``now`` since
    "edited",  # a sheet, by somebody else, at ``now`` since
    "withdrawn",  # by its author
    "removed",  # a sheet, by who keeps the plan
    "hidden",  # by the facilitator
    "erased",  # its words, at its author's request; it still counts
    "again",  # the store lost this number, as the journal tells; sent again, it counts as ``now``
    "lost",  # the store lost this number, as the journal tells, and it did not come back
    "moved",  # it has the number ``now``, and the journal tells of no loss that explains it
    "gone",  # this number says something else, or nothing, and the contribution stands nowhere
    "unsealed",  # not written by this forum, or altered since
]


SENTENCES: Final[dict[str, str]] = {
    "counted": N_("Counted, unchanged."),
    "kept": N_(
        "In the journal, and in the count. What you voted, and whether you changed it since, is told "
        "only on your own phone."
    ),
    "changed": N_("Changed since by you, at {time}: what counts now is no. {now}."),
    "withdrawn": N_("Withdrawn by you, at {time}, as no. {now}."),
    "edited": N_("Saved. Others have changed it since, at {time}: what stands now is no. {now}."),
    "removed": N_("Removed at the desk, at {time}, as no. {now}."),
    "hidden": N_("Hidden by the facilitator, at {time}: {reason}"),
    "erased": N_("It counts; its words were erased, as its author asked."),
    "again": N_(
        "The store lost this number in a fault; your phone sent it again, and it counts as no. {now}."
    ),
    "lost": N_(
        "The store lost this number in a fault, and it has not come back. Give it again if you still can, and tell the "
        "facilitator."
    ),
    "moved": N_(
        "This number says something else now; yours is there as no. {now}, and the journal tells of no fault that "
        "explains it. Show this to the facilitator."
    ),
    "gone": N_("This number says something else: show this to the facilitator."),
    "unsealed": N_("This line was not written by this server, or it was altered. Nothing is said about it."),
    "history": N_("The whole history up to no. {number} is the one of this receipt."),
    "lost_history": N_(
        "The store lost the end of this history in a fault, as the journal tells. What became of yours stands above."
    ),
    "other_history": N_(
        "The history up to no. {number} is not the one of this receipt: show this to the facilitator."
    ),
}
"""What each answer says; for the journal as a whole ``history``, ``lost_history`` and ``other_history``."""


class Answer(NamedTuple):
    """What the forum says to one line."""

    claim: Claim
    says: Says
    same: bool  # whether the chain at its number is the forum's
    now: int = 0  # the number that says how it stands now, when it is another one
    reason: str = ""  # why it is hidden

    @property
    def held(self) -> bool:
        """Whether nothing is wrong with this line."""
        if self.claim.kind == "journal" and self.says == "lost":
            return True
        return self.says not in ("gone", "lost", "moved", "unsealed")

    @property
    def sentence(self) -> str:
        """A key of ``SENTENCES``."""
        if self.claim.kind == "journal" and self.says != "unsealed":
            return {"counted": "history", "lost": "lost_history"}.get(self.says, "other_history")
        return self.says


def needed(claims: Iterable[Claim], state: State) -> set[int]:
    """The numbers whose entries ``check`` and its reader want to see."""
    found = {c.number for c in claims if c.number <= state.seq}
    return found | {n for c in claims if (n := _standing(state, c))}


def check(
    claims: Iterable[Claim],
    state: State,
    chains: Mapping[int, str],
    seal: Seal | None,
    asker: PersonId | None,
) -> list[Answer]:
    """Answer every line of a receipt.

    chains  the journal's chain at each number that it has of those that the claims name
    seal    of the server; None for whoever holds the whole journal, where a seal would protect nothing
    asker   who asks, when they are recognised; None for anybody who holds the receipt
    """
    return [_answer(claim, state, chains, seal, asker) for claim in claims]


def _answer(
    claim: Claim, state: State, chains: Mapping[int, str], seal: Seal | None, asker: PersonId | None
) -> Answer:
    same = chains.get(claim.number) == claim.chain
    if claim.forum != state.code or not (seal is None or claim.is_sealed(seal)):
        return Answer(claim, "unsealed", same)
    now = 0 if claim.kind == "journal" else _standing(state, claim)
    if not same:
        return Answer(claim, _elsewhere(state, claim, now), same, now)
    if claim.kind == "journal":
        return Answer(claim, "counted", same)
    if claim.kind == "card":
        return _card(claim, state)
    if claim.kind == "commitment":
        return _commitment(claim, state)
    if claim.kind == "sheet":
        return _sheet(claim, state)
    if not now:
        return Answer(claim, "gone", same)
    if asker != claim.person:
        return Answer(claim, "kept", same)
    return Answer(claim, "counted" if now == claim.number else "changed", same, now)


def _elsewhere(state: State, claim: Claim, now: int) -> Says:
    """What to say of a number that is not what it was; a loss that the journal tells of explains those it covers."""
    told = any(loss.after < claim.number <= loss.upto for loss in state.losses)
    if now:
        return "again" if told else "moved"
    return "lost" if told else "gone"


def _card(claim: Claim, state: State) -> Answer:
    idea = state.ideas.get(IdeaId(claim.id))
    if idea is None or idea.author != claim.person:
        return Answer(claim, "gone", True)
    if not idea.text:
        return Answer(claim, "erased", True)
    if idea.state == "withdrawn":
        return Answer(claim, "withdrawn", True, idea.settled)
    if idea.state == "hidden":
        return Answer(claim, "hidden", True, idea.settled, idea.reason)
    return Answer(claim, "counted" if idea.worded == claim.number else "changed", True, idea.worded)


def _commitment(claim: Claim, state: State) -> Answer:
    found = state.commitments.get(CommitmentId(claim.id))
    if found is None or found.person != claim.person:
        return Answer(claim, "gone", True)
    if not found.text:
        return Answer(claim, "erased", True)
    return Answer(claim, "withdrawn" if found.withdrawn else "counted", True, found.rev)


def _sheet(claim: Claim, state: State) -> Answer:
    found = state.sheets.by_id.get(SheetId(claim.id))
    if found is None or found.by != claim.person:
        return Answer(claim, "gone", True)
    if found.removed:
        return Answer(claim, "withdrawn" if found.settled_by == found.by else "removed", True, found.settled)
    if not things.words(state, found.schema, found.id):
        return Answer(claim, "erased", True)
    if found.worded == claim.number:
        return Answer(claim, "counted", True, found.worded)
    return Answer(claim, "changed" if found.worded == found.own else "edited", True, found.worded)


def _standing(state: State, claim: Claim) -> int:
    """The number of the fact that made this contribution what it is now; 0 when there is none of this person's."""
    if claim.kind == "card":
        idea = state.ideas.get(IdeaId(claim.id))
        if idea is None or idea.author != claim.person:
            return 0
        return idea.worded if idea.state == "active" else idea.settled
    if claim.kind == "commitment":
        found = state.commitments.get(CommitmentId(claim.id))
        return found.rev if found and found.person == claim.person else 0
    if claim.kind == "sheet":
        sheet = state.sheets.by_id.get(SheetId(claim.id))
        return (sheet.settled if sheet.removed else sheet.worded) if sheet and sheet.by == claim.person else 0
    round_ = state.rounds.get(RoundId(claim.id))
    ballot = counting(state, round_).ballots.get(claim.person) if round_ else None
    return ballot.number if ballot else 0
