"""Paper ballots: printed with codes, entered at the desk, counted as those of people without a phone and told apart; V75 to V78."""

import random

import pytest

from forum.domain import methods
from forum.domain.kernel import Rejection
from forum.domain.methods.papers import Unfit
from forum.domain.steps import papers
from forum.domain.steps.papers import (
    AT_ONCE,
    MOST_PAPERS,
    SIGNS,
    EnterPaper,
    PrintPapers,
    TakePaperBack,
    VoidPaper,
)
from forum.domain.steps.rounds import Round
from forum.domain.steps.voting import few, result
from tests.scenes import FACILITATOR, LEA, Scene, a_vote


def printed(room: Scene, number: int = 3, by: str = FACILITATOR, secret: str = "one") -> tuple[str, ...]:
    """The codes of papers that were printed now."""
    said = room.ask(PrintPapers("vote", number, secret), by)
    assert not isinstance(said, Rejection), said
    return room.state.rounds.printed[-1].codes


def entered(room: Scene, code: str, by: str = FACILITATOR, **marks: int) -> object:
    return room.ask(EnterPaper("vote", code, marks), by)


def refusal(said: object) -> str:
    return said.code if isinstance(said, Rejection) else ""


def latest(room: Scene) -> Round:
    round_ = room.state.rounds.latest("vote")
    assert round_
    return round_


def test_V75_a_paper_counts_as_a_ballot_and_is_told_apart_in_the_result():
    room = a_vote(3, method="approval").voted(LEA, theme1=1)
    first, second, _ = printed(room)
    entered(room, first, theme1=1, theme2=1)
    entered(room, second)
    room.closed("vote").revealed("vote")
    found = result(latest(room))

    assert found
    assert (found.voters, found.papers, found.late, found.assisted, found.blank) == (3, 2, 0, 0, 1)
    assert {line.option: line.score for line in found.lines} == {"theme1": 2, "theme2": 1, "theme3": 0}


def test_V75_papers_count_where_too_few_have_voted():
    room = a_vote(3, method="approval", least=5).voted(LEA, theme1=1)
    codes = printed(room, 4)
    for code in codes[:3]:
        entered(room, code, theme1=1)
    step = room.state.step("vote")
    before = few(room.state, step)
    entered(room, codes[3], theme2=1)

    assert before == (4, 5, True)
    assert few(room.state, step) is None


def test_V75_codes_differ_and_one_tells_nothing_of_another():
    room = a_vote(3, method="approval")
    codes = [code for n in range(5) for code in printed(room, AT_ONCE.most, secret=f"secret {n}")]
    other = a_vote(3, method="approval")

    assert len(set(codes)) == len(codes) == MOST_PAPERS
    assert not set(printed(other, AT_ONCE.most, secret="another")) & set(codes[:200])
    assert refusal(room.ask(PrintPapers("vote", 1, "x"))) == "papers_most"


def test_V75_the_desk_alone_prints_so_many_while_the_vote_is_open():
    room = a_vote(3, method="approval")
    refused = [
        refusal(room.ask(PrintPapers("vote", 3, "x"), LEA)),
        refusal(room.ask(PrintPapers("vote", 0, "x"))),
        refusal(room.ask(PrintPapers("vote", AT_ONCE.most + 1, "x"))),
        refusal(room.ask(PrintPapers("plan", 3, "x"))),
    ]
    room.closed("vote")
    refused.append(refusal(room.ask(PrintPapers("vote", 3, "x"))))
    room.revealed("vote")
    refused.append(refusal(room.ask(PrintPapers("vote", 3, "x"))))

    assert refused == [
        "forbidden",
        "papers_number",
        "papers_number",
        "no_step",
        "papers_not_open",
        "paper_shown",
    ]


@pytest.mark.parametrize("name", [name for name, one in methods.METHODS.items() if one.asked])
def test_V75_a_method_that_asks_each_something_else_has_no_paper_and_says_so(name: str):
    room = a_vote(4, method=name)

    assert isinstance(methods.of(name).printed(latest(room).parameters), Unfit)
    assert refusal(room.ask(PrintPapers("vote", 3, "x"))) == "paper_unfit"


@pytest.mark.parametrize("seed", range(20))
def test_V77_one_wrong_sign_or_two_that_changed_places_are_noticed(seed: int):
    chance = random.Random(seed)
    code = papers.draw(f"secret {seed}", "round", 1, ())[0]
    place = chance.randrange(len(code))
    for sign in SIGNS.replace(code[place], ""):
        assert papers.read_code(code[:place] + sign + code[place + 1 :]) is None, (seed, code, place, sign)
    for one in range(len(code) - 1):
        signs = list(code)
        signs[one], signs[one + 1] = signs[one + 1], signs[one]
        swapped = "".join(signs)
        assert papers.read_code(swapped) == (code if swapped == code else None), (seed, swapped)
    assert papers.read_code(f" {code[:3].lower()}-{code[3:]} ") == code
    assert papers.read_code(code[:-1]) is None
    assert papers.read_code("") is None


