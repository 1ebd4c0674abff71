"""A table imported at the desk, without a script: handed in, looked at, read otherwise, confirmed, taken back."""

from html import unescape
from pathlib import Path
from typing import Any

from tests.web.conftest import Room, Visitor
from tests.web.crowds import desk_of
from tests.web.test_depth import a_form

DATA = Path(__file__).parents[1] / "imports" / "data"


async def handed_in(visitor: Visitor, room: Room, desk: dict, body: bytes, name: str = "idées.csv") -> Any:
    answer = await visitor.http.post(
        f"{room.base('desk')}/import", files={"file": (name, body)}, headers=desk
    )
    if answer.status_code == 303:
        return await visitor.get(answer.headers["location"], headers=desk)
    return answer


async def sent(visitor: Visitor, room: Room, desk: dict, form: dict[str, list[str]]) -> Any:
    answer = await visitor.post(f"{room.base('desk')}/import", form, headers=desk)
    if answer.status_code == 303:
        return await visitor.get(answer.headers["location"], headers=desk)
    return answer


async def test_U4_cards_are_imported_when_the_preview_is_confirmed_and_undone_in_one_press(
    board: Room, visitor: Visitor
) -> None:
    desk = await desk_of(board, visitor)
    before = await board.seq()
    preview = await handed_in(visitor, board, desk, (DATA / "gestes_climat_fr.csv").read_bytes())
    seen = await board.seq()
    done = await sent(visitor, board, desk, a_form(preview.text, do="import"))
    texts = await board.texts()
    undone = await sent(visitor, board, desk, a_form(done.text, do="undo"))

    assert preview.status_code == 200
    assert seen == before
    assert len(texts) == 50  # a title of one stroke comes unticked
    assert texts[0] == "Préserver sa santé en limitant sa consommation de viande"
    assert "50" in done.text
    assert {idea.state for idea in (await board.state()).ideas.by_id.values()} == {"withdrawn"}
    assert undone.status_code == 200


async def test_a_plan_of_another_tool_comes_in_and_our_own_document_goes_out_and_comes_back_changed(
    board: Room, visitor: Visitor
) -> None:
    desk = await desk_of(board, visitor)
    body = (DATA / "tet_modele_import.xlsx").read_bytes()
    preview = await handed_in(visitor, board, desk, body, "modele-import-pa.xlsx")
    done = await sent(visitor, board, desk, a_form(preview.text, do="import"))
    [action] = (await board.state()).plan.actions.values()
    out = (await visitor.get(f"{board.base('desk')}/export/plan.csv", headers=desk)).content.decode()
    name = f"plan-{await board.seq()}.csv"
    again = await handed_in(visitor, board, desk, out.replace(action.title, "Autrement").encode(), name)
    changed = await sent(visitor, board, desk, a_form(again.text, do="import"))
    after = (await board.state()).plan.actions[action.id]
    await sent(visitor, board, desk, a_form(changed.text, do="undo"))

    assert done.status_code == changed.status_code == 200
    assert "Assurer" in action.title
    assert after.title == "Autrement"
    assert (await board.state()).plan.actions[action.id].title == action.title


async def test_columns_can_be_corrected_before(board: Room, visitor: Visitor) -> None:
    desk = await desk_of(board, visitor)
    preview = await handed_in(visitor, board, desk, "réf,note,Idée\nA,Un banc,x\nB,Un marché,y\n".encode())
    form = a_form(preview.text, **{"column-2": "text"}) | {"column-1": ["text"], "column-2": [""]}
    again = await sent(visitor, board, desk, form)
    await sent(visitor, board, desk, a_form(again.text, do="import"))

    assert await board.texts() == ["Un banc", "Un marché"]


async def test_a_press_twice_imports_once_and_unticked_lines_stay_out(board: Room, visitor: Visitor) -> None:
    desk = await desk_of(board, visitor)
    preview = await handed_in(visitor, board, desk, "Idée\nUn banc\nUn marché\n".encode())
    form = a_form(preview.text, do="import") | {"key": ["line-3"]}
    await visitor.post(f"{board.base('desk')}/import", form, headers=desk)
    await handed_in(visitor, board, desk, "Idée\nUn banc\nUn marché\n".encode())
    await visitor.post(f"{board.base('desk')}/import", form, headers=desk)

    assert await board.texts() == ["Un marché"]


async def test_each_problem_is_named_by_line_and_column(board: Room, visitor: Visitor) -> None:
    desk = await desk_of(board, visitor)
    preview = await handed_in(visitor, board, desk, f"n;Idea\n1;{'x' * 150}\n2;A bench\n3;a bench\n".encode())
    said = " ".join(unescape(preview.text).split())

    assert "150" in said
    assert "À la ligne 2, colonne B" in said.replace("\u00a0", " ") or "In line 2, column B" in said.replace(
        "\u00a0", " "
    )
    assert preview.text.count('name="key"') == 1


async def test_a_file_that_cannot_be_read_is_refused_with_what_to_do_and_nothing_is_kept(
    board: Room, visitor: Visitor
) -> None:
    desk = await desk_of(board, visitor)
    refused = await handed_in(visitor, board, desk, b"%PDF-1.7", "plan.pdf")
    too_large = await handed_in(visitor, board, desk, b"x" * (6 * 1024 * 1024), "grand.csv")
    nothing = await visitor.get(f"{board.base('desk')}/import?file", headers=desk)

    assert (refused.status_code, too_large.status_code, nothing.status_code) == (422, 413, 422)
    assert "XLSX" in refused.text


async def test_J3_nobody_but_who_leads_imports(board: Room, visitor: Visitor) -> None:
    await visitor.post(f"{board.base()}/join", {"name": "Léa"})
    answer = await visitor.http.post(
        f"{board.base('desk')}/import", files={"file": ("t.csv", b"Idea\nOne\n")}
    )

    assert answer.status_code in (302, 303, 401, 403)
    assert await board.texts() == []


async def test_a_problem_quotes_what_stands_in_its_cell_and_nothing_where_it_is_empty(
    board: Room, visitor: Visitor
) -> None:
    desk = await desk_of(board, visitor)
    body = "Axe;Action;Échéance\nMobilité;Compter;30/02/2025\nAlimentation;;\n".encode()
    preview = await handed_in(visitor, board, desk, body, "plan.csv")

    assert "<q>30/02/2025</q>" in preview.text
    assert preview.text.count('class="told-why"') == 2
    assert "<q></q>" not in preview.text


async def test_the_button_stands_above_a_long_list_too_and_once_by_a_short_one(
    board: Room, visitor: Visitor
) -> None:
    desk = await desk_of(board, visitor)
    buttons = [
        (
            await handed_in(
                visitor, board, desk, "".join(f"Carte {n}\n" for n in range(lines)).encode(), f"{lines}.csv"
            )
        ).text.count('<button class="button">')
        for lines in (20, 21)
    ]
    assert buttons == [1, 2]
