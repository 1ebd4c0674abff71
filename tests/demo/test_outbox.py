"""The numbers of one tab against the rules themselves, whatever network and store do: never twice, never skipped over.

The store may be put back to any older state, again and again, also in the middle of what is being offered again.
"""

from collections import Counter, deque

from hypothesis import given, settings
from hypothesis import strategies as st

from forum.demo.outbox import IN_FLIGHT, Outbox
from forum.domain.kernel import Rejection
from forum.domain.loss import Skip, Skipped
from forum.domain.room import EMPTY, OutOfOrder, Refused, Seen, fold
from forum.domain.steps.board import IdeaPosted, PostIdea
from tests.scenes import LEA, a_room

TAB = "a-tab-of-lea-0001"
TOO_LONG = "x" * 200  # the board's own limit is 140: refused, and its number used

written = st.tuples(st.just("write"), st.booleans())
moved = st.tuples(st.sampled_from(["judge", "hear", "busy"]), st.integers(1, 4))
broken = st.tuples(st.just("cut"), st.just(0))
lost = st.tuples(st.just("lose"), st.integers(1, 12))
scripts = st.lists(st.one_of(written, written, moved, moved, moved, broken, lost), max_size=60)


class World:
    """One tab, its connection, and a forum whose journal can lose its end."""

    def __init__(self) -> None:
        self.box, self.room = Outbox(), a_room().opened("ideas")
        self.begun = len(self.room.journal)
        self.there: deque[dict] = deque()  # on their way to the server
        self.back: deque[dict] = deque()
        self.meant: dict[int, bool] = {}  # number: whether it is to be accepted
        self.answered: dict[int, str] = {}

    def write(self, good: bool) -> None:
        n = self.box.add(
            "PostIdea", {"id": f"idea{self.box.last + 1:03}", "text": "Une idée" if good else TOO_LONG}
        )
        self.meant[n] = good
        self.pump()

    def pump(self) -> None:
        self.there += self.box.due()

    def judge(self, count: int, *, busy: bool = False) -> None:
        """The server takes some frames; where it is busy, it says so to the first."""
        for _ in range(min(count, len(self.there))):
            frame = self.there.popleft()
            self.back.append(self.verdict(frame, busy))
            busy = False

    def verdict(self, frame: dict, busy: bool) -> dict:
        n, body = frame["n"], frame["b"]
        if busy:
            return {"t": "nack", "n": n, "code": "busy"}
        command = (
            Skip(body["from"])
            if frame["k"] == "Skip"
            else PostIdea(body["id"], body["text"], "ideas", length=len(body["text"]))
        )
        said = self.room.ask(command, LEA, tab=TAB, op=n, again=frame.get("again", False))
        match said:
            case OutOfOrder(last=last):
                return {"t": "nack", "n": n, "code": "out_of_order", "last": last}
            case Seen(refused=None):
                return {"t": "ack", "n": n}
            case Seen(refused=Rejection(code=code)) | Rejection(code=code):
                return {"t": "nack", "n": n, "code": code}
            case _:
                return {"t": "ack", "n": n}

    def hear(self, count: int) -> None:
        for _ in range(min(count, len(self.back))):
            verdict = self.back.popleft()
            if self.box.heard(verdict):
                self.answered.setdefault(verdict["n"], verdict.get("code", ""))
            self.pump()

    def cut(self) -> None:
        """The connection breaks: what was under way is gone, either way. A new one begins with a welcome."""
        self.there.clear()
        self.back.clear()
        tab = self.room.state.tabs.by_id.get(TAB)
        self.box.known(tab.last if tab else 0)
        self.box.afresh()
        self.pump()

    def lose(self, count: int) -> None:
        """The store is put back; everybody is welcomed again."""
        left = max(self.begun, len(self.room.journal) - count)
        del self.room.journal[left:]
        self.room.state = EMPTY
        for seq, op, record in self.room.journal:
            self.room.state = fold(self.room.state, seq, op, record)
        self.cut()

    def heal(self) -> None:
        """From here on all is well; enough rounds for anything that waits."""
        self.cut()
        for _ in range(4 * len(self.meant) + 8):
            self.judge(8)
            self.hear(8)

    def facts(self) -> list[tuple[int, object]]:
        return [
            (int(op.rpartition(":")[2]), record.fact)
            for _, op, record in self.room.journal
            if op.startswith(TAB)
        ]


@settings(max_examples=120, deadline=None, derandomize=True, database=None)
@given(scripts)
def test_whatever_is_lost_and_however_often_every_op_is_there_once_in_order_and_none_is_skipped(script):
    world = World()
    for act, how in script:
        if act == "busy":
            world.judge(how, busy=True)
        else:
            getattr(world, act)(how) if act != "cut" else world.cut()
    world.heal()
    facts = world.facts()
    posted = Counter(n for n, fact in facts if isinstance(fact, IdeaPosted))
    skipped = {n for last, fact in facts if isinstance(fact, Skipped) for n in range(fact.first, last + 1)}
    numbers = [n for n, _ in facts]

    assert world.box.waiting == []
    assert posted == Counter(n for n, good in world.meant.items() if good)
    assert numbers == sorted(set(numbers))
    assert not skipped & posted.keys()
    assert {f.code for _, f in facts if isinstance(f, Refused)} <= {"too_long"}
    assert {n: not code for n, code in world.answered.items()} == world.meant


def test_with_nothing_left_to_offer_the_numbers_are_filled_and_the_next_op_is_taken():
    world = World()
    for _ in range(3):
        world.write(False)
    world.judge(3)
    world.hear(3)
    world.lose(3)
    world.write(True)
    world.heal()

    assert [(n, type(fact)) for n, fact in world.facts()] == [(3, Skipped), (4, IdeaPosted)]


def test_what_is_offered_again_says_so_and_what_never_was_answered_does_not():
    world = World()
    world.write(True)
    world.judge(1)
    world.hear(1)
    world.write(True)
    world.judge(1)  # its answer is still on its way
    world.lose(2)

    assert [(f["n"], f.get("again", False)) for f in world.there] == [(1, True), (2, False)]


def test_no_more_than_a_hundred_are_kept_and_older_numbers_are_skipped():
    world = World()
    for _ in range(104):
        world.write(True)
        world.judge(1)
        world.hear(1)
    world.lose(1000)
    world.heal()

    assert world.room.state.ideas.active["ideas"] == 100
    assert (4, Skipped(1)) in world.facts()


def test_the_property_can_fail_a_skip_that_lay_on_an_op_would_be_seen():
    world = World()
    for _ in range(2):
        world.write(True)
        world.judge(1)
        world.hear(1)
    world.lose(1)

    assert world.verdict({"n": 2, "k": "Skip", "b": {"from": 1}}, False)["code"] == "out_of_order"


def test_a_refusal_in_passing_sends_again_what_was_refused_and_no_other():
    world = World()
    for _ in range(IN_FLIGHT):
        world.write(True)
    world.judge(IN_FLIGHT, busy=True)  # the first is told to wait, the others that their turn has not come
    world.hear(IN_FLIGHT)
    again = [frame["n"] for frame in world.there]
    world.judge(IN_FLIGHT)
    world.hear(IN_FLIGHT)

    assert again == list(range(1, IN_FLIGHT + 1))
    assert set(world.answered.values()) == {""}
    assert not world.there
