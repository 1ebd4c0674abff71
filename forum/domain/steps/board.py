"""Boards: writing cards, alone and in silence, until the reveal.

What others wrote is not shown before the reveal, to anybody; ``fragments`` asks ``shows`` and sends nothing else.
"""

from typing import Annotated, Literal

from immutables import Map

from forum.domain import saw
from forum.domain.kernel import (
    N_,
    Asked,
    Command,
    Fact,
    Facts,
    Gesture,
    GroupId,
    Holds,
    IdeaId,
    Part,
    Quiet,
    Record,
    Rejection,
    Saw,
    StepId,
    Was,
)
from forum.domain.limits import New, Text
from forum.domain.roles import LEADS
from forum.domain.settings import CHARS, BoardSettings, KindSettings
from forum.domain.state import State, Step, change, since_loss, takes
from forum.domain.steps.ideas import Idea, Source, as_it_came
from forum.domain.steps.kind import Kind
from forum.domain.touch import Touch

RULES = {
    "B1": N_("Ideas are written only while the board is open; what was sent before the freeze counts."),
    "B2": N_(
        "Before the reveal nobody, not even the desk, sees another person’s card; only how many there are."
    ),
    "B3": N_(
        "Authors edit and withdraw their own cards while the board is open; nobody else changes their words."
    ),
    "B4": N_("A card is never deleted: the facilitator may hide it with a reason and restore it."),
    "B5": N_("Cards stay in the order in which they came; new ones enter at the end."),
    "B6": N_(
        "A card may stand for others, as when a pair brings one for two: these stay, with their authors, "
        "and it is shown which they are."
    ),
}
REFUSALS = {
    "board_closed": N_(
        "Writing closed at {time}. Your card was not added; your text is kept here. Ask the facilitator to reopen."
    ),
    "no_idea": N_("This card is no longer there. Look at the board again."),
    "not_yours": N_("Only its author can change this card."),
    "too_many_ideas": N_("The board is full ({limit} cards). Withdraw one of yours, or ask the facilitator."),
    "too_long": N_(
        "This card has {count} characters, {over} more than the {limit} allowed. Shorten it, then send "
        "it again."
    ),
    "id_taken": N_(
        "This is already there under its own number. What you wrote is kept: to have it twice, send it again."
    ),
    "no_column": N_("Choose one of the columns, then send the card again."),
    "no_such_cards": N_("A card can stand only for others that are on a board. Choose them again."),
    "reason_needed": N_("Say in a few words why the card is hidden; its author will read it."),
}

MOST_COLUMNS = 6
MOST_STOOD_FOR = 64  # a table of eight, whose pairs and fours wrote before
Lang = Literal["", "fr", "en"]
MAX_IDEAS = 20_000  # of one forum: 2,000 people × 10; a state of about 20 MB


CardText = Annotated[str, Text(1000, lines=True, needed=True)]  # the board's own limit is a rule (B1)


class PostIdea(Command, frozen=True):
    """Write a card. The id is chosen by its creator."""

    id: New[IdeaId]
    text: CardText
    step: StepId
    column: str = ""
    source: Source = "phone"
    length: int = 0  # graphemes, counted at the edge
    lang: Lang = ""
    stands_for: tuple[IdeaId, ...] = ()  # cards that it sums up (B6)


class EditIdea(Command, frozen=True):
    """Put other words on one's own card."""

    idea: IdeaId
    text: CardText
    length: int = 0


class WithdrawIdea(Command, frozen=True):
    """Take one's own card back."""

    idea: IdeaId


class HideIdea(Command, frozen=True):
    """Take a card out of sight, saying why."""

    idea: IdeaId
    reason: Annotated[str, Text(200)]


class RestoreIdea(Command, frozen=True):
    """Bring a hidden card back."""

    idea: IdeaId


class IdeaPosted(Fact, frozen=True):
    idea: IdeaId
    step: StepId
    text: str
    author: str
    column: str = ""
    source: Source = "phone"
    lang: str = (
        ""  # in which it is written; "": nobody has said. No Literal: a later version may know more languages
    )
    group: GroupId = GroupId(
        ""
    )  # of people, for which it speaks. No command says one yet: groups come with composing
    stands_for: tuple[
        IdeaId, ...
    ] = ()  # the cards that it sums up; ids, so that the link outlives their words (B6)


class IdeaEdited(Fact, frozen=True):
    idea: IdeaId
    text: str


class IdeaWithdrawn(Fact, frozen=True):
    idea: IdeaId


class IdeaHidden(Fact, frozen=True):
    idea: IdeaId
    reason: str


class IdeaRestored(Fact, frozen=True):
    idea: IdeaId
    reason: str = ""  # the one it had been hidden for, so that undoing a restore can say it again


def shows(step: Step) -> bool:
    """Say whether the cards of this board may be seen by others than their authors (B2)."""
    return isinstance(step.settings, BoardSettings) and step.shows


