"""Sorting: cards into themes, by several people at once, by tap, drag or keyboard.

A card lies in one theme at most. Every gesture can be undone, and says who did it.
"""

from collections.abc import Callable

from forum.domain.kernel import (
    N_,
    Absolute,
    Asked,
    Command,
    Facts,
    IdeaId,
    Part,
    PersonId,
    Quiet,
    Rejection,
    Saw,
    StepId,
    ThemeId,
)
from forum.domain.limits import TITLE, New, Title
from forum.domain.roles import LEADS
from forum.domain.settings import SortSettings
from forum.domain.spelling import opening
from forum.domain.state import State, Step, since_loss, takes
from forum.domain.steps import sort_facts
from forum.domain.steps.kind import Kind
from forum.domain.steps.sort_facts import IdeasMoved, Move, ThemeMade, ThemeRemoved, ThemeRenamed
from forum.domain.steps.sorting import NOWHERE, concerns, in_no_theme, in_use, live_themes
from forum.domain.steps.themes import Theme, named_after

RULES = {
    "G1": N_(
        "Cards are sorted only while a sorting step is open, which reveals them; the facilitator may always correct."
    ),
    "G2": N_("A card lies in at most one theme; its words and its author’s credit stay its own."),
    "G3": N_("Nothing moves by itself: somebody makes every move, it is shown who, and it can be undone."),
    "G4": N_(
        "Whoever moves or renames what somebody else has changed meanwhile is told so, and nothing is "
        "overwritten silently."
    ),
    "G5": N_(
        "Merging puts the cards of both under one title; taking a theme apart leaves its cards unsorted, none lost."
    ),
    "G6": N_(
        "A card in no theme is not voted on. The desk says how many there are before the vote, and can make each a theme."
    ),
}
REFUSALS = {
    "sort_closed": N_("Sorting is not open now. Nothing was moved. Ask the facilitator to reopen."),
    "no_theme": N_("This theme is no longer there. Look at the board again."),
    "title_needed": N_("Give the theme a title, ideally a short sentence with a verb."),
    "nothing_alone": N_("Every card is already in a theme."),
    "nothing_chosen": N_("Choose at least one card first."),
    "too_many": N_("At most {limit} cards at a time. Choose fewer."),
    "changed": N_("{name} has changed this meanwhile. Look at it again, then decide."),
    "same_theme": N_("Choose two different themes to merge."),
    "too_many_themes": N_("There are already {limit} themes. Merge two of them first."),
}

MOST_AT_ONCE = 100
MAX_THEMES = 60  # of one sort
MOST_THEMES = 1_000  # ever made in a forum, removed ones too
THEME = N_("This theme")
MOVES_A_FACT = 40  # some 5 KB: an entry of the journal stays small


class GroupIdeas(Command, frozen=True):
    """Put cards together under a new title, or under a theme that exists."""

    ideas: tuple[IdeaId, ...]
    theme: New[ThemeId]  # new, named by its creator, or existing
    title: Title = ""


class MoveIdeas(Command, frozen=True):
    """Put cards into a theme, or out of any (None)."""

    ideas: tuple[IdeaId, ...]
    theme: ThemeId | None = None


class MakeTheme(Command, frozen=True):
    """Make an empty theme."""

    theme: New[ThemeId]
    title: Title


class MakeThemesFromCards(Command, frozen=True):
    """Make each card of a sort that lies in no theme a theme of its own, named by the card's words."""

    step: StepId


class RenameTheme(Command, frozen=True):
    """Give a theme another title."""

    theme: ThemeId
    title: Title


class MergeThemes(Command, frozen=True):
    """Put all cards of one theme into another; the first goes."""

    theme: ThemeId
    into: ThemeId


class SplitTheme(Command, frozen=True):
    """Take some cards of a theme into a new one."""

    theme: ThemeId
    ideas: tuple[IdeaId, ...]
    new: New[ThemeId]
    title: Title


