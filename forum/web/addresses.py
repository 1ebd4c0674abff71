"""Where this machine is reached: by its own browser, by phones in the room, under a public name.

Hides how an operating system tells its addresses. Sends nothing anywhere. Addresses change when the venue's
Wi-Fi does, so they are asked again when somebody comes by one that is not known, at most every ten seconds.
"""

import fcntl
import ipaddress
import re
import socket
import struct
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

ASK_AGAIN_SECONDS: Final = 10.0
LINUX: Final = sys.platform == "linux"
SIOCGIFADDR: Final = 0x8915
SOMEWHERE: Final = (
    "10.255.255.255",
    9,
)  # never sent to: asks which of our addresses the way there starts from
HOST: Final = re.compile(
    r"(?:(?P<name>[A-Za-z0-9._-]{1,253})|\[(?P<ip>[0-9A-Fa-f:.]{2,45})\])(?::[0-9]{1,5})?"
)
EVERYWHERE: Final = "0.0.0.0"  # noqa: S104
ANYWHERE: Final = frozenset({EVERYWHERE, "::", ""})
THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Addresses:
    """The names and addresses by which this server may be called. One per process."""

    def __init__(
        self,
        port: int,
        public_url: str | None = None,
        hosts: Iterable[str] = (),
        *,
        listens_on: str = EVERYWHERE,
    ) -> None:
        """``hosts`` are further names that the operator allows; ``public_url`` has no path."""
        self.port: Final = port
        self.public_url: Final = public_url.rstrip("/") if public_url else None
        public = urlsplit(self.public_url).hostname if self.public_url else None
        name = socket.gethostname().lower()
        names = {name, name if name.endswith(".local") else f"{name}.local"}
        self._named = THIS_MACHINE | names | {h.lower() for h in hosts} | ({public} if public else set())
        self._listens_on = listens_on
        self._lan: tuple[str, ...] = self._ask()
        self._asked_at = time.monotonic()

    @property
    def public_origin(self) -> str | None:
        """Scheme, host and port of the public address."""
        parts = urlsplit(self.public_url) if self.public_url else None
        return f"{parts.scheme}://{parts.netloc}" if parts else None

    @property
    def https(self) -> bool:
        return self.public_url is not None and self.public_url.startswith("https:")

    @property
    def lan(self) -> tuple[str, ...]:
        """Addresses that phones can reach, the likeliest first."""
        return self._lan

    @property
    def for_others(self) -> bool:
        """Whether we listen to more than this machine itself."""
        if _is_ip(self._listens_on):
            return not ipaddress.ip_address(self._listens_on).is_loopback
        return self._listens_on not in THIS_MACHINE

    def known(self, host_header: str) -> bool:
        """Say whether a ``Host`` header names this server; the port does not matter, a proxy may change it."""
        host = _host(host_header)
        if host in self._named or host in self._lan:
            return True
        if host is None or not _is_ip(host) or time.monotonic() - self._asked_at < ASK_AGAIN_SECONDS:
            return False
        self._lan, self._asked_at = self._ask(), time.monotonic()
        return host in self._lan

    def _ask(self) -> tuple[str, ...]:
        """The addresses that lead to what we listen on: one of this machine's alone leads from nowhere else."""
        found = lan_addresses()
        return found if self._listens_on in ANYWHERE else tuple(a for a in found if a == self._listens_on)

    @property
    def base(self) -> str:
        """The address to give to people: public, else in the LAN, else this machine's own."""
        if self.public_url:
            return self.public_url
        return f"http://{self._lan[0] if self._lan else 'localhost'}:{self.port}"

    def join_url(self, code: str) -> str:
        """What the QR says."""
        return f"{self.base}/f/{code}"

    def short_url(self) -> str:
        """What a person types before the code: host and port, without the scheme."""
        return self.base.partition("://")[2]


def lan_addresses() -> tuple[str, ...]:
    """This machine's IPv4 addresses that others may reach, the one of the main way out first."""
    found = dict.fromkeys((*_way_out(), *_of_interfaces(), *_of_name()))
    return tuple(address for address in found if _reachable(address))


def _way_out() -> tuple[str, ...]:
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(SOMEWHERE)  # a datagram socket: nothing is sent
        return (probe.getsockname()[0],)
    return ()


def _of_interfaces() -> tuple[str, ...]:
    if not LINUX:
        return ()
    try:
        interfaces = socket.if_nameindex()
    except OSError:  # a sandbox that lets nobody speak with the kernel about its network
        return ()
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, name in interfaces:
            with suppress(OSError):  # an interface without an address
                request = struct.pack("256s", name.encode()[:15])
                answer = fcntl.ioctl(asking.fileno(), SIOCGIFADDR, request)
                found.append(socket.inet_ntoa(answer[20:24]))
    return tuple(found)


def _of_name() -> tuple[str, ...]:
    if LINUX:  # Linux has told already, and asking a name may wait for a resolver
        return ()
    with suppress(OSError):
        return tuple(socket.gethostbyname_ex(socket.gethostname())[2])
    return ()


def _reachable(address: str) -> bool:
    parsed = ipaddress.ip_address(address)
    return not (parsed.is_loopback or parsed.is_link_local or parsed.is_unspecified)


def _host(header: str) -> str | None:
    """The name in a ``Host`` header, without its port; None for what is no name, whatever a URL's parser makes of it."""
    found = HOST.fullmatch(header)
    return (found["ip"] or found["name"]).lower() if found else None


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
