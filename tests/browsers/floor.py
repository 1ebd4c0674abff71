"""The floor: the oldest browsers in which Forum is live and right, and a lint that holds scripts and styles to it.

`python -m tests.browsers.floor` prints every feature in use that is younger than the oldest floor's year, with the
versions that brought it; it ends with 1 when one is newer than the floor, not inside `@supports`, and not excused.
What versions there are stands in ``floor.json``, an extract of MDN's browser-compat-data; `--renew data.json` makes
it anew from that package's file, after new features came into use.

Styles: properties, their keywords, functions, at-rules and pseudo-classes. Scripts: globals, and names behind a dot,
which count as newer only where everything of that name in the data is newer; some syntax. A name of our own that is
also a feature's is excused by saying so, where it is not called.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

ROOT: Final = Path(__file__).parents[2]
TABLE: Final = Path(__file__).with_name("floor.json")
FLOOR: Final = {"safari_ios": 15.4, "chrome": 88, "samsunginternet_android": 15, "firefox": 97}
NAMES: Final = {
    "safari_ios": "iOS",
    "chrome": "Chrome",
    "samsunginternet_android": "Samsung",
    "firefox": "Firefox",
}
NEVER: Final = 999.0

OWN: Final = frozenset({"at"})
"""Names behind a dot in our scripts that are fields of our own, and by chance a newer method's too: nobody calls them."""

_ASKED = "asked for before it is used"
_PAPER: Final = "paper: without it a page lies there as the browser prints any"
_LOOKS = "looks plainer without it, and loses nothing"
_OLD = "the data counts the unprefixed or newest form; what is used here is older, or is ignored"
EXCUSED: Final[dict[str, str]] = {
    "css.at-rules.page": _PAPER,
    "css.properties.orphans": _PAPER,
    "css.properties.print-color-adjust": _PAPER,
    "css.properties.print-color-adjust.exact": _PAPER,
    "css.properties.size": _PAPER,
    "css.properties.widows": _PAPER,
    "api.Document.startViewTransition": _ASKED,
    "api.Document.moveBefore": _ASKED,
    "api.Navigator.share": _ASKED,
    "api.HTMLElement.inert": "a ghost under the finger, which nothing points at anyway",
    "css.properties.accent-color": _LOOKS,
    "css.properties.contain-intrinsic-size": "says how to leave out what is not near the view: the whole is drawn",
    "css.properties.content-visibility": "leaves out what is not near the view: the whole is drawn",
    "css.properties.content-visibility.auto": "leaves out what is not near the view: the whole is drawn",
    "css.properties.cursor.default": "phones have no pointer",
    "css.properties.cursor.grab": "phones have no pointer",
    "css.properties.cursor.none": "phones have no pointer",
    "css.properties.cursor.not-allowed": "phones have no pointer",
    "css.properties.cursor.pointer": "phones have no pointer",
    "css.properties.font-family.ui-monospace": "the next font of the list",
    "css.properties.forced-color-adjust": "only where a system forces colours, and there it is known",
    "css.properties.forced-color-adjust.none": "only where a system forces colours, and there it is known",
    "css.properties.break-after.avoid": _LOOKS,
    "css.properties.break-before.column": "columns of the wall fill by their height there, less even, and hold what they would",
    "css.properties.hyphens": _LOOKS,
    "css.properties.align-content.start": _OLD,
    "css.properties.align-self.end": _OLD,
    "css.properties.align-self.start": _OLD,
    "css.properties.inline-size.fit-content": _OLD,
    "css.properties.justify-content.end": _OLD,
    "css.properties.outline": "round corners of the ring came later",
    "css.properties.resize": "iOS has no handles",
    "css.properties.resize.vertical": "iOS has no handles",
    "css.properties.scrollbar-color": _LOOKS,
    "css.properties.scrollbar-gutter": _LOOKS,
    "css.properties.scrollbar-gutter.auto": _LOOKS,
    "css.properties.scrollbar-gutter.stable": _LOOKS,
    "css.properties.scrollbar-width": _LOOKS,
    "css.properties.scrollbar-width.thin": _LOOKS,
    "css.properties.text-decoration-thickness": _LOOKS,
    "css.properties.text-size-adjust": _OLD,
    "css.properties.text-wrap": _LOOKS,
    "css.properties.text-wrap.balance": _LOOKS,
    "css.properties.text-wrap.pretty": _LOOKS,
    "css.properties.user-select": "said with its prefix before; and selecting disturbs nobody elsewhere",
    "css.selectors.file-selector-button": _LOOKS,
    "css.selectors.view-transition-group": "only where there are view transitions",
}
"""Features newer than the floor that may be used all the same, and why nothing is lost without them."""

