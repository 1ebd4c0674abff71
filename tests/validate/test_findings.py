"""What `make validate` ends with: what is left, what is excused with a reason, and the table."""

from tests.validate.findings import Excuse, Finding, excuses, left, table, told

HEADING = Finding("home, fr", "nu", "warning", "Section lacks heading. ‹<section>›")
STYLE = Finding("phone, as it has become", "html-validate", "attribute-boolean-style", 'Attribute "hidden"')
CONTRAST = Finding("desk, en", "axe WebKitGTK", "color-contrast", "too faint")


def test_what_no_excuse_covers_is_left():
    excused = [
        Excuse("nu", "lacks heading", "why"),
        Excuse("html-validate", "attribute-boolean-style", "why", page="as it has become"),
        Excuse("axe", "color-contrast", "why"),
    ]

    assert left([HEADING, STYLE, CONTRAST], []) == [HEADING, STYLE, CONTRAST]
    assert left([HEADING, STYLE, CONTRAST], excused) == []
    assert left([HEADING, STYLE, STYLE._replace(page="home, fr"), CONTRAST], excused) == [
        STYLE._replace(page="home, fr")
    ]


def test_an_excuse_of_one_validator_excuses_no_other():
    assert left([HEADING], [Excuse("html-validate", "warning", "why")])[0] == HEADING


def test_an_excuse_that_excuses_nothing_is_left_itself():
    assert [one.page for one in left([], [Excuse("nu", "lacks heading", "why")])] == ["exceptions.toml"]
    assert left([], [Excuse("nu", "lacks heading", "why", seldom=True)]) == []


def test_every_excuse_has_its_reason():
    assert [one.rule for one in excuses() if len(one.why) < 20] == []


def test_the_table_counts_what_is_left_and_says_what_was_not_asked():
    asked = {"nu": ["home, fr", "desk, en"], "axe WebKitGTK": ["desk, en"]}

    assert table(asked, [HEADING, HEADING]).splitlines() == [
        "          nu  axe WebKitGTK",
        "home, fr  2         .",
        "desk, en  +         +",
    ]


def test_a_finding_on_many_pages_is_told_once():
    pages = [HEADING._replace(page=f"page {n}") for n in range(5)]

    assert told(pages).splitlines() == [
        "nu · warning · Section lacks heading. ‹<section>›",
        "    on page 0, page 1, page 2 and 2 more",
    ]
