"""A conference whose changes wait, and what its organiser does meanwhile."""

from __future__ import annotations

from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from project.outbox.services import delivery
from registrations.services.organizing import pending_changes, schedule
from tests.factories import NOW, make_person
from tests.registrations.support.seats.offered import make_conference, take


def make_programme(mailbox):
    """Two rounds of two parallel sessions with one seat each; Ann has a seat in both rounds and Bob waits in the first,
    and were told so.
    """
    event, _, sessions = make_conference()
    one, _, three, _ = sessions
    ann, bob = make_person(name="Ann"), make_person(name="Bob")
    for session, person in ((one, ann), (three, ann), (one, bob)):
        take(session, person)
    delivery.deliver_due(now=NOW)
    mailbox.envelopes.clear()
    return event, sessions, ann, bob


def move(session, by, now=NOW):
    """From where it stood in the programme."""
    moments = {"starts_at": session.starts_at + by, "ends_at": session.ends_at + by}
    schedule.reschedule_session(session_key=session.key, now=now, **moments)


def relocate(session, now=NOW, **place):
    schedule.relocate_session(session_key=session.key, now=now, **({"venue": session.venue, "join_url": ""} | place))


def waiting():
    return list(Message.objects.filter(status=MessageStatus.PENDING).order_by("pk"))


def summary(event, now=NOW):
    found = pending_changes.changes_of(event=event, now=now)
    return found.moved, found.relocated, found.linked, found.people


def send(event, now=NOW):
    seen = pending_changes.changes_of(event=event, now=now).fingerprint
    return pending_changes.send_changes(event_key=event.key, previewed=seen, now=now)
