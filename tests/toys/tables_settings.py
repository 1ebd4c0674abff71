"""What an organiser chooses of the toy ``tables``."""

from typing import Annotated, ClassVar, Final

from forum.domain.limits import Range
from forum.domain.settings import Choice, KindSettings

NAME: Final = "tables"


class TablesSettings(KindSettings, frozen=True, tag=NAME, tag_field="kind"):
    """Notes at tables."""

    makes: ClassVar[str] = "note"
    tables: Annotated[int, Range(1, 20), Choice("Number of tables")] = 3
