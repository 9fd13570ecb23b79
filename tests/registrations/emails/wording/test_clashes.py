from __future__ import annotations

from datetime import timedelta

import pytest

from events.enums import SessionStatus
from registrations.enums import Status
from tests.factories import NOW, make_person, make_session
from tests.registrations.support.mails import (
    ABOUT_A_SEAT,
    SECRET,
    STATES,
    html_of,
    make_any,
    make_claim,
    make_secret_session,
    tell,
    text_of,
    words_of,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ABOUT_A_SEAT)
def test_a_seat_at_the_same_time_is_pointed_out(post, kind):
    person = make_person()
    starts_at = NOW + timedelta(days=10, hours=1)
    make_claim(
        Status.CONFIRMED, attendee=person, session=make_session(title_en="Mindlab performance", starts_at=starts_at)
    )
    tell(make_any(kind, attendee=person), kind)

    [mail] = post()

    hint = "At that time you also have a seat at Mindlab performance, 11:00–13:00."
    assert hint in text_of(mail)
    assert hint in html_of(mail)


def test_a_discreet_seat_at_the_same_time_is_not_named(post):
    person = make_person()
    make_claim(Status.CONFIRMED, attendee=person, session=make_secret_session())
    tell(make_claim(Status.CONFIRMED, attendee=person), "registration-confirmed")

    [mail] = post()

    assert "At that time you also have a seat at another session, 10:00–12:00." in text_of(mail)
    assert SECRET not in words_of(mail)


@pytest.mark.parametrize("kind", sorted(set(STATES) - set(ABOUT_A_SEAT)))
def test_a_mail_without_a_seat_points_out_nothing(post, kind):
    person = make_person()
    make_claim(Status.CONFIRMED, attendee=person)
    tell(make_any(kind, attendee=person), kind)

    [mail] = post()

    assert "At that time" not in text_of(mail)


def test_seats_one_after_the_other_do_not_clash(post):
    person = make_person()
    first = make_claim(Status.CONFIRMED, attendee=person)
    second = make_claim(Status.CONFIRMED, attendee=person, session=make_session(starts_at=first.session.ends_at))
    tell(second, "registration-confirmed")

    [mail] = post()

    assert "At that time" not in text_of(mail)


def test_a_seat_at_a_cancelled_session_a_place_in_a_queue_and_the_seat_of_somebody_else_do_not_clash(post):
    person = make_person()
    make_claim(Status.CONFIRMED, attendee=person, session=make_session(status=SessionStatus.CANCELLED))
    make_claim(Status.WAITLISTED, attendee=person)
    make_claim(Status.CONFIRMED)
    tell(make_claim(Status.CONFIRMED, attendee=person), "registration-confirmed")

    [mail] = post()

    assert "At that time" not in text_of(mail)
