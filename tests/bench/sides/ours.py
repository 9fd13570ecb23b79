"""Our application, and the people of a rush: signed in, introduced, and with the page open."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from redis import Redis

from project.accounts.enums import Audience, AudienceSource
from project.accounts.models import User
from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from registrations.models import Registration
from tests.bench import client, cookies
from tests.bench.rush import TOKEN, Goal
from tests.bench.sides.servers import UnableToMeasure
from tests.factories import make_event, make_session, make_unit, make_venue

if TYPE_CHECKING:
    from events.models import Event, Session
    from tests.bench.sides.servers import Servers, Web

SOON = timedelta(days=30)
EVENTS_LISTED, DATES_OF_AN_EVENT = 10, 3
PATIENCE_SECONDS = 300.0


@dataclass
class Ours:
    servers: Servers
    web: Web
    worker: int
    cookies: list[str]
    number_of: dict[int, int] = field(repr=False)  # of a person, by primary key

    @classmethod
    def open(cls, servers: Servers, web: Web, people: int) -> Ours:
        crowd = make_people(people)
        number_of = {person.pk: number for number, person in enumerate(crowd)}
        return cls(servers, web, servers.start_worker(), cookies.sign_in(crowd), number_of)

    @property
    def processes(self) -> tuple[int, ...]:
        """Everything that serves: web, worker, database and broker."""
        return (self.web.pid, self.worker, self.servers.postgres, self.servers.broker)

    def goal(self, seats: int, people: int) -> Goal:
        session = make_session(starts_at=timezone.now() + SOON, capacity=seats, venue=make_venue(capacity=seats))
        path = f"/sessions/{session.key}/sign-up/"
        requests = [client.button(self.web.port, path, cookie, TOKEN) for cookie in self.cookies[:people]]
        return Goal(requests, seats, lambda: self._seated(session), lambda: _claims(session).active().count())

    def _seated(self, session: Session) -> set[int]:
        held = _claims(session).holding_a_seat().values_list("attendee", flat=True)
        return {self.number_of[person] for person in held}

    def wait_until_mailed(self) -> int:
        """Waits until the outbox and the queue of the worker are empty, so that nothing of a rush is counted later.
        Returns how many mails were sent so far. Raises `UnableToMeasure` if that takes too long.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        unsent = Message.objects.filter(status__in=[MessageStatus.PENDING, MessageStatus.SENDING])
        while unsent.exists() or _has_work():
            if time.monotonic() > deadline:
                raise UnableToMeasure(f"{unsent.count()} mails were not sent in {PATIENCE_SECONDS:.0f} seconds.")
            time.sleep(0.2)
        return Message.objects.filter(status=MessageStatus.SENT).count()


def _has_work() -> bool:
    """Returns whether Celery has tasks that are queued, or that the worker has taken but not finished."""
    broker = Redis.from_url(settings.CACHE_URL)
    return bool(broker.llen("celery") or broker.hlen("unacked"))


def make_people(number: int) -> list[User]:
    unit, now = make_unit(), timezone.now()
    said = {"unit": unit, "audience": Audience.STAFF, "audience_source": AudienceSource.SELF}
    people = [
        User(email=f"bench{count}@demo.example", name=f"Bench Person {count}", password="!", joined_at=now, **said)
        for count in range(number)
    ]
    return User.objects.bulk_create(people)


def fill_catalogue() -> Event:
    """Makes the events of a full catalogue page. Returns one of them."""
    now = timezone.now()
    words = {"summary_en": "An hour that stays with you.", "description_en": "What happens, and why. " * 20}
    events = [make_event(**words) for _ in range(EVENTS_LISTED)]
    for day in range(EVENTS_LISTED * DATES_OF_AN_EVENT):
        make_session(event=events[day % EVENTS_LISTED], starts_at=now + timedelta(days=day + 1), capacity=20)
    return events[0]


def _claims(session: Session):
    return Registration.objects.filter(session=session)
