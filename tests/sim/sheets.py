"""A second opinion on sheets: what must be answered, and what may be written by whom (H1 to H6). Of the rules it shares the
schemas, and nothing else.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from forum.domain.flow import StepInserted, StepRemoved
from forum.domain.kernel import Command, Fact
from forum.domain.sheets import SCHEMAS
from forum.domain.sheets.fields import Value
from forum.domain.sheets.reading import OF_THE_PLAN
from forum.domain.sheets.schema import Field, Schema
from forum.domain.sheets.words import (
    EditSheet,
    MakeSheet,
    RemoveSheet,
    SheetEdited,
    SheetMade,
    SheetRemoved,
    SheetRestored,
    TakeNameOut,
)
from forum.domain.voices import VoiceHanded, VoiceReturned
from tests.scenes import FACILITATOR

Writes = MakeSheet | EditSheet | RemoveSheet | TakeNameOut
Opinion = bool | None
"""Whether something must be accepted; None: nobody here can tell."""

FITS: Final[Mapping[str, Callable[[Any, Any], Opinion]]] = {
    "text": lambda holds, value: isinstance(value, str) and len(value) <= holds.most,
    "choice": lambda holds, value: value in ("", *(key for key, _ in holds.options)),
    "links": lambda holds, value: len(value) <= holds.most and (None if value else True),
    "amount": lambda holds, value: value == "" or holds.least <= float(value) <= holds.most,
}
"""By kind of field, whether it can hold what was typed, which is kept as it is. Of other kinds nothing alone is judged."""
NOTHING: Final[Mapping[str, Value]] = {}
MAY_BE_GONE: Final = frozenset({
    "field_link", "field_person", "field_day", "not_written_here", "not_their_plan", "sheets_closed",
})  # fmt: skip
"""Why what was saved before a loss is not taken again: what it names has not come back, or its time is over."""


def people(value: Value) -> set[str]:
    """Whom a field names, be it one or several."""
    return {*filter(None, [value] if isinstance(value, str) else value)}


def names_another(field_: Field | None, now: Value, by: str, was: Value = "") -> bool:
    """H6: whether who is not the desk would put somebody else's name, or take it away."""
    return bool(field_ and field_.kind.person and by != FACILITATOR and (people(now) ^ people(was)) - {by})


def all_of(opinions: Iterator[Opinion]) -> Opinion:
    """Whether all hold; None where none is known not to."""
    said = list(opinions)
    return False if False in said else None if None in said else True


@dataclass
class Sheet:
    schema: Schema
    step: str
    by: str
    fields: dict[str, Value]
    wrote: dict[str, tuple[str, int]]  # who gave a field what it holds, by which fact
    last: tuple[str, int] = ("", 0)  # who changed it last, by which fact
    removed: bool = False

    def holds(self, name: str) -> Value:
        return self.fields.get(name) or ""

    def names(self, person: str) -> set[str]:
        """The fields in which it names somebody."""
        return {f.name for f in self.schema.fields if f.kind.person and person in people(self.holds(f.name))}

    def was_seen(self, by: str, seen: int | None) -> Opinion:
        """O14: whether who removes it has seen what it has become; of their own changes their tab says, which is not known here."""
        if seen is None:
            return None
        return True if not 0 < seen < self.last[1] else None if self.last[0] == by else False

    def overwrites(self, asked: EditSheet, name: str, by: str, seen: int | None) -> Opinion:
        """H5: whether who asks has not seen what they would write over."""
        other, seq = self.wrote.get(name, (self.by, 0))
        if name not in asked.was:
            return None if seen is None else bool(seen) and seq > seen and other != by
        if (asked.was[name] or "") == self.holds(name):
            return False
        field_ = self.schema.field(name)
        return (
            True if field_ and field_.kind.name in FITS else None
        )  # else it may be the same, said otherwise


