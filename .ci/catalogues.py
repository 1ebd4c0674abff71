"""The build's hook: compiles the gettext catalogues, so that no wheel can be built without its languages.

A clone carries the .po files only. `make` compiles them when they change; this does it for whoever
installs Forum without make (`pip install .`), where a missing .mo would silently mean English only.
It writes the .mo files beside their sources and nothing else.
"""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Catalogues(BuildHookInterface):
    """Found and called by hatchling."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        for source in sorted(Path(self.root, "forum", "locale").glob("*/LC_MESSAGES/*.po")):
            with source.open("rb") as text, source.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, read_po(text, locale=source.parts[-3]))
