"""Reminders, and "still coming?", really rendered and sent, by what holds at that moment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from project.outbox.enums import MessageStatus
from registrations.models import Registration
from registrations.services.attending import booking
from registrations.services.organizing import schedule
from tests.factories import make_event, make_person, make_venue
from tests.registrations.support.clocks import HOUR, sold_out
from tests.registrations.support.mails import html_of, links_in, text_of
from tests.registrations.support.reminded import (
    ASKED,
    REMINDED,
    START,
    ask,
    kinds,
    make_day,
    make_discreet_seat,
    make_seat,
    remind,
)

pytestmark = pytest.mark.django_db


def test_remind_says_all_one_needs_to_come_or_to_say_that_one_does_not(post):
    venue = make_venue(name="Library", room="Orange room", address="Prometheusplein 1", directions_en="Second floor.")
    event = make_event(title_en="Speaking up", content_note_en="It may move you.")
    make_seat(event=event, venue=venue)
    post()
    remind()

    [mail] = post(REMINDED)

    assert mail["Subject"] == "Reminder: Speaking up, 12 March"
    for words in (text_of(mail), html_of(mail)):
        assert "A reminder: you have a seat at Speaking up." in words
        assert "Thursday 12 March 2026, 14:00–16:00" in words
        assert "Library, Orange room, Prometheusplein 1" in words
        assert "It may move you." in words
        assert "Second floor." in words
    assert len(links_in(mail, "give-back")) == 1
    assert "text/calendar" not in {part.get_content_type() for part in mail.walk()}


def test_remind_writes_in_the_language_of_the_reader(post):
    make_seat(make_person(language="nl"))
    post()

    [message] = remind()

    assert message.language == "nl"


def test_a_reminder_of_a_seat_given_back_meanwhile_is_dropped(post):
    seat = make_seat()
    [message] = remind()
    booking.cancel(registration_key=seat.key, actor=seat.attendee, now=REMINDED)

    subjects = [mail["Subject"] for mail in post(REMINDED)]

    message.refresh_from_db()
    assert message.status == MessageStatus.DROPPED
    assert not [subject for subject in subjects if subject.startswith("Reminder")]


def test_a_reminder_of_the_former_time_is_dropped(post):
    seat = make_seat()
    [message] = remind()
    later = START + timedelta(days=7)
    schedule.reschedule_session(session_key=seat.session.key, starts_at=later, ends_at=later + HOUR, now=REMINDED)

    post(REMINDED)

    message.refresh_from_db()
    assert message.status == MessageStatus.DROPPED


def test_one_mail_reminds_of_all_of_one_day(post):
    person = make_person()
    noon, evening = make_day(person)
    post()

    early, late = remind(), remind(REMINDED + 4 * HOUR)

    assert (kinds(early), late) == (["reminders"], [])
    assert early[0].subject_id == noon.key
    assert Registration.objects.filter(reminded_at__isnull=False).count() == 2
    [mail] = post(REMINDED)
    assert mail["Subject"] == "Reminder: 2 sessions on Thursday 12 March"
    for words in (text_of(mail), html_of(mail)):
        assert "you have 2 seats on Thursday 12 March." in words
        assert words.index("14:00–16:00") < words.index("18:00–20:00")
        assert "Good to know about Speaking up: It may move you." in words.replace("</strong>", "").replace("  ", " ")
        assert "Not coming to Listening?" in words
    assert len(links_in(mail, "give-back")) == 2
    assert evening.attendee == person


def test_what_is_left_of_a_day_is_what_the_mail_says(post):
    noon, _ = make_day(make_person())
    post()
    remind()
    booking.cancel(registration_key=noon.key, actor=noon.attendee, now=REMINDED)

    mails = {mail["Subject"]: mail for mail in post(REMINDED)}

    mail = mails["Reminder: 1 session on Thursday 12 March"]
    assert "18:00–20:00" in text_of(mail)
    assert "14:00" not in text_of(mail)


def test_nothing_left_of_a_day_is_no_mail(post):
    seats = make_day(make_person())
    [message] = remind()
    for seat in seats:
        booking.cancel(registration_key=seat.key, actor=seat.attendee, now=REMINDED)

    post(REMINDED)

    message.refresh_from_db()
    assert message.status == MessageStatus.DROPPED


def test_remind_of_a_discreet_session_goes_to_the_private_address_in_neutral_words(post):
    person = make_person(wants_discreet_reminders=True, private_email="me@home.example")
    seat = make_discreet_seat(person)
    make_seat(person, starts_at=START + HOUR)
    post()

    messages = remind() + remind(REMINDED + HOUR)

    discreet, ordinary = messages
    assert (discreet.address, ordinary.address) == ("me@home.example", person.email)
    assert kinds(messages) == ["reminder", "reminder"]  # never in one mail
    mail = next(mail for mail in post(REMINDED + HOUR) if mail["To"] == "me@home.example")
    assert mail["Subject"] == f"A reminder (ref {seat.reference})"
    assert "Interviewing" not in mail.as_string()
    assert not links_in(mail, "give-back")


def test_the_question_has_two_answers(post):
    session, seat, _ = sold_out()
    post()
    ask()

    [mail] = post(ASKED)

    assert mail["Subject"] == f"Are you still coming? {session.title}, 12 March"
    assert "is full, and people are waiting for a seat. Are you still coming?" in text_of(mail)
    assert "If you say nothing, your seat stays yours." in html_of(mail)
    assert len(links_in(mail, "still-coming")) == 2
    assert "text/calendar" not in {part.get_content_type() for part in mail.walk()}
    assert seat.is_confirmed
