"""What the Tab key can reach on a page, as the browser tells a screen reader: each with its role and name, in order."""

from typing import Any, Final

from playwright.async_api import Page

CONTROLS: Final = {
    "button": "button", "link": "link", "textbox": "field", "combobox": "choice", "checkbox": "box", "Date": "date",
    "spinbutton": "number", "DisclosureTriangle": "unfolds", "radio": "choice",
}  # fmt: skip
"""Roles as Chromium names them, and as a script says them."""
CAUGHT_UP: Final = """async () => {
  const made = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const ids = (page) => [...page.querySelectorAll("#root [id]")].map((el) => el.id).join(" ");
  return ids(made) === ids(document);
}"""

MARK: Final = """() => [...document.querySelectorAll("[data-health]")].flatMap((el) =>
  [el.textContent.trim(), ...Object.entries(el.dataset).filter(([name]) => name.startsWith("words")).map(([, words]) => words)])"""
"""What the mark of the server's health says, and may say in a moment."""


async def reached(page: Page) -> list[str]:
    """Every control that is not folded away. The mark of the server's health, which chance words, is left out."""
    await caught_up(page)
    chance = [" ".join(said.split()) for said in await page.evaluate(MARK)]
    session = await page.context.new_cdp_session(page)
    nodes = (await session.send("Accessibility.getFullAXTree"))["nodes"]
    await session.detach()
    by_id = {node["nodeId"]: node for node in nodes}
    found: list[str] = []
    waiting = [nodes[0]["nodeId"]]
    while waiting:
        node = by_id.get(waiting.pop())
        if node is None:
            continue
        waiting.extend(reversed(node.get("childIds", [])))
        role, name = _said(node, "role"), " ".join(_said(node, "name").split())
        if not node["ignored"] and role in CONTROLS and name not in chance and not _is_off(node):
            found.append(f"{CONTROLS[role]} {name}")
    return found


async def caught_up(page: Page) -> None:
    """Wait until it shows all that the server would draw now, whatever frames that takes."""
    await page.wait_for_function(CAUGHT_UP, polling=100)


def _said(node: dict[str, Any], what: str) -> str:
    return str(node.get(what, {}).get("value", ""))


def _is_off(node: dict[str, Any]) -> bool:
    return any(p["name"] == "disabled" and p["value"].get("value") for p in node.get("properties", []))
