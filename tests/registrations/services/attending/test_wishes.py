from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from events.models import Session
from project.accounts.enums import Audience
from project.outbox.models import Message
from registrations.enums import Status
from registrations.models import AccessLink, Registration
from registrations.services.attending import booking, wishes
from registrations.services.door import attendance
from registrations.services.refusals import UnableToRegister
from registrations.services.seats.audit import audit_seats
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.seats.offered import everything, full_session, take, two_dates

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


def wait(person, *sessions, event=None, now=NOW):
    event = event or sessions[0].event
    keys = {session.key for session in sessions}
    return wishes.wait(event_key=event.key, session_keys=keys, attendee=person, now=now)


def wished(person):
    waiting = Registration.objects.waiting().filter(attendee=person)
    return list(waiting.order_by("session__starts_at").values_list("session", flat=True))


def moments(person):
    return set(Registration.objects.waiting().filter(attendee=person).values_list("waitlisted_at", flat=True))


def mails_to(person):
    return list(Message.objects.filter(recipient=person).order_by("pk").values_list("kind", flat=True))


def test_wait_for_two_dates_is_one_wish_of_one_moment_with_one_mail():
    person, dates = make_person(), two_dates()

    claims = wait(person, *dates)

    assert wished(person) == [session.pk for session in dates]
    assert moments(person) == {claims[0].waitlisted_at}
    assert mails_to(person) == ["registration-waitlisted"]
    assert audit_seats(now=NOW) == {}


def test_wait_again_with_the_same_dates_changes_nothing():
    person, dates = make_person(), two_dates()
    wait(person, *dates)
    before = everything()

    wait(person, *dates, now=LATER)

    assert everything() == before


def test_changing_the_dates_keeps_the_moment_of_joining():
    person, (one, other) = make_person(), two_dates()
    wait(person, one)
    joined = moments(person)

    wait(person, other, now=LATER)

    assert wished(person) == [other.pk]
    assert moments(person) == joined
    assert mails_to(person) == ["registration-waitlisted"]


def test_somebody_who_changes_the_dates_stays_ahead_of_people_who_came_later():
    one, other = two_dates()
    first, second = make_person(), make_person()
    wait(first, one)
    wait(second, other, now=LATER)
    wait(first, other, now=LATER + timedelta(hours=1))
    seat = Registration.objects.get(session=other, status=Status.CONFIRMED)

    booking.cancel(registration_key=seat.key, actor=seat.attendee, now=LATER + timedelta(hours=2))

    assert Registration.objects.get(session=other, attendee=first).status == Status.CONFIRMED
    assert wished(second) == [other.pk]


def test_wait_for_no_date_leaves_the_list():
    person, dates = make_person(), two_dates()
    wait(person, *dates)

    wait(person, event=dates[0].event)

    rows = Registration.objects.filter(attendee=person)
    assert wished(person) == []
    assert {(row.status, row.cancelled_by) for row in rows} == {(Status.CANCELLED, "PERSON")}
    assert {row.log.latest("pk").action for row in rows} == {"LEFT"}


def waits_for_all(*, event_key, attendee, now):
    keys = set(Session.objects.filter(event__key=event_key).values_list("key", flat=True))
    return wishes.wait(event_key=event_key, session_keys=keys, attendee=attendee, now=now)


def waits_for_the_last(*, event_key, attendee, now):
    last = Session.objects.filter(event__key=event_key).latest("starts_at")
    return wishes.wait_for(session_key=last.key, attendee=attendee, now=now)


@pytest.mark.parametrize("starts_in", [timedelta(days=12), timedelta(days=2), timedelta(hours=2)])
@pytest.mark.parametrize("verb", [waits_for_all, waits_for_the_last, wishes.wait_for_any])
def test_waiting_takes_no_seat_that_is_free(verb, starts_in):
    full = full_session(starts_at=NOW + timedelta(hours=1))
    make_session(event=full.event, starts_at=NOW + starts_in)

    refused("seat-free", verb, event_key=full.event.key, attendee=make_person())


