"""What a forum's state keeps of the op numbers of tabs. Values only; ``room`` and ``copies`` tell the rules."""

from typing import NamedTuple

import msgspec
from immutables import Map

from forum.domain.kernel import PersonId, Rejection, TabId


class Answer(NamedTuple):
    """What an op was answered."""

    op: int
    seq: int  # of its last fact
    refused: Rejection | None
    mark: str  # what stands for its content; "": nobody knows it any more
    done: bool = True  # it neither fills a hole nor waits
    fills: bool = False  # it fills a hole
    first: int = 0  # journal number of its first fact


class Tab(msgspec.Struct, frozen=True):
    """The op numbers of one browser tab: what it asked last and what it was answered."""

    owner: PersonId
    last: int
    results: tuple[Answer, ...] = ()
    copied: bool = False  # its numbers came with other content too


class Tabs(msgspec.Struct, frozen=True):
    """Every tab that ever asked for something."""

    by_id: Map[TabId, Tab] = Map()
    copied: tuple[PersonId, ...] = ()  # whose tabs were copied, one for each
