"""The mail about what changed of an offer."""

from __future__ import annotations

import pytest

from registrations.enums import Status
from tests.registrations.support.mails import make_claim, make_offer, tell, text_of

pytestmark = pytest.mark.django_db


def test_an_open_offer_is_told_with_its_deadline(post):
    offer = make_offer()
    tell(offer, "offer-changed")

    [mail] = post()

    assert mail["Subject"] == f"About the seat we offered you: {offer.session.title}, 12 March"
    assert "This is the new deadline." in text_of(mail)


def test_an_offer_that_was_lost_is_told_with_the_place_in_the_queue(post):
    tell(make_claim(Status.WAITLISTED), "offer-changed", has_lost_offer=True)

    [mail] = post()

    assert "You are on the waiting list again, where you were." in text_of(mail)


@pytest.mark.parametrize("status", [Status.CONFIRMED, Status.WAITLISTED, Status.CANCELLED])
def test_an_offer_that_was_answered_meanwhile_is_not_told(post, status):
    tell(make_claim(status), "offer-changed")

    assert post() == []
