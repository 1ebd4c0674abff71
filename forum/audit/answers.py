"""What the forum can say of one line of a receipt."""

from typing import Final, Literal, NamedTuple

from forum.audit.claims import Claim
from forum.domain.kernel import N_

Says = Literal[
    "counted",  # as this number, unchanged
    "kept",  # a ballot: in the journal and in the count; the rest is its voter's
    "changed",  # by its author, at ``now`` since
    "edited",  # a sheet, by somebody else, at ``now`` since
    "withdrawn",  # by its author
    "removed",  # a sheet, by who keeps the plan
    "hidden",  # by the facilitator
    "struck",  # a ballot: it counted, and its time is over
    "erased",  # its words, at its author's request or when their time was over; it still counts
    "again",  # the store lost this number, as the journal tells; sent again, it counts as ``now``
    "lost",  # the store lost this number, as the journal tells, and it did not come back
    "moved",  # it has the number ``now``, and the journal tells of no loss that explains it
    "gone",  # this number says something else, or nothing, and the contribution stands nowhere
    "unsealed",  # not written by this forum, or altered since
]


SENTENCES: Final[dict[str, str]] = {
    "counted": N_("Counted, unchanged."),
    "kept": N_(
        "In the journal, and in the count. What you voted, and whether you have changed it since, is "
        "shown only on your own phone."
    ),
    "changed": N_("You have changed this since, at {time}: what counts now is no. {now}."),
    "withdrawn": N_("Withdrawn by you, at {time}, as no. {now}."),
    "edited": N_("Saved. Others have changed it since, at {time}: what stands now is no. {now}."),
    "removed": N_("Removed at the desk, at {time}, as no. {now}."),
    "hidden": N_("Hidden by the facilitator, at {time}: {reason}"),
    "struck": N_(
        "Counted, as the reveal recorded it. The ballots of this vote were struck after their time: what anybody voted is kept "
        "nowhere any more."
    ),
    "erased": N_("It counts; its words were erased: its author asked for it, or their time was over."),
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
        "The store lost the end of this history in a fault, as the journal says. What became of yours is "
        "shown above."
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
        if self.claim.is_of_all and self.says == "lost":
            return True
        return self.says not in ("gone", "lost", "moved", "unsealed")

    @property
    def sentence(self) -> str:
        """A key of ``SENTENCES``."""
        if self.claim.is_of_all and self.says != "unsealed":
            return {"counted": "history", "lost": "lost_history"}.get(self.says, "other_history")
        return self.says
