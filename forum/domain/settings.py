"""The settings of a step, by its kind: what an organiser chose, and what every kind says of itself."""

from typing import Annotated, ClassVar, Literal

import msgspec

from forum.domain.kernel import StepId, Words
from forum.domain.limits import Range

LEAST = Range(0, 1000, judged=True)  # ballots that a vote may wait for
Gathers = Literal["all", "fresh", "last"]  # fresh: what no earlier step of this kind took


class KindSettings(msgspec.Struct, frozen=True):
    """What every kind of step says of itself, besides its own fields."""

    asks: ClassVar[bool] = True  # people are asked for something
    counted: ClassVar[bool] = (
        False  # what is given is counted at its close: it is closed before it is left (F4, F5)
    )
    reveals: ClassVar[bool] = False  # something in it is shown by a gesture
    plans: ClassVar[bool] = False  # people write and take on actions in it
    makes: ClassVar[str] = ""  # the thing that people make in it: idea, theme, action …
    gathers: ClassVar[Gathers] = "all"  # of the steps whose things it could take, which are proposed
    from_votes: ClassVar[bool] = False  # takes what was voted on, too, in the order of the result

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


class ShowSettings(KindSettings, frozen=True, tag="show", tag_field="kind"):
    """A moment without input: welcome, framing, break."""

    asks: ClassVar[bool] = False
    pause: bool = False  # phones say when it goes on

    @property
    def pauses(self) -> bool:
        return self.pause


class Column(msgspec.Struct, frozen=True):
    """One column of a board."""

    id: str
    title: Words


class BoardSettings(KindSettings, frozen=True, tag="board", tag_field="kind"):
    """Writing cards."""

    reveals: ClassVar[bool] = True
    makes: ClassVar[str] = "idea"
    visibility: Literal["hidden", "all"] = "hidden"  # hidden: until the reveal
    max_chars: int = 140  # graphemes
    columns: tuple[Column, ...] = ()

    @property
    def hides(self) -> bool:
        return self.visibility == "hidden"


class SortSettings(KindSettings, frozen=True, tag="sort", tag_field="kind"):
    """Sorting the cards of earlier boards into themes."""

    makes: ClassVar[str] = "theme"
    gathers: ClassVar[Gathers] = "fresh"
    of: tuple[StepId, ...] = ()  # boards; empty: as ``inputs.every``
    who: Literal["all", "desk"] = "all"

    @property
    def takes(self) -> str:
        return "idea"


class BallotSettings(KindSettings, frozen=True, tag="ballot", tag_field="kind"):
    """A secret vote."""

    over: Literal["themes", "ideas", "actions"] = "themes"
    method: str = "dots"  # of ``domain.methods``
    purpose: Literal["sense", "decide"] = "sense"
    points: int = 0  # where the method knows points; 0: by the number of options (V3)
    cap: int = 0  # and of them, at most so many on one option; 0: a third (V4)
    least: Annotated[int, LEAST] = (
        0  # ballots below which no result is ever shown; 0: nothing was promised (V11)
    )
    of: tuple[StepId, ...] = ()  # whose things it is over; empty: as ``inputs.every``

    counted: ClassVar[bool] = True
    reveals: ClassVar[bool] = True
    gathers: ClassVar[Gathers] = "last"

    @property
    def takes(self) -> str:
        return self.over.removesuffix("s")

    @property
    def gives(self) -> str:
        return self.takes


class SheetSettings(KindSettings, frozen=True, tag="sheet", tag_field="kind"):
    """Writing actions under the axes."""

    plans: ClassVar[bool] = True
    makes: ClassVar[str] = "action"
    from_votes: ClassVar[bool] = True
    gathers: ClassVar[Gathers] = "last"
    what: Literal["actions"] = "actions"
    of: tuple[StepId, ...] = ()  # sorts or votes whose themes become axes; empty: as ``inputs.every``

    @property
    def takes(self) -> str:
        return "theme"


class PledgeSettings(KindSettings, frozen=True, tag="pledge", tag_field="kind"):
    """Public commitments."""

    plans: ClassVar[bool] = True
    makes: ClassVar[str] = "commitment"
    of: tuple[StepId, ...] = ()  # sheets whose actions are chosen from; empty: as ``inputs.every``

    @property
    def takes(self) -> str:
        return "action"


Settings = ShowSettings | BoardSettings | SortSettings | BallotSettings | SheetSettings | PledgeSettings
