"""A schema that lives in the tests only runs through a whole forum: phone, wall and desk, by forms and by scripts; what
it says is exported, undone, erased, counted and on receipts, and no product file knows it."""

import re
from collections.abc import AsyncIterator
from datetime import date, timedelta
from html import unescape

import pytest

from forum.domain.dates import today
from forum.domain.roles import Role
from forum.exports import read, render
from forum.language import Reader
from tests.toysheet import known
from tests.web.conftest import Place, Room, Visitor, a_ticket

WORDS = {"fr": "Nos recettes", "en": "Our recipes"}


@pytest.fixture
async def kitchen(visitor: Visitor, room: Room) -> AsyncIterator[Room]:
    """A forum in which recipes are written, and voted on; somebody called Léa is there."""
    with known():
        for step, settings in (
            ("recipes1", {"kind": "sheet", "what": "recipe"}),
            ("vote0001", {"kind": "ballot", "over": "recipe", "points": 3, "cap": 3, "of": ["recipes1"]}),
        ):
            said = await room.lead("InsertStep", step=step, settings=settings, title=WORDS)
            assert said["t"] == "ack", said
        await room.lead("OpenStep", step="recipes1")
        await visitor.post(f"{room.base()}/join", {"name": "Léa"})
        yield room


def ahead(place: Place) -> date:
    """A day that a plan may name, whatever the clock of the tests says by now."""
    return today(place.clock()) + timedelta(days=400)


def form(html: str, command: str) -> dict[str, str]:
    """What a form of a page would post, as it stands there."""
    found = re.search(rf'<form[^>]*data-op="{command}".*?</form>', html, re.DOTALL)
    assert found, f"expected a form of {command}"
    fields = re.findall(r"<(input|textarea|select)([^>]*)>([^<]*)", found[0])
    said = {}
    for tag, rest, text in fields:
        named = re.search(r' name="([^"]*)"', rest)
        value = re.search(r' value="([^"]*)"', rest)
        if named:
            said[named[1]] = unescape(text if tag == "textarea" else value[1] if value else "")
    return said


async def page(who: Visitor, address: str, cookie: str = "") -> str:
    answer = await who.get(address, headers={"cookie": cookie} if cookie else {})
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


async def test_H1_a_sheet_is_written_changed_and_shown_on_every_surface_without_a_script(
    visitor: Visitor, kitchen: Room, place: Place
):
    phone, desk = kitchen.base(), await kitchen.cookie(Role.FACILITATOR)
    wall = await kitchen.cookie(Role.SCREEN)
    typed = form(await page(visitor, phone), "MakeSheet") | {
        "fields.dish": "Soupe <b>", "fields.method": "Couper\nCuire", "fields.taste": "salty", "fields.kilos": "1,5",
        "fields.ready": ahead(place).isoformat(), "fields.cook": "lea",
    }  # fmt: skip
    assert "fields.stars" not in typed
    sent = await visitor.post(f"{phone}/commands/MakeSheet", typed)
    assert sent.status_code == 303, sent.text
    again = await visitor.post(f"{phone}/commands/MakeSheet", typed)
    mine = await page(visitor, phone)
    async with place.visitor() as other:
        shown = await page(other, kitchen.base("screen"), wall)
        led = await page(other, kitchen.base("desk"), desk)
        offered = await page(other, f"{kitchen.base('desk')}/documents", desk)
        everyone = await page(other, phone, await kitchen.cookie())

    assert again.status_code == 303
    state = await kitchen.state()
    [sheet] = state.sheets.by_id.values()
    assert sheet.fields["cook"] == sheet.by
    assert sheet.fields["kilos"] == "1.5"
    for html in (mine, shown, led, everyone):
        assert "Soupe <b>" in html
        assert "Léa" in html
        assert "1,5" in html
    assert "Couper" in everyone
    assert "Couper" not in shown  # this schema keeps it from the wall
    assert 'data-op="RemoveSheet"' in mine
    assert 'data-op="RemoveSheet"' not in everyone
    assert "fields.stars" in led
    assert "recipe.csv" in offered


