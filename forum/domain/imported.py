"""What comes from a table that somebody made elsewhere: many commands as one gesture, all of them or none.

Every line of a table is a command of the desk's, judged by the rule that judges it by hand. Nothing here knows what a table
is, or which commands come of one (``forum.imports``).
"""

from collections.abc import Callable

from forum.domain.kernel import (
    N_,
    Absolute,
    Asked,
    Command,
    Fact,
    Facts,
    Gesture,
    Part,
    Record,
    Rejection,
)
from forum.domain.state import State, change

RULES = {
    "U4": N_(
        "An import does what its preview showed, under the rules that hold by hand: all of it or nothing, and it is undone in "
        "one press."
    ),
}
REFUSALS = {
    "nothing_to_import": N_(
        "Nothing is ticked that could be imported. Tick at least one line, then press again."
    ),
    "import_too_long": N_(
        "This is more than one import can hold. Tick fewer lines, then import the others after."
    ),
}
CALLED = {"cards": N_("imported cards"), "plan": N_("imported a plan")}
MOST_FACTS = 500  # of one import: what the journal takes at once, with some room

Apply = Callable[[State, Fact, Record], State]
JudgeOne = Callable[[State, Command], Facts | Rejection]


class ImportTable(Command, frozen=True):
    """Do what the lines of a table say, one after another."""

    of: str  # "cards", "plan"
    lines: int  # of its preview, that were ticked
    commands: tuple[Command, ...]


class TableImported(Fact, frozen=True):
    """The facts of this op before it come from a table that somebody made elsewhere."""

    of: str  # "cards", "plan"
    lines: int


class Trial:
    """Commands on trial, one after another: each is judged on what those before it left. Nothing comes true."""

    def __init__(self, state: State, asked: Asked, judge: JudgeOne, apply: Apply) -> None:
        self.state = state
        self._asked, self._judge, self._apply = asked, judge, apply

    def look(self, command: Command) -> Facts | Rejection:
        """What a command would come to. It leaves nothing behind."""
        return self._judge(self.state, command)

    def ask(self, command: Command) -> Facts | Rejection:
        """What a command comes to; the next one finds it done, unless it was refused."""
        verdict = self.look(command)
        for fact in verdict if isinstance(verdict, tuple) else ():
            seq = self.state.seq + 1
            record = Record(fact, self._asked.who, self._asked.at)
            self.state = self._apply(change(self.state, seq=seq), fact, record)
        return verdict


def judge(command: ImportTable, trial: Trial) -> Facts | Rejection:
    """All of it, or what the first one says that is refused."""
    facts: list[Fact] = []
    for one in command.commands:
        verdict = trial.ask(one)
        if isinstance(verdict, Rejection):
            return verdict
        facts.extend(verdict)
        if len(facts) > MOST_FACTS:
            return Rejection("U4", "import_too_long")
    return (
        (*facts, TableImported(command.of, command.lines)) if facts else Rejection("U4", "nothing_to_import")
    )


def _imported(state: State, fact: TableImported, record: Record) -> State:
    return change(state, touched=frozenset())


PART = Part(
    judges={},
    folds={TableImported: _imported},
    rules=RULES,
    refusals=REFUSALS,
    gestures={
        TableImported: Gesture(
            N_("imported a table"),
            lambda state, fact: ("", ()),
            named=lambda state, fact: CALLED.get(fact.of, ""),
        )
    },
    sees={ImportTable: Absolute("each line is judged by what its own command must have seen")},
)
