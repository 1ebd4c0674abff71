"""Sizes: what is too long is named with its cure."""

from pathlib import Path

import pytest

from tests.sizes import MOST_COLUMNS, MOST_LINES, MOST_OF_A_FUNCTION, findings


def put(root: Path, name: str, text: str) -> Path:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)
    return root


@pytest.mark.parametrize(
    "name", ["forum/a.py", "tests/deep/a.py", "static/js/a.js", "static/css/a.css", "templates/a.html"]
)
def test_a_file_may_have_so_many_lines_and_no_more(tmp_path: Path, name: str) -> None:
    assert list(findings(put(tmp_path, name, "\n" * MOST_LINES))) == []
    [found] = findings(put(tmp_path, name, "\n" * (MOST_LINES + 1)))

    assert found.startswith(f"{name} has {MOST_LINES + 1} lines")


def test_what_others_wrote_is_as_long_as_it_is(tmp_path: Path) -> None:
    assert list(findings(put(tmp_path, "static/vendor/a.js", "\n" * 9999))) == []


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_a_function_may_have_so_many_lines_and_no_more_wherever_it_stands(tmp_path: Path, kind: str) -> None:
    def a_class(lines: int) -> Path:
        body = "        pass\n" * (lines - 1)
        return put(tmp_path, "forum/a.py", f"class A:\n    {kind} long(self):\n{body}")

    assert list(findings(a_class(MOST_OF_A_FUNCTION))) == []
    [found] = findings(a_class(MOST_OF_A_FUNCTION + 1))

    assert "forum/a.py:2 long has 61 lines" in found


def test_a_templates_line_may_have_so_many_columns_and_no_more(tmp_path: Path) -> None:
    root = put(tmp_path, "templates/a.html", "é" * MOST_COLUMNS + "\n" + "é" * (MOST_COLUMNS + 1))

    assert [found.split()[0] for found in findings(root)] == ["templates/a.html:2"]
