"""Every kind of mail about a registration, really rendered and sent; the layout of the calendar part is in test_appointments."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from registrations.emails.kinds import SEAT_MAILS
from registrations.emails.registration import render_about_a_seat
from registrations.enums import Source, Status
from registrations.models import Registration
from registrations.services.calendar import invites, notifications
from tests.factories import NOW, make_person, make_session, make_venue
from tests.registrations.support.mails import (
    SECRET,
    STATES,
    another_date,
    calendar_of,
    event_of,
    html_of,
    links_in,
    make_any,
    make_claim,
    make_secret_session,
    tell,
    text_of,
    words_of,
)

pytestmark = pytest.mark.django_db


def make_seat(kind, **overrides):
    """With its invitation, and the mail that tells of it."""
    seat = make_claim(Status.CONFIRMED, **overrides)
    invites.issue([seat], kind=kind, now=NOW)
    return seat


def test_a_promotion_shows_the_easy_way_back(post):
    make_seat("registration-promoted", source=Source.WAITLIST)

    [mail] = post()

    assert "Does it not suit you any more? Give it back in one click, so that others can have it." in text_of(mail)
    assert "Give it back: http://testserver/give-back/" in text_of(mail)
    assert text_of(mail).index("Does it not suit you") < text_of(mail).index("The invitation in this mail")
    assert len(links_in(mail, "give-back")) == 1
    assert calendar_of(mail)["METHOD"] == "REQUEST"


def swap(**titles):
    old = make_seat("registration-confirmed", session=make_session(title_en=titles.get("old", "")))
    Registration.objects.filter(pk=old.pk).update(status=Status.CANCELLED, cancelled_at=NOW)
    session = another_date(old, title_en=titles.get("new", ""), venue=make_venue(name="Library", room="Orange room"))
    new = make_claim(Status.CONFIRMED, session=session, attendee=old.attendee)
    invites.transfer([(old, new)], now=NOW)
    return old, new


def test_a_swap_moves_the_entry_in_the_calendar(post):
    """specs/calendar.md R28, 3.11: one update instead of a cancellation and a new entry."""
    _, new = swap()

    before, mail = post()

    entry = event_of(mail)
    assert calendar_of(mail)["METHOD"] == "REQUEST"
    assert (entry["UID"], int(entry["SEQUENCE"])) == (event_of(before)["UID"], 1)
    assert (entry.start, entry["LOCATION"]) == (new.session.starts_at, "Library, Orange room")
    assert entry["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert entry["DTSTAMP"].dt > event_of(before)["DTSTAMP"].dt


def test_a_swap_says_old_and_new(post):
    old, new = swap()

    _, mail = post()

    assert mail["Subject"] == f"Changed: {new.session.title}, 19 March"
    for words in (text_of(mail), html_of(mail)):
        assert f"Your swap is done: you now have a seat at {new.session.title}." in words
        assert "Thursday 19 March 2026, 10:00–12:00" in words
        assert f"It was: Thursday 12 March 2026, 10:00–12:00, {old.session.venue}" in words
        assert "This mail also updates the entry in your calendar." in words


def test_a_swap_to_another_subject_names_the_old_one(post):
    swap(old="Listening", new="Speaking up")

    _, mail = post()

    assert "you now have a seat at Speaking up (" in text_of(mail)
    assert "It was: Listening, Thursday 12 March 2026" in text_of(mail)


def test_a_request_promises_no_seat(post):
    request = make_claim(Status.REQUESTED)
    tell(request, "registration-requested")

    [mail] = post()

    assert mail["Subject"] == f"We have your request: {request.session.title}, 12 March"
    assert "An organiser reads your request, and we mail you the answer." in text_of(mail)
    assert "no seat is yours and nothing is in your calendar" in html_of(mail)
    assert calendar_of(mail) is None


@pytest.mark.parametrize("status", [Status.CONFIRMED, Status.WAITLISTED, Status.CANCELLED])
def test_a_request_that_was_decided_is_not_confirmed_any_more(post, status):
    tell(make_claim(status), "registration-requested")

    assert post() == []


def test_a_refusal_gives_the_reason(post):
    refused = make_claim(Status.CANCELLED)
    tell(refused, "request-declined", reason="This date is for <new> colleagues.")

    [mail] = post()

    assert "We are sorry." in text_of(mail)
    assert "The organiser writes: This date is for <new> colleagues." in text_of(mail)
    assert "<strong>The organiser writes:</strong> This date is for &lt;new&gt; colleagues." in html_of(mail)
    assert "See other dates" in text_of(mail)


def test_a_refusal_without_a_reason_quotes_nobody(post):
    tell(make_claim(Status.CANCELLED), "request-declined")

    [mail] = post()

    assert "The organiser writes" not in words_of(mail)


def test_every_kind_is_tried_here():
    assert set(STATES) == {name for name, kind in SEAT_MAILS.items() if kind.renderer is render_about_a_seat}


@pytest.mark.parametrize("kind", STATES)
def test_a_mail_about_a_registration_that_is_gone_is_dropped(post, kind):
    claim = make_any(kind)
    tell(claim, kind)
    claim.delete()

    assert post() == []
    assert Message.objects.get().status == MessageStatus.DROPPED


@pytest.mark.parametrize("kind", STATES)
def test_a_mail_is_written_in_the_language_of_the_person(post, kind):
    claim = make_any(kind, attendee=make_person(language="nl"))
    tell(claim, kind, inviter="Ann Example")

    [mail] = post()

    assert claim.session.event.title_en not in words_of(mail) + mail["Subject"]
    assert "Donderdag 12 maart 2026, 10:00–12:00" in text_of(mail)
    assert '<html lang="nl">' in html_of(mail)
    assert "Vertrouwenspersonen" in text_of(mail)


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("kind", STATES)
def test_a_discreet_mail_tells_nothing(mailbox, post, kind, language):
    """The subject, the words, the sender and the form (specs/privacy.md 3); with a seat elsewhere and one to replace, which might leak too."""
    person = make_person(language=language)
    session = make_secret_session()
    overrides = {}
    if kind in {"registration-waitlisted", "registration-offered", "offer-expired", "seat-open"}:
        overrides["replaces"] = make_claim(Status.CONFIRMED, session=another_date_of_secret(session), attendee=person)
    make_claim(Status.CONFIRMED, session=make_session(title_en=SECRET, title_nl=SECRET), attendee=person)
    claim = make_any(kind, session=session, attendee=person, **overrides)
    was = {"was": notifications.facts_about(session) | {"title": SECRET}} if kind == "registration-swapped" else {}
    tell(claim, kind, inviter=SECRET, reason=SECRET, **was)

    [mail] = post()

    assert SECRET not in words_of(mail) + mail["Subject"]
    assert f"{claim.reference})" in mail["Subject"]
    assert mail["From"].addresses[0].display_name == "University Events"
    assert calendar_of(mail) is None
    assert set(re.findall(r"http://testserver(\S*?)[\"\s]", words_of(mail))) == {"/my/"}
    assert b"k7q2m9" not in mailbox.envelopes[0].content


def another_date_of_secret(session):
    return make_session(event=session.event, title_en=SECRET, starts_at=session.starts_at + timedelta(days=7))
