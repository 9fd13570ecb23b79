"""Publishes events and dates, and tells people: first the verb of `events`, then the announcement in a transaction of
its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.services import editing
from registrations.services.attending import interest
from registrations.services.seats import waitlist

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from events.models import Event, Session
    from events.services.editing import SessionFacts
    from project.accounts.models import User


def publish_event(*, event_key: UUID, actor: User, now: datetime) -> Event:
    """Shows a draft in the catalogue, and tells people who asked for its dates. If the second step fails, the scheduler
    makes up for it.

    Refuses as `editing.publish_event`.
    """
    event = editing.publish_event(event_key=event_key, actor=actor, now=now)
    interest.announce(event_id=event.pk, now=now)
    return event


def add_session(*, event_key: UUID, facts: SessionFacts, actor: User, now: datetime) -> Session:
    """Adds a date. Its seats go first to people waiting for any date of the event; then people who asked for dates are
    told.

    Refuses as `editing.add_session`.
    """
    session = editing.add_session(event_key=event_key, facts=facts, actor=actor, now=now)
    waitlist.settle_event(event_id=session.event_id, now=now)
    interest.announce(event_id=session.event_id, now=now)
    return session
