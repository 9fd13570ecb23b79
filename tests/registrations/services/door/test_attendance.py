from __future__ import annotations

from datetime import timedelta

import pytest

from events.enums import SessionStatus
from events.models import Session
from events.services.refusals import UnableToChange
from registrations.enums import Action, Attendance, FeedbackMail, Source, Status
from registrations.models import Invite, Registration
from registrations.services.attending import booking
from registrations.services.door import attendance
from registrations.services.organizing import capacity, schedule
from registrations.services.seats.audit import audit_seats
from tests.factories import NOW, make_event, make_people, make_person, make_session, make_venue
from tests.registrations.support.screens import fill, opening, state

pytestmark = pytest.mark.django_db


@pytest.fixture
def host():
    return make_person()


def let_in(session, address, host, now=None):
    return attendance.walk_in(session_key=session.key, address=address, actor=host, now=now or opening(session))


def test_check_in_marks_present(host):
    session = make_session()
    [claim] = fill(session, 1)

    attendance.check_in(registration_key=claim.key, actor=host, now=opening(session))

    claim.refresh_from_db()
    assert (claim.attendance, claim.checked_in_at) == (Attendance.PRESENT, opening(session))
    assert (claim.log.last().action, claim.log.last().actor) == (Action.CHECKED_IN, host)


def test_check_in_twice_is_once(host):
    session = make_session()
    [claim] = fill(session, 1)
    attendance.check_in(registration_key=claim.key, actor=host, now=opening(session))
    before = state()

    attendance.check_in(registration_key=claim.key, actor=host, now=session.starts_at)

    assert state() == before


def test_check_in_of_somebody_who_waits_is_refused(host):
    session = make_session(capacity=0)
    [claim] = fill(session, 1)
    before = state()

    with pytest.raises(UnableToChange, match="no-seat") as refusal:
        attendance.check_in(registration_key=claim.key, actor=host, now=opening(session))

    assert refusal.value.text
    assert state() == before


@pytest.mark.parametrize("verb", ["check_in", "take_back", "walk_in"])
@pytest.mark.parametrize(
    ("status", "moment", "code"),
    [
        (SessionStatus.SCHEDULED, timedelta(minutes=-30, seconds=-1), "not-open-yet"),
        (SessionStatus.HELD, timedelta(hours=1), "finished"),
        (SessionStatus.CANCELLED, timedelta(0), "cancelled"),
    ],
)
def test_closed_door_is_refused(host, verb, status, moment, code):
    session = make_session()
    [claim] = fill(session, 1)
    Session.objects.update(status=status)
    Registration.objects.update(attendance=Attendance.PRESENT if verb == "take_back" else Attendance.UNKNOWN)
    before = state()
    subject = (
        {"session_key": session.key, "address": "new@demo.example"}
        if verb == "walk_in"
        else {"registration_key": claim.key}
    )

    with pytest.raises(UnableToChange, match=code) as refusal:
        getattr(attendance, verb)(**subject, actor=host, now=session.starts_at + moment)

    assert refusal.value.text
    assert state() == before


def test_door_stays_open_after_the_end_until_somebody_finishes(host):
    session = make_session()
    [claim] = fill(session, 1)

    attendance.check_in(registration_key=claim.key, actor=host, now=session.ends_at + timedelta(days=1))

    claim.refresh_from_db()
    assert claim.has_attended


def test_take_back_undoes_a_tick(host):
    session = make_session()
    [claim] = fill(session, 1)
    attendance.check_in(registration_key=claim.key, actor=host, now=opening(session))

    attendance.take_back(registration_key=claim.key, actor=host, now=opening(session))

    claim.refresh_from_db()
    assert (claim.attendance, claim.checked_in_at, claim.status) == (Attendance.UNKNOWN, None, Status.CONFIRMED)
    assert claim.log.last().action == Action.UNCHECKED


def test_take_back_of_nothing_changes_nothing(host):
    session = make_session()
    [claim] = fill(session, 1)
    before = state()

    attendance.take_back(registration_key=claim.key, actor=host, now=opening(session))

    assert state() == before


