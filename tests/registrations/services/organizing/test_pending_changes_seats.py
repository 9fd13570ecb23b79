"""Seats that come and go while the changes of a conference wait: nobody is left in a wrong room or at a wrong time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from project.accounts.enums import RoleKind
from project.outbox.services import delivery
from registrations.models import Registration
from registrations.services.attending import booking, swaps
from registrations.services.calendar import host_invites
from registrations.services.mailing import reminders
from registrations.services.organizing import capacity
from tests.factories import NOW, give_role, make_organizer, make_person, make_venue
from tests.registrations.support.calendar.rules import text_of
from tests.registrations.support.collecting import make_programme, move, relocate, summary, waiting
from tests.registrations.support.seats.offered import take

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(params=[0, 600], autouse=True)
def _merge_seconds(request, settings):
    settings.MAIL_MERGE_SECONDS = request.param


@pytest.fixture
def programme(mailbox):
    return make_programme(mailbox)


def test_a_cancelled_session_is_told_at_once_and_takes_its_changes_along(programme):
    event, (one, *_), *_ = programme
    move(one, HOUR)

    capacity.cancel_session(session_key=one.key, actor=make_organizer(), now=NOW)

    assert {(message.kind, message.due_at) for message in waiting()} == {("session-cancelled", NOW)}
    assert summary(event) == (0, 0, 0, 0)


def test_what_is_cancelled_is_told_by_the_time_that_people_know(programme, mailbox):
    """Else they would take it for another date, and come to theirs."""
    event, (one, *_), *_ = programme
    host = give_role(make_person(), RoleKind.HOST, session=one)
    host_invites.invite_hosts(event_id=event.pk, now=NOW)
    delivery.deliver_due(now=NOW)
    mailbox.envelopes.clear()
    move(one, DAY)

    capacity.cancel_session(session_key=one.key, actor=make_organizer(), now=NOW)

    assert {message.facts["was"]["starts_at"] for message in waiting()} == {one.starts_at.isoformat()}
    delivery.deliver_due(now=NOW)
    assert len(mailbox.envelopes) == 3
    assert {to for envelope in mailbox.envelopes for to in envelope.rcpt_tos} >= {host.email}
    assert all("It was: Sunday 22 March 2026" in text_of(envelope) for envelope in mailbox.envelopes)


def test_giving_back_and_another_choice_take_the_change_along(programme):
    _, (one, two, three, _), ann, _ = programme
    move(one, HOUR)
    move(three, HOUR)
    seats = {seat.session_id: seat for seat in Registration.objects.filter(attendee=ann)}

    swaps.swap(registration_key=seats[one.pk].key, session_key=two.key, attendee=ann, now=NOW)
    booking.cancel(registration_key=seats[three.pk].key, actor=ann, now=NOW)

    told = {message.kind for message in waiting() if message.recipient == ann}
    assert told == {"registration-swapped", "registration-cancelled"}
    delivery.deliver_due(now=NOW)
    assert waiting() == []


def test_somebody_who_gets_a_seat_from_the_list_has_nothing_left_to_hear(programme):
    """The invitation says what holds now."""
    event, (one, *_), ann, bob = programme
    move(one, HOUR)
    seat = Registration.objects.get(attendee=ann, session=one)

    booking.cancel(registration_key=seat.key, actor=ann, now=NOW)

    assert [message.kind for message in waiting() if message.recipient == bob] == ["registration-promoted"]
    assert summary(event) == (0, 0, 0, 0)
    move(one, 2 * HOUR)
    assert summary(event) == (1, 0, 0, 1)


def test_somebody_who_swaps_into_a_date_they_waited_for_has_nothing_left_to_hear(programme):
    """Else what was collected for the wish would come after a later change, and be wrong."""
    _, (one, two, *_), ann, bob = programme
    held = take(two, bob)
    swaps.swap(registration_key=held.key, session_key=one.key, attendee=bob, now=NOW)
    move(one, HOUR)
    seat = Registration.objects.get(attendee=ann, session=one)

    booking.cancel(registration_key=seat.key, actor=ann, now=NOW)
    move(one, -2 * HOUR)

    told = [message for message in waiting() if message.recipient == bob and message.due_at > NOW]
    assert [Registration.objects.get(attendee=bob, status="CONFIRMED").session] == [one]
    assert [(message.kind, message.facts["starts_at"]) for message in told] == [
        ("session-moved", (one.starts_at - 2 * HOUR).isoformat())
    ]


def test_a_wish_that_ended_meanwhile_hears_nothing(programme, mailbox):
    _, (one, *_), _, bob = programme
    relocate(one, venue=make_venue())
    Registration.objects.filter(attendee=bob).update(status="CANCELLED", cancelled_at=NOW)

    delivery.deliver_due(now=one.starts_at - DAY)

    assert bob.email not in [to for envelope in mailbox.envelopes for to in envelope.rcpt_tos]


def test_somebody_who_hears_of_a_change_that_day_needs_no_reminder(programme):
    event, (one, *_), *_ = programme
    before = reminders.events_to_remind(one.starts_at - DAY)

    relocate(one, venue=make_venue())

    assert (before, reminders.events_to_remind(one.starts_at - DAY)) == ([event.pk], [])
    delivery.deliver_due(now=one.starts_at - DAY)
    assert reminders.events_to_remind(one.starts_at - DAY) == []


def test_a_host_whose_session_is_cancelled_hears_that_alone(programme):
    event, (one, *_), *_ = programme
    host = give_role(make_person(), RoleKind.HOST, session=one)
    host_invites.invite_hosts(event_id=event.pk, now=NOW)
    delivery.deliver_due(now=NOW)
    move(one, HOUR)

    capacity.cancel_session(session_key=one.key, actor=make_organizer(), now=NOW)

    assert [message.kind for message in waiting() if message.recipient == host] == ["host-cancelled"]