class RemoveTheme(Command, frozen=True):
    """Take a theme apart; its cards are unsorted again."""

    theme: ThemeId


def _may_sort(state: State, asked: Asked, theme: ThemeId | None = None) -> Step | Rejection:
    """The sorting step in which this gesture belongs (G1); who leads corrects a theme where it was made."""
    now = state.now
    leads = state.people.by_id[asked.by].role in LEADS
    if asked.was:
        return _sorted_then(state, asked, leads=leads)
    if leads and (made_in := _sort_of(state, theme)):
        return _vote_open(now) or made_in
    if now is not None and isinstance(now.settings, SortSettings) and now.phase == "open":
        return now if leads or now.settings.who == "all" else Rejection("G1", "sort_closed")
    sorts = [s for s in state.steps if s.settings.makes == "theme" and s.opened_at]
    last = now if now in sorts else next(reversed(sorts), None)
    if leads and last is not None:
        return _vote_open(now) or last
    return Rejection("G1", "sort_closed")


def _vote_open(now: Step | None) -> Rejection | None:
    open_vote = now is not None and now.settings.counted and now.phase == "open"
    return Rejection("F4", "vote_open") if open_vote else None


def _sort_of(state: State, theme: ThemeId | None) -> Step | None:
    """The step in which a theme was made."""
    made = state.themes.by_id.get(theme) if theme else None
    return state.step(made.step) if made else None


def _sorted_then(state: State, asked: Asked, *, leads: bool) -> Step | Rejection:
    """The sorting step in which a gesture was made that comes again (O11); who leads corrected a sort at any time."""
    sorts = [s for s in state.steps if isinstance(s.settings, SortSettings)]
    begun = [s for s in sorts if s.opened_at]
    found = next((s for s in sorts if takes(state, s, asked)), begun[-1] if begun and leads else None)
    if found is None:
        return Rejection("G1", "sort_closed")
    assert isinstance(found.settings, SortSettings), f"expected a sort, got {found.kind}"
    return found if leads or found.settings.who == "all" else Rejection("G1", "sort_closed")


def _theme(state: State, step: Step, theme: ThemeId) -> Theme | Rejection:
    """A theme of this sort."""
    found = state.themes.by_id.get(theme)
    there = found is not None and not found.removed and found.sort == step.own
    return found if found and there else Rejection("G5", "no_theme")


def _moves(
    state: State, step: Step, ideas: tuple[IdeaId, ...], to: ThemeId | None, asked: Asked
) -> tuple[Move, ...] | Rejection:
    """The moves that bring these cards to ``to``; those already there are left out."""
    if not ideas:
        return Rejection("G2", "nothing_chosen")
    if len(ideas) > MOST_AT_ONCE:
        return Rejection("G2", "too_many", {"limit": MOST_AT_ONCE})
    moves = []
    for name in dict.fromkeys(ideas):
        idea = state.ideas.by_id.get(name)
        if idea is None or idea.state != "active" or not concerns(state, step, idea):
            return Rejection("G2", "no_idea")
        at = idea.placed.get(step.own, NOWHERE)
        if at.theme == to:
            continue
        if asked.was and _overtaken(state, asked, at.rev, at.was, at.by):
            continue
        if _changed(state, asked, at.rev, at.was, at.by):
            return Rejection("G4", "changed", {"person": at.by})
        moves.append(Move(name, at.theme, to))
    return tuple(moves)


def _changed(state: State, asked: Asked, rev: int, was: int, by: PersonId) -> bool:
    """Whether another changed this since the asker saw it (G4); of what comes again, since the store lost it."""
    if asked.was:
        return by != asked.who and not was and since_loss(state, rev)
    return bool(asked.seen) and rev > asked.seen and by != asked.who


def _overtaken(state: State, asked: Asked, rev: int, was: int, by: PersonId) -> bool:
    """Whether what comes again was followed by something newer already: in the lost history, or of its own author."""
    assert asked.was is not None
    return was > asked.was.seq or (not was and by == asked.who and since_loss(state, rev))