def test_waiting_beside_a_seat_does_not_move_it():
    held = take(make_session(), make_person())
    make_session(event=held.session.event, starts_at=NOW + timedelta(days=12))

    refused("seat-free", waits_for_the_last, event_key=held.session.event.key, attendee=held.attendee)


def test_wait_where_the_only_free_seat_is_for_another_group_joins_the_list():
    group = {"held_seats": 1, "held_audiences": (Audience.STUDENT,), "held_until": NOW + timedelta(days=5)}
    person, session = make_person(), make_session(capacity=1, **group)

    wait(person, session)

    assert wished(person) == [session.pk]


def test_take_first_seat_takes_the_earliest_and_ends_the_wishes():
    person, (full, other) = make_person(), two_dates()
    wait(person, full, other)
    free = [make_session(event=full.event, starts_at=NOW + timedelta(days=days)) for days in (13, 12)]

    claims = wishes.take_first_seat(event_key=full.event.key, attendee=person, now=NOW)

    assert [(claim.session_id, claim.status) for claim in claims] == [(free[1].pk, Status.CONFIRMED)]
    assert wished(person) == []
    assert audit_seats(now=NOW) == {}


def test_take_first_seat_with_none_free_waits_for_any():
    person, (one, other) = make_person(), two_dates()

    wishes.take_first_seat(event_key=one.event.key, attendee=person, now=NOW)

    assert wished(person) == [one.pk, other.pk]
    assert Registration.objects.filter(attendee=person, wants_any_date=True).count() == 2


def in_languages(*languages, capacity=0):
    event = make_event()
    return [
        make_session(event=event, language=language, capacity=capacity, starts_at=NOW + timedelta(days=10 + number))
        for number, language in enumerate(languages)
    ]


def test_take_first_seat_in_a_language_leaves_an_earlier_one_in_another():
    person, (_, both, _) = make_person(), in_languages("nl", "en+nl", "en", capacity=1)

    (seat,) = wishes.take_first_seat(event_key=both.event.key, attendee=person, language="en", now=NOW)

    assert seat.session_id == both.pk
    assert audit_seats(now=NOW) == {}


@pytest.mark.parametrize(("language", "joined"), [("en", [1, 2]), ("nl", [0, 1]), ("", [0, 1, 2])])
def test_wait_for_any_in_a_language_joins_only_those(language, joined):
    person, dates = make_person(), in_languages("nl", "en+nl", "en")

    wishes.wait_for_any(event_key=dates[0].event.key, attendee=person, language=language, now=NOW)

    assert wished(person) == [dates[number].pk for number in joined]
    kept = Registration.objects.filter(attendee=person).values_list("any_date_language", flat=True)
    assert set(kept) == {language}


def test_wait_for_any_in_a_language_is_not_kept_from_it_by_a_free_seat_in_another():
    person, (full,) = make_person(), in_languages("en")
    make_session(event=full.event, language="nl", starts_at=NOW + timedelta(days=5))

    wishes.wait_for_any(event_key=full.event.key, attendee=person, language="en", now=NOW)

    assert wished(person) == [full.pk]


@pytest.mark.parametrize("verb", [wishes.wait_for_any, wishes.take_first_seat])
def test_any_date_in_a_language_that_none_is_in_is_refused(verb):
    (only,) = in_languages("nl", capacity=1)

    refused("no-such-language", verb, event_key=only.event.key, attendee=make_person(), language="en")


@pytest.mark.parametrize(("language", "status"), [("en", Status.WAITLISTED), ("nl", Status.CONFIRMED)])
def test_a_date_whose_language_changes_is_given_only_to_people_it_suits(language, status):
    person, (one,) = make_person(), in_languages("en+nl", capacity=1)
    seat = take(one, make_person())
    wishes.wait_for_any(event_key=one.event.key, attendee=person, language=language, now=NOW)
    Session.objects.filter(pk=one.pk).update(language="nl")

    booking.cancel(registration_key=seat.key, actor=seat.attendee, now=LATER)

    assert Registration.objects.get(attendee=person).status == status
    assert audit_seats(now=LATER) == {}


