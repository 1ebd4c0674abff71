"""The QR that phones scan, as SVG fit for a page without inline styles; and what every page says of where it is."""

from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from typing import Final

import segno

from forum.fragments.surface import Site
from forum.web.addresses import Addresses

QUIET_MODULES: Final = 4  # the white border that the standard asks for


def site_of(addresses: Addresses) -> Callable[[str], Site]:
    """What says where a forum is reached, by its code."""

    def site(code: str) -> Site:
        address = addresses.join_url(code)
        drawn = type(Site().qr)(
            qr_svg(address)
        )  # the fragments' own kind of safe markup: ours has no foreign text
        return Site(address, f"{addresses.short_url()}/f/{code}", drawn)

    return site


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
