"""What a log line may hold of an error: its kind and where it happened, never its words or values.

A database quotes the row it refuses, a mail server the address, and a traceback with local variables shows the form that somebody filled in.
"""

from __future__ import annotations

import re
import sys
import traceback
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from structlog.typing import EventDict

# What opens something for whoever holds it: a calendar (specs/calendar.md R56), an unlisted date, and whatever is signed.
SECRETS = re.compile(r"(?<=/feeds/my/)[^/\s?#\"']+|(?<=/access/)[^/\s?#\"']+|(?:[\w.-]+(?::|%3A))+[\w-]{43}(?![\w-])")
HIDDEN = "•••"
LOGGERS = {
    "django.request": {"level": "ERROR"},
    "django.server": {"level": "WARNING"},
    "mail.log": {"level": "CRITICAL"},  # what receives mail would write down each address
    "granian.access": {"propagate": True},  # where it is switched on, through our own handler, which hides secrets
}
TASK_LOGGER = "celery.app.trace"  # writes the error, its traceback and the arguments of the task into the text itself


def without_values(_logger: Any, _name: str, event: EventDict) -> EventDict:
    error = _error_of(event.pop("exc_info", None))
    if error is None:
        return event
    record = event.get("_record")
    if record is not None and record.name == TASK_LOGGER:
        event["event"] = f"task failed: {getattr(record, 'data', {}).get('name', '')}"
    event["error"] = " < ".join(type(one).__name__ for one in _chain(error))
    event["where"] = [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
    ]
    return event


def _error_of(said: Any) -> BaseException | None:
    """`exc_info` is an error, its triple, or True for the one that is being handled."""
    if isinstance(said, BaseException):
        return said
    found: BaseException | None = (said if isinstance(said, tuple) else sys.exc_info())[1] if said else None
    return found


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came from."""
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__


def without_secrets(_logger: Any, _name: str, event: EventDict) -> EventDict:
    """Access logs and errors name the path that was asked for."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = SECRETS.sub(HIDDEN, value)
    return event


STEPS: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_values,
    without_secrets,
]
