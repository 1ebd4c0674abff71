"""A page's forms as a browser without scripts reads them: what would be sent, and other things to enter instead."""

import random
from collections.abc import Iterator

from tests.markup import Element, elements

UNTYPED = frozenset({"hidden", "submit", "button", "password", "file"})
OPENS = "A “quoted” <text> & more\nnext line é "


def forms_of(page: str, *, all_forms: bool = False) -> list[tuple[Element, list[Element]]]:
    """Each form that is shown and has something to enter, with its fields, those elsewhere that name it too.

    all_forms  also those that one only presses
    """
    all_ = [one for one in elements(page) if is_field(one) or one.tag == "form"]
    all_ = [one for one in all_ if not any(above.tag == "template" for above in one.above())]
    forms = [one for one in all_ if one.tag == "form" and one.attributes["action"] != "/lang"]
    by_id = {one.attributes["id"]: one for one in forms if "id" in one.attributes}
    fields: dict[int, list[Element]] = {id(form): [] for form in forms}
    for one in filter(is_field, all_):
        around = next((above for above in one.above() if above.tag == "form"), None)
        owner = by_id.get(one.attributes["form"]) if "form" in one.attributes else around
        fields.get(id(owner), []).append(one)
    return [(form, fields[id(form)]) for form in forms if all_forms or any(map(is_entered, fields[id(form)]))]


def is_field(one: Element) -> bool:
    return one.tag in ("input", "select", "textarea") and "name" in one.attributes


def is_entered(one: Element) -> bool:
    return one.attributes.get("type") not in UNTYPED and not {"readonly", "disabled"} & one.attributes.keys()


def options(select: Element) -> list[Element]:
    """Also those in groups of options."""
    inside = [deeper for one in select.children for deeper in (one, *one.children)]
    return [one for one in inside if one.tag == "option"]


def sent(fields: list[Element]) -> dict[str, list[str]]:
    """What a browser would send of these fields, but for what is hidden."""
    said: dict[str, list[str]] = {}
    for one in filter(is_entered, fields):
        for value in values(one):
            said.setdefault(one.attributes["name"], []).append(value)
    return said


def values(one: Element) -> Iterator[str]:
    if one.tag == "select":
        chosen = [option for option in options(one) if "selected" in option.attributes]
        proposed = chosen or options(one)[:1]
        yield from (option.attributes["value"] for option in proposed if "disabled" not in option.attributes)
    elif one.tag == "textarea":
        yield one.seen().removeprefix("\n")
    elif one.attributes.get("type") not in ("checkbox", "radio"):
        yield one.attributes.get("value", "")
    elif "checked" in one.attributes:
        yield one.attributes.get("value", "on")


def filled(rng: random.Random, fields: list[Element]) -> dict[str, list[str]]:
    """Something else in every field, by chance; of boxes the first is ticked."""
    said: dict[str, list[str]] = {}
    radios: dict[str, list[str]] = {}
    for one in filter(is_entered, fields):
        name, kind = one.attributes["name"], one.attributes.get("type")
        if kind == "radio":
            radios.setdefault(name, []).append(one.attributes["value"])
        elif kind == "checkbox":
            said.setdefault(name, []).extend(
                [one.attributes.get("value", "on")] if rng.random() < 0.5 or name not in said else []
            )
        elif one.tag == "select":
            said.setdefault(name, []).append(rng.choice(options(one)).attributes["value"])
        else:
            said.setdefault(name, []).append(f"{OPENS}{rng.randrange(1000)}")
    said |= {name: [rng.choice(several)] for name, several in radios.items()}
    return {name: entered for name, entered in said.items() if entered}


def hidden(fields: list[Element]) -> dict[str, list[str]]:
    """What a form says besides."""
    return {
        one.attributes["name"]: [one.attributes.get("value", "")]
        for one in fields
        if one.attributes.get("type") == "hidden"
    }


def posted(fields: list[Element], entered: dict[str, list[str]]) -> dict[str, list[str]]:
    """The whole form as it is sent: what begins a list of boxes stands before those that are ticked."""
    besides = hidden(fields)
    return besides | {name: [*besides.get(name, ()), *several] for name, several in entered.items()}
