"""`make browsers`: the whole flow in every engine, as a table engine × step. Ends with 1 unless all is well; with 3 when
nothing else is wrong than that this machine cannot have an engine.

Words name engines ("chrome 88", "wpe"): only these are run.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from tests.browsers import flow
from tests.browsers.engines import DERIVED, ENGINES, Engine

NOT_HERE: Final = 3  # exit code


def chosen(words: list[str]) -> list[Engine]:
    return [e for e in ENGINES if not words or any(word.lower() in e.name.lower() for word in words)]


async def main(words: list[str]) -> int:
    engines = chosen(words)
    if not engines:
        print(f"No engine is called so. There are: {', '.join(e.name for e in ENGINES)}", file=sys.stderr)
        return 2
    pictures = Path("build/browsers")
    rows: dict[str, list[flow.Outcome]] = {}
    for engine in engines:
        folder = pictures / engine.name.lower().replace(" ", "-")
        folder.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="forum-hall-") as here:
            outcomes = rows[engine.name] = await flow.lived(engine, Path(here))
            for picture in Path(here).glob("*.png"):
                (folder / picture.name).write_bytes(picture.read_bytes())
        bad = [outcome for outcome in outcomes if not outcome.well]
        print(
            f"{engine.name:12} {len(outcomes) - len(bad):2} of {len(outcomes)} well, {time.monotonic() - began:.0f} s",
            flush=True,
        )
        for outcome in bad:
            print(f"    {outcome.step}: {outcome.why}", flush=True)
    print(f"\n{table(rows)}\n")
    print("Derived from data, since no engine here can run them (python -m tests.browsers.floor):")
    for name, how in DERIVED:
        print(f"    {name}: {how}")
    return ending(rows)


def ending(rows: dict[str, list[flow.Outcome]]) -> int:
    """1 unless every step of every row is well, also below the floor: plain forms are promised there; ``NOT_HERE``."""
    tried = {name: outcomes for name, outcomes in rows.items() if all(outcome.here for outcome in outcomes)}
    if not all(outcome.well for outcomes in tried.values() for outcome in outcomes):
        return 1
    return 0 if len(tried) == len(rows) else NOT_HERE


def table(rows: dict[str, list[flow.Outcome]]) -> str:
    """Steps downwards, engines across; + well, - not well."""
    steps = [flow.name(step) for step in flow.FLOW]
    width = max(map(len, steps))
    heads = list(rows)
    lines = [" " * width + "  " + "  ".join(heads)]
    for step in steps:
        marks = []
        for head in heads:
            outcome = next((o for o in rows[head] if o.step == step), None)
            marks.append(("+" if outcome and outcome.well else "-").center(len(head)))
        lines.append(f"{step:{width}}  " + "  ".join(marks))
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
