from __future__ import annotations

import pytest
from django.core import signing

from registrations import emails
from registrations.emails.links import CANCEL_LINK_SALT, OFFER_LINK_SALT, key_in
from registrations.enums import Status
from tests.factories import NOW
from tests.registrations.support.mails import make_claim

pytestmark = pytest.mark.django_db


def token_of(link):
    return link.rstrip("/").rpartition("/")[2]


@pytest.fixture
def offer():
    return make_claim(Status.OFFERED, offer_expires_at=NOW)


def test_the_link_of_an_offer_leads_back_to_its_registration(offer):
    token = token_of(emails.offer_link(offer))

    assert key_in(token, salt=OFFER_LINK_SALT) == offer.key.hex


def test_a_link_is_good_for_its_own_action_only(offer):
    with pytest.raises(signing.BadSignature):
        key_in(token_of(emails.cancel_link(offer)), salt=OFFER_LINK_SALT)
    with pytest.raises(signing.BadSignature):
        key_in(token_of(emails.offer_link(offer)), salt=CANCEL_LINK_SALT)


def test_a_link_for_another_registration_cannot_be_made_up(offer):
    key, _, signature = token_of(emails.offer_link(offer)).partition(":")
    forged = f"{make_claim(Status.OFFERED, offer_expires_at=NOW).key.hex}:{signature}"

    assert key == offer.key.hex
    with pytest.raises(signing.BadSignature):
        key_in(forged, salt=OFFER_LINK_SALT)
