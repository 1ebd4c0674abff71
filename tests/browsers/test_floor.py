"""Scripts and styles are held to the floor: what is newer stands inside `@supports`, or is excused with a reason."""

from tests.browsers import floor


def test_nothing_newer_than_the_floor_is_used_without_care() -> None:
    _, broken = floor.found(floor.kept())

    assert [f"{one.feature} in {one.where}" for one in broken] == []


def test_no_excuse_is_kept_for_what_is_not_used_any_more() -> None:
    data = floor.kept()

    assert (
        sorted(feature for feature in floor.EXCUSED if feature not in {use[0] for use in floor.used(data)})
        == []
    )


def test_what_is_newer_is_found_in_a_sheet_unless_it_stands_inside_supports() -> None:
    data = floor.kept()
    sheet = "a:has(b) { color: red } @supports selector(:has(a)) { a:has(c) { color: red } } @layer x;"
    newer = lambda feature: floor.Found(feature, "", tuple(data.versions[feature])).newer  # noqa: E731

    assert [use for use in floor.in_css(sheet, data) if newer(use[0])] == [
        ("css.selectors.has", False), ("css.selectors.has", True), ("css.at-rules.layer", False),
    ]  # fmt: skip


def test_a_newer_value_is_safe_after_an_older_one_of_the_same_rule_only() -> None:
    data = floor.kept()
    sheet = "a { height: 1vh; height: 1dvh } b { height: 1dvh } c { width: 1vh; height: 1dvh }"

    said = [safe for feature, safe in floor.in_css(sheet, data) if "dynamic" in feature]

    assert said == [True, False, False]


def test_what_is_newer_is_found_in_a_script() -> None:
    data = floor.kept()
    script = "const a = list.findLast(is);\nstructuredClone(a); /(?<=a)b/.test(a);\nnew OffscreenCanvas(1, 1)"

    said = set(floor.in_js(script, data))

    assert "javascript.builtins.Array.findLast" in said or any(name.endswith(".findLast") for name in said)
    assert "javascript.regular_expressions.lookbehind_assertion" in said
    assert "api.OffscreenCanvas" in said


def test_a_name_of_our_own_is_excused_where_it_is_a_field_and_not_where_it_is_called() -> None:
    data = floor.kept()
    (feature,) = data.members["at"]

    assert feature not in set(floor.in_js("mirror.at.s; const { g } = mirror.at; [...at, ...at()]", data))
    for call in ("list.at(-1)", "list?.at (0)", "list.at?.(0)", "mirror.at.s; list.at(0)"):
        assert feature in set(floor.in_js(call, data)), call


def test_each_name_of_our_own_is_one_that_would_be_found_otherwise() -> None:
    data = floor.kept()
    scripts = "".join(file.read_text() for file in (floor.ROOT / "static" / "js").glob("*.js"))

    assert [name for name in sorted(floor.OWN) if name not in data.members or f".{name}" not in scripts] == []
