"""What somebody does with a phone, in the words of the field. No selector outside this file."""

from typing import Any, Final

from tests.browsers.pages import NotWell, Page, until
from tests.unhurried import UNHURRIED

FIND: Final = """
const [selector, words] = given;
const shown = (el) => el.getClientRects().length > 0 && getComputedStyle(el).visibility === "visible";
const found = [...document.querySelectorAll(selector)].filter((el) => shown(el) && el.textContent.includes(words || ""));
const el = found[0];
"""
PLACE: Final = (
    FIND
    + """
if (!el || el.disabled) return null;
el.scrollIntoView({ block: "center", behavior: "instant" });
const box = el.getBoundingClientRect();
const x = box.left + box.width / 2, y = box.top + box.height / 2;
const top = document.elementFromPoint(x, y);
if (!top || !(el.contains(top) || top.contains(el))) return { covered: top ? top.outerHTML.slice(0, 120) : "nothing" };
const rests = el.dataset.stood === `${x} ${y}`; // nothing moves it any more
el.dataset.stood = `${x} ${y}`;
return rests ? { x, y } : { moves: true };
"""
)
WRITE: Final = (
    FIND
    + """
const text = given[2];
if (!el) return false;
el.focus();
el.select();
if (!document.execCommand("insertText", false, text) || el.value !== text) {
  el.value = text;
  el.dispatchEvent(new Event("input", { bubbles: true }));
}
return el.value === text;
"""
)
SEES: Final = FIND + "return !!el"
PLAIN_SECONDS: Final = 3.0
LIVE: Final = "return document.documentElement.dataset.link === 'live'"


class Phone:
    """Somebody's phone."""

    def __init__(self, page: Page, address: str, *, alive: bool = True) -> None:
        """``alive``: whether its pages change by themselves; else a person presses "See what is new"."""
        self.page, self.address, self.alive = page, address, alive

    async def sees(self, selector: str, words: str = "") -> None:
        what = f"{words or selector!r} is not seen"
        if not self.alive:
            try:
                await until(self.page, SEES, selector, words, what=what, seconds=PLAIN_SECONDS)
            except NotWell:
                await self.press("#stands-still a")
        await until(self.page, SEES, selector, words, what=what)

    async def is_live(self) -> None:
        if self.alive:
            await until(self.page, LIVE, what="the page does not come alive")

    async def press(self, selector: str, words: str = "") -> None:
        """Press what is seen, where it is seen, once it was read."""
        try:
            place: dict[str, Any] = await until(
                self.page, f"{UNHURRIED} const found = (() => {{{PLACE}}})(); return found && found.x ? found : null",
                selector, words, what=f"{words or selector!r} cannot be pressed",
            )  # fmt: skip
        except NotWell as error:
            why = await self.page.run(PLACE, selector, words)
            raise NotWell(f"{error}: {why or 'it is not there'}") from None
        await self.page.tap(place["x"], place["y"])

    async def write(self, selector: str, text: str) -> None:
        await until(self.page, WRITE, selector, "", text, what=f"{selector!r} cannot be written in")

    # --- in the words of the field

    async def join_by_code(self, code: str, name: str) -> None:
        await self.page.open(self.address)
        await self.write("input[name=code]", f"{code[:3].lower()} {code[3:]}")
        await self.press("#code ~ button")
        await self.sees("form[action$='/join'] button")
        await self.write("input[name=name]", name)
        await self.press("form[action$='/join'] button")
        await self.sees("#root")

    async def post_idea(self, text: str) -> None:
        await self.write("form[action$='/PostIdea'] textarea", text)
        await self.press("form[action$='/PostIdea'] button")

    async def sees_own(self, text: str) -> None:
        await self.sees("#my-ideas li.idea.mine:not([data-pending]) .idea-text", text)

    async def pick(self, *texts: str) -> None:
        """Tick cards."""
        for text in texts:
            await self.press("li.idea.pick label", text)
            ticked = FIND + "return !!el && el.querySelector('input').checked"
            await until(self.page, ticked, "li.idea.pick label", text, what=f"{text!r} is not ticked")

    async def group(self, title: str) -> None:
        await self.write("form[action$='/GroupIdeas'] input[name=title]", title)
        await self.press("form[action$='/GroupIdeas'] button")

    async def give(self, option: str, points: int, sign: str) -> None:
        """Press + or − once, and wait until ``points`` stand there."""
        at = ".option button[name=mark]"
        mark = "const line = [...document.querySelectorAll('.option')].find((el) => el.textContent.includes(given[0]));"
        await until(
            self.page,
            f"{mark} return !!line && !!(line.dataset.under = 'test')",
            option,
            what="the option is not there",
        )
        side = "last-of-type" if sign == "+" else "first-of-type"
        await self.press(f".option[data-under=test] .step-button:{side}")
        least = (  # of a tick and of a stepper alike
            f"{mark} const first = line?.querySelector('button[name=mark]'); return !!first && "
            "first.value === String(first.matches('.tick') ? Number(!given[1]) : given[1] - 1)"
        )
        await until(self.page, least, option, points, what=f"{points} points are not shown at {at}")

    async def left(self) -> str:
        """What the page says is left to give."""
        said: str = await until(
            self.page, "const el = document.querySelector('.balance'); return el && el.textContent.trim()",
            what="what is left is not said",
        )  # fmt: skip
        return said

    async def propose(self, axis: str, action: str) -> None:
        await self.press("section.axis details.propose summary")
        await self.write("section.axis form[action$='/MakeAction'] textarea", action)
        await self.press("section.axis form[action$='/MakeAction'] button")

    async def pledge(self, text: str, due: str = "") -> str:
        """Commit, by a date; return the date."""
        form = "form[action$='/Pledge']"
        await self.write(f"{form} textarea", text)
        date: str = await until(
            self.page, "const el = document.querySelector(given[0]); el.value = given[1] || el.min; return el.value",
            f"{form} input[name=due]", due, what="there is no date",
        )  # fmt: skip
        await self.press(f"{form} button")
        return date

    async def scrolls_sideways(self) -> bool:
        wide: bool = await self.page.run("return document.documentElement.scrollWidth > innerWidth + 1")
        return wide
