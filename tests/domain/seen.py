"""A press for each command that means something only for what its page showed: what makes it mean another thing, and what not."""

from collections.abc import Callable
from typing import NamedTuple

from forum.domain.arrivals import ReadmitPeople, RemovePeople
from forum.domain.belonging.part import SetCategories, SetCategory, SetOrganisation
from forum.domain.belonging.record import Category
from forum.domain.flow import (
    CloseStep,
    EditForum,
    EditStep,
    ExtendTimer,
    FreezeStep,
    InsertStep,
    MoveStep,
    OpenStep,
    RemoveStep,
    ReopenStep,
    RevealStep,
    SetTimer,
    ShortenTimer,
    SkipStep,
    StopTimer,
    TurnPage,
)
from forum.domain.keeping import ErasePerson, SetKeepUntil
from forum.domain.kernel import Command, PersonId, PhotographId, ReasonId, Words
from forum.domain.people import ApprovePerson, Join, NameMyself, RemovePerson, SayDone, SetEntry, TakeDoneBack
from forum.domain.photographs.part import (
    AddPhotograph,
    CaptionPhotograph,
    ErasePhotograph,
    RemovePhotograph,
    RestorePhotograph,
)
from forum.domain.plan.words import (
    ChoosePilot,
    EditAction,
    EditAxis,
    MakeAction,
    MakeAxis,
    MoveAxis,
    RemoveAction,
    RemoveAxis,
    Volunteer,
)
from forum.domain.sessions.record import FIRST
from forum.domain.sessions.words import (
    BeginSession,
    EditSession,
    EndSession,
    ExpectPeople,
    NotePresence,
    RemoveSession,
    ReopenSession,
    TakePresenceBack,
)
from forum.domain.settings import BoardSettings, SheetSettings, ShowSettings, SortSettings
from forum.domain.sheets.words import EditSheet, MakeSheet, RemoveSheet
from forum.domain.steps.ballot import AllocatePoints, GiveMark
from forum.domain.steps.board import EditIdea, HideIdea, PostIdea, RestoreIdea, WithdrawIdea
from forum.domain.steps.cutting import KeepChoices
from forum.domain.steps.hands import NoteHands
from forum.domain.steps.papers import PrintPapers
from forum.domain.steps.reasons import GiveReason, HideReason, RestoreReason, told
from forum.domain.steps.sort import (
    GroupIdeas,
    MakeTheme,
    MakeThemesFromCards,
    MergeThemes,
    MoveIdeas,
    RemoveTheme,
    RenameTheme,
    SplitTheme,
)
from forum.domain.terms import SetTerms
from forum.domain.undo import Undo
from forum.domain.voices import HandVoice, ReturnVoice
from tests.domain.days import planned, step, two_days
from tests.domain.judged import refused
from tests.scenes import ANNE, ECLAIR, FACILITATOR, LEA, Scene, a_room, a_vote

TITLE = Words("Autrement", "Otherwise")
OBJECTIVE = {"title": "Ours"}
Asking = tuple[Command, str]


class Case(NamedTuple):
    """A press that goes through; what, if it comes before, makes it mean something else; and what is beside it."""

    room: Scene
    press: Callable[[Scene], Command] | Command
    by: str
    meanwhile: list[Asking]
    besides: list[Asking] = []

    def command(self) -> Command:
        return self.press if isinstance(self.press, Command) else self.press(self.room)

    def happens(self, asked: list[Asking]) -> None:
        """Others ask, each in a tab of their own, and all of it comes true."""
        for command, by in asked:
            said = self.room.ask(command, by)
            assert not refused(said), f"{type(command).__name__}: {said}"


def a_reason(*asked: Asking) -> Scene:
    """Léa said why she is against, and it was shown; then what is asked."""
    room = a_vote(method="gradients").voted(LEA, theme1=1)
    room.ask(GiveReason("vote", "theme1", "Too dear"), LEA)
    return after(room.closed("vote").revealed("vote"), *asked)


def reason_in(room: Scene) -> ReasonId:
    return told(room.state.rounds.latest("vote"))[0].id


def a_desk(*asked: Asking) -> Scene:
    """Before the start, with a second board and a pause in the agenda; then what is asked."""
    return after(
        a_room({**ECLAIR, "gallery": BoardSettings(visibility="all"), "pause": ShowSettings()}), *asked
    )


def cards(*asked: Asking) -> Scene:
    """An open board with three cards of Léa's."""
    return after(a_desk().opened("ideas").with_ideas(3), *asked)


