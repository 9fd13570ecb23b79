"""The mail to somebody who is asked along and comes already."""

from __future__ import annotations

import pytest

from registrations.enums import Status
from tests.registrations.support.mails import make_claim, tell, text_of

pytestmark = pytest.mark.django_db


def test_it_asks_for_nothing(post):
    claim = make_claim(Status.CONFIRMED)
    tell(claim, "colleague-comes-already", inviter="Ann Example")

    [mail] = post()

    assert mail["Subject"] == f"Ann Example would like to come with you: {claim.session.title}, 12 March"
    assert "So there is nothing to answer, and nothing changes." in text_of(mail)
    assert "http://testserver/offer/" not in text_of(mail)


def test_somebody_who_comes_no_more_does_not_get_it(post):
    tell(make_claim(Status.CANCELLED), "colleague-comes-already", inviter="Ann Example")

    assert post() == []
