"""What a systemd unit lets a program do, laid on one without systemd: its system calls, address families, memory.

    python tests/sandbox.py docs/forum.service COMMAND …

Reads the unit, has ``systemd-analyze`` say what its groups of calls are, and has libseccomp refuse the rest as systemd
would; then becomes the command. Needs both; ``missing`` says which is not here.
"""

import ctypes
import ctypes.util
import errno
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

ALLOW: Final = 0x7FFF0000
REFUSE: Final = 0x00050000  # with an errno
EQUAL, MASKED_EQUAL = 4, 7
PROT_WRITE, PROT_EXEC = 2, 4
UNKNOWN: Final = -1  # a call that this machine's kernel has not


class Compared(ctypes.Structure):
    """One condition on an argument of a call; see seccomp_rule_add(3)."""

    _fields_ = (
        ("arg", ctypes.c_uint),
        ("op", ctypes.c_int),
        ("datum_a", ctypes.c_uint64),
        ("datum_b", ctypes.c_uint64),
    )


def missing() -> str:
    """What this machine lacks to lay a sandbox; "" when nothing."""
    if sys.platform != "linux":
        return "this is not Linux"
    if not shutil.which("systemd-analyze"):
        return "systemd-analyze is not here (Debian: apt-get install systemd)"
    return "" if ctypes.util.find_library("seccomp") else "libseccomp is not here"


def settings(unit: Path) -> dict[str, list[str]]:
    """The words of each setting of the unit, line after line."""
    found: dict[str, list[str]] = {}
    for line in unit.read_text().splitlines():
        name, sign, words = line.partition("=")
        if sign and not line.startswith("#"):
            found.setdefault(name, []).append(words)
    return found


def calls(lines: Iterable[str]) -> set[str]:
    """The system calls that ``SystemCallFilter=`` lines leave, the first of which allows."""
    groups = _groups()

    def meant(name: str) -> set[str]:
        return {call for word in groups[name] for call in meant(word)} if name.startswith("@") else {name}

    allowed = meant("@default")
    for line in lines:
        named = {call for word in line.removeprefix("~").split() for call in meant(word)}
        allowed = allowed - named if line.startswith("~") else allowed | named
    return allowed


def _groups() -> dict[str, list[str]]:
    """What systemd's groups of calls hold: calls, and other groups."""
    said = subprocess.run(["systemd-analyze", "syscall-filter"], check=True, capture_output=True, text=True)
    found: dict[str, list[str]] = {}
    for line in said.stdout.splitlines():
        if line.startswith("@"):
            found[name := line.strip()] = []
        elif line.startswith("    ") and not line.strip().startswith("#") and found:
            found[name].append(line.strip())
    return found


def lay(unit: Path) -> None:
    """Bind this process, and all that come from it, to what the unit allows."""
    told = settings(unit)
    library = ctypes.CDLL(ctypes.util.find_library("seccomp"), use_errno=True)
    library.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.seccomp_init(REFUSE | errno.EPERM))

    def rule(what: int, call: str, *compared: Compared) -> None:
        number = library.seccomp_syscall_resolve_name(call.encode())
        if number != UNKNOWN:
            conditions = (Compared * len(compared))(*compared)
            refused = library.seccomp_rule_add_array(context, what, number, len(compared), conditions)
            if refused:
                raise OSError(-refused, f"no rule for {call}")

    bound = {"mmap", "mprotect", "pkey_mprotect", "socket"}
    for call in sorted(calls(told["SystemCallFilter"]) - bound):
        rule(ALLOW, call)
    both = PROT_WRITE | PROT_EXEC
    for protection in (0, PROT_WRITE, PROT_EXEC):
        rule(ALLOW, "mmap", Compared(2, MASKED_EQUAL, both, protection))
    for call in ("mprotect", "pkey_mprotect"):
        rule(ALLOW, call, Compared(2, MASKED_EQUAL, PROT_EXEC, 0))
    for family in told["RestrictAddressFamilies"][0].split():
        rule(ALLOW, "socket", Compared(0, EQUAL, getattr(socket, family), 0))
    if refused := library.seccomp_load(context):
        raise OSError(-refused, "the sandbox could not be laid")


if __name__ == "__main__":
    lay(Path(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])
