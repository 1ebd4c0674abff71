"""A JSON Schema applied: as much of it as the schema of our archive uses. A word that is not known here is an error."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final

Schema = dict[str, Any]
SAID: Final = {"$schema", "$id", "$defs", "title", "description", "default", "examples"}
"""Say nothing of a value by themselves."""
KINDS: Final[dict[str, tuple[type, ...]]] = {
    "string": (str,), "boolean": (bool,), "object": (dict,), "array": (list,), "null": (type(None),), "integer": (int,),
    "number": (int, float),
}  # fmt: skip


def unlike(value: Any, schema: Schema, root: Schema | None = None, at: str = "$") -> Iterator[str]:
    """Where a value is not as the schema says."""
    root = schema if root is None else root
    for word, said in schema.items():
        if word in SAID:
            continue
        yield from RULES[word](value, said, schema, root, at)


def _ref(value: Any, said: str, schema: Schema, root: Schema, at: str) -> Iterator[str]:
    return unlike(value, root["$defs"][said.rpartition("/")[2]], root, at)


def _all(value: Any, said: list[Schema], schema: Schema, root: Schema, at: str) -> Iterator[str]:
    for one in said:
        yield from unlike(value, one, root, at)


def _any(value: Any, said: list[Schema], schema: Schema, root: Schema, at: str) -> Iterator[str]:
    if all(any(True for _ in unlike(value, one, root, at)) for one in said):
        yield f"{at} is none of the possible"


def _type(value: Any, said: str | list[str], schema: Schema, root: Schema, at: str) -> Iterator[str]:
    kinds = [said] if isinstance(said, str) else said
    fits = any(
        isinstance(value, KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))
        for kind in kinds
    )
    if not fits:
        yield f"{at} is no {said}"


def _enum(value: Any, said: list[Any], schema: Schema, root: Schema, at: str) -> Iterator[str]:
    if value not in said:
        yield f"{at} is none of {said}"


def _const(value: Any, said: Any, schema: Schema, root: Schema, at: str) -> Iterator[str]:
    return _enum(value, [said], schema, root, at)


def _pattern(value: Any, said: str, schema: Schema, root: Schema, at: str) -> Iterator[str]:
    if isinstance(value, str) and not re.search(said, value):
        yield f"{at} does not fit {said}"


def _format(value: Any, said: str, schema: Schema, root: Schema, at: str) -> Iterator[str]:
    if said == "date" and value:
        date.fromisoformat(value)
    yield from ()


def _required(value: Any, said: list[str], schema: Schema, root: Schema, at: str) -> Iterator[str]:
    yield from (f"{at} lacks {name}" for name in said if isinstance(value, dict) and name not in value)


def _properties(value: Any, said: dict[str, Schema], schema: Schema, root: Schema, at: str) -> Iterator[str]:
    others = schema.get("additionalProperties", True)
    for name, one in value.items() if isinstance(value, dict) else ():
        of = said.get(name, others)
        if of is False:
            yield f"{at} has {name}"
        elif of is not True:
            yield from unlike(one, of, root, f"{at}.{name}")


def _others(value: Any, said: Any, schema: Schema, root: Schema, at: str) -> Iterator[str]:
    return _properties(value, {}, schema, root, at) if "properties" not in schema else iter(())


def _items(value: Any, said: Schema, schema: Schema, root: Schema, at: str) -> Iterator[str]:
    for n, one in enumerate(value if isinstance(value, list) else ()):
        yield from unlike(one, said, root, f"{at}[{n}]")


def _most(value: Any, said: int, schema: Schema, root: Schema, at: str) -> Iterator[str]:
    if isinstance(value, str | list) and len(value) > said:
        yield f"{at} is longer than {said}"


def _if(value: Any, said: Schema, schema: Schema, root: Schema, at: str) -> Iterator[str]:
    fits = not any(True for _ in unlike(value, said, root, at))
    yield from unlike(value, schema.get("then" if fits else "else", {}), root, at)


def _told(value: Any, said: Any, schema: Schema, root: Schema, at: str) -> Iterator[str]:
    """With what stands beside it."""
    return iter(())


RULES: Final[dict[str, Callable[[Any, Any, Schema, Schema, str], Iterator[str]]]] = {
    "$ref": _ref, "allOf": _all, "anyOf": _any, "oneOf": _any, "type": _type, "enum": _enum, "const": _const, "pattern": _pattern,
    "format": _format, "required": _required, "properties": _properties, "additionalProperties": _others, "items": _items, "maxLength": _most,
    "maxItems": _most, "if": _if, "then": _told, "else": _told,
}  # fmt: skip
