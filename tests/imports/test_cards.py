"""Cards from a table: which column says what, what the rules take, and what is left out with its reason."""

from collections.abc import Callable
from pathlib import Path

from forum.domain.imported import ImportTable
from forum.domain.kernel import Asked, Command, IdeaId, Millis, Rejection, TabId, ThemeId
from forum.domain.room import trial
from forum.domain.steps import boards
from forum.domain.steps.sort import GroupIdeas, MakeTheme
from forum.domain.undo import Undo
from forum.imports import cards
from forum.imports.columns import Guess, bare
from forum.imports.preview import Preview, tried
from forum.imports.reading import read
from forum.slices import at_once
from tests.scenes import FACILITATOR, LEA, Scene, a_room, theme_of

DATA = Path(__file__).parent / "data"


def as_it_is(command: Command) -> Command | Rejection:
    return command


def new_id(kind: str, line: int) -> str:
    return f"{kind}{line:06}"


def looked_at(
    room: Scene,
    body: bytes,
    *,
    guess: Guess | None = None,
    keys: frozenset[str] | None = None,
    settle: Callable[[Command], Command | Rejection] = as_it_is,
) -> Preview:
    book = read(body, "t.csv")
    how = guess or cards.first_guess(book)
    asked = Asked(FACILITATOR, Millis(room.at), TabId("import"), 1)
    step = boards.taking(room.state, asked)[0]
    asking = cards.wishes(room.state, book.pages[how.page], how, step, asked, new_id)
    return at_once(tried(asking, trial(room.state, asked), settle, keys))


def of_file(name: str) -> bytes:
    return (DATA / name).read_bytes()


def imported(room: Scene, preview: Preview, tab: str = "import") -> object:
    return room.ask(ImportTable("cards", preview.lines, preview.commands), tab=tab)


def problems(preview: Preview) -> list[tuple[int, str, str]]:
    return [(one.line, one.column, one.why) for one in preview.problems]


def guessed(name: str) -> dict[int, str]:
    return dict(cards.first_guess(read(of_file(name), name)).targets)


def test_columns_are_guessed_by_their_names_in_both_languages_else_by_the_longest_words() -> None:
    assert guessed("ccc_propositions_fr.csv") == {0: "theme", 3: "text"}
    assert guessed("gestes_climat_fr.csv") == {0: "theme", 1: "text"}
    assert guessed("polis_london_youth_policing_en.csv") == {7: "text"}
    unknown = read("réf;ce qui se dit\n1;Un banc devant la gare\n2;Un marché\n".encode(), "t")
    assert cards.first_guess(unknown) == Guess(0, 1, {1: "text"})
    assert bare(" Sous-axe (x.x) ") == "sous axe x x"


def test_the_line_of_names_is_found_below_a_title() -> None:
    book = read("Notre forum\n\nThème;Idée\nLieu;Un banc\n".encode(), "t")

    assert cards.first_guess(book) == Guess(0, 3, {0: "theme", 1: "text"})


def test_U4_nothing_comes_true_before_it_is_confirmed_then_all_of_it_and_one_press_undoes_it() -> None:
    room = a_room().opened("ideas")
    before = room.state
    preview = looked_at(room, of_file("ccc_propositions_fr.csv"))

    assert room.state == before
    assert len(preview.wishes) + len(preview.refused) == 146
    assert {no.code for _, no in preview.refused} == {"too_long"}
    assert not isinstance(imported(room, preview), Rejection)
    assert room.state.ideas.numbers == len(preview.wishes)
    assert {idea.source for idea in room.state.ideas.by_id.values()} == {"import"}
    (deed,) = [one for one in room.state.deeds if not one.undone]
    assert (deed.what, deed.named) == ("TableImported", "imported cards")
    room.ask(Undo(deed.seq))
    assert {idea.state for idea in room.state.ideas.by_id.values()} == {"withdrawn"}


def test_U3_an_import_on_which_somebody_has_built_is_not_undone() -> None:
    room = a_room().opened("ideas")
    imported(room, looked_at(room, b"Idea\nA bench\nA market\n"))
    room.opened("sort")
    room.ask(GroupIdeas((IdeaId("card000002"),), ThemeId("theme1"), "Places"), LEA)

    said = room.ask(Undo(room.state.deeds[0].seq))

    assert isinstance(said, Rejection)
    assert said.code == "built_on"


