"""States of the wall, given by what happened: of every kind of step, and of the moments in which nobody makes anything."""

from collections.abc import Callable, Mapping

from forum.domain.flow import EditForum, EditStep, SetTimer
from forum.domain.kernel import Rejection, SheetId, StepId, Words
from forum.domain.limits import Text
from forum.domain.plan.words import ChoosePilot, MakeAction, MakeAxis
from forum.domain.sessions.record import FIRST
from forum.domain.sessions.words import EndSession, PlanSession
from forum.domain.settings import BoardSettings, ProposalSettings, SheetSettings, ShowSettings
from forum.domain.sheets import SCHEMAS
from forum.domain.sheets.schema import THE_PLAN, Field, Schema
from forum.domain.sheets.words import EditSheet, MakeSheet
from forum.domain.state import Step
from forum.domain.steps.board import PostIdea
from forum.domain.steps.pledge import Pledge
from forum.domain.steps.proposal_said import LeadProposal, Remarking, WordProposal
from forum.domain.steps.proposals import RemarkId
from forum.fragments import screen
from forum.fragments.pages import Pages, Token
from forum.fragments.surface import Audience, View
from tests.scenes import ANNE, ECLAIR, FACILITATOR, LEA, Scene, a_room
from tests.toysheet import MENU

SENTENCE = (
    "Ouvrir un lieu commun où les associations du quartier réparent l’électroménager et préparent ensemble, "
    "dès 17 h 30, des projets intergénérationnels. "
)
PLACE = "http://wall.test/"
LONG: Schema = MENU._replace(
    name="long",
    fields=tuple(Field(f"f{n}", f"Field {n}", Text(600), needed=not n) for n in range(6)),
)


def text(n: int, longest: int) -> str:
    """The words of the nth thing: of many lengths, or each as long as it may be (``longest``)."""
    return f"{n} {SENTENCE * 20}"[: longest or 20 + n * 37 % 90].strip()


def board(many: int, longest: int) -> Scene:
    room = a_room().opened("ideas")
    for n in range(1, many + 1):
        room.ask(PostIdea(f"idea{n:03}", text(n, longest and 140), StepId("ideas")), LEA)
    return room.revealed("ideas")


