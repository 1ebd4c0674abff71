"""What facts touch. Which fragments of a page are drawn anew follows from it."""

from forum.domain.kernel import ActionId, AxisId, CommitmentId, IdeaId, PersonId, SheetId, ThemeId


class Touch:
    """The vocabulary of ``State.touched``: what a fact changed, as keys that pages understand."""

    SCENE = "scene"  # the arrangement of every page: which step, which phase, revealed or not
    STEP = "step"  # the current step's words
    AGENDA = "agenda"
    SESSIONS = "sessions"  # which there are, when and where
    HERE = "here"  # who is noted as being there
    TIMER = "timer"
    PEOPLE = "people"
    CONSENT = "consent"  # to what one person agreed
    NEAR = "near"  # who is heard from: of no fact
    LINKS = "links"  # which links there are, who made them and who came by them
    DONE = "done"  # how many have said they are done
    VOTED = "voted"  # how many have voted
    REASONS = "reasons"  # which reasons of those who are against are shown
    HANDS = "hands"  # what was noted of a show of hands
    PAPERS = "papers"  # which paper ballots there are, and which are entered
    ASKED = "asked"  # what a ballot puts to one person next
    COUNT = "count"  # how many ideas the current board holds
    LATE = "late"  # whether there are any, in a step that works on them
    THEMES = "themes"  # which themes there are, their order and titles
    SHEETS = "sheets"  # which sheets there are
    PLAN = "plan"  # which axes there are, their order, and totals
    BEGUN = "begun"  # whether the plan holds anything
    DEEDS = "deeds"  # what can be undone
    HEARD = "heard"  # what is said aloud, on every surface
    HEARD_AT_DESK = "heard-desk"  # and at the desk alone
    LOSS = "loss"  # what the store lost, and what came back
    SPACE = "space"  # how much of it is filled
    COPIES = "copies"  # tabs that were copied
    KEPT = "kept"  # until when the forum is kept

    @staticmethod
    def idea(idea: IdeaId) -> str:
        return f"idea:{idea}"

    @staticmethod
    def theme(theme: ThemeId) -> str:
        return f"theme:{theme}"

    @staticmethod
    def axis(axis: AxisId) -> str:
        return f"axis:{axis}"

    @staticmethod
    def action(action: ActionId) -> str:
        return f"action:{action}"

    @staticmethod
    def commitment(commitment: CommitmentId) -> str:
        return f"commitment:{commitment}"

    @staticmethod
    def mark(key: str) -> str:
        return f"mark:{key}"

    @staticmethod
    def reason(key: str) -> str:
        """Why its giver gave a mark there; for them alone."""
        return f"reason:{key}"

    @staticmethod
    def sheet(sheet: SheetId) -> str:
        return f"sheet:{sheet}"

    @staticmethod
    def you(person: PersonId) -> str:
        return f"you:{person}"

    @staticmethod
    def group(person: PersonId) -> str:
        """In which group they are; their page is then another, as after a change of scene."""
        return f"group:{person}"
