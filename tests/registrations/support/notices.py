"""What the tests of messages to participants share."""

from __future__ import annotations

import uuid

from project.outbox.models import Message
from registrations.enums import Status
from registrations.services.mailing import broadcasts
from registrations.services.mailing.broadcasts import Draft
from tests.factories import NOW, make_organizer, make_session
from tests.registrations.support.mails import make_claim

SEATED = Draft(statuses=("CONFIRMED",), subject_en="Bring lunch", body_en="Dear {name},\n\nThe canteen is closed.")


def send(session, draft=SEATED, *, key=None, actor=None, now=NOW):
    return broadcasts.send_notice(
        notice_key=key or uuid.uuid4(), session_key=session.key, draft=draft, actor=actor or make_organizer(), now=now
    )


def written():
    return Message.objects.filter(kind="notice").order_by("pk")


def with_people(**overrides):
    """One in each state, by state."""
    session = make_session(**overrides)
    return session, {status: make_claim(status, session=session) for status in Status}