def sort(many: int, longest: int) -> Scene:
    """A third of the cards is in no theme, and the themes are of many sizes."""
    room = board(many, longest).opened("sort")
    if many < 3:
        return room
    themes = min(12, max(1, many // 5))
    for theme in range(themes):
        cards = [n for n in range(1, many + 1) if n % 3 and (n * n) % themes == theme]
        if cards:
            room.with_theme(f"theme{theme}", *cards, title=text(theme, longest and 60))
    return room


def ballot(many: int, longest: int) -> Scene:
    room = board(many, longest).opened("sort")
    for n in range(1, many + 1):
        room.with_theme(f"theme{n:02}", n, title=text(n, longest and 60))
    return room.opened("vote") if many > 1 else room  # of one there is no vote


def result(many: int, longest: int) -> Scene:
    """Three who are first together, then some, then very many with nothing."""
    room = ballot(many, longest)
    if many < 2:
        return room
    for n in range(1, min(many, 3) + 1):
        room.voted(LEA, **{f"theme{n:02}": 1})
    room.voted(ANNE, **{f"theme{min(many, 4):02}": 1})
    return room.closed("vote").revealed("vote")


def plan(many: int, longest: int) -> Scene:
    room = a_room().opened("plan")
    axes = min(9, -(-many // 4))
    for axis in range(axes):
        room.ask(MakeAxis(f"axis{axis}", text(axis, longest and 60)))
    for n in range(many):
        action = MakeAction(f"act{n:04}", f"axis{(n * n) % axes}", text(n, longest and 140))
        room.ask(action)
    return room


def objectives(many: int, longest: int) -> Scene:
    """A plan as deep as that: under each axis two objectives, and some actions that serve none."""
    room = plan(many, longest)
    room.ask(EditSheet(THE_PLAN, "ambition", {"depth": "objectives"}, {}))
    for n, axis in enumerate(axis for axis in room.state.plan.axis_order for _ in range(2)):
        fields = {"title": text(n, longest and 200), "axis": (axis,)}
        room.ask(MakeSheet(SheetId(f"goal{n:03}"), "objective", StepId(""), fields))
    for n, action in enumerate(room.state.plan.actions.values()):
        goal = 2 * room.state.plan.axis_order.index(action.axis) + n % 2
        if n % 5:
            room.ask(EditSheet(SheetId(action.id), "action_sheet", {"objective": (f"goal{goal:03}",)}, {}))
    return room


def sheets(many: int, longest: int) -> Scene:
    schema = SCHEMAS["long" if longest else "objective"]
    room = a_room({"plan": SheetSettings(what=schema.name)}).opened("plan")
    for n in range(min(many, 40)):
        texts = {
            f.name: text(n, longest and f.holds.most)
            for f in schema.fields
            if f.wall and isinstance(f.holds, Text)
        }
        room.ask(MakeSheet(SheetId(f"sheet{n:03}"), schema.name, StepId("plan"), texts), FACILITATOR)  # type: ignore[arg-type]
    return room


def pledges(many: int, longest: int) -> Scene:
    people = [f"person{n:03}" for n in range(many)]
    room = a_room(people=people).opened("pledge")
    for n, person in enumerate(people):
        room.ask(Pledge(f"pledge{n:03}", text(n, longest and 140), "2025-01-20"), person)
    return room


def proposals(many: int, longest: int) -> Scene:
    """A proposal to which people react."""
    people = [f"person{n:03}" for n in range(max(2, many))]
    room = a_room({"consent": ProposalSettings()}, people=people).opened("consent")
    room.ask(WordProposal(StepId("consent"), text(1, longest and 600)))
    for phase in ("clarification", "reactions"):
        assert not isinstance(room.ask(LeadProposal(StepId("consent"), phase)), Rejection)
    for n, person in enumerate(people[:many]):
        remark = Remarking(RemarkId(f"remark{n:03}"), StepId("consent"), "reaction", text(n, longest and 140))
        assert not isinstance(room.ask(remark, person), Rejection)
    return room


STATES: Mapping[str, tuple[Callable[[int, int], Scene], ...]] = {
    "board": (board,),
    "sort": (sort,),
    "ballot": (ballot, result),
    "sheet": (plan, sheets, objectives),
    "pledge": (pledges,),
    "proposal": (proposals,),
    "show": (),  # nobody makes anything in it
}


ALL = {
    "welcome": ShowSettings(),
    "framing": ShowSettings(),
    "break": ShowSettings(pause=True),
    **{name: settings for name, settings in ECLAIR.items() if name != "welcome"},
    "groups": ShowSettings(themes=True),
    "closing": ShowSettings(closing=True),
}
"""A whole day: with a break, a moment that speaks of the themes, and a closing."""


def day(longest: int = 0, people: int = 2) -> Scene:
    """A forum that nobody has begun; all its words as long as they may be, where told so."""
    room = a_room(ALL, people=[LEA, ANNE, *(f"person{n:03}" for n in range(2, people))])
    if longest:
        room.ask(EditForum(title=text(1, 80), question=text(2, 400)))
        for step in room.state.steps:
            words = [Words(text(3, most), text(3, most)) for most in (120, 800, 400)]
            room.ask(EditStep(step.id, title=words[0], instruction=words[1], hint=words[2]))
    return room


def made(room: Scene, *, plan: int = 0, pledges: int = 0, longest: int = 0) -> Scene:
    """Cards, themes, actions and commitments of a day, up to its closing."""
    room.opened("ideas").with_ideas(4).revealed("ideas").opened("sort")
    room.with_theme("one", 1, 2, title=text(1, longest and 60)).with_theme(
        "two", 3, title=text(2, longest and 60)
    )
    room.opened("plan")
    for axis in range(min(3, plan)):
        room.ask(MakeAxis(f"axis{axis}", text(axis, longest and 60)))
    for n in range(plan):
        room.ask(MakeAction(f"act{n:03}", f"axis{n % 3}", text(n, longest and 140)))
        if n % 2:
            room.ask(ChoosePilot(f"act{n:03}", LEA))
    room.opened("pledge")
    for n in range(pledges):
        of = f"act{n:03}" if n < plan else None
        room.ask(Pledge(f"pledge{n:03}", text(n, longest and 140), "2025-01-20", of), LEA)
    return room.opened("closing")


def rests(room: Scene, *, longest: int = 0, **coming: str) -> Scene:
    """The session is over; another one is to come where a day, or a place, or only that is told."""
    if coming:
        more = Step(StepId("more"), BoardSettings(), Words("Encore", "Once more"))
        title = Words(text(1, longest and 120), text(1, longest and 120))
        room.ask(PlanSession("second", title, steps=(more,), **coming))
    assert isinstance(room.ask(EndSession(FIRST, "La salle ferme.")), tuple)
    return room


def with_timer(room: Scene) -> Scene:
    room.ask(SetTimer(900))
    return room


def planned(room: Scene) -> Scene:
    """The day of the next meeting is known."""
    room.ask(PlanSession("second", Words("Suivi", "Review"), date="2025-02-01", place="La halle"))
    return room


MOMENTS: Mapping[str, Callable[[], Scene]] = {
    "nobody is there": lambda: a_room(ALL, people=()),
    "before the first step": lambda: day(people=30),
    "the room comes in": lambda: day(people=30).opened("welcome"),
    "the room comes in, the longest words": lambda: day(1).opened("welcome"),
    "something is said": lambda: day().opened("welcome").opened("framing"),
    "something is said, the longest words": lambda: day(1).opened("welcome").opened("framing"),
    "a break": lambda: day().opened("break"),
    "a break with a timer": lambda: with_timer(day().opened("break")),
    "no card yet": lambda: day().opened("ideas"),
    "cards face down, a timer": lambda: with_timer(day().opened("ideas").with_ideas(30)),
    "cards face down, the longest words": lambda: with_timer(day(1).opened("ideas").with_ideas(30)),
    "writing is closed": lambda: day().opened("ideas").with_ideas(3).closed("ideas"),
    "nothing is sorted": lambda: day().opened("sort"),
    "the longest instruction above cards": lambda: with_timer(
        day(1).opened("ideas").with_ideas(12).revealed("ideas")
    ),
    "a vote is closed": lambda: ballot(6, 0).closed("vote"),
    "no axis yet": lambda: day().opened("plan"),
    "no commitment yet": lambda: day().opened("pledge"),
    "the themes": lambda: made(day()).opened("groups"),
    "the closing, nothing was made": lambda: day().opened("closing"),
    "the closing, a plan": lambda: made(day(), plan=3),
    "the closing, commitments": lambda: made(day(), pledges=3),
    "the closing, much of both": lambda: made(day(), plan=40, pledges=40),
    "the closing, the longest texts": lambda: made(day(1), plan=5, pledges=5, longest=1),
    "the closing, the next meeting": lambda: planned(made(day(), plan=3, pledges=3)),
    "the forum is over": lambda: rests(made(day(), plan=3, pledges=3)),
    "the forum is over, a meeting is planned": lambda: rests(planned(made(day(), plan=3, pledges=3))),
    "the forum is over, nothing was held": lambda: rests(day()),
    "a pause until a day": lambda: rests(made(day(), plan=3), date="2025-02-01", place="La halle"),
    "a pause without a day": lambda: rests(made(day(), plan=3), place="La halle"),
    "a pause, the longest words": lambda: rests(
        made(day(1), plan=3), longest=1, date="2025-02-01", place=text(3, 200)
    ),
}
"""What the wall shows where nobody makes anything, or nothing was made."""


def stage(room: Scene) -> str:
    """The template of what stands in the middle of the wall."""
    slot = screen.slot(View(room.state, {}), "stage")
    assert slot is not None
    return slot.template


_PAGES = Pages(static=lambda path: f"{PLACE}static/{path}")


def document(room: Scene) -> str:
    """The wall as it is sent."""
    names = dict.fromkeys(room.state.people.by_id, "Marguerite")
    return _PAGES.document(
        View(room.state, names), Audience("screen", "fr"), FACILITATOR, token=Token(1, room.state.seq, "c0ffee"), now=1,
        ticket="t" * 22, nonce="n", unsaved=False, flash="",
    )  # fmt: skip


def fragments(room: Scene) -> dict[str, tuple[str, str, str, str]]:
    """What stands on the wall, by key, as it is sent."""
    names = dict.fromkeys(room.state.people.by_id, "Marguerite")
    puts = _PAGES.page(View(room.state, names), Audience("screen", "fr"))
    return {put.key: (put.key, put.place, put.order, put.html) for put in puts}
