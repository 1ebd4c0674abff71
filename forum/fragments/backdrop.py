"""A shared page as it was drawn for one audience, kept to be filled with what is personal. Strings only.

Theory of operation. A fragment's HTML has marks where its containers are. A page is put together from the
outside in: each mark is replaced by the fragments that belong into that container, in their order.
Containers without anything personal are the same on every page and are put together once. For a person's
page, only the containers that hold something of theirs are joined anew, and those around them.

Of a long list a page holds a *window* at first: the last fragments, and a link to those before. A page of
two thousand cards is no heavier than one of sixty. This module gives the other cards on request, as they
stand now.

Must never hold anything that one person alone may see, nor be changed once it was handed out: people share
it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from markupsafe import Markup

from forum.domain.attendance import NOBODY_ABSENT, Absent
from forum.domain.kernel import PersonId
from forum.fragments.surface import Put
from forum.slices import Sliced, at_once

_BEGIN, _END = "\ue000slots:", "\ue001"
"""Private-use characters never occur in texts: they are stripped where texts come in."""
ROOT: Final = "root"


class Cut(NamedTuple):
    """How a long list is cut: a page holds its last ``most`` fragments, and ``before`` them this."""

    most: int
    before: str = ""


class Run(NamedTuple):
    """Some fragments that stand one after another in a list, and what there is around them."""

    puts: tuple[Put, ...]
    first: int  # the place of the first of them, from 0
    total: int

    @property
    def html(self) -> Markup:
        """As the templates drew them, which escaped whatever people wrote."""
        return Markup("".join(put.html for put in self.puts))  # noqa: S704  escaped there


class Backdrop:
    """The shared fragments of one audience at one journal number, in the order of the page."""

    __slots__ = (
        "_around", "_bare", "_begins", "_cuts", "_inside", "_joined", "_near", "absent", "names", "puts", "seq",
    )  # fmt: skip

    def __init__(
        self,
        seq: int,
        names: Mapping[PersonId, str],
        puts: Mapping[str, Put],
        cuts: Mapping[str, Cut] = MappingProxyType({}),
        absent: Absent = NOBODY_ABSENT,
    ) -> None:
        """``names`` that the fragments were drawn with, and who was ``absent`` then; ``puts`` by key, with the marks of their containers; ``cuts``
        by the place of a list."""
        self.seq = seq
        self.names = names
        self.absent = absent
        self.puts = puts
        self._cuts = cuts
        self._bare: tuple[Put, ...] | None = None
        self._near: tuple[Put, ...] | None = None
        self._begins: dict[str, str] | None = None
        self._inside: dict[str, list[Put]] = {}
        self._around: dict[str, str] = {}  # the container in which a container is
        self._joined: dict[str, str] = {}

    @property
    def begins(self) -> Mapping[str, str]:
        """By the place of a list that is cut: the order of the first fragment of it that a page holds at first."""
        if self._begins is None:
            lists = {place: self._list(place) for place in self._cuts}
            self._begins = {
                place: puts[-self._cuts[place].most].order
                for place, puts in lists.items()
                if len(puts) > self._cuts[place].most
            }
        return self._begins

    @property
    def near(self) -> tuple[Put, ...]:
        """The fragments that a page holds at first, as they travel."""
        if self._near is None:
            begins = self.begins
            self._near = tuple(
                put for put in self.bare if put.place not in begins or put.order >= begins[put.place]
            )
        return self._near

    def before(self, place: str, order: str, most: int) -> Run:
        """The last fragments of a list that stand before an order; with "" the last there are."""
        puts = self._list(place)
        end = bisect_left(puts, order, key=_order) if order else len(puts)
        return self._run(puts, max(0, end - most), end)

    def after(self, place: str, order: str, most: int) -> Run:
        """The first fragments of a list that stand after an order."""
        puts = self._list(place)
        start = bisect_right(puts, order, key=_order)
        return self._run(puts, start, start + most)

    @staticmethod
    def _run(puts: list[Put], start: int, end: int) -> Run:
        return Run(tuple(map(bare, puts[start:end])), start, len(puts))

    def _list(self, place: str) -> list[Put]:
        if not self._inside:
            self._inside = _by_place(self.puts.values())
        return self._inside.get(place, [])

    @property
    def bare(self) -> tuple[Put, ...]:
        """Every fragment, as it travels."""
        if self._bare is None:
            self._bare = tuple(map(bare, self.puts.values()))
        return self._bare

    def filled(self, own: Iterable[Put] = ()) -> str:
        """What stands in the outermost container, with these personal fragments in their places."""
        return at_once(self.filled_in_slices(own))

    def filled_in_slices(self, own: Iterable[Put] = ()) -> Sliced[str]:
        """``filled``, in slices."""
        if not self._around:
            self._around = {place: put.place for put in self.puts.values() for place in _containers(put.html)}
            yield
        if not self._inside:
            self._inside = _by_place(self.puts.values())
            yield
        cut = {place: self._cuts[place] for place in self.begins}
        shared = self._inside | {place: self._list(place)[-how.most :] for place, how in cut.items()}
        heads = {place: how.before for place, how in cut.items()}
        return _Filling(shared, heads, self._around, self._joined, _by_place(own)).text(ROOT)


class _Filling:
    """One person's page being put together."""

    def __init__(
        self,
        shared: Mapping[str, list[Put]],
        heads: Mapping[str, str],
        around: Mapping[str, str],
        joined: dict[str, str],
        own: Mapping[str, list[Put]],
    ) -> None:
        self._shared, self._heads, self._joined, self._own = shared, heads, joined, own
        self._differs = set(own)  # containers that are not as everybody's
        for place in own:
            outer = around.get(place)
            while outer is not None and outer not in self._differs:
                self._differs.add(outer)
                outer = around.get(outer)

    def text(self, place: str) -> str:
        if place in self._differs:
            children = [*self._shared.get(place, ()), *self._own.get(place, ())]
            return self._head(place) + "".join(self._html(put.html) for put in sorted(children, key=_order))
        if place not in self._joined:
            inside = "".join(self._html(put.html) for put in self._shared.get(place, ()))
            self._joined[place] = self._head(place) + inside
        return self._joined[place]

    def _head(self, place: str) -> str:
        return self._heads.get(place, "")

    def _html(self, html: str) -> str:
        return _filled(html, self) if _BEGIN in html else html