async def test_H1_what_is_refused_is_said_with_its_field_and_what_was_typed_is_given_back(
    visitor: Visitor, kitchen: Room
):
    phone = kitchen.base()
    typed = form(await page(visitor, phone), "MakeSheet")
    long = await visitor.post(f"{phone}/commands/MakeSheet", typed | {"fields.dish": "👩‍👩‍👧‍👦" * 41})
    nobody = await visitor.post(
        f"{phone}/commands/MakeSheet", typed | {"fields.dish": "Soupe", "fields.cook": "Zoé"}
    )

    assert long.status_code == nobody.status_code == 422
    assert "« Dish » a 41 caractères, 1 de plus que les 40 possibles" in re.sub(
        r"\s", " ", unescape(long.text)
    )
    assert "👩‍👩‍👧‍👦" * 41 in long.text
    assert "Corrigez « Cook »" in re.sub(r"\s", " ", unescape(nobody.text))
    just = await visitor.post(f"{phone}/commands/MakeSheet", typed | {"fields.dish": "👩‍👩‍👧‍👦" * 40})
    assert just.status_code == 303


async def test_H5_two_forms_that_were_open_at_once_overwrite_nothing_in_silence(
    visitor: Visitor, kitchen: Room
):
    phone = kitchen.base()
    await visitor.op(
        phone, "MakeSheet", sheet="soup0001", schema="recipe", step="recipes1", fields={"dish": "Soupe"}
    )
    form_of_mine = form(await page(visitor, phone), "EditSheet")
    await kitchen.lead(
        "EditSheet", sheet="soup0001", schema="recipe", fields={"dish": "Potage"}, was={"dish": "Soupe"}
    )
    late = await visitor.post(f"{phone}/commands/EditSheet", form_of_mine | {"fields.dish": "Bouillon"})
    anew = form(await page(visitor, phone), "EditSheet") | {"fields.dish": "Bouillon"}
    said = await visitor.post(f"{phone}/commands/EditSheet", anew)

    assert late.status_code == 422
    assert "Bouillon" in late.text
    assert said.status_code == 303
    assert (await kitchen.state()).sheets.by_id["soup0001"].fields["dish"] == "Bouillon"


async def test_what_an_edit_says_of_before_is_cleaned_and_bounded_like_the_edit(
    visitor: Visitor, kitchen: Room
):
    phone = kitchen.base()
    await visitor.op(
        phone, "MakeSheet", sheet="soup0001", schema="recipe", step="recipes1", fields={"dish": "Soupe"}
    )
    asked = {"sheet": "soup0001", "schema": "recipe"}
    told = [
        await visitor.op(phone, "EditSheet", **asked, fields={"dish": "Pain"}, was={"dish": "Soupe\u0000 "}),
        await visitor.op(phone, "EditSheet", **asked, fields={"dish": "Tarte"}, was={"spice": "x"}),
        await visitor.op(phone, "EditSheet", **asked, fields={"dish": "Tarte"}, was={"dish": "x" * 41}),
        await visitor.op(phone, "EditSheet", **asked, fields={"from": ["../x"]}),
        await visitor.op(phone, "EditSheet", **asked, fields={f"f{n}": "" for n in range(41)}),
        await visitor.op(phone, "EditSheet", **asked | {"schema": "spell"}, fields={"dish": "Tarte"}),
        await kitchen.lead("EditAction", action="none", title="x", was={"title": "x" * 201}),
        await kitchen.lead("EditAction", action="none", title="x", was={"title": "x"}),
    ]

    assert [said.get("code", "") for said in told] == [
        "", "unknown_field", "field_too_long", "field_link", "unknown_field", "bad_choice", "too_long", "no_action",
    ]  # fmt: skip
    assert (await kitchen.state()).sheets.by_id["soup0001"].fields["dish"] == "Pain"