def test_naming_dates_ends_the_limit_to_a_language():
    person, dates = make_person(), in_languages("en", "nl")
    wishes.wait_for_any(event_key=dates[0].event.key, attendee=person, language="en", now=NOW)

    wait(person, *dates)

    assert set(Registration.objects.waiting().values_list("wants_any_date", "any_date_language")) == {(False, "")}


@pytest.mark.parametrize(
    "gone", [{"starts_at": NOW - timedelta(hours=1)}, {"status": "CANCELLED"}, {"status": "HELD", "starts_at": NOW}]
)
def test_wait_leaves_out_what_is_over_and_keeps_the_rest(gone):
    person, (one, other) = make_person(), two_dates()
    bad = make_session(event=one.event, **gone)

    wait(person, one, bad, other)

    assert wished(person) == [one.pk, other.pk]


@pytest.mark.parametrize(
    ("gone", "code"), [({"starts_at": NOW - timedelta(hours=1)}, "started"), ({"status": "CANCELLED"}, "cancelled")]
)
def test_wait_for_what_is_over_says_so_and_leaves_no_list(gone, code):
    person, (one, _) = make_person(), two_dates()
    wait(person, one)
    bad = make_session(event=one.event, **gone)

    refused(code, wishes.wait, event_key=one.event.key, session_keys={bad.key}, attendee=person)


def test_somebody_with_a_seat_waits_to_swap_it():
    person, (one, other) = make_person(), two_dates()
    mine = take(make_session(event=one.event, starts_at=NOW + timedelta(days=20)), person)

    wait(person, one, other)

    wanted = Registration.objects.waiting().filter(attendee=person)
    assert {wish.replaces_id for wish in wanted} == {mine.pk}
    assert audit_seats(now=NOW) == {}


def test_wait_for_one_date_more_keeps_the_others():
    person, (one, other) = make_person(), two_dates()
    wait(person, one)

    wishes.wait_for(session_key=other.key, attendee=person, now=LATER)

    assert wished(person) == [one.pk, other.pk]
    assert len(moments(person)) == 1


def test_the_seat_comes_where_it_is_needed_least_by_others():
    one, other = two_dates()
    flexible, strict = make_person(), make_person()
    wait(flexible, one, other)
    wait(strict, one, now=LATER)
    for session in (other, one):
        seat = Registration.objects.get(session=session, status=Status.CONFIRMED)
        booking.cancel(registration_key=seat.key, actor=seat.attendee, now=LATER)

    assert Registration.objects.get(attendee=flexible, session=other).status == Status.CONFIRMED
    assert Registration.objects.get(attendee=strict, session=one).status == Status.CONFIRMED
    assert Registration.objects.get(attendee=flexible, session=one).status == Status.CANCELLED
    assert audit_seats(now=LATER) == {}


def refused(code, verb, **facts):
    before = everything()
    with pytest.raises(UnableToRegister) as refusal:
        verb(now=NOW, **facts)
    assert refusal.value.code == code
    assert everything() == before


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        ({"audiences": (Audience.STUDENT,)}, "not-eligible"),
        ({"opens_at": NOW + timedelta(days=1)}, "not-open-yet"),
        ({"closes_at": NOW}, "closed"),
        ({"capacity": 0, "has_waiting_list": False}, "full-no-waitlist"),
        ({"is_unlisted": True}, "another-slot"),
        ({"is_unlisted": True, "status": "CANCELLED"}, "another-slot"),
    ],
)
def test_wait_is_refused_as_a_whole(overrides, code):
    person, (one, other) = make_person(), two_dates()
    wait(person, one)
    bad = make_session(event=one.event, **overrides)

    refused(code, wishes.wait, event_key=one.event.key, session_keys={one.key, other.key, bad.key}, attendee=person)