def container(place: str) -> Markup:
    """A mark in place of which the children of a container are put."""
    return Markup("{}{}{}").format(_BEGIN, place, _END)  # which escapes what is filled in


def bare(put: Put) -> Put:
    """A fragment as it travels: its containers empty, the browser keeps what is in them."""
    return put._replace(html=_filled(put.html, None)) if _BEGIN in put.html else put


def filled(html: str, inside: Mapping[str, str]) -> str:
    """With these texts in place of the marks of their containers."""
    head, *rest = html.split(_BEGIN)
    cuts = (part.partition(_END) for part in rest)
    return "".join((head, *(text for place, _, after in cuts for text in (inside.get(place, ""), after))))


def _by_place(puts: Iterable[Put]) -> dict[str, list[Put]]:
    """What stands in each container, in order; equals as they came."""
    inside: dict[str, list[Put]] = {}
    for put in puts:
        inside.setdefault(put.place, []).append(put)
    for children in inside.values():
        children.sort(key=_order)
    return inside


def _order(put: Put) -> str:
    return put.order


def _containers(html: str) -> Iterator[str]:
    if _BEGIN in html:
        yield from (part.partition(_END)[0] for part in html.split(_BEGIN)[1:])


def _filled(html: str, filling: _Filling | None) -> str:
    head, *rest = html.split(_BEGIN)
    parts = [head]
    for part in rest:
        place, _, after = part.partition(_END)
        parts += [filling.text(place) if filling else "", after]
    return "".join(parts)
