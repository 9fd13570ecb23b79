"""Whether this installation can serve, for load balancers and operators. Says nothing about people."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Min
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from project.outbox.models import Message

OLDEST_MAIL = timedelta(minutes=15)
BROKER_SECONDS = 1.0


@dataclass(frozen=True, kw_only=True)
class Health:
    """The result. `waited` is how long the oldest mail has been due; None if the database does not answer.

    Without a broker pages work, and mails are sent at the next sweep: that is degraded, but still ready.
    """

    database: bool
    broker: bool
    waited: timedelta | None

    @property
    def is_ready(self) -> bool:
        return self.waited is not None and self.waited <= OLDEST_MAIL

    def as_json(self) -> dict[str, object]:
        words = {True: "up", False: "down"}
        status = "unavailable" if not self.is_ready else "ok" if self.broker else "degraded"
        seconds = None if self.waited is None else int(self.waited.total_seconds())
        return {
            "status": status,
            "database": words[self.database],
            "broker": words[self.broker],
            "outbox": {"oldest_due_seconds": seconds, "limit_seconds": int(OLDEST_MAIL.total_seconds())},
        }


def examine(*, now: datetime) -> Health:
    waited = _outbox_waited(now)
    return Health(database=waited is not None, broker=_broker_answers(), waited=waited)


def _outbox_waited(now: datetime) -> timedelta | None:
    """Returns how long the oldest mail has been due, or None if the database does not answer."""
    try:
        oldest: datetime | None = (
            Message.objects.unsent().filter(due_at__lte=now).aggregate(oldest=Min("due_at"))["oldest"]
        )
    except DatabaseError:
        return None
    return now - oldest if oldest else timedelta(0)


def _broker_answers() -> bool:
    try:
        with Redis.from_url(
            settings.CACHE_URL,
            socket_connect_timeout=BROKER_SECONDS,
            socket_timeout=BROKER_SECONDS,
            retry=Retry(NoBackoff(), 0),
        ) as client:
            return bool(client.ping())
    except (RedisError, OSError):
        return False
