"""Editing by several people at once: what of an edit is new, and what of it would overwrite another's (P4, H5).

A page says what each field held when the person began to type (``was``). A field that they left alone is no
change of theirs, whatever it holds now. A field that they changed, and that somebody else changed meanwhile
to something else, is a conflict. A page that does not say this (a form without JavaScript) is judged by the
journal number that it showed.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

from forum.domain.kernel import Asked, PersonId

V = TypeVar("V")


def changed(now: Mapping[str, V], was: Mapping[str, V], stands: Mapping[str, V]) -> dict[str, V]:
    """Of what an edit gives, what differs from what stands, and was not only left as it had been."""
    return {name: value for name, value in now.items() if value not in (was.get(name), stands.get(name))}


def overwritten(
    fields: Mapping[str, V],
    was: Mapping[str, V],
    stands: Mapping[str, V],
    asked: Asked,
    wrote: Callable[[str], tuple[PersonId, int]],
) -> PersonId | None:
    """Who changed one of these fields since whoever edits it looked; None when nobody did.

    wrote   who gave a field what stands, and by which fact
    """
    for name in fields:
        by, seq = wrote(name)
        if name in was and was[name] != stands.get(name):
            return by
        if name not in was and asked.seen and seq > asked.seen and by != asked.who:
            return by
    return None
