"""Pages that a server shows only when something rare happened: drawn from random histories, and from what rare pages are given."""

import random
from collections.abc import Callable
from typing import Any, Final

from forum.domain.kernel import NOBODY
from forum.domain.loss import TellLoss
from forum.domain.space import SpaceFilled
from forum.fragments.given import Given
from forum.fragments.pages import SURFACES, Pages, Token
from forum.fragments.surface import Audience, View
from forum.language import LANGUAGES, zones
from forum.opening import agendas
from forum.places import static_dir
from forum.web import errors
from forum.web.qr import SAFE, qr_svg
from forum.web.static import Static
from tests.histories import PEOPLE, one_more, random_history
from tests.scenes import FACILITATOR

SEEDS: Final = range(2)
EVERY: Final = 40
LENGTH: Final = 120
TICKET: Final = "t" * 22
CODE: Final = "ABC234"
ADDRESS: Final = "https://forum.example.org"


def kept(keep: Callable[[str, str], None]) -> None:
    """Draw them all, in both languages."""
    pages = Pages(static=Static(static_dir()).address)
    for seed in SEEDS:
        _histories(pages, seed, keep)
    for lang in LANGUAGES:
        for name, template, given in _rare():
            keep(f"{name}, {lang}", pages.plain(template, lang, nonce="n", **given))
    gone = bytes(errors.too_many({"type": "http", "headers": []}, 3, "Une idée").body).decode()
    keep("failure 429, with a text", gone)


def _histories(pages: Pages, seed: int, keep: Callable[[str, str], None]) -> None:
    rng = random.Random(seed)
    room = random_history(rng, 0)
    for n in range(1, LENGTH + 1):
        one_more(rng, room, eager=n % 13 == 0)
        if n % EVERY:
            continue
        if n == EVERY:
            room.happened(SpaceFilled(80, PEOPLE[0], 100), SpaceFilled(100))
            room.ask(TellLoss(2, room.state.seq, room.state.seq + 100, "abcdef", 3), NOBODY)
        view = View(room.state, {p: f"Prénom {p}" for p in PEOPLE[:3]})
        for surface in SURFACES:
            for lang in LANGUAGES:
                who = FACILITATOR if surface == "desk" else PEOPLE[seed]
                html = pages.document(
                    view, Audience(surface, lang), who, token=Token(1, room.state.seq, "c0ffee"), now=1,
                    ticket=TICKET, nonce="n", unsaved=n == LENGTH, flash="Trop long." if n == EVERY else "",
                    given=Given("", {"text": ["Ce que j’avais écrit"]}, frozenset({"text"})) if n == EVERY else None,
                )  # fmt: skip
                keep(f"{surface}: history {seed}, {n}, {lang}", html)


def _rare() -> list[tuple[str, str, dict[str, Any]]]:
    room: dict[str, Any] = {"code": CODE, "title": "Une salle", "ticket": TICKET, "unsaved_at": 1}
    home = {
        "flash": "Non.", "given": {"title": "Une salle", "code": "ABC"}, "agendas": tuple(agendas().values()), "keep_days": 365,
        "ticket": TICKET, "unsaved_at": 1, "zones": zones.offered("en_GB", "Europe/Paris"),
    }  # fmt: skip
    group = {
        "place": "p1", "listing": "seal", "count": 4, "waiting": 2, "names": ["Léa", "Omar"], "more": 1, "nameless": 1,
        "first": 1, "last": 2,
    }  # fmt: skip
    arrivals = {
        "base": f"/f/{CODE}/desk", "flash": "", "done": "Fait.", "minutes": 10, "spans": (10, 30, 90), "until": 3,
        "groups": [group, group | {"place": "p2", "first": 600_000}], "others": 2, "few": 3, "removals": [(7, 3, 1)],
    }  # fmt: skip
    line = {"level": "act", "sentence": "Le disque est plein.", "cure": "Faites de la place.", "place": ""}
    health = {"base": f"/f/{CODE}/desk", "acts": 1, "watches": 1, "at": "14:00", "store": "valkey 9",
              "lines": [line, line | {"level": "watch"}, line | {"level": "ok", "cure": ""}]}  # fmt: skip
    links = {name: f"{ADDRESS}/f/{CODE}/{name}#{'a' * 32}" for name in ("join", "desk", "screen", "staff")}
    return [
        *(
            (f"home, opening: {way}", "home.html", home | {"opening": way, "keep_most": most})
            for way, most in (("link", 0), ("passphrase", 92), ("closed", 0))
        ),
        ("one moment", "moment.html", room | {"seconds": 5, "kept": True, "name": "Léa", "another": ""}),
        ("one moment, no place", "moment.html", room | {"seconds": 30, "kept": False, "name": "", "another": ""}),
        ("arrivals, many", "arrivals.html", room | arrivals),
        ("health, something to do", "health.html", room | health),
        ("links, saved nowhere", "links.html",
         room | {"links": links, "scan": {name: SAFE(qr_svg(link)) for name, link in links.items()}}),
        ("left, the server away", "leave.html",
         room | {"base": f"/f/{CODE}", "of": "phone", "person": "", "back": "code", "left": True, "ended": False, "days": 400}),
    ]  # fmt: skip
