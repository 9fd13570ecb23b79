"""What the tests of the participants' pages share: dates that are full, seats that are offered or open to all."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from events.enums import SeatScope
from events.models import Round
from registrations.models import Registration, RegistrationLog
from registrations.services.attending import booking
from tests.factories import NOW, make_event, make_person, make_session

TWO_DAYS = NOW + timedelta(days=2, hours=4)  # within 72 hours: a seat that comes free is offered
SOON = NOW + timedelta(hours=3)  # so close that it is for whoever takes it


def take(session, person):
    return booking.sign_up(session_key=session.key, attendee=person, now=NOW)


def full_session(**overrides):
    """One seat, and it is taken."""
    session = make_session(capacity=1, **overrides)
    take(session, make_person())
    return session


def offer_to(person, *, session=None, **overrides):
    """A seat came free two days before the start, and the person is next."""
    session = session or full_session(starts_at=overrides.pop("starts_at", TWO_DAYS), **overrides)
    waiting = take(session, person)
    seat = Registration.objects.exclude(attendee=person).get(session=session, status="CONFIRMED")
    booking.cancel(registration_key=seat.key, actor=seat.attendee, now=NOW)
    waiting.refresh_from_db()
    return waiting


def two_dates(**overrides):
    """Two full dates of one event, a day apart."""
    event = make_event(**overrides)
    return [full_session(event=event, starts_at=NOW + timedelta(days=days)) for days in (10, 11)]


def make_conference(**overrides):
    """Two rounds after each other, each with two parallel sessions of one seat."""
    event = make_event(seat_scope=SeatScope.ROUND, title_en="Conference", **overrides)
    rounds = [Round.objects.create(event=event, number=number, title_en=f"Round {number}") for number in (1, 2)]
    sessions = [
        make_session(
            event=event,
            round=round_,
            capacity=1,
            title_en=f"Talk {round_.number}{name}",
            starts_at=NOW + timedelta(days=20, hours=3 * round_.number),
        )
        for round_ in rounds
        for name in "AB"
    ]
    return event, rounds, sessions


def post(client, name, key, **data):
    return client.post(reverse(f"registrations:{name}", args=[key]), data)


def statuses_of(person):
    """What somebody has, by the start of the session."""
    own = Registration.objects.active().filter(attendee=person).order_by("session__starts_at", "pk")
    return list(own.values_list("status", flat=True))


def everything():
    """All that a refusal must leave as it was."""
    return [list(model.objects.order_by("pk").values()) for model in (Registration, RegistrationLog)]


def signed_in(client, **overrides):
    person = make_person(**overrides)
    client.force_login(person)
    return person