@pytest.mark.parametrize("key", [uuid4(), None])
def test_wait_for_a_date_of_another_event_is_refused(key):
    one, _ = two_dates()
    keys = {one.key, key or make_session().key}

    refused("another-slot", wishes.wait, event_key=one.event.key, session_keys=keys, attendee=make_person())


@pytest.mark.parametrize("verb", [wishes.wait_for_any, wishes.wait])
def test_wait_without_a_group_is_refused_where_it_matters(verb):
    one = make_session(capacity=0, audiences=(Audience.STUDENT,))
    more = {"session_keys": {one.key}} if verb is wishes.wait else {}
    newcomer = make_person(name="", unit=None, audience="")

    refused("not-introduced", verb, event_key=one.event.key, attendee=newcomer, **more)


@pytest.mark.parametrize("verb", [wishes.wait_for_any, wishes.wait])
def test_a_newcomer_waits_where_everybody_may_come(verb):
    one, _ = two_dates()
    more = {"session_keys": {one.key}} if verb is wishes.wait else {}
    newcomer = make_person(name="", unit=None, audience="")

    verb(event_key=one.event.key, attendee=newcomer, now=NOW, **more)

    assert one.pk in wished(newcomer)


def test_wait_for_any_waits_for_what_is_for_the_person():
    person, (one, other) = make_person(), two_dates()
    full_session(event=one.event, starts_at=NOW + timedelta(days=15))
    for_students = make_session(event=one.event, capacity=0, audiences=(Audience.STUDENT,))
    make_session(event=one.event, capacity=0, is_unlisted=True)

    wishes.wait_for_any(event_key=one.event.key, attendee=person, now=NOW)

    assert len(wished(person)) == 3
    assert for_students.pk not in wished(person)
    assert {one.pk, other.pk} <= set(wished(person))
    assert set(Registration.objects.waiting().filter(attendee=person).values_list("wants_any_date", flat=True)) == {
        True
    }


def test_wait_for_any_where_a_link_admits_waits_there_too():
    person, (one, _) = make_person(), two_dates()
    hidden = make_session(event=one.event, capacity=0, is_unlisted=True)
    AccessLink.objects.create(session=hidden, address=person.email, created_at=NOW, expires_at=hidden.starts_at)

    wishes.wait_for_any(event_key=one.event.key, attendee=person, now=NOW)

    assert hidden.pk in wished(person)


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        ({"audiences": (Audience.STUDENT,)}, "not-eligible"),
        ({"capacity": 0, "has_waiting_list": False}, "full-no-waitlist"),
        ({"closes_at": NOW}, "closed"),
        ({"is_unlisted": True}, "closed"),
    ],
)
def test_wait_for_any_is_refused_where_no_date_will_do(overrides, code):
    session = make_session(**overrides)

    refused(code, wishes.wait_for_any, event_key=session.event.key, attendee=make_person())


def test_wait_where_an_organiser_approves_asks_for_the_dates():
    person, event = make_person(), make_event(needs_approval=True)
    one, other = (make_session(event=event, starts_at=NOW + timedelta(days=days)) for days in (10, 11))

    claims = wait(person, one, other)

    assert {claim.status for claim in claims} == {Status.REQUESTED}
    assert len({claim.waitlisted_at for claim in claims}) == 1
    assert audit_seats(now=NOW) == {}


def test_a_seat_elsewhere_leaves_people_who_walked_in_before_as_they_are():
    event = make_event()
    first = make_session(event=event, capacity=0, starts_at=NOW + timedelta(minutes=20))
    second = make_session(event=event, starts_at=NOW + timedelta(days=9))
    person = make_person()
    attendance.walk_in(session_key=first.key, address=person.email, actor=make_person(), now=NOW)

    take(second, person)

    claims = Registration.objects.filter(attendee=person).order_by("session__starts_at")
    assert list(claims.values_list("status", "source")) == [("CONFIRMED", "WALK_IN"), ("CONFIRMED", "SELF")]
    assert audit_seats(now=NOW) == {}
