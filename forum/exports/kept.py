"""What was kept of a vote, as documents tell it: as an export holds it, and in words (V65)."""

from forum.domain.state import State
from forum.domain.steps.cut import settled
from forum.domain.steps.rounds import Round
from forum.exports.lines import lettered
from forum.exports.told import CutOut, VoteOut
from forum.language import Reader, cut


def kept_of(state: State, round_: Round) -> CutOut | None:
    """The cut in a round's result, as far as it has come."""
    found, asked = settled(state, round_), round_.kept
    if found is None or asked is None:
        return None
    return CutOut(
        number=asked.number,
        options=found.options,
        how=found.how,
        tied=found.tied,
        places=found.places,
        waits=found.waits,
        seed=found.seed,
        runoff=found.runoff,
    )


def said(vote: VoteOut, reader: Reader) -> str:
    """In words; "" where nothing was kept."""
    titles = {line.option: lettered(line.letter, line.title) for line in vote.lines}
    return cut.told(reader, vote.kept, titles) if vote.kept else ""


def cell(vote: VoteOut, option: str, reader: Reader) -> str:
    """Of one choice, for a table: whether it is kept; "" where it is not, or nothing was."""
    if vote.kept is None:
        return ""
    if option in vote.kept.options:
        return reader.say("yes")
    return reader.say("tied at the limit") if vote.kept.waits and option in vote.kept.tied else ""
