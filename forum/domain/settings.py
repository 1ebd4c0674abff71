"""The settings of a step, by its kind: what an organiser chose, and what every kind says of itself."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal, NamedTuple

import msgspec

from forum.domain.kernel import N_, StepId, Words
from forum.domain.limits import Range, Text
from forum.domain.sheets import in_steps

if TYPE_CHECKING:
    from forum.domain.methods import Method, Setting, Wording

CHARS = Range(10, 500)  # of a card, in graphemes: longer ones cannot be read from the last row
LEAST = Range(0, 1000, judged=True)  # ballots that a vote may wait for
PLAN = "actions"  # of a sheet: the plan's own, under its axes
PLURALS: Final = {"themes": "theme", "ideas": "idea", "actions": "action"}
"""What a vote may be over, as journals say it; a schema's sheets are named as they are."""
OWN_WORDS: Final = "own"  # of a proposal: nothing that was made before
Gathers = Literal["all", "fresh", "last"]  # fresh: what no earlier step of this kind took


class Choice(NamedTuple):
    """Said of a field that the desk may choose (``choosing``): message ids."""

    label: str
    words: tuple[str, ...] = ()  # of the values that its type has, in their order; of a bool: no, yes
    late: bool = False  # may be chosen after the step has begun, too
    among: Callable[[], tuple[tuple[str, str], ...]] | None = (
        None  # values with their words, where a register has them
    )


class Further(NamedTuple):
    """A number or a few words that the desk may choose besides the fields of a kind's settings, which keep them in ``own``
    and in ``worded``."""

    name: str
    label: str
    numbers: Range | None  # None: a text
    stands: Callable[[Any], int | str]  # as these settings have it
    text: Text | None = None  # which ``worded`` keeps
    of: str = ""  # what they stand together under, a message id


class KindSettings(msgspec.Struct, frozen=True):
    """What every kind of step says of itself, besides its own fields."""

    asks: ClassVar[bool] = True  # people are asked for something
    counted: ClassVar[bool] = (
        False  # what is given is counted at its close: it is closed before it is left (F4, F5)
    )
    reveals: ClassVar[bool] = False  # something in it is shown by a gesture
    gathers: ClassVar[Gathers] = "all"  # of the steps whose things it could take, which are proposed
    on_plan: ClassVar[bool] = False  # the plan is what it is about: without an axis nobody can do much in it

    @classmethod
    def further(cls) -> tuple[Further, ...]:
        """What may be chosen of it besides its fields."""
        return ()

    @property
    def plans(self) -> bool:
        """Whether people write and take on actions in it."""
        return False

    @property
    def makes(self) -> str:
        """The thing that people make in it: idea, theme, action …; "" for none."""
        return ""

    @property
    def from_votes(self) -> bool:
        """Whether it takes what was voted on, too, in the order of the result."""
        return False

    @property
    def from_kept(self) -> bool:
        """Whether it takes only what an earlier vote has kept: from nothing else than votes."""
        return False

    @property
    def takes(self) -> str:
        """The thing that it is about; "" for none."""
        return ""

    @property
    def gives(self) -> str:
        """The thing that later steps can take from it; "" for none."""
        return self.makes

    @property
    def hides(self) -> bool:
        """Whether what is made in it is secret until the reveal."""
        return False

    @property
    def pauses(self) -> bool:
        """Whether the room has a break in it, and is told when it goes on."""
        return False

    @property
    def led(self) -> bool:
        """Whether people answer the forum's question in it: it is the headline wherever they do."""
        return False

    @property
    def speaks_of_themes(self) -> bool:
        """Whether the themes are looked at in it, though nothing is asked of anybody: people choose where they go."""
        return False

    @property
    def closes(self) -> bool:
        """Whether the room takes leave in it: the plan once more, the next meeting, thanks."""
        return False


def tag(settings: KindSettings | type[KindSettings]) -> str:
    """The name of a kind of step, as journals and agendas write it."""
    return str(settings.__struct_config__.tag)


