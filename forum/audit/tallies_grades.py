"""How votes by grades are counted a second time: by words, one middle after another."""

from collections.abc import Mapping

from forum.audit.second import Count, Fault, Marks, places

WORDS = {
    "excellent": 7, "very_good": 6, "good": 5, "fairly_good": 4, "acceptable": 3, "insufficient": 2, "reject": 1,
}  # fmt: skip
LEFT_OUT = {7: (), 5: ("very_good", "fairly_good")}  # by how many words the scale has


def _medians(best_first: list[int]) -> tuple[int, ...]:
    """The lower median, again and again, of what is left; grades by number, the best first."""
    left, found = list(best_first), []
    while left:
        found.append(left.pop(len(left) // 2))
    return tuple(found)


def majority(options: list[str], terms: Marks, ballots: Mapping[str, Marks]) -> Count:
    scale = {word: mark for word, mark in WORDS.items() if word not in LEFT_OUT[terms["words"]]}
    faults: dict[str, Fault] = {
        voter: "bad_mark"
        for voter, marks in ballots.items()
        if not set(marks.values()) <= set(scale.values())
    }
    cast = [marks for marks in ballots.values() if marks]
    numbers, values = {}, {}
    for option in options:
        grades = sorted((marks.get(option, 1) for marks in cast), reverse=True)
        values[option] = _medians(grades)
        verdict = values[option][0] if grades else 0
        numbers[option] = {
            "grade": verdict,
            "above": sum(1 for grade in grades if grade > verdict),
            "below": sum(1 for grade in grades if grade < verdict),
        } | {word: grades.count(mark) for word, mark in scale.items()}
    chosen = sum(len(marks) for marks in cast)
    words = len(cast) * len(options)
    sums = {
        "ballots": len(cast), "choices": len(options), "words": words, "chosen": chosen, "silent": words - chosen,
    }  # fmt: skip
    return Count(numbers, places(values), sums, faults)


RATINGS = {"very_useful": 5, "useful": 4, "fairly_useful": 3, "of_little_use": 2, "lost": 1}


def roti(options: list[str], terms: Marks, ballots: Mapping[str, Marks]) -> Count:
    faults: dict[str, Fault] = {
        voter: "bad_mark"
        for voter, marks in ballots.items()
        if not set(marks.values()) <= set(RATINGS.values())
    }
    numbers, middles = {}, {}
    for option in options:
        said = sorted((marks[option] for marks in ballots.values() if option in marks), reverse=True)
        middles[option] = (said[len(said) // 2] if said else 0,)
        numbers[option] = {"middle": middles[option][0], "people": len(said)} | {
            word: said.count(mark) for word, mark in RATINGS.items()
        }
    cast = [len(marks) for marks in ballots.values() if marks]
    said_of = {"said": sum(cast), "unsaid": len(cast) * len(options) - sum(cast)}
    return Count(numbers, places(middles), {"ballots": len(cast), "choices": len(options)} | said_of, faults)
