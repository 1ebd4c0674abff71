"""The QR that phones scan, as SVG fit for a page without inline styles; and what every page says of where it is."""

from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from typing import Final

import segno

from forum.fragments.surface import Site
from forum.opening import agendas
from forum.web.addresses import Addresses

QUIET_MODULES: Final = 4  # the white border that the standard asks for
PLAIN_PX: Final = 240
SAFE: Final = type(Site().qr)
"""The fragments' own kind of safe markup: what is drawn here has no foreign text."""


def site_of(addresses: Addresses) -> Callable[[str], Site]:
    """What says where a forum is reached, by its code."""

    def site(code: str) -> Site:
        address = addresses.join_url(code)
        ready = tuple((agenda.id, agenda.title) for agenda in agendas().values())
        return Site(address, f"{addresses.short_url()}/f/{code}", SAFE(_of_a_room(address)), ready)

    return site


@lru_cache(maxsize=256)
def _of_a_room(address: str) -> str:
    return qr_svg(address)


def qr_svg(address: str) -> str:
    """The address as an ``<svg>`` element: dark on white in every theme, sized by whoever shows it. Kept nowhere.

    Where no style sheet is understood it has a size of its own.
    """
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
    return drawn.getvalue().decode().replace("<svg ", f'<svg width="{PLAIN_PX}" height="{PLAIN_PX}" ', 1)
