"""Several mails to one person that meet on their way."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from project.outbox.services import delivery
from registrations.models import Interest, Registration
from registrations.services.attending import booking, interest, wishes
from registrations.services.organizing import capacity, reinstatement, schedule
from tests.factories import NOW, make_event, make_organizer, make_person, make_session
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


def test_events_that_have_dates_at_the_same_time_are_one_mail(mailbox):
    person = make_person()
    events = [make_event() for _ in range(3)]
    for event in events:
        Interest.objects.create(event=event, person=person, created_at=NOW)
        make_session(event=event)
    for event in events:
        interest.announce(event_id=event.pk, now=NOW)

    [mail] = received(mailbox, person, by=NOW)

    assert all(event.title in text_of(mail) for event in events)


def test_discreet_dates_never_stand_beside_others(mailbox):
    open_dates, secret = make_dates(2), make_dates(2, event=make_event(is_discreet=True))
    person = waits_for(open_dates)
    wishes.wait(event_key=secret[0].event.key, session_keys={s.key for s in secret}, attendee=person, now=NOW)
    Message.objects.update(status=MessageStatus.SENT)
    for date in [*open_dates, *secret]:
        move(date, NOW)

    received_mails = received(mailbox, person, by=NOW + MERGE)

    assert len(received_mails) == 2
    assert [secret[0].event.title in words_of(mail) for mail in received_mails] == [False, False]


def test_of_what_is_no_longer_true_nothing_is_said(mailbox):
    """With one thing left, it is the mail that says it alone."""
    dates = make_dates(2)
    person = waits_for(dates)
    for date in dates:
        cancel(date, NOW)
    for date in dates:
        reinstate(date, NOW)
    Message.objects.filter(kind="session-cancelled").update(status=MessageStatus.SENT)
    gone = Registration.objects.get(session=dates[0], attendee=person)
    booking.cancel(registration_key=gone.key, actor=person, now=NOW)

    [mail] = received(mailbox, person, by=NOW + MERGE)

    assert mail["Subject"].startswith("It takes place after all")
