"""U1–U3 of every gesture: what taking it back restores, what it is called, and what stands in its way."""

from collections.abc import Callable

import pytest

from forum.domain.arrivals import ReadmitPeople, RemovePeople
from forum.domain.kernel import Command, Rejection
from forum.domain.people import ApprovePerson, RemovePerson, SetEntry
from forum.domain.plan.reading import live_actions, live_axes
from forum.domain.plan.words import (
    ChoosePilot,
    EditAction,
    EditAxis,
    MakeAction,
    MakeAxis,
    MoveAxis,
    RemoveAction,
    RemoveAxis,
)
from forum.domain.room import UNDOABLE
from forum.domain.steps.board import HideIdea, RestoreIdea, WithdrawIdea
from forum.domain.steps.sort import GroupIdeas, MakeTheme, MergeThemes, MoveIdeas, RemoveTheme, RenameTheme
from forum.domain.undo import Undo
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_room

MANY = tuple(f"new{n:02}" for n in range(12))


def refused(said: object) -> tuple[str, str] | None:
    return (said.rule, said.code) if isinstance(said, Rejection) else None


def sorting() -> Scene:
    """Four cards, of which three lie in two themes; one is hidden, and an empty theme is there."""
    room = (
        a_room()
        .opened("ideas")
        .with_ideas(4)
        .opened("sort")
        .with_theme("theme1", 1, 2)
        .with_theme("theme2", 3)
    )
    room.ask(MakeTheme("theme3", "Theme theme3"), LEA)
    room.ask(HideIdea("idea004", "Names a person"))
    return room


def planning() -> Scene:
    """Two axes with actions, and one without."""
    room = a_room().opened("plan")
    for axis in ("axis1", "axis2", "axis3"):
        room.ask(MakeAxis(axis, f"The {axis}"))
    room.ask(MakeAction("act001", "axis1", "Hold a calendar"))
    room.ask(MakeAction("act002", "axis2", "Open a garage"))
    room.ask(ChoosePilot("act002", ANNE))
    return room


def a_flood() -> Scene:
    return a_room().joined(*MANY)


def at_the_door() -> Scene:
    room = a_room()
    room.ask(SetEntry("approval"))
    return room.joined(*MANY)


def seen(room: Scene) -> dict[str, object]:
    """What people see of the cards, the themes, the plan and who is in."""
    state = room.state
    return {
        "cards": {
            i.id: (i.state, i.reason, {s: p.theme for s, p in i.placed.items()})
            for i in state.ideas.by_id.values()
        },
        "themes": {t.id: (t.title, t.removed, frozenset(t.ideas)) for t in state.themes.by_id.values()},
        "counts": dict(state.ideas.active),
        "axes": [(a.id, a.title) for a in live_axes(state)],
        "actions": {a.id: [x.id for x in live_actions(state, a.id)] for a in live_axes(state)},
        "pilots": {
            a.id: (a.title, a.description, a.due, a.axis, a.pilot) for a in state.plan.actions.values()
        },
        "people": {p.id: p.state for p in state.people.by_id.values()},
        "in": (state.people.voices, state.people.waiting),
    }


def without(seen: dict[str, object], *gone: str) -> dict[str, object]:
    """The same, but for things by these names: what was made and taken back is there, and does not stand."""
    return {
        name: {n: v for n, v in value.items() if n not in gone} if isinstance(value, dict) else value
        for name, value in seen.items()
    }


def named(of: object) -> str | None:
    """How a case is called: by its gesture."""
    return type(of).__name__ if isinstance(of, Command) else ""


