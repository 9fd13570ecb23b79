"""Who may come again: a slot is filled by a seat on a date that is still to come or under way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError

from events.models import Session
from registrations.enums import Attendance, Status
from registrations.models import Registration
from registrations.rules import is_past
from registrations.services.attending import booking, colleagues, offers, swaps, wishes
from registrations.services.door import attendance
from registrations.services.pages.standings import standings
from registrations.services.refusals import UnableToRegister
from registrations.services.seats import waitlist
from registrations.services.seats.audit import audit_seats
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.races import at_once, signing_up
from tests.registrations.support.screens import text_of
from tests.registrations.support.seats.offered import everything, make_conference, signed_in, take

pytestmark = pytest.mark.django_db

AFTER = NOW + timedelta(days=2)
SEEN = (Attendance.PRESENT, Attendance.PARTLY)
NOT_SEEN = (Attendance.ABSENT, Attendance.EXCUSED, Attendance.UNKNOWN)


def came(seen, *, event=None, person=None, finished=True):
    """A seat on a date of yesterday, and what became of it; the check-in is finished or not."""
    session = make_session(event=event or make_event(), starts_at=NOW + timedelta(days=1))
    registration = take(session, person or make_person())
    if finished:
        attendance.finish(session_key=session.key, actor=make_person(), now=session.starts_at)
    Registration.objects.filter(pk=registration.pk).update(attendance=seen)
    registration.refresh_from_db()
    return registration


def another_date(registration, **overrides):
    facts = {"event": registration.session.event, "starts_at": AFTER + timedelta(days=20), **overrides}
    return make_session(**facts)


def sign_up(session, person, now=AFTER):
    return booking.sign_up(session_key=session.key, attendee=person, now=now)


def standing_of(session, person, now=AFTER):
    return standings(
        sessions=[Session.objects.select_related("event", "venue").get(pk=session.pk)], person=person, now=now
    )[0]


@pytest.mark.parametrize("finished", [True, False])
@pytest.mark.parametrize("seen", [*NOT_SEEN, *SEEN])
def test_a_date_that_is_over_keeps_nobody_from_another(seen, finished):
    had = came(seen, finished=finished)
    other = another_date(had)
    assert standing_of(other, had.attendee).can_sign_up

    assert sign_up(other, had.attendee).is_confirmed

    assert audit_seats(now=AFTER) == {}


@pytest.mark.parametrize("seen", NOT_SEEN)
def test_after_an_absence_every_other_way_to_a_seat_is_open(seen):
    had = came(seen, finished=seen != Attendance.UNKNOWN)
    full = another_date(had, capacity=1)
    holder = sign_up(full, make_person())
    wishes.wait_for_any(event_key=full.event.key, attendee=had.attendee, now=AFTER)

    booking.cancel(registration_key=holder.key, actor=holder.attendee, now=AFTER)

    assert Registration.objects.get(session=full, attendee=had.attendee).is_confirmed
    moved = swaps.swap(
        registration_key=Registration.objects.get(session=full, attendee=had.attendee).key,
        session_key=another_date(had, starts_at=AFTER + timedelta(days=30)).key,
        attendee=had.attendee,
        now=AFTER,
    )
    assert moved.is_confirmed
    assert audit_seats(now=AFTER) == {}


def test_after_an_absence_a_colleague_may_ask_somebody_along():
    had = came(Attendance.ABSENT)
    inviter, date = make_person(), another_date(had)
    sign_up(date, inviter)

    colleagues.invite(session_key=date.key, address=had.attendee.email, inviter=inviter, now=AFTER)

    offer = Registration.objects.get(session=date, attendee=had.attendee)
    assert offers.accept_offer(registration_key=offer.key, actor=had.attendee, now=AFTER).is_confirmed


@pytest.mark.parametrize("seen", [Attendance.UNKNOWN, Attendance.PRESENT])
def test_a_seat_on_a_date_under_way_fills_the_slot(seen):
    had = came(seen, finished=False)
    during, other = had.session.starts_at, another_date(had)
    before = everything()

    for verb in (
        sign_up,
        lambda session, person, now: wishes.wait_for(session_key=session.key, attendee=person, now=now),
    ):
        with pytest.raises(UnableToRegister) as refusal:
            verb(other, had.attendee, now=during)
        assert refusal.value.code == "slot-taken"

    assert standing_of(other, had.attendee, during).refusal == "slot-taken"
    assert everything() == before
    assert sign_up(other, had.attendee, now=had.session.ends_at).is_confirmed


def test_a_past_seat_cannot_be_moved():
    had = came(Attendance.ABSENT)

    with pytest.raises(UnableToRegister) as refusal:
        swaps.swap(registration_key=had.key, session_key=another_date(had).key, attendee=had.attendee, now=AFTER)

    assert refusal.value.code == "started"


def wait_any(event, person):
    return wishes.wait_for_any(event_key=event.key, attendee=person, now=AFTER)


def first_seat(event, person):
    return wishes.take_first_seat(event_key=event.key, attendee=person, now=AFTER)


def wait_some(event, person):
    return wishes.wait(
        event_key=event.key, session_keys={event.sessions.latest("starts_at").key}, attendee=person, now=AFTER
    )


def signs_up(event, person):
    return sign_up(event.sessions.latest("starts_at"), person)


@pytest.mark.parametrize("verb", [signs_up, wait_any, wait_some, first_seat])
@pytest.mark.parametrize("seen", SEEN)
def test_once_means_that_somebody_who_came_gets_no_other_seat(verb, seen, client):
    event = make_event(coming_again="ONCE")
    had = came(seen, event=event, person=signed_in(client))
    other = another_date(had)
    before = everything()

    with pytest.raises(UnableToRegister) as refusal:
        verb(event, had.attendee)

    assert refusal.value.code == "attended"
    assert everything() == before
    assert standing_of(other, had.attendee).refusal == "attended"
    said = "You have been to this on Tuesday 3 March; seats go to people who have not."
    with time_machine.travel(AFTER, tick=False):
        assert said in text_of(client.get(other.get_absolute_url()))
        assert said in text_of(client.get(event.get_absolute_url()))
        assert client.get(f"/api/v1/sessions/{other.key}").json()["why_not"] == "attended"


@pytest.mark.parametrize("seen", NOT_SEEN)
def test_once_keeps_out_nobody_who_was_not_seen(seen):
    had = came(seen, event=make_event(coming_again="ONCE"))

    assert sign_up(another_date(had), had.attendee).is_confirmed


def test_once_refuses_an_invited_colleague_who_has_been():
    had = came(Attendance.PRESENT, event=make_event(coming_again="ONCE"))
    inviter, date = make_person(), another_date(had)
    sign_up(date, inviter)
    colleagues.invite(session_key=date.key, address=had.attendee.email, inviter=inviter, now=AFTER)
    offer = Registration.objects.get(session=date, attendee=had.attendee)

    with pytest.raises(UnableToRegister) as refusal:
        offers.accept_offer(registration_key=offer.key, actor=had.attendee, now=AFTER)

    assert refusal.value.code == "attended"


def test_people_who_have_been_wait_behind_those_who_have_not():
    had = came(Attendance.PRESENT)
    date, newcomer = another_date(had, capacity=1), make_person()
    holder = sign_up(date, make_person())
    sign_up(date, had.attendee)
    sign_up(date, newcomer, now=AFTER + timedelta(hours=1))
    queue: list[Any] = list(Registration.objects.waiting().filter(session=date).with_place(AFTER))
    assert {row.attendee_id: row.place for row in queue} == {newcomer.pk: 1, had.attendee_id: 2}

    booking.cancel(registration_key=holder.key, actor=holder.attendee, now=AFTER + timedelta(hours=2))

    assert Registration.objects.get(session=date, attendee=newcomer).is_confirmed
    assert Registration.objects.get(session=date, attendee=had.attendee).is_waiting


def test_an_open_seat_is_first_for_people_who_have_not_been():
    had = came(Attendance.PRESENT)
    date, newcomer = another_date(had, capacity=1), make_person()
    holder = sign_up(date, make_person())
    sign_up(date, newcomer)
    soon = date.starts_at - timedelta(hours=3)
    booking.cancel(registration_key=holder.key, actor=holder.attendee, now=soon)
    assert standing_of(date, had.attendee, soon).would_wait

    claim = sign_up(date, had.attendee, now=soon)

    assert claim.is_waiting
    assert not standing_of(date, had.attendee, soon).can_take_now
    assert sign_up(date, had.attendee, now=soon).is_waiting
    wish = Registration.objects.get(session=date, attendee=newcomer)
    booking.cancel(registration_key=wish.key, actor=newcomer, now=soon)
    assert standing_of(date, had.attendee, soon).can_take_now
    assert sign_up(date, had.attendee, now=soon).is_confirmed


def test_the_filter_of_free_seats_leaves_those_out_where_others_go_first(client):
    had = came(Attendance.PRESENT, person=signed_in(client))
    date, newcomer = another_date(had, capacity=1), make_person()
    holder = sign_up(date, make_person())
    wish = sign_up(date, newcomer)
    soon = date.starts_at - timedelta(hours=3)
    booking.cancel(registration_key=holder.key, actor=holder.attendee, now=soon)

    with time_machine.travel(soon, tick=False):
        assert date.get_absolute_url() not in text_of(client.get("/?free=1"))
        booking.cancel(registration_key=wish.key, actor=newcomer, now=soon)
        assert date.get_absolute_url() in text_of(client.get("/?free=1"))


def test_the_page_says_in_which_turn_one_comes_again(client):
    had = came(Attendance.PRESENT, person=signed_in(client))
    other = another_date(had)
    said = "You have been to this on Tuesday 3 March. You can come again; people who have not been go first."
    with time_machine.travel(AFTER, tick=False):
        assert said in text_of(client.get(other.get_absolute_url()))
        assert said in text_of(client.get(other.event.get_absolute_url()))


@pytest.mark.parametrize(
    ("seen", "status"), [(Attendance.ABSENT, Status.WAITLISTED), (Attendance.PRESENT, Status.CANCELLED)]
)
def test_a_wish_to_swap_ends_for_people_who_came_and_stands_alone_for_people_who_did_not(seen, status):
    had = came(seen, finished=False)
    full = another_date(had, capacity=1)
    holder = take(full, make_person())
    wish = wishes.wait_for(session_key=full.key, attendee=had.attendee, now=NOW)
    assert wish.replaces == had

    waitlist.settle_event(event_id=full.event_id, now=AFTER)

    wish.refresh_from_db()
    assert wish.status == status
    booking.cancel(registration_key=holder.key, actor=holder.attendee, now=AFTER)
    wish.refresh_from_db()
    assert wish.is_confirmed == (status == Status.WAITLISTED)
    assert audit_seats(now=AFTER) == {}


@pytest.mark.parametrize(("coming_again", "code"), [("ONCE", "attended"), ("BEHIND", None)])
def test_somebody_who_walked_in_has_been(coming_again, code):
    event = make_event(coming_again=coming_again)
    session, person = make_session(event=event, starts_at=NOW + timedelta(minutes=10), capacity=0), make_person()
    later = make_session(event=event, starts_at=AFTER + timedelta(days=20), capacity=0)
    wish = take(later, person)
    attendance.walk_in(session_key=session.key, address=person.email, actor=make_person(), now=NOW)
    waitlist.settle_event(event_id=event.pk, now=AFTER)

    wish.refresh_from_db()
    assert wish.is_cancelled == (coming_again == "ONCE")
    assert standing_of(make_session(event=event, starts_at=AFTER + timedelta(days=9)), person).refusal == code


def test_a_round_of_a_conference_that_is_over_keeps_nobody_from_the_next():
    _event, _, sessions = make_conference(coming_again="ONCE")
    person = make_person()
    take(sessions[0], person)
    attendance.check_in(registration_key=Registration.objects.get().key, actor=make_person(), now=sessions[0].starts_at)

    assert sign_up(sessions[2], person, now=sessions[0].ends_at).is_confirmed


def test_finishing_the_check_in_lets_the_slot_go_at_once():
    had = came(Attendance.ABSENT)

    had.refresh_from_db()
    assert not had.fills_slot
    assert is_past(Session.objects.get(pk=had.session_id), had.session.starts_at)


@pytest.mark.postgresql
class TestRace:
    pytestmark = pytest.mark.django_db(transaction=True)

    def rush(self, clicks, *, finished=False):
        """Clicks on three dates by somebody whose absence nobody has noted yet."""
        had = came(Attendance.UNKNOWN, finished=finished)
        dates = [another_date(had, starts_at=AFTER + timedelta(days=days)) for days in (20, 21, 22)]
        return had, at_once(*[signing_up(dates[number % 3], had.attendee, AFTER) for number in range(clicks)])

    def test_of_thirty_clicks_one_takes_a_seat(self):
        had, answers = self.rush(30)

        assert Registration.objects.filling_the_slot().filter(attendee=had.attendee).count() == 1
        refused = [answer for answer in answers if not isinstance(answer, Registration)]
        assert {answer.code for answer in refused} == {"slot-taken"}
        assert audit_seats(now=AFTER) == {}

    def test_without_the_lock_the_clicks_run_into_the_constraint(self, in_step, without_the_lock):
        """Whoever notes that the date is over locks the old seat too, so here it is noted before."""
        _, answers = self.rush(12, finished=True)

        assert any(isinstance(answer, IntegrityError) for answer in answers)
