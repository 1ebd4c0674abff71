"""A round on its way to a process that counts it, and its result on the way back: both as bytes. Pure."""

import msgspec
from immutables import Map

from forum.domain.kernel import Millis, PersonId, RoundId, StepId
from forum.domain.steps.rounds import Ballot, Result, Round
from forum.domain.steps.voting import counted


class Order(msgspec.Struct, frozen=True):
    """A round to be counted, with nothing that its count does not ask for."""

    id: str
    step: str
    method: str
    version: int
    options: tuple[str, ...]
    parameters: dict[str, int]
    seed: int
    ballots: dict[str, tuple[dict[str, int], str, str, bool]]  # person → marks, who entered it, paper, late


def ordered(round_: Round) -> bytes:
    """What the process is sent."""
    ballots = {
        str(person): (dict(b.marks), str(b.entered_by), b.paper, b.late)
        for person, b in round_.ballots.items()
    }
    return msgspec.msgpack.encode(
        Order(
            round_.id, round_.step, round_.method, round_.version, round_.options, round_.parameters, round_.seed,
            ballots,
        )
    )  # fmt: skip


def answered(order: bytes) -> bytes:
    """What the process sends back."""
    told = msgspec.msgpack.decode(order, type=Order)
    ballots = {
        PersonId(person): Ballot(Map(marks), Millis(0), PersonId(by), paper=paper, late=late)
        for person, (marks, by, paper, late) in told.ballots.items()
    }
    round_ = Round(
        RoundId(told.id), StepId(told.step), 1, told.options, told.parameters, Millis(0),
        ballots=Map(ballots), method=told.method, version=told.version, seed=told.seed,
    )  # fmt: skip
    return msgspec.msgpack.encode(counted(round_))


def read(answer: bytes) -> Result:
    """The result that came back. msgspec.MsgspecError where it is none."""
    return msgspec.msgpack.decode(answer, type=Result)
