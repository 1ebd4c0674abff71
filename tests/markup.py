"""What is wrong with a page's markup: a few kinds of fault that validators found here once, looked for without any.

Knows the part of HTML that our pages use, and takes them as they are written: every end tag that may be left out stands
there. ``make validate`` asks the real validators. Never mends: browsers would, each in its way.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from typing import Final

VOID: Final = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr", "source", "track", "col"})
ONLY_WORDS: Final = frozenset(
    {"p", "span", "b", "strong", "em", "i", "small", "q", "bdi", "abbr", "code", "label", "button", "option", "output",
     "h1", "h2", "h3", "h4", "h5", "h6", "summary", "legend"}
)  # fmt: skip
"""Elements that hold words and what stands within a line."""
BLOCKS: Final = frozenset(
    {"address", "article", "aside", "blockquote", "details", "dialog", "div", "dl", "fieldset", "figure", "footer",
     "form", "header", "main", "nav", "ol", "p", "pre", "section", "table", "ul", "h1", "h2", "h3", "h4", "h5", "h6",
     "li", "dt", "dd", "summary", "legend"}
)  # fmt: skip
ALSO_WITHIN: Final = {"summary": {"h1", "h2", "h3", "h4", "h5", "h6"}}
CHILDREN: Final = {
    "ol": {"li"}, "ul": {"li"}, "dl": {"dt", "dd", "div"}, "select": {"option", "optgroup"}, "optgroup": {"option"},
    "datalist": {"option"},
}  # fmt: skip
PRESSED: Final = frozenset({"a", "button"})
APART: Final = frozenset({"form", "label", "main"})
"""Elements that never stand in one of their own kind; those that are pressed stand in none of both."""
NAMED_BY_WORDS: Final = frozenset({"a", "button", "summary"})
NAMELESS: Final = frozenset(
    {"p", "span", "div", "b", "strong", "em", "i", "small", "q", "bdi", "code", "dt", "dd", "label", "legend"}
)
"""Elements whose own role may have no name of its author's."""
TOKENS: Final = {
    "autocapitalize": {"off", "none", "on", "sentences", "words", "characters"},
    "enterkeyhint": {"enter", "done", "go", "next", "previous", "search", "send"},
    "autocomplete": {"off", "on", "given-name"},
    "spellcheck": {"true", "false", ""},
}
WITHOUT_TEXT: Final = frozenset({"hidden", "checkbox", "radio", "submit", "button", "reset", "file", "image"})
"""Kinds of input in which nothing is typed."""
POINTS: Final = ("for", "form", "list", "aria-labelledby", "aria-describedby", "aria-controls")