SYNTAX: Final = {
    "javascript.regular_expressions.lookbehind_assertion": r"\(\?<[=!]",
    "javascript.classes.static.initialization_blocks": r"\bstatic\s*\{",
    "javascript.operators.await.top_level": r"^await\b",
    "javascript.operators.optional_chaining": r"\?\.",
    "javascript.operators.nullish_coalescing_assignment": r"\?\?=",
    "javascript.operators.nullish_coalescing": r"\?\?",
    "javascript.classes.private_class_methods": r"^\s+#\w+\(",
    "javascript.classes.private_class_fields": r"^\s+#\w+ =",
    "javascript.operators.import": r"\bimport\(",
    "javascript.regular_expressions.unicode_character_class_escape": r"\\p\{",
}
Use = tuple[str, str, bool]  # feature, file, inside @supports


class Found(NamedTuple):
    """A feature in use."""

    feature: str
    where: str
    versions: tuple[float, ...]  # in the order of FLOOR

    @property
    def newer(self) -> bool:
        return any(version > floor for version, floor in zip(self.versions, FLOOR.values(), strict=True))


def used(data: "Data") -> list[Use]:
    """Every feature of the data that our files use."""
    uses: list[Use] = []
    for file in sorted((ROOT / "static" / "css").glob("*.css")):
        uses += [(feature, file.name, safe) for feature, safe in in_css(file.read_text(), data)]
    for file in sorted((ROOT / "static" / "js").glob("*.js")):
        uses += [(feature, file.name, False) for feature in in_js(file.read_text(), data)]
    return uses


def in_css(text: str, data: "Data") -> Iterator[tuple[str, bool]]:
    """Features of a sheet, each with whether it is safe: inside ``@supports``, or after what counts where it is not known.

    A declaration that is not known is dropped, and the one of the same property before it in its rule counts.
    """
    text = re.sub(r"/\*.*?\*/|\"[^\"]*\"|url\([^)]*\)", " ", text, flags=re.DOTALL)
    stack: list[str] = []
    before: set[str] = set()  # properties that the rule has declared so far
    for piece, end in re.findall(r"([^{};]*)([{};])", text):
        said = piece.strip()
        safe = any(outer.startswith("@supports") for outer in stack)
        if end == "{" or said.startswith("@"):
            yield from ((feature, safe) for feature in _prelude(said, data))
        elif said:
            name = said.partition(":")[0].strip()
            yield from ((feature, safe or name in before) for feature in _declaration(said, data))
            before.add(name)
        if end in "{}":
            before = set()
        if end == "{":
            stack.append(said)
        elif end == "}" and stack:
            stack.pop()


def _prelude(said: str, data: "Data") -> Iterator[str]:
    if said.startswith("@"):
        yield from data.known(f"css.at-rules.{said[1:].split(maxsplit=1)[0].split('(', maxsplit=1)[0]}")
        return
    for name in re.findall(r"::?([a-z-]+)", said):
        yield from data.known(f"css.selectors.{name}")


def _declaration(said: str, data: "Data") -> Iterator[str]:
    name, _, value = said.partition(":")
    name = name.strip()
    if not name.startswith(("--", "-")):
        yield from data.known(f"css.properties.{name}")
        for word in re.findall(r"(?<![\w-])[a-z][a-z-]+(?![\w(-])", value):
            yield from data.known(f"css.properties.{name}.{word}")
    for word in re.findall(r"([a-z-]+)\(", value):
        yield from data.functions.get(word, ())
    for unit in re.findall(r"\d(dvh|dvw|svh|lvh|dvi|dvb|cqi|cqb|cqw|cqh|lh|rlh|cap|ic)\b", value):
        dynamic = unit[0] in "dsl" and unit != "lh"
        yield from data.known(f"css.types.length.{'viewport_percentage_units_dynamic' if dynamic else unit}")


