"""What mails of several kinds say below their button."""

from __future__ import annotations

import pytest

from project.outbox.models import Message
from registrations.emails.context import MailContext
from registrations.emails.kinds import SEAT_MAILS
from registrations.emails.wording import paragraphs
from registrations.enums import Status
from registrations.services.calendar import notifications
from tests.factories import NOW, make_event, make_session, make_venue
from tests.registrations.support.mails import another_date, make_claim, make_secret_session

pytestmark = pytest.mark.django_db


def context_of(kind, claim, **facts):
    message = Message(
        kind=kind, address="ann@example.org", language="en", facts=notifications.facts_about(claim.session) | facts
    )
    return MailContext(SEAT_MAILS[kind], message, claim, NOW)


def test_a_discreet_room_is_not_described():
    venue = make_venue(directions_en="Left of  the\nlift.")

    assert paragraphs.way_there(make_session(venue=venue)).text == "Left of the lift."
    assert paragraphs.way_there(make_session(venue=venue, event=make_event(is_discreet=True))).text == ""
    assert paragraphs.way_there(make_session(venue=None)).text == ""


def test_the_way_to_a_room_links_to_the_map():
    way = paragraphs.way_there(make_session(venue=make_venue(directions_en="Left.", latitude=52.0, longitude=4.0)))

    assert (way.link_text, way.url.partition("?")[0]) == ("Show on the map", "https://www.openstreetmap.org/")


def test_a_seat_that_was_given_back_is_no_present_seat():
    held = make_claim(Status.CONFIRMED)
    wish = make_claim(Status.WAITLISTED, session=another_date(held), attendee=held.attendee, replaces=held)
    context = context_of("seat-open", wish)

    assert paragraphs.present_seat(context, "You keep %(seat)s.").startswith("You keep ")
    held.status = Status.CANCELLED
    assert paragraphs.present_seat(context, "You keep %(seat)s.") == ""


def test_empty_paragraphs_are_left_out_and_a_discreet_mail_says_where_to_look():
    claim = make_claim(Status.CONFIRMED, session=make_secret_session())

    said = paragraphs.paragraphs_of(context_of("registration-confirmed", claim))

    assert [paragraph.text for paragraph in said] == ["You find everything about it when you sign in."]
