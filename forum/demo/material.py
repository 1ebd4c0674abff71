"""What the demo's people say: a music-and-image cluster imagining its 2025, in French or English. Fictional."""

from functools import cache
from importlib.resources import files

import msgspec

from forum.domain.kernel import Words


class ThemeMaterial(msgspec.Struct, frozen=True):
    title_fr: str
    title_en: str
    ideas: tuple[str, ...]
    ideas_en: tuple[str, ...] = ()


class AxisMaterial(msgspec.Struct, frozen=True):
    id: str
    title_fr: str
    title_en: str
    themes: tuple[ThemeMaterial, ...]


class ActionMaterial(msgspec.Struct, frozen=True):
    theme: str  # French title of the theme it belongs to
    title_fr: str
    title_en: str
    first_step_fr: str
    first_step_en: str


class Material(msgspec.Struct, frozen=True):
    question: Words
    axes: tuple[AxisMaterial, ...]
    actions: tuple[ActionMaterial, ...]
    pledges_fr: tuple[str, ...]
    pledges_en: tuple[str, ...]
    first_names: tuple[str, ...]


@cache
def material() -> Material:
    """Everything there is to say, read once."""
    return msgspec.json.decode((files("forum.demo") / "ideas.json").read_bytes(), type=Material)
