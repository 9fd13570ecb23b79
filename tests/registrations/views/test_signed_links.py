"""What the signed link in a mail is about."""

from __future__ import annotations

import pytest
from django.http import Http404
from structlog.testing import capture_logs

from registrations.emails.links import CANCEL_LINK_SALT, OFFER_LINK_SALT, cancel_link
from registrations.enums import Status
from registrations.views import signed_links
from tests.registrations.support.mails import make_claim, make_secret_session

pytestmark = pytest.mark.django_db


def token_of(claim):
    return cancel_link(claim).rstrip("/").rpartition("/")[2]


def test_a_link_finds_the_claim_it_was_made_for():
    claim = make_claim(Status.CONFIRMED)

    assert signed_links.open_registration(token_of(claim), salt=CANCEL_LINK_SALT) == claim


def test_a_link_that_was_made_for_another_action_is_refused_and_logged_without_its_key():
    claim = make_claim(Status.CONFIRMED)

    with capture_logs() as logs, pytest.raises(Http404):
        signed_links.open_registration(token_of(claim), salt=OFFER_LINK_SALT)

    assert [line["event"] for line in logs] == ["token_refused"]
    assert claim.key.hex not in str(logs)


def test_a_link_to_a_discreet_claim_opens_nothing():
    claim = make_claim(Status.CONFIRMED, session=make_secret_session())

    with pytest.raises(Http404):
        signed_links.open_registration(token_of(claim), salt=CANCEL_LINK_SALT)
