"""What is known while a mail about a registration is made up."""

from __future__ import annotations

import pytest

from project.outbox.models import Message
from registrations.emails.context import MailContext
from registrations.emails.kinds import SEAT_MAILS
from registrations.enums import Status
from registrations.services.calendar import notifications
from tests.factories import NOW
from tests.registrations.support.mails import another_date, make_claim

pytestmark = pytest.mark.django_db


def context_of(kind, claim, **facts):
    message = Message(
        kind=kind, address="ann@example.org", language="en", facts=notifications.facts_about(claim.session) | facts
    )
    return MailContext(SEAT_MAILS[kind], message, claim, NOW)


@pytest.mark.parametrize(
    ("invite", "expected"),
    [(None, False), ({"partstat": ""}, False), ({"partstat": "NEEDS-ACTION"}, True), ({"uid": "before"}, True)],
)
def test_an_invitation_is_there_unless_the_person_wants_none(invite, expected):
    facts = {} if invite is None else {"invite": invite}

    assert context_of("registration-confirmed", make_claim(Status.CONFIRMED), **facts).has_invitation is expected


def test_the_time_is_that_of_the_mail_and_for_people_who_wait_that_of_now():
    claim = make_claim(Status.WAITLISTED)
    frozen, current = (context_of(kind, claim) for kind in ("session-moved", "registration-waitlisted"))
    claim.session.starts_at = claim.session.ends_at

    assert frozen.when.starts_at < claim.session.starts_at
    assert current.when.starts_at == claim.session.starts_at


def test_an_offer_is_lost_only_without_a_seat():
    for status, expected in ((Status.WAITLISTED, True), (Status.CONFIRMED, False)):
        context = context_of("offer-changed", make_claim(status), has_lost_offer=True)

        assert context.has_lost_offer is expected


def test_the_seat_that_a_swap_would_give_up_is_no_other_seat():
    held = make_claim(Status.CONFIRMED)
    wish = make_claim(Status.WAITLISTED, session=another_date(held), attendee=held.attendee)

    assert context_of("seat-open", wish).has_other_seat
    wish.replaces = held
    assert not context_of("seat-open", wish).has_other_seat