@dataclass
class Element:
    """An element with what is in it."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None"
    inside: "list[Element | str]" = field(default_factory=list)

    @property
    def children(self) -> "list[Element]":
        return [one for one in self.inside if isinstance(one, Element)]

    def above(self) -> "Iterator[Element]":
        """The elements around it, the nearest first."""
        one = self.parent
        while one is not None:
            yield one
            one = one.parent

    def seen(self) -> str:
        """Its words for eyes."""
        if "sr" in self.attributes.get("class", "").split() or self.attributes.get("aria-hidden") == "true":
            return ""
        return "".join(one if isinstance(one, str) else one.seen() for one in self.inside)

    def __str__(self) -> str:
        told = "".join(f' {name}="{value}"' for name, value in self.attributes.items())
        return f"<{self.tag}{told}>"[:160]


class _Tree(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.root = self._at = Element("", {}, None)
        self.all: list[Element] = []
        self.astray: list[str] = []
        self.feed(page)
        self.close()
        if self._at is not self.root:
            self.astray.append(f"{self._at} is not closed")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        twice = [name for name, n in Counter(name for name, _ in attrs).items() if n > 1]
        element = Element(tag, {name: value or "" for name, value in attrs}, self._at)
        self.astray += [f"{element} says {name} twice" for name in twice]
        self._at.inside.append(element)
        self.all.append(element)
        if tag not in VOID:
            self._at = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._at = self._at.parent or self.root

    def handle_endtag(self, tag: str) -> None:
        if self._at.tag != tag:
            self.astray.append(f"</{tag}> ends {self._at}")
        self._at = self._at.parent or self.root

    def handle_data(self, data: str) -> None:
        self._at.inside.append(data)


@lru_cache(maxsize=1)  # reading a page is most of the work, and one page is asked about several things
def _tree(page: str) -> _Tree:
    return _Tree(page)


def elements(page: str) -> list[Element]:
    """Every element of a page, in its order; not to be changed."""
    return _tree(page).all


def wrong(page: str, *, whole: bool = True) -> list[str]:
    """What is wrong with a page, or a fragment of one (not ``whole``), which may point at what is elsewhere."""
    tree = _tree(page)
    found = [*tree.astray, *_signs(page)]
    for element in tree.all:
        found += [f"{what}: {element}" for what in (*_place(element), *_names(element), *_tokens(element))]
    return found + ([*_pointers(tree.all), *_entered(tree.all)] if whole else [])


def _signs(page: str) -> Iterator[str]:
    odd = {sign for sign in set(page) if unicodedata.category(sign) in ("Co", "Cs", "Cn")}
    yield from (f"U+{ord(sign):04X} has no meaning to others" for sign in sorted(odd))


def _place(element: Element) -> Iterator[str]:
    parent, tag = element.parent, element.tag
    assert parent is not None
    if tag in BLOCKS and parent.tag in ONLY_WORDS and tag not in ALSO_WITHIN.get(parent.tag, ()):
        yield f"a {tag} in a {parent.tag}"
    allowed = CHILDREN.get(parent.tag)
    if allowed is not None and tag not in allowed | {"template", "script"}:
        yield f"a {tag} right in a {parent.tag}"
    if tag == "li" and parent.tag not in ("ol", "ul", "template", ""):
        yield f"an li in a {parent.tag}"
    if tag == "dl" or (tag == "div" and parent.tag == "dl"):
        yield from _pairs(element)
    around = {one.tag for one in element.above()} if tag in PRESSED or tag in APART else set()
    if tag in around:
        yield f"a {tag} in a {tag}"
    if tag in PRESSED and around & PRESSED:
        yield "something to press in something to press"


def _pairs(of: Element) -> Iterator[str]:
    """Terms before what is said of them, and none without the other."""
    tags = [one.tag for one in of.children if one.tag in ("dt", "dd")]
    if tags and (tags[0] != "dt" or tags[-1] != "dd"):
        yield "terms do not come before what is said of them"


def _names(element: Element) -> Iterator[str]:
    given = element.attributes
    label = given.get("aria-label")
    if (label is not None or "aria-labelledby" in given) and element.tag in NAMELESS and "role" not in given:
        yield "a name for what can have none"
    if label is None:
        return
    if not label.strip():
        yield "an empty name"
    words = _words(element.seen())
    if element.tag in NAMED_BY_WORDS and words and f" {words} " not in f" {_words(label)} ":
        yield f"its name leaves out what is seen ({words!r})"


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _tokens(element: Element) -> Iterator[str]:
    for name, known in TOKENS.items():
        if name in element.attributes and element.attributes[name] not in known:
            yield f"{name} knows no {element.attributes[name]!r}"


def _pointers(elements: Iterable[Element]) -> Iterator[str]:
    elements = list(elements)
    ids = Counter(one.attributes["id"] for one in elements if "id" in one.attributes)
    yield from (f"id {name!r} stands {n} times" for name, n in ids.items() if n > 1 or not name.strip())
    for element in elements:
        aims = [aim for name in POINTS for aim in element.attributes.get(name, "").split()]
        address = element.attributes.get("href", "")
        aims += [address[1:]] if address.startswith("#") else []
        yield from (f"nothing is called {aim!r}: {element}" for aim in aims if aim not in ids)


def _entered(elements: Iterable[Element]) -> Iterator[str]:
    """Fields in which Enter does what they are not for. It presses the first button of their form, in the order of the
    page: that needs the field, and the others say that they go without."""
    elements = list(elements)
    named = {one.attributes["id"]: one for one in elements if one.tag == "form" and "id" in one.attributes}
    typed: dict[int, list[Element]] = {}
    buttons: dict[int, list[Element]] = {}
    for one in elements:
        around = next((above for above in one.above() if above.tag == "form"), None)
        form = named.get(one.attributes["form"]) if "form" in one.attributes else around
        if form and _is_typed_into(one):
            typed.setdefault(id(form), []).append(one)
        if form and one.tag == "button" and one.attributes.get("type", "submit") == "submit":
            buttons.setdefault(id(form), []).append(one)
    for form in elements:
        fields, (first, *others) = typed.get(id(form)), buttons.get(id(form), [None])
        if not fields:
            continue
        if first is None:
            yield f"Enter in {fields[0]} presses nothing"
            continue
        others = [one for one in others if _said(one) != _said(first)]
        if any("formnovalidate" not in one.attributes for one in others):
            yield f"Enter in {fields[0]} presses {first}, and others need it too"
        if others and not any("required" in one.attributes for one in fields):
            yield f"Enter in {fields[0]} presses {first}, which does without"


def _said(button: Element) -> list[str | None]:
    """What a button adds to what its form says."""
    return [button.attributes.get(name) for name in ("name", "value", "data-op", "formaction")]


def _is_typed_into(element: Element) -> bool:
    given = element.attributes
    if element.tag == "textarea":
        return "data-enter-sends" in given
    return element.tag == "input" and given.get("type", "text") not in WITHOUT_TEXT
