"""The toy lacks nothing that a kind must have but its place in an agenda and its words in French, which toys have not."""

from tests.histories import WANTED
from tests.kinds import Registers, lacking
from tests.toys import tables
from tests.toys.tables_settings import NAME


def test_the_toy_is_registered_as_a_kind_must_be() -> None:
    bodies = {command.__name__: {} for command in tables.PART.judges}
    whole = Registers(
        agendas=frozenset({NAME}), french=lambda sentence: True, bodies=bodies, wanted=WANTED | {NAME: None}
    )

    assert lacking(NAME, whole) == []
