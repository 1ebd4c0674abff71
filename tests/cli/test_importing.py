"""``forum import``: the same preview as at the desk, and the same rules, at a terminal."""

import json
from pathlib import Path

from forum.cli.export import folded
from forum.cli.new import now
from forum.domain.roles import Role
from forum.journal import StoreAddress, open_journal
from forum.opening import make_tickets
from tests.cli.test_commands import forum


async def test_a_table_is_shown_and_done_only_when_it_is_confirmed(tmp_path: Path) -> None:
    table = tmp_path / "plan.csv"
    table.write_text("Axe;Action;Échéance\nOuvrir;Tenir un guichet;12/14/20\n", "utf-8")
    _, said, _ = await forum(tmp_path, "new", "forum-eclair", "--json")
    code = json.loads(said)["code"]
    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        await make_tickets(journal, code, 1, clock=now, role=Role.FACILITATOR)
        before = await journal.head(code)
    shown = await forum(tmp_path, "import", code, str(table), lang="fr")
    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        unchanged = await journal.head(code)
    done = await forum(tmp_path, "import", code, str(table), "--confirm")
    again = await forum(tmp_path, "import", code, str(table))
    table.write_text("Nom;Texte;Où\nUn;Deux;Trois\n", "utf-8")
    as_cards = await forum(tmp_path, "import", code, str(table))
    as_plan = await forum(tmp_path, "import", code, str(table), "--of", "plan")
    missing = await forum(tmp_path, "import", code, str(tmp_path / "none.csv"))

    assert (shown[0], done[0], again[0], missing[0]) == (0, 0, 0, 1)
    assert unchanged == before
    assert "A = Axe, B = Action, C = Échéance" in shown[1]
    assert "Nouvelle action" in shown[1]
    assert "«\u202f12/14/20\u202f»\u202f: " in shown[1]
    assert "New action" in done[1]
    assert "New action" not in again[1]
    assert "Nothing would change." in again[1]
    assert (as_cards[0], as_plan[0]) == (1, 1)
    assert "If the table is a plan, add --of plan." in as_cards[2]
    assert "No column is called “Action”." in as_plan[2]


async def test_what_a_table_says_to_the_terminal_is_shown_and_not_obeyed(tmp_path: Path) -> None:
    table = tmp_path / "plan.csv"
    table.write_text("Axe;Action;Échéance\nOuvrir;Tenir\x1b[2J\x9b1m un\u202e guichet 🎪;\x1b]0x\n", "utf-8")
    _, said, _ = await forum(tmp_path, "new", "forum-eclair", "--json")
    code = json.loads(said)["code"]
    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        await make_tickets(journal, code, 1, clock=now, role=Role.FACILITATOR)
    _, shown, _ = await forum(tmp_path, "import", code, str(table))

    assert "Tenir\\x1b[2J\\x9b1m un\\u202e guichet 🎪" in shown
    assert all(
        sign.isprintable() or sign == "\n" for sign in shown.replace("\u202f", " ").replace("\u00a0", " ")
    )


async def test_J12_people_of_one_name_are_told_apart_as_on_every_page(tmp_path: Path) -> None:
    table = tmp_path / "plan.csv"
    table.write_text("Axe;Action;Pilote\nOuvrir;Tenir un guichet;Zoé (2)\n", "utf-8")
    _, said, _ = await forum(tmp_path, "new", "forum-eclair", "--json")
    code = json.loads(said)["code"]
    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        await make_tickets(journal, code, 1, clock=now, role=Role.FACILITATOR)
        await make_tickets(journal, code, 2, clock=now, role=Role.PARTICIPANT)
        state, _ = await folded(journal, code)
        for person in state.people.by_id.values():
            if person.role is Role.PARTICIPANT:
                await journal.set_name(code, person.id, "Zoé")
    _, shown, _ = await forum(tmp_path, "import", code, str(table))

    assert "Pilot: Zoé (2)" in shown
