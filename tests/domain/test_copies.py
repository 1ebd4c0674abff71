"""O9: one number with two contents, as from a copied browser."""

from forum.domain import records
from forum.domain.copies import CONFLICT, SKIPPED, TabCopied, mark
from forum.domain.erasing import husks
from forum.domain.kernel import Rejection
from forum.domain.loss import Skip, TellLoss
from forum.domain.room import KEPT_RESULTS, Seen
from forum.domain.steps.board import EditIdea, PostIdea
from tests.scenes import LEA, Scene, a_room

TAB = "a-tab-of-lea-0001"
KEY = b"the server's secret"


def post(room: Scene, n: int, op: int, said: str, **more: object) -> object:
    text = PostIdea(f"idea{n:03}", f"Idea number {n}", "ideas")
    return room.ask(text, LEA, tab=TAB, op=op, mark=mark(KEY, said.encode()) if said else "", **more)


def told(room: Scene) -> list[TabCopied]:
    return [r.fact for _, _, r in room.journal if isinstance(r.fact, TabCopied)]


def test_O9_other_content_under_a_number_that_is_taken_is_a_conflict_and_the_first_stands():
    room = a_room().opened("ideas")
    post(room, 1, 1, "one")
    other = post(room, 2, 1, "two")

    assert other == Seen(0, CONFLICT)
    assert list(room.state.ideas.by_id) == ["idea001"]


def test_O9_the_same_content_is_a_repeat_and_no_conflict():
    room = a_room().opened("ideas")
    post(room, 1, 1, "one")

    assert post(room, 1, 1, "one") == Seen(room.state.seq, None)
    assert not told(room)


def test_O9_other_content_after_a_refusal_is_a_conflict_too():
    room = a_room()
    refused = post(room, 1, 1, "one")
    room.opened("ideas")

    assert isinstance(refused, Rejection)
    assert post(room, 2, 1, "two").refused == CONFLICT
    assert post(room, 1, 1, "one").refused == refused


def test_O9_that_a_tab_was_copied_is_told_once():
    room = a_room().opened("ideas")
    post(room, 1, 1, "one")
    for n in range(2, 6):
        post(room, n, 1, f"other {n}")

    assert told(room) == [TabCopied(TAB)]
    assert room.state.tabs.copied == (LEA,)


def test_O9_a_conflict_consumes_no_number():
    room = a_room().opened("ideas")
    post(room, 1, 1, "one")
    post(room, 2, 1, "two")
    post(room, 3, 2, "three")

    assert sorted(room.state.ideas.by_id) == ["idea001", "idea003"]


def test_O9_where_a_journal_knows_no_mark_nothing_is_called_a_conflict():
    room = a_room().opened("ideas")
    post(room, 1, 1, "")

    assert post(room, 2, 1, "two") == Seen(room.state.seq, None)
    assert post(room, 3, 1, "") == Seen(room.state.seq, None)


def test_O9_the_marks_of_another_server_are_no_conflict():
    room = a_room().opened("ideas")
    post(room, 1, 1, "one")
    elsewhere = mark(b"another secret", b"one")

    again = room.ask(PostIdea("idea001", "Idea number 1", "ideas"), LEA, tab=TAB, op=1, mark=elsewhere)
    assert again.refused is None


def test_O9_what_fills_a_hole_is_never_a_conflict_but_gives_way_to_what_lay_there():
    room = a_room().opened("ideas")
    room.ask(TellLoss(2, room.state.seq, room.state.seq + 9, "abc", 3), "")
    room.ask(Skip(1), LEA, tab=TAB, op=3, mark=mark(KEY, b"skip"))

    assert room.ask(Skip(2), LEA, tab=TAB, op=3, mark=mark(KEY, b"other skip")).refused is None
    assert post(room, 1, 3, "one", again=True).refused == SKIPPED
    assert not told(room)  # held up on the way, it may come after the skip of the very browser that sent it


def test_O9_what_a_copy_sends_under_a_number_that_a_skip_had_filled_goes_again_under_its_own():
    room = a_room().opened("ideas")
    room.ask(Skip(1), LEA, tab=TAB, op=3, mark=mark(KEY, b"skip"))
    post(room, 4, 4, "four")

    for op in (1, 2):
        assert post(room, op, op, "of the copy").refused.code == "conflict"
    assert post(room, 9, 5, "five")[0].idea == "idea009"
    assert not told(room)  # it may as well be an old frame of the very browser that skipped


def test_O9_what_was_answered_too_long_ago_to_be_kept_is_no_conflict():
    room = a_room().opened("ideas")
    for n in range(1, KEPT_RESULTS + 3):
        post(room, n, n, f"idea {n}")

    assert post(room, 90, 1, "another").refused.code == "result_not_kept"
    assert post(room, 90, 3, "another").refused == CONFLICT


def test_a_mark_says_nothing_without_the_servers_secret():
    words = b"Yes"

    assert mark(KEY, words) == mark(KEY, words) != mark(KEY, b"No")
    assert mark(KEY, b"ab", b"c") != mark(KEY, b"a", b"bc")
    assert mark(KEY, words) != mark(b"a guess", words)


def test_K2_marks_are_struck_with_the_words_they_stand_for():
    room = a_room().opened("ideas")
    post(room, 1, 1, "one")
    room.ask(PostIdea("idea001", "Idea number 1", "ideas"), LEA, mark=mark(KEY, b"refused"))
    room.ask(EditIdea("idea001", "Idea number 2"), LEA, mark=mark(KEY, b"two"))
    marked = [seq for seq, _, record in room.journal if record.mark]
    left = husks([(seq, record) for seq, _, record in room.journal], LEA, None)

    assert len(marked) == 3
    assert set(marked) <= set(left)
    assert not any(b'"m":' in records.encode(husk) for husk in left.values())


def test_O9_an_op_of_several_facts_has_one_mark_and_it_lies_with_its_words():
    from forum.domain.steps.sort import GroupIdeas

    room = a_room().opened("ideas").with_ideas(2).revealed("ideas").opened("sort")
    room.ask(GroupIdeas(("idea001",), "theme1", "Idea number 1"), LEA, tab=TAB, op=1, mark=mark(KEY, b"g"))
    marked = [type(r.fact).__name__ for _, op, r in room.journal if op == f"{TAB}:1" and r.mark]

    assert marked == ["ThemeMade"]
    assert (
        room.ask(GroupIdeas(("idea002",), "theme2", "B"), LEA, tab=TAB, op=1, mark=mark(KEY, b"h")).refused
        == CONFLICT
    )


def test_a_mark_is_the_same_in_every_version_since_journals_hold_it():
    assert mark(b"key", b"one", b"other") == "36aabd68d4da20c3"
