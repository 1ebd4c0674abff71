"""What a seed decides: who is there, what may go wrong, what is asked. One number, one universe."""

import random
from dataclasses import dataclass, field, replace
from typing import Any, Final

from forum.domain.belonging import part as belonging
from forum.domain.consents import part as consents
from forum.domain.kernel import AxisId, PersonId, SheetId, StepId, Words
from forum.domain.plan.words import MakeAxis
from forum.domain.room import COMMANDS, FROM_SERVER
from forum.domain.sessions import part
from forum.domain.sessions.words import PlanSession
from forum.domain.settings import BallotSettings, BoardSettings, SheetSettings
from forum.domain.sheets import SCHEMAS
from forum.domain.sheets.words import MakeSheet
from forum.domain.space import FORUM_BYTES, PERSON_SHARE
from tests import histories
from tests.methods.known import KNOWN
from tests.scenes import ECLAIR, FACILITATOR, SCREEN, Scene, a_room
from tests.sim.toys import VOTED, WRITTEN
from tests.sim.weather import KINDS, NEWER

BEGINNINGS: Final = ("welcome", "ideas", "sort", "vote", "plan")
WIDE: Final = 0.5  # of the universes: the settings of their vote are those of ``KNOWN``
IN_SHEETS: Final = (
    0.2  # of the universes: they begin in a step of sheets, in a short agenda, and come back to it
)
ROOMS: Final = ((FORUM_BYTES, PERSON_SHARE), (FORUM_BYTES, PERSON_SHARE), (40_000, PERSON_SHARE), (14_000, 2))
SHOWN: Final = 0.6  # of the universes in which people still write, the cards are seen as they come
ALWAYS: Final = frozenset({"OpenStep", "CloseStep", "RevealStep", "PostIdea", "GiveMark", "AllocatePoints"})
OFF: Final = 0.25  # of the commands nobody asks
IN_SESSIONS: Final = 0.3  # of the universes
HANDING: Final = 0.2  # of the universes
OF_SESSIONS: Final = frozenset(
    kind.__name__ for one in (part, belonging, consents) for kind in one.PART.judges
)
"""Commands that a universe of its own kind asks; not drawn among the others, so that older universes stay as they were."""


DRAWN_TOGETHER: Final = (
    "AddPerson", "ApprovePerson", "ChoosePilot", "ConfirmLoss", "DoAgain", "EditAction", "EditAxis",
    "EditForum", "EditIdea", "EditSheet", "EditStep", "ErasePerson", "ExtendTimer", "FreezeStep", "GroupIdeas",
    "HideIdea", "InsertStep", "LeaveLed", "MakeAction", "MakeAxesFromThemes", "MakeAxis", "MakeSheet",
    "MakeTheme", "MergeThemes", "MoveAxis", "MoveIdeas", "MoveStep", "NameMyself", "Pledge", "ReadmitPeople",
    "RemoveAction", "RemoveAxis", "RemovePeople", "RemovePerson", "RemoveSheet", "RemoveStep", "RemoveTheme",
    "RenameTheme", "ReopenStep", "RestoreIdea", "RevokeKey", "SayDone", "SetEntry", "SetKeepUntil", "SetTimer",
    "Skip", "SkipStep", "SplitTheme", "StepBack", "StopTimer", "TakeDoneBack", "TurnPage", "Undo", "Volunteer",
    "WithdrawIdea", "WithdrawPledge",
)  # fmt: skip
"""Commands whose absence is drawn in one go. Every other is drawn by a chance of its own, so that one that is added leaves
the universes as they were; so are those that only universes of their own kind ask. Whoever presses on a page of the server's
asks for RemovePeople too: it may be left out like the others."""


@dataclass(frozen=True)
class Plan:
    """A universe before it happens. ``seconds``: how long there are faults; ``pause``: mean, between two asks."""

    seed: str
    kinds: tuple[str, ...]  # of faults
    off: frozenset[str]  # commands that nobody asks
    people: int
    twins: int  # further tabs of the first person, in browsers of their own
    servers: int
    begins: str
    seconds: float
    pause: float
    chaos: float  # mean seconds between two sudden faults
    shuffle: float
    screen: bool = True
    together: bool = False  # everybody asks at the same instant
    most: int = FORUM_BYTES  # that the forum may take
    share: int = PERSON_SHARE  # of it, so large a part is one person's for a day
    least: int = 0  # ballots below which the vote promised to show nothing
    desks: int = 1
    window: int = 3  # cards that a page holds of a long board at first
    method: str = "dots"  # how it is voted
    wide: bool = False  # such that every mark of its method may be given
    sheet: str = ""  # what is written where it begins in sheets
    shown: bool = False  # a board on which cards are seen as they come, and some are there
    sessions: bool = False  # the forum is ended, rests and goes on, now and then
    handing: bool = False  # people go on on another phone, by a code of the desk

    def without(self, **fields: Any) -> "Plan":
        return replace(self, **fields)


def one_of(names: tuple[str, ...], what: str, seed: str) -> str:
    """Each as likely. A name more takes its share of the universes, and the others stay as they were."""
    return max(names, key=lambda name: random.Random(f"{what} {name} {seed}").random())


