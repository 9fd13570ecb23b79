"""Keeps personal data and secrets out of the log. Of an error it logs the type and the place, never the message or
values.

A database quotes the row it refuses, a mail server the address, and a traceback with local variables shows the form
that somebody filled in.
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

# Links that work for anybody who has them: calendar feeds (specs/calendar.md R56), access links, and everything signed.
# And what somebody searched for: a word like "harassment" says too much.
SECRETS = re.compile(
    r"(?<=/feeds/my/)[^/\s?#\"']+|(?<=/access/)[^/\s?#\"']+|(?:[\w.-]+(?::|%3A))+[\w-]{43}(?![\w-])"
    r"|(?<=[?&]q=)[^&\s#\"']+"
)
HIDDEN = "•••"
LOGGERS = {
    "django.request": {"level": "ERROR"},
    "django.server": {"level": "WARNING"},
    "mail.log": {"level": "CRITICAL"},  # aiosmtpd would log each address
    "granian.access": {"propagate": True},  # if switched on, through our own handler, which hides secrets
}
TASK_LOGGER = "celery.app.trace"  # puts the error, its traceback and the arguments of the task into the message


def without_values(_logger: Any, _name: str, event: EventDict) -> EventDict:
    """Replaces `exc_info` by `error` (the types, outermost first) and `where` (the frames)."""
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


def _error_of(exc_info: Any) -> BaseException | None:
    """Returns the error that `exc_info` means: an error, its triple, or True for the one that is being handled."""
    if isinstance(exc_info, BaseException):
        return exc_info
    if not exc_info:
        return None
    found: BaseException | None = (exc_info if isinstance(exc_info, tuple) else sys.exc_info())[1]
    return found


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yields the error and its causes."""
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__


def without_secrets(_logger: Any, _name: str, event: EventDict) -> EventDict:
    """Hides secrets in all texts: access logs and errors contain the path that was requested."""
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