async def test_a_schema_of_the_tests_is_voted_on_exported_undone_erased_and_on_its_authors_receipt(
    visitor: Visitor, kitchen: Room, place: Place
):
    phone = kitchen.base()
    for name, dish in (("soup0001", "Soupe"), ("cake0001", "=Gâteau"), ("pie00001", "Tourte")):
        fields = {"dish": dish, "taste": "sweet", "kilos": "0.25", "ready": f"{ahead(place):%d/%m/%Y}"}
        said = await visitor.op(
            phone, "MakeSheet", sheet=name, schema="recipe", step="recipes1", fields=fields
        )
        assert said["t"] == "ack", said
    desk = await kitchen.cookie(Role.FACILITATOR)
    await visitor.op(kitchen.base("desk"), "RemoveSheet", cookie=desk, sheet="pie00001")
    deed = (await kitchen.state()).deeds[-1]
    async with place.visitor() as other:
        led = await page(other, kitchen.base("desk"), desk)
    await kitchen.lead("Undo", deed=deed.seq)
    receipt = await page(visitor, f"{phone}/receipt")
    as_text = (await visitor.get(f"{phone}/receipt/file?as=txt")).text
    await kitchen.lead("RemoveSheet", sheet="pie00001")
    checked = unescape((await visitor.post(f"{phone}/receipt/check", {"receipt": as_text})).text)
    await kitchen.lead("OpenStep", step="vote0001")
    voted = await visitor.op(phone, "GiveMark", step="vote0001", key="soup0001", mark=2)
    ballot = await page(visitor, phone)
    await kitchen.lead("CloseStep", step="vote0001")
    await kitchen.lead("RevealStep", step="vote0001", knowing=True)
    result = await page(visitor, phone)
    erased = await visitor.post(
        f"{phone}/data/erase", {"ticket": a_ticket(), "texts": "chosen", "chosen": ["cake0001"]}
    )

    assert "removed a recipe" in led
    assert "Your recipe" in receipt
    assert "Tourte" in receipt
    assert as_text.count(":sheet:") == 3
    assert "Retiré à la régie" in checked
    assert voted["t"] == "ack"
    assert "Soupe" in ballot
    assert "Soupe" in result
    assert "Tourte" not in result
    assert erased.status_code == 303

    shown = await kitchen.service.hub.shown(kitchen.code)
    told = {
        kind: render(shown.view.state, {}, "c0ffee", kind, Reader("fr"), "fr-excel").body.decode()
        for kind in ("recipe.csv", "plan.md", "forum.json")
    }
    lines = told["recipe.csv"].removeprefix("\ufeff").split("\r\n")
    assert lines[0].startswith("Numéro;Dish;Way;Taste;Ready on;Kilos;Cook;Helpers;Sold;Taken from")
    assert lines[1].startswith(f"1;Soupe;;Sweet;{ahead(place):%d/%m/%Y};0,25;;;")
    assert lines[2].startswith("2;mots effacés;;Sweet")
    assert len(lines) == 4
    assert "=Gâteau" not in repr(told)
    assert "## Recipes" in told["plan.md"]
    assert [s.fields.get("dish") for s in read(told["forum.json"].encode()).sheets] == ["Soupe", ""]


async def test_H6_who_is_named_by_the_desk_takes_their_name_out_in_one_press_on_their_own_page(
    visitor: Visitor, kitchen: Room, place: Place
):
    phone = kitchen.base()
    typed = form(await page(visitor, phone), "MakeSheet") | {"fields.dish": "Soupe"}
    async with place.visitor() as other:
        await other.post(f"{phone}/join", {"name": "Anne"})
        refused = await other.post(f"{phone}/commands/MakeSheet", typed | {"fields.cook": "Léa"})
        own = form(await page(other, phone), "MakeSheet") | {"fields.dish": "Tarte", "fields.cook": "anne"}
        assert (await other.post(f"{phone}/commands/MakeSheet", own)).status_code == 303
        assert "data/unname" in await page(other, f"{phone}/data")
    desk = await kitchen.lead(
        "MakeSheet",
        sheet="soup0001",
        schema="recipe",
        step="recipes1",
        fields={"dish": "Soupe", "cook": "Léa"},
    )
    mine, data = await page(visitor, phone), await page(visitor, f"{phone}/data")
    press = re.search(r'<form method="post" action="[^"]*/data/unname">.*?</form>', data, re.DOTALL)
    assert press
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', press[0]))
    done = await visitor.post(f"{phone}/data/unname", fields)
    after = await page(visitor, done.headers["location"])

    assert refused.status_code == 422
    assert "ne pouvez nommer que vous-même" in re.sub(r"\s", " ", unescape(refused.text))
    assert desk["t"] == "ack"
    assert (await kitchen.state()).sheets.by_id["soup0001"].fields.get("cook") is None
    assert form(mine, "TakeNameOut")["sheet"] == "soup0001"
    assert '<strong id="said-soup0001"><bdi>Soupe</bdi></strong>' in data
    assert (done.status_code, "Votre nom n’est plus sur cette fiche." in after) == (303, True)
    assert "data/unname" not in after
    assert "TakeNameOut" not in await page(visitor, phone)