def themes(*asked: Asking) -> Scene:
    """Theme1 and theme2 with a card each, and a third card."""
    room = cards().revealed("ideas").opened("sort").with_theme("theme1", 1).with_theme("theme2", 2)
    return after(room, *asked)


def a_plan() -> Scene:
    """An action act001 under the axis of a theme, and an empty axis."""
    return after(themes().opened("plan").with_plan("Do it"), (MakeAxis("axis9", "Last"), FACILITATOR))


def two_sorts() -> Scene:
    steps = {**ECLAIR, "later": SortSettings()}
    return a_room(steps).opened("ideas").with_ideas(2).revealed("ideas").opened("sort")


def a_sheet() -> Scene:
    room = a_room({"write": SheetSettings(what="objective")}).opened("write")
    return after(room, (MakeSheet("sheet1", "objective", "write", OBJECTIVE), LEA))


def _many(kind: str) -> tuple[PersonId, ...]:
    return tuple(PersonId(f"{kind}{n:02}") for n in range(12))


def after(room: Scene, *asked: Asking) -> Scene:
    for command, by in asked:
        said = room.ask(command, by)
        assert not refused(said), f"{type(command).__name__}: {said}"
    return room


def _categories(*names: str) -> SetCategories:
    return SetCategories(tuple(Category(name, Words(name)) for name in names))


def by_desk(*commands: Command) -> list[Asking]:
    return [(command, FACILITATOR) for command in commands]


GIVEN = [(PostIdea("another1", "More", "ideas"), ANNE), (SayDone(), ANNE), *by_desk(SetTimer(60))]
REWORDED = [(EditIdea("idea001", "Other words"), LEA)]
RENAMED = [(RenameTheme("theme1", "Otherwise"), ANNE)]
FILLED = [(MoveIdeas(("idea003",), "theme1"), ANNE)]
ELSEWHERE = [(MoveIdeas(("idea003",), "theme2"), ANNE), (MakeTheme("theme9", "Nine"), ANNE)]
WENT_ON = by_desk(OpenStep("sort"))
PLANNED = by_desk(MakeAction("act009", "x-theme1", "More"), MakeAxis("axis8", "Eight"))
NEW_ROUND = by_desk(CloseStep("vote"), RevealStep("vote", knowing=True), ReopenStep("vote"))
NEXT_DAY = by_desk(EndSession(FIRST), BeginSession("second"))


def photographs(*asked: Asking) -> Scene:
    """Photo001 is shown, and photo002 was removed."""
    add = [AddPhotograph(PhotographId(f"photo00{n}"), "0" * 64, 9, 9, 9, "A wall") for n in (1, 2)]
    return after(a_desk(*by_desk(*add, RemovePhotograph(PhotographId("photo002")))), *asked)


