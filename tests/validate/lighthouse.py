"""Lighthouse on a phone's pages, as a phone that is slow, on a slow network: performance, accessibility, best practices."""

import asyncio
import json
import os
import re
import statistics
import sys
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.validate import fetched
from tests.validate.findings import Finding

CATEGORIES: Final = ("performance", "accessibility", "best-practices")
LEAST: Final = 99
RUNS: Final = 3  # at most; the middle one counts, since a busy machine is slower than any phone
SECONDS: Final = 180
LIGHTHOUSE: Final = "lighthouse"


class Scores(NamedTuple):
    """Of a page, from 0 to 100, by category."""

    page: str
    by_category: dict[str, int]
    why: dict[str, str]  # what took a category its points

    def findings(self) -> list[Finding]:
        return [
            Finding(
                self.page,
                LIGHTHOUSE,
                category,
                f"{score} of 100, at least {LEAST} is asked: {self.why[category]}",
            )
            for category, score in self.by_category.items()
            if score < LEAST
        ]

    def __str__(self) -> str:
        return "  ".join(f"{category} {score}" for category, score in self.by_category.items())


async def scored(page: str, address: str, port: int, folder: Path) -> Scores:
    """The scores of an address in the browser whose DevTools listen at ``port``, which has its cookies."""
    runs = [await _run(page, address, port, folder)]
    while len(runs) < RUNS and any(_score(runs[0], category) < LEAST for category in CATEGORIES):
        runs.append(await _run(page, address, port, folder))
    middle = {
        category: statistics.median_low(_score(run, category) for run in runs) for category in CATEGORIES
    }
    whose = {c: next(run for run in runs if _score(run, c) == middle[c]) for c in CATEGORIES}
    return Scores(page, middle, {c: _why(whose[c], c) for c in CATEGORIES})


async def _run(page: str, address: str, port: int, folder: Path) -> dict[str, Any]:
    program = fetched.modules() / "lighthouse" / "cli" / "index.js"
    report = folder / ("lighthouse-" + re.sub(r"\W+", "-", page) + ".json")
    process = await asyncio.create_subprocess_exec(
        fetched.node(), str(program), address, f"--port={port}", "--quiet", "--output=json", f"--output-path={report}",
        f"--only-categories={','.join(CATEGORIES)}", "--form-factor=mobile", "--disable-storage-reset",
        "--no-enable-error-reporting",
        env=os.environ | {"CI": "1", "NO_PROXY": "localhost,127.0.0.1"}, stdout=sys.stderr, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(SECONDS):
        _, said = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"Lighthouse ends with {process.returncode}: {said.decode()[-800:]}")
    found: dict[str, Any] = json.loads(report.read_text())
    if error := found.get("runtimeError"):
        raise RuntimeError(f"Lighthouse on {address}: {error['message']}")
    return found


def _score(run: dict[str, Any], category: str) -> int:
    return int(100 * (run["categories"][category]["score"] or 0) + 1e-6)


def _why(run: dict[str, Any], category: str) -> str:
    """The audits that took points, the heaviest first."""
    audits = run["audits"]
    lost = [
        (
            ref["weight"] * (1 - audits[ref["id"]]["score"]),
            ref["id"],
            audits[ref["id"]].get("displayValue", ""),
        )
        for ref in run["categories"][category]["auditRefs"]
        if ref["weight"] and audits[ref["id"]]["score"] is not None and audits[ref["id"]]["score"] < 1
    ]
    return ", ".join(f"{name} {value}".strip() for _, name, value in sorted(lost, reverse=True)[:4])
