"""Take the README's pictures, and those of the home page: ``python -m tests.pictures [--lang en] [--to FOLDER] [--people N] [--all]``.

Plays the demo on a server of its own, in a temporary folder, and photographs phone, screen and desk on the way.
Ends with 1 when a page logged an error or a picture is too heavy for a README.
"""

import argparse
import asyncio
import os
import re
import sys
import tempfile
import time
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import expect

from tests.browser.people import chooses_a_day
from tests.pictures.theatre import Looker, lookers, moments, theatre

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "pictures"
HOME = ROOT / "static" / "pictures"
MOST_BYTES = 300_000
SEED = 1
CALM_MS = 90_000  # the mark speaks of the last half minute and is asked for four times a minute
MY_IDEAS = {
    "fr": ("Ouvrir un guichet unique pour les tournages", "Partager nos agendas de formation"),
    "en": ("Open a single desk for film shoots", "Share our training calendars"),
}
MY_DRAFT = {"fr": "Prêter le studio d’enregistrement aux", "en": "Lend the recording studio to"}
MY_PLEDGE = {
    "fr": "J’appelle trois adhérents pour préparer la première rencontre.",
    "en": "I call three members to prepare the first meeting.",
}
MY_NAME = "Camille"

Pictures = dict[str, bytes]
Shot = Callable[[dict[str, Looker], str], Awaitable[Pictures]]


async def at_rest(desk: Looker) -> bytes:
    """The desk, once its mark no longer speaks of forty people who did everything at once."""
    await desk.page.reload()
    try:
        await expect(desk.page.locator("a[data-health][data-level=ok]")).to_have_count(1, timeout=CALM_MS)
    except AssertionError:
        desk.faults.append("its mark does not say that all is well; is this machine busy?")
    await desk.page.evaluate("scrollTo(0, 0)")
    return await desk.snap()


async def arrival(who: dict[str, Looker], lang: str) -> Pictures:
    """Everybody comes in: nothing to show yet but the welcome."""
    for name, looker in who.items():
        await looker.enter(MY_NAME if name == "phone" else "")
    return {"screen-welcome": await who["screen"].picture()}


async def writing(who: dict[str, Looker], lang: str) -> Pictures:
    page = who["phone"].page
    await page.reload()
    for n, text in enumerate(MY_IDEAS[lang], 1):
        form = page.locator("form[data-op=PostIdea]")
        await form.locator("textarea").fill(text)
        await form.locator("button").last.click()
        await page.locator(f"#my-ideas li:nth-child({n}):not([data-pending])").wait_for()
    draft = page.locator("form[data-op=PostIdea] textarea")
    await draft.fill(MY_DRAFT[lang])
    pictures = {"phone-ideas": await who["phone"].snap(), "screen-ideas": await who["screen"].picture()}
    await draft.fill("")  # else it would stand at the top of every later page, as what was not sent
    await who["film"].film.hold()
    return pictures


async def board(who: dict[str, Looker], lang: str) -> Pictures:
    return {"reveal": await who["film"].film.develop(), "screen-board": await who["screen"].picture()}


async def sorting(who: dict[str, Looker], lang: str) -> Pictures:
    return {
        "phone-sort": await who["phone"].picture(),
        "screen-themes": await who["screen"].picture(),
        "desk-sort": await at_rest(who["desk"]),
    }


async def voting(who: dict[str, Looker], lang: str) -> Pictures:
    page = who["phone"].page
    await page.reload()
    for n in (0, 2):
        more = page.locator(".option").nth(n).locator("button[name=mark]").last
        await more.click()
        await page.locator(".option").nth(n).locator("button[name=mark][value='0']:enabled").wait_for()
    await page.evaluate("scrollTo(0, 0)")
    return {"phone-vote": await who["phone"].snap(), "screen-vote": await who["screen"].picture()}


async def result(who: dict[str, Looker], lang: str) -> Pictures:
    return {
        "screen-result": await who["screen"].picture(),
        "screen-result-dark": await who["dark"].picture(),
        "phone-result": await who["phone"].picture(),
    }


async def doubting(who: dict[str, Looker], lang: str) -> Pictures:
    page = who["phone"].page
    await page.get_by_role("link", name={"fr": "Mon reçu", "en": "My receipt"}[lang]).first.click()
    await page.locator(".entries").wait_for()
    picture = await page.screenshot()
    await page.go_back()
    return {"phone-receipt": picture}


async def planning(who: dict[str, Looker], lang: str) -> Pictures:
    return {
        "phone-plan": await who["phone"].picture(),
        "screen-plan": await who["screen"].picture(),
        "desk-plan": await at_rest(who["desk"]),
    }