def _moved(moves: tuple[Move, ...]) -> Facts:
    """The moves as facts of bounded size; those of one gesture are undone together."""
    return tuple(IdeasMoved(moves[at : at + MOVES_A_FACT]) for at in range(0, len(moves), MOVES_A_FACT))


def group_ideas(state: State, command: GroupIdeas, asked: Asked) -> Facts | Rejection:
    if command.theme in state.themes.by_id:
        return move_ideas(state, MoveIdeas(command.ideas, command.theme), asked)
    return _grouped(state, command, asked, _may_sort(state, asked))


def _grouped(state: State, command: GroupIdeas, asked: Asked, step: Step | Rejection) -> Facts | Rejection:
    made = _make(state, MakeTheme(command.theme, command.title), asked, step)
    if isinstance(made, Rejection) or isinstance(step, Rejection):
        return made
    moves = _moves(state, step, command.ideas, command.theme, asked)
    return moves if isinstance(moves, Rejection) else (*made, *_moved(moves))


def move_ideas(state: State, command: MoveIdeas, asked: Asked) -> Facts | Rejection:
    step = _may_sort(state, asked, command.theme)
    if isinstance(step, Rejection):
        return step
    if command.theme is not None:
        theme = _theme(state, step, command.theme)
        if isinstance(theme, Rejection):
            return theme
    moves = _moves(state, step, command.ideas, command.theme, asked)
    return moves if isinstance(moves, Rejection) else _moved(moves)


def make_theme(state: State, command: MakeTheme, asked: Asked) -> Facts | Rejection:
    return _make(state, command, asked, _may_sort(state, asked))


def _make(state: State, command: MakeTheme, asked: Asked, step: Step | Rejection) -> Facts | Rejection:
    if isinstance(step, Rejection):
        return step
    if not command.title:
        return Rejection("G5", "title_needed")
    if command.theme in state.themes.by_id:
        return () if asked.was else Rejection("G5", "id_taken")
    if not room_for(state, step, 1):
        return Rejection("G5", "too_many_themes", {"limit": MAX_THEMES})
    return (ThemeMade(command.theme, step.id, command.title),)


def make_themes_from_cards(state: State, command: MakeThemesFromCards, asked: Asked) -> Facts | Rejection:
    now, step = state.now, state.step(command.step)
    if step is None or step.settings.makes != "theme" or not step.opened_at:
        return Rejection("G1", "sort_closed")
    if refused := _vote_open(now):
        return refused
    alone = in_no_theme(state, step)
    if not alone:
        return () if asked.was else Rejection("G2", "nothing_alone")
    if not room_for(state, step, len(alone)):
        return Rejection("G5", "too_many_themes", {"limit": MAX_THEMES})
    made = tuple(
        ThemeMade(named_after(idea.id, state.seq), step.id, opening(idea.text, TITLE.most)) for idea in alone
    )
    moves = tuple(Move(idea.id, None, theme.theme) for idea, theme in zip(alone, made, strict=True))
    return (*made, *_moved(moves))


def room_for(state: State, step: Step, more: int) -> bool:
    """Whether a sort may have so many themes more."""
    here, ever = len(live_themes(state, step)), len(state.themes.order)
    return here + more <= MAX_THEMES and ever + more <= MOST_THEMES


def rename_theme(state: State, command: RenameTheme, asked: Asked) -> Facts | Rejection:
    step = _may_sort(state, asked, command.theme)
    if isinstance(step, Rejection):
        return step
    theme = _theme(state, step, command.theme)
    if isinstance(theme, Rejection):
        return theme
    if not command.title:
        return Rejection("G5", "title_needed")
    if asked.was and _overtaken(state, asked, theme.title_rev, theme.title_was, theme.by):
        return ()
    if _changed(state, asked, theme.title_rev, theme.title_was, theme.by):
        return Rejection("G4", "changed", {"person": theme.by})
    return (ThemeRenamed(theme.id, theme.title, command.title),) if command.title != theme.title else ()


