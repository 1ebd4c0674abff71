"""Jinja2, set up once for each language: autoescape is on, undefined names are errors, the reader's words are filters."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.bccache import Bucket
from jinja2.ext import Extension
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from forum.domain import methods, things
from forum.domain.keeping import ERASED
from forum.domain.kernel import N_, Words
from forum.domain.limits import ADDRESS, NAME, Range, Text, limits
from forum.domain.methods import plane
from forum.domain.room import COMMANDS, REFUSALS
from forum.domain.sheets.fields import Value
from forum.domain.sheets.reading import named_in
from forum.domain.sheets.schema import Schema
from forum.domain.steps import kinds
from forum.domain.steps.kinds import KINDS
from forum.domain.steps.rounds import Line, Result, Round
from forum.domain.steps.voting import worded
from forum.fragments import heard
from forum.fragments.shapes import as_set
from forum.language import Reader, agreement, cut, measured, translations, unparted, zones
from forum.language.telling import parted
from forum.language.tellings import PURPOSES, TELLINGS
from forum.places import templates_dir

SOMEBODY = N_("Somebody")
NOT_SHOWN = N_("A card that is not shown")
NOT_KEPT = "result_not_kept"
TICKET = '<input type="hidden" name="ticket">'
SEEN = '<input type="hidden" name="seen">'
"""Hidden fields as shared markup has them, still without a value: a page gives them one when it is sent, and what
travels to a page gets it there. No text can be taken for them: it is escaped."""
MOST = {
    f"{kind}.{name}": limit.most
    for kind, command in COMMANDS.items()
    for name, limit in limits(command).items()
    if isinstance(limit, Text | Range)
} | {"name": NAME.most, "address": ADDRESS.most}
"""The most that a field of a command may hold, as its form says it: characters, or a number."""
_CHOICE = "\ue000"  # in no text: private use is stripped where texts come in
# Our own tags, constants: what people wrote is put between them escaped.
_WHOLE = Markup('<span class="whole">{}</span>')  # which escapes what is filled in
_WRITTEN, _ERASED, _END = (
    Markup("<bdi>"),
    Markup('<bdi class="erased">'),
    Markup("</bdi>"),
)  # our own tags, with nothing in them
_INSIDE = r"\{\{.*?\}\}|\{%.*?%\}|\{"  # of a tag: what Jinja reads, which may hold quotes and brackets
_TAG = re.compile(rf'<[a-z](?:[^<>"{{]|"(?:[^"{{]|{_INSIDE})*"|{_INSIDE})*>', re.DOTALL)
_BREAK = re.compile(r"\n +")
_ENVELOPE = Markup(TICKET + SEEN)  # noqa: S704  our own tags, nothing of a person's


def environment(
    lang: str,
    zone: str,
    static: Callable[[str], str],
    compiled: "Compiled | None" = None,
    clock: Callable[[], int] | None = None,
) -> Environment:
    """The templates in one language and one zone of hours. ``static`` turns a path below ``static/`` into an address.

    compiled  what is shared with the environments of other zones
    clock     ms since the epoch: short days of its year are shown without it; None: of every year
    """
    made = Environment(
        loader=FileSystemLoader(templates_dir()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", Lines],
        auto_reload=False,
        bytecode_cache=compiled,
    )
    made.install_gettext_translations(translations(lang), newstyle=True)  # type: ignore[attr-defined]
    reader = Reader(lang, zone)
    _say_values(made, reader, clock)
    erased = reader.say(ERASED)
    made.globals.update(
        said=lambda text: text or erased,
        written=lambda text: _WRITTEN + as_set(text) + _END if text else _ERASED + erased + _END,  # escapes
    )
    made.globals.update(
        refusal=lambda code, params: _refusal(reader, code, dict(params)),
    )
    _say_votes(made, reader)
    made.globals.update(
        outcome=lambda proposal, kept: agreement.outcome(reader, proposal.phase, proposal.latest, kept),
        turnout=lambda round_: agreement.turnout(reader, round_),
        met=lambda remark: agreement.met(reader, remark.met, agreed=remark.agreed),
    )
    made.globals.update(kind_title=lambda kind: reader.say(KINDS[kind].title))
    made.globals.update(people_in=people_in)
    made.globals.update(
        said_aloud=lambda view, told: heard.sentence(reader, view, told),
        page_title=lambda view, surface: heard.title(reader, view, surface),
    )
    made.globals.update(step_title=lambda step: reader.say(kinds.title(step.settings)))
    made.globals.update(worked_on=lambda thing: things.of(thing).worked_on)
    made.globals.update(zone=zone or zones.own(), place=reader.place)
    made.globals.update(lang=lang, static=static, words=lambda words: _words(words, lang), envelope=_envelope)
    made.globals.update(_=_sayer(lang), gettext=_sayer(lang))
    made.globals.update(most=MOST)
    made.template_class = _Flat
    return made


def _say_votes(made: Environment, reader: Reader) -> None:
    made.globals.update(
        adds_up=lambda method, result: TELLINGS[method].adds_up(reader, result.voters, result.sums),
        ballots_counted=reader.ballots_counted,
        marked=lambda method, mark, choice: _marked(reader, method, mark, choice),
        choice=lambda method, key, about, worded=None: _choice(
            reader.of_vote(worded or {}), method, key, about
        ),
        part_of=lambda method, key, worded=None: TELLINGS[method].part(reader.of_vote(worded or {}), key),
        beside_of=lambda step, round_, result, names: _beside(
            reader.of_vote(worded(step)), round_, result, names
        ),
        purpose_said=lambda purpose: reader.say(PURPOSES[purpose]),
        grades_of=lambda round_: _grades(reader, round_),
        plane_of=lambda round_: TELLINGS[round_.method].plane(reader),  # type: ignore[misc]
        map_of=plane.laid_out,
        crowded=plane.crowded,
        quarters=lambda quarters: reader.ratio(quarters, 4),
        hundredths=lambda hundredths: reader.ratio(hundredths, 100),
        group_of=lambda round_, line: _group(reader, round_, line),
        picture_of=lambda round_, result: methods.of(round_.method).picture(round_.parameters, result),
        asks_why=lambda method: methods.of(method).against is not None,
        parted_of=lambda method, line, voters: parted(TELLINGS[method], reader, line.numbers, voters),
        mark_called=lambda round_, mark: (_grades(reader, round_) or ("",) * mark)[-mark],
        divided_when=lambda method: reader.say(TELLINGS[method].divided),
        cut_told=lambda kept, titles=None: cut.told(reader, kept, titles),
        sheet_of=lambda method: methods.of(method).sheet,
        unmarked=lambda method: reader.say(TELLINGS[method].unmarked),
        bar_of=lambda round_, result, line: methods.of(round_.method).bar(round_.parameters, result, line),
        named_first=lambda round_, result: methods.of(round_.method).first(result),
    )


def _say_values(made: Environment, reader: Reader, clock: Callable[[], int] | None) -> None:
    made.filters.update(
        clock=reader.clock,
        day=reader.day,
        weekday_at=reader.weekday_at,
        short_day=lambda value: reader.short_day(value, clock() if clock else None),
        number=lambda number: (
            number if isinstance(number, str) else reader.number(number)
        ),  # a mark: ``shapes``
        duration=reader.duration,
        euros=reader.euros,
        headline=_headline,
        rows=_rows,
    )


def _rows(text: str, a_line: int, least: int = 2) -> int:
    """How many rows a field needs in which a text is read whole: ``a_line`` characters stand in each."""
    return max(least, sum(max(1, -(-len(line) // a_line)) for line in text.split("\n")))


class Compiled(BytecodeCache):
    """Templates of one language, compiled: a zone more costs what differs, which is nothing that is compiled."""

    def __init__(self) -> None:
        self._codes: dict[str, Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """As Jinja asks for it: what is known of a template, if it is."""
        bucket.code = self._codes.get(bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """As Jinja gives it, to be kept."""
        self._codes[bucket.key] = bucket.code


class Lines(Extension):
    """A tag may go on in the next line of its template: the break, and what indents it, are sent as one space."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return _TAG.sub(lambda tag: _BREAK.sub(" ", tag[0]), source)


