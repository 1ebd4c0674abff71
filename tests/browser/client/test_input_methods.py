"""Whoever writes by an input method confirms words with Enter, and a frame that comes meanwhile breaks no word off."""

from playwright.async_api import CDPSession, Page, expect

from tests.browser.client.conftest import until
from tests.browser.client.toyroom import Room

OF_THE_METHOD = 229  # the code of a key that an input method keeps for itself
HEARD = """() => { window.heard = []; for (const kind of ["start", "end"])
  document.addEventListener(`composition${kind}`, () => heard.push(kind)); }"""
FORM = '<form><textarea name="text" data-enter-sends></textarea><p>{}</p><button>Send</button></form>'


async def methods_of(page: Page) -> CDPSession:
    return await page.context.new_cdp_session(page)


async def compose(method: CDPSession, text: str) -> None:
    await method.send(
        "Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)}
    )


async def press_enter(method: CDPSession, code: int = 13) -> None:
    key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": code}
    await method.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
    await method.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})


async def test_enter_that_confirms_a_word_sends_nothing_and_the_next_one_sends(
    live: Page, room: Room
) -> None:
    method = await methods_of(live)
    await live.focus("#text")
    await compose(method, "にほん")
    await press_enter(method, OF_THE_METHOD)
    await method.send("Input.insertText", {"text": "日本"})
    await press_enter(
        method, OF_THE_METHOD
    )  # Safari says first that the word is made, then that Enter was pressed
    await expect(live.locator("#text")).to_have_value("日本")
    assert room.arrived == []
    await press_enter(method)
    await room.until(lambda: room.texts() == ["日本"])


async def test_a_word_is_made_to_its_end_whatever_changes_around_it(live: Page, room: Room) -> None:
    method = await methods_of(live)
    await live.evaluate(HEARD)
    await live.evaluate(
        "delete Element.prototype.moveBefore"
    )  # by which Chrome from 133 on moves what is being written
    for key, order in ("a", "1"), ("form", "3"), ("b", "5"):
        await room.put(key, FORM.format("one") if key == "form" else key, order=order)
    await live.focus("#form textarea")
    await compose(method, "に")
    for order, label, stands in (
        ("7", "two", "a b form"),
        ("0", "three", "form a b"),
        ("3", "four", "a form b"),
    ):
        await room.put("form", FORM.format(label), order=order)
        await expect(live.locator("#form p")).to_have_text(label)
        keys = "[...document.querySelectorAll('#a, #form, #b')].map((el) => el.id).join(' ')"
        await until(live, f"{keys} === '{stands}'")
    await room.put("c", "c", order="2")
    await room.delete("a")
    await expect(live.locator("#a")).to_have_count(0)
    await compose(method, "にほ")
    await method.send("Input.insertText", {"text": "日本"})

    await expect(live.locator("#form textarea")).to_have_value("日本")
    assert await live.evaluate("heard") == ["start", "end"]
