"""The mails to somebody who has another address now."""

from __future__ import annotations

import pytest

from registrations.emails.kinds import EDITABLE, SEAT_MAILS
from registrations.enums import Status
from tests.registrations.support.mails import make_claim, tell, text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["appointment-left", "appointment-here"])
def test_an_organiser_has_no_own_texts_for_it(kind):
    assert kind not in EDITABLE
    assert kind in SEAT_MAILS


def test_the_old_address_reads_that_the_seat_stays(post):
    tell(make_claim(Status.CONFIRMED), "appointment-left")

    [mail] = post()

    assert "Your seat is still yours; a new invitation is on its way to your new address." in text_of(mail)
    assert "Give it back" not in text_of(mail)


def test_the_new_address_reads_how_to_give_the_seat_back(post):
    tell(make_claim(Status.CONFIRMED), "appointment-here")

    [mail] = post()

    assert "From now on we write about it to this address." in text_of(mail)
    assert "Give it back: http://testserver/give-back/" in text_of(mail)