def test_walk_in_of_somebody_new_is_counted_apart_from_the_seats(host):
    session = make_session(capacity=1)
    fill(session, 1)

    claim = let_in(session, "New.Person@Demo.Example", host)

    assert (claim.status, claim.source, claim.attendance) == (Status.CONFIRMED, Source.WALK_IN, Attendance.PRESENT)
    assert claim.attendee.email == "new.person@demo.example"
    assert Registration.objects.holding_a_seat().count() == 1
    assert [entry.action for entry in claim.log.all()] == [Action.WALKED_IN, Action.CHECKED_IN]
    assert audit_seats(now=opening(session)) == {}


def test_walk_in_twice_is_once(host):
    session = make_session()
    let_in(session, "new@demo.example", host)
    before = state()

    let_in(session, "new@demo.example", host, now=session.starts_at)

    assert state() == before


def test_walk_in_of_somebody_with_a_seat_uses_the_seat(host):
    session = make_session()
    [claim] = fill(session, 1)

    walked = let_in(session, claim.attendee.email, host)

    assert (walked.pk, walked.source, walked.attendance) == (claim.pk, Source.SELF, Attendance.PRESENT)
    assert Registration.objects.count() == 1


def test_walk_in_of_somebody_with_a_seat_in_a_full_room_is_let_in(host):
    session = make_session(capacity=1, venue=make_venue(capacity=1))
    [claim] = fill(session, 1)

    walked = let_in(session, claim.attendee.email, host)

    assert walked.has_attended


def test_walk_in_of_somebody_who_waits_keeps_the_registration(host):
    session = make_session(capacity=1)
    _, waiting = fill(session, 2)

    walked = let_in(session, waiting.attendee.email, host)

    assert (walked.pk, walked.source, walked.status) == (waiting.pk, Source.WALK_IN, Status.CONFIRMED)
    assert Registration.objects.holding_a_seat().count() == 1
    assert audit_seats(now=opening(session)) == {}


def test_walk_in_with_an_offer_takes_the_seat_that_was_offered(host):
    session = make_session(capacity=1)
    [claim] = fill(session, 1)
    Registration.objects.update(status=Status.OFFERED, offer_expires_at=session.starts_at)
    Invite.objects.all().delete()

    walked = let_in(session, claim.attendee.email, host)

    assert (walked.pk, walked.source, walked.status) == (claim.pk, Source.SELF, Status.CONFIRMED)
    assert Invite.objects.get().registration == walked
    assert walked.log.get(action=Action.ACCEPTED).actor == host


def test_walk_in_of_somebody_who_gave_the_seat_back_makes_a_new_registration(host):
    session = make_session()
    [claim] = fill(session, 1)
    booking.cancel(registration_key=claim.key, actor=claim.attendee, now=NOW)

    walked = let_in(session, claim.attendee.email, host)

    assert walked.pk != claim.pk
    assert walked.is_walk_in


def test_walk_in_with_a_seat_on_another_date_is_let_in_here_too(host):
    event = make_event()
    session, other = make_session(event=event), make_session(event=event, starts_at=NOW + timedelta(days=30))
    [claim] = fill(other, 1)

    walked = let_in(session, claim.attendee.email, host)

    assert walked.is_walk_in
    assert audit_seats(now=opening(session)) == {}


def test_walk_in_beyond_the_room_is_refused(host):
    """Who has a seat and is on the way keeps the chair."""
    session = make_session(capacity=1, venue=make_venue(capacity=2))
    fill(session, 1)
    let_in(session, "first@demo.example", host)
    before = state()

    with pytest.raises(UnableToChange, match="room-full") as refusal:
        let_in(session, "second@demo.example", host)

    assert refusal.value.text
    assert state() == before


def test_walk_in_online_has_no_room_to_fill(host):
    session = make_session(venue=None, join_url="https://meet.example/x", capacity=0)

    assert let_in(session, "new@demo.example", host).has_attended


