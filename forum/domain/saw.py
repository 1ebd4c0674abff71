"""What a person saw when they pressed: a press that would mean something else by now is not carried out (O14).

Theory of operation. Every op says which fact its page showed (``Asked.seen``). Each part says beside its commands what a
press is about, by the last fact that changed it (``kernel.Saw``), or why a press means the same whatever has passed
(``kernel.Absolute``). A press is refused if that fact came after what its page showed. Not refused are:

- a wish that is true already: it is answered as ever, and nothing changes;
- what another rule refuses, since its words say more; where a press leads (``Saw.strict``), this rule speaks first;
- what followed only from the same tab: who pressed knows it; where a press leads, this counts too, since a hurried
  hand has not read what its first press made;
- what comes again after a loss, or from a page of a history that is gone: O10 to O13 judge that.

A page that does not say what it showed is believed to have shown everything. ``noted`` keeps the numbers that no record
keeps itself. Nothing here knows a command.
"""

from typing import Any, Final

from forum.domain.kernel import (
    N_,
    Absolute,
    Asked,
    Command,
    Facts,
    Part,
    Rejection,
    Saw,
    StepId,
)
from forum.domain.since import Since
from forum.domain.state import State, Step, change

RULE: Final = "O14"
RULES = {
    RULE: N_(
        "A press does what stood on the page when it was read: if that has changed meanwhile, nothing is done, and the answer"
        " says so."
    ),
}
REFUSALS = {
    "has_changed": N_("{label} has changed meanwhile. Nothing was done. Look again, then press once more."),
    "gone_on": N_(
        "The forum has moved on meanwhile: “{title}”, {label}. Nothing was done. Look again, then press "
        "once more."
    ),
    "gone_on_none": N_(
        "The forum has moved on meanwhile: no step is current now. Nothing was done. Look again, then "
        "press once more."
    ),
}
PHASES: Final = {
    "pending": N_("not open yet"),
    "open": N_("open"),
    "frozen": N_("frozen"),
    "closed": N_("closed"),
    "skipped": N_("left out"),
}
REVEALED: Final = N_("revealed")


Policies = dict[type[Command], Saw | Absolute]


def judged(
    policy: Saw | Absolute, state: State, command: Command, asked: Asked, verdict: Facts | Rejection
) -> Facts | Rejection:
    """The ``verdict`` of the other rules, or the refusal of a press whose meaning has passed."""
    so_already = not verdict or (isinstance(verdict, Rejection) and verdict.code == "already_so")
    if isinstance(policy, Absolute) or so_already or (isinstance(verdict, Rejection) and not policy.strict):
        return verdict
    return _refusal(policy, state) if _passed(policy, state, command, asked) else verdict


def _passed(policy: Saw, state: State, command: Command, asked: Asked) -> bool:
    if not asked.seen or asked.again or asked.elsewhere or asked.was:
        return False
    last = policy.about(state, command, asked)
    return last > asked.seen and (policy.strict or not _own(state, asked, last))


def _own(state: State, asked: Asked, seq: int) -> bool:
    """Whether a fact is of the tab that asks. Cost: the answers that are kept of it."""
    tab = state.tabs.by_id.get(asked.tab)
    return tab is not None and any(one.first <= seq <= one.seq for one in tab.results)


def _refusal(policy: Saw, state: State) -> Rejection:
    if policy.label:
        return Rejection(RULE, "has_changed", {"label": policy.label})
    now = state.now
    if now is None:
        return Rejection(RULE, "gone_on_none")
    title = {"fr": now.title.fr, "en": now.title.en}
    return Rejection(
        RULE, "gone_on", {"title": title, "label": REVEALED if now.revealed else PHASES[now.phase]}
    )


# --- what presses of several parts are about


def leading(state: State, command: Any, asked: Asked) -> int:
    """Which step is current, its phase, and whether it is revealed."""
    return max(state.since.moved, state.since.step(state.current).turned)


def leading_to(state: State, command: Any, asked: Asked) -> int:
    """The same, and the step that the command names."""
    return max(leading(state, command, asked), a_step(state, command, asked))


def a_step(state: State, command: Any, asked: Asked) -> int:
    """The step that the command names: its words, its settings, its phase."""
    turns = state.since.step(command.step)
    return max(turns.turned, turns.edited)


