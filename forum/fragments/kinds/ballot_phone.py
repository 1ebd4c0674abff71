"""A vote on a phone: one's own ballot while it can be given, and after the reveal the result, with one's own beside it.

Never names a mark before the reveal (V5), nor anybody else's ballot. What a mark looks like, its method's template says.
"""

from collections.abc import Iterator

from immutables import Map

from forum.domain import methods
from forum.domain.person import Person
from forum.domain.roles import VOICE
from forum.domain.state import State, Step
from forum.domain.steps import cut, voting
from forum.domain.steps.reason_facts import of_person
from forum.domain.steps.rounds import Ballot, Round
from forum.domain.steps.voting import key_words
from forum.domain.things import touched, word
from forum.domain.touch import Touch
from forum.fragments.kinds import ballot_apart as apart
from forum.fragments.kinds import ballot_choices as choices
from forum.fragments.kinds.face import PhoneFace
from forum.fragments.surface import Affects, Slot, View


def _act(view: View, step: Step, name: str) -> Slot:
    round_ = view.state.rounds.latest(step.id)
    held = voting.few(view.state, step) if step.phase != "open" else None
    result = voting.result(round_)
    args = {
        "step": step,
        "round": round_,
        "result": result,
        "first": choices.first(view.state, step, round_, result) if round_ and result else [],
        "cut": cut.settled(view.state, round_),
        "least": voting.settings_of(step).least,
        "kept": held is not None and held.promised,
        "names": {
            o: (choices.option(view.state, step, o)[0], "") for o in (round_.options if round_ else ())
        },
        "marked": {o: choices.option(view.state, step, o)[0] for o in (round_.options if round_ else ())},
    }
    return Slot("root", "30", "phone/ballot.html", args)


def _count(view: View, step: Step, name: str) -> Slot | None:
    """Said below the ballot, while it can be given."""
    alone = choices.left_out(view.state, step) if step.phase == "open" else 0
    return Slot("left-out", "", "phone/left-out.html", {"number": alone}) if alone else None


def _result_name(view: View, step: Step, name: str) -> Slot | None:
    round_ = _revealed_round(view.state, step)
    if round_ is None or name not in round_.options:
        return None
    marked, text = choices.option(view.state, step, name)
    return Slot(f"name-{name}", "", "phone/name.html", {"marked": marked, "text": text})


def _revealed_round(state: State, step: Step) -> Round | None:
    round_ = state.rounds.latest(step.id)
    return round_ if round_ and round_.revealed_at else None


def _keys(view: View, step: Step) -> Iterator[str]:
    round_ = _revealed_round(view.state, step)
    kind = word(step.settings.takes)
    yield from (f"{kind}-{option}" for option in (round_.options if round_ else ()))
    yield "apart"


def _my_keys(view: View, step: Step, me: Person) -> Iterator[str]:
    round_ = _mine(view, step, me)
    yield from ("my-how", "my-told", "my-ballot")
    if round_ and step.phase == "open":
        yield from (f"my-mark-{key}" for key in voting.asked(view.state, round_, me.id))
        if methods.of(round_.method).against:
            yield from (f"my-reason-{key}" for key in voting.asked(view.state, round_, me.id))
    yield from ("my-kept", "my-given", "my-receipt", "my-left", "my-blank")


def _mine(view: View, step: Step, me: Person) -> Round | None:
    """The round in which somebody votes, or voted, and whose result is not shown yet."""
    round_ = view.state.rounds.latest(step.id)
    return None if round_ is None or me.role not in VOICE or round_.revealed_at else round_


def _my_how(view: View, step: Step, me: Person, name: str) -> Slot | None:
    """Whether how one votes stands there in full, or folded: a page on which it was read in full leaves it so."""
    round_ = _mine(view, step, me) if step.phase == "open" else None
    if round_ is None:
        return None
    folded = me.id in round_.ballots
    return Slot("ballot", "10" if folded else "20", "phone/my-how.html", {"folded": folded})


def _my_told(view: View, step: Step, me: Person, name: str) -> Slot | None:
    """How one votes. A fragment of its own, so that folding it sends no text again (T13)."""
    round_ = _mine(view, step, me) if step.phase == "open" else None
    if round_ is None:
        return None
    args = {
        "method": round_.method,
        "terms": Map(round_.parameters),
        "blank": methods.of(round_.method).blank({}),
        "of": voting.settings_of(step).purpose,
        "several": len(round_.options) > 1,
        "hint": step.hint,
        "least": voting.settings_of(step).least,
    }
    return Slot("told", "", "phone/my-told.html", args)


def _my_ballot(view: View, step: Step, me: Person, name: str) -> Slot | None:
    """The choices, without what was given: it stays as it is while somebody votes."""
    round_ = _mine(view, step, me) if step.phase == "open" else None
    if round_ is None:
        return None
    there = tuple(choices.asked_of(view.state, step, round_, voting.asked(view.state, round_, me.id)))
    args = {"step": step.id, "method": round_.method, "choices": there, "worded": Map(voting.worded(step))}
    return Slot("ballot", "50", "phone/my-ballot.html", args)


