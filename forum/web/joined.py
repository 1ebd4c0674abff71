"""Several of our files served as one, joined when the server starts: a phone on a slow network asks once, not twenty
times.

The files stay separate, to be read and tested. This module knows only how they import each other. Each
module becomes a function, called once, in the order of the imports. So no two names collide; the function
returns what the module exports. A script written in another way than ours cannot be joined, and the server
says so at its start. Nothing else is changed but what ``bare`` takes away.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from forum.web import bare

SCRIPTS: Final = {"js/whole-live.js": "js/live.js"}
"""By the address of the whole: the module that it begins with. What that imports is in it."""
SHEETS: Final = {"css/whole-phone.css": ("css/tokens.css", "css/base.css", "css/phone.css", "css/print.css")}
GLOBAL: Final = {"js/morph.js": ("vendor/idiomorph.min.js", "Idiomorph")}
"""By the module that would load it: a classic script that leaves one global."""

_IMPORT: Final = re.compile(r'^import \{ ([\w, ]+) \} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export ((?:async function|function|class|const) (\w+))", re.MULTILINE)
_OTHER: Final = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)

Read = Callable[[str], bytes]
"""A file by its path below the folder."""
Dress = Callable[[str], str]
"""What a script is made into before it is served."""


class CannotJoin(ValueError):
    """A script is written in a way that this does not know; the message names it."""


def joined(read: Read) -> Iterator[tuple[str, bytes]]:
    """Every whole by its address."""
    for address, first in SCRIPTS.items():
        yield address, "".join(_modules(first, read, {})).encode()
    for address, parts in SHEETS.items():
        yield address, "".join(bare.sheet(read(part).decode()) for part in parts).encode()


def _modules(path: str, read: Read, done: dict[str, bool], dress: Dress = bare.script) -> Iterator[str]:
    """A module after those that it imports, each once. Ours are dressed, what others wrote stays as it was."""
    if done.get(path) is False:
        raise CannotJoin(f"{path} imports what imports it.")
    if path in done:
        return
    done[path] = False
    text = read(path).decode()
    for _, other in _IMPORT.findall(text):
        yield from _modules(f"js/{other}", read, done, dress)
    if path in GLOBAL:
        classic, name = GLOBAL[path]
        yield f"globalThis.{name} = (() => {{\n{read(classic).decode()}\nreturn {name};\n}})();\n"
    done[path] = True
    yield dress(_as_function(path, text))


def _as_function(path: str, text: str) -> str:
    exported = [name for _, name in _EXPORT.findall(text)]
    text = _EXPORT.sub(r"\1", _IMPORT.sub(_taken, text))
    if other := _OTHER.search(text):
        raise CannotJoin(f"{path} says what cannot be joined: {other[0]}")
    return f"const {_name(path)} = (() => {{\n{text}return {{ {', '.join(exported)} }};\n}})();\n"


def _taken(found: re.Match[str]) -> str:
    """What another module gave, under the names it has here."""
    names = found[1].replace(" as ", ": ")
    return f"const {{ {names} }} = {_name(found[2])};\n"


def _name(path: str) -> str:
    return "$" + re.sub(r"\W", "_", path.rpartition("/")[2].removesuffix(".js"))