GESTURES: list[tuple[Callable[[], Scene], Command, str, str]] = [
    (sorting, MoveIdeas(("idea001", "idea003"), "theme3"), "IdeasMoved", "Idea number 1"),
    (sorting, MoveIdeas(("idea001",), None), "IdeasMoved", "Idea number 1"),
    (sorting, MakeTheme("theme9", "Encore"), "ThemeMade", "Encore"),
    (sorting, GroupIdeas(("idea003", "idea002"), "theme9", "Encore"), "IdeasMoved", "Idea number 3"),
    (sorting, RenameTheme("theme1", "Otherwise"), "ThemeRenamed", "Theme theme1"),
    (sorting, RemoveTheme("theme1"), "ThemeRemoved", "Theme theme1"),
    (sorting, MergeThemes("theme1", "theme2"), "ThemeRemoved", "Theme theme1"),
    (sorting, HideIdea("idea001", "why"), "IdeaHidden", "Idea number 1"),
    (sorting, RestoreIdea("idea004"), "IdeaRestored", "Idea number 4"),
    (planning, MakeAxis("axis9", "Encore"), "AxisMade", "Encore"),
    (planning, EditAxis("axis1", "Otherwise"), "AxisRenamed", "The axis1"),
    (planning, MoveAxis("axis3", "axis1"), "AxesOrdered", ""),
    (planning, RemoveAxis("axis3"), "AxisRemoved", "The axis3"),
    (planning, MakeAction("act009", "axis1", "Encore"), "ActionMade", "Encore"),
    (planning, EditAction("act001", title="Otherwise", due="2025-02-01"), "ActionEdited", "Hold a calendar"),
    (planning, EditAction("act001", axis="axis3"), "ActionEdited", "Hold a calendar"),
    (planning, RemoveAction("act001"), "ActionRemoved", "Hold a calendar"),
    (planning, ChoosePilot("act001", LEA), "PilotChosen", "Hold a calendar"),
    (planning, ChoosePilot("act002"), "PilotChosen", "Open a garage"),
    (a_flood, RemovePeople(MANY), "PeopleRemoved", ""),
    (a_flood, RemovePerson(MANY[3]), "PersonRemoved", ""),
    (at_the_door, RemovePerson(MANY[0]), "PersonRemoved", ""),
]


@pytest.mark.parametrize(("scene", "gesture", "what", "about"), GESTURES, ids=named)
def test_U1_a_gesture_taken_back_leaves_everything_as_it_was(
    scene: Callable[[], Scene], gesture: Command, what: str, about: str
) -> None:
    room = scene()
    before = seen(room)
    assert refused(room.ask(gesture)) is None
    deed, after = room.state.deeds[-1], seen(room)

    assert after != before
    assert (deed.what, deed.about, deed.by, deed.seq) == (what, about, FACILITATOR, room.state.seq)
    assert UNDOABLE[deed.what]
    assert refused(room.ask(Undo(deed.seq))) is None
    assert without(seen(room), "theme9", "act009", "axis9") == without(before, "theme9", "act009", "axis9")
    if "theme9" in room.state.themes.by_id:
        assert room.state.themes.by_id["theme9"].removed
    assert refused(room.ask(Undo(deed.seq))) == ("U1", "no_deed")


def test_U1_people_let_in_again_are_removed_again_by_taking_that_back() -> None:
    room = a_flood()
    room.ask(RemovePeople(MANY))
    before = seen(room)
    room.ask(ReadmitPeople(room.state.people.removals[-1].seq))
    deed = room.state.deeds[-1]
    room.ask(Undo(deed.seq))

    assert (deed.what, deed.about) == ("PeopleReadmitted", "")
    assert seen(room) == before


IN_ITS_WAY: list[tuple[Callable[[], Scene], Command, list[Command]]] = [
    (sorting, MoveIdeas(("idea001",), "theme3"), [MoveIdeas(("idea001",), "theme2")]),
    (sorting, MoveIdeas(("idea001",), "theme3"), [HideIdea("idea001", "why")]),
    (sorting, MoveIdeas(("idea001",), "theme3"), [MoveIdeas(("idea002",), None), RemoveTheme("theme1")]),
    (sorting, MakeTheme("theme9", "Encore"), [MoveIdeas(("idea001",), "theme9")]),
    (sorting, MakeTheme("theme9", "Encore"), [RemoveTheme("theme9")]),
    (sorting, RenameTheme("theme1", "Otherwise"), [RenameTheme("theme1", "Once more")]),
    (sorting, HideIdea("idea001", "why"), [RestoreIdea("idea001")]),
    (sorting, RestoreIdea("idea004"), [HideIdea("idea004", "why")]),
    (planning, MakeAxis("axis9", "Encore"), [MakeAction("act009", "axis9", "Do")]),
    (planning, MakeAxis("axis9", "Encore"), [RemoveAxis("axis9")]),
    (planning, EditAxis("axis1", "Otherwise"), [EditAxis("axis1", "Once more")]),
    (planning, MoveAxis("axis3", "axis1"), [MoveAxis("axis1")]),
    (planning, RemoveAxis("axis3"), [MakeAxis(f"more{n}", "Encore") for n in range(7)]),
    (planning, MakeAction("act009", "axis1", "Encore"), [RemoveAction("act009")]),
    (planning, EditAction("act001", title="Otherwise"), [EditAction("act001", title="Once more")]),
    (planning, RemoveAction("act001"), [RemoveAxis("axis1")]),
    (planning, ChoosePilot("act001", LEA), [ChoosePilot("act001", ANNE)]),
    (a_flood, RemovePerson(MANY[3]), [ApprovePerson(MANY[3])]),
    (a_flood, RemovePeople(MANY), [ApprovePerson(person) for person in MANY]),
]


