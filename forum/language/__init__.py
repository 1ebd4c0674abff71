"""The reader's language: sentences, dates, times and plurals, in French and English.

Sentences are English message ids; French lives in ``forum/locale/fr``. Catalogues are read from their ``.po``
sources when the process starts (some 50 ms), so that no compiled copy can be older than its source.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Any, NamedTuple

from babel.dates import format_date, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations

from forum.language import zones

LANGUAGES = ("fr", "en")
_LOCALES = {"fr": "fr_FR", "en": "en_GB"}
_THOUSANDS = {"fr": "\u202f", "en": ","}
NARROW_SPACE = "\u202f"
NO_BREAK = "\u00a0"
_FIRST = re.compile(r"\b1\b(?=[ \u00a0])")
_UNIT = re.compile(
    r"\d[ ](?:h[ ](?=\d\d(?!\d))"
    r"|(?=\d{3}(?!\d)|(?:h|min|s|[kM]?€|%|°C?|mm|cm|m[²2³3]?|km[²2]?|ha|k?g|t|l|L|[kM]Wh?|am|pm)(?!\w)))"
)
_POINTED = re.compile(r"(?<=\S) (?=[:;!?»](?!\S))|(?<=«) ")
_TURNED = re.compile(
    r"([\w’']+(?:-t)?-(?:nous|vous|je|tu|ils?|elles?|on|ce|moi|toi|l[ae]s?|lui|leur|y|en|mêmes?|l[àa]|ci)\b)"
)
_BESIDE = re.compile(r"\b\w{1,2}\. |\b\w | (?=\w{1,2}\.?$)| (?=\d+$)")


@cache
def translations(lang: str) -> Translations:
    """The catalogue of a language; the English one is empty, since message ids are English."""
    source = files("forum") / "locale" / lang / "LC_MESSAGES" / "forum.po"
    if not source.is_file():
        return Translations()
    with source.open("rb") as po:
        catalog = read_po(po, locale=lang)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(fp=compiled, domain="forum")


def best_language(header: str | None, fallback: str) -> str:
    """The first of our languages that an ``Accept-Language`` header names, else ``fallback``."""
    for part in (header or "")[:200].split(","):
        lang = part.strip()[:2].lower()
        if lang in LANGUAGES:
            return lang
    return fallback if fallback in LANGUAGES else "fr"


def together(name: str) -> str:
    """A person's name as it is set: no line ends beside an initial or a number."""
    return _BESIDE.sub(lambda found: found[0].replace(" ", NO_BREAK), name) if " " in name else name


def measured(text: str) -> str:
    """What somebody wrote, as it is set: no line ends within a number, between it and its unit, or before a French colon."""
    return _POINTED.sub(NO_BREAK, _UNIT.sub(lambda found: found[0].replace(" ", NO_BREAK), text))


def unparted(text: str) -> list[str]:
    """What is written large, in parts: each second one is a French verb and its pronoun (*serons-nous*), a word to read."""
    return _TURNED.split(text)