async def pledging(who: dict[str, Looker], lang: str) -> Pictures:
    phone = who["phone"]
    await phone.page.reload()
    await phone.page.locator("form[data-op=Pledge] textarea").fill(MY_PLEDGE[lang])
    await chooses_a_day(phone.page.locator("form[data-op=Pledge]"))
    return {"phone-pledge": await phone.snap(), "screen-commitments": await who["screen"].picture()}


SHOTS: dict[tuple[str, str], Shot] = {
    ("welcome", "open"): arrival,
    ("ideas", "busy"): writing,
    ("ideas", "over"): board,
    ("sort", "busy"): sorting,
    ("theme-vote", "busy"): voting,
    ("theme-vote", "over"): result,
    ("actions", "open"): doubting,
    ("actions", "busy"): planning,
    ("pledges", "busy"): pledging,
}


IN_SMALL = """async (png) => {
  const picture = new Image();
  picture.src = `data:image/png;base64,${png}`;
  await picture.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [1056, 594];
  const ink = canvas.getContext("2d");
  ink.imageSmoothingQuality = "high";
  ink.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/webp", 0.8).split(",")[1];
}"""


async def of_home(who: dict[str, Looker], pictures: Pictures, lang: str) -> Pictures:
    """The wall as the home page shows it, light and dark, small enough for it."""
    page = await who["desk"].context.new_page()
    taken = {f"wall-{lang}": "screen-result", f"wall-{lang}-dark": "screen-result-dark"}
    return {
        name: b64decode(await page.evaluate(IN_SMALL, b64encode(pictures[of]).decode()))
        for name, of in taken.items()
    }


async def take(data: Path, *, people: int, lang: str) -> tuple[Pictures, list[str]]:
    """Every picture by its name, and what the pages complained of."""
    pictures: Pictures = {}
    async with (
        theatre(data, people=people, seed=SEED, lang=lang) as where,
        lookers(where, lang) as who,
    ):
        async for step, moment in moments(where, seed=SEED, lang=lang):
            if shot := SHOTS.get((step.id, moment)):
                for name, picture in (await shot(who, lang)).items():
                    pictures[name] = picture
                    print(f"{step.id}, {moment}: {name}", flush=True)
        pictures["forum"] = await together(who["desk"], pictures)
        for name, picture in (await of_home(who, pictures, lang)).items():
            (HOME / f"{name}.webp").write_bytes(picture)
        return pictures, [f"{name}: {fault}" for name, one in who.items() for fault in one.faults]


async def together(who: Looker, pictures: Pictures) -> bytes:
    """Screen, desk and phone in one picture, as a room sees them."""

    def image(name: str, place: str) -> str:
        return f'<img style="{place}" src="data:image/png;base64,{b64encode(pictures[name]).decode()}">'

    page = await who.context.new_page()
    await page.set_viewport_size({"width": 1024, "height": 812})
    await page.set_content(
        "<style>body{margin:0;background:#e4e0d5}img{position:absolute;border-radius:6px;"
        "box-shadow:0 0 0 1px #0002}</style>"
        + image("screen-result", "left:32px;top:32px;width:607px")
        + image("desk-plan", "left:32px;top:401px;width:607px")
        + image("phone-vote", "left:671px;top:58px;width:321px;border-radius:16px")
    )
    try:
        return await page.screenshot()
    finally:
        await page.close()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    parser.add_argument("--lang", choices=("fr", "en"), default="fr")
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--to", type=Path, default=FOLDER)
    parser.add_argument("--all", action="store_true", help="also those that the README does not show")
    asked = parser.parse_args()
    os.environ["TZ"] = "Europe/Paris"  # hours are said as the server's machine counts them
    time.tzset()
    with tempfile.TemporaryDirectory(prefix="forum-") as data:
        pictures, faults = asyncio.run(take(Path(data), people=asked.people, lang=asked.lang))
    asked.to.mkdir(parents=True, exist_ok=True)
    shown = set(re.findall(r"docs/pictures/([\w-]+)\.png", (ROOT / "README.md").read_text()))
    for name, picture in pictures.items():
        if name not in shown and not asked.all:
            continue
        (asked.to / f"{name}.png").write_bytes(picture)
        print(f"{name:20} {len(picture) / 1000:6.0f} kB")
        if len(picture) > MOST_BYTES:
            faults.append(f"{name}: {len(picture)} bytes, at most {MOST_BYTES}")
    for fault in faults:
        print(f"! {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
