"""Reminders, and "still coming?" (product K5): who gets one, when, and never twice."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from project.accounts.enums import AddressPurpose
from project.accounts.models import User
from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from registrations.enums import Action, Status
from registrations.models import Registration, RegistrationLog
from registrations.services.attending import address_changes, booking, swaps
from registrations.services.mailing import reminders
from registrations.services.organizing import schedule
from registrations.services.refusals import UnableToRegister
from registrations.tasks import send_reminders
from tests.factories import NOW, make_event, make_person, make_session, make_venue
from tests.registrations.support.clocks import HOUR, MINUTE, at, sold_out
from tests.registrations.support.races import at_once
from tests.registrations.support.reminded import (
    ASKED,
    REMINDED,
    START,
    ask,
    kinds,
    make_discreet_seat,
    make_seat,
    remind,
)
from tests.registrations.support.screens import fill

pytestmark = pytest.mark.django_db


def change_address(person, address, now):
    pending = address_changes.request_change(person=person, purpose=AddressPurpose.ACCOUNT, address=address, now=now)
    address_changes.confirm(key=str(pending.key), person=person, now=now)


def test_remind_writes_one_mail_the_day_before(clock):
    seat = make_seat()

    early, due, again = remind(REMINDED - MINUTE), remind(), remind(REMINDED + MINUTE)

    assert (early, kinds(due), again) == ([], ["reminder"], [])
    assert (due[0].recipient, due[0].subject_id) == (seat.attendee, seat.key)
    seat.refresh_from_db()
    assert seat.reminded_at == REMINDED


@pytest.mark.parametrize("signed_up", [REMINDED - 11 * HOUR, REMINDED + HOUR])
def test_remind_leaves_alone_people_who_have_just_taken_the_seat(signed_up):
    """They read all of it in the confirmation: at most four mails if nothing happens."""
    make_seat(signed_up=signed_up)

    assert remind() == remind(REMINDED + 2 * HOUR) == []


def test_remind_leaves_alone_people_who_have_just_heard_of_another_room():
    seat = make_seat()
    schedule.relocate_session(session_key=seat.session.key, venue=make_venue(), join_url="", now=REMINDED - 2 * HOUR)

    assert remind() == []


def test_remind_tells_people_who_were_told_nothing_of_a_detour(settings):
    """Moved and moved back before anybody read of it: their calendar entry counts on, and no mail was sent."""
    settings.MAIL_MERGE_SECONDS = 600
    seat = make_seat()
    for minutes, starts_at in ((0, START + HOUR), (3, START)):
        now = REMINDED - 5 * HOUR + minutes * MINUTE
        schedule.reschedule_session(
            session_key=seat.session.key, starts_at=starts_at, ends_at=starts_at + 2 * HOUR, now=now
        )

    assert kinds(remind()) == ["reminder"]


@pytest.mark.parametrize(("preference", "due"), [("INVITE", []), ("FEED", ["reminder"]), ("NONE", ["reminder"])])
def test_remind_after_another_address_tells_people_who_got_no_invitation_there(preference, due):
    seat = make_seat(make_person(calendar_preference=preference))
    change_address(seat.attendee, "new@demo.example", now=REMINDED - 5 * HOUR)

    assert kinds(remind()) == due


def test_remind_tells_people_who_were_told_in_a_mail_that_was_given_up():
    seat = make_seat()
    schedule.relocate_session(session_key=seat.session.key, venue=make_venue(), join_url="", now=REMINDED - 2 * HOUR)
    Message.objects.filter(kind="session-relocated").update(status=MessageStatus.FAILED)

    assert kinds(remind()) == ["reminder"]


def test_remind_is_not_for_people_who_wait_have_left_or_walked_in():
    _, seat, waiting = sold_out()
    booking.cancel(registration_key=waiting[0].key, actor=waiting[0].attendee, now=NOW)
    gone = make_seat()
    booking.cancel(registration_key=gone.key, actor=gone.attendee, now=NOW)

    assert [message.recipient for message in remind()] == [seat.attendee]


def test_remind_leaves_alone_people_who_are_giving_the_seat_back_in_the_calendar():
    seat = make_seat()
    seat.invites.update(release_at=REMINDED + MINUTE)

    declined = remind()
    seat.invites.update(release_at=None)

    assert (declined, kinds(remind(REMINDED + HOUR))) == ([], ["reminder"])


def test_remind_of_a_cancelled_session_is_not_written():
    seat = make_seat()
    seat.session.status = "CANCELLED"
    seat.session.save()

    assert remind() == []


def test_a_session_that_moves_is_reminded_of_anew():
    seat = make_seat()
    remind()
    later = START + timedelta(days=7)
    schedule.reschedule_session(
        session_key=seat.session.key, starts_at=later, ends_at=later + HOUR, now=REMINDED + HOUR
    )

    assert remind(REMINDED + timedelta(days=2)) == []
    assert kinds(remind(REMINDED + timedelta(days=7))) == ["reminder"]


def test_a_swap_shortly_before_needs_no_reminder():
    event = make_event()
    seat = make_seat(event=event)
    other = make_session(event=event, starts_at=START + HOUR, capacity=5)
    swaps.swap(registration_key=seat.key, session_key=other.key, attendee=seat.attendee, now=REMINDED - HOUR)

    assert remind() == remind(REMINDED + HOUR) == []


def test_two_due_at_once_make_one_mail():
    person = make_person()
    make_seat(person, starts_at=at("2026-03-12 07:00"))
    make_seat(person, starts_at=at("2026-03-12 07:30"))

    assert kinds(remind(at("2026-03-11 08:00"))) == ["reminders"]


def test_two_rounds_of_a_conference_make_one_mail():
    person, event = make_person(), make_event(seat_scope="SESSION")
    make_seat(person, event=event)
    make_seat(person, event=event, starts_at=START + HOUR)

    assert kinds(remind(REMINDED + HOUR)) == ["reminders"]


def test_a_newcomer_on_the_day_hides_nobody_elses_reminder():
    """The first seat of the day is too new for a reminder; the second is not."""
    person = make_person()
    make_seat(person, signed_up=REMINDED - HOUR)
    make_seat(person, starts_at=START + HOUR)

    assert remind() == []
    assert kinds(remind(REMINDED + HOUR)) == ["reminders"]


def test_remind_of_a_discreet_session_is_off_unless_wanted():
    make_discreet_seat(make_person())

    assert remind() == []


def test_remind_costs_the_same_for_many(django_assert_num_queries):
    """Specs of the scale: statements per event do not depend on how many people it concerns."""
    one = make_seat()
    many = make_session(starts_at=START, capacity=60, event=make_event())
    fill(many, 30)

    with django_assert_num_queries(8):
        reminders.remind(event_id=one.session.event_id, now=REMINDED)
    with django_assert_num_queries(8):
        reminders.remind(event_id=many.event_id, now=REMINDED)

    assert Message.objects.filter(kind="reminder").count() == 31


def test_remind_goes_in_chunks(monkeypatch):
    monkeypatch.setattr(reminders, "AT_ONCE", 2)
    session = make_session(starts_at=START, capacity=9)
    fill(session, 5)

    rounds = [reminders.remind(event_id=session.event_id, now=REMINDED) for _ in range(3)]

    assert rounds == [True, True, False]
    assert Message.objects.filter(kind="reminder").count() == 5


def sent_by_schedulers_at_once():
    """What somebody with two seats on one day got, of which one is at a full session."""
    _, seat, _ = sold_out()
    make_seat(seat.attendee, starts_at=START + MINUTE)
    at_once(*[lambda: ask(ASKED)] * 4)
    at_once(*[lambda: remind(REMINDED + MINUTE)] * 4)
    sent = Message.objects.filter(recipient=seat.attendee).order_by("pk").values_list("kind", flat=True)
    return [kind for kind in sent if kind in {"still-coming", "reminder", "reminders"}]


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
def test_schedulers_at_once_remind_and_ask_once(in_step):
    assert sent_by_schedulers_at_once() == ["still-coming", "reminders"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
def test_without_the_lock_schedulers_at_once_repeat_each_other(in_step, without_the_lock):
    assert len(sent_by_schedulers_at_once()) > 2


def test_ask_people_with_a_seat_where_people_wait():
    _, seat, _ = sold_out()

    early, due, again = ask(ASKED - MINUTE), ask(), ask(ASKED + MINUTE)

    assert (early, kinds(due), again) == ([], ["still-coming"], [])
    assert due[0].recipient == seat.attendee
    seat.refresh_from_db()
    assert seat.asked_at == ASKED


def test_ask_nobody_where_nobody_waits_or_a_seat_is_free():
    full = make_seat(capacity=1)
    make_seat()

    assert ask() == []
    assert full.is_confirmed


def test_ask_nobody_who_has_just_taken_the_seat():
    session, seat, _ = sold_out()
    Registration.objects.filter(pk=seat.pk).update(confirmed_at=ASKED - 2 * HOUR)

    assert ask() == []
    assert session.pk == seat.session_id


def test_ask_nobody_about_a_discreet_session():
    sold_out(event=make_event(is_discreet=True))

    assert ask() == []


def test_say_still_coming_is_noted_once():
    _, seat, _ = sold_out()
    ask()

    for _ in range(2):
        reminders.say_still_coming(registration_key=seat.key, now=ASKED + HOUR)

    seat.refresh_from_db()
    assert seat.status == Status.CONFIRMED
    assert RegistrationLog.objects.filter(registration=seat, action=Action.STILL_COMING).count() == 1


@pytest.mark.parametrize(("now", "code"), [(ASKED, "expired"), (START, "started")])
def test_say_still_coming_is_refused(now, code):
    _, seat, _ = sold_out()
    if code == "expired":
        booking.cancel(registration_key=seat.key, actor=seat.attendee, now=NOW)

    with pytest.raises(UnableToRegister) as refusal:
        reminders.say_still_coming(registration_key=seat.key, now=now)

    assert refusal.value.code == code
    assert not RegistrationLog.objects.filter(action=Action.STILL_COMING).exists()


def test_the_scheduler_does_both(clock):
    make_seat(starts_at=NOW + timedelta(days=1))
    sold_out("2026-03-05 14:00")
    Registration.objects.update(confirmed_at=NOW - timedelta(days=5))
    Message.objects.update(due_at=NOW - timedelta(days=5))

    send_reminders()

    assert kinds(Message.objects.order_by("pk"))[-2:] == ["reminder", "still-coming"]


@pytest.mark.slow
@pytest.mark.postgresql
def test_ten_thousand_due_at_once_are_many_short_locks():
    """Fifty transactions of a few statements each, however many people; nothing is rendered under the lock."""
    session = make_session(starts_at=START, capacity=10_000, venue=make_venue(capacity=10_000))
    people = User.objects.bulk_create(User(email=f"p{number}@demo.example", joined_at=NOW) for number in range(10_000))
    Registration.objects.bulk_create(
        Registration(
            session=session, slot=session.slot, attendee=person, status="CONFIRMED", created_at=NOW, confirmed_at=NOW
        )
        for person in people
    )

    counts: list[int] = []
    took: list[float] = []
    while not counts or Registration.objects.filter(reminded_at=None).exists():
        started = time.monotonic()
        with CaptureQueriesContext(connection) as sent:
            reminders.remind(event_id=session.event_id, now=REMINDED)
        took.append(time.monotonic() - started)
        counts.append(len(sent))

    assert counts == [8] * 50
    assert Message.objects.filter(kind="reminder").values("recipient").distinct().count() == 10_000
    print(f"reminders: 10,000 in {sum(took):.1f} s, the longest lock {max(took):.2f} s")  # noqa: T201  # a figure to read
