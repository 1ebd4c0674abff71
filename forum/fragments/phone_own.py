"""What only one person sees on a phone: name, cards, ballot, part in the plan, commitments, being done.

Every fragment here is named "my-…" and stands in a container that ``phone`` draws for everybody, or in one of its
own. What it shows may change only when its person is touched or the scene changes, and then as ``MY_AFFECTS`` says:
a card written draws that card, not the others, and nobody else's gesture redraws it.
Never names another person's card before its board is shown (B2), nor anybody else's ballot.
"""

from collections.abc import Callable, Iterator
from hashlib import blake2b

from forum.domain import again, plan
from forum.domain.kernel import ActionId, IdeaId, PersonId
from forum.domain.roles import VOICE
from forum.domain.state import (
    Action,
    BoardSettings,
    Idea,
    Person,
    Round,
    State,
    Step,
    Touch,
)
from forum.domain.steps import board, pledge
from forum.domain.things import words
from forum.fragments.surface import Affects, Slot, View, order

NEWEST_FIRST = 9_999_999_999  # less a card's number: its place among one's own

MY_AFFECTS: Affects = {
    Touch.DONE: lambda _: ("my-ballot", "my-left", "my-receipt", "my-done"),
    Touch.LOSS: lambda _: ("my-notices",),
    "idea": lambda idea: ("my-notices", f"my-idea-{idea}", "my-receipt"),
    "action": lambda action: (f"my-part-{action}",),
    "commitment": lambda _: ("my-pledges", "my-receipt"),
}
"""What a fact that touches a person changes among their own fragments, by the other things it touches. Whoever enters,
leaves or takes another name or role (``Touch.PEOPLE``) is drawn anew altogether.
"""


def my_keys(view: View, person: PersonId) -> Iterator[str]:
    """The keys of what only this person sees."""
    yield from ("my-name", "my-notices")
    me, step = view.state.people[person], view.state.now
    if me.state != "in" or step is None:
        return
    yield from _MY_KEYS.get(step.kind, ())
    if step.kind == "board":
        yield from (f"my-idea-{i.id}" for i in _my_ideas_here(view.state, me, step))
    if step.kind == "sheet":
        yield from (f"my-part-{a.id}" for a in live_actions(view.state) if _part(a, person))
    yield "my-done"


def my_slot(view: View, lang: str, person: PersonId, key: str) -> Slot | None:
    """Where and how a personal fragment stands now."""
    _, word, name = (*key.split("-", 2), "")[:3]
    me = view.state.people.get(person)
    draw = _PERSONAL.get(word)
    return draw(view, me, name) if draw and me else None


def seen(state: State, idea: Idea) -> bool:
    """Whether this card may be seen by others than its author (B2, B4)."""
    step = state.step(idea.step)
    return idea.state == "active" and step is not None and board.shows(step)


def option_text(state: State, step: Step, option: str) -> str:
    """An option's words; "" for a card that must not be read here."""
    return words(state, step.settings.takes, option)


def own_order(round_: Round, person: PersonId) -> list[str]:
    """The options in an order of this person's own, the same at every reload: no option is first for everybody."""
    return sorted(
        round_.options, key=lambda o: blake2b(f"{person} {round_.id} {o}".encode(), digest_size=8).digest()
    )


def live_actions(state: State) -> Iterator[Action]:
    for axis in plan.live_axes(state):
        yield from plan.live_actions(state, axis.id)


def _my_name(view: View, me: Person, name: str) -> Slot | None:
    return Slot("who", "", "phone/my-name.html", {"mine": view.name(me.id)}) if me.state == "in" else None


def _my_ideas_here(state: State, me: Person, step: Step) -> list[Idea]:
    """This person's cards of a board, newest first; what was withdrawn is gone."""
    mine = (state.ideas[i] for i in reversed(state.by_author.get(me.id, ())))
    return [i for i in mine if i.step == step.id and i.state != "withdrawn"]


def _my_notices(view: View, me: Person, name: str) -> Slot | None:
    """What a person must know whatever the step: no access, a card of theirs was hidden, what became of lost ones."""
    now = view.state.now
    ideas = (view.state.ideas[i] for i in view.state.by_author.get(me.id, ()))
    elsewhere = [i for i in ideas if i.state == "hidden" and (now is None or i.step != now.id)]
    held = (view.state.held[op] for op in view.state.waits_of.get(me.id, ()))
    args = {
        "me": me.state,
        "hidden": tuple((i.text, i.reason) for i in elsewhere),
        "waits": tuple(again.words_of(one.kind, one.body) for one in held),
        "untaken": tuple(
            (*again.words_of(one.kind, one.body), one.refused.code, tuple(one.refused.params.items()))
            for one in view.state.untaken.get(me.id, ())
        ),
    }
    plain = me.state == "in" and not (args["hidden"] or args["waits"] or args["untaken"])
    return None if plain else Slot("notices", "", "phone/my-notices.html", args)


def _my_ideas(view: View, me: Person, name: str) -> Slot:
    return Slot("mine", "10", "phone/my-ideas.html")


