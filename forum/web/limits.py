"""How fast is too fast: token buckets in memory, for what has no natural limit.

Limits are per tab, per person and per forum. An address is limited only in guessing, in opening forums and
in bringing new people, since two hundred phones share one. Whoever has guessed too many codes of forums, or
tried too many of the desk, gets no information, not even for a right one; at an address where nobody has, others'
guesses at codes of the desk hold up nobody. Secrets of links and personal codes
are too long to be guessed: of them only wrong ones are counted, and a right one opens whatever else was tried.
At an address from where somebody came into a forum, that forum is no
secret; there, a neighbour who guesses delays nobody. The buckets of one process do not know those of
another: they are a guard, not a meter.
"""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from itertools import islice
from typing import Final, NamedTuple

MOST_KEYS: Final = 20_000  # of one kind; the least recently used goes, full again
HOUSEHOLD_BITS: Final = 64  # of IPv6
SITE_BITS: Final = 48  # of IPv6: what one customer may have, with 65,536 households in it
FORGOTTEN_AT_ONCE: Final = (
    2  # buckets full again, of one new look: more than one comes with it, so they run out
)


class TooMany(Exception):
    """Too much of this was asked: come back in ``seconds``."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.1f} s")
        self.seconds = seconds


class Rate(NamedTuple):
    """``burst`` at once, then ``a_second``."""

    a_second: float
    burst: float


TAB: Final = Rate(10, 60)  # an outbox of a hundred, emptied in a few seconds
PERSON: Final = Rate(20, 120)  # a person has a few tabs
PERSON_LONG: Final = Rate(
    0.5, 6000
)  # over hours: far above what a day's work takes, and no journal grows for ever
JOINS: Final = Rate(
    30, 1000
)  # of one forum: a hall of two thousand within a minute; a flood of strangers is slowed
JOINS_HERE: Final = Rate(3, 1000)  # of one forum from one address: a hall of a thousand phones at once
LINK_USES: Final = Rate(1, 60)  # of one link: it is for a few devices
FORUM: Final = Rate(1000, 5000)  # a flood; a hall of two thousand who vote in the same second is none
FRAMES: Final = Rate(50, 250)  # of one socket, whatever they say
NEEDS: Final = Rate(1, 20)  # of one person: asking for what is missing of a page; beyond, the answer waits
CONNECTIONS: Final = Rate(1, 60)  # of one person: sockets opened, in a network that breaks again and again
POLLS: Final = Rate(5, 60)  # of one person: beyond, the answer waits, and tells more at once
WRONG_CODES: Final = Rate(20 / 60, 20)  # of one address
WRONG_CODES_ALL: Final = Rate(20, 40)  # of everybody together: the first hit takes days, whoever guesses
WRONG_SECRETS: Final = Rate(20 / 60, 20)  # of one address; 128 bits are not guessed, but trying costs us work
DESK_CODES: Final = Rate(1, 30)  # of one address: tries, right ones too, since a hall shares one
DESK_CODES_ALL: Final = Rate(5, 100)  # of one forum: some 5,000 in the life of a code, of 7 × 10^8
DESK_CODES_WRONG: Final = Rate(
    3 / 900, 3
)  # of one address, in the life of a code: beyond, the forum's concern it
CHECKS: Final = Rate(20, 400)  # of receipts, of one forum: a hall that checks in the same minute
OPENINGS: Final = Rate(10 / 60, 20)  # forums opened, of one address
OPENINGS_ALL: Final = Rate(1, 200)  # of everybody together


class Buckets:
    """Token buckets by key; one that is full again says nothing, and is forgotten."""

    def __init__(self, rate: Rate, clock: Callable[[], float]) -> None:
        """``clock`` in seconds."""
        self._rate = rate
        self._clock = clock
        self._kept: dict[str, tuple[float, float]] = {}  # tokens, at

    def take(self, key: str) -> float:
        """Spend one token; 0.0, or the seconds to wait when there is none (and none is spent)."""
        tokens, now = self._tokens(key)
        spent = tokens >= 1
        self._kept.pop(key, None)
        self._kept[key] = (tokens - spent, now)
        self._forget(now)
        return 0.0 if spent else (1 - tokens) / self._rate.a_second

    def _forget(self, now: float) -> None:
        """The least recently used come first, so those that have been left alone for long enough do."""
        full_after = self._rate.burst / self._rate.a_second
        for key in list(islice(self._kept, FORGOTTEN_AT_ONCE)):
            if now - self._kept[key][1] >= full_after or len(self._kept) > MOST_KEYS:
                del self._kept[key]

    def wait(self, key: str) -> float:
        """Seconds until there is a token; nothing is spent."""
        tokens, _ = self._tokens(key)
        return max(0.0, (1 - tokens) / self._rate.a_second)

    def _tokens(self, key: str) -> tuple[float, float]:
        now = self._clock()
        tokens, at = self._kept.get(key, (self._rate.burst, now))
        return min(self._rate.burst, tokens + max(0.0, now - at) * self._rate.a_second), now


class Limits:
    """Every limit of one process."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._tabs = Buckets(TAB, clock)
        self._people = Buckets(PERSON, clock)
        self._people_long = Buckets(PERSON_LONG, clock)
        self._uses = Buckets(LINK_USES, clock)
        self._forums = Buckets(FORUM, clock)
        self._wrong = Buckets(WRONG_CODES, clock)
        self._wrong_all = Buckets(WRONG_CODES_ALL, clock)
        self._wrong_secrets = Buckets(WRONG_SECRETS, clock)
        self._known: dict[tuple[str, str], None] = {}  # (address, code) of those who came in; the oldest goes
        self._awaited: dict[tuple[str, str], None] = {}  # the same, of codes that no forum had yet
        self._openings = Buckets(OPENINGS, clock)
        self._checks = Buckets(CHECKS, clock)
        self._desk_codes = Buckets(DESK_CODES, clock)
        self._desk_codes_all = Buckets(DESK_CODES_ALL, clock)
        self._desk_codes_wrong = Buckets(DESK_CODES_WRONG, clock)
        self._needs = Buckets(NEEDS, clock)
        self._connections = Buckets(CONNECTIONS, clock)
        self._polls = Buckets(POLLS, clock)
        self._openings_all = Buckets(OPENINGS_ALL, clock)
        self.clock: Final = clock

    def op(self, code: str, person: str, tab: str) -> float:
        """Seconds to wait before this op; 0.0 when it may come now."""
        return (
            self._tabs.take(tab)
            or self._people.take(person)
            or self._people_long.take(person)
            or self._forums.take(code)
        )

    def by_link(self, code: str, key: str) -> float:
        """Seconds to wait before one more device may come by this link; a crowd at the door holds up none."""
        return self._uses.take(f"{code} {key}")

    def look(self, address: str, code: str) -> float:
        """Seconds to wait before this address is told whether a forum has this code; 0.0 when now."""
        near = neighbourhood(address)
        if (near, code) in self._known:
            return 0.0
        return self._wrong.wait(near) or self._wrong_all.wait("")

    def wrong_code(self, address: str) -> None:
        """Note a code that no forum has."""
        self._wrong.take(neighbourhood(address))
        self._wrong_all.take("")

    def awaited(self, address: str, code: str) -> None:
        """Note a code that no forum has yet: phones wait for it, and however often they ask, it is one guess."""
        key = (neighbourhood(address), code)
        if key in self._awaited:
            return
        self._awaited[key] = None
        if len(self._awaited) > MOST_KEYS:
            del self._awaited[next(iter(self._awaited))]
        self.wrong_code(address)

    def found(self, address: str, code: str) -> None:
        """Note that somebody at this address knows this forum."""
        key = (neighbourhood(address), code)
        self._known.pop(key, None)
        self._known[key] = None
        if len(self._known) > MOST_KEYS:
            del self._known[next(iter(self._known))]

    def wrong_secret(self, address: str) -> float:
        """Note a link's secret that opens nothing; seconds to wait when there were too many."""
        return self._wrong_secrets.take(neighbourhood(address))

    def desk_code(self, address: str, code: str) -> float:
        """Seconds to wait before this address may try a code of the desk; a right one is a try too, and tells nothing then.

        Where few were wrong lately, what others try does not count: whoever guesses from many addresses would hold up the
        one who has the code.
        """
        slow = self._desk_codes.take(f"{code} {neighbourhood(address)}")
        guessed = self._desk_codes_wrong.wait(f"{code} {neighbourhood(address, SITE_BITS)}")
        return slow or (self._desk_codes_all.take(code) if guessed else 0.0)

    def wrong_desk_code(self, address: str, code: str) -> None:
        """Note a code of the desk that opens nothing."""
        if not self._desk_codes_wrong.take(f"{code} {neighbourhood(address, SITE_BITS)}"):
            self._desk_codes_all.take(code)

    def opening(self, address: str) -> float:
        """Seconds to wait before this address may open another forum."""
        return self._openings.take(neighbourhood(address)) or self._openings_all.take("")

    def check(self, code: str) -> float:
        """Seconds to wait before another receipt of this forum may be checked."""
        return self._checks.take(code)

    def need(self, person: str) -> float:
        """Seconds to wait before this person is given again what they say they miss."""
        return self._needs.take(person)

    def connection(self, person: str) -> float:
        """Seconds to wait before this person may open one more socket."""
        return self._connections.take(person)

    def poll(self, person: str) -> float:
        """Seconds to wait before this person's poll is answered."""
        return self._polls.take(person)

    def frames(self) -> Buckets:
        """A bucket of its own for one socket's frames."""
        return Buckets(FRAMES, self.clock)


def neighbourhood(address: str, bits: int = HOUSEHOLD_BITS) -> str:
    """What counts as one address: of IPv6 as many bits, since a household has that many to choose from."""
    try:
        parsed = plain_address(address)
    except ValueError:
        return address
    return str(ip_network((parsed, bits), strict=False)) if isinstance(parsed, IPv6Address) else str(parsed)


def plain_address(address: str) -> IPv4Address | IPv6Address:
    """An address as it is on the wire; IPv4 that a socket for both kinds gives as IPv6 is IPv4. ValueError."""
    parsed = ip_address(address)
    return (parsed.ipv4_mapped or parsed) if isinstance(parsed, IPv6Address) else parsed
