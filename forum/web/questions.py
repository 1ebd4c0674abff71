"""What is asked where a forum is opened: the pages themselves, and the words that announce them."""

from typing import Final

from forum.domain.kernel import N_

QUESTIONS: Final = {
    "agenda": N_("the agenda"),
    "title": N_("the title"),
    "question": N_("the question"),
    "horizon": N_("the year you aim for"),
    "expected": N_("how many people you expect"),
    "check": N_("and a last check"),
}
"""What is asked where a forum is opened, a page each, in this order, and how the home page announces it."""
