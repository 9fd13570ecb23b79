from __future__ import annotations

from datetime import timedelta

import pytest

from events.enums import ComingAgain, EventStatus
from project.outbox.models import Message
from registrations.enums import Action, Attendance, Status
from registrations.models import Invite, Registration, RegistrationLog
from registrations.services.attending import booking
from registrations.services.refusals import UnableToRegister
from tests.factories import NOW, make_event, make_people, make_person, make_session, make_unit

pytestmark = pytest.mark.django_db


def test_sign_up_takes_a_free_seat():
    session, person = make_session(), make_person()

    registration = booking.sign_up(session_key=session.key, attendee=person, now=NOW)

    assert (registration.status, registration.slot) == (Status.CONFIRMED, session.event.key)
    assert [entry.action for entry in RegistrationLog.objects.all()] == [Action.CONFIRMED]
    invite = Invite.objects.get()
    message = Message.objects.get()
    assert (invite.sequence, invite.address) == (0, person.email)
    assert (message.kind, message.thread) == ("registration-confirmed", invite.uid)


def test_sign_up_of_a_full_session_waits_without_a_calendar_entry():
    session = make_session(capacity=1)
    first, second = make_people(2)
    booking.sign_up(session_key=session.key, attendee=first, now=NOW)

    registration = booking.sign_up(session_key=session.key, attendee=second, now=NOW)

    assert (registration.status, registration.waitlisted_at) == (Status.WAITLISTED, NOW)
    assert Invite.objects.count() == 1
    assert Message.objects.get(recipient=second).kind == "registration-waitlisted"


def test_sign_up_again_answers_with_the_registration_that_exists():
    session, person = make_session(), make_person()
    first = booking.sign_up(session_key=session.key, attendee=person, now=NOW)

    second = booking.sign_up(session_key=session.key, attendee=person, now=NOW)

    assert second == first
    assert (Registration.objects.count(), Message.objects.count()) == (1, 1)


def test_two_people_who_wait_at_the_same_moment_have_an_order():
    session = make_session(capacity=0)
    first, second = make_people(2)

    earlier = booking.sign_up(session_key=session.key, attendee=first, now=NOW)
    later = booking.sign_up(session_key=session.key, attendee=second, now=NOW)

    assert (earlier.waitlisted_at, later.waitlisted_at) == (NOW, NOW + timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        ({"starts_at": NOW}, "started"),
        ({"status": "CANCELLED"}, "cancelled"),
        ({"status": "HELD"}, "started"),
        ({"opens_at": NOW + timedelta(seconds=1)}, "not-open-yet"),
        ({"closes_at": NOW}, "closed"),
        ({"capacity": 0, "has_waiting_list": False}, "full-no-waitlist"),
        ({"audiences": ("STUDENT",)}, "not-eligible"),
        ({"units": ("as",)}, "not-eligible"),
    ],
)
def test_sign_up_is_refused(overrides, code):
    session, person = make_session(**overrides), make_person()

    with pytest.raises(UnableToRegister) as refusal:
        booking.sign_up(session_key=session.key, attendee=person, now=NOW)

    assert refusal.value.code == code
    assert refusal.value.text
    assert not Registration.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (EventStatus.DRAFT, "not-published"),
        (EventStatus.ARCHIVED, "not-published"),
        (EventStatus.CANCELLED, "cancelled"),
    ],
)
def test_sign_up_for_an_event_that_is_not_open_is_refused(status, code):
    session, person = make_session(event=make_event(status=status)), make_person()

    with pytest.raises(UnableToRegister) as refusal:
        booking.sign_up(session_key=session.key, attendee=person, now=NOW)

    assert refusal.value.code == code
    assert not Registration.objects.exists()


@pytest.mark.parametrize("audience", ["PHD", "MANAGER", "STAFF"])
def test_staff_admits_phd_candidates_and_managers(audience):
    session, person = make_session(audiences=("STAFF",)), make_person(audience=audience)

    registration = booking.sign_up(session_key=session.key, attendee=person, now=NOW)

    assert registration.status == Status.CONFIRMED


def test_a_session_follows_the_rule_of_its_event_unless_it_has_its_own():
    event = make_event(units=("as",))
    ours, theirs = make_session(event=event, units=("me",)), make_session(event=event)
    person = make_person(unit=make_unit("me"))

    registration = booking.sign_up(session_key=ours.key, attendee=person, now=NOW)

    assert registration.status == Status.CONFIRMED
    with pytest.raises(UnableToRegister, match="not-eligible"):
        booking.sign_up(session_key=theirs.key, attendee=make_person(), now=NOW)


def test_a_second_seat_of_the_slot_is_refused():
    event, person = make_event(), make_person()
    first, second = make_session(event=event), make_session(event=event)
    booking.sign_up(session_key=first.key, attendee=person, now=NOW)

    with pytest.raises(UnableToRegister, match="slot-taken"):
        booking.sign_up(session_key=second.key, attendee=person, now=NOW)

    assert Registration.objects.count() == 1


def test_a_seat_ends_the_other_wishes_of_its_slot():
    event, person = make_event(), make_person()
    full, free = make_session(event=event, capacity=0), make_session(event=event)
    wish = booking.sign_up(session_key=full.key, attendee=person, now=NOW)

    booking.sign_up(session_key=free.key, attendee=person, now=NOW)

    wish.refresh_from_db()
    assert wish.status == Status.CANCELLED
    assert wish.log.latest("pk").action == Action.SUPERSEDED


