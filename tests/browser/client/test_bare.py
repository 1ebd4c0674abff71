"""A style sheet says the same to a browser as it is served and as it was written."""

from playwright.async_api import Page

from forum.places import static_dir
from forum.web.static import _bodies


async def test_every_sheet_says_the_same_to_a_browser_as_it_is_served(page: Page) -> None:
    served = _bodies(static_dir())
    written = {f"css/{path.name}": path.read_text() for path in static_dir().glob("css/*.css")}
    pairs = [(name, text, served[name].decode()) for name, text in written.items()]

    others = await page.evaluate(
        """(pairs) => {
          const rules = (text) => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(text);
            // Values that hold a variable are kept as they are written; the space behind a comma or a colon means nothing.
            return [...sheet.cssRules].map((rule) => rule.cssText.replace(/\\s+/g, " ").replace(/([,:]) /g, "$1"));
          };
          return pairs.filter(([name, before, after]) => String(rules(before)) !== String(rules(after)))
            .map(([name]) => name);
        }""",
        pairs,
    )

    assert len(pairs) > 6
    assert others == []
