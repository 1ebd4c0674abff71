"""Pages as keyed fragments, drawn once per audience. The only place, with ``environment``, that knows Jinja2.

The same template draws a fragment for the first paint, for a live update and for the page without JavaScript.
The law: *page(a) + changes(a → b) == page(b)*, for every audience, on every history; and the same of what only one
person sees: *you(a) + your_changes(a → b) == you(b)*.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple, cast

from jinja2 import Environment, Template
from markupsafe import Markup, escape

from forum.domain.kernel import PersonId
from forum.domain.touch import Touch
from forum.fragments import desk, phone, screen
from forum.fragments.backdrop import ROOT, Backdrop, Cut, bare, container, filled
from forum.fragments.environment import SEEN, TICKET, Compiled, environment
from forum.fragments.given import Given, refilled
from forum.fragments.shapes import Shape, marks
from forum.fragments.surface import Affects, Audience, Changes, Put, Slot, Surface, View
from forum.language import LANGUAGES, Reader, together
from forum.slices import Sliced, at_once

SURFACES = cast(dict[str, Surface], {"phone": phone, "screen": screen, "desk": desk})
DRAWN_AT_ONCE: Final = 16  # fragments, before others may come between
ORDERED_AT_ONCE: Final = 512  # of those that were drawn already
PART_CHARS: Final = 128 * 1024  # of a page, before others may come between
OWN_KEPT: Final = 1024  # personal fragments drawn lately: most say the same to many
SHAPES_KEPT: Final = 256  # fragments drawn lately, but for what is printed into them
ZONES_KEPT: Final = 32  # of hours, in which pages were drawn lately; in each language
TEMPLATES_KEPT: Final = 4096  # of all of these
BASES = {"phone": "/f/{code}", "screen": "/f/{code}/screen", "desk": "/f/{code}/desk"}


class Token(NamedTuple):
    """A page's position in the journal, from which it resumes."""

    gen: int
    seq: int
    chain: str


class Ground(NamedTuple):
    """What every fragment of a forum stands on."""

    code: str
    zone: str  # of its hours


