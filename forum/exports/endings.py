"""What is said of a forum that ended although actions lacked something (D5): the same words in every document."""

from collections.abc import Iterator

from forum.exports.archive import in_lang
from forum.exports.told import Archive
from forum.language import Reader


def left_incomplete(told: Archive, reader: Reader) -> Iterator[str]:
    """How many actions still lack something, and the reasons with which their sessions ended. None where none does."""
    lacking = [action for axis in told.plan for action in axis.actions if action.gaps]
    if lacking:
        yield reader.say_many(
            "{n} action still lacks a pilot, a date or a first step.",
            "{n} actions still lack a pilot, a date or a first step.",
            len(lacking),
        )
        yield from ended_so(told, reader)


def ended_so(told: Archive, reader: Reader) -> Iterator[str]:
    """The reason given at the end of each session that ended so."""
    for session in told.sessions:
        title = in_lang(session.title, reader.lang) if len(told.sessions) > 1 else ""
        if session.reason and title:
            yield reader.say("“{title}” ended all the same: {reason}", title=title, reason=session.reason)
        elif session.reason:
            yield reader.say("The forum ended all the same: {reason}", reason=session.reason)
