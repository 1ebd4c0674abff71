"""What would come of a table now: each wish is tried under the rules, and nothing comes true. Pure, in slices."""

from collections.abc import Callable, Collection
from typing import NamedTuple

from forum.domain.imported import Trial
from forum.domain.kernel import Command, Rejection
from forum.domain.plan.words import FIELDS, EditAction
from forum.domain.sheets.words import EditSheet
from forum.domain.state import change
from forum.imports.wishes import Asking, Problem, Wish
from forum.slices import Sliced

SLICE: int = 8  # wishes


class Preview(NamedTuple):
    """What can be ticked, and what cannot be imported."""

    wishes: tuple[Wish, ...]  # that the rules take, in their order
    commands: tuple[Command, ...]  # of those that are ticked
    problems: tuple[Problem, ...]
    refused: tuple[tuple[Wish, Rejection], ...]
    lines: int  # of the table, that say something that is ticked

    @property
    def groups(self) -> tuple[tuple[Wish, ...], ...]:
        """What is ticked together, in the order in which it came."""
        by_key: dict[str, list[Wish]] = {}
        for wish in self.wishes:
            by_key.setdefault(wish.key, []).append(wish)
        return tuple(map(tuple, by_key.values()))


def tried(
    asking: Asking,
    trial: Trial,
    settle: Callable[[Command], Command | Rejection],
    keys: Collection[str] | None = None,
) -> Sliced[Preview]:
    """Try every wish.

    settle  a command as the edge lets it in, its texts clean and counted; or why not
    keys    of those that somebody ticked; None: nobody has said yet, as they come
    """
    wishes, commands, problems = list[Wish](), list[Command](), list[Problem]()
    refused, lines = list[tuple[Wish, Rejection]](), set[tuple[str, int]]()
    done, count = False, 0
    asked = next(asking, None)
    while asked is not None:
        done = False
        if isinstance(asked, Problem):
            problems.append(asked)
        else:
            command = settle(asked.command)
            wanted = asked.ticked if keys is None else asked.key in keys
            take = trial.ask if wanted else trial.look
            verdict = command if isinstance(command, Rejection) else take(command)
            if isinstance(verdict, Rejection) or isinstance(command, Rejection):
                refused.append((asked, verdict if isinstance(verdict, Rejection) else command))  # type: ignore[arg-type]
            elif verdict:
                wishes.append(asked)
                done = wanted
                if wanted:
                    commands = _with(commands, command)
                    lines.add((asked.page, asked.line))
        count += 1
        if count % SLICE == 0:
            yield
        try:
            asked = asking.send(done)
        except StopIteration:
            break
    return Preview(
        tuple(wishes), tuple(commands), tuple(problems), tuple(refused), sum(line > 0 for _, line in lines)
    )


def _with(commands: list[Command], one: Command) -> list[Command]:
    """One more; changes of the same thing are one change, of several fields."""
    last = commands[-1] if commands else None
    if isinstance(one, EditAction) and isinstance(last, EditAction) and one.action == last.action:
        said = {name: value for name in FIELDS if (value := getattr(one, name)) is not None}
        return [*commands[:-1], change(last, **said)]
    if isinstance(one, EditSheet) and isinstance(last, EditSheet) and one.sheet == last.sheet:
        fields, lengths = dict(last.fields) | one.fields, last.lengths | one.lengths
        return [*commands[:-1], change(last, fields=fields, lengths=lengths)]
    commands.append(one)
    return commands
