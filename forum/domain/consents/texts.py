"""The texts that are agreed to, word for word, by the name of each. Facts name them for ever: another text has another name."""

from typing import Final

from forum.domain.kernel import N_

NAME_READ: Final = "name-1"
ADDRESS: Final = "reminders-1"
TEXTS: Final[dict[str, str]] = {
    NAME_READ: N_(
        "Outside this room, my name may stand at my commitment for those whom I choose. I can choose otherwise at any time,"
        " under “My data”."
    ),
    ADDRESS: N_(
        "My address is for the plan of this forum and for reminders of it, and for nothing else. Those who lead the forum and"
        " its staff read it, nobody else. It goes when I say so, with my name, or with the forum."
    ),
}