class ShowSettings(KindSettings, frozen=True, tag="show", tag_field="kind"):
    """A moment without input: welcome, framing, break, closing."""

    asks: ClassVar[bool] = False
    pause: Annotated[
        bool, Choice(N_("A break"), (N_("no"), N_("yes: phones say when it goes on")), late=True)
    ] = False
    closing: Annotated[
        bool, Choice(N_("The closing"), (N_("no"), N_("yes: the plan, the next meeting, thanks")), late=True)
    ] = False

    themes: Annotated[
        bool,
        Choice(
            N_("Themes on the screen"), (N_("no"), N_("yes: the letter and the title of each")), late=True
        ),
    ] = False

    @property
    def pauses(self) -> bool:
        return self.pause

    @property
    def speaks_of_themes(self) -> bool:
        return self.themes

    @property
    def closes(self) -> bool:
        return self.closing


class Column(msgspec.Struct, frozen=True):
    """One column of a board."""

    id: str
    title: Words


class BoardSettings(KindSettings, frozen=True, tag="board", tag_field="kind"):
    """Writing cards."""

    reveals: ClassVar[bool] = True
    makes: ClassVar[str] = "idea"
    visibility: Annotated[
        Literal["hidden", "all"],
        Choice(
            N_("Who sees the cards"), (N_("nobody, until you reveal them"), N_("everybody, as they come"))
        ),
    ] = "hidden"
    max_chars: Annotated[int, CHARS, Choice(N_("Longest card, in characters"), late=True)] = 140  # graphemes
    columns: tuple[Column, ...] = ()
    answers: Annotated[
        bool, Choice(N_("Its headline"), (N_("its instruction"), N_("the forum’s question")), late=True)
    ] = False  # the forum's question

    @property
    def hides(self) -> bool:
        return self.visibility == "hidden"

    @property
    def led(self) -> bool:
        return self.answers


class SortSettings(KindSettings, frozen=True, tag="sort", tag_field="kind"):
    """Sorting the cards of earlier boards into themes."""

    makes: ClassVar[str] = "theme"
    gathers: ClassVar[Gathers] = "fresh"
    of: tuple[StepId, ...] = ()  # boards; empty: as ``inputs.every``
    who: Annotated[
        Literal["all", "desk"], Choice(N_("Who sorts"), (N_("everybody"), N_("you alone")), late=True)
    ] = "all"

    @property
    def takes(self) -> str:
        return "idea"


def _methods() -> tuple[tuple[str, str], ...]:
    from forum.domain.methods import METHODS  # noqa: PLC0415  they are about these settings

    return tuple((method.name, method.title) for method in METHODS.values() if method.offered)


def _worded(method: str, wording: "Wording", settings: "BallotSettings") -> str:
    from forum.domain.methods import key_of  # noqa: PLC0415

    return settings.worded.get(key_of(method, wording), "")


def _own(method: str, setting: "Setting", settings: "BallotSettings") -> int:
    from forum.domain.methods import own  # noqa: PLC0415

    return own(settings, method, setting)


def _votable() -> tuple[tuple[str, str], ...]:
    """What a vote can be over, with its words: ``PLURALS``, and the sheets of each schema."""
    return (
        *zip(PLURALS, (N_("themes"), N_("cards"), N_("actions")), strict=True),
        *((schema.name, schema.title) for schema in in_steps()),
    )


def _further(method: "Method") -> Iterator[Further]:
    """What a method lets the desk choose, its words before its numbers."""
    from forum.domain.methods import key_of  # noqa: PLC0415

    name, title = method.name, method.title
    for w in method.wordings:
        yield Further(key_of(name, w), w.label, None, partial(_worded, name, w), w.text, title)
    for s in method.settings:
        yield Further(key_of(name, s), s.label, s.numbers, partial(_own, name, s), of=title)


