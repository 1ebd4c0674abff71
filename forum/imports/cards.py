"""Cards from a table: each line that says something is a card on a board that takes them now.

A card that is there already is left out, so that the same file can be imported again, for what is new in it. Only cards that
whoever imports may read are compared (B2).
"""

from collections.abc import Callable
from typing import Final

from forum.domain.kernel import N_, Asked, IdeaId, StepId, ThemeId
from forum.domain.spelling import opening, plain
from forum.domain.state import State, Step
from forum.domain.steps import boards, sorting
from forum.domain.steps.board import PostIdea, seen
from forum.domain.steps.sort import MOST_AT_ONCE, GroupIdeas, MoveIdeas
from forum.imports.book import Book, Page, letter
from forum.imports.columns import Guess, Target, below, guessed, names
from forum.imports.wishes import Asking, Problem, Wish

TEXT, THEME, COLUMN = "text", "theme", "column"
TARGETS: Final = (
    Target(
        TEXT,
        N_("What the card says"),
        names(
            "idea", "idée", "ideas", "idées", "card", "carte", "cartes", "text", "texte", "proposition", "propositions",
            "proposal", "statement", "comment", "comment-body", "commentaire", "contribution", "contenu", "body", "content",
            "titre", "title", "levier", "action", "question", "suggestion", "mesure", "post-it",
            "competence-sous-competence", "preferredLabel", "nom", "name", "libellé", "intitulé",
        ),
        several=False,
    ),
    Target(THEME, N_("Its theme"), names("theme", "thème", "themes", "thématique", "topic", "category", "catégorie", "categorie")),
    Target(COLUMN, N_("Its column on the board"), names("column", "colonne", "board column")),
)  # fmt: skip
MOST_CARDS: Final = 400  # at once; the same file gives the others after
LONG: Final = 12  # characters: what is longer on average reads as sentences

ALREADY: Final = N_("Already there, left out.")
TWICE: Final = N_("The same as in a line above, left out.")
ENOUGH: Final = N_(
    "Cards from line {line} on stay out: {most} at once are enough. Import the same file again for the others."
)
NO_COLUMN: Final = N_(
    "No column of the board is called so. Correct it in the file, or write it on the board afterwards."
)
NO_SORT: Final = N_("Cards cannot be sorted now: these come without their themes.")


def first_guess(book: Book) -> Guess:
    """By names; where no column is called like what a card says, the one with the longest words."""
    guess = guessed(book.pages, TARGETS)
    if TEXT in guess.targets.values():
        return guess
    page = book.pages[guess.page]
    wordy = max(range(page.width), key=lambda column: _length(page, guess.heading, column), default=0)
    others = {column: key for column, key in guess.targets.items() if column != wordy}
    return guess._replace(targets=others | {wordy: TEXT})


def _length(page: Page, heading: int, column: int) -> float:
    """How long what stands in a column is on average; numbers are no words."""
    said = [row.at(column) for row in below(page, heading)]
    words = [cell for cell in said if any(sign.isalpha() for sign in cell)]
    return sum(map(len, words)) / max(1, len(said)) if words else 0.0


def wishes(
    state: State, page: Page, guess: Guess, step: Step, asked: Asked, new_id: Callable[[str, int], str]
) -> Asking:
    """What the lines ask for: cards first, then their themes. At most ``MOST_CARDS`` cards.

    new_id   an id for a new thing of a kind ("card", "theme"), of a line; the same for the same
    """
    known = _known(state, step, asked)
    columns = {
        plain(said): one.id for one in boards.columns(step) for said in (one.title.fr, one.title.en) if said
    }
    before = set[str]()
    sorted_: dict[str, list[tuple[int, IdeaId]]] = {}
    at = {key: column for column, key in sorted(guess.targets.items(), reverse=True)}
    count = 0
    for row in below(page, guess.heading):
        words, column = _said(row.at, guess), at.get(TEXT, 0)
        if not words:
            continue
        same = plain(words)
        if same in known or same in before:
            why = Problem(row.number, letter(column), words, ALREADY)
            yield why if same in known else why._replace(why=TWICE)
            continue
        if count == MOST_CARDS:
            yield Problem(0, "", words, ENOUGH, {"line": row.number, "most": MOST_CARDS})
            break
        before.add(same)
        count += 1
        card = IdeaId(new_id("card", row.number))
        on = row.at(at[COLUMN]) if COLUMN in at else ""
        if on and plain(on) not in columns:
            yield Problem(row.number, letter(at[COLUMN]), on, NO_COLUMN)
        where = columns.get(plain(on), "") or next(iter(columns.values()), "")
        command = PostIdea(card, words, StepId(step.id), where, "import")
        says = any(map(str.isalpha, words))  # figures alone are rarely what somebody meant by a card
        taken = yield Wish(f"line-{row.number}", row.number, letter(column), words, command, ticked=says)
        if taken and THEME in at and row.at(at[THEME]):
            sorted_.setdefault(opening(row.at(at[THEME]), 120), []).append((row.number, card))
    yield from _themes(state, step, sorted_, new_id)


def _said(at: Callable[[int], str], guess: Guess) -> str:
    """What a card says: its column, or several, one below the other."""
    return "\n".join(
        filter(None, (at(column) for column, key in sorted(guess.targets.items()) if key == TEXT))
    )


def _known(state: State, step: Step, asked: Asked) -> set[str]:
    """What is on the board already, of what whoever imports may read."""
    cards = (state.ideas.by_id[card] for card in state.ideas.order.get(step.id, {}).values())
    return {plain(c.text) for c in cards if c.state == "active" and (c.author == asked.who or seen(state, c))}


def _themes(
    state: State,
    step: Step,
    sorted_: dict[str, list[tuple[int, IdeaId]]],
    new_id: Callable[[str, int], str],
) -> Asking:
    """Cards under their themes, which are made where none is called so: one wish for some cards of one theme."""
    there: dict[str, ThemeId] = {}
    sorts = sorting.begun(state)
    if sorted_ and not sorts:
        yield Problem(0, "", next(iter(sorted_)), NO_SORT)
        return
    for sort in sorts:
        there |= {plain(theme.title): theme.id for theme in sorting.live_themes(state, sort)}
    for title, cards in sorted_.items():
        theme, line = there.get(plain(title)), cards[0][0]
        made = ThemeId(new_id("theme", line))
        for start in range(0, len(cards), MOST_AT_ONCE):
            ids = tuple(card for _, card in cards[start : start + MOST_AT_ONCE])
            command = MoveIdeas(ids, theme) if theme else GroupIdeas(ids, made, title)
            yield Wish("themes", line, "", title, command)
