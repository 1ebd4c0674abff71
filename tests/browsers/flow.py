"""The whole flow of a forum as one phone lives it, in named steps, in order; each is well or not, with the reason.

A step that cannot be tried because an earlier one failed is not well either. ``KEY`` are the ten that `make test`
also takes outside Chromium.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, NamedTuple

from tests.browsers.engines import Engine, page_in
from tests.browsers.fetched import NotHad
from tests.browsers.hall import Hall, hall
from tests.browsers.pages import NotWell
from tests.browsers.phone import Phone

FAMILY: Final = "Été à l’école 👩‍👩‍👧 & forêt 🌳"
CHANGED: Final = "Été à l’école 👩‍👩‍👧 dès mai"
SECOND: Final = "Ouvrir un lieu"
OMARS: Final = "Un fonds d’amorçage"
THEME: Final = "Se retrouver souvent"
OTHER_THEME: Final = "Financer et former"
ACTION: Final = "Louer une salle 🏠 au centre"
PLEDGE: Final = "J’appelle la mairie 👩‍👩‍👧"
AFTER_CUT: Final = "Après la coupure"
THUMB_PX: Final = 40
LEAST_FONT_PX: Final = 16  # below, iOS zooms into the field
STEP_SECONDS: Final = 75.0

Doing = Callable[[Phone, Hall], Awaitable[None]]


class Outcome(NamedTuple):
    """How a step went."""

    step: str
    well: bool
    why: str = ""
    here: bool = True  # False: this machine cannot have the engine


async def comes_in_by_the_code(phone: Phone, hall: Hall) -> None:
    await phone.join_by_code(hall.code, "Léa")
    await phone.is_live()


async def looks_as_it_should(phone: Phone, hall: Hall) -> None:
    """Styles are there: fault 4 had none."""
    await hall.step("ideas")
    await phone.sees("form[action$='/PostIdea'] button")
    button = await phone.page.run(
        "const s = getComputedStyle(document.querySelector(\"form[action$='/PostIdea'] button\"));"
        "const t = getComputedStyle(document.querySelector(\"form[action$='/PostIdea'] textarea\"));"
        "return [s.backgroundColor, parseFloat(s.height), parseFloat(t.fontSize)]"
    )
    if (
        button[0] in ("rgba(0, 0, 0, 0)", "rgb(239, 239, 239)")
        or button[1] < THUMB_PX
        or button[2] < LEAST_FONT_PX
    ):
        raise NotWell(f"the page has no style: {button}")
    if await phone.scrolls_sideways():
        raise NotWell("the page scrolls sideways")


async def writes_a_card(phone: Phone, hall: Hall) -> None:
    await phone.post_idea(FAMILY)
    await hall.desk_counts("card", 1)


async def sees_it_after_sending(phone: Phone, hall: Hall) -> None:
    await phone.sees_own(FAMILY)
    await phone.post_idea(SECOND)
    await phone.sees_own(SECOND)
    await phone.sees_own(FAMILY)


async def changes_it(phone: Phone, hall: Hall) -> None:
    title = "#my-ideas li.idea.mine:last-child"
    await phone.press(f"{title} summary")
    await phone.write(f"{title} form[action$='/EditIdea'] textarea", CHANGED)
    await phone.press(f"{title} form[action$='/EditIdea'] button")
    await phone.sees_own(CHANGED)


async def reloads(phone: Phone, hall: Hall) -> None:
    await phone.page.open(f"{phone.address}/f/{hall.code}")
    await phone.is_live()
    await phone.sees_own(CHANGED)


async def goes_on_to_a_second_page(phone: Phone, hall: Hall) -> None:
    """What came before is in the cache now: fault 1 hung here."""
    for path in ("/help", f"/f/{hall.code}/receipt", "/", f"/f/{hall.code}"):
        await phone.page.open(phone.address + path)
        await phone.sees("body")
    await phone.is_live()
    await phone.sees_own(SECOND)


async def stays_through_a_restart(phone: Phone, hall: Hall) -> None:
    await hall.restart()
    await phone.post_idea(AFTER_CUT)
    await phone.sees_own(AFTER_CUT)
    await phone.is_live()


async def sees_what_others_wrote(phone: Phone, hall: Hall) -> None:
    await hall.somebody("PostIdea", id="omars001", text=OMARS, step="ideas")
    await hall.led("RevealStep", step="ideas")
    await phone.sees(".idea-text", OMARS)
    await hall.wall_shows(OMARS)
    await hall.wall_shows(CHANGED)


async def sorts_by_tapping(phone: Phone, hall: Hall) -> None:
    await hall.step("sort")
    await phone.sees("li.idea.pick label", CHANGED)
    await phone.pick(CHANGED, SECOND)
    await phone.group(THEME)
    await hall.somebody("GroupIdeas", ideas=["omars001"], theme="theme002", title=OTHER_THEME)


async def sees_the_themes(phone: Phone, hall: Hall) -> None:
    await phone.sees("section.theme h2", THEME)
    await hall.wall_shows(THEME)
    await phone.sees("section.theme h2", OTHER_THEME)


async def votes(phone: Phone, hall: Hall) -> None:
    await hall.step("theme-vote")
    await phone.sees(".option", THEME)
    await phone.give(THEME, 1, "+")


async def takes_a_point_back_and_sees_what_is_left(phone: Phone, hall: Hall) -> None:
    before = await phone.left()
    await phone.give(THEME, 0, "-")
    more = await phone.left()
    await phone.give(THEME, 1, "+")
    if before == more or await phone.left() != before:
        raise NotWell(f"what is left is said as {before!r}, {more!r}, {await phone.left()!r}")
    size = await phone.page.run(
        "return Math.max(...[...document.querySelectorAll('.stepper')].map((el) => el.getBoundingClientRect().height))"
    )
    if not 40 < size < 80:
        raise NotWell(f"the controls are {size:.0f} px high")


async def sees_the_result(phone: Phone, hall: Hall) -> None:
    await hall.led("CloseStep", step="theme-vote")
    await hall.led("RevealStep", step="theme-vote", knowing=True)
    await phone.sees("ol.result li.line", THEME)


async def writes_an_action(phone: Phone, hall: Hall) -> None:
    await hall.step("actions")
    await hall.led("MakeAxesFromThemes")
    await phone.sees("section.axis h2", THEME)
    await phone.propose(THEME, ACTION)
    await phone.sees("li.action", ACTION)
    await hall.wall_shows(ACTION)


async def commits_by_a_date(phone: Phone, hall: Hall) -> None:
    await hall.step("pledges")
    await phone.sees("form[action$='/Pledge'] textarea")
    await phone.pledge(PLEDGE)
    await phone.sees("#mine li.idea.mine .idea-text", PLEDGE)
    await phone.sees("#mine li.idea.mine .due")
    await hall.wall_shows(PLEDGE)


async def reads_the_receipt(phone: Phone, hall: Hall) -> None:
    await phone.page.open(f"{phone.address}/f/{hall.code}/receipt")
    await phone.sees(".entry-words", CHANGED)
    await phone.sees(".entry-words", PLEDGE)


async def leaves_and_comes_back(phone: Phone, hall: Hall) -> None:
    await phone.page.open(f"{phone.address}/help")
    await phone.page.open(phone.address)
    await phone.write("input[name=code]", hall.code)
    await phone.press("#code ~ button")
    await phone.sees("#mine li.idea.mine .idea-text", PLEDGE)
    await phone.is_live()


async def tells_no_error(phone: Phone, hall: Hall) -> None:
    """Below the floor scripts cannot be read, which is what plain forms are for; nothing else is wrong there."""
    faults = [fault for fault in phone.page.faults if phone.alive or not fault.startswith("SyntaxError")]
    if faults:
        raise NotWell(faults[0])


FLOW: Final[tuple[Doing, ...]] = (
    comes_in_by_the_code, looks_as_it_should, writes_a_card, sees_it_after_sending, changes_it, reloads,
    goes_on_to_a_second_page, stays_through_a_restart, sees_what_others_wrote, sorts_by_tapping, sees_the_themes, votes,
    takes_a_point_back_and_sees_what_is_left, sees_the_result, writes_an_action, commits_by_a_date, reads_the_receipt,
    leaves_and_comes_back, tells_no_error,
)  # fmt: skip
KEY: Final[tuple[Doing, ...]] = (
    comes_in_by_the_code, looks_as_it_should, writes_a_card, sees_it_after_sending, changes_it, sees_what_others_wrote,
    sorts_by_tapping, votes, sees_the_result, commits_by_a_date,
)  # fmt: skip


def name(step: Doing) -> str:
    return step.__name__.replace("_", " ")


async def lived(engine: Engine, folder: Path, steps: tuple[Doing, ...] = FLOW) -> list[Outcome]:
    """Let an engine live the flow; one outcome a step, whatever happens."""
    outcomes: list[Outcome] = []
    try:
        async with hall(folder) as room, page_in(engine) as page:
            phone = Phone(page, room.server.address, alive=engine.floor)
            for step in steps:
                why = await _tried(step, phone, room)
                outcomes.append(Outcome(name(step), not why, why))
                if why:
                    (folder / f"{step.__name__}.png").write_bytes(await _picture(phone))
                    if step == comes_in_by_the_code:
                        break
    except (NotHad, NotWell) as error:
        outcomes.append(Outcome("starts", well=False, why=str(error), here=not isinstance(error, NotHad)))
    tried = {outcome.step for outcome in outcomes}
    return outcomes + [Outcome(name(s), well=False, why="not tried") for s in steps if name(s) not in tried]


async def _tried(step: Doing, phone: Phone, room: Hall) -> str:
    """Why a step is not well; "" when it is."""
    try:
        async with asyncio.timeout(STEP_SECONDS):
            await step(phone, room)
    except NotWell as error:
        return str(error)
    except TimeoutError:
        return "it takes too long"
    return ""


async def _picture(phone: Phone) -> bytes:
    try:
        return await phone.page.picture()
    except NotWell:
        return b""
