from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from project.outbox.models import Message
from registrations.services.attending import booking
from registrations.services.organizing import capacity, schedule
from tests.factories import NOW, make_event, make_organizer, make_people, make_person, make_session, make_venue
from tests.registrations.support.mails import SECRET, calendar_of, event_of, words_of

pytestmark = pytest.mark.django_db


def test_the_confirmation_is_laid_out_as_an_invitation(post):
    """specs/calendar.md 2.1: R1 to R9."""
    session, person = make_session(), make_person()
    booking.sign_up(session_key=session.key, attendee=person, now=NOW)

    mail = post()[0]

    words, copy = mail.iter_parts()
    assert mail.get_content_type() == "multipart/mixed"
    types = [part.get_content_type() for part in words.iter_parts()]
    assert types == ["text/plain", "text/html", "text/calendar"]
    calendar = list(words.iter_parts())[-1]
    assert calendar["Content-Type"].params["method"] == "REQUEST"
    assert calendar["Content-Transfer-Encoding"] == "base64"
    assert "Content-Disposition" not in calendar
    assert copy.get_content_type() == "application/ics"
    assert copy.get_filename() == "invite.ics"
    assert copy.get_payload(decode=True) == calendar.get_payload(decode=True)


def test_the_confirmation_invites_exactly_its_recipient(post, settings):
    session, person = make_session(), make_person()
    registration = booking.sign_up(session_key=session.key, attendee=person, now=NOW)

    mail = post()[0]

    event = event_of(mail)
    assert calendar_of(mail)["METHOD"] == "REQUEST"
    assert (event["UID"], int(event["SEQUENCE"])) == (str(registration.invites.get().uid), 0)
    assert event["STATUS"] == "CONFIRMED"
    assert event["ORGANIZER"] == f"mailto:{settings.MAIL_FROM}"
    assert event["ATTENDEE"] == f"mailto:{person.email}"
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert event["ATTENDEE"].params["RSVP"] == "TRUE"
    assert mail["From"].addresses[0].addr_spec == settings.MAIL_FROM
    assert mail["Message-ID"].startswith(f"<{event['UID']}.0.")


def raw_calendar_of(mail):
    return next(part for part in mail.walk() if part.get_content_type() == "text/calendar").get_payload(decode=True)


def around_the_change(starts_at, post):
    session = make_session(starts_at=starts_at, ends_at=starts_at + timedelta(hours=4))
    booking.sign_up(session_key=session.key, attendee=make_person(), now=NOW)
    mail = post()[0]
    event = event_of(mail)
    assert event.start.astimezone(UTC) == session.starts_at
    assert event.end.astimezone(UTC) == session.ends_at
    return mail


@pytest.mark.parametrize(
    "starts_at", [datetime(2026, 3, 28, 22, 30, tzinfo=UTC), datetime(2026, 10, 24, 22, 30, tzinfo=UTC)]
)
def test_times_across_the_change_of_the_clock_are_right(post, starts_at):
    """The VTIMEZONE has one block of each kind with a yearly rule, and the local times mean the moments of the session
    (R40, R45).
    """
    mail = around_the_change(starts_at, post)

    raw = raw_calendar_of(mail)
    assert raw.count(b"BEGIN:STANDARD") == raw.count(b"BEGIN:DAYLIGHT") == 1
    assert b"RDATE" not in raw
    assert raw.index(b"BEGIN:VTIMEZONE") < raw.index(b"BEGIN:VEVENT")
    assert event_of(mail)["DTSTART"].params["TZID"] == "Europe/Amsterdam"


@pytest.mark.parametrize("minutes", [0, 30, 60, 90])
def test_in_the_hour_that_comes_twice_the_times_are_in_utc(post, minutes):
    mail = around_the_change(datetime(2026, 10, 25, 0, 0, tzinfo=UTC) + timedelta(minutes=minutes), post)

    assert b"VTIMEZONE" not in raw_calendar_of(mail)
    assert b"\r\nDTSTART:20261025T0" in raw_calendar_of(mail)


def test_elsewhere_times_are_in_utc(post):
    session = make_session(timezone="Africa/Casablanca")
    booking.sign_up(session_key=session.key, attendee=make_person(), now=NOW)

    mail = post()[0]

    assert f"DTSTART:{session.starts_at:%Y%m%dT%H%M%SZ}".encode() in raw_calendar_of(mail)
    assert b"VTIMEZONE" not in raw_calendar_of(mail)
    assert "Casablanca time" in words_of(mail)


