"""What the operator decides, from the command line and the environment; everything else follows.

Pure but for the environment it is given and the one file that this may name. Every setting is checked here, before anything is opened.
"""

import os
from collections.abc import Iterable, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit

import msgspec

from forum.domain.keeping import MOST_YEARS
from forum.domain.kept import BALLOT_DAYS, WORDS_DAYS
from forum.domain.kernel import N_
from forum.domain.space import MB
from forum.domain.terms import FEWEST_DAYS, FEWEST_WORDS_DAYS, MOST_DAYS, MOST_WORDS_DAYS
from forum.journal import StoreAddress
from forum.opening import KEEP_DAYS
from forum.web.addresses import Addresses
from forum.web.permits import WAYS, Opening, digest_of, plainly

MOST_WORKERS: Final = 64
MOST_REPLICAS: Final = 9
MOST_MB: Final = 100_000  # of one forum
LEAST_PASSPHRASE: Final = 12  # signs: four words, or a dozen letters by chance; tries are bounded too
MOST_PASSPHRASE: Final = 1000


class BadSetting(Exception):
    """A setting that cannot be used. ``message`` is a gettext id, to be formatted with ``params``."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message.format(**params))
        self.message = message
        self.params = params


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator decides; everything else follows."""

    host: str = "0.0.0.0"  # noqa: S104  phones in the room must reach it
    port: int = 8000
    data: Path = Path("data")
    redis: str | None = None
    replicas: int = 1  # that must have a write before it counts, where there are so many
    workers: int = 1  # server processes of this machine
    public_url: str | None = None
    hosts: tuple[str, ...] = ()  # further names by which this server may be called
    proxies: tuple[str, ...] = ()  # networks whose X-Forwarded-For is believed
    keep_days: int = KEEP_DAYS  # how long a new forum is kept, unless it says otherwise
    keep_most_days: int = (
        0  # how long whoever opens one from the home page may keep it; 0: as long as anybody
    )
    ballot_days: int = BALLOT_DAYS  # for which a new forum keeps ballots after a reveal
    words_days: int = WORDS_DAYS  # and words and names that have no part in the plan
    opening: Opening = Opening()  # who may open forums from the home page
    contact: str = ""  # whom participants ask about their data
    most_mb: int = 0  # megabytes that one forum may take; 0: 256, where the store has room for eight such

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], **given: Any) -> Self:
        """Settings from ``FORUM_…`` variables and, before them, from ``given``. Raises BadSetting."""
        said = {
            "host": environment.get("FORUM_HOST"),
            "port": environment.get("FORUM_PORT") or environment.get("PORT"),
            "data": environment.get("FORUM_DATA"),
            "redis": environment.get("FORUM_REDIS_URL"),
            "replicas": environment.get("FORUM_REPLICAS"),
            "workers": environment.get("FORUM_WORKERS") or environment.get("WEB_CONCURRENCY"),
            "public_url": environment.get("FORUM_PUBLIC_URL"),
            "hosts": _listed(environment.get("FORUM_HOSTS")),
            "proxies": _listed(environment.get("FORUM_PROXIES")),
            "keep_days": environment.get("FORUM_KEEP_DAYS"),
            "most_mb": environment.get("FORUM_MOST_MB"),
            "contact": as_written(environment.get("FORUM_CONTACT") or "").strip()[:200],
        }
        found = {name: value for name, value in (said | given).items() if value not in (None, "", ())}
        _check_addresses(found.get("public_url"), found.get("proxies", ()))
        days, most = _days_kept(found.get("keep_days"), environment.get("FORUM_KEEP_MOST_DAYS"))
        numbers = {
            "port": _port(found.get("port", 8000)),
            "keep_days": days,
            "keep_most_days": most,
            "ballot_days": _number(
                "FORUM_BALLOT_DAYS",
                environment.get("FORUM_BALLOT_DAYS") or BALLOT_DAYS,
                FEWEST_DAYS,
                MOST_DAYS,
            ),
            "words_days": _number(
                "FORUM_WORDS_DAYS",
                environment.get("FORUM_WORDS_DAYS") or WORDS_DAYS,
                FEWEST_WORDS_DAYS,
                MOST_WORDS_DAYS,
            ),
            "replicas": _number("FORUM_REPLICAS", found.get("replicas", 1), 0, MOST_REPLICAS),
            "most_mb": _number("FORUM_MOST_MB", found.get("most_mb", 0), 0, MOST_MB),
            "workers": _number("FORUM_WORKERS", found.get("workers", 1), 1, MOST_WORKERS),
        }
        opening = _opening(environment.get("FORUM_OPENING") or "open", environment.get("FORUM_OPENING_FILE"))
        return cls(**found | numbers | {"opening": opening, "data": Path(found.get("data", "data"))})

    @property
    def store(self) -> StoreAddress:
        return StoreAddress(self.redis, self.data, self.replicas)

    @property
    def most_bytes(self) -> int:
        """What one forum may take; 0 where nobody has said."""
        return self.most_mb * MB

    @property
    def address(self) -> str:
        """The address to give to people."""
        return Addresses(self.port, self.public_url, listens_on=self.host).base


