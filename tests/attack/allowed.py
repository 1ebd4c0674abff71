"""What each role may, as tables: a body for every command, and whom every address is for.

The commands come from ``room.COMMANDS``, who may ask for them from ``roles.MAY``, the addresses from ``web.routes``.
``test_roles`` holds these tables to them: a new command, role or address without a line here fails.
"""

from collections.abc import Mapping
from typing import Any, Final

from forum.domain.roles import ENTERS_FOR_OTHERS, KEEPS_PLAN, LEADS, MAY, Role
from forum.web.identity import SURFACES, base_path

PLANTED: Final = (
    "Zanzibar"  # in every text: it must not be in the log, nor in a page that is not for its reader
)
FORM_DOOR: Final = frozenset({Role.PARTICIPANT, Role.SCREEN, Role.STAFF})  # one of each kind of page

BODIES: Final[Mapping[str, dict[str, Any]]] = {
    "NameMyself": {}, "SayDone": {}, "TakeDoneBack": {}, "AddPerson": {"person": "person01"},
    "ApprovePerson": {"person": "person01"}, "RemovePerson": {"person": "person01"},
    "ReadmitPeople": {"removal": 1}, "SetEntry": {"mode": "open"},
    "RevokeKey": {"key": "0123456789abcdef"}, "ReturnVoice": {"person": "person01"}, "OpenStep": {"step": "ideas"}, "FreezeStep": {"step": "ideas"},
    "ReopenStep": {"step": "ideas"}, "RevealStep": {"step": "ideas"}, "CloseStep": {"step": "ideas"},
    "SkipStep": {"step": "pledges"},
    "InsertStep": {"step": "step0001", "settings": {"kind": "show"}, "title": {"fr": PLANTED, "en": PLANTED}},
    "RemoveStep": {"step": "pledges"}, "MoveStep": {"step": "pledges"}, "EditStep": {"step": "ideas", "minutes": 7},
    "EditForum": {"title": PLANTED}, "SetTimer": {"seconds": 300}, "ExtendTimer": {"seconds": 60}, "ShortenTimer": {"seconds": 60}, "StopTimer": {},
    "TurnPage": {"page": 1}, "PostIdea": {"id": "idea0009", "text": PLANTED, "step": "ideas"},
    "EditIdea": {"idea": "idea0001", "text": PLANTED}, "WithdrawIdea": {"idea": "idea0001"},
    "HideIdea": {"idea": "idea0001", "reason": PLANTED}, "RestoreIdea": {"idea": "idea0001"},
    "GroupIdeas": {"ideas": ["idea0001"], "theme": "theme009", "title": PLANTED},
    "MoveIdeas": {"ideas": ["idea0001"], "theme": "theme001"}, "MakeTheme": {"theme": "theme008", "title": PLANTED},
    "RenameTheme": {"theme": "theme001", "title": PLANTED}, "MergeThemes": {"theme": "theme001", "into": "theme002"},
    "SplitTheme": {"theme": "theme001", "ideas": ["idea0001"], "new": "theme007", "title": PLANTED},
    "RemoveTheme": {"theme": "theme001"}, "MakeThemesFromCards": {"step": "sort"}, "GiveMark": {"step": "theme-vote", "key": "theme001", "mark": 1},
    "GiveReason": {"step": "theme-vote", "key": "theme001", "text": PLANTED}, "HideReason": {"id": "why00001", "reason": PLANTED},
    "RestoreReason": {"id": "why00001"}, "AllocatePoints": {"step": "theme-vote", "option": "theme001", "points": 1},
    "KeepChoices": {"step": "theme-vote", "number": 1},
    "InsertRounds": {
        "step": "step0002", "over": "themes", "first": "dots", "second": "approval",
        "title": {"fr": PLANTED, "en": PLANTED}, "further": {"fr": PLANTED, "en": PLANTED},
    },
    "NoteHands": {"step": "theme-vote", "option": "theme001", "hands": 3},
    "MakeAxis": {"axis": "axis0009", "title": PLANTED}, "MakeAxesFromThemes": {},
    "EditAxis": {"axis": "axis0001", "title": PLANTED}, "MoveAxis": {"axis": "axis0001"}, "RemoveAxis": {"axis": "axis0001"},
    "MakeAction": {"action": "action09", "axis": "axis0001", "title": PLANTED},
    "EditAction": {"action": "action01", "title": PLANTED}, "RemoveAction": {"action": "action01"},
    "ChoosePilot": {"action": "action01", "person": "person01"}, "Volunteer": {"action": "action01", "as_": "partner"},
    "StepBack": {"action": "action01"}, "TakeNameOut": {"sheet": "sheet001"}, "Pledge": {"id": "pledge09", "text": PLANTED, "due": "2999-01-01"},
    "ChooseReaders": {"id": "pledge01", "readers": "room"}, "WithdrawPledge": {"id": "pledge01"}, "Undo": {"deed": 1}, "Skip": {"from": 1}, "ConfirmLoss": {"gen": 1},
    "MakeSheet": {"sheet": "sheet009", "schema": "recipe", "step": "recipes1", "fields": {"dish": PLANTED}},
    "EditSheet": {"sheet": "sheet001", "schema": "recipe", "fields": {"dish": PLANTED}}, "RemoveSheet": {"sheet": "sheet001"},
    "DoAgain": {"led": 1}, "LeaveLed": {"led": 1},
    "PlanSession": {"session": "session01", "title": {"fr": PLANTED, "en": PLANTED}, "place": PLANTED},
    "EditSession": {"session": "first", "title": {"fr": PLANTED, "en": PLANTED}}, "BeginSession": {"session": "session01"},
    "EndSession": {"session": "first"}, "ReopenSession": {"session": "first"}, "RemoveSession": {"session": "session01"},
    "ExpectPeople": {"session": "first", "expected": 40},
    "NotePresence": {}, "TakePresenceBack": {},
    "SetCategory": {"person": "person01"}, "GiveConsent": {"purpose": "photo", "text_version": "photo-1"},
    "WithdrawConsent": {"purpose": "photo"},
    "CaptionPhotograph": {"photograph": "photo001", "caption": PLANTED}, "RemovePhotograph": {"photograph": "photo001"},
    "RestorePhotograph": {"photograph": "photo002"}, "ErasePhotograph": {"photograph": "photo001"},
    "WordProposal": {"step": "consent1", "text": PLANTED + " again"}, "LeadProposal": {"step": "consent1", "phase": "reactions"},
    "AskObjections": {"step": "consent1"}, "EndObjections": {"step": "consent1"},
    "Remarking": {"id": "remark09", "step": "consent1", "what": "question", "text": PLANTED}, "HaveNoObjection": {"step": "consent1"},
    "TakeRemarkBack": {"remark": "remark01"}, "MeetObjection": {"remark": "remark01", "how": "answered", "text": PLANTED},
    "JudgeObjection": {"remark": "remark01", "met": True}, "DecideProposal": {"step": "consent1", "outcome": "deferred", "reason": PLANTED},
    "HideRemark": {"remark": "remark01", "reason": PLANTED}, "RestoreRemark": {"remark": "remark01"},
    "ErasePerson": {}, "SetKeepUntil": {"until": "2999-01-01"}, "SetTerms": {"ballots": 30},
}  # fmt: skip
"""One body a command, such that nothing is wrong with it but, perhaps, who asks."""

