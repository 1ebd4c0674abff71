"""Tables read out of bytes: what spreadsheets save, and what nobody should have to fear."""

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from forum.imports import Unreadable, letter
from forum.imports.apart import answered, book_of, ordered
from forum.imports.book import MOST_CELL, MOST_COLUMNS, MOST_ROWS
from forum.imports.reading import GUARDED, read

DATA = Path(__file__).parent / "data"
LINES = "Idée;Thème\r\nOuvrir l’été – œuvre;Lieu\r\n« Crier »;\r\n"


def cells(body: bytes, page: int = 0) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.cells) for row in read(body, "t").pages[page].rows]


def why(body: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        read(body, "t")
    return refused.value.code


def workbook(*rows: tuple[object, ...], **more: object) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("Feuille")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell)
    if "formula" in more:
        sheet.write_formula("A9", str(more["formula"]), None, "12")
    book.close()
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_table_is_read_in_every_encoding_that_spreadsheets_save(encoding: str) -> None:
    assert cells(LINES.encode(encoding)) == [
        (1, ("Idée", "Thème")),
        (2, ("Ouvrir l’été – œuvre", "Lieu")),
        (3, ("« Crier »",)),
    ]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_the_separator_is_found(separator: str) -> None:
    lines = [["Idée", "Thème"], ["Un banc, là", "Lieu"], ['Dire "oui"', "Voix"]]
    said = "\n".join(separator.join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)

    assert [list(row) for _, row in cells(said.encode())] == lines


def test_commas_in_every_sentence_part_no_cells_where_semicolons_part_the_line_of_names_too() -> None:
    said = "Carte;Auteur\n" + "".join(f"Ouvrir, près de la halle, un atelier {n};Léa\n" for n in range(20))

    [page] = read(said.encode(), "t.csv").pages
    assert {len(row.cells) for row in page.rows} == {2}


def test_a_list_without_separator_is_one_column_whatever_commas_it_has() -> None:
    said = "Ouvrir, puis fermer\nUn banc\nPlanter un arbre, deux, trois\nRien\n"

    assert [row for _, row in cells(said.encode())] == [(line,) for line in said.splitlines()]


def test_lines_keep_their_numbers_and_cells_their_lines() -> None:
    assert cells(b'a,b\n\n"une\nautre",2\n') == [(1, ("a", "b")), (3, ("une\nautre", "2"))]


def test_what_our_own_tables_guard_comes_back_as_it_was() -> None:
    assert GUARDED.match("'=1+1")
    assert not GUARDED.match("'tis")
    assert cells(b"a,b\n'=1+1,'tis\n")[1] == (2, ("=1+1", "'tis"))


def test_a_workbook_says_days_numbers_and_truths_as_text_and_a_formula_what_it_came_to() -> None:
    body = workbook(("Idée", "n"), ("مرحبا =1+1", 47727), (True, 2.5), formula="=HYPERLINK(1)")

    assert cells(body)[1:] == [(2, ("مرحبا =1+1", "47727")), (3, ("true", "2.5")), (9, ("12",))]


def test_hidden_sheets_are_not_read() -> None:
    book = read((DATA / "tet_modele_import.xlsx").read_bytes(), "modele.xlsx")

    assert [page.name for page in book.pages] == ["Mode demploi", "Fichier dimport"]


def test_ballots_and_data_of_other_tools_are_said_to_be_what_they_are() -> None:
    pabulib = b"META\nkey;value\ndescription;Local PB\nPROJECTS\nproject_id;cost\n1;200\n"
    preflib = b"# FILE NAME: test1.toi\n# TITLE: t\n2: 1,{2,3}\n"
    tally = b"Tally Sheet for the votes cast.\n\nV: 1123\t0001\nV: -1--\t0002\n"

    assert {why(body) for body in (pabulib, preflib, tally, b"#/Candidates: A ; B\nA > B * 30\n")} == {
        "file_ballots"
    }
    assert why(b'[\n  {\n "a": 1}]') == "file_no_table"
    assert cells("[x] Un banc\n[ ] Un marché\n".encode()) == [(1, ("[x] Un banc",)), (2, ("[ ] Un marché",))]


def test_the_tables_of_markdown_are_read_with_the_numbers_of_their_lines_and_what_stands_above_them() -> None:
    said = "# Plan\n\nIntro | rien\n\n## 4. Suivi\n\n| Action | Échéance | Statut |\n|---|:---:|---|\n| **Ouvrir** | 31/12/2025 | En cours |\n| A \\| B | | |\n\nFin\n"

    [page] = read(said.encode(), "plan.md").pages
    assert page.name == "4. Suivi"
    assert [(row.number, row.cells) for row in page.rows] == [
        (7, ("Action", "Échéance", "Statut")), (9, ("Ouvrir", "31/12/2025", "En cours")), (10, ("A | B",)),
    ]  # fmt: skip


def test_what_is_no_table_is_refused_with_what_to_do() -> None:
    assert why(b"") == why(b" \n") == "file_empty"
    assert why(b"%PDF-1.7\n...") == why(b"\x00\x01\x02") == why(b'{"a": 1}') == "file_no_table"
    assert why(b"\xd0\xcf\x11\xe0" + bytes(100)) == "file_old"
    assert why(b"PK\x03\x04 broken") == "file_broken"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as other:
        other.writestr("word/document.xml", "<w/>")
    assert why(out.getvalue()) == "file_no_table"


def test_a_table_is_held_to_its_bounds_at_the_last_that_fits() -> None:
    fits = "\n".join(["x"] * MOST_ROWS)
    assert len(cells(fits.encode())) == 5_000
    assert why((fits + "\ny").encode()) == "too_many_rows"
    assert cells(b";".join([b"x"] * MOST_COLUMNS) * 1)[0][1] == ("x",) * 100
    assert why(b";".join([b"x"] * (MOST_COLUMNS + 1))) == "too_many_columns"
    assert why(b"a;b\n" + b"x" * (MOST_CELL + 1) + b";c\n") == "cell_too_long"
    assert why(b"x" * (5 * 1024 * 1024 + 1)) == "file_too_large"


def test_a_workbook_whose_lines_are_all_gaps_is_held_to_its_cells() -> None:
    wide = b";" * 99 + b"x\n"
    assert why(b"x" + wide + wide * 4_000) == "text_too_long"
    assert len(cells(b"x" + wide + wide * 3_999)) == 4_000


def test_a_workbook_that_unpacks_without_end_or_lies_wide_is_not_parsed() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("xl/workbook.xml", b"<w/>")
        files.writestr("xl/worksheets/sheet1.xml", b"0" * (65 * 1024 * 1024))
    assert len(bomb.getvalue()) < 100_000
    assert why(bomb.getvalue()) == "took_too_long"
    far = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(("a",)))) as old, zipfile.ZipFile(far, "w") as new:
        for entry in old.infolist():
            said = old.read(entry)
            new.writestr(entry.filename, said.replace(b'<c r="A1"', b'<c r="XFD1048576"'))
    assert why(far.getvalue()) == "took_too_long"


def test_a_process_answers_with_the_tables_or_with_why_not() -> None:
    assert book_of(answered(ordered(b"a;b\nc;d\n", "t.csv"))).pages[0].width == 2
    with pytest.raises(Unreadable) as refused:
        book_of(answered(ordered(b"", "t.csv")))
    assert refused.value.code == "file_empty"


def test_columns_are_called_as_spreadsheets_call_them() -> None:
    assert [letter(n) for n in (0, 25, 26, 51, 99, 701, 702)] == ["A", "Z", "AA", "AZ", "CV", "ZZ", "AAA"]
