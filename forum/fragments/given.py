"""A form that was refused, drawn again as it was sent: its text, choices, ticks, numbers and dates, each in its field.

Works on pages of ours once they are drawn, so that no template says twice what a field holds: their attributes stand in
double quotes, and what people wrote is escaped. Finds the form by its address and by what its hidden fields say it is
about. What has no field there is returned, as words. Judges nothing; a page is given to who sent the form, and to nobody
else.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Final, NamedTuple

from markupsafe import escape

from forum.domain.kernel import N_
from forum.language import Reader
from forum.slices import Sliced

GONE: Final = N_("What you had chosen is no longer there. Choose again.")
GONE_OF: Final = N_("“{field}”: what you had chosen is no longer there. Choose again.")
GONE_OPTION: Final = N_("no longer there")
OF_THE_PAGE: Final = frozenset({"ticket", "seen", "then"})
"""Fields that say nothing of what a form is about."""
UNTYPED: Final = frozenset({"hidden", "password", "file", "submit", "button", "image", "reset"})
"""Inputs that are given nothing back: a secret least of all."""
BOXES: Final = frozenset({"checkbox", "radio"})
READ_AT_ONCE: Final = 256  # tags, before others may come between

_TAG = re.compile(
    r"<(/?)(form|details|input|textarea|select|option|button|template|p)\b"
    r'((?:[^<>"]++|"[^"]*+")*+)>'
)
_OPTION = re.compile(r'<option value="([^"]+)"[^>]*>([^<]*)<')
_ATTRIBUTE = re.compile(r'([^\s="<>/]+)(?:="([^"]*)")?')


class Given(NamedTuple):
    """A form as it was sent, and why it was refused."""

    action: str  # its address
    fields: Mapping[str, list[str]]
    words: frozenset[str] = frozenset()  # names of the fields whose values can be read as they are
    sentence: str = ""
    passing: frozenset[str] = frozenset()  # names of hidden fields that only say when the page was drawn

    def told(self, page: str = "") -> str:
        """What it said, in lines, as far as it can be read: of a choice its words, where ``page`` offers it."""
        said = {name: values for name, values in self.fields.items() if name not in OF_THE_PAGE}
        calls = (
            {unescape(value): unescape(words).strip() for value, words in _OPTION.findall(page)}
            if said
            else {}
        )
        lines = (
            calls.get(value) or (value if name in self.words else "")
            for name, values in said.items()
            for value in values
        )
        return "\n".join(filter(None, lines))


class Refilled(NamedTuple):
    """The page with the form in it; ``written``: what has no field there, "" for none."""

    html: str
    written: str


@dataclass(eq=False)
class _Tag:
    name: str
    start: int
    end: int
    attributes: dict[str, str | None]  # as they stand, escaped
    folds: tuple["_Tag", ...] = ()  # what it is folded into
    inside: list["_Tag"] = field(default_factory=list)  # options, or the fields and buttons of a form
    closed: int = 0  # where its end tag begins
    says: "_Tag | None" = None

    def said(self, name: str, otherwise: str = "") -> str:
        value = self.attributes.get(name)
        return otherwise if value is None else unescape(value)

    def has(self, name: str) -> bool:
        return name in self.attributes

    @property
    def value(self) -> str:
        return self.said("value", "on" if self.name == "input" else "")

    @property
    def kind(self) -> str:
        return self.said("type", "text") if self.name == "input" else self.name

    @property
    def entered(self) -> bool:
        fixed = self.name == "button" or self.kind in UNTYPED or self.has("readonly") or self.has("disabled")
        return not fixed and self.has("name")

    def drawn(self, **changed: str | bool) -> str:
        """Its tag with other attributes: True stands alone, False is left out."""
        said: dict[str, str | None] = dict(self.attributes)
        for name, value in changed.items():
            said.pop(name, None)
            if value is not False:
                said[name] = None if value is True else str(escape(value))
        told = "".join(f" {name}" if value is None else f' {name}="{value}"' for name, value in said.items())
        return f"<{self.name}{told}>"


def refilled(html: str, given: Given, reader: Reader) -> Sliced[Refilled]:
    """The page with the refused form as it was sent, with pauses. Cost: the page, read once."""
    forms = yield from _forms(html)
    form = max(
        (one for one in forms if _fits(one, given)), key=lambda one: _likeness(one, given), default=None
    )
    if form is None:
        return Refilled(html, given.told(html))
    filling = _Filling(html, given, reader)
    filling.fill(form)
    return Refilled(filling.page(), filling.left(form))


class _Filling:
    """One form on its way to be as it was sent."""

    def __init__(self, html: str, given: Given, reader: Reader) -> None:
        self._html, self._given, self._reader = html, given, reader
        self._left = {name: list(values) for name, values in given.fields.items()}
        self._edits: dict[int, tuple[int, str]] = {}  # from where: to where, and what stands there
        self._gone: list[str] = []

    def fill(self, form: _Tag) -> None:
        fields = [one for one in form.inside if one.entered]
        boxes = {one.said("name") for one in fields if one.kind in BOXES}
        for n, one in enumerate(fields):
            self._field(one, first=n == 0)
            for fold in one.folds if one.kind not in BOXES or one.value in self._sent(one) else ():
                self._put(fold.start, fold.end, fold.drawn(open=True))
        for name in sorted(boxes):
            there = {one.value for one in fields if one.said("name") == name}
            if any(value and value not in there for value in self._left.get(name, ())):
                self._gone.append(self._reader.say(GONE))
        for name in {one.said("name") for one in form.inside if not one.entered} | boxes:
            self._left.pop(name, None)
        for fold in form.folds:
            self._put(fold.start, fold.end, fold.drawn(open=True))
        self._put(form.start, form.end, form.drawn(**{"data-given": True}))
        if form.says and form.says.closed:
            sentences = " ".join(dict.fromkeys(filter(None, (self._given.sentence, *self._gone))))
            self._put(form.says.end, form.says.closed, str(escape(sentences)))

    def left(self, form: _Tag) -> str:
        """What found no field."""
        return self._given._replace(fields=self._left).told(self._html)

    def page(self) -> str:
        parts, at = [], 0
        for start, (end, said) in sorted(self._edits.items()):
            parts += [self._html[at:start], said]
            at = end
        return "".join((*parts, self._html[at:]))

    def _sent(self, one: _Tag) -> list[str]:
        return self._given.fields.get(one.said("name"), [])

    def _field(self, one: _Tag, *, first: bool) -> None:
        more: dict[str, str | bool] = {"autofocus": True} if first else {}
        if one.kind in BOXES:
            return self._put(one.start, one.end, one.drawn(checked=one.value in self._sent(one), **more))
        if one.name == "select":
            return self._select(one, more)
        waiting = self._left.get(one.said("name"), [])
        if not waiting:
            return self._put(one.start, one.end, one.drawn(**more)) if first else None
        value = waiting.pop(0).replace("\r\n", "\n")
        if one.name == "textarea":
            self._put(one.start, one.end, one.drawn(**more))
            return self._put(
                one.end, one.closed, "\n" + str(escape(value))
            )  # a browser leaves out the first break
        return self._put(one.start, one.end, one.drawn(value=value, **more))

    def _select(self, one: _Tag, more: dict[str, str | bool]) -> None:
        waiting = self._left.get(one.said("name"), [])
        chosen = [
            waiting.pop(0) for _ in range(len(waiting) if one.has("multiple") else min(1, len(waiting)))
        ]
        there = {option.value for option in one.inside}
        if not chosen and not one.has("multiple"):
            return self._put(one.start, one.end, one.drawn(**more)) if more else None
        for option in one.inside:
            self._put(option.start, option.end, option.drawn(selected=option.value in chosen))
        lost = [value for value in chosen if value not in there]
        if not lost:
            return self._put(one.start, one.end, one.drawn(**more))
        name = _name_of(self._html, one)
        self._gone.append(self._reader.say(GONE_OF, field=name) if name else self._reader.say(GONE))
        placeholder = f'<option value="" selected disabled>{escape(self._reader.say(GONE_OPTION))}</option>'
        return self._put(
            one.start,
            one.end,
            one.drawn(required="" not in there or one.has("required"), **more) + placeholder,
        )

    def _put(self, start: int, end: int, said: str) -> None:
        self._edits[start] = (end, said)


# --- inside


def _forms(html: str) -> Sliced[list[_Tag]]:
    """Every form of a page, with its fields, those elsewhere that name it included."""
    forms: list[_Tag] = []
    elsewhere: list[_Tag] = []
    at: dict[str, list[_Tag]] = {
        name: [] for name in ("form", "details", "textarea", "select", "option", "p")
    }
    models = 0  # what is folded into a template is on no page
    for n, found in enumerate(_TAG.finditer(html), 1):
        if n % READ_AT_ONCE == 0:
            yield
        ends, name = bool(found[1]), found[2]
        if name == "template":
            models += -1 if ends else 1
        elif models:
            continue
        elif ends:
            if at.get(name):
                at[name].pop().closed = found.start()
        else:
            tag = _Tag(name, found.start(), found.end(), _attributes(found[3]), tuple(at["details"]))
            forms += [tag] if name == "form" else []
            elsewhere += [tag] if tag.has("form") else []
            _place(tag, at)
            if name in at:
                at[name].append(tag)
    by_id = {one.said("id"): one for one in forms if one.has("id")}
    for tag in elsewhere:
        if tag.said("form") in by_id:
            by_id[tag.said("form")].inside.append(tag)
    return forms


def _place(tag: _Tag, at: Mapping[str, list[_Tag]]) -> None:
    """Put a tag where it belongs, if it is of a form that is open."""
    if tag.name == "option" and at["select"]:
        at["select"][-1].inside.append(tag)
    elif tag.name == "p" and tag.has("data-say") and at["form"]:
        at["form"][-1].says = tag
    elif tag.name in ("input", "textarea", "select", "button") and at["form"] and not tag.has("form"):
        at["form"][-1].inside.append(tag)


def _attributes(text: str) -> dict[str, str | None]:
    return {found[1]: found[2] for found in _ATTRIBUTE.finditer(text)}


def _fits(form: _Tag, given: Given) -> bool:
    """Whether it leads to the same address, and is about the same things."""
    places = {form.said("action"), *(one.said("formaction") for one in form.inside if one.has("formaction"))}
    return (
        given.action in places
        and any(one.entered for one in form.inside)
        and all(
            given.fields.get(name, [""])[-1] == value
            for name, value in _about(form).items()
            if name not in given.passing
        )
    )


def _likeness(form: _Tag, given: Given) -> tuple[int, int]:
    """How much of what was sent it has a place for, and how much it says it is about."""
    known = {one.said("name") for one in form.inside}
    needed = {one.said("name") for one in form.inside if one.entered and one.kind not in BOXES}
    return len(known & given.fields.keys()) - len(needed - given.fields.keys()), len(_about(form))


def _about(form: _Tag) -> dict[str, str]:
    """What its hidden fields say, but for those that only begin a list of boxes."""
    entered = {one.said("name") for one in form.inside if one.entered} | OF_THE_PAGE
    hidden = [one for one in form.inside if one.kind == "hidden" and one.said("name") not in entered]
    return {one.said("name"): one.said("value") for one in hidden if not one.has("data-new-id")}


def _name_of(html: str, one: _Tag) -> str:
    """How a field is called, "" when nothing near it says so."""
    if one.has("aria-label"):
        return one.said("aria-label")
    found = re.search(
        rf'<label[^>]*? for="{re.escape(one.said("id", "-"))}"[^>]*>(.*?)</label>', html, re.DOTALL
    )
    return " ".join(unescape(re.sub("<[^>]*>", "", found[1])).split()) if found else ""
