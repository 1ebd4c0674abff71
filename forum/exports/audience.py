"""For whom a document is written, and whose names stand in it (E3): the same words in every one of them."""

from collections.abc import Mapping

from forum.domain import homonyms
from forum.domain.kernel import PersonId
from forum.domain.kin import called
from forum.domain.state import State
from forum.exports.told import Archive
from forum.language import Reader


def written_for(told: Archive, reader: Reader) -> str:
    """Who may have the document."""
    if told.forum.readers == "everybody":
        return reader.say("Written for everybody: it may be passed on and published.")
    return reader.say("Written for the members of the organisation that holds this forum: for them alone.")


def names(told: Archive, reader: Reader) -> str:
    """Whose names stand at the commitments: of those who agreed that whoever this is written for may read them (E3).

    Whose name stands at an action itself is part of the plan: it is in every document (P3, H6).
    """
    say = reader.say
    of_plan = say(
        "Who pilots an action, offers to, takes part in it or has a role in it is part of the plan, and is named in every "
        "document."
    )
    return f"{_names(told, reader)} {of_plan}"


def _names(told: Archive, reader: Reader) -> str:
    say, made, named = reader.say, len(told.commitments), sum(bool(c.person) for c in told.commitments)
    if not named:
        return say("No names stand here: none of those who commit chose to be named in this document.")
    if named < made:
        return say(
            "{named} of {made} with a name: of those who agreed that those for whom this is written may read theirs.",
            named=named,
            made=made,
        )
    return say("All with their name: all agreed that those for whom this is written may read theirs.")


def told_apart(state: State, names: Mapping[PersonId, str]) -> Mapping[PersonId, str]:
    """What people are called in a document: those of one name told apart, those of one voice the same."""
    return called(state, homonyms.called(state, names).names)
