"""Letters: drawn, typed, counted, printed."""

from base64 import b64encode

from playwright.async_api import Page

from forum.places import static_dir

INKED = """async (font) => {
  const face = new FontFace("Ours", `url(data:font/woff2;base64,${font})`, { weight: "200 800" });
  document.fonts.add(await face.load());
  const drawn = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const found = {};
  for (const weight of [200, 400, 650, 800]) for (const letter of "08") {
    drawn.clearRect(0, 0, 300, 150);
    drawn.font = `${weight} 100px Ours`;
    drawn.fillText(letter, 100, 120);
    const { data } = drawn.getImageData(Math.round(100 + drawn.measureText(letter).width / 2), 0, 1, 150);
    const inked = [...data].filter((_, at) => at % 4 === 3).map((alpha) => (alpha > 127 ? "#" : ".")).join("");
    (found[letter] ??= []).push(inked.match(/#+/g).length);
  }
  return found;
}"""
"""How many strokes the middle line of a figure crosses, in each weight."""


async def test_a_zero_has_nothing_within_whatever_its_weight(page: Page) -> None:
    font = (static_dir() / "fonts" / "atkinson-hyperlegible-next-latin.woff2").read_bytes()
    found = await page.evaluate(INKED, b64encode(font).decode())

    assert found == {"0": [2, 2, 2, 2], "8": [3, 3, 3, 3]}
