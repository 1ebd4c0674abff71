"""A room that is about to be lost, what is told of it, and what its phones send again."""

from forum.domain.again import place
from forum.domain.kernel import NOBODY, PersonId, Was
from forum.domain.loss import TellLoss, count, teller
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.board import PostIdea
from tests.scenes import LEA, Scene

TAB = "a-tab-of-lea-0001"


def was(room: Scene, *, by: str = LEA, tab: str = TAB, op: int = 1, seq: int = 0, gen: int = 1) -> Was:
    """What an op was that this room, which is about to be lost, has just taken."""
    return Was(f"{tab}:{op}", PersonId(by), gen, seq or room.state.seq, "", *place(room.state))


def told(room: Scene, lost: Scene, ops: int = 1, votes: dict[str, int] | None = None) -> Scene:
    """The server tells what the store lost: all that ``lost`` had gone on by."""
    tab, op = teller(room.state, 2)
    room.ask(
        TellLoss(2, room.state.seq, max(lost.state.seq, 400), "abcdef", ops, votes or {}),
        NOBODY,
        tab=tab,
        op=op,
    )
    return room


def come_again(room: Scene, command, claim: Was, **more):
    tab, _, op = claim.op.rpartition(":")
    return room.ask(command, claim.by, tab=tab, op=int(op), was=claim, **more)


def outcome(room: Scene):
    return count(room.state, room.state.gone.losses[-1])


def vote_again(room: Scene, claim: Was, option: str = "theme1", points: int = 1):
    return come_again(room, GiveMark("vote", option, points), claim)


def tell(
    room: Scene, gen: int, after: int, upto: int, ops: int, *, chain: str = "", **more: object
) -> object:
    tab, op = teller(room.state, gen)
    return room.ask(TellLoss(gen, after, upto, chain or f"chain{gen}", ops, **more), NOBODY, tab=tab, op=op)


def back(
    room: Scene, n: int, seq: int, *, gen: int = 1, by: str = LEA, step: str = "ideas", tab: str = "lost"
) -> object:
    """A card comes again that had been fact ``seq`` in a life of the store that is gone."""
    was = Was(f"{tab}:{n}", PersonId(by), gen, seq, "", step)
    return room.ask(PostIdea(f"{tab}{n:03}", "Again", "ideas"), by, was=was)