class Pages:
    """Draws what each audience may see. Holds templates only; knows no socket and keeps no page."""

    def __init__(self, *, static: Callable[[str], str], clock: Callable[[], int] | None = None) -> None:
        """``static`` turns a path below ``static/`` into an address; ``clock`` says which year need not be shown."""
        self._static, self._compiled = static, {lang: Compiled() for lang in LANGUAGES}
        self._clock = clock
        self._environment = lru_cache(ZONES_KEPT * len(LANGUAGES))(self._made)
        self._template = lru_cache(TEMPLATES_KEPT)(self._found)
        self.forget()

    def grouped(self, view: View, audience: Audience, person: PersonId) -> Audience:
        """The audience to which a person belongs now, on this surface and in this language."""
        group = SURFACES[audience.surface].group(view, person)
        return audience if audience.group == group else audience._replace(group=group)

    def shows_near(self, audience: Audience) -> bool:
        """Whether who is heard from is told on this surface."""
        return Touch.NEAR in SURFACES[audience.surface].AFFECTS

    def page(self, view: View, audience: Audience) -> tuple[Put, ...]:
        """Every shared fragment, parents before children. Cost: all that is shown."""
        return self.backdrop(view, audience).bare

    def backdrop(self, view: View, audience: Audience) -> Backdrop:
        """The shared page, to be filled for many. Cost: all that is shown."""
        return at_once(self.backdrop_in_slices(view, audience))

    def backdrop_in_slices(self, view: View, audience: Audience) -> Sliced[Backdrop]:
        """``backdrop``, with pauses."""
        view = view.for_group(audience.group)
        surface, puts = SURFACES[audience.surface], dict[str, Put]()
        for n, key in enumerate(surface.keys(view), 1):
            slot = surface.slot(view, key)
            if slot:
                puts[key] = self._put(view, audience, key, slot)
            if n % DRAWN_AT_ONCE == 0:
                yield
        return self._backdrop(view, audience, puts)

    def brought(self, backdrop: Backdrop, view: View, audience: Audience, touched: Iterable[str]) -> Backdrop:
        """An older backdrop as it is now, after what ``touched`` things. As ``changes``: cost, and when it may be asked."""
        return at_once(self.brought_in_slices(backdrop, view, audience, touched))

    def brought_in_slices(
        self, backdrop: Backdrop, view: View, audience: Audience, touched: Iterable[str]
    ) -> Sliced[Backdrop]:
        """``brought``, with pauses."""
        view = view.for_group(audience.group)
        surface, now = SURFACES[audience.surface], dict(backdrop.puts)
        for n, key in enumerate(_affected(surface.AFFECTS, touched), 1):
            slot = surface.slot(view, key)
            if slot:
                now[key] = self._put(view, audience, key, slot)
            else:
                now.pop(key, None)
            if n % DRAWN_AT_ONCE == 0:
                yield
        yield
        puts: dict[str, Put] = {}
        for n, key in enumerate(surface.keys(view), 1):
            if key in now:
                puts[key] = now[key]
            if n % ORDERED_AT_ONCE == 0:
                yield
        return self._backdrop(view, audience, puts)

    def _backdrop(self, view: View, audience: Audience, puts: Mapping[str, Put]) -> Backdrop:
        where, windows = _where(audience, view.state.code), SURFACES[audience.surface].WINDOWS
        cuts = {
            place: Cut(
                window.most,
                self._template(audience.lang, view.state.zone, window.template).render(**where, place=place),
            )
            for place, window in windows.items()
        }
        return Backdrop(view.state.seq, view.names, puts, cuts, view.absent)

    def changes(self, view: View, audience: Audience, touched: Iterable[str]) -> Changes:
        """What ``touched`` things look like now. Cost: what changed. Never asked when the scene changed."""
        view, surface = view.for_group(audience.group), SURFACES[audience.surface]
        keys = _affected(surface.AFFECTS, touched)
        slots = {key: surface.slot(view, key) for key in keys}
        puts = tuple(bare(self._put(view, audience, key, slot)) for key, slot in slots.items() if slot)
        return Changes(puts, tuple(key for key, slot in slots.items() if slot is None))

    def you(self, view: View, audience: Audience, person: PersonId) -> tuple[Put, ...]:
        """Every fragment that only this person sees, parents before children. Cost: what was not drawn lately."""
        return tuple(bare(put) for put in self._you(view, audience, person))

    def forget(self) -> None:
        """Keep nothing that was drawn, nor what is being drawn: words in it were struck, or their forum is gone."""
        self._own_put = lru_cache(OWN_KEPT)(self._draw_own)
        self._shape = lru_cache(SHAPES_KEPT)(self._draw_shape)

    def your_changes(
        self, view: View, audience: Audience, person: PersonId, touched: Iterable[str]
    ) -> Changes:
        """What only this person sees looks like now, as far as it changed. Cost: what changed.

        touched  what the facts touched that touched this person; never asked when the scene changed, the person
                 themselves (``Touch.PEOPLE``) or their group (``Touch.group``)
        """
        view, surface = self._theirs(view, audience, person), SURFACES[audience.surface]
        keys = _affected(surface.MY_AFFECTS, touched) if person in view.state.people.by_id else ()
        slots = {key: surface.my_slot(view, person, key) for key in keys}
        puts = (self._mine(_ground(view), audience, key, slot) for key, slot in slots.items() if slot)
        return Changes(tuple(map(bare, puts)), tuple(key for key, slot in slots.items() if slot is None))

    def _you(self, view: View, audience: Audience, person: PersonId) -> Iterator[Put]:
        view = self._theirs(view, audience, person)
        surface, ground = SURFACES[audience.surface], _ground(view)
        keys = surface.my_keys(view, person) if person in view.state.people.by_id else iter(())
        slots = ((key, surface.my_slot(view, person, key)) for key in keys)
        return (self._mine(ground, audience, key, slot) for key, slot in slots if slot)

    def _theirs(self, view: View, audience: Audience, person: PersonId) -> View:
        return view.for_group(self.grouped(view, audience, person).group)

    def document(self, view: View, audience: Audience, person: PersonId, **around: Any) -> str:
        """The whole page of one person; see ``document_in_slices``."""
        return at_once(self.document_in_slices(view, audience, person, **around))

    def document_in_slices(
        self,
        view: View,
        audience: Audience,
        person: PersonId,
        *,
        token: Token,
        now: int,
        ticket: str,
        nonce: str,
        flash: str = "",
        given: Given | None = None,
        backdrop: Backdrop | None = None,
        unsaved: bool = False,
        small: str = "",
    ) -> Sliced[str]:
        """The whole page of one person, its fragments in place, with pauses.

        now    ms since the epoch, for the browser's countdowns
        flash  a sentence to speak first, such as a refusal; ``given`` the form that was refused
        backdrop  the shared page of this view, when it was drawn already
        unsaved  nothing new is being saved at the moment
        small  of a wall in small: the address below which it stays current, which is not the wall's
        """
        view = self._theirs(view, audience, person)
        backdrop, own = backdrop or self.backdrop(view, self.grouped(view, audience, person)), []
        sent = _valued(TICKET, ticket), _valued(SEEN, str(token.seq))
        for put in self._you(view, audience, person):
            own.append(put)
            if len(own) % DRAWN_AT_ONCE == 0:
                yield
        inside = yield from backdrop.filled_in_slices(own)
        yield
        written = ""
        if given:
            reader = Reader(audience.lang, view.state.zone)
            inside, written = yield from refilled(inside, given, reader)
        shell = self._template(audience.lang, view.state.zone, f"{audience.surface}.html").render(
            **self._context(view, audience, person),
            slots=container,
            token=token,
            now=now,
            nonce=nonce,
            flash=flash,
            written=written,
            unsaved=unsaved,
            small=small,
            begins=json.dumps(dict(backdrop.begins) if _is_in(view, person) else {}),
        )
        parts = []
        for part in _cut(filled(shell, {ROOT: inside})):
            parts.append(part.replace(TICKET, sent[0]).replace(SEEN, sent[1]))
            yield
        return "".join(parts)

    def plain(self, template: str, lang: str, zone: str = "", sent: Given | None = None, **args: Any) -> str:
        """A page without fragments: home, join, help, errors. ``zone``: of its hours; ``sent``: a form it refused."""
        html = self._template(lang, zone, f"pages/{template}").render(**args)
        return at_once(refilled(html, sent, Reader(lang, zone))).html if sent else html

    def _found(self, lang: str, zone: str, name: str) -> Template:
        return self._environment(lang, zone).get_template(name)

    def _made(self, lang: str, zone: str) -> Environment:
        return environment(lang, zone, self._static, self._compiled[lang], self._clock)

    def _put(self, view: View, audience: Audience, key: str, slot: Slot) -> Put:
        if slot.prints:
            return self._printed(audience, _ground(view), key, slot)
        return self._drawn(audience, _ground(view), key, slot, {**slot.args, **_around(view)})

    def _mine(self, ground: Ground, audience: Audience, key: str, slot: Slot) -> Put:
        if slot.prints:
            return self._printed(audience, ground, key, slot)
        return self._own_put(_nobodys(audience), ground, key, *slot[:3], tuple(slot.args.items()))

    def _printed(self, audience: Audience, ground: Ground, key: str, slot: Slot) -> Put:
        """A fragment whose shape was perhaps drawn before. Without words it may be another one: drawn as it is."""
        printed = [slot.args[name] for name in slot.prints]
        if not all(printed):
            return self._drawn(audience, ground, key, slot, slot.args)
        rest = tuple((name, value) for name, value in slot.args.items() if name not in slot.prints)
        shape = self._shape(_nobodys(audience), ground, slot.template, slot.prints, rest)
        number = self._environment(audience.lang, ground.zone).filters["number"]
        return Put(key, slot.place, slot.order, shape.filled((key, slot.order, *printed), number))

    def _draw_shape(
        self,
        audience: Audience,
        ground: Ground,
        template: str,
        prints: tuple[str, ...],
        args: tuple[tuple[str, Any], ...],
    ) -> Shape:
        key, order, *printed = marks(2 + len(prints))
        marked = {**dict(args), **dict(zip(prints, printed, strict=True))}
        return Shape.of(self._drawn(audience, ground, key, Slot("", order, template), marked).html)

    def _draw_own(
        self,
        audience: Audience,
        ground: Ground,
        key: str,
        place: str,
        order: str,
        template: str,
        args: tuple[tuple[str, Any], ...],
    ) -> Put:
        """What is personal is drawn from its slot's values alone, so that the same values are the same fragment."""
        return self._drawn(audience, ground, key, Slot(place, order, template), dict(args))

    def _drawn(self, audience: Audience, ground: Ground, key: str, slot: Slot, args: dict[str, Any]) -> Put:
        root = Markup(f'id="{escape(key)}" data-order="{escape(slot.order)}"')  # noqa: S704  escaped here
        html = self._template(audience.lang, ground.zone, slot.template).render(
            **_where(audience, ground.code), key=key, root=lambda: root, slots=container, **args
        )
        return Put(key, slot.place, slot.order, html.strip())

    def _context(self, view: View, audience: Audience, person: PersonId | None) -> dict[str, Any]:
        found = view.state.people.by_id.get(person) if person else None
        return {**_where(audience, view.state.code), **_around(view), "person": found}