def as_written(text: str) -> str:
    """A text from a command's words or the environment: where the system's alphabet is ASCII, Python hands letters over as bytes."""
    if not any("\udc80" <= sign <= "\udcff" for sign in text):
        return text
    return os.fsencode(text).decode("utf-8", "ignore")


# --- inside


def _port(said: Any) -> int:
    port = str(said)
    if not port.isdecimal() or not 1 <= int(port) <= 65535:
        raise BadSetting(N_("The port {port} is not a number from 1 to 65535. Correct it."), port=port)
    return int(port)


def _days_kept(said: Any, bound: str | None) -> tuple[int, int]:
    """How long a new forum is kept, and how long at most who opens one from the home page may say (0: as long as anybody)."""
    days = str(KEEP_DAYS if said is None else said)
    if not days.isdecimal() or not 1 <= int(days) <= 365 * MOST_YEARS:
        raise BadSetting(
            N_("{days} is no number of days from 1 to {most}. Correct FORUM_KEEP_DAYS."),
            days=days,
            most=365 * MOST_YEARS,
        )
    most = _number("FORUM_KEEP_MOST_DAYS", bound or 0, 0, 365 * MOST_YEARS)
    if bound and not most:
        raise BadSetting(
            N_("FORUM_KEEP_MOST_DAYS is no number of days from 1 to {most}. Correct it."),
            most=365 * MOST_YEARS,
        )
    if most and said is None:
        days = str(min(int(days), most))
    if most and int(days) > most:
        raise BadSetting(
            N_(
                "FORUM_KEEP_DAYS is {days}, more than the {most} of FORUM_KEEP_MOST_DAYS. Correct one of them."
            ),
            days=days,
            most=most,
        )
    return int(days), most


def _check_addresses(public: str | None, proxies: Iterable[str]) -> None:
    if public and (urlsplit(public).scheme not in ("http", "https") or not urlsplit(public).hostname):
        raise BadSetting(
            N_("{url} is not an address for people. Write https://forum.example.org in FORUM_PUBLIC_URL."),
            url=public,
        )
    for proxy in proxies:
        try:
            ip_network(proxy, strict=False)
        except ValueError:
            raise BadSetting(
                N_(
                    "{proxy} is no network. Write addresses such as 10.0.0.1 or 10.0.0.0/24 in FORUM_PROXIES."
                ),
                proxy=proxy,
            ) from None


def _opening(said: str, file: str | None) -> Opening:
    way = next((way for way in WAYS if way == said.strip()), None)
    if way is None:
        raise BadSetting(
            N_("{said} is no value of FORUM_OPENING. Write one of: {known}."),
            said=said,
            known=", ".join(WAYS),
        )
    if way != "passphrase":
        return Opening(way)
    if not file:
        raise BadSetting(
            N_(
                "Write the passphrase into a file that only you can read, and its path into FORUM_OPENING_FILE."
            )
        )
    path = Path(file)
    try:
        passphrase = plainly(path.read_text("utf-8"))
        shared = bool(path.stat().st_mode & 0o077)
    except (OSError, UnicodeDecodeError) as error:
        detail = getattr(error, "strerror", None) or "UTF-8"
        raise BadSetting(
            N_("{file} cannot be read ({detail}). Correct FORUM_OPENING_FILE."), file=file, detail=detail
        ) from None
    if not LEAST_PASSPHRASE <= len(passphrase) <= MOST_PASSPHRASE or "\n" in passphrase:
        raise BadSetting(
            N_(
                "The passphrase in {file} must be one line of {least} to {most} signs. Choose four words or more."
            ),
            file=file,
            least=LEAST_PASSPHRASE,
            most=MOST_PASSPHRASE,
        )
    return Opening(way, digest_of(passphrase), shared)


def _number(name: str, said: Any, least: int, most: int) -> int:
    if not str(said).isdecimal() or not least <= int(said) <= most:
        raise BadSetting(
            N_("{name} is {said}, which is no number from {least} to {most}. Correct it."),
            name=name,
            said=said,
            least=least,
            most=most,
        )
    return int(said)


def _listed(words: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in (words or "").split(",") if word.strip())
