"""Two sentences never run into each other, on any surface, in any language, at any moment of a forum."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from forum.domain.flow import EditStep, SkipStep
from forum.domain.kernel import SessionId, StepId, Words
from forum.domain.sessions.record import FIRST
from forum.domain.sessions.words import EndSession, PlanSession
from forum.fragments.pages import SURFACES, Token
from forum.fragments.surface import Audience, View
from forum.language import LANGUAGES
from forum.places import templates_dir
from tests.fragments import on_phone
from tests.fragments.test_closing import a_closing
from tests.fragments.test_desk_forms import rooms
from tests.fragments.test_entered import histories
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_room, a_vote

BREAKS = re.compile(
    r"</?(?:p|div|li|ul|ol|dl|dt|dd|h[1-6]|section|header|main|nav|aside|form|label|legend|fieldset|option|select|optgroup|"
    r"button|summary|details|textarea|template|title|head|body|article|tr|td|th|table|caption|br|input|noscript)\b[^>]*>"
)
JOINED = re.compile(r"[^\s<>]*\w[.!?…][»”)]?[A-ZÀÂÇÉÈÊÎÔÛ]\w*")
"""The end of a sentence, and at once the beginning of another."""
_SAID = r"\{\{\s*(?:_|ngettext)\("
AT_ONCE = re.compile(
    rf'(?:{_SAID}[^{{}}]*?[.!?…]"(?:,[^{{}}]*?)?\)\s*\}}\}}|[.!?…]){_SAID}\s*"[A-ZÀÉ“][^"]{{0,30}}'
)


def joined(page: str) -> set[str]:
    """Where a sentence of a page begins without a space after the last one."""
    page = re.sub(r"<(script|style|svg)\b.*?</\1>", "\n", page, flags=re.DOTALL)
    texts = [*re.findall(r'="([^"]*)"', page), re.sub(r"<[^>]*>", "", BREAKS.sub("\n", page))]
    return {found for text in texts for found in JOINED.findall(unescape(text))}


def moments() -> Iterator[Scene]:
    yield from rooms()
    yield from on_phone.stages()
    yield a_closing()
    for plan in ({}, {"date": "2027-01-09"}, {"date": "2027-01-09", "place": "La halle"}):
        for title in (Words("Prochaine rencontre", "Next meeting"), Words("La suite", "What follows")):
            rests = a_closing()
            rests.ask(PlanSession(SessionId("session2"), title, **plan))
            yield rests
            rests.ask(EndSession(FIRST))
            yield rests
    left_out = a_room().opened("ideas")
    left_out.ask(EditStep(StepId("ideas"), phones_down=True))
    left_out.ask(SkipStep(StepId("ideas")))
    yield left_out
    promised = a_vote(least=2)
    promised.ask(EditStep(StepId("vote"), phones_down=True))
    yield promised
    yield from histories()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_after_a_sentence_another_one_begins_after_a_space(pages, lang):
    found: set[str] = set()
    for room in moments():
        view = View(room.state, {LEA: "Léa", ANNE: "Anne"})
        for surface in SURFACES:
            who = FACILITATOR if surface == "desk" else LEA
            page = pages.document(view, Audience(surface, lang), who, token=Token(1, 7, "c"), now=1, ticket="t",
                                  nonce="n")  # fmt: skip
            found |= joined(page)

    assert sorted(found) == []


def run_together(template: str) -> list[str]:
    """Two sentences of a template that may stand side by side with no space between them, once its tags are gone."""
    source = re.sub(r"\{#.*?#\}\n?", "", template, flags=re.DOTALL)
    source = re.sub(r"^[ \t]+(?=\{%)", "", source, flags=re.MULTILINE)  # as Jinja is told to trim
    source = re.sub(r"(?<=%\})\n", "", source)
    source = re.sub(r"\{%\s*(?:else|elif)\b.*?%\}", "\n", source, flags=re.DOTALL)  # one or the other
    source = re.sub(
        r"\{%.*?%\}|</?(?:strong|b|span|small|bdi|em|cite|q|a|i)\b[^>]*>", "", source, flags=re.DOTALL
    )
    return [" ".join(one.split()) for one in AT_ONCE.findall(source)]


def test_no_template_puts_a_sentence_right_behind_another():
    folder = templates_dir()
    assert [
        (f.name, one) for f in sorted(folder.rglob("*.html")) for one in run_together(f.read_text())
    ] == []


@pytest.mark.parametrize(
    "template",
    [
        '{% if a %}{{ _("Left out.") }}{% endif %}\n  {% if b %}{{ _("The cards") }}{% endif %}',
        '{% if a %}<b>{{ day }}.</b>{% endif %}\n{{ _("The phones say so.") }}',
    ],
)
def test_a_template_that_does_is_found(template):
    assert run_together(template)
    assert not run_together(template.replace("\n", " "))


@pytest.mark.parametrize(
    "page", ["<p>Le 9 janvier 2027.Les téléphones</p>", "<p><b>Fini.</b><span>Écrivez</span></p>"]
)
def test_sentences_that_run_into_each_other_are_found(page):
    assert joined(page)


@pytest.mark.parametrize(
    "page", ["<p>Fini.</p><p>Écrivez</p>", "<p>Fini. Écrivez</p>", "<p>localhost:1/f/A.b</p>"]
)
def test_sentences_that_stand_apart_are_left_alone(page):
    assert not joined(page)