def test_take_back_of_a_walk_in_leaves_no_trace_in_the_counts(host):
    session = make_session(venue=make_venue(capacity=2))
    claim = let_in(session, "wrong@demo.example", host)

    attendance.take_back(registration_key=claim.key, actor=host, now=opening(session))

    claim.refresh_from_db()
    assert (claim.status, claim.attendance, claim.was_given_back) == (Status.CANCELLED, Attendance.UNKNOWN, False)
    assert claim.log.last().action == Action.UNCHECKED
    assert audit_seats(now=opening(session)) == {}


def test_take_back_of_a_walk_in_who_waited_gives_the_place_back(host):
    session = make_session(capacity=1)
    _, waiting, last = fill(session, 3)
    let_in(session, waiting.attendee.email, host)

    attendance.take_back(registration_key=waiting.key, actor=host, now=opening(session))

    assert list(Registration.objects.waiting().in_queue_order()) == [waiting, last]
    assert audit_seats(now=opening(session)) == {}


def test_take_back_of_a_walk_in_who_waited_finds_the_seat_that_came_free(host):
    session = make_session(capacity=1, event=make_event(seated_until_hours=0, offered_until_hours=0))
    seat, waiting = fill(session, 2)
    let_in(session, waiting.attendee.email, host)
    booking.cancel(registration_key=seat.key, actor=seat.attendee, now=opening(session))

    attendance.take_back(registration_key=waiting.key, actor=host, now=opening(session))

    waiting.refresh_from_db()
    assert (waiting.status, waiting.source) == (Status.CONFIRMED, Source.WAITLIST)
    assert audit_seats(now=opening(session)) == {}


def test_take_back_of_a_walk_in_who_found_a_seat_on_another_date_gives_up_the_place(host):
    event = make_event()
    session, other = (
        make_session(event=event, capacity=0),
        make_session(event=event, starts_at=NOW + timedelta(days=30)),
    )
    [waiting] = fill(session, 1)
    let_in(session, waiting.attendee.email, host)
    seat = booking.sign_up(session_key=other.key, attendee=waiting.attendee, now=opening(session))
    capacity.resize_session(session_key=session.key, capacity=1, now=opening(session))

    attendance.take_back(registration_key=waiting.key, actor=host, now=opening(session))

    assert list(Registration.objects.active()) == [seat]
    assert audit_seats(now=opening(session)) == {}


def test_take_back_of_somebody_who_gave_the_claim_back_changes_nothing(host):
    """Whoever was let in can still say, until the start, that they do not come; their tick goes with the claim."""
    session = make_session(capacity=1)
    _, waiting = fill(session, 2)
    let_in(session, waiting.attendee.email, host)
    booking.cancel(registration_key=waiting.key, actor=waiting.attendee, now=opening(session))
    before = state()

    attendance.take_back(registration_key=waiting.key, actor=host, now=opening(session))

    waiting.refresh_from_db()
    assert (waiting.status, waiting.attendance) == (Status.CANCELLED, Attendance.UNKNOWN)
    assert state() == before
    assert audit_seats(now=opening(session)) == {}


def held(session, host):
    """Two with a seat of whom one comes, one who waits, one walk-in; then it is finished."""
    here, away, waiting = fill(session, 3)
    attendance.check_in(registration_key=here.key, actor=host, now=opening(session))
    walked = let_in(session, "walk-in@demo.example", host)
    attendance.finish(session_key=session.key, actor=host, now=session.ends_at)
    for claim in (here, away, waiting, walked):
        claim.refresh_from_db()
    session.refresh_from_db()
    return here, away, waiting, walked


def test_finish_holds_the_session_and_marks_the_rest_absent(host):
    session = make_session(capacity=2)

    here, away, waiting, walked = held(session, host)

    assert session.status == SessionStatus.HELD
    seen = [claim.attendance for claim in (here, away, waiting, walked)]
    assert seen == [Attendance.PRESENT, Attendance.ABSENT, Attendance.UNKNOWN, Attendance.PRESENT]
    assert away.log.last().action == Action.MARKED_ABSENT


