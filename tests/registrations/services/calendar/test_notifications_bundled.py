"""One mail for one person and one cause, however many dates it is about."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.db import connection

from events.enums import SeatScope
from events.services.refusals import UnableToChange
from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from project.outbox.services import delivery, leases
from registrations.enums import Status
from registrations.models import Registration
from registrations.services.attending import booking, wishes
from registrations.services.mailing import sent_mails
from registrations.services.organizing import capacity, reinstatement, schedule
from registrations.services.seats import waitlist
from tests.factories import NOW, make_event, make_organizer, make_people, make_person, make_session, make_venue
from tests.registrations.support.clocks import at
from tests.registrations.support.mails import text_of, words_of

pytestmark = pytest.mark.django_db
HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
MERGE = timedelta(seconds=600)


@pytest.fixture(params=[0, 600], autouse=True)
def merge_seconds(request, settings):
    settings.MAIL_MERGE_SECONDS = request.param
    return request.param


def make_dates(number, *, starts_at=NOW + 10 * DAY, **overrides):
    event = overrides.pop("event", None) or make_event()
    return [
        make_session(event=event, starts_at=starts_at + day * DAY, capacity=0, **overrides) for day in range(number)
    ]


def waits_for(dates, **overrides):
    person = make_person(**overrides)
    keys = {date.key for date in dates}
    wishes.wait(event_key=dates[0].event.key, session_keys=keys, attendee=person, now=NOW)
    Message.objects.update(status=MessageStatus.SENT)
    return person


def received(mailbox, person, *, by):
    delivery.deliver_due(now=by)
    mine = [one.content for one in mailbox.envelopes if one.rcpt_tos == [person.email]]
    return [message_from_bytes(raw, policy=policy.default) for raw in mine]


def move(session, now, by=HOUR):
    starts_at, ends_at = session.starts_at + by, session.ends_at + by
    schedule.reschedule_session(session_key=session.key, starts_at=starts_at, ends_at=ends_at, now=now)


def cancel(session, now):
    capacity.cancel_session(session_key=session.key, actor=make_organizer(), now=now)


def reinstate(session, now):
    reinstatement.reinstate_session(session_key=session.key, actor=make_organizer(), now=now)


def relocate(session, now):
    schedule.relocate_session(session_key=session.key, venue=make_venue(), join_url="", now=now)


@pytest.mark.parametrize("is_discreet", [False, True])
@pytest.mark.parametrize("act", [move, relocate, cancel])
def test_eight_changes_in_a_few_minutes_are_one_mail_to_somebody_who_waits(mailbox, act, is_discreet):
    dates = make_dates(8, event=make_event(is_discreet=is_discreet))
    person = waits_for(dates)
    for number, date in enumerate(dates):
        act(date, NOW + number * MINUTE)

    [mail] = received(mailbox, person, by=NOW + 8 * MINUTE + MERGE)

    words = text_of(mail)
    assert all(f"{date.local_start:%-d} March" in words for date in dates)
    assert (dates[0].event.title in words) != is_discreet
    states = Counter(
        Message.objects.filter(recipient=person, created_at__gt=NOW - DAY).values_list("status", flat=True)
    )
    assert states[MessageStatus.PENDING] == 0


def test_dates_that_take_place_after_all_are_one_mail(mailbox):
    dates = make_dates(4)
    person = waits_for(dates)
    for date in dates:
        cancel(date, NOW)
    received(mailbox, person, by=NOW + MERGE)
    mailbox.envelopes.clear()
    for number, date in enumerate(dates):
        reinstate(date, NOW + HOUR + number * MINUTE)

    [mail] = received(mailbox, person, by=NOW + 2 * HOUR)

    assert text_of(mail).count("takes place after all") == len(dates)


def test_dates_whose_seats_open_together_are_one_mail(mailbox):
    """So close to the start that whoever is first takes a free seat."""
    monday = at("2026-03-16 12:00")
    event = make_event(seated_until_hours=72, offered_until_hours=48)
    dates = [make_session(event=event, starts_at=monday + n * HOUR, capacity=1) for n in range(6)]
    seats = [
        booking.sign_up(session_key=date.key, attendee=person, now=NOW)
        for date, person in zip(dates, make_people(6), strict=True)
    ]
    person = waits_for(dates)
    Registration.objects.filter(pk__in=[seat.pk for seat in seats]).update(status=Status.CANCELLED, cancelled_at=NOW)
    now = at("2026-03-15 12:00")
    waitlist.settle_event(event_id=event.pk, now=now)

    [mail] = received(mailbox, person, by=now)

    assert text_of(mail).count("A seat is free now at") == len(dates)
    assert words_of(mail).count("Take the seat") == 2 * len(dates)


def test_seats_that_are_offered_together_are_one_mail_with_a_deadline_and_a_link_each(mailbox):
    event = make_event(seat_scope=SeatScope.SESSION, seated_until_hours=96)
    dates = make_dates(3, event=event, starts_at=at("2026-03-12 10:00"))
    person, now = waits_for(dates), at("2026-03-11 09:00")
    type(dates[0]).objects.filter(event=event).update(capacity=1)
    waitlist.settle_event(event_id=event.pk, now=now)

    offers = Registration.objects.filter(attendee=person, status=Status.OFFERED)
    mails_of_offers = received(mailbox, person, by=now)

    assert len(mails_of_offers) == 1
    assert text_of(mails_of_offers[0]).count("We are holding the seat for you until") == offers.count() > 1


def test_a_calendar_entry_has_a_mail_of_its_own(mailbox):
    event = make_event(seat_scope=SeatScope.SESSION)
    dates = [make_session(event=event, starts_at=NOW + day * DAY) for day in (10, 11)]
    person = make_person()
    for date in dates:
        booking.sign_up(session_key=date.key, attendee=person, now=NOW)
    Message.objects.update(status=MessageStatus.SENT)
    for date in dates:
        move(date, NOW)

    assert len(received(mailbox, person, by=NOW + MERGE)) == len(dates)


def test_whoever_wants_no_entries_has_one_mail_about_all_seats(mailbox):
    event = make_event(seat_scope=SeatScope.SESSION)
    dates = [make_session(event=event, starts_at=NOW + day * DAY) for day in (10, 11)]
    person = make_person(calendar_preference="NONE")
    for date in dates:
        booking.sign_up(session_key=date.key, attendee=person, now=NOW)
    Message.objects.update(status=MessageStatus.SENT)
    for date in dates:
        move(date, NOW)

    assert len(received(mailbox, person, by=NOW + MERGE)) == 1


def test_sending_again_sends_that_mail_alone(mailbox):
    dates = make_dates(2)
    person = waits_for(dates)
    claim = Registration.objects.filter(attendee=person).first()
    Message.objects.all().delete()
    move(dates[0], NOW)
    received(mailbox, person, by=NOW + MERGE)
    assert claim is not None
    with pytest.raises(UnableToChange, match="out-of-date"):
        sent_mails.send_again(registration_key=claim.key, kind="session-moved", actor=make_organizer(), now=NOW + HOUR)


def test_a_mail_that_is_tried_again_still_says_all_of_it(mailbox):
    dates = make_dates(3)
    person = waits_for(dates)
    for date in dates:
        move(date, NOW)
    mailbox.refuse_with = "451 later"
    delivery.deliver_due(now=NOW + MERGE)
    mailbox.refuse_with = None

    [mail] = received(mailbox, person, by=NOW + MERGE + HOUR)

    assert text_of(mail).count("has moved to another time") == len(dates)


@pytest.mark.parametrize("is_guarded", [True, False])
def test_of_one_bundle_only_one_mail_is_taken_at_a_time(monkeypatch, is_guarded):
    """And without the guard, two workers have two of them."""
    if not is_guarded:
        monkeypatch.setattr(leases, "TAKE", leases.TAKE.replace("mine.bundle <> ''", "mine.bundle = 'none'"))
    dates = make_dates(2)
    waits_for(dates)
    for date in dates:
        move(date, NOW)

    first, second = leases.take_due(now=NOW + MERGE), leases.take_due(now=NOW + MERGE)

    assert first is not None
    assert (second is None) == is_guarded


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_share_the_mails_of_one_person(mailbox):
    dates = make_dates(6)
    person = waits_for(dates)
    for date in dates:
        move(date, NOW)
    barrier = threading.Barrier(4)

    def work():
        barrier.wait()
        delivery.deliver_due(now=NOW + MERGE)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len([one for one in mailbox.envelopes if one.rcpt_tos == [person.email]]) == 1
    assert leases.take_due(now=NOW + MERGE) is None
