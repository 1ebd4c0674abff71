"""What votes say: their rules, and why something is refused. Each method has more of its own."""

from forum.domain.kernel import N_

RULES = {
    "V1": N_(
        "Votes are cast only while the vote is open; after its close nothing counts, and nothing counts late."
    ),
    "V2": N_("Only people of this room vote; the screen, the desk and the observers do not."),
    "V5": N_(
        "Before the reveal nobody, not even the desk, is shown a result; only how many people have voted."
    ),
    "V7": N_(
        "The list of options is frozen when the vote opens; reopening starts a new round and keeps the old one."
    ),
    "V8": N_("“I am done” without a choice is a blank ballot: it counts as a voter, for no option."),
    "V10": N_(
        "Fewer than five ballots can give away who voted how: the desk is told so before it reveals them, and decides."
    ),
    "V11": N_(
        "A vote may say from the start how few ballots are too few: with fewer its result is never shown, to anybody."
    ),
    "V29": N_(
        "What the room does not agree on is shown beside what it chose: the choices that divide it, as the method of the vote "
        "says; never of fewer than five ballots."
    ),
    "V12": N_(
        "With the reveal the journal keeps the result and a checksum of all ballots: a result reads for ever as it was shown."
    ),
}
REFUSALS = {
    "list_changed": N_(
        "What this vote is about has changed since it closed. Choose: continue with the list that people "
        "voted on, or begin a new round with the new one."
    ),
    "vote_closed": N_(
        "The vote closed at {time}. Your choice was not counted. Ask the facilitator to reopen the vote."
    ),
    "no_option": N_("This choice is not on the ballot. Reload the page, then vote again."),
    "not_asked": N_("This choice was not put to you. Reload the page, then vote on those you see."),
    "few_ballots": N_(
        "Ballots: {count}. With fewer than {limit}, people may find out who voted how. Reopen the vote, or reveal the "
        "result all the same, now that you know."
    ),
    "too_few": N_(
        "Ballots: {count}. This vote promised to show its result only from {limit} on. Reopen the vote, or go on without "
        "its result."
    ),
    "vote_not_back": N_("This vote is not open again yet. What you gave in it waits until it is."),
    "vote_shown": N_(
        "The result of this vote has been shown meanwhile. What you had given in it was not counted. Tell the facilitator."
    ),
    "choices_changed": N_(
        "This vote was opened again with other choices or points. What you had given in it was not counted: vote again."
    ),
}
