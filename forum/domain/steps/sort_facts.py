"""What happened in a sort: its facts, what they change, and how they are undone. ``sort`` judges what is asked."""

import msgspec

from forum.domain.kernel import (
    N_,
    Fact,
    Facts,
    Fold,
    Gesture,
    Holds,
    IdeaId,
    Record,
    StepId,
    ThemeId,
)
from forum.domain.state import State, change
from forum.domain.steps.ideas import Placing
from forum.domain.steps.sorting import NOWHERE
from forum.domain.steps.themes import Theme
from forum.domain.touch import Touch


class Move(msgspec.Struct, frozen=True, omit_defaults=True):
    """One card's way; not a fact of its own."""

    idea: IdeaId
    was: ThemeId | None = None
    now: ThemeId | None = None


class IdeasMoved(Fact, frozen=True):
    moves: tuple[Move, ...]


class ThemeMade(Fact, frozen=True):
    theme: ThemeId
    step: StepId
    title: str


class ThemeRenamed(Fact, frozen=True):
    theme: ThemeId
    was: str
    now: str


class ThemeRemoved(Fact, frozen=True):
    theme: ThemeId


class ThemeRestored(Fact, frozen=True):
    theme: ThemeId


def _fold_moved(state: State, fact: IdeasMoved, record: Record) -> State:
    ideas, themes = state.ideas.by_id.mutate(), state.themes.by_id
    touched = set()
    for move in fact.moves:
        idea, sort = ideas[move.idea], _sort_moved(state, move)
        before = idea.placed.get(sort, NOWHERE).theme
        placing = Placing(move.now, state.seq, record.by, record.lost.seq if record.lost else 0)
        ideas[move.idea] = change(idea, placed=idea.placed.set(sort, placing), rev=state.seq)
        touched |= {Touch.idea(move.idea), Touch.you(idea.author)}
        for theme, inside in ((before, False), (move.now, True)):
            if theme is None:
                continue
            rest = tuple(i for i in themes[theme].ideas if i != move.idea)
            kept = (*rest, move.idea) if inside else rest
            themes = themes.set(theme, change(themes[theme], ideas=kept, rev=state.seq))
            touched.add(Touch.theme(theme))
    return change(
        state,
        ideas=change(state.ideas, by_id=ideas.finish()),
        themes=change(state.themes, by_id=themes),
        touched=frozenset(touched | {Touch.COUNT}),
    )


def _sort_moved(state: State, move: Move) -> StepId:
    """In whose sort a card was moved: a move names the theme that it left, or the one that it came to."""
    named = move.now or move.was
    assert named is not None, "expected a move from somewhere or to somewhere"
    return state.themes.by_id[named].sort


def _made(state: State, fact: ThemeMade, record: Record) -> State:
    made_in = state.step(fact.step)
    number = state.themes.numbers + 1
    theme = Theme(
        id=fact.theme,
        step=fact.step,
        title=fact.title,
        number=number,
        rev=state.seq,
        title_rev=state.seq,
        by=record.by,
        sort=made_in.own if made_in else StepId(""),
        title_was=record.lost.seq if record.lost else 0,
        made=state.seq,
    )
    return change(
        state,
        themes=change(
            state.themes,
            by_id=state.themes.by_id.set(theme.id, theme),
            order=(*state.themes.order, theme.id),
            numbers=number,
        ),
        touched=frozenset({Touch.THEMES, Touch.theme(theme.id)}),
    )


def _become(state: State, theme: ThemeId, /, **fields: object) -> State:
    after = change(state.themes.by_id[theme], rev=state.seq, **fields)
    ideas = {Touch.idea(i) for i in after.ideas}  # each card names its theme
    return change(
        state,
        themes=change(state.themes, by_id=state.themes.by_id.set(theme, after)),
        touched=frozenset({Touch.THEMES, Touch.theme(theme), *ideas}),
    )


def _renamed(state: State, fact: ThemeRenamed, record: Record) -> State:
    was = record.lost.seq if record.lost else 0
    return _become(state, fact.theme, title=fact.now, title_rev=state.seq, by=record.by, title_was=was)


def _removed(state: State, fact: ThemeRemoved, record: Record) -> State:
    return _become(state, fact.theme, removed=True)


def _restored(state: State, fact: ThemeRestored, record: Record) -> State:
    return _become(state, fact.theme, removed=False)


def _unmoved(state: State, fact: IdeasMoved) -> tuple[str, Facts]:
    about = state.ideas.by_id[fact.moves[0].idea].text
    back = (IdeasMoved(tuple(Move(m.idea, m.now, m.was) for m in reversed(fact.moves))),)
    return about, back


def _where_they_were(state: State, fact: IdeasMoved) -> bool:
    """The cards still lie where the undone gesture put them, and the themes they return to stand."""
    return all(
        state.ideas.by_id[m.idea].placed.get(_sort_moved(state, m), NOWHERE).theme == m.was
        and state.ideas.by_id[m.idea].state == "active"
        and (m.now is None or not state.themes.by_id[m.now].removed)
        for m in fact.moves
    )


FOLDS: dict[type[Fact], Fold] = {
    IdeasMoved: _fold_moved,
    ThemeMade: _made,
    ThemeRenamed: _renamed,
    ThemeRemoved: _removed,
    ThemeRestored: _restored,
}

GESTURES: dict[type[Fact], Gesture] = {
    IdeasMoved: Gesture(N_("moved cards"), _unmoved, _where_they_were),
    ThemeMade: Gesture(N_("made a theme"), lambda state, fact: (fact.title, (ThemeRemoved(fact.theme),))),
    ThemeRenamed: Gesture(
        N_("renamed a theme"),
        lambda state, fact: (fact.was, (ThemeRenamed(fact.theme, fact.now, fact.was),)),
        lambda state, fact: state.themes.by_id[fact.theme].title == fact.was,
    ),
    ThemeRemoved: Gesture(
        N_("took a theme apart"),
        lambda state, fact: (state.themes.by_id[fact.theme].title, (ThemeRestored(fact.theme),)),
        lambda state, fact: (
            not state.themes.by_id[fact.theme].removed and not state.themes.by_id[fact.theme].ideas
        ),
    ),
    ThemeRestored: Gesture("", fits=lambda state, fact: state.themes.by_id[fact.theme].removed),
}

WORDS: dict[type[Fact], Holds] = {
    ThemeMade: Holds(lambda f: f.theme, ("title",)),
    ThemeRenamed: Holds(lambda f: f.theme, ("was", "now")),
}
