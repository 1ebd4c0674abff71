"""Templates of what lives only in the tests, found beside those of the product."""

from contextlib import AbstractContextManager
from pathlib import Path
from unittest.mock import patch

from forum.fragments import environment


def found_too(folder: Path) -> AbstractContextManager[object]:
    """For as long as the block lasts, pages that are put together find what lies in ``folder`` too."""
    folders = and_beside(folder)
    return patch.object(environment, "templates_dir", lambda: folders)


def and_beside(folder: Path) -> list[Path]:
    """Where templates lie now, and ``folder``."""
    there = environment.templates_dir()
    return [*(there if isinstance(there, list) else [there]), folder]
