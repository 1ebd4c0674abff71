"""Forum: the live instrument for participatory forums.

    thumb → socket → room (decide) → journal (append, fsync, ring) → fold → fragments → one frame → every screen

Reading order
    domain      the rules: facts, commands, decide, fold. Pure.
    journal     facts in Redis or Valkey, append-only; the bell
    fragments   what each audience sees, as pieces of HTML with keys
    live        one task for each forum: inbox, group commit, ticks, seats
    health      what a process notices about itself and its store, in plain words
    exports     the plan as documents, a pure function of the journal
    photographs pictures that people bring, drawn anew in a process apart
    imports     tables made elsewhere, as commands of the desk's, shown before anybody confirms
    audit       receipts, and proofs about the journal, for everybody who doubts
    web         routes, identity, the socket's endpoint
    keeping     the life of data: archives, backups, erasure, the end of a forum
    cli         the ``forum`` command; ``app`` is the wiring, on one screen

Words, the same in Python, templates, CSS, JavaScript, tests and prose
    forum       one event and everything in it; its code is its name
    step        one moment of the agenda; its kind says what is done in it, and it *works on* things made in others
    thing       what people make: an idea, a theme, an action, a commitment; it belongs to the step in which it was made
    person      a participation in one forum; a *voice* is a person who writes and votes
    kin         the participations of one voice, after the desk *handed* it to another phone; one of them has it
    idea        a card with one sentence; a *theme* is a group of ideas, never a "cluster"
    ballot      what one person gave in a *round* of a vote: a mark for each choice, a whole number
    method      how a round is voted and counted: what a mark means, and the result of all ballots
    sheet       what has more than one field: an objective, a scenario; its *schema* says which
    axis        a heading of the plan; an *action* stands under it, has a *pilot* and *partners*
    commitment  a first step promised in public, with a date
    fact        something that happened, numbered by the *journal*; a *command* asks for facts
    op          one numbered command of one *tab*; a repeat gets the first answer again
    loss        the store lost facts it had confirmed; their ops come *again* with a *proof* or are *skipped*; some *wait*
    led         what those who lead had done before a loss; the desk lists it, and a press carries it out
    receipt     a person's own contributions with their numbers, to keep and to check; each line is a sealed *mark*
    bell        "this forum has reached fact N"; carries nothing else
    fragment    a piece of a page with a key; an *audience* sees the same fragments: surface, language and *group*
    group       people who work together in a step, as a table or a team; nobody else is sent what is theirs alone
    window      the end of a long list, which a page holds at first; earlier fragments come on request
    backdrop    the shared page of an audience as drawn last; personal fragments are filled into it
    turn        permission to do slow work, given in a line behind what people contribute
    husk        what is left of a fact whose words were struck at their author's request
    link        a secret that lets somebody lead, show or export; facts name it by its *key*
    place       from where people came in: a mark kept beside the journal for a while, never an address
    archive     one forum as a file; a *backup* is all of them; the *ledger* lists what was erased since
    seat        one connected browser, at a revision

Refused: accounts as a condition to take part; a second copy of a rule or of markup; sending what must not be
seen; an unbounded queue; a cache that can become the truth; live tallies during a secret vote; a tie broken by
chance or by order; a gesture that cannot be undone, and does not say so before; a file called utils.
"""
