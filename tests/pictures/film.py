"""A film strip of a reveal: the wall before it, and at moments of the wave in which its cards turn over.

What moves is stopped at each moment, so that the same forum gives the same film.
"""

from base64 import b64encode

from playwright.async_api import Page

MOMENTS_MS = (120, 320, 520, 720, 1100)  # of the wave; before the first one the cards lie face down
FRAME = {"width": 960, "height": 540}
ACROSS, GAP = 3, 12
WIDTH = 1056

HELD = """() => {
  window.film = [];
  const animate = Element.prototype.animate;
  Element.prototype.animate = function (...how) {
    const one = animate.apply(this, how);
    one.pause();
    window.film.push(one);
    return one;
  };
}"""
AT = """async (at) => {
  await (await import(document.querySelector("script[src*='/js/wall.js']").src)).laid();
  for (const one of window.film) one.currentTime = at;
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
}"""
TURNED = ".stage[data-of$=' shown']"


class Film:
    """One film; ``hold`` before the reveal, ``develop`` after it."""

    def __init__(self, page: Page) -> None:
        """``page``: a wall on which things move."""
        self._page = page
        self._frames: list[bytes] = []

    async def hold(self) -> None:
        """Take the first picture, and stop everything that begins to move from here on."""
        await self._page.set_viewport_size(FRAME)  # type: ignore[arg-type]
        await self._page.wait_for_timeout(1000)
        self._frames.append(await self._page.screenshot())
        await self._page.evaluate(HELD)

    async def develop(self) -> bytes:
        """All frames in one picture, as PNG."""
        await self._page.locator(TURNED).wait_for()
        await self._page.wait_for_timeout(1500)  # the browser's own fade from one picture to the next is over
        for moment in MOMENTS_MS:
            await self._page.evaluate(AT, moment)
            self._frames.append(await self._page.screenshot())
        return await self._together()

    async def _together(self) -> bytes:
        page = await self._page.context.new_page()
        wide = (WIDTH - GAP * (ACROSS + 1)) // ACROSS
        high = wide * FRAME["height"] // FRAME["width"]
        rows = -(-len(self._frames) // ACROSS)
        await page.set_viewport_size({"width": WIDTH, "height": GAP + rows * (high + GAP)})
        pictures = "".join(
            f'<img src="data:image/png;base64,{b64encode(frame).decode()}">' for frame in self._frames
        )
        await page.set_content(
            f"<style>body{{margin:0;padding:{GAP}px;background:#e4e0d5;display:grid;gap:{GAP}px;"
            f"grid-template-columns:repeat({ACROSS},{wide}px)}}img{{width:{wide}px;height:{high}px;display:block;"
            f"border-radius:4px;box-shadow:0 0 0 1px #0002}}</style>{pictures}"
        )
        try:
            return await page.screenshot()
        finally:
            await page.close()
