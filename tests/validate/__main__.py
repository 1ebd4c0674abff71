"""`make validate`: every kind of page before Nu, html-validate, axe in three engines and Lighthouse; a table page × validator.

Ends with 1 when anything is left. Words leave the others out: nu, html-validate, ajv, axe, lighthouse.
What is left on purpose stands in exceptions.toml, each with its reason.
"""

import asyncio
import logging
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from forum.places import static_dir
from tests.browsers.fetched import NotHad
from tests.browsers.pages import NotWell
from tests.validate import checkers, fetched
from tests.validate.findings import excuses, left, table, told
from tests.validate.lighthouse import LIGHTHOUSE
from tests.validate.round import ENGINES, Round, gone_round

SCHEMA: Final = Path(__file__).parents[2] / "forum" / "exports" / "schema" / "export-1.json"
OUT: Final = Path("build/validate")
AXE: Final = "axe"
VALIDATORS: Final = (checkers.NU, checkers.HTML_VALIDATE, checkers.JSON_SCHEMA, AXE, LIGHTHOUSE)


async def main(words: list[str]) -> int:
    wanted = [one for one in VALIDATORS if not words or one in words]
    if not wanted:
        print(f"No validator is called so. There are: {', '.join(VALIDATORS)}", file=sys.stderr)
        return 2
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.iterdir():
        old.unlink()
    logging.disable(logging.INFO)  # of the servers and of every request
    began = time.monotonic()
    try:
        fetched.modules()
        fetched.java()
        with tempfile.TemporaryDirectory(prefix="forum-validate-") as data:
            engines = ENGINES if AXE in wanted else ()
            gone = await gone_round(Path(data), OUT, engines, measuring=LIGHTHOUSE in wanted)
    except (NotHad, NotWell) as error:
        print(error, file=sys.stderr)
        return 1
    judged(gone, wanted)
    excused = [one for one in excuses() if one.by in wanted]
    remaining = left(gone.found, excused)
    print(f"\n{table(gone.asked, remaining)}\n")
    for one in gone.scores:
        print(f"{LIGHTHOUSE} · {one.page}: {one}")
    for excuse in excused:
        print(f"left on purpose: {excuse.by} · {excuse.rule}: {excuse.why}")
    if remaining:
        print(f"\n{told(remaining)}")
    print(f"\n{len(remaining)} left; {time.monotonic() - began:.0f} s. The pages are in {OUT}.")
    return 1 if remaining else 0


def judged(gone: Round, wanted: list[str]) -> None:
    """Hand the collected files to those who read files."""
    pages = {file.absolute(): name for file, name in gone.sheets.items()}
    if checkers.NU in wanted:
        files = pages | {
            file: file.relative_to(static_dir()).as_posix()
            for kind in ("*.css", "*.svg")
            for file in sorted(static_dir().rglob(kind))
        }
        gone.took(checkers.NU, files.values(), checkers.nu(files))
    if checkers.HTML_VALIDATE in wanted:
        gone.took(checkers.HTML_VALIDATE, pages.values(), checkers.html_validate(pages))
    if checkers.JSON_SCHEMA in wanted:
        names = [SCHEMA.name, *(file.name for file in gone.exports)]
        gone.took(checkers.JSON_SCHEMA, names, checkers.documents(SCHEMA, gone.exports))


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