class _Flat(Template):
    """A template with one flat dict of globals: Jinja's chain of dicts is asked at every draw, and is slow."""

    @classmethod
    def from_code(cls, environment: Environment, code: Any, names: Any, uptodate: Any = None) -> Template:
        """As Jinja does it, for the template itself and for what it takes in."""
        return super().from_code(environment, code, dict(names), uptodate)

    def render(self, *args: Any, **kwargs: Any) -> str:
        """As Jinja does it. What was drawn is let go at once, with the state in it: nobody collects cycles here."""
        context = self.new_context(dict(*args, **kwargs))
        try:
            return self.environment.concat(self.root_render_func(context))
        except Exception:  # noqa: BLE001  raised again by Jinja, with the template's own lines
            self.environment.handle_exception()
        finally:
            _let_go(context)


def _let_go(context: Context) -> None:
    """A macro holds what it was defined among, which holds the macro: neither goes as long as both do."""
    for name in context.exported_vars:
        macro = context.vars[name]
        if isinstance(macro, Macro):
            macro._func = None  # type: ignore[assignment]  # noqa: SLF001  Jinja has no word for letting go


def _sayer(lang: str) -> Callable[..., Markup]:
    """What ``_("…")`` is in a template: as Jinja's own, five times as fast where nothing is to be filled in."""
    translate = translations(lang).ugettext

    @cache
    def fixed(sentence: str) -> Markup:
        return Markup(translate(sentence)) % {}  # noqa: S704  our own sentences; %% becomes %

    def say(sentence: str, /, **params: object) -> Markup:
        if not params:
            return fixed(sentence)
        return Markup(translate(sentence)) % params  # noqa: S704  what is filled in is escaped

    return say