def test_finish_makes_feedback_due_only_for_people_who_came(host):
    claims = held(make_session(capacity=2), host)

    assert [claim.feedback_mail for claim in claims] == [
        FeedbackMail.DUE,
        FeedbackMail.NONE,
        FeedbackMail.NONE,
        FeedbackMail.DUE,
    ]


def test_finish_of_a_discreet_session_makes_no_feedback_due(host):
    claims = held(make_session(capacity=2, event=make_event(is_discreet=True)), host)

    assert {claim.feedback_mail for claim in claims} == {FeedbackMail.NONE}


def test_finish_twice_is_once(host):
    session = make_session(capacity=2)
    held(session, host)
    before = state()

    attendance.finish(session_key=session.key, actor=host, now=session.ends_at + timedelta(hours=1))

    assert state() == before


@pytest.mark.parametrize(
    ("status", "moment", "code"),
    [
        (SessionStatus.SCHEDULED, timedelta(seconds=-1), "not-started"),
        (SessionStatus.CANCELLED, timedelta(hours=1), "cancelled"),
    ],
)
def test_finish_is_refused(host, status, moment, code):
    session = make_session()
    fill(session, 1)
    Session.objects.update(status=status)
    before = state()

    with pytest.raises(UnableToChange, match=code):
        attendance.finish(session_key=session.key, actor=host, now=session.starts_at + moment)

    assert state() == before


def test_a_walk_in_before_the_start_leaves_no_seat_that_the_room_does_not_hold():
    session = make_session(capacity=2, venue=make_venue(capacity=2))
    host, first, second = make_people(3)
    soon = session.starts_at - timedelta(minutes=20)
    attendance.walk_in(session_key=session.key, address="walk-in@demo.example", actor=host, now=soon)

    seated = booking.sign_up(session_key=session.key, attendee=first, now=soon)
    waiting = booking.sign_up(session_key=session.key, attendee=second, now=soon)

    assert (seated.status, waiting.status) == (Status.CONFIRMED, Status.WAITLISTED)
    assert audit_seats(now=soon) == {}


def test_a_larger_room_lets_in_people_who_waited_because_the_room_was_full():
    seats_to_the_last = make_event(seated_until_hours=0, offered_until_hours=0)
    session = make_session(capacity=2, venue=make_venue(capacity=2), event=seats_to_the_last)
    host, first, second = make_people(3)
    soon = session.starts_at - timedelta(minutes=20)
    attendance.walk_in(session_key=session.key, address="walk-in@demo.example", actor=host, now=soon)
    booking.sign_up(session_key=session.key, attendee=first, now=soon)
    waiting = booking.sign_up(session_key=session.key, attendee=second, now=soon)

    schedule.relocate_session(session_key=session.key, venue=make_venue(capacity=3), join_url="", now=soon)

    waiting.refresh_from_db()
    assert waiting.status == Status.CONFIRMED


def test_a_room_smaller_than_the_people_expected_is_refused():
    session = make_session(capacity=1, venue=make_venue(capacity=5))
    host = make_person()
    soon = session.starts_at - timedelta(minutes=20)
    for number in range(2):
        attendance.walk_in(session_key=session.key, address=f"walk-in{number}@demo.example", actor=host, now=soon)

    with pytest.raises(UnableToChange, match="room-too-small"):
        schedule.relocate_session(session_key=session.key, venue=make_venue(capacity=1), join_url="", now=soon)


def test_a_date_with_people_inside_does_not_move():
    session, host = make_session(), make_person()
    soon = session.starts_at - timedelta(minutes=20)
    attendance.walk_in(session_key=session.key, address="walk-in@demo.example", actor=host, now=soon)
    later = session.starts_at + timedelta(days=7)

    with pytest.raises(UnableToChange, match="people-inside"):
        schedule.reschedule_session(
            session_key=session.key, starts_at=later, ends_at=later + timedelta(hours=2), now=soon
        )

    session.refresh_from_db()
    assert session.starts_at == later - timedelta(days=7)
