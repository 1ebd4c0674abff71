"""The log: one JSON line for each event on standard error, without words of people.

Hides how the standard library's log and structlog's become one. Must never write an exception's own message.
"""

import logging
import sys
import traceback
from pathlib import Path
from typing import Any, Final

import structlog

MOST_CAUSES: Final = 8  # of an error


def configure_log(worker: int | None = None) -> None:
    """One JSON line an event on standard error; no texts of people and no secrets, since nobody passes any.

    The first call counts. ``worker``: which of several processes speaks.
    """

    def named(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        return event if worker is None else {**event, "worker": worker}

    plain: list[structlog.typing.Processor] = [
        named,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_words,
    ]
    structlog.configure(
        processors=[*plain, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    render = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=plain, processor=structlog.processors.JSONRenderer()
    )
    handler = logging.StreamHandler()
    handler.setFormatter(render)
    logging.basicConfig(
        level=logging.INFO, handlers=[handler]
    )  # nothing happens where a log is set up already
    logging.getLogger("uvicorn").setLevel(logging.ERROR)  # below, it tells addresses of people


def _without_words(
    _logger: structlog.typing.WrappedLogger, _name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """An exception as its kind and its way through the code; its own words may be those of people."""
    told = event.pop("exc_info", None)
    error = sys.exc_info()[1] if told is True else told[1] if isinstance(told, tuple) else told
    chain: list[BaseException] = []
    while isinstance(error, BaseException) and len(chain) < MOST_CAUSES:
        chain.append(error)
        inside = error.exceptions[0] if isinstance(error, BaseExceptionGroup) else None
        error = inside or error.__cause__ or error.__context__
    if chain:
        event["error"] = " from ".join(type(one).__name__ for one in chain)
        event["where"] = [
            f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for one in reversed(chain)
            for frame in traceback.extract_tb(one.__traceback__)
        ]
    return event