def _valued(field: str, value: str) -> str:
    return f'{field[:-1]} value="{escape(value)}">'


def _cut(html: str) -> Iterator[str]:
    """A page in parts of bounded size, none of which ends within a tag."""
    start = 0
    while start < len(html):
        end = html.rfind(">", start, start + PART_CHARS) + 1 or len(html)
        yield html[start:end]
        start = end


def _nobodys(audience: Audience) -> Audience:
    """What is drawn from its slot's values alone is the same in every group."""
    return audience._replace(group="") if audience.group else audience


def _ground(view: View) -> Ground:
    return Ground(view.state.code, view.state.zone)


def _where(audience: Audience, code: str) -> dict[str, Any]:
    return {"surface": audience.surface, "code": code, "base": BASES[audience.surface].format(code=code)}


def _around(view: View) -> dict[str, Any]:
    return {"state": view.state, "view": view, "name": lambda person: together(view.name(person))}


def _is_in(view: View, person: PersonId | None) -> bool:
    """Whether the page is a room's, and not where somebody waits to be let in (J2)."""
    found = view.state.people.by_id.get(person) if person else None
    return found is not None and found.state == "in"


def _affected(affects: Affects, touched: Iterable[str]) -> Iterable[str]:
    """The keys that these touches may change, each once, parents before children."""
    by_word: dict[str, list[str]] = {}
    for touch in touched:
        word, _, name = touch.partition(":")
        by_word.setdefault(word, []).append(name)
    return dict.fromkeys(
        key
        for word, affected in affects.items()
        for name in sorted(by_word.get(word, ()))
        for key in affected(name)
    )