class BallotSettings(KindSettings, frozen=True, tag="ballot", tag_field="kind"):
    """A secret vote."""

    over: Annotated[str, Choice(N_("What it is about"), among=_votable)] = "themes"
    method: Annotated[str, Choice(N_("How people vote"), among=_methods)] = "dots"  # of ``domain.methods``
    purpose: Annotated[
        Literal["sense", "decide"],
        Choice(N_("What the result does"), (N_("it informs, and decides nothing"), N_("it decides"))),
    ] = "sense"
    points: int = 0  # and ``cap``: as journals and agendas say what ``dots`` has among its own (V3, V4)
    cap: int = 0
    least: Annotated[
        int, LEAST, Choice(N_("Show the result only from this many ballots on (0: you decide)"))
    ] = 0  # ballots below which no result is ever shown; 0: nothing was promised (V11)
    of: tuple[StepId, ...] = ()  # whose things it is over; empty: as ``inputs.every``
    among: Annotated[
        Literal["all", "kept"],
        Choice(N_("Which of them"), (N_("all that there are"), N_("those that an earlier vote has kept"))),
    ] = "all"
    own: dict[str, int] = {}  # what its method lets the desk choose: ``methods.key_of``
    worded: dict[
        str, str
    ] = {}  # and what it lets the desk call in its own words; fixed as all that a vote promised (F10)

    counted: ClassVar[bool] = True
    reveals: ClassVar[bool] = True
    gathers: ClassVar[Gathers] = "last"

    @property
    def takes(self) -> str:
        return PLURALS.get(self.over, self.over)

    @property
    def from_kept(self) -> bool:
        return self.among == "kept"

    @classmethod
    def further(cls) -> tuple[Further, ...]:
        from forum.domain import methods  # noqa: PLC0415  they are about these settings

        offered = (method for method in methods.METHODS.values() if method.offered)
        return tuple(further for method in offered for further in _further(method))

    @property
    def known(self) -> bool:
        """Whether this version knows what it is over."""
        return self.over in PLURALS or self.over in {schema.name for schema in in_steps()}

    @property
    def gives(self) -> str:
        return self.takes


def _written() -> tuple[tuple[str, str], ...]:
    """What a sheet can be, with its words."""
    return (PLAN, N_("actions under the axes")), *((schema.name, schema.title) for schema in in_steps())


class SheetSettings(KindSettings, frozen=True, tag="sheet", tag_field="kind"):
    """Writing actions under the axes, or sheets of a schema."""

    gathers: ClassVar[Gathers] = "last"
    what: Annotated[str, Choice(N_("What is written"), among=_written)] = PLAN  # or a schema, by its name
    of: tuple[StepId, ...] = ()  # sorts or votes whose themes become axes; empty: as ``inputs.every``

    @property
    def plans(self) -> bool:
        return self.what == PLAN

    @property
    def makes(self) -> str:
        return "action" if self.plans else self.what

    @property
    def from_votes(self) -> bool:
        return self.plans

    @property
    def takes(self) -> str:
        return "theme" if self.plans else ""

    @property
    def known(self) -> bool:
        """Whether this version knows such sheets."""
        return self.plans or self.what in {schema.name for schema in in_steps()}


class PledgeSettings(KindSettings, frozen=True, tag="pledge", tag_field="kind"):
    """Public commitments."""

    makes: ClassVar[str] = "commitment"
    on_plan: ClassVar[bool] = True
    of: tuple[StepId, ...] = ()  # sheets whose actions are chosen from; empty: as ``inputs.every``

    @property
    def plans(self) -> bool:
        return True

    @property
    def takes(self) -> str:
        return "action"


def _proposable() -> tuple[tuple[str, str], ...]:
    """From what a proposal can take its words, besides those that the desk writes."""
    return ((OWN_WORDS, N_("the words that you write")), *_votable())


class ProposalSettings(KindSettings, frozen=True, tag="proposal", tag_field="kind"):
    """A decision by consent."""

    makes: ClassVar[str] = "remark"
    gathers: ClassVar[Gathers] = "last"
    over: Annotated[str, Choice(N_("What can be proposed"), among=_proposable)] = OWN_WORDS
    of: tuple[StepId, ...] = ()  # whose things can be proposed; empty: as ``inputs.every``
    seconds: Annotated[
        int, Range(30, 1800), Choice(N_("Time to say whether one objects, in seconds"), late=True)
    ] = 120

    @property
    def takes(self) -> str:
        return "" if self.over == OWN_WORDS else PLURALS.get(self.over, self.over)


Settings = (
    ShowSettings
    | BoardSettings
    | SortSettings
    | BallotSettings
    | SheetSettings
    | PledgeSettings
    | ProposalSettings
)
