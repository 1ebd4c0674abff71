"""What only one person sees on a phone: what stands on every page, and what the current kind's face adds.

Every fragment here is named "my-…". It stands in a container that ``phone`` draws for everybody, or in one
of its own. It may change only when its person is touched or the scene changes, and then as ``MY_AFFECTS``
says. So writing a card draws that card and no other, and nobody else's gesture redraws it. Never names
another person's card before its board is shown (B2), nor anybody else's ballot.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

from forum.domain import again
from forum.domain.kernel import N_, PersonId
from forum.domain.person import Person
from forum.domain.roles import VOICE
from forum.domain.room import GIVEN
from forum.domain.sessions import presence, reading
from forum.domain.touch import Touch
from forum.fragments.kinds import PHONE, closing
from forum.fragments.kinds.face import merged
from forum.fragments.kinds.show import welcomes
from forum.fragments.surface import Affects, Slot, View

SOMETHING: Final = N_("Something you had done")
OUTSIDE: Final = frozenset({"name", "notices", "here"})  # also of who waits or is out
MY_AFFECTS: Affects = merged(
    {
        Touch.DONE: lambda _: ("my-done",),
        Touch.LOSS: lambda _: ("my-notices",),
        "idea": lambda _: ("my-notices",),
        Touch.HERE: lambda _: ("my-here",),
    },
    closing.OWN_AT_REST,
    *(face.my_affects for face in PHONE.values()),
)
"""What a fact that touches a person changes among their own fragments, by the other things it touches. Whoever enters,
leaves or takes another name or role (``Touch.PEOPLE``) is drawn anew altogether.
"""


def my_keys(view: View, person: PersonId) -> Iterator[str]:
    """The keys of what only this person sees."""
    yield from ("my-name", "my-greeting", "my-notices", "my-here")
    me, step = view.state.people.by_id[person], view.state.now
    if me.state != "in":
        return
    if reading.rests(view.state):
        yield from closing.OWN
    if step is None:
        return
    yield from PHONE[step.kind].my_keys(view, step, me)
    yield "my-done"


def my_slot(view: View, person: PersonId, key: str) -> Slot | None:
    """Where and how a personal fragment stands now."""
    _, word, name = (*key.split("-", 2), "")[:3]
    me, now = view.state.people.by_id.get(person), view.state.now
    if me is None:
        return None
    if me.state != "in" and word not in OUTSIDE:
        return None
    if now and (of_kind := PHONE[now.kind].my_slots.get(word)):
        return of_kind(view, now, me, name)
    if reading.rests(view.state) and key in closing.OWN:
        return closing.OWN[key](view, me)
    draw = _ALWAYS.get(word)
    return draw(view, me) if draw else None


def _my_name(view: View, me: Person) -> Slot | None:
    args = {"mine": view.own_name(me.id), "number": me.number}
    return Slot("who", "", "phone/my-name.html", args) if me.state == "in" else None


def _my_greeting(view: View, me: Person) -> Slot | None:
    """Where the room is welcomed, each person by their name."""
    if reading.rests(view.state) or not welcomes(view.state, view.state.now):
        return None
    return Slot("greeting", "", "phone/my-greeting.html", {"mine": view.own_name(me.id)})


def _my_notices(view: View, me: Person) -> Slot | None:
    """What a person must know whatever the step: no access, a card of theirs was hidden, what became of lost ones."""
    state, now = view.state, view.state.now
    ideas = (state.ideas.by_id[i] for i in state.ideas.by_author.get(me.id, ()))
    elsewhere = [i for i in ideas if i.state == "hidden" and (now is None or i.step != now.id)]
    held = (state.gone.held[op] for op in state.gone.waits_of.get(me.id, ()))
    args = {
        "me": me.state,
        "hidden": tuple((i.text, i.reason) for i in elsewhere),
        "waits": tuple(_given(one.kind, one.body) for one in held),
        "untaken": tuple(
            (*_given(one.kind, one.body), one.refused.code, tuple(one.refused.params.items()))
            for one in state.gone.untaken.get(me.id, ())
        ),
    }
    plain = me.state == "in" and not (args["hidden"] or args["waits"] or args["untaken"])
    return None if plain else Slot("notices", "", "phone/my-notices.html", args)


def _given(command: str, body: dict[str, Any]) -> tuple[str, str]:
    """What somebody gave, as a message id, and the words in it."""
    return GIVEN.get(command, SOMETHING), again.words_of(body)


def _my_done(view: View, me: Person) -> Slot | None:
    step = view.state.now
    if step is None or not step.settings.asks or step.phase != "open" or me.role not in VOICE:
        return None
    return Slot("bar", "90", "phone/my-done.html", {"done": step.id in me.done})


def _my_here(view: View, me: Person) -> Slot | None:
    """Whoever came on another day is asked whether they are here; who came today was noted when they came (D4)."""
    state, live = view.state, reading.live(view.state)
    came_today = live is not None and me.joined_at >= live.begun_at and not me.key
    if live is None or not reading.many(state) or me.state != "in" or me.role not in VOICE or came_today:
        return None
    here = presence.is_present(state, me.id, live.id)
    if (
        here and state.now is not None
    ):  # it can be taken back until the first step; then there are other things to do
        return None
    return Slot("notices", "10", "phone/my-here.html", {"here": here})


_ALWAYS: dict[str, Callable[[View, Person], Slot | None]] = {
    "here": _my_here,
    "name": _my_name,
    "greeting": _my_greeting,
    "notices": _my_notices,
    "done": _my_done,
}
