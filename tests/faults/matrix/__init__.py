"""The fault matrix: what can go wrong, what must be seen then, and the tests that show it.

One row each, in the module of what breaks. A row is shown by tests of this folder, or pointed at where the repository
shows it already; ``make faults`` runs both. ``seconds``: a row that takes longer than a few is left to ``make faults``;
``make test`` runs the others. ``tests/faults/test_matrix.py`` holds rows and tests to each other.
"""

from typing import Final

from tests.faults.matrix import data, phones, servers, store
from tests.faults.matrix.row import HERE, Row

__all__ = ["HERE", "ROWS", "Row"]

ROWS: Final = tuple(sorted((*store.ROWS, *servers.ROWS, *phones.ROWS, *data.ROWS)))
