"""Jinja2, set up once a language: autoescape on, undefined names are errors, the reader's words as filters."""

from collections.abc import Callable
from datetime import tzinfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from forum.domain.keeping import ERASED
from forum.domain.kernel import Words
from forum.language import Reader, translations
from forum.places import templates_dir

TICKET = "\ue000ticket\ue001"
SEEN = "\ue000seen\ue001"
"""Stand for a page's ticket and revision inside shared markup. Private-use characters never occur in texts:
they are stripped where texts come in."""


def environment(lang: str, zone: tzinfo | None, static: Callable[[str], str]) -> Environment:
    """The templates in one language. ``static`` turns a path below ``static/`` into an address."""
    made = Environment(
        loader=FileSystemLoader(templates_dir()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
    )
    made.install_gettext_translations(translations(lang), newstyle=True)  # type: ignore[attr-defined]
    reader = Reader(lang, zone)
    made.filters.update(
        clock=reader.clock,
        day=reader.day,
        short_day=reader.short_day,
        number=reader.number,
        duration=reader.duration,
    )
    made.globals.update(said=lambda text: text or reader.say(ERASED))
    made.globals.update(added_up=reader.added_up, ballots_counted=reader.ballots_counted)
    made.globals.update(lang=lang, static=static, words=lambda words: _words(words, lang), envelope=_envelope)
    return made


def _words(words: Words, lang: str) -> str:
    return words.get(lang)


def _envelope() -> Markup:
    """The hidden fields of every form: they make pressing twice count once, without JavaScript."""
    return Markup(  # our own marks, nothing of a person's: they are filled in when the page is sent
        '<input type="hidden" name="ticket" value="{}"><input type="hidden" name="seen" value="{}">'
    ).format(TICKET, SEEN)
