"""axe in an engine under test, by the same few words in each (``tests.browsers.pages``)."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import axe_playwright_python

from tests.browsers.pages import Page, until
from tests.validate.findings import Finding

SECONDS: Final = 120.0  # a bound on a busy machine
RULES: Final = {"label-content-name-mismatch": {"enabled": True}, "target-size": {"enabled": True}}
"""What axe does not look for by itself."""
BEGIN: Final = """
window.told = null;
for (const moving of document.getAnimations()) if (Number.isFinite(moving.effect.getComputedTiming().endTime)) moving.finish();
const run = () => window.axe.run(document, { rules: given[0], resultTypes: ["violations"] }).then(
  ({ violations }) => {
    window.told = violations.map(({ id, help, nodes }) => [id, help, nodes.map((node) => node.html.slice(0, 160))]);
  },
  (error) => {
    window.told = [["axe", String(error), []]];
  },
);
setTimeout(run); // a slow engine would not answer before it has ended
return true;
"""
NODES: Final = 2  # named beside a violation


@cache
def source() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


async def looked(page: Page, name: str, engine: str) -> list[Finding]:
    """What axe finds on the page that is open there."""
    await page.run("if (!window.axe) {\n" + source() + "\n}\nreturn !!window.axe;")
    await page.run(BEGIN, RULES)
    body = "return window.told && JSON.stringify(window.told)"
    told: list[list[Any]] = json.loads(
        await until(page, body, what=f"axe does not end on {name}", seconds=SECONDS)
    )
    return [
        Finding(name, f"axe {engine}", rule, f"{why} ‹{' | '.join(nodes[:NODES])}›")
        for rule, why, nodes in told
    ]
