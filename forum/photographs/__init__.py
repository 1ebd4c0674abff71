"""Photographs that people bring: each drawn anew, so that nothing is left of what a phone wrote into the file.

    bytes → redrawn (in a process apart) → JPEG, upright, bounded, without any words inside

A stranger's file is opened in a process of its own, with bounds (``apart``), by one library (``redrawn``). Nothing here knows a
forum.
"""

from typing import Final

from forum.domain.kernel import N_

MOST_PIXELS: Final = 64_000_000  # more than the camera of any phone takes without being asked
SENTENCES: Final = {
    "no_photograph": N_("This is no photograph that can be read here. Choose a JPEG, PNG or WebP."),
    "heic": N_(
        "This photograph is in Apple’s format HEIC, which cannot be read here. Choose it on the iPhone itself, on this page: "
        "the iPhone then sends it as JPEG. On a computer, save it as JPEG first."
    ),
    "empty_file": N_("This file is empty. Choose the photograph again."),
    "too_many_pixels": N_(
        "This picture has {megapixels} million pixels; {most} are read at most. Take it at the usual size of the camera."
    ),
    "cut_off": N_("This photograph is damaged or cut off. Choose it again."),
    "took_too_long": N_("This picture takes too long to read, or too much room. Take the photograph again."),
}
"""Why a file is not taken, by the code of what was found."""


class Unreadable(Exception):
    """A file of which nothing can be kept; ``code`` is one of ``SENTENCES``."""

    def __init__(self, code: str, **params: int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