PHOTO1, PHOTO2 = PhotographId("photo001"), PhotographId("photo002")
CASES: dict[str, Callable[[], Case]] = {
    **{
        press.__name__: lambda press=press: Case(
            photographs(), press(PHOTO1), FACILITATOR, by_desk(CaptionPhotograph(PHOTO1, "Another")),
            by_desk(CaptionPhotograph(PHOTO2, "Another")),
        )
        for press in (RemovePhotograph, ErasePhotograph)
    },
    "CaptionPhotograph": lambda: Case(
        photographs(), CaptionPhotograph(PHOTO1, "Mine"), FACILITATOR, by_desk(CaptionPhotograph(PHOTO1, "Another")),
        by_desk(RemovePhotograph(PHOTO1), RestorePhotograph(PHOTO2))[1:],
    ),
    "RestorePhotograph": lambda: Case(
        photographs(), RestorePhotograph(PHOTO2), FACILITATOR, by_desk(CaptionPhotograph(PHOTO2, "Another")),
        by_desk(CaptionPhotograph(PHOTO1, "Another")),
    ),
    "OpenStep": lambda: Case(cards(), OpenStep("sort"), FACILITATOR, by_desk(OpenStep("gallery")), GIVEN),
    "FreezeStep": lambda: Case(
        cards(), FreezeStep("ideas"), FACILITATOR, by_desk(FreezeStep("ideas"), ReopenStep("ideas")), GIVEN
    ),
    "ReopenStep": lambda: Case(
        cards(*by_desk(FreezeStep("ideas"))), ReopenStep("ideas"), FACILITATOR, by_desk(RevealStep("ideas")),
        by_desk(EditStep("ideas", TITLE)),
    ),
    "RevealStep": lambda: Case(cards(), RevealStep("ideas"), FACILITATOR, WENT_ON, GIVEN),
    "CloseStep": lambda: Case(cards(), CloseStep("ideas"), FACILITATOR, by_desk(RevealStep("ideas")), GIVEN),
    "SkipStep": lambda: Case(
        cards(), SkipStep("pause"), FACILITATOR, by_desk(EditStep("pause", TITLE)), [*GIVEN, *WENT_ON]
    ),
    "RemoveStep": lambda: Case(
        cards(), RemoveStep("pause"), FACILITATOR, by_desk(EditStep("pause", TITLE)), [*GIVEN, *WENT_ON]
    ),
    "MoveStep": lambda: Case(
        cards(), MoveStep("pause", "plan"), FACILITATOR, by_desk(MoveStep("gallery", "vote")),
        [*GIVEN, *WENT_ON, *by_desk(EditStep("pause", TITLE))],
    ),
    "EditStep": lambda: Case(
        cards(), EditStep("sort", minutes=9), FACILITATOR, by_desk(EditStep("sort", TITLE)),
        [*WENT_ON, *by_desk(EditStep("vote", TITLE))],
    ),
    "EditForum": lambda: Case(
        cards(), EditForum("Mine"), FACILITATOR, by_desk(EditForum("Theirs")), [*GIVEN, *WENT_ON]
    ),
    "SetTimer": lambda: Case(
        cards(), SetTimer(300), FACILITATOR, by_desk(SetTimer(120)), by_desk(RevealStep("ideas"))
    ),
    "ShortenTimer": lambda: Case(
        cards(*by_desk(SetTimer(120))), ShortenTimer(60), FACILITATOR, by_desk(ExtendTimer(60)), by_desk(TurnPage(1))
    ),
    "ExtendTimer": lambda: Case(cards(), ExtendTimer(60), FACILITATOR, WENT_ON, by_desk(RevealStep("ideas"))),
    "StopTimer": lambda: Case(
        cards(*by_desk(SetTimer(60))), StopTimer(), FACILITATOR, by_desk(ExtendTimer(60)), by_desk(TurnPage(1))
    ),
    "TurnPage": lambda: Case(cards(), TurnPage(1), FACILITATOR, WENT_ON, GIVEN),
    "ApprovePerson": lambda: Case(
        a_desk(*by_desk(SetEntry("approval")), (Join(), "new1")), ApprovePerson("new1"), FACILITATOR,
        by_desk(RemovePerson("new1")), by_desk(RemovePerson(LEA)),
    ),
    "RemovePerson": lambda: Case(
        cards(), RemovePerson(LEA), FACILITATOR, [(NameMyself(), LEA)], [(NameMyself(), ANNE), (SayDone(), LEA)]
    ),
    "SayDone": lambda: Case(
        cards(), SayDone(), LEA, WENT_ON, by_desk(FreezeStep("ideas"), ReopenStep("ideas"), RevealStep("ideas"))
    ),
    "TakeDoneBack": lambda: Case(
        cards((SayDone(), LEA)), TakeDoneBack(), LEA, [*by_desk(OpenStep("gallery")), (SayDone(), LEA)], GIVEN
    ),
    "Undo": lambda: Case(
        themes(*RENAMED), lambda room: Undo(room.state.deeds[-1].seq), FACILITATOR, FILLED, ELSEWHERE
    ),
    "ReadmitPeople": lambda: Case(
        after(a_desk().joined(*_many("one"), *_many("two")), *by_desk(RemovePeople(_many("one")))),
        lambda room: ReadmitPeople(room.state.people.removals[-1].seq), FACILITATOR,
        by_desk(RemovePeople(_many("two"))), by_desk(RemovePerson(LEA)),
    ),
    "SetCategories": lambda: Case(
        a_desk(*by_desk(_categories("a", "b"))), _categories("a"), FACILITATOR, by_desk(_categories("b")),
        by_desk(SetCategory(LEA, "a")),
    ),
    "SetCategory": lambda: Case(
        a_desk(*by_desk(_categories("a", "b"))), SetCategory(LEA, "a"), FACILITATOR, by_desk(SetCategory(LEA, "b")),
        by_desk(SetCategory(ANNE, "b")),
    ),
    "SetOrganisation": lambda: Case(
        a_desk(), SetOrganisation(LEA, "org1"), FACILITATOR, by_desk(SetOrganisation(LEA, "org2")),
        by_desk(SetOrganisation(ANNE, "org2")),
    ),
    "ReturnVoice": lambda: Case(
        cards(*by_desk(HandVoice(LEA, "lea-two"))), ReturnVoice("lea-two"), FACILITATOR, [(NameMyself(), "lea-two")], GIVEN
    ),
    "EditIdea": lambda: Case(
        cards(), EditIdea("idea001", "Mine"), LEA, REWORDED, [*GIVEN, *by_desk(RevealStep("ideas"))]
    ),
    "WithdrawIdea": lambda: Case(cards(), WithdrawIdea("idea001"), LEA, REWORDED, GIVEN),
    "HideIdea": lambda: Case(cards(), HideIdea("idea001", "why"), FACILITATOR, REWORDED, GIVEN),
    "RestoreIdea": lambda: Case(
        cards(*by_desk(HideIdea("idea001", "why"))), RestoreIdea("idea001"), FACILITATOR,
        by_desk(RestoreIdea("idea001"), HideIdea("idea001", "another reason")), GIVEN,
    ),
    "GroupIdeas": lambda: Case(
        themes(), GroupIdeas(("idea003",), "theme1"), LEA, RENAMED, [(MoveIdeas(("idea002",), "theme1"), ANNE)]
    ),
    "MoveIdeas": lambda: Case(
        themes(), MoveIdeas(("idea003",), "theme1"), LEA, RENAMED, [(MoveIdeas(("idea002",), "theme1"), ANNE)]
    ),
    "SplitTheme": lambda: Case(
        themes(), SplitTheme("theme1", ("idea001",), "theme8", "Eight"), FACILITATOR, RENAMED, ELSEWHERE
    ),
    "MakeTheme": lambda: Case(
        two_sorts(), MakeTheme("theme1", "Mine"), LEA, by_desk(OpenStep("later")), by_desk(FreezeStep("sort"), ReopenStep("sort"))
    ),
    "MakeThemesFromCards": lambda: Case(
        themes(), MakeThemesFromCards("sort"), FACILITATOR, [(MoveIdeas(("idea002",), None), ANNE)],
        [(MoveIdeas(("idea002",), "theme1"), ANNE), *RENAMED],
    ),
    "MergeThemes": lambda: Case(themes(), MergeThemes("theme2", "theme1"), FACILITATOR, RENAMED, FILLED),
    "RemoveTheme": lambda: Case(themes(), RemoveTheme("theme1"), FACILITATOR, FILLED, ELSEWHERE),
    "GiveMark": lambda: Case(
        a_vote(), GiveMark("vote", "theme1", 1), LEA, NEW_ROUND, [(GiveMark("vote", "theme2", 1), LEA), *by_desk(SetTimer(60))]
    ),
    "GiveReason": lambda: Case(
        a_vote(method="gradients").voted(LEA, theme1=1), GiveReason("vote", "theme1", "Too dear"), LEA,
        [*NEW_ROUND, (GiveMark("vote", "theme1", 1), LEA)],
        [(GiveMark("vote", "theme2", 1), LEA), *by_desk(SetTimer(60))],
    ),
    "HideReason": lambda: Case(
        a_reason(), lambda room: HideReason(reason_in(room), "Names a person"), FACILITATOR,
        by_desk(HideReason(reason_in(a_reason()), "why"), RestoreReason(reason_in(a_reason()))), by_desk(SetTimer(60)),
    ),
    "RestoreReason": lambda: Case(
        a_reason(*by_desk(HideReason(reason_in(a_reason()), "why"))), RestoreReason(reason_in(a_reason())), FACILITATOR,
        by_desk(RestoreReason(reason_in(a_reason())), HideReason(reason_in(a_reason()), "again")), by_desk(SetTimer(60)),
    ),
    "NoteHands": lambda: Case(
        a_vote(), NoteHands("vote", "theme1", 3), FACILITATOR, NEW_ROUND, [(GiveMark("vote", "theme2", 1), LEA)]
    ),
    "KeepChoices": lambda: Case(
        a_vote(method="approval").voted(LEA, theme1=1).closed("vote").revealed("vote"), KeepChoices("vote", 1), FACILITATOR,
        by_desk(KeepChoices("vote", 2)), by_desk(SetTimer(60)),
    ),
    "PrintPapers": lambda: Case(
        a_vote(), PrintPapers("vote", 3, "secret"), FACILITATOR, NEW_ROUND, [(GiveMark("vote", "theme2", 1), LEA)]
    ),
    "AllocatePoints": lambda: Case(
        a_vote(), AllocatePoints("vote", "theme1", 1), LEA, NEW_ROUND, by_desk(CloseStep("vote"), ReopenStep("vote"))
    ),
    "EditAxis": lambda: Case(a_plan(), EditAxis("axis9", "Mine"), FACILITATOR, by_desk(EditAxis("axis9", "Theirs")), PLANNED),
    "MoveAxis": lambda: Case(
        a_plan(), MoveAxis("axis9", "x-theme1"), FACILITATOR, by_desk(MoveAxis("axis9", "x-theme2")),
        by_desk(EditAxis("axis9", "Theirs"), MakeAction("act009", "axis9", "More")),
    ),
    "RemoveAxis": lambda: Case(a_plan(), RemoveAxis("axis9"), FACILITATOR, by_desk(EditAxis("axis9", "Theirs")), PLANNED),
    "RemoveAction": lambda: Case(
        a_plan(), RemoveAction("act001"), FACILITATOR, [(Volunteer("act001", "pilot"), LEA)], PLANNED
    ),
    "ChoosePilot": lambda: Case(
        a_plan(), ChoosePilot("act001", LEA), FACILITATOR, by_desk(ChoosePilot("act001", ANNE)),
        [(Volunteer("act001", "pilot"), ANNE), *by_desk(EditAction("act001", "Do it soon"))],
    ),
    "Volunteer": lambda: Case(
        a_plan(), Volunteer("act001", "partner"), LEA, by_desk(EditAction("act001", "Undo it")),
        [(Volunteer("act001", "pilot"), ANNE), *by_desk(ChoosePilot("act001", ANNE))],
    ),
    "RemoveSheet": lambda: Case(
        a_sheet(), RemoveSheet("sheet1"), FACILITATOR, [(EditSheet("sheet1", "objective", {"title": "Otherwise"}), LEA)],
        by_desk(MakeSheet("sheet2", "objective", "write", OBJECTIVE)),
    ),
    "ErasePerson": lambda: Case(
        cards(), ErasePerson(LEA), FACILITATOR, [(NameMyself(), LEA)], [*GIVEN, (NameMyself(), ANNE)]
    ),
    "SetKeepUntil": lambda: Case(
        cards(), SetKeepUntil("2026-01-16"), FACILITATOR, by_desk(SetKeepUntil("2027-01-16")), GIVEN
    ),
    "SetTerms": lambda: Case(cards(), SetTerms(30), FACILITATOR, by_desk(SetTerms(60)), GIVEN),
    "EditSession": lambda: Case(
        two_days(), EditSession("second", TITLE), FACILITATOR, by_desk(EditSession("second", TITLE, place="Elsewhere")),
        by_desk(EditSession(FIRST, TITLE), OpenStep("more")),
    ),
    "ExpectPeople": lambda: Case(
        two_days(), ExpectPeople("second", 40), FACILITATOR, by_desk(ExpectPeople("second", 60)),
        by_desk(ExpectPeople(FIRST, 20), OpenStep("more")),
    ),
    "BeginSession": lambda: Case(
        after(planned(cards(), "second", step("talk")), *by_desk(EndSession(FIRST))), BeginSession("second"), FACILITATOR,
        by_desk(EditSession("second", TITLE, entry="locked")), by_desk(EditStep("talk", TITLE)),
    ),
    "EndSession": lambda: Case(cards(), EndSession(FIRST), FACILITATOR, WENT_ON, GIVEN),
    "ReopenSession": lambda: Case(
        cards(*by_desk(EndSession(FIRST))), ReopenSession(FIRST), FACILITATOR,
        by_desk(ReopenSession(FIRST), EndSession(FIRST)), by_desk(EditStep("sort", TITLE)),
    ),
    "RemoveSession": lambda: Case(
        planned(cards(), "second", step("talk")), RemoveSession("second"), FACILITATOR,
        by_desk(InsertStep("later1", ShowSettings(), TITLE, session="second")), [*GIVEN, *WENT_ON],
    ),
    "NotePresence": lambda: Case(
        planned(cards((TakePresenceBack(), ANNE)), "second"), NotePresence(), ANNE, NEXT_DAY, GIVEN
    ),
    "TakePresenceBack": lambda: Case(
        planned(cards(), "second"), TakePresenceBack(), LEA, [*NEXT_DAY, (NotePresence(), LEA)], GIVEN
    ),
}  # fmt: skip
"""By command; whoever adds one that is judged so adds its line."""
