"""Mistakes in what is written on sheets (H1 to H6), and in how votes are counted."""

from typing import Final

from forum.domain import people
from forum.domain.methods import approval, dots, method
from forum.domain.sheets import writing
from forum.domain.sheets.fields import amount, links
from tests.sim.mutants.planting import Mutant

MUTANTS: Final = (
    Mutant(
        "a number out of its range is kept",
        amount,
        "_reads",
        "not holds.least <= number <= holds.most",
        "False",
        begins="sheets",
    ),
    Mutant(
        "more is linked than a sheet may link to",
        links,
        "_reads",
        " and len(chosen) <= holds.most",
        "",
        hint=17,
        begins="sheets",
    ),
    Mutant(
        "a title is taken away",
        writing,
        "edit_sheet",
        "lacks = next((f for f in schema.fields if f.needed and f.name in now and not now[f.name]), None)",
        "lacks = None",
        hint=27,
        begins="sheets",
    ),
    Mutant(
        "sheets are written while their step is closed",
        writing,
        "_may_write",
        'return None if there else Rejection("H3", "sheets_closed")',
        "return None",
        hint=3,
        begins="sheets",
    ),
    Mutant(
        "a field of the desk’s is written by anybody",
        writing,
        "_of_desk",
        'if f.by == "desk" and f.name in fields',
        "if False",
        begins="sheets",
    ),
    Mutant(
        "others change what is not theirs",
        writing,
        "_whose",
        'return None if own else Rejection("H4", "not_your_sheet")',
        "return None",
        begins="sheets",
    ),
    Mutant(
        "where a sheet is changed by all, all take it away",
        writing,
        "remove_sheet",
        "_whose(state, sheet, False, asked)",
        "_whose(state, sheet, True, asked)",
        hint=5,
        begins="sheets",
    ),
    Mutant(
        "an edit writes over what another changed meanwhile",
        writing,
        "edit_sheet",
        "if other is not None:",
        "if False:",
        begins="sheets",
    ),
    Mutant(
        "an edit empties what it does not give",
        writing,
        "_edited",
        "(dict(sheet.fields) | fact.now)",
        "fact.now",
        hint=5,
        begins="sheets",
    ),
    Mutant(
        "anybody’s name is put into a sheet by anybody",
        writing,
        "_names_another",
        'return Rejection("H6", "name_of_another", {"label": other.label}) if other else None',
        "return None",
        hint=29,
        begins="sheets",
    ),
    Mutant(
        "an erased name stays in the sheets that name its person",
        people,
        "named_anew",
        "naming(state, person)",
        "()",
        also=(
            ("sheet", "recipe"),
            ("pause", 0.15),
            ("together", False),
            ("screen", True),
        ),  # which names its cook
        hint=7,
        begins="sheets",
    ),
    Mutant(
        "a sheet that is restored stays away",
        writing,
        "_restored",
        "removed=False",
        "removed=True",
        hint=5,
        begins="sheets",
    ),
    Mutant(
        "points are counted by those who gave them",
        dots,
        "_tally",
        "points[option] += given",
        "points[option] += 1",
        hint=22,
        begins="vote",
    ),
    Mutant(
        "a choice is approved twice",
        approval,
        "_refuse",
        "mark in (0, 1)",
        "mark in (0, 1, 2)",
        hint=1,
        begins="vote",
    ),
    Mutant(
        "equals stand one after the other",
        method,
        "ranked",
        "rank.setdefault(score[option], place)",
        "rank[score[option]] = place",
        begins="vote",
    ),
)
