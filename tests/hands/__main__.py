"""``make hands``: thousands of seeded gestures by hurried people, each judged.

    python -m tests.hands [--seed N] [--seeds 1] [--gestures 400]

Exit code 1 when something was entered and lost unnamed, or something led that nobody pressed on a page that showed it.
"""

import argparse
import asyncio
import random
import sys
import tempfile
from pathlib import Path

from playwright.async_api import async_playwright

from tests import chromium
from tests.hands.play import Play, play


async def main(seed: int, seeds: int, gestures: int) -> int:
    """Play each seed in a room of its own; see the module."""
    wrong = 0
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        for number in range(seed, seed + seeds):
            with tempfile.TemporaryDirectory() as folder:
                played = await play(browser, Path(folder), number, gestures)
            print(_told(number, played), flush=True)
            wrong += len(played.wrong)
        await browser.close()
    return 1 if wrong else 0


def _told(seed: int, played: Play) -> str:
    refused = sum(count for what, count in played.met.items() if " " in what and "posted" not in what)
    head = (
        f"seed {seed}: {played.gestures} gestures, {played.held} looks at what was entered, {played.led} gestures led, "
        f"{len(played.met)} kinds of answers, {refused} refusals, {len(played.wrong)} wrong"
    )
    return "\n".join([head, *(f"  - {what}" for what in played.wrong)])


if __name__ == "__main__":
    words = argparse.ArgumentParser(prog="python -m tests.hands")
    words.add_argument("--seed", type=int, default=random.SystemRandom().randrange(100_000))
    words.add_argument("--seeds", type=int, default=1)
    words.add_argument("--gestures", type=int, default=400)
    asked = words.parse_args()
    sys.exit(asyncio.run(main(asked.seed, asked.seeds, asked.gestures)))