def seen(state: State, idea: Idea) -> bool:
    """Whether this card may be seen by others than its author (B2, B4)."""
    step = state.step(idea.step)
    return idea.state == "active" and step is not None and shows(step)


def _open_board(state: State, step: StepId, asked: Asked) -> Step | Rejection:
    found = state.step(step)
    if found is None or not isinstance(found.settings, BoardSettings):
        return Rejection("F1", "no_step")
    if not takes(state, found, asked):
        return Rejection("B1", "board_closed", {"time": found.closed_at})
    return found


def _own(state: State, idea: IdeaId, asked: Asked) -> Idea | Rejection:
    found = state.ideas.by_id.get(idea)
    if found is None or found.state == "withdrawn":
        return Rejection("B3", "no_idea")
    if found.author != asked.who:
        return Rejection("B3", "not_yours")
    return found


def _too_long(step: Step, length: int) -> Rejection | None:
    assert isinstance(step.settings, BoardSettings), f"expected a board, got {step.kind}"
    limit = step.settings.max_chars
    return Rejection("B1", "too_long", {"count": length, "limit": limit}) if length > limit else None


def post_idea(state: State, command: PostIdea, asked: Asked) -> Facts | Rejection:
    step = _open_board(state, command.step, asked)
    if isinstance(step, Rejection):
        return step
    if command.id in state.ideas.by_id:
        known = state.ideas.by_id[command.id]
        there = known.author == asked.who and (asked.was or known.text == command.text)
        return () if there else Rejection("B1", "id_taken")
    if state.ideas.numbers >= MAX_IDEAS:
        return Rejection("B1", "too_many_ideas", {"limit": MAX_IDEAS})
    assert isinstance(step.settings, BoardSettings), f"expected a board, got {step.kind}"
    columns = {c.id for c in step.settings.columns}
    if columns and command.column not in columns:
        return Rejection("B1", "no_column")
    if refused := _too_long(step, command.length or len(command.text)):
        return refused
    if refused := _stands_for(state, command):
        return refused
    column = command.column if columns else ""
    by_desk = state.people.by_id[asked.by].role in LEADS
    source = "desk" if by_desk and command.source == "phone" else command.source
    posted = IdeaPosted(command.id, step.id, command.text, asked.who, column, source)
    return (change(posted, lang=command.lang, stands_for=command.stands_for),)


def _stands_for(state: State, command: PostIdea) -> Rejection | None:
    """Why a card may not stand for these: it would for itself, for one twice, for too many, or for none there is (B6).

    It tells nothing of hidden ones but that they are there: who names a card has its id, and ids are told with words.
    """
    cards = command.stands_for
    there = [state.ideas.by_id.get(card) for card in cards]
    wrong = len(set(cards)) < len(cards) or len(cards) > MOST_STOOD_FOR or command.id in cards
    gone = any(card is None or card.state == "withdrawn" for card in there)
    return Rejection("B6", "no_such_cards") if wrong or gone else None


def edit_idea(state: State, command: EditIdea, asked: Asked) -> Facts | Rejection:
    idea = _own(state, command.idea, asked)
    if isinstance(idea, Rejection):
        return idea
    step = _open_board(state, idea.step, asked)
    if isinstance(step, Rejection):
        return step
    if asked.was and _newer(state, idea, asked.was):
        return ()  # its author has written something newer already
    refused = _too_long(step, command.length or len(command.text))
    return refused or (IdeaEdited(idea.id, command.text),)


def _newer(state: State, idea: Idea, was: Was) -> bool:
    """Whether a card's words are newer than what comes again: in the history that was lost, or written since."""
    return idea.worded_was > was.seq if idea.worded_was else since_loss(state, idea.worded)


def withdraw_idea(state: State, command: WithdrawIdea, asked: Asked) -> Facts | Rejection:
    idea = _own(state, command.idea, asked)
    if isinstance(idea, Rejection):
        return idea
    step = _open_board(state, idea.step, asked)
    return step if isinstance(step, Rejection) else (IdeaWithdrawn(idea.id),)


def restore_idea(state: State, command: RestoreIdea, asked: Asked) -> Facts | Rejection:
    idea = state.ideas.by_id.get(command.idea)
    if idea is None or idea.state != "hidden":
        return Rejection("B4", "no_idea")
    return (IdeaRestored(idea.id, idea.reason),)


def _touched(state: State, idea: Idea) -> frozenset[str]:
    themes = {Touch.theme(p.theme) for p in idea.placed.values() if p.theme}
    late = () if state.current == idea.step else (Touch.LATE,)
    return frozenset({Touch.idea(idea.id), Touch.COUNT, Touch.you(idea.author), *themes, *late})


