"""Mistakes in how a voice goes on on another phone (J9 to J11, V14)."""

from typing import Any, Final

from forum.domain import voices
from forum.domain.steps import replacing
from forum.fragments.kinds import ballot_phone as fragments
from tests.sim.mutants.planting import Mutant

HANDED: Final[tuple[tuple[str, Any], ...]] = (("handing", True),)

MUTANTS: Final = (
    Mutant(
        "each phone of one voice has a ballot that counts",
        replacing,
        "replaced",
        "if not state.people.kin or person in round_.ballots:",
        "if True:",
        hint=8,
        also=HANDED,
        begins="vote",
    ),
    Mutant(
        "another phone is shown what was given before with its voice",
        fragments,
        "_my_mark",
        "given = round_.ballots.get(me.id)",
        "given = round_.ballots.get(me.id) or round_.ballots.get(me.took)",
        hint=8,
        also=HANDED,
        begins="vote",
    ),
    Mutant(
        "whoever was before a voice was handed on stays in beside it",
        voices,
        "_goes_over",
        'state="out"',
        'state="in"',
        hint=5,
        also=HANDED,
    ),
)