def test_every_line_is_folded_within_75_octets_and_ends_with_crlf(post):
    title = "Ünïcödé, with; comma \\ and: colon 一二三四五六七八九十" * 3
    session = make_session(event=make_event(title_en=title[:150]))
    booking.sign_up(session_key=session.key, attendee=make_person(name='Zo"ë, the; first\r\nX-EVIL:1\x07'), now=NOW)

    raw = raw_calendar_of(post()[0])

    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r\nX-EVIL" not in raw
    assert b"\x07" not in raw


def test_the_waiting_list_mail_carries_no_calendar(post):
    session = make_session(capacity=0)
    booking.sign_up(session_key=session.key, attendee=make_person(), now=NOW)

    mail = post()[0]

    assert calendar_of(mail) is None
    assert mail["Subject"].startswith("On the waiting list: ")


def test_promotion_sends_the_first_invitation(post):
    session = make_session(capacity=1)
    first, second = make_people(2)
    seat, _ = [booking.sign_up(session_key=session.key, attendee=p, now=NOW) for p in (first, second)]
    post()
    booking.cancel(registration_key=seat.key, actor=first, now=NOW)

    cancelled, promoted = post()

    assert (cancelled["To"], promoted["To"]) == (first.email, second.email)
    assert (event_of(cancelled)["STATUS"], int(event_of(cancelled)["SEQUENCE"])) == ("CANCELLED", 1)
    assert event_of(cancelled)["TRANSP"] == "TRANSPARENT"
    assert calendar_of(cancelled)["METHOD"] == "CANCEL"
    assert (event_of(promoted)["STATUS"], int(event_of(promoted)["SEQUENCE"])) == ("CONFIRMED", 0)


def test_an_online_session_has_its_link_where_clients_look(post):
    session = make_session(venue=None, join_url="https://meet.example.org/abc")
    booking.sign_up(session_key=session.key, attendee=make_person(), now=NOW)

    mail = post()[0]

    assert event_of(mail)["LOCATION"] == "https://meet.example.org/abc"
    assert "https://meet.example.org/abc" in words_of(mail)


@pytest.mark.parametrize(("language", "subject"), [("en", "Confirmed: Performance"), ("nl", "Bevestigd: Voorstelling")])
def test_the_mail_is_in_the_language_of_the_person(post, language, subject):
    session, person = make_session(), make_person(language=language)
    booking.sign_up(session_key=session.key, attendee=person, now=NOW)

    assert post()[0]["Subject"].startswith(subject)


def discreet_lives():
    """Every mail a discreet session can cause, with a title that could leak."""
    event = make_event(slug="k7q2m9", is_discreet=True, title_en=SECRET, title_nl=SECRET, content_note_en=SECRET)
    session = make_session(event=event, capacity=1, title_en=SECRET, venue=make_venue(name=SECRET))
    first, second, third = make_people(3)
    seat, _, _ = [booking.sign_up(session_key=session.key, attendee=p, now=NOW) for p in (first, second, third)]
    booking.cancel(registration_key=seat.key, actor=first, now=NOW)
    moved_to = session.starts_at + timedelta(days=1)
    schedule.reschedule_session(
        session_key=session.key, starts_at=moved_to, ends_at=moved_to + timedelta(hours=2), now=NOW
    )
    schedule.relocate_session(session_key=session.key, venue=make_venue(name=SECRET, room="x"), join_url="", now=NOW)
    capacity.cancel_session(session_key=session.key, actor=make_organizer(), now=NOW)


def test_no_mail_of_a_discreet_session_tells_what_it_is(mailbox, post):
    discreet_lives()

    mails = post()

    assert {message.kind for message in Message.objects.all()} == {
        "registration-confirmed",
        "registration-waitlisted",
        "registration-promoted",
        "registration-cancelled",
        "session-moved",
        "session-relocated",
        "session-cancelled",
    }
    for mail, envelope in zip(mails, mailbox.envelopes, strict=True):
        assert SECRET not in words_of(mail) + mail["Subject"]
        assert re.search(r"\(ref [0-9A-F]{6}\)", mail["Subject"])
        assert mail["From"].addresses[0].display_name == "University Events"
        assert calendar_of(mail) is None
        assert b"k7q2m9" not in envelope.content


def test_the_link_in_a_mail_is_bound_and_signed(post, client):
    session, person = make_session(), make_person()
    registration = booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    words = words_of(post()[0])

    link = re.findall(r"http://testserver(/give-back/\S+/)", words)[0]

    assert client.get(link[:-2] + "x/").status_code == 404
    assert client.get(link).status_code == 200
    registration.refresh_from_db()
    assert registration.is_confirmed