def _posted(state: State, fact: IdeaPosted, record: Record) -> State:
    number = state.ideas.numbers + 1
    idea = Idea(
        id=fact.idea,
        step=fact.step,
        author=fact.author,  # type: ignore[arg-type]
        text=fact.text,
        at=record.at,
        number=number,
        rev=state.seq,
        source=fact.source,
        column=fact.column,
        entered_by=record.entered_by,
        worded=state.seq,
        worded_was=record.lost.seq if record.lost else 0,
        lang=fact.lang,
        group=fact.group,
        stands_for=fact.stands_for,
    )
    ideas = state.ideas
    on_board: Map[int, IdeaId] = ideas.order.get(idea.step, Map())
    after = change(
        ideas,
        by_id=ideas.by_id.set(idea.id, idea),
        order=ideas.order.set(idea.step, on_board.set(number, idea.id)),
        numbers=number,
        active=ideas.active.set(idea.step, ideas.active.get(idea.step, 0) + 1),
        by_author=ideas.by_author.set(idea.author, (*ideas.by_author.get(idea.author, ()), idea.id)),
    )
    return change(state, ideas=after, touched=_touched(state, idea))


def _become(state: State, idea: IdeaId, /, **fields: object) -> State:
    ideas = state.ideas
    before = ideas.by_id[idea]
    after = change(before, rev=state.seq, **fields)
    shift = (after.state == "active") - (before.state == "active")
    active = ideas.active.set(after.step, ideas.active[after.step] + shift) if shift else ideas.active
    return change(
        state,
        ideas=change(ideas, by_id=ideas.by_id.set(idea, after), active=active),
        touched=_touched(state, after),
    )


def _edited(state: State, fact: IdeaEdited, record: Record) -> State:
    was = record.lost.seq if record.lost else 0
    return _become(state, fact.idea, text=fact.text, worded=state.seq, worded_was=was)


def _withdrawn(state: State, fact: IdeaWithdrawn, record: Record) -> State:
    return _become(state, fact.idea, state="withdrawn", settled=state.seq)


def _hidden(state: State, fact: IdeaHidden, record: Record) -> State:
    return _become(state, fact.idea, state="hidden", reason=fact.reason, settled=state.seq)


def _restored(state: State, fact: IdeaRestored, record: Record) -> State:
    return _become(state, fact.idea, state="active", reason="", settled=state.seq)


def _read(state: State, command: EditIdea | WithdrawIdea | HideIdea | RestoreIdea, asked: Asked) -> int:
    """A card’s words, and whether it is hidden; not where it lies."""
    found = state.ideas.by_id.get(command.idea)
    return max(found.worded, found.settled) if found else 0


PART = Part(
    judges={
        PostIdea: post_idea,
        EditIdea: edit_idea,
        WithdrawIdea: withdraw_idea,
        RestoreIdea: restore_idea,
    },
    folds={
        IdeaPosted: _posted,
        IdeaEdited: _edited,
        IdeaWithdrawn: _withdrawn,
        IdeaHidden: _hidden,
        IdeaRestored: _restored,
    },
    rules=RULES,
    refusals=REFUSALS,
    gestures={
        IdeaPosted: Gesture(  # of an import alone: what people wrote themselves, they take back themselves (B3)
            "",
            lambda state, fact: (fact.text, (IdeaWithdrawn(fact.idea),)) if fact.source == "import" else None,
            besides=True,
        ),
        IdeaWithdrawn: Gesture("", fits=lambda state, fact: as_it_came(state.ideas.by_id[fact.idea])),
        IdeaHidden: Gesture(
            N_("hid a card"),
            lambda state, fact: (state.ideas.by_id[fact.idea].text, (IdeaRestored(fact.idea, fact.reason),)),
            lambda state, fact: state.ideas.by_id[fact.idea].state == "active",
        ),
        IdeaRestored: Gesture(
            N_("restored a card"),
            lambda state, fact: (state.ideas.by_id[fact.idea].text, (IdeaHidden(fact.idea, fact.reason),)),
            lambda state, fact: state.ideas.by_id[fact.idea].state == "hidden",
        ),
    },
    words={
        IdeaPosted: Holds(lambda f: f.idea, ("text",), own=True),
        IdeaEdited: Holds(lambda f: f.idea, ("text",), own=True),
        IdeaHidden: Holds(lambda f: f.idea, ("reason",), quotes=True),
        IdeaRestored: Holds(lambda f: f.idea, ("reason",), quotes=True),
    },
    plain=frozenset({PostIdea, EditIdea, WithdrawIdea}),
    sees={
        PostIdea: saw.ANEW,
        **dict.fromkeys((EditIdea, WithdrawIdea, HideIdea, RestoreIdea), Saw(_read, N_("This card"))),
    },
    gives={PostIdea: N_("A card of yours"), EditIdea: N_("A card of yours")},
    aloud=dict.fromkeys((IdeaPosted, IdeaEdited, IdeaWithdrawn), Quiet("cards come by the dozen")),
)


def _sensible(settings: KindSettings) -> bool:
    assert isinstance(settings, BoardSettings), f"expected a board, got {settings}"
    return CHARS.holds(settings.max_chars) and len(settings.columns) <= MOST_COLUMNS


KIND = Kind(BoardSettings, N_("Cards"), PART, sensible=_sensible)
