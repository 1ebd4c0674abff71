"""Where the files lie that are not Python: templates, and what browsers are sent.

In a clone (and in an editable install of it) they stand beside the package, at the top of the repository;
a wheel carries them inside it. Nobody else knows the difference. Never reads, lists or caches anything.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def templates_dir() -> Path:
    """Directory of the Jinja2 templates, absolute.

    Raises FileNotFoundError, naming both places looked at, when the installation is incomplete.
    """
    return _carried("templates")


def static_dir() -> Path:
    """Directory of the files served as they are (css, js, fonts, vendor), absolute.

    Raises FileNotFoundError, naming both places looked at, when the installation is incomplete.
    """
    return _carried("static")


def _carried(name: str) -> Path:
    # The wheel's copy first: beside an installed package lies site-packages, where any
    # project may have left a directory called "static".
    looked_at = (_PACKAGE / name, _PACKAGE.parent / name)
    for place in looked_at:
        if place.is_dir():
            return place
    raise FileNotFoundError(f"expected a directory {looked_at[0]} or {looked_at[1]}, got neither")
