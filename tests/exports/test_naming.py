"""What downloads are called."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.exports.naming import STEM_BYTES, folded, named


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Idées été", "Idees ete"),
        ("L’œuvre de la Straße", "L'oeuvre de la Strasse"),
        ("Ærø, Łódź, Đà Nẵng, Þór, ıŞık", "AEro, Lodz, Da Nang, Thor, iSik"),
        (unicodedata.normalize("NFD", "Où ? Là-bas !"), "Ou ? La-bas !"),
        ("ﬁn ½ Ⅳ ２０２５", "fin 12 IV 2025"),
        ("日本語", ""),
        ("", ""),
    ],
)
def test_accents_are_folded_not_dropped(text: str, plain: str) -> None:
    assert folded(text) == plain


@pytest.mark.parametrize(
    ("title", "full", "plain"),
    [
        ("«Idées été»", "Idées-été-plan-7.md", "Idees-ete-plan-7.md"),
        ("Vision 2025", "Vision-2025-plan-7.md", "Vision-2025-plan-7.md"),
        ("会議 2025", "会議-2025-plan-7.md", "2025-plan-7.md"),
        ("Форум", "Форум-plan-7.md", "forum-ABC234-plan-7.md"),
        ("हिन्दी", "हिन्दी-plan-7.md", "forum-ABC234-plan-7.md"),
        ("منتدى", "منتدى-plan-7.md", "forum-ABC234-plan-7.md"),
        ("🎉", "forum-ABC234-plan-7.md", "forum-ABC234-plan-7.md"),
        ("../../etc/passwd", "etc-passwd-plan-7.md", "etc-passwd-plan-7.md"),
        ("CON", "CON-plan-7.md", "CON-plan-7.md"),
        ("a\u202eb\u200bc", "abc-plan-7.md", "abc-plan-7.md"),
    ],
)
def test_a_file_is_called_by_its_title_and_otherwise_by_its_forum(title: str, full: str, plain: str) -> None:
    assert named(title, "-plan-7.md", otherwise="forum-ABC234") == (full, plain)


@given(
    st.text(st.characters(exclude_categories=("Cs", "Cn")), max_size=200)
)  # unassigned: two tables disagree
def test_no_title_makes_a_name_that_means_more_than_a_name(title: str) -> None:
    full, plain = named(title, "-plan-7.md", otherwise="forum-ABC234")

    assert re.fullmatch(r"[A-Za-z0-9-]{1,60}\.md", plain)
    assert re.fullmatch(r"[^\x00-\x2c/\\:*?<>|\x7f-\x9f]+\.md", full)
    assert not full.startswith((".", "-"))
    assert len(full.encode()) <= STEM_BYTES + 20
    assert not any(unicodedata.category(c)[0] in "CZP" for c in full.removesuffix(".md").replace("-", ""))
