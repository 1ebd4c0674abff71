"""T13: what one tap on a ballot sends to the phone that tapped, however many choices there are."""

import asyncio
import json
import secrets
from typing import Any, Final
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect

from tests.bench.subject import VOTE, Subject, subject
from tests.bench.table import Row, judged, say

CHOICES: Final = (12, 30, 60)
TAPS: Final = 3  # on choices of their own; the dearest counts
MOST_BYTES: Final = 1536
VERSION: Final = 4


def a_tap(seed: int) -> list[Row]:
    """T13."""
    found = {}
    for choices in CHOICES:
        say(f"  Forum, a ballot of {choices} choices")
        with subject(people=1, cards=choices, seed=seed, vote=True) as there:
            found[choices] = asyncio.run(_tapped(there))
    return [
        Row(
            id="T13",
            what=f"bytes to a phone for one tap, of {', '.join(map(str, CHOICES))} choices",
            forum=", ".join(f"{sent:,} B" for sent in found.values()),
            target=f"<= {MOST_BYTES:,} B each",
            verdict=judged(max(found.values()) <= MOST_BYTES),
            why=f"The dearest of {TAPS} taps: its acknowledgement and what it changes on that phone's page.",
        )
    ]


async def _tapped(there: Subject) -> int:
    """The most that one tap was answered with, in bytes of frames."""
    address = urlsplit(there.base)
    headers = {"cookie": there.cookie(0)}
    origin: Any = f"{address.scheme}://{address.netloc}"
    live = f"ws://{address.netloc}{address.path}/live?lang=fr"
    async with connect(
        live, additional_headers=headers, origin=origin, compression=None, max_size=None
    ) as socket:
        await socket.send(
            json.dumps({"t": "hello", "v": VERSION, "cid": secrets.token_hex(12), "resume": None, "n": 0})
        )
        await _until(socket, {"you"})
        return max([await _tap(socket, n) for n in range(1, TAPS + 1)])


async def _tap(socket: ClientConnection, n: int) -> int:
    body = {"step": VOTE, "key": f"before{n}", "mark": 1}
    await socket.send(json.dumps({"t": "op", "n": n, "k": "GiveMark", "b": body}))
    return await _until(socket, {"ack", "you"})


async def _until(socket: ClientConnection, kinds: set[str]) -> int:
    """Bytes of the frames until one of each kind was there; the beat is nobody's."""
    wanted, sent = set(kinds), 0
    async with asyncio.timeout(20):
        while wanted:
            text = str(await socket.recv())
            kind = json.loads(text)["t"]
            assert kind != "nack", text
            sent += len(text.encode()) if kind != "hb" else 0
            wanted.discard(kind)
    return sent
