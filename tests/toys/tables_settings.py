"""What an organiser chooses of the toy ``tables``."""

from typing import ClassVar, Final

from forum.domain.settings import KindSettings

NAME: Final = "tables"


class TablesSettings(KindSettings, frozen=True, tag=NAME, tag_field="kind"):
    """Notes at tables."""

    makes: ClassVar[str] = "note"
    tables: int = 3
