"""People at a forum, each with a browser: what they do, in the words of the field. No selector outside this file."""

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx2
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect
from playwright.async_api import TimeoutError as TookTooLong

from forum.opening import new_secret

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
SCREEN: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}}
SQUEEZED = """() => [...document.querySelectorAll("[type=checkbox], [type=radio]")].filter((el) => {
  const { width, height } = el.getBoundingClientRect();
  return Math.abs(width - height) > 1;
}).map((el) => `${el.name} ${el.value}`)"""


@dataclass
class Links:
    """What the home page gives whoever opens a forum."""

    join: str
    desk: str
    screen: str
    staff: str


class Somebody:
    """One browser with one page, which must never log an error of ours."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.context, self.page = context, page
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on(
            "console", lambda said: self.faults.append(said.text) if "Security Policy" in said.text else None
        )

    def form(self, command: str, *, within: Locator | None = None) -> Locator:
        return (within or self.page).locator(f"form[data-op={command}], form[action$='/commands/{command}']")

    async def sees(self, text: str, *, times: int | None = None) -> None:
        """Wait until the page shows a text."""
        found = self.page.get_by_text(text, exact=False)
        if times is None:
            await expect(found.first).to_be_visible()
        else:
            await expect(found).to_have_count(times)

    async def is_live(self) -> None:
        await expect(self.page.locator("html[data-link=live]")).to_have_count(1)


class Participant(Somebody):
    """Somebody with a phone in hand."""

    async def join(self, address: str, name: str = "") -> "Participant":
        await self.page.goto(address)
        await self.page.fill("input[name=name]", name)
        button = self.page.locator("form[action$='/join'] button")
        await button.click()
        namesake = self.page.locator("main [role=alert]", has=self.page.locator("strong"))
        await expect(self.page.locator("#root, main.shut").or_(namesake).first).to_be_visible()
        if await namesake.count():  # somebody of that name is in already, and this is somebody else
            await button.click()
        await expect(self.page.locator("#root, main.shut").first).to_be_visible()
        return self

    async def write(self, text: str) -> None:
        form = self.form("PostIdea")
        await form.locator("textarea").fill(text)
        await form.locator("button").click()

    async def sort(self, texts: list[str], title: str) -> None:
        """Tick the cards with these texts and group them under a title."""
        for text in texts:
            card = self.page.locator("label", has_text=text)
            await card.click()
            await expect(card.locator("input[type=checkbox]")).to_be_checked()
        form = self.form("GroupIdeas")
        await form.locator("input[name=title]").fill(title)
        await form.locator("button").click()

    async def vote(self, title: str, points: int) -> None:
        """Press + until an option has this many points."""
        option = self.page.locator(".option", has_text=title)
        for n in range(1, points + 1):
            await option.locator("button[name=mark]").last.click()
            await expect(option.locator("button[name=mark]").first).to_have_attribute("value", str(n - 1))

    async def propose(self, axis: str, action: str) -> None:
        place = self.page.locator("section.axis", has_text=axis)
        await place.locator(".propose > summary").click()
        form = self.form("MakeAction", within=place)
        await form.locator("textarea").fill(action)
        await form.locator("button").click()

    async def offer(self, action: str, as_: str) -> None:
        """Propose oneself as pilot or partner of an action."""
        line = self.page.locator("li.action", has_text=action)
        await self.form("Volunteer", within=line).locator(f"button[value={as_}]").click()

    async def pledge(self, text: str, action: str = "", readers: str = "room") -> None:
        form = self.form("Pledge")
        await form.locator("textarea").fill(text)
        if action:
            option = form.locator("select option", has_text=action)
            await form.locator("select[name=action]").select_option(value=await option.get_attribute("value"))
        await form.locator(f"input[name=readers][value={readers}]").check()
        await chooses_a_day(form)
        await form.locator("button").click()

    async def squeezed(self) -> list[str]:
        """The choices whose circle or box is not as wide as it is high."""
        found: list[str] = await self.page.evaluate(SQUEEZED)
        return found

    async def writes_sheet(self, **fields: str) -> None:
        """Fill in the fields of a new sheet, and send it."""
        await self.page.locator(".sheets > .propose > summary").click()
        form = self.form("MakeSheet")
        await _fill_in(form, fields)
        await form.locator("button").click()

    async def changes_sheet(self, called: str, /, **fields: str) -> None:
        sheet = self.page.locator("li.sheet", has_text=called)
        await sheet.locator("details.edit > summary").first.click()
        form = self.form("EditSheet", within=sheet)
        await _fill_in(form, fields)
        await form.locator("button").click()

    async def say_done(self) -> None:
        await self.form("SayDone").locator("button").click()


async def unfold(page: Page) -> None:
    """Open every layer of the desk, as whoever looks for something does; one that the window kept open may do so meanwhile."""
    closed = page.locator("details.layer:not([open]) > summary")
    while await closed.count():
        with suppress(TookTooLong):
            await closed.first.click(timeout=2_000)


class Facilitator(Somebody):
    """Somebody at the desk."""

    async def enter(self, link: str, name: str) -> "Facilitator":
        await self.page.goto(link)
        await self.is_live()
        await unfold(self.page)
        return self

    async def enter_plainly(self, link: str) -> "Facilitator":
        """Come in without script: by pasting the link."""
        address, _, secret = link.partition("#")
        await self.page.goto(address)
        await self.page.fill("input[name=secret]", secret)
        await self.page.click("form[data-enter-form] button")
        await expect(self.page.locator(".now-title")).to_be_visible()
        return self

    async def go(self) -> None:
        """Do what the desk proposes as the next thing."""
        button = self.page.locator(".now-main .now-button")
        before = await self.page.locator("#now").inner_text()
        await button.click()
        confirm = self.page.locator("dialog[open] button").last
        for _ in range(200):
            if await self.page.locator("#now").inner_text() != before:
                return
            if await confirm.is_visible():
                await confirm.click()
            await self.page.evaluate("() => new Promise(requestAnimationFrame)")
        raise AssertionError(f"nothing happened after: {before}")

    async def inserts_sheets(self, what: str, title: str) -> None:
        """Put a step at the end of the agenda, in which sheets of a schema are written."""
        await self.inserts("sheet", title, what=what)

    async def inserts(self, kind: str, title: str, **chosen: str) -> None:
        """Put a step of a kind at the end of the agenda, with what the desk chooses of it; as often as one likes."""
        new = self.page.locator(".step-new").first
        await _opened(new)
        form = self.form("InsertStep", within=new)
        await form.locator("select[name='settings.kind']").select_option(kind)
        for name, value in chosen.items():
            control = f"[name='chosen.{kind}.{name}']"
            await _opened(form.locator("details.step-chosen", has=self.page.locator(control)))
            choice = form.locator(control)
            is_list = await choice.evaluate("control => control.tagName === 'SELECT'")
            await (choice.select_option(value) if is_list else choice.fill(value))
        await form.locator("input[name='title.fr']").fill(title)
        await form.locator("select[name=before]").select_option(value="")
        await form.locator("button").last.click()
        await expect(self.page.locator(".step").filter(has_text=title).first).to_be_attached()

    async def opens(self, title: str) -> None:
        """Go to a step of the agenda."""
        line = self.page.locator(".agenda .layer .step", has_text=title)
        await line.locator("form[data-op=OpenStep] button").first.click()
        await self.is_at(title)

    async def types_into_sheet(self, called: str, /, **fields: str) -> None:
        sheet = self.page.locator("li.sheet", has_text=called)
        await sheet.locator("summary").first.click()
        await _fill_in(self.form("EditSheet", within=sheet), fields)

    async def saves_sheet(self, title: str) -> None:
        sheet = self.page.locator("li.sheet", has_text=title)
        await self.form("EditSheet", within=sheet).locator("button").click()

    async def still_types(self, text: str) -> None:
        """What was typed into the title of a sheet is there."""
        await expect(self.form("EditSheet").locator("[name='fields.title']").first).to_have_value(text)

    async def plans_session(self, agenda: str, title: str, day: str, place: str) -> None:
        """Plan one more session from a ready agenda."""
        await self.page.locator(".sessions > .menu > summary").click()
        form = self.form("PlanSession")
        await form.locator("select[name=agenda]").select_option(agenda)
        for field, value in (("title.fr", title), ("date", day), ("place", place)):
            await form.locator(f"input[name='{field}']").fill(value)
        await form.locator("button").click()
        await expect(self.page.locator(".sessions li")).to_have_count(2)

    async def ends_session(self) -> None:
        form = self.form("EndSession", within=self.page.locator(".sessions"))
        if await form.locator("[name=reason]").count():
            await form.locator("[name=reason]").fill("La salle ferme.")
        await form.locator("button").click()
        await self.page.locator("dialog[open] button").last.click()
        await expect(self.page.locator("#now")).to_contain_text(re.compile("Le forum est (en pause|terminé)"))

    async def takes_the_end_back(self) -> None:
        await self.form("ReopenSession", within=self.page.locator("#now")).locator("button").click()
        await expect(self.page.locator("#now")).not_to_contain_text(
            re.compile("Le forum est (en pause|terminé)")
        )

    async def is_at(self, title: str) -> None:
        await expect(self.page.locator(".now-title")).to_have_text(title)

    async def accept_pilot(self, action: str) -> None:
        line = self.page.locator("li.action", has_text=action)
        await line.locator("form.offer button").first.click()
        await expect(line.locator("form.offer")).to_have_count(0)


class Wall(Somebody):
    """The screen, which nobody touches."""

    async def show(self, link: str) -> "Wall":
        await self.page.goto(link)
        await self.is_live()
        return self


async def _opened(details: Locator) -> None:
    """Open what folds, where it is folded."""
    if await details.get_attribute("open") is None:
        await details.locator("> summary").click()


async def _fill_in(form: Locator, fields: dict[str, str]) -> None:
    for name, value in fields.items():
        await form.locator(f"[name='fields.{name}']").fill(value)


async def arrive(browser: Browser, kind: type[Somebody], look: dict[str, Any], **more: Any) -> Any:
    """Somebody of a kind, with a browser of their own."""
    context = await browser.new_context(**look, **more)
    return kind(context, await context.new_page())


async def opened(address: str, agenda: str, title: str, lang: str) -> Links:
    """The links of a new forum, as a script gets them: where the way to it is not what is tried."""
    asked = {"agenda": agenda, "title": title, "lang": lang, "ticket": new_secret()}
    headers = {"accept": "application/json", "origin": address}
    async with httpx2.AsyncClient() as organisers:
        answer = await organisers.post(f"{address}/forums", data=asked, headers=headers)
    links = answer.json()
    return Links(*[links[f"{name}_url"] for name in ("join", "desk", "screen", "staff")])


async def open_forum(
    browser: Browser, address: str, agenda: str, title: str, lang: str, **more: Any
) -> Links:
    """Open a forum from the home page, as its organisers do. ``more``: of the browser's context."""
    context = await browser.new_context(locale=f"{lang}-FR", **more)
    page = await context.new_page()
    await page.goto(address)
    await page.click("a[href='/open']")
    await page.check(f"input[name=agenda][value={agenda}]")
    await page.click(".onward button")
    await page.fill("input[name=title]", title)
    for _ in range(4):  # the title; the question as it is proposed; no year; no number of people
        await page.click(".onward button")
    form = page.locator("form[action$='/forums']")
    await form.locator(f"input[name=lang][value={lang}]").check()
    await form.locator("button").click()
    links = Links(
        *[await page.locator(f"#{name}").input_value() for name in ("join", "desk", "screen", "staff")]
    )
    await context.close()
    return links


async def chooses_a_day(form: Locator) -> None:
    """The first day that a commitment may have: none is filled in."""
    day = form.locator("input[name=due]")
    await day.fill(await day.get_attribute("min") or "")
