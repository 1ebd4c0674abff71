"""What a hidden card takes with it: the titles that it gave. Pure.

A theme that is made of a card is called by the card's words (G6), and so is the axis made of that theme. The room would read
on there what was hidden. So they are called by their letter, until somebody gives them another title.
"""

from collections.abc import Iterator
from typing import Final

from forum.domain.kernel import N_, Asked, Facts, Part, Rejection, Words
from forum.domain.limits import TITLE
from forum.domain.plan.words import AxisRenamed
from forum.domain.spelling import opening
from forum.domain.state import State
from forum.domain.steps.board import HideIdea, IdeaHidden
from forum.domain.steps.ideas import Idea
from forum.domain.steps.sort import MAX_THEMES
from forum.domain.steps.sort_facts import ThemeRenamed
from forum.domain.steps.themes import Theme, named_after

RULES = {
    "G7": N_(
        "A hidden card leaves no title behind: the theme that is called by its words, and the axis made of that, are called "
        "by their letter until they get another title; undoing it gives theirs back."
    ),
}
CALLED: Final = Words("Thème", "Theme")


def hide_idea(state: State, command: HideIdea, asked: Asked) -> Facts | Rejection:
    idea = state.ideas.by_id.get(command.idea)
    if idea is None or idea.state != "active":
        return Rejection("B4", "no_idea")
    if not command.reason:
        return Rejection("B4", "reason_needed")
    # It comes last: by the last fact of an op the gesture is called.
    return (*_untitled(state, idea), IdeaHidden(idea.id, command.reason))


def letters_of(state: State, theme: Theme) -> str:
    """What a theme is called by its letter, in the language of the room."""
    return f"{CALLED.get(state.lang)} {theme.letter}"


def gave(theme: Theme, idea: Idea) -> bool:
    """Whether a theme has its title of this card; somebody who typed the same words gave a title of their own."""
    if theme.title != opening(idea.text, TITLE.most):
        return False
    made = range(theme.made - MAX_THEMES, theme.made)  # where the op began that made so many at most
    return any(named_after(idea.id, n) == theme.id for n in made)


def _untitled(state: State, idea: Idea) -> Iterator[ThemeRenamed | AxisRenamed]:
    for theme in state.themes.by_id.values():
        if not gave(theme, idea):
            continue
        title = letters_of(state, theme)
        yield ThemeRenamed(theme.id, theme.title, title)
        for axis in state.plan.axes.values():
            if axis.title == theme.title and axis.themes == (theme.id,):
                yield AxisRenamed(axis.id, axis.title, title)


PART = Part(judges={HideIdea: hide_idea}, folds={}, rules=RULES)