def a_round(state: State, command: Any, asked: Asked) -> int:
    """The round that a vote is in; one in which the ballots of another go on is the same."""
    return _began(state, command.step)


def being_done(state: State, command: Any, asked: Asked) -> int:
    """Which step one is done with; of a vote, which round."""
    return max(state.since.step(state.current).opened, state.since.moved, _began(state, state.current))


def _began(state: State, step: StepId | None) -> int:
    latest = state.rounds.latest(step) if step else None
    return latest.began if latest else 0


def a_person(state: State, command: Any, asked: Asked) -> int:
    """Somebody else's name, and whether they are in; of oneself one needs to see nothing."""
    found = state.people.by_id.get(command.person)
    return found.rev if found and found.id != asked.who else 0


LEADING: Final = Saw(leading, strict=True)
LEADING_TO: Final = Saw(leading_to, strict=True)
ROUND: Final = Saw(a_round, N_("This vote"))
DONE: Final = Saw(being_done, strict=True)
PERSON: Final = Saw(a_person, N_("What stood here of this person"))
ANEW: Final = Absolute("makes something of its own, under an id that its page chose")
BY_SERVER: Final = Absolute("the server asks for it, of what it knows itself")
WHOLE: Final = Absolute("says the whole of it, whatever it was before")
ONES_OWN: Final = Absolute("says what is one’s own; no other gesture gives it another meaning")


# --- keeping the numbers


def noted(before: State, after: State) -> State:
    """The state, with the number of its last fact at what that changed. Cost: the agenda, where the fact changed it."""
    if _nothing_kept_here(before, after):
        return after
    old, seq = after.since, after.seq
    fields: dict[str, object] = {
        name: seq for name, differs in (
            ("moved", (before.current, before.sessions.live) != (after.current, after.sessions.live)),
            ("session", before.sessions.live != after.sessions.live),
            ("timer", before.timer is not after.timer),
            ("axes", before.plan.axis_order is not after.plan.axis_order),
            ("kept", _kept(before) != _kept(after)),
            ("categories", before.belonging.categories is not after.belonging.categories),
            ("aim", _aim(before) != _aim(after)),
        ) if differs
    }  # fmt: skip
    if before.steps is not after.steps or before.current != after.current:
        fields |= _steps(before, after, old)
    if before.sessions.all is not after.sessions.all:
        there = set(before.sessions.all)
        changed = {session.id: seq for session in after.sessions.all if session not in there}
        fields["sessions"] = old.sessions.update(changed)
    return change(after, since=change(old, **fields)) if fields else after


def _kept(state: State) -> tuple[str, int, int]:
    return state.keeping.until, state.keeping.ballot_days, state.keeping.words_days


def _nothing_kept_here(before: State, after: State) -> bool:
    """The quick answer, for what most facts change."""
    return (
        before.steps is after.steps
        and before.current is after.current
        and before.sessions is after.sessions
        and before.timer is after.timer
        and before.plan is after.plan
        and before.keeping is after.keeping
        and before.belonging is after.belonging
        and _aim(before) == _aim(after)
    )


def _aim(state: State) -> tuple[str, str, int, str]:
    return state.title, state.question, state.horizon, state.zone


def _steps(before: State, after: State, old: Since) -> dict[str, object]:
    was, seq, steps = {step.id: step for step in before.steps}, after.seq, old.steps
    for step in after.steps:
        known = was.get(step.id)
        fields = {"opened": seq} if step.id == after.current != before.current else {}
        if known is not step:
            fields |= {"turned": seq} if known and _turns(known) != _turns(step) else {}
            fields |= {"edited": seq} if not known or _words(known) != _words(step) else {}
        if fields:
            steps = steps.set(step.id, change(old.step(step.id), **fields))
    moved = [step.id for step in before.steps] != [step.id for step in after.steps]
    return {"steps": steps, **({"order": seq} if moved else {})}


def _turns(step: Step) -> tuple[object, ...]:
    return step.phase, step.revealed, step.resumed_at


def _words(step: Step) -> tuple[object, ...]:
    return step.title, step.instruction, step.hint, step.minutes, step.phones_down, step.settings


PART = Part(judges={}, folds={}, rules=RULES, refusals=REFUSALS)
