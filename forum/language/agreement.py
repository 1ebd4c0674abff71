"""What a decision by consent came to, in words: the same on every surface and in every document."""

from collections.abc import Iterable
from typing import Final, Protocol

from forum.domain.kernel import N_
from forum.domain.steps.proposals import MET, How
from forum.language import Reader

LISTED: Final = 12  # absent people by number, of more there are only how many
ENDED: Final = {
    "withdrawn": N_("The proposal was withdrawn."),
    "deferred": N_("The proposal was put off."),
}
UNDECIDED: Final = N_("The proposal is not decided.")


class Asked(Protocol):
    """A round that is over, as the state or an archive has it."""

    @property
    def present(self) -> int: ...
    @property
    def consents(self) -> int: ...
    @property
    def objections(self) -> int: ...
    @property
    def silent(self) -> int: ...
    @property
    def absentees(self) -> int: ...
    @property
    def absent(self) -> Iterable[int]: ...


def outcome(reader: Reader, phase: str, asked: Asked | None, reservations: int) -> str:
    """The decision as a sentence; that there is none yet, too."""
    if phase in ENDED:
        return reader.say(ENDED[phase])
    if phase != "adopted" or asked is None:
        return reader.say(UNDECIDED)
    said = reader.say_many(
        "Adopted by consent: {n} person was present, and no objection remains.",
        "Adopted by consent: {n} people were present, and no objection remains.",
        asked.present,
    )
    if not reservations:
        return said
    kept = reader.say_many("{n} reservation is kept.", "{n} reservations are kept.", reservations)
    return f"{said} {kept}"


def turnout(reader: Reader, asked: Asked) -> str:
    """Who answered what, in numbers that add up to those present (A5)."""
    parts = [
        reader.say_many("{n} person present", "{n} people present", asked.present),
        reader.say_many("{n} without objection", "{n} without objection", asked.consents),
        reader.say_many("{n} objection", "{n} objections", asked.objections),
        reader.say_many("{n} silent", "{n} silent", asked.silent),
    ]
    said = f"{parts[0]} = {' + '.join(parts[1:])}."
    silence = reader.say("Silence of who is present is consent.") if asked.silent else ""
    return " ".join(filter(None, (said, silence, absent(reader, asked))))


def absent(reader: Reader, asked: Asked) -> str:
    """Who was absent, by the numbers of their arrival; "" for nobody."""
    if not asked.absentees:
        return ""
    numbers = list(asked.absent)
    listed = ", ".join(map(str, numbers[:LISTED])) + ("…" if asked.absentees > LISTED else "")
    return reader.say_many(
        "{n} person absent (number {numbers}): their silence says nothing.",
        "{n} people absent (numbers {numbers}): their silence says nothing.",
        asked.absentees,
        numbers=listed,
    )


def met(reader: Reader, how: How, *, agreed: bool) -> str:
    """How an objection was met, or that it is not yet."""
    if not how or (how == "reservation" and not agreed):
        return reader.say("not met yet") if not how else reader.say("a reservation, if its author agrees")
    return reader.say(MET[how])
