"""What each kind of step shows: one module for each kind, with a face for each surface."""

from types import ModuleType
from typing import Final

from forum.fragments.kinds import ballot, board, pledge, proposal, sheet, show, sort
from forum.fragments.kinds.face import DeskFace, PhoneFace, ScreenFace

_MODULES: Final[dict[str, ModuleType]] = {
    "show": show,
    "board": board,
    "sort": sort,
    "ballot": ballot,
    "sheet": sheet,
    "pledge": pledge,
    "proposal": proposal,
}
PHONE: Final[dict[str, PhoneFace]] = {kind: module.PHONE for kind, module in _MODULES.items()}
SCREEN: Final[dict[str, ScreenFace]] = {kind: module.SCREEN for kind, module in _MODULES.items()}
DESK: Final[dict[str, DeskFace]] = {kind: module.DESK for kind, module in _MODULES.items()}
"""By the kind's name."""
