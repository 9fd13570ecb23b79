"""Mails about changes that wait to be sent (specs/calendar.md 3.11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from events.models import Session
from project.outbox.models import Message
from registrations.models import Registration
from registrations.rules.schedules import collects_changes
from registrations.services.calendar import host_invites, notifications

if TYPE_CHECKING:
    from datetime import datetime

    from events.models import Event
    from project.outbox.querysets import MessageQuerySet


def changes(now: datetime) -> MessageQuerySet:
    """Returns mails to attendees and hosts about a change that are not due yet and that no worker has touched."""
    return Message.objects.filter(kind__in=(*notifications.CHANGES, host_invites.CHANGED), due_at__gt=now).untouched()


def about_event(event: Event, now: datetime) -> MessageQuerySet:
    """Returns these mails for one event; none if the event collects no changes. A mail to an attendee is about a
    registration, one to a host about the session itself.
    """
    if not collects_changes(event):
        return Message.objects.none()
    registrations = Registration.objects.active().filter(session__event=event)
    sessions = Session.objects.filter(event=event).order_by()
    return changes(now).filter(Q(subject_id__in=registrations.values("key")) | Q(subject_id__in=sessions.values("key")))
