"""Commands by plain forms: pressed, refused, given back; names, people without a phone, pilots and commitments."""

import asyncio
import hashlib
import re

import pytest

from forum.domain.roles import Role
from tests.web.conftest import Room, Visitor, a_cid, a_ticket
from tests.web.test_commands import an_idea


async def test_a_form_posts_and_leads_back_to_its_page(phone: Visitor, board: Room) -> None:
    page = await phone.get(board.base())
    ticket = re.search(r'name="ticket" value="([^"]+)"', page.text)
    assert ticket
    fields = {"id": "", "step": "ideas", "text": "Ouvrir", "ticket": ticket[1], "seen": "3", "then": "mine"}
    answer = await phone.post(f"{board.base()}/commands/PostIdea", fields)
    after = await phone.get(board.base())

    assert (answer.status_code, answer.headers["location"]) == (303, f"{board.base()}#mine")
    assert "Ouvrir" in after.text


async def test_a_form_pressed_twice_counts_once_and_another_text_counts_too(
    phone: Visitor, board: Room
) -> None:
    ticket = a_ticket()
    fields = {"step": "ideas", "text": "Ouvrir", "ticket": ticket}
    path = f"{board.base()}/commands/PostIdea"
    answers = await asyncio.gather(*(phone.post(path, fields) for _ in range(4)))
    await phone.post(path, fields | {"text": "Autre chose"})
    await phone.post(path, fields | {"ticket": a_ticket()})

    assert [a.status_code for a in answers] == [303] * 4
    assert sorted(await board.texts()) == ["Autre chose", "Ouvrir", "Ouvrir"]


async def test_K2_what_a_form_leaves_in_the_journal_tells_nothing_of_words_that_are_erased(
    phone: Visitor, board: Room
) -> None:
    """The number of its op, and the id it makes, follow from its words: only who has the server's secret sees how."""
    fields = {"id": "", "step": "ideas", "text": "Un mot", "ticket": a_ticket(), "seen": "3", "then": "mine"}
    await phone.post(f"{board.base()}/commands/PostIdea", fields)
    [entry] = [e for e in await board.service.journal.read(board.code) if b"Un mot" in e.body]
    content = {name: [value] for name, value in fields.items() if name in ("id", "step", "text")}
    words = [word for name in sorted(content) for word in (name, "1", *content[name])]
    guesses = [
        hashlib.sha256("\0".join(guess).encode()).hexdigest()[:24]
        for guess in (words, [fields["ticket"], "PostIdea", "", *words], [fields["ticket"], *words])
    ]

    assert entry.op.startswith(f"form-{fields['ticket']}-")
    assert not [guess for guess in guesses if guess in entry.op or guess.encode() in entry.body]


@pytest.mark.parametrize("ticket", ["", "x", "../../../../../etc", "a" * 5000])
async def test_a_form_without_a_real_ticket_still_counts(phone: Visitor, board: Room, ticket: str) -> None:
    answer = await phone.post(
        f"{board.base()}/commands/PostIdea", {"step": "ideas", "text": "Ouvrir", "ticket": ticket}
    )

    assert answer.status_code == 303
    assert await board.texts() == ["Ouvrir"]


async def test_a_refused_form_gives_its_text_back_and_says_why(phone: Visitor, board: Room) -> None:
    phone.http.headers["accept-language"] = "en"
    await board.lead("FreezeStep", step="ideas")
    answer = await phone.post(f"{board.base()}/commands/PostIdea", {"step": "ideas", "text": "Trop tard ?"})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "Writing closed at" in answer.text
    assert "Trop tard ?" in answer.text
    assert await board.texts() == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"step": "ideas", "text": "  "}, "write something"),
        ({"step": "ideas", "text": "a" * 141}, "141"),
        ({"step": "ideas", "text": "a", "role": "staff"}, "does not exist"),
        ({"step": "{R}", "text": "a"}, "step"),
        ({"text": "a"}, "step"),
    ],
)
async def test_a_wrong_form_is_told_in_a_sentence(
    phone: Visitor, board: Room, fields: dict[str, str], sentence: str
) -> None:
    phone.http.headers["accept-language"] = "en"
    answer = await phone.post(f"{board.base()}/commands/PostIdea", fields)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert await board.texts() == []


async def test_what_people_write_is_never_markup(phone: Visitor, board: Room) -> None:
    written = "<script>alert(1)</script><img onerror=x>{{7*7}}\"'"
    await phone.post(f"{board.base()}/commands/PostIdea", {"step": "ideas", "text": written})
    page = (await phone.get(board.base())).text

    assert await board.texts() == [written]
    assert "<script>alert" not in page
    assert "<img onerror" not in page
    assert "&lt;script&gt;alert(1)" in page


# --- names, people without a phone, pilots


async def test_a_name_is_changed_and_erased_by_its_owner(phone: Visitor, board: Room) -> None:
    changed = await phone.post(f"{board.base()}/name", {"name": "Léa M."})
    during = await board.service.journal.names(board.code)
    erased = await phone.post(f"{board.base()}/name", {"name": ""})

    assert (changed.status_code, erased.status_code) == (303, 303)
    assert list(during.values()) == ["Léa M."]
    assert await board.service.journal.names(board.code) == {}


async def test_a_name_that_cannot_be_taken_leaves_the_old_one(phone: Visitor, board: Room) -> None:
    answer = await phone.post(f"{board.base()}/name", {"name": "Admin"})

    assert answer.status_code == 422
    assert list((await board.service.journal.names(board.code)).values()) == ["Léa"]


