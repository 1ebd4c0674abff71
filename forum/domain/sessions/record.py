"""What a forum's state keeps of its sessions. Values only."""

from typing import Final, Literal

import msgspec
from immutables import Map

from forum.domain.kernel import N_, EntryMode, Millis, PersonId, SessionId, StepId, Words

FIRST = SessionId("first")
"""The session that every forum begins with. No client can choose this id: theirs have six signs at least."""

SessionKind = Literal[
    "", "prep", "forum_participatif", "forum_prospectif", "axes_plan", "rd", "skills", "tender", "hackathon",
    "follow_up", "review",
]  # fmt: skip
"""What a session is for; "": nobody has said."""
KINDS: Final[dict[SessionKind, str]] = {
    "": N_("not said"),
    "prep": N_("preparatory meeting"),
    "forum_participatif": N_("participatory forum"),
    "forum_prospectif": N_("foresight forum"),
    "axes_plan": N_("from axes to the plan"),
    "rd": N_("research and development"),
    "skills": N_("skills fair"),
    "tender": N_("answer to a tender"),
    "hackathon": N_("hackathon"),
    "follow_up": N_("follow-up committee"),
    "review": N_("annual review"),
}
"""Each with its words, in the order in which the desk offers them."""

OwnEntry = Literal[EntryMode, ""]
"""Who may come in once a session begins; "": whoever might before."""

Phase = Literal["planned", "live", "over"]


class Plan(msgspec.Struct, frozen=True):
    """What the desk says of a session, whole: an edit is another one."""

    title: Words = Words()
    kind: SessionKind = ""
    date: str = ""  # ISO date; "": not known yet
    place: str = ""
    expected: int = 0  # people; 0: not known
    entry: OwnEntry = ""
    hour: str = ""  # of its day, at which it begins: ISO, in the forum's zone; "": nobody has said


class Session(msgspec.Struct, frozen=True):
    """One session, as planned and as held."""

    id: SessionId
    plan: Plan = Plan()
    agenda: str = ""  # from which its steps were copied; "": from none
    begun_at: Millis = Millis(0)  # 0 = not yet
    ended_at: Millis = Millis(0)  # 0 = not, or not any more
    left: StepId | None = None  # the current step, when it ended
    opened: StepId | None = None  # that step, if it was open and closed with it
    reason: str = ""  # why it ended although retained actions lacked something (D5)

    @property
    def phase(self) -> Phase:
        return "over" if self.ended_at else "live" if self.begun_at else "planned"


class Sessions(msgspec.Struct, frozen=True):
    """Every session of a forum, and who was there."""

    all: tuple[Session, ...] = (
        Session(FIRST),
    )  # those held in the order in which they began, then those planned
    live: SessionId | None = FIRST
    present: Map[SessionId, Map[PersonId, Millis]] = Map()  # who was there, and since when

    def get(self, session: SessionId | None) -> Session | None:
        """The session with this id. Cost: the sessions."""
        return next((s for s in self.all if s.id == session), None)
