"""Who may ask for what: one table, used by the rules, by the pages and by the tests."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is in one forum."""

    PARTICIPANT = "participant"
    SECRETARY = "secretary"  # writes for a table
    FACILITATOR = "facilitator"
    STAFF = "staff"  # exports and completes the plan
    SCREEN = "screen"  # shows, never asks
    OBSERVER = "observer"  # sees, never writes
    JURY = "jury"


VOICE = frozenset({Role.PARTICIPANT, Role.SECRETARY, Role.JURY})
"""Roles that write, sort, vote and commit in their own name."""

WRITES = VOICE | {Role.FACILITATOR, Role.STAFF}
LEADS = frozenset({Role.FACILITATOR})
KEEPS_PLAN = frozenset({Role.FACILITATOR, Role.STAFF})
ENTERS_FOR_OTHERS = frozenset({Role.FACILITATOR, Role.SECRETARY})

MAY: dict[str, frozenset[Role]] = {
    # people
    "NameMyself": WRITES,
    "SayDone": VOICE,
    "TakeDoneBack": VOICE,
    "AddPerson": ENTERS_FOR_OTHERS,
    "ApprovePerson": LEADS,
    "RemovePerson": LEADS,
    "ReadmitPeople": LEADS,
    "SetEntry": LEADS,
    "SetCategory": KEEPS_PLAN,
    "GiveConsent": WRITES,
    "WithdrawConsent": WRITES,
    "RevokeKey": LEADS,
    "ReturnVoice": LEADS,
    # flow
    "OpenStep": LEADS,
    "FreezeStep": LEADS,
    "ReopenStep": LEADS,
    "RevealStep": LEADS,
    "CloseStep": LEADS,
    "SkipStep": LEADS,
    "InsertStep": LEADS,
    "RemoveStep": LEADS,
    "MoveStep": LEADS,
    "EditStep": LEADS,
    "EditForum": LEADS,
    "PlanSession": LEADS,
    "EditSession": LEADS,
    "ExpectPeople": LEADS,
    "BeginSession": LEADS,
    "EndSession": LEADS,
    "ReopenSession": LEADS,
    "RemoveSession": LEADS,
    "NotePresence": VOICE | ENTERS_FOR_OTHERS,
    "TakePresenceBack": VOICE | ENTERS_FOR_OTHERS,
    "SetTimer": LEADS,
    "ExtendTimer": LEADS,
    "ShortenTimer": LEADS,
    "StopTimer": LEADS,
    "TurnPage": LEADS,
    # board
    "PostIdea": WRITES,
    "EditIdea": WRITES,
    "WithdrawIdea": WRITES,
    "HideIdea": LEADS,
    "RestoreIdea": LEADS,
    # sort
    "GroupIdeas": WRITES,
    "MoveIdeas": WRITES,
    "MakeTheme": WRITES,
    "MakeThemesFromCards": LEADS,
    "RenameTheme": WRITES,
    "MergeThemes": WRITES,
    "SplitTheme": LEADS,
    "RemoveTheme": LEADS,
    # ballot
    "GiveMark": VOICE,
    "AllocatePoints": VOICE,
    "GiveReason": VOICE,
    "HideReason": LEADS,
    "RestoreReason": LEADS,
    "NoteHands": LEADS,
    "KeepChoices": LEADS,
    "InsertRounds": LEADS,
    # plan
    "MakeAxis": KEEPS_PLAN,
    "MakeAxesFromThemes": KEEPS_PLAN,
    "EditAxis": KEEPS_PLAN,
    "MoveAxis": KEEPS_PLAN,
    "RemoveAxis": KEEPS_PLAN,
    "MakeAction": WRITES,
    "EditAction": WRITES,
    "RemoveAction": KEEPS_PLAN,
    "ChoosePilot": KEEPS_PLAN,
    "Volunteer": VOICE,
    "StepBack": VOICE,
    # sheets
    "MakeSheet": WRITES,
    "EditSheet": WRITES,
    "RemoveSheet": WRITES,
    "TakeNameOut": WRITES,
    # pledge
    "Pledge": VOICE,
    "ChooseReaders": VOICE,
    "WithdrawPledge": VOICE,
    # decision by consent
    "WordProposal": LEADS,
    "LeadProposal": LEADS,
    "AskObjections": LEADS,
    "EndObjections": LEADS,
    "MeetObjection": LEADS,
    "DecideProposal": LEADS,
    "HideRemark": LEADS,
    "RestoreRemark": LEADS,
    "Remarking": VOICE,
    "HaveNoObjection": VOICE,
    "TakeRemarkBack": VOICE,
    "JudgeObjection": VOICE,
    # keeping
    "ErasePerson": WRITES,
    "SetKeepUntil": KEEPS_PLAN,
    "SetTerms": KEEPS_PLAN,
    # photographs
    "CaptionPhotograph": KEEPS_PLAN,
    "RemovePhotograph": KEEPS_PLAN,
    "RestorePhotograph": KEEPS_PLAN,
    "ErasePhotograph": KEEPS_PLAN,
    # undo
    "Undo": WRITES,
    # what the store lost
    "Skip": WRITES,
    "ConfirmLoss": LEADS,
    "DoAgain": LEADS,
    "LeaveLed": LEADS,
}
"""Command name → roles that may ask for it. A command without a row may be asked by nobody."""


def may(role: Role, command: str) -> bool:
    """Say whether ``role`` may ask for the command named ``command``."""
    return role in MAY.get(command, frozenset())


def leads(command: str) -> bool:
    """Say whether a command is one of those who lead or keep the plan alone: it is never done again by itself (O10)."""
    return command in MAY and MAY[command] <= KEEPS_PLAN
