"""Forum: the live instrument for participatory forums.

    thumb → socket → room (decide) → journal (append, fsync, ring) → fold → fragments → one frame → every screen

Reading order
    domain      the rules: facts, commands, decide, fold. Pure.
    journal     facts in Redis or Valkey, append-only; a doorbell
    fragments   what each audience sees, as keyed pieces of HTML
    live        one task a forum: inbox, group commit, ticks, seats
    health      what a process notices of itself and its store, in plain words
    exports     the plan as documents, a pure function of the journal
    audit       receipts, and the journal proved: what it takes to doubt and be sure
    web         routes, identity, the socket's endpoint
    keeping     the life of data: archives, backups, erasure, the end of a forum
    cli         the ``forum`` command; ``app`` is the wiring, on one screen

Words, the same in Python, templates, CSS, JavaScript, tests and prose
    forum       one event and everything in it; its code is its name
    step        one moment of the agenda; its kind says what is done in it, and it *works on* things made in others
    thing       what people make: an idea, a theme, an action, a commitment; it belongs to the step in which it was made
    person      a participation in one forum; a *voice* is a person who writes and votes
    idea        a card with one sentence; a *theme* is a group of ideas, never a "cluster"
    ballot      what one person gave in a *round* of a vote: a mark for each choice, a whole number
    method      how a round is voted and counted: what a mark means, and what comes of all ballots
    axis        a heading of the plan; an *action* stands under it, has a *pilot* and *partners*
    commitment  a first step promised in public, with a date
    fact        something that happened, numbered by the *journal*; a *command* asks for facts
    op          one numbered command of one *tab*; answered once, whoever repeats it
    loss        the store lost facts it had confirmed; their ops are offered *again* with a *proof*, or *skipped*; some *wait*
    led         what those who lead had done before a loss: shown to the desk, done when it presses
    receipt     one's own contributions with their numbers, to keep and to check; each line is a sealed *mark*
    bell        "this forum has reached fact N"; carries nothing else
    fragment    a keyed piece of a page; an *audience* is who sees the same fragments: surface, language and *group*
    group       people at work together in a step, a table or a team: what only they have before them, nobody else is sent
    window      the end of a long list, which a page holds at first; what comes before is brought when it is asked for
    backdrop    the shared page of an audience as drawn last; what is one person's is put into it
    turn        being let do what costs time, in a line behind what people contribute
    husk        what is left of a fact whose words were struck at their author's request
    link        a secret that lets somebody lead, show or export; facts name it by its *key*
    place       from where people came in: a mark kept beside the journal for a while, never an address
    archive     one forum as a file; a *backup* is all of them; the *ledger* says what was erased since
    seat        one connected browser, at a revision

Refused: accounts as a condition to take part; a second copy of a rule or of markup; sending what must not be
seen; an unbounded queue; a cache that can become the truth; live tallies during a secret vote; a tie broken by
chance or by order; a step that cannot be undone; a file called utils.
"""