def in_js(text: str, data: "Data") -> Iterator[str]:
    """Features of a script."""
    text = re.sub(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", " ", text, flags=re.DOTALL)
    for feature, pattern in SYNTAX.items():
        if re.search(pattern, text, re.MULTILINE):
            yield from data.known(feature)
    code = re.sub(r"\"[^\"\n]*\"", '""', text)
    for name in set(re.findall(r"(?<![.\w#$])([A-Z]\w+)", code)):
        yield from data.known(f"javascript.builtins.{name}") or data.known(f"api.{name}")
    for name, call in set(re.findall(r"(?<!\.\.)\.([a-z]\w+)\b(\s*(?:\?\.)?\()?", code)):
        yield from () if name in OWN and not call else data.members.get(name, ())


class Data:
    """What compatibility data says: ``versions`` by feature; functions and members by their bare name."""

    def __init__(
        self, versions: dict[str, list[float]], functions: dict[str, list[str]], members: dict[str, list[str]]
    ) -> None:
        self.versions, self.functions, self.members = versions, functions, members

    def known(self, feature: str) -> list[str]:
        return [feature] if feature in self.versions else []


def kept() -> Data:
    table = json.loads(TABLE.read_text())
    return Data(table["versions"], table["functions"], table["members"])


def found(data: Data) -> tuple[list[Found], list[Found]]:
    """(all in use that are younger than the year 2018 or so, those that break the floor)"""
    uses: dict[str, set[str]] = {}
    unsafe: dict[str, set[str]] = {}
    for feature, where, safe in used(data):
        uses.setdefault(feature, set()).add(where)
        if not safe:
            unsafe.setdefault(feature, set()).add(where)
    everything = [
        Found(feature, ", ".join(sorted(where)), tuple(data.versions[feature]))
        for feature, where in sorted(uses.items())
    ]
    broken = [one for one in everything if one.newer and one.feature in unsafe and one.feature not in EXCUSED]
    return everything, broken


def renewed(whole: dict[str, Any]) -> dict[str, Any]:
    """The extract of browser-compat-data that our files need, and all that is newer than the floor."""
    versions: dict[str, list[float]] = {}
    functions: dict[str, list[str]] = {}
    members: dict[str, list[str]] = {}

    def walk(node: dict[str, Any], path: str) -> None:
        for name, inner in node.items():
            if name == "__compat" or not isinstance(inner, dict):
                continue
            here = f"{path}.{name}" if path else name
            support = inner.get("__compat", {}).get("support")
            if support:
                versions[here] = [_version(support.get(browser)) for browser in FLOOR]
            walk(inner, here)

    for part in ("css", "api", "javascript"):
        walk(whole[part], part)

    def newer(feature: str) -> bool:
        return any(v > f for v, f in zip(versions.get(feature, ()), FLOOR.values(), strict=False))

    for feature in versions:
        *outer, name = feature.split(".")
        if feature.startswith("css.types."):
            functions.setdefault(name, []).append(feature)
        elif (
            len(outer) >= 2
            and not newer(".".join(outer))
            and (feature.startswith(("api.", "javascript.builtins.")))
        ):
            members.setdefault(name.removesuffix("_static"), []).append(feature)
    members = {
        name: [min(some, key=lambda f: sum(versions[f]))]
        for name, some in members.items()
        if all(map(newer, some))
    }
    functions = {name: [max(some, key=lambda f: max(versions[f]))] for name, some in functions.items()}
    data = Data(versions, functions, members)
    keep = (
        (set(SYNTAX) & set(versions))
        | {feature for feature, _, _ in used(data)}
        | {f for f in versions if f.startswith("css.") and newer(f)}
    )
    keep |= {feature for all_of in members.values() for feature in all_of}
    keep |= {f for f in versions if f.count(".") == 1 and f.startswith("api.") and newer(f)}
    return {
        "from": f"@mdn/browser-compat-data {whole['__meta']['version']} (CC0)",
        "versions": {
            feature: [int(v) if v == int(v) else v for v in versions[feature]] for feature in sorted(keep)
        },
        "functions": {n: s for n, s in sorted(functions.items()) if set(s) <= keep},
        "members": dict(sorted(members.items())),
    }


def _version(said: Any) -> float:
    entries = said if isinstance(said, list) else [said or {}]
    plain = [
        e
        for e in entries
        if not (e.get("flags") or e.get("prefix") or e.get("alternative_name") or e.get("version_removed"))
    ]
    added = str((plain or [{}])[0].get("version_added", "")).removeprefix("≤")
    return (
        float(re.match(r"\d+(?:\.\d+)?", added)[0])
        if re.match(r"\d", added)
        else (0.0 if added == "True" else NEVER)
    )


def main(words: list[str]) -> int:
    if words[:1] == ["--renew"]:
        TABLE.write_text(
            json.dumps(renewed(json.loads(Path(words[1]).read_text())), separators=(",", ":")) + "\n"
        )
    everything, broken = found(kept())
    young = [
        one
        for one in everything
        if any(v > f * 0.75 for v, f in zip(one.versions, FLOOR.values(), strict=True))
    ]
    print(
        "Features with the versions that brought them; floor: "
        + ", ".join(f"{NAMES[b]} {v:g}" for b, v in FLOOR.items())
    )
    for one in young:
        versions = "  ".join(f"{'never' if v == NEVER else f'{v:g}':>6}" for v in one.versions)
        why = (
            "!! newer"
            if one in broken
            else EXCUSED.get(one.feature)
            or ("inside @supports, or after what else counts" if one.newer else "")
        )
        print(f"{one.feature:62} {versions}  {why or one.where}")
    for one in broken:
        print(
            f"newer than the floor, and neither inside @supports, after what else counts, nor excused: "
            f"{one.feature} in {one.where}",
            file=sys.stderr,
        )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
