"""Makes many mails as the verbs do, for a crowd at once."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from project.accounts.enums import Audience
from project.accounts.models import User
from registrations.enums import Status
from registrations.models import Registration
from registrations.services.calendar import invites
from tests.factories import make_event, make_session


def confirm(people: int) -> list[Registration]:
    """Makes a session in which so many people have just got a seat, with a mail and an invitation for each."""
    now = timezone.now()
    event = make_event(summary_en="An evening about what you can do when you see something happen.")
    session = make_session(event=event, capacity=people, starts_at=now + timedelta(days=30))
    crowd = User.objects.bulk_create(
        User(email=f"crowd{number}@demo.example", name=f"Crowd {number}", audience=Audience.STAFF, joined_at=now)
        for number in range(people)
    )
    seats = Registration.objects.bulk_create(
        Registration(
            session=session,
            attendee=person,
            slot=session.slot,
            status=Status.CONFIRMED,
            created_at=now,
            confirmed_at=now,
        )
        for person in crowd
    )
    invites.issue(seats, kind="registration-confirmed", now=now)
    return seats