@dataclass
class Sheets:
    """All sheets of a universe."""

    schemas: dict[str, str] = field(default_factory=dict)  # step → what is written there
    by_id: dict[str, Sheet] = field(default_factory=dict)
    seq: int = 0

    # --- what must be answered

    def judge(self, asked: Writes, by: str, open_step: str, seen: int | None) -> Opinion:
        """Whether it must be accepted. ``seen``: the fact at which the page stood; None: nobody knows."""
        if isinstance(asked, MakeSheet):
            return self._made_well(asked, by, open_step)
        sheet = self.by_id.get(asked.sheet)
        if sheet is None and isinstance(asked, EditSheet) and SCHEMAS[asked.schema].over:
            return None  # the first words of a sheet that lies over something, which is not known here
        if sheet is None or sheet.removed:
            return False
        if sheet.schema.over and isinstance(asked, RemoveSheet):
            return False  # it goes with what it lies over
        if isinstance(asked, TakeNameOut):
            return None if sheet.schema.over and sheet.names(by) else bool(sheet.names(by))
        may = self._may_write(sheet.step, by, open_step)
        if may is False:
            return False
        if isinstance(asked, RemoveSheet):
            return all_of(iter((may, self._is_theirs(sheet, by), sheet.was_seen(by, seen))))
        if asked.schema != sheet.schema.name or not (sheet.schema.shared or self._is_theirs(sheet, by)):
            return False
        over = None if sheet.schema.over else True  # that is there, or was removed
        return all_of(iter((may, over, *self._edited_well(sheet, asked, by, seen))))

    def judge_again(self, asked: Command, accepted: bool, code: str) -> str:
        """What is wrong with the answer to something that was saved, lost and proven; or ""."""
        if isinstance(asked, MakeSheet) and not accepted and code not in MAY_BE_GONE:
            return f"a sheet that had been saved was refused ({code})"
        return ""

    def _may_write(self, step: str, by: str, open_step: str) -> Opinion:
        """H3; of the plan, H7: whose action it is, the judge of actions knows."""
        if step == OF_THE_PLAN:
            return by == FACILITATOR or None
        return step in self.schemas and (by == FACILITATOR or step == open_step)

    def _is_theirs(self, sheet: Sheet, by: str) -> bool:
        """H4."""
        return by in (sheet.by, FACILITATOR)

    def _made_well(self, asked: MakeSheet, by: str, open_step: str) -> Opinion:
        schema = SCHEMAS[asked.schema]
        may = self._may_write(asked.step, by, open_step)
        if not self._is_written(schema, asked.step) or asked.sheet in self.by_id or may is False:
            return False
        if any(f.needed and f.by == "room" and not asked.fields.get(f.name) for f in schema.fields):
            return False
        room = None if asked.step == OF_THE_PLAN else True  # for one more, and no action has its id
        fit = (self._fits(schema.field(name), value, by) for name, value in asked.fields.items())
        return all_of(iter((may, room, *fit)))

    def _is_written(self, schema: Schema, step: str) -> bool:
        """H1: where sheets of this schema are made."""
        if step == OF_THE_PLAN:
            return schema.where != "step" and not schema.over
        return self.schemas.get(step) == schema.name

    def _edited_well(self, sheet: Sheet, asked: EditSheet, by: str, seen: int | None) -> Iterator[Opinion]:
        yield all(sheet.schema.field(name) for name in (*asked.fields, *asked.was))
        for name, value in asked.fields.items():
            field_, stands = sheet.schema.field(name), sheet.holds(name)
            if (value or "") == stands or (name in asked.was and value == asked.was[name]):
                continue  # it was left alone
            yield not names_another(field_, value, by, stands)
            yield self._fits(field_, value, by, stands) if value or not (field_ and field_.needed) else False
            over = sheet.overwrites(asked, name, by, seen)
            yield None if over is None else not over

    def _fits(self, field_: Field | None, value: Value, by: str, was: Value = "") -> Opinion:
        """H1, whose a field is (H3), and who is named by whom (H6)."""
        if field_ is None or (value and field_.by == "desk" and by != FACILITATOR):
            return False
        if names_another(field_, value, by, was):
            return False
        return (
            FITS[field_.kind.name](field_.holds, value)
            if field_.kind.name in FITS
            else None
            if value
            else True
        )

    # --- what happens

    def happens(
        self, fact: Fact, by: str, *, open_step: str, later: bool, asked: Command | None, seen: int
    ) -> str:
        """Let a fact be so; what is wrong with it, or "".

        later   it came about otherwise than by writing: by an undo, or again after a loss
        asked   what came of this, where that is known
        """
        self.seq += 1
        match fact:
            case StepInserted(step=step):
                self.schemas |= {step.id: step.settings.makes} if step.settings.makes in SCHEMAS else {}
            case StepRemoved(step=step):
                self.schemas.pop(step, None)
            case VoiceHanded(person=before, to=now) | VoiceReturned(person=now, of=before):
                self._named_instead(before, now)
            case SheetMade():
                return self._made(fact, by, open_step, later)
            case SheetEdited() | SheetRemoved() | SheetRestored():
                sheet = self._held(fact, by)
                wrong = "" if later else self._of_others(sheet, fact, by, open_step)
                return self._changed(sheet, fact, by, asked, seen, later) or wrong
        return ""

    def _held(self, fact: SheetEdited | SheetRemoved | SheetRestored, by: str) -> Sheet:
        """The sheet; one that lies over something begins with its first words."""
        if isinstance(fact, SheetEdited) and SCHEMAS[fact.schema].over and fact.sheet not in self.by_id:
            self.by_id[fact.sheet] = Sheet(SCHEMAS[fact.schema], OF_THE_PLAN, by, {}, {})
        return self.by_id[fact.sheet]

    def _named_instead(self, before: str, now: str) -> None:
        """Whoever is named goes on being named, under the number that has their voice."""
        for sheet in self.by_id.values():
            for name in sheet.names(before):
                said = sheet.fields[name]
                instead = dict.fromkeys(now if one == before else one for one in said)
                sheet.fields[name] = now if isinstance(said, str) else tuple(instead)
                sheet.last = ("", self.seq)

    def _made(self, fact: SheetMade, by: str, open_step: str, later: bool) -> str:
        schema = SCHEMAS[fact.schema]
        wrote = dict.fromkeys(fact.fields, (by, self.seq))
        sheet = Sheet(schema, fact.step, by, dict(fact.fields), wrote, (by, self.seq))
        self.by_id[fact.sheet] = sheet
        if not self._is_written(schema, fact.step):
            return f"H1 a {fact.schema} is written in {fact.step}"
        if not later and self._may_write(fact.step, by, open_step) is False:
            return f"H3 {by} writes in {fact.step}, while {open_step or 'nothing'} is open"
        return self._unlike_its_kind(sheet, fact.fields, by)

    def _of_others(self, sheet: Sheet, fact: Fact, by: str, open_step: str) -> str:
        if sheet.removed:
            return f"H1 {by} changes what was taken back"
        if (
            isinstance(fact, SheetEdited)
            and fact.now.keys() == sheet.names(by)
            and all(people(was) - people(fact.now[name]) == {by} for name, was in fact.was.items())
        ):
            return ""  # they take their name out
        now: Mapping[str, Value] = getattr(fact, "now", {})
        if any(names_another(sheet.schema.field(n), v, by, sheet.holds(n)) for n, v in now.items()):
            return f"H6 {by} takes away a name that is not theirs"
        if self._may_write(sheet.step, by, open_step) is False:
            return f"H3 {by} changes a sheet of {sheet.step}, while {open_step or 'nothing'} is open"
        alone = not sheet.schema.shared or not isinstance(fact, SheetEdited)
        return f"H4 {by} changes what is {sheet.by}’s" if alone and not self._is_theirs(sheet, by) else ""

    def _changed(
        self, sheet: Sheet, fact: Fact, by: str, asked: Command | None, seen: int | None, later: bool
    ) -> str:
        sheet.last = (by, self.seq)
        if not isinstance(fact, SheetEdited):
            sheet.removed = isinstance(fact, SheetRemoved)
            return ""
        wrong = [
            f"H5 {by} writes over {name}, which {sheet.wrote.get(name, (sheet.by,))[0]} had changed"
            for name in fact.now
            if isinstance(asked, EditSheet) and sheet.overwrites(asked, name, by, seen)
        ]
        untrue = [
            f"H5 {name} is told to have been {was!r}, and was {sheet.holds(name)!r}"
            for name, was in fact.was.items()
            if (was or "") != sheet.holds(name)
        ]
        sheet.fields |= fact.now
        sheet.wrote |= dict.fromkeys(fact.now, (by, self.seq))
        unlike = "" if later else self._unlike_its_kind(sheet, fact.now, by, fact.was)
        return next(iter((*wrong, *untrue, unlike)), "")

    def _unlike_its_kind(
        self, sheet: Sheet, given: Mapping[str, Value], by: str, was: Mapping[str, Value] = NOTHING
    ) -> str:
        """H1, H2, and the desk's own fields (H3)."""
        if not sheet.schema.over and not sheet.holds(sheet.schema.heading.name):
            return f"H2 {by} leaves a sheet without its title"
        for name, value in given.items():
            field_ = sheet.schema.field(name)
            if self._fits(field_, value, by, was.get(name, "")) is False:
                rule = (
                    "H6"
                    if names_another(field_, value, by, was.get(name, ""))
                    else "H3"
                    if field_ and field_.by == "desk"
                    else "H1"
                )
                return f"{rule} {by} writes {value!r} into {name}"
            thing = field_.kind.thing(field_.holds) if field_ else ""
            linked = [self.by_id.get(one) for one in value] if thing in SCHEMAS else []
            if any(one is None or one.removed or one.schema.name != thing for one in linked):
                return f"H1 {by} links {name} to {value}, which is no {thing} that is there"
        return ""

    # --- afterwards

    def differs(self, kept: Mapping[Any, Any]) -> str:
        """How the sheets that the rules have folded differ from what happened; or ""."""
        for name, sheet in self.by_id.items():
            other = kept[name]
            stands = {n: v for n, v in sheet.fields.items() if v}
            if (dict(other.fields), other.removed, other.by) != (stands, sheet.removed, sheet.by):
                return f"{name} holds {dict(other.fields)} (removed: {other.removed}), and should {stands} ({sheet.removed})"
        return (
            ""
            if len(kept) == len(self.by_id)
            else f"{len(kept)} sheets are there, and {len(self.by_id)} were made"
        )
