"""The mails about the days of a conference."""

from __future__ import annotations

import pytest

from events.models import Event
from project.outbox.services.messages import draft, enqueue
from tests.factories import NOW, make_event, make_person
from tests.registrations.support.mails import calendar_of, event_of, text_of

pytestmark = pytest.mark.django_db
DAYS = {
    "starts_at": "2026-03-21T23:00:00+00:00",
    "ends_at": "2026-03-22T23:00:00+00:00",
    "timezone": "Europe/Amsterdam",
}
INVITE = {"uid": "one", "sequence": 0, "stamped_at": NOW.isoformat(), "partstat": "NEEDS-ACTION"}


def mail_about(event, kind, *, language="en", **facts):
    person = make_person(language=language)
    facts = DAYS | {"invite": INVITE} | facts
    enqueue([draft(kind=kind, recipient=person, subject_id=event.key, facts=facts, now=NOW)])


def test_the_entry_takes_no_time(post):
    mail_about(make_event(title_en="Conference"), "umbrella-here")

    [mail] = post()

    assert mail["Subject"] == "In your calendar: Conference, Sunday 22 March 2026"
    assert event_of(mail)["TRANSP"] == "TRANSPARENT"


def test_several_days_are_named_in_the_language_of_the_reader(post):
    ends_at = "2026-03-24T23:00:00+00:00"
    mail_about(make_event(title_nl="Congres"), "umbrella-here", language="nl", ends_at=ends_at)

    [mail] = post()

    assert "zondag 22 maart tot en met dinsdag 24 maart 2026" in mail["Subject"].replace(" t/m ", " tot en met ")


def test_the_question_after_a_no_carries_no_entry(post):
    mail_about(make_event(), "umbrella-declined")

    [mail] = post()

    assert "Your sessions are still yours." in text_of(mail)
    assert calendar_of(mail) is None


def test_of_a_conference_that_became_discreet_nothing_is_mailed(post):
    mail_about(make_event(), "umbrella-here")
    Event.objects.update(is_discreet=True)

    assert post() == []
