"""The buttons of mails."""

from __future__ import annotations

import pytest

from project.outbox.models import Message
from registrations.emails import buttons
from registrations.emails.context import MailContext
from registrations.emails.kinds import SEAT_MAILS
from registrations.enums import Status
from registrations.services.calendar import notifications
from tests.factories import NOW
from tests.registrations.support.mails import make_claim, make_offer

pytestmark = pytest.mark.django_db


def context_of(kind, claim, **facts):
    message = Message(
        kind=kind, address="ann@example.org", language="en", facts=notifications.facts_about(claim.session) | facts
    )
    return MailContext(SEAT_MAILS[kind], message, claim, NOW)


def test_both_answers_to_an_offer_are_given_on_one_page():
    yes, no = buttons.to_answer_the_offer(context_of("registration-offered", make_offer()))

    assert yes.url == no.url
    assert yes.url.startswith("http://testserver/offer/")
    assert yes.text != no.text


def test_each_other_button_leads_to_one_page():
    claim = make_claim(Status.CONFIRMED)
    context = context_of("registration-confirmed", claim)

    urls = [
        button.url
        for make in (buttons.to_the_session, buttons.to_other_dates, buttons.to_all_of_mine)
        for button in make(context)
    ]

    assert urls == [
        f"http://testserver/sessions/{claim.session.key}/",
        f"http://testserver/events/{claim.session.event.slug}/",
        "http://testserver/my/",
    ]