async def test_the_screen_has_no_name(visitor: Visitor, board: Room) -> None:
    headers = {"cookie": await board.cookie(Role.SCREEN), "accept": "application/json"}
    answer = await visitor.post(f"{board.base('screen')}/name", {"name": "Mur"}, headers=headers)

    assert answer.json()["code"] == "forbidden"
    assert await board.service.journal.names(board.code) == {}


async def test_the_desk_registers_somebody_without_a_phone_and_writes_for_them(
    visitor: Visitor, board: Room
) -> None:
    cookie = await board.cookie(Role.FACILITATOR)
    ticket = {"name": "René", "ticket": a_ticket()}
    first = await visitor.post(f"{board.base('desk')}/people", ticket, headers={"cookie": cookie})
    again = await visitor.post(f"{board.base('desk')}/people", ticket, headers={"cookie": cookie})
    [rene] = [p for p in (await board.state()).people.by_id.values() if p.assisted]
    fields = {"step": "ideas", "text": "Du café", "for": rene.id}
    await visitor.post(f"{board.base('desk')}/commands/PostIdea", fields, headers={"cookie": cookie})
    [idea] = (await board.state()).ideas.by_id.values()

    assert (first.status_code, again.status_code) == (303, 303)
    assert (await board.service.journal.names(board.code))[rene.id] == "René"
    assert (idea.author, idea.source) == (rene.id, "desk")
    assert idea.entered_by


async def test_a_participant_registers_nobody(phone: Visitor, board: Room) -> None:
    answer = await phone.post(
        f"{board.base()}/people", {"name": "René"}, headers={"accept": "application/json"}
    )

    assert answer.json()["code"] == "forbidden"
    assert len((await board.state()).people.by_id) == 2
    assert "René" not in (await board.service.journal.names(board.code)).values()


async def test_a_pilot_is_named_by_words_known_or_new_and_taken_away(
    visitor: Visitor, phone: Visitor, board: Room
) -> None:
    cookie = {"cookie": await board.cookie(Role.FACILITATOR)}
    await board.lead("MakeAxis", axis="axis01", title="Axe")
    await board.lead("MakeAction", action="action01", axis="axis01", title="Petit déjeuner")
    path = f"{board.base('desk')}/pilot"

    async def named(name: str) -> str:
        answer = await visitor.post(path, {"action": "action01", "name": name}, headers=cookie)
        assert answer.status_code == 303
        pilot = (await board.state()).plan.actions["action01"].pilot
        return (await board.service.journal.names(board.code)).get(pilot, "") if pilot else "nobody"

    people = len((await board.state()).people.by_id)
    assert await named("lea") == "Léa"
    assert len((await board.state()).people.by_id) == people
    assert await named("René Dupont") == "René Dupont"
    assert len((await board.state()).people.by_id) == people + 1
    assert await named("") == "nobody"


async def test_a_pilot_of_no_action_adds_nobody_twice(visitor: Visitor, board: Room) -> None:
    headers = {"cookie": await board.cookie(Role.FACILITATOR), "accept": "application/json"}
    answer = await visitor.post(
        f"{board.base('desk')}/pilot", {"action": "nothing", "name": ""}, headers=headers
    )

    assert answer.json()["code"] == "no_action"


async def test_a_commitment_needs_a_name(visitor: Visitor, board: Room) -> None:
    await visitor.post(f"{board.base()}/join")
    await board.lead("OpenStep", step="pledges")
    due = "2999-01-01"
    nameless = await visitor.op(board.base(), "Pledge", id="pledge1", text="Appeler", due=due)
    await visitor.post(f"{board.base()}/name", {"name": "Léa"})
    named = await visitor.op(board.base(), "Pledge", id="pledge1", text="Appeler", due=due)

    assert nameless["code"] == "name_needed"
    assert named["code"] == "date_range"


async def test_a_sentence_names_the_person_and_the_day_as_its_reader_says_them(
    phone: Visitor, board: Room
) -> None:
    phone.http.headers["accept-language"] = "en"
    await phone.op(board.base(), "PostIdea", **an_idea())
    await board.lead("OpenStep", step="sort")
    before = await board.seq()
    await phone.op(board.base(), "GroupIdeas", ideas=["idea001"], theme="theme01", title="Se voir")
    other = await board.cookie()
    asked = {"cid": a_cid(), "n": 1, "seen": before, "b": {"theme": "theme01", "title": "Autre"}}
    async with board.place.visitor() as second:
        second.http.headers["accept-language"] = "en"
        answer = await second.post(
            f"{board.base()}/commands/RenameTheme", json=asked, headers={"cookie": other}
        )

    assert answer.json()["code"] == "changed"
    assert answer.json()["msg"].startswith("Léa has changed")


async def test_a_form_leads_to_what_it_made_also_where_the_page_could_not_know_its_id(
    phone: Visitor, board: Room
) -> None:
    for n in range(2):
        await phone.op(board.base(), "PostIdea", id=f"idea000{n}", text=f"Idée {n}", step="ideas")
    await board.lead("OpenStep", step="sort")
    page = await phone.get(board.base())
    form = re.search(r'<form[^>]*commands/GroupIdeas".*?</form>', page.text, re.DOTALL)
    assert form
    then = re.search(r'name="then"\s+value="([^"]+)"', form[0])
    assert then
    fields = {"ideas": "idea0000", "theme": "", "title": "Ouvrir", "ticket": a_ticket(), "then": then[1]}
    answer = await phone.post(f"{board.base()}/commands/GroupIdeas", fields)
    after = (await phone.get(board.base())).text

    leads = answer.headers["location"].partition("#")[2]
    assert leads.startswith("theme-")
    assert f'id="{leads}"' in after