def _my_idea(view: View, me: Person, name: str) -> Slot | None:
    step, idea = view.state.now, view.state.ideas.get(IdeaId(name))
    if step is None or not isinstance(step.settings, BoardSettings):
        return None
    if idea is None or idea.step != step.id or idea.author != me.id or idea.state == "withdrawn":
        return None
    column = next((c.title for c in step.settings.columns if c.id == idea.column), None)
    args = {
        "id": idea.id,
        "text": idea.text,
        "column": column,
        "hidden": idea.state == "hidden",
        "reason": idea.reason,
        "open": step.phase == "open",
        "most": step.settings.max_chars,
    }
    return Slot("my-ideas", order(NEWEST_FIRST - idea.number), "phone/my-idea.html", args)


def _my_receipt(view: View, me: Person, name: str) -> Slot | None:
    """Under which number the journal has what this person saved last in this step."""
    state, step = view.state, view.state.now
    if step is None or "my-receipt" not in _MY_KEYS.get(step.kind, ()):
        return None
    if step.kind == "ballot":
        round_ = state.round_of(step.id)
        ballot = round_.ballots.get(me.id) if round_ and not round_.revealed_at else None
        # Below the list it would be out of sight, above it the first vote would move every option.
        place, sent, last = "bar" if step.phase == "open" else "ballot", 0, ballot.number if ballot else 0
    elif step.kind == "board":
        cards = _my_ideas_here(state, me, step)
        place, sent, last = "mine", len(cards), max((i.worded for i in cards), default=0)
    else:
        mine = (c.made for c in pledge.live_commitments(state) if c.person == me.id)
        place, sent, last = "mine", 0, max(mine, default=0)
    return Slot(place, "95", "phone/my-receipt.html", {"sent": sent, "last": last}) if last else None


def _my_ballot(view: View, me: Person, name: str) -> Slot | None:
    step = view.state.now
    round_ = view.state.round_of(step.id) if step else None
    if step is None or round_ is None or me.role not in VOICE or round_.revealed_at:
        return None
    given = round_.ballots.get(me.id)
    spent = given.spent if given else 0
    if step.phase != "open":
        return Slot("ballot", "", "phone/my-vote-kept.html", {"spent": spent, "voted": given is not None})
    options = tuple(
        (o, option_text(view.state, step, o), given.points.get(o, 0) if given else 0)
        for o in own_order(round_, me.id)
    )
    args = {"step": step.id, "cap": round_.cap, "left": round_.points - spent, "options": options}
    return Slot("ballot", "", "phone/my-ballot.html", args)


def _my_left(view: View, me: Person, name: str) -> Slot | None:
    step = view.state.now
    round_ = view.state.round_of(step.id) if step and step.phase == "open" else None
    if round_ is None or me.role not in VOICE:
        return None
    given = round_.ballots.get(me.id)
    left = round_.points - (given.spent if given else 0)
    return Slot("bar", "10", "phone/my-left.html", {"left": left, "points": round_.points})


def _part(action: Action, person: PersonId) -> str:
    """What this person is in an action: pilot, offer (to pilot), partner, or nothing."""
    if action.pilot == person:
        return "pilot"
    if any(o.person == person for o in action.offers):
        return "offer"
    return "partner" if person in action.partners else ""


def _my_part(view: View, me: Person, name: str) -> Slot | None:
    step, action = view.state.now, view.state.actions.get(ActionId(name))
    if step is None or step.kind != "sheet" or action is None:
        return None
    if action.removed or view.state.axes[action.axis].removed:
        return None
    part = _part(action, me.id)
    if not part:
        return None
    args = {"action": name, "part": part, "open": step.phase == "open"}
    return Slot(f"part-{name}", "", "phone/my-part.html", args)


def _my_signature(view: View, me: Person, name: str) -> Slot | None:
    step = view.state.now
    if step is None or step.phase != "open":
        return None
    return Slot("signature", "", "phone/my-signature.html", {"mine": view.name(me.id)})


def _my_pledges(view: View, me: Person, name: str) -> Slot | None:
    step = view.state.now
    mine = tuple((c.id, c.text, c.due) for c in pledge.live_commitments(view.state) if c.person == me.id)
    if not mine or step is None or step.kind != "pledge":
        return None
    args = {"mine": mine, "open": step.phase == "open"}
    return Slot("mine", "10", "phone/my-pledges.html", args)


def _my_done(view: View, me: Person, name: str) -> Slot | None:
    step = view.state.now
    if step is None or step.kind == "show" or step.phase != "open" or me.role not in VOICE:
        return None
    round_ = view.state.round_of(step.id)
    given = round_.ballots.get(me.id) if round_ else None
    blank = step.kind == "ballot" and (given is None or not given.spent)
    return Slot("bar", "90", "phone/my-done.html", {"done": step.id in me.done, "blank": blank})


_MY_KEYS: dict[str, tuple[str, ...]] = {
    "board": ("my-ideas", "my-receipt"),
    "ballot": ("my-ballot", "my-receipt", "my-left"),
    "pledge": ("my-signature", "my-pledges", "my-receipt"),
}

_PERSONAL: dict[str, Callable[[View, Person, str], Slot | None]] = {
    "name": _my_name,
    "notices": _my_notices,
    "ideas": _my_ideas,
    "idea": _my_idea,
    "receipt": _my_receipt,
    "ballot": _my_ballot,
    "left": _my_left,
    "part": _my_part,
    "signature": _my_signature,
    "pledges": _my_pledges,
    "done": _my_done,
}