def merge_themes(state: State, command: MergeThemes, asked: Asked) -> Facts | Rejection:
    step = _may_sort(state, asked, command.theme)
    if isinstance(step, Rejection):
        return step
    if command.theme == command.into:
        return Rejection("G5", "same_theme")
    one, into = _theme(state, step, command.theme), _theme(state, step, command.into)
    if isinstance(one, Rejection):
        return one
    if isinstance(into, Rejection):
        return into
    moves = tuple(Move(i, one.id, into.id) for i in one.ideas)
    return (*_moved(moves), ThemeRemoved(one.id))


def split_theme(state: State, command: SplitTheme, asked: Asked) -> Facts | Rejection:
    step = _may_sort(state, asked, command.theme)
    if isinstance(step, Rejection):
        return step
    theme = _theme(state, step, command.theme)
    if isinstance(theme, Rejection):
        return theme
    if any(i not in theme.ideas for i in command.ideas):
        return Rejection("G2", "no_idea")
    return _grouped(state, GroupIdeas(command.ideas, command.new, command.title), asked, step)


def remove_theme(state: State, command: RemoveTheme, asked: Asked) -> Facts | Rejection:
    step = _may_sort(state, asked, command.theme)
    if isinstance(step, Rejection):
        return step
    theme = _theme(state, step, command.theme)
    if isinstance(theme, Rejection):
        return theme
    return (
        *_moved(tuple(Move(i, theme.id, None) for i in theme.ideas)),
        ThemeRemoved(theme.id),
    )


def _meant(*fields: str) -> Callable[[State, Command, Asked], int]:
    """What the themes are called that a gesture names in these fields; where it names none, which sort it is in."""

    def last(state: State, command: Command, asked: Asked) -> int:
        named = (state.themes.by_id.get(getattr(command, field)) for field in fields)
        titled = [theme.title_rev for theme in named if theme]
        if titled:
            return max(titled)
        step = _may_sort(state, asked)
        return 0 if isinstance(step, Rejection) else state.since.step(step.id).opened

    return last


def _whole(state: State, command: RemoveTheme, asked: Asked) -> int:
    """What a theme is called, and what lies in it."""
    found = state.themes.by_id.get(command.theme)
    return found.rev if found else 0


def _alone(state: State, command: MakeThemesFromCards, asked: Asked) -> int:
    """What was taken out of a theme, or came, since: it would become an option unseen."""
    step = state.step(command.step)
    return max((idea.rev for idea in in_no_theme(state, step)), default=0) if step else 0


PART = Part(
    judges={
        GroupIdeas: group_ideas,
        MoveIdeas: move_ideas,
        MakeTheme: make_theme,
        MakeThemesFromCards: make_themes_from_cards,
        RenameTheme: rename_theme,
        MergeThemes: merge_themes,
        SplitTheme: split_theme,
        RemoveTheme: remove_theme,
    },
    folds=sort_facts.FOLDS,
    rules=RULES,
    refusals=REFUSALS,
    gestures=sort_facts.GESTURES,
    words=sort_facts.WORDS,
    sees={
        **dict.fromkeys((GroupIdeas, MoveIdeas, SplitTheme), Saw(_meant("theme"), THEME)),
        MakeTheme: Saw(_meant(), N_("The sorting")),
        MakeThemesFromCards: Saw(_alone, N_("What lies in no theme")),
        RenameTheme: Absolute("names its theme; what that was called when it was read, G4 judges"),
        MergeThemes: Saw(_meant("theme", "into"), THEME),
        RemoveTheme: Saw(_whole, THEME),
    },
    aloud={sort_facts.ThemeRestored: Quiet("what was undone is said")},
)

KIND = Kind(SortSettings, N_("Sorting"), PART, in_use=in_use)
