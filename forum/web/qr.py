"""The QR that phones scan: an address as SVG, fit for a page without inline styles."""

from functools import lru_cache
from io import BytesIO
from typing import Final

import segno

QUIET_MODULES: Final = 4  # the white border that the standard asks for


@lru_cache(maxsize=256)
def qr_svg(address: str) -> str:
    """The address as an ``<svg>`` element: dark on white in every theme, sized by whoever shows it."""
    drawn = BytesIO()
    segno.make(address, micro=False, error="m").save(
        drawn,
        kind="svg",
        border=QUIET_MODULES,
        dark="#000",
        light="#fff",
        omitsize=True,
        svgclass="qr",
        lineclass=None,
        xmldecl=False,
        svgns=True,
        nl=False,
    )
    return drawn.getvalue().decode()
