"""The texts that are agreed to, word for word, by the name of each. Facts name them for ever: another text has another name."""

from typing import Final

from forum.domain.kernel import N_

NAME_READ: Final = "name-7"
ADDRESS: Final = "reminders-1"
TEXTS: Final[dict[str, str]] = {
    NAME_READ: N_(
        "Only the room reads my first name beside this commitment, unless I choose the members of the organisation or"
        " everybody. I can change this at any time, on the page “My data”."
    ),
    "name-6": N_(  # agreed to before
        "The members of the organisation, or everybody, read my first name beside this commitment only if I choose them. I"
        " can change this at any time, on the page “My data”."
    ),
    "name-5": N_(  # agreed to before
        "If I choose the members or everybody, they read my first name beside my commitment. I can change this at any"
        " time, on the page “My data”. This is for the commitment alone: whoever pilots an action is named in the plan,"
        " for everybody who reads it."
    ),
    "name-4": N_(  # agreed to before
        "If I choose the members or everybody, they read my first name beside my commitment. I can change this at any"
        " time, on the page “My data”."
    ),
    "name-3": N_(  # agreed to before
        "If I choose the members or everybody: they may read my first name beside my commitment, outside this room. I can"
        " change this at any time, on the page “My data”."
    ),
    "name-2": N_(  # agreed to before
        "Those whom I choose here may read my first name beside my commitment, outside this room too. I can change this at"
        " any time, on the page “My data”."
    ),
    "name-1": N_(  # agreed to before
        "Outside this room, my name may stand at my commitment for those whom I choose. I can choose otherwise at any time,"
        " under “My data”."
    ),
    ADDRESS: N_(
        "My address is for the plan of this forum and for reminders of it, and for nothing else. Those who lead the forum and"
        " its staff read it, nobody else. It goes when I say so, with my name, or with the forum."
    ),
}
