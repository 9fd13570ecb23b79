"""Mails that ask for an answer, and what becomes of it."""

from __future__ import annotations

import pytest

from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from registrations.enums import Source, Status
from tests.factories import make_session
from tests.registrations.support.mails import (
    EXPIRES_AT,
    another_date,
    calendar_of,
    html_of,
    links_in,
    make_claim,
    make_offer,
    tell,
    text_of,
)

pytestmark = pytest.mark.django_db

UNTIL = "We are holding the seat for you until Wednesday 4 March, 14:00."


def test_an_offer_says_until_when_and_asks_for_a_yes_or_a_no(post):
    offer = make_offer(source=Source.WAITLIST)
    tell(offer, "registration-offered")

    [mail] = post()

    title = offer.session.title
    assert mail["Subject"] == f"A seat for you? {title}, 12 March"
    for words in (text_of(mail), html_of(mail)):
        assert f"A seat came free at {title}. Will you come?" in words
        assert UNTIL in words
        assert "If we do not hear from you, we stop holding the seat for you." in words
    yes, no = links_in(mail, "offer")
    assert yes == no
    assert "Yes, I’ll come</a>" in html_of(mail)
    assert "No, thank you</a>" in html_of(mail)
    assert f"Yes, I’ll come / No, thank you: {yes}" in text_of(mail)
    assert calendar_of(mail) is None


def test_an_offer_elsewhere_says_the_hour_there(post):
    session = make_session(timezone="Africa/Casablanca")
    tell(make_offer(session=session), "registration-offered")

    [mail] = post()

    assert "until Wednesday 4 March, 13:00 (Casablanca time, UTC)." in text_of(mail)


def test_an_offer_on_another_date_says_that_the_present_seat_stays(post):
    seat = make_claim(Status.CONFIRMED)
    offer = make_offer(session=another_date(seat), attendee=seat.attendee, replaces=seat)
    tell(offer, "registration-offered")

    [mail] = post()

    stays = "Your present seat stays yours until you say yes: Thursday 12 March 2026, 10:00–12:00."
    assert stays in text_of(mail)
    assert stays in html_of(mail)
    assert "Thursday 19 March 2026" in text_of(mail)
    assert "At that time" not in text_of(mail)


def test_an_offer_names_the_present_seat_where_it_is_something_else(post):
    seat = make_claim(Status.CONFIRMED, session=make_session(title_en="Listening"))
    offer = make_offer(session=another_date(seat, title_en="Speaking up"), attendee=seat.attendee, replaces=seat)
    tell(offer, "registration-offered")

    [mail] = post()

    assert "until you say yes: Listening, Thursday 12 March 2026" in text_of(mail)


def test_an_offer_says_that_other_wishes_rest(post):
    offer = make_offer()
    make_claim(Status.WAITLISTED, session=another_date(offer), attendee=offer.attendee)
    tell(offer, "registration-offered")

    [mail] = post()

    assert "Until you answer, your other dates are on hold." in text_of(mail)


@pytest.mark.parametrize("kind", ["registration-offered", "colleague-invited"])
@pytest.mark.parametrize("status", [Status.CONFIRMED, Status.CANCELLED, Status.WAITLISTED])
def test_an_offer_that_was_answered_is_not_mailed(post, kind, status):
    tell(make_claim(status), kind, inviter="Ann")

    assert post() == []
    assert Message.objects.get().status == MessageStatus.DROPPED


def test_an_offer_that_has_ended_is_not_mailed(post):
    tell(make_offer(), "registration-offered")

    assert post(now=EXPIRES_AT) == []
    assert Message.objects.get().status == MessageStatus.DROPPED