def plan_of(seed: str, kinds: tuple[str, ...] = KINDS) -> Plan:
    """The universe of a seed. Swarm: each kind of fault, and of command, is there or not."""
    rng = random.Random(f"plan {seed}")
    calm = rng.random() < 0.1
    share = rng.choice([0.15, 0.4, 0.7])
    allowed = tuple(kind for kind in kinds if kind not in NEWER and rng.random() < share)
    allowed += tuple(
        kind for kind in NEWER if kind in kinds and random.Random(f"{kind} {seed}").random() < share
    )
    alone = sorted(COMMANDS.keys() - ALWAYS - FROM_SERVER - OF_SESSIONS - {*DRAWN_TOGETHER})
    absent = {kind for kind in alone if random.Random(f"off {kind} {seed}").random() < OFF}
    together = rng.random() < 0.25
    most, share = random.Random(f"most {seed}").choice(ROOMS)
    plan = Plan(
        seed=seed,
        kinds=() if calm else allowed,
        off=frozenset(kind for kind in DRAWN_TOGETHER if rng.random() < OFF) | absent,
        people=rng.randint(2, 4),
        twins=3 if together else rng.choice([0, 0, 1]),
        servers=rng.choice([1, 2, 2, 3]),
        begins="vote" if together else rng.choice(BEGINNINGS),
        seconds=rng.uniform(8, 30),
        pause=rng.choice([0.15, 0.4, 1.0]),
        chaos=rng.choice([1.0, 2.5, 6.0]),
        shuffle=rng.choice([0.0, 0.1, 0.35]),
        screen=rng.random() < 0.6,
        together=together,
        most=most,
        share=share,
        least=random.Random(f"least {seed}").choice([0, 0, 0, 2, 4]),
        desks=random.Random(f"desks {seed}").choice([1, 1, 2]),
        method=one_of(VOTED, "method", seed),
        wide=random.Random(f"wide {seed}").random() < WIDE,
        sheet=one_of(WRITTEN, "sheet", seed),
        shown=random.Random(f"shown {seed}").random() < SHOWN,
        sessions=random.Random(f"sessions {seed}").random() < IN_SESSIONS,
        handing=random.Random(f"handing {seed}").random() < HANDING,
    )
    in_sheets = not together and random.Random(f"sheets {seed}").random() < IN_SHEETS
    return plan.without(begins="sheets", off=plan.off - {"MakeSheet"}) if in_sheets else plan


def beginning(plan: Plan) -> Scene:
    """What the journal holds when the doors open."""
    people = histories.PEOPLE[: plan.people]
    if plan.begins == "sheets":
        return _of_sheets(plan, people)
    writing = plan.begins in ("welcome", "ideas")
    cards = {"ideas": BoardSettings(visibility="all")} if plan.shown and writing else {}
    scene = a_room({**ECLAIR, **cards, "vote": _vote(plan)}, people)
    if plan.sessions:
        scene.ask(PlanSession("later001", Words("Plus tard", "Later")))
    if plan.begins == "welcome":
        return scene.opened("welcome")
    scene.opened("ideas")
    if plan.begins == "ideas":
        return scene.with_ideas(2 * plan.window, by=people[0]) if plan.shown else scene
    scene.with_ideas(4, by=people[0]).revealed("ideas").opened("sort")
    for n in range(1, 4):
        scene.with_theme(f"theme{n}", n, by=people[0])
    if plan.begins == "sort":
        return scene
    scene.opened("vote")
    return scene if plan.begins == "vote" else scene.closed("vote").opened("plan").with_plan("Agir")


def _vote(plan: Plan, **settings: Any) -> BallotSettings:
    wide = (
        KNOWN[plan.method].settings if plan.wide or plan.method == "shares" else {}
    )  # which none opens without
    return BallotSettings(least=plan.least, method=plan.method, **wide, **settings)


def _of_sheets(plan: Plan, people: tuple[str, ...]) -> Scene:
    """Sheets are written now, in an agenda that soon comes back to them; what they can link to is there, for the most part."""
    linked = [thing for _, thing in SCHEMAS[plan.sheet].links if thing in SCHEMAS]
    scene = a_room(
        {
            "ideas": BoardSettings(visibility="all"),
            "plan": SheetSettings(),
            **{thing: SheetSettings(what=thing) for thing in linked},
            "sheets": SheetSettings(what=plan.sheet),
            "vote": _vote(plan, over=plan.sheet),
        },
        people,
    )
    scene.opened("ideas").with_ideas(3, by=people[0]).opened("plan")
    for n in range(2):
        scene.ask(MakeAxis(AxisId(f"axis000{n}"), f"Axe {n}"))
    for thing in linked:
        scene.ask(
            MakeSheet(SheetId(f"{thing}01"), thing, StepId(thing), {SCHEMAS[thing].heading.name: "Soupe"})
        )
    return scene.opened("sheets")


RESIDENTS: Final = (PersonId(FACILITATOR), PersonId(SCREEN), *map(PersonId, histories.PEOPLE))


@dataclass
class Crowd:
    """What ``histories`` needs of a room to draw what somebody may ask next."""

    state: Any
    journal: range = field(default=range(0))  # its length makes new names
