"""Themes as the state holds them: the slice of ``State`` that is the sort's."""

from hashlib import sha256
from string import ascii_uppercase

import msgspec
from immutables import Map

from forum.domain.kernel import IdeaId, PersonId, StepId, ThemeId


def letter(number: int) -> str:
    """By which a theme is known on every surface and in every document: A to Z, then its number."""
    return ascii_uppercase[number - 1] if number <= len(ascii_uppercase) else str(number)


def named_after(card: IdeaId, seq: int) -> ThemeId:
    """The id of the theme that is made of one card after fact ``seq``: by it one knows whose words its title was (K2).

    Another after each undo, since a theme keeps its name for ever.
    """
    return ThemeId(sha256(f"{card} {seq}".encode()).hexdigest()[:16])


class Theme(msgspec.Struct, frozen=True):
    """A group of cards with a title. ``number`` picks its mark and hue and never changes."""

    id: ThemeId
    step: StepId
    title: str
    number: int
    rev: int
    title_rev: int
    by: PersonId
    sort: StepId = StepId("")  # whose it is; "": of all sorts of which no fact tells what they took
    title_was: int = 0  # where its title came again: its number in the history that was lost
    ideas: tuple[IdeaId, ...] = ()  # in the order they came
    removed: bool = False
    made: int = 0  # fact that made it

    @property
    def letter(self) -> str:
        return letter(self.number)


class Themes(msgspec.Struct, frozen=True):
    """Every theme of a forum, removed ones too."""

    by_id: Map[ThemeId, Theme] = Map()
    order: tuple[ThemeId, ...] = ()  # as they were made, of all sorts
    numbers: int = 0  # the number of the last
