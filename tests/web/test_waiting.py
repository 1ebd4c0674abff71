"""What a connection waits at: messages in the order they came, and a gate that all go through once it is open."""

import asyncio

import pytest

from forum.web.waiting import Gate, Messages


async def test_messages_are_heard_in_the_order_they_came_whether_somebody_waited_or_not():
    messages = Messages()
    first = asyncio.create_task(messages.get())
    await asyncio.sleep(0)
    for n in range(3):
        messages.put_nowait(n)

    assert len(messages) == 3
    assert [await first, await messages.get(), await messages.get()] == [0, 1, 2]
    assert messages.empty()


async def test_who_gives_up_waiting_takes_no_message_along():
    messages = Messages()
    gone = asyncio.create_task(messages.get())
    await asyncio.sleep(0)
    gone.cancel()
    messages.put_nowait("said")
    with pytest.raises(asyncio.CancelledError):
        await gone

    assert await messages.get() == "said"


async def test_a_gate_holds_those_who_come_while_it_is_shut_and_nobody_else():
    gate = Gate()
    await gate.wait()
    gate.clear()
    gate.clear()
    held = [asyncio.create_task(gate.wait()) for _ in range(2)]
    await asyncio.sleep(0)
    assert not any(task.done() for task in held)
    gate.set()
    gate.set()
    async with asyncio.timeout(5):
        await asyncio.gather(*held)
    await gate.wait()
