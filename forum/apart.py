"""A process apart: the little time and memory that it has, and how it ends when it has no more."""

from contextlib import suppress
from typing import Final

OVERSPENT: Final = 75  # how a process ends that has no more memory
INHERITED: Final = ("PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "TZ", "LANG", "LC_ALL", "SYSTEMROOT")
"""Of our environment, what a process apart runs with: no address of a store, no password."""


def be_modest(cpu_seconds: int, memory_bytes: int) -> None:
    """Let this process end by itself when something is wrong. Not on Windows, and not where the system refuses."""
    with suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415  not on Windows

        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