def test_V77_a_code_is_taken_once_and_what_was_entered_first_stands():
    room = a_vote(3, method="approval")
    code, *_ = printed(room)
    entered(room, code, theme1=1)

    assert refusal(entered(room, code, theme2=1)) == "paper_twice"
    assert dict(latest(room).ballots[papers.voter(code)].marks) == {"theme1": 1}


def test_V77_what_is_no_code_of_this_vote_is_refused_in_words():
    room = a_vote(3, method="approval")
    code, *_ = printed(room)
    strange = papers.draw("another secret", "vote.9", 1, ())[0]
    wrong = code[:-1] + next(sign for sign in SIGNS if sign != code[-1])

    assert refusal(entered(room, strange)) == "paper_unknown"
    assert refusal(entered(room, wrong)) == "paper_mistyped"
    assert refusal(entered(room, code, by=LEA)) == "forbidden"
    assert refusal(entered(room, code, theme9=1)) == "no_option"
    assert refusal(entered(room, code, theme1=2)) == "once"
    assert not latest(room).ballots


def test_V77_what_a_phone_may_not_give_a_paper_may_not_either():
    room = a_vote(4, method="dots")  # 3 points, 1 at most on a choice
    code, *_ = printed(room)

    assert refusal(entered(room, code, theme1=2)) == "cap"
    assert refusal(entered(room, code, theme1=1, theme2=1, theme3=1, theme4=1)) == "budget"
    assert refusal(entered(room, code, theme1=1, theme2=1, theme3=1)) == ""


def test_V77_what_was_entered_is_taken_back_and_entered_anew():
    room = a_vote(3, method="approval")
    code, other, _ = printed(room)
    entered(room, code, theme1=1)
    refused = [
        refusal(room.ask(TakePaperBack("vote", other))),
        refusal(room.ask(TakePaperBack("vote", code), LEA)),
    ]
    room.ask(TakePaperBack("vote", code))
    none = papers.entered(latest(room))
    entered(room, code, theme2=1)

    assert refused == ["paper_not_entered", "forbidden"]
    assert none == []
    assert papers.entered(latest(room)) == [code]
    assert dict(latest(room).ballots[papers.voter(code)].marks) == {"theme2": 1}


def test_V76_papers_are_entered_late_until_the_result_is_shown():
    room = a_vote(3, method="approval").voted(LEA, theme1=1)
    first, second, third = printed(room)
    entered(room, first, theme1=1)
    room.closed("vote")
    entered(room, second, theme2=1)
    room.revealed("vote")
    found = result(latest(room))

    assert found
    assert (found.voters, found.papers, found.late) == (3, 2, 1)
    assert refusal(entered(room, third)) == "paper_shown"
    assert refusal(room.ask(TakePaperBack("vote", first))) == "paper_shown"
    assert refusal(room.ask(VoidPaper("vote", third))) == "paper_shown"


def test_V77_papers_go_on_where_the_ballots_go_on_and_not_in_a_round_after_a_reveal():
    room = a_vote(3, method="approval")
    first, second, third = printed(room)
    entered(room, first, theme1=1)
    room.closed("vote").opened("vote")
    again = refusal(entered(room, first)), refusal(entered(room, second, theme1=1))
    room.closed("vote").revealed("vote").opened("vote")

    assert again == ("paper_twice", "")
    assert latest(room).number == 3
    assert not latest(room).ballots
    assert refusal(entered(room, third)) == "paper_elsewhere"


def test_V78_a_void_paper_is_not_taken_until_it_is_valid_again():
    room = a_vote(3, method="approval")
    code, other, _ = printed(room)
    room.ask(VoidPaper("vote", code))
    refused = refusal(entered(room, code, theme1=1))
    room.ask(VoidPaper("vote", code, void=False))
    entered(room, code, theme1=1)

    assert refused == "paper_void"
    assert papers.entered(latest(room)) == [code]
    assert refusal(room.ask(VoidPaper("vote", code))) == "paper_counts"
    assert refusal(room.ask(VoidPaper("vote", other), LEA)) == "forbidden"


@pytest.mark.parametrize(
    "name", sorted(n for n, one in methods.METHODS.items() if not one.asked and n != "shares")
)
def test_every_sign_that_stands_on_a_paper_is_read_as_a_mark_that_a_phone_may_give(name: str):
    """Of equal shares not: it needs a plan with costs, and has the same box as approval."""
    room = a_vote(4, method=name)
    round_, method = latest(room), methods.of(name)
    paper = method.printed(round_.parameters)
    key = next(iter(method.keys(round_)))
    typed = [one.sign for one in paper.circles] or ["1"]

    assert not isinstance(paper, Unfit)
    for sign in typed:
        mark = paper.read(sign)
        assert mark
        assert method.refuse(round_, None, key, mark) is None, (sign, mark)
    assert paper.read("") == 0
    assert paper.read(" ") == 0
    assert paper.read("zz") is None
    assert paper.read("99999999999999999999") is None
