"""Mails that ask for an answer, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from events.enums import SessionStatus
from project.accounts.services import people
from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from registrations.enums import Source, Status
from tests.factories import NOW, make_event, make_person, make_session
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
    words_of,
)

pytestmark = pytest.mark.django_db

UNTIL = "We keep the seat for you until Wednesday 4 March, 14:00."


def test_an_offer_says_until_when_and_asks_for_a_yes_or_a_no(post):
    offer = make_offer(source=Source.WAITLIST)
    tell(offer, "registration-offered")

    [mail] = post()

    title = offer.session.title
    assert mail["Subject"] == f"A seat for you? {title}, 12 March"
    for words in (text_of(mail), html_of(mail)):
        assert f"A seat came free at {title}. Will you come?" in words
        assert UNTIL in words
        assert "If we do not hear from you, we no longer keep the seat for you." in words
    yes, no = links_in(mail, "offer")
    assert yes == no
    assert "Yes, I will come</a>" in html_of(mail)
    assert "No, thank you</a>" in html_of(mail)
    assert f"Yes, I will come / No, thank you: {yes}" in text_of(mail)
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
    assert "At the same time" not in text_of(mail)


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

    assert "Until you answer, your other dates rest." in text_of(mail)


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


def test_an_expired_offer_is_told_kindly(post):
    expired = make_claim(Status.CANCELLED)
    tell(expired, "offer-expired")

    [mail] = post()

    assert mail["Subject"] == f"The time to answer is over: {expired.session.title}, 12 March"
    assert "we no longer keep the seat at" in text_of(mail)
    assert "If a seat is free while signing up is open, you can take it." in text_of(mail)
    assert "No harm done, and there is nothing to cancel: nothing was in your calendar." in html_of(mail)
    assert f"See other dates: http://testserver/events/{expired.session.event.slug}/" in text_of(mail)
    assert "other dates, with your place" not in text_of(mail)
    assert "You still have your seat" not in text_of(mail)
    assert calendar_of(mail) is None


def test_an_expired_offer_says_what_the_person_still_has(post):
    seat = make_claim(Status.CONFIRMED)
    expired = make_claim(Status.CANCELLED, session=another_date(seat), attendee=seat.attendee, replaces=seat)
    wished = make_session(event=seat.session.event, starts_at=NOW + timedelta(days=30))
    make_claim(Status.WAITLISTED, session=wished, attendee=seat.attendee, replaces=seat)
    tell(expired, "offer-expired")

    [mail] = post()

    assert "You still have your seat: Thursday 12 March 2026, 10:00–12:00." in text_of(mail)
    assert "You still wait for your other dates, with your place as it was." in text_of(mail)


def test_an_open_seat_is_for_whoever_takes_it(post):
    waiting = make_claim(Status.WAITLISTED)
    tell(waiting, "seat-open")

    [mail] = post()

    assert mail["Subject"] == f"A seat is free now: {waiting.session.title}, 12 March"
    assert "Who takes it first has it." in html_of(mail)
    assert "You keep your place in the waiting list either way." in text_of(mail)
    assert f"Take the seat: http://testserver/sessions/{waiting.session.key}/" in text_of(mail)
    assert calendar_of(mail) is None


@pytest.mark.parametrize("status", [Status.CONFIRMED, Status.OFFERED, Status.CANCELLED])
def test_an_open_seat_is_not_told_to_who_waits_no_longer(post, status):
    tell(make_claim(status), "seat-open")

    assert post() == []


def test_an_open_seat_is_not_told_to_who_has_another(post):
    waiting = make_claim(Status.WAITLISTED)
    make_claim(Status.CONFIRMED, session=another_date(waiting), attendee=waiting.attendee)
    tell(waiting, "seat-open")

    assert post() == []


def test_an_open_seat_is_told_to_who_would_swap_for_it(post):
    seat = make_claim(Status.CONFIRMED)
    wish = make_claim(Status.WAITLISTED, session=another_date(seat), attendee=seat.attendee, replaces=seat)
    tell(wish, "seat-open")

    [mail] = post()

    assert "Your present seat stays yours until you take this one: Thursday 12 March 2026" in text_of(mail)


def test_an_open_seat_is_not_told_when_nobody_can_take_it_any_more(post):
    closed = make_session(closes_at=NOW + timedelta(hours=1))
    cancelled = make_session(status=SessionStatus.CANCELLED)
    for session in (closed, cancelled):
        tell(make_claim(Status.WAITLISTED, session=session), "seat-open")

    assert post(now=NOW + timedelta(hours=1)) == []
    assert set(Message.objects.values_list("status", flat=True)) == {MessageStatus.DROPPED}


def make_stranger():
    """A colleague who was never here: nothing is known of them but the address."""
    return people.admit(address="newcomer@example.org", language="en", now=NOW)


def test_a_colleague_reads_who_asks_and_what_happens_if_they_do_nothing(post):
    session = make_session(event=make_event(title_en="Stand by me", summary_en="What you can do as a bystander."))
    invitation = make_offer(session=session, attendee=make_stranger(), source=Source.COLLEAGUE)
    tell(invitation, "colleague-invited", inviter="Ann Example")

    [mail] = post()

    assert mail["Subject"] == "Ann Example asks you along: Stand by me, 12 March"
    assert mail["To"] == "newcomer@example.org"
    for words in (text_of(mail), html_of(mail)):
        assert "Ann Example asks you along to Stand by me. Will you come?" in words
        assert "What you can do as a bystander." in words
        assert UNTIL in words
        assert "You have 24 hours to answer. You only come if you say yes." in words
        assert "we no longer keep the seat for you, and delete your address." in words
    assert len(links_in(mail, "offer")) == 2
    assert f"Read what it is like: http://testserver/sessions/{session.key}/" in text_of(mail)
    assert calendar_of(mail) is None


@pytest.mark.parametrize("known", [{"name": "Bo Example"}, {"name": "", "last_login": NOW}])
def test_a_colleague_whom_we_know_is_not_told_that_we_forget_them(post, known):
    invitation = make_offer(attendee=make_person(**known), source=Source.COLLEAGUE)
    tell(invitation, "colleague-invited", inviter="Ann Example")

    [mail] = post()

    assert "If you do nothing, we no longer keep the seat for you." in text_of(mail)
    assert "delete your address" not in words_of(mail)


@pytest.mark.parametrize("name", ["", "Win 1000 EUR evil.example/claim"])
def test_an_inviter_without_a_name_that_can_be_shown_is_a_colleague(post, name):
    tell(make_offer(source=Source.COLLEAGUE), "colleague-invited", inviter=name)

    [mail] = post()

    assert mail["Subject"].startswith("A colleague asks you along: ")


def test_a_title_in_the_other_language_and_a_name_from_right_to_left_are_marked(post):
    session = make_session(event=make_event(title_en="", title_nl="Sta naast me"))
    tell(make_offer(session=session, source=Source.COLLEAGUE), "colleague-invited", inviter="\u05e9\u05dc\u05d5\u05dd")

    [mail] = post()

    assert '<bdi>\u05e9\u05dc\u05d5\u05dd</bdi> asks you along to <span lang="nl">Sta naast me</span>.' in html_of(mail)
    assert "\u2068\u05e9\u05dc\u05d5\u05dd\u2069 asks you along to Sta naast me." in text_of(mail)
    assert mail["Subject"].endswith("asks you along: Sta naast me, 12 March")