def test_each_problem_has_its_line_and_what_it_is() -> None:
    room = a_room().opened("ideas")
    long = "x" * 141
    preview = looked_at(room, f"Idea,Theme\nA bench,Place\n\na BENCH,\n{long},Place\n".encode())

    assert problems(preview) == [(4, "A", cards.TWICE), (0, "", cards.NO_SORT)]
    [(wish, no)] = preview.refused
    assert (wish.line, no.code, no.params["limit"]) == (5, "too_long", 140)
    assert [wish.line for wish in preview.wishes] == [2]


def test_what_is_there_already_is_left_out_so_that_a_file_can_be_imported_again() -> None:
    room = a_room().opened("ideas")
    imported(room, looked_at(room, b"Idea\nA bench\nA market\n"))
    again = looked_at(room, b"Idea\nA bench\nA market\nA song\n")

    assert problems(again) == [(2, "A", cards.ALREADY), (3, "A", cards.ALREADY)]
    assert [wish.found for wish in again.wishes] == ["A song"]


def test_B2_a_preview_tells_nothing_of_cards_that_nobody_may_read_yet() -> None:
    room = a_room().opened("ideas").with_ideas(1)
    text = next(iter(room.state.ideas.by_id.values())).text

    assert problems(looked_at(room, f"Idea\n{text}\n".encode())) == []


def test_only_what_is_ticked_is_imported() -> None:
    room = a_room().opened("ideas")
    preview = looked_at(room, b"Idea\nA bench\nA market\nA song\n", keys=frozenset({"line-3"}))

    imported(room, preview)

    assert preview.lines == 1
    assert [idea.text for idea in room.state.ideas.by_id.values()] == ["A market"]
    nothing = imported(room, looked_at(room, b"Idea\nOne\n", keys=frozenset()), "other")
    assert isinstance(nothing, Rejection)
    assert (nothing.rule, nothing.code) == ("U4", "nothing_to_import")


def test_themes_are_left_out_while_cards_cannot_be_sorted_and_the_cards_come() -> None:
    room = a_room().opened("ideas")
    preview = looked_at(room, "Idée;Thème\nUn banc;Lieu\nUn marché;Lieu\n".encode())

    assert [wish.key for wish in preview.wishes] == ["line-2", "line-3"]
    assert problems(preview) == [(0, "", cards.NO_SORT)]


def test_themes_of_a_table_are_made_once_or_found_when_cards_have_been_sorted() -> None:
    room = a_room().opened("ideas").with_ideas(1).opened("sort")
    room.ask(MakeTheme(ThemeId("theme1"), "Lieu"))
    room.opened("ideas")
    preview = looked_at(room, "Idée;Thème\nUn banc;LIEU\nUn chant;Voix\nUne cloche;Voix\n".encode())
    imported(room, preview)
    deed = room.state.deeds[-1]

    assert [wish.key for wish in preview.wishes] == ["line-2", "line-3", "line-4", "themes", "themes"]
    assert theme_of(room, "card000002") == "theme1"
    assert theme_of(room, "card000003") == theme_of(room, "card000004") == "theme000003"
    assert not isinstance(room.ask(Undo(deed.seq)), Rejection)
    assert room.state.themes.by_id[ThemeId("theme000003")].removed


def test_a_flood_of_lines_is_offered_in_parts() -> None:
    room = a_room().opened("ideas")
    preview = looked_at(room, "\n".join(["Idea", *(f"Card {n}" for n in range(450))]).encode())

    assert len(preview.wishes) == 400
    assert not isinstance(imported(room, preview), Rejection)
    rest = looked_at(room, "\n".join(["Idea", *(f"Card {n}" for n in range(450))]).encode())
    assert len(rest.wishes) == 50


def test_the_cards_of_a_flood_come_with_their_themes_and_it_is_said_from_where_on_others_stay_out() -> None:
    room = a_room().opened("ideas").opened("sort").opened("ideas")
    body = "\n".join(["Idea,Theme", *(f"Card {n},Place" for n in range(401))]).encode()
    preview = looked_at(room, body)
    imported(room, preview)

    assert [(one.line, one.why, one.params) for one in preview.problems] == [
        (0, cards.ENOUGH, {"line": 402, "most": 400})
    ]
    assert theme_of(room, "card000002") == theme_of(room, "card000401") == "theme000002"
    assert problems(looked_at(room, body[: body.rindex(b"\n")]))[-1][2] == cards.ALREADY
