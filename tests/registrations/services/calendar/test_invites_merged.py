"""Changes within ten minutes are one mail (specs/calendar.md R34)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from project.outbox.services import delivery
from registrations.models import Invite
from registrations.services.attending import booking, swaps
from registrations.services.calendar import notifications
from registrations.services.mailing import sent_mails
from registrations.services.organizing import capacity, schedule
from tests.factories import NOW, make_event, make_organizer, make_person, make_session, make_venue
from tests.registrations.support.mails import another_date
from tests.registrations.support.screens import fill

pytestmark = pytest.mark.django_db
TEN_MINUTES = timedelta(minutes=10)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _ten_minutes(settings):
    settings.MAIL_MERGE_SECONDS = 600


@pytest.fixture
def seat(mailbox):
    """Confirmed, and told so."""
    registration = booking.sign_up(session_key=make_session().key, attendee=make_person(), now=NOW)
    delivery.deliver_due(now=NOW)
    return registration


def move(session, by, now=NOW):
    starts_at = session.starts_at + by
    schedule.reschedule_session(
        session_key=session.key, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), now=now
    )


def relocate(session, now=NOW, **place):
    facts = {"venue": session.venue, "join_url": ""} | place
    schedule.relocate_session(session_key=session.key, now=now, **facts)


def waiting():
    return list(Message.objects.filter(status=MessageStatus.PENDING).order_by("pk"))


def dropped():
    return list(Message.objects.filter(status=MessageStatus.DROPPED).order_by("pk"))


def test_a_change_waits_ten_minutes(seat):
    move(seat.session, DAY)

    [message] = waiting()
    assert (message.kind, message.due_at) == ("session-moved", NOW + TEN_MINUTES)


def test_two_changes_are_one_mail_that_compares_with_what_was_known(seat):
    venue, before = make_venue(), notifications.facts_about(seat.session)
    move(seat.session, DAY)
    relocate(seat.session, venue=venue, now=NOW + timedelta(minutes=4))

    [message] = waiting()
    assert message.kind == "session-moved"
    assert message.facts["was"] == before
    assert message.facts["place"] == str(venue)
    assert message.facts["invite"]["sequence"] == 2
    assert message.due_at == NOW + TEN_MINUTES
    assert [old.last_error for old in dropped()] == ["merged"]


def test_somebody_who_keeps_changing_does_not_put_the_mail_off_for_ever(seat):
    for minutes in (0, 5, 9):
        move(seat.session, DAY + timedelta(minutes=minutes), now=NOW + timedelta(minutes=minutes))

    assert [message.due_at for message in waiting()] == [NOW + TEN_MINUTES]


def test_what_was_changed_back_is_not_told_and_asks_nothing_anew(seat):
    """A no to this very time, said before the detour, still counts."""
    move(seat.session, DAY)
    move(seat.session, timedelta(0))

    assert waiting() == []
    invite = Invite.objects.get()
    assert (invite.sequence, invite.asked_sequence) == (2, 0)


def test_changed_back_after_it_was_told_is_told_too(seat):
    move(seat.session, DAY)
    delivery.deliver_due(now=NOW + TEN_MINUTES)

    move(seat.session, timedelta(0), now=NOW + TEN_MINUTES)

    [message] = waiting()
    assert message.facts["starts_at"] == seat.session.starts_at.isoformat()
    assert Invite.objects.get().asked_sequence == 2


def test_moved_away_and_back_with_another_link_is_about_the_link(seat):
    move(seat.session, DAY)
    move(seat.session, timedelta(0))
    relocate(seat.session, join_url="https://meet.example.org/abc")

    [message] = waiting()
    assert message.kind == "link-changed"
    assert Invite.objects.get().asked_sequence == 0


def test_close_to_the_start_it_is_told_at_once(seat):
    now = seat.session.starts_at - timedelta(hours=2)

    relocate(seat.session, venue=make_venue(), now=now)

    assert [message.due_at for message in waiting()] == [now]


def test_moved_close_to_now_it_is_told_at_once(seat):
    move(seat.session, NOW + timedelta(hours=1) - seat.session.starts_at)

    assert [message.due_at for message in waiting()] == [NOW]


def test_a_cancellation_goes_at_once_and_alone(seat):
    move(seat.session, DAY)
    capacity.cancel_session(session_key=seat.session.key, actor=make_organizer(), now=NOW)

    [message] = waiting()
    assert (message.kind, message.due_at) == ("session-cancelled", NOW)
    assert [old.kind for old in dropped()] == ["session-moved"]


def test_giving_back_takes_the_change_back(seat):
    move(seat.session, DAY)
    booking.cancel(registration_key=seat.key, actor=seat.attendee, now=NOW)

    assert [message.kind for message in waiting()] == ["registration-cancelled"]


def test_a_swap_compares_with_what_the_person_knew(seat):
    before = notifications.facts_about(seat.session)
    move(seat.session, DAY)
    other = another_date(seat)
    swaps.swap(registration_key=seat.key, session_key=other.key, attendee=seat.attendee, now=NOW)

    [message] = waiting()
    assert message.kind == "registration-swapped"
    assert {name: message.facts["was"][name] for name in before} == before


@pytest.mark.parametrize("is_discreet", [True, False])
def test_people_without_a_calendar_entry_have_one_mail_too(mailbox, is_discreet):
    """Waiting people, and everybody of a discreet session."""
    session = make_session(event=make_event(is_discreet=is_discreet), capacity=int(is_discreet))
    booking.sign_up(session_key=session.key, attendee=make_person(), now=NOW)
    delivery.deliver_due(now=NOW)
    move(session, DAY)
    relocate(session, venue=make_venue())

    [message] = waiting()
    assert (message.kind, message.thread) == ("session-moved", None)


def test_a_link_taken_away_asks_anew(seat):
    relocate(seat.session, join_url="https://meet.example.org/abc")
    delivery.deliver_due(now=NOW + TEN_MINUTES)

    relocate(seat.session, now=NOW + TEN_MINUTES)

    assert [message.kind for message in waiting()] == ["session-relocated"]
    assert Invite.objects.get().asked_sequence == 2


def send_again(registration, kind, now):
    return sent_mails.send_again(registration_key=registration.key, kind=kind, actor=make_organizer(), now=now)


def test_changed_back_while_the_mail_goes_out_once_more_is_told(seat):
    later = NOW + TEN_MINUTES
    move(seat.session, DAY)
    delivery.deliver_due(now=later)
    send_again(seat, "session-moved", later)

    move(seat.session, timedelta(0), now=later)

    repeat, back = waiting()
    assert [message.facts["invite"]["sequence"] for message in (repeat, back)] == [1, 2]
    assert back.facts["starts_at"] == seat.session.starts_at.isoformat()
    assert dropped() == []


def test_a_change_that_waits_is_told_before_a_mail_that_goes_out_once_more(seat):
    """It says the new time, so whoever reads it has to hear when that is changed back."""
    move(seat.session, DAY)
    send_again(seat, "registration-confirmed", NOW)

    move(seat.session, timedelta(0))

    assert [(message.kind, message.facts["invite"]["sequence"]) for message in waiting()] == [
        ("session-moved", 1),
        ("registration-confirmed", 1),
        ("session-moved", 2),
    ]
    assert [message.due_at for message in waiting()] == [NOW, NOW, NOW + TEN_MINUTES]


def test_a_change_told_to_somebody_who_waited_can_go_out_once_more_and_be_followed(mailbox):
    """Their first mail knew no entry."""
    session, later = make_session(capacity=1), NOW + TEN_MINUTES
    seated, next_one = fill(session, 2)
    delivery.deliver_due(now=NOW)
    move(session, DAY)
    delivery.deliver_due(now=later)
    booking.cancel(registration_key=seated.key, actor=seated.attendee, now=later)
    delivery.deliver_due(now=later)
    send_again(next_one, "session-moved", later)

    move(session, 2 * DAY, now=later)

    assert [message.facts["invite"]["sequence"] for message in waiting()] == [0, 1]
    assert Invite.objects.get(registration=next_one).asked_sequence == 1