def test_cancel_promotes_the_next_person_at_once():
    session = make_session(capacity=1)
    first, second, third = make_people(3)
    seat, waiting, last = [
        booking.sign_up(session_key=session.key, attendee=p, now=NOW) for p in (first, second, third)
    ]

    booking.cancel(registration_key=seat.key, actor=first, now=NOW)

    waiting.refresh_from_db()
    last.refresh_from_db()
    assert (waiting.status, waiting.source, last.status) == (Status.CONFIRMED, "WAITLIST", Status.WAITLISTED)
    assert Message.objects.filter(recipient=second).latest("pk").kind == "registration-promoted"
    assert Message.objects.filter(recipient=first).latest("pk").kind == "registration-cancelled"


def test_cancel_ends_the_calendar_entry_with_the_next_sequence():
    session, person = make_session(), make_person()
    registration = booking.sign_up(session_key=session.key, attendee=person, now=NOW)

    booking.cancel(registration_key=registration.key, actor=person, now=NOW)

    invite = Invite.objects.get()
    assert (invite.state, invite.sequence) == ("CANCELLED", 1)
    assert invite.stamped_at > NOW


def test_cancel_twice_changes_nothing():
    session, person = make_session(), make_person()
    registration = booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    booking.cancel(registration_key=registration.key, actor=person, now=NOW)

    booking.cancel(registration_key=registration.key, actor=person, now=NOW + timedelta(hours=1))

    registration.refresh_from_db()
    assert registration.cancelled_at == NOW
    assert Message.objects.count() == 2


@pytest.mark.parametrize(("hours_before", "is_late"), [(25, False), (24, False), (23, True)])
def test_cancel_after_the_deadline_frees_the_seat_and_is_flagged(hours_before, is_late):
    session, person = make_session(), make_person()
    registration = booking.sign_up(session_key=session.key, attendee=person, now=NOW)

    booking.cancel(
        registration_key=registration.key, actor=person, now=session.starts_at - timedelta(hours=hours_before)
    )

    registration.refresh_from_db()
    assert (registration.status, registration.is_late_cancellation) == (Status.CANCELLED, is_late)


def test_cancel_after_the_start_is_refused():
    session, person = make_session(), make_person()
    registration = booking.sign_up(session_key=session.key, attendee=person, now=NOW)

    with pytest.raises(UnableToRegister, match="started"):
        booking.cancel(registration_key=registration.key, actor=person, now=session.starts_at)

    registration.refresh_from_db()
    assert registration.status == Status.CONFIRMED


def test_nobody_is_promoted_after_the_closing():
    session = make_session(capacity=1, closes_at=NOW + timedelta(days=1))
    first, second = make_people(2)
    seat, waiting = [booking.sign_up(session_key=session.key, attendee=p, now=NOW) for p in (first, second)]

    booking.cancel(registration_key=seat.key, actor=first, now=NOW + timedelta(days=1))

    waiting.refresh_from_db()
    assert waiting.status == Status.WAITLISTED


def test_restore_gives_a_new_seat_with_a_new_calendar_entry():
    session, person = make_session(), make_person()
    first = booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    booking.cancel(registration_key=first.key, actor=person, now=NOW)

    second = booking.restore(registration_key=first.key, attendee=person, now=NOW + timedelta(minutes=15))

    assert second.status == Status.CONFIRMED
    assert second != first
    assert Invite.objects.values("uid").distinct().count() == 2


def test_restore_behind_people_who_wait_goes_to_the_end_of_the_list():
    session = make_session(capacity=1)
    first, second, third = make_people(3)
    seat, *_ = [booking.sign_up(session_key=session.key, attendee=p, now=NOW) for p in (first, second, third)]
    booking.cancel(registration_key=seat.key, actor=first, now=NOW)

    again = booking.restore(registration_key=seat.key, attendee=first, now=NOW + timedelta(minutes=1))

    queue = Registration.objects.waiting().in_queue_order()
    assert [registration.attendee for registration in queue] == [third, first]
    assert again.status == Status.WAITLISTED


def test_restore_after_a_quarter_of_an_hour_is_refused():
    session, person = make_session(), make_person()
    registration = booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    booking.cancel(registration_key=registration.key, actor=person, now=NOW)

    with pytest.raises(UnableToRegister, match="expired"):
        booking.restore(registration_key=registration.key, attendee=person, now=NOW + timedelta(minutes=15, seconds=1))

    assert not Registration.objects.active().exists()


def test_restore_twice_gives_one_registration():
    session, person = make_session(), make_person()
    registration = booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    booking.cancel(registration_key=registration.key, actor=person, now=NOW)

    first = booking.restore(registration_key=registration.key, attendee=person, now=NOW)
    second = booking.restore(registration_key=registration.key, attendee=person, now=NOW)

    assert first == second
    assert Registration.objects.active().count() == 1


def test_that_an_unlisted_date_exists_is_not_told_to_people_who_have_been():
    event, person = make_event(coming_again=ComingAgain.ONCE), make_person()
    seat = booking.sign_up(session_key=make_session(event=event).key, attendee=person, now=NOW)
    Registration.objects.filter(pk=seat.pk).update(attendance=Attendance.PRESENT, fills_slot=False)
    later = seat.session.ends_at + timedelta(days=1)
    hidden = make_session(event=event, is_unlisted=True, starts_at=later + timedelta(days=9))
    listed = make_session(event=event, starts_at=later + timedelta(days=9))

    for session, code in ((hidden, "not-published"), (listed, "attended")):
        with pytest.raises(UnableToRegister) as refusal:
            booking.sign_up(session_key=session.key, attendee=person, now=later)
        assert refusal.value.code == code
    assert Registration.objects.get() == seat
