"""Sheets as the state holds them: the slice of ``State`` that ``writing`` alone changes."""

import msgspec
from immutables import Map

from forum.domain.kernel import NOBODY, Millis, PersonId, SheetId, StepId
from forum.domain.sheets.fields import Value


class Wrote(msgspec.Struct, frozen=True):
    """Who gave a field its present value, and by which fact."""

    by: PersonId
    seq: int


class Sheet(msgspec.Struct, frozen=True):
    """One sheet."""

    id: SheetId
    schema: str
    step: StepId
    by: PersonId  # who wrote it first
    at: Millis
    number: int  # in its step, from 1; never reused
    rev: int
    fields: Map[str, Value] = Map()  # without those that hold nothing; what no schema knows is kept
    wrote: Map[str, Wrote] = Map()
    own: int = 0  # the last fact by which who wrote it first gave it words
    worded: int = 0  # the last fact by which anybody did
    removed: bool = False
    settled: int = 0  # fact that last removed or restored it; 0 = none
    settled_by: PersonId = NOBODY
    changed_at: Millis = Millis(0)  # when anybody last gave it words


class Sheets(msgspec.Struct, frozen=True):
    """All sheets of a forum."""

    by_id: Map[SheetId, Sheet] = Map()
    order: Map[StepId, tuple[SheetId, ...]] = Map()  # as they were written, removed ones too; the plan's: ""
    of: Map[str, tuple[SheetId, ...]] = Map()  # likewise, of each schema