EVERYBODY: Final = frozenset(Role)
NOBODY: Final[frozenset[Role]] = frozenset()
DOCUMENTS: Final = (("GET", "/making/{key}"), ("POST", "/making/{key}"), ("GET", "/made/{key}"))
ROUTES: Final[Mapping[tuple[str, str], frozenset[Role] | None]] = {
    # None: a public page, which shows nothing of any forum but its title
    ("GET", "/"): None, ("POST", "/"): None, ("GET", "/help"): None, ("POST", "/lang"): None, ("GET", "/open"): None, ("POST", "/open"): None, ("POST", "/forums"): None, ("POST", "/demo"): None,
    ("GET", "/healthz"): None, ("GET", "/readyz"): None, ("GET", "/metrics"): None, ("GET", "/robots.txt"): None,
    ("GET", "/static/{version}/{path:path}"): None, ("GET", "/f/{code}/ticket"): None,
    ("POST", "/f/{code}/ticket/enter"): None,
    ("GET", "/f/{code}/mine"): None, ("POST", "/f/{code}/mine/enter"): None, ("POST", "/f/{code}/join"): None,
    ("GET", "/f/{code}/carried"): None, ("GET", "/f/{code}/carried/here"): None, ("POST", "/f/{code}/carried/enter"): None,
    ("GET", "/check"): None, ("POST", "/check"): None,  # what a check tells is proven by the receipt, not by a cookie
    ("GET", "/f/{code}/receipt/check"): None, ("POST", "/f/{code}/receipt/check"): None,
    **{("POST", f"{base_path('{code}', surface)}/enter"): None for surface in SURFACES},
    # leaving: also for whoever is in no more; it ends nothing but the cookie that comes along
    **{(method, f"{base_path('{code}', surface)}/leave"): None for method in ("GET", "POST") for surface in SURFACES},
    # for whoever has the surface's cookie; who may ask for a command is the table above
    **{("GET", base_path("{code}", surface)): EVERYBODY for surface in SURFACES},
    **{("POST", f"{base_path('{code}', surface)}/commands/{{name}}"): EVERYBODY for surface in SURFACES},
    ("GET", "/f/{code}/cards"): EVERYBODY,
    ("POST", "/f/{code}/only-here"): EVERYBODY,
    ("GET", "/f/{code}/plan"): EVERYBODY, ("GET", "/f/{code}/plan/calendar.ics"): EVERYBODY,
    ("GET", "/f/{code}/receipt"): EVERYBODY, ("GET", "/f/{code}/receipt/file"): EVERYBODY,
    **{("GET", f"{base_path('{code}', surface)}/changes"): EVERYBODY for surface in SURFACES if surface != "staff"},
    **{("GET", f"{base_path('{code}', surface)}/gone"): EVERYBODY for surface in SURFACES if surface != "staff"},
    **{("SOCKET", f"{base_path('{code}', surface)}/live"): EVERYBODY for surface in SURFACES if surface != "staff"},
    **{("POST", f"{base_path('{code}', surface)}/name"): MAY["NameMyself"] for surface in SURFACES},
    **{("GET", f"{base_path('{code}', surface)}/data"): EVERYBODY for surface in SURFACES if surface != "screen"},
    ("POST", "/f/{code}/address"): MAY["GiveConsent"], ("POST", "/f/{code}/desk/address"): LEADS,
    ("GET", "/f/{code}/desk/addresses"): LEADS, ("GET", "/f/{code}/staff/addresses"): frozenset({Role.STAFF}),
    ("POST", "/f/{code}/people"): ENTERS_FOR_OTHERS, ("POST", "/f/{code}/desk/people"): ENTERS_FOR_OTHERS,
    ("POST", "/f/{code}/desk/pilot"): KEEPS_PLAN, ("POST", "/f/{code}/staff/pilot"): KEEPS_PLAN,
    **{(method, f"/f/{{code}}/desk{path}"): LEADS for method in ("GET", "POST") for path in ("/plan", "/action/{action}")},
    **{(method, f"/f/{{code}}/staff{path}"): frozenset({Role.STAFF}) for method in ("GET", "POST") for path in ("/plan", "/action/{action}")},
    # for the writers of an action alone (P7): nobody's here, whose action the desk wrote
    ("GET", "/f/{code}/action/{action}"): NOBODY, ("POST", "/f/{code}/action/{action}"): NOBODY,
    ("GET", "/f/{code}/desk/wall"): LEADS, ("GET", "/f/{code}/desk/wall/changes"): LEADS,
    ("SOCKET", "/f/{code}/desk/wall/live"): LEADS,
    ("POST", "/f/{code}/desk/keys"): LEADS, ("GET", "/f/{code}/desk/health"): LEADS,
    ("GET", "/f/{code}/desk/phone"): LEADS, ("POST", "/f/{code}/desk/phone"): LEADS,
    ("GET", "/f/{code}/desk/documents"): LEADS, ("GET", "/f/{code}/desk/voting"): LEADS,
    ("GET", "/f/{code}/desk/papers"): LEADS, ("POST", "/f/{code}/desk/papers"): LEADS,
    ("GET", "/f/{code}/desk/papers/{printing}.pdf"): LEADS,
    ("GET", "/f/{code}/desk/import"): LEADS, ("POST", "/f/{code}/desk/import"): LEADS,
    **{(method, f"/f/{{code}}/{surface}/photographs{path}"): roles for surface, roles in (("desk", LEADS), ("staff", frozenset({Role.STAFF})))
       for method, path in (("GET", ""), ("POST", ""), ("GET", "/{photograph}"))},
    ("GET", "/f/{code}/desk/arrivals"): LEADS, ("POST", "/f/{code}/desk/arrivals"): LEADS,
    ("GET", "/f/{code}/desk/export/{kind}"): LEADS, ("GET", "/f/{code}/staff/export/{kind}"): frozenset({Role.STAFF}),
    **{(method, f"/f/{{code}}/desk{path}"): LEADS for method, path in DOCUMENTS},
    **{(method, f"/f/{{code}}/staff{path}"): frozenset({Role.STAFF}) for method, path in DOCUMENTS},
    **{("POST", f"{base_path('{code}', surface)}/data/{{deed}}"): MAY["ErasePerson"] for surface in SURFACES if surface != "screen"},
}  # fmt: skip
"""Every address by its method: the roles it is for, always only with the cookie of its own surface."""


TAKES_FILES: Final = frozenset(
    {
        "/check",
        "/f/{code}/receipt/check",
        "/f/{code}/desk/import",
        "/f/{code}/desk/photographs",
        "/f/{code}/staff/photographs",
    }
)
"""Where a receipt, a table or a photograph is handed in as a file."""

JUDGED_BY_RULES: Final = (
    "/arrivals",
    "/phone",
    "/address",
    "/plan",
    "/action/{action}",
    "/import",
    "/photographs",
    "/papers",
)
"""Addresses at which a rule refuses whoever may ask, where a form is sent with nothing in it."""
