"""The names of a page's controls, as those hear them who move from one to the next: which do not stand alone."""

from collections.abc import Iterator
from typing import Final

from tests.markup import Element, elements

PRESSED: Final = frozenset({"a", "button", "summary"})
ENTERED: Final = frozenset({"input", "select", "textarea"})


def alike(page: str) -> list[str]:
    """Controls of one name that do different things, and those that have none."""
    root = elements(page)
    by_id = {one.attributes["id"]: one for one in root if "id" in one.attributes}
    labels = {one.attributes["for"]: one for one in root if one.tag == "label" and "for" in one.attributes}
    does: dict[tuple[str, str], set[str]] = {}
    found = []
    for one in controls(root):
        name = full_name(one, by_id, labels)
        if not name:
            found.append(f"has no name: {one}")
        does.setdefault((role(one), name), set()).add(what(one))
    return found + [
        f"{len(all_)} {kind}s are called {name!r}" for (kind, name), all_ in does.items() if len(all_) > 1
    ]


def controls(page: list[Element]) -> Iterator[Element]:
    for one in page:
        pressed = one.tag in PRESSED and (one.tag != "a" or "href" in one.attributes)
        entered = one.tag in ENTERED and one.attributes.get("type") != "hidden"
        around = (one, *one.above())
        away = any(is_away(near) for near in around)
        if (pressed or entered) and not away and "readonly" not in one.attributes:
            yield one


def is_away(one: Element) -> bool:
    given = one.attributes
    return "hidden" in given or given.get("aria-hidden") == "true" or one.tag in ("template", "noscript")


def role(one: Element) -> str:
    return one.attributes.get("type", "field") if one.tag in ENTERED else one.tag


def full_name(one: Element, by_id: dict[str, Element], labels: dict[str, Element]) -> str:
    """Its name; of a field with those of the named groups in which it stands."""
    around = list(one.above()) if one.tag in ENTERED else []
    groups = [near for near in around if near.attributes.get("role") == "group" or near.tag == "fieldset"]
    named = [name_of(near, by_id, labels) or _legend(near) for near in reversed(groups)]
    return " ".join((*filter(None, named), name_of(one, by_id, labels))).strip()


def _legend(one: Element) -> str:
    return next((heard(child) for child in one.children if child.tag == "legend"), "")


def name_of(one: Element, by_id: dict[str, Element], labels: dict[str, Element]) -> str:
    given = one.attributes
    if "aria-labelledby" in given:
        return " ".join(_alone(by_id[aim]) for aim in given["aria-labelledby"].split() if aim in by_id)
    if "aria-label" in given:
        return given["aria-label"]
    if one.tag in PRESSED:
        return heard(one)
    if given.get("id") in labels:
        return heard(labels[given["id"]])
    around = next((near for near in one.above() if near.tag == "label"), None)
    return heard(around) if around else given.get("placeholder", "")


def _alone(one: Element) -> str:
    return one.attributes.get("aria-label") or heard(one)


def heard(one: Element) -> str:
    """Its words for ears."""
    if one.attributes.get("aria-hidden") == "true" or "hidden" in one.attributes or one.tag in ENTERED:
        return ""
    said = "".join(part if isinstance(part, str) else heard(part) for part in one.inside)
    return " ".join(said.split())


def what(one: Element) -> str:
    """What it does: where it leads, what it asks for and about what, or which field it is."""
    given = one.attributes
    if one.tag == "a":
        return given["href"]
    form = next((near for near in one.above() if near.tag == "form"), None)
    if one.tag == "summary" or form is None:
        return str(id(one))
    hidden = [
        f"{near.attributes.get('name')}={near.attributes.get('value')}"
        for near in _below(form)
        if near.tag == "input"
        and near.attributes.get("type") == "hidden"
        and near.attributes.get("name") not in ("ticket", "seen", "then")
    ]
    asks = given.get("data-op") or given.get("formaction") or form.attributes.get("action", "")
    own = [given.get("name", "")] if one.tag in ENTERED or role(one) == "button" else []
    own += (
        [given.get("value", "")] if one.tag == "button" or given.get("type") in ("radio", "checkbox") else []
    )
    return " ".join((asks, *hidden, *own))


def _below(one: Element) -> Iterator[Element]:
    for child in one.children:
        yield child
        yield from _below(child)
