"""What votes say: what a ballot offers, how few have voted, and, after the reveal, the result. Readings of the state."""

from collections.abc import Iterator, Mapping
from hashlib import blake2b, sha256
from typing import NamedTuple

from forum.domain import methods, things
from forum.domain.inputs import inputs
from forum.domain.kernel import N_, NOBODY, PersonId, Rejection, RoundId
from forum.domain.kin import root_of
from forum.domain.methods import MOST_CHOICES
from forum.domain.roles import VOICE
from forum.domain.settings import BallotSettings
from forum.domain.state import State, Step
from forum.domain.steps import ahead, cut
from forum.domain.steps.rounds import Deal, Result, Round
from forum.domain.touch import Touch

FEW = 5  # ballots; of fewer the result may be told apart
TOO_FEW_OR_MANY = {
    "nothing_to_vote": N_(
        "There is not enough to vote on yet. Check what the vote is about, and how many choices there are."
    ),
    "too_few_themes": N_("A vote on themes needs at least two of them: group cards into themes first."),
    "too_many_choices": N_(
        "This vote would offer {count} choices; at most {limit} can be weighed. Group them first, and vote on the groups."
    ),
}


class Few(NamedTuple):
    """Why the result of a round is held back: so many ballots, where so many would do."""

    ballots: int
    wanted: int
    promised: bool  # to those who voted (V11); else the desk decides (V10)


def settings_of(step: Step) -> BallotSettings:
    """The settings of a step that is a vote."""
    assert isinstance(step.settings, BallotSettings), f"expected a ballot, got {step.kind}"
    return step.settings


def worded(step: Step | None) -> Mapping[str, str]:
    """What the desk called in its own words, by the names of the step's method. It is fixed before the vote opens (F10)."""
    settings = step.settings if step else None
    if not isinstance(settings, BallotSettings) or settings.method not in methods.METHODS:
        return {}
    names = {methods.key_of(settings.method, one): one.name for one in methods.of(settings.method).wordings}
    return {name: settings.worded[key] for key, name in names.items() if key in settings.worded}


def option_words(state: State, step: Step, option: str) -> str:
    """An option's words; "" for a card that must not be read here."""
    return things.words(state, step.settings.takes, option)


def key_words(state: State, step: Step, round_: Round, key: str) -> tuple[str, ...]:
    """The words of the options that a key is about; "" for one that must not be read. How they make one, its telling says."""
    return tuple(option_words(state, step, option) for option in methods.of(round_.method).about(key))


def own_order(round_: Round, person: PersonId) -> tuple[str, ...]:
    """All keys in an order of this person's own, the same at every reload: none is first for everybody. Keys that are about
    the same stand together."""
    method = methods.of(round_.method)
    return tuple(
        sorted(
            method.keys(round_),
            key=lambda key: blake2b(
                " ".join((person, round_.id, *method.about(key))).encode(), digest_size=8
            ).digest(),
        )
    )


def asked(state: State, round_: Round, person: PersonId) -> tuple[str, ...]:
    """The keys that are put to a person now, in their order; to whoever has another's voice, what was put to that one. Where they
    come one after another, it stands with the ballot which came next: what others give meanwhile changes nothing under one's
    hand."""
    method, ballot = methods.of(round_.method), round_.ballots.get(person)
    if method.asked is None:
        return own_order(round_, person)
    if ballot and method.one_by_one:
        return ballot.put
    return method.asked(round_, root_of(state, person), None)


def is_complete(state: State, round_: Round, person: PersonId) -> bool:
    """Whether somebody may well be done: by their method; where they may mark nothing but what is put to them, once all of it
    is marked."""
    ballot, method = round_.ballots.get(person), methods.of(round_.method)
    if ballot is None:
        return False
    if method.only_asked:
        return all(key in ballot.marks for key in asked(state, round_, person))
    return method.complete(round_, ballot.marks)


def put_anew(state: State, before: Round, after: Round, person: PersonId) -> Iterator[str]:
    """What touches one's ballot where what it puts to them depends on what they gave."""
    if not methods.of(after.method).one_by_one:
        return
    was, now = asked(state, before, person), asked(state, after, person)
    if was != now:
        yield Touch.ASKED
        yield from (Touch.mark(key) for key in (*was, *now))


def deal_for(state: State, step: Step, offered: tuple[str, ...], seed: int) -> Deal:
    """Who is there with a voice, and whose each option is. Cost: people, and all that they made."""
    thing = things.of(step.settings.takes)
    there = (
        p.id for p in state.people.by_id.values() if p.role in VOICE and p.state == "in" and not p.handed
    )
    wrote = {record.id: person for person in state.people.by_id for record in thing.of(state, person)}
    return Deal(
        seed,
        tuple(sorted({root_of(state, person) for person in there})),
        tuple(root_of(state, wrote[o]) if o in wrote else NOBODY for o in offered),
    )


def dealing_seed(seed: int, salt: str) -> int:
    """By which options are dealt. The seed of a round everybody can repeat; who sits where tells who wrote the cards of a hand,
    so the salt of the fact decides too, which stands in the journal alone."""
    return int.from_bytes(blake2b(f"{seed} {salt}".encode(), digest_size=8).digest(), "big")