def _headline(text: str) -> Markup:
    """What is written large; no line ends within a verb and its pronoun, nor within a number."""
    parts = [
        _WHOLE.format(part) if n % 2 else escape(part) for n, part in enumerate(unparted(measured(text)))
    ]  # both escape
    return Markup("").join(parts)  # which escapes what is no markup yet


def _refusal(reader: Reader, code: str, params: dict[str, Any]) -> str:
    """Why something was refused; of a refusal that another version wrote, only that it was. Names nobody."""
    try:
        return reader.refusal(code, params, REFUSALS, lambda _: reader.say(SOMEBODY))
    except (KeyError, ValueError, IndexError):
        return reader.say(REFUSALS[NOT_KEPT])


def _marked(reader: Reader, method: str, mark: int, choice: str) -> Markup:
    """What somebody gave to a choice; its words stand apart from ours, whatever their direction."""
    before, _, after = TELLINGS[method].marked(reader, mark, _CHOICE).partition(_CHOICE)
    return escape(before) + _WRITTEN + choice + _END + escape(after)


def _grades(reader: Reader, round_: Round) -> tuple[str, ...]:
    """What the parts of a profile are called, from the best to the worst."""
    grades = TELLINGS[round_.method].grades
    return grades(reader, round_.parameters) if grades else ()


def _beside(
    reader: Reader, round_: Round, result: Result, names: Mapping[str, tuple[Any, str]]
) -> list[Markup]:
    """What more is said of a result. A choice without words here is called by its letter, or by its place in the list."""
    beside = TELLINGS[round_.method].beside
    if beside is None:
        return []
    signs = {line.option: chr(ord(_CHOICE) + n) for n, line in enumerate(result.lines)}
    said = [escape(text) for text in beside(reader, round_.parameters, result, signs.__getitem__)]
    for place, (option, sign) in enumerate(signs.items(), 1):
        marked, words = names[option]
        called = escape(words or (marked.letter if marked else place))
        said = [text.replace(sign, _WRITTEN + called + _END) for text in said]
    return said


def _group(reader: Reader, round_: Round, line: Line) -> str:
    """What those of this line's rank are called together; "" where a result ranks."""
    group = TELLINGS[round_.method].group
    return group(reader, line.numbers) if group else ""


def _choice(reader: Reader, method: str, key: str, about: tuple[str, ...]) -> Markup:
    """What is called by a key of a ballot; the words of people stand apart from ours, whatever their direction."""
    signs = tuple(chr(ord(_CHOICE) + n) for n in range(len(about)))
    said = escape(TELLINGS[method].choice(reader, key, signs))
    for sign, words in zip(signs, about, strict=True):
        said = said.replace(sign, _WRITTEN + (words or reader.say(NOT_SHOWN)) + _END)
    return said


def people_in(schema: Schema, fields: Mapping[str, Value], name: Callable[[str], str]) -> dict[str, str]:
    """The names of the people that a sheet's fields name, by field."""
    named = {field.name: named_in(fields.get(field.name, "")) for field in schema.fields if field.kind.person}
    several = {field.name for field in schema.fields if isinstance(field.nothing, tuple)}
    return {
        field: ", ".join(name(p) or p for p in people) if field in several else name(people[0])
        for field, people in named.items()
        if people
    }


def _words(words: Words, lang: str) -> str:
    return words.get(lang)


def _envelope() -> Markup:
    """The hidden fields of every form: they make pressing twice count once, without JavaScript."""
    return _ENVELOPE