def _my_mark(view: View, step: Step, me: Person, name: str) -> Slot | None:
    """What was given to one choice. It depends on nothing else, so that a tap draws one, and many are drawn alike."""
    round_ = _mine(view, step, me) if step.phase == "open" else None
    if round_ is None or name not in voting.asked(view.state, round_, me.id):
        return None
    given = round_.ballots.get(me.id)
    args = {
        "method": round_.method,
        "mark": given.marks.get(name, 0) if given else 0,
        "terms": Map(round_.parameters),
        "between": choices.between(view.state, step, round_, name, me.id),
    }
    return Slot(f"mark-{name}", "", "phone/my-mark.html", args)


def _my_reason(view: View, step: Step, me: Person, name: str) -> Slot | None:
    round_ = _mine(view, step, me) if step.phase == "open" else None
    return apart.mine(view, step, me, round_, name)


def _my_kept(view: View, step: Step, me: Person, name: str) -> Slot | None:
    round_ = _mine(view, step, me) if step.phase != "open" else None
    if round_ is None:
        return None
    given = round_.ballots.get(me.id)
    args = {
        "method": round_.method,
        "voted": given is not None,
        "blank": given is not None and methods.of(round_.method).blank(given.marks),
        "sums": sums_of(round_, given),
    }
    return Slot("ballot", "", "phone/my-vote-kept.html", args)


def _my_given(view: View, step: Step, me: Person, name: str) -> Slot | None:
    """One's own ballot, beside the result: nobody else is sent it."""
    round_ = _revealed_round(view.state, step)
    if round_ is None or me.role not in VOICE:
        return None
    ballot = round_.ballots.get(me.id)
    marks = ballot.marks if ballot else {}
    method = methods.of(round_.method)
    keys = sorted(
        (key for key in method.keys(round_) if key in marks),
        key=lambda key: marks[key] if method.lowest_best else -marks[key],
    )
    given = tuple(
        (
            key,
            key_words(view.state, step, round_, key),
            choices.marked(view.state, step, round_, key),
            marks[key],
        )
        for key in keys
    )
    args = {
        "method": round_.method,
        "worded": Map(voting.worded(step)),
        "given": given,
        "voted": ballot is not None,
        "struck": ballot is not None and ballot.struck,
        "reasons": tuple((r.text, r.hidden) for _, r in sorted(of_person(round_, me.id).items()) if r.text),
    }
    return Slot("ballot", "20", "phone/my-given.html", args)


def sums_of(round_: Round, given: Ballot | None) -> Map[str, int]:
    """What one's own ballot adds up to."""
    ballot = given or Ballot(Map(), round_.opened_at)
    return Map(methods.of(round_.method).sums(round_, (ballot,)))


def _my_receipt(view: View, step: Step, me: Person, name: str) -> Slot | None:
    """Under which number the journal has the ballot of a vote that is closed; while it is open, the bar says so."""
    round_ = _mine(view, step, me) if step.phase != "open" else None
    given = round_.ballots.get(me.id) if round_ else None
    if given is None or not given.number:
        return None
    return Slot("ballot", "95", "phone/my-receipt.html", {"sent": 0, "last": given.number}, ("last",))


def _my_left(view: View, step: Step, me: Person, name: str) -> Slot | None:
    """What is left to give, under which number the journal has what was given, and whether that is all."""
    round_ = _mine(view, step, me) if step.phase == "open" else None
    if round_ is None:
        return None
    given = round_.ballots.get(me.id)
    args = {
        "method": round_.method,
        "sums": sums_of(round_, given),
        "complete": voting.is_complete(view.state, round_, me.id),
        "saved": given is not None and given.number > 0,
        "last": given.number if given else 0,
    }
    return Slot("bar", "10", "phone/my-left.html", args, ("last",))


def _my_blank(view: View, step: Step, me: Person, name: str) -> Slot | None:
    """What being done would mean now, where all was taken back, or what it means; before that, ``_my_told`` says it."""
    round_ = _mine(view, step, me) if step.phase == "open" else None
    given = round_.ballots.get(me.id) if round_ else None
    if round_ is None or given is None or not methods.of(round_.method).blank(given.marks):
        return None
    return Slot("bar", "80", "phone/my-blank.html", {"method": round_.method, "done": step.id in me.done})


def _names(thing: str) -> Affects:
    return {thing: lambda name: (f"{thing}-{name}", "apart")}


PHONE = PhoneFace(
    keys=_keys,
    hints=lambda step: step.phase == "open",
    slots={"act": _act, "count": _count, "apart": apart.on_phone, **dict.fromkeys(touched(), _result_name)},
    affects={
        Touch.COUNT: lambda _: ("count",),
        Touch.REASONS: lambda _: ("apart",),
        **{kind: names for thing in touched() for kind, names in _names(thing).items()},
    },
    my_keys=_my_keys,
    my_slots={
        "how": _my_how,
        "told": _my_told,
        "ballot": _my_ballot,
        "mark": _my_mark,
        "reason": _my_reason,
        "kept": _my_kept,
        "given": _my_given,
        "receipt": _my_receipt,
        "left": _my_left,
        "blank": _my_blank,
    },
    my_affects={
        Touch.DONE: lambda _: ("my-blank",),
        Touch.VOTED: lambda _: ("my-how", "my-blank", "my-kept", "my-left", "my-receipt"),
        Touch.ASKED: lambda _: ("my-ballot",),
        Touch.REASONS: lambda _: ("my-given",),
        "mark": lambda key: ("my-kept", "my-left", "my-receipt", f"my-mark-{key}"),
        "reason": lambda key: (f"my-reason-{key}",),
    },
)
