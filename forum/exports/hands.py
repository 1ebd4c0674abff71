"""A show of hands, as documents tell it beside the result of a vote: a series of its own (V55)."""

from forum.exports.lines import lettered
from forum.exports.told import VoteOut
from forum.language import Reader


def raised(vote: VoteOut, reader: Reader) -> str:
    """All that was noted, the most first; "" where nothing was."""
    if not vote.hands:
        return ""
    titles = {line.option: lettered(line.letter, line.title) for line in vote.lines}
    said = (
        f"{titles[option]} {reader.number(hands)}"
        for option, hands in sorted(
            ((option, vote.hands[option]) for option in titles if option in vote.hands),
            key=lambda noted: -noted[1],
        )
    )
    return reader.say("Show of hands, apart from the ballots: {hands}.", hands=reader.listed(said))