@pytest.mark.parametrize(("scene", "gesture", "since"), IN_ITS_WAY, ids=named)
def test_U3_what_has_changed_since_is_not_undone_over_anybodys_head(
    scene: Callable[[], Scene], gesture: Command, since: list[Command]
) -> None:
    room = scene()
    room.ask(gesture)
    deed = room.state.deeds[-1].seq
    for command in since:
        assert refused(room.ask(command)) is None
    before = seen(room)

    assert refused(room.ask(Undo(deed))) == ("U3", "built_on")
    assert seen(room) == before


BESIDE_IT: list[tuple[Callable[[], Scene], Command, list[Command]]] = [
    (
        sorting,
        MoveIdeas(("idea001",), "theme3"),
        [MoveIdeas(("idea002",), "theme3"), RenameTheme("theme1", "New")],
    ),
    (sorting, RenameTheme("theme1", "Otherwise"), [MoveIdeas(("idea003",), "theme1")]),
    (sorting, RemoveTheme("theme3"), [MoveIdeas(("idea003",), "theme1")]),
    (planning, RemoveAxis("axis3"), [MakeAxis(f"more{n}", "Encore") for n in range(6)]),
    (planning, EditAction("act001", title="Otherwise"), [EditAction("act001", description="More")]),
    (planning, RemoveAction("act001"), [EditAxis("axis1", "Otherwise")]),
    (planning, EditAxis("axis1", "Otherwise"), [MoveAxis("axis1")]),
    (a_flood, RemovePeople(MANY), [ApprovePerson(MANY[0])]),
    (a_flood, RemovePerson(MANY[3]), [RemovePerson(MANY[4])]),
]


@pytest.mark.parametrize(("scene", "gesture", "since"), BESIDE_IT, ids=named)
def test_U3_what_was_done_beside_it_stands_in_nobodys_way(
    scene: Callable[[], Scene], gesture: Command, since: list[Command]
) -> None:
    room = scene()
    room.ask(gesture)
    deed = room.state.deeds[-1].seq
    for command in since:
        assert refused(room.ask(command)) is None

    assert refused(room.ask(Undo(deed))) is None


def test_U1_a_card_that_its_author_withdrew_is_moved_back_by_nobody() -> None:
    room = sorting()
    room.ask(MoveIdeas(("idea001",), "theme3"))
    deed = room.state.deeds[-1].seq
    room.opened("ideas").ask(WithdrawIdea("idea001"), LEA)

    assert refused(room.ask(Undo(deed))) == ("U3", "built_on")


def test_U2_who_entered_a_gesture_for_another_may_take_it_back_and_it_is_theirs() -> None:
    room = sorting()
    room.ask(MoveIdeas(("idea001",), "theme3"), LEA)
    deed = room.state.deeds[-1]

    assert (deed.by, deed.at) == (LEA, room.state.at)
    assert refused(room.ask(Undo(deed.seq), ANNE)) == ("U2", "not_your_deed")
    assert refused(room.ask(Undo(deed.seq), LEA)) is None


def test_U1_taking_back_leaves_no_gesture_of_its_own_and_keeps_the_others() -> None:
    room = sorting()
    room.ask(MoveIdeas(("idea001",), "theme3"))
    room.ask(RenameTheme("theme2", "Otherwise"))
    moved, renamed = room.state.deeds[-2:]
    kept = len(room.state.deeds)
    room.ask(Undo(moved.seq))

    assert len(room.state.deeds) == kept
    assert [(d.seq, d.undone) for d in room.state.deeds[-2:]] == [(moved.seq, True), (renamed.seq, False)]
    assert refused(room.ask(Undo(renamed.seq))) is None


def test_U1_a_gesture_of_several_facts_is_taken_back_as_one_by_its_last_number_only() -> None:
    room = sorting()
    facts = room.ask(GroupIdeas(("idea001", "idea003"), "theme9", "Encore"))
    last = room.state.seq

    assert len(facts) == 2
    assert refused(room.ask(Undo(last - 1))) == ("U1", "no_deed")
    assert refused(room.ask(Undo(last))) is None
    assert room.state.themes.by_id["theme9"].removed
