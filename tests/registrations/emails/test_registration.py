"""Every kind of mail about a registration, really rendered and sent; the layout of the calendar part is in
test_appointments.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from registrations.emails.kinds import SEAT_MAILS
from registrations.emails.registration import render_about_a_seat
from registrations.enums import Status
from registrations.services.calendar import notifications
from tests.factories import make_person, make_session
from tests.registrations.support.mails import (
    SECRET,
    STATES,
    calendar_of,
    html_of,
    make_any,
    make_claim,
    make_secret_session,
    tell,
    text_of,
    words_of,
)

pytestmark = pytest.mark.django_db


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
    """The subject, the words, the sender and the form (specs/privacy.md 3); with a seat elsewhere and one to replace,
    which might leak too.
    """
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