class Reader(NamedTuple):
    """One language in one time zone: everything that turns values into words."""

    lang: str
    zone: str = zones.SERVERS  # its IANA name
    worded: tuple[tuple[str, str], ...] = ()  # by the desk, of the vote that is told of: name, words

    def of_vote(self, worded: Mapping[str, str]) -> "Reader":
        """Who reads of a vote whose desk chose these words (``BallotSettings.worded``)."""
        return self._replace(worded=tuple(worded.items()))

    def word(self, name: str) -> str:
        """What the desk called this in the vote that is told of; "" where it said nothing."""
        return dict(self.worded).get(name, "")

    @property
    def locale(self) -> str:
        return _LOCALES[self.lang]

    def say(self, sentence: str, **params: object) -> str:
        """Translate a sentence and fill its ``{placeholders}``."""
        text: str = translations(self.lang).ugettext(sentence)
        return text.format(**params) if params else text

    def say_many(self, one: str, many: str, n: int, **params: object) -> str:
        """Translate a sentence that depends on a number, given to it as ``{n}``."""
        text: str = translations(self.lang).ungettext(one, many, n)
        return text.format(n=self.number(n), **params)

    def moment(self, at: int) -> datetime:
        """An instant (ms since the epoch) in the reader's zone."""
        return zones.moment(at, self.zone)

    @property
    def place(self) -> str:
        """Whose hours these are: the city by which the zone is called."""
        return zones.place(self.zone, self.locale)

    def clock(self, at: int) -> str:
        """``14 h 32`` or ``2:32 pm``."""
        return self._hour(self.moment(at).time())

    def _hour(self, at: time) -> str:
        if self.lang == "fr":
            return f"{at.hour}{NARROW_SPACE}h{NARROW_SPACE}{at.minute:02}"
        return f"{at.hour % 12 or 12}:{at.minute:02}{NO_BREAK}{'am' if at.hour < 12 else 'pm'}"

    def day_at(self, value: str, hour: str) -> str:
        """``1er février 2025 à 14 h 30`` or ``1 February 2025, 2:30 pm``, from an ISO date and an ISO hour, "" for none."""
        return self._at(self.day(value), hour)

    def weekday_at(self, value: str, hour: str) -> str:
        """``samedi 1er février 2025 à 14 h 30`` or ``Saturday 1 February 2025, 2:30 pm``, likewise: to announce it."""
        day = format_date(date.fromisoformat(value), "EEEE d MMMM y", locale=self.locale)
        return self._at(self._set(day), hour)

    def _at(self, day: str, hour: str) -> str:
        if not hour:
            return day
        at = self._hour(time.fromisoformat(hour))
        return f"{day}{f' à{NO_BREAK}' if self.lang == 'fr' else ', '}{at}"

    def day(self, value: str | int | date) -> str:
        """``1er février 2025`` or ``1 February 2025``, from an ISO date or an instant."""
        if isinstance(value, int):
            value = self.moment(value).date()
        day = date.fromisoformat(value) if isinstance(value, str) else value
        return self._set(format_date(day, "d MMMM y", locale=self.locale))

    def short_day(self, value: str | int, now: int | None = None) -> str:
        """``lun. 3 févr.`` or ``Mon 3 Feb``, from an ISO date or an instant; with its year, unless that is the year of ``now``
        (ms since the epoch; None: whichever it is)."""
        day = self.moment(value).date() if isinstance(value, int) else date.fromisoformat(value)
        this_year = now is None or day.year == self.moment(now).year
        return self._set(format_skeleton("MMMEd" if this_year else "yMMMEd", day, locale=self.locale))

    def _set(self, date: str) -> str:
        """A date in words as it is set: no line ends within it, and in French the first of a month is ``1er``."""
        first = _FIRST.sub("1er", date) if self.lang == "fr" else date
        return first.replace(" ", NO_BREAK)

    def month(self, year: int, month: int) -> str:
        """``févr. 2025`` or ``Feb 2025``."""
        return format_skeleton("yMMM", date(year, month, 1), locale=self.locale)

    def number(self, value: float) -> str:
        """A number with the language's separators."""
        if isinstance(value, int):  # without Babel, which takes 80 µs: it is in nearly every fragment
            return f"{value:,}".replace(",", _THOUSANDS[self.lang])
        return _number(value, self.locale)

    def ratio(self, over: int, under: int, most: int = 2) -> str:
        """A fraction of whole numbers, not negative, with as many decimals as it has, at most so many; rounded half up."""
        tens = 10**most
        whole, rest = divmod((2 * over * tens + under) // (2 * under), tens)
        decimals = f"{rest:0{most}}".rstrip("0")
        point = "," if self.lang == "fr" else "."
        return f"{self.number(whole)}{point}{decimals}" if decimals else self.number(whole)

    def euros(self, cents: int) -> str:
        """``1 234,50 €`` or ``€1,234.50``; without cents where there are none."""
        whole, part = divmod(abs(cents), 100)
        number = self.number(whole) + (f"{',' if self.lang == 'fr' else '.'}{part:02}" if part else "")
        sign = "−" if cents < 0 else ""
        return f"{sign}{number}{NO_BREAK}€" if self.lang == "fr" else f"{sign}€{number}"

    def listed(self, texts: Iterable[str]) -> str:
        """One after another on a line, with the language's semicolon between them."""
        return (f"{NO_BREAK}; " if self.lang == "fr" else "; ").join(texts)

    def size(self, count: int) -> str:
        """``75,4 Go`` or ``75.4 GB``, from a number of bytes."""
        billions = count >= 10**9
        shown = self.number(round(count / 10**9, 1) if billions else round(count / 10**6))
        unit = ("Go" if billions else "Mo") if self.lang == "fr" else ("GB" if billions else "MB")
        return f"{shown}\u00a0{unit}"

    def duration(self, seconds: int) -> str:
        """``8 min`` or ``1 h 05``."""
        minutes = max(0, round(seconds / 60))
        if minutes < 60:
            return f"{minutes}\u00a0min"
        return f"{minutes // 60}\u00a0h\u00a0{minutes % 60:02}" if minutes % 60 else f"{minutes // 60}\u00a0h"

    def ballots_counted(
        self, people: int, *, blank: int, assisted: int, papers: int = 0, late: int = 0
    ) -> str:
        """How the ballots of a vote came in (V8, J4, V75): ``57 ballots, each counted once, 2 of them blank, 45 by phone, 12 on
        paper.``"""
        said = [self.say_many("{n} ballot, counted once", "{n} ballots, each counted once", people)]
        if blank:
            said.append(self.say_many("{n} of them blank", "{n} of them blank", blank))
        if assisted:
            said.append(
                self.say_many(
                    "{n} entered for somebody without a phone",
                    "{n} entered for people without a phone",
                    assisted,
                )
            )
        if papers:
            said += self._apart(people - assisted - papers, papers, late)
        return ", ".join(said) + "."

    def _apart(self, phones: int, papers: int, late: int) -> list[str]:
        """By which way ballots came, where some came on paper."""
        said = [
            self.say_many("{n} by phone", "{n} by phone", phones),
            self.say_many("{n} on paper", "{n} on paper", papers),
        ]
        if late:
            said.append(
                self.say_many(
                    "{n} of these entered after the close", "{n} of these entered after the close", late
                )
            )
        return said

    def refusal(
        self, code: str, params: Mapping[str, Any], sentences: Mapping[str, str], name: Callable[[str], str]
    ) -> str:
        """A refusal as its reader sees it: ``time`` becomes a clock time, ``person`` a ``name``,
        ``label`` the field's, a date a day; of a ``title``, by language, the one in theirs; of what is too much,
        ``over`` says by how much."""
        shown: dict[str, Any] = dict(params)
        if isinstance(shown.get("count"), int) and isinstance(shown.get("limit"), int):
            shown["over"] = shown["count"] - shown["limit"]
        if "time" in shown:
            shown["time"] = self.clock(shown["time"]) if shown["time"] else "–"
        if "person" in shown:
            shown["name"] = name(shown["person"])
        if "label" in shown:
            label: str = shown["label"]
            shown["label"] = self.say(label)
        if isinstance(shown.get("title"), dict):
            titles: dict[str, str] = shown["title"]
            shown["title"] = titles[self.lang] or next(filter(None, titles.values()), "")
        for bound in ("first", "limit"):
            if isinstance(shown.get(bound), str):
                shown[bound] = self.day(shown[bound])
        return self.say(sentences[code], **shown)


@lru_cache(maxsize=256)
def _number(value: float, locale: str) -> str:
    return format_decimal(value, locale=locale)