class Changed(NamedTuple):
    """How what a vote is over differs from the list that was voted on: ids."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    reworded: bool


def options(state: State, step: Step) -> tuple[str, ...]:
    """What a ballot would offer now, in the order of the board; of what was kept, in that of the result."""
    if step.settings.from_kept:
        return cut.given(state, step, inputs(state, step))
    return things.given(state, step.settings.takes, inputs(state, step))


def to_vote_on(state: State, step: Step) -> tuple[str, ...] | Rejection:
    """``options``, when they are enough and not too many for a vote (V7)."""
    offered = options(state, step)
    method = methods.of(settings_of(step).method)
    if step.settings.from_kept and not offered:
        return Rejection("V66", "nothing_kept")
    if len(offered) < method.least:
        return Rejection("V7", "too_few_themes" if step.settings.takes == "theme" else "nothing_to_vote")
    most = min(MOST_CHOICES, method.most)
    if len(offered) > most:
        return Rejection("V7", "too_many_choices", {"count": len(offered), "limit": most})
    return offered


def changed(state: State, step: Step) -> Changed | None:
    """How the list of a vote that was closed and not revealed has changed since; None when it is the same."""
    round_ = state.rounds.latest(step.id)
    if round_ is None or not round_.closed_at or round_.revealed_at or not round_.ballots:
        return None
    now = options(state, step)
    new = tuple(o for o in now if o not in round_.options)
    gone = tuple(o for o in round_.options if o not in now)
    same_words = (
        not round_.choices or choices_of(state, step, round_.options, round_.parameters) == round_.choices
    )
    return None if not new and not gone and same_words else Changed(new, gone, not same_words)


def choices_of(state: State, step: Step, offered: tuple[str, ...], terms: Mapping[str, int]) -> str:
    """What stands for the choices: the same for the same options, with the same titles, on the same terms."""
    thing = things.of(step.settings.takes)
    titled = sorted(f"{option} {thing.title(thing.all(state)[option])}" for option in offered)
    words = "\n".join((" ".join(map(str, terms.values())), *titled))
    return sha256(words.encode()).hexdigest()[:16]


def counting(state: State, round_: Round) -> Round:
    """The round in which a round's ballots count: itself, or, when it was reopened before a reveal, the next ones."""
    if round_.revealed_at:
        return round_
    later = state.rounds.of_step.get(round_.step, ())
    after = (state.rounds.by_id[r] for r in later[later.index(round_.id) + 1 :])
    for other in after:
        if other.revealed_at:
            return other
        round_ = other
    return round_


def few(state: State, step: Step) -> Few | None:
    """Whether the latest round of a vote has so few ballots that its result is held back; None when it has enough."""
    round_ = state.rounds.latest(step.id)
    if round_ is None or not isinstance(step.settings, BallotSettings):
        return None
    ballots, least = len(round_.ballots), step.settings.least
    if ballots < least:
        return Few(ballots, least, promised=True)
    return Few(ballots, FEW, promised=False) if 0 < ballots < FEW else None


def seal_of(person: str, salt: str, marks: Mapping[str, int]) -> str:
    """What stands for one ballot. Nobody finds the ballot by it without the salt of its last fact."""
    given = " ".join(f"{key}={mark}" for key, mark in sorted(marks.items()))
    return sha256(f"{salt} {person} {given}".encode()).hexdigest()[:32]


def lot_of(round_: Round) -> int:
    """The seed by which a lot is drawn among those tied in its result: it follows from the round's own seed and from all its
    ballots. Nobody knows it before the close, and drawing again draws the same (V65)."""
    ballots = round_.counted.ballots if round_.counted else checksum(round_)
    return int(sha256(f"{round_.seed} {ballots}".encode()).hexdigest()[:8], 16)


def seed_for(state: State, round_: RoundId) -> int:
    """For what a method draws by lot: nobody chooses it, everybody can repeat it."""
    return int(sha256(f"{state.code} {round_} {state.seq} {state.at}".encode()).hexdigest()[:8], 16)


def checksum(round_: Round) -> str:
    """What stands for all ballots of a round: nobody can change one, add one or leave one out, and have the same."""
    return sha256("\n".join(sorted(ballot.seal for ballot in round_.ballots.values())).encode()).hexdigest()[
        :32
    ]


def result(round_: Round | None) -> Result | None:
    """The outcome of a round; None before its reveal (V5). As it was recorded then, else counted now.

    Equals share a rank (standard competition ranking). Never broken by order, name or id.
    """
    if round_ is None or not round_.revealed_at:
        return None
    return round_.counted.result if round_.counted else count(round_)


def divided(round_: Round | None) -> tuple[str, ...]:
    """The options about which the room is of two minds, as its method tells, in the order of the result; none before the
    reveal, or of fewer ballots than could be told apart (V29)."""
    found = result(round_)
    if round_ is None or found is None or found.voters < FEW:
        return ()
    divides = methods.of(round_.method).divides
    return tuple(line.option for line in found.lines if divides(round_.parameters, found, line))


def count(round_: Round) -> Result:
    """As it was counted ahead (``ahead``), else now. Cost: options + marks given; more where its method is slow."""
    slow = methods.of(round_.method).slow(round_)
    return (ahead.known(round_) if slow else None) or counted(round_)


def counted(round_: Round) -> Result:
    """Counted now."""
    ballots, method = list(round_.ballots.values()), methods.of(round_.method)
    lines, more = method.whole(round_) if method.whole else (method.tally(round_), {})
    return Result(
        lines=lines,
        voters=len(ballots),
        blank=sum(method.blank(b.marks) for b in ballots),
        assisted=sum(bool(b.entered_by) for b in ballots),
        sums={**method.sums(round_, ballots), **more},
        papers=sum(bool(b.paper) for b in ballots),
        late=sum(b.late for b in ballots),
    )
