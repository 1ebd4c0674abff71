"""What each method is for, how it counts and what it does wrong is said to everybody, in both languages, and in the documentation."""

from pathlib import Path

import pytest

from forum.domain.methods import METHODS
from forum.language import LANGUAGES, Reader

DOCUMENTED = (Path(__file__).parents[2] / "docs" / "methods.md").read_text()
PARTS = (
    "**What it is for.**",
    "**How it is defined.**",
    "**An example.**",
    "**What it is known to do wrong.**",
    "**Ties, blanks, silence.**",
)
OFFERED = [method.name for method in METHODS.values() if method.offered]


@pytest.mark.parametrize("name", OFFERED)
def test_a_method_explains_itself_in_sentences_in_every_language(name: str) -> None:
    explained = METHODS[name].explained

    assert explained is not None
    for sentence in explained:
        said = {lang: Reader(lang).say(sentence) for lang in LANGUAGES}
        assert all(text.endswith(".") for text in said.values()), said
        assert len(set(said.values())) == len(LANGUAGES), said


@pytest.mark.parametrize("name", OFFERED)
def test_the_documentation_says_of_a_method_what_it_must(name: str) -> None:
    _, heading, section = DOCUMENTED.partition(f"\n## {METHODS[name].title}\n")
    section = section.partition("\n## ")[0]

    assert heading, f"docs/methods.md has no section {METHODS[name].title}"
    assert [part for part in PARTS if part not in section] == []
